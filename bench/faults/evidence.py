"""What a database holds after a fault run, as the checker wants it. Nothing is repaired on the way."""

from __future__ import annotations

from bench.faults.history import History, Stored
from bench.faults.notebook import Notebook
from bench.place import Place
from medpwa import clock, database, ledger, notes_seal
from medpwa.mar.models import Entry


def history_of(place: Place, book: Notebook) -> History:
    """The whole history: the driver's notebook beside what is stored, the chains recomputed, the file checked."""
    with place.open():
        return History(
            sent=tuple(book.sent.values()),
            acknowledged=tuple(book.acknowledged),
            refused=tuple(book.refused),
            stored=tuple(stored()),
            chain=[f"{f.where}: {f.words}" for f in (*ledger.verify(), *notes_seal.verify())],
            integrity=integrity(),
        )


def stored() -> list[Stored]:
    """Every entry of the open database, in the order of storing."""
    rows = list(Entry.select().order_by(Entry.id))
    void = {row.corrects_id for row in rows if row.corrects_id}
    return [_stored(row, row.id not in void) for row in rows]


def _stored(row: Entry, live: bool) -> Stored:
    due = "" if row.due_at is None else clock.micros(row.due_at)
    flags = frozenset(row.flags)
    return Stored(
        row.entry_id, f"{row.order_line_id}-{due}", row.outcome, row.by, live, row.after_the_fact, flags, row.id
    )


def last_row(place: Place) -> int:
    """The number of the newest entry; 0 when there is none."""
    with place.open():
        newest = Entry.select(Entry.id).order_by(Entry.id.desc()).first()
        return newest.id if newest else 0


def integrity() -> list[str]:
    """What SQLite's own checks find wrong in the open database; PostgreSQL checks its pages as it reads them."""
    if not database.is_sqlite():
        return []
    whole = [words for (words,) in database.db.execute_sql("PRAGMA integrity_check").fetchall() if words != "ok"]
    astray = database.db.execute_sql("PRAGMA foreign_key_check").fetchall()
    return whole + [f"{table} row {row} refers to a {parent} that is not there" for table, row, parent, _ in astray]
