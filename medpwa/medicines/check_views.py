"""The second check: another person keys the order again from the paper, without seeing what the first one keyed."""

from __future__ import annotations

from flask import g, redirect, render_template, request

from medpwa import clock
from medpwa.competency import queries as competency
from medpwa.errors import Invalid, Refused
from medpwa.medicines import actions, agreement, form_choices, forms, order_facts, queries, rules, shown
from medpwa.medicines.rules import OrderFacts
from medpwa.medicines.typed import KEYED_LISTS, KEYED_TEXTS, Typed
from medpwa.medicines.views import pages
from medpwa.medicines.vocabulary import PATTERNS
from medpwa.pages import once, telling
from medpwa.permits import Actor, demand
from medpwa.residents import queries as residents
from medpwa.staff import queries as staff

_ELSE = {"chip": "Needs another person", "sentence": "Somebody else must check this order"}
CHECK = "/h/<home>/orders/versions/<int:version_id>/check"


@pages.get(CHECK, permit="orders.check", about=queries.version_of)
def check_form(who, about, version_id):
    """How it is given over time, then the empty form; or why this person is not the one to fill it in."""
    if about.checked or rules.ended(about) or about.valid_to is not None:
        return redirect(shown.order_url(who, about))
    blind = Typed.blind(request.args.get("pattern", ""))
    blocked = _who_elses_page(who, about)
    if blocked or blind["pattern"] in PATTERNS:
        return blocked or _form(who, about, blind, [])
    errors = form_choices.nothing_chosen()
    return _pattern_page(who, about, blind, errors, first=True), 422 if errors else 200


def _who_else(who: Actor, o: OrderFacts) -> str:
    """Why this person cannot check this order and who can, or nothing."""
    if o.keyed_by == who.person_id:
        return queries.another_checks(who.home_id, o)
    verdict = competency.sign_off(who.home_id, who.person_id, queries.KEYING_SKILLS, None)
    if verdict.allowed:
        return ""
    return f"{verdict.words} {queries.trained_words(who.home_id, without=o.keyed_by)}"


@pages.post(CHECK, permit="orders.check", about=queries.version_of)
def check(who, about, version_id):
    """Compare the two keyings. A difference is kept, named by field only, and what was typed stays."""
    typed = Typed.sent(KEYED_TEXTS, KEYED_LISTS)
    if once("step") in ("pattern", "edit"):
        demand("orders.check", who, about)
        return _who_elses_page(who, about) or _step(who, about, typed)
    try:
        row = actions.check_order(by=who, version_id=version_id, keyed=forms.keyed_of(typed), rest=once("rest"))
    except Invalid as no:
        demand("orders.check", who, about)  # what cannot be read never reached the action, which asks this
        if dict(no.errors).keys() == {"rest"}:
            return _rest_page(who, about, typed, no.errors if once("step") == "rest" else [])
        return _form(who, about, typed, no.errors), 422
    except Refused as no:
        if no.code not in ("same_person", "not_trained"):
            raise
        return _page("medicines/blocked.html", who, about, words=no.words, **_ELSE), no.status
    if row.agrees:
        return redirect(telling(shown.order_url(who, about), saved="checked"), 303)
    return _form(who, about, typed, [], row.differences)


def _rest_page(who: Actor, o: OrderFacts, typed: Typed, errors: list):
    """What was keyed agrees: the rest is uncovered, to be read against the paper before anything is kept."""
    said = dict(directions=rules.directions(o), title=rules.medicine_words(o), pairs=list(typed.pairs()))
    said |= dict(facts=order_facts.facts_of(who, o), protocol=order_facts.protocol_of(o), errors=errors)
    page = _page(
        "medicines/rest.html", who, o, rest=list(agreement.REST.items()), error=dict(errors), **said,
        sentence="What you keyed agrees. Does the rest say what the paper says?",
    )  # fmt: skip
    return page, 422 if errors else 200


