"""Reading what people type about residents. Every value ends up as what it means, or as a sentence beside its field."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable

from flask import request

from medpwa import clock
from medpwa.errors import Invalid
from medpwa.pages import once
from medpwa.residents import details, photos, rules
from medpwa.residents.details import AllergyItem, Faults, Move, ResidentDetails
from medpwa.residents.photos import Prepared
from medpwa.residents.queries import ResidentCard
from medpwa.residents.vocabulary import LABEL_END_REASONS, MOST_ALLERGIES

LEAST_ROWS = 6  # allergy rows there are without JavaScript
_OPTIONAL = ("preferred_name", "nhs_number", "room", "unit", "gp", "likes", "alert")
DETAIL_FIELDS = ("given_name", "family_name", "born", *_OPTIONAL, "fluid_level", "food_level", "weight_kg")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[\s/.-]+(\d{1,2}|[a-z]{3,9})[\s/.,-]+(\d{4})", re.ASCII | re.IGNORECASE)
_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)(:[0-5]\d)?", re.ASCII)


# ---------------------------------------------------------------- days and times


def day_of(typed: str) -> dt.date | None:
    """A date typed as 22 5 1936, 22/05/1936, 22 May 1936 or 1936-05-22; None when there is no such day."""
    typed = unicodedata.normalize("NFKC", typed[:40]).strip()
    if found := _ISO.fullmatch(typed):
        year, month, day = found.groups()
    elif found := _DAY_FIRST.fullmatch(typed):
        day, month, year = found.groups()
    else:
        return None
    if not month.isdigit():
        month = _MONTHS.index(month[:3].lower()) + 1 if month[:3].lower() in _MONTHS else 0
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def time_of(typed: str) -> dt.time | None:
    """A clock time typed as 08:04 or 8.04; None for anything else."""
    found = _TIME.fullmatch(unicodedata.normalize("NFKC", typed[:20]).strip())
    return dt.time(int(found.group(1)), int(found.group(2))) if found else None


def moment(day_field: str, time_field: str, zone: str, faults: Faults) -> dt.datetime | None:
    """The instant of two fields, a day and a clock time in the home; faults are added for what cannot be read."""
    day, time = day_of(once(day_field)), time_of(once(time_field))
    if day is None:
        faults.append((day_field, "There is no such day. Choose it again, e.g. 16/11/2026."))
    if time is None:
        faults.append((time_field, "Type the time as hours and minutes, e.g. 08:30."))
    if day is None or time is None:
        return None
    if not 1900 <= day.year <= 2200:
        faults.append((day_field, "Check the year."))
        return None
    return clock.at_local(day, time, zone)


def in_the_form(at: dt.datetime, zone: str) -> tuple[str, str]:
    """Day and time as the two fields hold them."""
    there = clock.local(at, zone)
    return there.date().isoformat(), there.strftime("%H:%M")


# ---------------------------------------------------------------- details


def typed_details() -> dict[str, str]:
    """The details form as typed, to be shown again."""
    return {name: once(name) for name in DETAIL_FIELDS}


def details_values(card: ResidentCard) -> dict[str, str]:
    """The details form as it stands for a stored resident."""
    values = {name: getattr(card, name) for name in DETAIL_FIELDS}
    born = card.born
    values["born"] = f"{born.day} {born.strftime('%B')} {born.year}"
    values["nhs_number"] = card.nhs_words.replace("\u00a0", " ")
    return {name: "" if value is None else str(value) for name, value in values.items()}


def read_details(typed: dict[str, str], today: dt.date, units: list[str]) -> ResidentDetails:
    """The details somebody typed. Raises Invalid with a sentence for every field that cannot stand."""
    faults: Faults = []
    born = day_of(typed["born"])
    if born is None:
        faults.append(("born", details.BORN_WORDS))
    weight = details.weight_of(typed["weight_kg"]) if typed["weight_kg"] else None
    if typed["weight_kg"] and weight is None:
        faults.append(("weight_kg", details.WEIGHT_WORDS))
    wanted = details.tidied(
        ResidentDetails(
            given_name=typed["given_name"],
            family_name=typed["family_name"],
            born=born or today,
            weight_kg=weight,
            fluid_level=_level("fluid_level", typed, faults),
            food_level=_level("food_level", typed, faults),
            **{name: typed[name] for name in _OPTIONAL},
        )
    )
    faults += [f for f in details.details_faults(wanted, today, units) if f[0] not in {name for name, _ in faults}]
    if faults:
        raise Invalid(in_form_order(faults))
    return wanted


def _level(name: str, typed: dict[str, str], faults: Faults) -> int | None:
    text = typed[name]
    if not text:
        return None
    if re.fullmatch(r"[0-7]", text, re.ASCII):
        return int(text)
    faults.append((name, "Choose a level from the list."))
    return None


def in_form_order(faults: Faults) -> Faults:
    """Faults as they come down the page."""
    order = {name: n for n, name in enumerate(details.FIELD_WORDS)}
    return sorted(faults, key=lambda f: order.get(f[0], 99))


# ---------------------------------------------------------------- allergies


class AllergyForm:
    """The allergy part of a form as typed or as stored: a status and rows of substance, reaction and a tick."""

    def __init__(self, status: str = "", items: Iterable[AllergyItem] = (), source: str = "") -> None:
        self.status, self.source = status, source
        self.rows = list(items)

    @classmethod
    def typed(cls) -> AllergyForm:
        """As the form was sent."""
        rows = [
            AllergyItem(once(f"substance_{n}"), once(f"reaction_{n}"), bool(once(f"severe_{n}")))
            for n in range(1, MOST_ALLERGIES + 1)
        ]
        while rows and rows[-1] == AllergyItem(""):
            rows.pop()
        return cls(once("allergy_status"), rows, once("source"))

    @property
    def shown(self) -> list[AllergyItem]:
        """The rows of the form: what is there, two free ones, six at least."""
        wanted = min(MOST_ALLERGIES, max(LEAST_ROWS, len(self.rows) + 2))
        return self.rows + [AllergyItem("")] * (wanted - len(self.rows))

    @property
    def open_rows(self) -> int:
        """How many rows stand open; the others wait one tap away."""
        return max(2, len(self.rows) + 1)

    @property
    def items(self) -> tuple[AllergyItem, ...]:
        """What is meant: rows with something in them."""
        return tuple(row for row in self.rows if row != AllergyItem(""))

    def faults(self) -> Faults:
        """What is wrong with it, pointing at the rows as they were typed."""
        places = [n for n, row in enumerate(self.rows, 1) if row != AllergyItem("")]
        return [(_at_row(name, places), words) for name, words in details.allergy_faults(self.status, self.items)]


def _at_row(name: str, places: list[int]) -> str:
    word, _, number = name.rpartition("_")
    return f"{word}_{places[int(number) - 1]}" if number.isdigit() and places else name


# ---------------------------------------------------------------- whereabouts, photo, labels


def read_move(zone: str, now: dt.datetime) -> Move:
    """The whereabouts somebody typed. Raises Invalid for a day or time that cannot be read."""
    faults: Faults = []
    since = moment("day", "time", zone, faults)
    back = moment("back_day", "back_time", zone, faults) if once("back_day") or once("back_time") else None
    move = Move(once("state"), since or now, back, once("note"), once("place"), once("company"))
    faults += [f for f in details.stay_faults(move, now) if f[0] not in ("at", "back") or since is not None]
    if faults:
        raise Invalid(pointed(faults))
    return move


def pointed(faults: Faults) -> Faults:
    """Faults of a whereabouts row, at the ids of the form's fields."""
    return [({"at": "day", "back": "back_day"}.get(name, name), words) for name, words in faults]


def uploaded_photo(field: str = "photo", *, needed: bool = False) -> Prepared | None:
    """The photo that came with the form, made ready; None when none did. Raises Invalid when it cannot be used."""
    file = request.files.get(field)
    data = file.stream.read(rules.LARGEST_PHOTO + 1) if file is not None and file.filename else b""
    if data:
        return photos.prepare(data, field)
    if needed:
        raise Invalid([(field, "Choose a photo first.")])
    return None


def end_reason() -> str:
    """Why a label is revoked, in words: one of the list, or what was typed beside it."""
    chosen = once("reason")
    return once("other_reason") or LABEL_END_REASONS.get(chosen, "")
