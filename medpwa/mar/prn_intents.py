"""What a phone asks to record of a when-required medicine, and whether a give may go ahead: the questions that giving
with and without a witness share, asked inside the transaction."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from medpwa.errors import Invalid, Refused
from medpwa.mar import leave as leaves
from medpwa.mar import prn, prn_rules, rules, tickets, witnesses
from medpwa.mar.models import Entry
from medpwa.mar.prn_rules import Use
from medpwa.mar.queries import DueDose
from medpwa.mar.vocabulary import LONGEST_NOTE
from medpwa.mar.witness_rules import Witnessed
from medpwa.permits import Actor
from medpwa.residents.queries import ResidentCard


@dataclass(frozen=True, slots=True)
class PrnIntent:
    """What a phone asks to record of one when-required medicine."""

    line_id: int
    version_id: int
    entry_id: str
    outcome: str  # given, given_part, not_required
    use: Use
    note: str = ""
    ticket: str = ""
    witness: Witnessed | None = None
    request_id: int | None = None  # a witness was asked on their own phone; their answer is read inside it
    beside: Witnessed | None = None  # stands beside a giver who is not signed off

    def same_as(self, stored: Entry) -> bool:
        """Whether a stored entry says exactly this."""
        mine = (self.line_id, None, self.outcome, self.use.reason, self.note, self.use.amount, self.use.extra())
        theirs = (stored.order_line_id, stored.due_at, stored.outcome, stored.reason, stored.note, stored.amount)
        if mine != (*theirs, stored.extra or {}) or not leaves.same_beside(self.beside, stored):
            return False
        return self.request_id is not None or (self.witness and self.witness.person_id) == stored.witnessed_by


def judged_give(
    by: Actor, about: ResidentCard, intent: PrnIntent, dose: DueDose, at: dt.datetime
) -> tuple[rules.Verdict, dt.datetime]:
    """That nothing stands against a give but, perhaps, the second person still to see it, and when it was made ready.
    Refused with the weightiest reason, Invalid for what was not said."""
    verdict = demand(by, about, dose, intent.version_id, intent.use.amount, at, intent.beside)
    demand_fit(dose, intent)
    return verdict, _made_ready(by, about, intent, dose, at)


def demand(
    by: Actor,
    about: ResidentCard,
    dose: DueDose,
    version_id: int,
    amount: Decimal | None,
    at: dt.datetime,
    beside: Witnessed | None = None,
) -> rules.Verdict:
    """That it may be given now, by facts read now; else Refused."""
    facts = prn.facts_of(by, about, dose, at, seen_version=version_id, amount=amount, beside=beside)
    verdict = rules.judge_give(facts, at)
    if not verdict.allowed:
        raise refused(verdict.first, about.id, dose.order.line_id)
    return verdict


def demand_fit(dose: DueDose, intent: PrnIntent) -> None:
    """That everything the protocol asks for is said; else Invalid."""
    problems = prn_rules.use_problems(dose.order, intent.use, intent.outcome)
    if len(intent.note) > LONGEST_NOTE:
        problems.append(("note", f"The note is too long: at most {LONGEST_NOTE:,} letters. It is kept; shorten it."))
    if problems:
        raise Invalid(problems)


def _made_ready(by: Actor, about: ResidentCard, intent: PrnIntent, dose: DueDose, at: dt.datetime) -> dt.datetime:
    if intent.request_id is not None:
        return witnesses.standing_request(by, intent.request_id, intent.entry_id, dose, intent.use.amount, at).at
    ticket, key = tickets.read(intent.ticket), tickets.prn_key(intent.line_id)
    fits = ticket is not None and ticket.fits(by.person_id, by.home_id, key, at)
    if not fits or ticket.version_id != dose.order.version_id:
        words = "Make it ready first: check the label, then tap Ready. Ready lasts 30 minutes. Nothing was recorded."
        raise refused(rules.Reason("not_ready", words), about.id, intent.line_id)
    return ticket.prepared_at


def refused(reason: rules.Reason, resident_id: int, line_id: int) -> Refused:
    """A refusal that says whose medicine it was about, for the ledger."""
    return Refused(reason.code, reason.words, about={"subject": f"resident:{resident_id}", "order_line": line_id})
