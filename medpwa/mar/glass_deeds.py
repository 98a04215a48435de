"""Telling of an exception for one round: the alerts it raises, inside an open transaction."""

from __future__ import annotations

from medpwa import alerts, clock
from medpwa.competency.deeds import subject
from medpwa.competency.models import BreakGlass
from medpwa.ledger import Pending
from medpwa.mar import glass
from medpwa.permits import Actor
from medpwa.staff import queries as staff


def alert_keys(glass_id: int) -> str:
    """How the keys of all tellings of an exception begin."""
    return f"glass:{glass_id}:"


def tell(by: Actor, row: BreakGlass, number: int) -> list[Pending]:
    """A deed: put an exception in front of the managers on call, or, later or where nobody is, of everybody who answers
    for the home but who made it."""
    names = staff.names({row.person_id, row.by})
    again = "" if number == 0 else " Nobody has said yet what was done about it."
    person, who, until = names.get(row.person_id, "Somebody"), names.get(row.by, "Somebody"), row.ends_at
    words = (
        f"{person} may give medicines in the {row.round_name} round until {clock.time_words(until, by.zone)} without "
        f"being signed off. {who} allowed it: {row.reason.rstrip('.')}.{again}"
    )
    whom: list[int | None] = [*glass.on_call(by.home_id, row.by)] if number == 0 else []
    found: list[Pending] = []
    for person in whom or [None]:
        found += alerts.raise_alert(
            home_id=by.home_id,
            key=f"{alert_keys(row.id)}{number}:{person or ''}",
            words=words,
            url=f"/h/{by.home_slug}/break-glass/{row.id}",
            to_verb="glass.answer",
            to_person=person,
            subject=subject(row.person_id),
            raised_by=row.by,
        )
    return found


def read_all(by: Actor, about: BreakGlass) -> list[Pending]:
    """A deed: whoever answers an exception has read what was told of it."""
    found: list[Pending] = []
    for row in alerts.Alert.select().where(alerts.Alert.key.startswith(alert_keys(about.id))):
        found += alerts.acknowledge_row(by, row)
    return found
