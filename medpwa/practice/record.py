"""The file of one person: everything that led to what they may give, in one line of time, and what they gave by skill.

Counts are by week and skill, for themselves and for who supports them; nobody is compared with anybody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from medpwa import clock
from medpwa.competency import file as sign_offs
from medpwa.competency import queries as competency
from medpwa.competency import rules, states
from medpwa.competency.vocabulary import RESIDENT_SPECIFIC, SHORT, SKILLS
from medpwa.permits import Actor, may
from medpwa.practice import (
    gives,
    matrix_rules,
    needed,
    record_learned,
    record_refused,
    record_signed,
    record_talks,
    training_rules,
)
from medpwa.practice.arranged import booked_of, certificates_of
from medpwa.practice.evidence import Papers
from medpwa.practice.matrix_rules import Stands
from medpwa.practice.record_event import KINDS, Event, about
from medpwa.staff.queries import Colleague

WEEKS = 12
BACK = dt.timedelta(days=400)  # how far refused attempts are looked for


@dataclass(frozen=True)
class Line:
    """One event as a page shows it."""

    when: str
    at: dt.datetime
    kind: str
    kind_words: str
    words: str
    detail: str
    by: str
    tone: str


@dataclass(frozen=True)
class AtSkill:
    """One skill or course of somebody: how it stands, who stands for it, on what it rests."""

    label: str
    stands: Stands
    sentence: str
    assessor: str
    rests: str
    booked: str
    url: str | None
    pause_url: str | None


@dataclass(frozen=True)
class Doses:
    """Doses given by week and skill."""

    columns: list[str]
    rows: list[tuple[str, list[int]]]
    total: int


@dataclass(frozen=True)
class RecordPage:
    """Somebody's file."""

    name: str
    person_id: int
    sentence: str
    lead: str
    at_skill: AtSkill | None
    lines: list[Line]
    kinds: list[tuple[str, str, int]]
    skills: list[tuple[str, str]]
    doses: Doses
    own: bool
    pause_url: str | None


def record_page(who: Actor, colleague: Colleague, kind: str, skill: str) -> RecordPage | None:
    """The file of somebody, of one kind or at one skill where that is asked for; None where there is no such kind or
    skill."""
    skills = _skills(who, colleague)
    if kind not in ("", *KINDS) or (skill and skill not in dict(skills)):
        return None
    everything = [e for e in events(who, colleague.person_id) if about(e, skill)]
    chosen = [e for e in everything if not kind or e.kind == kind]
    held = sign_offs.lines_of(who.home_id, colleague.person_id, who.zone)
    return RecordPage(
        name=colleague.name,
        person_id=colleague.person_id,
        sentence=sign_offs.sentence(colleague.name, held, bool(colleague.roles)),
        lead=sign_offs.lead(held),
        at_skill=_at_skill(who, colleague, skill, dict(skills)) if skill else None,
        lines=[_line(who, e) for e in sorted(reversed(chosen), key=lambda e: e.at, reverse=True)],
        kinds=[(name, words, sum(e.kind == name for e in everything)) for name, words in KINDS.items()],
        skills=skills,
        doses=_doses(who, colleague.person_id),
        own=colleague.person_id == who.person_id,
        pause_url=_pause_url(who, colleague, [line.state for line in held]),
    )


def _pause_url(who: Actor, c: Colleague, stand: list[str], key: str = "") -> str | None:
    """Where this reader pauses what stands; None where nothing does, or they may not."""
    if not states.STANDING.intersection(stand) or not may("competency.suspend", who, c):
        return None
    return f"/h/{who.home_slug}/competency/{c.person_id}/pause" + (f"?skill={key}" if key else "")


def events(who: Actor, person_id: int) -> list[Event]:
    """Everything in somebody's file that this reader may know of."""
    since = clock.now() - BACK
    sources = (record_signed, record_learned, record_talks)
    found = [e for source in sources for e in source.events(who, person_id)]
    return [*found, *record_refused.events(who, person_id, since)]


