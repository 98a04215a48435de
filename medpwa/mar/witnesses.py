"""Who may be the second person for a dose, and what stands of a request for one. Read anew where a dose is judged."""

from __future__ import annotations

import datetime as dt

from medpwa.competency import queries as competency
from medpwa.mar import judging, witness_rules
from medpwa.mar.queries import DueDose
from medpwa.mar.rules import Reason
from medpwa.mar.witness_rules import Witnessed
from medpwa.medicines.rules import OrderFacts
from medpwa.permits import CARE_ROLES, Actor
from medpwa.staff import queries as staff

FIRST = Reason(
    "witness_first", "A second person must see this given. Ask somebody who may witness it. Nothing was recorded."
)


def demand(by: Actor, dose: DueDose, seen: Witnessed | None, at: dt.datetime) -> bool:
    """Whether the dose needs a second person; Refused where it does and nobody, or nobody fitting, saw it."""
    if not witness_rules.needed(dose.order):
        return False
    no = FIRST if seen is None else why_not(by, seen.person_id, dose.order, seen.at, at)
    if no is not None:
        raise judging.refused(no, dose.order.resident_id, dose.key)
    return True


def why_not(
    by: Actor, person_id: int, order: OrderFacts, seen_at: dt.datetime, at: dt.datetime
) -> Reason | None:
    """Why somebody cannot witness that `by` gives a dose of this order; None when they can."""
    facts = witness_rules.WitnessFacts(
        name=staff.names({person_id}).get(person_id, "That person"),
        is_giver=person_id == by.person_id,
        works_here=bool(staff.roles_of(person_id, by.home_id) & CARE_ROLES),
        skilled=skilled(by.home_id, person_id, order),
        seen_at=seen_at,
        order_since=order.valid_from,
    )
    return witness_rules.judge_witness(facts, at)


def skilled(home_id: int, person_id: int, order: OrderFacts) -> bool:
    """Whether somebody is signed off to witness a dose: as a witness, for controlled drugs, or for all that giving it
    needs."""
    ways = [(skill,) for skill in witness_rules.SKILLS_OF_A_WITNESS]
    if order.required_skills and not order.controlled:
        ways.append(order.required_skills)
    return any(competency.sign_off(home_id, person_id, way, order.resident_id).allowed for way in ways)
