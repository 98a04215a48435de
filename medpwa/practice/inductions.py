"""Agency and bank staff: how far each is, and who can watch their first round."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from medpwa import clock
from medpwa.competency import papers, rules
from medpwa.competency import queries as competency
from medpwa.mar import queries as mar
from medpwa.permits import Actor, may
from medpwa.practice import assessments
from medpwa.practice.models import Assessment, Booking, BookingEnd, Induction, Observation, ObservationResult
from medpwa.remember import once_a_look
from medpwa.staff import queries as staff
from medpwa.staff import rules as staff_rules
from medpwa.staff import sentences as staff_sentences
from medpwa.staff.queries import Colleague


@dataclass(frozen=True)
class Outside:
    """Somebody from outside as the list shows them."""

    name: str
    second: str  # Agency, carer
    url: str
    done: list[tuple[str, str, str]]  # tone, words, icon of each step
    ready: bool


@dataclass(frozen=True)
class AgencyPage:
    """Everybody from outside who has access now."""

    sentence: str
    people: list[Outside]


@dataclass(frozen=True)
class StepsPage:
    """One person's steps: what stands, and what the form needs."""

    name: str
    sentence: str
    kind_words: str
    access_words: str
    access_missing: bool
    inducted: list[dict[str, str]]
    paper_url: str


def is_from_outside(about: Colleague) -> bool:
    """Whether somebody comes from an agency or the bank."""
    return about.facts.agency or about.facts.bank


def access_ends(person_id: int, home_id: int) -> dt.datetime | None:
    """When somebody's role here ends by itself; None where it has no end."""
    latest = staff_rules.latest_role(staff.role_facts(person_id), home_id, clock.now())
    return latest.valid_until if latest is not None else None


@once_a_look("induction")
def inductions_of(home_id: int) -> Mapping[int, Induction]:
    """The newest induction of everybody in a home."""
    rows = Induction.select().where(Induction.home == home_id).order_by(Induction.id)
    return {row.person_id: row for row in rows}


def induction_of(home_id: int, person_id: int) -> Induction | None:
    """Somebody's newest induction here."""
    return inductions_of(home_id).get(person_id)


def first_round_of(induction: Induction) -> tuple[Booking | None, BookingEnd | None]:
    """The first round that was booked with an induction, and what became of it."""
    booking = Booking.get_or_none(Booking.booking_id == f"induction-{induction.induction_id}")
    end = BookingEnd.get_or_none(BookingEnd.booking == booking.id) if booking is not None else None
    return booking, end


def watched(booking: Booking) -> bool:
    """Whether a round of whom a booking is for was watched to its end since it was made, and passed. A booking is held
    as soon as its assessment begins; that alone is no round."""
    rows = ObservationResult.select().join(Observation).join(Assessment)
    theirs = (Assessment.home == booking.home_id) & (Assessment.person == booking.person_id)
    passed = ObservationResult.passed & (ObservationResult.abandoned == "")
    return rows.where(theirs & passed & (Observation.begun_at >= booking.at)).exists()


def can_watch(home_id: int, person_id: int, skill: str) -> list[tuple[int, str]]:
    """Who may watch somebody's first round: whoever may assess them in the skill, by name."""
    able = {number for number, _ in assessments.assessors(home_id, person_id, [(skill, None)])}
    return [(c.person_id, c.name) for c in staff.colleagues(home_id) if c.person_id in able]


def round_names(home_id: int) -> list[str]:
    """The rounds of a home, by time of day."""
    return [r.name for r in mar.round_settings(home_id)]


def last_day(ends: dt.datetime, zone: str) -> dt.date:
    """The last day of an access that ends at a moment."""
    return clock.local_day(ends - dt.timedelta(microseconds=1), zone)


# ---------------------------------------------------------------- pages


def agency_page(who: Actor) -> AgencyPage:
    """Everybody from outside who may sign in now, those with something open first."""
    people = [_outside(who, c) for c in staff.colleagues(who.home_id) if c.roles and is_from_outside(c)]
    people.sort(key=lambda p: p.ready)
    waiting = sum(not p.ready for p in people)
    if not people:
        sentence = "Nobody from an agency or the bank has access now"
    elif not waiting:
        sentence = "Everybody from outside was shown this home"
    else:
        who_waits = "1 person was" if waiting == 1 else f"{waiting} people were"
        sentence = f"{who_waits} not shown this home yet"
    return AgencyPage(sentence, people)


