"""The only writers of exceptions for a round (break-glass); they run inside an open transaction."""

from __future__ import annotations

import datetime as dt

from medpwa import clock
from medpwa.competency.deeds import subject
from medpwa.competency.models import BreakGlass, BreakGlassSeen
from medpwa.ledger import Pending, line
from medpwa.permits import Actor


def break_glass(
    by: Actor, person_id: int, round_name: str, starts_at: dt.datetime, ends_at: dt.datetime, reason: str
) -> tuple[BreakGlass, Pending]:
    """Somebody not signed off may give in one round, and why."""
    row = BreakGlass.create(
        home=by.home_id,
        person=person_id,
        round_name=round_name,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason,
        at=clock.now(),
        by=by.person_id,
    )
    return row, line("glass.break", subject(person_id), row)


def answer(by: Actor, glass: BreakGlass, words: str) -> tuple[BreakGlassSeen, Pending]:
    """Somebody who answers for the home has seen an exception, and says what was done."""
    row = BreakGlassSeen.create(break_glass=glass, words=words, at=clock.now(), by=by.person_id)
    return row, line("glass.answer", subject(glass.person_id), row, glass=glass.id)
