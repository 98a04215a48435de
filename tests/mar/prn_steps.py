"""Steps the tests of when-required medicines share: Margaret with paracetamol when required, opened, given, asked."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal

from medpwa import clock
from medpwa.mar import actions, openings, prn_actions, tickets
from medpwa.mar.models import Entry
from medpwa.mar.prn_intents import PrnIntent
from medpwa.mar.prn_rules import Use
from medpwa.medicines.rules import Ingredient, OrderFacts
from medpwa.permits import Actor
from medpwa.residents.queries import ResidentCard
from tests import builders

PROTOCOL: dict[str, object] = {
    "condition": "Pain in the knees and back",
    "signs": "Rubs her knees, is slow to get up",
    "can_ask": True,
    "shows_need": "Says so when asked",
    "steps": ["A warm pack", "A change of position"],
    "reasons": ["Back pain", "Knee pain"],
    "choice": "One for mild pain, two for worse",
    "effect_after": 60,
    "review": "In three months",
    "prescriber_when": "If two doses in a row do not help",
    "duration": "Long term",
}
PARACETAMOL: dict[str, object] = dict(
    medicine="paracetamol",
    strength="500 mg",
    kind="prn",
    times=(),
    dose_amount=Decimal(1),
    dose_most=Decimal(2),
    dose_choice="One for mild pain, two for worse",
    indication="pain",
    min_interval=240,
    most_24h=Decimal(8),
    ingredients=(Ingredient("paracetamol", Decimal(500), Decimal(4000)),),
    protocol=PROTOCOL,
)
LORAZEPAM: dict[str, object] = dict(
    medicine="lorazepam",
    strength="1 mg",
    kind="prn",
    times=(),
    dose_amount=Decimal("0.5"),
    dose_most=None,
    dose_choice="",
    indication="distress",
    min_interval=360,
    most_24h=Decimal(1),
    ingredients=(Ingredient("lorazepam", Decimal(1), Decimal(1)),),
    psychotropic=True,
    protocol={**PROTOCOL, "condition": "Distress", "reasons": ["Distress"]},
)


@dataclass
class Prn:
    """A resident and one when-required order of theirs."""

    world: object
    resident: ResidentCard
    order: OrderFacts
    label_id: int
    token: str

    @property
    def url(self) -> str:
        return f"/h/rowan/residents/{self.resident.id}/prn/{self.order.line_id}"

    def open(self, who: str) -> Actor:
        """Somebody scans this person's label."""
        by = self.world.actor(who)
        actions.scan(by=by, resident_id=self.resident.id, label_id=self.label_id, how="camera")
        return by

    def ticket(self, by: Actor) -> str:
        """A ready ticket as the server signs it."""
        opening = openings.identified(by, self.resident.id)
        key, scan_id = tickets.prn_key(self.order.line_id), opening.scan_id if opening else None
        made = tickets.Ticket(by.person_id, by.home_id, key, self.order.version_id, scan_id, clock.now())
        return tickets.issue(made)

    def intent(self, by: Actor, amount: object = 2, outcome: str = "given", **changes: object) -> PrnIntent:
        """What a phone would ask to record."""
        use = Use(steps=("A warm pack",), reason="Back pain", amount=Decimal(amount))
        if outcome != "given":
            use = Use()
        values: dict = dict(
            line_id=self.order.line_id,
            version_id=self.order.version_id,
            entry_id=str(uuid.uuid4()),
            outcome=outcome,
            use=use,
            ticket=self.ticket(by) if outcome == "given" else "",
        )
        return PrnIntent(**values | changes)

    def give(self, by: Actor, amount: object = 2, **changes: object) -> Entry:
        """A dose given now, through the action."""
        intent = self.intent(by, amount, **changes)
        return prn_actions.record(by=by, resident_id=self.resident.id, intent=intent)

    def entries(self) -> list[Entry]:
        """What is stored of this order, oldest first."""
        return list(Entry.select().where(Entry.order_line == self.order.line_id).order_by(Entry.id))


def prn(world, given: str = "Margaret", family: str = "Ellison", **changes: object) -> Prn:
    """Margaret, who has paracetamol when required unless changed."""
    card = builders.resident(world.system(), given, family, room=str(changes.pop("room", "1")))
    return beside(world, card, **changes)


def beside(world, card: ResidentCard, **changes: object) -> Prn:
    """A when-required order and a label for somebody who is there already."""
    order = builders.order(world.system(), card.id, **(PARACETAMOL | changes))
    row, token = builders.label(world.actor("sena"), card.id)
    return Prn(world, card, order, row.id, token)
