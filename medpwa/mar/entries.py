"""Stored entries by dose: read anew where a dose is judged; kept, and brought up to date, where pages show them.

Entries are never changed, and the ids of one home grow in the order of its commits (every writer holds the home's
chain). So what was read stays right, and one seek for higher ids finds all that came since, in whichever process.
"""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from medpwa import clock, database
from medpwa.mar.states import EntryFacts
from medpwa.mar.tickets import DoseKey
from medpwa.remember import once_a_look

Dose = tuple[int, dt.datetime]  # an order line and when its dose was due
OfResident = Mapping[Dose, tuple[EntryFacts, ...]]  # oldest first; never changed once handed out

KEEP = dt.timedelta(hours=72)  # what lies further back than a page looks is let go after this
MOST_HOMES = 24  # homes kept in one process at a time
_SELECT = """SELECT id, entry_id, order_line_id, due_at, outcome, reason, note, given_at, at, "by", after_the_fact,
    flags, administered_by, corrects_id, resident_id, amount, given_by, extra, witnessed_by, phone_at,
    correction_reason, supervised_by, break_glass_id FROM entry """


def entries_of_dose(key: DoseKey) -> list[EntryFacts]:
    """Stored entries of one dose, oldest first, as they are now; those that a correction replaced are marked void."""
    return list(_read_dose(key))


@once_a_look("entry")
def _read_dose(key: DoseKey) -> tuple[EntryFacts, ...]:
    which = _SELECT + "WHERE order_line_id = ? AND due_at = ? ORDER BY id"
    found = _with({}, database.rows(which, key.line_id, clock.micros(key.due_at)))
    return found.get((key.line_id, key.due_at), ())


def entries_since(home_id: int, since: dt.datetime) -> Mapping[int, OfResident]:
    """Entries of a home's doses due from a moment on, at least, by resident. A transaction that has written something
    reads them from the database alone: its own rows may yet be rolled back."""
    if database.unsettled():
        return _grouped(_due_since(home_id, since))
    home = _home(home_id)
    with home.lock:
        home.bring_up_to_date(home_id, since)
        return home.by_resident


def entries_of_resident(
    home_id: int, resident_id: int, start: dt.datetime, end: dt.datetime
) -> tuple[OfResident, tuple[EntryFacts, ...]]:
    """One resident's entries by dose for doses due in [start, end), and those at no set time recorded or given in it,
    oldest first; read anew by an index of that resident, however long ago it was."""
    span = (home_id, resident_id, clock.micros(start), clock.micros(end))
    theirs = _SELECT + "WHERE +home_id = ? AND resident_id = ?"  # the plus keeps the planner on the resident's index
    due = database.rows(f"{theirs} AND due_at >= ? AND due_at < ? ORDER BY id", *span)
    loose = database.rows(f"{theirs} AND due_at IS NULL AND given_at >= ? AND given_at < ? ORDER BY id", *span)
    # A when-required medicine that was offered and not needed has neither a due time nor a time given.
    offered = f"{theirs} AND due_at IS NULL AND given_at IS NULL AND at >= ? AND at < ? ORDER BY id"
    loose = sorted([*loose, *database.rows(offered, *span)])
    corrected = {row[13] for row in loose if row[13] is not None}
    return _with({}, due), tuple(_voided(_facts(row), corrected) for row in loose)


def entries_of_line(line_id: int, since: dt.datetime) -> list[EntryFacts]:
    """One order's entries of doses due since a moment, oldest first, read anew by the index of that order."""
    rows = database.rows(_SELECT + "WHERE order_line_id = ? AND due_at >= ? ORDER BY id", line_id, clock.micros(since))
    found = [e for own in _with({}, rows).values() for e in own]
    return sorted(found, key=lambda e: e.id)


