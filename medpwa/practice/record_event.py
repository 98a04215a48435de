"""One line of somebody's file, and the kinds a file is read by. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

KINDS: dict[str, str] = {
    "sign_offs": "Sign-offs",
    "suspensions": "Pauses and ends",
    "bookings": "Bookings",
    "assessments": "Assessments",
    "observations": "Observed rounds",
    "certificates": "Courses and inductions",
    "supervision": "Supervision",
    "exceptions": "Exceptions for one round",
    "refused": "Refused attempts",
}


@dataclass(frozen=True)
class Event:
    """Something that belongs in somebody's file. `at` orders it; `day_only` where no time of day is known. `skills`
    are the words by which a cell of the table asks for it: `oral`, `insulin:4`, `course:moving`."""

    kind: str
    at: dt.datetime
    words: str
    detail: str = ""
    by: str = ""
    tone: str = "plain"
    skills: frozenset[str] = frozenset()
    day_only: bool = False


def about(event: Event, skill: str) -> bool:
    """Whether an event belongs to what a cell asks for; everything does where nothing is asked for."""
    return not skill or skill in event.skills or skill.partition(":")[0] in event.skills


def skill_key(skill: str, resident_id: int | None) -> str:
    """A skill, and the resident it is for, as one word."""
    return skill if resident_id is None else f"{skill}:{resident_id}"
