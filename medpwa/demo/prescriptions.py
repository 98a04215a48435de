"""What is prescribed at the demo home, and which doses of it fall due on a day.

The lines are those of demo home 11.1 that schedules and outcomes can say: `ground_floor`, `first_floor` and, when
required, `when_required`. An order is known by its place in `LINES`; the first ones, `ORDERS`, fall due by the clock.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import NamedTuple

from medpwa.demo import first_floor, ground_floor, when_required
from medpwa.demo.medicine_line import (  # noqa: F401 offered here too
    BD,
    GP,
    HAND_COPIED,
    LIVE,
    NOON,
    OM,
    ON,
    QDS,
    SKILL_OF_ROUTE,
    TDS,
    TEA,
    TOLD_FROM,
    TUBE_BD,
    Order,
)
from medpwa.medicines.recurrence import Plan, plan_of

ORDERS: tuple[Order, ...] = (*ground_floor.LINES, *first_floor.LINES)
WHEN_REQUIRED: tuple[Order, ...] = when_required.LINES
LINES: tuple[Order, ...] = (*ORDERS, *WHEN_REQUIRED)


class Due(NamedTuple):
    """One dose: whose, which order (its place in LINES), and the local time it falls due, without a zone."""

    resident: str
    order: int
    at: dt.datetime


@lru_cache(maxsize=8192)
def _plan(place: int, d0: dt.date) -> Plan:
    order = ORDERS[place]
    first, last = first_day(order, d0), last_day(order, d0)
    return plan_of(order.schedule(d0), kind=order.kind, times=order.times, starts_on=first, ends_on=last)


def first_day(order: Order, d0: dt.date) -> dt.date:
    """The first day with a dose, in a home made on D0."""
    return d0 + dt.timedelta(days=order.from_day)


def last_day(order: Order, d0: dt.date) -> dt.date | None:
    """The last day, None where it goes on."""
    return None if order.until_day is None else d0 + dt.timedelta(days=order.until_day - 1)


@lru_cache(maxsize=1024)
def _due_on(day: dt.date, d0: dt.date) -> tuple[Due, ...]:
    found = [
        Due(order.resident, place, dt.datetime.combine(day, dt.time.fromisoformat(time)))
        for place, order in enumerate(ORDERS)
        for time in _plan(place, d0).times_on(day)
    ]
    return tuple(sorted(found, key=lambda due: (due.at, due.order)))


def due_on(day: dt.date, d0: dt.date) -> list[Due]:
    """The doses of one day by time, in a home made on D0; a day somebody is out still has his doses."""
    return list(_due_on(day, d0))


def following(due: Due, d0: dt.date) -> dt.datetime | None:
    """When the next dose of the same order falls due, within the day after; None when none does."""
    days = (due.at.date(), due.at.date() + dt.timedelta(days=1))
    return min((x.at for day in days for x in _due_on(day, d0) if x.order == due.order and x.at > due.at), default=None)
