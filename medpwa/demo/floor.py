"""Doses recorded as somebody on the floor would, at the moment the clock stands at: by whoever the product's own gate
lets give, under a code of theirs that still opens, once. What the gate does not allow is left as it is, never forced.
"""

from __future__ import annotations

import bisect
import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from medpwa import clock
from medpwa.competency import queries as competency
from medpwa.demo import people, prescriptions, team
from medpwa.demo.prescriptions import Due
from medpwa.demo.told import Told
from medpwa.mar import actions as mar
from medpwa.mar import given, judging, letters, limits, openings, recording, rules, tickets
from medpwa.mar import queries as mar_queries
from medpwa.mar.actions import GivenFact
from medpwa.mar.intents import Intent
from medpwa.mar.queries import DueDose
from medpwa.mar.tickets import DoseKey, Ticket
from medpwa.medicines import queries as orders
from medpwa.medicines import schedules
from medpwa.medicines.rules import OrderFacts
from medpwa.permits import Actor, may
from medpwa.residents import queries as residents
from medpwa.residents.labels import labels_of
from medpwa.residents.models import Resident, ResidentVersion
from medpwa.staff import queries as staff
from medpwa.staff.models import Home, Person

ASKED_FIRST = "The shift leader, who rang the clinic: as in the last letter until the next INR"
ONE_VISIT = dt.timedelta(minutes=15)
REPORTED_GIVEN = 20  # minutes after due at which a dose that was reported afterwards was given
WHO_KNEW, WHY = "The shift leader, at hand-over", "The call bell rang and I did not come back to the phone"
STOOD_IN = "Ryan stood in"  # how the report of the round somebody not signed off gave begins
BELL = "The call bell rang"  # how the demo's own reports begin


@dataclass
class Floor:
    """The home, with the people of the tables as they are found in it."""

    home: Home
    person: dict[str, int] = field(default_factory=dict)  # by their code in the tables
    code: dict[int, str] = field(default_factory=dict)  # of a resident, by id
    _shifts: dict[int, list[int]] = field(default_factory=dict)
    _changes: list[dt.datetime] = field(default_factory=list)  # when somebody's duty begins or ends

    @classmethod
    def of(cls, home: Home) -> Floor:
        """Who is who: staff by user name, residents by the NHS number they came with."""
        ids = {p.username: p.id for p in Person.select().where(Person.provider == home.provider_id)}
        came = {r.nhs_number: r.code for r in people.RESIDENTS}
        first = ResidentVersion.select().join(Resident).where(Resident.home == home).order_by(-ResidentVersion.id)
        code = {v.resident_id: came.get(v.nhs_number, "") for v in first}
        return cls(home, {p.code: ids[p.username] for p in team.STAFF if p.username in ids}, code)

    def actor(self, person_id: int | None) -> Actor | None:
        """Somebody as they are now; None for nobody, and for somebody who holds no role here."""
        return staff.actor(person_id, self.home.slug) if person_id is not None else None

    def on_shift(self, at: dt.datetime) -> list[int]:
        """Who is on shift at a moment, the shift leader after those on the floor, who is on call last; asked once for
        the time in which no duty begins or ends."""
        if not self._changes:
            duties = staff.duties_between(self.home.id, at - _AROUND, at + _AROUND)
            self._changes = sorted({moment for d in duties for moment in (d.starts, d.ends)} | {at + _AROUND})
        shift = bisect.bisect(self._changes, at)
        if shift not in self._shifts:
            found, _ = staff.on_shift(self.home.id, at)
            found.sort(key=lambda p: ("floor", "", "shift_leader", "on_call").index(p.duty))
            self._shifts[shift] = list(dict.fromkeys(p.person_id for p in found))
        return self._shifts[shift]

    def look_again(self) -> None:
        """The rota is another now."""
        self._shifts.clear()
        self._changes.clear()

    def slot(self, dose: DueDose) -> Due | None:
        """The dose as the tables know it; None for an order, a person or a time somebody else brought in."""
        order = dose.order
        place = _PLACES.get((self.code.get(order.resident_id, ""), order.medicine, order.strength, order.kind))
        if place is None:
            return None
        local = clock.local(dose.times.due_at, self.home.zone).replace(tzinfo=None)
        return Due(prescriptions.ORDERS[place].resident, place, local)


_AROUND = dt.timedelta(days=3)
_PLACES = {(o.resident, o.medicine, o.strength, o.kind): n for n, o in enumerate(prescriptions.ORDERS)}


def known(home: Home, day: dt.date | None = None) -> None:
    """Read what the next act will judge by. Outside a transaction it is kept, inside it would be read anew each time;
    the act itself asks whether it is still the newest."""
    orders.orders_of_resident(home.id, 0)
    competency.grants_at(home.id)
    residents.resident_card(home.id, 0)
    residents.whereabouts_spans(home.id)
    if day is not None:
        mar_queries.due_by_resident(home.id, home.zone, day)


# ---------------------------------------------------------------- who


