"""The only writer of attestations: they rest on the sign-off they make, in one line of the ledger."""

from __future__ import annotations

import dataclasses
import datetime as dt

from medpwa import clock
from medpwa.competency import deeds
from medpwa.competency.attestation_rules import Attested
from medpwa.competency.models import Attestation, AttestationEnd
from medpwa.ledger import Pending, line
from medpwa.permits import Actor


def attested_by_words(professional: str, register: str, number: str) -> str:
    """How a sign-off that a professional attested is worded, everywhere: `Attested by Joan Reid, NMC 12A3456E`."""
    return f"Attested by {professional}, {register} {number}"


def attest(by: Actor, person_id: int, said: Attested, valid_from: dt.datetime) -> tuple[Attestation, Pending]:
    """Keep an attestation and the sign-off it makes, which lapses as its review day begins."""
    row = Attestation.create(
        home=by.home_id,
        person=person_id,
        resident=said.resident_id,
        skill=said.skill,
        professional=said.professional,
        register=said.register,
        register_number=said.register_number,
        organisation=said.organisation,
        contact=said.contact,
        task=f"{said.task}\nWritten plan: {said.plan}",
        consent=said.consent,
        stop_conditions=said.stop_conditions,
        assessed_on=said.assessed_on,
        review_on=said.review_on,
        signature={"strokes": said.strokes, "statement": said.statement, "accepted": said.accepted},
        letter=said.paper_id,
        at=clock.now(),
        by=by.person_id,
    )
    granted = deeds.set_states(
        by,
        person_id,
        [(said.skill, said.resident_id)],
        "competent",
        valid_from=valid_from,
        valid_until=clock.at_local(said.review_on, dt.time(), by.zone),
        reason=attested_by_words(said.professional, said.register, said.register_number),
        evidence={"attestation": row.id},
    )
    return row, dataclasses.replace(granted, verb="competency.attest", rows=(row, *granted.rows))


def withdraw(by: Actor, attestation: Attestation, withdrawn_by: str, reason: str, *, ends: bool) -> Pending:
    """End a delegation; with it the sign-off that rests on it, unless another one stands in its place."""
    end = AttestationEnd.create(
        attestation=attestation.id, withdrawn_by=withdrawn_by, reason=reason, at=clock.now(), by=by.person_id
    )
    if not ends:
        return line("competency.withdraw", deeds.subject(attestation.person_id), end)
    key = (attestation.skill, attestation.resident_id)
    words = f"The delegation was withdrawn: {reason}"
    said = deeds.take_away(by, attestation.person_id, [key], "ended", reason=words, verb="competency.withdraw")
    return dataclasses.replace(said, rows=(end, *said.rows))
