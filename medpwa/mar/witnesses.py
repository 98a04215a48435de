"""Who may be the second person for a dose, and what stands of a request for one. Read anew where a dose is judged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from medpwa.competency import queries as competency
from medpwa.errors import NotFound
from medpwa.mar import judging, prn, queries, witness_rules
from medpwa.mar.leave import changed_at
from medpwa.mar.models import Entry
from medpwa.mar.models_after import WitnessAct, WitnessRequest
from medpwa.mar.queries import DueDose
from medpwa.mar.rules import Reason
from medpwa.mar.tickets import DoseKey
from medpwa.mar.witness_rules import Witnessed
from medpwa.medicines import queries as orders
from medpwa.medicines.rules import OrderFacts
from medpwa.permits import CARE_ROLES, Actor
from medpwa.staff import queries as staff
from medpwa.staff.rules import OnShift
from medpwa.staff.vocabulary import ON_CALL

GONE = Reason("changed", "This dose is not due any more: its order was stopped or changed. Nothing is recorded by it.")
FIRST = Reason(
    "witness_first", "A second person must see this given. Ask somebody who may witness it. Nothing was recorded."
)


def demand(
    by: Actor, dose: DueDose, seen: Witnessed | None, at: dt.datetime, beside: Witnessed | None = None
) -> None:
    """Refused where nobody, or nobody fitting, sees a dose given that needs a second person; whoever stands `beside` a
    giver who is not signed off is not that person."""
    also = beside.person_id if beside else None
    no = FIRST if seen is None else why_not(by.person_id, seen.person_id, dose.order, seen.at, at, beside=also)
    if no is not None:
        raise judging.refused(no, dose.order.resident_id, dose.key)


def why_not(
    giver: int | None,
    person_id: int,
    order: OrderFacts,
    seen_at: dt.datetime,
    at: dt.datetime,
    *,
    beside: int | None = None,
) -> Reason | None:
    """Why somebody cannot witness that `giver` gives a dose of this order; None when they can."""
    facts = witness_rules.WitnessFacts(
        name=staff.names({person_id}).get(person_id, "That person"),
        is_giver=person_id == giver,
        works_here=bool(staff.roles_of(person_id, order.home_id) & CARE_ROLES),
        skilled=skilled(order.home_id, person_id, order),
        seen_at=seen_at,
        order_since=changed_at(order, at),
        stands_beside=person_id == beside,
    )
    return witness_rules.judge_witness(facts, at)


def skilled(home_id: int, person_id: int, order: OrderFacts) -> bool:
    """Whether somebody is signed off to witness a dose: as a witness, for controlled drugs, or for all that giving it
    needs."""
    fit = witness_rules.ways(order)
    return any(competency.sign_off(home_id, person_id, way, order.resident_id).allowed for way in fit)


# ---------------------------------------------------------------- a request on their own phone


def standing_request(
    by: Actor, request_id: int, entry_id: str, dose: DueDose, amount: Decimal | None, at: dt.datetime
) -> WitnessRequest:
    """The request a give rests on: this giver's own, for just this entry, dose and amount, not older than ten minutes
    and not older than the version in force. Refused in words where it is not."""
    found = WitnessRequest.get_or_none((WitnessRequest.id == request_id) & (WitnessRequest.home == by.home_id))
    if found is None or found.by != by.person_id:
        raise NotFound()
    no = _why_not_standing(found, entry_id, dose, amount, at)
    if no is not None:
        raise judging.refused(no, dose.order.resident_id, dose.key)
    return found


def _why_not_standing(
    found: WitnessRequest, entry_id: str, dose: DueDose, amount: Decimal | None, at: dt.datetime
) -> Reason | None:
    said = (found.entry_id, found.order_line_id, found.due_at, found.amount)
    due_at = None if dose.order.kind == "prn" else dose.times.due_at
    if said != (entry_id, dose.order.line_id, due_at, amount):
        return Reason("other_request", "The witness was asked about something else. Ask again. Nothing was recorded.")
    return why_not_answerable(found, dose.order, at)


def why_not_answerable(found: WitnessRequest, order: OrderFacts, at: dt.datetime) -> Reason | None:
    """Why a request holds no longer, whoever looks at it; None while it does."""
    if at - found.at > witness_rules.ASKED_LASTS:
        return Reason("witness_too_old", "This was asked over 10 minutes ago. Ask again when it is given.")
    if changed_at(order, at) > found.at:
        return Reason("changed", "The order changed since this was asked. Read it again, then ask again.")
    return None


def answer_of(request_id: int) -> Witnessed | None:
    """The witness's own answer to a request; None while there is none."""
    act = WitnessAct.get_or_none(WitnessAct.request == request_id)
    return Witnessed(act.by, act.at) if act is not None else None


