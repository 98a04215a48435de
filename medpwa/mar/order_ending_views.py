"""The page that marks an order as entered in error."""

from __future__ import annotations

from flask import g, redirect, render_template

from medpwa.errors import Invalid, Refused
from medpwa.mar import order_ending
from medpwa.mar.views import pages
from medpwa.medicines import queries as orders
from medpwa.medicines import rules as medicines
from medpwa.medicines.order_facts import order_url
from medpwa.medicines.queries import Order
from medpwa.medicines.views import version_seen
from medpwa.pages import once, telling
from medpwa.permits import Actor
from medpwa.residents import queries as residents

STRIKE = "/h/<home>/orders/<int:line_id>/strike"


@pages.get(STRIKE, permit="orders.strike", about=orders.order_of)
def striking(who, about, line_id):
    """Say why; or read why it cannot be, where something stands recorded."""
    if about.latest.in_error:
        return redirect(order_url(who, about.latest))
    return _page(who, about, about.latest.version_id, "", [])


@pages.post(STRIKE, permit="orders.strike", about=orders.order_of)
def strike(who, about, line_id):
    """Mark an order as entered in error."""
    reason, seen = once("reason"), version_seen()
    try:
        order_ending.strike_order(by=who, line_id=line_id, version_id=seen, reason=reason)
    except Invalid as no:
        return _page(who, about, seen, reason, no.errors), 422
    except Refused as no:
        now = orders.order_of(who, line_id)
        if no.code not in ("stale_version", "recorded"):
            raise
        return _page(who, now, now.latest.version_id, reason, [(None, no.words)]), 409
    return redirect(telling(order_url(who, about.latest), saved="struck"), 303)


def _page(who: Actor, order: Order, seen: int, reason: str, errors: list):
    g.subject = f"resident:{order.resident_id}"
    card, o = residents.resident_of(who, order.resident_id), order.latest
    covered, found = medicines.covered_for(o, who.person_id), order_ending.recorded(order.line_id)
    return render_template(
        "mar/strike.html",
        card=card,
        name=f"this order for {card.called}" if covered else medicines.medicine_words(o),
        directions="" if covered else medicines.directions(o),
        why_not=order_ending.why_not(found) if found else "",
        stop_url=f"{order_url(who, o)}/stop" if not medicines.ended(o) else None,
        version_id=seen,
        reason=reason,
        errors=errors,
        error=dict(errors),
        back_url=order_url(who, o),
    )
