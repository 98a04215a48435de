"""Pages of keying an order: how it is given over time, the form, what carers will read, and saving it; the same for a
change. Between the steps everything typed travels with the form; nothing is kept before it is saved."""

from __future__ import annotations

from flask import g, redirect, render_template, request

from medpwa import clock
from medpwa.competency import queries as competency
from medpwa.errors import Invalid, Refused
from medpwa.medicines import actions, form_choices, forms, insists, preview, queries, rules, shown
from medpwa.medicines.keying import OrderDetails
from medpwa.medicines.order_typed import typed_of
from medpwa.medicines.queries import Order
from medpwa.medicines.typed import Typed
from medpwa.medicines.views import pages, version_seen
from medpwa.medicines.vocabulary import PATTERNS
from medpwa.pages import once, telling
from medpwa.permits import Actor, demand
from medpwa.residents import queries as residents
from medpwa.residents.queries import ResidentCard

# ---------------------------------------------------------------- a new order


@pages.get("/h/<home>/residents/<int:resident_id>/orders/new", permit="orders.add", about=residents.resident_of)
def new(who, about, resident_id):
    """How it is given over time; with that chosen, the empty form."""
    g.subject = f"resident:{resident_id}"
    typed = Typed.empty(clock.local_day(clock.now(), who.zone), request.args.get("pattern", ""))
    blocked = _blocked(who, about, f"{about.url}/orders")
    if blocked or typed["pattern"] in PATTERNS:
        return blocked or _new_form(about, typed, [])
    errors = form_choices.nothing_chosen()
    page = _pattern_page(about, f"{about.url}/orders/new", typed, f"{about.url}/orders", errors=errors, new=True)
    return page, 422 if errors else 200


@pages.post(
    "/h/<home>/residents/<int:resident_id>/orders/new",
    permit="orders.add",
    about=residents.resident_of,
    writes=False,
)
def review(who, about, resident_id):
    """Read the form and show back what carers will read; nothing is kept yet. With `step=edit`, the form again."""
    typed = Typed.sent()
    if once("step") == "pattern":
        return _pattern_page(about, f"{about.url}/orders/new", typed, f"{about.url}/orders")
    if once("step") == "edit":
        return _new_form(about, typed, [])
    try:
        details = forms.details_of(typed, who.zone)
        _ask_allergy(about, details)
    except Invalid as no:
        return _new_form(about, typed, no.errors), 422
    return _confirm(who, about, typed, preview.preview(who, about, details), f"{about.url}/orders")


@pages.post("/h/<home>/residents/<int:resident_id>/orders", permit="orders.add", about=residents.resident_of)
def add(who, about, resident_id):
    """Keep the order; it waits for its second check."""
    typed = Typed.sent()
    try:
        details = forms.details_of(typed, who.zone)
        if forms.to_confirm(typed):
            demand("orders.add", who, about)
            page = preview.preview(who, about, details)
            return _confirm(who, about, typed, page, f"{about.url}/orders", errors=_UNCONFIRMED), 422
        made = actions.add_order(by=who, resident_id=resident_id, details=details)
    except Invalid as no:
        demand("orders.add", who, about)  # what cannot be read never reached the action, which asks this
        return _new_form(about, typed, no.errors), 422
    except Refused as no:
        if no.code not in ("allergy", "already_there"):
            raise
        return _new_form(about, typed, _refused(no)), no.status
    return redirect(telling(f"/h/{who.home_slug}/orders/{made.line_id}", saved="added"), 303)


def _new_form(card: ResidentCard, typed: Typed, errors: list):
    words = f"Add a medicine for {card.called}"
    lead = "Key it from the paper in front of you. Somebody else keys it again before the first dose."
    urls = {"action": f"{card.url}/orders/new", "back_url": f"{card.url}/orders"}
    if typed["pattern"] not in PATTERNS:
        return _pattern_page(card, urls["action"], typed, urls["back_url"], errors=errors)
    return _form(card, typed, errors, sentence=words, lead=lead, order=None, **urls)


