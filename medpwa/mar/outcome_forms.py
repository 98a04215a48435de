"""The forms of an outcome: what they offer for an order, what is read from them, and how they stand open again."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from functools import lru_cache

from flask import request

from medpwa import clock
from medpwa.components import Fixed
from medpwa.errors import BadRequest, Invalid
from medpwa.mar import extras, proofs, tickets
from medpwa.mar.intents import Intent
from medpwa.mar.vocabulary import COMMON, EXTRAS, LONGEST_NOTE, OTHERWISE, OUTCOMES, OWN_GIVES, RARER
from medpwa.pages import once, several
from medpwa.permits import Actor
from medpwa.staff import typed

MOST_KEPT = 60  # tickets and proofs a form carries along
LONGEST_FIELD = 400  # letters of a field that are looked at and shown again; the rules allow fewer
# What a choice says on the form, where the outcome's own word says it less well.
CHOICE_WORDS: dict[str, str] = {"other": "Another reason (write it below)"}
WHOM_ASKED = "Whom you asked, and what they said"
_TIME_HINT = "Leave it empty if it was just now"

Pairs = tuple[tuple[str, str], ...]
Asked = tuple[str, str, str, Pairs]  # field, label, hint, choices
Option = tuple[str, str, Pairs, tuple[Asked, ...], str]


@lru_cache(maxsize=64)
def options(kind: str, asleep: str, part: str) -> Fixed:
    """What one part of the form offers for orders of a kind: `common` and `rarer` reasons why not, or the other ways it
    was taken: all when `ready`, with whom somebody `asked` first where that is needed, and when `unready` what somebody
    else gave. Each is its name, word, reasons, extras (field, label, hint, choices) and what follows."""
    names = {"common": COMMON, "rarer": RARER, "ready": OTHERWISE, "asked": OTHERWISE, "unready": OTHERWISE[-1:]}[part]
    if part == "rarer":
        names += {"prn": ("not_required",), "visit": ("visit_missed",)}.get(kind, ())
    return Fixed(_option(name, asleep, part == "asked" and name in OWN_GIVES) for name in names)


def _option(name: str, asleep: str, ask: bool = False) -> Option:
    outcome = OUTCOMES[name]
    always = extras.asks_of(name, "", asleep)
    sometimes = tuple(extra for _, own in outcome.asks_for for extra in own)
    asked = tuple(_field(name, extra) for extra in (*always, *sometimes))
    if ask:
        asked += ((f"{name}-advised", WHOM_ASKED, "Name, role and time", ()),)
    if name == "given_by_other":
        asked += ((f"{name}-given_at", "When", _TIME_HINT, ()),)
    return name, CHOICE_WORDS.get(name, outcome.word), outcome.reasons, asked, outcome.follow


def _field(outcome: str, name: str) -> Asked:
    extra = EXTRAS[name]
    return f"{outcome}-{name}", extra.label, extra.hint, extra.choices


# ---------------------------------------------------------------- what was sent


def intent(who: Actor) -> Intent:
    """The intent of an outcome form: taken, or what happened instead with all it asks for. Raises Invalid for a time
    that is none and BadRequest for what no form of ours sends."""
    _each_once()
    plain = once("outcome") == "given"
    name, _, reason = ("given", "", "") if plain else once("why").partition(":")
    reason = reason or ("" if plain else _said(name, "reason"))
    other, key = name == "given_by_other", dose_key(once("dose"))
    return Intent(
        key=key,
        entry_id=form_uuid(once("entry_id")),
        version_id=number(once("version")),
        outcome=name,
        reason=reason,
        note=once("note"),
        ticket=once("ready")[:600],
        amount=extras.number_of(once("amount") if plain else _said(name, "amount")),
        extra=asked_first() if plain else _extra(name, reason) if name in OUTCOMES else {},
        given_by=_said(name, "given_by") if other else "",
        given_at=_given_at(who, _said(name, "given_at"), key) if other else None,
        beside=proofs.beside_for(who, key, several("keep")[:MOST_KEPT]) if name in OWN_GIVES else None,
    )


def _each_once() -> None:
    """Refuse a form in which any field but the kept tickets comes twice or is no text, also one of an outcome that was
    not chosen. What a phone's clock says refuses nothing: the entry is stored by ours and marks the doubt."""
    for name in request.form:
        if name not in ("keep", "phone_at"):
            once(name)


