"""Pages of the team: the list, a new colleague, one colleague."""

from __future__ import annotations

import secrets

from flask import g, redirect, render_template

from medpwa.errors import Invalid
from medpwa.pages import once
from medpwa.staff import actions, forms, person, queries, rules, signin, team
from medpwa.staff.forms import Typed, ask
from medpwa.staff.views import pages
from medpwa.staff.vocabulary import PASSPHRASE_WORDS


@pages.get("/h/<home>/staff", permit="staff.see")
def staff(who):
    """Who works here, and who is on shift now."""
    return render_template("staff/team.html", page=team.team_page(who))


# ---------------------------------------------------------------- somebody new


@pages.get("/h/<home>/staff/new", permit="staff.add")
def new_person(who):
    """The form for a new colleague, with a first password made up for them."""
    return _new_page(who, Typed(password=_first_password()))


@pages.post("/h/<home>/staff/new", permit="staff.add")
def add_person(who):
    """Add a colleague; the answer shows their first password once."""
    ask(actions.add_person, who)
    form = Typed()
    try:
        details, password = _read_new(form, who)
        made = actions.add_person(by=who, password_hash=signin.hash_password(password), **details)
    except Invalid as fault:
        form.errors = fault.errors
        return _new_page(who, form), 422
    name = f"{details['given_name']} {details['family_name']}"
    return _first_password_page(who, made.id, name, details["username"], password)


def _read_new(form: Typed, who) -> tuple[dict, str]:
    names = forms.person_names(form)
    username = forms.person_username(form)
    role, until = forms.role_until(form, who, agency=names["agency"])
    password = _read_password(form, (*form["given_name"].split(), *form["family_name"].split(), username))
    form.demand_none()
    return dict(names, username=username, role=role, valid_until=until), password


def _read_password(form: Typed, about: tuple[str, ...]) -> str:
    """A first password: the one offered, or the manager's own."""
    password = form.values["password"] = signin.typed_password()
    try:
        signin.refuse_weak(password, about=about)
    except Invalid as fault:
        form.errors += fault.errors
    return password


def _first_password() -> str:
    return rules.passphrase(secrets.choice, PASSPHRASE_WORDS)


def _new_page(who, form: Typed):
    roles = person.roles_within_reach(who)
    return render_template("staff/new.html", form=form, roles=roles, back=f"/h/{who.home_slug}/staff")


def _first_password_page(who, person_id: int, name: str, username: str, password: str):
    url = team.person_url(who, person_id)
    return render_template("staff/first_password.html", name=name, username=username, password=password, person_url=url)


# ---------------------------------------------------------------- one colleague


@pages.get("/h/<home>/staff/<int:person_id>", permit="staff.see", about=queries.colleague_of)
def colleague(who, about, person_id):
    """A colleague: details, sign-ins, history, and what a manager may do."""
    g.subject = f"person:{person_id}"
    return _person_page(who, about)


def _person_page(who, about, form: Typed | None = None, part: str = ""):
    page = person.person_page(who, about)
    typed = {name: Typed(**page.values) for name in ("details", "role", "password", "end")}
    typed["password"].values["password"] = _first_password()
    if form is not None:
        typed[part] = form
    return render_template("staff/person.html", page=page, forms=typed, part=part)


@pages.post("/h/<home>/staff/<int:person_id>/details", permit="staff.change", about=queries.colleague_of)
def change_person(who, about, person_id):
    """Correct a colleague's name or kind."""
    ask(actions.change_person, who, about, person_id=person_id)
    form = Typed()
    try:
        details = forms.person_names(form)
        form.demand_none()
        actions.change_person(by=who, person_id=person_id, **details)
    except Invalid as fault:
        form.errors = fault.errors
        return _person_page(who, about, form, "details"), 422
    return redirect(team.person_url(who, person_id), 303)


@pages.post("/h/<home>/staff/<int:person_id>/role", permit="staff.set_role", about=queries.colleague_of)
def set_role(who, about, person_id):
    """Give a colleague another role, or change when their access ends; also for somebody who comes back."""
    ask(actions.set_role, who, about, person_id=person_id)
    form = Typed()
    try:
        role, until = forms.role_until(form, who, agency=about.facts.agency)
        reason = form.text("reason", longest=forms.LONGEST_REASON)
        form.demand_none()
        actions.set_role(by=who, person_id=person_id, role=role, valid_until=until, reason=reason)
    except Invalid as fault:
        form.errors = fault.errors
        return _person_page(who, about, form, "role"), 422
    return redirect(team.person_url(who, person_id), 303)


@pages.post("/h/<home>/staff/<int:person_id>/password", permit="staff.set_password", about=queries.colleague_of)
def set_password(who, about, person_id):
    """Give a colleague a new first password; it is shown once, and their sign-ins end."""
    ask(actions.set_password, who, about, person_id=person_id)
    form, facts = Typed(), about.facts
    try:
        password = _read_password(form, (facts.given_name, facts.family_name, facts.username))
        form.demand_none()
        actions.set_password(by=who, person_id=person_id, password_hash=signin.hash_password(password))
    except Invalid as fault:
        form.errors = fault.errors
        return _person_page(who, about, form, "password"), 422
    return _first_password_page(who, person_id, facts.name, facts.username, password)


@pages.post("/h/<home>/staff/<int:person_id>/end", permit="staff.end", about=queries.colleague_of)
def end_person(who, about, person_id):
    """End a colleague's access here; asked twice, because they are signed out in the middle of what they do."""
    ask(actions.end_person, who, about, person_id=person_id)
    form = Typed()
    try:
        reason = forms.reason(form, "Say why their access ends, e.g. “Left on 16 November”.")
        if "yes" not in form.flags("sure", ("yes",)):
            form.fault("sure", "Tick the box to say that you mean it. Nothing was changed.")
        form.demand_none()
        actions.end_person(by=who, person_id=person_id, reason=reason)
    except Invalid as fault:
        form.errors = fault.errors
        return _person_page(who, about, form, "end"), 422
    return redirect(team.person_url(who, person_id), 303)


@pages.post(
    "/h/<home>/staff/<int:person_id>/sessions/<int:session_id>/end",
    permit="staff.end_session",
    about=queries.colleague_of,
)
def end_session(who, about, person_id, session_id):
    """End one of a colleague's sign-ins, e.g. on a lost phone."""
    once("csrf_token")
    back = once("back")
    actions.end_session_of(by=who, person_id=person_id, session_id=session_id)
    page = f"/h/{who.home_slug}/devices" if back == "devices" else team.person_url(who, person_id)
    return redirect(f"{page}#sign-ins", 303)