def givers(floor: Floor, dose: DueDose, at: dt.datetime, likely: str) -> Iterator[Actor]:
    """Who on shift at a moment may record a dose and is signed off for it, by the product's own answers: the likely
    one of the roster first."""
    order, wanted = dose.order, floor.person.get(likely)
    for person_id in sorted(floor.on_shift(at), key=lambda found: found != wanted):
        actor = floor.actor(person_id)
        if actor is None or not may("mar.record", actor):
            continue
        if competency.sign_off(actor.home_id, person_id, order.required_skills, order.resident_id, at).allowed:
            yield actor


# ---------------------------------------------------------------- what


def entry_id(key: DoseKey) -> str:
    """The id of the play's one entry for a dose: played twice, the second time finds it taken."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"steady:played:{key}"))


def not_before(floor: Floor, dose: DueDose) -> dt.datetime | None:
    """From when a dose may be given, where what its order allows in a time holds it up now and waiting helps."""
    order, at = dose.order, clock.now()
    by = next(givers(floor, dose, at, ""), None)
    if by is None or not order.min_interval:
        return None
    card = residents.resident_of(by, order.resident_id)
    return limits.held_until(given.limits_of(by, card, order, at), at)


def record(floor: Floor, dose: DueDose, told: Told) -> bool:
    """Record a dose now as it came out. False where it has an entry already, or nobody may."""
    at, order = clock.now(), dose.order
    entries = mar_queries.entries_of_dose(dose.key)
    if entries or not _was_in(dose):
        return False
    for by in givers(floor, dose, at, told.by):
        card = residents.resident_of(by, order.resident_id)
        state = judging.state_of(by, card, dose, entries, at)
        facts = judging.give_facts(by, card, dose, state, at, seen_version=order.version_id)
        if card.whereabouts == "home" and _may(told, facts, at):
            identify(by, order.resident_id, told)
            recording.record(by=by, resident_id=order.resident_id, intent=_intent(by, dose, told))
            return True
    return False


def _may(told: Told, facts: rules.GiveFacts, at: dt.datetime) -> bool:
    """What a visiting nurse did is a fact, which nothing refuses."""
    if told.outcome == "given_by_other":
        return True
    return (rules.judge_give if told.outcome == "given" else rules.judge_not_given)(facts, at).allowed


def _was_in(dose: DueDose) -> bool:
    """Whether the resident was in the home when the dose fell due."""
    spans = residents.whereabouts_spans(dose.order.home_id).get(dose.order.resident_id, ())
    return mar_queries.where_at(spans, dose.times.due_at) == "home"


def by_letter(by: Actor, order: OrderFacts, due_at: dt.datetime, outcome: str) -> dict[str, Any]:
    """What a give says beside the rest where its dose comes by letter: how much, and who was asked first while the next
    INR is overdue."""
    if outcome != "given" or not schedules.by_advice(order):
        return {}
    ask = letters.facts(order, due_at, by.zone)["ask"]
    said = {"advised": ASKED_FIRST} if ask else {}
    return {"amount": letters.amount_due(order, due_at, by.zone), "extra": said}


def _intent(by: Actor, dose: DueDose, told: Told) -> Intent:
    ticket = ""
    if told.outcome == "given":
        ready = Ticket(by.person_id, by.home_id, dose.key, dose.order.version_id, None, clock.now())
        ticket = tickets.issue(ready)
    return Intent(
        key=dose.key,
        entry_id=entry_id(dose.key),
        version_id=dose.order.version_id,
        outcome=told.outcome,
        reason=told.reason,
        note=told.note,
        ticket=ticket,
        given_by=told.given_by,
        **({"extra": dict(told.extra)} | by_letter(by, dose.order, dose.times.due_at, told.outcome)),
    )


def identify(by: Actor, resident_id: int, told: Told) -> None:
    """One opening a visit, by the label of the place told if it still opens, else by one that does."""
    opening = openings.identified(by, resident_id)
    if opening is not None and opening.at is not None and clock.now() - opening.at < ONE_VISIT:
        return
    live = {label.place: label.id for label in labels_of([resident_id], live=True)}
    label_id = live.get(told.label) or live.get("person") or live.get("door") if told.label else None
    if label_id is not None:
        mar.scan(by=by, resident_id=resident_id, label_id=label_id, how="scanner")
    else:
        mar.open_without_scan(by=by, resident_id=resident_id, reason=told.no_scan or "label_missing")


def report(floor: Floor, dose: DueDose, likely: str) -> bool:
    """Report a dose that was given and not recorded, by whoever might have given it then: somebody still on shift."""
    given_at, here = dose.times.due_at + dt.timedelta(minutes=REPORTED_GIVEN), floor.on_shift(clock.now())
    by = min(givers(floor, dose, given_at, likely), key=lambda actor: actor.person_id not in here, default=None)
    card = residents.resident_of(by, dose.order.resident_id) if by is not None else None
    if card is None or not _was_in(dose) or mar_queries.entries_of_dose(dose.key):
        return False
    fact = GivenFact(
        entry_id=entry_id(dose.key),
        line_id=dose.order.line_id,
        due_at=dose.times.due_at,
        given_at=given_at,
        administered_by=by.person_id,
        who_knew=WHO_KNEW,
        why=WHY,
    )
    mar.report_given(by=by, resident_id=card.id, fact=fact)
    return True
