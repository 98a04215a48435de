"""The verbs of orders: add, change, stop, check. What a person keys waits until a second person keyed it the same."""

from __future__ import annotations

import datetime as dt

from medpwa import clock
from medpwa.action import Done, action
from medpwa.errors import Invalid, Refused
from medpwa.medicines import agreement, deeds, guard, insists, keying, queries, rules
from medpwa.medicines.keying import Keyed, OrderDetails
from medpwa.medicines.queries import Order
from medpwa.medicines.rules import OrderFacts
from medpwa.medicines.vocabulary import ENDINGS
from medpwa.permits import Actor
from medpwa.residents import queries as residents
from medpwa.residents.queries import ResidentCard


@action("orders.add", about=residents.resident_of)
def add_order(*, by: Actor, about: ResidentCard, resident_id: int, details: OrderDetails) -> Done:
    """Put a medicine on somebody's chart from paper. It waits for its second check.

    Raises Invalid for details no order can have; Refused for somebody not trained to key orders, a resident who left,
    an unanswered allergy match, and an order that is there already.
    """
    where = {"subject": deeds.subject(resident_id)}
    insists.must_be_trained(by, where)
    details = _fit(keying.tidied(details))
    _must_live_here(about, where)
    _must_be_answered(about, details, where)
    _must_be_new(by, resident_id, details, where)
    _must_keep_the_guard(by, resident_id, details, clock.now())
    version, said = deeds.add_order(by, resident_id, details, hand_keyed=True, verb="orders.add")
    return Done(version, [said])


@action("orders.import", about=residents.resident_of)
def import_order(
    *,
    by: Actor,
    about: ResidentCard,
    resident_id: int,
    details: OrderDetails,
    valid_from: dt.datetime | None = None,
) -> Done:
    """Take over an order from another system, which nobody keyed: it needs no second check. Its doses fall due from
    `valid_from` (now) on, which may be past. The system alone may do it."""
    details = _fit(keying.tidied(details))
    _must_be_answered(about, details, {"subject": deeds.subject(resident_id)})
    _must_keep_the_guard(by, resident_id, details, valid_from or clock.now())
    version, said = deeds.add_order(
        by, resident_id, details, hand_keyed=False, verb="orders.import", valid_from=valid_from
    )
    return Done(version, [said])


@action("orders.change", about=queries.order_of)
def change_order(*, by: Actor, about: Order, line_id: int, version_id: int, details: OrderDetails, reason: str) -> Done:
    """The next version of an order, from now on; what was due before stays as it was. `version_id` is the version the
    person saw: when another has come meanwhile, nothing changes."""
    where = insists.where_of(about)
    insists.must_be_trained(by, where)
    insists.must_be_latest(about, version_id, where)
    insists.must_move(by, about, "orders.change", where)
    _must_be_open(by, about, where)
    details = _fit(keying.tidied(details))
    reason = insists.said_why(reason)
    resident = residents.resident_of(by, about.resident_id)
    _must_be_answered(resident, details, where)
    if not keying.changed_fields(about.latest, details):
        raise Invalid([("medicine", "Nothing is different from the order as it stands, so nothing was changed.")])
    _must_keep_the_guard(by, about.resident_id, details, clock.now(), line_id)
    version, said = deeds.change_order(by, about.latest, details, reason)
    return Done(version, [said])


@action("orders.stop", about=queries.order_of)
def stop_order(
    *, by: Actor, about: Order, line_id: int, version_id: int, reason: str, ending: str = "stopped"
) -> Done:
    """End an order now, and say as what (ENDINGS). It takes no special training: the safe direction must stay easy."""
    where = insists.where_of(about)
    insists.must_be_latest(about, version_id, where)
    insists.must_move(by, about, "orders.stop", where)
    if ending not in ENDINGS:
        raise Invalid([("ending", "Choose from the list why it ends.")])
    version, said = deeds.stop_order(by, about.latest, insists.said_why(reason), ending)
    return Done(version, [said])


@action("orders.suspend", about=queries.order_of)
def suspend_order(
    *,
    by: Actor,
    about: Order,
    line_id: int,
    version_id: int,
    reason: str,
    decided_by: str,
    until: dt.datetime | None = None,
) -> Done:
    """Put an order on hold from now on: who decided it, why, and until when where that is known. When that time comes
    nothing starts by itself: it is put in front of whoever leads the shift."""
    where = insists.where_of(about)
    insists.must_be_latest(about, version_id, where)
    insists.must_move(by, about, "orders.suspend", where)
    reason, decided_by = insists.said_why(reason), insists.said_who(decided_by)
    if until is not None and until <= clock.now():
        raise Invalid([("until_day", "That time is past. Give the time until which it is on hold, or leave it empty.")])
    version, said = deeds.suspend_order(by, about.latest, reason, decided_by, until)
    return Done(version, [said])


