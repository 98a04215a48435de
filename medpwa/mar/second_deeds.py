"""The alarm of a dose that stands as given more than once: both gives are kept and count, and their people are told."""

from __future__ import annotations

from collections.abc import Sequence

from medpwa import alerts, clock
from medpwa.ledger import Pending
from medpwa.mar import words as words_of
from medpwa.mar.models import Entry
from medpwa.mar.states import EntryFacts
from medpwa.medicines import queries as orders
from medpwa.permits import Actor
from medpwa.residents import queries as residents
from medpwa.staff import queries as staff


def tell(by: Actor, entry: Entry, others: Sequence[EntryFacts]) -> list[Pending]:
    """Alerts about a dose with other gives beside a new entry: to each of their people by name, and to those who
    lead. Nothing where there is no other."""
    if not others:
        return []
    gives = [*((e.given_at, e.administered_by or e.by) for e in others)]
    gives.append((entry.given_at, entry.administered_by or entry.by))
    said = dict(
        home_id=by.home_id,
        words=_words(by, entry, gives),
        url=f"/h/{by.home_slug}/residents/{entry.resident_id}/card",
        to_verb="mar.see_reports",
        subject=f"resident:{entry.resident_id}",
    )
    lines = alerts.raise_alert(key=f"second:{entry.entry_id}", **said)
    for person in dict.fromkeys(p for _, p in gives if p):
        lines += alerts.raise_alert(key=f"second:{entry.entry_id}:{person}", to_person=person, **said)
    return lines


def _words(by: Actor, entry: Entry, gives: Sequence[tuple]) -> str:
    resident = residents.resident_card(by.home_id, entry.resident_id)
    what = words_of.medicine(orders.version_of(by, entry.order_version_id))
    named = staff.names({p for _, p in gives if p})
    told = " and ".join(f"{clock.stamp_words(at, by.zone)} by {named.get(p, 'somebody')}" for at, p in gives)
    due = f", due {clock.stamp_words(entry.due_at, by.zone)}," if entry.due_at else ""
    return (
        f"{resident.name}’s {what}{due} stands as given {len(gives)} times: {told}. All count. See how "
        f"{resident.called} is and ask the pharmacist, GP or 111 now. If one is a mistake, correct it as recorded "
        "twice."
    )
