"""Reports of doses already given, as their pages show them: open ones first, closed ones a page at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from medpwa import clock, database
from medpwa.mar import words as words_of
from medpwa.mar.models import Entry, GivenReport, GivenReportClosing
from medpwa.mar.vocabulary import FLAGS
from medpwa.medicines import queries as orders
from medpwa.permits import Actor
from medpwa.residents import queries as residents
from medpwa.staff import queries as staff

OPEN_SHOWN = 100  # more than that waiting is a fault of the home's, not of the page; the count says so
CLOSED_SHOWN = 25

_OPEN = """SELECT r.id FROM given_report r WHERE r.home_id = ?
    AND NOT EXISTS (SELECT 1 FROM given_report_closing c WHERE c.report_id = r.id) ORDER BY r.id DESC LIMIT ?"""
_OPEN_BY_RESIDENT = """SELECT e.resident_id, count(*) FROM given_report r JOIN entry e ON e.id = r.entry_id
    WHERE r.home_id = ? AND NOT EXISTS (SELECT 1 FROM given_report_closing c WHERE c.report_id = r.id)
    GROUP BY e.resident_id"""
_CLOSED = """SELECT r.id FROM given_report r WHERE r.home_id = ? AND r.id < ?
    AND EXISTS (SELECT 1 FROM given_report_closing c WHERE c.report_id = r.id) ORDER BY r.id DESC LIMIT ?"""
_NEWEST = 2**62


@dataclass(frozen=True)
class ReportRow:
    """One report as its page shows it."""

    id: int
    at: dt.datetime
    url: str
    resident: str
    medicine: str
    given_words: str
    reported_words: str
    by: str
    administered_by: str
    who_knew: str
    why: str
    flags: tuple[str, ...]
    joined: bool
    closed_words: str
    closing: str


@dataclass(frozen=True)
class ReportsPage:
    """What waits, the newest of what is closed before some report, and where the older ones begin."""

    count: int
    waiting: tuple[ReportRow, ...]
    closed: tuple[ReportRow, ...]
    older: int | None


def waiting(who: Actor) -> list[ReportRow]:
    """Reports nobody has answered yet, newest first."""
    return sorted(rows_of(who, _open(who)), key=lambda r: -r.id)


def _open(who: Actor) -> list[int]:
    return [number for (number,) in database.rows(_OPEN, who.home_id, OPEN_SHOWN)]


def reports_page(who: Actor, before: int | None = None) -> ReportsPage:
    """The page of reports; a fixed number of queries, however many there are."""
    open_now = _open(who)
    found = database.rows(_CLOSED, who.home_id, _NEWEST if before is None else before, CLOSED_SHOWN + 1)
    closed = [number for (number,) in found[:CLOSED_SHOWN]]
    rows = {r.id: r for r in rows_of(who, [*open_now, *closed])}
    return ReportsPage(
        count=sum(open_reports(who.home_id).values()),
        waiting=tuple(rows[number] for number in open_now),
        closed=tuple(rows[number] for number in closed),
        older=closed[-1] if len(found) > CLOSED_SHOWN else None,
    )


def open_reports(home_id: int) -> dict[int, int]:
    """How many reports of doses already given wait for a manager, by resident, however old they are."""
    return {resident: int(n) for resident, n in database.rows(_OPEN_BY_RESIDENT, home_id)}


def rows_of(who: Actor, report_ids: Iterable[int]) -> list[ReportRow]:
    """Reports of the home in words, with what each needs looked up once for all of them."""
    wanted = GivenReport.id.in_(list(report_ids)) & (GivenReport.home == who.home_id)
    found = list(GivenReport.select(GivenReport, Entry).join(Entry).where(wanted))
    closings = {c.report_id: c for c in GivenReportClosing.select().where(GivenReportClosing.report.in_(found))}
    people = {r.by for r in found} | {r.entry.administered_by for r in found} | {c.by for c in closings.values()}
    names = staff.names(people)
    return [_row(who, r, closings.get(r.id), names) for r in found]


def _row(who: Actor, report: GivenReport, closing: GivenReportClosing | None, names: dict[int, str]) -> ReportRow:
    entry: Entry = report.entry
    resident = residents.resident_card(who.home_id, entry.resident_id)
    order = orders.version_of(who, entry.order_version_id)
    closed = f"Closed by {names[closing.by]}, {clock.moment_words(closing.at, who.zone)}" if closing else ""
    return ReportRow(
        id=report.id,
        at=report.at,
        url=f"/h/{who.home_slug}/reports/{report.id}",
        resident=resident.name if resident else "",
        medicine=words_of.medicine(order),
        given_words=clock.moment_words(entry.given_at, who.zone),
        reported_words=clock.moment_words(report.at, who.zone),
        by=names[report.by],
        administered_by=names.get(entry.administered_by, ""),
        who_knew=report.who_knew,
        why=report.why,
        flags=tuple(FLAGS[f] for f in entry.flags if f in FLAGS),
        joined=report.joined_refusal is not None,
        closed_words=closed,
        closing=closing.words if closing else "",
    )
