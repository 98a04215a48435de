"""How somebody came to be signed off: bookings, assessments, observed rounds, courses, an induction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import peewee as pw

from medpwa import clock
from medpwa.competency import queries as competency
from medpwa.permits import Actor
from medpwa.practice.assessing_vocabulary import KIND_WORDS
from medpwa.practice.models import (
    Assessment,
    AssessmentOutcome,
    AssessmentPart,
    AssessmentRequest,
    Booking,
    BookingEnd,
    Certificate,
    Induction,
    Observation,
    ObservationResult,
    ObservationSign,
)
from medpwa.practice.needed import course_names
from medpwa.practice.record_event import Event, skill_key
from medpwa.staff import queries as staff

_ENDS = {"held": "it took place", "missed": "it was missed", "cancelled": "it was called off", "moved": "it was moved"}
_PARTS = {
    "knowledge": "Knowledge questions",
    "shadow": "A shadowed round",
    "scenario": "Scenario questions",
    "reflection": "Their own reflection",
}
_OUTCOMES = {
    "competent": ("competent", "given"),
    "development_needed": ("more practice is needed", "late"),
    "not_competent": ("not yet competent", "blocked"),
    "abandoned": ("it was broken off", "plain"),
}


def events(who: Actor, person_id: int) -> Iterator[Event]:
    """Everything somebody booked, was assessed in, was watched at and learned in this home."""
    yield from _booked(who, person_id)
    yield from _assessed(who, person_id)
    yield from _observed(who, person_id)
    yield from _courses(who, person_id)


def _at(who: Actor, day: dt.date) -> dt.datetime:
    return clock.day_bounds(day, who.zone)[0]


def _booked(who: Actor, person_id: int) -> Iterator[Event]:
    asked = (AssessmentRequest.home == who.home_id) & (AssessmentRequest.person == person_id)
    for r in AssessmentRequest.select().where(asked):
        label = competency.label_of(who.home_id, r.skill, None)
        yield Event("bookings", r.at, f"Asked to be assessed: {label}", r.words, skills=frozenset({r.skill}))
    own = (Booking.home == who.home_id) & (Booking.person == person_id)
    rows = Booking.select(Booking, BookingEnd.how.alias("how"), BookingEnd.words.alias("ended_words"))
    rows = list(rows.join(BookingEnd, pw.JOIN.LEFT_OUTER).where(own).objects())
    names, today = staff.names({b.assessor_id for b in rows}), clock.local_day(clock.now(), who.zone)
    for b in rows:
        label = competency.label_of(who.home_id, b.skill, b.resident_id)
        words = f"{KIND_WORDS[b.kind]}: {label}, {b.round_name} round"
        missed = b.how is None and b.on_day < today
        how = "nobody said what became of it" if missed else _ENDS.get(b.how, "arranged")
        detail = ". ".join(w for w in (f"{how[:1].upper()}{how[1:]}", b.ended_words, b.note) if w)
        tone = "missed" if missed or b.how == "missed" else "coming" if b.how is None else "plain"
        key, by = frozenset({skill_key(b.skill, b.resident_id)}), names.get(b.assessor_id, "somebody")
        yield Event("bookings", _at(who, b.on_day), words, detail, by, tone, key, day_only=True)


def _keys(skills: list) -> frozenset[str]:
    return frozenset(skill_key(skill, resident_id) for skill, resident_id in skills)


def _assessed(who: Actor, person_id: int) -> Iterator[Event]:
    mine = (Assessment.home == who.home_id) & (Assessment.person == person_id)
    rows = list(Assessment.select().where(mine))
    names = staff.names({a.assessor_id for a in rows})
    for a in rows:
        labels = ", ".join(competency.label_of(who.home_id, skill, resident) for skill, resident in a.skills)
        words = f"{KIND_WORDS[a.kind]} begun: {labels}"
        yield Event("assessments", a.at, words, "", names.get(a.assessor_id, "somebody"), "due", _keys(a.skills))
    for p in AssessmentPart.select(AssessmentPart, Assessment).join(Assessment).where(mine):
        score = f"{p.score} of {p.out_of}" if p.score is not None else ""
        passed = "" if p.passed is None else "passed" if p.passed else "not passed"
        detail = ". ".join(w for w in (", ".join(w for w in (score, passed) if w), p.round_name, p.words) if w)
        tone = "plain" if p.passed is None else "given" if p.passed else "late"
        yield Event("assessments", p.at, _PARTS[p.part], detail, "", tone, _keys(p.assessment.skills))
    ended = list(AssessmentOutcome.select(AssessmentOutcome, Assessment).join(Assessment).where(mine))
    deciders = staff.names({o.by for o in ended if o.by is not None})
    for o in ended:
        word, tone = _OUTCOMES[o.outcome]
        words = f"{KIND_WORDS[o.assessment.kind]}: {word}"
        by = deciders.get(o.by, "somebody")  # who decided, which need not be who watched
        yield Event("assessments", o.at, words, o.words.rstrip("."), by, tone, _keys(o.assessment.skills))


def _observed(who: Actor, person_id: int) -> Iterator[Event]:
    mine = (Assessment.home == who.home_id) & (Assessment.person == person_id)
    signed: dict[int, int] = {}
    signs = ObservationSign.select(ObservationSign.result).join(ObservationResult).join(Observation).join(Assessment)
    for (result,) in signs.where(mine).tuples():
        signed[result] = signed.get(result, 0) + 1
    rows = ObservationResult.select(ObservationResult, Observation, Assessment).join(Observation).join(Assessment)
    found = list(rows.where(mine))
    names = staff.names({r.observation.assessor_id for r in found})
    for r in found:
        seen = f"{len(r.doses)} dose{'' if len(r.doses) == 1 else 's'} seen"
        by_both = "signed by both" if signed.get(r.id) == 2 else "not yet signed by both"
        how = "broken off" if r.abandoned else "passed" if r.passed else "not passed"
        words = f"Observed {r.observation.round_name} round: {how}"
        detail = ". ".join(w for w in (r.abandoned, f"{seen}, {by_both}") if w)
        tone = "plain" if r.abandoned else "given" if r.passed else "late"
        by, keys = names.get(r.observation.assessor_id, "somebody"), _keys(r.observation.assessment.skills)
        yield Event("observations", r.observation.begun_at, words, detail, by, tone, keys)


def _courses(who: Actor, person_id: int) -> Iterator[Event]:
    named = course_names(who.home_id)
    mine = (Certificate.home == who.home_id) & (Certificate.person == person_id)
    for c in Certificate.select().where(mine):
        until = f"Until {clock.date_words(c.expires_on)}" if c.expires_on else ""
        kept = "Its paper is kept" if c.paper_id else "No paper is kept with it"
        detail = ". ".join(w for w in (c.from_whom, until, kept) if w)
        key = frozenset({f"course:{c.course}"})
        words = f"Certificate: {named.get(c.course, c.course)}"
        yield Event("certificates", _at(who, c.taken_on), words, detail, "", "given", key, day_only=True)
    for i in Induction.select().where((Induction.home == who.home_id) & (Induction.person == person_id)):
        shown = sum(1 for said in i.items.values() if said)
        until = f"Paper until {clock.date_words(i.paper_expires_on)}" if i.paper_expires_on else ""
        detail = ". ".join(w for w in (i.agency, f"{shown} of {len(i.items)} points shown", until) if w)
        yield Event("certificates", i.at, "Induction to this home", detail, "", "given")
