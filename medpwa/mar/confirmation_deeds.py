"""The only writer of confirmations; it runs inside an open transaction."""

from __future__ import annotations

from medpwa import clock
from medpwa.ledger import Pending, line
from medpwa.mar.models import Entry
from medpwa.mar.models_after import EntryConfirmation
from medpwa.permits import Actor


def confirm(by: Actor, entry: Entry, words: str) -> tuple[EntryConfirmation, Pending]:
    """A team leader looked at an entry that was recorded late; the entry itself is not touched."""
    row = EntryConfirmation.create(entry=entry, words=words, at=clock.now(), by=by.person_id)
    return row, line("mar.confirm", f"resident:{entry.resident_id}", row, entry=entry.id)
