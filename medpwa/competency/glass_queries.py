"""Read-only answers about exceptions for a round (break-glass): which stand now, which wait for a manager, which there
were."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from medpwa.competency.models import BreakGlass, BreakGlassSeen
from medpwa.errors import NotFound
from medpwa.permits import Actor
from medpwa.remember import home_stamp, once_a_look, remembered
from medpwa.staff import queries as staff

_STAMP = """SELECT (SELECT max(id) FROM break_glass WHERE home_id = ?),
    (SELECT max(s.id) FROM break_glass_seen s JOIN break_glass g ON g.id = s.break_glass_id WHERE g.home_id = ?)"""


@dataclass(frozen=True, slots=True)
class Glass:
    """Somebody not signed off may give in one round: who, which, why, who allowed it, and what a manager said of it."""

    id: int
    person_id: int
    round_name: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    reason: str
    at: dt.datetime
    by: int
    seen_at: dt.datetime | None = None
    seen_by: int | None = None
    seen_words: str = ""

    def holds(self, at: dt.datetime) -> bool:
        """Whether it lets anything through at a moment: from its round's start until its close, and never before it
        was decided."""
        return max(self.starts_at, self.at) <= at < self.ends_at


def glass_broken(home_id: int, since: dt.datetime, until: dt.datetime) -> list[Glass]:
    """Every exception decided in [since, until), oldest first: for the quarterly audit."""
    return [g for g in glasses_of(home_id) if since <= g.at < until]


def standing(home_id: int, person_id: int, at: dt.datetime) -> tuple[Glass, ...]:
    """The exceptions that let somebody give at a moment."""
    return tuple(g for g in glasses_of(home_id) if g.person_id == person_id and g.holds(at))


def standing_in(home_id: int, at: dt.datetime) -> list[Glass]:
    """Every exception of a home that holds at a moment or is still to begin."""
    return [g for g in glasses_of(home_id) if at < g.ends_at]


def waiting(home_id: int) -> list[Glass]:
    """Exceptions nobody who answers for the home has said anything about, oldest first."""
    return [g for g in glasses_of(home_id) if g.seen_at is None]


def glass_by_id(home_id: int, glass_id: int | None) -> Glass | None:
    """One exception of a home."""
    return next((g for g in glasses_of(home_id) if g.id == glass_id), None) if glass_id else None


def glass_of(by: Actor, glass_id: int, **_: object) -> BreakGlass:
    """The loader of an exception: this home's; NotFound for anything else."""
    if not 0 < glass_id < staff.HIGHEST_ID:
        raise NotFound()
    found = BreakGlass.get_or_none((BreakGlass.id == glass_id) & (BreakGlass.home == by.home_id))
    if found is None:
        raise NotFound()
    return found


@once_a_look("break_glass", "break_glass_seen")
def glasses_of(home_id: int) -> tuple[Glass, ...]:
    """Every exception of a home, oldest first, kept until the next one or the next answer."""
    newest = home_stamp(("break_glass", "break_glass_seen"), _STAMP, home_id, home_id)
    return remembered("glasses", home_id, newest, lambda: _read(home_id))


def _read(home_id: int) -> tuple[Glass, ...]:
    rows = list(BreakGlass.select().where(BreakGlass.home == home_id).order_by(BreakGlass.id))
    if not rows:
        return ()
    mine = BreakGlassSeen.break_glass.in_([row.id for row in rows])
    seen = {row.break_glass_id: row for row in BreakGlassSeen.select().where(mine)}
    return tuple(_glass(row, seen.get(row.id)) for row in rows)


def _glass(row: BreakGlass, seen: BreakGlassSeen | None) -> Glass:
    fact = Glass(row.id, row.person_id, row.round_name, row.starts_at, row.ends_at, row.reason, row.at, row.by)
    if seen is None:
        return fact
    return replace(fact, seen_at=seen.at, seen_by=seen.by, seen_words=seen.words)
