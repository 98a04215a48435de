"""Pages of sign-off: one person's file, and the three decisions."""

from __future__ import annotations

from flask import g, redirect, render_template, request

from medpwa import clock
from medpwa.competency import actions, after_error, file, forms, queries, rules, settings, states
from medpwa.competency.vocabulary import GIVING, OFTEN_ASKED, RESIDENT_SPECIFIC, SKILLS, STATES
from medpwa.errors import Invalid
from medpwa.pages import Pages, telling, told
from medpwa.staff import queries as staff
from medpwa.staff.forms import Typed, ask

pages = Pages("competency", __name__)


@pages.get("/h/<home>/competency/<int:person_id>", permit="competency.see", about=staff.colleague_of)
def person(who, about, person_id):
    """One person's file."""
    g.subject = f"person:{person_id}"
    page = file.file_page(who, about)
    return render_template("competency/file.html", page=page, done=_done(page))


_DONE: dict[str, str] = {"pause": "Paused from their next tap", "end": "Ended"}


def _done(page: file.FilePage) -> tuple[str, str] | None:
    """What was just paused or ended, as a title and the sign-offs; None after anything else."""
    labels, keys = {line.key: line.label for line in page.lines}, told("keys").split(",")
    title = _DONE.get(told("done"))
    return (title, ", ".join(labels[key] for key in keys if key in labels)) if title else None


def _base(who, person_id: int) -> str:
    return f"/h/{who.home_slug}/competency/{person_id}"


# ---------------------------------------------------------------- sign off

_STATE_HINTS = {
    "competent": "Gives alone until the end date.",
    "supervised_only": "Gives only with somebody signed off beside them.",
    "reassessment": "After a pause: one to three rounds are watched again; does not give alone meanwhile.",
    "assessing": "Being observed on rounds; does not give alone yet.",
    "shadowing": "Goes along on rounds.",
    "knowledge_passed": "Has passed the course.",
    "learning": "Has begun the course.",
    "development_needed": "Practises what was agreed; gives only when supervised.",
    "not_competent": "The rounds did not go well enough yet.",
    "not_started": "Down to learn it; nothing done yet.",
}


@pages.get("/h/<home>/competency/<int:person_id>/sign-off", permit="competency.grant", about=staff.colleague_of)
def sign_off_page(who, about, person_id):
    """The form to sign somebody off for one or several skills."""
    skill, _, resident = request.args.get("skill", "").partition(":")
    today = clock.local_day(clock.now(), who.zone).isoformat()
    offered = _steps_of(who, about, request.args.get("skill", ""))
    wanted = request.args.get("state", "competent")
    form = Typed(state=wanted if wanted in offered else offered[0], valid_from=today, resident=resident)
    form.values["skill"] = [skill] if skill in SKILLS else []
    form.values["seen"] = str(queries.newest(who.home_id, about.person_id))
    return _sign_off_page(who, about, form, offered)


def _steps_of(who, about, word: str) -> tuple[str, ...]:
    """The states a form offers: those one skill can come to from where it stands, else all."""
    key = queries.skill_of(word)
    if key is None:
        return states.SETTABLE
    grants = queries.grants_of(who.home_id, about.person_id)
    return states.may_become(rules.state_of(grants, *key, clock.now()).state) or states.SETTABLE


def _question(name: str, offered: tuple[str, ...]) -> str:
    return f"What has {name} shown they can do?" if "competent" in offered else f"What comes next for {name}?"


def _skills_offered(who, about, chosen: list[str]) -> dict[str, list[tuple[str, str]]]:
    """The skills one is likely to sign off, and the rest, which unfold: what is often asked for, what their role
    needs, what they have, and what is chosen."""
    held = {g.skill for g in queries.grants_of(who.home_id, about.person_id)}
    usual = {*OFTEN_ASKED, *settings.needed_by(who.home_id, about.roles), *held, *chosen}
    named = [(s, f"{w}, for one resident" if s in RESIDENT_SPECIFIC else w) for s, w in SKILLS.items()]
    return dict(skills=[x for x in named if x[0] in usual], more=[x for x in named if x[0] not in usual])


def _sign_off_page(who, about, form: Typed, offered: tuple[str, ...] = states.SETTABLE):
    return render_template(
        "competency/sign_off.html",
        name=about.name,
        base=_base(who, about.person_id),
        form=form,
        sentence=_question(about.name, offered),
        signing="competent" in offered,
        **_skills_offered(who, about, form["skill"] or []),
        residents=forms.residents_to_choose(who),
        states=[(s, STATES[s], _STATE_HINTS[s]) for s in _STATE_HINTS if s in offered],
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
    standing = states.STANDING if what == "pause" else states.ENDABLE
    lines = file.lines_of(who.home_id, about.person_id, who.zone)
    return [(line.key, f"{line.label}, {line.chip.lower()}") for line in lines if line.state in standing]


def _take_away_page(who, about, form: Typed, what: str):
    offered = _offered(who, about, what)
    if request.method == "GET":
        asked = request.args.get("skill", "")
        # Pausing after a mistake is mostly about everything they give, ending about one thing.
        everything = not asked and what == "pause"
        giving = [k for k, _ in offered if queries.skill_of(k)[0] in GIVING] if everything else []
        form.values["skill"] = [asked] if asked in dict(offered) else giving
        form.values["seen"] = str(queries.newest(who.home_id, about.person_id))
    return render_template(
        f"competency/{what}.html",
        name=about.name,
        base=_base(who, about.person_id),
        form=form,
        offered=offered,
        advice=after_error.advice(who, about) if what == "pause" else None,
    )


def _take_away(who, about, act, what: str):
    form = Typed()
    try:
        # Whatever they have: what another manager took away meanwhile is for the action to say, in words.
        known = [line.key for line in file.lines_of(who.home_id, about.person_id, who.zone)]
        keys = forms.read_keys(form, known)
        if what == "end" and "yes" not in form.flags("sure", ("yes",)):
            form.fault("sure", "Tick the box to say that you mean it. Nothing was changed.")
        form.demand_none()
        (skill, resident_id), *also = keys
        several = dict(skill=skill, resident_id=resident_id, also=tuple(also))
        act(by=who, person_id=about.person_id, reason=form["reason"], seen=forms.read_seen(form), **several)
    except Invalid as fault:
        form.errors = fault.errors
        return _take_away_page(who, about, form, what), 422
    return redirect(telling(_base(who, about.person_id), done=what, keys=",".join(form["skill"])), 303)


from medpwa.competency import attestation_views, setting_views, watch  # noqa: E402, F401 pages and a job register
