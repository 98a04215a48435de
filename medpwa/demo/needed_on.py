"""When-required doses on the days that are played forward: asked first by the product's own answers, so that nothing is
tried which its gates would refuse."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator

from medpwa import clock
from medpwa.competency import queries as competency
from medpwa.demo import floor as acts
from medpwa.demo.floor import Floor
from medpwa.demo.needed import BY_LABEL, said
from medpwa.demo.uses import Needed
from medpwa.mar import effects, prn, prn_actions, rules, tickets, witness_rules, witnesses
from medpwa.mar.models import Entry
from medpwa.mar.prn_intents import PrnIntent
from medpwa.mar.tickets import Ticket
from medpwa.mar.witness_rules import Witnessed
from medpwa.medicines.rules import OrderFacts
from medpwa.permits import Actor, may
from medpwa.residents import queries as residents


def give(floor: Floor, use: Needed) -> bool:
    """Give it now, if somebody on shift may. False where nobody may, or it stands recorded already."""
    resident_id = next((i for i, code in floor.code.items() if code == use.resident), None)
    if resident_id is None or Entry.select().where(Entry.entry_id == entry_id(use)).exists():
        return False
    for by, order in _able(floor, resident_id, use):
        witness = _witness(floor, by, order)
        if witness is not None or not witness_rules.needed(order):
            acts.identify(by, resident_id, BY_LABEL)
            prn_actions.record(by=by, resident_id=resident_id, intent=_intent(by, order, use, witness))
            return True
    return False


def look(floor: Floor, use: Needed) -> bool:
    """Record what it did, by somebody on shift; never over what a user recorded of it."""
    entry = Entry.get_or_none(Entry.entry_id == entry_id(use))
    by = next((a for a in _on_shift(floor, use.by) if may("prn.effect", a)), None)
    if entry is None or by is None or effects.newest_effect(entry) is not None:
        return False
    prn_actions.record_effect(by=by, entry_id=entry.id, effect=use.effect, told=use.told)
    return True


def entry_id(use: Needed) -> str:
    """The id of the play's entry: played twice, the second time finds it taken."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"steady:needed:{use.place}:{use.at}"))


def _on_shift(floor: Floor, likely: str) -> Iterator[Actor]:
    wanted = floor.person.get(likely)
    for person_id in sorted(floor.on_shift(clock.now()), key=lambda found: found != wanted):
        actor = floor.actor(person_id)
        if actor is not None:
            yield actor


def _able(floor: Floor, resident_id: int, use: Needed) -> Iterator[tuple[Actor, OrderFacts]]:
    """Who may give it now, and its order; facts of the scan are left to the act itself."""
    at = clock.now()
    for by in _on_shift(floor, use.by):
        card = residents.resident_of(by, resident_id)
        order = next((o for o in prn.orders_of(by, resident_id, at) if o.medicine == use.order.medicine), None)
        if order is None or card.whereabouts != "home" or not may("prn.record", by):
            continue
        if not competency.sign_off(by.home_id, by.person_id, order.required_skills, resident_id, at).allowed:
            continue
        dose = prn.dose_of(by, resident_id, order.line_id, at)
        facts = prn.facts_of(by, card, dose, at, seen_version=order.version_id, amount=said(use).amount)
        if {reason.code for reason in rules.judge_give(facts, at).reasons} <= {"scan_first"}:
            yield by, order


def _witness(floor: Floor, by: Actor, order: OrderFacts) -> Witnessed | None:
    at: dt.datetime = clock.now()
    for person_id in floor.on_shift(at):
        if person_id != by.person_id and witnesses.why_not(by.person_id, person_id, order, at, at) is None:
            return Witnessed(person_id, at)
    return None


def _intent(by: Actor, order: OrderFacts, use: Needed, witness: Witnessed | None) -> PrnIntent:
    ready = Ticket(by.person_id, by.home_id, tickets.prn_key(order.line_id), order.version_id, None, clock.now())
    return PrnIntent(
        line_id=order.line_id,
        version_id=order.version_id,
        entry_id=entry_id(use),
        outcome="given",
        use=said(use),
        note=use.note,
        ticket=tickets.issue(ready),
        witness=witness if witness_rules.needed(order) else None,
    )
