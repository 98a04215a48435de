"""How everybody's courses stand: by person, and the gaps of the whole home, the most pressing first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from medpwa import clock
from medpwa.competency import papers
from medpwa.ledger import HistoryLine
from medpwa.permits import CARE_ROLES, Actor, may
from medpwa.practice import training_rules
from medpwa.practice.models import Certificate, Course
from medpwa.practice.training_rules import CertificateFacts, CourseFacts, CourseState
from medpwa.practice.training_vocabulary import COURSE_STATES, FIRST_COURSES, GAPS
from medpwa.staff import queries as staff
from medpwa.staff.queries import Colleague
from medpwa.staff.sentences import ids_of
from medpwa.staff.vocabulary import ROLES


def first_courses() -> tuple[CourseFacts, ...]:
    """The list a home may begin with."""
    return tuple(CourseFacts(code, name, months, frozenset(roles)) for code, name, months, roles in FIRST_COURSES)


def courses_of(home_id: int, *, retired: bool = False, at: dt.datetime | None = None) -> list[CourseFacts]:
    """The courses a home asks for at a moment (now), by name; those no longer asked for only when wanted."""
    rows = Course.select().where((Course.home == home_id) & (Course.valid_from <= (at or clock.now())))
    latest = {c.code: c for c in rows.order_by(Course.valid_from, Course.id)}
    found = [CourseFacts(c.code, c.name, c.months, frozenset(c.roles), c.retired) for c in latest.values()]
    return sorted((c for c in found if retired or not c.retired), key=lambda c: (c.name.lower(), c.code))


def certificates_of(home_id: int, person_id: int | None = None) -> list[CertificateFacts]:
    """The certificates of a home, or of one person in it, newest first."""
    mine = Certificate.home == home_id
    if person_id is not None:
        mine &= Certificate.person == person_id
    rows = Certificate.select().where(mine).order_by(Certificate.taken_on.desc(), Certificate.id.desc())
    return [
        CertificateFacts(c.id, c.person_id, c.course, c.taken_on, c.expires_on, c.from_whom, c.paper_id) for c in rows
    ]


def course_state(
    home_id: int, zone: str, at: dt.datetime | None = None, person_id: int | None = None
) -> dict[tuple[int, str], CourseState]:
    """How each course of each person who works here stands on the home's day: (person, course code) to its state."""
    at = at or clock.now()
    today, asked = clock.local_day(at, zone), courses_of(home_id, at=at)
    held: dict[int, list[CertificateFacts]] = {}
    for certificate in certificates_of(home_id, person_id):
        held.setdefault(certificate.person_id, []).append(certificate)
    people = [c for c in staff.colleagues(home_id) if c.roles and person_id in (None, c.person_id)]
    return {
        (p.person_id, c.code): training_rules.state_of(c, bool(p.roles & c.roles), held.get(p.person_id, ()), today)
        for p in people
        for c in asked
    }


@dataclass(frozen=True)
class CourseLine:
    """One course of one person as a page shows it."""

    code: str
    name: str
    tone: str
    chip: str
    icon: str
    when: str
    state: str


@dataclass(frozen=True)
class PersonGaps:
    """Somebody with something to take or to renew."""

    name: str
    role_words: str
    url: str
    lines: list[CourseLine]


@dataclass(frozen=True)
class TrainingPage:
    """The whole home."""

    sentence: str
    lead: str
    people: list[PersonGaps]
    whole: list[PersonGaps]  # those with nothing open


@dataclass(frozen=True)
class CertificateLine:
    """One certificate as a list shows it."""

    name: str
    when: str
    from_whom: str
    paper_url: str
    paper_words: str


@dataclass(frozen=True)
class PersonPage:
    """One person's courses and certificates."""

    sentence: str
    name: str
    lines: list[CourseLine]
    not_needed: str
    certificates: list[CertificateLine]
    add_url: str
    back: str


def _line(course: CourseFacts, stands: CourseState) -> CourseLine:
    chip, tone, icon = COURSE_STATES[stands.state]
    return CourseLine(course.code, course.name, tone, chip, icon, _when(stands), stands.state)


def _when(stands: CourseState) -> str:
    if stands.taken_on is None:
        return ""
    taken = f"taken {clock.date_words(stands.taken_on)}"
    if stands.expires_on is None:
        return taken
    word = "ended" if stands.state == "lapsed" else "ends"
    return f"{taken}, {word} {clock.date_words(stands.expires_on)}"


def _lines(courses: list[CourseFacts], states: dict, person_id: int) -> list[CourseLine]:
    """A person's courses, the most pressing first."""
    order = (*GAPS, "in_date", "not_needed")
    found = [_line(c, states[person_id, c.code]) for c in courses if (person_id, c.code) in states]
    return sorted(found, key=lambda x: (order.index(x.state), x.name))


