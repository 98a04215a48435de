"""The doses of a home at a moment, with their states: what the round, the card and the board are all made from.

Nothing here is stored: due times come from the orders, states from the entries and the clock.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import NamedTuple

from medpwa import clock, database
from medpwa.errors import NotFound
from medpwa.mar import rounds, states
from medpwa.mar.entries import (  # noqa: F401 offered here too
    OfResident,
    entries_of_dose,
    entries_of_resident,
    entries_since,
)
from medpwa.mar.models import RoundPart, RoundSetting
from medpwa.mar.tickets import DoseKey
from medpwa.mar.vocabulary import OUTCOMES
from medpwa.medicines import queries as orders
from medpwa.medicines.rules import OrderFacts, doses_due
from medpwa.permits import Actor
from medpwa.remember import home_stamp, once_a_look, remembered, renewed
from medpwa.residents import queries as residents
from medpwa.residents.rules import latest_at
from medpwa.residents.vocabulary import AWAY, LEFT
from medpwa.staff.models import Home

MOST_DAYS = 100  # days of homes whose due doses a process keeps
A_MINUTE = dt.timedelta(minutes=1)
AHEAD = dt.timedelta(hours=26)  # how far past a day orders are read, for the close of its last doses
LOOK_BACK = dt.timedelta(hours=24)  # gaps older than this wait in the gap review, not on the floor


# ---------------------------------------------------------------- rounds


def round_settings(home_id: int, at: dt.datetime | None = None) -> tuple[rounds.RoundFacts, ...]:
    """The rounds of a home in force, by time of day."""
    return _rounds_at(_round_rows(home_id), at or clock.now())


def _rounds_at(rows: Iterable[RoundSetting], at: dt.datetime) -> tuple[rounds.RoundFacts, ...]:
    latest = {row.name: row for row in rows if row.valid_from <= at}
    found = [
        rounds.RoundFacts(r.name, dt.time.fromisoformat(r.starts), r.close_minutes)
        for r in latest.values()
        if not r.retired
    ]
    return tuple(sorted(found, key=lambda r: r.starts))


@once_a_look("round_setting")
def _round_rows(home_id: int) -> tuple[RoundSetting, ...]:
    mark = home_stamp(("round_setting",), "SELECT max(id) FROM round_setting WHERE home_id = ?", home_id)
    mine = RoundSetting.select().where(RoundSetting.home == home_id)
    return remembered("rounds", home_id, mark, lambda: tuple(mine.order_by(RoundSetting.valid_from, RoundSetting.id)))


def spans_around(home: Home | Actor, at: dt.datetime) -> list[rounds.RoundSpan]:
    """The rounds of the day before, this day and the next."""
    home_id = home.id if isinstance(home, Home) else home.home_id
    day, facts = clock.local_day(at, home.zone), round_settings(home_id, at)
    days = (day + dt.timedelta(days=n) for n in (-1, 0, 1))
    return [span for d in days for span in rounds.rounds_on(facts, d, home.zone)]


def part_ended(by: Actor, span: rounds.RoundSpan, note: str) -> bool:
    """Whether this person's newest hand-over of this round says just this: a form sent twice."""
    mine = (RoundPart.home == by.home_id) & (RoundPart.by == by.person_id) & (RoundPart.round_start == span.start_at)
    newest = RoundPart.select().where(mine).order_by(RoundPart.id.desc()).first()
    return newest is not None and (newest.round_name, newest.note) == (span.name, note)


# ---------------------------------------------------------------- doses


@dataclass(frozen=True, slots=True)
class DueDose:
    """A dose of an order with its round and clock; what it came to is not in it."""

    order: OrderFacts
    times: states.DoseTimes
    span: rounds.RoundSpan | None

    @property
    def key(self) -> DoseKey:
        return DoseKey(self.order.line_id, self.times.due_at)


class DoseLine(NamedTuple):
    """A dose and its state at a moment, with its entries oldest first."""

    dose: DueDose
    state: states.DoseState
    entries: tuple[states.EntryFacts, ...] = ()

    @property
    def order(self) -> OrderFacts:
        return self.dose.order

    @property
    def due_at(self) -> dt.datetime:
        return self.dose.times.due_at

    @property
    def place(self) -> tuple[int, dt.datetime]:
        """Where its entries are found among a resident's."""
        return self.dose.order.line_id, self.dose.times.due_at


