"""Courses the demo home asks for, and who took which: certificates with their ends, some with the paper itself."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace

from medpwa.demo import paper, team
from medpwa.demo.medicine_line import LIVE
from medpwa.demo.telling import Steps, Story
from medpwa.demo.told import draw
from medpwa.practice import training_actions
from medpwa.practice.training_rules import CourseFacts
from medpwa.practice.training_vocabulary import FIRST_COURSES

ASKED_SINCE = -400
MEDICINES, APP, ASSESSOR = "medication_awareness", "emar", "assessor"
ALSO_THE_QUALITY_LEAD = (MEDICINES, "safeguarding", "incidents_candour", "data_security")
FROM = {MEDICINES: "Westmere Learning (online)", APP: "Rowanbank House", ASSESSOR: "Larkhill Care training centre"}
ELSEWHERE = "Westmere Learning (online)"
# Certificates on a day of their own, and None where the course was not taken: what there is to be seen to.
_OWN_DAYS: dict[tuple[str, str], int | None] = {
    ("S1", MEDICINES): -278, ("S2", MEDICINES): -120, ("S2", ASSESSOR): -120, ("S1", ASSESSOR): -300,
    ("S10", MEDICINES): -27, ("S13", MEDICINES): -105, ("S16", MEDICINES): -38, ("S15", MEDICINES): -308,
    ("S9", MEDICINES): -45, ("S14", MEDICINES): None, ("S14", APP): None,
    ("S16", "dysphagia_iddsi"): None,
    ("S11", "infection_control"): -374,  # lapsed on day -9, as her yearly review did
    ("S12", "safeguarding"): -326, ("S6", "data_security"): -340,  # due within 60 days
    ("S4", "diabetes_insulin"): -322,
    ("S8", "end_of_life"): None,
}  # fmt: skip
WITH_PAPER = {("S2", ASSESSOR), ("S2", MEDICINES), ("S7", MEDICINES), ("S9", MEDICINES), ("S10", MEDICINES),
              ("S13", MEDICINES), ("S15", MEDICINES), ("S4", "diabetes_insulin"), ("S9", "epilepsy_rescue"),
              ("S6", MEDICINES)}  # fmt: skip


def courses() -> tuple[CourseFacts, ...]:
    """The home's courses: those the product proposes, the quality lead among those who need some."""
    found = [CourseFacts(code, name, months, frozenset(roles)) for code, name, months, roles in FIRST_COURSES]
    return tuple(_as_here(course) for course in found)


def _as_here(course: CourseFacts) -> CourseFacts:
    if course.code == ASSESSOR:
        return replace(course, roles=frozenset({"deputy_manager", "registered_manager"}))
    if course.code in ALSO_THE_QUALITY_LEAD:
        return replace(course, roles=course.roles | {"quality_lead"})
    return course


def steps(story: Story) -> Steps:
    """What the home asks for, from the day the app went live; certificates as they came."""
    if not story.whole:
        return
    yield story.at(LIVE, "09:10"), lambda: _ask(story)
    for person in team.STAFF:
        for course in courses():
            day = taken_on(person, course) if person.role in course.roles else None
            if day is not None:
                at = max(story.at(LIVE, "09:20"), story.at(day, "16:30"))
                yield at, lambda p=person, c=course, day=day: _keep(story, p, c, day)


def _ask(story: Story) -> None:
    training_actions.set_courses(by=story.system, courses=courses(), valid_from=story.at(ASKED_SINCE, "09:00"))


def taken_on(person: team.Person, course: CourseFacts) -> int | None:
    """The day somebody took a course, well within its months; None where they have not."""
    if (person.code, course.code) in _OWN_DAYS:
        return _OWN_DAYS[person.code, course.code]
    if course.code == APP:
        return {"S15": -22, "S16": -17}.get(person.code, LIVE)
    longest = min(int((course.months or 12) * 30.4) - 75, 400)
    return -draw("course", person.code, course.code).randint(40, longest)


def _keep(story: Story, person: team.Person, course: CourseFacts, day: int) -> None:
    person_id, taken = story.person[person.code], story.d0 + dt.timedelta(days=day)
    whose, kept = FROM.get(course.code, ELSEWHERE), None
    if (person.code, course.code) in WITH_PAPER:
        lines = (f"{person.given} {person.family}", f"has completed: {course.name}", f"on {taken:%d.%m.%Y}", whose)
        kept = paper.keep(story.system, person_id, f"Certificate {course.name}", "Certificate", lines)
    name = f"steady:certificate:{story.d0}:{person.code}:{course.code}"
    training_actions.record(
        by=story.system, person_id=person_id, certificate_id=str(uuid.uuid5(uuid.NAMESPACE_URL, name)),
        course=course.code, taken_on=taken, from_whom=whose, paper_id=kept,
    )  # fmt: skip
