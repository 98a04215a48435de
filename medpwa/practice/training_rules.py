"""How a course of somebody stands on a day, and what makes a certificate and a course whole. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from medpwa import clock
from medpwa.competency.rules import DUE
from medpwa.practice.training_vocabulary import LONGEST_CODE, LONGEST_COURSE, MOST_MONTHS

LONGEST_FROM = 160
LONGEST_KEPT = 10  # years a certificate can hold at most
_CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
Fault = tuple[str, str]


@dataclass(frozen=True)
class CourseFacts:
    """A course as a home asks for it now."""

    code: str
    name: str
    months: int | None  # until it is due again; None: once
    roles: frozenset[str]  # roles that need it
    retired: bool = False


@dataclass(frozen=True)
class CertificateFacts:
    """A paper that says somebody took a course."""

    id: int
    person_id: int
    course: str
    taken_on: dt.date
    expires_on: dt.date | None
    from_whom: str = ""
    paper_id: int | None = None


@dataclass(frozen=True)
class CourseState:
    """How one course of one person stands: `in_date`, `due`, `lapsed`, `missing` or `not_needed`."""

    state: str
    taken_on: dt.date | None = None
    expires_on: dt.date | None = None
    certificate_id: int | None = None
    paper_id: int | None = None


def state_of(
    course: CourseFacts, needed: bool, certificates: Iterable[CertificateFacts], today: dt.date
) -> CourseState:
    """The certificate that holds longest decides. One that expires today ended as the day began."""
    mine = [(_ends(course, c) or dt.date.max, c.taken_on, c.id, c) for c in certificates if c.course == course.code]
    if not mine:
        return CourseState("missing" if needed else "not_needed")
    best = max(mine)[-1]
    ends, state = _ends(course, best), "in_date"
    if ends is not None and ends <= today:
        state = "lapsed" if needed else "not_needed"
    elif ends is not None and ends - today <= DUE:
        state = "due" if needed else "in_date"
    return CourseState(state, best.taken_on, ends, best.id, best.paper_id)


def _ends(course: CourseFacts, c: CertificateFacts) -> dt.date | None:
    """The first day a certificate no longer counts: by its own words, else by what the home asks now."""
    return c.expires_on or (clock.months_later(c.taken_on, course.months) if course.months else None)


def certificate_faults(taken_on: dt.date, expires_on: dt.date | None, from_whom: str, today: dt.date) -> list[Fault]:
    """What is wrong with a certificate as typed."""
    found = []
    if taken_on > today:
        found.append(("taken_on", "That day has not come yet. Say when the course was taken; nothing was saved."))
    if expires_on is not None and expires_on <= taken_on:
        found.append(("expires_on", "It must expire after the day it was taken. Check both dates; nothing was saved."))
    elif expires_on is not None and expires_on > clock.months_later(taken_on, 12 * LONGEST_KEPT):
        found.append(("expires_on", f"Choose a day at most {LONGEST_KEPT} years after it was taken."))
    if len(from_whom) > LONGEST_FROM:
        found.append(("from_whom", f"Use at most {LONGEST_FROM} characters. Nothing was saved."))
    return found


def course_faults(course: CourseFacts, roles: Iterable[str]) -> list[Fault]:
    """What is wrong with a course as typed."""
    found = []
    if not _CODE.fullmatch(course.code) or len(course.code) > LONGEST_CODE:
        found.append(("name", "Choose a name that begins with a plain letter."))
    if not course.name.strip() or len(course.name) > LONGEST_COURSE:
        found.append(("name", f"Give the course a name of 1 to {LONGEST_COURSE} characters."))
    if course.months is not None and not 1 <= course.months <= MOST_MONTHS:
        found.append(("months", f"Choose 1 to {MOST_MONTHS} months, or leave it empty for once."))
    if not course.roles <= set(roles):
        found.append(("roles", "Choose roles from the list. Nothing was saved."))
    return found


def code_from(name: str) -> str:
    """A course's code made of its name: small letters, digits and underlines."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:LONGEST_CODE].strip("_")
