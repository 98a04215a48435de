"""Pure decisions about what somebody keys: is it fit to be an order, and do two people's keyings agree.

No dose advice: only what can be read from the text itself. How it must be written is in `writing`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace

from medpwa.competency.vocabulary import ORDER_SKILLS
from medpwa.medicines import bounds, protocol, rules, schedules
from medpwa.medicines.bounds import LARGEST_DOSE, is_clock_time, schedule_kind, shortest_gap
from medpwa.medicines.details import Keyed as Keyed
from medpwa.medicines.details import OrderDetails as OrderDetails
from medpwa.medicines.rules import OrderFacts
from medpwa.medicines.vocabulary import FORM_ROUTES, FORM_SKILL, FORM_UNITS, FORMS, KINDS, ROUTE_SKILL, ROUTES, UNITS
from medpwa.medicines.writing import dose_in_mass, unsafe_writing

MOST_TIMES = 12
MOST_INSTRUCTIONS = 8
FIRST_YEAR, LAST_YEAR = 2000, 2100
# field -> (most letters, what a sentence calls it)
LENGTHS: dict[str, tuple[int, str]] = {
    "medicine": (120, "The medicine's name"),
    "strength": (60, "The strength"),
    "dose_text": (40, "The dose in mass"),
    "site": (80, "The place on the body"),
    "indication": (120, "What it is for"),
    "prescriber": (120, "The prescriber's name"),
    "source": (200, "Where this comes from"),
    "allergy_answer": (300, "The answer about the allergy"),
    "dose_choice": (300, "Which dose when"),
    "reason": (300, "The reason"),
}
LONGEST_INSTRUCTION = 120

Problem = tuple[str, str]


def tidied(d: OrderDetails) -> OrderDetails:
    """The same details as they are kept: single spaces, times in order, each skill once."""
    texts = {field: " ".join(getattr(d, field).split()) for field in LENGTHS if field != "reason"}
    instructions = tuple(text for raw in d.instructions if (text := " ".join(raw.split()).rstrip(".")))
    skills = tuple(dict.fromkeys(d.required_skills))
    return replace(d, **texts, instructions=instructions, required_skills=skills, times=tuple(sorted(d.times)))


def with_mass(d: OrderDetails) -> OrderDetails:
    """The same details with the dose in mass worked out from strength and amount: it is never typed."""
    return replace(d, dose_text=dose_in_mass(d.dose_amount, d.dose_unit, d.strength))


def details_of(order: OrderFacts) -> OrderDetails:
    """What a version of an order says, as details."""
    return OrderDetails(**{f: getattr(order, f) for f in OrderDetails.__dataclass_fields__})


def changed_fields(order: OrderFacts, d: OrderDetails) -> tuple[str, ...]:
    """The fields in which details differ from an order. What a change says about earlier doses is no part of it."""
    return tuple(f for f in OrderDetails.__dataclass_fields__ if f != "earlier" and getattr(order, f) != getattr(d, f))


# ---------------------------------------------------------------- is it fit to be an order


def problems(d: OrderDetails) -> list[Problem]:
    """Everything that keeps these details from being an order: (field, what is wrong and what to do)."""
    beside = (bounds.timing_problems(d), protocol.problems(d.kind, d.protocol))
    found = [*keyed_problems(d), *_around_problems(d), *(p for part in beside for p in part)]
    return [*found, *_choice_problems(d), *protocol.advice_problems(d.kind, d.advice)]


def keyed_problems(d: OrderDetails | Keyed) -> list[Problem]:
    """The part of `problems` that the second person's keying is held to as well."""
    found = [*_text_problems(d, ("medicine", "strength", "site")), *_what_problems(d), *_dose_problems(d)]
    days = list(_day_problems(d.starts_on, d.ends_on))
    return [*found, *_pattern_problems(d, days_are_right=not days), *days, *bounds.problems(d)]


def _pattern_problems(d: OrderDetails | Keyed, *, days_are_right: bool) -> list[Problem]:
    """Of the kind, its times and its schedule; what rests on its first and last day only where those are right."""
    if d.kind not in KINDS:
        return [("pattern", "Choose from the list how it is given over time.")]
    timed = [] if d.kind == "prn" else list(_time_problems(d.times))
    said = {f: getattr(d, f) for f in Keyed.__dataclass_fields__ if f != "schedule"}
    said |= {} if days_are_right else {"starts_on": None}
    return [*timed, *schedules.problems(d.schedule, **said)]


def _what_problems(d: OrderDetails | Keyed) -> Iterator[Problem]:
    if not d.medicine:
        yield "medicine", "Write the medicine's name as the label has it."
    if d.form not in FORMS:
        yield "form", "Choose the form from the list."
    if d.route not in ROUTES:
        yield "route", "Choose how it is given from the list."
    elif d.form in FORMS and d.route not in FORM_ROUTES[d.form]:
        fitting = rules.listed([ROUTES[route] for route in FORM_ROUTES[d.form]])
        yield "route", f"For {FORMS[d.form]} this app knows: {fitting}. Check the form and how it is given."
    if d.route == "eye" and not d.site:
        yield "site", "Say which eye: left eye, right eye or both eyes."


