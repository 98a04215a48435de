"""Answers computed from insert-only rows, kept until a newer row exists.

Records and versions are never changed, so an answer is still right while the highest row ids it was made from are the
highest ids there are. `stamp` is those ids; only the assembling is spared. What a transaction sees after its own first
write is not kept: those rows may yet be rolled back, and SQLite would give their ids to others.
"""

from __future__ import annotations

import contextvars
import functools
import threading
from collections.abc import Callable, Hashable
from typing import TypeVar

from medpwa import database

T = TypeVar("T")
MOST = 500
_shelves: dict[str, dict[Hashable, tuple[object, object]]] = {}
_putting = threading.Lock()
_of_generation = 0
# While one page is put together its stamps are read once each: it shows the home as of one look. Getting the writing
# lock begins another look; the page that follows shows the home as of that one, and what was written (`changes`).
_look: contextvars.ContextVar[dict[Hashable, object] | None] = contextvars.ContextVar("look", default=None)


def remembered(name: str, key: Hashable, stamp: object, make: Callable[[], T], *, most: int = MOST) -> T:
    """The answer `make` gave for this name, key and stamp, or a new one. Answers must be immutable. Of each name the
    `most` newest are kept."""
    return renewed(name, key, stamp, lambda _: make(), most=most)


def renewed(
    name: str, key: Hashable, stamp: object, make: Callable[[tuple | None], T], *, most: int = MOST
) -> T:
    """The same, where a new answer is put together sooner from the one before: `make` is given (stamp, answer) of it,
    or None."""
    if _of_generation != database.generation():
        _forget()
    found = _shelves.get(name, _NOTHING).get(key)
    if found is not None and (found[0] is stamp or found[0] == stamp):
        return found[1]  # type: ignore[return-value]
    answer = make(found)
    if not database.unsettled():
        _put(_shelves.setdefault(name, {}), key, (stamp, answer), most)
    return answer


_NOTHING: dict[Hashable, tuple[object, object]] = {}


def _put(shelf: dict[Hashable, tuple[object, object]], key: Hashable, value: tuple[object, object], most: int) -> None:
    with _putting:
        shelf.pop(key, None)
        while len(shelf) >= most:
            del shelf[next(iter(shelf))]
        shelf[key] = value


def _forget() -> None:
    """Another database is open: nothing kept from the one before is true of it."""
    global _of_generation
    with _putting:
        _shelves.clear()
        _of_generation = database.generation()


def begin_look() -> None:
    """From here on this request reads each stamp once, until it writes or ends."""
    _look.set({})


def end_look() -> None:
    """The request is over."""
    _look.set(None)


def once_a_look(*tables: str) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """Make a reader of plain arguments answer a repeated question of the same look from memory. Name the tables it
    reads and the request's own writes elsewhere do not make it read again; without names every write does."""

    def wrap(read: Callable[..., T]) -> Callable[..., T]:
        @functools.wraps(read)
        def ask(*args: Hashable) -> T:
            return _asked(read, tables, args)

        return ask

    return wrap


def _asked(read: Callable[..., T], tables: tuple[str, ...], args: tuple) -> T:
    look = _look.get()
    if look is None:
        return read(*args)
    key = (read, database.changes(tables), args)
    if key not in look:
        look[key] = read(*args)
    return look[key]  # type: ignore[return-value]


@once_a_look()
def stamp(sql: str, *values: object) -> tuple:
    """The highest ids an answer depends on, by one query of scalar subselects with `?` for values."""
    return tuple(database.rows(sql, *values)[0])


def home_stamp(tables: tuple[str, ...], sql: str, *values: object) -> tuple:
    """A stamp of one home's rows whose own query is not cheap: read again when one of its tables has a newer row."""
    return while_nothing_newer("stamp", (sql, values), tables, lambda: stamp(sql, *values))


def while_nothing_newer(name: str, key: Hashable, tables: tuple[str, ...], make: Callable[[], T]) -> T:
    """An answer kept while none of its tables has a newer row at all. SQLite has one writer at a time, so ids grow in
    the order of commits; on PostgreSQL they need not over several chains, and the answer is made anew each time."""
    if not database.is_sqlite():
        return make()
    return remembered(name, key, _highest(tables), make)


_watched: dict[str, int] = {}  # every table asked about so far, and its place: one statement a look answers for all


def _highest(tables: tuple[str, ...]) -> tuple:
    """The highest id of each of these tables; a look that wrote to no watched table reads them once."""
    watched = _with_all_watched(tables)
    found = _asked(_read_highest, watched, (watched,))
    return tuple(found[_watched[table]] for table in tables)


def _read_highest(tables: tuple[str, ...]) -> tuple:
    return database.rows("SELECT " + ", ".join(f"(SELECT max(id) FROM {table})" for table in tables))[0]


def _with_all_watched(tables: tuple[str, ...]) -> tuple[str, ...]:
    """All watched tables in their places, these among them. Two threads that add tables at once must not give two of
    them one place: one would go by the other's ids for ever."""
    with _putting:
        for table in tables:
            _watched.setdefault(table, len(_watched))
        return tuple(_watched)
