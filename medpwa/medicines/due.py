"""Which doses fall due and when: one pure function over all versions of orders. What a schedule says of a day is
`recurrence`; here are instants, spans of versions and courses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, takewhile
from typing import NamedTuple

from medpwa import clock
from medpwa.medicines import schedules
from medpwa.medicines.recurrence import Plan
from medpwa.medicines.versions import OrderFacts

_A_DAY = dt.timedelta(days=1)
_A_TICK = dt.timedelta(microseconds=1)


# A version, its plan (most orders are daily ones, without one), and the instant from which its doses are due no more.
Span = tuple[OrderFacts, Plan | None, dt.datetime | None]


@dataclass(frozen=True, slots=True)
class Dose:
    """One dose that falls due: (line, due instant) is its identity over all versions of the order."""

    line_id: int
    version_id: int
    resident_id: int
    due_at: dt.datetime


def doses_due(orders: Iterable[OrderFacts], start: dt.datetime, end: dt.datetime, zone: str) -> list[Dose]:
    """Every dose due in [start, end), by due instant, then line. Give it all versions of the lines it is about: a
    course counts over them.

    A dose of a version is due when its instant is in the version's span, the version lets doses fall due (it is no
    stop, no suspension, nothing entered in error), the home's day is one of its schedule's, and a course has doses
    left. A clock time that does not exist on a day falls due at the first instant that does; one that happens twice
    falls due once, at the first. The same (line, instant) comes once. A when-required medicine never falls due.
    """
    # Doses given before a change stay where they were: spans of versions never overlap.
    orders = list(orders)
    first, last = clock.local_day(start, zone) - _A_DAY, clock.local_day(end, zone)
    spans: list[Span] = [
        (o, None if o.schedule is None and o.kind == "regular" else schedules.plan(o), o.valid_to)
        for o in orders
        if _touches(o, start, end, first, last) and _runs(o)
    ]
    if not spans or start >= end:
        return []
    spans = sorted(_with_courses(spans, orders, zone), key=lambda span: span[0].line_id)
    wanted = sorted({t for o, plan, _ in spans for t in (o.times if plan is None else plan.clock_times())})
    due: dict[dt.datetime, dict[int, Dose]] = {}
    for offset in range((last - first).days + 1):  # from the day before: a missing time may fall past midnight
        day = first + offset * _A_DAY
        slots = _slots(day, wanted, start, end, zone)
        if slots:
            _fill(due, spans, day, slots)
    return [dose for at in sorted(due) for dose in due[at].values()]


def _runs(o: OrderFacts) -> bool:
    """Whether doses of this version can fall due at all."""
    return not (o.stopped or o.suspended or o.in_error or o.kind == "prn")


def _touches(o: OrderFacts, start: dt.datetime, end: dt.datetime, first: dt.date, last: dt.date) -> bool:
    if o.valid_from >= end or o.starts_on > last or (o.ends_on is not None and o.ends_on < first):
        return False
    return o.valid_to is None or o.valid_to > start


def _with_courses(spans: list[Span], orders: Iterable[OrderFacts], zone: str) -> list[Span]:
    """The same spans, those of courses ending with their last dose."""
    lines: dict[int, list[OrderFacts]] = {o.line_id: [] for o, *_ in spans if o.total_doses is not None}
    if not lines:
        return spans
    for o in orders:
        if o.line_id in lines:
            lines[o.line_id].append(o)
    return [
        (o, plan, ended if o.total_doses is None else course_end(o, lines[o.line_id], zone))
        for o, plan, ended in spans
    ]


def next_due(orders: Iterable[OrderFacts], after: dt.datetime, zone: str) -> dt.datetime | None:
    """When the next dose falls due, later than `after`; None when there is none. Give it one line's versions, all of
    them."""
    orders = list(orders)
    found = (_first_due(o, orders, after + _A_TICK, zone) for o in orders if _runs(o))
    return min((at for at in found if at is not None), default=None)


def _first_due(o: OrderFacts, orders: Iterable[OrderFacts], start: dt.datetime, zone: str) -> dt.datetime | None:
    ended = o.valid_to if o.total_doses is None else course_end(o, orders, zone)
    low = max(start, o.valid_from)
    if ended is not None and ended <= low:
        return None
    return next(_instants(schedules.plan(o), low, ended, zone), None)


# ---------------------------------------------------------------- courses


def course_end(o: OrderFacts, line: Iterable[OrderFacts], zone: str) -> dt.datetime | None:
    """When a version's doses end: at the next version, or straight after the last dose of its course.

    A course is the run of a line's versions that keep its first day. Doses are counted as they fall due from its
    beginning on, whatever became of them: a corrected time or a suspension leaves the rest of the course whole, nothing
    recorded later moves the last dose, and a refused dose is not made up for. Another first day is another course.
    """
    return _course_end(tuple(map(_part, _course(o, line))), zone)


def doses_left(o: OrderFacts, line: Iterable[OrderFacts], at: dt.datetime, zone: str) -> int | None:
    """How many doses of a version's course fall due later than a moment; None where it is no course."""
    if o.total_doses is None:
        return None
    due = sum(len(found) for found, _ in _counted(tuple(map(_part, _course(o, line))), zone, until=at + _A_TICK))
    return max(0, o.total_doses - due)


