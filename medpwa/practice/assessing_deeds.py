"""The only writers of assessments, observed rounds and how they end; inside an open transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from medpwa import clock
from medpwa.competency import deeds as competency
from medpwa.competency import queries as sign_offs
from medpwa.competency.deeds import Key
from medpwa.ledger import Pending, line
from medpwa.permits import Actor
from medpwa.practice import assessing_rules as rules
from medpwa.practice import instrument
from medpwa.practice.assessments import Assessed, Observed, assessed, newest_instrument, stands
from medpwa.practice.models import (
    Assessment,
    AssessmentOutcome,
    AssessmentPart,
    Instrument,
    Observation,
    ObservationDraft,
    ObservationResult,
    ObservationSign,
)


def subject(person_id: int) -> str:
    """Whose history a line about an assessment joins: the person assessed."""
    return competency.subject(person_id)


# ---------------------------------------------------------------- the template


def new_version(by: Actor, body: Mapping[str, Any]) -> Instrument:
    """The next version of the home's template; assessments under way keep theirs."""
    before = newest_instrument(by.home_id)
    return Instrument.create(
        home=by.home_id,
        name=instrument.NAME,
        number=before.number + 1 if before is not None else 1,
        body=dict(body),
        valid_from=clock.now(),
        at=clock.now(),
        by=by.person_id,
    )


# ---------------------------------------------------------------- an assessment


def start(
    by: Actor, assessment_id: str, person_id: int, kind: str, keys: Iterable[Key], booking_id: int | None
) -> tuple[Assessment, list[Pending]]:
    """An assessment begins by the template in force; the first one of a home keeps the shipped template as well."""
    template, rows = newest_instrument(by.home_id), []
    if template is None:
        template = new_version(by, instrument.first())
        rows.append(template)
    made = Assessment.create(
        home=by.home_id,
        assessment_id=assessment_id,
        person=person_id,
        kind=kind,
        skills=[list(key) for key in keys],
        instrument=template.id,
        booking=booking_id,
        assessor=by.person_id,
        at=clock.now(),
        by=by.person_id,
    )
    return made, [line("assess.begin", subject(person_id), made, *rows, kind=kind)]


def add_part(by: Actor, about: Assessed, verb: str, **said: Any) -> tuple[AssessmentPart, Pending]:
    """One part beside the observed rounds."""
    row = AssessmentPart.create(assessment=about.row, at=clock.now(), by=by.person_id, **said)
    return row, line(verb, subject(about.person_id), row, assessment=about.id, part=row.part)


# ---------------------------------------------------------------- an observed round


def observe(by: Actor, about: Assessed, observation_id: str, round_name: str) -> tuple[Observation, Pending]:
    """An assessor begins to watch; the draft of the marks is laid beside it, empty."""
    at = clock.now()
    row = Observation.create(
        assessment=about.row,
        observation_id=observation_id,
        round_name=round_name,
        begun_at=at,
        assessor=by.person_id,
        at=at,
        by=by.person_id,
    )
    ObservationDraft.create(observation=row, marks={}, comments={}, touched_at=at)
    return row, line("assess.observe", subject(about.person_id), row, assessment=about.id, round=round_name)


def frozen_draft(observation_id: int) -> ObservationDraft:
    """The marks as they stand, held until this transaction ends: a tap that comes meanwhile waits and then hears that
    the round has ended."""
    ObservationDraft.update(touched_at=clock.now()).where(ObservationDraft.observation == observation_id).execute()
    return ObservationDraft.get(ObservationDraft.observation == observation_id)


def finish(
    by: Actor,
    about: Observed,
    *,
    marks: Mapping[str, str],
    comments: Mapping[str, str],
    doses: list[int],
    passed: bool,
    abandoned: str = "",
) -> tuple[ObservationResult, Pending]:
    """The round as it was watched, frozen."""
    at = clock.now()
    row = ObservationResult.create(
        observation=about.row,
        ended_at=at,
        marks=dict(marks),
        comments=dict(comments),
        doses=doses,
        passed=passed,
        abandoned=abandoned,
        at=at,
        by=by.person_id,
    )
    about_line = dict(observation=about.id, doses=len(doses), passed=passed, abandoned=bool(abandoned))
    return row, line("assess.observe", subject(about.person_id), row, **about_line)


