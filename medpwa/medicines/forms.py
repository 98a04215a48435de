"""Reading what people type about an order. Every value ends up as what it means, or as a sentence beside its field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from medpwa import clock
from medpwa.errors import Invalid
from medpwa.medicines import bounds, keying, pattern_forms
from medpwa.medicines import typed as read
from medpwa.medicines.keying import Keyed, OrderDetails, Problem
from medpwa.medicines.pattern_forms import ASKS
from medpwa.medicines.typed import KEYED_TEXTS as KEYED_TEXTS
from medpwa.medicines.typed import LISTS as LISTS
from medpwa.medicines.typed import PROTOCOL_TEXTS, TEXTS, Typed
from medpwa.medicines.vocabulary import PATTERNS, PROTOCOL, TIME_CLASSES

FLAGS: dict[str, str] = {
    "time_critical": "Time-critical: giving it late could harm",
    "high_risk": "High-risk: always given one by one",
    "controlled": "Controlled drug",
    "psychotropic": "Acts on mood or behaviour",
    "witness": "A second person watches it given",
}
# Where a problem of the details shows in the form.
_SHOWN_AT = {
    "times": "quick_times", "instructions": "other_instructions", "required_skills": "skill",
    "p_choice": "dose_choice", "a_at": "a_day",
}  # fmt: skip


def details_of(typed: Typed, zone: str = clock.DEFAULT_ZONE) -> OrderDetails:
    """The order somebody typed. Raises Invalid with a sentence for every field that cannot stand."""
    _must_have_a_pattern(typed)
    found: list[Problem] = []
    details = keying.with_mass(keying.tidied(OrderDetails(**_values(typed, zone, found))))
    _raise_if_any(typed, found, keying.problems(details))
    return details


def keyed_of(typed: Typed) -> Keyed:
    """What the second person typed. Raises Invalid likewise."""
    _must_have_a_pattern(typed)
    found: list[Problem] = []
    values = pattern_forms.keyed(typed, found)
    texts = {name: " ".join(values[name].split()) for name in ("medicine", "strength", "site")}
    keyed = Keyed(**{**values, **texts})
    _raise_if_any(typed, found, keying.keyed_problems(keyed))
    return keyed


def _must_have_a_pattern(typed: Typed) -> None:
    if typed["pattern"] not in PATTERNS:
        raise Invalid([("pattern", "Choose first how it is given over time.")])


def _values(typed: Typed, zone: str, found: list[Problem]) -> dict[str, Any]:
    asks = ASKS[typed["pattern"]]
    before, after = _windows(typed, found) if "timing" in asks else (0, 0)
    instructions = (*typed.lists["instruction"], *typed["other_instructions"].splitlines())
    chosen = typed["time_class"] if "timing" in asks else ""
    flags = {name: name in typed.lists["flag"] for name in FLAGS}
    flags["time_critical"] |= chosen in TIME_CLASSES and TIME_CLASSES[chosen].critical
    return {
        **pattern_forms.keyed(typed, found),
        **{name: typed[name] for name in ("prescriber", "source", "allergy_answer")},
        "indication": typed["p_condition" if "protocol" in asks else "indication"],
        **flags,
        "instructions": tuple(dict.fromkeys(instructions)),
        "window_before": before,
        "window_after": after,
        "time_class": chosen,
        "dose_choice": " ".join(typed["dose_choice"].split()) if "most" in asks else "",
        "food": typed["food"] if "food" in asks else "",
        "asleep": typed["asleep"] if "asleep" in asks else "",
        "required_skills": _skills(typed),
        "protocol": _protocol(typed, found) if "protocol" in asks else None,
        "advice": _advice(typed, zone, found) if "advice" in asks else None,
        "earlier": typed["earlier"] if typed["earlier"] == "give" else "",
    }


# ---------------------------------------------------------------- minutes, and who confirmed them


def proposal(typed: Typed) -> tuple[int, int] | None:
    """The minutes before and after that a class of time proposes, where the person wrote none themselves."""
    one = TIME_CLASSES.get(typed["time_class"])
    if one is None or one.before is None or one.after is None or typed.has("window_before", "window_after"):
        return None
    return (one.before, one.after) if "timing" in ASKS.get(typed["pattern"], ()) else None


def to_confirm(typed: Typed) -> str:
    """What stands for proposed minutes nobody has confirmed yet: the value of the tick that confirms just these. Empty
    when there is nothing to confirm."""
    proposed = proposal(typed)
    said = f"{typed['time_class']} {proposed[0]} {proposed[1]}" if proposed else ""
    return "" if typed["windows_right"] == said else said


def _windows(typed: Typed, found: list[Problem]) -> tuple[int, int]:
    proposed = proposal(typed)
    if proposed:
        return proposed
    words = "Write the minutes as a figure, or leave both empty and choose a class that proposes them."
    sides = [read.whole(field, typed[field], found, words) for field in ("window_before", "window_after")]
    for field, side in zip(("window_before", "window_after"), sides, strict=True):
        if side is None and not typed[field]:
            found.append((field, words))
    return sides[0] or 0, sides[1] or 0


def _skills(typed: Typed) -> tuple[str, ...]:
    """The sign-offs chosen, and always what form and route, a controlled drug, a calming one and a letter need."""
    needed = [skill for skill in (keying.technique(typed["form"], typed["route"]),) if skill]
    if "controlled" in typed.lists["flag"]:
        needed.append("controlled")
    if "psychotropic" in typed.lists["flag"] and typed["pattern"] == "prn":
        needed.append("prn_psychotropic")
    if typed["pattern"] == "advised":
        needed.append("warfarin")
    return tuple(dict.fromkeys([*needed, *typed.lists["skill"]]))


# ---------------------------------------------------------------- protocol and advice


def _protocol(typed: Typed, found: list[Problem]) -> dict[str, Any]:
    """The protocol as it is kept: what nobody wrote is left out."""
    said: dict[str, Any] = {}
    for field in PROTOCOL_TEXTS:
        name = field.removeprefix("p_")
        value = _part(field, PROTOCOL[name].kept, typed[field], found)
        if value not in (None, "", []):
            said[name] = value
    choice = " ".join(typed["dose_choice"].split())
    return said | ({"choice": choice} if choice else {})


def _part(field: str, kept: str, text: str, found: list[Problem]) -> Any:
    if kept == "list":
        return read.lines(text)
    if kept in ("minutes", "days"):
        return read.whole(field, text, found)
    if kept == "yesno":
        return {"yes": True, "no": False}.get(text)
    return " ".join(text.split())


def _advice(typed: Typed, zone: str, found: list[Problem]) -> dict[str, Any] | None:
    """A prescriber's advice as it is kept, its time as an instant; None where nothing of it was filled in."""
    if not typed.has("a_name", "a_role", "a_time", "a_read_back", "a_heard_by"):
        return None
    said: dict[str, Any] = {name: " ".join(typed[f"a_{name}"].split()) for name in ("name", "role", "heard_by")}
    return said | {"read_back": typed["a_read_back"] == "yes", "at": _said_at(typed, zone, found)}


