"""The only writers of doses by letter; they run inside an open transaction and return their ledger lines."""

from __future__ import annotations

from dataclasses import asdict

from medpwa import clock
from medpwa.ledger import Pending, line
from medpwa.medicines.advice_rules import AdviceFacts, AdviceKeyed
from medpwa.medicines.deeds import subject
from medpwa.medicines.models import DoseAdvice, DoseAdviceCheck
from medpwa.medicines.queries import Order
from medpwa.permits import Actor


def add_advice(by: Actor, order: Order, keyed: AdviceKeyed, source: str) -> tuple[DoseAdvice, Pending]:
    """A dose by letter, which holds once a second person keyed it the same."""
    row = DoseAdvice.create(line=order.line_id, **asdict(keyed), source=source, at=clock.now(), by=by.person_id)
    return row, line("orders.advise", subject(order.resident_id), row, order=order.line_id, advice=row.id)


def check_advice(
    by: Actor, order: Order, letter: AdviceFacts, differing: tuple[str, ...]
) -> tuple[DoseAdviceCheck, Pending]:
    """A second person's keying of a letter, whether it agreed or not."""
    row = DoseAdviceCheck.create(
        advice=letter.id, agrees=not differing, differences=list(differing), at=clock.now(), by=by.person_id
    )
    about = {"order": order.line_id, "advice": letter.id, "agrees": row.agrees}
    return row, line("orders.check_advice", subject(order.resident_id), row, **about)
