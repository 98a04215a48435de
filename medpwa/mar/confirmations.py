"""Entries recorded late that wait for a team leader: stored and counted, and looked at by somebody who was not part of
it. A manager's answer to the report of the same dose is a stronger look and ends the wait as well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from medpwa import clock, database
from medpwa.ledger import HistoryLine
from medpwa.mar import timing
from medpwa.mar import words as words_of
from medpwa.mar.correction_queries import entry_of  # noqa: F401 the loader of its page too
from medpwa.mar.models import Entry, GivenReport
from medpwa.mar.models_after import EntryConfirmation
from medpwa.mar.tickets import DoseKey
from medpwa.medicines import queries as orders
from medpwa.permits import Actor, may
from medpwa.remember import while_nothing_newer
from medpwa.residents import queries as residents
from medpwa.staff import queries as staff
from medpwa.staff.sentences import ids_of

SHOWN = 50
_TABLES = ("given_report", "given_report_closing", "entry_confirmation", "entry")
# Reports are few beside entries; each question below is a seek by an index of its own.
_WAITING = """SELECT r.entry_id FROM given_report r JOIN entry e ON e.id = r.entry_id WHERE r.home_id = ?
    AND e.flags LIKE ?
    AND NOT EXISTS (SELECT 1 FROM given_report_closing c WHERE c.report_id = r.id)
    AND NOT EXISTS (SELECT 1 FROM entry_confirmation k WHERE k.entry_id = r.entry_id)
    AND NOT EXISTS (SELECT 1 FROM entry x WHERE x.corrects_id = r.entry_id) ORDER BY r.id"""


def waiting_ids(home_id: int) -> tuple[int, ...]:
    """Entries of a home that wait to be confirmed, oldest first, however old they are."""
    return while_nothing_newer("to confirm", home_id, _TABLES, lambda: _waiting(home_id))


def _waiting(home_id: int) -> tuple[int, ...]:
    return tuple(number for (number,) in database.rows(_WAITING, home_id, "%awaiting_confirmation%"))


def awaits(entry: Entry) -> bool:
    """Whether an entry waits to be confirmed."""
    return entry.id in waiting_ids(entry.home_id)


def may_not_confirm(who: Actor, entry: Entry) -> str:
    """Why this person does not confirm an entry; empty when they may. Neither who gave it nor who recorded it does, and
    one told over a day later is a manager's."""
    if not may("mar.confirm", who):
        return "A team leader or a manager confirms it."
    if who.person_id in (entry.by, entry.administered_by):
        return "You gave or recorded it, so another team leader or a manager confirms it."
    if "after_a_day" in entry.flags and not may("mar.close_report", who):
        return "It was told over a day later, so a manager confirms it and reviews the gap it leaves."
    return ""


@dataclass(frozen=True)
class ConfirmRow:
    """One entry in the list."""

    id: int
    url: str
    title: str
    apart: str
    people: str
    why: str
    report_url: str
    gap_url: str  # where the gap it leaves is reviewed, for one told over a day later
    may_not: str


@dataclass(frozen=True)
class ConfirmPage:
    """What waits, oldest first, and the newest that were confirmed."""

    waiting: tuple[ConfirmRow, ...]
    done: tuple[str, ...]


def page(who: Actor) -> ConfirmPage:
    """The page of confirmations; a fixed number of queries."""
    ids = waiting_ids(who.home_id)
    found = {e.id: e for e in Entry.select().where(Entry.id.in_(ids))}
    reports = {r.entry_id: r for r in GivenReport.select().where(GivenReport.entry.in_(ids))}
    named = staff.names({p for e in found.values() for p in (e.by, e.administered_by) if p})
    return ConfirmPage(tuple(_row(who, found[i], reports[i], named) for i in ids), _done(who))


def _row(who: Actor, entry: Entry, report: GivenReport, named: Mapping[int, str]) -> ConfirmRow:
    resident = residents.resident_card(who.home_id, entry.resident_id)
    order = orders.version_of(who, entry.order_version_id)
    apart = timing.apart_words(entry.given_at, entry.at, who.zone, seen_from=clock.now())
    due = f", due {clock.moment_words(entry.due_at, who.zone)}" if entry.due_at else ""
    late = "after_a_day" in entry.flags and entry.due_at is not None
    key = DoseKey(entry.order_line_id, entry.due_at) if late else None
    gave, told = named.get(entry.administered_by or 0, "somebody"), named.get(entry.by, "somebody")
    return ConfirmRow(
        id=entry.id,
        url=f"/h/{who.home_slug}/confirmations/{entry.id}",
        title=f"{resident.name if resident else 'Somebody'}: {words_of.medicine(order)}{due}",
        apart=f"{apart[:1].upper()}{apart[1:]}",
        people=f"Given and told by {gave}" if gave == told else f"Given by {gave}, told by {told}",
        why=report.why,
        report_url=f"/h/{who.home_slug}/reports/{report.id}",
        gap_url=f"/h/{who.home_slug}/gaps/{key}" if key else "",
        may_not=may_not_confirm(who, entry),
    )


def _done(who: Actor) -> tuple[str, ...]:
    mine = EntryConfirmation.select(EntryConfirmation, Entry).join(Entry).where(Entry.home == who.home_id)
    rows = list(mine.order_by(EntryConfirmation.id.desc()).limit(SHOWN))
    named = staff.names({r.by for r in rows})
    return tuple(_done_words(who, r, named) for r in rows)


def _done_words(who: Actor, row: EntryConfirmation, named: Mapping[int, str]) -> str:
    resident = residents.resident_card(who.home_id, row.entry.resident_id)
    what = words_of.medicine(orders.version_of(who, row.entry.order_version_id))
    when = clock.moment_words(row.at, who.zone)
    return f"{resident.name if resident else 'Somebody'}: {what}. {named.get(row.by, 'Somebody')}, {when}: {row.words}"


def details(lines: list[HistoryLine], who: Actor) -> dict[tuple[str, int | str], str]:
    """What the rows of confirmations say in a history."""
    wanted = EntryConfirmation.id.in_(ids_of(lines, "entry_confirmation"))
    return {("entry_confirmation", k.id): k.words for k in EntryConfirmation.select().where(wanted)}
