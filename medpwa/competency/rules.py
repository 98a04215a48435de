"""The verdict: may this person use this technique, for this resident, at this moment. Pure.

Competence is per skill and always in date; for delegated skills it is for one named resident and does not carry over
to another (Skills for Care, delegated healthcare activities). Only `competent` lets somebody give alone.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from medpwa import clock
from medpwa.competency.vocabulary import IN_A_SENTENCE, MAY_GIVE, RESIDENT_SPECIFIC, SKILLS

EXPIRED = "expired"  # a sign-off whose end has come; nobody took it away
DUE = dt.timedelta(days=60)  # how long before its end a sign-off is shown as due
DUE_SOON = dt.timedelta(days=30)  # and as due soon (domain page 5.4)
_NBSP = "\u00a0"
_ROUNDS = re.compile(r"\b(\d{1,2}|none) of (\d{1,2})\b")


@dataclass(frozen=True)
class GrantFact:
    """One stored version of one skill of one person, newest last by (valid_from, id)."""

    skill: str
    resident_id: int | None
    state: str
    valid_from: dt.datetime
    valid_until: dt.datetime | None
    id: int
    reason: str = ""


@dataclass(frozen=True)
class SkillState:
    """How a skill stands at a moment. `words` is a second-person sentence; `until` is the first moment it no longer
    counts; `since` is None where nothing was ever recorded."""

    state: str
    since: dt.datetime | None
    until: dt.datetime | None
    words: str
    reason: str = ""
    grant_id: int | None = None


@dataclass(frozen=True)
class Missing:
    """One skill somebody would need and does not hold now."""

    skill: str
    skill_words: str
    state: str
    words: str


@dataclass(frozen=True)
class SignOff:
    """Whether all required skills are held, and which are not."""

    allowed: bool
    missing: tuple[Missing, ...] = ()

    @property
    def words(self) -> str:
        """Every missing skill in one sentence each."""
        return " ".join(m.words for m in self.missing)


def in_force(grants: Iterable[GrantFact], skill: str, resident_id: int | None, at: dt.datetime) -> GrantFact | None:
    """The grant that decides: the latest begun one, by valid-from and then by id, for this resident or for all.

    For a delegated skill only a grant that names this resident counts; a general one does not.
    """
    begun = [g for g in grants if g.skill == skill and g.valid_from <= at and _concerns(g, resident_id)]
    return max(begun, key=lambda g: (g.valid_from, g.id), default=None)


def _concerns(grant: GrantFact, resident_id: int | None) -> bool:
    if grant.skill in RESIDENT_SPECIFIC:
        return grant.resident_id is not None and grant.resident_id == resident_id
    return grant.resident_id in (None, resident_id)


def stance(grants: Iterable[GrantFact], skill: str, resident_id: int | None, at: dt.datetime) -> str:
    """The word for how a skill stands, and nothing else. A sign-off whose end has come is `expired` from that very
    moment."""
    return _stance(in_force(grants, skill, resident_id, at), at)


def _stance(grant: GrantFact | None, at: dt.datetime) -> str:
    if grant is None:
        return "not_started"
    lapsed = grant.state in MAY_GIVE and grant.valid_until is not None and at >= grant.valid_until
    return EXPIRED if lapsed else grant.state


def state_of(
    grants: Iterable[GrantFact],
    skill: str,
    resident_id: int | None,
    at: dt.datetime,
    zone: str = clock.DEFAULT_ZONE,
) -> SkillState:
    """How a skill stands, since when, until when, and in words."""
    grant = in_force(grants, skill, resident_id, at)
    state = _stance(grant, at)
    if grant is None:
        return SkillState(state, None, None, _words(state, skill, None, "", at, zone))
    since = grant.valid_until if state == EXPIRED else grant.valid_from
    words = _words(state, skill, since, grant.reason, at, zone)
    return SkillState(state, since, grant.valid_until, words, grant.reason, grant.id)


def signed_off(
    grants: Sequence[GrantFact],
    skills: Iterable[str],
    resident_id: int | None,
    at: dt.datetime,
    zone: str = clock.DEFAULT_ZONE,
) -> SignOff:
    """The verdict for all of `skills` together: all are required. No skill asked for is always allowed."""
    missing = []
    for skill in dict.fromkeys(skills):
        if stance(grants, skill, resident_id, at) not in MAY_GIVE:
            stands = state_of(grants, skill, resident_id, at, zone)
            missing.append(Missing(skill, SKILLS.get(skill, skill), stands.state, stands.words))
    return SignOff(not missing, tuple(missing))


def due_soon(stands: SkillState, at: dt.datetime, within: dt.timedelta = DUE) -> bool:
    """Whether a sign-off in date ends within a span."""
    return stands.state in MAY_GIVE and stands.until is not None and stands.until - at <= within


def months_later(start: dt.datetime, months: int, zone: str) -> dt.datetime:
    """When a sign-off of some months ends: the start of the same day of that month in the home's time, or of the first
    day after it where the month is too short (1 March for 29 February)."""
    return clock.at_local(clock.months_later(clock.local_day(start, zone), months), dt.time(), zone)


def a_year_later(start: dt.datetime, zone: str) -> dt.datetime:
    """When a sign-off of twelve months ends."""
    return months_later(start, 12, zone)


# ---------------------------------------------------------------- words


def date_words(when: dt.datetime, seen_from: dt.datetime, zone: str) -> str:
    """A date as one writes it in a sentence, e.g. `15 Nov`; with its year when that is not plain."""
    day, today = clock.local_day(when, zone), clock.local_day(seen_from, zone)
    short = f"{day.day}{_NBSP}{day.strftime('%b')}"
    return short if abs((day - today).days) < 180 else f"{short}{_NBSP}{day.year}"


def rounds_passed(reason: str) -> tuple[int, int] | None:
    """How many observed rounds a reason says were passed, e.g. (1, 3) from "1 of 3 observed rounds passed"."""
    found = _ROUNDS.search(reason)
    if found is None:
        return None
    done, needed = found.groups()
    return (0 if done == "none" else int(done)), int(needed)


def _words(state: str, skill: str, since: dt.datetime | None, reason: str, at: dt.datetime, zone: str) -> str:
    what = IN_A_SENTENCE.get(skill, skill) + (" for this person" if skill in RESIDENT_SPECIFIC else "")
    when = date_words(since, at, zone) if since else ""
    rounds = rounds_passed(reason)
    if state in ("assessing", "knowledge_passed", "shadowing", "reassessment") and rounds:
        return f"You have passed {rounds[0] or 'none'} of {rounds[1]} observed rounds for {what}."
    return {
        "not_started": f"You are not signed off for {what} yet.",
        "learning": f"You are learning {what}. Nobody expects you to give it alone yet.",
        "knowledge_passed": f"You have passed the course for {what}. Your observed rounds come next.",
        "shadowing": f"You are going along on rounds for {what}. Your observed rounds come next.",
        "assessing": f"Your rounds for {what} are still being observed.",
        "competent": f"You are signed off for {what} since {when}.",
        "expired": f"Your sign-off for {what} ended on {when}.",
        "development_needed": f"You give {what} only when supervised while you practise what was agreed.",
        "not_competent": f"You are not signed off for {what} yet. More help comes first.",
        "supervised_only": f"You give {what} only when supervised for now.",
        "suspended": f"Your sign-off for {what} is paused since {when}.",
        "reassessment": f"Your rounds for {what} are being watched again. You give it alone after that.",
        "ended": f"Your sign-off for {what} was ended on {when}.",
    }[state]
