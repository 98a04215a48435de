"""Who opened which page about whom, in words: what reading the record leaves behind."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from medpwa import clock, database, notes
from medpwa.desk.trail import Place
from medpwa.desk.vocabulary import PIECES, page_words
from medpwa.permits import Actor
from medpwa.residents import queries as residents
from medpwa.staff import queries as staff

PAGE = 60


@dataclass(frozen=True)
class AccessAsked:
    """What somebody wants to see of a home's access lines, in [start, end)."""

    home_id: int
    start: dt.datetime
    end: dt.datetime
    person: int | None = None
    subject: str = ""


@dataclass(frozen=True)
class Opening:
    """One page that somebody opened."""

    at: dt.datetime
    person: int | None
    page: str
    subject: str


@dataclass(frozen=True)
class AccessRow:
    """The same in words."""

    time: str
    who: str
    words: str
    about: str
    about_url: str | None


@dataclass(frozen=True)
class AccessDay:
    """The openings of one day."""

    words: str
    rows: tuple[AccessRow, ...]


def statement(asked: AccessAsked, before: Place | None, most: int) -> tuple[str, list[object]]:
    """The SQL that finds a page of openings by an index, newest first, and its values."""
    where, values = ["home = ?", "at >= ?"], [asked.home_id, clock.micros(asked.start)]
    if asked.subject:
        where, values = [*where, "subject = ?"], [*values, asked.subject]
    if asked.person is not None:
        where, values = [*where, "person = ?"], [*values, asked.person]
    if before is None:
        where, values = [*where, "at < ?"], [*values, clock.micros(asked.end)]
    else:
        where, values = [*where, "(at, id) < (?, ?)"], [*values, *before]
    where.append(f"page NOT IN ({', '.join('?' * len(PIECES))})")
    said = f"SELECT at, id, person, page, subject FROM access_line WHERE {' AND '.join(where)}"
    return f"{said} ORDER BY at DESC, id DESC LIMIT ?", [*values, *PIECES, most]


def openings(asked: AccessAsked, before: Place | None = None, most: int = PAGE) -> tuple[list[Opening], Place | None]:
    """A page of openings, newest first, and where the next one begins."""
    sql, values = statement(asked, before, most + 1)
    rows = database.rows(sql, *values)
    found = [
        Opening(clock.from_micros(at), person, page, subject or "") for at, _, person, page, subject in rows[:most]
    ]
    return found, (rows[most - 1][0], rows[most - 1][1]) if len(rows) > most else None


def access_days(who: Actor, found: list[Opening]) -> tuple[AccessDay, ...]:
    """Openings in words, day by day, people by the names they had then."""
    numbers = {int(o.subject.partition(":")[2]) for o in found if o.subject.startswith("person:")}
    called = staff.names_then({o.person for o in found} | numbers)
    days: dict[dt.date, list[AccessRow]] = {}
    for o in found:
        days.setdefault(clock.local_day(o.at, who.zone), []).append(_row(who, o, called))
    return tuple(AccessDay(clock.long_day_words(day), tuple(rows)) for day, rows in days.items())


def _row(who: Actor, o: Opening, called) -> AccessRow:
    kind, _, number = o.subject.partition(":")
    about, url = "", None
    if kind == "resident":
        about = residents.name_then(who.home_id, int(number), o.at)
        url = f"/h/{who.home_slug}/residents/{number}"
    elif kind == "person":
        about, url = called(int(number), o.at), f"/h/{who.home_slug}/staff/{number}"
    name = called(o.person, o.at) if o.person else "A device, nobody signed in"
    return AccessRow(clock.time_words(o.at, who.zone), name, f"opened {page_words(o.page)}", about, url)


def sentence(shown: int, more: bool, span: str) -> str:
    """The first line of the page."""
    if not shown and not more:
        return f"No page was opened {span}"
    if more:
        return f"Who opened which page {span}"
    return f"{shown} page{' was' if shown == 1 else 's were'} opened {span}"


def oldest(home_id: int) -> dt.datetime | None:
    """When the first opening that is still kept was."""
    sql = "SELECT at FROM access_line WHERE home = ? ORDER BY at, id LIMIT 1"
    found = database.rows(sql, home_id)
    return clock.from_micros(found[0][0]) if found else None


def kept_words(who: Actor) -> str:
    """How long openings are kept, as it really is."""
    first = oldest(who.home_id)
    since = f" The oldest here is from {clock.date_words(clock.local_day(first, who.zone))}." if first else ""
    return f"These lines are kept for {notes.KEEP.days // 365} years, then let go; the ledger says when.{since}"
