"""Whether whoever gave a dose was signed off for it when they gave it. Pure; the rule itself is competency's.

A dose is judged at the moment it was given, by the sign-offs that were recorded when the dose was: a sign-off entered
afterwards with an earlier start does not reach back over what was done without it, it is said beside it.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from medpwa import clock
from medpwa.competency import rules
from medpwa.competency.rules import GrantFact
from medpwa.competency.vocabulary import MAY_GIVE, RESIDENT_SPECIFIC

# How a dose came to be given, in the order in which one asks.
IN_DATE = "in_date"
SUPERVISED = "supervised"  # not signed off, and somebody signed off stood beside them
ALONE_BESIDE = "beside_not_in_date"  # whoever stood beside was not signed off either
GLASS = "glass"  # under an exception somebody allowed to had made for one round
REPORTED = "reported"  # given outside the record and told afterwards
ALONE = "alone"  # recorded on the ordinary path
NOT_IN_DATE = (ALONE, GLASS, REPORTED, ALONE_BESIDE)


@dataclass(frozen=True, slots=True)
class Dated:
    """A stored version of a skill, with when it was recorded, by whom, and what it rests on."""

    fact: GrantFact
    recorded_at: dt.datetime
    by: int | None = None
    evidence: Mapping[str, int] | None = None

    @property
    def entered_late(self) -> bool:
        """Whether a person entered it with an earlier start. What was taken over when a home began with Steady is the
        product's own and counts from its start; no person can make such a row."""
        return self.by is not None and self.recorded_at > self.fact.valid_from


class Give(NamedTuple):
    """One dose given by somebody of the home, as it stands after corrections; times in microseconds.

    `known` is when it was first recorded: a later correction of it does not let later sign-offs count.
    """

    id: int
    resident_id: int
    version_id: int
    giver: int
    given: int
    known: int
    recorded_by: int
    supervised_by: int | None
    glass_id: int | None
    after_the_fact: bool

    @property
    def given_at(self) -> dt.datetime:
        """When it was given."""
        return clock.from_micros(self.given)


@dataclass(frozen=True, slots=True)
class Lacked:
    """One skill a giver did not hold then, and how it stood. `entered_after`: it was entered later with an earlier
    start."""

    skill: str
    state: str
    entered_after: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """One dose whose giver was not signed off for all of it, and how it came about."""

    give: Give
    way: str
    lacked: tuple[Lacked, ...]


class _Line:
    """How one skill of one person stood, moment by moment: asked of the rule at each moment at which it can change."""

    __slots__ = ("grants", "late", "resident_id", "skill", "starts", "states", "zone")

    def __init__(self, grants: Sequence[Dated], skill: str, resident_id: int | None, zone: str) -> None:
        self.grants, self.skill, self.resident_id, self.zone = grants, skill, resident_id, zone
        facts = [g.fact for g in grants]
        turns = {f.valid_from for f in facts} | {f.valid_until for f in facts if f.valid_until is not None}
        moments = sorted(turns)
        self.starts = [clock.micros(at) for at in moments]
        self.states = [rules.state_of(facts, skill, resident_id, at, zone).state for at in moments]
        self.late = [g for g in grants if g.entered_late]

    def lacked(self, at: int, known: int) -> Lacked | None:
        """What was lacking at a moment by what was recorded until `known`; None where it was held."""
        state = self._at(at)
        if not any(clock.micros(g.recorded_at) > known for g in self.late):
            return None if state in MAY_GIVE else Lacked(self.skill, state)
        then = clock.from_micros(known)
        facts = [g.fact for g in self.grants if g.recorded_at <= then or not g.entered_late]
        stood = rules.state_of(facts, self.skill, self.resident_id, clock.from_micros(at), self.zone).state
        return None if stood in MAY_GIVE else Lacked(self.skill, stood, state in MAY_GIVE)

    def _at(self, at: int) -> str:
        place = bisect_right(self.starts, at) - 1
        return self.states[place] if place >= 0 else "not_started"


class Judge:
    """Answers for many doses at once: each line of skill, person and resident is worked out once."""

    def __init__(self, grants: Mapping[int, Sequence[Dated]], zone: str) -> None:
        self._zone = zone
        self._lines: dict[tuple[int, str, int | None], _Line] = {}
        self._grants: dict[tuple[int, str], list[Dated]] = {}
        self._bound: set[tuple[int, str]] = set()  # where it matters which resident it is
        for person_id, own in grants.items():
            for g in own:
                self._grants.setdefault((person_id, g.fact.skill), []).append(g)
                if g.fact.resident_id is not None or g.fact.skill in RESIDENT_SPECIFIC:
                    self._bound.add((person_id, g.fact.skill))

    def lacked(
        self, person_id: int, skills: Iterable[str], resident_id: int, at: int, known: int
    ) -> tuple[Lacked, ...]:
        """The skills somebody did not hold at a moment, by what was recorded until `known`; times in microseconds."""
        found = (self._line(person_id, skill, resident_id).lacked(at, known) for skill in skills)
        return tuple(x for x in found if x is not None)

    def _line(self, person_id: int, skill: str, resident_id: int) -> _Line:
        own = (person_id, skill)
        key = (*own, resident_id if own in self._bound else None)
        line = self._lines.get(key)
        if line is None:
            line = self._lines[key] = _Line(self._grants.get(own, ()), skill, key[2], self._zone)
        return line

    def judged(self, give: Give, skills: Sequence[str]) -> Judged | None:
        """How a dose came to be given by somebody not signed off for it; None where they were."""
        lacked = self.lacked(give.giver, skills, give.resident_id, give.given, give.known)
        return Judged(give, self._way(give, skills), lacked) if lacked else None

    def _way(self, give: Give, skills: Sequence[str]) -> str:
        if give.supervised_by is not None:
            beside = self.lacked(give.supervised_by, skills, give.resident_id, give.given, give.known)
            return ALONE_BESIDE if beside else SUPERVISED
        if give.glass_id is not None:
            return GLASS
        return REPORTED if give.after_the_fact else ALONE
