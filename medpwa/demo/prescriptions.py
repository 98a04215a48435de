"""What is prescribed at the demo home with set daily times: the lines of decision 23, as demo home 11.1 writes them.

Days are counted from D0; an order holds from the start of `from_day` to the start of `until_day`. Doses, strengths and
times are the demo home's; products, pack forms and wording are chosen where it gives none.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple

GP = "Dr A. Banerjee"
PRESCRIPTION = "GP prescription"
HAND_COPIED = "GP list he brought, copied by hand and checked by a second person"
LIVE = -31  # the day the home began to use the app
# First day whose doses are told; an order put on the chart earlier would show gaps for the days before.
TOLD_FROM = -7

OM, NOON, TEA, ON = "08:00", "12:30", "17:00", "21:00"
BD, TDS, QDS = (OM, TEA), (OM, NOON, ON), (OM, NOON, TEA, ON)
TUBE_BD = (OM, "20:00")
HOUR, HALF = 60, 30
PLURALS = {"tablet": "tablets", "capsule": "capsules", "mL": "mL", "drop": "drops", "puff": "puffs",
           "sachet": "sachets", "application": "applications"}
SKILL_OF_ROUTE = {"mouth": "oral", "inhaled": "inhaler", "eye": "drops", "skin": "topical", "peg": "peg"}


@dataclass(frozen=True)
class Order:
    """One medicine line. `dose` is a decimal written as text; `window` is minutes before and after the due time."""

    resident: str
    medicine: str
    strength: str
    form: str
    dose: str
    unit: str
    times: tuple[str, ...]
    indication: str
    dose_mg: str = ""
    route: str = "mouth"
    site: str = ""
    instructions: tuple[str, ...] = ()
    window_before: int = HOUR
    window_after: int = HOUR
    time_critical: bool = False
    high_risk: bool = False
    controlled: bool = False
    from_day: int = LIVE
    until_day: int | None = None
    prescriber: str = GP
    source: str = PRESCRIPTION

    @property
    def units(self) -> str:
        """The plural of the unit."""
        return PLURALS[self.unit]

    @property
    def skills(self) -> tuple[str, ...]:
        """What somebody must be signed off for to give it; all of them (decision 15)."""
        return (SKILL_OF_ROUTE[self.route],)

    @property
    def name(self) -> str:
        """Medicine, strength and form as one line."""
        return " ".join(part for part in (self.medicine, self.strength, self.form) if part)


# Time-critical: levodopa within 30 minutes (domain 1.7, class A); anti-seizure medicines and anticoagulants are class
# B, for which this home's orders say 30 minutes too.
CRITICAL: dict[str, Any] = {"window_before": HALF, "window_after": HALF, "time_critical": True}
FLUSH = "Flush the tube with 30 mL of water before and after, and 10 mL between medicines"

ORDERS: tuple[Order, ...] = (
    # R01 Margaret Ellison
    Order("R01", "co-careldopa", "25/100 mg", "tablet", "1", "tablet", ("07:00", "11:00", "15:00", "19:00"),
          "Parkinson's", instructions=("Wake her if asleep", "Not with a high-protein meal"), **CRITICAL),
    Order("R01", "co-careldopa", "50/200 mg", "modified-release tablet", "1", "tablet", ("22:00",),
          "Parkinson's overnight", instructions=("Swallow whole, do not crush", "Wake her if asleep"), **CRITICAL),
    Order("R01", "macrogol 3350", "13.125 g", "powder for oral solution", "1", "sachet", BD,
          "constipation", instructions=("Stir into 125 mL of water",)),
    # R02 Arthur Pemberton
    Order("R02", "bisoprolol", "2.5 mg", "tablet", "1", "tablet", (OM,), "heart failure and uneven heartbeat"),
    Order("R02", "furosemide", "40 mg", "tablet", "1", "tablet", (OM,), "fluid from heart failure"),
    Order("R02", "atorvastatin", "20 mg", "tablet", "1", "tablet", (ON,), "cholesterol"),
    # R03 Doris Whitcombe
    Order("R03", "paracetamol", "250 mg/5 mL", "oral suspension", "10", "mL", QDS, "pain", dose_mg="500 mg",
          instructions=("At least 4 hours between doses", "No more than 4 doses in 24 hours", "Use an oral syringe")),
    # R04 Harold Nkemelu
    Order("R04", "metformin", "500 mg", "tablet", "1", "tablet", BD, "diabetes", instructions=("With food",)),
    Order("R04", "ramipril", "5 mg", "capsule", "1", "capsule", (OM,), "blood pressure and kidneys"),
    # R05 Sylvia Brandreth
    Order("R05", "levothyroxine", "75 microgram", "tablet", "1", "tablet", ("07:00",), "underactive thyroid",
          instructions=("At least 30 minutes before breakfast", "At least 4 hours apart from calcium"),
          window_before=HALF, window_after=HALF),
    Order("R05", "calcium carbonate / colecalciferol", "1.5 g/400 unit", "chewable tablet", "1", "tablet", (NOON, TEA),
          "strong bones", instructions=("Chew it", "At least 4 hours apart from levothyroxine")),
    Order("R05", "lactulose", "3.1 g/5 mL", "oral solution", "15", "mL", BD, "constipation"),
    Order("R05", "latanoprost", "50 micrograms/mL", "eye drops", "1", "drop", (ON,), "glaucoma",
          route="eye", site="both eyes",
          instructions=("In the fridge until opened", "Discard 28 days after opening", "5 minutes between eye drops")),
    Order("R05", "carmellose", "0.5 %", "eye drops", "1", "drop", QDS, "dry eyes", route="eye", site="both eyes",
          instructions=("5 minutes between eye drops", "After latanoprost at night")),
    # R06 George Ackerley
    Order("R06", "senna", "7.5 mg", "tablet", "2", "tablet", (ON,), "constipation", dose_mg="15 mg"),
    Order("R06", "docusate sodium", "100 mg", "capsule", "1", "capsule", BD, "constipation"),
    Order("R06", "dexamethasone", "2 mg", "tablet", "1", "tablet", (OM,), "appetite and bone pain",
          instructions=("With food", "Steroid card: never stop suddenly")),
    # R07 Ivy Cartledge
    Order("R07", "fluticasone furoate / umeclidinium / vilanterol", "92/55/22 micrograms", "dry powder inhaler", "1",
          "puff", (OM,), "lung disease (COPD)", route="inhaled", instructions=("Rinse mouth and spit out afterwards",)),
    Order("R07", "omeprazole", "20 mg", "capsule", "1", "capsule", (OM,), "protecting the stomach",
          instructions=("Swallow whole, do not crush",)),
    Order("R07", "carbocisteine", "375 mg", "capsule", "2", "capsule", TDS, "thick phlegm", dose_mg="750 mg"),
    # R08 Kenneth Oduya
    Order("R08", "sodium valproate", "200 mg/5 mL", "oral solution", "12.5", "mL", TUBE_BD, "epilepsy",
          dose_mg="500 mg", route="peg", instructions=(FLUSH,), **CRITICAL),
    Order("R08", "levetiracetam", "100 mg/mL", "oral solution", "7.5", "mL", TUBE_BD, "epilepsy",
          dose_mg="750 mg", route="peg", instructions=(FLUSH,), **CRITICAL),
    Order("R08", "baclofen", "5 mg/5 mL", "oral solution", "10", "mL", TDS, "stiff muscles",
          dose_mg="10 mg", route="peg", instructions=(FLUSH, "Never stop suddenly")),
    Order("R08", "lansoprazole", "30 mg", "orodispersible tablet", "1", "tablet", (OM,), "acid reflux",
          route="peg", instructions=("Disperse in 10 mL of water, do not crush", FLUSH)),
    # R10 Frank Delaney
    Order("R10", "furosemide", "40 mg", "tablet", "1", "tablet", (OM,), "fluid from heart failure"),
    Order("R10", "allopurinol", "100 mg", "tablet", "1", "tablet", (OM,), "preventing gout",
          instructions=("With or after food",)),
    Order("R10", "apixaban", "2.5 mg", "tablet", "1", "tablet", BD, "preventing clots and stroke",
          instructions=("Never miss a dose: tell the shift leader the same day",), high_risk=True, **CRITICAL),
    Order("R10", "emollient", "", "cream", "1", "application", BD, "eczema", route="skin", site="arms and legs",
          instructions=("Wear gloves", "Fire risk: keep away from flames and cigarettes")),
    # R11 Winifred Sato
    Order("R11", "donepezil", "10 mg", "tablet", "1", "tablet", (ON,), "memory",
          instructions=("Do not wake her for it",)),
    Order("R11", "senna", "7.5 mg", "tablet", "2", "tablet", (ON,), "constipation", dose_mg="15 mg",
          instructions=("Do not wake her for it",)),
    # R12 Thomas Rigby
    Order("R12", "lithium carbonate (Priadel)", "400 mg", "modified-release tablet", "2", "tablet", (ON,),
          "bipolar disorder", dose_mg="800 mg", instructions=("Priadel brand only", "Swallow whole, do not crush"),
          from_day=-9, until_day=-1, source=HAND_COPIED),
    Order("R12", "olanzapine", "10 mg", "tablet", "1", "tablet", (ON,), "bipolar disorder",
          from_day=-9, until_day=-1, source=HAND_COPIED),
)


class Due(NamedTuple):
    """One dose: whose, which order (its place in ORDERS), and the local time it falls due, without a zone."""

    resident: str
    order: int
    at: dt.datetime


def due_on(day: dt.date, d0: dt.date) -> list[Due]:
    """The doses of one day by time, in a home made on D0; a day somebody is out still has his doses."""
    offset = (day - d0).days
    found = [
        Due(order.resident, place, dt.datetime.combine(day, dt.time.fromisoformat(time)))
        for place, order in enumerate(ORDERS)
        for time in order.times
        if order.from_day <= offset and (order.until_day is None or offset < order.until_day)
    ]
    return sorted(found, key=lambda due: (due.at, due.order))
