"""A person's own page: ask to be assessed, what is booked, what waits for their name, what was said about them."""

from __future__ import annotations

import uuid

from flask import redirect, render_template

from medpwa import clock
from medpwa.competency.vocabulary import SKILLS
from medpwa.errors import Invalid, Refused
from medpwa.pages import once, telling, told
from medpwa.permits import CARE_ROLES
from medpwa.practice import assessing_actions, assessment_pages, assessments, booking_actions, bookings
from medpwa.practice import observing_actions as actions
from medpwa.practice.assessing_vocabulary import KIND_WORDS, LONGEST_WORDS
from medpwa.practice.observing_views import result_values
from medpwa.practice.views import pages
from medpwa.staff import stepup
from medpwa.staff.forms import Typed, ask

SAID = {"asked": "Asked. Whoever arranges assessments sees it now.", "kept": "Kept.", "signed": "Signed."}


def _base(who) -> str:
    return f"/h/{who.home_slug}/my-assessments"


@pages.get("/h/<home>/my-assessments", permit="assess.sign")
def my_assessments(who):
    """What is arranged and said about oneself, what waits for one's name, and the way to ask."""
    return _page(who, Typed(request_id=str(uuid.uuid4()), part_id=str(uuid.uuid4())), said=SAID.get(told("said")))


def _page(who, form: Typed, status: int = 200, said: str | None = None):
    mine = assessments.of_person(who.home_id, who.person_id)
    today = clock.local_day(clock.now(), who.zone)
    return render_template(
        "practice/mine.html",
        going=[_own(who, a) for a in mine if a.outcome is None],
        ended=[(KIND_WORDS[a.kind], a.skills_words, assessment_pages.outcome_line(who, a)) for a in mine if a.outcome],
        to_sign=_to_sign(who, mine),
        booked=[
            (b.what, bookings.booking_words(b, who.zone), b.missed(today))
            for b in bookings.of_person(who.home_id, who.person_id)
        ],
        asked=[
            f"{SKILLS.get(r.skill, r.skill)}, asked {clock.moment_words(r.at, who.zone)}"
            for r in bookings.waiting_of(who.home_id, who.person_id)
        ],
        skills=_to_ask(who),
        base=_base(who),
        form=form,
        said=said,
        longest=LONGEST_WORDS,
        longest_note=booking_actions.LONGEST_NOTE,
    ), status


def _own(who, a) -> dict:
    page = assessment_pages.assessment(who, a)
    return {
        "title": f"{KIND_WORDS[a.kind]}, {a.in_a_sentence}",
        "segments": page.segments,
        "progress": page.progress,
        "rounds": page.rounds,
        "parts": page.parts,
        "own_words": page.own_words,
        "url": f"{_base(who)}/{a.id}/words",
        "id": a.id,
    }


def _to_sign(who, mine) -> list[tuple[str, str]]:
    return [
        (f"{r.name} round, {clock.moment_words(r.begun_at, who.zone)}", f"{_base(who)}/rounds/{r.observation_id}")
        for a in mine
        for r in a.rounds
        if r.result is not None and not r.result.abandoned and "was_observed" not in r.signs
    ]


def _to_ask(who) -> list[tuple[str, str]]:
    """The skills one may ask for: not those that wait for an answer, are paused, or stand for longer than 60 days."""
    if not who.roles & CARE_ROLES:
        return []
    waits = {r.skill for r in bookings.waiting_of(who.home_id, who.person_id)}
    return [(skill, SKILLS[skill]) for skill in bookings.to_ask_for(who.home_id, who.person_id) if skill not in waits]


@pages.post("/h/<home>/my-assessments/ask", permit="assess.ask")
def ask_assessment(who):
    """Ask to be assessed."""
    ask(booking_actions.ask, who)
    form = Typed(part_id=str(uuid.uuid4()))
    try:
        skill = form.choice("skill", assessments.assessable(), "Choose the skill. Nothing was sent.")
        words = form.text("words", longest=booking_actions.LONGEST_NOTE)
        request_id = form.values["request_id"] = once("request_id")[:60] or str(uuid.uuid4())
        form.demand_none()
        booking_actions.ask(by=who, request_id=request_id, skill=skill, words=words)
    except Invalid as fault:
        form.errors = fault.errors
        return _page(who, form, 422)
    return redirect(telling(_base(who), said="asked"), 303)


@pages.post(
    "/h/<home>/my-assessments/<int:own_assessment>/words", permit="assess.sign", about=assessments.own_assessment_of
)
def add_own_words(who, about, own_assessment):
    """What one says about one's own assessment."""
    form = Typed(request_id=str(uuid.uuid4()))
    try:
        words = form.values["own"] = once("own")
        part_id = form.values["part_id"] = once("part_id")[:60] or str(uuid.uuid4())
        assessing_actions.reflect(by=who, own_assessment=own_assessment, part_id=part_id, words=words)
    except Invalid as fault:
        form.errors = [(f"own-{own_assessment}", words) for _, words in fault.errors]
        return _page(who, form, 422)
    except Refused as no:
        form.errors = [(None, no.words)]
        return _page(who, form, no.status)
    return redirect(telling(_base(who), said="kept"), 303)


# ---------------------------------------------------------------- one's own round


@pages.get(
    "/h/<home>/my-assessments/rounds/<int:own_observation>", permit="assess.sign", about=assessments.own_observation_of
)
def my_round(who, about, own_observation):
    """What was marked and written about a round of one's own, to be read before signing."""
    return _round(who, about, Typed())


def _round(who, about, form: Typed, status: int = 200):
    values = result_values(who, about, form)
    done = about.fact.result
    values |= {"back": _base(who), "url": f"{_base(who)}/rounds/{about.id}", "sign_own": False, "sign_here": False}
    values["sign_mine"] = done is not None and not done.abandoned and "was_observed" not in about.fact.signs
    return render_template("practice/observed.html", mine=True, **values), status


@pages.post(
    "/h/<home>/my-assessments/rounds/<int:own_observation>", permit="assess.sign", about=assessments.own_observation_of
)
def sign_mine(who, about, own_observation):
    """One's own name under a round, with one's own words."""
    form = Typed()
    try:
        words = form.text("words", longest=LONGEST_WORDS)
        form.demand_none()
        proven = stepup.prove()
        said = dict(meaning="was_observed", proven_at=proven, words=words)
        actions.sign(by=who, observation_number=own_observation, **said)
    except Invalid as fault:
        form.errors, status = fault.errors, 422
    except Refused as no:
        if no.status == 403:
            raise
        form.errors, status = [(None, no.words)], no.status
    else:
        return redirect(telling(_base(who), said="signed"), 303)
    return _round(who, assessments.own_observation_of(who, own_observation), form, status)