def _step(who: Actor, o: OrderFacts, typed: Typed):
    """Between the two steps of the form: nothing is compared yet, and what was typed travels along."""
    if once("step") == "edit":
        return _form(who, o, typed, [])
    return _pattern_page(who, o, typed, [])


def _who_elses_page(who: Actor, o: OrderFacts):
    words = _who_else(who, o)
    return _page("medicines/blocked.html", who, o, words=words, **_ELSE) if words else None


def _pattern_page(who: Actor, o: OrderFacts, typed: Typed, errors: list, *, first: bool = False):
    g.subject = f"resident:{o.resident_id}"
    card = residents.resident_of(who, o.resident_id)
    keyed = shown.keyed_words(who, o, {o.keyed_by: _keyer(o)} if o.keyed_by else {})
    return form_choices.pattern_page(
        card,
        shown.check_url(who, o),
        typed,
        shown.order_url(who, o),
        "Back without checking",
        sentence=f"How is {card.called}’s medicine given, by the paper?",
        lead=f"{keyed[:1].upper()}{keyed[1:]} What they keyed is covered on purpose. The paper: {o.source}",
        errors=errors,
        carry=not first,
    )


def _form(who: Actor, o: OrderFacts, typed: Typed, errors: list, differing: list[str] | None = None):
    if typed["pattern"] not in PATTERNS:
        return _pattern_page(who, o, typed, errors)
    return _page(
        "medicines/check.html",
        who,
        o,
        typed=typed,
        errors=errors,
        error=dict(reversed(errors)),
        start_hint=_start_hint(who, o),
        differing=_differing_words(who, o, differing or []),
        **form_choices.keyed_choices(typed),
    )


def _start_hint(who: Actor, o: OrderFacts) -> str:
    """Papers seldom name a first day; both people then take the same one. It tells nothing that was keyed here."""
    if o.number == 1:
        return (
            f"If the paper gives none, the day it was keyed: {clock.date_words(clock.local_day(o.keyed_at, who.zone))}."
        )
    before = queries.order_of(who, o.line_id).versions[o.number - 2]
    return f"If the paper gives none, as before the change: {clock.date_words(before.starts_on)}."


def _differing_words(who: Actor, o: OrderFacts, names: list[str]) -> dict[str, str] | None:
    """What differs, and what to do now; the first person's values are not shown."""
    if not names:
        return None
    first = _keyer(o)
    fields = rules.listed(names)
    if list(names) == [agreement.READ]:
        return _not_as_the_paper(first)
    return {
        "sentence": f"{fields[0].upper()}{fields[1:]} {'differs' if len(names) == 1 else 'differ'}",
        "kept": "Your keying is kept as a check that did not agree, and the order stays waiting.",
        "next": f"Look at the paper again. If you slipped, put it right here and compare again. If the paper says what "
        f"you typed, ask {first} to change the order.",
    }


def _not_as_the_paper(first: str) -> dict[str, str]:
    """The second person keyed the same and found something else in the rest that the paper does not say."""
    return {
        "sentence": "The rest is not what the paper says",
        "kept": "It is kept as a check that did not agree, and the order stays waiting.",
        "next": f"Show {first} the paper and ask for the order to be changed. If you looked wrong, compare again.",
    }


def _keyer(o: OrderFacts) -> str:
    return staff.names({o.keyed_by}).get(o.keyed_by, "whoever keyed it") if o.keyed_by else "whoever keyed it"


def _page(template: str, who: Actor, o: OrderFacts, **words: object):
    """A page about one version that shows nothing of what was keyed but where the paper is."""
    g.subject = f"resident:{o.resident_id}"
    card = residents.resident_of(who, o.resident_id)
    keyed = shown.keyed_words(who, o, {o.keyed_by: _keyer(o)} if o.keyed_by else {})
    words.setdefault("sentence", f"Key {card.called}’s medicine again, from the paper")
    return render_template(
        template,
        card=card,
        keyed=keyed[:1].upper() + keyed[1:],
        source=o.source,
        action=shown.check_url(who, o),
        back_url=shown.order_url(who, o),
        **words,
    )
