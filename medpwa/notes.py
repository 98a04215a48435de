"""What using the app leaves behind: access lines, last-seen, counters. The other door: own tables, and no rule may
read them to judge a dose.

Access lines wait in memory and are written in batches at most every second and at stop; a crash can lose that second
of *reads*, never a record. Each batch's hash enters the home's ledger hourly (notes_seal, a job).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import threading
from collections.abc import Callable
from multiprocessing import util as mp_util
from typing import Any

import peewee as pw

from medpwa import clock
from medpwa.database import InstantField, Working, canonical_json, db, noting
from medpwa.permits import Actor

log = logging.getLogger("steady.notes")
FLUSH_SECONDS = 1.0
KEEP = dt.timedelta(days=3 * 365)  # how long who read what is kept as evidence (docs/decisions/retention.md)
REPEAT_MINUTES = 10  # one person polling one fragment counts once in this time


class AccessBatch(Working):
    """A written batch of access lines and its hash, until the hash is in a ledger."""

    home = pw.BigIntegerField(index=True)
    at = InstantField()
    digest = pw.TextField()
    sealed_at = InstantField(null=True)


class AccessLine(Working):
    """Who opened which page about whom. The page is its route's pattern, never its address."""

    batch = pw.ForeignKeyField(AccessBatch)
    home = pw.BigIntegerField()
    person = pw.BigIntegerField(null=True)
    at = InstantField()
    page = pw.TextField()
    subject = pw.TextField(null=True)

    class Meta:
        indexes = (
            (("home", "at", "id"), False),
            (("home", "subject", "at", "id"), False),
            (("home", "person", "at", "id"), False),
        )


class Counter(Working):
    """How often something happened in a home on a day, e.g. scans of a revoked code."""

    home = pw.BigIntegerField()
    day = pw.TextField()
    name = pw.TextField()
    count = pw.BigIntegerField(default=0)

    class Meta:
        indexes = ((("home", "day", "name"), True),)


class Throttle(Working):
    """Attempts in a window, by a hashed key: sign-ins, typed codes."""

    key = pw.TextField(unique=True)
    since = InstantField()
    count = pw.BigIntegerField(default=0)


_waiting: list[dict[str, Any]] = []
_later: dict[str, Callable[[], None]] = {}
_recent: dict[tuple, dt.datetime] = {}
_guard = threading.Lock()
_thread: threading.Thread | None = None
_wake = threading.Event()


def access(who: Actor, page: str, subject: str | None = None, *, poll: bool = False) -> None:
    """Note that somebody opened a page about somebody. Returns at once; the line is written within a second."""
    if who.home_id is None:
        return
    at = clock.now()
    with _guard:
        if poll:
            key = (who.home_id, who.person_id, page, subject)
            last = _recent.get(key)
            if last is not None and at - last < dt.timedelta(minutes=REPEAT_MINUTES):
                return
            if len(_recent) > 10_000:
                _recent.clear()
            _recent[key] = at
        _waiting.append(dict(home=who.home_id, person=who.person_id, at=at, page=page, subject=subject))


def later(key: str, write: Callable[[], None]) -> None:
    """Do a small working-table write with the next batch; a newer one under the same key replaces it."""
    with _guard:
        _later[key] = write


def write_now(write: Callable[[], None]) -> None:
    """Do a small working-table write at once, e.g. how far a long piece of work has come."""
    with noting():
        write()


def flush() -> int:
    """Write what waits now. Returns how many access lines; lines that could not be written wait on."""
    with _guard:
        lines, _waiting[:] = list(_waiting), []
        writes = dict(_later)
        _later.clear()
    if not lines and not writes:
        return 0
    try:
        with noting():
            for write in writes.values():
                write()
            for home in sorted({x["home"] for x in lines}):
                mine = [x for x in lines if x["home"] == home]
                batch = AccessBatch.create(home=home, at=clock.now(), digest=batch_digest(mine))
                AccessLine.insert_many([{**x, "batch": batch.id} for x in mine]).execute()
    except pw.PeeweeException:
        log.warning("access lines could not be written; they wait", extra={"count": len(lines)})
        with _guard:
            _waiting[:0] = lines[-5000:]
            for key, write in writes.items():
                _later.setdefault(key, write)
        return 0
    return len(lines)


