"""A day and a clock time from a form, as one moment. On the night the clocks go back a time may have happened twice:
then the form asks which, and nothing is guessed."""

from __future__ import annotations

import datetime as dt

from medpwa import clock
from medpwa.pages import once
from medpwa.permits import Actor
from medpwa.staff import typed

TWICE = [("first", "The first time, before the clocks went back"), ("second", "The second time, after it")]
KEPT = "What you wrote is kept."


def given_at(who: Actor, problems: list[tuple[str, str]]) -> dt.datetime | None:
    """When it was given, by the fields `day`, `time` and, where that clock time came twice, `which`."""
    on, time, which = typed.day(once("day")), typed.clock_time(once("time")), once("which")
    if on is None:
        problems.append(("day", f"Give the day it was given, like 16/11/2026. {KEPT}"))
    if time is None:
        problems.append(("time", f"Give the time as hours and minutes, e.g. 08:10. {KEPT}"))
    return None if on is None or time is None else _moment(who, on, time, which, problems)


def _moment(
    who: Actor, on: dt.date, time: dt.time, which: str, problems: list[tuple[str, str]]
) -> dt.datetime | None:
    second = clock.second_at_local(on, time, who.zone)
    if second is None or which == "first":
        return clock.at_local(on, time, who.zone)
    if which == "second":
        return second
    problems.append(("which", f"The clocks went back that night, so {time:%H:%M} came twice. Say which it was. {KEPT}"))
    return None


def came_twice(who: Actor, day: str, time: str) -> bool:
    """Whether a day and time as typed happened twice: the form then asks which."""
    on, at = typed.day(day), typed.clock_time(time)
    return on is not None and at is not None and clock.second_at_local(on, at, who.zone) is not None


def typed_words(at: dt.datetime, zone: str) -> dict[str, str]:
    """A moment as the fields of a form hold it."""
    there = clock.local(at, zone)
    which = "second" if there.fold else "first"
    return {"day": f"{there:%Y-%m-%d}", "time": f"{there:%H:%M}", "which": which}
