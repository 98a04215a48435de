"""What keeps a schedule from being keyed: what is missing or impossible in it, and the weekly guard."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import islice
from typing import Any

from medpwa.medicines.recurrence import KINDS, LAST_OF_MONTH, Plan, plan_of
from medpwa.medicines.vocabulary import WEEKLY_ONLY

Problem = tuple[str, str]

MOST_DAYS = 366  # between two doses, and of one turn of a cycle
MOST_WEEKS = 52
MOST_STEPS = 20
MOST_DOSES = 500  # of a course
_GUARD_LOOK = 1500  # days: two turns of the longest schedule, a leap day among them
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")


def problems(
    schedule: Mapping[str, Any] | None,
    *,
    kind: str = "regular",
    times: tuple[str, ...] = (),
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    dose_amount: Decimal | None = None,
    total_doses: int | None = None,
    guard_days: int | None = None,
    medicine: str = "",
    **_: Any,
) -> list[Problem]:
    """Everything that keeps a schedule from being keyed: (field, what is wrong and what to do), the fields being
    `schedule`, `times`, `total_doses` and `guard_days`. Times, first and last day themselves are `keying`'s to check:
    while they are missing or wrong, what depends on them is not asked."""
    found = [*_kind_problems(schedule, kind, times), *_course_problems(schedule, kind, total_doses)]
    found += _shape_problems(schedule) if not found and schedule else []
    if found or starts_on is None or not all(_TIME.fullmatch(time) for time in times):
        return found
    if kind != "prn" and not times:
        return found
    plan = plan_of(schedule, kind=kind, times=tuple(sorted(times)), starts_on=starts_on, ends_on=ends_on)
    found += [*_step_problems(plan, dose_amount), *_empty(plan)]
    return [*found, *_guard_problems(plan, medicine, guard_days, total_doses)]


# ---------------------------------------------------------------- the shape


def _kind_problems(schedule: Mapping[str, Any] | None, kind: str, times: tuple[str, ...]) -> Iterator[Problem]:
    if kind == "prn" and (schedule or times):
        yield "schedule", "A when-required medicine has no set times. Take the times out, or make it a regular one."
    elif kind == "once" and schedule:
        yield "schedule", "A single dose has one day and one time, and no schedule beside them."
    elif kind == "once" and len(times) > 1:
        yield "times", "A single dose has one time. Take the others out."
    elif schedule is not None and schedule.get("kind") not in KINDS:
        yield "schedule", "Choose on which days it is given from the list."
    elif schedule is not None and schedule["kind"] == "every_n_hours" and len(times) > 1:
        yield "times", "Every so many hours is counted from one time: the first dose's. Take the others out."


def _course_problems(schedule: Mapping[str, Any] | None, kind: str, total: int | None) -> Iterator[Problem]:
    if total is None:
        return
    if not _whole(total, 1, MOST_DOSES):
        yield "total_doses", f"A course has 1 to {MOST_DOSES} doses. Count them on the label."
    elif kind in ("prn", "once"):
        yield "total_doses", "Only a medicine at set times is a course of so many doses. Leave this empty."
    elif schedule and schedule.get("kind") in ("stepped", "advised"):
        yield "total_doses", "Steps, and doses by letter, end by their days. Leave the number of doses empty."


def _shape_problems(schedule: Mapping[str, Any]) -> list[Problem]:
    said = _SHAPES.get(schedule["kind"], lambda schedule: "")(schedule)
    if not said and schedule.get("anchor") is not None:
        said = _anchor(schedule["anchor"])
    return [("schedule", said)] if said else []


def _weekdays(schedule: Mapping[str, Any]) -> str:
    days = schedule.get("days") or ()
    fine = days and len(set(days)) == len(days) and all(_whole(day, 0, 6) for day in days)
    return "" if fine else "Choose at least one day of the week, each once."


def _every_n_days(schedule: Mapping[str, Any]) -> str:
    fine = _whole(schedule.get("n"), 2, MOST_DAYS)
    return "" if fine else f"Say every how many days: 2 to {MOST_DAYS}. For every day choose that."


def _every_n_weeks(schedule: Mapping[str, Any]) -> str:
    fine = _whole(schedule.get("n"), 2, MOST_WEEKS)
    return _weekdays(schedule) if fine else f"Say every how many weeks: 2 to {MOST_WEEKS}."


def _monthly(schedule: Mapping[str, Any]) -> str:
    days = schedule.get("days") or ()
    if days and len(set(days)) == len(days) and all(day == LAST_OF_MONTH or _whole(day, 1, 28) for day in days):
        return ""
    return "Choose a day of the month from 1 to 28, or the last day: not every month has a 29th, 30th or 31st."


def _every_n_hours(schedule: Mapping[str, Any]) -> str:
    fine = _whole(schedule.get("n"), 1, MOST_DAYS * 24)
    return "" if fine else "Say every how many hours, as a whole number of at least 1."


def _cycle(schedule: Mapping[str, Any]) -> str:
    on, off = schedule.get("on"), schedule.get("off")
    if not (_whole(on, 1, MOST_DAYS) and _whole(off, 1, MOST_DAYS)):
        return "Say how many days with it and how many without, each at least 1."
    return "" if on + off <= MOST_DAYS else f"One turn may have {MOST_DAYS} days. Check both numbers."


def _stepped(schedule: Mapping[str, Any]) -> str:
    steps = schedule.get("steps") or ()
    if not 2 <= len(steps) <= MOST_STEPS:
        return f"A stepped dose has 2 to {MOST_STEPS} steps. For one dose throughout choose every day."
    return next((said for place, step in enumerate(steps, 1) if (said := _step(place, step, len(steps)))), "")


def _step(place: int, step: Mapping[str, Any], steps: int) -> str:
    days, amount, times = step.get("days"), step.get("amount"), step.get("times") or ()
    if days is None and place < steps:
        return f"Step {place} has no number of days. Only the last step may go on."
    if days is not None and not _whole(days, 1, MOST_DAYS):
        return f"Step {place}: say how many days, 1 to {MOST_DAYS}."
    if amount is not None and _amount(amount) is None:
        return f"Step {place}: write how much each dose is, in figures, more than zero."
    if not all(_TIME.fullmatch(str(time)) for time in times) or len(set(times)) < len(times):
        return f"Step {place}: write its times like 08:00, each once."
    return ""


_SHAPES = {
    "weekdays": _weekdays,
    "every_n_days": _every_n_days,
    "every_n_weeks": _every_n_weeks,
    "monthly": _monthly,
    "every_n_hours": _every_n_hours,
    "cycle": _cycle,
    "stepped": _stepped,
}


def _anchor(text: object) -> str:
    try:
        fine = 2000 <= dt.date.fromisoformat(str(text)).year <= 2100
    except ValueError:
        fine = False
    return "" if fine else "Give the day the schedule is counted from: a day with a dose."


def _whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _amount(text: object) -> Decimal | None:
    try:
        amount = Decimal(str(text))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 < amount <= 1000 else None


# ---------------------------------------------------------------- what it makes of its days


def _step_problems(plan: Plan, dose_amount: Decimal | None) -> Iterator[Problem]:
    for place, step in enumerate(plan.steps, 1):
        if step.amount is None and dose_amount is None:
            yield "schedule", f"Step {place}: write how much each dose is."
    if plan.steps and plan.ends_on is not None and plan.steps[-1].first > plan.ends_on:
        yield "schedule", "The last day comes before the last step begins. Check the steps, or the last day."


def _empty(plan: Plan) -> Iterator[Problem]:
    if plan.kind != "prn" and next(plan.days_from(plan.starts_on), None) is None:
        yield "schedule", "No day from the first to the last has a dose. Check the days."


@lru_cache(4_096)
def guard_of(medicine: str, guard_days: int | None = None) -> int | None:
    """Within how many days of a dose no second one may come: as the order says, and at least what WEEKLY_ONLY says of
    the medicine, found by its name as a word. Six days: a weekly dose a week later is right (domain page 2)."""
    named = [days for name, days in WEEKLY_ONLY.items() if name in re.findall(r"[a-z]+", medicine.casefold())]
    return max([*named, guard_days or 0]) or None


def _guard_problems(plan: Plan, medicine: str, guard_days: int | None, total: int | None) -> Iterator[Problem]:
    if guard_days is not None and not _whole(guard_days, 1, MOST_DAYS):
        yield "guard_days", f"Say within how many days there may be no second dose: 1 to {MOST_DAYS}."
        return
    guard, weekly = guard_of(medicine, guard_days), guard_of(medicine) is not None
    if guard is None:
        return
    if plan.kind == "prn" and weekly:
        yield "schedule", f"{_called(medicine)} is given once a week, never when required. Check with the prescriber."
    elif (gap := shortest_gap_days(plan, total)) is not None and gap <= guard:
        yield "schedule", guard_words(medicine, guard, weekly=weekly)


def guard_words(medicine: str, guard: int, *, weekly: bool) -> str:
    """Why a schedule is refused by the guard, and what to do."""
    why = "it is given once a week, never daily" if weekly else f"this order allows no second dose within {guard} days"
    return (
        f"Two doses of {medicine} would fall due within {guard} days: {why}. Read the label again and choose one day "
        "of the week. If the paper really says this, stop and ring the prescriber: the order is not saved."
    )


def _called(medicine: str) -> str:
    return medicine[:1].upper() + medicine[1:]


def shortest_gap_days(plan: Plan, total: int | None = None) -> int | None:
    """Days between the two doses of a plan that are closest together: 0 where one day has two. None where there is no
    second dose."""
    days = islice(_dose_days(plan), total)
    before, least = None, None
    for day in days:
        if before is not None and (least is None or (day - before).days < least):
            least = (day - before).days
            if least == 0:
                return 0
        before = day
    return least


def _dose_days(plan: Plan) -> Iterable[dt.date]:
    return (day for day in plan.days_from(plan.starts_on, most=_GUARD_LOOK) for _ in plan.times_on(day))
