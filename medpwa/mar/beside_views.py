"""Pages of giving with somebody beside one: who it is, and their own PIN or password, on the giver's phone. Nothing is
recorded by it; the answer is the card (or the page of a when-required medicine) with the proof in its forms."""

from __future__ import annotations

import datetime as dt

from flask import g, render_template

from medpwa import clock
from medpwa.errors import Invalid, Refused
from medpwa.mar import card, judging, leave, prn, prn_forms, prn_views, proofs, tickets, views, witnesses
from medpwa.mar import words as words_of
from medpwa.mar.outcome_forms import MOST_KEPT, dose_key, number
from medpwa.mar.prn_views import BASE
from medpwa.mar.queries import DueDose
from medpwa.mar.tickets import DoseKey
from medpwa.mar.views import pages
from medpwa.mar.witness_rules import Witnessed
from medpwa.medicines.rules import OrderFacts
from medpwa.pages import once, several
from medpwa.permits import Actor
from medpwa.residents import queries as residents
from medpwa.residents.queries import ResidentCard
from medpwa.staff import phone, pins
from medpwa.staff import queries as staff

CARD = "/h/<home>/residents/<int:resident_id>/card"


@pages.post(f"{CARD}/beside", permit="mar.supervise", about=residents.resident_of, writes=False)
def choose_beside(who, about, resident_id):
    """Who stands beside the giver: a name, then that person's own PIN or password for the lines it counts for."""
    key = dose_key(once("dose"))
    try:
        dose = judging.dose_of(who, about, key)
        return _ask(who, about, dose.order, _on_card(who, about, key), once("person"))
    except Refused as no:
        return _card_again(who, about, key, no)


@pages.post(f"{CARD}/proven", permit="mar.supervise", about=residents.resident_of, writes=False)
def prove_beside(who, about, resident_id):
    """The one beside proves it: the card comes back with their name on its lines."""
    key = dose_key(once("dose"))
    try:
        dose = judging.dose_of(who, about, key)
        doses = _on_card(who, about, key)
        proof = _proven(who, about, dose.order, doses)
    except Invalid as wrong:
        return _ask(who, about, dose.order, doses, once("person"), problems=wrong.errors, status=422)
    except Refused as no:
        return _card_again(who, about, key, no)
    made = card.card_for(who, about, kept=[proof, *several("keep")[:MOST_KEPT]])
    return views.shown_card(who, made)


def _card_again(who: Actor, about: ResidentCard, key: DoseKey, no: Refused):
    """The card with the words of a refusal on its line, and all that was made ready."""
    made = card.card_for(who, about, kept=several("keep")[:MOST_KEPT], notes={str(key): no.words})
    return views.shown_card(who, made, status=no.status, alarm=no.words)


def _on_card(who: Actor, about: ResidentCard, key: DoseKey) -> list[DueDose]:
    """The dose that was tapped, and the others of this card that wait for somebody signed off as well."""
    waiting = [dose_key(x.key) for x in card.card_for(who, about).now if x.may_beside]
    return [judging.dose_of(who, about, k) for k in dict.fromkeys([key, *waiting])]


# ---------------------------------------------------------------- when required


@pages.post(f"{BASE}/beside", permit="mar.supervise", about=residents.resident_of, writes=False)
def prn_choose_beside(who, about, resident_id, prn_id):
    """The same for a when-required medicine."""
    dose = prn.dose_of(who, resident_id, prn_id, clock.now())
    try:
        return _ask(who, about, dose.order, [dose], once("person"), prn_id=prn_id)
    except Refused as no:
        return prn_views.not_recorded(who, about, prn_id, no)


@pages.post(f"{BASE}/proven", permit="mar.supervise", about=residents.resident_of, writes=False)
def prn_prove_beside(who, about, resident_id, prn_id):
    """The one beside proves it: the page of the medicine comes back, to choose and make ready."""
    g.subject = f"resident:{resident_id}"
    dose = prn.dose_of(who, resident_id, prn_id, clock.now())
    try:
        proof = _proven(who, about, dose.order, [dose])
    except Invalid as wrong:
        shown = dict(problems=wrong.errors, status=422, prn_id=prn_id)
        return _ask(who, about, dose.order, [dose], once("person"), **shown)
    except Refused as no:
        return prn_views.not_recorded(who, about, prn_id, no)
    return prn_views.page(who, about, prn_id, typed=prn_forms.typed(), proofs=[proof])


