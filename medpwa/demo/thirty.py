"""How the thirty days before D0 come out: the counts of demo home 11.3 by block, over the lines its tables hold.

The counts of gaps, late doses, doses reported afterwards, refusals and sleeping are the page's own; the slots are those
of the lines that are told (1,812 of its 1,976: patches, insulin, digoxin and food drinks wait). Which doses they are is
drawn from a seed and the day, so that a home made on any weekday tells nearly the same.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache, partial

from medpwa.demo.incidents import LACTULOSE_REFUSED, happened
from medpwa.demo.prescriptions import ON, ORDERS, TEA, Due, due_on
from medpwa.demo.team import holds, on_duty
from medpwa.demo.told import draw
from medpwa.demo.walk import ROUND_STARTS


@dataclass(frozen=True)
class Block:
    """Some days and how many doses of each kind they have, incidents counted in. `night` gaps are on the 21:00 round;
    `gaps_of` are those on the rounds of somebody of the roster; `critical` late doses are of time-critical lines."""

    name: str
    first: int
    last: int
    gaps: int
    night: int
    late: int
    critical: int
    reported: int
    refused: int
    asleep: int
    gaps_of: dict[str, tuple[int, int]] = field(default_factory=dict, hash=False)  # code: (at 21:00, at other times)

    @property
    def days(self) -> range:
        return range(self.first, self.last + 1)


# Time-critical doses not on time (11.3: 19, 12, 6 and 3 of all lines; without insulin 19, 11, 5 and 3): the late ones
# here, and in A two gaps and two out of stock, in B one gap, in C three in hospital, in D two on leave.
BLOCKS: tuple[Block, ...] = (
    Block("A", -30, -24, gaps=18, night=11, late=30, critical=15, reported=24, refused=16, asleep=2,
          gaps_of={"S8": (3, 2), "S11": (1, 2)}),
    Block("B", -23, -17, gaps=11, night=7, late=21, critical=10, reported=15, refused=15, asleep=2,
          gaps_of={"S8": (3, 1), "S11": (1, 1)}),
    Block("C", -16, -10, gaps=5, night=3, late=14, critical=2, reported=8, refused=14, asleep=1,
          gaps_of={"S11": (1, 0)}),
    Block("D", -9, -1, gaps=2, night=1, late=10, critical=1, reported=6, refused=17, asleep=2,
          gaps_of={"S11": (0, 1)}),
)
NO_GAP_OF_R01_AFTER = -12
CRITICAL_GAPS = (("R01", "22:00"),)  # one in A and one in B, of the night staff's; besides I01
REFUSABLE = {("R01", "macrogol 3350"), ("R04", "metformin"), ("R10", "emollient"), ("R03", "paracetamol"),
             ("R05", "calcium carbonate / colecalciferol"), ("R05", "carmellose"), ("R06", "docusate sodium"),
             ("R06", "senna"), ("R07", "carbocisteine"), ("R02", "atorvastatin"), ("R05", "lactulose")}
NEVER_A_GAP = {"R08", "R10", "R12"}
MOST_REFUSALS = 3  # of one line in a block: fewer than begin a refusal episode
# What is not drawn for: it comes on certain days alone, or the story speaks of it.
_DRAWN_FOR = ("", "advised")


def block_of(day: int) -> Block | None:
    """The block of a day counted from D0."""
    return next((block for block in BLOCKS if day in block.days), None)


def kind_of(due: Due, d0: dt.date) -> str:
    """What a dose of the thirty days was, where the story itself does not say: given, gap, late, late_critical,
    reported, refused or asleep."""
    block = block_of((due.at.date() - d0).days)
    return _drawn(block.name, d0)[0].get(due, "given") if block else "given"


def round_of(due: Due, d0: dt.date) -> str:
    """On whose round of the roster a gap fell; empty where the page names nobody."""
    block = block_of((due.at.date() - d0).days)
    return _drawn(block.name, d0)[1].get(due, "") if block else ""


@lru_cache(maxsize=256)
def _drawn(name: str, d0: dt.date) -> tuple[dict[Due, str], dict[Due, str]]:
    block = next(b for b in BLOCKS if b.name == name)
    return _Draw(block, d0).all()


class _Draw:
    """One block, drawn kind by kind; what the story says of doses counts towards the block's figures."""

    def __init__(self, block: Block, d0: dt.date) -> None:
        self.block, self.d0 = block, d0
        dues = [due for day in block.days for due in due_on(d0 + dt.timedelta(days=day), d0)]
        self.story = {due: told for due in dues if (told := happened(due, d0)) is not None}
        self.slots = [due for due in dues if due not in self.story and self._drawn_for(due)]
        self.found: dict[Due, str] = {}
        self.whose: dict[Due, str] = {}

    def _drawn_for(self, due: Due) -> bool:
        order = ORDERS[due.order]
        kind = order.pattern[0] if order.pattern else ""
        return kind in _DRAWN_FOR and order.kind == "regular" and order.until_day is None

    def all(self) -> tuple[dict[Due, str], dict[Due, str]]:
        """Kinds by dose, and whose rounds the gaps were on."""
        told = self._told_already()
        self._gaps(told)
        self._pick("asleep", self.block.asleep, _asleep)
        self._pick("late_critical", self.block.critical - told["late_critical"], _late_critical)
        others = self.block.late - self.block.critical - told["late"]
        self._pick("late", others, _may_be_late)
        self._pick("reported", self.block.reported - told["reported"], _may_be_late)
        self._pick("refused", self.block.refused - told["refused"], self._refusable)
        return self.found, self.whose

    def _told_already(self) -> Counter:
        """How many of each kind the story has in this block."""
        count: Counter = Counter()
        for due, told in self.story.items():
            order = ORDERS[due.order]
            if told.where:
                continue
            if told.outcome is None:
                count["gap", due.at.strftime("%H:%M") == ON] += 1
            elif told.outcome == "refused":
                count["refused"] += 1
            elif told.reported:
                count["reported"] += 1
            elif told.outcome == "given" and told.minutes > order.window_after:
                count["late_critical" if order.time_critical else "late"] += 1
        return count

    def _gaps(self, told: Counter) -> None:
        for code, (night, other) in self.block.gaps_of.items():
            on = partial(on_the_round, code, d0=self.d0)
            critical = int(code == "S11" and self.block.name in ("A", "B"))
            self._gap(critical, lambda due, on=on: _of_the_night_staff(due) and on(due), code, critical=True)
            self._gap(night, lambda due, on=on: _at_night(due) and on(due), code)
            self._gap(other - critical, lambda due, on=on: not _at_night(due) and on(due), code)
        others = [sum(pair[n] for pair in self.block.gaps_of.values()) for n in (0, 1)]
        self._gap(self.block.night - others[0] - told["gap", True], _at_night)
        day = self.block.gaps - self.block.night
        self._gap(day - others[1] - told["gap", False], lambda due: not _at_night(due))

    def _gap(self, count: int, fits: Callable[[Due], bool], code: str = "", critical: bool = False) -> None:
        def may(due: Due) -> bool:
            order, day = ORDERS[due.order], (due.at.date() - self.d0).days
            if due.resident in NEVER_A_GAP or (due.resident == "R01" and day > NO_GAP_OF_R01_AFTER):
                return False
            if order.time_critical and not critical:
                return False
            return order.medicine != "lactulose" and not order.min_interval and fits(due)

        before = set(self.found)
        self._pick("gap", count, may)
        for due in set(self.found) - before:
            self.whose[due] = code

    def _pick(self, kind: str, count: int, fits: Callable[[Due], bool]) -> None:
        free = [due for due in self.slots if due not in self.found and fits(due)]
        rng = draw("thirty", kind, self.block.name, count)
        rng.shuffle(free)
        while count > 0 and free:
            due = free.pop()
            if kind != "refused" or self._refusable(due):
                self.found[due] = kind
                count -= 1

    def _refusable(self, due: Due) -> bool:
        """Never so often or so close together that it would be a pattern of its own."""
        order, day = ORDERS[due.order], (due.at.date() - self.d0).days
        if (due.resident, order.medicine) not in REFUSABLE:
            return False
        first, last = LACTULOSE_REFUSED
        if order.medicine == "lactulose" and first - 2 <= day <= last + 2:
            return False
        same = [x for x, kind in self.found.items() if kind == "refused" and x.order == due.order]
        return len(same) < MOST_REFUSALS and all(abs(x.at - due.at) > dt.timedelta(hours=26) for x in same)


