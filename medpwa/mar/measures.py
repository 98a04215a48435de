"""How much was given late, and how much was recorded late, week by week: each with what it was counted of. Of the
home, never of a person (law 10)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from medpwa import clock, database
from medpwa.mar.models import GIVES
from medpwa.mar.timing import LADDER
from medpwa.permits import Actor

WEEKS = 5

# Every give of a dose that fell due in the week and stands: counted once each, also where a dose has two.
_COUNTS = f"""SELECT count(*),
    sum(CASE WHEN e.given_at > e.due_at + CAST(v.window_after AS BIGINT) * 60000000 THEN 1 ELSE 0 END),
    sum(CASE WHEN coalesce(e.saved_at, e.at) - e.given_at > ? THEN 1 ELSE 0 END)
    FROM entry e JOIN order_version v ON v.id = e.order_version_id
    WHERE e.home_id = ? AND e.due_at >= ? AND e.due_at < ? AND e.outcome IN {GIVES}
    AND NOT EXISTS (SELECT 1 FROM entry c WHERE c.corrects_id = e.id)"""


@dataclass(frozen=True)
class Week:
    """One week of a home, Monday to Sunday: doses given, and how many of them late and recorded late."""

    monday: dt.date
    given: int
    late: int
    recorded_late: int

    @property
    def words(self) -> str:
        """Which week it is."""
        return f"Week of {clock.date_words(self.monday)}"

    @property
    def late_words(self) -> str:
        """`3 of 120 (2.5 %)`, counted from the end of each order's window."""
        return share(self.late, self.given)

    @property
    def recorded_late_words(self) -> str:
        """The same for those recorded over 15 minutes after they were given."""
        return share(self.recorded_late, self.given)


def share(part: int, whole: int) -> str:
    """A share with what it was counted of; nothing is divided where nothing was counted."""
    return f"{part} of {whole} ({100 * part / whole:.1f} %)" if whole else "no dose given"


def weeks(who: Actor, at: dt.datetime | None = None, count: int = WEEKS) -> list[Week]:
    """The newest weeks of a home, this one first."""
    today = clock.local_day(at or clock.now(), who.zone)
    monday = clock.monday_of(today)
    return [_week(who, monday - dt.timedelta(weeks=n)) for n in range(count)]


def _week(who: Actor, monday: dt.date) -> Week:
    start = clock.day_bounds(monday, who.zone)[0]
    end = clock.day_bounds(monday + dt.timedelta(days=7), who.zone)[0]
    late = LADDER.told_apart * 60 * 1_000_000
    found = database.rows(_COUNTS, late, who.home_id, clock.micros(start), clock.micros(end))[0]
    return Week(monday, *(int(n or 0) for n in found))
