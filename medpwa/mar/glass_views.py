"""Pages of exceptions for one round (break-glass): what was allowed, allowing one, answering one."""

from __future__ import annotations

from flask import g, redirect, render_template

from medpwa import clock
from medpwa.competency import glass_queries
from medpwa.errors import Invalid, Refused
from medpwa.mar import glass, glass_actions
from medpwa.mar.outcome_forms import number
from medpwa.mar.views import pages
from medpwa.pages import once, telling, told
from medpwa.staff import stepup

LONGEST_TYPED = 2_000
ABOUT_THEM = frozenset(
    {"own_glass", "glass_gone", "glass_paused", "glass_decided", "glass_opens_nothing", "glass_broken"}
)


@pages.get("/h/<home>/break-glass", permit="glass.see")
def glass_list(who):
    """Every exception of the last quarter, newest first."""
    return render_template("mar/glass.html", lines=glass.lines(who), base=f"/h/{who.home_slug}/break-glass")


@pages.get("/h/<home>/break-glass/allow", permit="glass.break")
def glass_form(who):
    """The form that allows somebody one round."""
    return _form(who, {})


def _form(who, typed: dict[str, str], problems=(), status: int = 200):
    return render_template(
        "mar/glass_allow.html",
        page=glass.form_for(who),
        base=f"/h/{who.home_slug}/break-glass",
        typed=typed,
        errors=list(problems),
        prove=stepup.asks(),
    ), status


@pages.post("/h/<home>/break-glass/allow", permit="glass.break")
def glass_allow(who):
    """Allow it; the person's next request is let through."""
    typed = {name: once(name)[:LONGEST_TYPED] for name in ("person", "round", "reason")}
    try:
        problems = _missing(typed)
        if problems:
            raise Invalid(problems)
        name, starts_at = glass.round_of(typed["round"])
        row = glass_actions.break_glass(
            by=who,
            person_id=number(typed["person"]),
            round_name=name,
            starts_at=starts_at,
            reason=typed["reason"],
            proven_at=stepup.prove(),
        )
    except Invalid as wrong:
        return _form(who, typed, wrong.errors, 422)
    except Refused as no:
        if no.status == 403:
            raise
        return _form(who, typed, [("person" if no.code in ABOUT_THEM else _proof_field(), no.words)], no.status)
    return redirect(telling(f"/h/{who.home_slug}/break-glass/{row.id}", allowed=1), 303)


def _proof_field() -> str:
    return stepup.asks() or "reason"


def _missing(typed: dict[str, str]) -> list[tuple[str, str]]:
    found = []
    if not typed["person"]:
        found.append(("person", "Choose who may give. What you wrote is kept."))
    if glass.round_of(typed["round"]) is None:
        found.append(("round", "Choose the round. What you wrote is kept."))
    return found


@pages.get("/h/<home>/break-glass/<int:glass_id>", permit="glass.see", about=glass_queries.glass_of)
def glass_page(who, about, glass_id):
    """One exception: who, which round, why, what was given under it, what was done."""
    return _page(who, glass_id)


def _page(who, glass_id: int, problems=(), status: int = 200):
    fact = glass_queries.glass_by_id(who.home_id, glass_id)
    g.subject = f"person:{fact.person_id}"
    doses, base = glass.doses(who, fact), f"/h/{who.home_slug}/break-glass"
    line = glass.line_of(who, fact, clock.now(), len(doses))
    shown = dict(line=line, base=base, doses=doses, errors=list(problems), words=once("words")[:LONGEST_TYPED])
    said = dict(allowed=told("allowed"), answered=told("answered"))
    return render_template("mar/glass_one.html", **shown, **said), status


@pages.post("/h/<home>/break-glass/<int:glass_id>/answer", permit="glass.answer", about=glass_queries.glass_of)
def glass_answer(who, about, glass_id):
    """Say what was done about it."""
    try:
        glass_actions.answer_glass(by=who, glass_id=glass_id, words=once("words"))
    except Invalid as wrong:
        return _page(who, glass_id, wrong.errors, 422)
    except Refused as no:
        if no.status == 403:
            raise
        return _page(who, glass_id, [("words", no.words)], no.status)
    return redirect(telling(f"/h/{who.home_slug}/break-glass/{glass_id}", answered=1), 303)