def _outside(who: Actor, colleague: Colleague) -> Outside:
    kind = "Agency" if colleague.facts.agency else "Bank"
    row = induction_of(who.home_id, colleague.person_id)
    steps = [_access_step(who, colleague), _induction_step(row)]
    if row is not None:
        steps += [s for s in (_paper_step(who, row), _round_step(who, row)) if s]
    return Outside(
        name=colleague.name,
        second=f"{kind}, {staff.role_words(colleague.roles).lower()}",
        url=f"/h/{who.home_slug}/agency/{colleague.person_id}",
        done=steps,
        ready=row is not None,
    )


def _access_step(who: Actor, colleague: Colleague) -> tuple[str, str, str]:
    ends = access_ends(colleague.person_id, who.home_id)
    if ends is None:
        return "late", "Access has no last day", "clock-alert"
    return "plain", f"Access {staff_sentences.until_words(ends, who.zone)}", "clock"


def _induction_step(row: Induction | None) -> tuple[str, str, str]:
    return ("given", "Shown this home", "circle-check") if row else ("late", "Not shown this home yet", "circle-dashed")


def _paper_step(who: Actor, row: Induction) -> tuple[str, str, str] | None:
    if row.paper_expires_on is None:
        return None
    today = clock.local_day(clock.now(), who.zone)
    if row.paper_expires_on <= today:
        return "missed", f"Paper expired {clock.date_words(row.paper_expires_on)}", "octagon-x"
    return "plain", f"Paper to {clock.date_words(row.paper_expires_on)}", "clipboard-check"


def _round_step(who: Actor, row: Induction) -> tuple[str, str, str] | None:
    booking, end = first_round_of(row)
    if booking is None:
        return None
    words = _round_words(who, booking)
    if end is not None and end.how == "held":
        done = watched(booking)
        return ("given", f"Watched: {words}", "circle-check") if done else ("due", f"Begun: {words}", "clock")
    missed = end is not None or booking.on_day < clock.local_day(clock.now(), who.zone)
    return ("late", f"Not watched yet: {words}", "clock-alert") if missed else ("due", f"Booked: {words}", "clock")


def _round_words(who: Actor, booking: Booking) -> str:
    assessor = staff.names({booking.assessor_id}).get(booking.assessor_id, "a colleague")
    day = clock.day_words(booking.on_day, clock.local_day(clock.now(), who.zone))
    return f"{booking.round_name} round {day}, with {assessor}"


def steps_page(who: Actor, about: Colleague) -> StepsPage:
    """How far one person from outside is."""
    row, ends = induction_of(who.home_id, about.person_id), access_ends(about.person_id, who.home_id)
    kind = "agency" if about.facts.agency else "bank"
    words = staff_sentences.until_words(ends, who.zone) if ends else ""
    return StepsPage(
        name=about.name,
        sentence=f"{about.name} was shown this home" if row else f"What was {about.name} shown before the first round?",
        kind_words=f"{staff.role_words(about.roles) or 'No role'}, {kind}",
        access_words=f"Access ends by itself, {words}" if words else "",
        access_missing=ends is None,
        inducted=_rows(who, row) if row else [],
        paper_url=f"/h/{who.home_slug}/papers/{row.paper_id}" if row and row.paper_id else "",
    )


def _rows(who: Actor, row: Induction) -> list[dict[str, str]]:
    booking, _ = first_round_of(row)
    paper = papers.facts_of(who.home_id, row.paper_id)
    ends = clock.date_words(row.paper_expires_on) if row.paper_expires_on else ""
    until = staff_sentences.until_words(row.access_ends_at, who.zone) if row.access_ends_at else ""
    shown_by = staff.names({row.by} if row.by else set()).get(row.by or 0, "the app itself")
    said = (
        ("Shown by", f"{shown_by}, {clock.moment_words(row.at, who.zone)}; {len(row.items)} things"),
        ("Agency", row.agency),
        ("How to reach it", row.agency_contact),
        ("Paper", f"{paper.words}, expires {ends}" if paper and ends else paper.words if paper else ""),
        ("Access then", until),
        ("First round", _round_words(who, booking) if booking else ""),
    )
    return [{"label": label, "value": value} for label, value in said if value]


def takeable(home_id: int, person_id: int, skills: tuple[str, ...], zone: str) -> list[tuple[str, int | None]]:
    """Of these skills, those about which nothing was ever decided here: a paper from outside changes neither a sign-off
    of this home nor a pause, and brings nothing back that somebody ended."""
    grants, now = competency.grants_of(home_id, person_id), clock.now()
    return [
        (skill, None)
        for skill in skills
        if rules.state_of(grants, skill, None, now, zone).state == "not_started"
    ]


def may_begin(who: Actor) -> bool:
    """Whether this person may add somebody from outside."""
    return may("staff.add", who) and may("induction.record", who)
