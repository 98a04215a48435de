"""Pure decisions about orders: which version is in force, and what a line says in words.

Which doses fall due is in `due`; what may be keyed, and whether two keyings agree, in `keying`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from medpwa import clock
from medpwa.competency.vocabulary import SKILLS
from medpwa.medicines import schedules
from medpwa.medicines.amounts import amount_words as amount_words
from medpwa.medicines.amounts import kept_together, listed, range_words
from medpwa.medicines.amounts import number_words as number_words
from medpwa.medicines.due import Dose as Dose
from medpwa.medicines.due import doses_due as doses_due
from medpwa.medicines.due import instant_of as instant_of
from medpwa.medicines.due import next_due as next_due
from medpwa.medicines.versions import Ingredient as Ingredient
from medpwa.medicines.versions import OrderFacts as OrderFacts
from medpwa.medicines.vocabulary import ASLEEP, FOOD, MOVES, ORDER_STATES, ROUTES, SITE_WORD

_BY_ADVICE = "Dose by written advice"


# ---------------------------------------------------------------- which version, and its state


def in_force(orders: Iterable[OrderFacts], at: dt.datetime) -> list[OrderFacts]:
    """The version of each line whose span holds the moment; stopped ones included, lines not yet begun left out."""
    latest: dict[int, OrderFacts] = {}
    for o in orders:
        if o.valid_from <= at and (o.valid_to is None or at < o.valid_to):
            kept = latest.get(o.line_id)
            if kept is None or o.number > kept.number:
                latest[o.line_id] = o
    return list(latest.values())


def state(o: OrderFacts, at: dt.datetime, zone: str = clock.DEFAULT_ZONE) -> str:
    """One of ORDER_STATES: entered in error, stopped, on hold, finished, waiting for its check, else active."""
    if o.in_error:
        return "in_error"
    if o.stopped:
        return "stopped"
    if o.suspended:
        return "suspended"
    if o.ends_on is not None and clock.local_day(at, zone) > o.ends_on:
        return "finished"
    return "active" if o.checked else "awaiting_check"


def shown_state(o: OrderFacts, line: Iterable[OrderFacts], at: dt.datetime, zone: str = clock.DEFAULT_ZONE) -> str:
    """The state as a page says it: a course counted by doses, or a single dose, is finished from the day after its last
    one fell due, as a course with a last day is. What may be done to the order is asked of `state`."""
    now = state(o, at, zone)
    counted = now == "active" and (o.total_doses is not None or o.kind == "once")
    if not counted or clock.local_day(at, zone) == o.starts_on:
        return now
    begun, _ = clock.day_bounds(clock.local_day(at, zone), zone)
    return "finished" if next_due(line, begun - dt.timedelta(microseconds=1), zone) is None else now


def may_move(o: OrderFacts, verb: str, at: dt.datetime, zone: str = clock.DEFAULT_ZONE) -> bool:
    """Whether the table of states lets a verb act on an order now (MOVES)."""
    now = state(o, at, zone)
    return any(move.before == now and move.by == verb for move in MOVES)


def ended(o: OrderFacts) -> bool:
    """Whether a version ends its line for good, or it never was an order."""
    return o.stopped or o.in_error


def held_until(o: OrderFacts) -> dt.datetime | None:
    """Until when an order on hold was to stay so; None where nobody set it, and for one that is not on hold."""
    until = (o.advice or {}).get("until") if o.suspended else None
    return dt.datetime.fromisoformat(until) if until else None


def hold_is_over(o: OrderFacts, at: dt.datetime) -> bool:
    """Whether an order is still on hold after the time somebody set: it waits for a person to decide."""
    until = held_until(o)
    return until is not None and until <= at


def state_words(o: OrderFacts, at: dt.datetime, zone: str = clock.DEFAULT_ZONE) -> str:
    """The state as a screen says it."""
    return ORDER_STATES[state(o, at, zone)]


def covered_for(o: OrderFacts, person_id: int | None) -> bool:
    """Whether somebody must not see yet what this version says: the second person keys it without having read the
    first, so until then only whoever keyed it does."""
    return not o.checked and not o.stopped and o.keyed_by != person_id


# ---------------------------------------------------------------- words


def medicine_words(o: OrderFacts) -> str:
    """Medicine, strength and form, whole: `co-careldopa 25/100 mg tablet`."""
    return " ".join(part for part in (o.medicine, kept_together(o.strength), o.form) if part)


def dose_words(o: OrderFacts, day: dt.date | None = None, amount: Decimal | None = None) -> str:
    """How much, and where on the body: `2 capsules (750 mg)`, `1 or 2 tablets`, `1 drop in both eyes`. Of a stepped
    order give the day; of one by written advice the day's `amount`, else it says where the dose comes from."""
    if amount is None:
        amount = schedules.amount_on(o, day) if day else o.dose_amount
    said = range_words(amount, o.dose_most, o.dose_unit) if amount is not None else _BY_ADVICE
    if o.dose_text and amount == o.dose_amount and o.dose_most is None:
        said += f" ({kept_together(o.dose_text)})"
    return f"{said} {SITE_WORD[o.route]} {o.site}" if _site_says_route(o) else said


