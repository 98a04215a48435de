"""Doses without a record, however long ago: derived day by day, each day kept until something of it changes.

A day's answer rests on the orders, rounds and whereabouts of the home and on that day's own entries. A day of the past
is asked for again and again and hardly ever changes, so weeks of them cost one look at the newest ids.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import partial

from medpwa import clock, database
from medpwa.mar import queries
from medpwa.mar.queries import DoseLine
from medpwa.medicines import queries as orders
from medpwa.permits import Actor
from medpwa.remember import remembered, while_nothing_newer
from medpwa.residents import queries as residents
from medpwa.staff.models import Home

WEEKS = 5  # what the page of gaps looks back over at a time
MOST_DAYS = 1_000  # days of homes kept in one process; a day holds its gaps alone
_ONE = dt.timedelta(days=1)

_MARKS = """SELECT due_at, max(id), count(*) FROM entry WHERE home_id = ? AND due_at >= ? AND due_at < ?
    GROUP BY due_at ORDER BY due_at"""
# Entries that say something of their dose: not struck out, and not replaced by another.
_SETTLED = """SELECT order_line_id, due_at FROM entry e WHERE home_id = ? AND due_at >= ? AND due_at < ?
    AND outcome <> 'struck' AND NOT EXISTS (SELECT 1 FROM entry c WHERE c.corrects_id = e.id)"""


def missing(home: Home | Actor, since: dt.date, until: dt.date, at: dt.datetime) -> list[DoseLine]:
    """Doses due on the home's days from `since` to `until` (both included) that stand as gaps at a moment, oldest
    first."""
    home_id = home.id if isinstance(home, Home) else home.home_id
    days = [since + n * _ONE for n in range((until - since).days + 1)]
    marks = _marks(home_id, home.zone, days)
    where, settings = residents.whereabouts_spans(home_id), queries.round_rows(home_id)
    basis = (orders.orders_stamp(home_id), tuple(row.id for row in settings), where)
    found: list[DoseLine] = []
    for day in days:
        make = partial(_of_day, home_id, home.zone, day, where)
        kept = remembered("missing", (home_id, day), (basis, marks[day]), make, most=MOST_DAYS)
        found += [x for x in kept if x.dose.times.close_at <= at]
    return [x._replace(state=x.state._replace(late_by=at - x.due_at)) for x in found]


def _marks(home_id: int, zone: str, days: list[dt.date]) -> dict[dt.date, tuple[int, int]]:
    """What changes when an entry of a day's doses is added: the highest id and how many there are, by day."""
    start, end = clock.day_bounds(days[0], zone)[0], clock.day_bounds(days[-1], zone)[1]
    span = (home_id, clock.micros(start), clock.micros(end))
    rows = while_nothing_newer("entry marks", span, ("entry",), lambda: database.rows(_MARKS, *span))
    found = dict.fromkeys(days, (0, 0))
    for due_at, newest, count in rows:
        day = clock.local_day(clock.from_micros(due_at), zone)
        found[day] = (max(found[day][0], newest), found[day][1] + count)
    return found


def _of_day(home_id: int, zone: str, day: dt.date, where) -> tuple[DoseLine, ...]:
    """The doses of a day that no entry says anything of, whether or not they have closed yet. Nearly every dose has its
    entry: only the others are put together with their rounds and windows."""
    start, end = (clock.micros(moment) for moment in clock.day_bounds(day, zone))
    settled = set(database.rows(_SETTLED, home_id, start, end))
    return tuple(_here(queries.doses_of_day(home_id, zone, day, settled), where))


def _here(doses: Iterable[queries.DueDose], where) -> Iterable[DoseLine]:
    """Doses of people who lived here and were in the home when they fell due; seen from long after their close."""
    for dose in doses:
        if not queries.left_before(dose, where):
            x = queries.line_at(dose, where.get(dose.order.resident_id, ()), (), dose.times.close_at)
            if x.state.kind == "gap":
                yield x
