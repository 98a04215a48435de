"""Who may give what at a moment, worked out slowly from every decision in the order it was made. It shares no rule with
the product: it is what the product is held against."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

DELEGATED = {"insulin"}  # of the skills these histories use, the one that is for one resident
BESIDE = {"not_started", "learning", "shadowing", "assessing", "development_needed", "supervised_only", "reassessment",
          "expired"}  # fmt: skip
UNDECIDED = {"not_started", "learning", "shadowing", "assessing"}
TEN_MINUTES = dt.timedelta(minutes=10)


@dataclass
class Said:
    """One decision about one skill of one person, as a manager made it."""

    person: int
    skill: str
    resident: int | None
    state: str
    start: dt.datetime
    end: dt.datetime | None


@dataclass
class Round:
    """An exception: whom it is for, and the round as it was then."""

    person: int
    name: str
    start: dt.datetime
    end: dt.datetime
    made: dt.datetime
    id: int


@dataclass
class Oracle:
    """Everything that was decided so far, oldest first."""

    said: list[Said] = field(default_factory=list)
    rounds: list[Round] = field(default_factory=list)

    def decide(self, person: int, skill: str, resident: int | None, state: str, start, end=None) -> None:
        """A manager says how a skill stands from a moment on."""
        self.said.append(Said(person, skill, resident, state, start, end))

    def take_away(self, person: int, skill: str, resident: int | None, state: str, at: dt.datetime) -> None:
        """Paused or ended now; what was granted for later is taken away on its day too."""
        mine = [s for s in self.said if (s.person, s.skill, s.resident) == (person, skill, resident)]
        for start in [at, *sorted({s.start for s in mine if s.start > at})]:
            self.decide(person, skill, resident, state, start)

    def state(self, person: int, skill: str, resident: int, at: dt.datetime) -> str:
        """How a skill stands at a moment: the decision that began last, and of two that began together the later."""
        standing = None
        for s in self.said:
            if s.person != person or s.skill != skill or s.start > at:
                continue
            if s.resident != resident and (skill in DELEGATED or s.resident is not None):
                continue
            if standing is None or s.start >= standing.start:
                standing = s
        if standing is None:
            return "not_started"
        if standing.state == "competent" and standing.end is not None and standing.end <= at:
            return "expired"
        return standing.state

    def skilled(self, person: int, skills, resident: int, at: dt.datetime) -> bool:
        """Whether somebody holds every skill in date."""
        return all(self.state(person, skill, resident, at) == "competent" for skill in skills)

    def beside(self, giver: int, other: int, proved: dt.datetime, skills, resident: int, at: dt.datetime) -> bool:
        """Whether `other` carries a dose that `giver` may not give alone."""
        open_to = all(self.state(giver, s, resident, at) in BESIDE | {"competent"} for s in skills)
        return (
            open_to
            and other != giver
            and self.skilled(other, skills, resident, at)
            and dt.timedelta(0) <= at - proved <= TEN_MINUTES
        )

    def paused(self, person: int, at: dt.datetime) -> bool:
        """Whether anything of somebody is paused."""
        held = {(s.skill, s.resident) for s in self.said if s.person == person}
        return any(self.state(person, skill, resident or 0, at) == "suspended" for skill, resident in held)

    def glass(self, person: int, skills, resident: int, dose_round, at: dt.datetime) -> Round | None:
        """The exception under which somebody may give a dose of a round (or of none) now."""
        if self.paused(person, at):
            return None
        for s in skills:
            state = self.state(person, s, resident, at)
            if state != "competent" and (s in DELEGATED or state not in UNDECIDED):
                return None
        for r in self.rounds:
            same = dose_round is None or dose_round == (r.name, r.start)
            if r.person == person and same and max(r.start, r.made) <= at < r.end:
                return r
        return None

    def may_be_excepted(self, person: int, skills, at: dt.datetime) -> bool:
        """Whether an exception may be made for somebody: nothing paused, nothing ended or decided against."""
        states = {self.state(person, s, 0, at) for s in skills if s not in DELEGATED}
        return not self.paused(person, at) and states <= UNDECIDED | {"competent"}