def on_the_round(code: str, due: Due, d0: dt.date) -> bool:
    """Whether somebody was on duty, and signed off, in the first twenty minutes after a dose fell due."""
    skills, day = ORDERS[due.order].skills, (due.at.date() - d0).days
    moments = (due.at + dt.timedelta(minutes=n) for n in (5, 20))
    here = any(code in {duty.staff for duty in on_duty(at)} for at in moments)
    return here and all(holds(code, skill, day, due.resident) for skill in skills)


def _at_night(due: Due) -> bool:
    return f"{due.at:%H:%M}" == ON


def _of_the_night_staff(due: Due) -> bool:
    return (due.resident, f"{due.at:%H:%M}") in CRITICAL_GAPS


def _asleep(due: Due) -> bool:
    return due.resident == "R11" and ORDERS[due.order].asleep == "never"


def _late_critical(due: Due) -> bool:
    """Never the night's, and never what must keep its distance from the dose before."""
    return ORDERS[due.order].time_critical and f"{due.at:%H:%M}" not in ("07:00", "22:00")


def _may_be_late(due: Due) -> bool:
    """Not what must keep its distance from the next dose, from breakfast, or needs the day staff."""
    order = ORDERS[due.order]
    return (f"{due.at:%H:%M}" in ROUND_STARTS and not order.time_critical and order.route not in ("peg", "eye")
            and not order.min_interval and order.medicine not in ("lactulose", "carbocisteine"))


def gap_came_to(due: Due, d0: dt.date) -> str:
    """What looking into a gap found (11.3: 24 given and not recorded, 8 not given, 4 not to be found out)."""
    return _came_to(d0)[due]


@lru_cache(maxsize=16)
def _came_to(d0: dt.date) -> dict[Due, str]:
    gaps = gaps_of_the_thirty(d0)
    known = [due for due in gaps if _settled_by_the_story(due, d0)]
    rest = [due for due in gaps if due not in known]
    found = ["omitted"] * (8 - len(known)) + ["undetermined"] * 4
    found += ["given_unsigned"] * (len(rest) - len(found))
    draw("came to").shuffle(found)
    return {**dict.fromkeys(known, "omitted"), **dict(zip(rest, found, strict=True))}


def _settled_by_the_story(due: Due, d0: dt.date) -> bool:
    """I01: Frank's apixaban, which the audit found had stayed in the box."""
    return due.resident == "R10" and (due.at.date() - d0).days == -28 and f"{due.at:%H:%M}" == TEA


def gaps_of_the_thirty(d0: dt.date) -> list[Due]:
    """Every dose of the thirty days that stayed without a record, oldest first."""
    found = []
    for block in BLOCKS:
        for day in block.days:
            for due in due_on(d0 + dt.timedelta(days=day), d0):
                told = happened(due, d0)
                gap = told.outcome is None and not told.where if told is not None else kind_of(due, d0) == "gap"
                found += [due] if gap else []
    return found


