"""Pure decisions about being away: absences and arrivals in a line of whereabouts, when the medicines list must be
compared, what is counted out and in, and what a comparison may say next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from medpwa import clock
from medpwa.mar.away_vocabulary import (
    COMPARING_STEPS,
    DIRECTIONS,
    LONGEST_COUNT_NOTE,
    LONGEST_SOURCE,
    LONGEST_WORDS,
    MOST_COUNTED,
)
from medpwa.medicines.rules import number_words
from medpwa.residents.rules import Stay
from medpwa.residents.vocabulary import AWAY, LEFT

Faults = list[tuple[str, str]]
# Somebody keyed this long after they came lived here before the product did: nobody is asked to compare their list.
TAKEN_OVER = dt.timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Absence:
    """A time away from the home, from leaving to coming back; from leave to hospital is one."""

    start: dt.datetime
    end: dt.datetime | None
    stays: tuple[Stay, ...]

    @property
    def states(self) -> frozenset[str]:
        """Where they were: hospital, leave or both."""
        return frozenset(stay.state for stay in self.stays)

    def holds(self, at: dt.datetime) -> bool:
        """Whether a moment lies in it."""
        return self.start <= at and (self.end is None or at < self.end)


def absences(line: Iterable[Stay]) -> tuple[Absence, ...]:
    """The times away in an unbroken line of whereabouts, oldest first."""
    found: list[Absence] = []
    gone: list[Stay] = []
    for stay in line:
        if stay.state in AWAY:
            gone.append(stay)
        elif gone:
            found.append(Absence(gone[0].valid_from, stay.valid_from, tuple(gone)))
            gone = []
    return tuple([*found, Absence(gone[0].valid_from, None, tuple(gone))] if gone else found)


# ---------------------------------------------------------------- arrivals, and comparing the list


@dataclass(frozen=True, slots=True)
class Arrival:
    """A coming after which the medicines list is compared the same day (NICE QS85, NG5): back from hospital, or moved
    in. It is answered for until the person goes to hospital again or leaves."""

    at: dt.datetime
    stay_id: int
    came: str  # hospital or moved_in
    until: dt.datetime | None = None

    def holds(self, at: dt.datetime) -> bool:
        """Whether a moment belongs to it."""
        return self.at <= at and (self.until is None or at < self.until)

    def due_by(self, zone: str) -> dt.datetime:
        """The end of the home's day they came on."""
        return clock.day_bounds(clock.local_day(self.at, zone), zone)[1]


def arrivals(line: Iterable[Stay]) -> tuple[Arrival, ...]:
    """The arrivals in an unbroken line of whereabouts, oldest first. Leave asks for no comparing: nobody else changed
    the list. Somebody who lived here before the product did is not asked about."""
    found: list[Arrival] = []
    came = "moved_in"
    for stay in line:
        if stay.state == "home" and came:
            if found or came == "hospital" or not _lived_here_before(stay):
                found.append(Arrival(stay.valid_from, stay.id, came))
            came = ""
        elif stay.state == "hospital" or stay.state in LEFT:
            if found and found[-1].until is None:
                found[-1] = Arrival(found[-1].at, found[-1].stay_id, found[-1].came, stay.valid_from)
            came = "hospital" if stay.state == "hospital" else "moved_in"
    return tuple(found)


def _lived_here_before(stay: Stay) -> bool:
    return stay.at is not None and stay.at - stay.valid_from >= TAKEN_OVER


@dataclass(frozen=True, slots=True)
class Compared:
    """A step of comparing a list, as somebody wants to keep it."""

    state: str
    first_source: str = ""
    second_source: str = ""
    discrepancies: str = ""
    resolved: str = ""


def compared_faults(before: str, step: Compared) -> Faults:
    """What keeps a step from being stored: it follows from the one before, a finished comparison names two sources and,
    where they differ, who resolved what."""
    if step.state not in COMPARING_STEPS[before]:
        return [("first_source", "Choose what to do with it: keep it, name the differences, or finish it.")]
    faults = [
        (name, f"This can have {longest:,} letters at most. It is kept; shorten it.")
        for name, longest in (
            ("first_source", LONGEST_SOURCE),
            ("second_source", LONGEST_SOURCE),
            ("discrepancies", LONGEST_WORDS),
            ("resolved", LONGEST_WORDS),
        )
        if len(getattr(step, name)) > longest
    ]
    if not step.first_source:
        faults.append(("first_source", "Say what you compare with, for example: discharge letter of today."))
    if step.state == "complete" and not step.second_source:
        faults.append(("second_source", "Name a second source: one list alone cannot show what is missing from it."))
    if step.state == "complete" and _same(step.first_source, step.second_source):
        faults.append(("second_source", "This is the first source again. Name another one."))
    if step.state == "discrepancies" and not step.discrepancies:
        faults.append(("discrepancies", "Say what differs, medicine by medicine."))
    if step.state == "complete" and step.discrepancies and not step.resolved:
        faults.append(("resolved", "Say who resolved each difference, and how. Until then keep it as differences."))
    return faults


def _same(first: str, second: str) -> bool:
    return bool(second) and first.strip().casefold() == second.strip().casefold()


def hours_words(span: dt.timedelta) -> str:
    """Whole hours as a chip says them: `3 h`, `under 1 h`."""
    hours = int(span.total_seconds() // 3600)
    return f"{hours}\u00a0h" if hours > 0 else "under 1\u00a0h"


def middle(hours: Sequence[dt.timedelta]) -> dt.timedelta | None:
    """The median of some lengths of time; None of none."""
    ordered = sorted(hours)
    if not ordered:
        return None
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


# ---------------------------------------------------------------- medicines counted out and in


@dataclass(frozen=True, slots=True)
class Count:
    """How much of a medicine went along or came back, as somebody counted it."""

    line_id: int
    amount: Decimal
    note: str = ""


def count_faults(counts: Iterable[Count]) -> Faults:
    """What is wrong with counts, at the ids of their fields."""
    faults: Faults = []
    for c in counts:
        if not c.amount.is_finite() or not 0 <= c.amount <= MOST_COUNTED:
            faults.append((f"amount_{c.line_id}", f"Give a count from 0 to {MOST_COUNTED:,} in figures."))
        if len(c.note) > LONGEST_COUNT_NOTE:
            words = f"A note can have {LONGEST_COUNT_NOTE} letters at most. It is kept; shorten it."
            faults.append((f"note_{c.line_id}", words))
    return faults


def difference_words(out: Decimal | None, back: Decimal | None, due: Decimal | None) -> tuple[str, str]:
    """Tone and words of what went, what came back and what lies between, beside what fell due while away (`due`, in
    the same unit; None where the order has no one amount). Arithmetic only: nobody is told what to conclude."""
    if out is None and back is None:
        return "plain", "Not counted"
    if out is None:
        return "late", f"{number_words(back)} {DIRECTIONS['in']}, nothing was counted out"
    if back is None:
        return "coming", f"{number_words(out)} {DIRECTIONS['out']}"
    used, said = out - back, f"{number_words(out)} went, {number_words(back)} came back"
    if used < 0:
        return "late", f"{said}: {number_words(-used)} more than went. Count again, or find out"
    if not used:
        return "given", f"{said}: all of it"
    said = f"{said}, {number_words(used)} to be explained by doses while away"
    if due is None:
        return "flagged", said
    fell = f"{number_words(due) if due else 'none'} fell due"
    return "given" if used == due else "late", f"{said}: {fell}"
