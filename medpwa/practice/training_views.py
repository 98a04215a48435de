"""Pages of training: the gaps of the home, one person's courses, the certificate, the list of courses."""

from __future__ import annotations

import uuid

from flask import g, redirect, render_template, request

from medpwa import clock
from medpwa.errors import Invalid
from medpwa.pages import once, telling, told
from medpwa.permits import Actor, may
from medpwa.practice import training, training_actions, training_forms
from medpwa.practice.views import pages
from medpwa.staff import queries as staff
from medpwa.staff.forms import Typed, ask
from medpwa.staff.queries import Colleague

_PERSON = "/h/<home>/training/people/<int:person_id>"


@pages.get("/h/<home>/training", permit="training.see")
def training_gaps(who):
    """Whose courses are missing or end soon."""
    page = training.training_page(who)
    return render_template(
        "practice/training.html", page=page, base=_base(who), may_set=may("training.settings", who), saved=told("saved")
    )


def _base(who: Actor) -> str:
    return f"/h/{who.home_slug}/training"


@pages.get("/h/<home>/training/mine", permit="competency.see_own")
def my_training(who):
    """One's own courses and certificates."""
    g.subject = f"person:{who.person_id}"
    about = staff.colleague_of(who, who.person_id)
    return render_template("practice/training_person.html", page=training.person_page(who, about), saved="")


@pages.get(_PERSON, permit="training.see", about=staff.colleague_of)
def training_of(who, about, person_id):
    """One person's courses and certificates."""
    g.subject = f"person:{person_id}"
    page = training.person_page(who, about)
    return render_template("practice/training_person.html", page=page, saved=told("saved"))


# ---------------------------------------------------------------- a certificate


@pages.get(f"{_PERSON}/new", permit="training.record", about=staff.colleague_of)
def certificate_page(who, about, person_id):
    """The form for a certificate."""
    return _certificate_page(who, about, Typed(entry_id=str(uuid.uuid4()), course=request.args.get("course", "")[:60]))


def _certificate_page(who: Actor, about: Colleague, form: Typed):
    return render_template(
        "practice/certificate.html",
        name=about.name,
        form=form,
        base=f"{_base(who)}/people/{about.person_id}",
        courses=[(c.code, c.name) for c in training.courses_of(who.home_id)],
        today=clock.local_day(clock.now(), who.zone).isoformat(),
    )


@pages.post(f"{_PERSON}/new", permit="training.record", about=staff.colleague_of)
def add_certificate(who, about, person_id):
    """Keep a certificate."""
    ask(training_actions.record, who, about, person_id=person_id, certificate_id="", course="", taken_on=None)
    form = Typed()
    try:
        said = training_forms.read_certificate(form, who, person_id)
        training_actions.record(by=who, person_id=person_id, **said)
    except Invalid as fault:
        form.errors = fault.errors
        return _certificate_page(who, about, form), 422
    return redirect(telling(f"{_base(who)}/people/{person_id}", saved="certificate"), 303)


# ---------------------------------------------------------------- the list of courses


@pages.get("/h/<home>/training/courses", permit="training.see")
def courses(who):
    """Which courses this home asks for, of whom, and how often."""
    return render_template(
        "practice/courses.html",
        courses=training.courses_of(who.home_id, retired=True),
        words_of=training.who_needs,
        base=_base(who),
        may_set=may("training.settings", who),
        saved=told("saved"),
    )


@pages.post("/h/<home>/training/courses/first", permit="training.settings")
def first_courses(who):
    """Begin with a first list; what the home has set already stays as it is."""
    once("csrf_token")
    there = {c.code for c in training.courses_of(who.home_id, retired=True)}
    new = tuple(c for c in training.first_courses() if c.code not in there)
    training_actions.set_courses(by=who, courses=new)
    return redirect(telling(f"{_base(who)}/courses", saved="first"), 303)


@pages.get("/h/<home>/training/courses/edit", permit="training.settings")
def course_page(who):
    """The form for one course."""
    code = request.args.get("code", "")[:60]
    found = next((c for c in training.courses_of(who.home_id, retired=True) if c.code == code), None)
    form = Typed()
    if found is not None:
        form.values |= {"code": found.code, "name": found.name, "months": str(found.months or "")}
        form.values |= {"roles": sorted(found.roles), "retired": ["yes"] if found.retired else []}
    return _course_page(who, form)


def _course_page(who: Actor, form: Typed):
    return render_template("practice/course.html", form=form, base=_base(who), roles=training.role_choices())


@pages.post("/h/<home>/training/courses/edit", permit="training.settings")
def set_course(who):
    """Ask for a course, change it, or stop asking for it."""
    ask(training_actions.set_courses, who, courses=())
    form = Typed()
    try:
        training_actions.set_courses(by=who, courses=(training_forms.read_course(form, who),))
    except Invalid as fault:
        form.errors = fault.errors
        form.values["code"] = once("code")[:60]
        return _course_page(who, form), 422
    return redirect(telling(f"{_base(who)}/courses", saved="course"), 303)
