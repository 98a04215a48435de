"""What a phone asks to record for a dose, and whether a give may go ahead: the questions that giving with and without a
witness share, asked inside the transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from medpwa.errors import Invalid
from medpwa.mar import extras, judging, letters, openings, queries, rules, tickets, witness_rules, witnesses
from medpwa.mar import leave as leaves
from medpwa.mar.models import Entry
from medpwa.mar.queries import DueDose
from medpwa.mar.tickets import DoseKey
from medpwa.mar.vocabulary import OTHERWISE, OWN_GIVES
from medpwa.mar.witness_rules import Witnessed
from medpwa.permits import Actor
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
    request_id: int | None = None  # a witness was asked on their own phone; their answer is read inside it
    beside: Witnessed | None = None  # stands beside a giver who is not signed off, proven as a witness is

    def same_as(self, stored: Entry) -> bool:
        """Whether a stored entry says exactly this."""
        mine = (self.key.line_id, self.outcome, self.reason, self.note, self.amount, self.given_by or None)
        theirs = (
            stored.order_line_id, stored.outcome, stored.reason, stored.note, stored.amount, stored.given_by
        )
        if mine != theirs or dict(self.extra) != (stored.extra or {}):
            return False
        if self.request_id is None and (self.witness.person_id if self.witness else None) != stored.witnessed_by:
            return False
        if not leaves.same_beside(self.beside, stored):
            return False
        if self.given_at is not None and self.given_at != stored.given_at:
            return False
        # What somebody else gave is kept although its order has no such dose any more: it then has no due time.
        if self.key.due_at != stored.due_at and not (self.outcome == "given_by_other" and stored.due_at is None):
            return False
        # A not-given outcome is stored under the version in force, which may be newer than the one the card showed.
        return self.outcome not in OWN_GIVES or self.version_id == stored.order_version_id


@dataclass(frozen=True, slots=True)
class MayGive:
    """A give that nothing stands against but, perhaps, the second person still to see it."""

    dose: DueDose
    verdict: rules.Verdict
    opening: rules.Identified
    prepared_at: dt.datetime
    leave: leaves.Leave = leaves.NEEDS_NONE


def judged_give(by: Actor, about: ResidentCard, intent: Intent, at: dt.datetime) -> MayGive:
    """Everything a give needs, judged now: Refused with the weightiest reason, Invalid for what was not said."""
    dose = judging.dose_of(by, about, intent.key)
    state = judging.state_of(by, about, dose, queries.entries_of_dose(intent.key), at)
    opening = openings.identified(by, about.id)
    facts = judging.give_facts(
        by,
        about,
        dose,
        state,
        at,
        seen_version=intent.version_id,
        opened=opening is not None,
        amount=intent.amount,
        beside=intent.beside,
    )
    verdict = rules.judge_give(facts, at)
    if not verdict.allowed:
        raise judging.refused(verdict.first, about.id, intent.key)
    alone = rules.alone_words(dose.order)
    if intent.bulk and alone:
        raise judging.refused(rules.Reason("one_by_one", f"{alone}. It was not recorded."), about.id, intent.key)
    prepared_at = _made_ready(by, about, intent, dose, at)
    problems = _give_problems(intent, dose, facts, by.zone)
    if problems:
        raise Invalid(problems)
    leave = leaves.NEEDS_NONE if facts.skilled else judging.leave_for(by, dose, at, intent.beside)[1]
    return MayGive(dose, verdict, opening, prepared_at, leave)


def _made_ready(by: Actor, about: ResidentCard, intent: Intent, dose: DueDose, at: dt.datetime) -> dt.datetime:
    """When the dose was made ready, by its ticket, or by the request for a witness that was made with one; Refused
    without either that fits."""
    if intent.request_id is not None:
        return witnesses.standing_request(by, intent.request_id, intent.entry_id, dose, intent.amount, at).at
    ticket = tickets.read(intent.ticket)
    fits = ticket is not None and ticket.fits(by.person_id, by.home_id, intent.key, at)
    if not fits or ticket.version_id != dose.order.version_id:
        words = "Make it ready first: check the label, then tap Ready. Ready lasts 30 minutes. Nothing was recorded."
        raise judging.refused(rules.Reason("not_ready", words), about.id, intent.key)
    return ticket.prepared_at


def _give_problems(intent: Intent, dose: DueDose, facts: rules.GiveFacts, zone: str) -> list[tuple[str, str]]:
    """What is missing in a give that is not simply "taken": how much, in which way, why not all of it, who was asked
    first."""
    least, most = letters.ends_due(dose.order, dose.times.due_at, zone)
    wrong = extras.amount_problem(intent.outcome, intent.amount, least, most)
    found = [("amount", wrong)] if wrong else []
    if intent.outcome == "given":
        unasked = [("why", "Choose what happened.")] if intent.reason else []
        return [*found, *unasked, *extras.asked_problems(facts.ask, intent.extra)]
    first = {"advised": intent.extra["advised"]} if "advised" in intent.extra else {}
    rest = replace(intent, extra={n: said for n, said in intent.extra.items() if n not in first})
    return [*found, *said_problems(rest, OTHERWISE, ""), *extras.asked_problems(facts.ask, first)]


def said_problems(intent: Intent, offered: tuple[str, ...], asleep: str) -> list[tuple[str, str]]:
    """What is missing or wrong in what was said of an outcome, and anything sent that it does not ask for."""
    found = extras.problems(
        intent.outcome, intent.reason, intent.note, intent.extra, offered=offered, asleep=asleep
    )
    if not found and extras.kept(intent.outcome, intent.reason, asleep, intent.extra) != dict(intent.extra):
        found.append(("why", f"The form says more than this outcome asks for. Choose again. {extras.KEPT}"))
    return found


def second_person(by: Actor, intent: Intent, may: MayGive, at: dt.datetime) -> Witnessed | None:
    """Who saw the dose given, where its order needs somebody; Refused where nobody, or nobody fitting, did. None where
    no second person is needed: a name nobody asked for is not kept."""
    if not witness_rules.needed(may.dose.order):
        return None
    seen = intent.witness if intent.request_id is None else witnesses.answer_of(intent.request_id)
    witnesses.demand(by, may.dose, seen, at, may.leave.beside)
    return seen


def problems_of_other(intent: Intent, at: dt.datetime) -> list[tuple[str, str]]:
    """What is missing in a report that somebody else gave a dose: (field, sentence) pairs."""
    found = []
    if not 2 <= len(intent.given_by) <= extras.LONGEST_EXTRA:
        words = f"Say who gave it: name and role, at most {extras.LONGEST_EXTRA} letters. {extras.KEPT}"
        found.append(("given_by", words))
    if intent.given_at is not None and intent.given_at > at:
        found.append(("given_at", f"That time is still to come. Give the time it was given. {extras.KEPT}"))
    if intent.extra or intent.reason or intent.amount is not None:
        found.append(("why", f"The form says more than this outcome asks for. Choose again. {extras.KEPT}"))
    return found