def due_on(home_id: int, zone: str, day: dt.date) -> tuple[DueDose, ...]:
    """Every dose due on a home's day, in order of time; assembled once while orders and rounds stay the same."""
    facts, settings = orders.orders_of_home(home_id), _round_rows(home_id)
    basis = (facts, settings)
    return remembered("due", (home_id, day), basis, lambda: _due_on(facts, settings, zone, day), most=MOST_DAYS)


def due_by_resident(home_id: int, zone: str, day: dt.date) -> dict[int, tuple[DueDose, ...]]:
    """The same, by resident."""
    doses = due_on(home_id, zone, day)
    return remembered("due by resident", (home_id, day), doses, lambda: _by_resident(doses), most=MOST_DAYS)


def _by_resident(doses: Iterable[DueDose]) -> dict[int, tuple[DueDose, ...]]:
    found: dict[int, list[DueDose]] = defaultdict(list)
    for dose in doses:
        found[dose.order.resident_id].append(dose)
    return {resident_id: tuple(own) for resident_id, own in found.items()}


def _due_on(
    facts, settings, zone: str, day: dt.date, but: Container[tuple[int, int]] = frozenset()
) -> tuple[DueDose, ...]:
    start, end = clock.day_bounds(day, zone)
    by_version = {o.version_id: o for o in facts}
    whole_day = doses_due(facts, start, end, zone)
    number = {at: clock.micros(at) for at in {d.due_at for d in whole_day}}
    today = [d for d in whole_day if (d.line_id, number[d.due_at]) not in but]
    wanted = {d.line_id for d in today}
    # A day more, so that the last dose of the day knows when the next one of its order closes it.
    ahead = doses_due([o for o in facts if o.line_id in wanted], end, end + AHEAD, zone)
    following: dict[int, list[dt.datetime]] = defaultdict(list)
    for dose in (*whole_day, *ahead):
        if dose.line_id in wanted:
            following[dose.line_id].append(dose.due_at)
    set_then = _rounds_at(settings, end)
    spans = [s for n in (-1, 0) for s in rounds.rounds_on(set_then, day + dt.timedelta(days=n), zone)]
    found = [_due_dose(by_version[d.version_id], d.due_at, spans, following[d.line_id]) for d in today]
    return tuple(sorted(found, key=lambda d: (d.times.due_at, d.order.resident_id, d.order.line_id)))


def _due_dose(order: OrderFacts, due_at: dt.datetime, spans, following: list[dt.datetime]) -> DueDose:
    span = rounds.round_of(due_at, spans)
    next_due = min((d for d in following if d > due_at), default=None)
    times = states.DoseTimes(due_at, order.window_before, order.window_after, rounds.close_of(due_at, span, next_due))
    return DueDose(order, times, span)


def lines_between(
    home: Home | Actor, start: dt.datetime, end: dt.datetime, at: dt.datetime, resident_id: int | None = None
) -> list[DoseLine]:
    """Doses due in [start, end) with their states at `at`, in order of time; of one resident when asked."""
    look = _Look(home, start, end, at)
    if resident_id is not None:
        return list(look.lines_of(resident_id))
    found = [x for own in look.by_resident().values() for x in own]
    return sorted(found, key=lambda x: (x.due_at, x.order.resident_id, x.order.line_id))


def lines_by_resident(
    home: Home | Actor, start: dt.datetime, end: dt.datetime, at: dt.datetime
) -> dict[int, tuple[DoseLine, ...]]:
    """The same by resident, each in order of time. A resident's tuple is the very same one as before while neither
    their doses nor the minute changed, so what is made from it need not be made again."""
    return _Look(home, start, end, at).by_resident()


