"""Pure decisions about arranging: which skills of whom need an assessment, and whether a booking was missed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from medpwa.competency.rules import DUE

FURTHEST = dt.timedelta(days=366)  # ahead of today that a booking may be

# What a state needs, most pressing first: nobody gives, or gives alone, in the first four.
URGENCY = (
    "suspended", "ended", "expired", "not_competent", "development_needed", "supervised_only", "reassessment", "due",
    "assessing", "shadowing", "knowledge_passed", "learning", "not_started",
)  # fmt: skip


@dataclass(frozen=True)
class Ahead:
    """One skill of one person that is not, or soon not, in date."""

    person_id: int
    skill: str
    state: str  # as it stands; `due` for one in date that ends soon
    since: dt.datetime | None
    until: dt.datetime | None

    @property
    def rank(self) -> tuple[int, float]:
        """Most pressing first; among those due the soonest end, else what has waited longest."""
        when = self.until if self.state == "due" else self.since
        return URGENCY.index(self.state), when.timestamp() if when is not None else 0.0


def needs_somebody(state: str, until: dt.datetime | None, required: bool, held: bool, at: dt.datetime) -> str | None:
    """How a skill is listed among what lies ahead; None for one that needs nobody: in date for long, or never asked of
    this person."""
    if state == "competent":
        return "due" if until is not None and until - at <= DUE else None
    return state if required or held else None


def missed(on_day: dt.date, today: dt.date, ended: bool) -> bool:
    """Whether the day of a booking has passed and nobody said what became of it."""
    return not ended and on_day < today


def day_problem(on_day: dt.date | None, today: dt.date, *, past_too: bool) -> str | None:
    """What is wrong with the day of a booking, in words; None where nothing is."""
    if on_day is None:
        return "Choose the day. Nothing was booked."
    if on_day < today and not past_too:
        return "That day has passed. Choose today or later. Nothing was booked."
    if on_day > today + FURTHEST:
        return "That is more than a year ahead. Choose a nearer day. Nothing was booked."
    return None
