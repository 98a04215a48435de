"""The weekly guard between orders: a changed day or a second order must not bring two doses within the guarded days.
Within one schedule `schedule_rules` looks; whether one may be given is the round's (mar/limits)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from medpwa import clock
from medpwa.medicines import schedules
from medpwa.medicines.due import doses_due
from medpwa.medicines.keying import OrderDetails
from medpwa.medicines.rules import OrderFacts
from medpwa.medicines.vocabulary import WEEKLY_ONLY

_A_DAY = dt.timedelta(days=1)
LOOK_AHEAD = 400  # days: a yearly pattern comes round once


def clash(
    own: Iterable[OrderFacts], details: OrderDetails, at: dt.datetime, zone: str, *, line_id: int | None = None
) -> str:
    """Why these details, in force from `at`, would bring a second dose too soon; empty when they do not.

    `own` are all versions of the resident's orders, `line_id` the line that is changed. Doses count as they fall due,
    whatever became of them: past a guarded dose the only way is a one-off order on a prescriber's advice (bar page 5),
    which is let through.
    """
    guard = schedules.guard_of(details.medicine, details.guard_days)
    if guard is None or details.kind == "prn" or (details.kind == "once" and details.advice):
        return ""
    before = _days_of(own, details, at, zone, guard, line_id)
    for day in schedules.plan(details).days_from(clock.local_day(at, zone), most=LOOK_AHEAD):
        near = next((other for other in before if abs((other - day).days) <= guard), None)
        if near is not None and _to_come(details, day, at, zone):
            return _words(details.medicine, near, guard)
    return ""


def _days_of(
    own: Iterable[OrderFacts], details: OrderDetails, at: dt.datetime, zone: str, guard: int, line_id: int | None
) -> list[dt.date]:
    """Days on which doses of the same medicine fall due anyway: of the line that is changed only those already due."""
    alike = [o for o in own if o.line_id == line_id or _weekly_name(o.medicine) & _weekly_name(details.medicine)]
    low, high = at - (guard + 1) * _A_DAY, at + LOOK_AHEAD * _A_DAY
    doses = doses_due(alike, low, high, zone)
    return [clock.local_day(d.due_at, zone) for d in doses if d.line_id != line_id or d.due_at < at]


def _weekly_name(medicine: str) -> set[str]:
    return set(re.findall(r"[a-z]+", medicine.casefold())) & WEEKLY_ONLY.keys()


def _to_come(details: OrderDetails, day: dt.date, at: dt.datetime, zone: str) -> bool:
    times = schedules.times_on(details, day)
    return any(clock.at_local(day, dt.time.fromisoformat(time), zone) >= at for time in times)


def _words(medicine: str, near: dt.date, guard: int) -> str:
    first = clock.date_words(near + (guard + 1) * _A_DAY)
    return (
        f"A dose of {medicine} falls due on {clock.date_words(near)} anyway, and no second one may come within {guard} "
        f"days. Choose days that leave {guard} free, the first of them {first}, or ring the prescriber. The order is "
        "not saved."
    )
