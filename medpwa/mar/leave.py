"""By what leave somebody gives a dose they are not signed off for: somebody signed off beside them, or an exception a
manager made for this round. Asked only of people who are not signed off; read anew where a dose is judged."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from medpwa.competency import gate_rules, glass_queries
from medpwa.competency import queries as competency
from medpwa.competency.glass_queries import Glass
from medpwa.mar import beside_rules, rounds
from medpwa.mar.models import Entry
from medpwa.mar.rules import Reason
from medpwa.mar.witness_rules import Witnessed
from medpwa.medicines import queries as orders
from medpwa.medicines.rules import OrderFacts
from medpwa.permits import CARE_ROLES, Actor
from medpwa.staff import queries as staff

SUPERVISED, BREAK_GLASS = "supervised", "break_glass"  # what an entry is flagged with


@dataclass(frozen=True, slots=True)
class Leave:
    """What lets somebody give who is not signed off. `how` is empty where nothing does; `no` says why what was proven
    does not hold; `may_beside` that it would be open with somebody beside them."""

    how: str = ""
    beside: Witnessed | None = None
    glass: Glass | None = None
    no: Reason | None = None
    may_beside: bool = False


NEEDS_NONE = Leave()


def leave_of(
    by: Actor, order: OrderFacts, span: rounds.RoundSpan | None, beside: Witnessed | None, at: dt.datetime
) -> Leave:
    """What lets somebody give a dose of this order in this round, though they are not signed off for it."""
    grants = competency.grants_of(by.home_id, by.person_id)
    open_beside = gate_rules.open_beside(grants, order.required_skills, order.resident_id, at)
    no = why_not(by.person_id, beside, order, at) if beside is not None else None
    if beside is not None and no is None:
        return Leave(SUPERVISED, beside=beside, may_beside=open_beside)
    glass = glass_for(by, order, span, at)
    if glass is not None:
        return Leave(BREAK_GLASS, glass=glass, may_beside=open_beside)
    return Leave(no=no, may_beside=open_beside)


def why_not(giver: int | None, beside: Witnessed, order: OrderFacts, at: dt.datetime) -> Reason | None:
    """Why somebody cannot stand beside `giver` for a dose of this order; None when they can."""
    home_id, skills, resident_id = order.home_id, order.required_skills, order.resident_id
    facts = beside_rules.BesideFacts(
        name=staff.names({beside.person_id}).get(beside.person_id, "That person"),
        is_giver=beside.person_id == giver,
        works_here=bool(staff.roles_of(beside.person_id, home_id) & CARE_ROLES),
        skilled=competency.sign_off(home_id, beside.person_id, skills, resident_id, at).allowed,
        open_beside=gate_rules.open_beside(competency.grants_of(home_id, giver), skills, resident_id, at),
        proved_at=beside.at,
        order_since=changed_at(order, at),
    )
    return beside_rules.judge_beside(facts, at)


def glass_for(by: Actor, order: OrderFacts, span: rounds.RoundSpan | None, at: dt.datetime) -> Glass | None:
    """The exception under which somebody may give a dose of this order now: one that holds, whose round this dose is
    of (or of no round at all), and that opens every skill it needs."""
    found = [g for g in glass_queries.standing(by.home_id, by.person_id, at) if _same_round(g, span)]
    if not found:
        return None
    grants = competency.grants_of(by.home_id, by.person_id)
    opened = gate_rules.open_by_glass(grants, order.required_skills, order.resident_id, at)
    return found[0] if opened else None


def _same_round(glass: Glass, span: rounds.RoundSpan | None) -> bool:
    return span is None or (span.name, span.start_at) == (glass.round_name, glass.starts_at)


def same_beside(beside: Witnessed | None, stored: Entry) -> bool:
    """Whether a form sent again names who stood beside as the stored entry does: a name nobody needed is not kept."""
    if beside is None:
        return stored.supervised_by is None
    return stored.supervised_by in (None, beside.person_id)


def changed_at(order: OrderFacts, at: dt.datetime) -> dt.datetime:
    """When the order last changed or stopped: the dose may still stand under the version of its due time."""
    own = orders.orders_of_resident(order.home_id, order.resident_id)
    return max(o.valid_from for o in own if o.line_id == order.line_id and o.valid_from <= at)
