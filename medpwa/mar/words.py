"""What the round may call a medicine. An order that waits for its second check is not spelled out to anybody: the
second person keys it without having read the first."""

from __future__ import annotations

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
