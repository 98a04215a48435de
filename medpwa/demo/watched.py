"""The assessments of the thirty days as tables: who was watched by whom, on which rounds, and how it ended.

Told only where the thirty days are told; a home told from yesterday on takes the sign-offs over as they stand.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from medpwa.demo.team import CONTROLLED, CORE, ROSTER

# By the shift of the roster: the rounds that can be watched in it, from when, and for how many minutes.
_EARLY = (("Morning", "07:59", 100), ("Lunch", "12:29", 70))
_LATE = (("Teatime", "16:59", 80), ("Night", "20:59", 70))
_NIGHT = (("Night", "21:18", 60),)
_DAWN = ("Early", "06:31", 50)  # of the next day


@dataclass(frozen=True)
class Seen:
    """One observed round: the day counted from D0, its name, when watching begins and for how many minutes."""

    day: int
    name: str
    begins: str
    minutes: int

    @property
    def at(self) -> tuple[int, str]:
        return self.day, self.begins


@dataclass(frozen=True)
class Plan:
    """One assessment. `rounds` are the newest of the roster before `until`; the last is not met where `unmet` says."""

    staff: str
    kind: str
    skills: tuple[str, ...]
    begins: tuple[int, str]
    until: tuple[int, str]
    rounds: int = 0
    learns: bool = False  # the knowledge questions are asked as it begins
    shadows: tuple[tuple[int, str], ...] = ()
    outcome: str = ""
    words: str = ""
    unmet: str = ""
    reflection: str = ""
    assessor: str = "S2"
    on_day: int | None = None  # watched on this day, whatever the roster


_CORE = tuple(CORE.split())
_GIVING = (*_CORE, *CONTROLLED.split())
LIAMS_PLAN = (
    "Two morning rounds a week beside Jamal for two weeks. Liam stays until it is swallowed before he takes the phone "
    "out again. Then three rounds with Priya."
)
PLANS: tuple[Plan, ...] = (
    Plan("S9", "initial", _CORE, (-31, "10:00"), (-22, "10:10"), 3, True, ((-33, "Teatime"), (-32, "Night")),
         "competent", "Calm, exact, and asks when a label is unclear.",
         reflection="I talk people through it and that keeps me in order. I want to see more patches."),
    Plan("S12", "initial", _CORE, (-31, "11:00"), (-19, "10:10"), 3, True, ((-33, "Early"), (-32, "Night")),
         "competent", "Careful at night, wakes nobody who may sleep.",
         reflection="The dawn round is quiet enough to do it well. I should say what it is for more often."),
    Plan("S10", "initial", _CORE, (-27, "09:20"), (-20, "11:10"), 2, True, ((-29, "Morning"), (-28, "Lunch")),
         "development_needed", LIAMS_PLAN, unmet="Stays and sees it swallowed",
         reflection="I was hurrying to finish before the bell. I know what to change."),
    Plan("S5", "annual", (*_GIVING, "warfarin"), (-27, "14:10"), (-25, "10:40"), 1, True, (),
         "competent", "Sure and unhurried; the warfarin letter read aloud.",
         reflection="I had let the date go by. The reminder is in my own calendar now."),
    Plan("S7", "annual", (*_CORE, "prn_psychotropic"), (-26, "15:10"), (-23, "09:10"), 1, True, (),
         "competent", "Asks first what else could help, and writes down whether it did.",
         reflection="Good to be watched once a year. I look at the allergies before I open the box now."),
    Plan("S15", "agency", _CORE, (-22, "07:12"), (-22, "10:10"), 1, outcome="competent", on_day=-22,
         words="Sound on a round with somebody near; new to our people.",
         reflection="The photos help, I do not know faces yet."),
    Plan("S13", "initial", ("oral",), (-21, "14:20"), (-10, "23:00"), 1, True, ((-18, "Teatime"), (-16, "Teatime")),
         reflection="I was nervous at first and it went well. I want to practise saying what each tablet is for."),
    Plan("S16", "initial", ("oral",), (-17, "15:20"), (-9, "09:00"), 0, True, ((-9, "Early"),)),
    Plan("S10", "initial", _CORE, (-14, "14:40"), (-3, "10:40"), 3, True, ((-13, "Morning"), (-12, "Lunch")),
         "competent", "The plan is done: he stays, he looks, he writes afterwards.",
         reflection="Staying with them takes a minute and saves worry. Thank you for the time."),
    Plan("S8", "return", ("oral",), (-12, "14:40"), (-3, "23:00"), 2,
         reflection="Being watched helps me more than I thought. The late round is easier with the bell answered."),
)  # fmt: skip
# Grants of the table that these assessments make themselves, as (staff, state, from day).
EARNED: frozenset[tuple[str, str, int]] = frozenset({
    ("S5", "competent", -25), ("S7", "competent", -23), ("S8", "reassessment", -12), ("S9", "competent", -22),
    ("S10", "assessing", -27), ("S10", "development_needed", -20), ("S10", "competent", -3), ("S12", "competent", -19),
    ("S13", "assessing", -10), ("S15", "competent", -22), ("S16", "knowledge_passed", -17),
})  # fmt: skip


def earned(staff: str, skill: str, state: str, from_day: int) -> bool:
    """Whether an assessment of the thirty days makes this sign-off, so that it is not taken over."""
    return (staff, state, from_day) in EARNED and any(p.staff == staff and skill in p.skills for p in PLANS)


def rounds_of(plan: Plan, d0: dt.date) -> list[Seen]:
    """The rounds that are watched, oldest first: the newest of the roster that end before the plan does, at different
    times of day where there are several."""
    if plan.on_day is not None:
        return [Seen(plan.on_day, *_EARLY[0])]
    found: list[Seen] = []
    for day in range(plan.until[0], plan.begins[0] - 1, -1):
        here = [s for s in rounds_on(plan.staff, day, d0) if plan.begins < s.at and _ends(s) < plan.until]
        fresh = [s for s in here if not found or s.name != found[-1].name] or here
        if fresh and len(found) < plan.rounds:
            found.append(fresh[-1])
    return sorted([*found, *_beside_the_roster(plan, found)], key=lambda s: s.at)


def _beside_the_roster(plan: Plan, found: list[Seen]) -> list[Seen]:
    """What the roster of a week leaves out: they come in for a round, in turn in the morning and at teatime."""
    days = [day for day in range(plan.until[0], plan.begins[0] - 1, -1) if day not in {s.day for s in found}]
    rounds = (Seen(day, *(_EARLY[0], _LATE[0])[day % 2]) for day in days)
    fitting = [s for s in rounds if plan.begins < s.at and _ends(s) < plan.until]
    return fitting[: max(0, plan.rounds - len(found))]


def _ends(seen: Seen) -> tuple[int, str]:
    at = dt.datetime.combine(dt.date.min, dt.time.fromisoformat(seen.begins)) + dt.timedelta(minutes=seen.minutes)
    return seen.day, f"{at:%H:%M}"


def rounds_on(staff: str, day: int, d0: dt.date) -> list[Seen]:
    """The rounds of a day that lie in somebody's shifts, in order."""
    early, late, night = (shift.split() for shift in ROSTER[(d0 + dt.timedelta(days=day)).weekday()])
    before = ROSTER[(d0 + dt.timedelta(days=day - 1)).weekday()][2].split()
    found = [Seen(day, *_DAWN)] if staff in before else []
    for shift, rounds in ((early, _EARLY), (late, _LATE), (night, _NIGHT)):
        found += [Seen(day, *one) for one in rounds] if staff in shift else []
    return found
