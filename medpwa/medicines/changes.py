"""Pure: what differs between two versions of an order, field by field, in words a carer reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from medpwa import clock
from medpwa.competency.vocabulary import SKILLS
from medpwa.medicines import keying, rules, schedules
from medpwa.medicines.rules import Ingredient, OrderFacts
from medpwa.medicines.vocabulary import ADVICE, ASLEEP, FIELD_WORDS, FOOD, KINDS, PROTOCOL, ROUTES, TIME_CLASSES

NOTHING = "nothing"
_NAMED: dict[str, Mapping[str, str]] = {
    "route": ROUTES,
    "food": FOOD,
    "asleep": ASLEEP,
    "kind": KINDS,
    "time_class": {name: one.label for name, one in TIME_CLASSES.items()},
}


def changes_between(old: OrderFacts, new: OrderFacts) -> list[tuple[str, str, str]]:
    """What differs, as (label, old words, new words), in the order of a form; first whether the line runs at all."""
    found = []
    if (before := _running(old)) != (after := _running(new)):
        found.append(("State", before, after))
    for field in keying.changed_fields(old, keying.details_of(new)):
        if field == "protocol":
            found += _protocol(old.protocol or {}, new.protocol or {})
        elif field in FIELD_WORDS:
            label = FIELD_WORDS[field]
            found.append((label[:1].upper() + label[1:], value_words(old, field), value_words(new, field)))
    return [one for one in found if one[1] != one[2]]


def _running(o: OrderFacts) -> str:
    if o.in_error:
        return "entered in error"
    return "stopped" if o.stopped else "on hold" if o.suspended else "running"


def _protocol(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The protocol's parts that differ, each by its own name."""
    return [
        (part.label, part_words(name, old.get(name)), part_words(name, new.get(name)))
        for name, part in PROTOCOL.items()
        if old.get(name) != new.get(name)
    ]


def part_words(name: str, value: Any) -> str:
    """One part of a protocol as it is read: `60 minutes`, `yes`, `walk, music and a drink`."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value in (None, "", []):
        return NOTHING
    if isinstance(value, list):
        return "; ".join(value)
    unit = {"minutes": "minute", "days": "day"}.get(PROTOCOL[name].kept, "")
    return f"{value}\u00a0{unit}{'' if value == 1 else 's'}" if unit else rules.kept_together(str(value))


def value_words(o: OrderFacts, field: str) -> str:
    """What one field of an order says, in words; `nothing` where it says nothing."""
    value = getattr(o, field)
    if field in _SPOKEN:
        return _SPOKEN[field](o) or NOTHING
    if field in _NAMED:
        return _NAMED[field].get(value, value) or NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return rules.amount_words(value, o.dose_unit)
    if isinstance(value, dt.date):
        return clock.date_words(value)
    if isinstance(value, tuple):
        return rules.listed([SKILLS.get(v, v) for v in value]) or NOTHING
    return rules.kept_together(str(value)) if value not in ("", None) else NOTHING


def span_words(minutes: int) -> str:
    """`4 hours`, `90 minutes`: whole hours as hours."""
    if minutes % 60:
        return f"{minutes}\u00a0minute{'' if minutes == 1 else 's'}"
    return f"{minutes // 60}\u00a0hour{'' if minutes == 60 else 's'}"


def held_words(o: OrderFacts) -> str:
    """What one dose unit holds: `paracetamol 500 mg, at most 4,000 mg in 24 hours`."""
    return "; ".join(_held(one) for one in o.ingredients)


def _held(one: Ingredient) -> str:
    said = f"{one.name} {rules.number_words(one.mass)}\u00a0mg"
    return said + (f", at most {rules.number_words(one.most_24h)}\u00a0mg in 24 hours" if one.most_24h else "")


def advice_words(advice: Mapping[str, Any] | None, zone: str = clock.DEFAULT_ZONE) -> str:
    """`Dr Banerjee (GP), today 11:20, read back, heard by Tolu Bello`."""
    if not advice or not set(ADVICE) <= set(advice):
        return ""
    when = clock.moment_words(dt.datetime.fromisoformat(advice["at"]), zone)
    return f"{advice['name']} ({advice['role']}), {when}, read back, heard by {advice['heard_by']}"


_SPOKEN: dict[str, Callable[[OrderFacts], str]] = {
    "schedule": schedules.words,
    "ingredients": held_words,
    "min_interval": lambda o: span_words(o.min_interval) if o.min_interval else "",
    "guard_days": lambda o: f"{o.guard_days}\u00a0days" if o.guard_days else "",
    "advice": lambda o: advice_words(o.advice),
}
