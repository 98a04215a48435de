"""Who works at the demo home, what each is signed off for, and the fixed roster (demo home, table 11.2).

Days are counted from D0. A grant holds from the start of `from_day` to the start of `until_day`: who "ends on day 18"
may give on day 17 and not on day 18. Names of people outside the table and the roster are invented (decision 24).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

# For every demo sign-in; printed when the demo starts, and good for nothing else.
PASSPHRASE = "tandem-rhubarb-lighthouse-mitten-plum"


@dataclass(frozen=True)
class Person:
    """One member of the team. `shifts` is day or night; office hours count as day."""

    code: str
    given: str
    family: str
    role: str
    shifts: str = "day"
    agency: bool = False
    bank: bool = False

    @property
    def username(self) -> str:
        """first.last, as everybody at the demo home signs in."""
        return f"{self.given}.{self.family}".lower()


STAFF: tuple[Person, ...] = (
    Person("S1",  "Helen",     "Marsh",     "registered_manager"),
    Person("S2",  "Priya",     "Raman",     "deputy_manager"),
    Person("S3",  "Daniel",    "Osei",      "quality_lead"),
    Person("S4",  "Carol",     "Whitfield", "team_leader"),
    Person("S5",  "Jamal",     "Hussain",   "team_leader"),
    Person("S6",  "Agnieszka", "Nowak",     "team_leader", "night"),
    Person("S7",  "Sophie",    "Bennett",   "senior_carer"),
    Person("S8",  "Mark",      "Tulloch",   "senior_carer"),
    Person("S9",  "Grace",     "Adeyemi",   "senior_carer"),
    Person("S10", "Liam",      "Doherty",   "senior_carer"),
    Person("S11", "Denise",    "Fowler",    "senior_carer", "night"),
    Person("S12", "Tomasz",    "Zielinski", "senior_carer", "night"),
    Person("S13", "Chloe",     "Evans",     "carer"),
    Person("S14", "Ryan",      "Park",      "carer"),
    Person("S15", "Nadia",     "Karim",     "senior_carer", agency=True),
    Person("S16", "Owen",      "Price",     "carer", "night", bank=True),
)
# The last day of the access of those from outside: three months of the agency, a year of the bank.
ACCESS_ENDS = {"S15": 62, "S16": 348}
NOMINATED = Person("N1", "Ruth", "Calder", "nominated_individual")  # of the provider, not of the home
EVERYONE = (*STAFF, NOMINATED)


def name_of(code: str) -> str:
    """Somebody's name by their code."""
    return next(f"{person.given} {person.family}" for person in EVERYONE if person.code == code)


# Expected to give medicines, agency included: the 12 of "9 of 12 in date" (demo home, pinned figures).
GIVERS = ("S1", "S2", "S4", "S5", "S6", "S7", "S8", "S9", "S10", "S11", "S12", "S15")


@dataclass(frozen=True)
class Grant:
    """One skill of one person over some days; insulin, feeding tube and rescue midazolam are for one resident."""

    staff: str
    skill: str
    state: str
    from_day: int
    until_day: int | None
    resident: str | None
    reason: str

    def covers(self, day: int) -> bool:
        """Whether the grant stands on a day counted from D0."""
        return self.from_day <= day and (self.until_day is None or day < self.until_day)


