"""Read-only answers about assessments: what one has shown so far, who may assess, what waits for whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from medpwa import clock
from medpwa.competency import queries as competency
from medpwa.competency import rules as competency_rules
from medpwa.competency.deeds import Key
from medpwa.competency.vocabulary import IN_A_SENTENCE, RESIDENT_SPECIFIC, SKILLS
from medpwa.errors import NotFound, Refused
from medpwa.permits import LEADING_ROLES, Actor, rank
from medpwa.practice import assessing_rules as rules
from medpwa.practice import instrument, instrument_rules
from medpwa.practice.instrument_rules import Needs, Template
from medpwa.practice.models import (
    Assessment,
    AssessmentOutcome,
    AssessmentPart,
    Instrument,
    Observation,
    ObservationResult,
    ObservationSign,
)
from medpwa.staff import queries as staff

ASSESSOR = "assessor"  # a skill of its own where the catalogue has it

# ---------------------------------------------------------------- the template


def newest_instrument(home_id: int, name: str = instrument.NAME) -> Instrument | None:
    """The version of a home's template in force; None until the home first uses one."""
    mine = (Instrument.home == home_id) & (Instrument.name == name) & (Instrument.valid_from <= clock.now())
    return Instrument.select().where(mine).order_by(Instrument.number.desc()).first()


def template_of(home_id: int) -> Template:
    """The template a new assessment follows: the home's own, or the one the product ships."""
    row = newest_instrument(home_id)
    return instrument_rules.read(row.body if row is not None else instrument.first())


# ---------------------------------------------------------------- one assessment


@dataclass(frozen=True)
class RoundFact:
    """An observed round as stored."""

    observation_id: int
    name: str
    begun_at: dt.datetime
    assessor_id: int
    result: ObservationResult | None
    signs: dict[str, ObservationSign]

    @property
    def open(self) -> bool:
        """Still being observed."""
        return self.result is None

    @property
    def signed(self) -> bool:
        """By both."""
        return len(self.signs) == 2

    def seen(self, zone: str) -> rules.RoundSeen:
        """As the rules read it; only for one that has ended."""
        done, day = self.result, clock.local_day(self.begun_at, zone)
        return rules.RoundSeen(self.name, done.marks, done.passed, bool(done.abandoned), self.signed, day)


@dataclass(frozen=True)
class Assessed:
    """One assessment with everything it has shown: what pages and actions are about."""

    row: Assessment
    home_id: int
    person_id: int
    name: str
    kind: str
    keys: tuple[Key, ...]
    template: Template
    parts: tuple[AssessmentPart, ...]
    rounds: tuple[RoundFact, ...]
    outcome: AssessmentOutcome | None

    @property
    def id(self) -> int:
        return self.row.id

    @property
    def needs(self) -> Needs:
        return self.template.needs[self.kind]

    @property
    def skills_words(self) -> str:
        return ", ".join(SKILLS.get(skill, skill) for skill, _ in self.keys)

    @property
    def in_a_sentence(self) -> str:
        return ", ".join(IN_A_SENTENCE.get(skill, skill) for skill, _ in self.keys)

    @property
    def watching(self) -> RoundFact | None:
        """The round being observed just now."""
        return next((r for r in self.rounds if r.open), None)

    def seen(self) -> rules.Seen:
        """What it has shown, as the rules read it."""
        zone = staff.zone_of(self.home_id)
        return rules.Seen(
            knowledge=_newest_pass(self.parts, "knowledge"),
            shadows=sum(1 for p in self.parts if p.part == "shadow"),
            scenarios=_newest_pass(self.parts, "scenario"),
            reflected=any(p.part == "reflection" for p in self.parts) or any(_own_words(r) for r in self.rounds),
            rounds=tuple(r.seen(zone) for r in self.rounds if not r.open),
            watching=self.watching is not None,
        )


def _newest_pass(parts: Iterable[AssessmentPart], kind: str) -> bool | None:
    found = [p.passed for p in parts if p.part == kind]
    return found[-1] if found else None


def _own_words(r: RoundFact) -> bool:
    return "was_observed" in r.signs and bool(r.signs["was_observed"].words.strip())


def assessed(row: Assessment) -> Assessed:
    """Everything about an assessment, read now."""
    return _assessed([row])[0]


