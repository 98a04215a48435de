"""The doses somebody recorded while they were watched: derived from the record, so that nobody types them again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from medpwa import clock
from medpwa.competency.vocabulary import GIVING
from medpwa.mar import queries as rounds
from medpwa.mar import words as words_of
from medpwa.mar.models import Entry
from medpwa.mar.vocabulary import OUTCOMES
from medpwa.medicines import queries as orders
from medpwa.permits import Actor
from medpwa.practice.assessments import Assessed
from medpwa.practice.models import Observation
from medpwa.residents import queries as residents

MOST = 300  # of one round; a longer one is no round


@dataclass(frozen=True)
class DoseSeen:
    """One dose as the assessor's page shows it."""

    at_words: str
    who: str
    what: str
    outcome: str


def ids_of(who: Actor, person_id: int, seen: Observation) -> list[int]:
    """What belongs to an observed round so far: from the moment somebody began to watch until the round closed. One
    left open over night gathers nothing that nobody watched."""
    running = (s for s in rounds.spans_around(who, seen.begun_at) if s.name == seen.round_name)
    closes = min((s.close_at for s in running if s.close_at > seen.begun_at), default=None)
    return ids_during(who.home_id, person_id, seen.begun_at, closes)


def ids_during(home_id: int, person_id: int, since: dt.datetime, until: dt.datetime | None) -> list[int]:
    """What somebody recorded of their own round between two moments (until now), oldest first. Left out is what nobody
    saw them do then: a dose given before, one that somebody else gave or told of, a correction of an earlier entry."""
    theirs = (Entry.by == person_id) & (Entry.administered_by.is_null() | (Entry.administered_by == person_id))
    theirs &= Entry.given_by.is_null() & (Entry.given_at.is_null() | (Entry.given_at >= since))
    span = (Entry.at >= since) & (Entry.at <= (until or clock.now()))
    mine = (Entry.home == home_id) & Entry.corrects.is_null() & theirs & span
    return [number for (number,) in Entry.select(Entry.id).where(mine).order_by(Entry.id).limit(MOST).tuples()]


def not_shown(about: Assessed) -> tuple[str, ...]:
    """The skills of giving among an assessment's own that no dose of a round which counts asked for: how the person
    gives those, nobody watched."""
    wanted = [skill for skill, _ in about.keys if skill in GIVING]
    counts = (r for r in about.rounds if r.result is not None and r.seen(clock.DEFAULT_ZONE).counts)
    ids = {number for r in counts for number in r.result.doses}
    versions = {o.version_id: o for o in orders.orders_of_home(about.home_id)}
    rows = Entry.select(Entry.order_version).where((Entry.home == about.home_id) & Entry.id.in_(ids)).tuples()
    shown = {skill for (version,) in rows if version in versions for skill in versions[version].required_skills}
    return tuple(skill for skill in wanted if skill not in shown)


def told(home_id: int, zone: str, ids: Sequence[int]) -> list[DoseSeen]:
    """Entries in words, newest first."""
    names = {r.id: r for r in residents.residents_at(home_id, include_left=True)}
    versions = {o.version_id: o for o in orders.orders_of_home(home_id)}
    rows = Entry.select().where((Entry.home == home_id) & Entry.id.in_(list(ids))).order_by(Entry.id.desc())
    return [_told(row, names, versions, zone) for row in rows]


def _told(row: Entry, names, versions, zone: str) -> DoseSeen:
    order, person = versions.get(row.order_version_id), names.get(row.resident_id)
    return DoseSeen(
        at_words=clock.time_words(row.at, zone),
        who=person.name if person is not None else "Somebody who lived here",
        what=words_of.medicine(order) if order is not None else "a medicine",
        outcome=OUTCOMES[row.outcome].word if row.outcome in OUTCOMES else "Struck out",
    )


def counted(ids: Sequence[int]) -> str:
    """How many were recorded, in words."""
    if not ids:
        return "No dose recorded yet"
    return "1 dose recorded" if len(ids) == 1 else f"{len(ids)} doses recorded"
