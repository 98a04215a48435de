"""The verbs at the side of a real round: begin to watch, end it, both put their names to it."""

from __future__ import annotations

import datetime as dt

from medpwa import clock
from medpwa.action import Done, action
from medpwa.errors import Invalid, NotFound, NotPermitted
from medpwa.permits import Actor
from medpwa.practice import assessing_deeds as deeds
from medpwa.practice import assessing_rules as rules
from medpwa.practice import assessments, booking_deeds, bookings, doses_seen
from medpwa.practice.assessing_vocabulary import LONGEST_WORDS, MEANINGS
from medpwa.practice.assessments import Assessed, Observed
from medpwa.staff import lock_rules
from medpwa.staff import queries as staff

OPEN = rules.Reason("not_ended", "This round is still being watched. End it first. Nothing was signed.")
EARLY = rules.Reason("abandoned", "This round ended early and counts as none; nobody signs it.")
KEPT = "What you marked and wrote is kept; once you are in date again you can sign it."


@action("assess.observe", about=assessments.assessment_of)
def observe(*, by: Actor, about: Assessed, assessment_number: int, observation_id: str, round_name: str) -> Done:
    """Begin to watch a round: what the person records from now on belongs to it. The same form again is the same."""
    stored = assessments.observation_with_form(observation_id)
    if stored is not None:
        if (stored.assessment_id, stored.by) != (about.id, by.person_id):
            raise NotFound()
        return Done(stored, replay=True)
    assessments.demand(_why_not_begin(by, about), about.person_id)
    if round_name not in bookings.rounds_running(by):
        words = "Choose a round that runs now: it is watched while it happens. Nothing was begun."
        raise Invalid([("round", words)])
    row, said = deeds.observe(by, about, observation_id, round_name)
    today = clock.local_day(clock.now(), by.zone)
    held = [
        booking_deeds.end(by, booking, "held", "")[1]
        for booking in bookings.open_on(by.home_id, about.person_id, today)
        if booking.skill in {skill for skill, _ in about.keys}
    ]
    return Done(row, [said, *held, *deeds.progress(by, about.row)])


def _why_not_begin(by: Actor, about: Assessed) -> rules.Reason | None:
    if about.outcome is not None:
        return rules.Reason("decided", "This assessment has ended. Nothing was begun.")
    if about.watching is not None:
        who = staff.names({about.watching.assessor_id}).get(about.watching.assessor_id, "somebody")
        since = clock.time_words(about.watching.begun_at, by.zone)
        return rules.Reason("watching", f"{who} watches a round of theirs since {since}. Nothing was begun.")
    no = assessments.why_not_assessor(by.home_id, by.person_id, about.person_id, about.keys)
    return no or rules.why_not_observe(about.needs, about.seen())


@action("assess.observe", about=assessments.observation_of)
def finish(*, by: Actor, about: Observed, observation_number: int) -> Done:
    """End a round that was watched to its end: the marks, the words and the doses are frozen as they stand. It is kept
    also where the assessor has lapsed meanwhile: what was seen was seen."""
    if about.fact.result is not None:
        return Done(about.fact.result, replay=True)
    demand_own(by, about)
    template, draft = about.whole.template, deeds.frozen_draft(about.id)
    wrong = rules.finishing_problems(template, draft.marks, draft.comments)
    if wrong:
        raise Invalid(wrong)
    doses = doses_seen.ids_of(by, about.person_id, about.row)
    passed = rules.round_passes(template, draft.marks, len(doses)) is None
    row, said = deeds.finish(by, about, marks=draft.marks, comments=draft.comments, doses=doses, passed=passed)
    return Done(row, [said, *deeds.progress(by, about.whole.row)])


@action("assess.observe", about=assessments.observation_of)
def abandon(*, by: Actor, about: Observed, observation_number: int, words: str) -> Done:
    """End a round before its end, with the reason: it counts as none. What was marked stays to be read, and something
    critical that was not met stays not met."""
    if about.fact.result is not None:
        return Done(about.fact.result, replay=True)
    demand_own(by, about)
    if not words.strip():
        raise Invalid([("why", "Say why the round ended early. Nothing was ended.")])
    if len(words) > LONGEST_WORDS:
        raise Invalid([("why", f"Use at most {LONGEST_WORDS} characters. Nothing was ended.")])
    draft = deeds.frozen_draft(about.id)
    doses = doses_seen.ids_of(by, about.person_id, about.row)
    row, said = deeds.finish(
        by, about, marks=draft.marks, comments=draft.comments, doses=doses, passed=False, abandoned=words
    )
    return Done(row, [said, *deeds.progress(by, about.whole.row)])


def demand_own(by: Actor, about: Observed) -> None:
    """Only who watches marks and ends; the round of somebody else is to be read."""
    if by.person_id != about.row.assessor_id:
        who = staff.names({about.row.assessor_id}).get(about.row.assessor_id, "Somebody else")
        words = f"{who} watches this round. Nothing was changed."
        raise NotPermitted(words, {"subject": deeds.subject(about.person_id)})


# ---------------------------------------------------------------- names


@action("assess.sign", about=assessments.observation_of)
def sign(
    *,
    by: Actor,
    about: Observed,
    observation_number: int,
    meaning: str,
    proven_at: dt.datetime,
    words: str = "",
    signer: int | None = None,
) -> Done:
    """Put a name to an observed round. `signer` is the person watched where they proved themselves on the assessor's
    phone; else it is the actor. An assessor who lapsed meanwhile is refused, and what was observed is kept."""
    signer = signer or by.person_id
    _check_signer(by, about, meaning, signer)
    result = about.fact.result
    if result is None:
        assessments.demand(OPEN, about.person_id)
    if meaning in about.fact.signs:
        return Done(about.fact.signs[meaning], replay=True)
    if result.abandoned:
        assessments.demand(EARLY, about.person_id)
    if len(words) > LONGEST_WORDS:
        raise Invalid([("words", f"Use at most {LONGEST_WORDS} characters. What you wrote is still here.")])
    if not lock_rules.stepped_up(proven_at, clock.now()):
        raise Invalid([(None, "Too long ago: type your PIN or password again to sign. Nothing was signed.")])
    if meaning == "observed":
        assessments.demand(_why_not_sign(by, about), about.person_id)
    row, said = deeds.sign(by, about, result, meaning, signer, words.strip(), proven_at)
    return Done(row, [said, *deeds.progress(by, about.whole.row)])


def _check_signer(by: Actor, about: Observed, meaning: str, signer: int) -> None:
    """Each of the two signs for themselves; the person watched may do it on the assessor's phone."""
    if meaning not in MEANINGS:
        raise NotFound()
    wanted = about.row.assessor_id if meaning == "observed" else about.person_id
    here = {wanted} if meaning == "observed" else {wanted, about.row.assessor_id}
    if signer != wanted or by.person_id not in here:
        raise NotPermitted("Each of the two signs for themselves. Nothing was signed.")


def _why_not_sign(by: Actor, about: Observed) -> rules.Reason | None:
    no = assessments.why_not_assessor(by.home_id, by.person_id, about.person_id, about.whole.keys)
    return rules.Reason(no.code, f"{no.words} {KEPT}") if no is not None else None