# ---------------------------------------------------------------- a change


@pages.get("/h/<home>/orders/<int:line_id>/edit", permit="orders.change", about=queries.order_of)
def edit(who, about, line_id):
    """The form as the order stands."""
    card, url = _card(who, about), shown.order_url(who, about.latest)
    if rules.ended(about.latest):
        return redirect(url)
    if rules.covered_for(about.latest, who.person_id):
        return _blocked_page(card, url, "Not yet", queries.change_after_check(about.latest))
    return _blocked(who, card, url) or _edit_form(who, card, about, typed_of(about.latest, who.zone), [])


@pages.post("/h/<home>/orders/<int:line_id>/edit", permit="orders.change", about=queries.order_of, writes=False)
def review_change(who, about, line_id):
    """Show back what the change makes of the order; nothing is kept yet. With `step=edit`, the form again."""
    typed, card = Typed.sent(), _card(who, about)
    if rules.covered_for(about.latest, who.person_id) or rules.ended(about.latest):
        return redirect(shown.order_url(who, about.latest), 303)
    url = shown.order_url(who, about.latest)
    if once("step") == "pattern":
        return _pattern_page(card, f"{url}/edit", typed, url, version_id=version_seen())
    if once("step") == "edit":
        return _edit_form(who, card, about, typed, [])
    try:
        details = forms.details_of(typed, who.zone)
        _ask_allergy(card, details)
        insists.said_why(typed["reason"])
    except Invalid as no:
        return _edit_form(who, card, about, typed, no.errors), 422
    page = preview.preview(who, card, details, about.latest)
    return _confirm(who, card, typed, page, f"{url}/change", about)


@pages.post("/h/<home>/orders/<int:line_id>/change", permit="orders.change", about=queries.order_of)
def change(who, about, line_id):
    """Keep the change; it holds from now and waits for its second check."""
    typed, url = Typed.sent(), shown.order_url(who, about.latest)
    try:
        details = forms.details_of(typed, who.zone)
        if forms.to_confirm(typed):
            return _unconfirmed_change(who, about, typed, details)
        actions.change_order(
            by=who, line_id=line_id, version_id=version_seen(), details=details, reason=typed["reason"]
        )
    except Invalid as no:
        demand("orders.change", who, about)
        if rules.covered_for(about.latest, who.person_id):
            raise
        return _edit_form(who, _card(who, about), about, typed, no.errors), 422
    except Refused as no:
        now = queries.order_of(who, line_id)
        covered = rules.ended(now.latest) or rules.covered_for(now.latest, who.person_id)
        if covered or no.code not in ("allergy", "stale_version"):
            raise
        return _edit_form(who, _card(who, about), now, typed, _refused(no), seen=now.latest.version_id), no.status
    return redirect(telling(url, saved="changed"), 303)


def _unconfirmed_change(who: Actor, order: Order, typed: Typed, details: OrderDetails):
    """The page before again, for minutes nobody has confirmed; to nobody who must not read what waits."""
    demand("orders.change", who, order)
    if rules.covered_for(order.latest, who.person_id) or rules.ended(order.latest):
        raise Invalid(_UNCONFIRMED)
    card = _card(who, order)
    page = preview.preview(who, card, details, order.latest)
    save_url = f"{shown.order_url(who, order.latest)}/change"
    return _confirm(who, card, typed, page, save_url, order, errors=_UNCONFIRMED), 422


def _edit_form(who: Actor, card: ResidentCard, order: Order, typed: Typed, errors: list, *, seen: int | None = None):
    url = shown.order_url(who, order.latest)
    words = f"Change {rules.medicine_words(order.latest)}"
    lead = f"Now it says: {rules.directions(order.latest)}"
    seen = seen or version_seen() or order.latest.version_id
    extra = {"action": f"{url}/edit", "back_url": url, "version_id": seen}
    if typed["pattern"] not in PATTERNS:
        return _pattern_page(card, extra["action"], typed, url, errors=errors, version_id=seen)
    extra["earlier_words"] = preview.earlier_words(who, order)
    return _form(card, typed, errors, sentence=words, lead=lead, order=order.latest, **extra)