def _said_at(typed: Typed, zone: str, found: list[Problem]) -> str:
    """When the advice was given: a time that is not still to come."""
    day, time = read.day("a_day", typed["a_day"], found), read.clock_time(typed["a_time"])
    if day is None or not bounds.is_clock_time(time) or not keying.FIRST_YEAR <= day.year <= keying.LAST_YEAR:
        found.append(("a_day", "Give the day and the time they said it, like 08:00."))
        return ""
    at = clock.at_local(day, dt.time.fromisoformat(time), zone)
    if at > clock.now():
        found.append(("a_day", "That time is still to come. Give the time they said it."))
    return at.astimezone(dt.UTC).isoformat()


# ---------------------------------------------------------------- problems, where the form shows them


def _raise_if_any(typed: Typed, parsing: list[Problem], judged: list[Problem]) -> None:
    """What could not be read speaks first: a field it names needs no second complaint."""
    named = {field for field, _ in parsing}
    found = [*parsing, *(p for p in judged if p[0] not in named)]
    if found:
        raise Invalid(in_form_order(typed["pattern"], found))


def in_form_order(pattern: str, found: Iterable[Problem]) -> list[Problem]:
    """Problems at the ids of the form's fields, as they come down the page, each sentence once."""
    order = {name: place for place, name in enumerate((*TEXTS, "skill"))}
    at: Mapping[str, str] = _SHOWN_AT | {"schedule": pattern_forms.SHOWN_AT.get(pattern, "pattern")}
    if "one_time" in ASKS.get(pattern, ()):
        at = {**at, "times": "time-1"}
        order["time-1"] = order["quick_times"]
    if "steps" in ASKS.get(pattern, ()):
        at = {**at, "dose_amount": "step_amount_1"}
    shown = dict.fromkeys((at.get(field, field), words) for field, words in found)
    order |= {"weekday": order["every"], "other_instructions": order["other_instructions"]}
    return sorted(shown, key=lambda p: order.get(p[0], 999))