def _skills(who: Actor, c: Colleague) -> list[tuple[str, str]]:
    """What the file can be read at: everything they hold, the everyday skills, and the home's courses."""
    held = sign_offs.held(competency.grants_of(who.home_id, c.person_id))
    found = {competency.key_of(*k): competency.label_of(who.home_id, *k) for k in held}
    everyday = {skill: words for skill, words in SKILLS.items() if skill not in RESIDENT_SPECIFIC}
    booked = {competency.key_of(s, r): competency.label_of(who.home_id, s, r)
              for p, s, r in booked_of(who.home_id) if p == c.person_id and s in SKILLS}  # fmt: skip
    courses = {f"course:{x.code}": x.name for x in needed.courses_of(who.home_id)}
    return list((found | everyday | booked | courses).items())


def _line(who: Actor, e: Event) -> Line:
    day = clock.date_words(clock.local_day(e.at, who.zone))
    when = day if e.day_only else f"{day}, {clock.time_words(e.at, who.zone)}"
    return Line(when, e.at, e.kind, KINDS[e.kind], e.words, e.detail, e.by, e.tone)


# ---------------------------------------------------------------- at one skill


def _at_skill(who: Actor, c: Colleague, key: str, labels: dict[str, str]) -> AtSkill:
    found = competency.skill_of(key)
    if found is None:
        return _at_course(who, c, key)
    skill, resident_id = found
    now, own = clock.now(), gives.dated_grants(who.home_id).get(c.person_id, ())
    facts = [g.fact for g in own if g.fact.skill == skill]
    state = rules.state_of(facts, skill, resident_id, now, who.zone)
    booked = booked_of(who.home_id).get((c.person_id, skill, resident_id))
    wanted = needed.needs(skill, resident_id, c.roles, facts, who.home_id)
    stands = matrix_rules.skill_cell(state, wanted, None, now, who.zone)
    decides = next((g for g in own if g.fact.id == state.grant_id), None)
    rests = Papers(who.home_id, who.zone).rests(decides) if decides else None
    return AtSkill(
        label=labels[key],
        stands=stands,
        sentence=f"{stands.words} {stands.second}".strip(),
        assessor=rests.assessor if rests else "",
        rests=rests.words if rests else "",
        booked=f"{clock.date_words(booked.on_day)}, with {booked.assessor}" if booked else "",
        url=f"/h/{who.home_slug}/competency/{c.person_id}/sign-off?skill={key}" if _may_change(who, c) else None,
        pause_url=_pause_url(who, c, [state.state], key),
    )


def _may_change(who: Actor, c: Colleague) -> bool:
    return may("competency.grant", who, c)


def _at_course(who: Actor, c: Colleague, key: str) -> AtSkill:
    course = next(x for x in needed.courses_of(who.home_id) if f"course:{x.code}" == key)
    today = clock.local_day(clock.now(), who.zone)
    wanted, held = bool(c.roles & course.roles), certificates_of(who.home_id).get(c.person_id, ())
    state = training_rules.state_of(course, wanted, held, today)
    stands = matrix_rules.course_cell(state, wanted, today)
    when = f"Taken {clock.date_words(state.taken_on)}" if state.taken_on else ""
    return AtSkill(course.name, stands, f"{stands.words} {stands.second}".strip(), "", when, "", None, None)


# ---------------------------------------------------------------- doses


def _doses(who: Actor, person_id: int) -> Doses:
    """Doses of the last weeks by week and skill, this week first."""
    today = clock.local_day(clock.now(), who.zone)
    monday = clock.monday_of(today)
    first = monday - dt.timedelta(weeks=WEEKS - 1)
    span = clock.day_bounds(first, who.zone)[0], clock.day_bounds(today, who.zone)[1]
    mine = {k[1:]: n for k, n in gives.gives_between(who.home_id, *span).by_week.items() if k[0] == person_id}
    order = [*SKILLS, ""]
    skills = sorted({skill for _, skill in mine}, key=lambda s: order.index(s) if s in order else len(order))
    weeks = [monday - dt.timedelta(weeks=n) for n in range(WEEKS)]
    rows = [(f"Week of {clock.date_words(w)}", [mine.get((w, s), 0) for s in skills]) for w in weeks]
    shown = [row for row in rows if any(row[1])]
    return Doses([SHORT.get(s, s) if s else "No sign-off asked" for s in skills], shown, sum(map(sum, _figures(shown))))


def _figures(rows: Iterable[tuple[str, list[int]]]) -> list[list[int]]:
    return [figures for _, figures in rows]
