"""Read-only answers about labels: whose a code is, and which labels somebody has."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from peewee import JOIN

from medpwa.errors import NotFound
from medpwa.permits import Actor
from medpwa.residents import rules
from medpwa.residents.models import Label, LabelEnd, Resident

_TOKEN = re.compile(r"[A-Z2-7]{32}", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class LabelFound:
    """The label a code belongs to. `ended` means it was revoked."""

    label_id: int
    resident_id: int
    home_id: int
    place: str
    ended: bool


@dataclass(frozen=True)
class LabelRow:
    """A label as lists and prints need it. `uid` and `version` make its token."""

    id: int
    resident_id: int
    uid: str
    version: int
    place: str
    short_code: str
    made_at: dt.datetime
    made_by: int | None
    ended_at: dt.datetime | None
    ended_by: int | None
    end_reason: str


def token_hash(token: str) -> str:
    """SHA-256 of a token as printed (capitals): all that is stored of it."""
    return hashlib.sha256(token.upper().encode()).hexdigest()


def label_by_token(token: str) -> LabelFound | None:
    """The label of a scanned token, of whichever home; None when no label has it."""
    return _found(Label.token_hash == token_hash(token)) if _TOKEN.fullmatch(token) else None


def label_by_short_code(home_id: int, code: str) -> LabelFound | None:
    """The label of a home whose typed code this is; None for a slip, another home's code and one that never was."""
    known = rules.short_code_of(code[:40])
    return _found((Label.short_code == known) & (Resident.home == home_id)) if known else None


def label_of(by: Actor, label_id: int, **_: object) -> LabelFound:
    """The loader of pages and actions: a label of the actor's home, else NotFound."""
    found = _found((Label.id == label_id) & (Resident.home == by.home_id))
    if found is None:
        raise NotFound()
    return found


def _found(which) -> LabelFound | None:
    row = (
        Label.select(Label.id, Label.resident, Resident.home, Label.place, LabelEnd.id)
        .join(Resident)
        .switch(Label)
        .join(LabelEnd, JOIN.LEFT_OUTER)
        .where(which)
        .tuples()
        .first()
    )
    return LabelFound(*row[:4], row[4] is not None) if row else None


def label_has_ended(label_id: int) -> bool:
    """Whether a label was revoked."""
    return LabelEnd.select(LabelEnd.id).where(LabelEnd.label == label_id).exists()


def live_label_ids(resident_id: int) -> list[int]:
    """Labels of a resident that open their card, oldest first."""
    return [row.id for row in labels_of([resident_id]) if row.ended_at is None]


def labels_of(resident_ids: Iterable[int], *, live: bool = False) -> list[LabelRow]:
    """Labels of several residents in the order they were made; only those in use when asked. One query."""
    columns = (Label.id, Label.resident, Label.uid, Label.version, Label.place, Label.short_code, Label.at, Label.by)
    which = Label.resident.in_(list(resident_ids))
    rows = (
        Label.select(*columns, LabelEnd.at, LabelEnd.by, LabelEnd.reason)
        .join(LabelEnd, JOIN.LEFT_OUTER)
        .where(which & LabelEnd.id.is_null() if live else which)
        .order_by(Label.id)
        .tuples()
    )
    return [LabelRow(*row[:10], row[10] or "") for row in rows]
