"""Pages of the second person: chosen and proven on the giver's phone, or asked and answering on their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar

from flask import g, redirect, render_template

from medpwa import clock
from medpwa.errors import BadRequest, Invalid, NotFound, Refused
from medpwa.mar import (
    intents,
    judging,
    letters,
    outcome_forms,
    prn_actions,
    queries,
    recording,
    tickets,
    witness_actions,
    witness_keeping,
    witnesses,
)
from medpwa.mar import words as words_of
from medpwa.mar.intents import Intent
from medpwa.mar.models_after import WitnessRequest
from medpwa.mar.prn_intents import PrnIntent
from medpwa.mar.queries import DueDose
from medpwa.mar.views import MOST_LINES, pages
from medpwa.mar.witness_rules import ASKED_LASTS, Witnessed
from medpwa.medicines import rules as medicines
from medpwa.pages import once, several, telling
from medpwa.permits import Actor
from medpwa.residents import queries as residents
from medpwa.residents.queries import ResidentCard
from medpwa.staff import lock, phone, pins, signin
from medpwa.staff import queries as staff

A_TICK = dt.timedelta(microseconds=1)
AnIntent = TypeVar("AnIntent", Intent, PrnIntent)
ASKED_HERE = frozenset({"amount", "advised"})  # what the page that asks for a witness asks for beside a name
FIRST_PASSWORD = "A password somebody else set proves nothing yet. They sign in with it once and choose their own."


# ---------------------------------------------------------------- on the giver's phone


@pages.post(
    "/h/<home>/residents/<int:resident_id>/card/witness", permit="mar.record", about=residents.resident_of, writes=False
)
def choose_witness(who, about, resident_id):
    """Who sees the dose given: the amount, then a name, then that person's own PIN or password, or a request to their
    own phone. Nothing is recorded by it."""
    return ask_who(who, about, outcome_forms.intent(who))


def ask_who(who: Actor, about: ResidentCard, intent: Intent) -> tuple[str, int]:
    """The page that asks who sees it given, or asks the one who was chosen to prove it."""
    intent = fresh(intent)
    try:
        dose = intents.judged_give(who, about, intent, clock.now()).dose
    except Invalid as wrong:
        dose, wants = judging.dose_of(who, about, intent.key), dict(wrong.errors)
        no_choice = "amount" in wants and not letters.amounts_due(dose.order, dose.times.due_at, who.zone)
        if intent.outcome != "given" or no_choice or not set(wants) <= ASKED_HERE:
            raise
        problems = wrong.errors if once("person") or once("amount") else []
        asks = "advised" in wants
        return _page(who, about, dose, intent, problems=problems, asks=asks, status=422 if problems else 200)
    except Refused as no:
        raise _refused(who, about.id, intent, no) from None
    return _page(who, about, dose, intent, chosen=person(who, dose, once("person"), intent.beside))


def _refused(who, resident_id: int, intent: Intent, no: Refused) -> Refused:
    """Keep the attempt, and answer with its words."""
    try:
        recording.refuse_ready(
            by=who, resident_id=resident_id, key=intent.key, version_id=intent.version_id, beside=intent.beside
        )
    except Refused as kept:
        return kept
    return no


def fresh(intent: AnIntent) -> AnIntent:
    """The same form where it may lead to a new request: one that asked somebody already asks the next under a ticket
    one tick older, which is the same moment to anybody."""
    ticket = tickets.read(intent.ticket)
    for _ in range(20):
        if ticket is None or witnesses.asked_with(intent.entry_id) is None:
            break
        ticket = replace(ticket, prepared_at=ticket.prepared_at - A_TICK)
        text = tickets.issue(ticket)
        intent = replace(intent, ticket=text, entry_id=tickets.entry_id(text))
    return intent


def person(
    who: Actor, dose: DueDose, text: str, beside: Witnessed | None = None
) -> witnesses.Candidate | None:
    """The witness chosen, if they may be it; None while nobody is. Who stands `beside` the giver is not."""
    if not text:
        return None
    if beside is not None and text == str(beside.person_id):
        name = staff.names({beside.person_id}).get(beside.person_id, "That person")
        words = f"{name} stands beside you, so cannot be the witness as well. A third person must see it given."
        raise Refused("third_person", words)
    found = {str(c.person_id): c for c in witnesses.candidates(who, dose.order)}
    if text not in found:
        raise Refused("witness_not_signed_off", "That person cannot witness this now. Choose somebody else.")
    return found[text]


def _page(who, about: ResidentCard, dose: DueDose, intent: Intent, *, asks: bool = False, **more):
    carried = outcome_forms.carried(several("keep")[:MOST_LINES])
    return people_page(
        who,
        about,
        dose,
        intent,
        amount=intent.amount,
        steps_url=f"{about.url}/card",
        carried=[(n, v) for n, v in carried if not (asks and n == "given-advised")],
        plain=intent.outcome == "given" and intent.beside is None,
        beside=intent.beside,
        amounts=letters.amounts_due(dose.order, dose.times.due_at, who.zone) if intent.outcome == "given" else (),
        asks=asks,
        advised=once("given-advised")[:400] if asks else "",
        **more,
    )


def people_page(
    who: Actor,
    about: ResidentCard,
    dose: DueDose,
    sent: object,
    *,
    amount: Decimal | None,
    beside: Witnessed | None = None,
    chosen: witnesses.Candidate | None = None,
    problems: Iterable[tuple[str, str]] = (),
    status: int = 200,
    **more: object,
) -> tuple[str, int]:
    """Who may see a dose given, or the one who was chosen, to prove it. `sent` is the form it goes on with (entry_id,
    ticket, amount), `amount` what is given in all; `more` has the steps_url, where its own addresses begin, and what
    is carried."""
    g.subject = f"resident:{about.id}"
    leader = staff.shift_leader(who.home_id)
    return render_template(
        "mar/witness.html",
        resident=about,
        dose=_told(who, dose, amount),
        intent=sent,
        amounts_words=dose.order.dose_choice,
        candidates=[] if chosen else witnesses.candidates(who, dose.order, beside),
        beside_name=staff.names({beside.person_id}).get(beside.person_id, "") if beside else "",
        chosen=chosen,
        leader=leader if leader and leader.person_id != who.person_id else None,
        asks_password=chosen is not None and pins.asks_password(phone.phone_here(), chosen.person_id),
        problems=list(problems),
        problem=dict(problems).get,
        card_url=f"{about.url}/card",
        **more,
    ), status


@pages.post("/h/<home>/residents/<int:resident_id>/card/witnessed", permit="mar.record", about=residents.resident_of)
def record_witnessed(who, about, resident_id):
    """Record a dose that a second person proves on this phone, just now, that they see given."""
    from medpwa.mar import views

    intent, keep = outcome_forms.intent(who), several("keep")[:MOST_LINES]
    person_id = outcome_forms.number(once("person"))
    intent = replace(intent, witness=Witnessed(person_id, clock.now()))
    try:
        if witnesses.entry_of(intent.entry_id) is None:  # stored already: answered, not proven again
            prove(who, person_id)
        stored = recording.record(by=who, resident_id=resident_id, intent=intent)
    except Invalid as wrong:
        dose = judging.dose_of(who, about, intent.key)
        chosen = person(who, dose, once("person"), intent.beside)
        return _page(who, about, dose, intent, chosen=chosen, problems=wrong.errors, status=422)
    except Refused as no:
        return views.refused_outcome(who, resident_id, intent, no, keep)
    return views.after_recording(who, resident_id, keep, [stored])


def prove(who: Actor, person_id: int) -> None:
    """Hold somebody who is not signed in here to their own PIN, where their password was used on this phone once, else
    to their password. Counted and throttled as signing in is. Raises Invalid for a wrong one, Refused after many."""
    facts, on = staff.person_facts(person_id), phone.phone_here()
    if facts is None or not staff.roles_of(person_id, who.home_id):
        raise Refused("witness_gone", "That person has no role in this home now. Choose somebody else.")
    if not pins.asks_password(on, person_id):
        typed = pins.typed_pin()
        if not typed:
            raise Invalid([("pin", f"{facts.name} types their own PIN here. Nothing is recorded yet.")])
        return pins.check(on, person_id, typed)
    password = signin.typed_password()
    if not password:
        raise Invalid([("password", f"{facts.name} types their own password here. Nothing is recorded yet.")])
    if signin.must_change(person_id):
        raise Refused("first_password", FIRST_PASSWORD)
    _check_password(facts.username, password)


def _check_password(username: str, password: str) -> None:
    try:
        signin.check(username, password)
    except Refused as no:
        if no.code != "wrong":
            raise
        raise Invalid([("password", "That is not their password. Nothing is recorded yet; try again.")]) from None


@pages.post("/h/<home>/residents/<int:resident_id>/card/ask-witness", permit="mar.ask_witness")
def ask_witness(who, resident_id):
    """Ask a colleague on their own phone."""
    intent, person_id = outcome_forms.intent(who), outcome_forms.number(once("person"))
    request = witness_actions.ask_witness(by=who, resident_id=resident_id, intent=intent, person_id=person_id)
    witness_keeping.keep(request, {"extra": dict(intent.extra)})
    return redirect(f"/h/{who.home_slug}/witness/{request.id}", 303)


# ---------------------------------------------------------------- a request


@dataclass(frozen=True)
class Told:
    """A dose as the second person must see it: nothing else of the card."""

    medicine: str
    how: str
    how_much: str
    due: str


def _told(who, dose: DueDose, amount) -> Told:
    order = dose.order
    return Told(
        medicine=words_of.medicine(order),
        how=words_of.how(order),
        how_much=medicines.amount_words(amount, order.dose_unit) if amount is not None else "",
        due="" if order.kind == "prn" else clock.moment_words(dose.times.due_at, who.zone),
    )


@dataclass(frozen=True)
class Standing:
    """A request as a screen shows it. `state` is one of asked, confirmed, recorded, over."""

    state: str
    words: str

    @property
    def waiting(self) -> bool:
        """Somebody still has to do something."""
        return self.state in ("asked", "confirmed")


def _standing(who, request: WitnessRequest, dose: DueDose | None) -> Standing:
    names = staff.names({request.asked_person, request.by})
    asked, giver = names.get(request.asked_person, "somebody"), names.get(request.by, "somebody")
    entry = witnesses.entry_of(request.entry_id)
    if entry is not None:
        when = clock.time_words(entry.at, who.zone)
        return Standing("recorded", f"Recorded {when} by {giver}, witnessed by {asked}.")
    at = clock.now()
    no = witnesses.why_not_answerable(request, dose.order, at) if dose is not None else witnesses.GONE
    if no is not None:
        return Standing("over", no.words)
    answer = witnesses.answer_of(request.id)
    until = clock.time_words(request.at + ASKED_LASTS, who.zone)
    if answer is None:
        return Standing("asked", f"{asked} was asked {clock.time_words(request.at, who.zone)}. It holds until {until}.")
    return Standing("confirmed", f"{asked} confirmed {clock.time_words(answer.at, who.zone)}. It holds until {until}.")


def _dose_of(who, request: WitnessRequest) -> DueDose | None:
    try:
        return witnesses.dose_asked(who, request, clock.now())
    except NotFound:
        return None


@pages.get("/h/<home>/witness/<int:request_id>", permit="mar.witness", about=witnesses.request_of)
def request_page(who, about, request_id):
    """A request for a witness, for the one who gives and the one who was asked."""
    return _request_page(who, about)


def _ask_of(who, resident: ResidentCard, dose: DueDose) -> str:
    """Whom to ask before it is given, and why; empty where nobody must be asked."""
    if dose.order.kind == "prn":
        return ""
    at = clock.now()
    state = judging.state_of(who, resident, dose, queries.entries_of_dose(dose.key), at)
    return judging.give_facts(who, resident, dose, state, at).ask


def _request_page(who, about: WitnessRequest, problems=(), status: int = 200):
    dose = _dose_of(who, about)
    order = dose.order if dose else witnesses.order_of(who, about)
    resident = residents.resident_card(who.home_id, order.resident_id)
    g.subject = f"resident:{resident.id}"
    asks = _ask_of(who, resident, dose) if dose and about.by == who.person_id else ""
    said = _asked_first(about) if asks else {}
    told = _told(who, dose, about.amount) if dose else Told(words_of.medicine(order), words_of.how(order), "", "")
    names = staff.names({about.asked_person, about.by})
    return render_template(
        "mar/witness_request.html",
        resident=resident,
        dose=told,
        giver=names.get(about.by, "somebody"),
        asked=names.get(about.asked_person, "somebody"),
        mine=about.by == who.person_id,
        ask="" if said and not problems else asks,
        asked_first=said.get("advised", ""),
        advised=once("given-advised")[:400],
        standing=_standing(who, about, dose),
        url=f"/h/{who.home_slug}/witness/{about.id}",
        card_url=f"{resident.url}/card",
        asks=lock.asks(),
        problems=list(problems),
        problem=dict(problems).get,
    ), status


def _asked_first(about: WitnessRequest) -> dict[str, str]:
    """Who was asked before giving it, as said when the colleague was asked to see it given."""
    return witness_keeping.kept(about).get("extra") or {}


@pages.get("/h/<home>/witness/<int:request_id>/state", permit="mar.witness", about=witnesses.request_of, poll=True)
def request_state(who, about, request_id):
    """How the request stands, for the page to refresh itself."""
    standing = _standing(who, about, _dose_of(who, about))
    url, mine = f"/h/{who.home_slug}/witness/{about.id}", about.by == who.person_id
    return render_template("mar/_witness_state.html", standing=standing, url=url, mine=mine, polled=True)


@pages.post("/h/<home>/witness/<int:request_id>/confirm", permit="mar.witness", about=witnesses.request_of)
def confirm_as_witness(who, about, request_id):
    """The witness proves themselves again, at that moment, and says that they see it given."""
    try:
        if who.person_id == about.asked_person:
            lock.prove()
        witness_actions.confirm(by=who, request_id=request_id)
    except Invalid as wrong:
        return _request_page(who, about, wrong.errors, 422)
    except Refused as no:
        if no.status == 403:
            raise
        return _request_page(who, about, [("pin" if lock.asks() == "pin" else "password", no.words)], no.status)
    return redirect(f"/h/{who.home_slug}/witness/{request_id}", 303)


@pages.post("/h/<home>/witness/<int:request_id>/record", permit="mar.record", about=witnesses.request_of)
def record_confirmed(who, about, request_id):
    """The giver records the dose that the witness confirmed."""
    if who.person_id != about.by:
        raise NotFound()
    dose = _dose_of(who, about)
    if dose is None:
        raise BadRequest("This dose is not due any more. Nothing was recorded. Open the card again.")
    if dose.order.kind == "prn":
        return _record_prn(who, about, dose)
    resident = residents.resident_card(who.home_id, dose.order.resident_id)
    said = outcome_forms.asked_first() or (_asked_first(about) if _ask_of(who, resident, dose) else {})
    intent = Intent(
        key=dose.key,
        entry_id=about.entry_id,
        version_id=dose.order.version_id,
        outcome="given",
        amount=about.amount,
        extra=said,
        request_id=request_id,
    )
    try:
        recording.record(by=who, resident_id=dose.order.resident_id, intent=intent)
    except Invalid as wrong:
        return _request_page(who, about, wrong.errors, 422)
    return redirect(f"/h/{who.home_slug}/residents/{dose.order.resident_id}/card", 303)


def _record_prn(who, about: WitnessRequest, dose: DueDose):
    """The same of a when-required dose, with what the giver chose before they asked."""
    intent, resident_id = witness_keeping.kept_prn(about), dose.order.resident_id
    if intent is None:
        raise Refused("asked_elsewhere", "What you chose for it is not on this phone any more. Nothing was recorded. "
                      "Open the medicine again and ask again.")
    stored = prn_actions.record(by=who, resident_id=resident_id, intent=intent)
    return redirect(telling(f"/h/{who.home_slug}/residents/{resident_id}/card", prn=stored.id), 303)
