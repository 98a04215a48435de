"""The verbs of sign-off: grant, pause, end. Each bites on the very next request of the person concerned."""

from __future__ import annotations

import datetime as dt

from medpwa import clock
from medpwa.action import Done, action
from medpwa.competency import deeds, queries, rules
from medpwa.competency.deeds import Key
from medpwa.competency.vocabulary import IN_A_SENTENCE, MAY_GIVE, RESIDENT_SPECIFIC, SETTABLE, SKILLS, STANDING
from medpwa.errors import Invalid, NotFound
from medpwa.permits import Actor
from medpwa.residents.models import Resident
from medpwa.staff import queries as staff
from medpwa.staff.queries import Colleague

FURTHEST_BACK = dt.timedelta(days=31)
FURTHEST_AHEAD = dt.timedelta(days=366)
LONGEST = dt.timedelta(days=3 * 366)
LONGEST_REASON = 2000


@action("competency.grant", about=staff.colleague_of)
def grant(
    *,
    by: Actor,
    about: Colleague,
    person_id: int,
    skill: str,
    resident_id: int | None = None,
    also: tuple[Key, ...] = (),
    valid_from: dt.datetime | None = None,
    valid_until: dt.datetime | None = None,
    state: str = "competent",
    reason: str = "",
) -> Done:
    """Say how a skill of a person stands from a moment (now) on; a sign-off ends after twelve months unless said.

    `also` are further skills decided together, all or none. Raises Invalid for what cannot be, NotFound for somebody
    who does not live here.
    """
    start = valid_from or clock.now()
    until = valid_until if state in MAY_GIVE else None
    if state in MAY_GIVE and until is None:
        until = rules.a_year_later(start, by.zone)
    _check_state(about, state, reason)
    _check_span(by, start, until, reason)
    keys = _each_once(skill, resident_id, also)
    for one, whose in keys:
        _known(by, one, whose)
        _check_not_overtaken(by, person_id, one, whose, start)
    said = deeds.set_states(by, person_id, keys, state, valid_from=start, valid_until=until, reason=reason)
    return Done(None, [said])


@action("competency.suspend", about=staff.colleague_of)
def suspend(
    *,
    by: Actor,
    about: Colleague,
    person_id: int,
    skill: str,
    resident_id: int | None = None,
    also: tuple[Key, ...] = (),
    reason: str,
) -> Done:
    """Pause a sign-off now, for safety and not as discipline: the person stops giving with their next request."""
    keys = _each_once(skill, resident_id, also)
    _check_standing(by, about, keys, reason, "pause")
    said = deeds.take_away(by, person_id, keys, "suspended", reason=reason, verb="competency.suspend")
    return Done(None, [said])


@action("competency.end", about=staff.colleague_of)
def end(
    *,
    by: Actor,
    about: Colleague,
    person_id: int,
    skill: str,
    resident_id: int | None = None,
    also: tuple[Key, ...] = (),
    reason: str,
) -> Done:
    """End a sign-off now; it takes a new sign-off to give again."""
    keys = _each_once(skill, resident_id, also)
    _check_standing(by, about, keys, reason, "end")
    return Done(None, [deeds.take_away(by, person_id, keys, "ended", reason=reason, verb="competency.end")])


def _each_once(skill: str, resident_id: int | None, also: tuple[Key, ...]) -> list[Key]:
    return list(dict.fromkeys([(skill, resident_id), *also]))


# ---------------------------------------------------------------- what an action insists on


def _known(by: Actor, skill: str, resident_id: int | None) -> None:
    if skill not in SKILLS:
        raise Invalid([("skill", "Choose a skill from the list. Nothing was changed.")])
    if skill in RESIDENT_SPECIFIC and resident_id is None:
        words = f"A sign-off for {IN_A_SENTENCE[skill]} is for one resident. Choose who it is for."
        raise Invalid([("resident", words)])
    if resident_id is not None and not _lives_here(by, resident_id):
        raise NotFound()


def _lives_here(by: Actor, resident_id: int) -> bool:
    return Resident.select(Resident.id).where((Resident.id == resident_id) & (Resident.home == by.home_id)).exists()


def _check_state(about: Colleague, state: str, reason: str) -> None:
    if state not in SETTABLE:
        raise Invalid([("state", "Choose how the skill stands from the list. Nothing was changed.")])
    if len(reason) > LONGEST_REASON:
        raise Invalid([("reason", f"Use at most {LONGEST_REASON} characters. Nothing was changed.")])
    if not about.roles and state in MAY_GIVE:
        words = f"{about.name} has no role here now, so cannot be signed off. Give them a role first."
        raise Invalid([("person", words)])


def _check_span(by: Actor, start: dt.datetime, until: dt.datetime | None, reason: str) -> None:
    now = clock.now()
    if start > now + FURTHEST_AHEAD:
        raise Invalid([("valid_from", "A sign-off can start at most a year ahead. Nothing was changed.")])
    if until is not None and not start < until <= start + LONGEST:
        words = "The end must come after the start, and at most 3 years after it. Nothing was changed."
        raise Invalid([("valid_until", words)])
    if by.kind == "system":
        return
    if start < now - FURTHEST_BACK:
        raise Invalid([("valid_from", "A sign-off can start at most 31 days back. Nothing was changed.")])
    if clock.local_day(start, by.zone) < clock.local_day(now, by.zone) and not reason.strip():
        raise Invalid([("reason", "Say why the sign-off is entered after the day it starts. Nothing was changed.")])


def _check_not_overtaken(by: Actor, person_id: int, skill: str, resident_id: int | None, start: dt.datetime) -> None:
    """A back-dated sign-off under a later decision would stand in the list and change nothing: say so instead."""
    now = clock.now()
    decides = rules.in_force(queries.grants_of(by.home_id, person_id), skill, resident_id, now)
    if decides is not None and start < decides.valid_from <= now:
        since = rules.date_words(decides.valid_from, now, by.zone)
        words = f"A later decision stands since {since}. Choose a start on or after it; nothing was changed."
        raise Invalid([("valid_from", words)])


def _check_standing(by: Actor, about: Colleague, keys: list[Key], reason: str, word: str) -> None:
    if not reason.strip():
        raise Invalid([("reason", "Say why, in words the person can read too. Nothing was changed.")])
    if len(reason) > LONGEST_REASON:
        raise Invalid([("reason", f"Use at most {LONGEST_REASON} characters. Nothing was changed.")])
    grants, now = queries.grants_of(by.home_id, about.person_id), clock.now()
    for skill, resident_id in keys:
        _known(by, skill, resident_id)
        state = rules.state_of(grants, skill, resident_id, now, by.zone).state
        if state not in STANDING and not (word == "end" and state == "suspended"):
            what = queries.label_of(by.home_id, skill, resident_id)
            raise Invalid([("skill", f"There is no sign-off to {word} now for {what}. Look at the list again.")])
