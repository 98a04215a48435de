"""The home that is measured: sixty residents with fifteen orders, ten of them four times a day and five of the other
kinds (weekly, alternate days, stepped, when required), and the history of a home that has used the product for some
months. Everything is chained as the product chains it; `ledger verify` passes afterwards."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass, replace
from decimal import Decimal

from medpwa import clock, database, ledger
from medpwa.competency import actions as competency
from medpwa.config import Settings
from medpwa.ledger import Pending
from medpwa.mar import actions as mar
from medpwa.medicines import deeds as medicines
from medpwa.medicines.keying import OrderDetails
from medpwa.medicines.rules import Ingredient
from medpwa.medicines.vocabulary import ROUTE_SKILL
from medpwa.permits import Actor
from medpwa.residents import deeds as residents
from medpwa.residents.details import Move, ResidentDetails
from medpwa.staff import actions as staff
from medpwa.staff import founding, queries, sessions

SLUG = "bench"
TODAY = dt.date(2026, 11, 16)  # the day that is measured; history ends the night before
ROUNDS = (("Morning", "08:00"), ("Lunch", "12:30"), ("Teatime", "17:00"), ("Night", "21:00"))
TIMES = tuple(starts for _, starts in ROUNDS)
RESIDENTS, ORDERS, CARERS = 60, 10, 20
UNITS = ("Ground floor", "First floor", "Second floor")

# medicine, strength, form, unit, route, site: nothing here is advice, only lines of a usual length
_LINES = (
    ("paracetamol", "500 mg", "tablet", "tablet", "mouth", ""),
    ("amlodipine", "5 mg", "tablet", "tablet", "mouth", ""),
    ("omeprazole", "20 mg", "capsule", "capsule", "mouth", ""),
    ("lactulose", "3.35 g/5 mL", "oral solution", "mL", "mouth", ""),
    ("salbutamol", "100 micrograms", "dry powder inhaler", "puff", "inhaled", ""),
    ("hypromellose", "0.3 %", "eye drops", "drop", "eye", "both eyes"),
    ("furosemide", "40 mg", "tablet", "tablet", "mouth", ""),
    ("metformin", "500 mg", "tablet", "tablet", "mouth", ""),
    ("senna", "7.5 mg", "tablet", "tablet", "mouth", ""),
    ("emollient", "", "cream", "application", "skin", "both legs"),
)
# Five more a resident, of the other kinds: on the chart from the measured day on, due in the morning or when needed.
_PARACETAMOL = Ingredient("paracetamol", Decimal(500), Decimal(4000))
_MORE: tuple[dict, ...] = (
    dict(medicine="methotrexate", strength="2.5 mg", schedule={"kind": "weekdays", "days": [TODAY.weekday()]},
         guard_days=6, high_risk=True, dose_amount=Decimal(4)),
    dict(medicine="alendronic acid", strength="70 mg",
         schedule={"kind": "weekdays", "days": [(TODAY.weekday() + 2) % 7]}),
    dict(medicine="prednisolone", strength="5 mg", dose_amount=Decimal(6), schedule={"kind": "stepped", "steps": [
        {"days": 7, "amount": "6", "times": ["08:00"]}, {"days": None, "amount": "4", "times": ["08:00"]}]}),
    dict(medicine="digoxin", strength="62.5 micrograms",
         schedule={"kind": "every_n_days", "n": 2, "anchor": TODAY.isoformat()}),
    dict(medicine="co-codamol", strength="8/500", kind="prn", times=(), dose_amount=Decimal(1), dose_most=Decimal(2),
         dose_choice="One for mild pain, two for worse", indication="pain", min_interval=240, most_24h=Decimal(8),
         ingredients=(_PARACETAMOL,), protocol={"condition": "Pain", "signs": "Rubs her knees", "can_ask": True,
         "reasons": ["Pain"], "choice": "One for mild pain, two for worse", "effect_after": 60,
         "prescriber_when": "If two doses in a row do not help"}),
)  # fmt: skip
MORE = len(_MORE)
_GIVEN = ("Ada", "Bertram", "Clarice", "Desmond", "Edith", "Frank", "Gwendolyn", "Horace", "Irene", "Jocelyn")
# Sixty family names that nobody takes for one another, so that no card carries a warning of similar names.
_STEMS = ("Ash", "Bram", "Cor", "Dun", "El", "Fair", "Green", "Hart", "Ing", "King")
_ENDINGS = ("ley", "combe", "worth", "field", "stead", "bury")


@dataclass(frozen=True)
class Bed:
    """One resident and their order lines, as the loader and the requests need them."""

    resident_id: int
    label_id: int
    lines: tuple[tuple[int, int], ...]  # (order line, order version)


@dataclass(frozen=True)
class Carer:
    """One session of one carer, who has one resident before them."""

    person_id: int
    session_id: int
    token: str
    csrf: str
    bed: Bed


def round_starts(turn: int) -> dt.datetime:
    """When a round falls due: the measured day's, and from the fifth on those of the days after it."""
    days, number = divmod(turn, len(TIMES))
    return clock.at_local(TODAY + dt.timedelta(days=days), dt.time.fromisoformat(TIMES[number]))


