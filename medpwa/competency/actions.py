"""The verbs of sign-off: grant, pause, end. Each moves a state by the one table (competency/states.py) and bites on the
very next request of the person concerned."""

from __future__ import annotations

import datetime as dt

from medpwa import clock
from medpwa.action import Done, action
from medpwa.competency import deeds, queries, rules, settings, states
from medpwa.competency.deeds import Key
from medpwa.competency.models import Grant
from medpwa.competency.vocabulary import IN_A_SENTENCE, MAY_GIVE, RESIDENT_SPECIFIC, SKILLS, STATES
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
    seen: int | None = None,
) -> Done:
    """Say how a skill of a person stands from a moment (now) on; a sign-off ends after the months its home keeps for
    the skill (twelve) unless said.

    `also` are further skills decided together, all or none; `seen` is the newest decision the page showed
    (`queries.newest`), so that the second of two who decide at once is told. What the system brings over from paper
    obeys no table. Raises Invalid for what cannot be, NotFound for somebody who does not live here.
    """
    start = valid_from or clock.now()
    until = valid_until if state in MAY_GIVE else None
    _check_state(about, state, reason)
    _check_span(by, start, until, reason)
    keys = _each_once(skill, resident_id, also)
    for one, whose in keys:
        _known(by, one, whose)
    _check_seen(by, person_id, keys, seen)
    for one, whose in keys:
        _check_not_overtaken(by, person_id, one, whose, start)
        _check_step(by, person_id, (one, whose), state, start)
    ends = until or {key: settings.ends_at(by.home_id, key[0], start, by.zone) for key in keys}
    span = dict(valid_from=start, valid_until=ends if state in MAY_GIVE else None)
    said = deeds.set_states(by, person_id, keys, state, **span, reason=reason)
    return Done(None, [said, *deeds.tell(by, person_id, keys, said, state)])


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
    seen: int | None = None,
) -> Done:
    """Pause a sign-off now, for safety and not as discipline: the person stops giving with their next request."""
    keys = _each_once(skill, resident_id, also)
    _check_standing(by, about, keys, reason, "pause", seen)
    return Done(None, deeds.suspend(by, person_id, keys, reason=reason))


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
    seen: int | None = None,
) -> Done:
    """End a sign-off now; it takes a new sign-off to give again."""
    keys = _each_once(skill, resident_id, also)
    _check_standing(by, about, keys, reason, "end", seen)
    said = deeds.take_away(by, person_id, keys, "ended", reason=reason, verb="competency.end")
    return Done(None, [said, *deeds.tell(by, person_id, keys, said, "ended")])


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
    if state not in states.SETTABLE:
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


def _check_step(by: Actor, person_id: int, key: Key, state: str, start: dt.datetime) -> None:
    """Refuse a step the table does not have, in words that say which one comes first."""
    if by.kind == "system":
        return
    now = rules.state_of(queries.grants_of(by.home_id, person_id), *key, start, by.zone).state
    if states.after(now, states.EVENT_FOR[state]) is not None:
        return
    what = queries.label_of(by.home_id, *key)
    if now == "suspended":
        words = f"{what} is paused. Begin watching their rounds again first, then sign off what you saw."
    else:
        words = f"{what} stands at “{STATES[now]}”, which does not become “{STATES[state]}” in one step."
    raise Invalid([("state", f"{words} Nothing was changed.")])


def _check_seen(by: Actor, person_id: int, keys: list[Key], seen: int | None) -> None:
    """Tell the second of two who decide at once what the first one decided."""
    grants = () if seen is None else queries.grants_of(by.home_id, person_id)
    newer = [g for g in grants if g.id > seen and (g.skill, g.resident_id) in keys]
    if newer:
        row = Grant.get_by_id(max(g.id for g in newer))
        who = staff.names({row.by}).get(row.by, "Somebody") if row.by else "The app itself"
        what, when = queries.label_of(by.home_id, row.skill, row.resident_id), clock.moment_words(row.at, by.zone)
        words = f"{who} decided about this {when}, while this page was open: {what}, {STATES[row.state].lower()}."
        raise Invalid([("skill", f"{words} Nothing was changed by you. Look at it as it is now.")])


def _check_standing(
    by: Actor, about: Colleague, keys: list[Key], reason: str, word: str, seen: int | None = None
) -> None:
    if not reason.strip():
        raise Invalid([("reason", "Say why, in words the person can read too. Nothing was changed.")])
    if len(reason) > LONGEST_REASON:
        raise Invalid([("reason", f"Use at most {LONGEST_REASON} characters. Nothing was changed.")])
    for skill, resident_id in keys:
        _known(by, skill, resident_id)
    _check_seen(by, about.person_id, keys, seen)
    grants, now = queries.grants_of(by.home_id, about.person_id), clock.now()
    for skill, resident_id in keys:
        state = rules.state_of(grants, skill, resident_id, now, by.zone).state
        if states.after(state, "suspend" if word == "pause" else "end") is None:
            what = queries.label_of(by.home_id, skill, resident_id)
            raise Invalid([("skill", f"There is no sign-off to {word} now for {what}. Look at the list again.")])
