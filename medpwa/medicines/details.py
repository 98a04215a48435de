"""What an order is to say, as people key it: the first person all of it, the second what a dose rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from medpwa.medicines.versions import Ingredient


@dataclass(frozen=True, slots=True)
class OrderDetails:
    """What an order is to say, as keyed. Amounts and days are parsed already; None stands for what is missing."""

    medicine: str
    form: str
    dose_amount: Decimal | None
    dose_unit: str
    route: str
    times: tuple[str, ...]
    starts_on: dt.date | None
    strength: str = ""
    dose_text: str = ""
    site: str = ""
    ends_on: dt.date | None = None
    instructions: tuple[str, ...] = ()
    indication: str = ""
    window_before: int = 60
    window_after: int = 60
    time_critical: bool = False
    high_risk: bool = False
    controlled: bool = False
    required_skills: tuple[str, ...] = ()
    prescriber: str = ""
    source: str = ""
    allergy_answer: str = ""
    kind: str = "regular"
    schedule: Mapping[str, Any] | None = None
    total_doses: int | None = None
    dose_most: Decimal | None = None
    dose_choice: str = ""
    min_interval: int | None = None
    most_24h: Decimal | None = None
    ingredients: tuple[Ingredient, ...] = ()
    guard_days: int | None = None
    food: str = ""
    asleep: str = ""
    time_class: str = ""
    psychotropic: bool = False
    witness: bool = False
    protocol: Mapping[str, Any] | None = None
    earlier: str = ""
    advice: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Keyed:
    """What the second person keys without seeing the first: who, what, how much, how, when, from when to when."""

    medicine: str
    strength: str
    form: str
    dose_amount: Decimal | None
    dose_unit: str
    route: str
    site: str
    times: tuple[str, ...]
    starts_on: dt.date | None
    ends_on: dt.date | None
    kind: str = "regular"
    schedule: Mapping[str, Any] | None = None
    total_doses: int | None = None
    dose_most: Decimal | None = None
    min_interval: int | None = None
    most_24h: Decimal | None = None
    guard_days: int | None = None
    ingredients: tuple[Ingredient, ...] = ()
