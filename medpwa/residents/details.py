"""What may be written about a resident: details, allergies, whereabouts. Pure: values in, (field, sentence) pairs out.

Forms and actions ask the same questions here, so nothing gets in by another way than it is typed.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from decimal import Decimal

from medpwa.residents import rules
from medpwa.residents.vocabulary import (
    ALLERGY_STATUS,
    FLUID_LEVELS,
    FOOD_LEVELS,
    LEFT,
    LONGEST_LINE,
    LONGEST_NAME,
    LONGEST_NOTE,
    MOST_ALLERGIES,
    WHEREABOUTS,
)

Faults = list[tuple[str, str]]
OLDEST_YEARS = 120
LIGHTEST_KG, HEAVIEST_KG = Decimal(10), Decimal(400)
PROMPT = dt.timedelta(minutes=15)  # an earlier whereabouts change than this says why it is recorded late


@dataclass(frozen=True)
class ResidentDetails:
    """Everything about a resident that is neither allergy, photo nor whereabouts."""

    given_name: str
    family_name: str
    born: dt.date
    preferred_name: str = ""
    nhs_number: str = ""
    room: str = ""
    unit: str = ""
    gp: str = ""
    likes: str = ""
    fluid_level: int | None = None
    food_level: int | None = None
    weight_kg: Decimal | None = None
    alert: str = ""


@dataclass(frozen=True)
class AllergyItem:
    """One substance, what it did, and whether that was life-threatening."""

    substance: str
    reaction: str = ""
    severe: bool = False

    @property
    def words(self) -> str:
        """`penicillin: anaphylaxis in 1998`."""
        return f"{self.substance}: {self.reaction}" if self.reaction else self.substance


# ---------------------------------------------------------------- details

FIELD_WORDS: dict[str, str] = {
    "given_name": "First name",
    "family_name": "Family name",
    "preferred_name": "Preferred name",
    "born": "Date of birth",
    "nhs_number": "NHS number",
    "room": "Room",
    "unit": "Unit",
    "gp": "GP",
    "likes": "How they like to take their medicines",
    "fluid_level": "Drinks",
    "food_level": "Food",
    "weight_kg": "Weight",
    "alert": "Alert",
}
_LONGEST = {
    "given_name": LONGEST_NAME,
    "family_name": LONGEST_NAME,
    "preferred_name": LONGEST_NAME,
    "room": 20,
    "gp": LONGEST_LINE,
    "likes": LONGEST_NOTE,
    "alert": LONGEST_NOTE,
}


def tidied(details: ResidentDetails) -> ResidentDetails:
    """The same details in one spelling: NHS number as bare digits, `Room 7` as `7`, no preferred name that only
    repeats the first name."""
    preferred = "" if details.preferred_name == details.given_name else details.preferred_name
    room = re.sub(r"(?i)^room\s+(?=\S)", "", details.room)
    return replace(details, preferred_name=preferred, room=room, nhs_number=rules.nhs_digits(details.nhs_number))


def details_faults(details: ResidentDetails, today: dt.date, units: list[str]) -> Faults:
    """What keeps these details from being stored, in the order of the form."""
    faults = _name_faults(details)
    if words := born_fault(details.born, today):
        faults.append(("born", words))
    if details.nhs_number and not rules.nhs_number_is_valid(details.nhs_number):
        faults.append(("nhs_number", NHS_WORDS))
    if units and details.unit not in units:
        faults.append(("unit", "Choose the unit they live on."))
    if details.fluid_level is not None and details.fluid_level not in FLUID_LEVELS:
        faults.append(("fluid_level", "Choose a level from the list."))
    if details.food_level is not None and details.food_level not in FOOD_LEVELS:
        faults.append(("food_level", "Choose a level from the list."))
    if details.weight_kg is not None and not _is_weight(details.weight_kg):
        faults.append(("weight_kg", WEIGHT_WORDS))
    for name, longest in _LONGEST.items():
        if len(getattr(details, name)) > longest:
            faults.append((name, f"{FIELD_WORDS[name]} can have {longest} characters at most. Shorten it."))
    return faults


NHS_WORDS = (
    "This is not an NHS number: it has ten digits and the last one checks the others. "
    "Compare it with a letter, or leave it empty for now."
)
WEIGHT_WORDS = "Type the weight in kilograms, e.g. 47 or 47.5. It must be between 10 and 400."
BORN_WORDS = "There is no such date. Type the day, the month and the year in numbers, e.g. 22 5 1936."


def _name_faults(details: ResidentDetails) -> Faults:
    faults = []
    for name in ("given_name", "family_name"):
        if not rules.letters(getattr(details, name)):
            faults.append((name, f"Type their {FIELD_WORDS[name].lower()}."))
    return faults


def born_fault(born: dt.date, today: dt.date) -> str:
    """What is wrong with a date of birth, in words, or nothing."""
    if born > today:
        return "The date of birth is in the future. Check the year."
    if born.year < today.year - OLDEST_YEARS:
        return f"The date of birth is more than {OLDEST_YEARS} years ago. Check the year."
    return ""


def _is_weight(kg: Decimal) -> bool:
    return kg.is_finite() and LIGHTEST_KG <= kg <= HEAVIEST_KG


def weight_of(typed: str) -> Decimal | None:
    """Kilograms typed as 47 or 47.5; None for anything that is not a person's weight."""
    if not re.fullmatch(r"\d{1,3}([.,]\d{1,2})?", typed, re.ASCII):
        return None
    kg = Decimal(typed.replace(",", "."))
    return kg if _is_weight(kg) else None


