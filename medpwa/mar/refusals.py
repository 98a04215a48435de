"""Pure decisions about refusals of one order: when a run becomes an episode, what ends it, what may be said next.

Somebody who refuses is taken to be able to decide it: an episode asks the home to find out why and to tell the
prescriber, never to get the dose in. Doses refused again when offered again are one refusal of that dose.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from medpwa import clock
from medpwa.mar.refusal_vocabulary import (
    A_WEEK,
    AT_ONCE_AFTER,
    DOSES_A_WEEK,
    DOSES_RUNNING,
    EPISODE_STEPS,
    LONGEST_CONTACTED,
    LONGEST_WORDS,
    NOTHING_TAKEN_FOR,
    REFUSALS,
    SAME_CARER_FROM,
    SHORTEST_WORDS,
)
from medpwa.mar.states import EntryFacts, stands
from medpwa.mar.vocabulary import OUTCOMES


@dataclass(frozen=True, slots=True)
class Offered:
    """One dose that was offered: taken, or refused however often it was offered again."""

    due_at: dt.datetime
    taken_at: dt.datetime | None
    refused_at: dt.datetime | None = None  # first
    first_entry: int = 0
    by: frozenset[int] = frozenset()  # who offered it


def offered(entries: Iterable[EntryFacts]) -> list[Offered]:
    """The doses of one order that somebody took or refused, in order of due time. Outcomes that are neither say nothing
    of what the person wants."""
    doses: dict[dt.datetime, list[EntryFacts]] = {}
    for e in entries:
        if e.due_at is not None and stands(e):
            doses.setdefault(e.due_at, []).append(e)
    found = (_offered(due, own) for due, own in sorted(doses.items()))
    return [dose for dose in found if dose is not None]


def _offered(due: dt.datetime, own: Sequence[EntryFacts]) -> Offered | None:
    gives = [e for e in own if OUTCOMES[e.outcome].given]
    if gives:
        by = frozenset(e.administered_by or e.by for e in gives)
        return Offered(due, gives[0].given_at or gives[0].at, by=by)
    if own[-1].outcome not in REFUSALS:
        return None
    refused = [e for e in own if e.outcome in REFUSALS]
    return Offered(due, None, refused[0].at, refused[0].id, frozenset(e.by for e in refused))


@dataclass(slots=True)
class Episode:
    """A run of refusals of one order that is followed up, named by its first refused entry."""

    first_entry: int
    why: str  # of WHY_OPENED
    opened_at: dt.datetime
    doses: list[Offered] = field(default_factory=list)
    ended_at: dt.datetime | None = None  # taken again, or a week without a refusal


def episodes(
    doses: Iterable[Offered], *, at_once: bool, closed: Mapping[int, dt.datetime] | None = None
) -> list[Episode]:
    """The episodes in the doses of one order, oldest first. `at_once` is true of time-critical and high-risk medicines;
    `closed` says when episodes were closed by hand: a refusal after that begins anew."""
    walk = _Walk(at_once, closed or {})
    for dose in doses:
        walk.meet(dose)
    return walk.found


class _Walk:
    """Meets the doses of an order one by one."""

    def __init__(self, at_once: bool, closed: Mapping[int, dt.datetime]) -> None:
        self.at_once, self.closed = at_once, closed
        self.found: list[Episode] = []
        self.now: Episode | None = None
        self.run: list[Offered] = []
        self.week: list[Offered] = []

    def meet(self, dose: Offered) -> None:
        """Take in the next dose."""
        self._let_go(dose)
        if dose.taken_at is not None:
            self._taken(dose.taken_at)
            return
        self.run.append(dose)
        self.week = [d for d in [*self.week, dose] if d.due_at > dose.due_at - A_WEEK]
        if self.now is not None:
            self.now.doses.append(dose)
            return
        why = self._why()
        if why:
            own = list(self.week if why == "week" else self.run)
            self.now = Episode(own[0].first_entry, why, dose.refused_at, own)
            self.found.append(self.now)

    def _let_go(self, dose: Offered) -> None:
        """An episode closed by hand, or over a week old, is not carried on by another refusal."""
        if self.now is None:
            return
        by_hand, last = self.closed.get(self.now.first_entry), self.now.doses[-1].due_at
        if by_hand is not None and (dose.refused_at or dose.taken_at) > by_hand:
            self.now, self.run, self.week = None, [], []
        elif self.now.why == "week" and dose.due_at - last > A_WEEK:
            self.now.ended_at = last + A_WEEK
            self.now = None

    def _taken(self, at: dt.datetime) -> None:
        self.run = []
        if self.now is not None and self.now.why != "week":
            # What was followed up is not counted towards the next: two episodes never share their first refusal.
            self.now.ended_at, self.now, self.week = at, None, []

    def _why(self) -> str:
        if self.at_once and len(self.run) >= AT_ONCE_AFTER:
            return "at_once"
        if len(self.run) >= DOSES_RUNNING:
            return "running"
        if self.run[-1].due_at - self.run[0].due_at >= NOTHING_TAKEN_FOR:
            return "hours"
        return "week" if len(self.week) >= DOSES_A_WEEK else ""


# ---------------------------------------------------------------- patterns


def by_time_of_day(doses: Iterable[Offered], zone: str) -> list[tuple[str, int, int]]:
    """(clock time, refused, offered) for each time of day an order was offered."""
    counts: dict[str, list[int]] = {}
    for dose in doses:
        tally = counts.setdefault(clock.time_words(dose.due_at, zone), [0, 0])
        tally[0] += dose.taken_at is None
        tally[1] += 1
    return [(time, *tally) for time, tally in sorted(counts.items())]


def with_one_carer_only(doses: Iterable[Offered]) -> bool:
    """Whether every refusal was met by one and the same colleague while others gave it: a question about the approach,
    for managers alone, and never a figure about anybody."""
    own = list(doses)
    refused = [d for d in own if d.taken_at is None]
    people = {person for d in refused for person in d.by}
    others = {person for d in own if d.taken_at is not None for person in d.by} - people
    return len(refused) >= SAME_CARER_FROM and len(people) == 1 and bool(others)


# ---------------------------------------------------------------- following it up


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What somebody says was done about an episode."""

    state: str
    contacted: str = ""
    words: str = ""


def follow_up_faults(before: str, step: FollowUp) -> list[tuple[str, str]]:
    """What keeps a step from being stored: it follows from the one before and says what came of it."""
    if step.state not in EPISODE_STEPS[before]:
        return [("state", "Choose what was done. What you wrote is kept.")]
    faults = []
    if step.state == "prescriber_contacted" and not step.contacted:
        faults.append(("contacted", "Say who was asked: name, role and time."))
    if len(step.contacted) > LONGEST_CONTACTED:
        faults.append(("contacted", f"This can have {LONGEST_CONTACTED} letters at most. It is kept; shorten it."))
    if len(step.words) < SHORTEST_WORDS:
        faults.append(("words", f"Say what came of it (at least {SHORTEST_WORDS} letters). What you wrote is kept."))
    if len(step.words) > LONGEST_WORDS:
        faults.append(("words", f"This can have {LONGEST_WORDS:,} letters at most. It is kept; shorten it."))
    return faults
