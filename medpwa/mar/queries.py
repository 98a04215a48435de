"""The doses of a home at a moment, with their states: what the round, the card and the board are all made from.

Nothing here is stored: due times come from the orders, states from the entries and the clock.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from medpwa import clock
from medpwa.errors import NotFound
from medpwa.mar import rules
from medpwa.mar.models import Entry, RoundPart, RoundSetting, Scan
from medpwa.mar.tickets import DoseKey
from medpwa.medicines import queries as orders
from medpwa.medicines.rules import OrderFacts, doses_due
from medpwa.permits import Actor
from medpwa.remember import remembered, stamp
from medpwa.residents import queries as residents
from medpwa.residents.vocabulary import AWAY, LEFT
from medpwa.staff.models import Home

LOOK_BACK = dt.timedelta(hours=24)  # gaps older than this wait in the gap review, not on the floor


# ---------------------------------------------------------------- rounds


def round_settings(home_id: int, at: dt.datetime | None = None) -> tuple[rules.RoundFacts, ...]:
    """The rounds of a home in force, by time of day."""
    at = at or clock.now()
    mark = stamp("SELECT max(id) FROM round_setting WHERE home_id = ?", home_id)
    rows = remembered("rounds", home_id, mark, lambda: tuple(_round_rows(home_id)))
    latest = {row.name: row for row in rows if row.valid_from <= at}
    found = [
        rules.RoundFacts(r.name, dt.time.fromisoformat(r.starts), r.close_minutes)
        for r in latest.values()
        if not r.retired
    ]
    return tuple(sorted(found, key=lambda r: r.starts))


def _round_rows(home_id: int) -> Iterable[RoundSetting]:
    return RoundSetting.select().where(RoundSetting.home == home_id).order_by(RoundSetting.valid_from, RoundSetting.id)


def spans_around(home: Home | Actor, at: dt.datetime) -> list[rules.RoundSpan]:
    """The rounds of the day before, this day and the next."""
    home_id = home.id if isinstance(home, Home) else home.home_id
    day, facts = clock.local_day(at, home.zone), round_settings(home_id, at)
    days = (day + dt.timedelta(days=n) for n in (-1, 0, 1))
    return [span for d in days for span in rules.rounds_on(facts, d, home.zone)]


def part_ended(by: Actor, span: rules.RoundSpan, note: str) -> bool:
    """Whether this person's newest hand-over of this round says just this: a form sent twice."""
    mine = (RoundPart.home == by.home_id) & (RoundPart.by == by.person_id) & (RoundPart.round_start == span.start_at)
    newest = RoundPart.select().where(mine).order_by(RoundPart.id.desc()).first()
    return newest is not None and (newest.round_name, newest.note) == (span.name, note)


# ---------------------------------------------------------------- doses


@dataclass(frozen=True, slots=True)
class DueDose:
    """A dose of an order with its round and clock; what it came to is not in it."""

    order: OrderFacts
    times: rules.DoseTimes
    span: rules.RoundSpan | None

    @property
    def key(self) -> DoseKey:
        return DoseKey(self.order.line_id, self.times.due_at)


@dataclass(frozen=True, slots=True)
class DoseLine:
    """A dose and its state at a moment, with its entries oldest first."""

    dose: DueDose
    state: rules.DoseState
    entries: tuple[rules.EntryFacts, ...] = field(default=())

    @property
    def order(self) -> OrderFacts:
        return self.dose.order

    @property
    def due_at(self) -> dt.datetime:
        return self.dose.times.due_at


def due_on(home_id: int, zone: str, day: dt.date) -> tuple[DueDose, ...]:
    """Every dose due on a home's day, in order of time; assembled once while orders and rounds stay the same."""
    facts = orders.orders_of_home(home_id)
    settings = round_settings(home_id, clock.day_bounds(day, zone)[1])
    return remembered("due", (home_id, day), (facts, settings), lambda: _due_on(facts, settings, zone, day))


def _due_on(facts, settings, zone: str, day: dt.date) -> tuple[DueDose, ...]:
    start, end = clock.day_bounds(day, zone)
    by_version = {o.version_id: o for o in facts}
    # A day more, so that the last dose of the day knows when the next one of its order closes it.
    ahead = doses_due(facts, start, end + dt.timedelta(hours=26), zone)
    following: dict[int, list[dt.datetime]] = defaultdict(list)
    for dose in ahead:
        following[dose.line_id].append(dose.due_at)
    spans = [s for n in (-1, 0) for s in rules.rounds_on(settings, day + dt.timedelta(days=n), zone)]
    today = [d for d in ahead if d.due_at < end]
    found = [_due_dose(by_version[d.version_id], d.due_at, spans, following[d.line_id]) for d in today]
    return tuple(sorted(found, key=lambda d: (d.times.due_at, d.order.resident_id, d.order.line_id)))


def _due_dose(order: OrderFacts, due_at: dt.datetime, spans, following: list[dt.datetime]) -> DueDose:
    span = rules.round_of(due_at, spans)
    next_due = min((d for d in following if d > due_at), default=None)
    times = rules.DoseTimes(due_at, order.window_before, order.window_after, rules.close_of(due_at, span, next_due))
    return DueDose(order, times, span)


def due_between(home: Home | Actor, start: dt.datetime, end: dt.datetime) -> list[DueDose]:
    """Doses of a home due in [start, end)."""
    home_id = home.id if isinstance(home, Home) else home.home_id
    day, last = clock.local_day(start, home.zone), clock.local_day(end, home.zone)
    found: list[DueDose] = []
    while day <= last:
        found += [d for d in due_on(home_id, home.zone, day) if start <= d.times.due_at < end]
        day += dt.timedelta(days=1)
    return found


