"""The shifts of a home as they are set, and what was handed over at their ends."""

from __future__ import annotations

import datetime as dt

from medpwa import clock
from medpwa.errors import NotFound
from medpwa.mar import shifts
from medpwa.mar.models_after import ShiftHandover, ShiftSetting
from medpwa.mar.shifts import ShiftFacts, ShiftSpan
from medpwa.permits import Actor

BACK = dt.timedelta(days=3)
EARLIER_SHOWN = 30
_HIGHEST = 2**62


def shift_settings(home_id: int, at: dt.datetime | None = None) -> tuple[ShiftFacts, ...]:
    """The shifts of a home in force, by time of day."""
    moment = at or clock.now()
    mine = (ShiftSetting.home == home_id) & (ShiftSetting.valid_from <= moment)
    rows = ShiftSetting.select().where(mine).order_by(ShiftSetting.valid_from, ShiftSetting.id)
    latest: dict[str, ShiftSetting] = {}
    first: dict[str, dt.datetime] = {}
    for row in rows:
        latest[row.name] = row
        first.setdefault(row.name, row.valid_from)
    standing = [r for r in latest.values() if not r.retired]
    found = [ShiftFacts(r.name, dt.time.fromisoformat(r.starts), first[r.name]) for r in standing]
    return tuple(sorted(found, key=lambda f: f.starts))


def spans(who: Actor, at: dt.datetime) -> list[ShiftSpan]:
    """The shifts around a moment."""
    return shifts.spans_around(shift_settings(who.home_id, at), at, who.zone)


def handed_over(home_id: int, at: dt.datetime) -> frozenset[dt.datetime]:
    """The starts of the shifts of the last days that were handed over."""
    mine = (ShiftHandover.home == home_id) & (ShiftHandover.shift_start > at - BACK)
    return frozenset(row.shift_start for row in ShiftHandover.select(ShiftHandover.shift_start).where(mine))


def span_to_hand_over(who: Actor, at: dt.datetime, start: dt.datetime | None = None) -> ShiftSpan | None:
    """The shift now ending; the one that began at `start` when a form or a link names one."""
    found = spans(who, at)
    if start is not None:
        return next((s for s in found if s.start_at == start and s.start_at <= at), None)
    return shifts.ending(found, handed_over(who.home_id, at), at)


def missing(who: Actor, at: dt.datetime) -> tuple[ShiftSpan, ...]:
    """Shifts that ended over an hour ago and were not handed over."""
    return shifts.never_handed_over(spans(who, at), handed_over(who.home_id, at), at)


def earlier(home_id: int) -> list[ShiftHandover]:
    """The newest hand-overs of a home, newest first."""
    mine = ShiftHandover.select().where(ShiftHandover.home == home_id)
    return list(mine.order_by(ShiftHandover.shift_start.desc(), ShiftHandover.id.desc()).limit(EARLIER_SHOWN))


def handover_of(by: Actor, handover_id: int, **_: object) -> ShiftHandover:
    """A hand-over of the actor's home, else NotFound."""
    found = None
    if 0 < handover_id < _HIGHEST:
        mine = (ShiftHandover.id == handover_id) & (ShiftHandover.home == by.home_id)
        found = ShiftHandover.get_or_none(mine)
    if found is None:
        raise NotFound()
    return found
