"""Gathers the facts the rules judge by, for the card before the tap and again inside the transaction after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from medpwa import clock
from medpwa.competency import queries as competency
from medpwa.competency.rules import SignOff
from medpwa.errors import NotFound, Refused
from medpwa.mar import given, letters, openings, queries, rules, states
from medpwa.mar import leave as leaves
from medpwa.mar import words as words_of
from medpwa.mar.models import Entry
from medpwa.mar.queries import DueDose, where_at
from medpwa.mar.tickets import DoseKey
from medpwa.mar.vocabulary import OUTCOMES
from medpwa.mar.witness_rules import Witnessed
from medpwa.medicines import changes
from medpwa.medicines import queries as orders
from medpwa.medicines import rules as medicines
from medpwa.medicines.vocabulary import BY_VISITOR
from medpwa.permits import Actor
from medpwa.residents.queries import ResidentCard, whereabouts_spans
from medpwa.residents.vocabulary import AWAY
from medpwa.staff import queries as staff


def dose_of(by: Actor, resident: ResidentCard, key: DoseKey) -> DueDose:
    """The dose a form is about. Refused where its order was stopped or changed so that it is not due any more; NotFound
    for anything that is not this resident's."""
    own = [o for o in orders.orders_of_resident(by.home_id, resident.id) if o.line_id == key.line_id]
    if not own:
        raise NotFound()
    try:
        return queries.dose_of(by, key)
    except NotFound:
        newest = own[-1]
        changed = _what_changed(by, own[-2], newest) if len(own) > 1 else ""
        why = rules.no_longer_due(
            words_of.medicine(newest), stopped=newest.stopped, held=newest.suspended, what_changed=changed
        )
        raise refused(why, resident.id, key) from None


def refused(reason: rules.Reason, resident_id: int, key: DoseKey) -> Refused:
    """A refusal that says whose dose it was about, for the ledger."""
    where = {"subject": f"resident:{resident_id}", "order_line": key.line_id, "due": clock.micros(key.due_at)}
    return Refused(reason.code, reason.words, about=where)


def state_of(
    by: Actor, resident: ResidentCard, dose: DueDose, entries: Sequence[states.EntryFacts], at: dt.datetime
) -> states.DoseState:
    """The state of one dose now."""
    then = where_at(whereabouts_spans(by.home_id).get(resident.id, ()), dose.times.due_at)
    return states.dose_state(dose.times, entries, at, away=then if then in AWAY else "")


def give_facts(
    by: Actor,
    resident: ResidentCard,
    dose: DueDose,
    state: states.DoseState,
    at: dt.datetime,
    *,
    seen_version: int | None = None,
    opened: bool = True,
    amount: Decimal | None = None,
    beside: Witnessed | None = None,
) -> rules.GiveFacts:
    """Everything the question "may this person give this dose now" depends on, read now. `amount` where the order
    leaves a choice; `beside` who proved to stand beside them."""
    order = dose.order
    own = [o for o in orders.orders_of_resident(by.home_id, resident.id) if o.line_id == order.line_id]
    standing = next(iter(medicines.in_force(own, at)), None)
    sign_off, leave = leave_for(by, dose, at, beside)
    return rules.GiveFacts(
        state=state,
        times=dose.times,
        medicine=words_of.medicine(order),
        called=resident.called,
        given_by=_given_by(state),
        zone=by.zone,
        in_force=standing is not None and not standing.stopped,
        same_version=seen_version in (None, order.version_id),
        superseded=_superseded(own, order, standing),
        what_changed=_changed_since(by, own, order, standing, seen_version),
        on_hold=standing is not None and standing.suspended,
        by_visitor=order.route in BY_VISITOR,
        checked=order.checked,
        allergy_status=resident.allergy_status,
        allergy_clash=_clash(resident, order),
        whereabouts=resident.whereabouts,
        gone=_gone(by, resident),
        skilled=sign_off.allowed,
        skill_words=tuple(m.words for m in sign_off.missing),
        leave=leave.how,
        beside_no=leave.no,
        opened=opened,
        limits=given.limits_of(by, resident, order, at, amount, due_at=dose.times.due_at),
        **letters.facts(order, dose.times.due_at, by.zone),
    )


def leave_for(
    by: Actor, dose: DueDose, at: dt.datetime, beside: Witnessed | None = None
) -> tuple[SignOff, leaves.Leave]:
    """Whether somebody is signed off for a dose, and where they are not, what lets them give it all the same."""
    order = dose.order
    sign_off = competency.sign_off(by.home_id, by.person_id, order.required_skills, order.resident_id, at)
    if sign_off.allowed:
        return sign_off, leaves.NEEDS_NONE
    return sign_off, leaves.leave_of(by, order, dose.span, beside, at)


