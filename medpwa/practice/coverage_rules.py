"""The coverage forecast: duties x sign-offs x doses due gives the holes, and who could fill them. Pure.

Domain page 5.4 (rota check): no dose falls due with nobody on the floor who may give it, and a controlled drug takes
two. Judged by the very rule of the gate (competency.rules), at the moment of each dose: a sign-off that lapses in the
week, or access that ends, counts until then and no longer.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from medpwa import clock
from medpwa.competency import rules as sign_offs
from medpwa.competency.rules import GrantFact
from medpwa.competency.vocabulary import RESIDENT_SPECIFIC
from medpwa.practice.coverage_vocabulary import NIGHT, NO_SECOND, NOBODY, NOBODY_HERE, PARTS
from medpwa.staff import rules as staff
from medpwa.staff.rules import RoleFact
from medpwa.staff.vocabulary import ON_CALL

Ways = tuple[tuple[str, ...], ...]
BRIEF = dt.timedelta(hours=1)  # nobody for what no dose is due for: shorter, it is the seam of two shifts


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody of the home: the roles and sign-offs they hold, held and will hold."""

    person_id: int
    name: str
    roles: tuple[RoleFact, ...]
    grants: tuple[GrantFact, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """Somebody's duty."""

    person_id: int
    starts: dt.datetime
    ends: dt.datetime
    kind: str


@dataclass(frozen=True, slots=True)
class Need:
    """What a dose asks for: all of `skills` from one person on the floor, and where it has `second` another person to
    see it given, who holds one of these sets of skills (mar.witness_rules.ways). `count` doses of one resident that
    fall due together and ask the same are one need."""

    at: dt.datetime
    skills: tuple[str, ...]
    resident_id: int
    second: Ways = ()
    count: int = 1


@dataclass(frozen=True, slots=True)
class AnyTime:
    """What may be needed at any moment of a span: a when-required medicine, a controlled drug, insulin."""

    starts: dt.datetime
    ends: dt.datetime
    skills: tuple[str, ...]
    resident_id: int
    second: Ways = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a forecast depends on."""

    home_id: int
    zone: str
    start: dt.datetime
    end: dt.datetime
    workers: tuple[Worker, ...]
    duties: tuple[Span, ...]
    needs: tuple[Need, ...]
    any_time: tuple[AnyTime, ...] = ()
    care_roles: frozenset[str] = frozenset({"carer"})  # who gives medicines at all


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """A part of a day as one says it: Tuesday night. A night belongs to the day it begins on."""

    starts: dt.datetime
    ends: dt.datetime = field(compare=False)
    day: dt.date = field(compare=False)
    name: str = field(compare=False)

    @property
    def key(self) -> str:
        """Its word in an address."""
        return f"{self.day.isoformat()}-{self.name}"


@dataclass(frozen=True, slots=True)
class Hole:
    """What nobody on the floor can do in a part of a day: for which skills, for whom, when. A hole without doses is one
    at which nothing is due by the clock, from `since` on."""

    part: Part
    kind: str
    skills: tuple[str, ...]
    resident_id: int | None  # of a skill that is for one person
    doses: tuple[tuple[dt.datetime, int], ...]  # when, for whom
    since: dt.datetime


def part_of(at: dt.datetime, zone: str) -> Part:
    """The part of a home's day a moment is in; the hours before the morning belong to the night before."""
    day, time = clock.local_day(at, zone), clock.local(at, zone).time()
    begun = [name for name, starts in PARTS.items() if starts <= time]
    return part_on(day, begun[-1], zone) if begun else part_on(day - dt.timedelta(days=1), NIGHT, zone)


def part_on(day: dt.date, name: str, zone: str) -> Part:
    """A part of a day by its name, as instants: a night in which the clocks change is an hour longer or shorter."""
    names = list(PARTS)
    following = names.index(name) + 1
    last = following == len(names)
    until = PARTS[names[0] if last else names[following]]
    ends = clock.at_local(day + dt.timedelta(days=1) if last else day, until, zone)
    return Part(clock.at_local(day, PARTS[name], zone), ends, day, name)


# ---------------------------------------------------------------- who can


class Cover:
    """Who is on the floor and who may do what at a moment of a forecast; each question answered once."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.workers = {w.person_id: w for w in facts.workers}
        self._able: dict[tuple, bool] = {}
        self.needs_at: dict[dt.datetime, list[Need]] = defaultdict(list)
        for need in facts.needs:
            self.needs_at[need.at].append(need)
        self._floor: dict[tuple[dt.datetime, bool], tuple[int, ...]] = {}

    def on(self, at: dt.datetime, *, call: bool = False) -> tuple[int, ...]:
        """Who is on the floor at a moment, or on call: their access has not ended by then."""
        key = (at, call)
        if key not in self._floor:
            there = {
                d.person_id for d in self.facts.duties if (d.kind == ON_CALL) == call and d.starts <= at < d.ends
            }
            self._floor[key] = tuple(sorted(p for p in there if self._has_access(p, at)))
        return self._floor[key]

    def _has_access(self, person_id: int, at: dt.datetime) -> bool:
        worker = self.workers.get(person_id)
        if worker is None:
            return False
        return bool(staff.roles_in_force(worker.roles, self.facts.home_id, at) & self.facts.care_roles)

    def able(self, person_id: int, skills: tuple[str, ...], resident_id: int, at: dt.datetime) -> bool:
        """Whether somebody may do all of this for a resident at a moment."""
        whose = resident_id if for_one(skills, ()) else None
        key = (person_id, skills, whose, at)
        if key not in self._able:
            worker = self.workers[person_id]
            verdict = sign_offs.signed_off(worker.grants, skills, resident_id, at, self.facts.zone)
            self._able[key] = verdict.allowed and self._has_access(person_id, at)
        return self._able[key]

    def lacks(self, need: Need, people: Iterable[int]) -> str:
        """What is missing with these people on the floor: empty when nothing is."""
        people = tuple(people)
        givers = [p for p in people if self.able(p, need.skills, need.resident_id, need.at)]
        if not givers:
            return NOBODY if people else NOBODY_HERE
        if not need.second:
            return ""
        seeing = {p for p in people if self._sees(p, need)}
        return "" if any(seeing - {giver} for giver in givers) else NO_SECOND

    def _sees(self, person_id: int, need: Need) -> bool:
        return any(self.able(person_id, skills, need.resident_id, need.at) for skills in need.second)


# ---------------------------------------------------------------- holes


def known_until(facts: Facts) -> dt.datetime:
    """Until when duties are recorded: of the time after nothing is said, since nobody has planned it yet."""
    floor = [d.ends for d in facts.duties if d.kind != ON_CALL]
    return min(facts.end, max(floor, default=facts.start))


def holes(facts: Facts, cover: Cover | None = None) -> tuple[Hole, ...]:
    """Every hole of the span up to where duties are recorded, in order of time, doses before what may be needed."""
    cover, until = cover or Cover(facts), known_until(facts)
    found: dict[tuple, list[tuple[dt.datetime, int]]] = {}
    parts: dict[dt.datetime, Part] = {}
    answers: dict[tuple, str] = {}
    for need in facts.needs:
        if not facts.start <= need.at < until:
            continue
        whose = only_for(need)
        asked = (need.at, need.skills, need.second, whose)
        if asked not in answers:
            answers[asked] = cover.lacks(need, cover.on(need.at))
        kind = answers[asked]
        if kind:
            part = parts.setdefault(need.at, part_of(need.at, facts.zone))
            found.setdefault(named(part, kind, need.skills, whose), []).extend(_doses(need))
    at_doses = [Hole(*key, tuple(sorted(doses)), min(doses)[0]) for key, doses in found.items()]
    return tuple(sorted([*at_doses, *_at_any_time(facts, cover, until, set(found))], key=_order))


def _doses(need: Need) -> list[tuple[dt.datetime, int]]:
    return [(need.at, need.resident_id)] * need.count


def only_for(wanted: Need | AnyTime) -> int | None:
    """The resident a need is for, where it asks for a skill that is for one resident."""
    return wanted.resident_id if for_one(wanted.skills, wanted.second) else None


@lru_cache(maxsize=1024)
def for_one(skills: tuple[str, ...], second: Ways) -> bool:
    """Whether some of these skills are signed off for one named resident."""
    return not RESIDENT_SPECIFIC.isdisjoint({*skills, *(s for way in second for s in way)})


def named(part: Part, kind: str, skills: tuple[str, ...], whose: int | None) -> tuple:
    """What is one hole: where nobody is there at all, all doses of the part together; a second person is missed for
    all controlled drugs alike."""
    if kind == NOBODY_HERE:
        return (part, kind, (), None)
    if kind == NO_SECOND:
        return (part, kind, (), None)
    return (part, kind, skills, whose if for_one(skills, ()) else None)


def _order(hole: Hole) -> tuple:
    return (hole.part.starts, (NOBODY_HERE, NOBODY, NO_SECOND).index(hole.kind), hole.since, hole.skills,
            hole.resident_id or 0)  # fmt: skip


def _at_any_time(facts: Facts, cover: Cover, until: dt.datetime, said: set[tuple]) -> Iterable[Hole]:
    """What nobody could do although no dose is due: asked at every moment at which something changes, and only while
    somebody is on the floor. What a dose of the same part says already is not said twice, and the seam of two shifts
    is no hole."""
    missing: dict[tuple, set[tuple[dt.datetime, dt.datetime]]] = {}
    changes = _changes(facts, until)
    following_ones = [*changes[1:], until]
    for wanted in facts.any_time:
        for at, following in zip(changes, following_ones, strict=False):
            if not wanted.starts <= at < wanted.ends or not cover.on(at):
                continue
            kind = cover.lacks(Need(at, wanted.skills, wanted.resident_id, wanted.second), cover.on(at))
            if kind:
                key = named(part_of(at, facts.zone), kind, wanted.skills, only_for(wanted))
                missing.setdefault(key, set()).add((at, following))
    return [
        Hole(*key, (), min(spans)[0])
        for key, spans in missing.items()
        if key not in said and sum((end - start for start, end in spans), dt.timedelta()) >= BRIEF
    ]


def _changes(facts: Facts, until: dt.datetime) -> list[dt.datetime]:
    """Moments from which on the answer may be another: the parts of days, duties, sign-offs, access, orders."""
    moments = {facts.start, *(m for d in facts.duties for m in (d.starts, d.ends))}
    moments |= {m for w in facts.workers for g in w.grants for m in (g.valid_from, g.valid_until) if m}
    moments |= {m for w in facts.workers for r in w.roles for m in (r.valid_from, r.valid_until) if m}
    moments |= {m for a in facts.any_time for m in (a.starts, a.ends)}
    part = part_of(facts.start, facts.zone)
    while part.starts < until:
        moments.add(part.starts)
        part = part_of(part.ends, facts.zone)
    return sorted(m for m in moments if facts.start <= m < until)
