"""The fingerprint of a stored row as the ledger keeps it: alike on both engines, telling nothing without its salt."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import peewee as pw

from medpwa.columns import canonical_json


def canonical_row(row: pw.Model) -> str:
    """A row as it is hashed: every filled column by name, without the salt; empty columns are left out so that a
    column added later does not change what was hashed before."""
    values = {}
    for column, name, hashable in _hashed_columns(type(row)):
        value = row.__data__.get(name)
        if value is not None:
            values[column] = hashable(value)
    return canonical_json(values)


@lru_cache(maxsize=256)
def _hashed_columns(model: type[pw.Model]) -> list[tuple[str, str, Callable[[Any], Any]]]:
    """Column, name and hashed form of every field but the salt."""
    fields = ((column, f) for column, f in model._meta.columns.items() if column != "salt")
    return [(column, f.name, _blob_digest if isinstance(f, pw.BlobField) else f.db_value) for column, f in fields]


def _blob_digest(value: bytes) -> str:
    return hashlib.sha256(bytes(value)).hexdigest()


def row_digest(row: pw.Model) -> str:
    """SHA-256 over the row's salt and its canonical form."""
    return hashlib.sha256((row.salt + canonical_row(row)).encode()).hexdigest()
