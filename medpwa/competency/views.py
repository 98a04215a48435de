"""Pages of sign-off: the table, one person's file, and the three decisions."""

from __future__ import annotations

from flask import g, redirect, render_template, request

from medpwa import clock
from medpwa.competency import actions, file, forms, matrix
from medpwa.competency.vocabulary import RESIDENT_SPECIFIC, SKILLS, STANDING, STATES
from medpwa.errors import Invalid
from medpwa.pages import Pages
from medpwa.staff import queries as staff
from medpwa.staff.forms import Typed, ask

pages = Pages("competency", __name__)


@pages.get("/h/<home>/competency", permit="competency.see")
def table(who):
    """Who is in date for what."""
    return render_template("competency/matrix.html", page=matrix.matrix_page(who))


@pages.get("/h/<home>/competency/<int:person_id>", permit="competency.see", about=staff.colleague_of)
def person(who, about, person_id):
    """One person's file."""
    g.subject = f"person:{person_id}"
    return render_template("competency/file.html", page=file.file_page(who, about))


def _base(who, person_id: int) -> str:
    return f"/h/{who.home_slug}/competency/{person_id}"


# ---------------------------------------------------------------- sign off

_STATE_HINTS = {
    "competent": "Gives alone until the end date.",
    "supervised_only": "Gives only with somebody signed off beside them.",
    "assessing": "Being observed on rounds; does not give alone yet.",
    "knowledge_passed": "Has passed the course and is shadowing.",
    "not_started": "Down to learn it; nothing done yet.",
}


@pages.get("/h/<home>/competency/<int:person_id>/sign-off", permit="competency.grant", about=staff.colleague_of)
def sign_off_page(who, about, person_id):
    """The form to sign somebody off for one or several skills."""
    skill, _, resident = request.args.get("skill", "").partition(":")
    today = clock.local_day(clock.now(), who.zone).isoformat()
    form = Typed(state="competent", valid_from=today, resident=resident)
    form.values["skill"] = [skill] if skill in SKILLS else []
    return _sign_off_page(who, about, form)


def _sign_off_page(who, about, form: Typed):
    return render_template(
        "competency/sign_off.html",
        name=about.name,
        base=_base(who, about.person_id),
        form=form,
        skills=[(s, w) for s, w in SKILLS.items() if s not in RESIDENT_SPECIFIC],
        delegated=[(s, f"{w}, for one resident") for s, w in SKILLS.items() if s in RESIDENT_SPECIFIC],
        residents=forms.residents_to_choose(who),
        states=[(s, STATES[s], hint) for s, hint in _STATE_HINTS.items()],
    )


@pages.post("/h/<home>/competency/<int:person_id>/sign-off", permit="competency.grant", about=staff.colleague_of)
def sign_off(who, about, person_id):
    """Sign somebody off, or say how a skill stands."""
    ask(actions.grant, who, about, person_id=person_id)
    form = Typed()
    try:
        decision = forms.read_sign_off(form, who)
        actions.grant(by=who, person_id=person_id, **decision.arguments)
    except Invalid as fault:
        form.errors = fault.errors
        return _sign_off_page(who, about, form), 422
    return redirect(_base(who, person_id), 303)


# ---------------------------------------------------------------- pause and end


@pages.get("/h/<home>/competency/<int:person_id>/pause", permit="competency.suspend", about=staff.colleague_of)
def pause_page(who, about, person_id):
    """The form to pause some or all of somebody's sign-offs."""
    return _take_away_page(who, about, Typed(), "pause")


@pages.post("/h/<home>/competency/<int:person_id>/pause", permit="competency.suspend", about=staff.colleague_of)
def pause(who, about, person_id):
    """Pause sign-offs; it bites on the person's next request."""
    ask(actions.suspend, who, about, person_id=person_id)
    return _take_away(who, about, actions.suspend, "pause")


@pages.get("/h/<home>/competency/<int:person_id>/end", permit="competency.end", about=staff.colleague_of)
def end_page(who, about, person_id):
    """The form to end some or all of somebody's sign-offs; it asks twice."""
    return _take_away_page(who, about, Typed(), "end")


@pages.post("/h/<home>/competency/<int:person_id>/end", permit="competency.end", about=staff.colleague_of)
def end(who, about, person_id):
    """End sign-offs; only a new sign-off brings them back."""
    ask(actions.end, who, about, person_id=person_id)
    return _take_away(who, about, actions.end, "end")


def _offered(who, about, what: str) -> list[tuple[str, str]]:
    """The sign-offs that can be paused or ended, as (key, words)."""
    standing = STANDING if what == "pause" else STANDING | {"suspended"}
    lines = file.lines_of(who.home_id, about.person_id, who.zone)
    return [(line.key, f"{line.label}, {line.chip.lower()}") for line in lines if line.state in standing]


def _take_away_page(who, about, form: Typed, what: str):
    offered = _offered(who, about, what)
    if request.method == "GET":
        asked = request.args.get("skill", "")
        # Pausing after a mistake is mostly about everything, ending about one thing.
        form.values["skill"] = [k for k, _ in offered if k == asked or (not asked and what == "pause")]
    return render_template(
        f"competency/{what}.html", name=about.name, base=_base(who, about.person_id), form=form, offered=offered
    )


def _take_away(who, about, act, what: str):
    form = Typed()
    try:
        keys = forms.read_keys(form, [key for key, _ in _offered(who, about, what)])
        if what == "end" and "yes" not in form.flags("sure", ("yes",)):
            form.fault("sure", "Tick the box to say that you mean it. Nothing was changed.")
        form.demand_none()
        (skill, resident_id), *also = keys
        several = dict(skill=skill, resident_id=resident_id, also=tuple(also))
        act(by=who, person_id=about.person_id, reason=form["reason"], **several)
    except Invalid as fault:
        form.errors = fault.errors
        return _take_away_page(who, about, form, what), 422
    return redirect(_base(who, about.person_id), 303)


from medpwa.competency import attestation_views  # noqa: E402, F401 it adds its pages to `pages`
