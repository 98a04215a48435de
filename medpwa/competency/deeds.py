"""The only writer of the table of sign-offs; runs inside an open transaction and returns its ledger lines."""

from __future__ import annotations

import datetime as dt

from medpwa import clock
from medpwa.competency.models import Grant
from medpwa.ledger import Pending, line
from medpwa.permits import Actor


def subject(person_id: int) -> str:
    """Whose history a line about a sign-off joins: the person's."""
    return f"person:{person_id}"


Key = tuple[str, int | None]  # a skill, and the resident it is for


def set_states(
    by: Actor,
    person_id: int,
    keys: list[Key],
    state: str,
    *,
    valid_from: dt.datetime,
    valid_until: dt.datetime | None,
    reason: str,
    evidence: dict[str, int] | None = None,
) -> Pending:
    """The next version of one or several skills of a person, from a moment on: one decision, one line. `evidence` is
    what it rests on, e.g. {"assessment": 3}."""
    rows = [_row(by, person_id, key, state, valid_from, valid_until, reason, evidence) for key in keys]
    return _line("competency.grant", person_id, keys, state, rows)


def take_away(by: Actor, person_id: int, keys: list[Key], state: str, *, reason: str, verb: str) -> Pending:
    """Pause or end skills now. Sign-offs already granted from a later day are taken away on that day as well, so that
    nobody is quietly signed off again by an older decision."""
    now, rows = clock.now(), []
    for key in keys:
        moments = [now, *_granted_for_later(by, person_id, key, now)]
        rows += [_row(by, person_id, key, state, when, None, reason) for when in moments]
    return _line(verb, person_id, keys, state, rows)


def _row(
    by: Actor,
    person_id: int,
    key: Key,
    state: str,
    valid_from: dt.datetime,
    valid_until: dt.datetime | None,
    reason: str,
    evidence: dict[str, int] | None = None,
) -> Grant:
    skill, resident_id = key
    return Grant.create(
        person=person_id,
        home=by.home_id,
        skill=skill,
        resident=resident_id,
        state=state,
        valid_from=valid_from,
        valid_until=valid_until,
        reason=reason,
        at=clock.now(),
        by=by.person_id,
        evidence=evidence,
    )


def _granted_for_later(by: Actor, person_id: int, key: Key, now: dt.datetime) -> list[dt.datetime]:
    skill, resident_id = key
    later = Grant.select(Grant.valid_from).where(
        (Grant.person == person_id)
        & (Grant.home == by.home_id)
        & (Grant.skill == skill)
        & (Grant.resident.is_null() if resident_id is None else Grant.resident == resident_id)
        & (Grant.valid_from > now)
    )
    return sorted({when for (when,) in later.tuples()})


def _line(verb: str, person_id: int, keys: list[Key], state: str, rows: list[Grant]) -> Pending:
    about = [[skill, resident_id] for skill, resident_id in keys]
    return line(verb, subject(person_id), *rows, skills=about, state=state)