def training_page(who: Actor) -> TrainingPage:
    """The gaps and the lapses ahead of a home, by person."""
    courses, states = courses_of(who.home_id), course_state(who.home_id, who.zone)
    people = [_person(who, c, courses, states) for c in staff.colleagues(who.home_id) if c.roles]
    people = [p for p in people if p.lines]
    open_ = [p for p in people if any(x.state in GAPS for x in p.lines)]
    open_.sort(key=lambda p: min(GAPS.index(x.state) for x in p.lines if x.state in GAPS))
    return TrainingPage(
        sentence=_sentence(open_, bool(courses)),
        lead=_lead(states) if courses else "Start with a first list, and change each line as this home needs it.",
        people=open_,
        whole=[p for p in people if p not in open_],
    )


def _person(who: Actor, colleague: Colleague, courses: list[CourseFacts], states: dict) -> PersonGaps:
    lines = [x for x in _lines(courses, states, colleague.person_id) if x.state != "not_needed"]
    url = f"/h/{who.home_slug}/training/people/{colleague.person_id}"
    return PersonGaps(colleague.name, staff.role_words(colleague.roles), url, lines)


def _sentence(open_: list[PersonGaps], any_course: bool) -> str:
    if not any_course:
        return "This home asks for no courses yet"
    if not open_:
        return "Everybody has every course they need"
    return "1 person has a course to take" if len(open_) == 1 else f"{len(open_)} people have a course to take"


def _lead(states: dict) -> str:
    counted = {state: sum(1 for s in states.values() if s.state == state) for state in COURSE_STATES}
    needed = sum(n for state, n in counted.items() if state != "not_needed")
    held = counted["in_date"] + counted["due"]
    words = f"{held} of {needed} needed courses are in date."
    if counted["due"]:
        words += f" {counted['due']} of them end{'s' if counted['due'] == 1 else ''} within 60 days."
    return words


def person_page(who: Actor, colleague: Colleague) -> PersonPage:
    """One person's courses and certificates, for who leads and for themselves."""
    courses = courses_of(who.home_id)
    states = course_state(who.home_id, who.zone, person_id=colleague.person_id)
    lines = _lines(courses, states, colleague.person_id)
    base = f"/h/{who.home_slug}/training"
    own = colleague.person_id == who.person_id
    return PersonPage(
        sentence=_person_sentence(colleague, lines, own),
        name=colleague.name,
        lines=[x for x in lines if x.state != "not_needed"],
        not_needed=", ".join(x.name for x in lines if x.state == "not_needed"),
        certificates=list(_certificates(who, colleague.person_id)),
        add_url=f"{base}/people/{colleague.person_id}/new" if may("training.record", who) and colleague.roles else "",
        back=base if may("training.see", who) else "/me",
    )


def _person_sentence(colleague: Colleague, lines: list[CourseLine], own: bool) -> str:
    if not colleague.roles:
        return f"{colleague.name} does not work here any more"
    gaps = [x for x in lines if x.state in ("lapsed", "missing")]
    name, has = ("You", "have") if own else (colleague.name, "has")
    if not gaps:
        return f"{name} {has} every course that is needed"
    return f"{name} {has} {'1 course' if len(gaps) == 1 else f'{len(gaps)} courses'} to take"


def _certificates(who: Actor, person_id: int) -> Iterator[CertificateLine]:
    held = certificates_of(who.home_id, person_id)
    names = {c.code: c.name for c in courses_of(who.home_id, retired=True)}
    kept = papers.facts_of_several(who.home_id, [c.paper_id for c in held])
    for c in held:
        paper = kept.get(c.paper_id or 0)
        ends = f", ends {clock.date_words(c.expires_on)}" if c.expires_on else ""
        yield CertificateLine(
            name=names.get(c.course, c.course),
            when=f"taken {clock.date_words(c.taken_on)}{ends}",
            from_whom=c.from_whom,
            paper_url=f"/h/{who.home_slug}/papers/{paper.id}" if paper else "",
            paper_words=paper.words if paper else "",
        )


def told_of(lines: list[HistoryLine], who: Actor) -> dict[tuple[str, int], str]:
    """What lines about courses and certificates say, in words."""
    found = {}
    names = {c.code: c.name for c in courses_of(who.home_id, retired=True)}
    for row in Certificate.select().where(Certificate.id.in_(ids_of(lines, "certificate"))):
        found["certificate", row.id] = f"{names.get(row.course, row.course)}, taken {clock.date_words(row.taken_on)}"
    for row in Course.select().where(Course.id.in_(ids_of(lines, "course"))):
        found["course", row.id] = f"{row.name}, no longer asked for" if row.retired else row.name
    return found


def who_needs(course: CourseFacts) -> str:
    """Whose roles need a course, in words."""
    if course.roles == CARE_ROLES:
        return "everybody in the care team"
    return ", ".join(words.lower() for role, words in ROLES.items() if role in course.roles) or "nobody needs it"


def role_choices() -> list[tuple[str, str]]:
    """Roles of a home, to tick."""
    return list(ROLES.items())
