"""What a column holds and how it is stored: alike on both engines, so that a row hashes alike on both."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import peewee as pw

from medpwa import clock


class InstantField(pw.BigIntegerField):
    """An aware UTC datetime, stored as microseconds since 1970 on both engines."""

    def db_value(self, value: dt.datetime | int | None) -> int | None:
        return clock.micros(value) if isinstance(value, dt.datetime) else value

    def python_value(self, value: int | None) -> dt.datetime | None:
        return None if value is None else clock.from_micros(value)


class DayField(pw.TextField):
    """A calendar date, stored as ISO text so that both engines hash it alike."""

    def db_value(self, value: dt.date | str | None) -> str | None:
        return value.isoformat() if isinstance(value, dt.date) else value

    def python_value(self, value: str | None) -> dt.date | None:
        return None if value is None else dt.date.fromisoformat(value)


class AmountField(pw.TextField):
    """An exact decimal amount, stored as plain text: no binary rounding, no exponent."""

    def db_value(self, value: Decimal | str | None) -> str | None:
        return None if value is None else format(Decimal(value), "f")

    def python_value(self, value: str | None) -> Decimal | None:
        return None if value is None else Decimal(value)


class JsonField(pw.TextField):
    """A small structure, stored as canonical JSON text."""

    def db_value(self, value: Any) -> str | None:
        return None if value is None else canonical_json(value)

    def python_value(self, value: str | None) -> Any:
        return None if value is None else json.loads(value)


_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def canonical_json(value: Any) -> str:
    """One spelling for one value, so that hashes of equal things are equal."""
    return _canonical.encode(value)
