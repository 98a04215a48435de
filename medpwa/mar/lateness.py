"""Who was told of a late time-critical dose, and who took it on, read from the alerts raised about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from medpwa import clock, database
from medpwa.mar.queries import DoseLine
from medpwa.mar.states import EntryFacts, stands


def alert_key(line: DoseLine) -> str:
    """One dose is told once a step; the keys of later steps begin with this one and a colon."""
    return f"late:{line.dose.key}{opened_again(line.entries)}"


def opened_again(entries: Iterable[EntryFacts]) -> str:
    """What sets the telling of a dose apart that was recorded and then struck out: it is open again, so it is told
    again, whoever took it on the first time. Empty for a dose nothing was struck out of."""
    struck = sum(e.void for e in entries)
    return f"~{struck}" if struck else ""


def late_since(line: DoseLine) -> dt.datetime:
    """From when a late dose is counted as left: the end of its window, or the moment its record was struck out."""
    struck = (e.at for e in line.entries if e.outcome == "struck" and not e.void)
    return max((line.dose.times.on_time_until, *struck))


def is_recorded(entries: Iterable[EntryFacts]) -> bool:
    """Whether an entry stands that says something of its dose."""
    return any(stands(e) for e in entries)


@dataclass(frozen=True)
class Told:
    """What was told of a dose so far."""

    steps: frozenset[str] = frozenset()  # by name; the first step's is empty
    first_at: dt.datetime | None = None
    first_person: int | None = None
    taken_on_by: int | None = None
    taken_on_at: dt.datetime | None = None


_TOLD = """SELECT a.key, a.at, a.to_person, k."by", k.at FROM alert a
    LEFT JOIN acknowledgement k ON k.alert_id = a.id
    WHERE a.home_id = ? AND a.at >= ? AND (a.key = ? OR substr(a.key, 1, ?) = ?) ORDER BY a.id, k.id"""


def told_of(home_id: int, line: DoseLine) -> Told:
    """What was told of one dose. Nothing is told of it before it is due, so the home's newest alerts are enough."""
    key = alert_key(line)
    start = f"{key}:"
    rows = database.rows(_TOLD, home_id, clock.micros(line.due_at), key, len(start), start)
    if not rows:
        return Told()
    seen = min(((at, by) for *_, by, at in rows if at is not None), default=None)
    return Told(
        steps=frozenset(k.removeprefix(key).removeprefix(":").partition(":")[0] for k, *_ in rows),
        first_at=clock.from_micros(rows[0][1]),
        first_person=rows[0][2],
        taken_on_by=seen[1] if seen else None,
        taken_on_at=clock.from_micros(seen[0]) if seen else None,
    )
