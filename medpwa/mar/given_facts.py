"""What a report of a dose already given rests on: the fact as told, its dose, and what it must be flagged with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from medpwa import clock, ledger
from medpwa.competency import queries as competency
from medpwa.errors import NotFound
from medpwa.mar import gap_queries, judging, queries, rules, states, witness_rules
from medpwa.mar.tickets import DoseKey
from medpwa.medicines.rules import OrderFacts
from medpwa.permits import Actor
from medpwa.staff import queries as staff


@dataclass(frozen=True, slots=True)
class GivenFact:
    """What somebody says happened: a dose was given outside the record."""

    entry_id: str
    line_id: int
    due_at: dt.datetime | None
    given_at: dt.datetime
    administered_by: int
    who_knew: str
    why: str


def close_of(by: Actor, fact: GivenFact) -> dt.datetime | None:
    """When the dose of a report closed or closes; None for one at no set time."""
    return queries.dose_of(by, DoseKey(fact.line_id, fact.due_at)).times.close_at if fact.due_at else None


def works_here(by: Actor, person_id: int) -> bool:
    """Whether somebody is, or was, a colleague here: nobody else can be named in this home's record."""
    try:
        return staff.colleague_of(by, person_id) is not None
    except NotFound:
        return False


def due_as_planned(by: Actor, fact: GivenFact) -> dt.datetime | None:
    """The due time a report names, if its order has such a dose, no further off than the form offers: a dose of
    tomorrow cannot be settled today, nor a gap of last week filled unless somebody looks into it. A fact is not lost
    over it: else it has none."""
    at = clock.now()
    if fact.due_at is None or fact.due_at > at + rules.REPORTS_AHEAD:
        return None
    looked_into = gap_queries.review_of(by.home_id, DoseKey(fact.line_id, fact.due_at)) is not None
    if fact.due_at < at - rules.REPORTS_BACK and not looked_into:
        return None
    try:
        return queries.dose_of(by, DoseKey(fact.line_id, fact.due_at)).times.due_at
    except NotFound:
        return None


def fact_flags(by: Actor, resident_id: int, fact: GivenFact, order: OrderFacts, joined: int | None) -> list[str]:
    """What the entry of a report must say: whether its giver was signed off then, whether another give stands, whether
    it follows a refused attempt."""
    flags = ["after_the_fact"]
    sign_off = competency.sign_off(
        by.home_id, fact.administered_by, order.required_skills, resident_id, fact.given_at
    )
    if not sign_off.allowed:
        flags.append("not_signed_off")
    if witness_rules.needed(order):
        flags.append("not_witnessed")
    if fact.due_at is not None:
        entries = queries.entries_of_dose(DoseKey(fact.line_id, fact.due_at))
        if states.live_give(entries) or states.reported_give(entries):
            flags.append("second_give")
        if rules.is_early(fact.given_at, fact.due_at, order.window_before):
            flags.append("early")
    if joined is not None:
        flags.append("joined_refusal")
    return flags + judging.flags_of_then(by, resident_id, fact.given_at)


def refused_just_before(by: Actor, resident_id: int, at: dt.datetime) -> int | None:
    """A refused attempt by the same person about the same resident within the last 60 minutes."""
    wanted = (ledger.Refusal.by_person == by.person_id) & (ledger.Refusal.at >= at - rules.JOIN_WITHIN)
    tries = ("mar.record", "mar.ready", "prn.record", "prn.ready")
    wanted &= ledger.Refusal.verb.in_(tries) & (ledger.Refusal.chain == by.chain_id)
    recent = ledger.Refusal.select().where(wanted).order_by(ledger.Refusal.id.desc())
    lines = queries.line_ids_of(by.home_id, resident_id)
    return next((r.id for r in recent if r.about.get("order_line") in lines), None)