def sign(
    by: Actor, about: Observed, result: ObservationResult, meaning: str, signer: int, words: str, proven: dt.datetime
) -> tuple[ObservationSign, Pending]:
    """One of the two puts their name to a round; on a colleague's phone the signer proved themselves there."""
    row = ObservationSign.create(
        result=result, meaning=meaning, words=words, proven_at=proven, at=clock.now(), by=signer
    )
    where = dict(observation=about.id, meaning=meaning, on_phone_of=by.person_id if signer != by.person_id else None)
    return row, line("assess.sign", subject(about.person_id), row, **where)


# ---------------------------------------------------------------- how it ends


def conclude(
    by: Actor, about: Assessed, outcome: str, words: str, until: dt.datetime | None, proven: dt.datetime
) -> tuple[AssessmentOutcome, Pending]:
    """The judgement; once an assessment, whoever comes first."""
    row = AssessmentOutcome.create(
        assessment=about.row,
        outcome=outcome,
        words=words,
        valid_until=until,
        proven_at=proven,
        at=clock.now(),
        by=by.person_id,
    )
    return row, line("assess.conclude", subject(about.person_id), row, assessment=about.id, outcome=outcome)


def sign_off(by: Actor, about: Assessed, ends: Mapping[Key, dt.datetime], reason: str) -> Pending:
    """The sign-off that rests on an assessment; each skill counts as long as the home says."""
    rests_on = {"assessment": about.id}
    keys = list(about.keys)
    return competency.set_states(
        by, about.person_id, keys, "competent", valid_from=clock.now(), valid_until=ends, reason=reason,
        evidence=rests_on,
    )  # fmt: skip


def hold_back(by: Actor, about: Assessed, state: str, reason: str) -> list[Pending]:
    """The skills stand as the assessment found them, and the person is told; no older decision signs them off again on
    a later day."""
    now, keys, rests_on = clock.now(), list(about.keys), {"assessment": about.id}
    grants = sign_offs.grants_of(about.home_id, about.person_id)
    ahead = [key for key in keys if any((g.skill, g.resident_id) == key and g.valid_from > now for g in grants)]
    said = []
    if ahead:
        verb = "competency.grant"
        said.append(competency.take_away(by, about.person_id, ahead, state, reason=reason, verb=verb))
    stands_now = competency.set_states(
        by, about.person_id, keys, state, valid_from=now, valid_until=None, reason=reason, evidence=rests_on
    )
    return [*said, stands_now, *competency.tell(by, about.person_id, keys, stands_now, state)]


def progress(by: Actor, row: Assessment) -> list[Pending]:
    """The lines that show, in the skills themselves, how far an assessment has come; none once it has ended."""
    about = assessed(row)
    if about.outcome is not None:
        return []
    return show_progress(by, about, *rules.progress(about.kind, about.needs, about.seen()))


def show_progress(by: Actor, about: Assessed, state: str, reason: str) -> list[Pending]:
    """How the skills stand while the assessment goes on, where that is not written over something stronger and is
    news."""
    wanted = [key for key in about.keys if _is_news(about, key, state, reason)]
    if not wanted:
        return []
    rests_on = {"assessment": about.id}
    return [competency.set_states(
        by, about.person_id, wanted, state, valid_from=clock.now(), valid_until=None, reason=reason, evidence=rests_on
    )]  # fmt: skip


def _is_news(about: Assessed, key: Key, state: str, reason: str) -> bool:
    now = stands(about.home_id, about.person_id, key)
    if rules.taken_away(now.state, now.since, now.until, about.row.at):
        return False
    return rules.overwrites(about.kind, now.state) and (now.state, now.reason) != (state, reason)
