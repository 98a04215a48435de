"""The only writers of the round's tables; they run inside an open transaction and return their ledger lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from medpwa import clock
from medpwa.ledger import Pending, line
from medpwa.mar import phone_clock, rounds
from medpwa.mar.leave import NEEDS_NONE, Leave
from medpwa.mar.models import (
    Entry,
    GivenReport,
    GivenReportClosing,
    HelpRequest,
    RoundPart,
    RoundSetting,
    Scan,
)
from medpwa.mar.queries import DueDose
from medpwa.mar.vocabulary import OUTCOMES
from medpwa.mar.witness_rules import Witnessed
from medpwa.permits import Actor


def subject(resident_id: int) -> str:
    """Whose history a line of the round joins."""
    return f"resident:{resident_id}"


def open_resident(
    by: Actor,
    resident_id: int,
    *,
    how: str,
    label_id: int | None = None,
    place: str = "",
    reason: str = "",
    stopped: bool = False,
    open_resident_id: int | None = None,
) -> tuple[Scan, Pending]:
    """Keep how a resident was opened (or that somebody else's open card stopped it)."""
    row = Scan.create(
        home=by.home_id,
        resident=resident_id,
        label=label_id,
        how=how,
        place=place,
        session=by.session_id,
        stopped=stopped,
        open_resident=open_resident_id,
        reason=reason,
        at=clock.now(),
        by=by.person_id,
    )
    return row, line("mar.open_without_scan" if how == "no_scan" else "mar.scan", subject(resident_id), row)


def record_entry(
    by: Actor,
    dose: DueDose,
    *,
    entry_id: str,
    outcome: str,
    reason: str = "",
    note: str = "",
    prepared_at: dt.datetime | None = None,
    scan_id: int | None = None,
    claim: int | None = None,
    flags: Sequence[str] = (),
    amount: Decimal | None = None,
    extra: Mapping[str, str] | None = None,
    given_by: str = "",
    given_at: dt.datetime | None = None,
    witness: Witnessed | None = None,
    witness_needed: bool = False,
    leave: Leave = NEEDS_NONE,
    unplanned: bool = False,
) -> tuple[Entry, Pending]:
    """One entry for a dose: given by us now, by somebody else, or not given. `given_by` names who gave it where nobody
    of the home did, `given_at` when; `leave` what let somebody give who is not signed off. `unplanned` where the plan
    no longer has such a dose: it then has no due time."""
    at, outcome_is = clock.now(), OUTCOMES[outcome]
    row = Entry.create(
        entry_id=entry_id,
        home=by.home_id,
        resident=dose.order.resident_id,
        order_line=dose.order.line_id,
        order_version=dose.order.version_id,
        due_at=None if unplanned else dose.times.due_at,
        outcome=outcome,
        reason=reason,
        note=note,
        given_at=(given_at or at) if outcome_is.given else None,
        prepared_at=prepared_at,
        at=at,
        scan=scan_id,
        by=by.person_id,
        administered_by=by.person_id if outcome_is.by_home else None,
        claim=claim,
        flags=[*flags, *phone_clock.flags(at)],
        session=by.session_id,
        amount=amount,
        extra=dict(extra) if extra else None,
        given_by=given_by or None,
        witnessed_by=witness.person_id if witness else None,
        witnessed_at=witness.at if witness else None,
        witness_needed=witness_needed or None,
        supervised_by=leave.beside.person_id if leave.beside else None,
        supervised_at=leave.beside.at if leave.beside else None,
        break_glass=leave.glass.id if leave.glass else None,
        phone_at=phone_clock.said(),
    )
    about = {"order_line": dose.order.line_id, "outcome": outcome}
    return row, line("mar.record", subject(dose.order.resident_id), row, **about)


def report_given(
    by: Actor,
    *,
    entry_id: str,
    resident_id: int,
    line_id: int,
    version_id: int,
    due_at: dt.datetime | None,
    given_at: dt.datetime,
    administered_by: int,
    who_knew: str,
    why: str,
    flags: Sequence[str],
    joined_refusal: int | None,
    more: bool = True,
) -> tuple[GivenReport | Entry, Pending]:
    """A dose that was given outside the record: kept and flagged. Told in full (`more`) it is open until a manager
    closes it; by its giver within the hour it is an entry with the reason."""
    at = clock.now()
    entry = Entry.create(
        entry_id=entry_id,
        home=by.home_id,
        resident=resident_id,
        order_line=line_id,
        order_version=version_id,
        due_at=due_at,
        outcome="given",
        given_at=given_at,
        at=at,
        by=by.person_id,
        administered_by=administered_by,
        after_the_fact=True,
        note="" if more else told_words(why, who_knew),
        flags=[*flags, *phone_clock.flags(at)],
        session=by.session_id,
        phone_at=phone_clock.said(),
    )
    if not more:
        return entry, line("mar.report_given", subject(resident_id), entry, order_line=line_id)
    report = GivenReport.create(
        entry=entry,
        home=by.home_id,
        who_knew=who_knew,
        why=why,
        joined_refusal=joined_refusal,
        at=at,
        by=by.person_id,
    )
    return report, line("mar.report_given", subject(resident_id), entry, report, order_line=line_id)


def told_words(why: str, who_knew: str) -> str:
    """What its giver says of a dose recorded within the hour, as it stands in the entry's note."""
    return f"{why}. Who knew: {who_knew}" if who_knew else why


def close_report(by: Actor, report: GivenReport, resident_id: int, words: str) -> Pending:
    """A manager's answer to a report of a dose already given."""
    row = GivenReportClosing.create(report=report, words=words, at=clock.now(), by=by.person_id)
    return line("mar.close_report", subject(resident_id), row, report=report.id)


def ask_help(by: Actor, dose: DueDose, kind: str, asked_person: int | None) -> Pending:
    """Keep that somebody asked a colleague to give a dose or to supervise it."""
    row = HelpRequest.create(
        home=by.home_id,
        order_line=dose.order.line_id,
        due_at=dose.times.due_at,
        kind=kind,
        asked_person=asked_person,
        at=clock.now(),
        by=by.person_id,
    )
    return line("mar.ask_help", subject(dose.order.resident_id), row, asked=asked_person)


def set_round(by: Actor, name: str, starts: str, close_minutes: int, *, retired: bool = False) -> Pending:
    """A round of the home as it is from now on."""
    at = clock.now()
    row = RoundSetting.create(
        home=by.home_id,
        name=name,
        starts=starts,
        close_minutes=close_minutes,
        retired=retired,
        valid_from=at,
        at=at,
        by=by.person_id,
    )
    return line("round.settings", f"home:{by.home_id}", row)


def end_part(by: Actor, span: rounds.RoundSpan, still_open: Sequence[str], note: str) -> Pending:
    """A person ends their part of a round, with what is still open and what they hand over."""
    row = RoundPart.create(
        home=by.home_id,
        round_name=span.name,
        round_start=span.start_at,
        still_open=list(still_open),
        note=note,
        at=clock.now(),
        by=by.person_id,
    )
    return line("round.end_part", f"home:{by.home_id}", row)