def _assessed(rows: list[Assessment]) -> list[Assessed]:
    """The same for several, in their order: a few statements, however many they are."""
    ids = [row.id for row in rows]
    names = staff.names({row.person_id for row in rows})
    bodies = {i.id: i.body for i in Instrument.select().where(Instrument.id.in_({row.instrument_id for row in rows}))}
    templates = {number: instrument_rules.read(body) for number, body in bodies.items()}
    mine = AssessmentPart.assessment.in_(ids)
    parts = _by_assessment(AssessmentPart.select().where(mine).order_by(AssessmentPart.id))
    outcomes = {o.assessment_id: o for o in AssessmentOutcome.select().where(AssessmentOutcome.assessment.in_(ids))}
    rounds = _rounds(ids)
    return [
        Assessed(
            row=row,
            home_id=row.home_id,
            person_id=row.person_id,
            name=names.get(row.person_id, "Somebody"),
            kind=row.kind,
            keys=tuple((skill, resident) for skill, resident in row.skills),
            template=templates[row.instrument_id],
            parts=tuple(parts.get(row.id, ())),
            rounds=tuple(rounds.get(row.id, ())),
            outcome=outcomes.get(row.id),
        )
        for row in rows
    ]


def _by_assessment(rows: Iterable[AssessmentPart] | Iterable[Observation]) -> dict[int, list]:
    """Rows by the assessment they belong to, in their order."""
    found: dict[int, list] = {}
    for row in rows:
        found.setdefault(row.assessment_id, []).append(row)
    return found


def _rounds(assessments: list[int]) -> dict[int, list[RoundFact]]:
    seen = list(Observation.select().where(Observation.assessment.in_(assessments)).order_by(Observation.id))
    ids = [o.id for o in seen]
    results = {r.observation_id: r for r in ObservationResult.select().where(ObservationResult.observation.in_(ids))}
    signs: dict[int, dict[str, ObservationSign]] = {}
    for s in ObservationSign.select().where(ObservationSign.result.in_([r.id for r in results.values()])):
        signs.setdefault(s.result_id, {})[s.meaning] = s
    found = _by_assessment(seen)
    return {number: [_round(o, results.get(o.id), signs) for o in own] for number, own in found.items()}


def _round(o: Observation, result: ObservationResult | None, signs: dict[int, dict[str, ObservationSign]]) -> RoundFact:
    mine = signs.get(result.id, {}) if result is not None else {}
    return RoundFact(o.id, o.round_name, o.begun_at, o.assessor_id, result, mine)


# ---------------------------------------------------------------- loaders


def assessment_of(by: Actor, assessment_number: int, **_: object) -> Assessed:
    """An assessment of the actor's home by its number, else NotFound."""
    if not 0 < assessment_number < staff.HIGHEST_ID:
        raise NotFound()
    row = Assessment.get_or_none((Assessment.id == assessment_number) & (Assessment.home == by.home_id))
    if row is None:
        raise NotFound()
    return assessed(row)


@dataclass(frozen=True)
class Observed:
    """One observed round with the assessment it belongs to."""

    row: Observation
    whole: Assessed
    fact: RoundFact

    @property
    def id(self) -> int:
        return self.row.id

    @property
    def home_id(self) -> int:
        return self.whole.home_id

    @property
    def person_id(self) -> int:
        return self.whole.person_id


def observation_of(by: Actor, observation_number: int, **_: object) -> Observed:
    """An observed round of the actor's home by its number, else NotFound."""
    if not 0 < observation_number < staff.HIGHEST_ID:
        raise NotFound()
    row = Observation.get_or_none(Observation.id == observation_number)
    if row is None or row.assessment.home_id != by.home_id:
        raise NotFound()
    whole = assessed(row.assessment)
    return Observed(row, whole, next(r for r in whole.rounds if r.observation_id == row.id))


def own_observation_of(by: Actor, own_observation: int, **_: object) -> Observed:
    """An observed round of the actor themselves; anybody else's is not there."""
    found = observation_of(by, own_observation)
    if found.person_id != by.person_id:
        raise NotFound()
    return found


def own_assessment_of(by: Actor, own_assessment: int, **_: object) -> Assessed:
    """An assessment of the actor themselves; anybody else's is not there."""
    found = assessment_of(by, own_assessment)
    if found.person_id != by.person_id:
        raise NotFound()
    return found