def _card(who: Actor, order: Order) -> ResidentCard:
    g.subject = f"resident:{order.resident_id}"
    return residents.resident_of(who, order.resident_id)


# ---------------------------------------------------------------- both

_UNCONFIRMED = [("windows_right", "Tick that the proposed minutes are right for this medicine, or put them right.")]


def _pattern_page(
    card: ResidentCard,
    action: str,
    typed: Typed,
    back_url: str,
    *,
    errors: list | None = None,
    version_id: int | None = None,
    new: bool = False,
):
    """The first question. What was typed already travels with it."""
    words = {"sentence": f"How is {card.called}’s medicine given?", "errors": errors or []}
    lead = "Choose what the paper says. The form then asks only for what belongs to it."
    return form_choices.pattern_page(
        card, action, typed, back_url, "Back without saving", lead=lead, version_id=version_id, carry=not new, **words
    )


def _form(card: ResidentCard, typed: Typed, errors: list, **words: object):
    return render_template(
        "medicines/form.html",
        card=card,
        typed=typed,
        errors=errors,
        error=dict(reversed(errors)),
        **form_choices.keyed_choices(typed),
        **form_choices.other_choices(typed),
        ask_allergy="allergy_answer" in dict(errors) or bool(typed["allergy_answer"]),
        **words,
    )


def _confirm(
    who: Actor,
    card: ResidentCard,
    typed: Typed,
    page: dict,
    save_url: str,
    order: Order | None = None,
    *,
    errors: list | None = None,
):
    edit_url = f"{shown.order_url(who, order.latest)}/edit" if order else f"{card.url}/orders/new"
    seen = version_seen() if order else None
    left_out = {"windows_right"} | (set() if order else {"reason", "earlier"})
    pairs = [(name, value) for name, value in typed.pairs() if name not in left_out]
    proposed = forms.proposal(typed)
    return render_template(
        "medicines/confirm.html",
        card=card,
        pairs=pairs,
        save_url=save_url,
        edit_url=edit_url,
        version_id=seen,
        changing=order is not None,
        errors=errors or [],
        error=dict(errors or []),
        confirm=forms.to_confirm(typed) or (typed["windows_right"] if proposed else ""),
        confirmed=bool(proposed) and not forms.to_confirm(typed),
        minutes=form_choices.minutes_words(typed["time_class"], proposed) if proposed else "",
        check_words=queries.trained_words(who.home_id, without=who.person_id),
        **page,
    )


def _ask_allergy(card: ResidentCard, details: OrderDetails) -> None:
    words = queries.allergy_question(card, details)
    if words:
        raise Invalid([("allergy_answer", words)])


def _refused(no: Refused) -> list[tuple[str | None, str]]:
    return [("allergy_answer" if no.code == "allergy" else None, no.words)]


def _blocked(who: Actor, card: ResidentCard, back_url: str):
    """The page that says why somebody cannot key orders and who can; None for those who can."""
    verdict = competency.sign_off(who.home_id, who.person_id, queries.KEYING_SKILLS, None)
    if verdict.allowed:
        return None
    words = f"{verdict.words} {queries.trained_words(who.home_id, without=who.person_id)}"
    return _blocked_page(card, back_url, "Not signed off", words)


def _blocked_page(card: ResidentCard, back_url: str, chip: str, words: str):
    sentence = "Somebody else keys this" if chip == "Not signed off" else "This order waits for its second check"
    page = dict(card=card, chip=chip, sentence=sentence, words=words, back_url=back_url)
    return render_template("medicines/blocked.html", **page), 200