# ---------------------------------------------------------------- what both do


def _ask(
    who: Actor,
    about: ResidentCard,
    order: OrderFacts,
    doses: list[DueDose],
    text: str,
    *,
    prn_id: int | None = None,
    problems: list[tuple[str, str]] | None = None,
    status: int = 200,
):
    """The page that asks who stands there, or asks the one who was chosen to prove it."""
    g.subject, at = f"resident:{about.id}", clock.now()
    _demand_open(who, order, at)
    chosen = _chosen(who, order, text, at)
    mine = _for(who, doses, chosen.person_id, at) if chosen else doses[:1]
    asks_password = chosen is not None and pins.asks_password(phone.phone_here(), chosen.person_id)
    leader = staff.shift_leader(who.home_id)
    return render_template(
        "mar/beside.html",
        resident=about,
        chosen=chosen,
        candidates=[] if chosen else witnesses.tiles(who, lambda i: _fits(who, order, i, at)),
        lines=[(words_of.medicine(d.order), words_of.how(d.order)) for d in mine],
        dose=once("dose") if prn_id is None else "",
        steps_url=f"{about.url}/card" if prn_id is None else f"{about.url}/prn/{prn_id}",
        back_url=f"{about.url}/card" if prn_id is None else f"{about.url}/prn/{prn_id}",
        carried=[*(("keep", text) for text in several("keep")[:MOST_KEPT]), *(prn_forms.chosen() if prn_id else [])],
        asks_password=asks_password,
        leader=leader if leader and leader.person_id != who.person_id else None,
        witness=any(witnesses.witness_rules.needed(d.order) for d in mine),
        problems=problems or [],
        problem=dict(problems or []).get,
    ), status


def _demand_open(who: Actor, order: OrderFacts, at: dt.datetime) -> None:
    """Refused where the giver's own sign-offs leave it closed: what was paused or ended is not opened by company."""
    no = leave.why_not(who.person_id, Witnessed(0, at), order, at)
    if no is not None and no.code == "not_beside_either":
        raise Refused(no.code, no.words)


def _chosen(who: Actor, order: OrderFacts, text: str, at: dt.datetime) -> witnesses.Candidate | None:
    """The one chosen, if they may stand there now; None while nobody is."""
    if not text:
        return None
    no = leave.why_not(who.person_id, Witnessed(number(text), at), order, at)
    if no is not None:
        raise Refused(no.code, no.words)
    return next(iter(witnesses.tiles(who, lambda i: str(i) == text)), None)


def _fits(who: Actor, order: OrderFacts, person_id: int, at: dt.datetime) -> bool:
    return leave.why_not(who.person_id, Witnessed(person_id, at), order, at) is None


def _for(who: Actor, doses: list[DueDose], person_id: int, at: dt.datetime) -> list[DueDose]:
    """The doses this person may stand beside."""
    return [d for d in doses if _fits(who, d.order, person_id, at)]


def _proven(who: Actor, about: ResidentCard, order: OrderFacts, doses: list[DueDose]) -> str:
    """The signed proof, after the one beside typed their own PIN or password. Raises Invalid for a wrong one, Refused
    where they cannot stand there."""
    from medpwa.mar import witness_views

    at = clock.now()
    _demand_open(who, order, at)
    chosen = _chosen(who, order, once("person"), at)
    if chosen is None:
        raise Invalid([("person", "Choose who stands beside you. Nothing is recorded yet.")])
    witness_views.prove(who, chosen.person_id)
    keys = frozenset(_key_of(d) for d in _for(who, doses, chosen.person_id, at))
    return proofs.issue(proofs.Proof(who.person_id, who.home_id, about.id, keys, Witnessed(chosen.person_id, at)))


def _key_of(dose: DueDose) -> DoseKey:
    return tickets.prn_key(dose.order.line_id) if dose.order.kind == "prn" else dose.key