@action("orders.resume", about=queries.order_of)
def resume_order(*, by: Actor, about: Order, line_id: int, version_id: int, reason: str) -> Done:
    """Let an order go on as it was before the hold. It needs no second check, because nothing else changes; a change
    is keyed and checked like any other. An allergy recorded meanwhile holds it up."""
    where = insists.where_of(about)
    insists.must_be_latest(about, version_id, where)
    insists.must_move(by, about, "orders.resume", where)
    before = next(o for o in reversed(about.versions) if not o.suspended)
    _must_be_answered(residents.resident_of(by, about.resident_id), keying.details_of(before), where)
    version, said = deeds.resume_order(by, about.latest, before, insists.said_why(reason))
    return Done(version, [said])


@action("orders.check", about=queries.version_of)
def check_order(*, by: Actor, about: OrderFacts, version_id: int, keyed: Keyed, rest: str) -> Done:
    """Compare the second person's own keying with the first. Either way the check is kept; only a keying that agrees,
    and the rest of the order read against the paper (`rest` among `agreement.REST`), lets the order run."""
    order = queries.order_of(by, about.line_id)
    where = insists.where_of(order)
    if about.keyed_by == by.person_id:
        raise Refused("same_person", queries.another_checks(by.home_id, about), about=where)
    insists.must_be_trained(by, where)
    insists.must_be_latest(order, version_id, where)
    insists.must_run(order, where)
    if about.checked:
        raise Refused("checked_already", "This order has been checked already. Nothing was changed.", about=where)
    found = keying.keyed_problems(keyed)
    if found:
        raise Invalid(found)
    differing = agreement.differences(about, keyed)
    if not differing and rest not in agreement.REST:
        raise Invalid([("rest", "Read it against the paper, then say whether all of it agrees.")])
    row, said = deeds.check_order(by, about, agreement.after_reading(differing, rest))
    return Done(row, [said])


# ---------------------------------------------------------------- what an action insists on


def _must_live_here(resident: ResidentCard, where: dict[str, int | str]) -> None:
    if resident.has_left:
        words = f"{resident.name} no longer lives here ({resident.whereabouts_words}). Nothing was added."
        raise Refused("left", words, about=where)


def _must_be_answered(resident: ResidentCard, details: OrderDetails, where: dict[str, int | str]) -> None:
    """A recorded allergy in the medicine's name blocks the order until a prescriber or pharmacist has answered."""
    words = queries.allergy_question(resident, details)
    if words:
        raise Refused("allergy", f"{words} Nothing was changed.", about=where)


def _must_be_new(by: Actor, resident_id: int, details: OrderDetails, where: dict[str, int | str]) -> None:
    """The same order twice is a double tap or two people keying one label; either way it must not be given twice."""
    now = clock.now()
    for o in rules.in_force(queries.orders_of_resident(by.home_id, resident_id), now):
        running = rules.state(o, now, by.zone) in ("active", "awaiting_check", "suspended")
        if running and not agreement.differences(o, details):
            words = f"The same order is on the chart already, since {clock.moment_words(o.keyed_at, by.zone)}."
            raise Refused("already_there", f"{words} Nothing was added.", about={**where, "order": o.line_id})


def _must_keep_the_guard(
    by: Actor, resident_id: int, details: OrderDetails, at: dt.datetime, line_id: int | None = None
) -> None:
    """A weekly medicine must not fall due twice within its guarded days, over all orders of a person."""
    own = queries.orders_of_resident(by.home_id, resident_id)
    words = guard.clash(own, details, at, by.zone, line_id=line_id)
    if words:
        raise Invalid([("starts_on", words)])


def _must_be_open(by: Actor, order: Order, where: dict[str, int | str]) -> None:
    """Somebody who may still check this version must not read it first, and a change shows what it changes."""
    if rules.covered_for(order.latest, by.person_id):
        raise Refused("waiting", queries.change_after_check(order.latest), about=where)


def _fit(details: OrderDetails) -> OrderDetails:
    found = keying.problems(details)
    if found:
        raise Invalid(found)
    return details
