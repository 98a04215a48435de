"""Who stands before us: whom a person opened last, and how, read from their scans."""

from __future__ import annotations

import datetime as dt

from medpwa import clock, database
from medpwa.mar import rules
from medpwa.mar.models import Scan
from medpwa.permits import Actor
from medpwa.remember import once_a_look

# The newest by id, whatever the clock did between. The inner look, by person and time, says how far down to go, so that
# a person's scans of past years are not gone through; without any in three days nobody is before us.
_MINE = '"by" = ? AND coalesce(session, 0) = ? AND stopped = ?'
_NEWEST_OPENING = f"""SELECT id, resident_id, how, place, at FROM scan
    WHERE id >= (SELECT max(id) FROM scan WHERE {_MINE} AND at > ?) AND {_MINE.replace('"by"', '+"by"')}
    ORDER BY id DESC LIMIT 1"""
OPENINGS_BACK = dt.timedelta(days=3)


def identified(who: Actor, resident_id: int) -> rules.Identified | None:
    """How this person opened this resident in this session; None when the newest opening was of somebody else, or
    there was none. The newest one alone counts (decision 9)."""
    newest = _newest_opening(who.person_id, who.session_id or 0)
    if newest is None or newest[1] != resident_id:
        return None
    scan_id, _, how, place, at = newest
    return rules.Identified(scan_id, how, place, clock.from_micros(at))


@once_a_look("scan")
def _newest_opening(person_id: int | None, session_id: int) -> tuple | None:
    since = clock.micros(clock.now() - OPENINGS_BACK)
    mine = (person_id, session_id, False)
    return next(iter(database.rows(_NEWEST_OPENING, *mine, since, *mine)), None)


def newest_scan(who: Actor, label_id: int) -> Scan | None:
    """The newest scan by this person in this session, if it was of this label."""
    mine = (Scan.by == who.person_id) & (Scan.session == who.session_id)
    found = Scan.select().where(mine).order_by(Scan.id.desc()).first()
    return found if found is not None and found.label_id == label_id else None
