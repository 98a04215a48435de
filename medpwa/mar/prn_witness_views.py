"""Pages of the second person for a when-required dose: chosen and proven on the giver's phone, or
asked on their own."""

from __future__ import annotations

from dataclasses import replace

from flask import g, redirect

from medpwa import clock
from medpwa.errors import Invalid, Refused
from medpwa.mar import (
    outcome_forms,
    prn,
    prn_actions,
    prn_forms,
    prn_intents,
    prn_views,
    witness_actions,
    witness_keeping,
    witness_views,
    witnesses,
)
from medpwa.mar.prn_intents import PrnIntent
from medpwa.mar.prn_views import BASE
from medpwa.mar.queries import DueDose
from medpwa.mar.views import pages
from medpwa.mar.witness_rules import Witnessed
from medpwa.pages import once
from medpwa.residents import queries as residents
from medpwa.residents.queries import ResidentCard


@pages.post(f"{BASE}/witness", permit="prn.record", about=residents.resident_of, writes=False)
def prn_choose_witness(who, about, resident_id, prn_id):
    """Who sees the dose given: a name, then that person's own PIN or password. Nothing is recorded by it."""
    g.subject = f"resident:{resident_id}"
    dose = prn.dose_of(who, resident_id, prn_id, clock.now())
    intent = witness_views.fresh(prn_forms.intent(who, dose.order))
    try:
        prn_intents.judged_give(who, about, intent, dose, clock.now())
        chosen = witness_views.person(who, dose, once("person"), intent.beside)
    except Invalid as wrong:
        return prn_views.invalid(who, about, intent, wrong)
    except Refused as no:
        return _kept(who, about, intent, no)
    return _people(who, about, dose, intent, chosen=chosen)


def _kept(who, about: ResidentCard, intent: PrnIntent, no: Refused):
    """Keep the refused attempt in the ledger, as making ready does; its words come back."""
    try:
        prn_actions.refuse_ready(
            by=who,
            resident_id=about.id,
            line_id=intent.line_id,
            version_id=intent.version_id,
            amount=intent.use.amount,
            beside=intent.beside,
        )
    except Refused as kept:
        no = kept
    return prn_views.not_recorded(who, about, intent.line_id, no)


@pages.post(f"{BASE}/witnessed", permit="prn.record", about=residents.resident_of)
def prn_record_witnessed(who, about, resident_id, prn_id):
    """Record a when-required dose that a second person proves on this phone, just now, that they see given."""
    g.subject = f"resident:{resident_id}"
    dose = prn.dose_of(who, resident_id, prn_id, clock.now())
    intent, person_id = prn_forms.intent(who, dose.order), outcome_forms.number(once("person"))
    try:
        if witnesses.entry_of(intent.entry_id) is None:  # stored already: answered, not proven again
            witness_views.prove(who, person_id)
    except Invalid as wrong:
        chosen = witness_views.person(who, dose, once("person"), intent.beside)
        return _people(who, about, dose, intent, chosen=chosen, problems=wrong.errors, status=422)
    except Refused as no:
        return prn_views.not_recorded(who, about, prn_id, no)
    return prn_views.recorded(who, about, replace(intent, witness=Witnessed(person_id, clock.now())))


@pages.post(f"{BASE}/ask-witness", permit="mar.ask_witness")
def prn_ask_witness(who, resident_id, prn_id):
    """Ask a colleague on their own phone. What was chosen stays with the giver, who records it."""
    about, dose = residents.resident_of(who, resident_id), prn.dose_of(who, resident_id, prn_id, clock.now())
    intent, person_id = prn_forms.intent(who, dose.order), outcome_forms.number(once("person"))
    try:
        request = witness_actions.ask_for_prn(by=who, resident_id=resident_id, intent=intent, person_id=person_id)
    except Invalid as wrong:
        return prn_views.page(who, about, prn_id, status=422, typed=prn_forms.typed(), problems=wrong.errors)
    except Refused as no:
        return prn_views.not_recorded(who, about, prn_id, no)
    witness_keeping.keep_prn(request, intent)
    return redirect(f"/h/{who.home_slug}/witness/{request.id}", 303)


def _people(who, about: ResidentCard, dose: DueDose, intent: PrnIntent, **more):
    sent = {"entry_id": intent.entry_id, "ticket": intent.ticket, "amount": None}  # it is carried as it was typed
    return witness_views.people_page(
        who,
        about,
        dose,
        sent,
        amount=intent.use.amount,
        beside=intent.beside,
        steps_url=f"{about.url}/prn/{intent.line_id}",
        carried=prn_forms.carried(),
        plain=intent.beside is None,
        **more,
    )
