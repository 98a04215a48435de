"""The only place that asks what time it is, and the only one that words a time.

Instants are aware UTC datetimes everywhere in Python and microseconds since 1970 in the database. A home's days,
shifts and clock times exist only through the functions here, because they depend on its time zone.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import time
from collections.abc import Iterator
from functools import lru_cache
from zoneinfo import ZoneInfo

UTC = dt.UTC
EPOCH = dt.datetime(1970, 1, 1, tzinfo=UTC)
DEFAULT_ZONE = "Europe/London"
_NBSP = "\u00a0"

# How far this process's clock stands from the machine's, and whether it stands still. Only the demo and tests move it.
_offset = dt.timedelta()
_standing: dt.datetime | None = None


def now() -> dt.datetime:
    """The present instant in UTC."""
    if _standing is not None:
        return _standing
    return dt.datetime.now(UTC) + _offset


@contextlib.contextmanager
def standing(at: dt.datetime) -> Iterator[None]:
    """Hold the clock at one instant: for tests, and for the demo when it plays past days through the real actions."""
    global _standing
    before, _standing = _standing, at.astimezone(UTC)
    try:
        yield
    finally:
        _standing = before


def stand_at(at: dt.datetime) -> None:
    """Move a held clock; only meaningful inside `standing`."""
    global _standing
    _standing = at.astimezone(UTC)


def set_from_environment(mode: str) -> None:
    """Start the clock at MEDPWA_CLOCK (ISO local time in Europe/London) and let it run on; never in production.

    Journeys and screenshots need a home at a known hour. Raises ValueError when asked for in production.
    """
    global _offset
    wanted = os.environ.get("MEDPWA_CLOCK")
    if not wanted:
        return
    if mode == "production":
        raise ValueError("MEDPWA_CLOCK moves the clock and is refused in production. Unset it.")
    start = local_to_instant(dt.datetime.fromisoformat(wanted), DEFAULT_ZONE)
    _offset = start - dt.datetime.now(UTC)


def moved() -> bool:
    """Whether this process's clock was moved for a demo or a journey: then no other clock can be held against it."""
    return abs(_offset) > dt.timedelta(minutes=1)


def monotonic() -> float:
    """Seconds on a clock that never steps; for timeouts, never for records."""
    return time.monotonic()


def micros(at: dt.datetime) -> int:
    """Microseconds since 1970-01-01 UTC: the stored and hashed form of an instant."""
    delta = at - EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def from_micros(value: int) -> dt.datetime:
    """The instant a stored number stands for."""
    return EPOCH + dt.timedelta(microseconds=value)


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """A time zone by its IANA name."""
    return ZoneInfo(name)


def local(at: dt.datetime, zone_name: str = DEFAULT_ZONE) -> dt.datetime:
    """The wall-clock reading in a home at an instant."""
    return at.astimezone(zone(zone_name))


def local_day(at: dt.datetime, zone_name: str = DEFAULT_ZONE) -> dt.date:
    """The home's calendar day an instant falls on."""
    return at.astimezone(zone(zone_name)).date()


def monday_of(day: dt.date) -> dt.date:
    """The first day of the week a day lies in."""
    return day - dt.timedelta(days=day.weekday())


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day of the month so many months on; the first of the next month where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return dt.date(year, month + 1, day.day)
    except ValueError:
        return dt.date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)


def local_to_instant(wall: dt.datetime, zone_name: str = DEFAULT_ZONE) -> dt.datetime:
    """The instant of a wall-clock reading.

    When the clocks go forward some readings do not exist: the answer is then the first instant that does. When they
    go back some happen twice: the answer is the first of the two (docs/decisions/time.md).
    """
    naive = wall.replace(tzinfo=None, fold=0)
    at = naive.replace(tzinfo=zone(zone_name)).astimezone(UTC)
    if at.astimezone(zone(zone_name)).replace(tzinfo=None, fold=0) == naive:
        return at
    return _first_after_gap(at, zone_name)


def _first_after_gap(near: dt.datetime, zone_name: str) -> dt.datetime:
    """The instant of the forward jump next to `near`: found by halving between an hour or so either side."""
    tz = zone(zone_name)
    low, high = near - dt.timedelta(hours=3), near + dt.timedelta(hours=3)
    before = low.astimezone(tz).utcoffset()
    while high - low > dt.timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(tz).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def at_local(day: dt.date, clock_time: dt.time, zone_name: str = DEFAULT_ZONE) -> dt.datetime:
    """The instant of a clock time on a home's day, by the same two rules as `local_to_instant`."""
    return local_to_instant(dt.datetime.combine(day, clock_time), zone_name)


