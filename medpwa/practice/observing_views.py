"""Pages at the side of a real round: one tap an item, the doses beside it, its end, and both names."""

from __future__ import annotations

import uuid

from flask import g, redirect, render_template, request

from medpwa import clock
from medpwa.action import refuse
from medpwa.errors import BadRequest, Invalid, Refused
from medpwa.mar.witness_views import prove as prove_another
from medpwa.pages import is_fragment, once, telling, told
from medpwa.permits import Actor, may
from medpwa.practice import assessing_rules as rules
from medpwa.practice import assessing_views, assessment_pages, assessments, doses_seen, drafts
from medpwa.practice import observing_actions as actions
from medpwa.practice.assessing_vocabulary import LONGEST_WORDS, MARKS, MEANINGS
from medpwa.practice.assessments import Observed
from medpwa.practice.views import pages
from medpwa.staff import phone, pins, stepup
from medpwa.staff.forms import Typed

ENDED = "This round has ended, so nothing was added. What was marked before stands."


def _url(who, number: int) -> str:
    return f"/h/{who.home_slug}/observations/{number}"


# ---------------------------------------------------------------- beginning


@pages.post(
    "/h/<home>/assessments/<int:assessment_number>/observe", permit="assess.observe", about=assessments.assessment_of
)
def observe(who, about, assessment_number):
    """Begin to watch a round."""
    form = Typed()
    try:
        round_name = form.text("round", "Choose which round you watch. Nothing was begun.", 80)
        made_by = form.values["observation_id"] = once("observation_id")[:60] or str(uuid.uuid4())
        form.demand_none()
        made = actions.observe(
            by=who, assessment_number=assessment_number, observation_id=made_by, round_name=round_name
        )
    except Invalid as fault:
        form.errors, status = fault.errors, 422
    except Refused as no:
        if no.status == 403:
            raise
        form.errors, status = [(None, no.words)], no.status
    else:
        return redirect(_url(who, made.id), 303)
    return assessing_views.assessment_page(who, assessments.assessment_of(who, assessment_number), form, status)


# ---------------------------------------------------------------- the round


@pages.get("/h/<home>/observations/<int:observation_number>", permit="assess.see", about=assessments.observation_of)
def observation(who, about, observation_number):
    """A round being watched, for its assessor; for everybody else, and afterwards, what was seen."""
    if about.fact.open and about.row.assessor_id == who.person_id and may("assess.observe", who):
        return _watching(who, about)
    return _result(who, about, Typed())


def _watching(who, about, errors=(), status: int = 200, why: str = ""):
    g.subject = f"person:{about.person_id}"
    draft, template, errors = drafts.draft_of(about.id), about.whole.template, list(errors)
    opened = {field.replace("item-", "comment-").split("-")[1] for field, _ in errors if field and "-" in field}
    opened |= {request.args.get("open", "") or assessment_pages.first_to_mark(template, draft.marks)}
    return render_template(
        "practice/observation.html",
        name=about.whole.name,
        round_name=about.row.round_name,
        since=clock.time_words(about.row.begun_at, who.zone),
        domains=assessment_pages.domains(template, draft.marks, draft.comments, opened),
        marks=[(code, word) for code, (word, _) in MARKS.items()],
        doses=_doses(who, about),
        url=_url(who, about.id),
        back=f"/h/{who.home_slug}/assessments/{about.whole.id}",
        errors=errors,
        why=why,
        longest=LONGEST_WORDS,
    ), status


def _doses(who, about) -> dict:
    """The doses recorded since the round began, for the page and for its fragment."""
    ids = doses_seen.ids_of(who, about.person_id, about.row)
    return {
        "count": doses_seen.counted(ids),
        "lines": doses_seen.told(who.home_id, who.zone, ids),
        "at_words": clock.time_words(clock.now(), who.zone),
        "url": f"{_url(who, about.id)}/doses",
        "name": about.whole.name,
    }


@pages.get(
    "/h/<home>/observations/<int:observation_number>/doses",
    permit="assess.see",
    about=assessments.observation_of,
    poll=True,
)
def observed_doses(who, about, observation_number):
    """The doses so far, for the page to refresh itself."""
    return render_template("practice/_doses.html", doses=_doses(who, about))


@pages.post(
    "/h/<home>/observations/<int:observation_number>/mark",
    permit="assess.observe",
    about=assessments.observation_of,
    writes=False,
)
def mark_item(who, about, observation_number):
    """Keep one mark at once. Nothing is a record until the round ends."""
    actions.demand_own(who, about)
    key, _, value = once("mark")[:40].partition("=")
    item = about.whole.template.item(key)
    if item is None or value not in MARKS:
        raise BadRequest("This mark is not on the page. Nothing was kept. Open the round again.")
    if not drafts.mark(about.id, key, value):
        raise Refused("round_ended", ENDED)
    return _kept(who, about, key.partition(".")[0])


@pages.post(
    "/h/<home>/observations/<int:observation_number>/comment",
    permit="assess.observe",
    about=assessments.observation_of,
    writes=False,
)
def comment_domain(who, about, observation_number):
    """Keep what is written about one part."""
    actions.demand_own(who, about)
    domain, words = once("domain")[:10], once("words")
    if domain not in {d.key for d in about.whole.template.domains}:
        raise BadRequest("This part is not on the page. Nothing was kept. Open the round again.")
    if len(words) > LONGEST_WORDS:
        wrong = (f"comment-{domain}", f"Use at most {LONGEST_WORDS} characters. This comment was not kept.")
        return _watching(who, about, [wrong], 422)
    if not drafts.comment(about.id, domain, words):
        raise Refused("round_ended", ENDED)
    return _kept(who, about, domain)


