"""Pure: what written advice says of a day's dose (warfarin by its INR letter), and what stands in the way of giving it.

The dose is the letter's and nobody else's: nothing here works one out, and nothing fits it to tablets.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from medpwa import clock

LARGEST_DOSE = Decimal(1000)
LARGEST_INR = Decimal(30)  # a slip of the point, not a clinical limit
SLIP_DAYS = 366  # a letter's days lie within a year of the day it is keyed
LONGEST_SOURCE = 200

Problem = tuple[str, str]


@dataclass(frozen=True, slots=True)
class AdviceKeyed:
    """What both people key from the letter. Amounts and days are parsed; None is what the letter does not say."""

    first_day: dt.date | None
    last_day: dt.date | None
    amount: Decimal | None
    inr: Decimal | None = None
    inr_on: dt.date | None = None
    next_inr_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class AdviceFacts:
    """One dose by letter as kept: from a day to a day, until a newer one says otherwise."""

    id: int
    line_id: int
    first_day: dt.date
    last_day: dt.date | None
    amount: Decimal
    inr: Decimal | None
    inr_on: dt.date | None
    next_inr_on: dt.date | None
    source: str
    keyed_at: dt.datetime
    keyed_by: int | None
    checked: bool
    checked_by: int | None = None
    stopped: bool = False  # as an order says it (rules.covered_for): advice is never stopped, newer advice holds

    def covers(self, day: dt.date) -> bool:
        """Whether it says something of a day."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


# what the second person keys again -> what a sentence calls it (agreement.differences)
COMPARED: dict[str, str] = {
    "first_day": "first day",
    "last_day": "last day",
    "amount": "dose",
    "inr": "INR",
    "inr_on": "day of the INR",
    "next_inr_on": "day of the next INR",
}


# ---------------------------------------------------------------- what may be keyed


def problems(keyed: AdviceKeyed, today: dt.date) -> list[Problem]:
    """Everything that keeps a keying from being a letter's: (field, what is wrong and what to do)."""
    return [*_dose_problems(keyed, today), *_inr_problems(keyed, today)]


def source_problems(source: str) -> list[Problem]:
    """The letter must be named, so that the second person keys the same one."""
    if not source:
        return [("source", "Say which letter this is and where it is kept, so that a second person can key it too.")]
    if len(source) > LONGEST_SOURCE:
        return [("source", f"This may have {LONGEST_SOURCE} letters. Make it shorter.")]
    return []


def _dose_problems(k: AdviceKeyed, today: dt.date) -> Iterator[Problem]:
    if k.amount is None:
        yield "amount", "Write the dose in figures, as the letter gives it. For none on these days write 0."
    elif not 0 <= k.amount <= LARGEST_DOSE:
        yield "amount", f"A dose of more than {LARGEST_DOSE} cannot be right here. Check the figure."
    if k.first_day is None:
        yield "first_day", "Give the first day this dose is for, by the letter."
    elif abs((k.first_day - today).days) > SLIP_DAYS:
        yield "first_day", "That is more than a year away. Check the day."
    elif k.last_day is not None and k.last_day < k.first_day:
        yield "last_day", "The last day is before the first. Check both."
    elif k.last_day is not None and (k.last_day - k.first_day).days > SLIP_DAYS:
        yield "last_day", "That is more than a year away. Check the day."


def _inr_problems(k: AdviceKeyed, today: dt.date) -> Iterator[Problem]:
    if k.inr is not None and not 0 < k.inr <= LARGEST_INR:
        yield "inr", f"An INR lies above 0 and below {LARGEST_INR}. Check where the point stands."
    if (k.inr is None) != (k.inr_on is None):
        field = "inr" if k.inr is None else "inr_on"
        yield field, "An INR and the day it was taken belong together. Write both, or neither."
    if k.inr_on is not None and k.inr_on > today:
        yield "inr_on", "That day is still to come. The next INR has its own field below."
    if k.next_inr_on is not None and k.next_inr_on < (k.inr_on or k.first_day or k.next_inr_on):
        yield "next_inr_on", "The next INR comes after this one. Check both days."
    elif k.next_inr_on is not None and (k.next_inr_on - today).days > SLIP_DAYS:
        yield "next_inr_on", "That is more than a year away. Check the day."


# ---------------------------------------------------------------- what holds on a day


@dataclass(frozen=True, slots=True)
class Standing:
    """What the letters say of one day: the one that holds, a newer one that waits for its second keying, and the day
    the next INR was due when that has passed."""

    day: dt.date
    holds: AdviceFacts | None = None
    waiting: AdviceFacts | None = None
    inr_passed: dt.date | None = None

    @property
    def amount(self) -> Decimal | None:
        """The day's dose; None while there is none anybody may give by."""
        return None if self.holds is None or self.waiting is not None else self.holds.amount

    @property
    def ask(self) -> bool:
        """Whether somebody must be asked before it is given: the next INR is overdue."""
        return self.inr_passed is not None and self.why_not_code == ""

    @property
    def why_not_code(self) -> str:
        """Why it cannot be given today, as a code; empty when it can."""
        if self.waiting is not None:
            return "advice_waiting"
        if self.holds is None:
            return "no_advice"
        return "none_today" if self.holds.amount == 0 else ""


def standing(letters: Iterable[AdviceFacts], day: dt.date) -> Standing:
    """What an order's letters say of a day. The newest checked one that covers it holds. One keyed later that covers it
    and waits for its check holds the dose up: it may say stop. The next INR is the newest checked letter's, and has
    passed from the day after it was due (bar page 5)."""
    newest_first = sorted(letters, key=lambda a: -a.id)
    holds = next((a for a in newest_first if a.checked and a.covers(day)), None)
    waiting = next((a for a in newest_first if not a.checked and a.covers(day)), None)
    if waiting is not None and holds is not None and holds.id > waiting.id:
        waiting = None  # a later letter, keyed by two people, has come instead
    latest = next((a for a in newest_first if a.checked), None)
    due = latest.next_inr_on if latest else None
    return Standing(day, holds, waiting, due if due is not None and due < day else None)


def why_not(s: Standing, ring: str, who_checks: str = "") -> str:
    """Why the dose of a day cannot be given, and what to do; empty when it can. `ring` is whom to ring."""
    return {
        "": "",
        "advice_waiting": "A letter with today’s dose waits for its second check. Do not go by an older one. "
        + who_checks,
        "no_advice": f"There is no written dose for today. Ring {ring}, do not guess.",
        "none_today": "The letter says no dose today. Do not give it; record it as withheld on advice.",
    }[s.why_not_code].strip()


def ask_words(s: Standing, today: dt.date) -> str:
    """What stands in red above the dose while the next INR is overdue; empty when it is not."""
    if not s.ask or s.inr_passed is None:
        return ""
    due = clock.day_words(s.inr_passed, today)
    return f"The next INR was due {due} and no newer letter holds yet. Ask the shift leader before you give it."
