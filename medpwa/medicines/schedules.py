"""What an order's schedule says of a day, and how it is said to a carer. Pure; the calendar itself is `recurrence`,
what may be keyed is `schedule_rules` (`problems`), and which doses fall due over versions is `rules.doses_due`.

The functions take any version of an order: `OrderFacts`, or `OrderDetails` as keyed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Protocol

from medpwa import clock
from medpwa.medicines.amounts import amount_words, listed
from medpwa.medicines.recurrence import LAST_OF_MONTH, Plan, Step, plan_of
from medpwa.medicines.schedule_rules import guard_of as guard_of
from medpwa.medicines.schedule_rules import problems as problems

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Scheduled(Protocol):
    """What a schedule's words and days are read from."""

    kind: str
    schedule: Mapping[str, Any] | None
    times: tuple[str, ...]
    starts_on: dt.date
    ends_on: dt.date | None
    dose_amount: Decimal | None
    dose_unit: str
    indication: str
    min_interval: int | None
    most_24h: Decimal | None


def plan(order: Scheduled) -> Plan:
    """An order's schedule, read."""
    return plan_of(
        order.schedule, kind=order.kind, times=order.times, starts_on=order.starts_on, ends_on=order.ends_on
    )


def times_on(order: Scheduled, day: dt.date) -> tuple[str, ...]:
    """The clock times at which doses fall due on a home's day; none for a when-required medicine. Spans of versions
    and the number of doses of a course are not asked here (`rules.doses_due`)."""
    return plan(order).times_on(day)


def falls_on(order: Scheduled, day: dt.date) -> bool:
    """Whether a day is one with a dose."""
    return bool(times_on(order, day))


def amount_on(order: Scheduled, day: dt.date) -> Decimal | None:
    """How much one dose of a day is, in the order's dose unit. None where the order does not say: each day's dose then
    comes from written advice (`advice.advice_for`), or the day has no step."""
    if kind_of(order) != "stepped":
        return order.dose_amount
    step = plan(order).step_on(day)
    return (step.amount or order.dose_amount) if step else None


def kind_of(order: Scheduled) -> str:
    """prn, once, daily, or the schedule's kind."""
    if order.kind in ("prn", "once"):
        return order.kind
    return order.schedule["kind"] if order.schedule else "daily"


def by_advice(order: Scheduled) -> bool:
    """Whether each day's dose comes from written advice."""
    return kind_of(order) == "advised"


# ---------------------------------------------------------------- words


def words(order: Scheduled, today: dt.date | None = None) -> str:
    """When it is given, as directions say it: `every other day, at 08:00, counted from 1 Nov 2026`. With `today`, the
    next day with a dose is named where the days are not plain: `next on Tue 17 Nov`."""
    kind = kind_of(order)
    said = _WORDS.get(kind, _daily)(order, plan(order))
    if today is None or kind in ("prn", "once", "daily", "advised", "stepped", "every_n_hours"):
        return said
    following = next(plan(order).days_from(today), None)
    return f"{said}, next on {clock.day_words(following, today)}" if following else said


def _at(order: Scheduled) -> str:
    return f"at {listed(order.times)}"


def _daily(order: Scheduled, p: Plan) -> str:
    return _at(order)


def _weekdays(order: Scheduled, p: Plan) -> str:
    return f"{'once a week, ' if len(p.days) == 1 else ''}{_on_days(p.days)}, {_at(order)}"


def _on_days(days: Iterable[int]) -> str:
    return f"on {listed(f'{WEEKDAYS[n]}s' for n in sorted(days))}"


def _every_n_days(order: Scheduled, p: Plan) -> str:
    often = {1: "every day", 2: "every other day"}.get(p.n, f"every {p.n} days")
    return f"{often}, {_at(order)}, counted from {clock.date_words(p.anchor)}"


def _every_n_weeks(order: Scheduled, p: Plan) -> str:
    often = {1: "every week", 2: "every other week"}.get(p.n, f"every {p.n} weeks")
    return f"{often}, {_on_days(p.days)}, {_at(order)}, counted from the week of {clock.date_words(p.anchor)}"


def _monthly(order: Scheduled, p: Plan) -> str:
    days = [f"the {_ordinal(n)}" for n in sorted(p.days - {LAST_OF_MONTH})]
    days += ["the last day"] * (LAST_OF_MONTH in p.days)
    return f"on {listed(days)} of each month, {_at(order)}"


def _ordinal(n: int) -> str:
    return f"{n}{'th' if 11 <= n <= 13 else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"


def _every_n_hours(order: Scheduled, p: Plan) -> str:
    often = "every hour" if p.n == 1 else f"every {p.n} hours"
    return f"{often}, counted from {clock.date_words(p.starts_on)} at {p.times[0]}"


def _cycle(order: Scheduled, p: Plan) -> str:
    pause = f"{_days(p.on)} with it, then {_days(p.off)} without, over and over"
    return f"{pause}, {_at(order)}, counted from {clock.date_words(p.anchor)}"


def _days(n: int) -> str:
    return f"{n} day" if n == 1 else f"{n} days"


def _stepped(order: Scheduled, p: Plan) -> str:
    return f"{', then '.join(step_words(order, step) for step in p.steps)}"


def step_words(order: Scheduled, step: Step) -> str:
    """One step: `3 tablets at 08:00 until 22 Nov 2026`."""
    amount = step.amount or order.dose_amount
    said = f"{amount_words(amount, order.dose_unit)} " if amount is not None else ""
    until = f" until {clock.date_words(step.last)}" if step.last else ""
    return f"{said}at {listed(step.times)}{until}"


def _once(order: Scheduled, p: Plan) -> str:
    return f"once, on {clock.date_words(p.starts_on)} at {p.times[0]}"


def _when_required(order: Scheduled, p: Plan) -> str:
    said = ["when required" + (f", for {_low(order.indication)}" if order.indication else "")]
    if order.min_interval:
        said.append(f"at least {clock.span_words(dt.timedelta(minutes=order.min_interval))} between doses")
    if order.most_24h:
        said.append(f"at most {amount_words(order.most_24h, order.dose_unit)} in 24 hours")
    return "; ".join(said)


def _low(text: str) -> str:
    """A phrase inside a sentence; what begins with a name or a short form keeps its capital."""
    return text if text[1:2].isupper() or "’s" in text or "'s" in text else text[:1].lower() + text[1:]


_WORDS = {
    "weekdays": _weekdays,
    "every_n_days": _every_n_days,
    "every_n_weeks": _every_n_weeks,
    "monthly": _monthly,
    "every_n_hours": _every_n_hours,
    "cycle": _cycle,
    "stepped": _stepped,
    "once": _once,
    "prn": _when_required,
}