def _site_says_route(o: OrderFacts) -> bool:
    return bool(o.site) and o.route in SITE_WORD


def _dose_and_route(o: OrderFacts, day: dt.date | None = None, amount: Decimal | None = None) -> str:
    if _site_says_route(o):
        return dose_words(o, day, amount)
    return f"{dose_words(o, day, amount)}, {ROUTES.get(o.route, o.route)}" + (f" ({o.site})" if o.site else "")


def directions(o: OrderFacts) -> str:
    """What carers read, made from the structure: dose, route, days and times, instructions, the end of a course."""
    said = [_opening(o), *_which_dose(o), *_beside(o)]
    if o.total_doses is not None:
        said.append(f"{o.total_doses} dose{'' if o.total_doses == 1 else 's'} in all.")
    if o.ends_on is not None and o.kind != "once":
        said.append(f"Last day {clock.date_words(o.ends_on)}.")
    return " ".join(said)


def _opening(o: OrderFacts) -> str:
    """`1 tablet, by mouth, every other day, at 08:00, counted from …`; steps name each their own dose."""
    when = schedules.words(o)
    if schedules.kind_of(o) != "stepped":
        return f"{_dose_and_route(o)}, {when}."
    place = f"{SITE_WORD[o.route]} {o.site}" if _site_says_route(o) else ROUTES.get(o.route, o.route)
    return f"{place[:1].upper()}{place[1:]}: {when}."


def _which_dose(o: OrderFacts) -> list[str]:
    return [_sentence(o.dose_choice)] if o.dose_most is not None and o.dose_choice else []


def line_words(o: OrderFacts, day: dt.date | None = None, amount: Decimal | None = None) -> str:
    """The short form of a card, which says the time itself: `1 tablet, by mouth. With food.` What is not given every
    day says on which days; of a stepped order give the day, of one by written advice the day's `amount`."""
    kind = schedules.kind_of(o)
    said = [f"{_dose_and_route(o, day, amount)}."]
    if kind not in ("stepped", "once") and (often := schedules.often_words(o)):
        said.append(_sentence(often))
    elif kind == "stepped" and day is None:
        said = [_opening(o)]
    return " ".join([*said, *_which_dose(o), *_beside(o)])


def _beside(o: OrderFacts) -> list[str]:
    """What it says about meals and sleep, then its instructions."""
    rules_of_day = (FOOD.get(o.food, ""), ASLEEP.get(o.asleep, ""))
    return [_sentence(text) for text in (*rules_of_day, *o.instructions) if text]


def skill_words(o: OrderFacts) -> str:
    """What somebody must be signed off for to give it: `Medicines by mouth and Controlled drugs`."""
    return listed([SKILLS.get(skill, skill) for skill in o.required_skills])


def _sentence(text: str) -> str:
    plain = kept_together(text.strip().rstrip("."))
    return f"{plain[:1].upper()}{plain[1:]}."


# ---------------------------------------------------------------- allergies, as text


def allergy_match(substances: Iterable[str], medicine: str) -> str | None:
    """The first recorded substance whose words stand in the medicine's name, or the other way round. Text only: it
    knows nothing of families of medicines, so silence means nothing."""
    named = _words(medicine)
    for substance in substances:
        words = _words(substance)
        if words and named and (_holds(named, words) or _holds(words, named)):
            return substance
    return None


def allergy_clash(substances: Iterable[str], order: Any) -> str | None:
    """The first recorded substance that matches the medicine's name or that of a substance it is counted as. `order`
    is a version of an order, or details as keyed."""
    listed_substances = tuple(substances)
    names = (order.medicine, *(one.name for one in order.ingredients))
    return next((found for name in names if (found := allergy_match(listed_substances, name))), None)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def _holds(long: list[str], short: list[str]) -> bool:
    return any(long[i : i + len(short)] == short for i in range(len(long) - len(short) + 1))
