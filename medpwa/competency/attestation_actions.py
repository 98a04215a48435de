"""The verbs of delegation: a registered professional attests a task on a manager's screen; either side ends it."""

from __future__ import annotations

import datetime as dt

from medpwa import alerts, clock
from medpwa.action import Done, action
from medpwa.competency import attestation_deeds, attestation_rules, attestations, deeds, papers
from medpwa.competency.attestation_rules import Attested
from medpwa.competency.attestation_vocabulary import WITHDRAWN_BY
from medpwa.competency.attestations import AttestationFacts
from medpwa.competency.models import Attestation
from medpwa.competency.vocabulary import IN_A_SENTENCE, RESIDENT_SPECIFIC
from medpwa.errors import Invalid, NotFound
from medpwa.ledger import Pending
from medpwa.permits import Actor
from medpwa.residents import queries as residents
from medpwa.staff import queries as staff
from medpwa.staff.queries import Colleague

LONGEST_REASON = 2000


@action("competency.attest", about=staff.colleague_of)
def attest(*, by: Actor, about: Colleague, person_id: int, said: Attested) -> Done:
    """A registered professional attests one task of one person for one resident. It counts from now (from the day of
    the assessment where it is taken over) and lapses as the review day begins. The same said again is the same."""
    stored = _said_before(by, person_id, said)
    if stored is not None:
        return Done(stored, replay=True)
    _demand_whole(by, about, said)
    start = clock.now()
    if by.kind == "system":
        start = min(start, clock.at_local(said.assessed_on, dt.time(9), by.zone))
    row, line = attestation_deeds.attest(by, person_id, said, start)
    return Done(row, [line])


def _said_before(by: Actor, person_id: int, said: Attested) -> Attestation | None:
    """The same attestation, still standing: a form sent twice."""
    for row in attestations.of_person(by.home_id, person_id):
        alike = (row.skill, row.resident_id, row.register, row.register_number, row.assessed_on, row.review_on)
        wanted = (said.skill, said.resident_id, said.register, said.register_number, said.assessed_on, said.review_on)
        if alike == wanted and attestations.end_of(row.id) is None:
            return row
    return None


def _demand_whole(by: Actor, about: Colleague, said: Attested) -> None:
    faults = attestation_rules.word_faults(said)
    if said.skill not in RESIDENT_SPECIFIC:
        words = "Choose the task from the list: only tasks for one named resident are delegated. Nothing was recorded."
        faults.insert(0, ("skill", words))
    if not about.roles:
        faults.insert(0, ("person", f"{about.name} does not work here now, so nothing can be delegated to them."))
    card = residents.resident_card(by.home_id, said.resident_id)
    if card is None:
        raise NotFound()
    if card.has_left:
        faults.append(("resident", f"{card.name} does not live here any more. Nothing was recorded."))
    number = attestation_rules.number_fault(said.register, said.register_number)
    faults += [("register_number", number)] if number and said.register_number else []
    today, old = clock.local_day(clock.now(), by.zone), by.kind == "system"
    faults += attestation_rules.date_faults(said.assessed_on, said.review_on, today, any_past=old)
    faults += attestation_rules.signature_faults(said)
    if faults:
        raise Invalid(faults)
    papers.demand_here(by, said.paper_id)


@action("competency.withdraw", about=attestations.attestation_of)
def withdraw(*, by: Actor, about: AttestationFacts, attestation_id: int, withdrawn_by: str, reason: str) -> Done:
    """End a delegation now: the person stops with their next request. The one it was delegated to may decline it
    themselves; a manager records who else did. A managers' alert says what somebody declined."""
    if attestations.end_of(attestation_id) is not None:
        return Done(None, replay=True)
    own = about.person_id == by.person_id
    who = "person" if own else withdrawn_by
    if who not in WITHDRAWN_BY:
        raise Invalid([("withdrawn_by", "Choose who withdraws it. Nothing was changed.")])
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise Invalid([("reason", f"Say why, in 1 to {LONGEST_REASON} characters. Nothing was changed.")])
    row = about.row
    said = attestation_deeds.withdraw(by, row, who, reason, ends=attestations.decides(row))
    return Done(None, [said, *(_tell_managers(by, row) if own else [])])


def _tell_managers(by: Actor, row: Attestation) -> list[Pending]:
    card = residents.resident_card(by.home_id, row.resident_id)
    what = f"{IN_A_SENTENCE[row.skill]} for {card.name if card else 'a resident'}"
    return alerts.raise_alert(
        home_id=by.home_id,
        key=f"declined:{row.id}",
        words=f"{by.name} no longer does {what}. Somebody else has to.",
        url=f"/h/{by.home_slug}/competency/attestations/{row.id}",
        to_verb="competency.attest",
        subject=deeds.subject(row.person_id),
    )
