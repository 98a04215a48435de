"""The only writers of requests for a witness and of a witness's answer; inside an open transaction."""

from __future__ import annotations

from decimal import Decimal

from medpwa import clock
from medpwa.ledger import Pending, line
from medpwa.mar.models_after import WitnessAct, WitnessRequest
from medpwa.mar.queries import DueDose
from medpwa.permits import Actor


def ask(
    by: Actor, dose: DueDose, entry_id: str, amount: Decimal | None, person_id: int
) -> tuple[WitnessRequest, Pending]:
    """Keep that somebody was asked to see a dose given."""
    row = WitnessRequest.create(
        home=by.home_id,
        entry_id=entry_id,
        order_line=dose.order.line_id,
        due_at=None if dose.order.kind == "prn" else dose.times.due_at,
        amount=amount,
        asked_person=person_id,
        at=clock.now(),
        by=by.person_id,
    )
    return row, line("mar.ask_witness", f"resident:{dose.order.resident_id}", row, asked=person_id)


def confirm(by: Actor, request: WitnessRequest, resident_id: int) -> tuple[WitnessAct, Pending]:
    """Keep a witness's own answer."""
    row = WitnessAct.create(request=request, at=clock.now(), by=by.person_id)
    return row, line("mar.witness", f"resident:{resident_id}", row, request=request.id)
