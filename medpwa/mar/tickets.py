"""Ready tickets: what was made ready, by whom, when, signed by the server; they are not stored (decision 10).

A ticket names the person, home, dose, order version, scan and time, and lasts 30 minutes. An outcome carries it, and
the entry's `prepared_at` comes from it, never from the phone.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from dataclasses import dataclass
from functools import lru_cache

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from medpwa import clock
from medpwa.staff import lock_rules


@dataclass(frozen=True, slots=True)
class DoseKey:
    """A dose: its order line and due instant. Stable over versions of the order."""

    line_id: int
    due_at: dt.datetime

    def __str__(self) -> str:
        return f"{self.line_id}-{clock.micros(self.due_at)}"


def prn_key(line_id: int) -> DoseKey:
    """What a ticket of a when-required dose names: its order line, and no due time (the beginning of time)."""
    return DoseKey(line_id, clock.EPOCH)


def parse_key(text: str) -> DoseKey | None:
    """A dose key from a form, or None for anything that is not one."""
    line, dash, due = text.partition("-")
    if not (dash and line.isascii() and line.isdigit() and due.isascii() and due.isdigit()):
        return None
    if len(line) > 15 or len(due) > 16:
        return None
    return DoseKey(int(line), clock.from_micros(int(due)))


@dataclass(frozen=True, slots=True)
class Ticket:
    """One line made ready."""

    person_id: int
    home_id: int
    key: DoseKey
    version_id: int
    scan_id: int | None
    prepared_at: dt.datetime

    def fits(self, person_id: int, home_id: int, key: DoseKey, at: dt.datetime) -> bool:
        """Whether it is this person's, for this dose, and not too old."""
        mine = (self.person_id, self.home_id, self.key) == (person_id, home_id, key)
        return mine and lock_rules.ready_holds(self.prepared_at, at)


def issue(ticket: Ticket) -> str:
    """The signed text of a ticket."""
    t, signer = ticket, _signer(current_app.config["SECRET_KEY"])
    return signer.dumps([t.person_id, t.home_id, str(t.key), t.version_id, t.scan_id, clock.micros(t.prepared_at)])


def read(text: str) -> Ticket | None:
    """The ticket a form carries, or None when it is not one of ours."""
    return _read(current_app.config["SECRET_KEY"], text[:500])


@lru_cache(maxsize=4_096)  # every form of a card carries the tickets of its other lines along
def _read(secret: str, text: str) -> Ticket | None:
    try:
        person_id, home_id, key, version_id, scan_id, prepared = _signer(secret).loads(text)
        found, prepared_at = parse_key(str(key)), clock.from_micros(prepared)
    except (BadSignature, ValueError, TypeError, OverflowError):
        return None
    return Ticket(person_id, home_id, found, version_id, scan_id, prepared_at) if found else None


@lru_cache(maxsize=4_096)
def entry_id(text: str) -> str:
    """The id of the entry a ticket leads to: every form drawn for it, now or later, records one and the same."""
    return str(uuid.UUID(bytes=hashlib.sha256(text.encode()).digest()[:16], version=4))


@lru_cache(maxsize=4)
def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="ready")