def past_of_resident(
    home: Home | Actor, resident_id: int, start: dt.datetime, end: dt.datetime, at: dt.datetime
) -> tuple[list[DoseLine], list[states.EntryFacts]]:
    """One resident's doses due in [start, end) with their states at `at`, in order of time, and the entries that belong
    to none of them (at no set time, or for a time the plan no longer has), oldest first. Nothing is kept: a history is
    read once."""
    home_id = home.id if isinstance(home, Home) else home.home_id
    facts, settings = orders.orders_of_resident(home_id, resident_id), _round_rows(home_id)
    first, last = clock.local_day(start, home.zone), clock.local_day(end, home.zone)
    days = (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
    doses = [d for day in days for d in _due_on(facts, settings, home.zone, day)]
    entries, loose = entries_of_resident(home_id, resident_id, start, end)
    where = residents.whereabouts_spans(home_id).get(resident_id, ())
    lines = list(_lines(doses, where, entries, start, end, states.moment_of(at)))
    planned = {(x.order.line_id, x.due_at) for x in lines}
    strays = [e for dose, own in entries.items() if dose not in planned for e in own]
    return lines, sorted([*loose, *strays], key=lambda e: e.id)


class _Look:
    """What the dose lines of a home are made from, gathered once for all its residents."""

    def __init__(self, home: Home | Actor, start: dt.datetime, end: dt.datetime, at: dt.datetime) -> None:
        self.home_id = home.id if isinstance(home, Home) else home.home_id
        self.start, self.end, self.spans = start, end, (at - start, end - at)
        self.at = at if any(span % A_MINUTE for span in self.spans) else states.moment_of(at)
        first, last = clock.local_day(start, home.zone), clock.local_day(end, home.zone)
        days = (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
        self.days = [due_by_resident(self.home_id, home.zone, day) for day in days]
        self.entries = entries_since(self.home_id, start)
        self.where = residents.whereabouts_spans(self.home_id)

    def by_resident(self) -> dict[int, tuple[DoseLine, ...]]:
        """Everybody with a dose in these days."""
        return {resident_id: self.lines_of(resident_id) for resident_id in dict.fromkeys(chain(*self.days))}

    def lines_of(self, resident_id: int) -> tuple[DoseLine, ...]:
        """One resident's lines: made again when an order, a round, an entry or the minute is another."""
        doses = tuple(day.get(resident_id, ()) for day in self.days)
        where, entries = self.where.get(resident_id, ()), self.entries.get(resident_id, {})
        basis = (self.at, doses, where, entries)
        key = (self.home_id, resident_id, *self.spans)
        return renewed("lines", key, basis, partial(self._renewed, basis), most=3_000)

    def _renewed(self, basis: tuple, before: tuple | None) -> tuple[DoseLine, ...]:
        """The lines of a basis. Where it is the one before with entries added, only their doses' lines are made."""
        _, doses, where, entries = basis
        if before is not None and before[0][:3] == basis[:3]:
            then, lines = before[0][3], before[1]
            fresh = {dose for dose, own in entries.items() if then.get(dose) is not own}
            if fresh <= {x.place for x in lines} and then.keys() <= entries.keys():
                again = (_line(x.dose, where, entries[x.place], self.at) if x.place in fresh else x for x in lines)
                return tuple(again)
        return tuple(_lines(chain(*doses), where, entries, self.start, self.end, self.at))


def _lines(doses: Iterable[DueDose], where, entries: OfResident, start, end, at: dt.datetime) -> Iterator[DoseLine]:
    """The doses of a span with their entries and states; those of somebody who has left are no doses."""
    for dose in doses:
        if start <= dose.times.due_at < end:
            mine = entries.get((dose.order.line_id, dose.times.due_at), ())
            if mine or where_at(where, dose.times.due_at) not in LEFT:
                yield _line(dose, where, mine, at)


def _line(dose: DueDose, where, mine: tuple[states.EntryFacts, ...], at: dt.datetime) -> DoseLine:
    then = where_at(where, dose.times.due_at)
    return DoseLine(dose, states.dose_state(dose.times, mine, at, away=then if then in AWAY else ""), mine)


def line_at(
    dose: DueDose, where: Iterable[tuple[dt.datetime, str]], mine: tuple[states.EntryFacts, ...], at: dt.datetime
) -> DoseLine:
    """One dose with its state at a moment, by its resident's whereabouts and its own entries, oldest first."""
    return _line(dose, where, mine, at)


def left_before(dose: DueDose, where: Mapping[int, Iterable[tuple[dt.datetime, str]]]) -> bool:
    """Whether a dose fell due after its resident had left: then it is none."""
    return where_at(where.get(dose.order.resident_id, ()), dose.times.due_at) in LEFT


def doses_of_day(home_id: int, zone: str, day: dt.date, but: Container[tuple[int, int]]) -> list[DueDose]:
    """The doses due on a home's day but those named by (order line, due time in microseconds), put together anew."""
    facts, settings = orders.orders_of_home(home_id), _round_rows(home_id)
    return list(_due_on(facts, settings, zone, day, but))


def round_rows(home_id: int) -> tuple[RoundSetting, ...]:
    """Every setting of the home's rounds there ever was: what changes when one is set."""
    return _round_rows(home_id)


def where_at(spans: Iterable[tuple[dt.datetime, str]], at: dt.datetime) -> str:
    """Where a resident was at a moment, by their spans in order; in the home until something else is recorded."""
    return latest_at(spans, at) or "home"


def dues_around(by: Actor, resident_id: int, at: dt.datetime) -> Mapping[int, tuple[dt.datetime, ...]]:
    """When a resident's doses fall due today and tomorrow, by order line, in order of time."""
    today = clock.local_day(at, by.zone)
    days = [due_by_resident(by.home_id, by.zone, day) for day in (today, today + dt.timedelta(days=1))]
    doses = tuple(day.get(resident_id, ()) for day in days)
    return remembered("dues around", (by.home_id, resident_id), doses, lambda: _dues_by_line(chain(*doses)))


def _dues_by_line(doses: Iterable[DueDose]) -> dict[int, tuple[dt.datetime, ...]]:
    found: dict[int, list[dt.datetime]] = defaultdict(list)
    for dose in doses:
        found[dose.order.line_id].append(dose.times.due_at)
    return {line_id: tuple(dues) for line_id, dues in found.items()}


# The newest give of a line that no correction replaced: one short walk back along the index for each kind of give.
_NEWEST_GIVE = """(SELECT e.given_at FROM entry e WHERE e.order_line_id = l.id AND e.outcome = '{}'
    AND NOT EXISTS (SELECT 1 FROM entry c WHERE c.corrects_id = e.id) ORDER BY e.given_at DESC LIMIT 1)"""
_NEWEST_GIVES = ", ".join(_NEWEST_GIVE.format(outcome) for outcome in OUTCOMES if OUTCOMES[outcome].given)


def last_given(line_ids: list[int]) -> dict[int, dt.datetime]:
    """When each order line was last given, struck out and corrected entries apart, by a few index seeks a line."""
    if not line_ids:
        return {}
    marks = ", ".join("?" * len(line_ids))
    found = database.rows(f"SELECT l.id, {_NEWEST_GIVES} FROM order_line l WHERE l.id IN ({marks})", *line_ids)
    newest = {line_id: max((at for at in gives if at is not None), default=None) for line_id, *gives in found}
    return {line_id: clock.from_micros(at) for line_id, at in newest.items() if at is not None}


_HELP_ASKED = """SELECT 1 FROM help_request WHERE "by" = ? AND order_line_id = ? AND due_at = ? AND kind = ? AND at > ?
    AND coalesce(asked_person, 0) = ? LIMIT 1"""


def help_asked_since(by: Actor, key: DoseKey, kind: str, asked: int | None, since: dt.datetime) -> bool:
    """Whether this person asked the same of the same colleague for the same dose since a moment."""
    when = clock.micros(key.due_at), kind, clock.micros(since), asked or 0
    return bool(database.rows(_HELP_ASKED, by.person_id, key.line_id, *when))


def dose_of(by: Actor, key: DoseKey) -> DueDose:
    """The dose a key names in the actor's home, as its order stands when it falls due; NotFound for anything else."""
    day = clock.local_day(key.due_at, by.zone)
    doses = due_on(by.home_id, by.zone, day)
    named = remembered("dose by key", (by.home_id, day), doses, lambda: {d.key: d for d in doses}, most=MOST_DAYS)
    if key not in named:
        raise NotFound()
    return named[key]


def line_ids_of(home_id: int, resident_id: int) -> set[int]:
    """Every order line a resident has or had."""
    return {o.line_id for o in orders.orders_of_resident(home_id, resident_id)}


def version_for_fact(by: Actor, resident_id: int, line_id: int, given_at: dt.datetime) -> tuple[int, OrderFacts]:
    """The order version a dose already given was given under: the one in force then, else the first there was. The
    order may be stopped or unchecked meanwhile; that is no reason to lose a fact."""
    versions = [o for o in orders.orders_of_resident(by.home_id, resident_id) if o.line_id == line_id]
    if not versions:
        raise NotFound()
    then = [o for o in versions if o.valid_from <= given_at]
    order = max(then, key=lambda o: o.number) if then else min(versions, key=lambda o: o.number)
    return order.version_id, order
