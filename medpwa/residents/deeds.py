"""The only writers of the residents' tables; they run inside an open transaction and return their ledger lines."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import asdict

from medpwa import clock
from medpwa.config import Settings
from medpwa.ledger import Pending, line
from medpwa.permits import Actor
from medpwa.residents import codes
from medpwa.residents.details import AllergyItem, Move, ResidentDetails
from medpwa.residents.labels import token_hash
from medpwa.residents.models import Allergies, Label, LabelEnd, Photo, Resident, ResidentVersion, Whereabouts
from medpwa.residents.photos import Prepared


def subject(resident_id: int) -> str:
    """Whose history a line about a resident joins."""
    return f"resident:{resident_id}"


def add_resident(
    by: Actor,
    details: ResidentDetails,
    *,
    status: str,
    items: Iterable[AllergyItem],
    move: Move,
    photo: Prepared | None = None,
) -> tuple[Resident, Pending]:
    """A new resident with first details, allergy statement, whereabouts and perhaps a photo: one line for all."""
    person = Resident.create(home=by.home_id, at=clock.now(), by=by.person_id)
    rows = [person, _version(by, person.id, details, ""), _statement(by, person.id, status, items, "")]
    rows.append(_stay(by, person.id, move))
    if photo is not None:
        rows.append(_photo(by, person.id, photo, clock.local_day(clock.now(), by.zone)))
    return person, line("residents.add", subject(person.id), *rows)


def change_resident(by: Actor, resident_id: int, details: ResidentDetails, reason: str) -> Pending:
    """The next version of a resident's details."""
    return line("residents.change", subject(resident_id), _version(by, resident_id, details, reason))


def settle_allergies(by: Actor, resident_id: int, status: str, items: Iterable[AllergyItem], source: str) -> Pending:
    """The next allergy statement, whole."""
    return line("residents.settle_allergies", subject(resident_id), _statement(by, resident_id, status, items, source))


def move_resident(by: Actor, resident_id: int, move: Move) -> tuple[Whereabouts, Pending]:
    """Where a resident is from a moment on."""
    row = _stay(by, resident_id, move)
    return row, line("residents.move", subject(resident_id), row)


def set_photo(by: Actor, resident_id: int, photo: Prepared, taken_on: dt.date) -> tuple[Photo, Pending]:
    """The next photo."""
    row = _photo(by, resident_id, photo, taken_on)
    return row, line("residents.photo", subject(resident_id), row)


def make_label(
    by: Actor, resident_id: int, place: str, settings: Settings | None, verb: str = "labels.make"
) -> tuple[Label, Pending]:
    """A new label. Its token is never stored, only the SHA-256 of it."""
    label = Label(resident=resident_id, uid=uuid.uuid4().hex, version=1, place=place, at=clock.now(), by=by.person_id)
    label.token_hash = token_hash(codes.label_token(label, settings))
    label.short_code = _free_short_code()
    label.save(force_insert=True)
    return label, line(verb, subject(resident_id), label)


def end_labels(by: Actor, resident_id: int, label_ids: Iterable[int], reason: str, verb: str) -> Pending:
    """Labels end: their codes open nothing from now on."""
    at = clock.now()
    rows = [LabelEnd.create(label=lid, reason=reason, at=at, by=by.person_id) for lid in label_ids]
    return line(verb, subject(resident_id), *rows)


def _free_short_code() -> str:
    while True:  # 148 million codes: a second turn is rare, a third unheard of
        code = codes.new_short_code()
        if not Label.select(Label.id).where(Label.short_code == code).exists():
            return code


def _version(by: Actor, resident_id: int, details: ResidentDetails, reason: str) -> ResidentVersion:
    at = clock.now()
    return ResidentVersion.create(
        resident=resident_id, valid_from=at, at=at, by=by.person_id, reason=reason, **asdict(details)
    )


def _statement(by: Actor, resident_id: int, status: str, items: Iterable[AllergyItem], source: str) -> Allergies:
    at = clock.now()
    plain = [asdict(item) for item in items]
    return Allergies.create(
        resident=resident_id, valid_from=at, status=status, items=plain, source=source, at=at, by=by.person_id
    )


def _stay(by: Actor, resident_id: int, move: Move) -> Whereabouts:
    return Whereabouts.create(
        resident=resident_id,
        state=move.state,
        valid_from=move.valid_from,
        expected_back=move.expected_back,
        note=move.said,
        at=clock.now(),
        by=by.person_id,
    )


def _photo(by: Actor, resident_id: int, photo: Prepared, taken_on: dt.date) -> Photo:
    return Photo.create(
        resident=resident_id,
        taken_on=taken_on,
        small=photo.small,
        large=photo.large,
        at=clock.now(),
        by=by.person_id,
    )
