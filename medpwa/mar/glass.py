"""Exceptions for one round (break-glass) for a screen: who may decide, who may be let give, what was decided."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from medpwa import clock
from medpwa.competency import gate_rules, glass_queries
from medpwa.competency import queries as competency
from medpwa.competency.glass_queries import Glass
from medpwa.competency.vocabulary import SKILLS
from medpwa.mar import glass_rules, queries, supervised
from medpwa.mar import words as words_of
from medpwa.mar.rounds import RoundSpan
from medpwa.mar.rules import Reason
from medpwa.medicines import queries as orders
from medpwa.permits import CARE_ROLES, MANAGING_ROLES, Actor, may
from medpwa.residents import queries as residents
from medpwa.staff import queries as staff
from medpwa.staff.queries import Colleague
from medpwa.staff.vocabulary import ON_CALL

NOTHING_MORE = "no medicine here asks for more than they may give"
SHOWN_FOR = dt.timedelta(days=92)  # a quarter, as the audit looks at it


def deciders(who: Actor) -> list[str]:
    """Whom to ring for an exception: managers on shift or on call, else every manager of the home, with their role."""
    people = [c for c in staff.colleagues(who.home_id) if c.roles & MANAGING_ROLES and c.person_id != who.person_id]
    here = {p.person_id: p for p in staff.on_shift(who.home_id)[0]}
    near = [c for c in people if c.person_id in here] or people
    return [f"{c.name}, {_where(c, here)}" for c in near]


def _where(c: Colleague, here) -> str:
    duty = here.get(c.person_id)
    role = staff.role_words(c.roles).lower()
    return f"{role}, on call" if duty is not None and duty.duty == ON_CALL else role


def on_call(home_id: int, but: int | None) -> list[int]:
    """The managers on call now, apart from one."""
    people, _ = staff.on_shift(home_id)
    found = (p for p in people if p.duty == ON_CALL and p.roles & MANAGING_ROLES)
    return [p.person_id for p in found if p.person_id != but]


def why_not(by: Actor, colleague: Colleague, at: dt.datetime) -> Reason | None:
    """Why no exception can be made for somebody; None when it can."""
    grants = competency.grants_of(by.home_id, colleague.person_id)
    facts = glass_rules.GlassFacts(
        name=colleague.name,
        is_self=colleague.person_id == by.person_id,
        works_here=bool(colleague.roles & CARE_ROLES),
        paused=gate_rules.paused(grants, at),
        decided=bool(gate_rules.decided(grants, at)),
        opens=bool(gate_rules.opened_by_glass(grants, at)),
    )
    return glass_rules.judge_glass(facts)


def spans(by: Actor, at: dt.datetime) -> list[RoundSpan]:
    """The rounds an exception may be made for now."""
    return glass_rules.rounds_to_choose(queries.spans_around(by, at), at)


# ---------------------------------------------------------------- the form


@dataclass(frozen=True)
class GlassForm:
    """What the page that makes an exception offers."""

    people: list[tuple[str, str, str]]  # person id, name and role, what it would open; who it helps and is here first
    refused: list[tuple[str, str]]  # name, why not
    rounds: list[tuple[str, str]]  # key, words
    chosen: str  # a round that runs now


def form_for(who: Actor) -> GlassForm:
    """Everybody it can be made for, those it cannot be made for with the reason, and the rounds."""
    at, people, no = clock.now(), [], []
    asked, here = _asked_for(who.home_id, at), {p.person_id for p in staff.on_shift(who.home_id)[0]}
    for c in staff.colleagues(who.home_id):
        if not c.roles & CARE_ROLES or c.person_id == who.person_id:
            continue
        reason = why_not(who, c, at)
        if reason is None:
            words = f"{c.name}, {staff.role_words(c.roles).lower()}{', on duty now' if c.person_id in here else ''}"
            opened = _opens(who.home_id, c.person_id, at, asked)
            order = (not opened, c.person_id not in here)
            people.append((order, (str(c.person_id), words, opened or NOTHING_MORE)))
        elif reason.code != "glass_opens_nothing":
            no.append((c.name, reason.words.removesuffix(" Nothing was changed.")))
    found = spans(who, at)
    running = next((s for s in reversed(found) if s.start_at <= at), found[0] if found else None)
    words = [(round_key(s), _round_words(s, who, at)) for s in found]
    offered = [row for _, row in sorted(people, key=lambda p: p[0])]
    return GlassForm(offered, no, words, round_key(running) if running else "")


def _asked_for(home_id: int, at: dt.datetime) -> set[str]:
    """The skills medicines of people who live here ask for now: an exception opens more, which nobody needs to read."""
    here = {r.id for r in residents.residents_at(home_id, at)}
    found = (o for o in orders.orders_of_home(home_id) if o.resident_id in here)
    running = (o for o in found if not (o.stopped or o.in_error) and (o.valid_to is None or at < o.valid_to))
    return {skill for o in running for skill in o.required_skills}


def _opens(home_id: int, person_id: int, at: dt.datetime, asked: set[str]) -> str:
    opened = gate_rules.opened_by_glass(competency.grants_of(home_id, person_id), at) & asked
    return ", ".join(words.lower() for skill, words in SKILLS.items() if skill in opened)


def round_key(span: RoundSpan) -> str:
    """How a form names a round on a day."""
    return f"{clock.micros(span.start_at)}-{span.name}"


def round_of(key: str) -> tuple[str, dt.datetime] | None:
    """The name and the start a form's word stands for; None for nonsense."""
    starts, _, name = key.partition("-")
    if not (name and starts.isascii() and starts.isdigit() and len(starts) <= 16):
        return None
    return name, clock.from_micros(int(starts))


