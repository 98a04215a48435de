"""On which days, and at which clock times of a day, a schedule asks for a dose. Pure calendar arithmetic.

Every kind is a function of the day alone: nothing counts what was given, so a stay in hospital, a month's end or a
change of the clocks never moves the days of a fortnightly or alternate-day medicine (domain page 2).
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

LAST_OF_MONTH = -1
_A_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Step:
    """One stretch of a stepped dose. The last may have no end. Without amount or times the order's own hold."""

    first: dt.date
    last: dt.date | None
    amount: Decimal | None
    times: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A schedule read once: what it says about any day."""

    kind: str
    times: tuple[str, ...]
    starts_on: dt.date
    ends_on: dt.date | None = None
    n: int = 1
    on: int = 1
    off: int = 0
    days: frozenset[int] = frozenset()
    anchor: dt.date = dt.date(2000, 1, 3)
    steps: tuple[Step, ...] = ()

    def times_on(self, day: dt.date) -> tuple[str, ...]:
        """The clock times at which doses fall due on a day; none on a day off, before the first or after the last."""
        if day < self.starts_on or (self.ends_on is not None and day > self.ends_on):
            return ()
        if self.kind == "stepped":
            step = self.step_on(day)
            return step.times if step else ()
        if self.kind == "every_n_hours":
            return _hours_on(self, day)
        return self.times if _FALLS[self.kind](self, day) else ()

    def step_on(self, day: dt.date) -> Step | None:
        """The one step a day belongs to. Steps follow each other without overlap, so there is never a second."""
        return next((s for s in self.steps if s.first <= day and (s.last is None or day <= s.last)), None)

    def clock_times(self) -> set[str]:
        """Every clock time any of its days may have."""
        if self.kind == "stepped":
            return {time for step in self.steps for time in step.times}
        if self.kind == "every_n_hours":
            first = _minutes(self.times[0])
            return {_clock((first + turn * self.n * 60) % 1440) for turn in range(24)}
        return set(self.times)

    def days_from(self, day: dt.date, *, most: int = 800) -> Iterator[dt.date]:
        """Days with a dose, from a day on, in order; looks `most` days ahead (longer than any schedule repeats)."""
        day = max(day, self.starts_on)
        for _ in range(most):
            if self.ends_on is not None and day > self.ends_on:
                return
            if self.times_on(day):
                yield day
            day += _A_DAY


def plan_of(
    schedule: Mapping[str, Any] | None,
    *,
    kind: str = "regular",
    times: tuple[str, ...],
    starts_on: dt.date,
    ends_on: dt.date | None = None,
) -> Plan:
    """The plan a schedule's JSON stands for. Raises ValueError or KeyError for what is none: a plan nobody can read
    must never look like a day without a dose."""
    if kind in ("prn", "once"):
        return Plan(kind, times[:1] if kind == "once" else (), starts_on, ends_on)
    said = schedule or {"kind": "daily"}
    kind = said["kind"]
    if kind not in KINDS:
        raise ValueError(f"no such kind of schedule: {kind}")
    return Plan(
        kind,
        times,
        starts_on,
        ends_on,
        n=said.get("n", 1),
        on=said.get("on", 1),
        off=said.get("off", 0),
        days=frozenset(said.get("days", ())) if kind != "stepped" else frozenset(),
        anchor=dt.date.fromisoformat(said["anchor"]) if said.get("anchor") else starts_on,
        steps=tuple(_steps(said.get("steps", ()), times, starts_on)),
    )


def _steps(said: Any, times: tuple[str, ...], first: dt.date) -> Iterator[Step]:
    for step in said:
        days = step.get("days")
        last = first + (days - 1) * _A_DAY if days else None
        amount = Decimal(step["amount"]) if step.get("amount") else None
        yield Step(first, last, amount, tuple(sorted(step.get("times") or times)))
        if last is None:
            return
        first = last + _A_DAY


# ---------------------------------------------------------------- does it fall on a day


def _month_day(plan: Plan, day: dt.date) -> bool:
    return day.day in plan.days or (LAST_OF_MONTH in plan.days and (day + _A_DAY).day == 1)


def _in_week(plan: Plan, day: dt.date) -> bool:
    """Weeks begin on Monday, as the home's do; the anchor's week is the first of each turn."""
    monday, first = (d - d.weekday() * _A_DAY for d in (day, plan.anchor))
    return day.weekday() in plan.days and (monday - first).days // 7 % plan.n == 0


_FALLS: dict[str, Callable[[Plan, dt.date], bool]] = {
    "prn": lambda plan, day: False,
    "once": lambda plan, day: day == plan.starts_on,
    "daily": lambda plan, day: True,
    "advised": lambda plan, day: True,
    "weekdays": lambda plan, day: day.weekday() in plan.days,
    "every_n_days": lambda plan, day: (day - plan.anchor).days % plan.n == 0,
    "every_n_weeks": _in_week,
    "monthly": _month_day,
    "cycle": lambda plan, day: (day - plan.anchor).days % (plan.on + plan.off) < plan.on,
}
KINDS = (*(kind for kind in _FALLS if kind not in ("prn", "once")), "every_n_hours", "stepped")


def _hours_on(plan: Plan, day: dt.date) -> tuple[str, ...]:
    """Every n hours from the first day's first time, counted on the home's clock: a patch changed at 08:00 is changed
    at 08:00 on both sides of a change of the clocks."""
    since = (day - plan.starts_on).days * 1440 - _minutes(plan.times[0])
    turn, every = max(0, math.ceil(since / (plan.n * 60))), plan.n * 60
    found = []
    while (minute := turn * every - since) < 1440:
        found.append(_clock(minute))
        turn += 1
    return tuple(found)


def _minutes(time: str) -> int:
    return int(time[:2]) * 60 + int(time[3:])


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
