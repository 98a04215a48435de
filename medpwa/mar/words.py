"""What the round may call a medicine. An order that waits for its second check is not spelled out to anybody: the
second person keys it without having read the first."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Protocol

from medpwa.mar import extras
from medpwa.mar.vocabulary import OUTCOMES
from medpwa.medicines import rules as medicines
from medpwa.medicines.rules import OrderFacts

WAITING = "A medicine waiting for its second check"
AWAY_WHERE = {"hospital": "Away: in hospital", "leave": "Away: on leave"}  # where somebody was when a dose fell due


def covered(order: OrderFacts) -> bool:
    """Whether an order's content is not to be shown on the round yet."""
    return not order.checked and not order.stopped


def medicine(order: OrderFacts) -> str:
    """The medicine in full, or that it waits for its check."""
    return WAITING if covered(order) else medicines.medicine_words(order)


def amount(order: OrderFacts) -> str:
    """How much of it, without the rest of the directions; nothing while it waits."""
    return "" if covered(order) else medicines.dose_words(order)


def how(order: OrderFacts) -> str:
    """The directions in one line; nothing while it waits."""
    return "" if covered(order) else medicines.line_words(order)


def amounts(order: OrderFacts) -> tuple[tuple[str, str], ...]:
    """What may be chosen where the amount varies, as figure and words; nothing where it does not, or while it waits."""
    if order.dose_most is None or order.dose_amount is None or covered(order):
        return ()
    found = extras.choices_of(order.dose_amount, order.dose_most)
    return tuple((f"{a:f}", medicines.amount_words(a, order.dose_unit)) for a in found)


class Said(Protocol):
    """What an entry says, stored or as the rules see it."""

    outcome: str
    reason: str
    note: str
    amount: Decimal | None
    extra: Any
    given_by: Any


def why(entry: Said) -> str:
    """Why a dose came out as it did, as it was chosen; a when-required dose says in words of its own why it was needed,
    and in part given also why not all of it was taken. Empty where the outcome asks for no reason."""
    offered, part = dict(OUTCOMES[entry.outcome].reasons), (entry.extra or {}).get("part")
    if part in offered:
        return f"{entry.reason}. {offered[part]}"
    return offered.get(entry.reason, "") if offered else entry.reason


def tried_first(entry: Said) -> str:
    """What was tried before a when-required dose, as it is stored: `Tried first: a walk; music`."""
    extra = entry.extra or {}
    steps = extra.get("steps")
    if isinstance(steps, list) and steps:
        return f"Tried first: {'; '.join(steps)}"
    return f"Nothing was tried first: {extra['steps_why']}" if extra.get("steps_why") else ""


def asked(entry: Said) -> str:
    """What the outcome asked for beside its reason, as it was said."""
    return extras.words(entry.outcome, entry.extra or {})


def how_much(entry: Said, order: OrderFacts | None) -> str:
    """What was really given, where it is not the order's one amount; empty elsewhere, and while the order waits."""
    if entry.amount is None or order is None or covered(order):
        return ""
    return medicines.amount_words(entry.amount, order.dose_unit)


def detail(entry: Said, order: OrderFacts | None) -> list[str]:
    """All an entry says beside its outcome: how much, why, what the outcome asked for, who gave it, the note."""
    by = f"By {entry.given_by}" if entry.given_by else ""
    said = [how_much(entry, order), why(entry), tried_first(entry), asked(entry), by, entry.note]
    return [w for w in said if w]
