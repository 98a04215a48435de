"""Correction forms as typed: what a form says of an entry, read without losing anything that was written."""

from __future__ import annotations

from flask import request

from medpwa.errors import Invalid
from medpwa.mar import correction_rules as rules
from medpwa.mar import extras as asked
from medpwa.mar import moments
from medpwa.mar.correction_actions import Correction
from medpwa.mar.correction_rules import Wanted
from medpwa.mar.correction_vocabulary import ANYTHING, WHYS
from medpwa.mar.states import EntryFacts
from medpwa.mar.views import form_uuid
from medpwa.mar.vocabulary import EXTRAS, GIVES, OUTCOMES
from medpwa.pages import once
from medpwa.permits import Actor

_FIELDS = ("entry_id", "why", "to", "day", "time", "which", "reason", "note", "words", "wrong_person")


def read(who: Actor, entry: EntryFacts) -> tuple[Correction, list[tuple[str, str]]]:
    """What a form says is wrong with an entry, and what could not be read of it."""
    problems: list[tuple[str, str]] = []
    said = {name: once(name) for name in (*_FIELDS, *EXTRAS)}  # each may come once, also where it says nothing here
    why, to = said["why"], said["to"]
    given_at = moments.given_at(who, problems) if to in GIVES else None
    amount = _amount(said["amount"], problems)
    asks = OUTCOMES[to].asks if to in OUTCOMES else ()
    extra = {name: said[name][:300] for name in asks if name not in asked.OWN_COLUMN and said[name]}
    need, reason = rules.need_of(entry, to), said["reason"] if to in OUTCOMES and OUTCOMES[to].reasons else ""
    if need and reason:  # why it was needed stands; why not all of it was taken is said beside it
        extra["part"] = reason[:40]
    wanted = Wanted(
        outcome=to,
        reason=need or reason,
        note=said["note"],
        given_at=_same_minute(given_at, entry),
        amount=entry.amount if rules.time_alone(why) else amount,
        given_by=said["given_by"][:300] if to == "given_by_other" else "",
        extra={**rules.unasked_of(entry, to), **extra},
    )
    wrong = said["wrong_person"] if why == "wrong_resident" else ""
    return Correction(form_uuid(said["entry_id"]), why, wanted, said["words"], wrong), problems


def _same_minute(given_at, entry: EntryFacts):
    """A time left as the form filled it in is the very moment that is stored, seconds and all."""
    if given_at is None or entry.given_at is None:
        return given_at
    return entry.given_at if entry.given_at.replace(second=0, microsecond=0) == given_at else given_at


def _amount(text: str, problems: list[tuple[str, str]]):
    if not text:
        return None
    number = asked.number_of(text)
    if number is None or not 0 < number <= asked.LARGEST:
        problems.append(("amount", "Write the amount in figures, for example 0.5. What you wrote is kept."))
    return number


def chosen(entry: EntryFacts) -> tuple[str, str]:
    """The reason and the outcome the address asks for: ("", "") until both are chosen and go together."""
    why = request.args.get("why", "")
    offered = rules.outcomes_for(why, entry.outcome)
    to = request.args.get("to", "")
    if offered and WHYS[why].says != ANYTHING:
        to = to if to in offered else offered[0]
    return (why, to) if to in offered else (why if offered else "", "")


def demand(problems: list[tuple[str, str]]) -> None:
    """Raise Invalid when anything could not be read."""
    if problems:
        raise Invalid(problems)


def extras(to: str) -> list[tuple[str, object]]:
    """What the chosen outcome asks for beside its reason and amount: (name, what the form calls it)."""
    return [(name, EXTRAS[name]) for name in OUTCOMES[to].asks if name != "amount"]
