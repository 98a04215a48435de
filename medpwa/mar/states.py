"""The state of a dose: what its entries and the clock make of it. Pure, like `rules`, which asks what may be done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from medpwa.mar.vocabulary import OUTCOMES

TRY_AGAIN_AFTER = dt.timedelta(minutes=30)  # the shortest of domain page 1.4, asleep: 30 to 60
MOST_OFFERS = 3  # the first and two more, within the round (domain page 1.5)

@dataclass(frozen=True, slots=True)
class EntryFacts:
    """A stored entry of a dose. `void` when a correction replaced it."""

    id: int
    entry_id: str
    line_id: int
    due_at: dt.datetime | None
    outcome: str
    reason: str
    note: str
    given_at: dt.datetime | None
    at: dt.datetime
    by: int
    after_the_fact: bool
    flags: tuple[str, ...] = ()
    void: bool = False
    administered_by: int | None = None
    corrects: int | None = None
    amount: Decimal | None = None
    given_by: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    witnessed_by: int | None = None
    phone_at: dt.datetime | None = None
    correction_reason: str = ""
    supervised_by: int | None = None
    glass_id: int | None = None  # the exception it was given under


class DoseState(NamedTuple):
    """What is known of a dose at a moment. `kind` is one of coming, due, late, gap, given, reported, again,
    not_given, away."""

    kind: str
    entry: EntryFacts | None = None
    late_by: dt.timedelta = dt.timedelta()
    again_from: dt.datetime | None = None
    where: str = ""  # where the resident was when it fell due, of a dose that is away without an entry

    @property
    def open(self) -> bool:
        """Somebody still has to do something about it in this round."""
        return self.kind in ("due", "late", "again")

    @property
    def settled(self) -> bool:
        """It has its outcome."""
        return self.kind in ("given", "reported", "not_given", "away")


@dataclass(frozen=True)
class DoseTimes:
    """The clock of one dose: when due, its window, when it closes."""

    due_at: dt.datetime
    window_before: int
    window_after: int
    close_at: dt.datetime

    @cached_property
    def opens_at(self) -> dt.datetime:
        """The beginning of its window."""
        return self.due_at - dt.timedelta(minutes=self.window_before)

    @cached_property
    def on_time_until(self) -> dt.datetime:
        """The end of its window."""
        return self.due_at + dt.timedelta(minutes=self.window_after)


def moment_of(at: dt.datetime) -> dt.datetime:
    """The moment that stands for `at` when doses are shown: itself on the full minute, else the middle of its minute.

    Due times, windows and closes are full minutes, so a dose has the same state, late by the same minutes, all
    through the open minute between two of them.
    """
    minute = at.replace(second=0, microsecond=0)
    return at if at == minute else minute + dt.timedelta(seconds=30)


def live_give(entries: Iterable[EntryFacts]) -> EntryFacts | None:
    """The intended give of a dose that stands, if there is one."""
    return next((e for e in entries if OUTCOMES[e.outcome].given and not e.after_the_fact and not e.void), None)


def reported_give(entries: Iterable[EntryFacts]) -> EntryFacts | None:
    """A give of the dose reported after the fact, the newest."""
    found = [e for e in entries if e.after_the_fact and not e.void]
    return found[-1] if found else None


def stands(entry: EntryFacts) -> bool:
    """Whether an entry still says something of its dose: neither struck out nor replaced by another."""
    return not entry.void and entry.outcome != "struck"


def dose_state(times: DoseTimes, entries: Sequence[EntryFacts], at: dt.datetime, *, away: str = "") -> DoseState:
    """The state of a dose at a moment: its live give, else a reported one, else its newest outcome, else the clock.

    `entries` come oldest first. `away` is where the resident was when it fell due, if not in the home. Lateness is
    measured from the due time (house page 3.7).
    """
    give = live_give(entries) or reported_give(entries)
    if give is not None:
        return given_state(times, give)
    standing = [e for e in entries if stands(e)]
    if standing:
        return _after_an_outcome(times, standing, at)
    if away:
        return DoseState("away", where=away)
    if at < times.opens_at:
        return DoseState("coming")
    if at <= times.on_time_until and at < times.close_at:
        return DoseState("due")
    if at < times.close_at:
        return DoseState("late", late_by=at - times.due_at)
    return DoseState("gap", late_by=at - times.due_at)


def given_state(times: DoseTimes, give: EntryFacts) -> DoseState:
    """The state of a dose by one give of it, late from the due time where it was given past its window."""
    late = give.given_at - times.due_at if give.given_at > times.on_time_until else dt.timedelta()
    return DoseState("reported" if give.after_the_fact else "given", give, late)


def gives(entries: Iterable[EntryFacts]) -> list[EntryFacts]:
    """Every give of a dose that stands, oldest first: more than one is a dose given twice, until one is struck out."""
    return [e for e in entries if OUTCOMES[e.outcome].given and not e.void]


def _after_an_outcome(times: DoseTimes, standing: Sequence[EntryFacts], at: dt.datetime) -> DoseState:
    newest = standing[-1]
    outcome = OUTCOMES[newest.outcome]
    offers = sum(1 for e in standing if OUTCOMES[e.outcome].again)
    if outcome.again and offers < MOST_OFFERS and at < times.close_at:
        return DoseState("again", newest, again_from=newest.at + TRY_AGAIN_AFTER)
    return DoseState("away" if outcome.away else "not_given", newest)


def next_claim(entries: Iterable[EntryFacts]) -> int:
    """The claim of the next intended give: 1 + the gives of this dose that a correction voided (house page 3.5)."""
    return 1 + sum(1 for e in entries if OUTCOMES[e.outcome].by_home and not e.after_the_fact and e.void)