def _said(outcome: str, name: str) -> str:
    """A field of one outcome's own. Text that is too long is cut where the rules see that it is."""
    return once(f"{outcome}-{name}")[:LONGEST_FIELD] if outcome in OUTCOMES else ""


def _extra(outcome: str, reason: str) -> dict[str, str]:
    """What the chosen outcome asks for, as far as it was said; what stands under other choices is left behind."""
    first = ("advised",) if outcome in OWN_GIVES else ()  # the line may ask whom somebody asked before giving it
    asked = (*extras.asks_of(outcome, reason, "wake"), *first)
    return {n: said for n in asked if n not in extras.OWN_COLUMN and (said := _said(outcome, n))}


def asked_first() -> dict[str, str]:
    """Who was asked before a plain give, where the line asks for it."""
    said = _said("given", "advised")
    return {"advised": said} if said else {}


def _given_at(who: Actor, text: str, key: tickets.DoseKey) -> dt.datetime | None:
    """When somebody else gave it, by a clock time; None where nothing is said: then it was just now. It is today's; a
    time still to come of a dose that fell due yesterday was yesterday's. Where it came twice this night it is the later
    one that has been: what counts from it is then never let go too soon."""
    if not text:
        return None
    time = typed.clock_time(text)
    if time is None:
        raise Invalid([("given_at", f"Write the time like 08:20. {extras.KEPT}")])
    at, today = clock.now(), clock.local_day(clock.now(), who.zone)
    there = [clock.at_local(today, time, who.zone), clock.second_at_local(today, time, who.zone)]
    been = [m for m in there if m is not None and m <= at]
    due = clock.local_day(key.due_at, who.zone)
    if been or due >= today:
        return been[-1] if been else there[0]
    return clock.at_local(today - dt.timedelta(days=1), time, who.zone)


def dose_key(text: str) -> tickets.DoseKey:
    """The dose a form is about."""
    key = tickets.parse_key(text)
    if key is None:
        raise BadRequest("The form does not say which dose it is about. Nothing was recorded. Open the card again.")
    return key


def form_uuid(text: str) -> str:
    """The id of the entry a form leads to."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise BadRequest("The form is not one of ours. Nothing was recorded. Open the card again.") from None


def number(text: str) -> int:
    """An id from a form; BadRequest for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise BadRequest("The form is not one of ours. Nothing was recorded. Open the card again.")
    return int(text)


# ---------------------------------------------------------------- standing open again


def opened(problems: Iterable[tuple[str, str]], *, full: bool = False) -> dict[str, object]:
    """The form as it was sent, to stand open on its line with what is wrong beside each field; `full` with every
    outcome, where somebody asked for them."""
    _each_once()
    plain = once("outcome") == "given"
    chosen = "" if plain else once("why")
    name, _, reason = chosen.partition(":")
    values = _values()
    if reason and name in OUTCOMES:
        values.setdefault(f"{name}-reason", reason)
    own = {"why", "note"} | ({"amount", "advised"} if plain else set())
    found = [(field if field in own else f"{name}-{field}", words) for field, words in problems]
    return {
        "key": once("dose"),
        "plain": plain,
        "full": full or once("full") == "yes" or name in (*RARER, *OTHERWISE, "not_required", "visit_missed"),
        "why": name if name in OUTCOMES else "",
        "note": once("note")[: 2 * LONGEST_NOTE],
        "amount": once("amount")[:20],
        "values": values,
        "errors": found,
        "problems": dict(found),
    }


def _values() -> dict[str, str]:
    """Every field of an outcome's own, as typed."""
    return {n: v[:LONGEST_FIELD] for n, v in request.form.items() if "-" in n and n.partition("-")[0] in OUTCOMES}


def carried(keep: list[str]) -> list[tuple[str, str]]:
    """What a form says, to be carried to the page that asks for a witness; not the form's id and ticket, which that
    page may renew, nor the amount, which it may ask for."""
    plain = [(n, v) for n in ("dose", "version", "outcome", "why", "note") if (v := once(n)[:LONGEST_NOTE])]
    return [*plain, *_values().items(), *(("keep", v) for v in keep)]