def _course(o: OrderFacts, line: Iterable[OrderFacts]) -> list[OrderFacts]:
    before = sorted((v for v in line if v.line_id == o.line_id and v.number < o.number), key=lambda v: -v.number)
    same = takewhile(lambda v: v.starts_on == o.starts_on and v.total_doses is not None, before)
    return [*reversed(list(same)), o]


class _Part(NamedTuple):
    """What one version adds to a course, as values, so that a course's end is worked out once."""

    plan: Plan
    runs: bool
    begun: dt.datetime
    ended: dt.datetime | None
    total: int


def _part(o: OrderFacts) -> _Part:
    return _Part(schedules.plan(o), _runs(o), o.valid_from, o.valid_to, o.total_doses)


@lru_cache(maxsize=4096)
def _course_end(parts: tuple[_Part, ...], zone: str) -> dt.datetime | None:
    *_, (_, ended) = _counted(parts, zone)
    return ended


def _counted(
    parts: Iterable[_Part], zone: str, until: dt.datetime | None = None
) -> Iterator[tuple[list[dt.datetime], dt.datetime | None]]:
    """For each part its doses, of those the course had left, and when they end."""
    due = 0
    for part in parts:
        left = max(0, part.total - due)
        high = part.ended if until is None or (part.ended is not None and part.ended < until) else until
        found = list(islice(_instants(part.plan, part.begun, high, zone), left)) if part.runs else []
        due += len(found)
        used_up = found[-1] + _A_TICK if found else part.begun
        yield found, used_up if len(found) == left else part.ended


def _instants(plan: Plan, low: dt.datetime, high: dt.datetime | None, zone: str) -> Iterator[dt.datetime]:
    """When doses of a plan fall due in [low, high), in order of time."""
    before, day = low - _A_TICK, clock.local_day(low, zone) - _A_DAY
    while (day := next(plan.days_from(day), None)) is not None:
        for at in sorted(instant_of(day, time, zone) for time in plan.times_on(day)):
            if high is not None and at >= high:
                return
            if at > before:  # two clock times can share an instant when the clocks go forward
                before = at
                yield at
        day += _A_DAY


# ---------------------------------------------------------------- one day


def _slots(day: dt.date, times: list[str], start: dt.datetime, end: dt.datetime, zone: str) -> dict[str, dt.datetime]:
    """The instants of a day's clock times that lie in the span: worked out once for all orders."""
    found = {time: instant_of(day, time, zone) for time in times}
    return {time: at for time, at in found.items() if start <= at < end}


@lru_cache(maxsize=4096)
def instant_of(day: dt.date, time: str, zone: str) -> dt.datetime:
    """The instant of a clock time `HH:MM` on a home's day, by the two rules for changes of the clocks."""
    return clock.at_local(day, dt.time.fromisoformat(time), zone)


def _fill(
    due: dict[dt.datetime, dict[int, Dose]], spans: list[Span], day: dt.date, slots: dict[str, dt.datetime]
) -> None:
    """Add one day's doses. Two clock times can share an instant when the clocks go forward: one dose a line."""
    lines = {time: due.setdefault(at, {}) for time, at in slots.items()}
    earliest, latest = min(slots.values()), max(slots.values())
    for o, plan, ended in spans:
        if o.starts_on > day or (o.ends_on is not None and o.ends_on < day):
            continue
        begun = o.valid_from
        whole = begun <= earliest and (ended is None or ended > latest)
        for time in o.times if plan is None else plan.times_on(day):
            at = slots.get(time)
            if at is not None and (whole or (begun <= at and (ended is None or at < ended))):
                lines[time][o.line_id] = Dose(o.line_id, o.version_id, o.resident_id, at)
