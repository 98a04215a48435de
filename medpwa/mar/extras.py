"""What an outcome must say beside its reason: which extras it asks for, and what is missing or wrong in them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from medpwa.mar.vocabulary import EXTRAS, LONGEST_EXTRA, NOT_GIVEN, OUTCOMES, SHORTEST_EXTRA, SHORTEST_NOTE
from medpwa.medicines.rules import OrderFacts

Problem = tuple[str, str]
KEPT = "What you chose and wrote is kept."
# These have a column of the entry's own; every other extra stands in `Entry.extra` by its name.
OWN_COLUMN = frozenset({"amount", "given_by"})
MOST_CHOICES = 6
LARGEST = Decimal(1000)


def not_given_for(order: OrderFacts) -> tuple[str, ...]:
    """Every not-given outcome somebody may choose for a dose of an order, the common ones first. "Not needed" is for
    when-required medicines alone, "visit did not happen" for doses a visitor gives."""
    if order.kind == "prn":
        return ("not_required", *NOT_GIVEN)
    return (*NOT_GIVEN, "visit_missed") if order.kind == "visit" else NOT_GIVEN


def asks_of(outcome: str, reason: str, asleep: str) -> tuple[str, ...]:
    """The extras an outcome needs with this reason. `asleep` is the order's rule: on `wake`, a sleeper was to be woken,
    so being asleep alone is no answer."""
    found = OUTCOMES[outcome]
    more = dict(found.asks_for).get(reason, ())
    woken = ("not_woken",) if outcome == "asleep" and asleep == "wake" else ()
    return (*found.asks, *more, *woken)


def problems(
    outcome: str, reason: str, note: str, extra: Mapping[str, str], *, offered: tuple[str, ...], asleep: str = ""
) -> list[Problem]:
    """What is missing or wrong in a chosen outcome: (field, sentence) pairs. `offered` are those the order allows.
    The amount and who gave it have rules of their own."""
    if outcome not in offered:
        return [("why", "Choose what happened. What you wrote is kept.")]
    found: list[Problem] = []
    reasons = OUTCOMES[outcome].reasons
    if reason not in (dict(reasons) or {"": ""}):
        found.append(("reason" if reasons else "why", f"Choose the reason that fits best. {KEPT}"))
    asked = [name for name in asks_of(outcome, reason, asleep) if name not in OWN_COLUMN]
    found += [(name, words) for name in asked if (words := _wrong(name, extra.get(name, "")))]
    if OUTCOMES[outcome].note_needed and len(note.strip()) < SHORTEST_NOTE:
        found.append(("note", f"Say in a few words why (at least {SHORTEST_NOTE} letters). What you chose is kept."))
    return found


def _wrong(name: str, said: str) -> str:
    """What is wrong with one extra as it was said; empty when nothing is."""
    extra = EXTRAS[name]
    if extra.choices:
        return "" if said in dict(extra.choices) else f"Choose an answer: {_lower(extra.label)}. {KEPT}"
    if extra.number:
        number = number_of(said)
        fits = number is not None and 0 < number <= LARGEST
        return "" if fits else f"Write in figures: {_lower(extra.label)}. {KEPT}"
    if len(said) > LONGEST_EXTRA:
        return f"Make this shorter, at most {LONGEST_EXTRA} letters. {KEPT}"
    return "" if len(said) >= SHORTEST_EXTRA else f"This is needed: {_lower(extra.label)}. {KEPT}"


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:]


def kept(outcome: str, reason: str, asleep: str, extra: Mapping[str, str]) -> dict[str, str]:
    """What of the extras is stored: those the outcome asks for, and nothing a form sent beside them."""
    return {name: extra[name] for name in asks_of(outcome, reason, asleep) if name not in OWN_COLUMN and name in extra}


def words(outcome: str, extra: Mapping[str, str]) -> str:
    """Stored extras as a sentence after the outcome: `Which hospital and ward: St Mary's, ward 4`. What was tried
    before a when-required dose is said elsewhere (`words.tried_first`)."""
    asked = [(EXTRAS[name], value) for name, value in extra.items() if name in EXTRAS]
    return ". ".join(f"{known.label}: {dict(known.choices).get(value, value)}" for known, value in asked)


def asked_problems(ask: str, extra: Mapping[str, str]) -> list[Problem]:
    """What is missing where somebody must be asked before a plain give (`ask` says why): their name. Where nobody must,
    a plain give says nothing more."""
    if not ask:
        return [("why", "Choose what happened.")] if extra else []
    wrong = _wrong("advised", extra.get("advised", ""))
    return [("advised", wrong)] if wrong else []


# ---------------------------------------------------------------- how much


def number_of(text: str) -> Decimal | None:
    """A plain number such as `0.5` or `2`; None for anything else, full-width digits and exponents among it."""
    whole, dot, part = text.partition(".")
    plain = text.isascii() and whole.isdigit() and (part.isdigit() if dot else not part)
    return Decimal(text) if plain and len(whole) <= 6 and len(part) <= 3 else None


def choices_of(least: Decimal, most: Decimal) -> tuple[Decimal, ...]:
    """The amounts a variable order offers, least first: every whole step between two whole numbers that lie near each
    other, else its two ends. Nothing is suggested among them."""
    whole = least == least.to_integral_value() and most == most.to_integral_value()
    if whole and most - least < MOST_CHOICES:
        return tuple(least + step for step in range(int(most - least) + 1))
    return (least, most)


def amount_problem(outcome: str, amount: Decimal | None, least: Decimal | None, most: Decimal | None) -> str:
    """What is wrong with how much was given; empty when nothing is. `least` and `most` are the ends of what is
    prescribed; `most` is None where there is one amount, `least` where the order has no figure."""
    if outcome == "given_part":
        return _part_problem(amount, most or least)
    if outcome not in OUTCOMES or not OUTCOMES[outcome].by_home:
        return ""
    if most is None or least is None:
        return "" if amount in (None, least) else "This order has one amount. Choose “Part given” if it was less."
    if amount is None:
        return f"Choose how much was given. {KEPT}"
    return "" if least <= amount <= most else f"That is not between the amounts prescribed. {KEPT}"


def _part_problem(amount: Decimal | None, whole: Decimal | None) -> str:
    if amount is None or amount <= 0:
        return f"Write in figures how much was taken, more than nothing. {KEPT}"
    if whole is not None and amount >= whole:
        return "That is the whole dose or more. For the whole dose choose Taken; more than that: report it. " + KEPT
    return ""
