"""Facts of a morning dose, for the tests of the pure rules: due at 08:00, closed at 11:00."""

from __future__ import annotations

import datetime as dt

from medpwa import clock
from medpwa.mar.rounds import RoundFacts
from medpwa.mar.states import DoseTimes, EntryFacts

ZONE = "Europe/London"
DAY = dt.date(2026, 11, 16)
MIN = dt.timedelta(minutes=1)
MORNING = RoundFacts("Morning", dt.time(8), 180)
LUNCH = RoundFacts("Lunch", dt.time(12, 30), 180)


def at(words: str, day: dt.date = DAY) -> dt.datetime:
    return clock.at_local(day, dt.time.fromisoformat(words), ZONE)


def times(due: str = "08:00", *, before: int = 60, after: int = 30, close: str = "11:00") -> DoseTimes:
    return DoseTimes(at(due), before, after, at(close))


def entry(number: int = 1, outcome: str = "given", when: str = "08:04", **changes: object) -> EntryFacts:
    values: dict = dict(
        id=number,
        entry_id=f"e{number}",
        line_id=1,
        due_at=at("08:00"),
        outcome=outcome,
        reason="",
        note="",
        given_at=at(when) if outcome == "given" else None,
        at=at(when),
        by=7,
        after_the_fact=False,
    )
    return EntryFacts(**values | changes)
