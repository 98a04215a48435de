"""Doses put into the record as they would stand there, for tests that count many of them: written through the model
with their ledger lines, at any time, by anybody. What the gate allows is tested where the gate is."""

from __future__ import annotations

import datetime as dt
import uuid

from medpwa import clock, ledger
from medpwa.database import writing
from medpwa.mar.models import Entry
from medpwa.medicines.rules import OrderFacts
from medpwa.permits import Actor


def give(by: Actor, order: OrderFacts, person_id: int, at: dt.datetime, /, **changes: object) -> Entry:
    """A dose that somebody gave at a moment and recorded then."""
    values: dict = dict(
        entry_id=str(uuid.uuid4()),
        home=by.home_id,
        resident=order.resident_id,
        order_line=order.line_id,
        order_version=order.version_id,
        due_at=at,
        outcome="given",
        given_at=at,
        at=at,
        by=person_id,
        administered_by=person_id,
        claim=1,
        flags=[],
    ) | changes
    return kept(by, Entry, **values)


def corrected(by: Actor, entry: Entry, person_id: int, at: dt.datetime, /, **changes: object) -> Entry:
    """The entry that replaces another, as somebody who leads recorded it later."""
    values = dict(
        entry_id=str(uuid.uuid4()), home=entry.home_id, resident=entry.resident_id, order_line=entry.order_line_id,
        order_version=entry.order_version_id, due_at=entry.due_at, outcome="given", given_at=entry.given_at, at=at,
        by=person_id, administered_by=entry.administered_by, claim=2, flags=[], corrects=entry,
        correction_reason="mis_tap",
    ) | changes  # fmt: skip
    return kept(by, Entry, **values)


def kept(by: Actor, model, /, **values: object):
    """A row of a record with its line in the ledger."""
    with writing(by.chain_id):
        row = model.create(**values)
        ledger.append(by.chain_id, by, [ledger.line("home.open", f"home:{by.home_id}", row)])
    return row


def ago(days: float, time: str = "08:00") -> dt.datetime:
    """A clock time some days ago."""
    day = clock.local_day(clock.now()) - dt.timedelta(days=days)
    return clock.at_local(day, dt.time.fromisoformat(time))
