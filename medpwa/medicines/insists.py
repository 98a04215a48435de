"""What every action about an order insists on, and a reason as it is kept."""

from __future__ import annotations

from medpwa import clock
from medpwa.competency import queries as competency
from medpwa.errors import Invalid, Refused
from medpwa.medicines import deeds, keying, queries, rules
from medpwa.medicines.queries import Order
from medpwa.permits import Actor

SHORTEST_REASON = 3
LONGEST_NAME = 120
# What may follow when the days of a course are over: a longer course, or its end kept in words.
AFTER_ITS_DAYS = {("finished", "orders.change"), ("finished", "orders.stop")}


def where_of(order: Order) -> dict[str, int | str]:
    """What a refused line names: the resident, the order and its version."""
    return {"subject": deeds.subject(order.resident_id), "order": order.line_id, "version": order.latest.version_id}


def must_be_trained(by: Actor, where: dict[str, int | str]) -> None:
    """Keying and checking take the sign-off for it."""
    verdict = competency.sign_off(by.home_id, by.person_id, queries.KEYING_SKILLS, None)
    if not verdict.allowed:
        words = f"{verdict.words} {queries.trained_words(by.home_id, without=by.person_id)}"
        raise Refused("not_trained", f"{words} Nothing was changed.", 403, about=where)


def must_be_latest(order: Order, version_id: int, where: dict[str, int | str]) -> None:
    """Refuse what was decided on an older version than stands now."""
    if order.latest.version_id != version_id:
        words = "This order was changed while the page was open. Nothing was changed by you. Look at it as it is now."
        raise Refused("stale_version", words, about=where)


def must_run(order: Order, where: dict[str, int | str]) -> None:
    """Refuse what comes after the end of an order."""
    if rules.ended(order.latest):
        how = "was entered in error" if order.latest.in_error else "is stopped"
        words = f"This order {how}. Nothing was changed. To begin again, add it as a new order."
        raise Refused("stopped", words, about=where)


def must_move(by: Actor, order: Order, verb: str, where: dict[str, int | str]) -> None:
    """Refuse a step that the table of states does not have (MOVES). A course whose days are past may still be ended or
    changed: its state is only a matter of time."""
    must_run(order, where)
    at = clock.now()
    now = rules.state(order.latest, at, by.zone)
    if rules.may_move(order.latest, verb, at, by.zone) or (now, verb) in AFTER_ITS_DAYS:
        return
    words = {
        "suspended": "This order is on hold already. Nothing was changed. Let it go on, or stop it.",
        "finished": "The course of this order is over. Nothing was changed.",
        "awaiting_check": "This order waits for its second check, so nobody can give it yet. Nothing was changed. Stop "
        "it if it must not begin.",
    }.get(now, "This order is not on hold. Nothing was changed. Look at it as it is now.")
    raise Refused("wrong_state", words, about=where)


def said_who(name: str) -> str:
    """Who decided it, as it is kept; Invalid without a name."""
    name = " ".join(name.split())
    if not 2 <= len(name) <= LONGEST_NAME:
        raise Invalid([("decided_by", f"Say who decided it, by name, in at most {LONGEST_NAME} letters.")])
    return name


def said_why(reason: str) -> str:
    """A reason as it is kept; Invalid when there is none or it is too long."""
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST_REASON:
        raise Invalid([("reason", "Say why, and who decided it.")])
    most, called = keying.LENGTHS["reason"]
    if len(reason) > most:
        raise Invalid([("reason", f"{called} may have {most} letters. Make it shorter.")])
    return reason
