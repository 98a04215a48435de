"""Answers computed from insert-only rows, kept until a newer row exists.

Records and versions are never changed, so an answer is still right while the highest row ids it was made from are the
highest ids there are. `stamp` is those ids, read anew every time; only the assembling is spared.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

from medpwa import database

T = TypeVar("T")
MOST = 2_000
_kept: dict[Hashable, tuple[Hashable, object]] = {}


def remembered(name: str, key: Hashable, stamp: Hashable, make: Callable[[], T]) -> T:
    """The answer `make` gave for this name, key and stamp, or a new one. Answers must be immutable."""
    place = (database.generation(), name, key)
    found = _kept.get(place)
    if found is not None and found[0] == stamp:
        return found[1]  # type: ignore[return-value]
    answer = make()
    if len(_kept) >= MOST:
        _kept.clear()
    _kept[place] = (stamp, answer)
    return answer


def stamp(sql: str, *values: object) -> tuple:
    """The highest ids an answer depends on, by one query of scalar subselects with `?` for values."""
    if not database.is_sqlite():
        sql = sql.replace("?", "%s")
    return tuple(database.db.execute_sql(sql, values).fetchone())
