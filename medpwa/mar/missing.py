"""Doses without a record, however long ago: derived day by day, each day kept until something of it changes.

A day's answer rests on the orders, rounds and whereabouts of the home up to then and on that day's own entries. A day
of the past is asked for again and again and hardly ever changes: an order changed today, or somebody who goes out
today, leaves the weeks before as they were, so they cost one look at the newest ids.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from medpwa import clock, database
from medpwa.mar import queries
from medpwa.mar.queries import DoseLine
from medpwa.medicines import queries as orders
from medpwa.medicines.rules import OrderFacts
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
    happened = _happened(home_id)
    found: list[DoseLine] = []
    for day in days:
        make = partial(_of_day, home_id, home.zone, day, where)
        until_then = clock.day_bounds(day, home.zone)[1] + queries.AHEAD
        basis = (
            happened.until(until_then),
            tuple(row.id for row in settings if row.valid_from < until_then),
            _until(where, until_then),
        )
        kept = remembered("missing", (home_id, day), (basis, marks[day]), make, most=MOST_DAYS)
        found += [x for x in kept if x.dose.times.close_at <= at]
    return [x._replace(state=x.state._replace(late_by=at - x.due_at)) for x in found]


class _Happened:
    """What became of a home's orders, in order of time, as a mark for each moment: the same as long as nothing before
    that moment is another. A version added today changes the marks from today on alone."""

    def __init__(self, facts: Iterable[OrderFacts]) -> None:
        begun = ((o.valid_from, o.version_id, f"{o.checked}{o.in_error}") for o in facts)
        ended = ((o.valid_to, o.version_id, "ends") for o in facts if o.valid_to is not None)
        events, so_far = sorted((*begun, *ended)), hashlib.sha256()
        self.moments, self.marks = [at for at, *_ in events], [b""]
        for event in events:
            so_far.update(repr(event).encode())
            self.marks.append(so_far.digest())

    def until(self, moment: dt.datetime) -> bytes:
        """The mark of everything before a moment."""
        return self.marks[bisect_left(self.moments, moment)]


def _happened(home_id: int) -> _Happened:
    facts = orders.orders_of_home(home_id)
    return remembered("orders until", home_id, orders.orders_stamp(home_id), lambda: _Happened(facts))


def _until(where: Mapping[int, Sequence[tuple[dt.datetime, str]]], moment: dt.datetime) -> tuple:
    """Where everybody was before a moment; who came later is left out."""
    known = ((who, tuple(span for span in spans if span[0] < moment)) for who, spans in where.items())
    return tuple(own for own in known if own[1])


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
