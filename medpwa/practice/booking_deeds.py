"""The only writers of requests and bookings; inside an open transaction."""

from __future__ import annotations

import datetime as dt

from medpwa import clock
from medpwa.ledger import Pending, line
from medpwa.permits import Actor
from medpwa.practice.models import AssessmentRequest, Booking, BookingEnd


def ask(by: Actor, request_id: str, skill: str, words: str) -> tuple[AssessmentRequest, Pending]:
    """Keep that somebody asks to be assessed."""
    row = AssessmentRequest.create(
        home=by.home_id, request_id=request_id, person=by.person_id, skill=skill, words=words, at=clock.now(),
        by=by.person_id,
    )  # fmt: skip
    return row, line("assess.ask", f"person:{by.person_id}", row, skill=skill)


def book(
    by: Actor,
    booking_id: str,
    *,
    person_id: int,
    skill: str,
    kind: str,
    assessor_id: int,
    on_day: dt.date,
    round_name: str,
    request_number: int | None,
    note: str,
) -> tuple[Booking, Pending]:
    """Keep that an assessment is arranged."""
    row = Booking.create(
        home=by.home_id,
        booking_id=booking_id,
        person=person_id,
        skill=skill,
        kind=kind,
        assessor=assessor_id,
        on_day=on_day,
        round_name=round_name,
        request=request_number,
        note=note,
        at=clock.now(),
        by=by.person_id,
    )
    return row, line("assess.book", f"person:{person_id}", row, skill=skill, day=on_day.isoformat())


def end(by: Actor, booking: Booking, how: str, words: str) -> tuple[BookingEnd, Pending]:
    """What became of a booking: held, missed, cancelled or moved."""
    row = BookingEnd.create(booking=booking, how=how, words=words, at=clock.now(), by=by.person_id)
    return row, line("assess.book", f"person:{booking.person_id}", row, how=how)
