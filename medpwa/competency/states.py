"""How a sign-off moves from state to state: one table, obeyed by every action that moves one. Pure.

The states and their order are domain page 5.4. What nobody writes down is worked out here from the stored state, the
roles somebody holds and the clock: not needed, due (60 days before its end), due soon (30 days), out of date.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from medpwa import clock
from medpwa.competency.rules import DUE, DUE_SOON, SkillState
from medpwa.competency.vocabulary import MAY_GIVE

REMIND = (60, 30, 14, 7, 0)  # days before the end; 0 is the day it lapsed
TOLD_LATE = 7  # days for which a lapse that nobody was told of is still told


class Step(NamedTuple):
    """One way from a state to another, and what it takes."""

    before: str
    event: str
    after: str
    words: str


_LEARNERS = ("not_started", "learning", "knowledge_passed", "shadowing", "assessing")
_AGAIN = ("expired", "ended")  # whoever was signed off once may begin anywhere on the way back


def _steps(befores: Iterable[str], event: str, after: str, words: str) -> tuple[Step, ...]:
    return tuple(Step(before, event, after, words) for before in befores)


STEPS: tuple[Step, ...] = (
    *_steps(("not_started", "not_competent", *_AGAIN), "put_down", "not_started", "down to learn it"),
    *_steps(
        ("not_started", "learning", "not_competent", *_AGAIN), "begin_learning", "learning", "the course has begun"
    ),
    *_steps(
        ("not_started", "learning", "knowledge_passed", *_AGAIN), "pass_knowledge", "knowledge_passed",
        "questions passed",
    ),
    *_steps(
        ("not_started", "learning", "knowledge_passed", "shadowing", *_AGAIN), "shadow", "shadowing",
        "goes along on rounds",
    ),
    *_steps(
        (*_LEARNERS, "development_needed", "supervised_only", *_AGAIN), "observe", "assessing", "a round is observed"
    ),
    *_steps(
        (*_LEARNERS, "development_needed", "supervised_only", "reassessment", "competent", *_AGAIN), "sign_off",
        "competent", "a manager signs off what was seen",
    ),
    *_steps(
        (*_LEARNERS, "development_needed", "not_competent", "supervised_only", "suspended", "reassessment",
         "competent", *_AGAIN),
        "pass_assessment", "competent", "an assessment ends well",
    ),
    *_steps(
        (*_LEARNERS, "development_needed", "supervised_only", "suspended", "reassessment", "competent", *_AGAIN),
        "agree_practice", "development_needed", "a plan; only supervised until then",
    ),
    *_steps(
        ("assessing", "development_needed", "supervised_only", "suspended", "reassessment", "competent", *_AGAIN),
        "not_pass", "not_competent", "an assessment does not end well",
    ),
    *_steps(
        (*_LEARNERS, "development_needed", "supervised_only", "reassessment", "competent", *_AGAIN), "supervise",
        "supervised_only", "gives only with somebody beside them",
    ),
    *_steps(
        ("knowledge_passed", "shadowing", "assessing", "development_needed", "supervised_only", "reassessment",
         "competent"),
        "suspend", "suspended", "for safety, with a reason; it bites at once",
    ),
    *_steps(
        ("suspended", "reassessment", "supervised_only", "development_needed", "not_competent", "expired"),
        "reassess", "reassessment", "one to three rounds are watched again",
    ),
    *_steps(
        ("knowledge_passed", "shadowing", "assessing", "development_needed", "supervised_only", "competent",
         "suspended", "reassessment"),
        "end", "ended", "taken away, with a reason",
    ),
)  # fmt: skip
TABLE: dict[tuple[str, str], str] = {(s.before, s.event): s.after for s in STEPS}
# What the clock does by itself; nothing is stored for it.
BY_TIME: tuple[Step, ...] = (
    Step("competent", "60 days left", "due", "book the next assessment"),
    Step("due", "30 days left", "due_soon", "book it now"),
    Step("due_soon", "midnight of its day", "expired", "stops giving alone"),
)
# The usual way, as docs/architecture.md draws it; the table beside the drawing has every step.
USUAL_WAY: tuple[tuple[str, str], ...] = (
    ("not_started", "begin_learning"), ("learning", "pass_knowledge"), ("knowledge_passed", "shadow"),
    ("shadowing", "observe"), ("assessing", "sign_off"), ("assessing", "agree_practice"), ("assessing", "not_pass"),
    ("development_needed", "observe"), ("not_competent", "begin_learning"), ("competent", "supervise"),
    ("competent", "suspend"), ("supervised_only", "reassess"), ("suspended", "reassess"), ("suspended", "end"),
    ("expired", "reassess"), ("reassessment", "sign_off"), ("reassessment", "agree_practice"),
    ("reassessment", "end"), ("ended", "begin_learning"),
)  # fmt: skip
# Which event a manager means who says how a skill stands from now on.
EVENT_FOR: dict[str, str] = {
    "competent": "sign_off",
    "supervised_only": "supervise",
    "reassessment": "reassess",
    "assessing": "observe",
    "shadowing": "shadow",
    "knowledge_passed": "pass_knowledge",
    "learning": "begin_learning",
    "development_needed": "agree_practice",
    "not_competent": "not_pass",
    "not_started": "put_down",
}
SETTABLE = tuple(EVENT_FOR)  # what "sign off" may set; pausing and ending are verbs of their own
# A sign-off in one of these can be paused, or ended; in the others there is nothing to take away.
STANDING = frozenset(s.before for s in STEPS if s.event == "suspend")
ENDABLE = frozenset(s.before for s in STEPS if s.event == "end")


def after(state: str, event: str) -> str | None:
    """Where an event leads from a state (as `rules.state_of` says it); None where the table has no such step."""
    return TABLE.get((state, event))


def may_become(state: str) -> tuple[str, ...]:
    """The states a manager may set from here, in the order a form offers them."""
    return tuple(to for to, event in EVENT_FOR.items() if (state, event) in TABLE)


def shown(stands: SkillState, at: dt.datetime, *, needed: bool = True) -> str:
    """The state as a person reads it: the stored one, or what the roles and the clock make of it."""
    if stands.since is None:
        return "not_started" if needed else "not_required"
    if stands.state in MAY_GIVE and stands.until is not None:
        left = stands.until - at
        return "due_soon" if left <= DUE_SOON else "due" if left <= DUE else stands.state
    return stands.state


def days_left(until: dt.datetime, at: dt.datetime, zone: str) -> int:
    """Calendar days of the home from today to the day it no longer counts; 0 on that day, below 0 after it."""
    return (clock.local_day(until, zone) - clock.local_day(at, zone)).days


def reminder(stands: SkillState, at: dt.datetime, zone: str) -> int | None:
    """Which reminder a sign-off is at: the nearest of REMIND that has come, or None. A worker that slept through
    one tells only the next; a lapse is told for a week and then stands in the lists alone."""
    if stands.until is None or stands.state not in (*MAY_GIVE, "expired"):
        return None
    left = days_left(stands.until, at, zone)
    if stands.state == "expired":
        return 0 if left >= -TOLD_LATE else None
    return min((days for days in REMIND if 0 < days and left <= days), default=None)
