"""What a sign-off rests on, in words: an assessment and who held it, a professional's attestation, a paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from medpwa import clock
from medpwa.competency.models import Attestation, EvidenceFile
from medpwa.practice import instrument_rules
from medpwa.practice.giving_rules import Dated
from medpwa.practice.instrument_rules import Needs
from medpwa.practice.models import (
    Assessment,
    AssessmentOutcome,
    Instrument,
    Observation,
    ObservationResult,
    ObservationSign,
)
from medpwa.staff import queries as staff


@dataclass(frozen=True)
class Held:
    """An assessment as an audit asks about it: who held it, when it was signed, and its observed rounds."""

    id: int
    assessor: int
    signed_at: dt.datetime | None
    rounds: int  # passed, and signed by both
    needed: int
    kind: str


@dataclass(frozen=True)
class Rests:
    """Who stands for a sign-off, and on what it rests. `found` is false where nothing was kept."""

    assessor: str
    words: str
    found: bool = True


def assessments_of(home_id: int) -> dict[int, Held]:
    """Every assessment of a home with its observed rounds, by id."""
    signed = _rounds_signed(home_id)
    at = {
        assessment: when
        for assessment, when in AssessmentOutcome.select(AssessmentOutcome.assessment, AssessmentOutcome.at)
        .join(Assessment)
        .where(Assessment.home == home_id)
        .tuples()
    }
    rows, asked = list(Assessment.select().where(Assessment.home == home_id)), _templates(home_id)
    return {
        a.id: Held(
            id=a.id,
            assessor=a.assessor_id,
            signed_at=at.get(a.id),
            rounds=signed.get(a.id, 0),
            needed=asked[a.instrument_id][a.kind].rounds,
            kind=a.kind,
        )
        for a in rows
    }


def _templates(home_id: int) -> dict[int, Mapping[str, Needs]]:
    """What every version of a home's template asks for, by kind of assessment."""
    rows = Instrument.select(Instrument.id, Instrument.body).where(Instrument.home == home_id)
    return {number: instrument_rules.read(body).needs for number, body in rows.tuples()}


def _rounds_signed(home_id: int) -> dict[int, int]:
    """Observed rounds that were passed and signed by both, by assessment."""
    names: dict[int, set[str]] = {}
    signs = ObservationSign.select(ObservationSign.result, ObservationSign.meaning)
    mine = signs.join(ObservationResult).join(Observation).join(Assessment).where(Assessment.home == home_id)
    for result, meaning in mine.tuples():
        names.setdefault(result, set()).add(meaning)
    both = {result for result, said in names.items() if len(said) == 2}
    found: dict[int, int] = {}
    rows = ObservationResult.select(ObservationResult.id, Observation.assessment).join(Observation).join(Assessment)
    passed = ObservationResult.passed & (ObservationResult.abandoned == "")
    for result, assessment in rows.where((Assessment.home == home_id) & passed).tuples():
        if result in both:
            found[assessment] = found.get(assessment, 0) + 1
    return found


class Papers:
    """What the sign-offs of a home rest on, read once for a page."""

    def __init__(self, home_id: int, zone: str) -> None:
        self._zone = zone
        self.assessments = assessments_of(home_id)
        attested = Attestation.select().where(Attestation.home == home_id)
        self._attested = {a.id: a for a in attested}
        kept = EvidenceFile.select(EvidenceFile.id, EvidenceFile.name).where(EvidenceFile.home == home_id)
        self._files = dict(kept.tuples())
        self._names: dict[int, str] = {}

    def rests(self, grant: Dated) -> Rests:
        """Who stands for a stored sign-off and what it rests on."""
        kept: Mapping[str, int] = grant.evidence or {}
        held = self.assessments.get(kept.get("assessment", 0))
        if held is not None:
            words = f"{held.rounds} of {held.needed} observed rounds signed by both"
            if held.signed_at is None:
                return Rests(self._name(held.assessor), "Assessment under way")
            day = clock.date_words(clock.local_day(held.signed_at, self._zone))
            return Rests(self._name(held.assessor), f"Assessment of {day}: {words}")
        attested = self._attested.get(kept.get("attestation", 0))
        if attested is not None:
            number = f"{attested.register} {attested.register_number}"
            return Rests(attested.professional, f"Attested by {attested.professional}, {number}")
        name = self._files.get(kept.get("evidence_file", 0))
        if name is not None:
            return Rests(self._name(grant.by), f"Paper kept: {name}")
        return Rests(self._name(grant.by), "Nothing was kept with it", found=False)

    def _name(self, person_id: int | None) -> str:
        if person_id is None:
            return "Taken over when the home began with Steady"
        if person_id not in self._names:
            self._names |= staff.names({person_id})
        return self._names.get(person_id, "somebody")
