"""Pages of one assessment: its beginning, the parts beside the observed rounds, and how it ends."""

from __future__ import annotations

import uuid

from flask import g, redirect, render_template, request

from medpwa import clock
from medpwa.competency.vocabulary import SKILLS
from medpwa.errors import Invalid, NotFound, Refused
from medpwa.pages import once, telling, told
from medpwa.permits import Actor
from medpwa.practice import assessing_actions as actions
from medpwa.practice import assessing_rules as rules
from medpwa.practice import assessment_pages, assessments, bookings, doses_seen
from medpwa.practice.assessing_vocabulary import CONCLUDING, KINDS, LONGEST_WORDS, OUTCOMES, PARTS
from medpwa.practice.assessments import Assessed
from medpwa.practice.views import pages
from medpwa.staff import queries as staff
from medpwa.staff import stepup
from medpwa.staff import typed as typed_in
from medpwa.staff.forms import Typed, ask

SAID = {
    "begun": "The assessment has begun.",
    "kept": "Kept.",
    "ended": "The round was ended early. It counts as none.",
    "decided": "Decided. It counts from their next tap.",
}
ANSWERED = ("knowledge", "scenario")


# ---------------------------------------------------------------- beginning


@pages.get("/h/<home>/assessments/begin/<int:person_id>", permit="assess.begin", about=staff.colleague_of)
def begin_page(who, about, person_id):
    """The form to begin an assessment of somebody, filled from the booking it comes from."""
    form = Typed(assessment_id=str(uuid.uuid4()), kind="", booking="")
    form.values["skill"] = [skill for skill in request.args.getlist("skill") if skill in SKILLS]
    number = typed_in.number(request.args.get("booking", ""))
    booked = next((b for b in bookings.of_person(who.home_id, person_id) if b.id == number), None)
    if booked is not None:
        form.values |= {"booking": str(booked.id), "kind": booked.row.kind, "skill": [booked.row.skill]}
    return _begin_page(who, about, form)


def _begin_page(who, about, form: Typed, status: int = 200):
    g.subject = f"person:{about.person_id}"
    return render_template(
        "practice/begin.html",
        name=about.name,
        url=f"/h/{who.home_slug}/assessments/begin/{about.person_id}",
        back=f"/h/{who.home_slug}/assessments",
        form=form,
        skills=[(s, SKILLS[s]) for s in assessments.assessable()],
        kinds=[(kind, *words) for kind, words in KINDS.items()],
    ), status


@pages.post("/h/<home>/assessments/begin/<int:person_id>", permit="assess.begin", about=staff.colleague_of)
def begin_assessment(who, about, person_id):
    """Begin it."""
    ask(actions.start, who, about, person_id=person_id)
    form = Typed()
    try:
        kind = form.choice("kind", KINDS, "Choose what kind of assessment it is. Nothing was changed.")
        skills = form.flags("skill", assessments.assessable())
        if not skills:
            form.fault("skill", "Tick at least one skill. Nothing was changed.")
        made_by = form.values["assessment_id"] = once("assessment_id")[:60] or str(uuid.uuid4())
        booked = form.values["booking"] = once("booking")[:20]
        form.demand_none()
        made = actions.start(
            by=who, person_id=person_id, assessment_id=made_by, kind=kind, skills=skills,
            booking_number=typed_in.number(booked),
        )  # fmt: skip
    except Invalid as fault:
        form.errors = fault.errors
        return _begin_page(who, about, form, 422)
    except Refused as no:
        if no.status == 403:
            raise
        form.errors = [(None, no.words)]
        return _begin_page(who, about, form, no.status)
    return redirect(telling(_url(who, made.id), said="begun"), 303)


def _url(who, number: int) -> str:
    return f"/h/{who.home_slug}/assessments/{number}"


# ---------------------------------------------------------------- one


@pages.get("/h/<home>/assessments/<int:assessment_number>", permit="assess.see", about=assessments.assessment_of)
def assessment(who, about, assessment_number):
    """One assessment: what is done, what is missing, and the way on."""
    return assessment_page(who, about, Typed(observation_id=str(uuid.uuid4())), said=SAID.get(told("said")))


def assessment_page(
    who: Actor, about: Assessed, form: Typed, status: int = 200, said: str | None = None
) -> tuple[str, int]:
    """One assessment with what was typed into its form."""
    g.subject = f"person:{about.person_id}"
    page = assessment_pages.assessment(who, about)
    return render_template("practice/assessment.html", page=page, form=form, said=said), status


# ---------------------------------------------------------------- parts


@pages.get(
    "/h/<home>/assessments/<int:assessment_number>/<part>",
    permit="assess.observe",
    about=assessments.assessment_of,
)
def answers_page(who, about, assessment_number, part):
    """The questions, one by one, to be marked as they are answered."""
    _demand_part(part)
    return _answers_page(who, about, part, Typed(part_id=str(uuid.uuid4())))


def _demand_part(part: str) -> None:
    if part not in ANSWERED:
        raise NotFound()


def _answers_page(who, about, part: str, form: Typed, status: int = 200):
    g.subject = f"person:{about.person_id}"
    asked = about.template.knowledge if part == "knowledge" else about.template.scenarios
    mark = about.template.pass_mark if part == "knowledge" else 100
    return render_template(
        "practice/answers.html",
        name=about.name,
        title=PARTS[part],
        mark=mark,
        questions=list(enumerate(asked, start=1)),
        url=f"{_url(who, about.id)}/{part}",
        back=_url(who, about.id),
        form=form,
        longest=LONGEST_WORDS,
    ), status


