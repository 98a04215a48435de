"""Statements put together once a table instead of once a request: a row written whole, a row read as its model.

peewee's query builder takes longer to word a statement than SQLite takes to run it. The paths of the round go through
here; everything else keeps the builder.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import peewee as pw

_AS_STORED = (pw.IntegerField, pw.TextField)  # what both engines hand back as it was put in


@lru_cache(maxsize=256)
def selection(model: type[pw.Model]) -> str:
    """`SELECT <every column> FROM <table>`, without a condition."""
    columns = ", ".join(f'"{f.column_name}"' for f in model._meta.sorted_fields)
    return f'SELECT {columns} FROM "{model._meta.table_name}"'


@lru_cache(maxsize=256)
def _readers(model: type[pw.Model]) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
    return tuple((f.name, _reader(f)) for f in model._meta.sorted_fields)


def _reader(field: pw.Field) -> Callable[[Any], Any] | None:
    plain = type(field).python_value is pw.Field.python_value and isinstance(field, _AS_STORED)
    return None if plain or isinstance(field, pw.ForeignKeyField) else field.python_value


def as_model(model: type[pw.Model], row: tuple) -> Any:
    """A row of `selection` as its model, as peewee would hand it out."""
    found = model(__no_default__=1)
    for (name, read), value in zip(_readers(model), row, strict=True):
        found.__data__[name] = value if read is None else read(value)
    return found


@lru_cache(maxsize=256)
def _insertion(model: type[pw.Model], mark: str) -> tuple[str, tuple[tuple[str, Callable[[Any], Any]], ...]]:
    fields = [f for f in model._meta.sorted_fields if f is not model._meta.primary_key]
    columns = ", ".join(f'"{f.column_name}"' for f in fields)
    marks = ", ".join([mark] * len(fields))
    sql = f'INSERT INTO "{model._meta.table_name}" ({columns}) VALUES ({marks}) RETURNING "id"'
    return sql, tuple((f.name, f.db_value) for f in fields)


def insert(db: pw.Database, row: pw.Model) -> None:
    """Write a new row whole and give it its id."""
    sql, writers = _insertion(type(row), db.param)
    values = [write(row.__data__.get(name)) for name, write in writers]
    row.id = db.execute_sql(sql, values).fetchone()[0]
    row._dirty.clear()
