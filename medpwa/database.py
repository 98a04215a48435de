"""The database handle, the kinds of table, and the only two ways to write.

Every connection is read-only until `writing` (records, under the chain's lock) or `noting` (what using the app leaves
behind) opens it. SQLite runs WAL with synchronous=FULL on every connection; a library with the WAL-reset fault falls
back to a rollback journal (docs/decisions/storage.md). PostgreSQL sessions start read-only with synchronous commit.
"""

from __future__ import annotations

import contextlib
import re
import secrets
import threading
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import peewee as pw
from playhouse.migrations import Runner
from playhouse.pool import PooledPostgresqlDatabase, PooledSqliteDatabase

from medpwa import prepared
from medpwa.columns import (  # noqa: F401 offered here too: this is where tables look
    AmountField,
    DayField,
    InstantField,
    JsonField,
    canonical_json,
)

try:
    import fcntl
except ImportError:  # Windows has no flock; one process then serves alone (docs/decisions/storage.md)
    fcntl = None  # type: ignore[assignment]

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
NOTES_LOCK = 0  # PostgreSQL advisory key no chain has

db = pw.DatabaseProxy()
_thread_lock = threading.RLock()
_generation = 0


def new_salt() -> str:
    """16 random bytes in hex, kept beside a record so that its digest in the ledger tells nothing by itself."""
    return secrets.token_hex(16)


# ---------------------------------------------------------------- kinds of table


class Base(pw.Model):
    """Every table; each subclass below says what may happen to its rows."""

    KIND = ""

    class Meta:
        database = db
        legacy_table_names = False

    @classmethod
    def create(cls, **values: Any) -> Base:
        """Write a new row and hand it back with its id."""
        row = cls(**values)
        if row.id is None:
            prepared.insert(db.obj, row)
        else:
            row.save(force_insert=True)
        return row


class InsertOnly(Base):
    """Rows are added and never touched again: triggers on both engines refuse everything else."""

    salt = pw.TextField(default=new_salt)


class Record(InsertOnly):
    """A fact: what happened, who says so, when it was received."""

    KIND = "RECORD"


class Versioned(InsertOnly):
    """A state that changes by adding the next version; the latest by valid-from, then by id, is in force."""

    KIND = "VERSIONED"


class Working(Base):
    """Rows in use: sessions, throttles, jobs, notes. They may change and go; no rule judges a dose by them."""

    KIND = "WORKING"


def all_models() -> list[type[Base]]:
    """Every declared table that has been imported, in a stable order."""
    found: list[type[Base]] = []

    def walk(cls: type[Base]) -> None:
        for sub in cls.__subclasses__():
            if sub.__module__ != __name__:
                found.append(sub)
            walk(sub)

    walk(Base)
    return sorted(set(found), key=lambda m: m._meta.table_name)


# ---------------------------------------------------------------- opening


_WRITTEN = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)')
_WRITES_NOTHING = ("SELECT", "PRAGMA ", "SAVEPOINT ", "RELEASE ", "SET TRANSACTION ")


class _Done(threading.local):
    """What this thread has done that its earlier reads do not know of."""

    def __init__(self) -> None:
        self.turn = 0  # grows when others may have written meanwhile, or when a write of ours was taken back
        self.writes: dict[str, int] = defaultdict(int)  # of ours, by table
        self.wrote = False  # in the transaction that is open

    def note(self, sql: str) -> None:
        """Take notice of a statement that may change something."""
        self.wrote = True
        table = _WRITTEN.match(sql)
        if table is None:
            self.turn += 1
        else:
            self.writes[table[1]] += 1


_done = _Done()


def changes(tables: tuple[str, ...] = ()) -> tuple[int, int]:
    """Stays the same while what this thread has read of some tables (of any) still holds for it: it moves with its own
    writes there, when it gets a lock it had to wait for, and when what it wrote is rolled back. After a commit it
    stands still: what was read under the lock is what was committed."""
    return _done.turn, sum(map(_done.writes.__getitem__, tables) if tables else _done.writes.values())


def unsettled() -> bool:
    """Whether this thread is in a transaction that has written something, which may yet be rolled back."""
    return _done.wrote and db.in_transaction()


class _Watched:
    """A database handle that notices what changes something."""

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        if not sql.startswith(_WRITES_NOTHING):
            _done.note(sql)
        return super().execute_sql(sql, params)  # type: ignore[misc]


class _Sqlite(_Watched, PooledSqliteDatabase):
    pass


class _Postgres(_Watched, PooledPostgresqlDatabase):
    pass


def is_sqlite() -> bool:
    """Whether the open database is SQLite."""
    return isinstance(db.obj, pw.SqliteDatabase)


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether a SQLite version is free of the WAL-reset corruption fault (3.7.0 to 3.51.2, mended in 3.51.3 and in
    3.50.7 and 3.44.6)."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)


def sqlite_library() -> tuple[int, ...]:
    """The version of the SQLite library peewee uses here."""
    return tuple(pw.sqlite3.sqlite_version_info)


def _pragmas(read_only: bool) -> list[tuple[str, Any]]:
    return [
        ("journal_mode", "wal" if wal_is_safe(sqlite_library()) else "truncate"),
        ("synchronous", "full"),
        ("foreign_keys", 1),
        ("busy_timeout", 10_000),
        ("recursive_triggers", 1),  # INSERT OR REPLACE then fires the triggers that refuse it
        ("cache_size", -2_000),  # KiB a connection; the system keeps the rest of the file at hand
        ("query_only", 1 if read_only else 0),
    ]


