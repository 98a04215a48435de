"""Who could fill a hole of the coverage forecast, and which sign-offs lapse under it. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from medpwa.competency import rules as sign_offs
from medpwa.competency.rules import GrantFact
from medpwa.competency.vocabulary import MAY_GIVE
from medpwa.practice.coverage_rules import Cover, Facts, Hole, Need, Worker, named, only_for
from medpwa.practice.coverage_vocabulary import NO_SECOND, NOBODY, NOBODY_HERE
from medpwa.staff.vocabulary import ON_CALL

LONGEST_WORK = dt.timedelta(hours=12)  # nobody is proposed who would be on the floor for longer
AROUND = dt.timedelta(hours=12)  # counted this far on either side of what they would add
BESIDE = dt.timedelta(minutes=30)  # before the first and after the last dose of a hole


def needs_of(hole: Hole, facts: Facts, cover: Cover) -> tuple[Need, ...]:
    """The needs a hole is made of."""
    if not hole.doses:
        return tuple(
            Need(hole.since, a.skills, a.resident_id, a.second)
            for a in facts.any_time
            if a.starts <= hole.since < a.ends
            and named(hole.part, hole.kind, a.skills, only_for(a))
            == (hole.part, hole.kind, hole.skills, hole.resident_id)
            and cover.lacks(Need(hole.since, a.skills, a.resident_id, a.second), cover.on(hole.since)) == hole.kind
        )
    doses = set(hole.doses)
    here = (n for at in sorted({at for at, _ in doses}) for n in cover.needs_at[at] if (at, n.resident_id) in doses)
    alike = {(n.at, n.skills, n.second, only_for(n)): n for n in here}  # one of those that ask the same
    return tuple(
        n for n in alike.values()
        if cover.lacks(n, cover.on(n.at)) == hole.kind and (hole.kind != NOBODY or n.skills == hole.skills)
    )  # fmt: skip


def work_for(hole: Hole) -> tuple[dt.datetime, dt.datetime]:
    """The least somebody would have to be there for: around the doses, or to the end of the part of the day."""
    if not hole.doses:
        return hole.since, hole.part.ends
    return hole.doses[0][0] - BESIDE, hole.doses[-1][0] + BESIDE


def could_fill(hole: Hole, facts: Facts, cover: Cover, *, call: bool = False) -> tuple[Worker, ...]:
    """Who would close the hole by being on the floor: in date for all of it then, not there already, and not over
    twelve hours with it. Or of those on call then (`call`), who are at home. By name, never by rank."""
    wanted = needs_of(hole, facts, cover)
    return tuple(
        sorted(
            (
                w
                for w in facts.workers
                if _on_call(w, hole, facts) == call and _fills(w.person_id, hole, wanted, cover)
                and (call or not _too_long(w.person_id, hole, facts))
            ),
            key=lambda w: (w.name, w.person_id),
        )
    )  # fmt: skip


def _on_call(worker: Worker, hole: Hole, facts: Facts) -> bool:
    at = hole.since
    return any(d.person_id == worker.person_id and d.kind == ON_CALL and d.starts <= at < d.ends for d in facts.duties)


def _fills(person_id: int, hole: Hole, wanted: Sequence[Need], cover: Cover) -> bool:
    if not wanted or any(person_id in cover.on(n.at) for n in wanted):
        return False
    if hole.kind == NOBODY_HERE:
        return all(cover.able(person_id, n.skills, n.resident_id, n.at) for n in wanted)
    # Who gives what nobody can closes this hole; that a second person is missed too is the other hole's business.
    left = (cover.lacks(n, (*cover.on(n.at), person_id)) for n in wanted)
    return all(x == "" or (x == NO_SECOND and hole.kind == NOBODY) for x in left)


def _too_long(person_id: int, hole: Hole, facts: Facts) -> bool:
    """Whether the hole's own hours, with the duties within twelve hours of them, are more than twelve hours."""
    starts, ends = work_for(hole)
    low, high = starts - AROUND, ends + AROUND
    spans = [(starts, ends)]
    for d in facts.duties:
        if d.person_id == person_id and d.kind != ON_CALL and d.starts < high and d.ends > low:
            spans.append((max(d.starts, low), min(d.ends, high)))
    return _union(spans) > LONGEST_WORK


def _union(spans: Iterable[tuple[dt.datetime, dt.datetime]]) -> dt.timedelta:
    total, reached = dt.timedelta(), None
    for starts, ends in sorted(spans):
        begun = starts if reached is None else max(starts, reached)
        total += max(ends - begun, dt.timedelta())
        reached = ends if reached is None else max(reached, ends)
    return total


# ---------------------------------------------------------------- lapses


@dataclass(frozen=True, slots=True)
class Lapse:
    """A sign-off that ends within the span, of somebody who is on the floor after it."""

    person_id: int
    skill: str
    resident_id: int | None
    until: dt.datetime


def lapses(facts: Facts) -> tuple[Lapse, ...]:
    """Sign-offs that end within the span and before the person's last duty of the span does, soonest first."""
    found = []
    for w in facts.workers:
        last = max((d.ends for d in facts.duties if d.person_id == w.person_id and d.kind != ON_CALL), default=None)
        for g in w.grants:
            until = g.valid_until
            if last and until and facts.start < until < min(last, facts.end) and _lapses(w, g, until, facts.zone):
                found.append(Lapse(w.person_id, g.skill, g.resident_id, until))
    return tuple(sorted(found, key=lambda x: (x.until, x.person_id, x.skill, x.resident_id or 0)))


def _lapses(worker: Worker, grant: GrantFact, until: dt.datetime, zone: str) -> bool:
    """Whether a sign-off holds up to its end, and none follows."""
    key = (worker.grants, grant.skill, grant.resident_id)
    before = sign_offs.state_of(*key, until - dt.timedelta(microseconds=1), zone)
    return before.grant_id == grant.id and before.state in MAY_GIVE and (
        sign_offs.state_of(*key, until, zone).state not in MAY_GIVE
    )
