"""Arranging as pages show it: gaps and lapses ahead, bookings, what was missed, who asked, what waits."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from medpwa import clock
from medpwa.competency.vocabulary import SKILLS
from medpwa.permits import Actor, may
from medpwa.practice import assessing_rules as rules
from medpwa.practice import assessments, bookings
from medpwa.practice.assessing_vocabulary import KIND_WORDS
from medpwa.practice.assessments import Assessed
from medpwa.practice.bookings import AheadLine, Booked
from medpwa.practice.models import AssessmentRequest
from medpwa.staff import queries as staff


@dataclass(frozen=True)
class Row:
    """One line of a list with its one way on."""

    tone: str
    title: str
    lead: str
    why: str
    action: str
    url: str
    icon: str = ""


@dataclass(frozen=True)
class ArrangingPage:
    """What has to be arranged, and what is."""

    sentence: str
    lead: str
    missed: list[Row]
    asked: list[Row]
    ahead: list[AheadLine]
    coming: list[Row]
    going: list[Row]


def arranging_page(who: Actor) -> ArrangingPage:
    """Gaps and lapses ahead with what is booked for each; missed bookings, requests and what is under way."""
    today = clock.local_day(clock.now(), who.zone)
    lines, booked = [line for _, line in bookings.ahead(who)], bookings.standing(who.home_id)
    missed = [booked_row(who, b) for b in booked if b.missed(today)]
    return ArrangingPage(
        sentence=_sentence(lines, len(missed)),
        lead="Skills that are not in date, or end within 60 days, most pressing first.",
        missed=missed,
        asked=[request_row(who, r) for r in bookings.waiting(who.home_id)],
        ahead=_together(lines),
        coming=[booked_row(who, b) for b in booked if not b.missed(today)],
        going=[going_row(who, a) for a in assessments.under_way(who.home_id)],
    )


def _together(lines: list[AheadLine]) -> list[AheadLine]:
    """Skills of one person that stand alike and are not booked, as one line: one assessment can look at all of them."""
    found: list[AheadLine] = []
    for line in lines:
        last = found[-1] if found else None
        if last and not line.booked and _alike(last) == _alike(line):
            words = f"{last.skill_words}, {line.skill_words[0].lower()}{line.skill_words[1:]}"
            begin = f"{last.begin_url}&skill={line.skill}" if last.begin_url else ""
            found[-1] = replace(last, skill_words=words, begin_url=begin)
        else:
            found.append(line)
    return found


def _alike(line: AheadLine) -> tuple[int, str, str, str]:
    return line.person_id, line.chip, line.when, line.booked


def _sentence(lines: list[AheadLine], missed: int) -> str:
    people, open_ = len({line.person_id for line in lines}), sum(1 for line in lines if not line.booked)
    if missed:
        return "1 booked assessment did not take place" if missed == 1 else f"{missed} booked assessments were missed"
    if not lines:
        return "Everybody is in date, and nothing ends soon"
    if not open_:
        return "Every assessment that is needed is booked"
    skills = "1 skill needs" if open_ == 1 else f"{open_} skills need"
    return f"{skills} an assessment{f', of {people} people' if people > 1 else ''}"


def booked_row(who: Actor, b: Booked) -> Row:
    """A booking in a list."""
    missed = b.missed(clock.local_day(clock.now(), who.zone))
    lead = "Missed" if missed else "Booked"
    words = bookings.booking_words(b, who.zone).removeprefix("Missed: ")
    why, url = f"{b.what.lower()}, {words}.", f"/h/{who.home_slug}/bookings/{b.id}"
    tone, action = ("late", "Settle it") if missed else ("info", "Open")
    return Row(tone, b.person, lead, why, action, url, "calendar-clock")


def request_row(who: Actor, r: AssessmentRequest) -> Row:
    """Somebody who asks to be assessed."""
    name = staff.names({r.person_id}).get(r.person_id, "Somebody")
    words = f" “{r.words}”" if r.words else ""
    why = f"{SKILLS.get(r.skill, r.skill).lower()}, since {clock.moment_words(r.at, who.zone)}.{words}"
    return Row("due", name, "Asks to be assessed", why, *_answer(who, r), "bell")


def _answer(who: Actor, r: AssessmentRequest) -> tuple[str, str]:
    """What this person can do about a request: book it, begin it, or read the file."""
    about, base = staff.colleague_of(who, r.person_id), f"/h/{who.home_slug}"
    if may("assess.book", who, about):
        return "Book it", f"{base}/assessments/book/{r.person_id}?skill={r.skill}"
    if may("assess.begin", who, about):
        return "Begin it", f"{base}/assessments/begin/{r.person_id}?skill={r.skill}"
    return "Open the file", f"{base}/competency/{r.person_id}"


def going_row(who: Actor, a: Assessed) -> Row:
    """An assessment under way."""
    watching = a.watching
    done = f"{len(a.seen().counted)} of {a.needs.rounds} rounds passed"
    lead = "Being watched now" if watching is not None else done
    url = f"/h/{who.home_slug}/assessments/{a.id}"
    why = f"{a.in_a_sentence}, {KIND_WORDS[a.kind].lower()}."
    return Row("due", a.name, lead, why, "Go on", url, "clipboard-check")


def waits(who: Actor, at: dt.datetime) -> list[tuple[str, dt.datetime, Row]]:
    """What waits for somebody who arranges, as (kind, since, row): missed bookings from the end of their day, requests,
    and assessments of others that lack nothing but the judgement."""
    today, found = clock.local_day(at, who.zone), []
    for b in bookings.standing(who.home_id):
        if b.missed(today):
            since = clock.day_bounds(b.row.on_day, who.zone)[1]
            found.append(("missed_assessment", since, booked_row(who, b)))
    for r in bookings.waiting(who.home_id):
        if r.person_id != who.person_id:
            found.append(("asks_assessment", r.at, request_row(who, r)))
    for a in assessments.under_way(who.home_id):
        if a.person_id != who.person_id and not rules.missing(a.template, a.needs, a.seen()):
            row = replace(going_row(who, a), lead="Complete", action="Decide")
            found.append(("conclude", a.rounds[-1].result.ended_at if a.rounds else a.row.at, row))
    return found


@dataclass(frozen=True)
class BookingPage:
    """One booking."""

    sentence: str
    facts: list[Fact]
    url: str
    back: str
    begin_url: str
    ended: str
    missed: bool


@dataclass(frozen=True)
class Fact:
    """A label and its value."""

    label: str
    value: str
    url: str | None = None
    action: str | None = None


_ENDS = {"held": "It took place", "missed": "It was missed", "cancelled": "It was taken back", "moved": "It was moved"}


def booking_page(who: Actor, b: Booked) -> BookingPage:
    """A booking with what became of it."""
    today = clock.local_day(clock.now(), who.zone)
    facts = [
        Fact("Skill", b.what),
        Fact("Kind", bookings.kind_words(b)),
        Fact("Day", clock.long_day_words(b.row.on_day)),
        Fact("Round", b.row.round_name),
        Fact("Assessor", b.assessor),
    ]
    facts += [Fact("Note", b.row.note)] if b.row.note else []
    missed = b.missed(today)
    begin = f"/h/{who.home_slug}/assessments/begin/{b.person_id}?booking={b.id}"
    return BookingPage(
        sentence=f"{b.person}’s assessment {_how_it_is(b, missed)}",
        facts=facts,
        url=f"/h/{who.home_slug}/bookings/{b.id}",
        back=f"/h/{who.home_slug}/assessments",
        begin_url=begin if b.end is None and may("assess.begin", who, b) else "",
        ended=_ended(b, who) if b.end is not None else "",
        missed=missed,
    )


def _how_it_is(b: Booked, missed: bool) -> str:
    if missed:
        return "was not held"
    return "is booked" if b.end is None else "was booked"


def _ended(b: Booked, who: Actor) -> str:
    name = staff.names({b.end.by}).get(b.end.by, "the app itself")
    words = f": {b.end.words}" if b.end.words else ""
    return f"{_ENDS[b.end.how]}, said {name} {clock.moment_words(b.end.at, who.zone)}{words}"
