"""Read-only answers about what is prescribed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest

from medpwa.competency import queries as competency
from medpwa.competency.vocabulary import IN_A_SENTENCE
from medpwa.errors import NotFound
from medpwa.medicines import rules
from medpwa.medicines.keying import OrderDetails
from medpwa.medicines.models import OrderCheck, OrderLine, OrderVersion
from medpwa.medicines.rules import OrderFacts
from medpwa.permits import LEADING_ROLES, Actor
from medpwa.remember import home_stamp, once_a_look, remembered
from medpwa.residents.queries import ResidentCard
from medpwa.staff import queries as staff

KEYING_SKILLS = ("transcription",)
SHORTEST_ANSWER = 10  # letters: a name and what they said
in_force = rules.in_force

# Per home, not over all: within one home the chain's lock makes ids come in the order they are committed.
_STAMP = """SELECT
    (SELECT max(v.id) FROM order_version v WHERE v.line_id IN (SELECT id FROM order_line WHERE home_id = ?)),
    (SELECT max(c.id) FROM order_check c WHERE c.version_id IN
        (SELECT v.id FROM order_version v JOIN order_line l ON l.id = v.line_id WHERE l.home_id = ?))"""


@once_a_look("order_version", "order_check")
def orders_of_home(home_id: int) -> tuple[OrderFacts, ...]:
    """All versions of all orders of a home, by line, then number; kept until a version or a check is added."""
    return remembered("orders", home_id, orders_stamp(home_id), lambda: _assemble(home_id))


def orders_stamp(home_id: int) -> tuple:
    """What changes when any order of the home changes or is checked."""
    return home_stamp(("order_version", "order_check"), _STAMP, home_id, home_id)


def orders_of_resident(home_id: int, resident_id: int) -> tuple[OrderFacts, ...]:
    """All versions of one resident's orders."""
    orders = orders_of_home(home_id)
    return remembered("orders by resident", home_id, orders, lambda: _by_resident(orders)).get(resident_id, ())


def _by_resident(orders: Iterable[OrderFacts]) -> dict[int, tuple[OrderFacts, ...]]:
    found: dict[int, list[OrderFacts]] = {}
    for o in orders:
        found.setdefault(o.resident_id, []).append(o)
    return {resident_id: tuple(own) for resident_id, own in found.items()}


def _assemble(home_id: int) -> tuple[OrderFacts, ...]:
    agreed = _agreed(home_id)
    rows = (
        OrderVersion.select(OrderVersion, OrderLine)
        .join(OrderLine)
        .where(OrderLine.home == home_id)
        .order_by(OrderVersion.line, OrderVersion.number)
    )
    versions = list(rows)
    return tuple(_facts(v, after, v.id in agreed) for v, after in zip_longest(versions, versions[1:]))


def _agreed(home_id: int) -> set[int]:
    """Versions that a second person keyed the same."""
    rows = (
        OrderCheck.select(OrderCheck.version)
        .join(OrderVersion)
        .join(OrderLine)
        .where((OrderLine.home == home_id) & OrderCheck.agrees)
    )
    return {version_id for (version_id,) in rows.tuples()}


def _facts(v: OrderVersion, following: OrderVersion | None, agreed: bool) -> OrderFacts:
    later = following if following is not None and following.line_id == v.line_id else None
    return OrderFacts(
        line_id=v.line_id,
        version_id=v.id,
        number=v.number,
        home_id=v.line.home_id,
        resident_id=v.line.resident_id,
        valid_from=v.valid_from,
        valid_to=later.valid_from if later else None,
        stopped=v.stopped,
        medicine=v.medicine,
        strength=v.strength,
        form=v.form,
        dose_amount=v.dose_amount,
        dose_unit=v.dose_unit,
        dose_text=v.dose_text,
        route=v.route,
        site=v.site,
        times=tuple(v.times),
        starts_on=v.starts_on,
        ends_on=v.ends_on,
        instructions=tuple(v.instructions),
        indication=v.indication,
        window_before=v.window_before,
        window_after=v.window_after,
        time_critical=v.time_critical,
        high_risk=v.high_risk,
        controlled=v.controlled,
        required_skills=tuple(v.required_skills),
        prescriber=v.prescriber,
        source=v.source,
        allergy_answer=v.allergy_answer,
        hand_keyed=v.hand_keyed,
        checked=not v.hand_keyed or agreed,
        keyed_by=v.by,
        keyed_at=v.at,
        reason=v.reason,
        kind=v.kind or "regular",
        schedule=v.schedule,
        total_doses=v.total_doses,
        dose_most=v.dose_most,
        dose_choice=v.dose_choice or "",
        min_interval=v.min_interval,
        most_24h=v.most_24h,
        ingredients=tuple(map(_ingredient, v.ingredients or ())),
        guard_days=v.guard_days,
        food=v.food or "",
        asleep=v.asleep or "",
        time_class=v.time_class or "",
        psychotropic=bool(v.psychotropic),
        witness=bool(v.witness),
        protocol=v.protocol,
        suspended=bool(v.suspended),
        in_error=bool(v.in_error),
        ending=v.ending or "",
        earlier=v.earlier or "",
        advice=v.advice,
    )


