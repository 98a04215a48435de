"""What the demo tells of one dose, and how it draws: the same for the same dose whenever it is asked."""

from __future__ import annotations

import random
from dataclasses import dataclass

SEED = "rowanbank-25"


@dataclass(frozen=True)
class Told:
    """How one dose came out. Outcome and reasons are ids; `minutes` is how long after due it was given, or recorded.

    No outcome is a gap: nothing was recorded. With `where` it is none: the person was not in the home.
    """

    outcome: str | None = None
    minutes: int = 0
    by: str = ""
    label: str = ""  # person or door; empty when the card was opened without a scan
    no_scan: str = ""  # why it was
    reason: str = ""  # why it was not given
    note: str = ""
    extra: tuple[tuple[str, str], ...] = ()  # what the outcome needs beside its reason
    reported: int = 0  # minutes later at which a dose given without recording it was reported
    where: str = ""
    given_by: str = ""  # who gave it, where it was not the one who recorded it


def draw(*of: object) -> random.Random:
    """A generator of its own for each thing that is drawn."""
    return random.Random("|".join([SEED, *(str(part) for part in of)]))