def _sqlite_path(url: str) -> str:
    return url.removeprefix("sqlite:///")


def rows(sql: str, *values: Any) -> list[tuple]:
    """The rows of a statement with `?` for values, on either engine: for the few reads that every request makes, where
    putting a query together would take longer than the query."""
    return db.execute_sql(sql if is_sqlite() else sql.replace("?", "%s"), values).fetchall()


def fetch(model: type[Base], which: str, *values: Any) -> list[Any]:
    """Rows of a table as its model, by what follows WHERE, in SQL with `?` for values."""
    return [prepared.as_model(model, row) for row in rows(f"{prepared.selection(model)} WHERE {which}", *values)]


def generation() -> int:
    """Grows each time another database is opened, so that nothing kept from an earlier one is used again."""
    return _generation


def open_database(url: str) -> None:
    """Point the handle at a database. Connections open later, one a thread, read-only."""
    global _generation
    _generation += 1
    if url.startswith("sqlite:///"):
        handle: pw.Database = _Sqlite(
            _sqlite_path(url),
            check_same_thread=False,
            returning_clause=True,
            pragmas=_pragmas(read_only=True),
            max_connections=64,
        )
    else:
        handle = _Postgres(
            url,
            prefer_psycopg3=True,
            options="-c default_transaction_read_only=on -c synchronous_commit=on -c timezone=UTC",
            max_connections=32,
            stale_timeout=300,
        )
    _file_lock.path = f"{_sqlite_path(url)}.lock" if url.startswith("sqlite:///") else None
    db.initialize(handle)


def close_all() -> None:
    """Close every connection of this process (at stop, and between tests)."""
    if db.obj is not None:
        if not db.is_closed():
            db.close()
        db.obj.close_all()
    _file_lock.close()


def migrate(url: str) -> list[str]:
    """Bring a database up to date on its own read-write handle. Returns the names applied; safe to run again."""
    if url.startswith("sqlite:///"):
        Path(_sqlite_path(url)).parent.mkdir(parents=True, exist_ok=True)
        handle: pw.Database = pw.SqliteDatabase(_sqlite_path(url), pragmas=_pragmas(read_only=False))
    else:
        from peewee import PostgresqlDatabase

        handle = PostgresqlDatabase(url, prefer_psycopg3=True)
    try:
        return Runner(handle, str(MIGRATIONS)).up()
    finally:
        handle.close()


def pending_migrations() -> list[str]:
    """Names of migrations this database still lacks."""
    return [m.name for m in Runner(db.obj, str(MIGRATIONS)).status() if not m.applied]


# ---------------------------------------------------------------- writing


class _FileLock:
    """One writer among processes: SQLite's own waiting is by sleeping, which makes long tails (docs/decisions)."""

    path: str | None = None

    def __init__(self) -> None:
        self._handles: dict[str, Any] = {}

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        if self.path is None or fcntl is None:
            yield
            return
        handle = self._handles.get(self.path)
        if handle is None:
            handle = self._handles[self.path] = open(self.path, "a")  # noqa: SIM115 kept open for the process
        fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(handle, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go of the lock files."""
        while self._handles:
            self._handles.popitem()[1].close()


_file_lock = _FileLock()


@contextlib.contextmanager
def writing(lock_key: int) -> Iterator[None]:
    """The record door: one durable transaction, alone on its chain (`lock_key` is the chain's id).

    Everything read inside is as it will be when the commit lands. Only `action` opens it.
    """
    with _open_for_writing(lock_key):
        yield


@contextlib.contextmanager
def noting() -> Iterator[None]:
    """The note door: a short transaction for working tables. Only notes, jobs and sessions open it."""
    with _open_for_writing(NOTES_LOCK):
        yield


@contextlib.contextmanager
def _open_for_writing(lock_key: int) -> Iterator[None]:
    if db.in_transaction():
        raise RuntimeError("A write inside a write: actions do not call actions, and notes wait for the action's end.")
    try:
        with _transaction(lock_key):
            _done.turn, _done.wrote = _done.turn + 1, False
            yield
    except BaseException:
        _done.turn += 1
        raise


@contextlib.contextmanager
def _transaction(lock_key: int) -> Iterator[None]:
    if is_sqlite():
        with _thread_lock, _file_lock.held():
            db.connect(reuse_if_open=True)
            # The switch must come before BEGIN; the finally keeps write access out of the pool.
            db.execute_sql("PRAGMA query_only=0")
            try:
                with db.atomic("IMMEDIATE"):
                    yield
            finally:
                db.execute_sql("PRAGMA query_only=1")
        return
    db.connect(reuse_if_open=True)
    with db.atomic():
        db.execute_sql("SET TRANSACTION READ WRITE")
        if lock_key != NOTES_LOCK:
            # First statement: every later read sees what earlier holders of the lock committed.
            db.execute_sql("SELECT pg_advisory_xact_lock(%s)", (lock_key,))
        yield


@contextlib.contextmanager
def savepoint() -> Iterator[None]:
    """A point to fall back to inside the open transaction; of one name, so that its statements are prepared once."""
    db.execute_sql("SAVEPOINT deed")
    try:
        yield
    except BaseException:
        db.execute_sql("ROLLBACK TO SAVEPOINT deed")
        raise
    db.execute_sql("RELEASE SAVEPOINT deed")