def _dose_problems(d: OrderDetails | Keyed) -> Iterator[Problem]:
    if schedule_kind(d) == "advised":
        if d.dose_amount is not None:
            yield "dose_amount", "Each day’s dose comes from its letter, so no dose stands here. Leave it empty."
    elif d.dose_amount is None:
        yield "dose_amount", "Write how much is given each time, in figures, for example 1 or 2.5."
    elif d.dose_amount <= 0:
        yield "dose_amount", "The dose must be more than zero."
    elif d.dose_amount > LARGEST_DOSE:
        yield "dose_amount", f"A dose of more than {LARGEST_DOSE} cannot be right here. Check the figure."
    if d.dose_unit not in UNITS:
        yield "dose_unit", "Choose what the dose is counted in."
    elif d.form in FORMS and d.dose_unit not in FORM_UNITS[d.form]:
        fitting = " or ".join(UNITS[unit][1] for unit in FORM_UNITS[d.form])
        yield "dose_unit", f"A dose of {FORMS[d.form]} is counted in {fitting}."


def _time_problems(times: tuple[str, ...]) -> Iterator[Problem]:
    if not times:
        yield "times", "Give at least one time, or choose a set of times."
    wrong = [time for time in times if not is_clock_time(time)]
    if wrong:
        yield "times", f"“{wrong[0][:20]}” is not a time of day. Write it like 08:00."
    if len(set(times)) < len(times):
        yield "times", "The same time is there twice. Each time may come once."
    if len(times) > MOST_TIMES:
        yield "times", f"There are more than {MOST_TIMES} times a day. Check them with the prescriber."


def _day_problems(starts_on: dt.date | None, ends_on: dt.date | None) -> Iterator[Problem]:
    for field, day in (("starts_on", starts_on), ("ends_on", ends_on)):
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            yield field, f"The year {day.year} cannot be right here. Check the day."
    if starts_on is None:
        yield "starts_on", "Give the first day."
    elif ends_on is not None and ends_on < starts_on:
        yield "ends_on", "The last day is before the first. Check both."


def _around_problems(d: OrderDetails) -> list[Problem]:
    fields = ("dose_text", "indication", "prescriber", "source", "allergy_answer")
    found = [*_text_problems(d, fields), *_instruction_problems(d), *_window_problems(d), *_skill_problems(d)]
    if not d.prescriber:
        found.append(("prescriber", "Say who prescribed it."))
    if not d.source:
        found.append(("source", "Say where this comes from, so that a second person can look at the same paper."))
    worked_out = dose_in_mass(d.dose_amount, d.dose_unit, d.strength)
    if d.dose_text and worked_out and plain(d.dose_text) != plain(worked_out):
        found.append(("dose_text", f"The strength and the amount make {worked_out}, not {d.dose_text}. Check both."))
    return found


def _instruction_problems(d: OrderDetails) -> Iterator[Problem]:
    if len(d.instructions) > MOST_INSTRUCTIONS:
        yield "instructions", f"At most {MOST_INSTRUCTIONS} instructions. Keep what matters when giving it."
    for text in d.instructions:
        if len(text) > LONGEST_INSTRUCTION:
            yield "instructions", f"An instruction may have {LONGEST_INSTRUCTION} letters. Make it shorter."
        yield from (("instructions", words) for words in unsafe_writing(text))


def _choice_problems(d: OrderDetails) -> Iterator[Problem]:
    """A dose that may vary says which dose when, and a fixed one does not."""
    if d.dose_most is not None and not d.dose_choice:
        yield "dose_choice", "The dose may vary, so write which dose when: nobody at the bedside may have to guess."
    if d.dose_most is None and d.dose_choice:
        yield "dose_most", "Write the higher dose as well, or leave out which dose when."
    yield from _text_problems(d, ("dose_choice",))


def _window_problems(d: OrderDetails) -> Iterator[Problem]:
    """On time must never be on time for two doses at once: each side of the window is at most half the gap."""
    half = shortest_gap(d.times) // 2 if d.times and all(map(is_clock_time, d.times)) else 720
    for field, minutes in (("window_before", d.window_before), ("window_after", d.window_after)):
        if minutes < 0:
            yield field, "Minutes cannot be below zero."
        elif minutes > half:
            yield field, f"At most {half} minutes: half the time to the next dose."


def technique(form: str, route: str) -> str | None:
    """The skill that giving this form by this route always needs; None for what only a visiting nurse gives."""
    return FORM_SKILL.get(form) or ROUTE_SKILL.get(route)


def _skill_problems(d: OrderDetails) -> Iterator[Problem]:
    if any(skill not in ORDER_SKILLS for skill in d.required_skills):
        yield "required_skills", "Choose the sign-offs from the list."
    needed = technique(d.form, d.route)
    if needed and needed not in d.required_skills:
        what = f"{FORMS[d.form]} {ROUTES[d.route]}" if d.form in FORM_SKILL else ROUTES[d.route]
        yield "required_skills", f"Giving {what} always needs the sign-off “{ORDER_SKILLS[needed]}”."


def _text_problems(d: OrderDetails | Keyed, fields: Iterable[str]) -> Iterator[Problem]:
    for field in fields:
        text, (most, called) = getattr(d, field), LENGTHS[field]
        if len(text) > most:
            yield field, f"{called} may have {most} letters. Make it shorter."
        if field not in ("prescriber", "source", "allergy_answer"):
            yield from ((field, words) for words in unsafe_writing(text))


def plain(text: str) -> str:
    """A text without its spaces and capital letters."""
    return "".join(text.split()).casefold()
