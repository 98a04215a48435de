"""Read-only answers about what is arranged: gaps and lapses ahead, bookings, those missed, who asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from medpwa import clock
from medpwa.competency import queries as competency
from medpwa.competency import rules as competency_rules
from medpwa.competency import settings
from medpwa.competency.vocabulary import MAY_GIVE, SKILLS, STATES
from medpwa.errors import NotFound, Refused
from medpwa.mar import queries as rounds
from medpwa.mar import rounds as round_spans
from medpwa.permits import CARE_ROLES, Actor, may
from medpwa.practice import assessments
from medpwa.practice import booking_rules as rules
from medpwa.practice.assessing_vocabulary import KIND_WORDS
from medpwa.practice.models import Assessment, AssessmentRequest, Booking, BookingEnd
from medpwa.staff import queries as staff

# ---------------------------------------------------------------- bookings


@dataclass(frozen=True)
class Booked:
    """One booking, and what became of it."""

    row: Booking
    home_id: int
    person_id: int
    person: str
    assessor: str
    end: BookingEnd | None

    @property
    def id(self) -> int:
        return self.row.id

    @property
    def what(self) -> str:
        return SKILLS.get(self.row.skill, self.row.skill)

    @property
    def roles(self) -> frozenset[str]:
        return staff.roles_of(self.person_id, self.home_id)

    def missed(self, today: dt.date) -> bool:
        """Its day has passed and nobody said what became of it."""
        return rules.missed(self.row.on_day, today, self.end is not None)


def booking_of(by: Actor, booking_number: int, **_: object) -> Booked:
    """A booking of the actor's home by its number, else NotFound."""
    if not 0 < booking_number < staff.HIGHEST_ID:
        raise NotFound()
    row = Booking.get_or_none((Booking.id == booking_number) & (Booking.home == by.home_id))
    if row is None:
        raise NotFound()
    return _booked([row])[0]


def _booked(rows: list[Booking]) -> list[Booked]:
    ends = {e.booking_id: e for e in BookingEnd.select().where(BookingEnd.booking.in_([r.id for r in rows]))}
    names = staff.names({p for r in rows for p in (r.person_id, r.assessor_id)})
    return [
        Booked(r, r.home_id, r.person_id, names.get(r.person_id, ""), names.get(r.assessor_id, ""), ends.get(r.id))
        for r in rows
    ]


def standing(home_id: int) -> list[Booked]:
    """Every booking nobody has ended, the earliest day first: those missed, then those to come."""
    ended = BookingEnd.select(BookingEnd.booking)
    mine = (Booking.home == home_id) & Booking.id.not_in(ended)
    return _booked(list(Booking.select().where(mine).order_by(Booking.on_day, Booking.id)))


def of_person(home_id: int, person_id: int) -> list[Booked]:
    """The bookings of somebody that stand, the earliest day first."""
    return [b for b in standing(home_id) if b.person_id == person_id]


def open_on(home_id: int, person_id: int, day: dt.date) -> list[Booking]:
    """The bookings of somebody that stand on a day."""
    return [b.row for b in of_person(home_id, person_id) if b.row.on_day == day]


def open_for(by: Actor, booking_number: int, person_id: int) -> Booking:
    """The booking an assessment begins from: of this person, and not ended. Refused where it was ended meanwhile."""
    found = booking_of(by, booking_number)
    if found.person_id != person_id:
        raise NotFound()
    if found.end is not None:
        raise Refused("booking_ended", "This booking was ended meanwhile. Look at the list again. Nothing was begun.")
    return found.row


def with_form(booking_id: str) -> Booking | None:
    """The booking a form made, if it did."""
    return Booking.get_or_none(Booking.booking_id == booking_id)


def round_names(home_id: int) -> list[str]:
    """The rounds of a home in force, by time of day."""
    return [r.name for r in rounds.round_settings(home_id)]


def rounds_running(who: Actor) -> list[str]:
    """The rounds that run now or begin within the hour: only these can be watched, so two times of day are two."""
    at = clock.now()
    spans = rounds.spans_around(who, at)
    return list(dict.fromkeys(s.name for s in spans if s.start_at - round_spans.ROUND_HOLDS <= at < s.close_at))


def round_running(who: Actor) -> str:
    """The round somebody means now; empty between rounds."""
    span = round_spans.round_now(rounds.spans_around(who, clock.now()), clock.now())
    return span.name if span is not None else ""


# ---------------------------------------------------------------- requests


def asked_with(request_id: str) -> AssessmentRequest | None:
    """The request a form made, if it did."""
    return AssessmentRequest.get_or_none(AssessmentRequest.request_id == request_id)


def waiting(home_id: int) -> list[AssessmentRequest]:
    """Requests nobody has answered since: with a booking that was not called off, an assessment or a sign-off. Somebody
    who is in date asks for their yearly review, and waits like everybody else."""
    found = AssessmentRequest.select().where(AssessmentRequest.home == home_id).order_by(AssessmentRequest.id)
    latest = {(r.person_id, r.skill): r for r in found}
    answered = (_booked_at(home_id), _begun_at(home_id))
    return [
        r
        for key, r in latest.items()
        if not any(key in done and done[key] >= r.at for done in answered)
        and staff.roles_of(r.person_id, home_id)
        and not _signed_off_since(home_id, r)
    ]


def _booked_at(home_id: int) -> dict[tuple[int, str], dt.datetime]:
    """When the newest booking of somebody in a skill was made; one that was called off or missed answers nothing, and
    one that was moved answers by the next."""
    off = BookingEnd.select(BookingEnd.booking).where(BookingEnd.how != "held")
    rows = Booking.select().where((Booking.home == home_id) & Booking.id.not_in(off)).order_by(Booking.id)
    return {(b.person_id, b.skill): b.at for b in rows}