def chain_of(home_id: int, line_id: int, entry_id: int) -> list[EntryFacts]:
    """An entry at no set time with everything that corrects it or that it corrects, oldest first, void ones marked."""
    theirs = _SELECT + "WHERE order_line_id = ? AND +home_id = ? AND due_at IS NULL ORDER BY id"
    found = [_facts(row) for row in database.rows(theirs, line_id, home_id)]
    voided = {e.corrects for e in found if e.corrects is not None}
    marked = {e.id: _voided(e, voided) for e in found}
    mine = {entry_id}
    for e in marked.values():  # oldest first: what corrects one of ours is ours
        if e.corrects in mine:
            mine.add(e.id)
    first = marked[entry_id]
    while first.corrects is not None:
        first = marked[first.corrects]
        mine.add(first.id)
    return [e for e in marked.values() if e.id in mine]


@dataclass
class _Home:
    """What this process has read of one home."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    since: dt.datetime | None = None
    newest: int = 0
    by_resident: Mapping[int, OfResident] = field(default_factory=dict)

    def bring_up_to_date(self, home_id: int, since: dt.datetime) -> None:
        """Add what is newer; read afresh where more of the past is wanted, or much less."""
        if self.newest and self.since is not None and self.since <= since < self.since + KEEP:
            # The plus keeps the planner on the ids: the home's own index would lead through its whole past.
            rows = database.rows(_SELECT + "WHERE id > ? AND +home_id = ? ORDER BY id", self.newest, home_id)
            self.by_resident = _grouped(rows, self.by_resident) if rows else self.by_resident
        else:
            rows = _due_since(home_id, since)
            self.since, self.by_resident = since, _grouped(rows)
        self.newest = max((row[0] for row in rows), default=self.newest)


_homes: dict[tuple[int, int], _Home] = {}
_homes_lock = threading.Lock()


def _home(home_id: int) -> _Home:
    place = (database.generation(), home_id)
    with _homes_lock:
        if place not in _homes and len(_homes) >= MOST_HOMES:
            _homes.pop(next(iter(_homes)))
        return _homes.setdefault(place, _Home())


def _due_since(home_id: int, since: dt.datetime) -> list[tuple]:
    return database.rows(_SELECT + "WHERE home_id = ? AND due_at >= ? ORDER BY id", home_id, clock.micros(since))


def _grouped(rows: Iterable[tuple], before: Mapping[int, OfResident] | None = None) -> dict[int, OfResident]:
    """Rows by resident, added to what was known before; residents without a new row keep the very same mapping."""
    fresh: dict[int, list[tuple]] = defaultdict(list)
    for row in rows:
        fresh[row[14]].append(row)
    known = dict(before or {})
    return known | {resident_id: _with(known.get(resident_id, {}), own) for resident_id, own in fresh.items()}


def _with(known: OfResident, rows: list[tuple]) -> OfResident:
    """One resident's entries by dose with some rows more."""
    found = dict(known)
    for row in rows:
        if row[3] is not None:
            facts = _facts(row)
            dose = (facts.line_id, facts.due_at)
            found[dose] = (*found.get(dose, ()), facts)
    corrected = {row[13] for row in rows if row[13] is not None}
    if corrected:
        found = {dose: tuple(_voided(e, corrected) for e in own) for dose, own in found.items()}
    return found


def _voided(entry: EntryFacts, corrected: set[int]) -> EntryFacts:
    return replace(entry, void=True) if entry.id in corrected else entry


def _facts(row: tuple) -> EntryFacts:
    """A stored row as the rules see it."""
    return EntryFacts(
        id=row[0],
        entry_id=row[1],
        line_id=row[2],
        due_at=None if row[3] is None else clock.from_micros(row[3]),
        outcome=row[4],
        reason=row[5],
        note=row[6],
        given_at=None if row[7] is None else clock.from_micros(row[7]),
        at=clock.from_micros(row[8]),
        by=row[9],
        after_the_fact=bool(row[10]),
        flags=tuple(json.loads(row[11])),
        administered_by=row[12],
        corrects=row[13],
        amount=None if row[15] is None else Decimal(row[15]),
        given_by=row[16] or "",
        extra=json.loads(row[17]) if row[17] else {},
        witnessed_by=row[18],
        phone_at=None if row[19] is None else clock.from_micros(row[19]),
        correction_reason=row[20] or "",
        supervised_by=row[21],
        glass_id=row[22],
    )
