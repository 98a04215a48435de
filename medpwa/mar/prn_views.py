"""Pages of when-required medicines: one on a phone, beside the person, and the managers' list of the home's."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from flask import g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from medpwa import clock
from medpwa.errors import Invalid, Refused
from medpwa.mar import openings, prn, prn_actions, prn_forms, prn_review, prn_rules, proofs, rules, tickets
from medpwa.mar.models import Entry
from medpwa.mar.prn_forms import Typed
from medpwa.mar.prn_intents import PrnIntent
from medpwa.mar.prn_rules import Use
from medpwa.mar.views import number, pages, redirect_or_go
from medpwa.mar.vocabulary import OUTCOMES
from medpwa.pages import is_fragment, once, telling
from medpwa.permits import Actor
from medpwa.residents import queries as residents
from medpwa.residents.queries import ResidentCard

SAID_AFTERWARDS = frozenset({"taken", "part", "note"})  # fields of the forms of what stands ready
BASE = "/h/<home>/residents/<int:resident_id>/prn/<int:prn_id>"


@pages.get(BASE, permit="mar.card", about=residents.resident_of)
def prn_page(who, about, resident_id, prn_id):
    """One when-required medicine: may it be given now, what to try first, why, how much."""
    g.subject = f"resident:{resident_id}"
    return page(who, about, prn_id)


def page(
    who: Actor,
    resident: ResidentCard,
    line_id: int,
    *,
    status: int = 200,
    typed: Typed | None = None,
    problems: Iterable[tuple[str, str]] = (),
    **more: object,
) -> tuple[str, int]:
    """The page, or its piece; `more`: alarm, the ready ticket and what it was made ready with."""
    kept, line_key = prn_forms.kept() if request.method == "POST" else [], tickets.prn_key(line_id)
    kept = [*proofs.texts_of(who, resident.id, [*more.pop("proofs", ()), *kept], clock.now())]
    page = prn.page_for(who, resident, line_id, beside=proofs.beside_for(who, line_key, kept))
    name = "mar/_prn.html" if is_fragment() else "mar/prn.html"
    opened = openings.identified(who, resident.id) is not None
    shown = dict(page=page, typed=typed or Typed(), errors=list(problems), opened=opened, entry_id=str(uuid.uuid4()))
    shown |= dict(kept=kept, part_reasons=OUTCOMES[prn_rules.PART].reasons)
    return render_template(name, **(shown | more)), status


@pages.post(f"{BASE}/ready", permit="prn.ready", about=residents.resident_of, writes=False)
def prn_ready(who, about, resident_id, prn_id):
    """The choice is made and the label checked: the page comes back with a signed ticket. Nothing is recorded by it."""
    at = clock.now()
    dose = prn.dose_of(who, resident_id, prn_id, at)  # before the form is read: what is not here answers as nothing
    version, typed = number(once("version")), prn_forms.typed()
    use = prn_forms.use_of(dose.order, typed)
    stands = prn_forms.beside(who, prn_id)
    facts = prn.facts_of(who, about, dose, at, seen_version=version, amount=use.amount, beside=stands)
    if not rules.judge_give(facts, at).allowed:
        return _refused_ready(who, about, prn_id, version, use, typed)
    problems = prn_rules.use_problems(dose.order, use)
    if problems:
        return page(who, about, prn_id, status=422, typed=typed, problems=problems)
    ticket = _ticket(who, resident_id, dose.order, at)
    return page(who, about, prn_id, typed=typed, ready=ticket, use=_said(dose, use))


def _ticket(who, resident_id: int, order, at) -> str:
    opening = openings.identified(who, resident_id)
    key, scan_id = tickets.prn_key(order.line_id), opening.scan_id if opening else None
    return tickets.issue(tickets.Ticket(who.person_id, who.home_id, key, order.version_id, scan_id, at))


def _said(dose, use: Use) -> dict[str, str]:
    """What stands ready, in words."""
    amount = prn.amount_words(use.amount, dose.order.dose_unit) if use.amount is not None else ""
    tried = "; ".join(use.steps) or use.steps_why
    return {"amount": amount, "reason": use.reason, "tried": tried}


def _refused_ready(who, about, line_id: int, version: int, use: Use, typed: Typed):
    """Keep the refused attempt in the ledger; its words come back."""
    words = "This changed meanwhile. Read the page again."
    try:
        prn_actions.refuse_ready(
            by=who,
            resident_id=about.id,
            line_id=line_id,
            version_id=version,
            amount=use.amount,
            beside=prn_forms.beside(who, line_id),
        )
    except Refused as no:
        words = no.words
    return page(who, about, line_id, status=409, typed=typed, alarm=words)


@pages.post(f"{BASE}/record", permit="prn.record")
def prn_record(who, resident_id, prn_id):
    """Given now, whole or in part, or offered and not needed."""
    about = residents.resident_of(who, resident_id)
    intent = prn_forms.intent(who, prn.dose_of(who, resident_id, prn_id, clock.now()).order)
    return recorded(who, about, intent)


def recorded(who: Actor, about: ResidentCard, intent: PrnIntent) -> ResponseReturnValue:
    """Record it, and answer: the card with what is stored, or this page with everything typed and what is wrong."""
    try:
        stored: Entry = prn_actions.record(by=who, resident_id=about.id, intent=intent)
    except Invalid as wrong:
        return invalid(who, about, intent, wrong)
    except Refused as no:
        return not_recorded(who, about, intent.line_id, no)
    return redirect_or_go(telling(f"{about.url}/card", prn=stored.id))


def invalid(who: Actor, about: ResidentCard, intent: PrnIntent, wrong: Invalid) -> tuple[str, int]:
    """The page with what is wrong. What stands ready stays ready while only what is said of it afterwards is wrong."""
    typed, said = prn_forms.typed(), {}
    dose = prn.dose_of(who, about.id, intent.line_id, clock.now())
    if {field for field, _ in wrong.errors} <= SAID_AFTERWARDS:
        said = {"ready": intent.ticket, "use": _said(dose, prn_forms.use_of(dose.order, typed))}
    return page(who, about, intent.line_id, status=422, typed=typed, problems=wrong.errors, **said)


def not_recorded(who: Actor, about: ResidentCard, line_id: int, no: Refused) -> tuple[str, int]:
    """The page with the words of a refusal; one that is about the person's rights goes its own way."""
    if no.status == 403:
        raise no
    return page(who, about, line_id, status=409, typed=prn_forms.typed(), alarm=no.words)


# ---------------------------------------------------------------- for managers


@pages.get("/h/<home>/prn", permit="prn.see")
def prn_list(who):
    """When-required medicines of the home: uses to note, reviews to ask for, how many effects were recorded."""
    return render_template("mar/prn_list.html", page=prn_review.page_for(who))


@pages.post("/h/<home>/prn/<int:entry_id>/seen", permit="prn.note")
def prn_seen(who, entry_id):
    """A manager notes a use as seen."""
    prn_actions.note_seen(by=who, entry_id=entry_id)
    return redirect(f"/h/{who.home_slug}/prn", 303)
