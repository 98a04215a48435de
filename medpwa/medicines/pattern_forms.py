"""What each pattern asks for on the form, and reading what both people key of it: schedule, limits, what is counted."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from medpwa.medicines import typed as read
from medpwa.medicines.rules import Ingredient
from medpwa.medicines.typed import INGREDIENT_ROWS, STEP_ROWS, Problem, Typed
from medpwa.medicines.vocabulary import PATTERNS, QUICK_TIMES
from medpwa.medicines.writing import mass_in_unit

_REGULAR = {"amount", "times", "total", "ends", "limits", "guard", "timing", "food", "asleep"}
# Which parts of the form a pattern shows. What it does not show is not read either.
ASKS: dict[str, frozenset[str]] = {
    name: frozenset(parts)
    for name, parts in {
        "daily": _REGULAR | {"most"},
        "weekdays": _REGULAR | {"most", "weekdays"},
        "every_n_days": _REGULAR | {"most", "every", "anchor"},
        "every_n_weeks": _REGULAR | {"most", "every", "weekdays", "anchor"},
        "monthly": _REGULAR | {"most", "month_day"},
        "every_n_hours": (_REGULAR | {"most", "every", "one_time"}) - {"times"},
        "cycle": _REGULAR | {"most", "cycle", "anchor"},
        "stepped": (_REGULAR | {"steps"}) - {"amount", "total", "guard"},
        "advised": _REGULAR - {"amount", "total", "guard", "limits"},
        "prn": {"amount", "most", "ends", "limits", "protocol", "food"},
        "once": {"amount", "most", "one_time", "timing", "food", "asleep", "advice"},
    }.items()
}
# Where a problem of the schedule shows, by pattern: the first of its fields.
SHOWN_AT = {
    "weekdays": "weekday", "every_n_days": "every", "every_n_weeks": "every", "monthly": "month_day",
    "every_n_hours": "every", "cycle": "days_on", "stepped": "step_days_1",
}  # fmt: skip


def keyed(typed: Typed, found: list[Problem]) -> dict[str, Any]:
    """The fields both people key, as values; `found` takes what cannot be read."""
    asks = ASKS[typed["pattern"]]
    steps = _steps(typed, found) if "steps" in asks else []
    starts_on = read.day("starts_on", typed["starts_on"], found)
    return {
        **{name: typed[name] for name in ("medicine", "strength", "form", "route", "site", "dose_unit")},
        "kind": PATTERNS[typed["pattern"]].kind,
        "dose_amount": _amount(typed, asks, steps, found),
        "dose_most": read.amount("dose_most", typed["dose_most"], found) if "most" in asks else None,
        "times": _times(typed, asks, steps),
        "schedule": _schedule(typed, starts_on, steps, found),
        "starts_on": starts_on,
        "ends_on": read.day("ends_on", typed["ends_on"], found) if "ends" in asks else None,
        "total_doses": read.whole("total_doses", typed["total_doses"], found) if "total" in asks else None,
        "min_interval": _interval(typed, found) if "limits" in asks else None,
        "most_24h": read.amount("most_24h", typed["most_24h"], found) if "limits" in asks else None,
        "guard_days": read.whole("guard_days", typed["guard_days"], found) if "guard" in asks else None,
        "ingredients": _held(typed, found),
    }


# ---------------------------------------------------------------- amount and times


def _amount(typed: Typed, asks: frozenset[str], steps: list[dict[str, Any]], found: list[Problem]):
    """One amount; of a stepped dose that of its first step, where the steps then say their own."""
    if "steps" in asks:
        first = steps[0].get("amount") if steps else ""
        return read.amount("step_amount_1", first or "", [])
    return read.amount("dose_amount", typed["dose_amount"], found) if "amount" in asks else None


def times_of(typed: Typed) -> tuple[str, ...]:
    """The times typed, else those of the chosen set. What is no time stays as it is and is refused later."""
    times = tuple(read.clock_time(text) for text in typed.lists["time"])
    if times:
        return tuple(sorted(times))
    return QUICK_TIMES[typed["quick_times"]][1] if typed["quick_times"] in QUICK_TIMES else ()


def _times(typed: Typed, asks: frozenset[str], steps: list[dict[str, Any]]) -> tuple[str, ...]:
    if not asks & {"times", "one_time"}:
        return ()
    if "one_time" in asks:
        return tuple(read.clock_time(text) for text in typed.lists["time"])
    own = [tuple(step["times"]) for step in steps if step.get("times")]
    if len(own) == len(steps) and own:
        return max(own, key=len)  # every step says its own: the busiest stands for the order
    return times_of(typed)


# ---------------------------------------------------------------- the days


def _schedule(typed: Typed, starts_on: Any, steps: list[dict[str, Any]], found: list[Problem]) -> dict | None:
    """The schedule as it is kept, or None for every day, when required and once."""
    kind = typed["pattern"]
    if kind == "daily" or PATTERNS[kind].kind != "regular":
        return None
    said: dict[str, Any] = {"kind": kind}
    if "every" in ASKS[kind]:
        said["n"] = read.whole("every", typed["every"], found)
    if "weekdays" in ASKS[kind]:
        said["days"] = sorted({_weekday(n) for n in typed.lists["weekday"]})
    if kind == "monthly":
        number = typed["month_day"].removeprefix("-")
        said["days"] = [int(typed["month_day"])] if number.isascii() and number.isdigit() and len(number) < 4 else []
    if kind == "cycle":
        said |= {
            part: read.whole(field, typed[field], found) for part, field in (("on", "days_on"), ("off", "days_off"))
        }
    if "anchor" in ASKS[kind]:
        anchor = read.day("anchor", typed["anchor"], found) or starts_on
        said |= {"anchor": anchor.isoformat()} if anchor else {}
    return said | ({"steps": steps} if kind == "stepped" else {})


def _weekday(text: str) -> int:
    """Monday is 0; what is no day of ours is 7, which no schedule takes."""
    return int(text) if text in tuple("0123456") else 7


def _steps(typed: Typed, found: list[Problem]) -> list[dict[str, Any]]:
    """The steps typed, in order; rows left empty do not count."""
    steps = []
    for row in range(1, STEP_ROWS + 1):
        days, amount, times = (f"step_{part}_{row}" for part in ("days", "amount", "times"))
        if not typed.has(days, amount, times):
            continue
        how_much = read.amount(amount, typed[amount], found)
        step: dict[str, Any] = {"days": read.whole(days, typed[days], found)}
        if how_much is not None:
            step["amount"] = format(how_much.normalize(), "f")
        if typed[times]:
            own = typed[times].replace(",", " ").split()
            step["times"] = sorted(read.clock_time(t) for t in own[: 2 * read.MOST_TIME_ROWS])
        steps.append(step)
    return steps


# ---------------------------------------------------------------- limits


def _interval(typed: Typed, found: list[Problem]) -> int | None:
    """The shortest time between two doses, in minutes."""
    number = read.whole("interval", typed["interval"], found)
    if number is None:
        return None
    if typed["interval_unit"] not in ("hours", "minutes"):
        found.append(("interval_unit", "Choose hours or minutes."))
    return number if typed["interval_unit"] == "minutes" else number * 60


def _held(typed: Typed, found: list[Problem]) -> tuple[Ingredient, ...]:
    """What it is counted as. A mass left empty is worked out from the strength, for what the medicine itself is."""
    held = []
    for row in range(1, INGREDIENT_ROWS + 1):
        name, mass, most = (f"ingredient_{part}_{row}" for part in ("name", "mass", "most"))
        if not typed.has(name, mass, most):
            continue
        one = _mass(mass, typed[mass], found)
        if not typed[mass]:
            one = mass_in_unit(typed["strength"], typed["dose_unit"]) or Decimal(0)
        held.append(Ingredient(" ".join(typed[name].split()), one or Decimal(0), _mass(most, typed[most], found)))
    return tuple(held)


def _mass(field: str, text: str, found: list[Problem]):
    """A mass in mg: like an amount, with the comma of thousands people write."""
    return read.amount(field, text.replace(",", ""), found)
