"""The verbs of arranging: ask to be assessed, book, move, cancel."""

from __future__ import annotations

import datetime as dt

from medpwa import clock
from medpwa.action import Done, action
from medpwa.errors import Invalid, NotFound, Refused
from medpwa.permits import Actor
from medpwa.practice import assessments, bookings
from medpwa.practice import booking_deeds as deeds
from medpwa.practice import booking_rules as rules
from medpwa.practice.assessing_vocabulary import KINDS
from medpwa.practice.bookings import Booked
from medpwa.practice.models import Booking
from medpwa.staff import queries as staff
from medpwa.staff.queries import Colleague

LONGEST_NOTE = 500


@action("assess.ask")
def ask(*, by: Actor, request_id: str, skill: str, words: str = "") -> Done:
    """Ask to be assessed in a skill oneself; the same form again is the same request, and one that waits is enough."""
    stored = bookings.asked_with(request_id)
    if stored is not None:
        if (stored.home_id, stored.person_id) != (by.home_id, by.person_id):
            raise NotFound()
        return Done(stored, replay=True)
    if skill not in assessments.assessable():
        raise Invalid([("skill", "Choose a skill from the list. Nothing was sent.")])
    if len(words) > LONGEST_NOTE:
        raise Invalid([("words", f"Use at most {LONGEST_NOTE} characters. Nothing was sent yet.")])
    waits = next((r for r in bookings.waiting_of(by.home_id, by.person_id) if r.skill == skill), None)
    if waits is not None:
        asked = clock.moment_words(waits.at, by.zone)
        raise Invalid([("skill", f"You asked for this {asked}; it waits for an answer. Nothing was added.")])
    row, said = deeds.ask(by, request_id, skill, words)
    return Done(row, [said])


@action("assess.book", about=staff.colleague_of)
def book(
    *,
    by: Actor,
    about: Colleague,
    person_id: int,
    booking_id: str,
    skill: str,
    kind: str,
    assessor_id: int,
    on_day: dt.date,
    round_name: str,
    request_number: int | None = None,
    note: str = "",
) -> Done:
    """Arrange an assessment with somebody who may assess this person in this skill on that day. The same form again is
    the same booking; the system may enter one of a day gone by."""
    stored = bookings.with_form(booking_id)
    if stored is not None:
        return Done(_same(by, stored, person_id), replay=True)
    if not about.roles:
        raise Refused("person_gone", f"{about.name} has no role here now. Nothing was booked.")
    _check(by, person_id, skill, kind, assessor_id, on_day, round_name, note)
    answers = bookings.request_of_home(by, request_number, person_id, skill)
    row, said = deeds.book(
        by,
        booking_id,
        person_id=person_id,
        skill=skill,
        kind=kind,
        assessor_id=assessor_id,
        on_day=on_day,
        round_name=round_name,
        request_number=answers,
        note=note,
    )
    return Done(row, [said])


def _same(by: Actor, stored: Booking, person_id: int) -> Booking:
    if (stored.home_id, stored.person_id, stored.by) != (by.home_id, person_id, by.person_id):
        raise NotFound()
    return stored


def _check(
    by: Actor, person_id: int, skill: str, kind: str, assessor_id: int, on_day: dt.date, round_name: str, note: str
) -> None:
    wrong: list[tuple[str, str]] = []
    if skill not in assessments.assessable():
        wrong.append(("skill", "Choose a skill from the list. Nothing was booked."))
    if kind not in KINDS:
        wrong.append(("kind", "Choose what kind of assessment it is. Nothing was booked."))
    if round_name not in bookings.round_names(by.home_id):
        wrong.append(("round", "Choose one of the rounds of this home. Nothing was booked."))
    if len(note) > LONGEST_NOTE:
        wrong.append(("note", f"Use at most {LONGEST_NOTE} characters. Nothing was booked."))
    wrong += _day_and_assessor(by, person_id, skill, assessor_id, on_day)
    taken = [b for b in bookings.of_person(by.home_id, person_id) if (b.row.skill, b.row.on_day) == (skill, on_day)]
    if taken and taken[0].row.round_name == round_name:
        wrong.append(("on_day", "This is booked already for that round. Nothing was booked twice."))
    if wrong:
        raise Invalid(wrong)


def _day_and_assessor(
    by: Actor, person_id: int, skill: str, assessor_id: int, on_day: dt.date
) -> list[tuple[str, str]]:
    today = clock.local_day(clock.now(), by.zone)
    no_day = rules.day_problem(on_day, today, past_too=by.kind == "system")
    wrong = [("on_day", no_day)] if no_day else []
    able = assessments.assessors(by.home_id, person_id, [(skill, None)], _noon(by, on_day, today))
    if assessor_id not in {number for number, _ in able}:
        words = "Choose somebody who may assess this: signed off for it that day, and answering for at least as much."
        wrong.append(("assessor", f"{words} Nothing was booked."))
    return wrong


def _noon(by: Actor, on_day: dt.date, today: dt.date) -> dt.datetime:
    """The moment at which a sign-off is looked at: now for today, else the middle of the day booked."""
    return clock.now() if on_day == today else clock.at_local(on_day, dt.time(12), by.zone)


@action("assess.book", about=bookings.booking_of)
def move(
    *, by: Actor, about: Booked, booking_number: int, booking_id: str, assessor_id: int, on_day: dt.date,
    round_name: str, words: str,
) -> Done:  # fmt: skip
    """Arrange a booking anew, with the reason; the old one stays to be read as moved."""
    stored = bookings.with_form(booking_id)
    if stored is not None:
        return Done(_same(by, stored, about.person_id), replay=True)
    _demand_standing(about)
    _check_reason(words)
    old = about.row
    wanted = (assessor_id, on_day, round_name)
    if wanted == (old.assessor_id, old.on_day, old.round_name):
        raise Invalid([("on_day", "That is how it is booked now. Choose another day, round or assessor.")])
    _check(by, about.person_id, old.skill, old.kind, assessor_id, on_day, round_name, old.note)
    _, moved = deeds.end(by, old, "moved", words)
    row, said = deeds.book(
        by, booking_id, person_id=about.person_id, skill=old.skill, kind=old.kind, assessor_id=assessor_id,
        on_day=on_day, round_name=round_name, request_number=old.request_id, note=old.note,
    )  # fmt: skip
    return Done(row, [moved, said])


@action("assess.book", about=bookings.booking_of)
def cancel(*, by: Actor, about: Booked, booking_number: int, words: str) -> Done:
    """Take a booking back, with the reason; one whose day has passed is kept as missed."""
    if about.end is not None and (about.end.by, about.end.words) == (by.person_id, words):
        return Done(about.end, replay=True)
    _demand_standing(about)
    _check_reason(words)
    how = "missed" if about.missed(clock.local_day(clock.now(), by.zone)) else "cancelled"
    row, said = deeds.end(by, about.row, how, words)
    return Done(row, [said])


def _demand_standing(about: Booked) -> None:
    if about.end is not None:
        who = staff.names({about.end.by}).get(about.end.by, "Somebody")
        words = f"{who} ended this booking already ({about.end.how}). Nothing was changed."
        raise Refused("booking_ended", words, about={"subject": f"person:{about.person_id}"})


def _check_reason(words: str) -> None:
    if not words.strip():
        raise Invalid([("words", "Say why, so that whoever planned with it knows. Nothing was changed.")])
    if len(words) > LONGEST_NOTE:
        raise Invalid([("words", f"Use at most {LONGEST_NOTE} characters. Nothing was changed.")])
