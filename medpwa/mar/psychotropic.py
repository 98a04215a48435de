"""Every use of a when-required medicine that acts on mood or behaviour stands on the managers' list until one of them
has noted it (domain page 2.1): given now, reported later, or put right."""

from __future__ import annotations

from medpwa import alerts, clock
from medpwa.ledger import Pending
from medpwa.mar import prn_rules
from medpwa.mar import words as words_of
from medpwa.mar.models import Entry
from medpwa.medicines.amounts import amount_words
from medpwa.medicines.rules import OrderFacts
from medpwa.permits import Actor
from medpwa.residents.queries import ResidentCard


def listed(by: Actor, about: ResidentCard, order: OrderFacts, entry: Entry) -> list[Pending]:
    """A deed: the alert that puts a use on the list; nothing for any other medicine."""
    if not order.psychotropic or order.kind != "prn":
        return []
    amount = entry.amount if entry.amount is not None or order.dose_most is not None else order.dose_amount
    much = f"{amount_words(amount, order.dose_unit)} of " if amount is not None else ""
    why = f": {entry.reason}" if entry.reason else ""
    when = clock.stamp_words(entry.given_at or entry.at, by.zone)
    return alerts.raise_alert(
        home_id=by.home_id,
        key=prn_rules.psychotropic_key(entry.id),
        words=f"{about.name} was given {much}{words_of.medicine(order)}, {when}{why}.",
        url=f"/h/{by.home_slug}/prn",
        to_verb="prn.note",
        subject=f"resident:{about.id}",
    )
