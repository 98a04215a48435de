"""What is typed about courses and certificates."""

from __future__ import annotations

from medpwa.competency.paper_forms import read_paper
from medpwa.pages import once
from medpwa.permits import Actor
from medpwa.practice import training, training_rules
from medpwa.practice.training_rules import CourseFacts
from medpwa.practice.training_vocabulary import LONGEST_COURSE
from medpwa.staff import typed
from medpwa.staff.forms import Typed
from medpwa.staff.vocabulary import ROLES


def read_certificate(form: Typed, who: Actor, person_id: int) -> dict:
    """A certificate as the action takes it. Raises Invalid; a file that came with it is kept all the same."""
    codes = [c.code for c in training.courses_of(who.home_id)]
    said = dict(
        certificate_id=form.text("entry_id", "Open the form again: it lost its number.", 64),
        course=form.choice("course", codes, "Choose the course."),
        taken_on=form.day("taken_on", "Choose the day it was taken."),
        expires_on=form.day("expires_on"),
        from_whom=form.text("from_whom", longest=training_rules.LONGEST_FROM),
        paper_id=read_paper(form, who, person_id),
    )
    form.demand_none()
    return said


def read_course(form: Typed, who: Actor) -> CourseFacts:
    """A course as typed; the code of a new one is made of its name. Raises Invalid."""
    name = form.text("name", "Give the course a name.", LONGEST_COURSE)
    code = form.values["code"] = once("code")[:60] or training_rules.code_from(name)
    known = {c.code for c in training.courses_of(who.home_id, retired=True)}
    if once("code") and code not in known:
        form.fault("name", "That course is not on the list any more. Open the list again.")
    elif not once("code") and code in known:
        form.fault("name", "There is a course of that name already. Change that one, or choose another name.")
    text = form.text("months", longest=10)
    months = typed.number(text)
    if text and months is None:
        form.fault("months", "Type months as a number, such as 12, or leave it empty for once.")
    roles = form.flags("roles", ROLES)
    retired = "yes" in form.flags("retired", ("yes",))
    form.demand_none()
    return CourseFacts(code, name, months, frozenset(roles), retired)
