"""What is usually decided about a sign-off after an error, in words. A suggestion on the page of a pause: the manager
decides, nothing here does anything by itself (domain page 5.4)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from medpwa import clock
from medpwa.competency import queries, rules
from medpwa.competency.vocabulary import IN_A_SENTENCE
from medpwa.permits import Actor
from medpwa.staff.queries import Colleague

LOOKED_BACK = dt.timedelta(days=90)
REPEATED = 2  # errors in 90 days from which a pause is proposed
_TAKEN = frozenset({"suspended", "supervised_only", "development_needed", "reassessment"})

USUAL: tuple[tuple[str, str], ...] = (
    (
        "One slip, little or no harm",
        "They go on giving. Plan a talk about what happened and one observed round.",
    ),
    (
        "Wrong person, a controlled drug, a high-risk medicine, or the second error in 90 days",
        "Pause now, then watch three rounds before the sign-off comes back.",
    ),
)


@dataclass(frozen=True)
class Advice:
    """The two usual ways, and what was decided lately that bears on which of them."""

    usual: tuple[tuple[str, str], ...]
    lately: str


def advice(who: Actor, about: Colleague) -> Advice:
    """What the page of a pause says beside its form."""
    at = clock.now()
    grants = queries.grants_of(who.home_id, about.person_id)
    taken = sorted(
        {(g.valid_from, g.skill) for g in grants if g.state in _TAKEN and at - LOOKED_BACK < g.valid_from <= at}
    )
    return Advice(USUAL, _lately(taken, at, who.zone))


def _lately(taken: list[tuple[dt.datetime, str]], at: dt.datetime, zone: str) -> str:
    if not taken:
        return "In the last 90 days nothing of theirs was paused or supervised."
    days: dict[str, list[str]] = {}
    for when, skill in taken:
        days.setdefault(rules.date_words(when, at, zone), []).append(IN_A_SENTENCE[skill])
    said = "; ".join(f"{day}, {_few(names)}" for day, names in days.items())
    return f"Paused or supervised in the last 90 days: {said}."


def _few(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
