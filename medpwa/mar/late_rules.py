"""Pure decisions about a time-critical dose nobody has recorded: who is told when, until somebody takes it on.

Domain page 1.7: a senior is alerted at once, again a quarter of an hour and half an hour later. It begins with the end
of the dose's own window; until then it is not late.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One telling: how long after the end of the window, and whom."""

    name: str  # part of the alert's key; empty for the first, whose key is the dose's own
    after: dt.timedelta
    to: str  # shift_leader, leaders or registered_manager


STEPS: tuple[Step, ...] = (
    Step("", dt.timedelta(), "shift_leader"),
    Step("leaders", dt.timedelta(minutes=15), "leaders"),
    Step("manager", dt.timedelta(minutes=30), "registered_manager"),
)


def steps_due(on_time_until: dt.datetime, at: dt.datetime, *, taken_on: bool) -> tuple[Step, ...]:
    """The tellings that are due at a moment. Once a named person has taken it on nobody else is troubled; that
    somebody was told late, because the worker was down, leaves no step out."""
    if taken_on or at <= on_time_until:
        return ()
    return tuple(s for s in STEPS if at >= on_time_until + s.after)


@dataclass(frozen=True, slots=True)
class Reachable:
    """Somebody who may be told: their roles, and the duty they are on, if any."""

    person_id: int
    roles: frozenset[str]
    duty: str = ""


def people_for(step: Step, on_shift: Iterable[Reachable], everybody: Iterable[Reachable]) -> tuple[int, ...]:
    """Whom a later step reaches: team leaders on shift and whoever is on call; then the registered manager, wherever
    they are. Where nobody is one of these, the manager is told in their place."""
    managers = tuple(sorted(p.person_id for p in everybody if "registered_manager" in p.roles))
    if step.to != "leaders":
        return managers
    found = {p.person_id for p in on_shift if "team_leader" in p.roles or p.duty == "on_call"}
    return tuple(sorted(found)) or managers

