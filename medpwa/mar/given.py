"""What a resident was really given in the last days, and what the limits of an order make of it. Read anew where a dose
is judged: one look-up by the resident's own index, and none for somebody whose orders set no limits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

from medpwa import clock, database
from medpwa.mar import limits
from medpwa.mar import words as words_of
from medpwa.mar.limits import Counting, Gave, LimitFacts
from medpwa.mar.vocabulary import FLAGS, GIVES
from medpwa.medicines import queries as orders
from medpwa.medicines import rules as medicines
from medpwa.medicines import schedules
from medpwa.medicines.rules import OrderFacts
from medpwa.permits import Actor
from medpwa.remember import once_a_look, remembered
from medpwa.residents.queries import ResidentCard

BACK = dt.timedelta(hours=49)  # any 24 hours before a fact of yesterday; what reaches further asks for its own lines
# A give that a correction replaced or struck out is none; its replacement stands for itself. Gives alone have a time.
_STANDS = "NOT EXISTS (SELECT 1 FROM entry c WHERE c.corrects_id = e.id)"
_SELECT = f"""SELECT e.id, e.order_line_id, e.order_version_id, e.given_at, e.amount, coalesce(e.due_at, e.given_at)
    FROM entry e WHERE {_STANDS} AND """


def gives_of(by: Actor, resident_id: int, at: dt.datetime) -> tuple[Gave, ...]:
    """Every dose of a resident that a limit counts at a moment, and those given after it, oldest first: live or
    reported, by anybody, two gives of one dose both. Nothing is read where no order sets a limit."""
    own = orders.orders_of_resident(by.home_id, resident_id)
    counted = counting(by.home_id, resident_id)
    if not counted.lines:
        return ()
    found = {row for row in _recent(resident_id, clock.micros(at - BACK)) if row[1] in counted.lines}
    if counted.far:
        found |= set(_of_lines(counted.far, clock.micros(at - counted.reach)))
    rows = tuple(sorted(found, key=lambda r: (r[3], r[0])))
    return remembered("gives", (by.home_id, resident_id), (rows, own), lambda: _gaves(rows, own, by.zone))


def counting(home_id: int, resident_id: int) -> Counting:
    """Which of a resident's order lines the limits look at; made once until an order changes."""
    own = orders.orders_of_resident(home_id, resident_id)
    return remembered("counting", (home_id, resident_id), own, lambda: limits.counting(own, BACK))


@once_a_look("entry")
def _recent(resident_id: int, since: int) -> tuple[tuple, ...]:
    return tuple(database.rows(f"{_SELECT} e.resident_id = ? AND e.given_at > ?", resident_id, since))


@once_a_look("entry")
def _of_lines(lines: tuple[int, ...], since: int) -> tuple[tuple, ...]:
    marks, outcomes = ", ".join("?" * len(lines)), ", ".join(f"'{o}'" for o in GIVES)
    which = f"e.order_line_id IN ({marks}) AND e.outcome IN ({outcomes}) AND e.given_at > ?"
    return tuple(database.rows(_SELECT + which, *lines, since))


def _gaves(rows: Iterable[tuple], own: Iterable[OrderFacts], zone: str) -> tuple[Gave, ...]:
    versions = {o.version_id: o for o in own}
    return tuple(_gave(row, versions[row[2]], zone) for row in rows)


def _gave(row: tuple, order: OrderFacts, zone: str) -> Gave:
    entry, _, _, given_at, amount, planned = row
    at = clock.from_micros(given_at)
    taken = Decimal(amount) if amount is not None else order.dose_most
    if taken is None:
        taken = schedules.amount_on(order, clock.local_day(clock.from_micros(planned), zone))
    if taken is None:  # not known how much: as much as the order ever says, never nothing
        taken = order.dose_amount or Decimal()
    return Gave(entry, order, at, taken, words_of.medicine(order))


def limits_of(
    by: Actor,
    resident: ResidentCard,
    order: OrderFacts,
    at: dt.datetime,
    amount: Decimal | None = None,
    without: int | None = None,
    due_at: dt.datetime | None = None,
) -> LimitFacts | None:
    """What the limits of an order depend on at a moment; None where none can stand in the way. `amount` is what is to
    be given, where the order leaves a choice; else what the plan has for the day it is due (`due_at`, now), however
    late it is given. `without` is an entry that is about to be replaced."""
    counted = counting(by.home_id, resident.id)
    if not counted.looks_at(order):
        return None
    agreed = (_agreed(counted.orders, o) for o in medicines.in_force(counted.orders, at))
    active = tuple(o for o in agreed if running(o, at, by.zone))
    if not any(limits.limited(o) and limits.share(order, o) for o in (order, *active)):
        return None
    if amount is None:
        amount = schedules.amount_on(order, clock.local_day(due_at or at, by.zone)) or order.dose_amount or Decimal()
    gives = tuple(g for g in gives_of(by, resident.id, at) if g.entry != without)
    return LimitFacts(order, amount, gives, active, resident.called, by.zone)


def _agreed(own: Sequence[OrderFacts], o: OrderFacts) -> OrderFacts:
    """What two people agreed of an order last: a change that waits for its check must not lift the limits that were set
    for everything else with the same ingredient."""
    before = [v for v in own if v.line_id == o.line_id and v.number < o.number and v.checked]
    return o if o.checked or not before else max(before, key=lambda v: v.number)


def running(o: OrderFacts, at: dt.datetime, zone: str) -> bool:
    """Whether an order holds at a moment: not ended or on hold, checked, and between its first and its last day."""
    day = clock.local_day(at, zone)
    ended = o.stopped or o.suspended or o.in_error or (o.ends_on is not None and day > o.ends_on)
    return not ended and o.checked and o.starts_on <= day


def breach_flags(
    by: Actor,
    resident: ResidentCard,
    order: OrderFacts,
    given_at: dt.datetime,
    amount: Decimal | None = None,
    *,
    without: int | None = None,
    due_at: dt.datetime | None = None,
) -> list[str]:
    """What a dose that was given already must be flagged with, by the limits in force when it was given; one on a
    prescriber's advice goes past them rightly, and says so."""
    much = amount if amount is not None else order.dose_most
    found = limits_of(by, resident, order, given_at, much, without, due_at)
    broken = list(limits.breaches(found, given_at)) if found is not None else []
    return ["on_advice"] if broken and limits.on_advice(order) else broken


def breach_words(flags: Sequence[str]) -> str:
    """What an alert says of them; empty where none is among the flags."""
    return "".join(f" It was {FLAGS[f]}." for f in flags if f in limits.BREACHES.values())
