"""What one dose is on the day it falls due, for the round: the step of a stepped order, the dose of a letter. An order
with one dose for every day asks neither the calendar nor the letters."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from medpwa import clock
from medpwa.mar import words as words_of
from medpwa.medicines import advice, advice_rules, schedules
from medpwa.medicines import rules as medicines
from medpwa.medicines.advice_rules import AdviceFacts
from medpwa.medicines.rules import OrderFacts


def _day(order: OrderFacts, due_at: dt.datetime, zone: str) -> dt.date | None:
    return clock.local_day(due_at, zone) if order.schedule is not None else None


def amount_due(order: OrderFacts, due_at: dt.datetime, zone: str) -> Decimal | None:
    """How much the dose that falls due then is; None while no letter says it."""
    day = _day(order, due_at, zone)
    return order.dose_amount if day is None else advice.amount_of(order, day)


def how_due(order: OrderFacts, due_at: dt.datetime, zone: str) -> str:
    """The directions in one line with the dose of that day: `3 mg, by mouth.`; nothing while the order waits."""
    day = _day(order, due_at, zone)
    if day is None or words_of.covered(order):
        return words_of.how(order)
    return medicines.line_words(order, day, advice.amount_of(order, day))


def amounts_due(order: OrderFacts, due_at: dt.datetime, zone: str) -> tuple[tuple[str, str], ...]:
    """What may be chosen as given. Of a dose by letter the one amount is chosen too: whoever gives it says that it was
    this one, and the record keeps it."""
    if not schedules.by_advice(order):
        return words_of.amounts(order)
    amount = amount_due(order, due_at, zone)
    return ((f"{amount:f}", medicines.amount_words(amount, order.dose_unit)),) if amount else ()


def ends_due(order: OrderFacts, due_at: dt.datetime, zone: str) -> tuple[Decimal | None, Decimal | None]:
    """The least and the most that may be given of a dose; one amount without a choice has no most."""
    amount = amount_due(order, due_at, zone)
    return (amount, amount) if schedules.by_advice(order) else (amount, order.dose_most)


def facts(order: OrderFacts, due_at: dt.datetime, zone: str) -> dict[str, str]:
    """What the letters put in the way of a give, as `rules.GiveFacts` takes it; nothing for other orders."""
    if not schedules.by_advice(order):
        return {}
    day = clock.local_day(due_at, zone)
    found, (code, words) = advice.standing(order, day), advice.stands_in_the_way(order, day)
    return {"letter_code": code, "letter_words": words, "ask": advice_rules.ask_words(found, day)}


def basis(order: OrderFacts) -> tuple[AdviceFacts, ...]:
    """What words about a dose by letter are made from beside its order; empty for other orders."""
    return advice.of_line(order.home_id, order.line_id) if schedules.by_advice(order) else ()