def _kept(who, about, domain: str):
    """The part as it is kept now: a piece for the page, or the page again, open at the same place."""
    if not is_fragment():
        return redirect(f"{_url(who, about.id)}?open={domain}#domain-{domain}", 303)
    draft = drafts.draft_of(about.id)
    part = about.whole.template.domains[int(domain) - 1]
    return render_template(
        "practice/_domain_kept.html",
        d=assessment_pages.domain_line(part, draft.marks, draft.comments, True),
        marks=[(code, word) for code, (word, _) in MARKS.items()],
        kept_at=clock.time_words(draft.touched_at, who.zone),
        url=_url(who, about.id),
    )


# ---------------------------------------------------------------- its end


@pages.post(
    "/h/<home>/observations/<int:observation_number>/finish", permit="assess.observe", about=assessments.observation_of
)
def finish(who, about, observation_number):
    """End a round that was watched to its end."""
    try:
        actions.finish(by=who, observation_number=observation_number)
    except Invalid as fault:
        return _watching(who, about, fault.errors, 422)
    return redirect(_url(who, observation_number), 303)


@pages.post(
    "/h/<home>/observations/<int:observation_number>/abandon", permit="assess.observe", about=assessments.observation_of
)
def abandon(who, about, observation_number):
    """End a round before its end, with the reason."""
    why = once("why")
    try:
        actions.abandon(by=who, observation_number=observation_number, words=why)
    except Invalid as fault:
        return _watching(who, about, fault.errors, 422, why[: LONGEST_WORDS * 2])
    return redirect(telling(f"/h/{who.home_slug}/assessments/{about.whole.id}", said="ended"), 303)


# ---------------------------------------------------------------- the result, and both names


def _result(who, about, form: Typed, status: int = 200):
    g.subject = f"person:{about.person_id}"
    return render_template("practice/observed.html", **result_values(who, about, form)), status


def result_values(who: Actor, about: Observed, form: Typed) -> dict:
    """What the page of a round that has ended shows, for the assessor and for the one who was watched."""
    done, own = about.fact.result, about.row.assessor_id == who.person_id
    marks, comments = (done.marks, done.comments) if done else ({}, {})
    signs = about.fact.signs
    waits = done is not None and not done.abandoned
    tone, chip, reading = assessment_pages.round_state(about.whole, about.fact)
    return {
        "name": about.whole.name,
        "round_name": about.row.round_name,
        "when": clock.moment_words(about.row.begun_at, who.zone),
        "open": done is None,
        "tone": tone,
        "state_words": chip,
        "reading": reading,
        "domains": assessment_pages.domains(about.whole.template, marks, comments),
        "failed": rules.failed_critical(about.whole.template, marks),
        "doses": doses_seen.told(who.home_id, who.zone, done.doses if done else []),
        "count": doses_seen.counted(done.doses if done else []),
        "signatures": assessment_pages.signatures(who, about),
        "meanings": MEANINGS,
        "sign_own": waits and own and "observed" not in signs,
        "sign_here": waits and own and "was_observed" not in signs,
        "url": _url(who, about.id),
        "back": f"/h/{who.home_slug}/assessments/{about.whole.id}",
        "form": form,
        "prove": stepup.asks(),
        "asks_password": pins.asks_password(phone.phone_here(), about.person_id),
        "longest": LONGEST_WORDS,
        "told": told("signed"),
    }


@pages.post(
    "/h/<home>/observations/<int:observation_number>/sign", permit="assess.sign", about=assessments.observation_of
)
def sign_observed(who, about, observation_number):
    """The assessor's name, with a fresh proof."""
    if about.row.assessor_id != who.person_id:
        refuse("assess.sign", by=who)

    def sign(form: Typed) -> None:
        proven = stepup.prove()
        actions.sign(by=who, observation_number=observation_number, meaning="observed", proven_at=proven)

    return _signing(who, observation_number, sign)


@pages.post(
    "/h/<home>/observations/<int:observation_number>/sign-here", permit="assess.sign", about=assessments.observation_of
)
def sign_here(who, about, observation_number):
    """The name of the one who was watched, on the assessor's phone: their own PIN or password, and nobody else's."""
    if about.row.assessor_id != who.person_id:
        refuse("assess.sign", by=who)

    def sign(form: Typed) -> None:
        words = form.text("words", longest=LONGEST_WORDS)
        form.demand_none()
        if "was_observed" not in about.fact.signs:
            prove_another(who, about.person_id)
        actions.sign(
            by=who, observation_number=observation_number, meaning="was_observed", proven_at=clock.now(), words=words,
            signer=about.person_id,
        )  # fmt: skip

    return _signing(who, observation_number, sign, "here-")


def _signing(who, observation_number: int, sign, prefix: str = ""):
    form = Typed()
    try:
        sign(form)
    except Invalid as fault:
        form.errors, status = [(f"{prefix}{name}" if name else None, words) for name, words in fault.errors], 422
    except Refused as no:
        if no.status == 403:
            raise
        form.errors, status = [(None, no.words)], no.status
    else:
        return redirect(telling(_url(who, observation_number), signed=1), 303)
    return _result(who, assessments.observation_of(who, observation_number), form, status)
