"""The only writers of courses and certificates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from medpwa import clock
from medpwa.ledger import Pending, line
from medpwa.permits import Actor
from medpwa.practice.models import Certificate, Course
from medpwa.practice.training_rules import CourseFacts


def set_courses(by: Actor, courses: Iterable[CourseFacts], valid_from: dt.datetime) -> Pending:
    """The next version of each of these courses, in one line."""
    rows = [
        Course.create(
            home=by.home_id,
            code=course.code,
            name=course.name,
            months=course.months,
            roles=sorted(course.roles),
            retired=course.retired,
            valid_from=valid_from,
            at=clock.now(),
            by=by.person_id,
        )
        for course in courses
    ]
    return line("training.settings", f"home:{by.home_id}", *rows)


def keep_certificate(by: Actor, person_id: int, **said: object) -> tuple[Certificate, Pending]:
    """A certificate of somebody."""
    row = Certificate.create(home=by.home_id, person=person_id, at=clock.now(), by=by.person_id, **said)
    return row, line("training.record", f"person:{person_id}", row)
