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


def set_state(
    by: Actor,
    person_id: int,
    skill: str,
    resident_id: int | None,
    state: str,
    *,
    valid_from: dt.datetime,
    valid_until: dt.datetime | None = None,
    reason: str = "",
    verb: str = "competency.grant",
) -> Pending:
    """The next version of one skill of one person, from a moment on."""
    row = Grant.create(
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
    )
    about = {"skill": skill, "state": state} | ({"resident": resident_id} if resident_id else {})
    return line(verb, subject(person_id), row, **about)


def take_away(
    by: Actor, person_id: int, skill: str, resident_id: int | None, state: str, *, reason: str, verb: str
) -> list[Pending]:
    """Pause or end a skill now. Sign-offs already granted from a later day are taken away on that day as well, so
    that nobody is quietly signed off again by an older decision."""
    now = clock.now()
    later = Grant.select(Grant.valid_from).where(
        (Grant.person == person_id)
        & (Grant.home == by.home_id)
        & (Grant.skill == skill)
        & (Grant.resident.is_null() if resident_id is None else Grant.resident == resident_id)
        & (Grant.valid_from > now)
    )
    moments = [now, *sorted({when for (when,) in later.tuples()})]
    return [
        set_state(by, person_id, skill, resident_id, state, valid_from=when, reason=reason, verb=verb)
        for when in moments
    ]
