"""Pure: do two people who keyed the same paper agree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from medpwa.medicines.advice_rules import AdviceFacts, AdviceKeyed
from medpwa.medicines.bounds import schedule_kind
from medpwa.medicines.keying import Keyed, OrderDetails, plain
from medpwa.medicines.rules import Ingredient, OrderFacts

# what the second person keys again -> what a sentence calls it
COMPARED: dict[str, str] = {
    "medicine": "medicine",
    "strength": "strength",
    "form": "form",
    "dose_amount": "dose amount",
    "dose_unit": "unit",
    "route": "route",
    "site": "site",
    "times": "times",
    "starts_on": "start day",
    "ends_on": "end day",
    "kind": "kind of order",
    "schedule": "days it is given",
    "total_doses": "number of doses",
    "dose_most": "higher dose",
    "min_interval": "shortest time between doses",
    "most_24h": "most in 24 hours",
    "guard_days": "days before another may follow",
    "ingredients": "what it is counted as",
}
# What is read beside it, not keyed again: the window, the instructions, the protocol and what it is handled as.
REST: dict[str, str] = {
    "same": "All of it says what the paper says",
    "differs": "Something here is not what the paper says",
}
READ = "what was read beside it"


def differences(
    first: OrderFacts | Keyed | AdviceFacts,
    second: Keyed | OrderDetails | AdviceKeyed,
    compared: Mapping[str, str] = COMPARED,
) -> tuple[str, ...]:
    """Names of the fields in which two keyings differ. Forgiven are capital letters and spaces, and an anchor day that
    means the same days: every other day from the 1st is every other day from the 3rd."""
    same = {field: _comparable(getattr(first, field)) == _comparable(getattr(second, field)) for field in compared}
    return tuple(
        "steps" if field == "schedule" and "stepped" in (schedule_kind(first), schedule_kind(second)) else words
        for field, words in compared.items()
        if not same[field]
    )


def after_reading(differing: tuple[str, ...], rest: str) -> tuple[str, ...]:
    """What differs once the rest was read against the paper too (`rest` among REST). It is read only where what was
    keyed agrees: before, it stays covered."""
    return differing or ((READ,) if rest == "differs" else ())


def _comparable(value: object) -> object:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, Mapping):
        return _meant(value)
    if isinstance(value, Ingredient):
        return plain(value.name), value.mass, value.most_24h
    return tuple(sorted(map(_comparable, value), key=repr)) if isinstance(value, tuple | list) else value


def _meant(schedule: Mapping[str, Any]) -> object:
    """What a schedule means, so that two ways of writing the same days are the same."""
    said = dict(schedule)
    turn = {"every_n_days": said.get("n"), "cycle": (said.get("on") or 0) + (said.get("off") or 0)}
    if said.get("anchor") and (days := turn.get(said["kind"])):
        said["anchor"] = dt.date.fromisoformat(said["anchor"]).toordinal() % days
    elif said.get("anchor") and said.get("n"):
        said["anchor"] = (dt.date.fromisoformat(said["anchor"]).toordinal() - 1) // 7 % said["n"]
    if "steps" in said:
        said["steps"] = tuple(_step(step) for step in said["steps"])
    return tuple(sorted((k, tuple(v) if isinstance(v, list) else v) for k, v in said.items()))


def _step(step: Mapping[str, Any]) -> tuple:
    amount = step.get("amount")
    return step.get("days"), Decimal(amount) if amount else None, tuple(step.get("times") or ())

