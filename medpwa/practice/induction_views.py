"""Pages for agency and bank staff: who is here, somebody new in two short steps."""

from __future__ import annotations

import secrets
import uuid

from flask import g, redirect, render_template

from medpwa import clock
from medpwa.competency.vocabulary import SKILLS
from medpwa.errors import Invalid
from medpwa.pages import telling, told
from medpwa.permits import Actor, may
from medpwa.practice import induction_actions, induction_forms, inductions
from medpwa.practice.induction_vocabulary import FROM_A_PAPER, ITEMS, ROLES_FROM_OUTSIDE
from medpwa.practice.views import pages
from medpwa.staff import actions as staff_actions
from medpwa.staff import queries as staff
from medpwa.staff import rules as staff_rules
from medpwa.staff import signin
from medpwa.staff.forms import Typed, ask
from medpwa.staff.queries import Colleague
from medpwa.staff.vocabulary import PASSPHRASE_WORDS, ROLES

_PERSON = "/h/<home>/agency/<int:person_id>"


def _base(who: Actor) -> str:
    return f"/h/{who.home_slug}/agency"


@pages.get("/h/<home>/agency", permit="training.see")
def agency(who):
    """Agency and bank staff with access now, and how far each is."""
    add_url = f"{_base(who)}/new" if inductions.may_begin(who) else ""
    return render_template("practice/agency.html", page=inductions.agency_page(who), add_url=add_url)


# ---------------------------------------------------------------- first step: the person


@pages.get("/h/<home>/agency/new", permit="staff.add")
def agency_new(who):
    """The short form for somebody new from outside."""
    return _new_page(who, Typed(kind=["agency"], role="carer", until=_today(who)))


def _new_page(who: Actor, form: Typed):
    roles = [(role, ROLES[role]) for role in ROLES_FROM_OUTSIDE]
    shown = dict(form=form, base=_base(who), kinds=induction_forms.kinds(), roles=roles)
    return render_template("practice/agency_new.html", **shown)


@pages.post("/h/<home>/agency/new", permit="staff.add")
def agency_add(who):
    """Add somebody from outside; the answer shows their first password once and goes on to the next step."""
    ask(staff_actions.add_person, who)
    form, password = Typed(), staff_rules.passphrase(secrets.choice, PASSPHRASE_WORDS)
    try:
        details = induction_forms.read_person(form, who)
        made = staff_actions.add_person(by=who, password_hash=signin.hash_password(password), **details)
    except Invalid as fault:
        form.errors = fault.errors
        return _new_page(who, form), 422
    return render_template(
        "practice/agency_password.html",
        name=f"{details['given_name']} {details['family_name']}",
        username=details["username"],
        password=password,
        next_url=f"{_base(who)}/{made.id}",
    )


# ---------------------------------------------------------------- second step: shown this home


@pages.get(_PERSON, permit="training.see", about=staff.colleague_of)
def agency_person(who, about, person_id):
    """How far somebody from outside is, and the form for what they were shown."""
    g.subject = f"person:{person_id}"
    return _steps_page(who, about, Typed(entry_id=str(uuid.uuid4()), on_day=_today(who)))


def _today(who: Actor) -> str:
    return clock.local_day(clock.now(), who.zone).isoformat()


def _steps_page(who: Actor, about: Colleague, form: Typed):
    page = inductions.steps_page(who, about)
    asks = may("induction.record", who, about) and inductions.is_from_outside(about) and bool(about.roles)
    return render_template(
        "practice/agency_person.html",
        page=page,
        form=form,
        agency=about.facts.agency,
        asks=asks and not page.inducted,
        items=list(ITEMS.items()),
        skills=[(skill, SKILLS[skill]) for skill in FROM_A_PAPER],
        assessors=inductions.can_watch(who.home_id, about.person_id, FROM_A_PAPER[0]),
        rounds=[(name, name) for name in inductions.round_names(who.home_id)],
        url=f"{_base(who)}/{about.person_id}",
        base=_base(who),
        staff_url=f"/h/{who.home_slug}/staff/{about.person_id}",
        saved=told("saved"),
        today=_today(who),
    )


@pages.post(_PERSON, permit="induction.record", about=staff.colleague_of)
def agency_shown(who, about, person_id):
    """Keep what they were shown, with their paper and their first observed round."""
    ask(induction_actions.record, who, about, person_id=person_id, said=None)
    form = Typed()
    try:
        said = induction_forms.read_induction(form, who, person_id)
        induction_actions.record(by=who, person_id=person_id, said=said)
    except Invalid as fault:
        form.errors = fault.errors
        return _steps_page(who, about, form), 422
    return redirect(telling(f"{_base(who)}/{person_id}", saved="shown"), 303)
