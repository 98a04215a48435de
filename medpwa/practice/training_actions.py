"""The verbs of training: which courses a home asks for, and who took one."""

from __future__ import annotations

import datetime as dt

from medpwa import clock
from medpwa.action import Done, action
from medpwa.competency import papers
from medpwa.errors import Invalid, NotFound, Refused
from medpwa.permits import Actor
from medpwa.practice import training, training_deeds, training_rules
from medpwa.practice.models import Certificate
from medpwa.practice.training_rules import CourseFacts
from medpwa.staff import queries as staff
from medpwa.staff.queries import Colleague
from medpwa.staff.vocabulary import ROLES

MOST_COURSES = 60


@action("training.settings")
def set_courses(*, by: Actor, courses: tuple[CourseFacts, ...], valid_from: dt.datetime | None = None) -> Done:
    """Ask for courses, change or retire them, from now. What stands so already is not written again; an earlier
    `valid_from` is for the product itself. The value is how many changed."""
    standing = {c.code: c for c in training.courses_of(by.home_id, retired=True)}
    changed = [c for c in courses if standing.get(c.code) != c]
    if not changed:
        return Done(0, replay=True)
    faults = [fault for course in changed for fault in training_rules.course_faults(course, ROLES)]
    if len(standing.keys() | {c.code for c in changed}) > MOST_COURSES:
        faults.append(("name", f"A home can ask for at most {MOST_COURSES} courses. Change one that is there."))
    if faults:
        raise Invalid(faults)
    start = valid_from if valid_from and by.kind == "system" else clock.now()
    return Done(len(changed), [training_deeds.set_courses(by, changed, start)])


@action("training.record", about=staff.colleague_of)
def record(
    *,
    by: Actor,
    about: Colleague,
    person_id: int,
    certificate_id: str,
    course: str,
    taken_on: dt.date,
    expires_on: dt.date | None = None,
    from_whom: str = "",
    paper_id: int | None = None,
) -> Done:
    """Keep a certificate of somebody. Without an end it holds as long as the course says. The same form again is the
    same certificate; another one under its id is refused."""
    known = {c.code: c for c in training.courses_of(by.home_id, retired=True)}
    if course not in known:
        raise Invalid([("course", "Choose the course from the list. Nothing was saved.")])
    months = known[course].months
    ends = expires_on or (clock.months_later(taken_on, months) if months else None)
    said = dict(course=course, taken_on=taken_on, expires_on=ends, from_whom=from_whom, paper=paper_id)
    stored = Certificate.get_or_none(Certificate.certificate_id == certificate_id)
    if stored is not None:
        return Done(_the_same(by, stored, person_id, said), replay=True)
    _demand_whole(by, about, certificate_id, taken_on, ends, from_whom)
    papers.demand_here(by, paper_id)
    row, line = training_deeds.keep_certificate(by, person_id, certificate_id=certificate_id, **said)
    return Done(row, [line])


def _demand_whole(
    by: Actor, about: Colleague, certificate_id: str, taken_on: dt.date, ends: dt.date | None, from_whom: str
) -> None:
    today = clock.local_day(clock.now(), by.zone)
    faults = training_rules.certificate_faults(taken_on, ends, from_whom, today)
    if not about.roles and by.kind != "system":
        faults.append(("person", f"{about.name} does not work here now, so no certificate can be added."))
    if not 8 <= len(certificate_id) <= 64:
        faults.append(("course", "Open the form again: it lost its number. Nothing was saved."))
    if faults:
        raise Invalid(faults)


def _the_same(by: Actor, stored: Certificate, person_id: int, said: dict) -> Certificate:
    """The stored certificate, if it says the same; another home's does not exist."""
    if stored.home_id != by.home_id:
        raise NotFound()
    mine = {name: getattr(stored, "paper_id" if name == "paper" else name) for name in said}
    if (stored.person_id, mine) != (person_id, said):
        words = "This form was saved already and says something else now. Look at the list; open a new form to add one."
        raise Refused("another_certificate", words, 409, {"subject": f"person:{person_id}"})
    return stored
