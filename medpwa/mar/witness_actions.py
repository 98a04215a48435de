"""The verbs of the second person on their own phone: asked to see a dose given, and their answer."""

from __future__ import annotations

from decimal import Decimal

from medpwa import alerts, clock
from medpwa.action import Done, action
from medpwa.errors import Refused
from medpwa.mar import (
    deeds,
    intents,
    judging,
    prn,
    prn_intents,
    queries,
    states,
    witness_deeds,
    witness_rules,
    witnesses,
)
from medpwa.mar import words as words_of
from medpwa.mar.intents import Intent
from medpwa.mar.models_after import WitnessAct, WitnessRequest
from medpwa.mar.prn_intents import PrnIntent
from medpwa.mar.prn_rules import GIVEN_NOW
from medpwa.mar.queries import DueDose
from medpwa.mar.rules import Reason
from medpwa.mar.tickets import DoseKey
from medpwa.medicines import rules as medicines
from medpwa.permits import Actor
from medpwa.residents import queries as residents
from medpwa.residents.queries import ResidentCard


@action("mar.ask_witness", about=residents.resident_of)
def ask_witness(*, by: Actor, about: ResidentCard, resident_id: int, intent: Intent, person_id: int) -> Done:
    """Ask a colleague to see a dose given, on their own phone: judged as giving it is, for what cannot be given needs
    no witness. They get an alert at once. The same asked again is the same; another of the same form is refused."""
    before = _asked_before(by, intent.entry_id, person_id, intent.amount)
    if before is not None:
        return Done(before, replay=True)
    _demand_asked(intent, ("given",))
    dose = intents.judged_give(by, about, intent, clock.now()).dose
    return _ask(by, about, dose, intent.entry_id, intent.amount, person_id)


@action("mar.ask_witness", about=residents.resident_of)
def ask_for_prn(*, by: Actor, about: ResidentCard, resident_id: int, intent: PrnIntent, person_id: int) -> Done:
    """The same for a when-required dose. What else was chosen of it stays with the giver until they record it."""
    before = _asked_before(by, intent.entry_id, person_id, intent.use.amount)
    if before is not None:
        return Done(before, replay=True)
    _demand_asked(intent, GIVEN_NOW)
    at = clock.now()
    dose = prn.dose_of(by, resident_id, intent.line_id, at)
    prn_intents.judged_give(by, about, intent, dose, at)
    return _ask(by, about, dose, intent.entry_id, intent.use.amount, person_id)


def _asked_before(by: Actor, entry_id: str, person_id: int, amount: Decimal | None) -> WitnessRequest | None:
    before = witnesses.asked_with(entry_id)
    if before is None or (before.by, before.asked_person, before.amount) == (by.person_id, person_id, amount):
        return before
    raise Refused("asked_before", "This form asked somebody already. Open the card and ask again.")


def _demand_asked(intent: Intent | PrnIntent, asked: tuple[str, ...]) -> None:
    """Who stands beside a giver not signed off proved it on this phone: a witness asked elsewhere would not meet it."""
    if intent.outcome not in asked or intent.beside is not None:
        raise Refused("witness_here", "For this, the witness confirms on your phone. Nothing was asked.")


def _ask(
    by: Actor, about: ResidentCard, dose: DueDose, entry_id: str, amount: Decimal | None, person_id: int
) -> Done:
    at = clock.now()
    if not witness_rules.needed(dose.order):
        raise judging.refused(Reason("no_witness_needed", "This medicine needs no witness."), about.id, dose.key)
    no = witnesses.why_not(by.person_id, person_id, dose.order, at, at)
    if no is not None:
        raise judging.refused(no, about.id, dose.key)
    request, said = witness_deeds.ask(by, dose, entry_id, amount, person_id)
    amount = amount or dose.order.dose_amount
    how_much = f"{medicines.amount_words(amount, dose.order.dose_unit)} of " if amount is not None else ""
    raised = alerts.raise_alert(
        home_id=by.home_id,
        key=f"witness:{entry_id}",
        words=f"{by.name} asks you to witness {how_much}{words_of.medicine(dose.order)} for {about.name}, "
        f"{about.room_words}.",
        url=f"/h/{by.home_slug}/witness/{request.id}",
        to_verb="mar.witness",
        to_person=person_id,
        subject=deeds.subject(about.id),
        raised_by=by.person_id,
    )
    return Done(request, [said, *raised])


@action("mar.witness", about=witnesses.request_of)
def confirm(*, by: Actor, about: WitnessRequest, request_id: int) -> Done:
    """A witness's own answer, after they proved who they are: they see this dose given. Once; the same again is the
    same. Whether it still holds is judged again when the dose is recorded."""
    if by.person_id != about.asked_person:
        raise Refused("own_witness", "You cannot witness what you give yourself. A second person must see it given.")
    stored = WitnessAct.get_or_none(WitnessAct.request == about)
    if stored is not None:
        return Done(stored, replay=True)
    at = clock.now()
    dose = witnesses.dose_asked(by, about, at)
    no = witnesses.why_not_answerable(about, dose.order, at) or _recorded_already(about)
    no = no or witnesses.why_not(about.by, by.person_id, dose.order, at, at)
    if no is not None:
        raise judging.refused(no, dose.order.resident_id, dose.key)
    row, said = witness_deeds.confirm(by, about, dose.order.resident_id)
    return Done(row, [said])


def _recorded_already(about: WitnessRequest) -> Reason | None:
    if about.due_at is None:
        recorded = witnesses.entry_of(about.entry_id) is not None
    else:
        recorded = bool(states.gives(queries.entries_of_dose(DoseKey(about.order_line_id, about.due_at))))
    if not recorded:
        return None
    return Reason("recorded_already", "This dose is recorded as given already. Nothing is left to witness.")
