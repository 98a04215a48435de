"""The writers of what goes with somebody's absence: counts out and in, steps of comparing the medicines list."""

from __future__ import annotations

from medpwa import clock
from medpwa.ledger import Pending, line
from medpwa.mar.away_rules import Compared, Count
from medpwa.mar.models_after import AbsenceItem, Reconciliation
from medpwa.permits import Actor


def count(by: Actor, resident_id: int, stay_id: int, direction: str, counts: list[Count]) -> Pending:
    """Medicines counted out with somebody, or in with them: one line for all that was counted at once."""
    at = clock.now()
    rows = [
        AbsenceItem.create(
            whereabouts=stay_id,
            order_line=c.line_id,
            direction=direction,
            amount=c.amount,
            note=c.note,
            at=at,
            by=by.person_id,
        )
        for c in counts
    ]
    return line("absence.count", f"resident:{resident_id}", *rows)


def compared(by: Actor, resident_id: int, stay_id: int, step: Compared) -> Pending:
    """A step of comparing somebody's medicines list."""
    row = Reconciliation.create(
        whereabouts=stay_id,
        state=step.state,
        first_source=step.first_source,
        second_source=step.second_source,
        discrepancies=step.discrepancies,
        resolved=step.resolved,
        at=clock.now(),
        by=by.person_id,
    )
    return line("reconcile.record", f"resident:{resident_id}", row)
