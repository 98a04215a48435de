"""Read-only answers about residents, as cards of words and addresses.

A home's rows are read once and kept until a newer row of that home exists; the time asked about is applied to them by
pure rules. The ids of one home grow in the order of its commits (every writer holds the home's chain), so the highest
ids of its rows are a safe stamp on both engines.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal

from medpwa import clock
from medpwa.errors import NotFound
from medpwa.permits import Actor
from medpwa.remember import home_stamp, once_a_look, remembered
from medpwa.residents import rules
from medpwa.residents.details import AllergyItem, ResidentDetails
from medpwa.residents.labels import (  # noqa: F401 offered here too: this is where other packages look
    LabelFound,
    label_by_short_code,
    label_by_token,
    label_has_ended,
)
from medpwa.residents.models import Allergies, Photo, Resident, ResidentVersion, Whereabouts
from medpwa.residents.vocabulary import ALLERGY_STATUS, FLUID_LEVELS, FOOD_LEVELS, LEFT, WHEREABOUTS
from medpwa.staff.models import Home


@dataclass(frozen=True)
class ResidentCard:
    """A resident at one moment, ready to be shown."""

    id: int
    home_id: int
    home_slug: str
    given_name: str
    family_name: str
    preferred_name: str
    born: dt.date
    born_words: str
    nhs_number: str
    nhs_words: str
    room: str
    room_words: str
    unit: str
    gp: str
    likes: str
    fluid_level: int | None
    fluid_words: str
    food_level: int | None
    food_words: str
    weight_kg: Decimal | None
    alert: str
    allergy_status: str
    allergy_items: tuple[AllergyItem, ...]
    allergies_since: dt.datetime | None
    photo_id: int | None
    whereabouts: str
    whereabouts_words: str
    whereabouts_since: dt.datetime
    whereabouts_note: str
    expected_back: dt.datetime | None
    version_id: int
    allergies_id: int | None
    similar: tuple[str, ...] = ()
    whereabouts_keyed: dt.datetime | None = None  # when somebody said so

    @property
    def name(self) -> str:
        """Given and family name."""
        return f"{self.given_name} {self.family_name}"

    @property
    def called(self) -> str:
        """What people here call them."""
        return self.preferred_name or self.given_name

    @property
    def allergy_severe(self) -> bool:
        """Whether any recorded reaction was life-threatening."""
        return any(item.severe for item in self.allergy_items)

    @property
    def allergy_words(self) -> str:
        """The whole statement in words; never empty."""
        if self.allergy_status != "recorded":
            return ALLERGY_STATUS[self.allergy_status]
        return "; ".join(item.words for item in self.allergy_items)

    @property
    def has_left(self) -> bool:
        """Whether they no longer live here."""
        return self.whereabouts in LEFT

    @property
    def url(self) -> str:
        """Their record."""
        return f"/h/{self.home_slug}/residents/{self.id}"

    @property
    def photo_url(self) -> str | None:
        """The 64 px photo; the address holds the photo's id, so it always shows one and the same picture."""
        return None if self.photo_id is None else f"{self.url}/photo/small/{self.photo_id}.webp"

    @property
    def photo_large_url(self) -> str | None:
        """The 320 px photo."""
        return None if self.photo_id is None else f"{self.url}/photo/large/{self.photo_id}.webp"


# ---------------------------------------------------------------- facts of a home, kept


@dataclass(frozen=True)
class _Details:
    id: int
    valid_from: dt.datetime
    row: ResidentVersion


@dataclass(frozen=True)
class _Statement:
    id: int
    valid_from: dt.datetime
    status: str
    items: tuple[AllergyItem, ...]


@dataclass(frozen=True)
class _Facts:
    """Everything stored about one resident, without the pictures."""

    id: int
    details: tuple[_Details, ...]
    statements: tuple[_Statement, ...]
    photos: tuple[tuple[dt.datetime, int], ...]
    line: tuple[rules.Stay, ...]


@dataclass(frozen=True)
class _House:
    """A home with the facts of its residents and the last moment at which any of them changes."""

    id: int
    slug: str
    zone: str
    residents: dict[int, _Facts]
    settled: dt.datetime


_FACTS = ("resident_version", "allergies", "photo", "whereabouts")
_OF_HOME = "(SELECT max(x.id) FROM resident r JOIN {} x ON x.resident_id = r.id WHERE r.home_id = ?)"
_STAMP = "SELECT (SELECT max(id) FROM resident WHERE home_id = ?), " + ", ".join(map(_OF_HOME.format, _FACTS))