def lines_between(
    home: Home | Actor, start: dt.datetime, end: dt.datetime, at: dt.datetime, resident_id: int | None = None
) -> list[DoseLine]:
    """Doses due in [start, end) with their states at `at`; of one resident when asked."""
    home_id = home.id if isinstance(home, Home) else home.home_id
    doses = due_between(home, start, end)
    if resident_id is not None:
        doses = [d for d in doses if d.order.resident_id == resident_id]
    entries = entries_between(home_id, start, end, resident_id)
    where = residents.whereabouts_spans(home_id)
    found = []
    for dose in doses:
        state_then = where_at(where.get(dose.order.resident_id, ()), dose.times.due_at)
        mine = entries.get((dose.order.line_id, dose.times.due_at), ())
        if state_then in LEFT and not mine:
            continue
        away = state_then if state_then in AWAY else ""
        found.append(DoseLine(dose, rules.dose_state(dose.times, mine, at, away=away), tuple(mine)))
    return found


def where_at(spans: Iterable[tuple[dt.datetime, str]], at: dt.datetime) -> str:
    """Where a resident was at a moment, by their spans in order; in the home until something else is recorded."""
    state = "home"
    for since, what in spans:
        if since > at:
            break
        state = what
    return state


_ENTRY_COLUMNS = (
    Entry.id,
    Entry.entry_id,
    Entry.order_line,
    Entry.due_at,
    Entry.outcome,
    Entry.reason,
    Entry.note,
    Entry.given_at,
    Entry.at,
    Entry.by,
    Entry.after_the_fact,
    Entry.flags,
    Entry.corrects,
    Entry.administered_by,
)


def entries_between(
    home_id: int, start: dt.datetime, end: dt.datetime, resident_id: int | None = None
) -> dict[tuple[int, dt.datetime], list[rules.EntryFacts]]:
    """Stored entries by dose, oldest first; those that a correction replaced are marked void."""
    which = (Entry.due_at >= start) & (Entry.due_at < end)
    which &= (Entry.resident == resident_id) if resident_id is not None else (Entry.home == home_id)
    return _by_dose(Entry.select(*_ENTRY_COLUMNS).where(which).order_by(Entry.id).tuples())


def entries_of_dose(key: DoseKey) -> list[rules.EntryFacts]:
    """Stored entries of one dose, oldest first."""
    which = (Entry.order_line == key.line_id) & (Entry.due_at == key.due_at)
    rows = Entry.select(*_ENTRY_COLUMNS).where(which).order_by(Entry.id).tuples()
    return _by_dose(rows).get((key.line_id, key.due_at), [])


def _by_dose(rows) -> dict[tuple[int, dt.datetime], list[rules.EntryFacts]]:
    rows = list(rows)
    corrected = {row[12] for row in rows if row[12] is not None}
    found: dict[tuple[int, dt.datetime], list[rules.EntryFacts]] = defaultdict(list)
    for row in rows:
        found[(row[2], row[3])].append(entry_facts(row, void=row[0] in corrected))
    return found


def entry_facts(row: tuple, *, void: bool = False) -> rules.EntryFacts:
    """A stored entry as the rules see it."""
    return rules.EntryFacts(
        id=row[0],
        entry_id=row[1],
        line_id=row[2],
        due_at=row[3],
        outcome=row[4],
        reason=row[5],
        note=row[6],
        given_at=row[7],
        at=row[8],
        by=row[9],
        after_the_fact=row[10],
        flags=tuple(row[11]),
        void=void,
        administered_by=row[13],
    )


def last_given(line_ids: list[int]) -> dict[int, dt.datetime]:
    """When each order line was last given, by one index seek a line."""
    from medpwa.medicines.models import OrderLine

    if not line_ids:
        return {}
    newest = (
        Entry.select(Entry.given_at)
        .where((Entry.order_line == OrderLine.id) & (Entry.outcome == "given"))
        .order_by(Entry.given_at.desc())
        .limit(1)
    )
    rows = OrderLine.select(OrderLine.id, newest.alias("last")).where(OrderLine.id.in_(line_ids)).tuples()
    return {line_id: _instant(at) for line_id, at in rows if at is not None}


def _instant(value: int | dt.datetime) -> dt.datetime:
    return value if isinstance(value, dt.datetime) else clock.from_micros(value)


# ---------------------------------------------------------------- who stands before us


def identified(who: Actor, resident_id: int) -> rules.Identified | None:
    """How this person opened this resident in this session; None when the newest opening was of somebody else, or
    there was none. The newest one alone counts (decision 9)."""
    row = (
        Scan.select(Scan.id, Scan.resident, Scan.how, Scan.place, Scan.at)
        .where((Scan.by == who.person_id) & (Scan.session == who.session_id) & (Scan.stopped == False))  # noqa: E712
        .order_by(Scan.id.desc())
        .limit(1)
        .tuples()
        .first()
    )
    if row is None or row[1] != resident_id:
        return None
    return rules.Identified(row[0], row[2], row[3], row[4])


def newest_scan(who: Actor, label_id: int) -> Scan | None:
    """The newest scan by this person in this session, if it was of this label."""
    mine = (Scan.by == who.person_id) & (Scan.session == who.session_id)
    found = Scan.select().where(mine).order_by(Scan.id.desc()).first()
    return found if found is not None and found.label_id == label_id else None


def dose_of(by: Actor, key: DoseKey) -> DueDose:
    """The dose a key names in the actor's home, as its order stands when it falls due; NotFound for anything else."""
    day = clock.local_day(key.due_at, by.zone)
    for dose in due_on(by.home_id, by.zone, day):
        if dose.order.line_id == key.line_id and dose.times.due_at == key.due_at:
            return dose
    raise NotFound()


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
