"""The verbs of when-required doses: made ready, given or offered, and what it did. Each judges again inside the
transaction, by facts read there: having no due time, these doses rest on that (house page 3.5)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from medpwa import alerts, clock
from medpwa.action import Done, action
from medpwa.database import fetch
from medpwa.errors import Invalid, NotFound
from medpwa.ledger import Pending
from medpwa.mar import (
    deeds,
    effects,
    judging,
    openings,
    prn,
    prn_deeds,
    prn_rules,
    psychotropic,
    rules,
    witness_rules,
    witnesses,
)
from medpwa.mar import words as words_of
from medpwa.mar.models import Entry
from medpwa.mar.models_after import PrnEffect
from medpwa.mar.prn_intents import PrnIntent, demand, demand_fit, judged_give, refused
from medpwa.mar.queries import DueDose
from medpwa.mar.witness_rules import Witnessed
from medpwa.permits import Actor
from medpwa.residents import queries as residents
from medpwa.residents.queries import ResidentCard
from medpwa.staff import queries as staff


@action("prn.ready", about=residents.resident_of)
def refuse_ready(
    *,
    by: Actor,
    about: ResidentCard,
    resident_id: int,
    line_id: int,
    version_id: int,
    amount: Decimal | None,
    beside: Witnessed | None = None,
) -> Done:
    """Keep an attempt to make a when-required dose ready that the rules refuse; where it may be given after all,
    nothing is written."""
    at = clock.now()
    demand(by, about, prn.dose_of(by, resident_id, line_id, at), version_id, amount, at, beside)
    return Done(None, replay=True)


@action("prn.record", about=residents.resident_of)
def record(*, by: Actor, about: ResidentCard, resident_id: int, intent: PrnIntent) -> Done:
    """One when-required dose given now, whole or in part, or offered and not needed. A repeat of the same entry
    answers what is stored and writes nothing."""
    stored = next(iter(fetch(Entry, "entry_id = ?", intent.entry_id)), None)
    if stored is not None:
        return Done(_replayed(by, resident_id, intent, stored), replay=True)
    at = clock.now()
    dose = prn.dose_of(by, resident_id, intent.line_id, at)
    if intent.outcome in prn_rules.GIVEN_NOW:
        return _give(by, about, intent, dose, at)
    return _not_needed(by, about, intent, dose, at)


def _give(by: Actor, about: ResidentCard, intent: PrnIntent, dose: DueDose, at: dt.datetime) -> Done:
    verdict, prepared_at = judged_give(by, about, intent, dose, at)
    needed, leave = witness_rules.needed(dose.order), judging.leave_for(by, dose, at, intent.beside)[1]
    seen = intent.witness if intent.request_id is None else witnesses.answer_of(intent.request_id)
    if needed:
        witnesses.demand(by, dose, seen, at, leave.beside)
    opening = openings.identified(by, about.id)
    entry, said = deeds.record_entry(
        by,
        dose,
        entry_id=intent.entry_id,
        outcome=intent.outcome,
        reason=intent.use.reason,
        note=intent.note,
        prepared_at=prepared_at,
        scan_id=opening.scan_id,
        flags=[*verdict.flags, *opening.flags(at)],
        amount=intent.use.amount,
        extra=intent.use.extra(),
        witness=seen if needed else None,
        witness_needed=needed,
        leave=leave,
        unplanned=True,
    )
    return Done(entry, [said, *psychotropic.listed(by, about, dose.order, entry)])


def _not_needed(by: Actor, about: ResidentCard, intent: PrnIntent, dose: DueDose, at: dt.datetime) -> Done:
    facts = prn.facts_of(by, about, dose, at, seen_version=intent.version_id)
    verdict = rules.judge_not_given(facts, at)
    if not verdict.allowed:
        raise refused(verdict.first, about.id, intent.line_id)
    demand_fit(dose, intent)
    seen = openings.identified(by, about.id) or rules.Identified()
    entry, said = deeds.record_entry(
        by,
        dose,
        entry_id=intent.entry_id,
        outcome="not_required",
        reason=intent.use.reason,
        note=intent.note,
        scan_id=seen.scan_id,
        flags=seen.flags(at),
        extra=intent.use.extra(),
        unplanned=True,
    )
    return Done(entry, [said])


def _replayed(by: Actor, resident_id: int, intent: PrnIntent, stored: Entry) -> Entry:
    if stored.home_id != by.home_id:
        raise NotFound()
    if (stored.by, stored.resident_id) == (by.person_id, resident_id) and intent.same_as(stored):
        judging.demand_standing(by, stored)
        return stored
    raise judging.used_before(by, stored)


# ---------------------------------------------------------------- what it did


@action("prn.effect", about=effects.entry_of)
def record_effect(*, by: Actor, about: Entry, entry_id: int, effect: str, told: str = "", words: str = "") -> Done:
    """Keep what a dose did, as somebody saw it; the same said again is the same. One that did not help is put before
    the shift leader as well: the prescriber has to know."""
    problems = prn_rules.effect_problems(effect, told, words)
    if problems:
        raise Invalid(problems)
    newest = effects.newest_effect(about)
    if newest is not None and _says(newest) == (effect, words, told, by.person_id):
        return Done(newest, replay=True)
    row, said = prn_deeds.record_effect(by, about, effect, words, told)
    return Done(row, [said, *(_did_not_help(by, about, row) if effect == "ineffective" else [])])


def _says(row: PrnEffect) -> tuple[str, str, str, int]:
    return row.effect, row.words, row.told, row.by


def _did_not_help(by: Actor, entry: Entry, row: PrnEffect) -> list[Pending]:
    leader = staff.shift_leader(by.home_id)
    resident = residents.resident_card(by.home_id, entry.resident_id)
    what = words_of.medicine(effects.order_of(by, entry))
    return alerts.raise_alert(
        home_id=by.home_id,
        key=f"ineffective:{row.id}",
        words=f"{resident.name}’s {what} did not help. Told: {row.told}. Make sure the prescriber knows.",
        url=f"/h/{by.home_slug}/effects/{entry.id}",
        to_verb="mar.see_reports",
        to_person=leader.person_id if leader else None,
        subject=deeds.subject(resident.id),
        raised_by=by.person_id,
    )


# ---------------------------------------------------------------- a manager has seen a use


@action("prn.note", about=effects.entry_of)
def note_seen(*, by: Actor, about: Entry, entry_id: int) -> Done:
    """A manager notes that they have seen the use of a medicine that acts on mood or behaviour. A second tap answers
    what is stored; several managers may each note it."""
    raised = alerts.Alert.get_or_none(alerts.Alert.key == prn_rules.psychotropic_key(about.id))
    if raised is None:
        raise NotFound()
    lines = alerts.acknowledge_row(by, raised)
    return Done(raised, lines, replay=not lines)