def request_of(by: Actor, request_id: int, **_: object) -> WitnessRequest:
    """The loader of a request: this home's, of this person's asking or asked of them; NotFound for anything else."""
    if not 0 < request_id < staff.HIGHEST_ID:
        raise NotFound()
    found = WitnessRequest.get_or_none((WitnessRequest.id == request_id) & (WitnessRequest.home == by.home_id))
    if found is None or by.person_id not in (found.by, found.asked_person):
        raise NotFound()
    return found


def order_of(by: Actor, found: WitnessRequest) -> OrderFacts:
    """The order a request is about as it stood then, whatever became of it."""
    line_id = found.order_line_id
    return next(o for o in reversed(orders.orders_of_home(by.home_id)) if o.line_id == line_id)


def dose_asked(by: Actor, found: WitnessRequest, at: dt.datetime) -> DueDose:
    """The dose a request is about, as it stands now; NotFound where its order has it no more."""
    if found.due_at is not None:
        return queries.dose_of(by, DoseKey(found.order_line_id, found.due_at))
    return prn.dose_of(by, order_of(by, found).resident_id, found.order_line_id, at)


def entry_of(entry_id: str) -> Entry | None:
    """The entry a form led to, if it did."""
    return Entry.get_or_none(Entry.entry_id == entry_id)


def asked_with(entry_id: str) -> WitnessRequest | None:
    """The request that was made with a form, if there was one."""
    return WitnessRequest.get_or_none(WitnessRequest.entry_id == entry_id)


# ---------------------------------------------------------------- who may


@dataclass(frozen=True)
class Candidate:
    """Somebody who may witness, as a tile names them."""

    person_id: int
    name: str
    initials: str
    second: str  # their role, and how they stand to this shift


def candidates(by: Actor, order: OrderFacts, beside: Witnessed | None = None) -> list[Candidate]:
    """Everybody of the home who may see a dose of this order given, those on shift first; whoever stands `beside` a
    giver who is not signed off may not."""
    but = beside.person_id if beside else None
    return tiles(by, lambda person_id: person_id != but and skilled(by.home_id, person_id, order))


def tiles(by: Actor, fits: Callable[[int], bool]) -> list[Candidate]:
    """Everybody else of the home's care team who fits, as tiles, those on shift first."""
    on_shift = {p.person_id: p for p in reversed(staff.on_shift(by.home_id)[0])}
    able = [
        c
        for c in staff.colleagues(by.home_id)
        if c.person_id != by.person_id and c.roles & CARE_ROLES and fits(c.person_id)
    ]
    able.sort(key=lambda c: (c.person_id not in on_shift, c.name))
    return [_candidate(c.person_id, c.roles, on_shift.get(c.person_id)) for c in able]


def _candidate(person_id: int, roles: frozenset[str], duty: OnShift | None) -> Candidate:
    facts = staff.person_facts(person_id)
    where = "not on the rota now" if duty is None else "on call" if duty.duty == ON_CALL else "on shift"
    return Candidate(person_id, facts.name, facts.initials, f"{staff.role_words(roles)}, {where}")
