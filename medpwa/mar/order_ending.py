"""Marking an order as entered in error: it stands here because only the round knows whether anything was ever
recorded of it."""

from __future__ import annotations

from medpwa import database
from medpwa.action import Done, action
from medpwa.errors import Refused
from medpwa.medicines import deeds, insists
from medpwa.medicines import queries as orders
from medpwa.medicines.queries import Order
from medpwa.permits import Actor

# Entries of a line that stand: not struck, and not replaced by a later correction.
_STANDING = """SELECT count(*) FROM entry e WHERE e.order_line_id = ? AND e.outcome <> 'struck'
    AND NOT EXISTS (SELECT 1 FROM entry c WHERE c.corrects_id = e.id)"""


@action("orders.strike", about=orders.order_of)
def strike_order(*, by: Actor, about: Order, line_id: int, version_id: int, reason: str) -> Done:
    """Say that an order never should have been here. Only while nothing stands recorded of it: what was given or not
    given is a fact about a real order, which is stopped instead, with a note."""
    where = insists.where_of(about)
    insists.must_be_latest(about, version_id, where)
    _must_not_be_struck(about, where)
    found = recorded(line_id)
    if found:
        raise Refused("recorded", f"{why_not(found)} Nothing was changed.", about=where)
    version, said = deeds.strike_order(by, about.latest, insists.said_why(reason))
    return Done(version, [said])


def recorded(line_id: int) -> int:
    """How many entries stand of an order line."""
    return database.rows(_STANDING, line_id)[0][0]


def why_not(found: int) -> str:
    """Why an order with entries cannot be entered in error, and what to do instead."""
    what = "1 entry stands" if found == 1 else f"{found} entries stand"
    return f"{what} on its record, so it was an order. Stop it instead, and say in the reason what was wrong."


def _must_not_be_struck(order: Order, where: dict[str, int | str]) -> None:
    if order.latest.in_error:
        raise Refused("stopped", "This order is marked as entered in error already. Nothing was changed.", about=where)
