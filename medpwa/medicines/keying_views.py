"""Pages of keying an order: the form, what carers will read, and saving it; the same for a change."""

from __future__ import annotations

from flask import g, redirect, render_template

from medpwa import clock
from medpwa.competency import queries as competency
from medpwa.competency.vocabulary import SKILLS
from medpwa.errors import Invalid, Refused
from medpwa.medicines import actions, forms, preview, queries, rules, shown
from medpwa.medicines.forms import Typed
from medpwa.medicines.keying import OrderDetails
from medpwa.medicines.queries import Order
from medpwa.medicines.views import pages, version_seen
from medpwa.medicines.vocabulary import INSTRUCTIONS
from medpwa.pages import once, telling
from medpwa.permits import Actor, demand
from medpwa.residents import queries as residents
from medpwa.residents.queries import ResidentCard

# ---------------------------------------------------------------- a new order


@pages.get("/h/<home>/residents/<int:resident_id>/orders/new", permit="orders.add", about=residents.resident_of)
def new(who, about, resident_id):
    """The empty form."""
    g.subject = f"resident:{resident_id}"
    today = clock.local_day(clock.now(), who.zone)
    return _blocked(who, about, f"{about.url}/orders") or _new_form(who, about, Typed.empty(today), [])


@pages.post(
    "/h/<home>/residents/<int:resident_id>/orders/new",
    permit="orders.add",
    about=residents.resident_of,
    writes=False,
)
def review(who, about, resident_id):
    """Read the form and show back what carers will read; nothing is kept yet. With `step=edit`, the form again."""
    typed = Typed.sent()
    if once("step") == "edit":
        return _new_form(who, about, typed, [])
    try:
        details = forms.details_of(typed)
        _ask_allergy(about, details)
    except Invalid as no:
        return _new_form(who, about, typed, no.errors), 422
    return _confirm(who, about, typed, preview.preview(who, about, details), f"{about.url}/orders")


@pages.post("/h/<home>/residents/<int:resident_id>/orders", permit="orders.add", about=residents.resident_of)
def add(who, about, resident_id):
    """Keep the order; it waits for its second check."""
    typed = Typed.sent()
    try:
        made = actions.add_order(by=who, resident_id=resident_id, details=forms.details_of(typed))
    except Invalid as no:
        demand("orders.add", who, about)  # what cannot be read never reached the action, which asks this
        return _new_form(who, about, typed, no.errors), 422
    except Refused as no:
        if no.code not in ("allergy", "already_there"):
            raise
        return _new_form(who, about, typed, _refused(no)), no.status
    return redirect(telling(f"/h/{who.home_slug}/orders/{made.line_id}", saved="added"), 303)


def _new_form(who: Actor, card: ResidentCard, typed: Typed, errors: list):
    words = f"Add a medicine for {card.called}"
    lead = "Key it from the paper in front of you. Somebody else keys it again before the first dose."
    urls = {"action": f"{card.url}/orders/new", "back_url": f"{card.url}/orders"}
    return _form(card, typed, errors, sentence=words, lead=lead, order=None, **urls)


# ---------------------------------------------------------------- a change


@pages.get("/h/<home>/orders/<int:line_id>/edit", permit="orders.change", about=queries.order_of)
def edit(who, about, line_id):
    """The form as the order stands."""
    card, url = _card(who, about), shown.order_url(who, about.latest)
    if about.latest.stopped:
        return redirect(url)
    if rules.covered_for(about.latest, who.person_id):
        return _blocked_page(card, url, "Not yet", queries.change_after_check(about.latest))
    return _blocked(who, card, url) or _edit_form(who, card, about, Typed.of(about.latest), [])


@pages.post("/h/<home>/orders/<int:line_id>/edit", permit="orders.change", about=queries.order_of, writes=False)
def review_change(who, about, line_id):
    """Show back what the change makes of the order; nothing is kept yet. With `step=edit`, the form again."""
    typed, card = Typed.sent(), _card(who, about)
    if rules.covered_for(about.latest, who.person_id) or about.latest.stopped:
        return redirect(shown.order_url(who, about.latest), 303)
    if once("step") == "edit":
        return _edit_form(who, card, about, typed, [])
    try:
        details = forms.details_of(typed)
        _ask_allergy(card, details)
        actions.said_why(typed["reason"])
    except Invalid as no:
        return _edit_form(who, card, about, typed, no.errors), 422
    page = preview.preview(who, card, details, about.latest)
    return _confirm(who, card, typed, page, f"{shown.order_url(who, about.latest)}/change", about)


@pages.post("/h/<home>/orders/<int:line_id>/change", permit="orders.change", about=queries.order_of)
def change(who, about, line_id):
    """Keep the change; it holds from now and waits for its second check."""
    typed, url = Typed.sent(), shown.order_url(who, about.latest)
    try:
        details = forms.details_of(typed)
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
        covered = now.latest.stopped or rules.covered_for(now.latest, who.person_id)
        if covered or no.code not in ("allergy", "stale_version"):
            raise
        return _edit_form(who, _card(who, about), now, typed, _refused(no), seen=now.latest.version_id), no.status
    return redirect(telling(url, saved="changed"), 303)


def _edit_form(who: Actor, card: ResidentCard, order: Order, typed: Typed, errors: list, *, seen: int | None = None):
    url = shown.order_url(who, order.latest)
    words = f"Change {rules.medicine_words(order.latest)}"
    lead = f"Now it says: {rules.directions(order.latest)} Doses already due stay as they are."
    seen = seen or version_seen() or order.latest.version_id
    extra = {"action": f"{url}/edit", "back_url": url, "version_id": seen}
    return _form(card, typed, errors, sentence=words, lead=lead, order=order.latest, **extra)


def _card(who: Actor, order: Order) -> ResidentCard:
    g.subject = f"resident:{order.resident_id}"
    return residents.resident_of(who, order.resident_id)


# ---------------------------------------------------------------- both


def _form(card: ResidentCard, typed: Typed, errors: list, **words: object):
    return render_template(
        "medicines/form.html",
        card=card,
        typed=typed,
        errors=errors,
        error=dict(reversed(errors)),
        **forms.CHOICES,
        instructions=[(text, text) for text in INSTRUCTIONS],
        flags=list(forms.FLAGS.items()),
        skills=[(skill, said) for skill, said in SKILLS.items() if skill not in ("transcription", "cd_witness")],
        ask_allergy="allergy_answer" in dict(errors) or bool(typed["allergy_answer"]),
        **words,
    )


def _confirm(who: Actor, card: ResidentCard, typed: Typed, page: dict, save_url: str, order: Order | None = None):
    edit_url = f"{shown.order_url(who, order.latest)}/edit" if order else f"{card.url}/orders/new"
    seen = version_seen() if order else None
    pairs = [(name, value) for name, value in typed.pairs() if order or name != "reason"]
    return render_template(
        "medicines/confirm.html",
        card=card,
        pairs=pairs,
        save_url=save_url,
        edit_url=edit_url,
        version_id=seen,
        changing=order is not None,
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
