"""The verbs of making ready and recording: one outcome of one dose, judged again inside the transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from medpwa import clock
from medpwa.action import Done, action
from medpwa.database import fetch
from medpwa.errors import Invalid, NotFound, Refused
from medpwa.mar import deeds, extras, following, given, judging, queries, rules, states, tickets, witnesses
from medpwa.mar.models import Entry
from medpwa.mar.queries import DueDose
from medpwa.mar.tickets import DoseKey
from medpwa.mar.vocabulary import LONGEST_EXTRA, LONGEST_NOTE, OTHERWISE, OWN_GIVES
from medpwa.mar.witness_rules import Witnessed
from medpwa.permits import Actor
from medpwa.residents import queries as residents
from medpwa.residents.queries import ResidentCard


@dataclass(frozen=True, slots=True)
class Intent:
    """What a phone asks to record for one dose."""

    key: DoseKey
    entry_id: str
    version_id: int
    outcome: str
    reason: str = ""
    note: str = ""
    ticket: str = ""
    bulk: bool = False  # one of several recorded by one tap
    amount: Decimal | None = None  # what was given, where it is not the order's one amount
    extra: Mapping[str, str] = field(default_factory=dict)  # by the names of EXTRAS
    given_by: str = ""  # name and role, where nobody of the home gave it
    given_at: dt.datetime | None = None  # when they did; now, where nothing is said
    witness: Witnessed | None = None  # proven by their own credential before the transaction, judged again inside it

    def same_as(self, stored: Entry) -> bool:
        """Whether a stored entry says exactly this."""
        mine = (self.key.line_id, self.outcome, self.reason, self.note, self.amount, self.given_by or None)
        theirs = (
            stored.order_line_id, stored.outcome, stored.reason, stored.note, stored.amount, stored.given_by
        )
        if mine != theirs or dict(self.extra) != (stored.extra or {}):
            return False
        if (self.witness.person_id if self.witness else None) != stored.witnessed_by:
            return False
        if self.given_at is not None and self.given_at != stored.given_at:
            return False
        # What somebody else gave is kept although its order has no such dose any more: it then has no due time.
        if self.key.due_at != stored.due_at and not (self.outcome == "given_by_other" and stored.due_at is None):
            return False
        # A not-given outcome is stored under the version in force, which may be newer than the one the card showed.
        return self.outcome not in OWN_GIVES or self.version_id == stored.order_version_id


@action("mar.ready", about=residents.resident_of)
def refuse_ready(*, by: Actor, about: ResidentCard, resident_id: int, key: DoseKey, version_id: int) -> Done:
    """Keep an attempt to make a dose ready that the rules refuse. Ready itself writes nothing: where the dose may be
    given after all, nothing is written here either."""
    at = clock.now()
    dose, state = _dose(by, about, key, at)
    opened = queries.identified(by, resident_id) is not None
    facts = judging.give_facts(by, about, dose, state, at, seen_version=version_id, opened=opened)
    verdict = rules.judge_give(facts, at)
    if not verdict.allowed:
        raise judging.refused(verdict.first, resident_id, key)
    return Done(None, replay=True)


@action("mar.record", about=residents.resident_of)
def record(*, by: Actor, about: ResidentCard, resident_id: int, intent: Intent) -> Done:
    """One outcome of one dose. A repeat of the same entry answers what is stored and writes nothing."""
    stored = stored_entry(intent.entry_id)
    if stored is not None:
        return Done(_replayed(by, resident_id, intent, stored), replay=True)
    at = clock.now()
    if len(intent.note) > LONGEST_NOTE:
        raise Invalid([("note", f"The note is too long: at most {LONGEST_NOTE:,} letters. It is kept; shorten it.")])
    opening = queries.identified(by, resident_id)
    if intent.outcome == "given_by_other":
        return _given_by_other(by, about, intent, opening, at)
    dose, state = _dose(by, about, intent.key, at)
    facts = judging.give_facts(
        by, about, dose, state, at, seen_version=intent.version_id, opened=opening is not None, amount=intent.amount
    )
    if intent.outcome in OWN_GIVES:
        return _give(by, about, intent, dose, facts, opening, at)
    return _not_given(by, about, intent, dose, facts, opening, at)


def stored_entry(entry_id: str) -> Entry | None:
    """The entry of an id, if there is one: what a form sent again is answered with."""
    return next(iter(fetch(Entry, "entry_id = ?", entry_id)), None)


# ---------------------------------------------------------------- given by us


def _give(by, about, intent: Intent, dose: DueDose, facts: rules.GiveFacts, opening, at: dt.datetime) -> Done:
    verdict = rules.judge_give(facts, at)
    if not verdict.allowed:
        raise judging.refused(verdict.first, about.id, intent.key)
    alone = rules.alone_words(dose.order)
    if intent.bulk and alone:
        raise judging.refused(rules.Reason("one_by_one", f"{alone}. It was not recorded."), about.id, intent.key)
    prepared_at = _made_ready(by, about, intent, dose, at)
    problems = _give_problems(intent, dose)
    if problems:
        raise Invalid(problems)
    needed = witnesses.demand(by, dose, intent.witness, at)
    entry, said = deeds.record_entry(
        by,
        dose,
        entry_id=intent.entry_id,
        outcome=intent.outcome,
        reason=intent.reason,
        note=intent.note,
        prepared_at=prepared_at,
        scan_id=opening.scan_id,
        claim=states.next_claim(queries.entries_of_dose(intent.key)),
        flags=[*verdict.flags, *opening.flags(at)],
        amount=intent.amount,
        extra=intent.extra,
        witness=intent.witness if needed else None,
        witness_needed=needed,
    )
    return Done(entry, [said, *following.alerts_of(by, about, dose, entry)])


def _made_ready(by: Actor, about: ResidentCard, intent: Intent, dose: DueDose, at: dt.datetime) -> dt.datetime:
    """When the dose was made ready, by its ticket; Refused without one that fits."""
    ticket = tickets.read(intent.ticket)
    fits = ticket is not None and ticket.fits(by.person_id, by.home_id, intent.key, at)
    if not fits or ticket.version_id != dose.order.version_id:
        words = "Make it ready first: check the label, then tap Ready. Ready lasts 30 minutes. Nothing was recorded."
        raise judging.refused(rules.Reason("not_ready", words), about.id, intent.key)
    return ticket.prepared_at


def _give_problems(intent: Intent, dose: DueDose) -> list[tuple[str, str]]:
    """What is missing in a give that is not simply "taken": how much, in which way, why not all of it."""
    order = dose.order
    wrong = extras.amount_problem(intent.outcome, intent.amount, order.dose_amount, order.dose_most)
    found = [("amount", wrong)] if wrong else []
    if intent.outcome == "given":
        return found + ([("why", "Choose what happened.")] if intent.reason or intent.extra else [])
    return found + _said_problems(intent, OTHERWISE, "")


def _said_problems(intent: Intent, offered: tuple[str, ...], asleep: str) -> list[tuple[str, str]]:
    """What is missing or wrong in what was said of an outcome, and anything sent that it does not ask for."""
    found = extras.problems(
        intent.outcome, intent.reason, intent.note, intent.extra, offered=offered, asleep=asleep
    )
    if not found and extras.kept(intent.outcome, intent.reason, asleep, intent.extra) != dict(intent.extra):
        found.append(("why", f"The form says more than this outcome asks for. Choose again. {extras.KEPT}"))
    return found


# ---------------------------------------------------------------- not given


def _not_given(by, about, intent: Intent, dose: DueDose, facts: rules.GiveFacts, opening, at: dt.datetime) -> Done:
    problems = _said_problems(intent, extras.not_given_for(dose.order), dose.order.asleep)
    if problems:
        raise Invalid(problems)
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


# ---------------------------------------------------------------- given by somebody else: a fact


def _given_by_other(by: Actor, about: ResidentCard, intent: Intent, opening, at: dt.datetime) -> Done:
    """Keep that somebody who is not of the home gave a dose. It happened, so nothing of the rules of giving refuses it:
    what is unusual about it is flagged, and the shift leader is told."""
    problems = _other_problems(intent, at)
    if problems:
        raise Invalid(problems)
    given_at = intent.given_at or at
    dose, planned = _dose_of_fact(by, about, intent.key, given_at)
    entries = queries.entries_of_dose(intent.key)
    twice = states.live_give(entries) or states.reported_give(entries)
    seen = opening or rules.Identified()
    breached = given.breach_flags(by, about, dose.order, given_at)
    entry, said = deeds.record_entry(
        by,
        dose,
        entry_id=intent.entry_id,
        outcome=intent.outcome,
        note=intent.note,
        given_by=intent.given_by,
        given_at=given_at,
        scan_id=seen.scan_id,
        flags=[*(["second_give"] if twice else []), *breached, *seen.flags(at)],
        unplanned=not planned,
    )
    return Done(entry, [said, *following.alerts_of(by, about, dose, entry)])


def _other_problems(intent: Intent, at: dt.datetime) -> list[tuple[str, str]]:
    found = []
    if not 2 <= len(intent.given_by) <= LONGEST_EXTRA:
        found.append(("given_by", f"Say who gave it: name and role, at most {LONGEST_EXTRA} letters. {extras.KEPT}"))
    if intent.given_at is not None and intent.given_at > at:
        found.append(("given_at", f"That time is still to come. Give the time it was given. {extras.KEPT}"))
    if intent.extra or intent.reason or intent.amount is not None:
        found.append(("why", f"The form says more than this outcome asks for. Choose again. {extras.KEPT}"))
    return found


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


def _dose(by: Actor, about: ResidentCard, key: DoseKey, at: dt.datetime) -> tuple[DueDose, states.DoseState]:
    dose = judging.dose_of(by, about, key)
    return dose, judging.state_of(by, about, dose, queries.entries_of_dose(key), at)


def _replayed(by: Actor, resident_id: int, intent: Intent, stored: Entry) -> Entry:
    """The stored entry for a re-sent form, or a refusal in words where the same id says something else."""
    if stored.home_id != by.home_id:
        raise NotFound()
    if (stored.by, stored.resident_id) == (by.person_id, resident_id) and intent.same_as(stored):
        return stored
    raise judging.used_before(by, stored)
