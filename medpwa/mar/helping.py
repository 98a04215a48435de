"""Help that was asked for: for which dose, of whom, when, and whether it has been seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from medpwa import clock
from medpwa.alerts import Acknowledgement, Alert
from medpwa.mar.models import HelpRequest
from medpwa.mar.rules import SAME_HELP, help_alert
from medpwa.mar.tickets import DoseKey
from medpwa.permits import Actor
from medpwa.staff import queries as staff

EVERYBODY = "everybody who gives medicines"


@dataclass(frozen=True)
class Asked:
    """One request for help with a dose, as a screen says it."""

    kind: str
    person_id: int | None
    at_words: str
    title: str  # "Asked at 12:06"
    words: str  # "Carol Whitfield was asked to supervise."
    seen_words: str  # "Carol Whitfield has seen it, 12:07." or "Not seen yet."


def asked(who: Actor, keys: Iterable[DoseKey]) -> list[Asked]:
    """What this person asked for about these doses, newest first."""
    wanted = set(keys)
    rows = HelpRequest.select().where(
        (HelpRequest.home == who.home_id)
        & (HelpRequest.by == who.person_id)
        & HelpRequest.order_line.in_([key.line_id for key in wanted])
    )
    mine = [r for r in rows.order_by(HelpRequest.id.desc()) if DoseKey(r.order_line_id, r.due_at) in wanted]
    return [_worded(row, who) for row in mine]


def asked_since(home_id: int | None, since: dt.datetime) -> list[HelpRequest]:
    """What people of a home asked help with since a moment, newest first."""
    mine = (HelpRequest.home == home_id) & (HelpRequest.at > since) & HelpRequest.due_at.is_null(False)
    return list(HelpRequest.select().where(mine).order_by(HelpRequest.id.desc()).limit(100))


def _worded(row: HelpRequest, who: Actor) -> Asked:
    seen = _seen(row)
    people = staff.names({i for i in (row.asked_person, seen.by if seen else None) if i})
    told = people.get(row.asked_person, "somebody") if row.asked_person else EVERYBODY
    at = clock.time_words(row.at, who.zone)
    return Asked(
        kind=row.kind,
        person_id=row.asked_person,
        at_words=at,
        title=f"Asked at {at}",
        words=f"{told[:1].upper()}{told[1:]} {'were' if told == EVERYBODY else 'was'} asked to {row.kind}"
        f"{' it' if row.kind == 'give' else ''}.",
        seen_words=_seen_words(seen, people, who.zone),
    )


def _seen_words(seen: Acknowledgement | None, people: dict[int, str], zone: str) -> str:
    if seen is None:
        return "Not seen yet. If it is urgent, go and find somebody."
    return f"{people.get(seen.by, 'Somebody')} has seen it, {clock.time_words(seen.at, zone)}."


def _seen(row: HelpRequest) -> Acknowledgement | None:
    """Who first said that they have read the alert of a request."""
    key = DoseKey(row.order_line_id, row.due_at)
    raised = (Alert.home_id == row.home_id) & (Alert.at >= row.at - SAME_HELP) & (Alert.at <= row.at + SAME_HELP)
    raised &= Alert.key.startswith(help_alert(row.by, key, row.kind))
    if row.asked_person:
        raised &= Alert.to_person == row.asked_person
    return Acknowledgement.select().join(Alert).where(raised).order_by(Acknowledgement.id).first()