def _superseded(
    own: Sequence[medicines.OrderFacts], order: medicines.OrderFacts, standing: medicines.OrderFacts | None
) -> bool:
    """Whether a change since holds this dose back. Each change says what applies to doses before it; one that says
    nothing holds them (decided by whoever keyed it, not at the bedside)."""
    if standing is None or standing.version_id == order.version_id:
        return False
    since = (o for o in own if order.number < o.number <= standing.number)
    return any(o.earlier != "give" for o in since)


def _changed_since(
    by: Actor,
    own: Sequence[medicines.OrderFacts],
    order: medicines.OrderFacts,
    standing: medicines.OrderFacts | None,
    seen_version: int | None,
) -> str:
    """What differs between what this person saw, or the dose's own version, and what stands now."""
    seen = next((o for o in own if o.version_id == seen_version), order)
    if standing is None or standing.version_id == seen.version_id:
        return ""
    return _what_changed(by, seen, standing if seen.version_id == order.version_id else order)


def _what_changed(by: Actor, old: medicines.OrderFacts, new: medicines.OrderFacts) -> str:
    """Field by field, before and now; nothing of a version this person must not read before its second check."""
    if medicines.covered_for(new, by.person_id):
        return ""
    found = changes.changes_between(old, new)
    return "; ".join(f"{label[:1].lower()}{label[1:]}, before: {before}, now: {now}" for label, before, now in found)


def _gone(by: Actor, resident: ResidentCard) -> str:
    """Where a resident went, when this person opened their card before somebody said so; empty for all others."""
    if resident.whereabouts not in AWAY:
        return ""
    opening = openings.identified(by, resident.id)
    if opening is None or resident.whereabouts_keyed is None or opening.at >= resident.whereabouts_keyed:
        return ""
    where = resident.whereabouts_words
    note = f" ({resident.whereabouts_note.rstrip('.')})" if resident.whereabouts_note else ""
    return f"{resident.called} has been {where[:1].lower()}{where[1:]}{note}."


def flags_of_then(by: Actor, resident_id: int, given_at: dt.datetime) -> list[str]:
    """What a dose given at an earlier time must be marked with for where the person was then."""
    away = where_at(whereabouts_spans(by.home_id).get(resident_id, ()), given_at) in AWAY
    return ["recorded_away"] if away else []


def _given_by(state: states.DoseState) -> str:
    if state.entry is None or state.kind not in ("given", "reported"):
        return ""
    if state.entry.given_by:
        return state.entry.given_by
    who = state.entry.administered_by or state.entry.by
    return staff.names({who}).get(who, "")


def _clash(resident: ResidentCard, order: medicines.OrderFacts) -> str:
    """A recorded allergy, newer than the order, whose words match the medicine's; empty when the order answers it."""
    if order.allergy_answer or resident.allergies_since is None or resident.allergies_since <= order.valid_from:
        return ""
    return medicines.allergy_clash([item.substance for item in resident.allergy_items], order) or ""


def demand_standing(by: Actor, stored: Entry) -> None:
    """A form sent again finds its entry corrected meanwhile: saying "saved" of it would not be true, so it is told."""
    later = Entry.get_or_none(Entry.corrects == stored)
    if later is None:
        return
    who, when = staff.names({later.by}).get(later.by, "somebody"), clock.stamp_words(later.at, by.zone)
    words = (
        f"What this form recorded was corrected since, by {who}, {when}. Nothing new was recorded. Open it again to "
        "see what stands; if it is to be given now, make it ready again."
    )
    raise Refused("corrected_since", words, about={"subject": f"resident:{stored.resident_id}", "entry": stored.id})


def used_before(by: Actor, stored: Entry) -> Refused:
    """The same form sent with something else in it: what is stored stands, and is said."""
    who = staff.names({stored.by}).get(stored.by, "somebody")
    what = words_of.medicine(orders.version_of(by, stored.order_version_id))
    word, when = OUTCOMES[stored.outcome].word, clock.stamp_words(stored.at, by.zone)
    words = (
        f"This form was used before: {who} recorded “{word}” for {what} with it, {when}. That is stored; nothing new "
        "was recorded. Open the card again."
    )
    return Refused("used_before", words, about={"subject": f"resident:{stored.resident_id}", "entry": stored.id})
