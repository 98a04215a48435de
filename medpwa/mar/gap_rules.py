"""Pure decisions about doses without a record: the state of one, whom it waits for, and what settles it.

A gap is the dose's, derived from the clock and the entries (house page 3.7). A review says what people found out. It
never stands for a dose given: the finder does not sign the box (domain page 1.6).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from medpwa.mar.gap_vocabulary import (
    CONCLUSIONS,
    CONFIDENCE,
    DUE,
    FOUND_IN,
    GAP,
    LONGEST,
    OVERDUE,
    RECORDED,
    RESOLVED,
    SCHEDULED,
    SHORTEST_EVIDENCE,
    UNDER_REVIEW,
)

KEPT = "What you wrote is kept."
Problem = tuple[str, str]
_BY_THE_CLOCK = {"coming": SCHEDULED, "due": DUE, "late": OVERDUE}
WORDS_OF_A_STEP = ("staff_asked", "resident_effect", "advice_from", "advice", "evidence")
LABELS: dict[str, str] = {
    "staff_asked": "Who was asked, and what they said",
    "resident_effect": "How the person is",
    "advice_from": "Whose advice was asked",
    "advice": "What they said",
    "evidence": "What else shows what happened",
}


@dataclass(frozen=True, slots=True)
class StepFacts:
    """One step of a review, as stored."""

    at: dt.datetime
    by: int
    staff_asked: str = ""
    resident_effect: str = ""
    advice_from: str = ""
    advice: str = ""
    advice_at: dt.datetime | None = None
    evidence: str = ""
    conclusion: str | None = None
    confidence: str | None = None


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """A gap that somebody took up, with its steps oldest first."""

    id: int
    line_id: int
    due_at: dt.datetime
    found_in: str
    at: dt.datetime
    by: int
    steps: tuple[StepFacts, ...] = ()

    @property
    def conclusion(self) -> str:
        """What settled it: the newest conclusion; empty while there is none."""
        return next((s.conclusion for s in reversed(self.steps) if s.conclusion), "")

    def newest(self, name: str) -> str:
        """The newest word in a field; the newest holds."""
        return next((value for s in reversed(self.steps) if (value := getattr(s, name))), "")


def state_of(kind: str, review: ReviewFacts | None) -> str:
    """The state of a dose among `STATES`, by its own state (`states.DoseState.kind`) and its review."""
    if kind != "gap":
        return _BY_THE_CLOCK.get(kind, RECORDED)
    if review is None:
        return GAP
    return RESOLVED if review.conclusion else UNDER_REVIEW


def report_awaited(state: str, review: ReviewFacts | None) -> bool:
    """Whether a settled gap still waits for whoever gave it to say so: until then the dose counts in no total."""
    return state == RESOLVED and review is not None and review.conclusion == "given_unsigned"


def urgency(*, time_critical: bool, high_risk: bool, due_at: dt.datetime) -> tuple:
    """The order gaps stand in: time-critical first, then high-risk, then the oldest."""
    return (not time_critical, not high_risk, due_at)


# ---------------------------------------------------------------- what a step says


def step_problems(said: dict[str, str], advice_at: dt.datetime | None, at: dt.datetime) -> list[Problem]:
    """What is wrong with a step: (field, sentence) pairs. Any one field is a step; none is not."""
    found = [
        (name, f"Make this shorter, at most {LONGEST:,} letters. {KEPT}")
        for name in WORDS_OF_A_STEP
        if len(said.get(name, "")) > LONGEST
    ]
    if not any(said.get(name) for name in WORDS_OF_A_STEP):
        found.append(("staff_asked", "Write what was found out in at least one of the fields."))
    if said.get("advice") and not said.get("advice_from"):
        found.append(("advice_from", f"Say who gave the advice: name and role. {KEPT}"))
    if advice_at is not None and advice_at > at:
        found.append(("time", f"That time is still to come. Give the time of the advice. {KEPT}"))
    return found


def conclusion_problems(conclusion: str, confidence: str, evidence: str) -> list[Problem]:
    """What is missing in a conclusion: (field, sentence) pairs."""
    found: list[Problem] = []
    if conclusion not in CONCLUSIONS:
        found.append(("conclusion", "Choose what it came to."))
    if confidence not in CONFIDENCE:
        found.append(("confidence", f"Say how sure you are. {KEPT}"))
    if not SHORTEST_EVIDENCE <= len(evidence) <= LONGEST:
        found.append(
            ("evidence", f"Say what it rests on, in {SHORTEST_EVIDENCE} to {LONGEST:,} letters. {KEPT}")
        )
    return found


def found_in_problems(found_in: str) -> list[Problem]:
    """What is wrong with where a gap was found."""
    return [] if found_in in FOUND_IN else [("found_in", "Say how it was found.")]


def may_not_conclude(by: int | None, theirs: Collection[int]) -> str:
    """Why this person does not settle a gap; empty when they may. `theirs` are the people who gave or tried to give
    this person's medicines at that time: somebody else looks at it with them."""
    if by in theirs:
        return (
            "You gave medicines to this person around that time, so somebody else settles it with you: another team "
            "leader or a manager. What you know belongs in a step."
        )
    return ""


