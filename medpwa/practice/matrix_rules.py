"""How one skill or course of one person stands, as a cell: tone, word and date. Pure.

Green in date, amber due within 60 days, red ended or missing where it is needed, grey not needed, blue booked (domain
page 5.5). A booking never hides that somebody may not give: such a cell counts as not in date whatever its colour.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from medpwa import clock
from medpwa.competency import rules
from medpwa.competency.rules import DUE, DUE_SOON, SkillState
from medpwa.competency.vocabulary import MAY_GIVE, STATES
from medpwa.practice.training_rules import CourseState

PLAIN_WITHOUT_YEAR = 350  # days
_NBSP = "\u00a0"

# state: tone, picture, word; the second word is a date unless it stands here
_LOOKS: dict[str, tuple[str, str, str, str]] = {
    "not_started": ("todo", "circle", "Not yet", "started"),
    "learning": ("due", "circle-dashed", "Learning", ""),
    "knowledge_passed": ("due", "circle-dashed", "Shadowing", ""),
    "shadowing": ("due", "circle-dashed", "Shadowing", ""),
    "assessing": ("due", "circle-dashed", "Observed", ""),
    "development_needed": ("not_given", "users", "Supervised", "with a plan"),
    "not_competent": ("blocked", "shield-ban", "Not yet", "competent"),
    "supervised_only": ("not_given", "users", "Supervised", "only"),
    "suspended": ("blocked", "shield-ban", "Paused", ""),
    "reassessment": ("due", "circle-dashed", "Reassessed", ""),
    "expired": ("blocked", "shield-ban", "Out of date", ""),
    "ended": ("blocked", "shield-ban", "Ended", ""),
}
_COUNTS_ROUNDS = frozenset({"assessing", "knowledge_passed", "shadowing", "reassessment", "suspended"})


@dataclass(frozen=True)
class Booked:
    """An assessment that is arranged and neither held nor called off."""

    on_day: dt.date
    assessor: str


@dataclass(frozen=True)
class Stands:
    """How a cell stands. `exception`: somebody has to see to it. `until` is the first day it no longer counts."""

    tone: str
    words: str
    second: str
    icon: str | None
    needed: bool
    in_date: bool
    exception: bool
    state: str
    since: dt.date | None = None
    until: dt.date | None = None

    @property
    def counts(self) -> bool:
        """Whether it is in the denominator of the share in date."""
        return self.needed


def skill_cell(stands: SkillState, needed: bool, booked: Booked | None, now: dt.datetime, zone: str) -> Stands:
    """The cell of a skill."""
    today = clock.local_day(now, zone)
    in_date = stands.state in MAY_GIVE
    since = clock.local_day(stands.since, zone) if stands.since else None
    until = clock.local_day(stands.until, zone) if stands.until else None
    left = stands.until - now if in_date and stands.until is not None else None
    tone, words, second, icon = _look(stands, needed, left, now, zone)
    soon = left is not None and left <= DUE
    exception = soon or tone in ("blocked", "not_given") or (needed and not in_date)
    if booked is not None and stands.state != "suspended" and (not in_date or soon):
        stays = f"ends {second}" if in_date else f"{words.lower()} {second}".strip()
        tone, words, second, icon = _booking(booked, today, stays if stands.since else "")
        exception = exception or tone == "missed"
    return Stands(tone, words, second, icon, needed, in_date, exception, stands.state, since, until)


def _look(stands: SkillState, needed: bool, left: dt.timedelta | None, now, zone) -> tuple[str, str, str, str | None]:
    if stands.since is None:
        return ("blocked", "Missing", "needed", "shield-ban") if needed else ("none", "Not needed", "", None)
    if stands.state in MAY_GIVE:
        until = until_words(stands.until, now, zone, soon=left is not None and left <= DUE)
        if left is not None and left <= DUE:
            return "late", "Due soon" if left <= DUE_SOON else "Due", until, "clock-alert"
        return "given", "In date", until or "no end", "circle-check"
    otherwise = ("due", "circle-dashed", STATES.get(stands.state, "Learning"), "")
    tone, icon, words, second = _LOOKS.get(stands.state, otherwise)
    rounds = rules.rounds_passed(stands.reason) if stands.state in _COUNTS_ROUNDS else None
    if rounds:
        second = f"{rounds[0]} of {rounds[1]}{' done' if stands.state == 'suspended' else ''}"
    return tone, words, second or rules.date_words(stands.since, now, zone), icon


def _booking(booked: Booked, today: dt.date, stays: str) -> tuple[str, str, str, str]:
    """A booking in front of how the skill stands, which is said all the same."""
    day = f"{booked.on_day.day}{_NBSP}{booked.on_day.strftime('%b')}"
    if booked.on_day < today:
        return "missed", "Missed", f"booked {day}{f', {stays}' if stays else ''}", "circle-question-mark"
    return "booked", "Booked", f"{day}{f', {stays}' if stays else ''}", "calendar-clock"


def course_cell(stands: CourseState, needed: bool, today: dt.date) -> Stands:
    """The cell of a course, as training_rules says how it stands."""
    taken, ends = stands.taken_on, stands.expires_on
    if stands.state == "missing":
        return Stands("blocked", "Missing", "needed", "shield-ban", needed, False, True, "missing")
    if stands.state == "not_needed":
        return Stands("none", "Not needed", "", None, needed, False, False, "not_needed", taken, ends)
    if ends is None:
        return Stands("given", "Done", day_words(taken, today), "circle-check", needed, True, False, "in_date", taken)
    when = day_words(ends, today)
    if stands.state == "lapsed":
        return Stands("blocked", "Expired", when, "shield-ban", needed, False, True, "expired", taken, ends)
    if stands.state == "due":
        word = "Due soon" if ends - today <= DUE_SOON else "Due"
        return Stands("late", word, when, "clock-alert", needed, True, True, "due", taken, ends)
    return Stands("given", "In date", f"to{_NBSP}{when}", "circle-check", needed, True, False, "in_date", taken, ends)


def until_words(end: dt.datetime | None, now: dt.datetime, zone: str, *, soon: bool) -> str:
    """An end as narrow as it is plain: `to 4 Dec`, or `Nov 2027` where day and month alone could be this year's."""
    if end is None:
        return ""
    words = day_words(clock.local_day(end, zone), clock.local_day(now, zone))
    return words if soon or (end - now).days >= PLAIN_WITHOUT_YEAR else f"to {words}"


def day_words(day: dt.date, today: dt.date) -> str:
    """`4 Dec`; with its year instead of its day where that could be mistaken for this year's."""
    if abs((day - today).days) < PLAIN_WITHOUT_YEAR:
        return f"{day.day}{_NBSP}{day.strftime('%b')}"
    return f"{day.strftime('%b')}{_NBSP}{day.year}"
