"""How a dose comes out: pure, and the same for the same dose whenever it is asked.

The thirty days before D0 follow the demo home's pattern (section 11.3) block by block: `incidents` say what the story
tells, `thirty` draws the rest. Today and the days that are played forward go on as block D: about two gaps a week,
1.7 % given late, 2.8 % refused, drawn from a seed and the date so that any seven days show the same amounts. Times are
the home's local times without a zone; a zone that is passed in is ignored.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from functools import lru_cache

from medpwa import clock
from medpwa.demo import incidents, thirty
from medpwa.demo.prescriptions import ON, ORDERS, TEA, Due
from medpwa.demo.told import Told, draw
from medpwa.demo.walk import ROUND_STARTS, identified, reached, who_records

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)
GAP_DAYS = (WEDNESDAY, SUNDAY)
LATE_DAYS, CRITICAL_LATE_DAY = (MONDAY, TUESDAY, THURSDAY, SATURDAY), FRIDAY
REFUSAL_DAYS = (MONDAY, TUESDAY, THURSDAY, FRIDAY, SUNDAY)
LATE_BY, CRITICAL_LATE_BY = (61, 85), (31, 44)  # minutes after due: past a window of 60, and of 30
REPORT_DAYS, REPORTED_BY, REPORTED_NEXT_DAY = (TUESDAY, FRIDAY, SUNDAY), (75, 140), 660  # minutes after due
REFUSABLE = {("R01", "macrogol 3350"), ("R03", "paracetamol"), ("R04", "metformin"), ("R10", "emollient"),
             ("R05", "calcium carbonate / colecalciferol"), ("R05", "carmellose"), ("R06", "docusate sodium"),
             ("R06", "senna")}
NEVER_A_GAP = {"R01", "R08", "R10"}
HELD_UP = ("The ambulance crew needed help with another resident", "A fall on the other floor came first",
           "The round began late after a long hand-over")
NURSE, VISIT_TAKES = "Sr J. Reid, community nurse", 15
_TOO_SOON = (("value", "Four doses since this time yesterday, by the clock"), ("rule", "No more than four in 24 hours"))


Slot = tuple[int, str]  # place in ORDERS, 'HH:MM'
# The lines that were on the chart from the first day of the app on: any of them may come out otherwise than planned.
_WHICH_EVERY_DAY = {"warfarin", "memantine", "sertraline", "amlodipine", "prednisolone"}


def come_out(due: tuple[str, int, dt.datetime], d0: dt.date) -> Told:
    """How a dose came out in a home made on D0. The dose is (resident, place in ORDERS, local time due)."""
    return _come_out(plain(due), d0)


def plain(due: tuple[str, int, dt.datetime]) -> Due:
    """The dose without a zone in its time."""
    resident, order, at = due
    return Due(resident, order, at.replace(tzinfo=None))


@lru_cache(maxsize=8192)
def _come_out(due: Due, d0: dt.date) -> Told:
    told = incidents.happened(due, d0) or _usual(due, d0)
    if told.outcome is None:
        return told
    by = told.by or who_records(due, due.at + dt.timedelta(minutes=told.minutes), d0)
    if by is None:
        return Told()  # nobody signed off was there
    label, no_scan = identified(due, told.outcome)
    return replace(told, by=by, label=label, no_scan=no_scan)


def _usual(due: Due, d0: dt.date) -> Told:
    """What was drawn for a dose: of the thirty days by their blocks, of every other day by its date."""
    if ORDERS[due.order].visited:
        return Told("given_by_other", VISIT_TAKES, given_by=NURSE)
    if _skipped_by_the_clock(due):
        return Told("withheld_limit", reached(due, d0), extra=_TOO_SOON)
    day = (due.at.date() - d0).days
    if day < 0:
        return _as(thirty.kind_of(due, d0), due, d0)
    return _as(_exceptions(due.at.date()).get((due.order, f"{due.at:%H:%M}"), "given"), due, d0)


def _skipped_by_the_clock(due: Due) -> bool:
    """Whether yesterday's dose of the same minute is less than 24 hours ago, because the clocks went forward: with a
    most in 24 hours the order allows no fifth dose yet."""
    order, yesterday = ORDERS[due.order], due.at - dt.timedelta(days=1)
    if not order.most_24h or f"{due.at:%H:%M}" != order.times[0]:
        return False
    return clock.local_to_instant(due.at) - clock.local_to_instant(yesterday) < dt.timedelta(hours=24)


def _as(kind: str, due: Due, d0: dt.date) -> Told:
    rng, minutes = draw(due.resident, due.order, due.at), reached(due, d0)
    if kind == "gap":
        return Told()
    if kind == "refused":
        return Told("refused", minutes, reason=rng.choice(("did_not_want", "did_not_want", "dislikes", "not_said")))
    if kind == "asleep":
        return Told("asleep", minutes)
    if kind == "reported":
        return Told("given", minutes, reported=_told_after(rng))
    if kind in ("late", "late_critical"):
        by = CRITICAL_LATE_BY if ORDERS[due.order].time_critical else LATE_BY
        return Told("given", rng.randint(*by), note=rng.choice(HELD_UP))
    return Told("given", minutes)


def _told_after(rng: random.Random) -> int:
    """Minutes until a dose given without recording it is reported: mostly within the hour, some the next morning."""
    return rng.choice((rng.randint(20, 55), rng.randint(20, 55), rng.randint(20, 55), rng.randint(65, 150), 660))


# Days that are played forward. Each is told as the day a home is made on, so that nothing of the table runs out.


def goes_on(due: Due) -> Told:
    """How a dose comes out on a day after the home was made; who records it is the likely one of the roster."""
    return come_out(due, due.at.date())


def reported(due: Due) -> int | None:
    """Minutes after due at which a dose that was given and not recorded is reported; None for all others.

    Four a week (block D has 6 in 602): the gap in the middle of the week, the next morning, and one on three other
    days, within the round.
    """
    if due.at.weekday() == GAP_DAYS[0] and goes_on(due).outcome is None:
        return REPORTED_NEXT_DAY
    if due.at.weekday() not in REPORT_DAYS or (due.order, f"{due.at:%H:%M}") != _forgotten(due.at.date()):
        return None
    return draw("reported", due.at).randint(*REPORTED_BY)


@lru_cache(maxsize=512)
def _forgotten(day: dt.date) -> Slot:
    """The dose of a day that somebody gave without recording it."""
    free = [s for s in _slots() if s not in _exceptions(day) and _may_be_late(s)]
    return draw("forgotten", day).choice(sorted(free, key=lambda s: (s[1], s[0])))


@lru_cache(maxsize=1)
def _slots() -> tuple[Slot, ...]:
    """The daily doses that may come out otherwise. Never of R12, who comes and goes."""
    return tuple(
        (place, time)
        for place, order in enumerate(ORDERS)
        if order.until_day is None and not order.pattern and order.medicine not in _WHICH_EVERY_DAY
        for time in order.times
    )


@lru_cache(maxsize=512)
def _exceptions(day: dt.date) -> dict[Slot, str]:
    """The doses of a date that do not go as planned; the rest are given on time."""
    slots = list(_slots())
    week, weekday = (day.toordinal() - 1) // 7, day.weekday()
    found: dict[Slot, str] = {}

    def pick(kind: str, among: list[Slot]) -> None:
        free = [slot for slot in among if slot not in found]
        found[draw(kind, day).choice(free)] = kind

    if weekday in GAP_DAYS:
        at_night = (2 * week + GAP_DAYS.index(weekday)) % 5 in (0, 2, 4)
        pick("gap", [slot for slot in slots if _may_be_gap(slot) and (slot[1] == ON) == at_night])
    for slot in slots:
        if _lactulose_refused(slot, week, weekday):
            found[slot] = "refused"
        if ORDERS[slot[0]].resident == "R11" and weekday in draw("asleep", week).sample(range(7), 1 + week % 2):
            found.setdefault(slot, "asleep")
    if weekday in REFUSAL_DAYS:
        pick("refused", [slot for slot in slots if _name(slot) in REFUSABLE])
    if weekday in LATE_DAYS:
        pick("late", [slot for slot in slots if _may_be_late(slot)])
    if weekday == CRITICAL_LATE_DAY:
        pick("late", [slot for slot in slots if ORDERS[slot[0]].time_critical and slot[1] not in ("07:00", "22:00")])
    return found


def _name(slot: Slot) -> tuple[str, str]:
    return ORDERS[slot[0]].resident, ORDERS[slot[0]].medicine


def _may_be_gap(slot: Slot) -> bool:
    order = ORDERS[slot[0]]
    return (slot[1] in ROUND_STARTS and order.resident not in NEVER_A_GAP
            and order.medicine not in ("lactulose", "carbocisteine"))


def _may_be_late(slot: Slot) -> bool:
    """Not what must keep its distance from the next dose, from breakfast, or needs the day staff."""
    order = ORDERS[slot[0]]
    return (slot[1] in ROUND_STARTS and not order.time_critical and order.route != "peg"
            and order.medicine not in ("lactulose", "carbocisteine", "paracetamol"))


def _lactulose_refused(slot: Slot, week: int, weekday: int) -> bool:
    """Six of R05's fourteen a week, never three in a row: at 17:00 on four days, at 08:00 on two of the others."""
    days = draw("lactulose", week).sample(range(7), 6)
    return _name(slot) == ("R05", "lactulose") and weekday in (days[:4] if slot[1] == TEA else days[4:])
