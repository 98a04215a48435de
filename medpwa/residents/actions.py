"""The verbs of residents: details, allergies, whereabouts, photo."""

from __future__ import annotations

import datetime as dt

from medpwa import clock, permits
from medpwa.action import Done, action
from medpwa.errors import Invalid, Refused
from medpwa.permits import Actor
from medpwa.residents import deeds, details, queries
from medpwa.residents.details import AllergyItem, Move, ResidentDetails
from medpwa.residents.photos import Prepared
from medpwa.residents.queries import ResidentCard
from medpwa.residents.vocabulary import LONGEST_LINE

MANAGERS_LOOK_BACK = dt.timedelta(days=31)


@action("residents.add")
def add_resident(
    *,
    by: Actor,
    details: ResidentDetails,
    status: str,
    items: tuple[AllergyItem, ...] = (),
    state: str = "home",
    valid_from: dt.datetime | None = None,
    note: str = "",
    photo: Prepared | None = None,
) -> Done:
    """Somebody comes to live here: details, allergies, whereabouts and perhaps a photo, in one act. The value is the
    new Resident row."""
    wanted = _checked(by, details, None)
    move = Move(state, valid_from or clock.now(), None, note)
    _demand_none(allergy_and_stay_faults(status, items, move))
    row, said = deeds.add_resident(by, wanted, status=status, items=items, move=move, photo=photo)
    return Done(row, [said])


def allergy_and_stay_faults(status: str, items: tuple[AllergyItem, ...], move: Move) -> details.Faults:
    """What is wrong with the parts of a new record that are not details."""
    return details.allergy_faults(status, items) + details.stay_faults(move, clock.now())


@action("residents.change", about=queries.resident_of)
def change_resident(
    *,
    by: Actor,
    about: ResidentCard,
    resident_id: int,
    details: ResidentDetails,
    version_id: int,
    reason: str = "",
) -> Done:
    """Change a resident's details; what was there before stays in the history. `version_id` is the version the person
    saw: another one in force is a conflict (409). The value says which fields changed; none writes nothing."""
    if about.version_id != version_id:
        raise _stale(about, "details")
    wanted = _checked(by, details, about)
    fields = changed_fields(about, wanted)
    if not fields:
        return Done([], replay=True)
    if len(reason) > LONGEST_LINE:
        raise Invalid([("reason", f"The reason can have {LONGEST_LINE} characters at most. Shorten it.")])
    return Done(fields, [deeds.change_resident(by, resident_id, wanted, reason)])


def changed_fields(card: ResidentCard, wanted: ResidentDetails) -> list[str]:
    """Which fields a change would change, by name."""
    return details.changed(queries.details_of(card), wanted)


def _checked(by: Actor, wanted: ResidentDetails, about: ResidentCard | None) -> ResidentDetails:
    wanted = details.tidied(wanted)
    faults = details.details_faults(wanted, clock.local_day(clock.now(), by.zone), queries.units_of(by.home_id))
    _demand_none(faults or _number_taken(by, wanted.nhs_number, about))
    return wanted


def _number_taken(by: Actor, number: str, about: ResidentCard | None) -> details.Faults:
    """One NHS number is one person: a second record would split their allergies and their doses in two."""
    for other in queries.residents_at(by.home_id, include_left=True) if number else ():
        if other.nhs_number == number and (about is None or other.id != about.id):
            where = "They left; record on it that they came back." if other.has_left else "Check both numbers."
            return [("nhs_number", f"{other.name}'s record has this NHS number. {where}")]
    return []


def _demand_none(faults: details.Faults) -> None:
    if faults:
        raise Invalid(faults)


def _stale(about: ResidentCard, what: str) -> Refused:
    return Refused(
        "stale",
        f"Somebody else changed {about.called}'s {what} while you were typing. Nothing was saved yet. What you "
        "typed is kept below; compare it with what is recorded now and save again.",
        409,
        {"subject": deeds.subject(about.id)},
    )


@action("residents.settle_allergies", about=queries.resident_of)
def settle_allergies(
    *,
    by: Actor,
    about: ResidentCard,
    resident_id: int,
    status: str,
    items: tuple[AllergyItem, ...] = (),
    source: str = "",
    allergies_id: int | None = None,
) -> Done:
    """Say which allergies a resident has: a recorded list, none known, or not recorded. `allergies_id` is the statement
    the person saw, when there was a form: another one in force is a conflict (409). The value says whether anything
    changed; what is recorded already is not recorded again."""
    if allergies_id is not None and about.allergies_id != allergies_id:
        raise _stale(about, "allergies")
    faults = details.allergy_faults(status, items)
    if len(source) > LONGEST_LINE:
        faults.append(("source", f"The source can have {LONGEST_LINE} characters at most. Shorten it."))
    _demand_none(faults)
    if not source and (about.allergy_status, about.allergy_items) == (status, tuple(items)):
        return Done(False, replay=True)
    return Done(True, [deeds.settle_allergies(by, resident_id, status, items, source)])


@action("residents.move", about=queries.resident_of)
def move_resident(
    *,
    by: Actor,
    about: ResidentCard,
    resident_id: int,
    state: str,
    valid_from: dt.datetime | None = None,
    expected_back: dt.datetime | None = None,
    note: str = "",
    place: str = "",
    company: str = "",
) -> Done:
    """Record where a resident is from a moment on: now, or earlier with a note that says why. `place` and `company` say
    where they are and with whom. The same said again, as by a form sent twice, is the same."""
    now = clock.now()
    move = Move(state, valid_from or now, expected_back, note, place, company)
    line = queries.stays_of(by.home_id, resident_id)
    if move.said and any((s.state, s.valid_from, s.expected_back, s.note) == _as_stored(move) for s in line):
        return Done(None, replay=True)
    _demand_none(details.move_faults(move, line, now, _earliest(by, now)))
    row, said = deeds.move_resident(by, resident_id, move)
    return Done(row, [said])


def _as_stored(move: Move) -> tuple:
    return move.state, move.valid_from, move.expected_back, move.said


def _earliest(by: Actor, now: dt.datetime) -> dt.datetime:
    """Those who lead a shift may mend today and yesterday; managers a month."""
    if permits.manages(by, None):
        return now - MANAGERS_LOOK_BACK
    return clock.day_bounds(clock.local_day(now, by.zone) - dt.timedelta(days=1), by.zone)[0]


@action("residents.photo", about=queries.resident_of)
def set_photo(
    *, by: Actor, about: ResidentCard, resident_id: int, photo: Prepared, taken_on: dt.date | None = None
) -> Done:
    """Keep a new photo of a resident; earlier ones stay in the history."""
    today = clock.local_day(clock.now(), by.zone)
    taken_on = taken_on or today
    if taken_on > today:
        raise Invalid([("taken_on", "The photo cannot be taken in the future. Check the date.")])
    row, said = deeds.set_photo(by, resident_id, photo, taken_on)
    return Done(row, [said])