CORE = "oral topical patch drops inhaler"
CONTROLLED = "controlled cd_witness"
KEEPING = "ordering_receipt disposal fridge_stock"
ANNUAL = "Yearly review passed"
DELEGATED = "Signed off by the nurse for this person"
WITH_REGISTER = "Observed with the register"
ON_PAPER = "Looked after it for a year; on paper until the app came"
PAUSED = (
    "A patch was left on and doses went unsigned. The late rounds had two call bells and one pair of hands. Paused "
    "while we look at that together; then three rounds side by side."
)
SHOWN_THE_APP = "Shown the app, and recorded a round in it beside a colleague"
_HISTORY: tuple[tuple[str, str, str, int, int | None, str | None, str], ...] = (
    # staff, skills, state, from, until, for whom, why
    ("S1", f"{CORE} {CONTROLLED} prn_psychotropic warfarin transcription", "competent", -259, 106, None, ANNUAL),
    ("S1", "insulin",                    "competent",        -259,  106, "R04", DELEGATED),
    ("S1", "peg buccal_midazolam",       "competent",        -259,  106, "R08", DELEGATED),
    ("S2", f"{CORE} {CONTROLLED} prn_psychotropic warfarin transcription", "competent", -182, 183, None, ANNUAL),
    ("S2", "insulin",                    "competent",        -182,  183, "R04", DELEGATED),
    ("S2", "peg buccal_midazolam",       "competent",        -182,  183, "R08", DELEGATED),
    ("S1", f"{KEEPING} assessor",        "competent",        -259,  106, None, ON_PAPER),
    ("S2", KEEPING,                      "competent",        -182,  183, None, ON_PAPER),
    ("S2", "assessor",                   "competent",        -120,  245, None, "Course for lead assessors passed"),
    ("S3", "audit",                      "competent",         -98,  267, None, "Three audits checked by the manager"),
    ("S4", KEEPING,                      "competent",        -209,  156, None, ON_PAPER),
    ("S5", KEEPING,                      "competent",        -140,  225, None, ON_PAPER),
    ("S6", KEEPING,                      "competent",        -347,   18, None, ON_PAPER),
    ("S4", f"{CORE} {CONTROLLED}",       "competent",        -209,  156, None, ANNUAL),
    ("S4", "transcription",              "competent",        -209,  156, None, "Checked on ten records"),
    ("S4", "insulin",                    "competent",         -74,  107, "R04", DELEGATED),
    ("S5", f"{CORE} {CONTROLLED} warfarin", "competent",     -417,  -52, None, ANNUAL),
    ("S5", f"{CORE} {CONTROLLED} warfarin", "ended",          -52,  -25, None, "Yearly review was not booked in time"),
    ("S5", f"{CORE} {CONTROLLED} warfarin", "competent",      -25,  340, None, "Three rounds observed again"),
    ("S5", "transcription",              "competent",        -140,  225, None, "Checked on ten records"),
    ("S5", "peg",                        "competent",         -25,  157, "R08", DELEGATED),
    ("S6", f"{CORE} {CONTROLLED}",       "competent",        -347,   18, None, ANNUAL),
    ("S6", "transcription",              "competent",        -347,   18, None, "Checked on ten records"),
    ("S7", f"{CORE} prn_psychotropic",   "competent",        -406,  -41, None, ANNUAL),
    ("S7", f"{CORE} prn_psychotropic",   "ended",             -41,  -23, None, "Yearly review was not booked in time"),
    ("S7", f"{CORE} prn_psychotropic",   "competent",         -23,  342, None, "Three rounds observed again"),
    ("S7", "insulin",                    "competent",         -23,  159, "R04", DELEGATED),
    ("S8", CORE,                         "competent",        -240,  -15, None, ANNUAL),
    ("S8", "oral",                       "suspended",         -15,  -12, None, PAUSED),
    ("S8", "oral",                       "reassessment",      -12, None, None, "2 of 3 observed rounds passed"),
    ("S8", "topical patch drops inhaler", "suspended",        -15, None, None, PAUSED),
    ("S9", CORE,                         "knowledge_passed",  -58,  -22, None, "Course passed, not yet observed"),
    ("S9", CORE,                         "competent",         -22,  343, None, "Three rounds observed"),
    ("S9", "peg buccal_midazolam",       "competent",         -22,  160, "R08", DELEGATED),
    ("S10", CORE,                        "not_started",       -60,  -27, None, "New to giving medicines"),
    ("S10", CORE,                        "assessing",         -27,  -20, None, "Rounds being observed"),
    ("S10", CORE,                        "development_needed", -20,  -3, None, "More practice agreed with him"),
    ("S10", CORE,                        "competent",          -3,  362, None, "Plan done, three rounds observed"),
    ("S11", CORE,                        "competent",        -370,   -5, None, ANNUAL),
    ("S11", CORE,                        "ended",              -5, None, None, "Yearly review has not taken place"),
    ("S12", CONTROLLED,                  "competent",        -164,  201, None, WITH_REGISTER),
    ("S12", CORE,                        "knowledge_passed", -164,  -19, None, "Course passed, not yet observed"),
    ("S12", CORE,                        "competent",         -19,  346, None, "Three rounds observed"),
    ("S13", "topical",                   "competent",         -91,  274, None, "Observed with creams"),
    ("S13", "oral",                      "assessing",         -10, None, None, "1 of 3 observed rounds passed"),
    ("S13", "drops inhaler",             "not_started",       -91, None, None, "Not yet begun"),
    ("S14", CORE,                        "not_started",       -68, None, None, "Has not done the course"),
    ("S15", CORE,                        "not_started",       -31,  -22, None, "Not yet inducted here"),
    ("S15", CORE,                        "competent",         -22,  -21, None, "Agency papers seen, inducted"),
    ("S15", CORE,                        "supervised_only",   -21, None, None, "After a mix-up of two residents"),
    ("S16", "oral",                      "knowledge_passed",  -17, None, None, "Shadowing, none of 3 observed yet"),
    ("S16", "topical patch drops inhaler", "not_started",     -17, None, None, "Not yet begun"),
    *((f"S{n}", "emar_use", "competent", -31, 334, None, SHOWN_THE_APP) for n in (1, 2, *range(4, 14))),
    ("S14", "emar_use",                  "not_started",       -31, None, None, "Has not been shown the app yet"),
    ("S15", "emar_use",                  "competent",         -22,  343, None, SHOWN_THE_APP),
    ("S16", "emar_use",                  "competent",         -17,  348, None, SHOWN_THE_APP),
)
GRANTS: tuple[Grant, ...] = tuple(
    Grant(staff, skill, state, from_day, until_day, resident, reason)
    for staff, skills, state, from_day, until_day, resident, reason in _HISTORY
    for skill in skills.split()
)