def changed(before: ResidentDetails, after: ResidentDetails) -> list[str]:
    """Names of the fields that differ, in the order of the form."""
    return [name for name in FIELD_WORDS if getattr(before, name) != getattr(after, name)]


# ---------------------------------------------------------------- allergies


def allergy_faults(status: str, items: tuple[AllergyItem, ...]) -> Faults:
    """What keeps an allergy statement from being stored: a recorded list names something, the others name nothing."""
    if status not in ALLERGY_STATUS:
        return [("allergy_status", "Choose whether there are allergies, none are known, or it is not recorded yet.")]
    if status != "recorded":
        if items:
            words = f"You chose “{ALLERGY_STATUS[status]}” and also named {items[0].words[:80]}. Choose one."
            return [("allergy_status", words)]
        return []
    if not items:
        return [("substance_1", "Name at least one substance, or choose “No known drug allergies”.")]
    if len(items) > MOST_ALLERGIES:
        return [("allergy_status", f"At most {MOST_ALLERGIES} substances can be recorded.")]
    return [fault for n, item in enumerate(items, 1) for fault in _item_faults(n, item)]


def _item_faults(n: int, item: AllergyItem) -> Faults:
    if not item.substance:
        return [(f"substance_{n}", f"Name the substance that caused “{item.reaction[:60] or 'a severe reaction'}”.")]
    if len(item.substance) > LONGEST_LINE:
        return [(f"substance_{n}", f"A substance can have {LONGEST_LINE} characters at most. Shorten it.")]
    if len(item.reaction) > LONGEST_LINE:
        return [(f"reaction_{n}", f"A reaction can have {LONGEST_LINE} characters at most. Shorten it.")]
    return []


# ---------------------------------------------------------------- whereabouts


@dataclass(frozen=True)
class Move:
    """A change of whereabouts as somebody wants to record it."""

    state: str
    valid_from: dt.datetime
    expected_back: dt.datetime | None = None
    note: str = ""
    place: str = ""  # hospital and ward, or where somebody spends their leave
    company: str = ""  # who is with them

    @property
    def said(self) -> str:
        """Where, with whom and the note, as one text: what everybody reads."""
        company = f"with {self.company}" if self.company else ""
        where = ", ".join(part for part in (self.place, company) if part)
        return ". ".join(part for part in (where[:1].upper() + where[1:], self.note) if part)


def stay_faults(move: Move, now: dt.datetime) -> Faults:
    """What is wrong with any whereabouts row, the first one included: it is a known state, and it has begun."""
    faults = []
    if move.state not in WHEREABOUTS:
        faults.append(("state", "Choose where they are."))
    if move.valid_from > now:
        faults.append(("at", "That time has not come yet. Record it when it happens."))
    if move.expected_back is not None and move.expected_back <= move.valid_from:
        faults.append(("back", "The time they are expected back is before they left. Check both."))
    if len(move.note) > LONGEST_NOTE:
        faults.append(("note", f"The note can have {LONGEST_NOTE} characters at most. Shorten it."))
    for name, words in (("place", "Where they are"), ("company", "Who is with them")):
        if len(getattr(move, name)) > LONGEST_LINE:
            faults.append((name, f"{words} can have {LONGEST_LINE} characters at most. Shorten it."))
    return faults


def move_faults(move: Move, line: tuple[rules.Stay, ...], now: dt.datetime, earliest: dt.datetime) -> Faults:
    """What keeps a change of whereabouts from being stored. It may be now or earlier, but not before `earliest` (the
    start of yesterday, or a month for managers), because doses of that time change their meaning with it."""
    faults = stay_faults(move, now)
    if faults:
        return faults
    before = rules.whereabouts_at(line, move.valid_from)
    if before is None:
        return [("at", "That is before they came to live here. Check the day and the time.")]
    if move.valid_from < earliest:
        return [("at", "That is too long ago to change here. Record it from yesterday on, or ask a manager.")]
    if before.state == move.state and not (move.said or move.expected_back):
        return [("state", f"That is what is recorded already: {WHEREABOUTS[move.state].lower()}. Nothing to change.")]
    if not move.note and (now - move.valid_from > PROMPT or before.state in LEFT):
        return [("note", "Say why this is recorded now: it changes a time that has passed.")]
    return []