def second_at_local(day: dt.date, clock_time: dt.time, zone_name: str = DEFAULT_ZONE) -> dt.datetime | None:
    """The second instant of a clock time on a day on which the clocks go back over it; None for a time that came once.
    `at_local` answers the first."""
    tz = zone(zone_name)
    first, second = (dt.datetime.combine(day, clock_time.replace(fold=f), tz).astimezone(UTC) for f in (0, 1))
    return second if second > first else None


def day_bounds(day: dt.date, zone_name: str = DEFAULT_ZONE) -> tuple[dt.datetime, dt.datetime]:
    """Start and end instants of a home's day, end excluded; 23, 24 or 25 hours apart."""
    midnight = dt.time()
    return at_local(day, midnight, zone_name), at_local(day + dt.timedelta(days=1), midnight, zone_name)


# ---------------------------------------------------------------- words


def time_words(at: dt.datetime, zone_name: str = DEFAULT_ZONE) -> str:
    """Clock time, e.g. `08:04`; one that comes twice that night says which it is: `01:30 (first)`."""
    there = local(at, zone_name)
    return f"{there.hour:02}:{there.minute:02}{_of_two(there)}"


def _of_two(there: dt.datetime) -> str:
    """Which of two a clock time is, on the night the clocks go back over it; empty on every other."""
    if there.fold:
        return f"{_NBSP}(second)"
    return "" if there.replace(fold=1).utcoffset() >= there.utcoffset() else f"{_NBSP}(first)"


def date_words(day: dt.date) -> str:
    """A date in full for a person to read, e.g. `4 Mar 1954`, kept on one line."""
    return f"{day.day}{_NBSP}{day.strftime('%b')}{_NBSP}{day.year}"


def day_words(day: dt.date, today: dt.date) -> str:
    """`today`, `yesterday`, `tomorrow`, a weekday within the week, or a date."""
    apart = (day - today).days
    if apart in (-1, 0, 1):
        return {-1: "yesterday", 0: "today", 1: "tomorrow"}[apart]
    words = f"{day.strftime('%a')}{_NBSP}{day.day}{_NBSP}{day.strftime('%b')}"
    return words if abs(apart) < 180 else f"{words}{_NBSP}{day.year}"


def moment_words(at: dt.datetime, zone_name: str = DEFAULT_ZONE, *, seen_from: dt.datetime | None = None) -> str:
    """Day and time as one says it, e.g. `yesterday 21:08`; the day is named relative to `seen_from` (now)."""
    today = local_day(seen_from or now(), zone_name)
    return f"{day_words(local_day(at, zone_name), today)}{_NBSP}{time_words(at, zone_name)}"


def stamp_words(at: dt.datetime, zone_name: str = DEFAULT_ZONE) -> str:
    """Day and time without "today", kept on one line, e.g. `Mon 16 Nov 08:04`: for words that are stored and read on
    another day, and for the clock of a page's header."""
    there = local(at, zone_name)
    return f"{there.strftime('%a')}{_NBSP}{there.day}{_NBSP}{there.strftime('%b')}{_NBSP}{time_words(at, zone_name)}"


def exact_words(at: dt.datetime, zone_name: str = DEFAULT_ZONE) -> str:
    """Date and time to the second with the name of the hour's offset, for proofs: `16 Nov 2026 11:40:03 GMT`."""
    there = local(at, zone_name)
    return f"{date_words(there.date())}{_NBSP}{there.strftime('%H:%M:%S')}{_NBSP}{there.tzname()}"


def long_day_words(day: dt.date) -> str:
    """A day in full, e.g. `Monday 16 Nov 2026`, kept on one line."""
    return f"{day.strftime('%A')}{_NBSP}{date_words(day)}"


def span_words(span: dt.timedelta) -> str:
    """A length of time to the minute: `4 min`, `1 hour 4 min`, `2 days 3 hours`. Negative spans are worded as zero."""
    minutes = max(0, int(span.total_seconds() // 60))
    days, rest = divmod(minutes, 1440)
    hours, mins = divmod(rest, 60)
    parts = [(days, "day"), (hours, "hour")]
    said = [f"{n}{_NBSP}{word}{'' if n == 1 else 's'}" for n, word in parts if n]
    if mins and not days or not said:
        said.append(f"{mins}{_NBSP}min")
    return " ".join(said)
