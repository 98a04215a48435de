"""The verbs of the second person on their own phone: asked to see a dose given, and their answer."""

from __future__ import annotations

from medpwa import alerts, clock
from medpwa.action import Done, action
from medpwa.errors import Refused
from medpwa.mar import deeds, intents, judging, queries, witness_deeds, witness_rules, witnesses
from medpwa.mar import words as words_of
from medpwa.mar.intents import Intent
from medpwa.mar.models_after import WitnessAct, WitnessRequest
from medpwa.mar.rules import Reason
from medpwa.mar.tickets import DoseKey
from medpwa.mar.vocabulary import OUTCOMES
from medpwa.medicines import rules as medicines
from medpwa.permits import Actor
from medpwa.residents import queries as residents
from medpwa.residents.queries import ResidentCard


@action("mar.ask_witness", about=residents.resident_of)
def ask_witness(*, by: Actor, about: ResidentCard, resident_id: int, intent: Intent, person_id: int) -> Done:
    """Ask a colleague to see a dose given, on their own phone: judged as giving it is, for what cannot be given needs
    no witness. They get an alert at once. The same asked again is the same; another of the same form is refused."""
    before = witnesses.asked_with(intent.entry_id)
    if before is not None:
        if (before.by, before.asked_person, before.amount) == (by.person_id, person_id, intent.amount):
            return Done(before, replay=True)
        raise Refused("asked_before", "This form asked somebody already. Open the card and ask again.")
    if intent.outcome != "given":
        raise Refused("witness_here", "For this, the witness confirms on your phone. Nothing was asked.")
    at = clock.now()
    dose = intents.judged_give(by, about, intent, at).dose
    if not witness_rules.needed(dose.order):
        raise judging.refused(Reason("no_witness_needed", "This medicine needs no witness."), about.id, intent.key)
    no = witnesses.why_not(by.person_id, person_id, dose.order, at, at)
    if no is not None:
        raise judging.refused(no, about.id, intent.key)
    request, said = witness_deeds.ask(by, dose, intent.entry_id, intent.amount, person_id)
    amount = intent.amount or dose.order.dose_amount
    how_much = f"{medicines.amount_words(amount, dose.order.dose_unit)} of " if amount is not None else ""
    raised = alerts.raise_alert(
        home_id=by.home_id,
        key=f"witness:{intent.entry_id}",
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
    at, key = clock.now(), DoseKey(about.order_line_id, about.due_at)
    dose = queries.dose_of(by, key)
    no = witnesses.why_not_answerable(about, dose.order, at) or _recorded_already(key)
    no = no or witnesses.why_not(about.by, by.person_id, dose.order, at, at)
    if no is not None:
        raise judging.refused(no, dose.order.resident_id, key)
    row, said = witness_deeds.confirm(by, about, dose.order.resident_id)
    return Done(row, [said])


def _recorded_already(key: DoseKey) -> Reason | None:
    if not any(OUTCOMES[e.outcome].given and not e.void for e in queries.entries_of_dose(key)):
        return None
    return Reason("recorded_already", "This dose is recorded as given already. Nothing is left to witness.")
