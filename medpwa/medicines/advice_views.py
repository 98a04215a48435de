"""Pages of doses by letter: key a letter, and key it again without seeing the first keying."""

from __future__ import annotations

from flask import g, redirect, render_template

from medpwa.competency import queries as competency
from medpwa.errors import Invalid, Refused
from medpwa.medicines import advice, advice_actions, queries, rules, typed
from medpwa.medicines.advice_rules import AdviceFacts, AdviceKeyed
from medpwa.medicines.keying import Problem
from medpwa.medicines.queries import Order
from medpwa.medicines.views import card_of, pages
from medpwa.pages import once, telling
from medpwa.permits import Actor, demand
from medpwa.staff import queries as staff

FIELDS = ("first_day", "last_day", "amount", "inr", "inr_on", "next_inr_on")
NEW = "/h/<home>/orders/<int:advised_id>/advice/new"
CHECK = "/h/<home>/orders/advice/<int:advice_id>/check"


@pages.get(NEW, permit="orders.advise", about=advice.advisable)
def new_letter(who, about, advised_id):
    """The empty form for a letter, or why this person cannot key one."""
    if rules.ended(about.latest):
        return redirect(_order_url(who, about))
    verdict = competency.sign_off(who.home_id, who.person_id, queries.KEYING_SKILLS, None)
    if not verdict.allowed:
        return _blocked(who, about, f"{verdict.words} {queries.trained_words(who.home_id, without=who.person_id)}")
    return _form(who, about, {}, [])


@pages.post(NEW, permit="orders.advise", about=advice.advisable)
def key_letter(who, about, advised_id):
    """Keep a letter, which then waits for its second keying."""
    said = _said() | {"source": once("source")}
    try:
        advice_actions.advise(by=who, advised_id=advised_id, keyed=_keyed(said), source=said["source"])
    except Invalid as no:
        demand("orders.advise", who, about)
        return _form(who, about, said, no.errors), 422
    except Refused as no:
        if no.code != "already_there":
            raise
        return _form(who, about, said, [(None, no.words)]), no.status
    return redirect(telling(_order_url(who, about), saved="letter"), 303)


@pages.get(CHECK, permit="orders.check_advice", about=advice.letter_of)
def check_letter(who, about, advice_id):
    """The empty form of the second person, or why this person is not the one."""
    order = queries.order_of(who, about.line_id)
    if about.checked or rules.ended(order.latest):
        return redirect(_order_url(who, order))
    words = _who_else(who, about)
    return _blocked(who, order, words) if words else _form(who, order, {}, [], letter=about)


@pages.post(CHECK, permit="orders.check_advice", about=advice.letter_of)
def compare_letter(who, about, advice_id):
    """Compare the two keyings. A difference is kept, named by field only, and what was typed stays."""
    said, order = _said(), queries.order_of(who, about.line_id)
    try:
        row = advice_actions.check_advice(by=who, advice_id=advice_id, keyed=_keyed(said))
    except Invalid as no:
        demand("orders.check_advice", who, about)
        return _form(who, order, said, no.errors, letter=about), 422
    except Refused as no:
        if no.code not in ("same_person", "not_trained"):
            raise
        return _blocked(who, order, no.words), no.status
    if row.agrees:
        return redirect(telling(_order_url(who, order), saved="letter_checked"), 303)
    return _form(who, order, said, [], letter=about, differing=row.differences)


def _who_else(who: Actor, letter: AdviceFacts) -> str:
    if letter.keyed_by == who.person_id:
        return advice_actions.another_checks(who.home_id, letter)
    verdict = competency.sign_off(who.home_id, who.person_id, queries.KEYING_SKILLS, None)
    return "" if verdict.allowed else f"{verdict.words} {queries.trained_words(who.home_id, without=letter.keyed_by)}"


def _said() -> dict[str, str]:
    return {name: once(name) for name in FIELDS}


def _keyed(said: dict[str, str]) -> AdviceKeyed:
    """What was typed. Raises Invalid with a sentence for every field that cannot be read."""
    found: list[Problem] = []
    read = {"amount": typed.amount, "inr": typed.amount}
    values = {name: read.get(name, typed.day)(name, said[name], found) for name in FIELDS}
    if found:
        raise Invalid(found)
    return AdviceKeyed(**values)


def _order_url(who: Actor, order: Order) -> str:
    return f"/h/{who.home_slug}/orders/{order.line_id}"


def _blocked(who: Actor, order: Order, words: str):
    return render_template(
        "medicines/blocked.html",
        card=card_of(who, order.resident_id),
        chip="Needs another person",
        sentence="Somebody else must key this letter",
        words=words,
        back_url=_order_url(who, order),
    )


def _form(who: Actor, order: Order, said: dict, errors: list, letter: AdviceFacts | None = None, differing=()):
    g.subject = f"resident:{order.resident_id}"
    card = card_of(who, order.resident_id)
    medicine = order.latest.medicine
    first = staff.names({letter.keyed_by}).get(letter.keyed_by, "somebody") if letter and letter.keyed_by else ""
    return render_template(
        "medicines/advice.html",
        card=card,
        letter=letter,
        first=first,
        sentence=f"Key {card.called}’s {medicine} letter again, from the paper"
        if letter
        else f"What does the letter say of {card.called}’s {medicine}?",
        unit=order.latest.dose_unit,
        said=said,
        errors=errors,
        error=dict(reversed(errors)),
        differing=rules.listed(differing) if differing else "",
        action=advice.check_url(who, letter) if letter else f"{_order_url(who, order)}/advice/new",
        back_url=_order_url(who, order),
    )
