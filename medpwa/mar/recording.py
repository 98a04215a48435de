"""The verbs of making ready and recording: one outcome of one dose, judged again inside the transaction."""

from __future__ import annotations

import datetime as dt

from medpwa import clock
from medpwa.action import Done, action
from medpwa.database import fetch
from medpwa.errors import Invalid, NotFound, Refused
from medpwa.mar import deeds, extras, following, given, intents, judging, openings, queries, rules, states, tickets
from medpwa.mar.intents import Intent
from medpwa.mar.models import Entry
from medpwa.mar.queries import DueDose
from medpwa.mar.tickets import DoseKey
from medpwa.mar.vocabulary import LONGEST_NOTE, OWN_GIVES
from medpwa.mar.witness_rules import Witnessed
from medpwa.permits import Actor
from medpwa.residents import queries as residents
from medpwa.residents.queries import ResidentCard


@action("mar.ready", about=residents.resident_of)
def refuse_ready(
    *,
    by: Actor,
    about: ResidentCard,
    resident_id: int,
    key: DoseKey,
    version_id: int,
    beside: Witnessed | None = None,
) -> Done:
    """Keep an attempt to make a dose ready that the rules refuse. Ready itself writes nothing: where the dose may be
    given after all, nothing is written here either."""
    at = clock.now()
    dose = judging.dose_of(by, about, key)
    opened = openings.identified(by, resident_id) is not None
    state = _state(by, about, dose, at)
    facts = judging.give_facts(
        by, about, dose, state, at, seen_version=version_id, opened=opened, beside=beside
    )
    verdict = rules.judge_give(facts, at)
    if not verdict.allowed:
        raise judging.refused(verdict.first, resident_id, key)
    return Done(None, replay=True)


@action("mar.record", about=residents.resident_of)
def record(*, by: Actor, about: ResidentCard, resident_id: int, intent: Intent) -> Done:
    """One outcome of one dose. A repeat of the same entry answers what is stored and writes nothing."""
    stored = next(iter(fetch(Entry, "entry_id = ?", intent.entry_id)), None)
    if stored is not None:
        return Done(_replayed(by, resident_id, intent, stored), replay=True)
    at = clock.now()
    if len(intent.note) > LONGEST_NOTE:
        raise Invalid([("note", f"The note is too long: at most {LONGEST_NOTE:,} letters. It is kept; shorten it.")])
    if intent.outcome == "given_by_other":
        return _given_by_other(by, about, intent, at)
    return (_give if intent.outcome in OWN_GIVES else _not_given)(by, about, intent, at)


def _give(by: Actor, about: ResidentCard, intent: Intent, at: dt.datetime) -> Done:
    may = intents.judged_give(by, about, intent, at)
    seen = intents.second_person(by, intent, may, at)
    entry, said = deeds.record_entry(
        by,
        may.dose,
        entry_id=intent.entry_id,
        outcome=intent.outcome,
        reason=intent.reason,
        note=intent.note,
        prepared_at=may.prepared_at,
        scan_id=may.opening.scan_id,
        claim=states.next_claim(queries.entries_of_dose(intent.key)),
        flags=[*may.verdict.flags, *may.opening.flags(at)],
        amount=intent.amount,
        extra=intent.extra,
        witness=seen,
        witness_needed=seen is not None,
        leave=may.leave,
    )
    return Done(entry, [said, *following.alerts_of(by, about, may.dose, entry)])


def _not_given(by: Actor, about: ResidentCard, intent: Intent, at: dt.datetime) -> Done:
    dose, opening = judging.dose_of(by, about, intent.key), openings.identified(by, about.id)
    problems = intents.said_problems(intent, extras.not_given_for(dose.order), dose.order.asleep)
    if problems:
        raise Invalid(problems)
    facts = judging.give_facts(
        by, about, dose, _state(by, about, dose, at), at, seen_version=intent.version_id, opened=opening is not None
    )
    verdict = rules.judge_not_given(facts, at)
    if not verdict.allowed:
        raise judging.refused(verdict.first, about.id, intent.key)
    ticket = tickets.read(intent.ticket)
    prepared = ticket.prepared_at if ticket and ticket.fits(by.person_id, by.home_id, intent.key, at) else None
    seen = opening or rules.Identified()
    entry, said = deeds.record_entry(
        by,
        dose,
        entry_id=intent.entry_id,
        outcome=intent.outcome,
        reason=intent.reason,
        note=intent.note,
        prepared_at=prepared,
        scan_id=seen.scan_id,
        flags=[*verdict.flags, *seen.flags(at)],
        extra=intent.extra,
    )
    return Done(entry, [said, *following.alerts_of(by, about, dose, entry)])


def _state(by: Actor, about: ResidentCard, dose: DueDose, at: dt.datetime) -> states.DoseState:
    return judging.state_of(by, about, dose, queries.entries_of_dose(dose.key), at)


# ---------------------------------------------------------------- given by somebody else: a fact


def _given_by_other(by: Actor, about: ResidentCard, intent: Intent, at: dt.datetime) -> Done:
    """Keep that somebody who is not of the home gave a dose. It happened, so nothing of the rules of giving refuses it:
    what is unusual about it is flagged, and the shift leader is told."""
    problems = intents.problems_of_other(intent, at)
    if problems:
        raise Invalid(problems)
    given_at = intent.given_at or at
    dose, planned = _dose_of_fact(by, about, intent.key, given_at)
    entries = queries.entries_of_dose(intent.key)
    twice = states.live_give(entries) or states.reported_give(entries)
    early = rules.is_early(given_at, dose.times.due_at, dose.order.window_before)
    seen = openings.identified(by, about.id) or rules.Identified()
    then = judging.flags_of_then(by, about.id, given_at)
    breached = given.breach_flags(by, about, dose.order, given_at, due_at=dose.times.due_at)
    entry, said = deeds.record_entry(
        by,
        dose,
        entry_id=intent.entry_id,
        outcome=intent.outcome,
        note=intent.note,
        given_by=intent.given_by,
        given_at=given_at,
        scan_id=seen.scan_id,
        flags=[*(["second_give"] if twice else []), *(["early"] if early else []), *then, *breached, *seen.flags(at)],
        unplanned=not planned,
    )
    return Done(entry, [said, *following.alerts_of(by, about, dose, entry)])


def _dose_of_fact(by: Actor, about: ResidentCard, key: DoseKey, given_at: dt.datetime) -> tuple[DueDose, bool]:
    """The dose a fact is about and whether it is planned. Where the order was stopped or has other times now, the fact
    is kept under the version that was in force; NotFound only for what is not this resident's."""
    try:
        return judging.dose_of(by, about, key), True
    except Refused:
        _, order = queries.version_for_fact(by, about.id, key.line_id, given_at)
        times = states.DoseTimes(key.due_at, order.window_before, order.window_after, key.due_at)
        return DueDose(order, times, None), False


# ---------------------------------------------------------------- a form sent again


def _replayed(by: Actor, resident_id: int, intent: Intent, stored: Entry) -> Entry:
    """The stored entry for a re-sent form, or a refusal in words where the same id says something else."""
    if stored.home_id != by.home_id:
        raise NotFound()
    if (stored.by, stored.resident_id) == (by.person_id, resident_id) and intent.same_as(stored):
        judging.demand_standing(by, stored)
        return stored
    raise judging.used_before(by, stored)
