"""What is arranged and what was taken: bookings that stand, and the newest certificate of each course."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from medpwa.practice.matrix_rules import Booked, months_later
from medpwa.practice.models import Booking, BookingEnd, Certificate
from medpwa.practice.needed import CourseFact
from medpwa.remember import once_a_look
from medpwa.staff import queries as staff


@once_a_look("booking", "booking_end")
def booked_of(home_id: int) -> Mapping[tuple[int, str, int | None], Booked]:
    """The newest booking that was neither held nor called off, by person, skill and resident. One whose day has passed
    still stands: it was missed, and somebody has to see to it."""
    ended = BookingEnd.select(BookingEnd.booking)
    open_ones = Booking.select().where((Booking.home == home_id) & Booking.id.not_in(ended))
    rows = list(open_ones.order_by(Booking.on_day, Booking.id))
    names = staff.names({b.assessor_id for b in rows})
    return {
        (b.person_id, b.skill, b.resident_id): Booked(b.on_day, names.get(b.assessor_id, "somebody")) for b in rows
    }


@dataclass(frozen=True)
class Taken:
    """The newest certificate of each person and course: the day it was taken, and its own end."""

    newest: Mapping[tuple[int, str], tuple[dt.date, dt.date | None]]

    def day_of(self, person_id: int, course: CourseFact) -> tuple[dt.date | None, dt.date | None]:
        """When somebody took a course, and the first day it no longer counts: by its own words, else by the home's
        months."""
        taken, expires = self.newest.get((person_id, course.code), (None, None))
        if taken is None:
            return None, None
        return taken, expires or (months_later(taken, course.months) if course.months else None)


@once_a_look("certificate")
def certificates_of(home_id: int) -> Taken:
    """The newest certificates of a home."""
    rows = Certificate.select(Certificate.person, Certificate.course, Certificate.taken_on, Certificate.expires_on)
    own = rows.where(Certificate.home == home_id).order_by(Certificate.taken_on, Certificate.id)
    return Taken({(person, course): (taken, ends) for person, course, taken, ends in own.tuples()})