def _round_words(span: RoundSpan, who: Actor, at: dt.datetime) -> str:
    start = clock.moment_words(span.start_at, who.zone, seen_from=at)
    return f"{span.name}, {start} to {clock.time_words(span.close_at, who.zone)}"


# ---------------------------------------------------------------- what was decided


@dataclass(frozen=True)
class GlassLine:
    """One exception in words."""

    id: int
    url: str
    title: str  # "Ben Hale, Lunch round"
    when: str
    by: str
    reason: str
    state: str  # stands, over
    tone: str
    chip: str
    doses: str
    seen: str  # what a manager said, and who and when; empty while nobody has
    may_answer: bool
    since: dt.datetime


def lines(who: Actor) -> list[GlassLine]:
    """Every exception of the last quarter, newest first."""
    at = clock.now()
    found = [g for g in glass_queries.glasses_of(who.home_id) if g.at >= at - SHOWN_FOR]
    given = supervised.counted_under(who.home_id, at - SHOWN_FOR)
    return [line_of(who, g, at, given.get(g.id, 0)) for g in reversed(found)]


def line_of(who: Actor, g: Glass, at: dt.datetime, doses: int) -> GlassLine:
    """One exception in words, with how many doses were given under it."""
    names = staff.names({i for i in (g.person_id, g.by, g.seen_by) if i})
    stands, start = at < g.ends_at, clock.moment_words(g.starts_at, who.zone, seen_from=at)
    until = clock.time_words(g.ends_at, who.zone)
    seen = f"{names.get(g.seen_by, 'Somebody')}, {clock.stamp_words(g.seen_at, who.zone)}" if g.seen_at else ""
    return GlassLine(
        id=g.id,
        url=f"/h/{who.home_slug}/break-glass/{g.id}",
        title=f"{names.get(g.person_id, 'Somebody')}, {g.round_name} round",
        when=f"{start} to {until}",
        by=f"Allowed by {names.get(g.by, 'somebody')}, {clock.stamp_words(g.at, who.zone)}",
        reason=g.reason,
        state="stands" if stands else "over",
        tone="flagged" if stands else "plain",
        chip=f"Stands until {until}" if stands else "Over",
        doses=f"{doses} dose{'' if doses == 1 else 's'} given under it",
        seen=f"{seen}: {g.seen_words}" if seen else "",
        may_answer=g.seen_at is None and may_answer(who, g),
        since=g.at,
    )


def may_answer(who: Actor, g: Glass) -> bool:
    """Whether this person may say what was done: somebody who answers for the home, not who made the exception nor
    whom it is for."""
    return may("glass.answer", who) and who.person_id not in (g.by, g.person_id)


@dataclass(frozen=True)
class GlassDose:
    """One dose given under an exception."""

    words: str
    url: str


def doses(who: Actor, g: Glass) -> list[GlassDose]:
    """What was given under an exception, oldest first."""
    people = {r.id: r for r in residents.residents_at(who.home_id, clock.now())}
    versions = {o.version_id: o for o in orders.orders_of_home(who.home_id)}
    found = []
    for row in supervised.doses_under(who.home_id, g):
        order, person = versions.get(row.order_version_id), people.get(row.resident_id)
        what = words_of.medicine(order) if order else "a medicine"
        given = clock.moment_words(row.given_at, who.zone)
        name, url = (person.name, person.url) if person else ("Somebody", "")
        found.append(GlassDose(f"{name}, {what}, {given}", url))
    return found


def floor_words(who: Actor, at: dt.datetime) -> list[tuple[str, str]]:
    """Exceptions that stand or are still to begin, as the floor board says them: words and address."""
    found = glass_queries.standing_in(who.home_id, at)
    if not found:
        return []
    names = staff.names({i for g in found for i in (g.person_id, g.by)})
    see = may("glass.see", who)
    return [(_floor(g, names, who), f"/h/{who.home_slug}/break-glass/{g.id}" if see else "") for g in found]


def _floor(g: Glass, names: dict[int, str], who: Actor) -> str:
    person, by, until = names.get(g.person_id, "Somebody"), names.get(g.by, "somebody"), g.ends_at
    when = f"in the {g.round_name} round until {clock.time_words(until, who.zone)}"
    return f"{person} gives {when} without being signed off, allowed by {by}"