@once_a_look("resident", *_FACTS)
def _house(home_id: int) -> tuple[tuple, _House]:
    mark = home_stamp(("resident", *_FACTS), _STAMP, *[home_id] * 5)
    return mark, remembered("residents", home_id, mark, lambda: _read(home_id))


def _read(home_id: int) -> _House:
    home = Home.get_by_id(home_id)
    ids = [rid for (rid,) in Resident.select(Resident.id).where(Resident.home == home_id).tuples()]
    mine = Resident.select(Resident.id).where(Resident.home == home_id)
    details, statements, photos, stays = ({rid: [] for rid in ids} for _ in range(4))
    for row in ResidentVersion.select().where(ResidentVersion.resident.in_(mine)):
        details[row.resident_id].append(_Details(row.id, row.valid_from, row))
    for row in Allergies.select().where(Allergies.resident.in_(mine)):
        items = tuple(AllergyItem(**item) for item in row.items)
        statements[row.resident_id].append(_Statement(row.id, row.valid_from, row.status, items))
    for rid, at, pid in Photo.select(Photo.resident, Photo.at, Photo.id).where(Photo.resident.in_(mine)).tuples():
        photos[rid].append((at, pid))
    for row in Whereabouts.select().where(Whereabouts.resident.in_(mine)):
        stay = rules.Stay(row.id, row.valid_from, row.state, row.expected_back, row.note, row.at)
        stays[row.resident_id].append(stay)
    found = {
        rid: _Facts(
            rid, tuple(details[rid]), tuple(statements[rid]), tuple(sorted(photos[rid])), rules.spans(stays[rid])
        )
        for rid in ids
    }
    return _House(home_id, home.slug, home.zone, found, _settled(found))


def _settled(residents: dict[int, _Facts]) -> dt.datetime:
    """From here on nothing changes by the clock alone."""
    moments = [clock.EPOCH]
    for facts in residents.values():
        moments += [x.valid_from for x in (*facts.details, *facts.statements, *facts.line)]
        moments += [at for at, _ in facts.photos]
    return max(moments)


# ---------------------------------------------------------------- cards


def residents_at(home_id: int, at: dt.datetime | None = None, *, include_left: bool = False) -> list[ResidentCard]:
    """Everybody who lives in a home at a moment (now), by room and name; also those who left when asked for. People
    who had not come yet are never among them. One query when nothing changed since it was last asked."""
    return [card for card in _cards(home_id, at or clock.now()) if include_left or not card.has_left]


def resident_card(home_id: int, resident_id: int, at: dt.datetime | None = None) -> ResidentCard | None:
    """One resident of a home at a moment (now), living there or not; None when not known in this home."""
    return next((card for card in _cards(home_id, at or clock.now()) if card.id == resident_id), None)


def resident_of(by: Actor, resident_id: int, **_: object) -> ResidentCard:
    """The loader of pages and actions: a resident of the actor's home as they are now, else NotFound."""
    found = resident_card(by.home_id, resident_id) if by.home_id is not None else None
    if found is None:
        raise NotFound()
    return found


def name_then(home_id: int, resident_id: int, at: dt.datetime) -> str:
    """What a resident of the home was called at a moment; their first name on record before that, empty for somebody
    not known here."""
    facts = _house(home_id)[1].residents.get(resident_id)
    if facts is None or not facts.details:
        return ""
    details = rules.in_force(facts.details, at) or min(facts.details, key=lambda d: (d.valid_from, d.id))
    return f"{details.row.given_name} {details.row.family_name}"


def whereabouts_spans(home_id: int) -> dict[int, tuple[tuple[dt.datetime, str], ...]]:
    """For every resident of a home, living there or not: from when they were where, in order of time; neighbours
    differ."""
    mark, house = _house(home_id)
    kept = remembered(
        "whereabouts",
        home_id,
        mark,
        lambda: {rid: tuple((s.valid_from, s.state) for s in facts.line) for rid, facts in house.residents.items()},
    )
    return dict(kept)  # what is kept stays as it is, whatever the caller does with it


def stays_of_home(home_id: int) -> Mapping[int, tuple[rules.Stay, ...]]:
    """The whereabouts of everybody who ever lived in a home, each as an unbroken line. The very same mapping while
    nothing was added: do not change it."""
    mark, house = _house(home_id)
    return remembered("stays", home_id, mark, lambda: {rid: facts.line for rid, facts in house.residents.items()})


