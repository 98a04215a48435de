"""Pure decisions about shifts: when they run, which one is ending, which was never handed over.

A shift lasts until the next one begins, by the home's clock: on the nights the clocks change it is an hour longer or
shorter, and its ends are instants like all others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from medpwa import clock

LATE_AFTER = dt.timedelta(hours=1)  # a hand-over not done by then is put in front of those who lead
STILL_ENDING = dt.timedelta(hours=3)  # how long a shift that is over stays the one to hand over
ASKED_ABOUT = dt.timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class ShiftFacts:
    """A shift as it is set: its name, when it starts in the home, since when there is one of that name."""

    name: str
    starts: dt.time
    since: dt.datetime


@dataclass(frozen=True, slots=True)
class ShiftSpan:
    """A shift on a day, as instants."""

    name: str
    start_at: dt.datetime
    end_at: dt.datetime


def spans_around(shifts: Iterable[ShiftFacts], at: dt.datetime, zone: str) -> list[ShiftSpan]:
    """The shifts from two days before to the day after, in order. One that was set later than it would have begun is
    left out: nobody was on it."""
    facts, day = list(shifts), clock.local_day(at, zone)
    days = [day + dt.timedelta(days=n) for n in (-2, -1, 0, 1)]
    starts = sorted((clock.at_local(d, f.starts, zone), f) for d in days for f in facts) if _sortable(facts) else []
    pairs = zip(starts, starts[1:], strict=False)
    return [ShiftSpan(f.name, begins, ends) for (begins, f), (ends, _) in pairs if f.since <= begins < ends]


def _sortable(facts: Sequence[ShiftFacts]) -> bool:
    """Two shifts never start at one time: the settings see to that."""
    return len({f.starts for f in facts}) == len(facts)


def running(spans: Iterable[ShiftSpan], at: dt.datetime) -> ShiftSpan | None:
    """The shift a moment falls in."""
    return next((s for s in spans if s.start_at <= at < s.end_at), None)


def ending(spans: Sequence[ShiftSpan], done: frozenset[dt.datetime], at: dt.datetime) -> ShiftSpan | None:
    """The shift somebody means who hands over: the one that ended within three hours and was not handed over, else the
    one running now. `done` are the starts of those handed over."""
    over = [s for s in spans if s.end_at <= at < s.end_at + STILL_ENDING and s.start_at not in done]
    return max(over, key=lambda s: s.end_at) if over else running(spans, at)


def never_handed_over(
    spans: Iterable[ShiftSpan], done: frozenset[dt.datetime], at: dt.datetime
) -> tuple[ShiftSpan, ...]:
    """Shifts of the last day that ended over an hour ago without a hand-over."""
    return tuple(
        s for s in spans if at - ASKED_ABOUT < s.end_at <= at - LATE_AFTER and s.start_at not in done
    )


def setting_problems(name: str, starts: str, others: Iterable[ShiftFacts], *, valid: bool) -> list[tuple[str, str]]:
    """What keeps a shift from being set: (field, sentence) pairs. `valid` is whether the start is a clock time."""
    problems = []
    if not 1 <= len(name) <= 40:
        problems.append(("name", "Give the shift a name of at most 40 letters."))
    if not valid:
        problems.append(("starts", "Give the start as a time of day, e.g. 07:00."))
    elif any(f.starts == dt.time.fromisoformat(starts) and f.name != name for f in others):
        problems.append(("starts", "Another shift starts then. Give this one its own time."))
    return problems
