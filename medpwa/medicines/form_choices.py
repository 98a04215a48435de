"""The choices the forms of an order offer, and their first page, which asks how it is given over time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import render_template, request

from medpwa.competency.vocabulary import ORDER_SKILLS
from medpwa.medicines.forms import FLAGS
from medpwa.medicines.pattern_forms import ASKS
from medpwa.medicines.typed import Typed
from medpwa.medicines.vocabulary import (
    ASLEEP,
    EARLIER,
    EXACT_TIMES,
    FOOD,
    FORMS,
    INSTRUCTIONS,
    PATTERNS,
    PROTOCOL,
    QUICK_TIMES,
    ROUTES,
    TIME_CLASSES,
    UNITS,
    WEEKDAYS,
)
from medpwa.residents.queries import ResidentCard

# As (value, words) or (value, words, hint).
_FIXED: dict[str, list[tuple[str, ...]]] = {
    "forms": list(FORMS.items()),
    "routes": list(ROUTES.items()),
    "units": [(unit, several) for unit, (_, several) in UNITS.items()],
    "quick_times": [
        *((key, said, ", ".join(times)) for key, (said, times) in QUICK_TIMES.items()),
        (EXACT_TIMES, "Other times", "typed below"),
    ],
    "weekdays": [(str(number), name) for number, name in enumerate(WEEKDAYS)],
    "month_days": [*((str(day), f"The {day}.") for day in range(1, 29)), ("-1", "The last day")],
}


def keyed_choices(typed: Typed) -> dict[str, Any]:
    """What the fields both people key offer, and which of them the pattern shows."""
    pattern = typed["pattern"]
    return _FIXED | {"asks": ASKS[pattern], "pattern_words": PATTERNS[pattern].label}


def other_choices(typed: Typed) -> dict[str, Any]:
    """What the rest of the form offers. Time-critical is said by its class; an older order may say it by itself."""
    flags = typed.lists["flag"]
    return {
        "instructions": [(text, text) for text in INSTRUCTIONS],
        "foods": list(FOOD.items()),
        "asleeps": list(ASLEEP.items()),
        "time_classes": [(name, one.label, one.hint) for name, one in TIME_CLASSES.items()],
        "flags": [(name, said) for name, said in FLAGS.items() if name != "time_critical" or name in flags],
        "skills": list(ORDER_SKILLS.items()),
        "parts": [(f"p_{name}", part) for name, part in PROTOCOL.items() if name != "choice"],
        "earliers": [(name, EARLIER[name]) for name in ("hold", "give")],
    }


def minutes_words(time_class: str, minutes: tuple[int, int]) -> str:
    """What a tick confirms: `On time from 30 min before to 30 min after, as proposed for “Ordinary”`."""
    before, after = minutes
    label = TIME_CLASSES[time_class].label
    return f"On time from {before}\u00a0min before to {after}\u00a0min after, as proposed for “{label}”"


def nothing_chosen() -> list[tuple[str, str]]:
    """What is wrong when the first page was sent without a choice; nothing when it was only opened."""
    return [("pattern", "Choose how it is given over time, then go on.")] if "pattern" in request.args else []


def pattern_page(
    card: ResidentCard,
    action: str,
    typed: Typed,
    back_url: str,
    back_words: str,
    *,
    sentence: str,
    lead: str,
    errors: Iterable[tuple[str, str]] = (),
    version_id: int | None = None,
    carry: bool = True,
) -> str:
    """The first question of both forms, with what was typed already travelling along."""
    carried = [(name, value) for name, value in typed.pairs() if name != "pattern"] if carry else []
    return render_template(
        "medicines/pattern.html",
        card=card,
        action=action,
        back_url=back_url,
        back_words=back_words,
        sentence=sentence,
        lead=lead,
        errors=list(errors),
        error=dict(errors),
        version_id=version_id,
        carried=carried,
        pattern=typed["pattern"],
        patterns=[(name, one.label, one.hint) for name, one in PATTERNS.items()],
    )
