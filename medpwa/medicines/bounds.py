"""Pure decisions about what bounds an order: a dose that may vary, limits, what it holds, and how exactly it must be
on time. Arithmetic on what is prescribed alone: no figure comes from here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from medpwa.medicines.amounts import amount_words
from medpwa.medicines.details import Keyed, OrderDetails
from medpwa.medicines.versions import Ingredient, OrderFacts
from medpwa.medicines.vocabulary import ASLEEP, FOOD, TIME_CLASSES, UNITS
from medpwa.medicines.writing import mass_in_unit, unsafe_writing

Problem = tuple[str, str]
LARGEST_DOSE = Decimal("1000")
LARGEST_MASS = Decimal("1000000")  # mg
LONGEST_INTERVAL = 14 * 1440  # minutes
MOST_INGREDIENTS = 4
LONGEST_INGREDIENT = 80
# Kinds whose amount stands elsewhere, so that "1 or 2" has no place on them.
FIXED = ("advised", "stepped")


def schedule_kind(d: OrderDetails | Keyed) -> str:
    """The name of the pattern: `prn`, `once`, or what its schedule is, `daily` without one."""
    return d.kind if d.kind != "regular" else (d.schedule or {}).get("kind", "daily")


def problems(d: OrderDetails | Keyed) -> list[Problem]:
    """What keeps the bounds both people key from standing: (field, what is wrong and what to do)."""
    asked = (_variable, _course, _interval, _most, _held)
    return [problem for ask in asked for problem in ask(d)]


def _variable(d: OrderDetails | Keyed) -> Iterator[Problem]:
    if d.dose_most is None:
        return
    if schedule_kind(d) in FIXED:
        yield "dose_most", "A dose by steps or by letter is one amount each day. Leave this empty."
    elif d.dose_amount is not None and d.dose_most <= d.dose_amount:
        yield "dose_most", "The higher dose must be more than the lower one. Leave it empty where there is only one."
    elif d.dose_most > LARGEST_DOSE:
        yield "dose_most", f"A dose of more than {LARGEST_DOSE} cannot be right here. Check the figure."


def _course(d: OrderDetails | Keyed) -> Iterator[Problem]:
    if d.total_doses is not None and d.ends_on is not None:
        yield "total_doses", "Give the number of doses or the last day, not both: they could contradict each other."


def _interval(d: OrderDetails | Keyed) -> Iterator[Problem]:
    if d.min_interval is None:
        if d.kind == "prn":
            yield "interval", "Give the shortest time between two doses. If the paper gives none, ask the prescriber."
        return
    if not 0 < d.min_interval <= LONGEST_INTERVAL:
        yield "interval", "The time between two doses is more than nothing and at most 14 days. Check the figure."
    elif d.kind == "regular" and len(d.times) > 1 and _gap(d.times) < d.min_interval:
        yield "interval", (
            f"The times are closer together than that: {_gap(d.times)} minutes. Check both with the paper."
        )


def _gap(times: Iterable[str]) -> int:
    return shortest_gap(times) if all(map(is_clock_time, times)) else 1440


def is_clock_time(text: str) -> bool:
    """Whether a text is a time of day as `HH:MM`, 00:00 to 23:59, in plain digits."""
    return re.fullmatch(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", text) is not None


def shortest_gap(times: Iterable[str]) -> int:
    """Minutes between the two doses that are closest together on any day; 1440 for one dose a day."""
    minutes = sorted({int(time[:2]) * 60 + int(time[3:]) for time in times})
    gaps = [later - sooner for sooner, later in zip(minutes, [*minutes[1:], minutes[0] + 1440], strict=True)]
    return min(gaps)


def _most(d: OrderDetails | Keyed) -> Iterator[Problem]:
    if d.most_24h is None:
        if d.kind == "prn":
            yield "most_24h", "Give the most in 24 hours. If the paper gives none, ask the prescriber."
        return
    least = d.dose_amount or Decimal(0)
    a_day = least * (len(d.times) if d.kind == "regular" and schedule_kind(d) == "daily" else 1)
    if d.most_24h <= 0 or d.most_24h > LARGEST_DOSE:
        yield "most_24h", f"The most in 24 hours is more than nothing and at most {LARGEST_DOSE}. Check the figure."
    elif d.most_24h < (d.dose_most or least):
        yield "most_24h", "One dose alone would be more than this. Check both with the paper."
    elif a_day > d.most_24h:
        said = amount_words(a_day, d.dose_unit)
        yield "most_24h", f"The times of one day make {said}, which is more than this. Check both with the paper."


def _held(d: OrderDetails | Keyed) -> Iterator[Problem]:
    """What one dose unit holds of each substance, and the most of it in 24 hours."""
    if len(d.ingredients) > MOST_INGREDIENTS:
        yield "ingredient_name_1", f"At most {MOST_INGREDIENTS} substances can be counted."
    named = [one.name.casefold() for one in d.ingredients]
    for row, one in enumerate(d.ingredients, 1):
        yield from _substance(d, row, one)
        if named.index(one.name.casefold()) != row - 1:
            yield f"ingredient_name_{row}", "The same substance is there twice. Each may come once."


def _substance(d: OrderDetails | Keyed, row: int, one: Ingredient) -> Iterator[Problem]:
    if not one.name:
        yield f"ingredient_name_{row}", "Write the name of the substance."
    elif len(one.name) > LONGEST_INGREDIENT:
        yield f"ingredient_name_{row}", f"A substance’s name may have {LONGEST_INGREDIENT} letters. Make it shorter."
    yield from ((f"ingredient_name_{row}", words) for words in unsafe_writing(one.name))
    unit = UNITS.get(d.dose_unit, (d.dose_unit or "dose unit",))[0]
    if not 0 < one.mass <= LARGEST_MASS:
        yield f"ingredient_mass_{row}", f"Write how many mg of it one {unit} holds, in figures."
    if one.most_24h is not None and not 0 < one.most_24h <= LARGEST_MASS:
        yield f"ingredient_most_{row}", "Write the most in 24 hours in mg, in figures."
    elif one.most_24h is not None and one.mass * (d.dose_most or d.dose_amount or 0) > one.most_24h:
        yield f"ingredient_most_{row}", "One dose alone would hold more than this. Check both with the paper."


def held(order: OrderFacts) -> tuple[Ingredient, ...]:
    """What is counted of an order over all products: the substances keyed, else the medicine itself where its strength
    says how much of it one dose unit holds."""
    if order.ingredients:
        return order.ingredients
    mass = mass_in_unit(order.strength, order.dose_unit)
    return (Ingredient(order.medicine, mass),) if mass else ()


# ---------------------------------------------------------------- how exactly on time, meals, sleep


def timing_problems(d: OrderDetails) -> list[Problem]:
    """What is missing of the class of time, of meals and of sleep. A class that rests on minutes must have them."""
    found: list[Problem] = []
    if d.time_class and d.time_class not in TIME_CLASSES:
        return [("time_class", "Choose from the list how exactly it must be on time.")]
    if d.food and d.food not in FOOD:
        found.append(("food", "Choose from the list."))
    if d.asleep and d.asleep not in ASLEEP:
        found.append(("asleep", "Choose from the list."))
    if (d.time_critical or d.time_class == "interval") and d.window_before + d.window_after == 0:
        found.append(("window_after", "This must be on time, so say within how many minutes."))
    if d.time_class == "interval" and d.min_interval is None:
        found.append(("interval", "It is counted from the last dose, so give the shortest time between two doses."))
    if d.time_class and TIME_CLASSES[d.time_class].critical and not d.time_critical:
        found.append(("time_class", "A time-critical medicine is marked time-critical. Choose the class again."))
    return found
