"""Pages of orders: everybody's, one person's, one order. Keying, checking and ending are in files of their own,
imported below so that they register."""

from __future__ import annotations

from flask import g, render_template

from medpwa.medicines import advice, history, order_page, queries, shown
from medpwa.pages import Pages, once, told
from medpwa.permits import Actor, may
from medpwa.residents import queries as residents
from medpwa.residents.queries import ResidentCard

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
    card = card_of(who, about.resident_id)
    said = history.history_of(who, about) if may("history.see", who) else None
    page = order_page.order_page(who, about, card, told("saved"))
    letters = advice.of_order_page(who, about)
    return render_template("medicines/order.html", card=card, history=said, advice=letters, **page)


def card_of(who: Actor, resident_id: int) -> ResidentCard:
    """Whose page it is; reading it is kept as reading theirs."""
    g.subject = f"resident:{resident_id}"
    return residents.resident_of(who, resident_id)


def version_seen() -> int:
    """The version the form was made from; 0 for anything that is no number of ours."""
    text = once("version_id")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


from medpwa.medicines import (  # noqa: E402 they add their pages to `pages`
    advice_views,  # noqa: F401
    check_views,  # noqa: F401
    ending_views,  # noqa: F401
    keying_views,  # noqa: F401
)
