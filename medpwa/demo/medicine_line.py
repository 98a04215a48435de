"""What one line of the demo home's prescriptions says, and how its pattern becomes a schedule of the product.

Days are counted from D0; an order holds from the start of `from_day` to the start of `until_day`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from medpwa.medicines.rules import Ingredient

GP = "Dr A. Banerjee"
PRESCRIPTION = "GP prescription"
HAND_COPIED = "GP list he brought, copied by hand and checked by a second person"
LIVE = -31  # the day the home began to use the app
TOLD_FROM = -30  # the first day whose doses are told

OM, NOON, TEA, ON = "08:00", "12:30", "17:00", "21:00"
BD, TDS, QDS = (OM, TEA), (OM, NOON, ON), (OM, NOON, TEA, ON)
TUBE_BD = (OM, "20:00")
HOUR, HALF = 60, 30
MONDAY, WEDNESDAY, FRIDAY = 0, 2, 4
PLURALS = {"tablet": "tablets", "capsule": "capsules", "mL": "mL", "drop": "drops", "puff": "puffs",
           "sachet": "sachets", "application": "applications", "spray": "sprays", "mg": "mg", "g": "g"}
SKILL_OF_ROUTE = {"mouth": "oral", "tongue": "oral", "cheek": "oral", "inhaled": "inhaler", "eye": "drops",
                  "ear": "drops", "nose": "drops", "rectum": "suppository", "skin": "topical", "peg": "peg"}

# Time-critical: levodopa within 30 minutes (domain 1.7, class A); anti-seizure medicines and anticoagulants are class
# B, for which this home's orders say 30 minutes too.
CRITICAL: dict[str, Any] = {"window_before": HALF, "window_after": HALF, "time_critical": True,
                            "time_class": "critical"}
PARKINSONS: dict[str, Any] = {**CRITICAL, "time_class": "parkinsons"}
STEROID = "Steroid card: never stop suddenly"


@dataclass(frozen=True)
class Order:
    """One medicine line. `dose` is a decimal written as text; `window` is minutes before and after the due time.

    `pattern` is empty for every day at `times`, else one of: ("weekdays", day, …) with Monday 0;
    ("every_n_days", n, anchor); ("every_n_weeks", n, anchor); ("monthly", day) on the date of that day;
    ("stepped", (days, amount, times), …); ("advised",). Anchors and days are counted from D0.
    """

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
    charted: int | None = None  # the day it was put on the chart, where that is not its first
    prescriber: str = GP
    source: str = PRESCRIPTION
    kind: str = "regular"
    pattern: tuple[Any, ...] = ()
    more_skills: tuple[str, ...] = ()
    dose_most: str = ""
    dose_choice: str = ""
    min_interval: int | None = None  # minutes
    most_24h: str = ""
    ingredients: tuple[tuple[str, str, str], ...] = ()  # name, mg in one unit, most mg in 24 hours
    guard_days: int | None = None
    food: str = ""
    asleep: str = ""
    time_class: str = ""
    psychotropic: bool = False
    witness: bool = False
    protocol: dict[str, Any] = field(default_factory=dict, hash=False)

    @property
    def units(self) -> str:
        """The plural of the unit."""
        return PLURALS[self.unit]

    @property
    def skills(self) -> tuple[str, ...]:
        """What somebody must be signed off for to give it; all of them (decision 15). None for what only a visiting
        nurse gives."""
        return (*([SKILL_OF_ROUTE[self.route]] if self.route in SKILL_OF_ROUTE else ()), *self.more_skills)

    @property
    def name(self) -> str:
        """Medicine, strength and form as one line."""
        return " ".join(part for part in (self.medicine, self.strength, self.form) if part)

    @property
    def visited(self) -> bool:
        """Whether a visiting nurse gives it, not the home."""
        return self.route == "injection"

    @property
    def counted(self) -> tuple[Ingredient, ...]:
        """What it is counted as over all products."""
        return tuple(
            Ingredient(name, Decimal(mass), Decimal(most) if most else None) for name, mass, most in self.ingredients
        )

    def schedule(self, d0: dt.date) -> dict[str, Any] | None:
        """The pattern as the product keeps a schedule, in a home made on D0."""
        if not self.pattern:
            return None
        kind, *said = self.pattern
        return {"kind": kind, **_SCHEDULES[kind](d0, *said)}


def _on(d0: dt.date, day: int) -> dt.date:
    return d0 + dt.timedelta(days=day)


def _every_weeks(d0: dt.date, n: int, anchor: int) -> dict[str, Any]:
    first = _on(d0, anchor)
    return {"n": n, "days": [first.weekday()], "anchor": first.isoformat()}


def _steps(d0: dt.date, *steps: tuple[int | None, str, tuple[str, ...]]) -> dict[str, Any]:
    return {"steps": [{"days": days, "amount": amount, "times": list(times)} for days, amount, times in steps]}


_SCHEDULES: dict[str, Any] = {
    "weekdays": lambda d0, *days: {"days": list(days)},
    "every_n_days": lambda d0, n, anchor: {"n": n, "anchor": _on(d0, anchor).isoformat()},
    "every_n_weeks": _every_weeks,
    "monthly": lambda d0, day: {"days": [min(_on(d0, day).day, 28)]},  # no month is without its 28th
    "stepped": _steps,
    "advised": lambda d0: {},
}
