"""Things a test needs to exist, made through the real actions. Each package adds its own as it is built."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from medpwa import alerts, clock, ledger
from medpwa.competency import actions as competency
from medpwa.database import writing
from medpwa.mar import actions as mar
from medpwa.mar import handover_actions as handovers
from medpwa.medicines import actions as medicines
from medpwa.medicines import queries as order_queries
from medpwa.medicines.keying import Keyed, OrderDetails
from medpwa.medicines.rules import OrderFacts
from medpwa.medicines.vocabulary import ROUTE_SKILL
from medpwa.permits import Actor
from medpwa.residents import actions as residents
from medpwa.residents import codes, label_actions
from medpwa.residents.details import AllergyItem, ResidentDetails
from medpwa.residents.models import Label
from medpwa.residents.queries import ResidentCard, resident_card
from medpwa.staff import actions as staff
from medpwa.staff import deeds
from medpwa.staff import queries as staff_queries
from medpwa.staff.models import Duty, Home, Person
from tests.people import World

# ---------------------------------------------------------------- staff and competency

CORE_SKILLS = ("oral", "topical", "drops", "inhaler")
# user name: skills; everybody's are in date but Cara's, which ended yesterday. Ben has none.
SIGNED_OFF: dict[str, tuple[str, ...]] = {
    "amina": CORE_SKILLS,
    "cara": CORE_SKILLS,
    "sena": (*CORE_SKILLS, "transcription"),
    "tolu": (*CORE_SKILLS, "transcription"),
    "dee": (*CORE_SKILLS, "transcription"),
    "rosa": (*CORE_SKILLS, "transcription"),
    "gil": ("oral",),
}


def sign_offs(system: Actor) -> None:
    """Who is signed off for what, in the template world."""
    today = clock.local_day(clock.now(), system.zone)
    ends = {"cara": today - dt.timedelta(days=1)}
    for username, skills in SIGNED_OFF.items():
        until = clock.at_local(ends.get(username, today + dt.timedelta(days=165)), dt.time(), system.zone)
        for skill in skills:
            sign_off(
                system,
                person_id(username),
                skill,
                valid_from=until - dt.timedelta(days=365),
                valid_until=until,
                reason="Yearly review passed",
            )


def person_id(username: str) -> int:
    """A person of the tests by user name."""
    return Person.get(Person.username == username).id


def sign_off(by: Actor, person_id: int, skill: str, **kw: object) -> None:
    """Grant a skill; `competent` for a year from now unless said otherwise."""
    competency.grant(by=by, person_id=person_id, skill=skill, **kw)


def also_at(world, username: str, role: str, slug: str = "elm") -> None:
    """Somebody works at another home of the provider too; no page of the product does that yet."""
    by = world.system(slug)
    with writing(by.chain_id):
        ledger.append(by.chain_id, by, [deeds.set_role(by, person_id(username), by.home_id, role)])


def duty(by: Actor, username: str, kind: str, starts: dt.datetime, ends: dt.datetime) -> Duty:
    """A dated duty of somebody."""
    return staff.set_duty(by=by, person_id=person_id(username), kind=kind, starts=starts, ends=ends)


def rounds(system: Actor) -> None:
    """The rounds of Rowan Court, in the template world."""
    for name, starts in (("Early", "06:30"), ("Morning", "08:00"), ("Lunch", "12:30"), ("Teatime", "17:00")):
        mar.set_round(by=system, name=name, starts=starts)
    mar.set_round(by=system, name="Night", starts="21:00")


def shifts(by: Actor) -> None:
    """Three shifts, as homes mostly have them; not in the template world: a test that asks for them says so."""
    for name, starts in (("Early", "07:00"), ("Late", "14:00"), ("Night", "21:15")):
        handovers.set_shift(by=by, name=name, starts=starts)


# ---------------------------------------------------------------- residents

_DETAILS: dict[str, object] = {
    "born": dt.date(1936, 5, 22),
    "room": "7",
    "unit": "Ground floor",
    "gp": "Dr A. Banerjee, Westmere Surgery",
    "likes": "Likes to sit up first, then has her capsules one by one.",
}


def resident(by: Actor, given: str = "Ivy", family: str = "Cartledge", **changes: object) -> ResidentCard:
    """Somebody who lives here, with no known allergies. `changes` are details (room=, alert=, …) or what `add_resident`
    takes beside them (status=, items=[("penicillin", "rash", False)], state=, valid_from=, photo=)."""
    beside = {k: changes.pop(k) for k in ("state", "valid_from", "note", "photo") if k in changes}
    items = tuple(AllergyItem(*i) if isinstance(i, tuple) else i for i in changes.pop("items", ()))
    status = changes.pop("status", "recorded" if items else "none")
    wanted = ResidentDetails(given_name=given, family_name=family, **{**_DETAILS, **changes})
    # They lived here before the product did, unless a test says otherwise: nobody asks for their list to be compared.
    beside.setdefault("valid_from", clock.now() - dt.timedelta(days=200))
    row = residents.add_resident(by=by, details=wanted, status=status, items=items, **beside)
    return resident_card(by.home_id, row.id)


def label(by: Actor, resident_id: int, place: str = "person") -> tuple[Label, str]:
    """A label of somebody and its token as printed. `by` leads a shift (senior carer, team leader or manager)."""
    row = label_actions.make_label(by=by, resident_id=resident_id, place=place)
    return row, codes.label_token(row)


# ---------------------------------------------------------------- medicines


def order_details(**changes: object) -> OrderDetails:
    """What an order says: senna at bedtime, unless changed."""
    values: dict = {
        "medicine": "senna",
        "strength": "7.5 mg",
        "form": "tablet",
        "dose_amount": Decimal(1),
        "dose_unit": "tablet",
        "route": "mouth",
        "times": ("21:00",),
        "starts_on": dt.date(2026, 1, 5),
        "indication": "constipation",
        "prescriber": "Dr A. Banerjee",
        "source": "GP prescription in the medicines folder",
    } | changes
    if values["dose_amount"] is not None:  # empty where the dose comes by letter
        values["dose_amount"] = Decimal(values["dose_amount"])
    values.setdefault("required_skills", (ROUTE_SKILL[values["route"]],) if values["route"] in ROUTE_SKILL else ())
    return OrderDetails(**values)


def order(
    by: Actor, resident_id: int, medicine: str = "senna", *, since: dt.datetime | None = None, **changes: object
) -> OrderFacts:
    """An order taken over by the system, active at once; its doses fall due from the start of today or `since`."""
    system = staff_queries.system(Home.get_by_id(by.home_id))
    since = since or clock.at_local(clock.local_day(clock.now(), by.zone), dt.time(), by.zone)
    details = order_details(medicine=medicine, **changes)
    made = medicines.import_order(by=system, resident_id=resident_id, details=details, valid_from=since)
    return order_queries.version_of(by, made.id)


def hand_keyed_order(by: Actor, resident_id: int, **changes: object) -> OrderFacts:
    """An order a trained person keyed just now: it waits for its second check."""
    made = medicines.add_order(by=by, resident_id=resident_id, details=order_details(**changes))
    return order_queries.version_of(by, made.id)


def keyed_again(order: OrderFacts, **changes: object) -> Keyed:
    """What a second person keys: the same as an order says, unless changed."""
    return Keyed(**{f: getattr(order, f) for f in Keyed.__dataclass_fields__} | changes)


# ---------------------------------------------------------------- alerts


def alert(world: World, words: str, to_verb: str = "alerts.see") -> None:
    """An alert of the home's own to everybody who holds a verb."""
    by = world.system()
    with writing(by.chain_id):
        raised = alerts.raise_alert(
            home_id=by.home_id, key=f"test:{words}", words=words, url=f"/h/{by.home_slug}/round", to_verb=to_verb,
            subject=f"home:{by.home_id}",
        )
        ledger.append(by.chain_id, by, raised)
