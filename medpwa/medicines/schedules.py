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
    often, counted = _said(order)
    parts = [often, "" if kind_of(order) in _OWN_TIMES else f"at {listed(order.times)}", counted]
    if today is not None and often and kind_of(order) not in _OWN_TIMES:
        parts.append(_next_words(order, today))
    return ", ".join(part for part in parts if part)


def often_words(order: Scheduled) -> str:
    """On which days, in short, as a card says it beside the time: `every other day`; empty for every day."""
    return _said(order)[0]


def _next_words(order: Scheduled, today: dt.date) -> str:
    following = next(plan(order).days_from(today), None)
    if following is None:
        return ""
    return f"next {'' if (following - today).days < 2 else 'on '}{clock.day_words(following, today)}"


def _said(order: Scheduled) -> tuple[str, str]:
    """How often, and what it is counted from."""
    say = _WORDS.get(kind_of(order))
    return say(order, plan(order)) if say else ("", "")


def _weekdays(order: Scheduled, p: Plan) -> tuple[str, str]:
    return f"{'once a week, ' if len(p.days) == 1 else ''}{_on_days(p.days)}", ""


def _on_days(days: Iterable[int]) -> str:
    return f"on {listed(f'{WEEKDAYS[n]}s' for n in sorted(days))}"


def _every_n_days(order: Scheduled, p: Plan) -> tuple[str, str]:
    often = "every other day" if p.n == 2 else f"every {p.n} days"
    return often, f"counted from {clock.date_words(p.anchor)}"


def _every_n_weeks(order: Scheduled, p: Plan) -> tuple[str, str]:
    often = "every other week" if p.n == 2 else f"every {p.n} weeks"
    return f"{often}, {_on_days(p.days)}", f"counted from the week of {clock.date_words(p.anchor)}"


def _monthly(order: Scheduled, p: Plan) -> tuple[str, str]:
    days = [f"the {_ordinal(n)}" for n in sorted(p.days - {LAST_OF_MONTH})]
    days += ["the last day"] * (LAST_OF_MONTH in p.days)
    return f"on {listed(days)} of each month", ""


def _ordinal(n: int) -> str:
    return f"{n}{'th' if 11 <= n <= 13 else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"


def _every_n_hours(order: Scheduled, p: Plan) -> tuple[str, str]:
    often = "every hour" if p.n == 1 else f"every {p.n} hours"
    return often, f"counted from {clock.date_words(p.starts_on)} at {p.times[0]}"


def _cycle(order: Scheduled, p: Plan) -> tuple[str, str]:
    often = f"{_days(p.on)} with it, then {_days(p.off)} without, over and over"
    return often, f"counted from {clock.date_words(p.anchor)}"


def _days(n: int) -> str:
    return f"{n} day" if n == 1 else f"{n} days"


def _stepped(order: Scheduled, p: Plan) -> tuple[str, str]:
    return ", then ".join(step_words(order, step) for step in p.steps), ""


def step_words(order: Scheduled, step: Step) -> str:
    """One step: `3 tablets at 08:00 until 22 Nov 2026`."""
    amount = step.amount or order.dose_amount
    said = f"{amount_words(amount, order.dose_unit)} " if amount is not None else ""
    until = f" until {clock.date_words(step.last)}" if step.last else ""
    return f"{said}at {listed(step.times)}{until}"


def _once(order: Scheduled, p: Plan) -> tuple[str, str]:
    return f"once, on {clock.date_words(p.starts_on)} at {p.times[0]}", ""


def _when_required(order: Scheduled, p: Plan) -> tuple[str, str]:
    said = ["when required" + (f", for {_low(order.indication)}" if order.indication else "")]
    if order.min_interval:
        said.append(f"at least {clock.span_words(dt.timedelta(minutes=order.min_interval))} between doses")
    if order.most_24h:
        said.append(f"at most {amount_words(order.most_24h, order.dose_unit)} in 24 hours")
    return "; ".join(said), ""


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
# Kinds whose words name their times already.
_OWN_TIMES = ("every_n_hours", "stepped", "once", "prn")