def stays_of(home_id: int, resident_id: int) -> tuple[rules.Stay, ...]:
    """One resident's whereabouts as an unbroken line."""
    return _house(home_id)[1].residents[resident_id].line


def details_of(card: ResidentCard) -> ResidentDetails:
    """The details of a card as they are stored, for a form or a comparison."""
    return ResidentDetails(**{f.name: getattr(card, f.name) for f in fields(ResidentDetails)})


def units_of(home_id: int) -> list[str]:
    """The home's units, in its own order."""
    return Home.get_by_id(home_id).units


def photo_file(resident_id: int, photo_id: int, size: str) -> bytes:
    """The WebP bytes of one of a resident's photos, `small` or `large`; NotFound for anybody else's."""
    wanted = Photo.small if size == "small" else Photo.large
    row = Photo.select(wanted).where((Photo.id == photo_id) & (Photo.resident == resident_id)).tuples().first()
    if row is None:
        raise NotFound()
    return bytes(row[0])


def _cards(home_id: int, at: dt.datetime) -> tuple[ResidentCard, ...]:
    mark, house = _house(home_id)
    if at < house.settled:
        return _assembled(house, at)
    # Past the last change only the wording of days depends on the time ("yesterday 21:08").
    day = clock.local_day(at, house.zone)
    return remembered("resident cards", home_id, (mark, day), lambda: _assembled(house, at))


def _assembled(house: _House, at: dt.datetime) -> tuple[ResidentCard, ...]:
    cards = [c for facts in house.residents.values() if (c := _card(house, facts, at)) is not None]
    cards.sort(key=lambda c: (rules.room_order(c.room), c.family_name.casefold(), c.given_name.casefold(), c.id))
    here = [c for c in cards if not c.has_left]
    return tuple(_with_similar(card, here) for card in cards)


def _with_similar(card: ResidentCard, here: list[ResidentCard]) -> ResidentCard:
    mine = rules.Name(card.given_name, card.family_name)
    names = tuple(
        o.name for o in here if o.id != card.id and rules.similar(mine, rules.Name(o.given_name, o.family_name))
    )
    return replace(card, similar=names) if names and not card.has_left else card


def _card(house: _House, facts: _Facts, at: dt.datetime) -> ResidentCard | None:
    stay = rules.whereabouts_at(facts.line, at)
    if stay is None or not facts.details:
        return None
    # Somebody may have come before their record was begun: then the first version speaks for that time too.
    details = rules.in_force(facts.details, at) or min(facts.details, key=lambda d: (d.valid_from, d.id))
    said = rules.in_force(facts.statements, at)
    photos = [pid for taken, pid in facts.photos if taken <= at]
    v = details.row
    return ResidentCard(
        id=facts.id,
        home_id=house.id,
        home_slug=house.slug,
        given_name=v.given_name,
        family_name=v.family_name,
        preferred_name=v.preferred_name,
        born=v.born,
        born_words=f"Born {clock.date_words(v.born)}",
        nhs_number=v.nhs_number,
        nhs_words=rules.nhs_words(v.nhs_number),
        room=v.room,
        room_words=rules.room_words(v.room),
        unit=v.unit,
        gp=v.gp,
        likes=v.likes,
        fluid_level=v.fluid_level,
        fluid_words=FLUID_LEVELS.get(v.fluid_level, ""),
        food_level=v.food_level,
        food_words=FOOD_LEVELS.get(v.food_level, ""),
        weight_kg=v.weight_kg,
        alert=v.alert,
        allergy_status=said.status if said else "not_recorded",
        allergy_items=said.items if said else (),
        allergies_since=said.valid_from if said else None,
        photo_id=photos[-1] if photos else None,
        whereabouts=stay.state,
        whereabouts_words=_whereabouts_words(stay, house.zone, at),
        whereabouts_since=stay.valid_from,
        whereabouts_note=stay.note,
        expected_back=stay.expected_back,
        version_id=details.id,
        allergies_id=said.id if said else None,
        whereabouts_keyed=stay.at,
    )


def _whereabouts_words(stay: rules.Stay, zone: str, at: dt.datetime) -> str:
    word = WHEREABOUTS[stay.state]
    if stay.state == "home":
        return word
    if stay.state in LEFT:
        return f"{word} on {clock.date_words(clock.local_day(stay.valid_from, zone))}"
    return f"{word} since {clock.moment_words(stay.valid_from, zone, seen_from=at)}"