def of_person(home_id: int, person_id: int) -> list[Assessed]:
    """Every assessment of somebody in a home, newest first."""
    mine = (Assessment.home == home_id) & (Assessment.person == person_id)
    return _assessed(list(Assessment.select().where(mine).order_by(Assessment.id.desc())))


def under_way(home_id: int) -> list[Assessed]:
    """Every assessment of a home that has not ended, oldest first."""
    ended = AssessmentOutcome.select(AssessmentOutcome.assessment)
    mine = (Assessment.home == home_id) & Assessment.id.not_in(ended)
    return _assessed(list(Assessment.select().where(mine).order_by(Assessment.id)))


def with_form(assessment_id: str) -> Assessment | None:
    """The assessment a form made, if it did."""
    return Assessment.get_or_none(Assessment.assessment_id == assessment_id)


def observation_with_form(observation_id: str) -> Observation | None:
    """The observed round a form began, if it did."""
    return Observation.get_or_none(Observation.observation_id == observation_id)


def part_with_form(part_id: str) -> AssessmentPart | None:
    """The part a form made, if it did."""
    return AssessmentPart.get_or_none(AssessmentPart.part_id == part_id)


# ---------------------------------------------------------------- who may assess


def why_not_assessor(
    home_id: int, assessor_id: int, person_id: int, keys: Iterable[Key], at: dt.datetime | None = None
) -> rules.Reason | None:
    """Why somebody cannot assess a person in these skills at a moment (now); None when they can."""
    at = at or clock.now()
    roles, theirs = staff.roles_of(assessor_id, home_id, at), staff.roles_of(person_id, home_id, at)
    return rules.why_not_assessor(
        rules.AssessorFacts(
            is_self=assessor_id == person_id,
            person=staff.names({person_id}).get(person_id, "That person"),
            person_works_here=bool(theirs),
            person_rank=rank(theirs),
            assessor_rank=rank(roles),
            leads=bool(roles & LEADING_ROLES),
            out_of_date=_out_of_date(home_id, assessor_id, keys, at),
            needs_assessor_skill=not _trained(home_id, assessor_id, at),
        )
    )


def _out_of_date(home_id: int, person_id: int, keys: Iterable[Key], at: dt.datetime) -> tuple[str, ...]:
    return tuple(
        IN_A_SENTENCE.get(skill, skill)
        for skill, resident_id in keys
        if not competency.sign_off(home_id, person_id, [skill], resident_id, at).allowed
    )


def _trained(home_id: int, person_id: int, at: dt.datetime) -> bool:
    return ASSESSOR not in SKILLS or competency.sign_off(home_id, person_id, [ASSESSOR], None, at).allowed


def demand(no: rules.Reason | None, person_id: int) -> None:
    """Refused where there is a reason; the attempt joins the history of the person it was about."""
    if no is not None:
        raise Refused(no.code, no.words, about={"subject": f"person:{person_id}"})


def assessors(
    home_id: int, person_id: int, keys: Iterable[Key], at: dt.datetime | None = None
) -> list[tuple[int, str]]:
    """Who may assess a person in these skills at a moment, as (person, words)."""
    keys = tuple(keys)
    return [
        (c.person_id, f"{c.name}, {staff.role_words(c.roles).lower()}")
        for c in staff.colleagues(home_id)
        if c.roles & LEADING_ROLES and why_not_assessor(home_id, c.person_id, person_id, keys, at) is None
    ]


# ---------------------------------------------------------------- skills


def assessable() -> list[str]:
    """Skills a colleague may assess. What a registered professional delegates for one resident, they assess."""
    return [skill for skill in SKILLS if skill not in RESIDENT_SPECIFIC]


def stands(home_id: int, person_id: int, key: Key, at: dt.datetime | None = None) -> competency_rules.SkillState:
    """How one skill of somebody stands at a moment (now)."""
    grants = competency.grants_of(home_id, person_id)
    return competency_rules.state_of(grants, key[0], key[1], at or clock.now(), staff.zone_of(home_id))


def decided(home_id: int, person_id: int, key: Key) -> str | None:
    """The last decision about a skill of somebody, whatever an assessment on its way has written since; None where
    nobody has decided anything."""
    now, (skill, resident_id) = clock.now(), key
    made = [g for g in competency.grants_of(home_id, person_id) if g.state not in rules.LEARNERS]
    found = competency_rules.in_force(made, skill, resident_id, now)
    return found.state if found is not None else None