def batch_digest(lines: list[dict[str, Any]]) -> str:
    """SHA-256 over the lines of one batch, in their order; notes_seal recomputes it from what is stored."""
    plain = [[x["home"], x["person"], clock.micros(x["at"]), x["page"], x["subject"]] for x in lines]
    return hashlib.sha256(canonical_json(plain).encode()).hexdigest()


def start() -> None:
    """Begin writing access lines in the background of this process (once)."""
    global _thread
    if _thread is not None and _thread.is_alive():
        return

    _wake.clear()

    def loop() -> None:
        while not _wake.wait(FLUSH_SECONDS):
            flush()
            if not db.is_closed():
                db.close()  # to the pool, which lets go of a broken one

    _thread = threading.Thread(target=loop, name="notes", daemon=True)
    _thread.start()
    # The server's worker processes never run atexit; this finaliser they do run.
    mp_util.Finalize(None, stop, exitpriority=10)


def stop() -> None:
    """Write what waits and end the background thread."""
    _wake.set()
    flush()


def count(home_id: int, name: str) -> None:
    """Add one to a home's counter for today (UTC day)."""
    day = clock.now().date().isoformat()
    with noting():
        Counter.insert(home=home_id, day=day, name=name, count=1).on_conflict(
            conflict_target=[Counter.home, Counter.day, Counter.name],
            update={Counter.count: Counter.count + 1},
        ).execute()


def counted(home_id: int, name: str, day: str | None = None) -> int:
    """A home's counter for a day (today by default)."""
    day = day or clock.now().date().isoformat()
    row = Counter.get_or_none((Counter.home == home_id) & (Counter.day == day) & (Counter.name == name))
    return row.count if row else 0


# ---------------------------------------------------------------- throttles

THROTTLES_LAST = dt.timedelta(days=1)  # longer than any window


def tidy() -> None:
    """Let go of attempts whose window is long past."""
    with noting():
        Throttle.delete().where(Throttle.since < clock.now() - THROTTLES_LAST).execute()


def attempts(key: str, window: dt.timedelta) -> int:
    """How many attempts a key has made inside its present window."""
    row = Throttle.get_or_none(Throttle.key == _hashed(key))
    return row.count if row and clock.now() - row.since < window else 0


def attempted(key: str, window: dt.timedelta) -> int:
    """Count one more attempt and answer the new number; a window that has passed begins again. One statement, so that
    many at the same moment are all counted and each hears a number of its own."""
    at = clock.now()
    over = Throttle.since <= at - window
    again = {
        Throttle.count: pw.Case(None, [(over, 1)], Throttle.count + 1),
        Throttle.since: pw.Case(None, [(over, clock.micros(at))], Throttle.since),
    }
    one = Throttle.insert(key=_hashed(key), since=at, count=1)
    with noting():
        rows = one.on_conflict(conflict_target=[Throttle.key], update=again).returning(Throttle.count).execute()
        return next(iter(rows)).count


def forget_attempts(key: str) -> None:
    """Begin a key's count again, after a success."""
    with noting():
        Throttle.delete().where(Throttle.key == _hashed(key)).execute()


def take_back(key: str) -> None:
    """Take one attempt back: it succeeded, which says nothing about the others that share its key."""
    with noting():
        mine = (Throttle.key == _hashed(key)) & (Throttle.count > 0)
        Throttle.update(count=Throttle.count - 1).where(mine).execute()


def _hashed(key: str) -> str:
    return hashlib.sha256(f"throttle:{key}".encode()).hexdigest()


def is_open() -> bool:
    """Whether the handle points at a database."""
    return db.obj is not None
