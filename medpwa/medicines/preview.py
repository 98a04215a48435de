"""What an order would say and when its doses would fall due, were it saved now: shown before anything is kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from medpwa import clock
from medpwa.medicines import rules
from medpwa.medicines.keying import OrderDetails
from medpwa.medicines.order_facts import facts_of, protocol_of
from medpwa.medicines.queries import Order
from medpwa.medicines.rules import Dose, OrderFacts
from medpwa.permits import Actor
from medpwa.residents.queries import ResidentCard


def preview(who: Actor, card: ResidentCard, details: OrderDetails, before: OrderFacts | None = None) -> dict:
    """What carers will read, and when the first doses fall due, were these details saved now."""
    at = clock.now()
    new = _as_if(card, details, at)
    versions = [replace(before, valid_to=at, line_id=0), new] if before else [new]
    day = clock.day_bounds(clock.local_day(at, who.zone), who.zone)
    today = rules.doses_due(versions, *day, who.zone)
    return {
        "title": rules.medicine_words(new),
        "directions": rules.directions(new),
        "facts": facts_of(who, new, [new]),
        "protocol": protocol_of(new),
        "before": f"{rules.medicine_words(before)}. {rules.directions(before)}" if before else "",
        "today": _today_words(who, [d for d in today if d.version_id], [d for d in today if not d.version_id], before),
    }


def _as_if(card: ResidentCard, details: OrderDetails, at: dt.datetime) -> OrderFacts:
    values = {f: getattr(details, f) for f in OrderDetails.__dataclass_fields__}
    made = dict(line_id=0, version_id=0, number=1, home_id=card.home_id, resident_id=card.id, valid_from=at)
    return OrderFacts(
        **values, **made, valid_to=None, stopped=False, hand_keyed=True, checked=False, keyed_by=None, keyed_at=at
    )


def _today_words(who: Actor, old: list[Dose], new: list[Dose], before: OrderFacts | None) -> str:
    """Which doses of today stay as they were, and which come from the change: nobody should get two by surprise."""
    if before is None:
        return ""
    said = []
    if old:
        said.append(f"as before at {rules.listed(clock.time_words(d.due_at, who.zone) for d in old)}")
    if new:
        said.append(f"as changed at {rules.listed(clock.time_words(d.due_at, who.zone) for d in new)}")
    return f"Today’s doses: {', then '.join(said) or 'none'}."


LOOKED_BACK = dt.timedelta(hours=24)  # older doses are gaps, which a manager reviews


def earlier_words(who: Actor, order: Order) -> str:
    """The question about doses that fell due before a change and may still be open; empty where there are none. Which
    of them are recorded is not asked here: the answer is about those that are not."""
    at = clock.now()
    due = rules.doses_due(order.versions, at - LOOKED_BACK, at, who.zone)
    if not due:
        return ""
    times = rules.listed(clock.moment_words(d.due_at, who.zone) for d in due)
    which = "The dose" if len(due) == 1 else "The doses"
    return f"{which} due {times}: what if not recorded yet?"
