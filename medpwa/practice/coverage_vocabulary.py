"""Words of the coverage forecast: the parts of a day, and what can be missing."""

from __future__ import annotations

import datetime as dt

MORNING, AFTERNOON, EVENING, NIGHT = "morning", "afternoon", "evening", "night"
# When each part of a day begins in the home; what comes before the morning is the night of the day before.
PARTS: dict[str, dt.time] = {
    MORNING: dt.time(7),
    AFTERNOON: dt.time(12),
    EVENING: dt.time(17),
    NIGHT: dt.time(21),
}

NOBODY_HERE, NOBODY, NO_SECOND = "nobody_here", "nobody", "no_second"
TONES = {NOBODY_HERE: "missed", NOBODY: "missed", NO_SECOND: "late"}
DAYS_AHEAD = 7
ROOMS_NAMED = 3  # in a sentence; the page lists them all
AT_ANY_TIME = frozenset({"insulin"})  # skills of which each shift needs one person, whatever is due
