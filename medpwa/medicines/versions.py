"""An order as the rules see it: one version of a line, with everything it says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """One version of an order line, with what came after it and whether it was checked."""

    line_id: int
    version_id: int
    number: int
    home_id: int
    resident_id: int
    valid_from: dt.datetime
    valid_to: dt.datetime | None  # the next version's valid_from
    stopped: bool
    medicine: str
    strength: str
    form: str
    dose_amount: Decimal | None
    dose_unit: str
    dose_text: str
    route: str
    site: str
    times: tuple[str, ...]
    starts_on: dt.date
    ends_on: dt.date | None
    instructions: tuple[str, ...]
    indication: str
    window_before: int
    window_after: int
    time_critical: bool
    high_risk: bool
    controlled: bool
    required_skills: tuple[str, ...]
    prescriber: str
    source: str
    allergy_answer: str
    hand_keyed: bool
    checked: bool  # not keyed by hand, or a later check agrees
    keyed_by: int | None
    keyed_at: dt.datetime
    reason: str = ""
    kind: str = "regular"  # or prn, once
    schedule: Mapping[str, Any] | None = None  # None: every day at `times`
    total_doses: int | None = None
    dose_most: Decimal | None = None
    dose_choice: str = ""
    min_interval: int | None = None  # minutes
    most_24h: Decimal | None = None  # dose units
    ingredients: tuple[Ingredient, ...] = ()
    guard_days: int | None = None
    food: str = ""
    asleep: str = ""
    time_class: str = ""
    psychotropic: bool = False
    witness: bool = False
    protocol: Mapping[str, Any] | None = None
    suspended: bool = False
    in_error: bool = False
    ending: str = ""
    earlier: str = ""
    advice: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Ingredient:
    """What one dose unit holds of a substance, in mg, and the most of it in any 24 hours as prescribed."""

    name: str
    mass: Decimal
    most_24h: Decimal | None = None
