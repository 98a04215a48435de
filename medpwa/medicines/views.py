"""Pages of orders: everybody's, one person's, one order, and stopping it. Keying and checking are in keying_views and
check_views, imported below so that they register."""

from __future__ import annotations

from flask import g, redirect, render_template

from medpwa.errors import Invalid, Refused
from medpwa.medicines import actions, history, queries, rules, shown
from medpwa.pages import Pages, once, telling, told
from medpwa.permits import may
from medpwa.residents import queries as residents

pages = Pages("medicines", __name__)


@pages.get("/h/<home>/orders", permit="orders.see")
def orders(who):
    """Orders that wait for a second check, then everybody's medicines."""
    return render_template("medicines/orders.html", **shown.orders_page(who))


@pages.get("/h/<home>/residents/<int:resident_id>/orders", permit="orders.see", about=residents.resident_of)
def of_resident(who, about, resident_id):
    """One person's medicines."""
    g.subject = f"resident:{resident_id}"
    return render_template("medicines/resident.html", card=about, **shown.resident_page(who, about))


@pages.get("/h/<home>/orders/<int:line_id>", permit="orders.see", about=queries.order_of)
def order(who, about, line_id):
    """One order: what it says, what it said, who keyed and checked it."""
    card = _card(who, about.resident_id)
    said = history.history_of(who, about) if may("history.see", who) else None
    page = shown.order_page(who, about, card, told("saved"))
    return render_template("medicines/order.html", card=card, history=said, **page)


def _card(who, resident_id):
    g.subject = f"resident:{resident_id}"
    return residents.resident_of(who, resident_id)


# ---------------------------------------------------------------- stop


@pages.get("/h/<home>/orders/<int:line_id>/stop", permit="orders.stop", about=queries.order_of)
def stopping(who, about, line_id):
    """Say why, then stop it. An order that is stopped already shows its page."""
    if about.latest.stopped:
        return redirect(shown.order_url(who, about.latest))
    return _stop_page(who, about, about.latest.version_id, "", [])


@pages.post("/h/<home>/orders/<int:line_id>/stop", permit="orders.stop", about=queries.order_of)
def stop(who, about, line_id):
    """Stop an order from now on."""
    reason, seen = once("reason"), version_seen()
    try:
        actions.stop_order(by=who, line_id=line_id, version_id=seen, reason=reason)
    except Invalid as no:
        return _stop_page(who, about, seen, reason, no.errors), 422
    except Refused as no:
        if no.code != "stale_version":
            raise
        now = queries.order_of(who, line_id)
        return _stop_page(who, now, now.latest.version_id, reason, [(None, no.words)]), 409
    return redirect(telling(shown.order_url(who, about.latest), saved="stopped"), 303)


def version_seen() -> int:
    """The version the form was made from; 0 for anything that is no number of ours."""
    text = once("version_id")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def _stop_page(who, order, seen, reason, errors):
    card = _card(who, order.resident_id)
    o, covered = order.latest, rules.covered_for(order.latest, who.person_id)
    return render_template(
        "medicines/stop.html",
        card=card,
        name=f"this {'order' if o.number == 1 else 'changed order'} for {card.called}"
        if covered
        else rules.medicine_words(o),
        directions="" if covered else rules.directions(o),
        facts=[] if covered else shown.facts_of(who, o, order.versions)[:2],
        version_id=seen,
        reason=reason,
        errors=errors,
        error=dict(errors),
        back_url=shown.order_url(who, o),
    )


from medpwa.medicines import check_views, keying_views  # noqa: E402, F401 they add their pages to `pages`