def holds(staff: str, skill: str, day: int, resident: str | None = None) -> bool:
    """Whether somebody is signed off for a skill on a day, for this resident where it is delegated."""
    return any(
        grant.state == "competent" and grant.covers(day)
        for grant in GRANTS
        if grant.staff == staff and grant.skill == skill and grant.resident in (None, resident)
    )


def in_date(day: int) -> set[str]:
    """Codes of those who may give medicines by mouth on a day: 9 on D0, 6 on D-30 (demo home, pinned figures)."""
    return {code for code in GIVERS if holds(code, "oral", day)}


class Duty(NamedTuple):
    """One duty of one person, in the home's local time."""

    staff: str
    kind: str  # floor, shift_leader or on_call
    start: dt.time
    end: dt.time
    ends_next_day: bool


# Early, late and night of demo home, pinned figures; on call runs from one morning to the next.
SHIFTS = (("07:00", "14:30"), ("14:00", "21:30"), ("21:15", "07:15"))
ON_CALL, ON_CALL_FROM = "S1", "07:00"
# Early, late and night of each weekday; the first of each shift leads it. The deputy leads where both day team leaders
# are off.
ROSTER: tuple[tuple[str, str, str], ...] = (
    ("S5 S2 S7 S10 S14", "S4 S9 S8 S13", "S6 S12"),   # Monday
    ("S2 S7 S14 S15",    "S4 S9 S8 S13", "S6 S11"),   # Tuesday
    ("S2 S7 S14",        "S4 S9 S13",    "S12 S11"),  # Wednesday
    ("S5 S10 S14",       "S2 S7 S8",     "S12 S11"),  # Thursday
    ("S5 S10 S13 S14",   "S2 S7 S8",     "S12 S16"),  # Friday
    ("S5 S10 S15",       "S4 S9 S8",     "S6 S16"),   # Saturday
    ("S5 S10 S15",       "S4 S9 S13",    "S6 S11"),   # Sunday
)


def duties(day: dt.date) -> list[Duty]:
    """Every duty that begins on a day, from the weekly roster."""
    found = []
    for (start, end), shift in zip(SHIFTS, ROSTER[day.weekday()], strict=True):
        first, last = dt.time.fromisoformat(start), dt.time.fromisoformat(end)
        for place, staff in enumerate(shift.split()):
            found.append(Duty(staff, "floor" if place else "shift_leader", first, last, last < first))
    morning = dt.time.fromisoformat(ON_CALL_FROM)
    return [*found, Duty(ON_CALL, "on_call", morning, morning, True)]


def on_duty(at: dt.datetime) -> list[Duty]:
    """The duties that cover a local time, those of last night included."""
    covering = []
    for day in (at.date() - dt.timedelta(days=1), at.date()):
        for duty in duties(day):
            ends = day + dt.timedelta(days=int(duty.ends_next_day))
            if dt.datetime.combine(day, duty.start) <= at < dt.datetime.combine(ends, duty.end):
                covering.append(duty)
    return covering