def _begun_at(home_id: int) -> dict[tuple[int, str], dt.datetime]:
    """When the newest assessment of somebody in a skill began."""
    rows = Assessment.select(Assessment.person, Assessment.skills, Assessment.at).where(Assessment.home == home_id)
    return {(person, skill): at for person, keys, at in rows.order_by(Assessment.id).tuples() for skill, _ in keys}


def _signed_off_since(home_id: int, r: AssessmentRequest) -> bool:
    stands = assessments.stands(home_id, r.person_id, (r.skill, None))
    return stands.state in MAY_GIVE and stands.since is not None and stands.since >= r.at


def to_ask_for(home_id: int, person_id: int) -> list[str]:
    """The skills somebody may ask to be assessed in: not one that is paused, and one they hold as soon as they are told
    that it ends."""
    at, found = clock.now(), []
    for skill in assessments.assessable():
        stands = assessments.stands(home_id, person_id, (skill, None), at)
        held = stands.state in MAY_GIVE
        if competency_rules.due_soon(stands, at) if held else stands.state != "suspended":
            found.append(skill)
    return found


def waiting_of(home_id: int, person_id: int) -> list[AssessmentRequest]:
    """Somebody's own requests that wait."""
    return [r for r in waiting(home_id) if r.person_id == person_id]


def request_of_home(by: Actor, number: int | None, person_id: int, skill: str) -> int | None:
    """The request a booking answers, where it is this person's and this skill's; None for anything else."""
    if number is None:
        return None
    return next((r.id for r in waiting(by.home_id) if (r.id, r.person_id, r.skill) == (number, person_id, skill)), None)


# ---------------------------------------------------------------- what lies ahead


@dataclass(frozen=True)
class AheadLine:
    """One skill of one person in the list of gaps and lapses, in words."""

    name: str
    role_words: str
    person_id: int
    skill: str
    skill_words: str
    tone: str
    chip: str
    when: str
    booked: str
    booked_url: str
    book_url: str
    begin_url: str


TONES: dict[str, str] = {
    "suspended": "blocked", "ended": "blocked", "expired": "blocked", "not_competent": "blocked",
    "development_needed": "late", "supervised_only": "not_given", "due": "late", "not_started": "plain",
}  # fmt: skip
ON_THE_WAY = "due"


def ahead(who: Actor, at: dt.datetime | None = None) -> list[tuple[rules.Ahead, AheadLine]]:
    """Gaps and lapses, most pressing first: skill, person, since or until, and what is booked."""
    at = at or clock.now()
    booked: dict[tuple[int, str], Booked] = {}
    for b in standing(who.home_id):
        booked.setdefault((b.person_id, b.row.skill), b)
    found = [
        (fact, _line(who, c, fact, booked.get((c.person_id, fact.skill)), at))
        for c in staff.colleagues(who.home_id)
        if c.roles & CARE_ROLES
        for fact in _of_person(who.home_id, c, at, {skill for person_id, skill in booked if person_id == c.person_id})
    ]
    order = list(SKILLS)
    return sorted(found, key=lambda f: (f[0].rank, f[1].name, order.index(f[0].skill)))


def _of_person(
    home_id: int, colleague: staff.Colleague, at: dt.datetime, booked: set[str]
) -> Iterable[rules.Ahead]:
    grants = competency.grants_of(home_id, colleague.person_id)
    held, wanted = {g.skill for g in grants}, booked.union(settings.needed_by(home_id, colleague.roles))
    for skill in assessments.assessable():
        stands = competency_rules.state_of(grants, skill, None, at)
        listed = rules.needs_somebody(stands.state, stands.until, skill in wanted, skill in held, at)
        if listed is not None:
            yield rules.Ahead(colleague.person_id, skill, listed, stands.since, stands.until)


def _line(who: Actor, c: staff.Colleague, fact: rules.Ahead, booked: Booked | None, at: dt.datetime) -> AheadLine:
    base = f"/h/{who.home_slug}/assessments"
    return AheadLine(
        name=c.name,
        role_words=staff.role_words(c.roles),
        person_id=c.person_id,
        skill=fact.skill,
        skill_words=SKILLS[fact.skill],
        tone=TONES.get(fact.state, ON_THE_WAY),
        chip="Due soon" if fact.state == "due" else STATES[fact.state],
        when=_when(fact, at, who.zone),
        booked=booking_words(booked, who.zone) if booked is not None else "",
        booked_url=f"/h/{who.home_slug}/bookings/{booked.id}" if booked is not None else "",
        book_url=f"{base}/book/{c.person_id}?skill={fact.skill}" if may("assess.book", who, c) else "",
        begin_url=f"{base}/begin/{c.person_id}?skill={fact.skill}" if may("assess.begin", who, c) else "",
    )


def _when(fact: rules.Ahead, at: dt.datetime, zone: str) -> str:
    if fact.state == "due" and fact.until is not None:
        return f"until {competency_rules.date_words(fact.until, at, zone)}"
    return f"since {competency_rules.date_words(fact.since, at, zone)}" if fact.since is not None else ""


def booking_words(b: Booked, zone: str) -> str:
    """A booking in a line: `Wed 18 Nov, Morning, with Dee Marsh`."""
    today = clock.local_day(clock.now(), zone)
    words = f"{clock.day_words(b.row.on_day, today)}, {b.row.round_name}, with {b.assessor}"
    return f"Missed: {words}" if b.missed(today) else words[0].upper() + words[1:]


def kind_words(b: Booked) -> str:
    """What kind of assessment is booked."""
    return KIND_WORDS[b.row.kind]
