"""The past of the measured home, written in bulk: the rows and ledger lines that the actions would have written, with
the product's own digests and chain hashes, in a few large transactions instead of one a dose."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import uuid
from collections.abc import Iterator
from typing import Any

from bench import home
from bench.home import Bed
from medpwa import alerts, clock, database, digests, ledger
from medpwa.database import Base
from medpwa.ledger import Line, Refusal
from medpwa.mar.models import Entry, Scan
from medpwa.permits import Actor
from medpwa.staff.models import Session

TOGETHER = 20_000  # doses a transaction
REFUSED_EACH = 500  # one refusal for so many doses
TELLS_EACH = 1_000  # one alert, acknowledged, for so many doses
SESSION_EACH = 300


def load(system: Actor, beds: list[Bed], carers: list[int], days: int) -> int:
    """Write the history. Answers how many entries; the database must be open and hold the home and nothing later."""
    if database.is_sqlite():
        database.db.execute_sql("PRAGMA cache_size=-400000")  # this connection only: the hash index is wide
    _sessions(carers, days)
    writer = _Writer(system)
    steps, count = _doses(beds, carers, days), 0
    while batch := list(itertools.islice(steps, TOGETHER)):
        with database.writing(system.chain_id):
            writer.begin()
            for step in batch:
                writer.dose(*step)
            writer.finish()
        count += len(batch)
    return count


def _doses(beds: list[Bed], carers: list[int], days: int) -> Iterator[tuple]:
    """Every dose of the history in the order it was given: (due, bed, order line, order version, carer)."""
    for back in range(days, 0, -1):
        day = home.TODAY - dt.timedelta(days=back)
        for turn, time in enumerate(home.TIMES):
            due = clock.at_local(day, dt.time.fromisoformat(time))
            for place, bed in enumerate(beds):
                carer = carers[(place // 8 + turn + back) % len(carers)]
                for line_id, version_id in bed.lines:
                    yield due, bed, line_id, version_id, carer


def _sessions(carers: list[int], days: int) -> None:
    """The ended sessions of the past: working rows without lines."""
    began = clock.at_local(home.TODAY - dt.timedelta(days=days), dt.time(7))
    rows = []
    for number in range(days * 2400 // SESSION_EACH):
        at = began + dt.timedelta(hours=3 * number)
        rows.append(
            dict(
                token_hash=uuid.uuid4().hex * 2,
                csrf="",
                person=carers[number % len(carers)],
                started_at=at,
                last_seen=at,
                ended_at=at + dt.timedelta(hours=2),
                data={},
            )
        )
    with database.noting():
        for batch in itertools.batched(rows, 500) if hasattr(itertools, "batched") else _batched(rows, 500):
            Session.insert_many(batch).execute()


def _batched(rows: list, size: int) -> Iterator[list]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


class _Writer:
    """Collects rows and their lines in the order of the chain, and writes them table by table."""

    def __init__(self, system: Actor) -> None:
        self.system, self.number = system, 0
        self.scanned: tuple[dt.datetime, int] | None = None
        self.scan_id = 0

    def begin(self) -> None:
        """Take up the chain and the ids where the database stands."""
        self.seq, self.prev = ledger._head(self.system.chain_id)
        self.rows: dict[type[Base], list[tuple]] = {
            m: [] for m in (Scan, Entry, Refusal, alerts.Alert, alerts.Acknowledgement, Line)
        }
        self.next_id = {m: _highest(m) + 1 for m in self.rows}

    def dose(self, due: dt.datetime, bed: Bed, line_id: int, version_id: int, carer: int) -> None:
        """One dose given a little after it was due, after the scan that opened its resident."""
        self.number += 1
        at = due + dt.timedelta(minutes=4, seconds=self.number % 3000, microseconds=self.number % 999_983)
        if self.scanned != (due, bed.resident_id):
            self.scanned = (due, bed.resident_id)
            self._scan(bed, carer, due + dt.timedelta(minutes=3))
        self._entry(due, bed, line_id, version_id, carer, at)
        if self.number % REFUSED_EACH == 0:
            self._refusal(bed, line_id, carer, at)
        if self.number % TELLS_EACH == 0:
            self._alert(bed, carer, at)

    def finish(self) -> None:
        """Write everything collected, referenced rows first."""
        for model, rows in self.rows.items():
            if rows:
                _insert(model, rows)

    def _scan(self, bed: Bed, carer: int, at: dt.datetime) -> None:
        row = Scan(
            home=self.system.home_id, resident=bed.resident_id, label=None, how="no_scan", session=1, at=at, by=carer,
            reason="bench",
        )  # fmt: skip
        self.scan_id = self._say("mar.open_without_scan", f"resident:{bed.resident_id}", at, carer, row)

    def _entry(self, due, bed: Bed, line_id: int, version_id: int, carer: int, at: dt.datetime) -> None:
        given = self.number % 25 != 0
        row = Entry(
            entry_id=str(uuid.UUID(int=self.number, version=4)),
            home=self.system.home_id,
            resident=bed.resident_id,
            order_line=line_id,
            order_version=version_id,
            due_at=due,
            outcome="given" if given else "refused",
            reason="" if given else "did_not_want",
            given_at=at if given else None,
            prepared_at=at - dt.timedelta(seconds=40) if given else None,
            at=at,
            scan=self.scan_id,
            by=carer,
            administered_by=carer if given else None,
            claim=1 if given else None,
            flags=[],
            session=1,
        )
        about = {"order_line": line_id, "outcome": row.outcome}
        self._say("mar.record", f"resident:{bed.resident_id}", at, carer, row, about=about)

    def _refusal(self, bed: Bed, line_id: int, carer: int, at: dt.datetime) -> None:
        about = {"order_line": line_id}
        code = "not_signed_off" if self.number % (REFUSED_EACH * 4) == 0 else "already_given"
        row = Refusal(
            chain=self.system.chain_id, at=at, verb="mar.record", by_kind="person", by_person=carer, code=code,
            words="Nothing was recorded.", about=about,
        )  # fmt: skip
        self._say("mar.record", f"resident:{bed.resident_id}", at, carer, row, about=about, outcome="refused")

    def _alert(self, bed: Bed, carer: int, at: dt.datetime) -> None:
        subject = f"resident:{bed.resident_id}"
        row = alerts.Alert(
            home_id=self.system.home_id, at=at, key=f"bench:{self.number}", words="Somebody asks for help.",
            url=f"/h/{home.SLUG}/round", to_verb="mar.record", to_person=None, about={"subject": subject},
        )  # fmt: skip
        alert_id = self._say("alerts.raise", subject, at, carer, row)
        taken = alerts.Acknowledgement(alert=alert_id, at=at, by=carer)
        self._say("alerts.acknowledge", subject, at, carer, taken, about={"alert": alert_id})

    def _say(
        self, verb: str, subject: str, at: dt.datetime, by: int, row: Any, *, about: dict | None = None,
        outcome: str = "done",
    ) -> int:  # fmt: skip
        """Give a row its id and its line in the chain, hashed as `ledger.append` does."""
        model = type(row)
        row.id = self.next_id[model]
        self.next_id[model] += 1
        self.rows[model].append(_values(row))
        self.seq += 1
        fields = dict(
            chain=self.system.chain_id, seq=self.seq, at=at, verb=verb, outcome=outcome, by_kind="person",
            by_person=by, subject=subject, about=about or {},
            rows=[[model._meta.table_name, row.id, digests.row_digest(row)]], prev=self.prev,
        )  # fmt: skip
        self.prev = ledger.line_hash(**fields)
        line = Line(id=self.next_id[Line], hash=self.prev, **fields)
        self.next_id[Line] += 1
        self.rows[Line].append(_values(line))
        return row.id


def _values(row: Base) -> tuple:
    return tuple(f.db_value(row.__data__.get(f.name)) for f in row._meta.sorted_fields)


def _highest(model: type[Base]) -> int:
    table = model._meta.table_name
    return database.db.execute_sql(f'SELECT coalesce(max(id), 0) FROM "{table}"').fetchone()[0]


def _insert(model: type[Base], rows: list[tuple]) -> None:
    """Many rows by one prepared statement, ids included."""
    names = [f.column_name for f in model._meta.sorted_fields]
    mark = "?" if database.is_sqlite() else "%s"
    columns = ", ".join(f'"{n}"' for n in names)
    sql = f'INSERT INTO "{model._meta.table_name}" ({columns}) VALUES ({", ".join([mark] * len(names))})'
    cursor = database.db.cursor()
    cursor.executemany(sql, rows)
    if not database.is_sqlite():  # ids were given, so the sequence must follow
        table = model._meta.table_name
        database.db.execute_sql(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), %s)", (_highest(model),))


def newest_line() -> dict:
    """The last line written, for a look at what the loader makes."""
    found = Line.select().order_by(Line.id.desc()).dicts().first()
    return json.loads(json.dumps(found, default=str))
