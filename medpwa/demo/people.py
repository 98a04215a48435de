"""The twelve people who live at the demo home (demo home, section 11.1). Days are counted from D0, the day it is made.

Names, NHS numbers, ages, rooms, allergies and swallowing levels come from the demo home's tables; preferred names,
birthdays and how people like to take their medicines are invented (decision 24). NHS numbers are of the range kept
for tests.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

SURGERY = "Dr A. Banerjee, Westmere Surgery"
GROUND, FIRST = "Ground floor", "First floor"
LAST_GROUND_ROOM = 6


@dataclass(frozen=True)
class Allergy:
    """A substance and what it did; `severe` is kept for anaphylaxis."""

    substance: str
    reaction: str
    severe: bool = False


@dataclass(frozen=True)
class Stay:
    """Where somebody is from a local time on, until the next stay begins. `kind` is home, hospital, leave or
    discharged."""

    kind: str
    from_day: int
    from_time: str
    note: str = ""


@dataclass(frozen=True)
class Resident:
    """One person, as the home knows them on D0."""

    code: str
    given: str
    family: str
    preferred: str
    age: int
    birthday: tuple[int, int]  # month, day
    nhs_number: str
    room: int
    likes: str
    stays: tuple[Stay, ...]
    allergies: tuple[Allergy, ...] = ()
    alert: str = ""
    fluid_level: int | None = None
    food_level: int | None = None
    weight_kg: str | None = None
    label_places: tuple[str, ...] = ("person", "door")
    gp: str = SURGERY

    @property
    def unit(self) -> str:
        """Rooms 1 to 6 are on the ground floor (decision 24)."""
        return GROUND if self.room <= LAST_GROUND_ROOM else FIRST

    @property
    def allergy_status(self) -> str:
        """`none` says that somebody asked and there are none; it is never left blank."""
        return "recorded" if self.allergies else "none"


def _lives_here(moved_in: int) -> tuple[Stay, ...]:
    return (Stay("home", moved_in, "14:00", "Moved in"),)


RESIDENTS: tuple[Resident, ...] = (
    Resident(
        "R01", "Margaret", "Ellison", "Margaret", 84, (2, 11), "9999385702", 1,
        likes="Margaret likes her tablets one at a time on a spoon, with water in her blue cup.",
        alert="Avoid metoclopramide, prochlorperazine and haloperidol: they make Parkinson's worse.",
        stays=_lives_here(-611),
        label_places=("person", "door", "folder"),
    ),
    Resident(
        "R02", "Arthur", "Pemberton", "Arthur", 79, (8, 9), "9992649690", 2,
        likes="Arthur likes to hear the name of each tablet, then takes them all with a glass of squash.",
        allergies=(Allergy("penicillin", "anaphylaxis in 1998", severe=True),),
        stays=(
            *_lives_here(-402),
            Stay("hospital", -16, "06:10", "Nosebleed that would not stop, INR 7.1: to hospital by ambulance"),
            Stay("home", -14, "21:35", "Back from hospital, warfarin on hold until the clinic's next letter"),
        ),
        label_places=("person", "door", "folder"),
    ),
    Resident(
        "R03", "Doris", "Whitcombe", "Doris", 91, (4, 27), "9997319168", 3,
        likes="Doris takes things best sitting up by the window, a little at a time and with a hand to hold.",
        allergies=(Allergy("aspirin", "bleeding from the stomach"),),
        fluid_level=2, food_level=4, weight_kg="47",
        stays=_lives_here(-873),
        label_places=("person", "door", "folder"),
    ),
    Resident(
        "R04", "Harold", "Nkemelu", "Harry", 72, (3, 4), "9990336504", 4,
        likes="Sit facing Harry in good light and speak slowly, and he will take his tablets with breakfast tea.",
        alert="Very hard of hearing, and may answer to another name: go by face and label.",
        allergies=(Allergy("sulfonamides", "rash"),),
        stays=_lives_here(-298),
        label_places=("person", "door", "folder"),
    ),
    Resident(
        "R05", "Sylvia", "Brandreth", "Sylvia", 88, (6, 3), "9999591043", 5,
        likes="Sylvia likes to take her own glasses off and lean back in her chair before her eye drops.",
        stays=_lives_here(-540),
    ),
    Resident(
        "R06", "George", "Ackerley", "George", 86, (9, 19), "9997088700", 6,
        likes="George likes to be asked about his pain first, and takes his tablets with something cold.",
        allergies=(Allergy("codeine", "nausea"),),
        alert="Carries a steroid card: his dexamethasone is never stopped suddenly.",
        stays=_lives_here(-187),
        label_places=("person", "door", "folder"),
    ),
    Resident(
        "R07", "Ivy", "Cartledge", "Ivy", 90, (5, 22), "9993996742", 7,
        likes="Ivy likes to sit up and get her breath back first, then has her capsules one by one.",
        allergies=(Allergy("trimethoprim", "rash"), Allergy("latex", "use latex-free gloves")),
        stays=_lives_here(-455),
    ),
    Resident(
        "R08", "Kenneth", "Oduya", "Ken", 68, (7, 8), "9992164638", 8,
        likes="Ken likes his music on, and to be told each step before it happens.",
        alert="Nothing by mouth: every medicine goes through the feeding tube.",
        stays=_lives_here(-1320),
        label_places=("person", "door", "folder"),
    ),
    Resident(
        "R09", "Beryl", "Haworth", "Beryl", 77, (10, 14), "9994377809", 9,
        likes="Beryl looks after most of her own medicines and likes a knock and a chat about how it is going.",
        stays=_lives_here(-140),
    ),
    Resident(
        "R10", "Frank", "Delaney", "Frank", 82, (1, 30), "9996936740", 10,
        likes="Frank likes the radio on and his tablets in his hand, with tea to follow.",
        allergies=(Allergy("NSAIDs", "bleeding from the stomach"),),
        stays=(
            *_lives_here(-366),
            Stay("leave", -6, "07:30", "Out for the day with his son"),
            Stay("home", -6, "21:30", "Back from his day out"),
        ),
        label_places=("person", "door", "folder"),
    ),
    Resident(
        "R11", "Winifred", "Sato", "Win", 93, (3, 17), "9993573663", 11,
        likes="Win likes the lamp on and a quiet good evening first; if she is fast asleep, let her be.",
        allergies=(Allergy("morphine", "delirium"),),
        stays=_lives_here(-722),
    ),
    Resident(
        "R12", "Thomas", "Rigby", "Tom", 59, (8, 26), "9997994760", 12,
        likes="Tom likes to see the box and check that it is his usual brand before he takes anything.",
        alert="Takes lithium: avoid NSAIDs and dehydration.",
        stays=(
            Stay("home", -9, "17:00", "Came for a respite stay"),
            Stay("discharged", -1, "10:00", "Went home with his medicines"),
        ),
    ),
)
BY_CODE: dict[str, Resident] = {resident.code: resident for resident in RESIDENTS}


def born(resident: Resident, d0: dt.date) -> dt.date:
    """A date of birth that makes the person their table age on D0, the last birthday being on or before D0."""
    month, day = resident.birthday
    last = d0.year if (month, day) <= (d0.month, d0.day) else d0.year - 1
    return dt.date(last - resident.age, month, day)


def moment(d0: dt.date, day: int, time: str) -> dt.datetime:
    """The local date and time (without a zone) of a table's day and 'HH:MM'."""
    return dt.datetime.combine(d0 + dt.timedelta(days=day), dt.time.fromisoformat(time))


def whereabouts(resident: Resident, at: dt.datetime, d0: dt.date) -> Stay | None:
    """Where somebody was at a local time; None before they first came."""
    begun = [stay for stay in resident.stays if moment(d0, stay.from_day, stay.from_time) <= at]
    return begun[-1] if begun else None
