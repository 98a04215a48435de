"""Which days a page about doses looks at: some days up to today, or a quarter. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from medpwa import clock
from medpwa.practice import quarters

USUAL = "30"
DAYS: dict[str, tuple[int, str]] = {
    "7": (7, "the last 7 days"),
    "30": (30, "the last 30 days"),
    "90": (90, "the last 90 days"),
}


@dataclass(frozen=True)
class Span:
    """Whole days of a home: as instants, as an address says them, and in words."""

    key: str
    start: dt.datetime
    end: dt.datetime
    words: str


def span_of(key: str, today: dt.date, zone: str) -> Span | None:
    """The span a word of an address stands for, today included; None for nonsense."""
    quarter = quarters.parse(key)
    if quarter is not None:
        return Span(key, *quarter.bounds(zone), quarter.words)
    if key not in DAYS:
        return None
    days, words = DAYS[key]
    first = today - dt.timedelta(days=days - 1)
    return Span(key, clock.day_bounds(first, zone)[0], clock.day_bounds(today, zone)[1], words)


def choices(today: dt.date) -> list[tuple[str, str]]:
    """The spans a form offers."""
    this = quarters.of_day(today)
    some_days = [(key, words) for key, (_, words) in DAYS.items()]
    return [*some_days, (this.word, this.words), (this.before.word, this.before.words)]