@pages.post(
    "/h/<home>/assessments/<int:assessment_number>/<part>",
    permit="assess.observe",
    about=assessments.assessment_of,
)
def add_answers(who, about, assessment_number, part):
    """Keep how the questions went."""
    _demand_part(part)
    form = Typed()
    try:
        asked = about.template.knowledge if part == "knowledge" else about.template.scenarios
        said = [
            form.choice(f"answer-{n}", ("yes", "no"), "Say how this was answered. Nothing was kept yet.")
            for n in range(1, len(asked) + 1)
        ]
        words, part_id = _words_and_id(form)
        form.demand_none()
        actions.add_answers(
            by=who, assessment_number=assessment_number, part_id=part_id, part=part, words=words,
            answers=[answer == "yes" for answer in said],
        )  # fmt: skip
    except Invalid as fault:
        form.errors = fault.errors
        return _answers_page(who, about, part, form, 422)
    except Refused as no:
        if no.status == 403:
            raise
        form.errors = [(None, no.words)]
        return _answers_page(who, about, part, form, no.status)
    return redirect(telling(_url(who, assessment_number), said="kept"), 303)


def _words_and_id(form: Typed) -> tuple[str, str]:
    words = form.text("words", longest=LONGEST_WORDS)
    part_id = form.values["part_id"] = once("part_id")[:60] or str(uuid.uuid4())
    return words, part_id


@pages.get(
    "/h/<home>/assessments/<int:assessment_number>/shadow", permit="assess.observe", about=assessments.assessment_of
)
def shadow_page(who, about, assessment_number):
    """The form to record a shadowed round."""
    today = clock.local_day(clock.now(), who.zone).isoformat()
    return _shadow_page(who, about, Typed(part_id=str(uuid.uuid4()), on_day=today, round=bookings.round_running(who)))


def _shadow_page(who, about, form: Typed, status: int = 200):
    g.subject = f"person:{about.person_id}"
    rounds = [(name, name) for name in bookings.round_names(who.home_id)]
    back = _url(who, about.id)
    page = render_template(
        "practice/shadow.html", name=about.name, url=f"{back}/shadow", back=back, form=form, rounds=rounds,
        longest=LONGEST_WORDS,
    )  # fmt: skip
    return page, status


@pages.post(
    "/h/<home>/assessments/<int:assessment_number>/shadow", permit="assess.observe", about=assessments.assessment_of
)
def add_shadow(who, about, assessment_number):
    """Keep a shadowed round."""
    form = Typed()
    try:
        on_day = form.day("on_day", "Choose the day. Nothing was kept yet.")
        rounds = bookings.round_names(who.home_id)
        round_name = form.choice("round", rounds, "Choose which round it was. Nothing was kept yet.")
        words, part_id = _words_and_id(form)
        form.demand_none()
        said = dict(on_day=on_day, round_name=round_name, words=words)
        actions.add_shadow(by=who, assessment_number=assessment_number, part_id=part_id, **said)
    except Invalid as fault:
        form.errors = fault.errors
        return _shadow_page(who, about, form, 422)
    except Refused as no:
        if no.status == 403:
            raise
        form.errors = [(None, no.words)]
        return _shadow_page(who, about, form, no.status)
    return redirect(telling(_url(who, assessment_number), said="kept"), 303)


# ---------------------------------------------------------------- how it ends


@pages.get(
    "/h/<home>/assessments/<int:assessment_number>/conclude", permit="assess.conclude", about=assessments.assessment_of
)
def conclude_page(who, about, assessment_number):
    """The form to end an assessment by a judgement."""
    if about.person_id == who.person_id:
        raise NotFound()
    return _conclude_page(who, about, Typed())


def _conclude_page(who, about, form: Typed, status: int = 200):
    g.subject = f"person:{about.person_id}"
    return render_template(
        "practice/conclude.html",
        page=assessment_pages.assessment(who, about),
        name=about.name,
        skills=about.in_a_sentence,
        missing=rules.missing(about.template, about.needs, about.seen()),
        not_shown=rules.not_shown_words(skills) if (skills := doses_seen.not_shown(about)) else "",
        outcomes=[(code, *words) for code, words in OUTCOMES.items()],
        url=f"{_url(who, about.id)}/conclude",
        back=_url(who, about.id),
        meaning=CONCLUDING,
        form=form,
        prove=stepup.asks(),
        longest=LONGEST_WORDS,
    ), status


@pages.post(
    "/h/<home>/assessments/<int:assessment_number>/conclude", permit="assess.conclude", about=assessments.assessment_of
)
def conclude(who, about, assessment_number):
    """End it, with a fresh proof of who decides."""
    form = Typed()
    try:
        outcome = form.choice("outcome", OUTCOMES, "Choose how it ends. Nothing was decided.")
        words = form.text("words", longest=LONGEST_WORDS)
        form.demand_none()
        proven = stepup.prove()
        actions.conclude(
            by=who, assessment_number=assessment_number, outcome=outcome, words=words, proven_at=proven
        )
    except Invalid as fault:
        form.errors = fault.errors
        return _conclude_page(who, assessments.assessment_of(who, assessment_number), form, 422)
    except Refused as no:
        if no.status == 403:
            raise
        form.errors = [(None, no.words)]
        return _conclude_page(who, assessments.assessment_of(who, assessment_number), form, no.status)
    return redirect(telling(_url(who, assessment_number), said="decided"), 303)
