"""What the page of a when-required medicine sends, read into a use. Everything typed is kept for the answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from medpwa.errors import BadRequest
from medpwa.mar import proofs, tickets
from medpwa.mar.extras import number_of
from medpwa.mar.outcome_forms import MOST_KEPT, form_uuid, number
from medpwa.mar.prn_intents import PrnIntent
from medpwa.mar.prn_rules import GIVEN_NOW, PART, Use, steps_of
from medpwa.mar.vocabulary import LONGEST_NOTE
from medpwa.mar.witness_rules import Witnessed
from medpwa.medicines.rules import OrderFacts
from medpwa.pages import once, several
from medpwa.permits import Actor

MOST_STEPS = 40
OTHER = "other"  # a reason, or an amount, in one's own words or figures


@dataclass(frozen=True)
class Typed:
    """The fields as they came."""

    steps: tuple[str, ...] = ()  # their numbers
    steps_why: str = ""
    reason: str = ""
    reason_other: str = ""
    amount: str = ""
    amount_other: str = ""
    taken: str = ""  # how much of what was made ready, where it was only part
    part: str = ""
    note: str = ""


def typed() -> Typed:
    """The fields of this request; too many ticks are no form of ours."""
    steps = several("steps")
    if len(steps) > MOST_STEPS:
        raise BadRequest("The form is not one of ours. Nothing was recorded. Open the page again.")
    texts = {name: once(name) for name in Typed.__dataclass_fields__ if name != "steps"}
    return Typed(steps=tuple(steps), **texts)


def use_of(o: OrderFacts, t: Typed) -> Use:
    """What the fields say of a use of this order. A step that the order does not have stays what it was, so that the
    rules refuse it in words."""
    known = steps_of(o)
    steps = tuple(known[int(n)] if _is_one_of(n, known) else f"? {n[:40]}" for n in t.steps)
    return Use(
        steps=tuple(dict.fromkeys(steps)),
        steps_why=t.steps_why if not steps else "",
        reason=t.reason_other if t.reason in (OTHER, "") else t.reason,
        amount=_amount(o, t),
    )


def intent(who: Actor, o: OrderFacts) -> PrnIntent:
    """What the form asks to record of this order: given, whole or in part, or offered and not needed."""
    t, ticket, outcome = typed(), once("ready")[:600], once("outcome")
    use = use_of(o, t)
    if outcome == PART:
        use = replace(use, amount=number_of(t.taken), whole=use.amount, part=t.part[:40])
    elif outcome != "given":
        use = Use(use.steps, "", use.reason, None)
    given = outcome in GIVEN_NOW
    entry_id = tickets.entry_id(ticket) if ticket and given else form_uuid(once("entry_id"))
    stands = beside(who, o.line_id) if given else None
    return PrnIntent(o.line_id, number(once("version")), entry_id, outcome, use, t.note, ticket, beside=stands)


def kept() -> list[str]:
    """Who stands beside the giver, as the form carries it."""
    return several("keep")[:MOST_KEPT]


def beside(who: Actor, line_id: int) -> Witnessed | None:
    """Who proved to stand beside this giver for a dose of this order, by what the form carried."""
    return proofs.beside_for(who, tickets.prn_key(line_id), kept())


def carried() -> list[tuple[str, str]]:
    """What a form says, to be carried through the pages that ask for a witness; not its id and ticket."""
    outcome = PART if once("outcome") == PART else "given"
    first = [("version", str(number(once("version")))), ("outcome", outcome)]
    return [*first, *chosen(), *(("keep", text) for text in kept())]


def chosen() -> list[tuple[str, str]]:
    """What was chosen on the page so far, to be carried through the page that asks who stands beside the giver."""
    t = typed()
    texts = [(n, getattr(t, n)[:LONGEST_NOTE]) for n in Typed.__dataclass_fields__ if n != "steps"]
    return [*(("steps", n[:10]) for n in t.steps), *((n, v) for n, v in texts if v)]


def _is_one_of(number: str, steps: tuple[str, ...]) -> bool:
    return number.isascii() and number.isdigit() and len(number) < 4 and int(number) < len(steps)


def _amount(o: OrderFacts, t: Typed) -> Decimal | None:
    """The figure chosen or written; a fixed dose needs no choice."""
    if o.dose_most is None:
        return o.dose_amount
    return number_of(t.amount_other if t.amount == OTHER else t.amount)
