"""Pure decisions about rounds: when they run, which one a dose belongs to, and when a dose closes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from medpwa import clock

ROUND_HOLDS = dt.timedelta(minutes=60)  # a dose belongs to the round whose first hour holds its due time (decision 13)
INDIVIDUAL_CLOSES = dt.timedelta(hours=3)  # an individual time, after due (decision 13)


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """A round as it is set: its name, clock time of start, minutes until it closes."""

    name: str
    starts: dt.time
    close_minutes: int


@dataclass(frozen=True, slots=True)
class RoundSpan:
    """A round on a day, as instants."""

    name: str
    start_at: dt.datetime
    close_at: dt.datetime


def rounds_on(rounds: Iterable[RoundFacts], day: dt.date, zone: str) -> list[RoundSpan]:
    """The rounds of a home's day, in order."""
    spans = []
    for facts in rounds:
        start = clock.at_local(day, facts.starts, zone)
        spans.append(RoundSpan(facts.name, start, start + dt.timedelta(minutes=facts.close_minutes)))
    return sorted(spans, key=lambda s: s.start_at)


def round_of(due_at: dt.datetime, spans: Iterable[RoundSpan]) -> RoundSpan | None:
    """The round whose first 60 minutes hold the due time (decision 13); None is an individual time."""
    for span in spans:
        if span.start_at <= due_at < span.start_at + ROUND_HOLDS:
            return span
    return None


def close_of(due_at: dt.datetime, span: RoundSpan | None, next_due: dt.datetime | None) -> dt.datetime:
    """When a dose without an outcome becomes a gap: the earlier of its round's close (an individual time: three hours
    after due) and the next due time of the same order."""
    close = span.close_at if span else due_at + INDIVIDUAL_CLOSES
    return min(close, next_due) if next_due is not None and next_due > due_at else close


def round_now(spans: Sequence[RoundSpan], at: dt.datetime) -> RoundSpan | None:
    """The round somebody means at a moment: the one that began last and has not closed; while none is running, the one
    that begins within the hour; None between rounds."""
    running = [s for s in spans if s.start_at <= at < s.close_at]
    if running:
        return max(running, key=lambda s: s.start_at)
    coming = [s for s in spans if at < s.start_at <= at + ROUND_HOLDS]
    return min(coming, key=lambda s: s.start_at) if coming else None
