"""What is arranged and what was taken: bookings that stand, and everybody's certificates."""

from __future__ import annotations

from collections.abc import Mapping

from medpwa.practice import training
from medpwa.practice.matrix_rules import Booked
from medpwa.practice.models import Booking, BookingEnd
from medpwa.practice.training_rules import CertificateFacts
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


@once_a_look("certificate")
def certificates_of(home_id: int) -> Mapping[int, list[CertificateFacts]]:
    """The certificates of a home by person."""
    found: dict[int, list[CertificateFacts]] = {}
    for c in training.certificates_of(home_id):
        found.setdefault(c.person_id, []).append(c)
    return found
