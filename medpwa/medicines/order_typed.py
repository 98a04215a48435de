"""The form as it stands for an order: what is kept, turned back into what somebody would type."""

from __future__ import annotations

import datetime as dt
from typing import Any

from medpwa import clock
from medpwa.medicines import rules, schedules
from medpwa.medicines.forms import FLAGS
from medpwa.medicines.rules import OrderFacts
from medpwa.medicines.typed import LISTS, PROTOCOL_TEXTS, TEXTS, Typed
from medpwa.medicines.vocabulary import EXACT_TIMES, INSTRUCTIONS


def typed_of(o: OrderFacts, zone: str = clock.DEFAULT_ZONE) -> Typed:
    """The form as it stands for an order, its reason left to be written."""
    offered = {text.casefold(): text for text in INSTRUCTIONS}
    ticked = tuple(offered[i.casefold()] for i in o.instructions if i.casefold() in offered)
    others = [i for i in o.instructions if i.casefold() not in offered]
    plain = {name: _text(getattr(o, name)) for name in TEXTS if hasattr(o, name) and name not in ("earlier", "reason")}
    worked_out = {
        "pattern": schedules.kind_of(o),
        "quick_times": EXACT_TIMES if o.times else "",
        "other_instructions": "\n".join(others),
        **_schedule(o),
        **_interval(o.min_interval),
        **_held(o),
        **_protocol(o),
        **_advice(o, zone),
    }
    if worked_out["pattern"] == "prn":
        worked_out |= {"window_before": "", "window_after": ""}
    lists = dict.fromkeys(LISTS, ()) | {
        "time": o.times,
        "weekday": tuple(str(day) for day in _days(o)),
        "instruction": ticked,
        "flag": tuple(name for name in FLAGS if getattr(o, name)),
        "skill": o.required_skills,
    }
    return Typed(dict.fromkeys(TEXTS, "") | plain | worked_out, lists)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return value.isoformat()
    return value if isinstance(value, str) else rules.number_words(value)


def _days(o: OrderFacts) -> list[int]:
    return list((o.schedule or {}).get("days", ())) if schedules.kind_of(o) in ("weekdays", "every_n_weeks") else []


def _schedule(o: OrderFacts) -> dict[str, str]:
    said = o.schedule or {}
    found = {
        "every": _text(said.get("n")),
        "anchor": said.get("anchor") or "",
        "days_on": _text(said.get("on")),
        "days_off": _text(said.get("off")),
        "month_day": str(said["days"][0]) if schedules.kind_of(o) == "monthly" else "",
    }
    for row, step in enumerate(said.get("steps", ()), 1):
        found |= {
            f"step_days_{row}": _text(step.get("days")),
            f"step_amount_{row}": step.get("amount") or "",
            f"step_times_{row}": " ".join(step.get("times") or ()),
        }
    return {name: value for name, value in found.items() if name in TEXTS}


def _interval(minutes: int | None) -> dict[str, str]:
    if not minutes:
        return {"interval": "", "interval_unit": ""}
    whole = minutes % 60 == 0
    return {"interval": str(minutes // 60 if whole else minutes), "interval_unit": "hours" if whole else "minutes"}


def _held(o: OrderFacts) -> dict[str, str]:
    found = {}
    for row, one in enumerate(o.ingredients, 1):
        found |= {
            f"ingredient_name_{row}": one.name,
            f"ingredient_mass_{row}": _text(one.mass),
            f"ingredient_most_{row}": _text(one.most_24h),
        }
    return {name: value for name, value in found.items() if name in TEXTS}


def _protocol(o: OrderFacts) -> dict[str, str]:
    said = o.protocol or {}
    return {field: _part(said.get(field.removeprefix("p_"))) for field in PROTOCOL_TEXTS}


def _part(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "\n".join(value) if isinstance(value, list) else str(value or "")


def _advice(o: OrderFacts, zone: str) -> dict[str, str]:
    said = o.advice or {}
    if not said.get("at"):
        return {}
    at = clock.local(dt.datetime.fromisoformat(said["at"]), zone)
    return {
        **{f"a_{name}": said.get(name, "") for name in ("name", "role", "heard_by")},
        "a_read_back": "yes" if said.get("read_back") else "",
        "a_day": at.date().isoformat(),
        "a_time": f"{at:%H:%M}",
    }
