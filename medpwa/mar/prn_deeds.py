"""The only writer of what a when-required dose did; it runs inside an open transaction."""

from __future__ import annotations

from medpwa import clock
from medpwa.ledger import Pending, line
from medpwa.mar.models import Entry
from medpwa.mar.models_after import PrnEffect
from medpwa.permits import Actor


def record_effect(by: Actor, entry: Entry, effect: str, words: str, told: str) -> tuple[PrnEffect, Pending]:
    """Keep what somebody saw."""
    row = PrnEffect.create(entry=entry, effect=effect, words=words, told=told, at=clock.now(), by=by.person_id)
    return row, line("prn.effect", f"resident:{entry.resident_id}", row, entry=entry.id, effect=effect)