def _ingredient(kept: dict[str, str]) -> rules.Ingredient:
    most = kept.get("most_24h")
    return rules.Ingredient(kept["name"], Decimal(kept["mass"]), Decimal(most) if most else None)


# ---------------------------------------------------------------- loaders for pages and actions


@dataclass(frozen=True)
class Order:
    """One order line with all its versions, oldest first: what order pages and actions are about."""

    line_id: int
    home_id: int
    resident_id: int
    versions: tuple[OrderFacts, ...]

    @property
    def latest(self) -> OrderFacts:
        return self.versions[-1]

    def covers(self, version: OrderFacts, person_id: int | None) -> bool:
        """Whether somebody must not see a version yet. Once the latest is checked or stopped, all of them are open."""
        return rules.covered_for(self.latest, person_id) and rules.covered_for(version, person_id)


def order_of(by: Actor, line_id: int, **_: object) -> Order:
    """An order line of the actor's home, else NotFound."""
    versions = tuple(o for o in orders_of_home(by.home_id) if o.line_id == line_id)
    if not versions:
        raise NotFound()
    return Order(line_id, by.home_id, versions[0].resident_id, versions)


def version_of(by: Actor, version_id: int, **_: object) -> OrderFacts:
    """One version of an order of the actor's home, else NotFound."""
    for o in orders_of_home(by.home_id):
        if o.version_id == version_id:
            return o
    raise NotFound()


def latest_versions(orders: Iterable[OrderFacts]) -> list[OrderFacts]:
    """The newest version of each line, whether or not it has begun."""
    newest = {o.line_id: o for o in orders}
    return list(newest.values())


def standing(home_id: int, at: dt.datetime) -> list[OrderFacts]:
    """What is in force in a home at a moment."""
    return in_force(orders_of_home(home_id), at)


# ---------------------------------------------------------------- who may key and check


def trained_words(home_id: int, *, without: int | None = None) -> str:
    """Who here can key and check orders, those on shift first, in a sentence."""
    people = [c for c in staff.colleagues(home_id) if c.person_id != without and _may_key(c)]
    on_shift = {p.person_id for p in staff.on_shift(home_id)[0]}
    here = [c.name for c in people if c.person_id in on_shift]
    if here:
        return f"{rules.listed(here)} can do it and {'is' if len(here) == 1 else 'are'} on shift."
    if people:
        return f"Nobody on shift can do it now. {rules.listed([c.name for c in people])} can when here."
    return f"Nobody else here is signed off for {IN_A_SENTENCE['transcription']}. Ask a manager."


def _may_key(colleague: staff.Colleague) -> bool:
    if not colleague.roles & LEADING_ROLES:
        return False
    return competency.sign_off(colleague.home_id, colleague.person_id, KEYING_SKILLS, None).allowed


def another_checks(home_id: int, order: OrderFacts) -> str:
    """What somebody who keyed an order reads when they would check it."""
    who = trained_words(home_id, without=order.keyed_by)
    return f"You keyed this order yourself, so somebody else must check it. {who} It stays waiting."


def change_after_check(order: OrderFacts) -> str:
    """Why somebody cannot change an order that waits, and what they can do."""
    name = staff.names({order.keyed_by}).get(order.keyed_by, "whoever keyed it") if order.keyed_by else "the system"
    return f"This order waits for its second check, so only {name} can change it. Check it, or stop it, instead."


def allergy_question(resident: ResidentCard, details: OrderDetails) -> str:
    """What must be answered before this medicine can go on this person's chart, or nothing. Text only (rules)."""
    found = rules.allergy_clash([item.substance for item in resident.allergy_items], details)
    if found is None or len(details.allergy_answer.strip()) >= SHORTEST_ANSWER:
        return ""
    item = next(i for i in resident.allergy_items if i.substance == found)
    return (
        f"{resident.name} has a recorded allergy: {item.words}. Ask the prescriber or a pharmacist, and write who "
        "answered and what they said."
    )