def round_at(turn: int) -> dt.datetime:
    """Five minutes into a round: everything of it is due, nothing is late."""
    return round_starts(turn) + dt.timedelta(minutes=5)


def build(days: int, settings: Settings) -> tuple[Actor, list[Bed], list[int]]:
    """Found the home in the open, empty database, as of before its history. Answers its system, beds and carers."""
    began = clock.at_local(TODAY - dt.timedelta(days=days + 1), dt.time(9))
    with clock.standing(began):
        provider = founding.found_provider("Bench Care")
        home = founding.found_home(provider, "Bench House", SLUG, list(UNITS))
        system = queries.system(home)
        for name, starts in ROUNDS:
            mar.set_round(by=system, name=name, starts=starts)
        carers = [_carer(system, n) for n in range(CARERS)]
        beds: list[Bed] = []
        lines: list[Pending] = []
        with database.writing(system.chain_id):
            for number in range(RESIDENTS):
                bed, said = _bed(system, number, began, settings)
                beds.append(bed)
                lines += said
            ledger.append(system.chain_id, system, lines)
    return system, beds, carers


def _skills() -> list[str]:
    return sorted({ROUTE_SKILL[route] for *_, route, _ in _LINES})


def _carer(system: Actor, number: int) -> int:
    row = staff.add_person(
        by=system,
        username=f"carer{number}",
        given_name=_GIVEN[number % 10],
        family_name=f"Carer-{number}",
        role="carer",
        password_hash="not used: sessions are begun by the bench",
    )
    began = clock.now()
    until = began + dt.timedelta(days=3 * 365)  # as long as may be, and longer than any history here
    for skill in _skills():
        competency.grant(by=system, person_id=row.id, skill=skill, valid_from=began, valid_until=until, reason="Bench")
    return row.id


def _bed(system: Actor, number: int, began: dt.datetime, settings: Settings) -> tuple[Bed, list[Pending]]:
    details = ResidentDetails(
        given_name=_GIVEN[number % 10],
        family_name=_STEMS[number % 10] + _ENDINGS[number // 10],
        born=dt.date(1936, 1 + number % 12, 1 + number % 28),
        room=str(number + 1),
        unit=UNITS[number * len(UNITS) // RESIDENTS],
        gp="Dr A. Banerjee",
    )
    row, said = residents.add_resident(
        system, details, status="none", items=(), move=Move("home", began - dt.timedelta(days=1), None, "")
    )
    label, printed = residents.make_label(system, row.id, "person", settings)
    lines, made = [said, printed], []
    for spec in _LINES[:ORDERS]:
        version, told = medicines.add_order(
            system, row.id, _order(spec, began), hand_keyed=False, verb="orders.import", valid_from=began
        )
        made.append((version.line_id, version.id))
        lines.append(told)
    for changes in _MORE:
        more = replace(_order(_LINES[1], began), **{"times": TIMES[:1], "starts_on": TODAY} | changes)
        told = medicines.add_order(system, row.id, more, hand_keyed=False, verb="orders.import", valid_from=began)[1]
        lines.append(told)
    return Bed(row.id, label.id, tuple(made)), lines


def _order(spec: tuple[str, ...], began: dt.datetime) -> OrderDetails:
    medicine, strength, form, unit, route, site = spec
    return OrderDetails(
        medicine=medicine,
        strength=strength,
        form=form,
        dose_amount=Decimal(1),
        dose_unit=unit,
        route=route,
        site=site,
        times=TIMES,
        starts_on=began.date(),
        required_skills=(ROUTE_SKILL[route],),
        indication="as prescribed",
        prescriber="Dr A. Banerjee",
        source="GP prescription",
    )


# ---------------------------------------------------------------- carers at the bedside


def sign_in(beds: list[Bed], carers: list[int]) -> list[Carer]:
    """A session for every resident, whose code it has just scanned: by the real actions, at the clock that stands."""
    return [_at_bedside(bed, carers[number % len(carers)]) for number, bed in enumerate(beds)]


def _at_bedside(bed: Bed, person_id: int) -> Carer:
    token, csrf = secrets.token_urlsafe(32), secrets.token_hex(16)
    row = staff.start_session(
        by=queries.actor(person_id, SLUG),
        token_hash=sessions.hashed(token),
        csrf=csrf,
        user_agent="bench",
        data={"_user_id": str(person_id), "_fresh": True},
    )
    who = queries.actor(person_id, SLUG, row.id)
    mar.scan(by=who, resident_id=bed.resident_id, label_id=bed.label_id, how="scanner")
    return Carer(person_id, row.id, token, csrf, bed)
