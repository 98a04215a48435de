"""What every action about a sign-off insists on, in words: the one table of states, spans, and that nobody decided
meanwhile. Also for those who move a state from elsewhere, such as the end of an assessment."""

from __future__ import annotations

import datetime as dt

from medpwa import clock
from medpwa.competency import queries, rules, states
from medpwa.competency.deeds import Key
from medpwa.competency.models import Grant
from medpwa.competency.vocabulary import IN_A_SENTENCE, MAY_GIVE, RESIDENT_SPECIFIC, SKILLS, STATES
from medpwa.errors import Invalid, NotFound
from medpwa.permits import Actor
from medpwa.residents.models import Resident
from medpwa.staff import queries as staff
from medpwa.staff.queries import Colleague
from medpwa.staff.vocabulary import LONGEST_REASON

FURTHEST_BACK = dt.timedelta(days=31)
FURTHEST_AHEAD = dt.timedelta(days=366)
LONGEST = dt.timedelta(days=3 * 366)


def known(by: Actor, skill: str, resident_id: int | None) -> None:
    """The skill exists, names a resident where it must, and that resident is of this home."""
    if skill not in SKILLS:
        raise Invalid([("skill", "Choose a skill from the list. Nothing was changed.")])
    if skill in RESIDENT_SPECIFIC and resident_id is None:
        words = f"A sign-off for {IN_A_SENTENCE[skill]} is for one resident. Choose who it is for."
        raise Invalid([("resident", words)])
    if resident_id is not None and not _lives_here(by, resident_id):
        raise NotFound()


def _lives_here(by: Actor, resident_id: int) -> bool:
    return Resident.select(Resident.id).where((Resident.id == resident_id) & (Resident.home == by.home_id)).exists()


def fit_state(about: Colleague, state: str, reason: str) -> None:
    """The state can be set, the reason is not too long, and nobody without a role is signed off."""
    if state not in states.SETTABLE:
        raise Invalid([("state", "Choose how the skill stands from the list. Nothing was changed.")])
    if len(reason) > LONGEST_REASON:
        raise Invalid([("reason", f"Use at most {LONGEST_REASON} characters. Nothing was changed.")])
    if not about.roles and state in MAY_GIVE:
        words = f"{about.name} has no role here now, so cannot be signed off. Give them a role first."
        raise Invalid([("person", words)])


def fit_span(by: Actor, start: dt.datetime, until: dt.datetime | None, reason: str) -> None:
    """It starts and ends within bounds; what is entered late says why."""
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


def not_overtaken(by: Actor, person_id: int, skill: str, resident_id: int | None, start: dt.datetime) -> None:
    """A back-dated sign-off under a later decision would stand in the list and change nothing: say so instead."""
    now = clock.now()
    decides = rules.in_force(queries.grants_of(by.home_id, person_id), skill, resident_id, now)
    if decides is not None and start < decides.valid_from <= now:
        since = rules.date_words(decides.valid_from, now, by.zone)
        words = f"A later decision stands since {since}. Choose a start on or after it; nothing was changed."
        raise Invalid([("valid_from", words)])


def step(
    by: Actor, person_id: int, key: Key, state: str, start: dt.datetime, *, event: str | None = None
) -> None:
    """Refuse a step the table does not have, in words that say which one comes first. `event` is what leads to the
    state where it is not the manager's own word, e.g. `pass_assessment`. Raises Invalid."""
    if by.kind == "system":
        return
    now = rules.state_of(queries.grants_of(by.home_id, person_id), *key, start, by.zone).state
    if states.after(now, event or states.EVENT_FOR[state]) == state:
        return
    what = queries.label_of(by.home_id, *key)
    if now == "suspended":
        words = f"{what} is paused. Begin watching their rounds again first, then sign off what you saw."
    else:
        words = f"{what} stands at “{STATES[now]}”, which does not become “{STATES[state]}” in one step."
    raise Invalid([("state", f"{words} Nothing was changed.")])


def unchanged_since(by: Actor, person_id: int, keys: list[Key], seen: int | None) -> None:
    """Tell the second of two who decide at once what the first one decided."""
    grants = () if seen is None else queries.grants_of(by.home_id, person_id)
    newer = [g for g in grants if g.id > seen and (g.skill, g.resident_id) in keys]
    if newer:
        row = Grant.get_by_id(max(g.id for g in newer))
        who = staff.names({row.by}).get(row.by, "Somebody") if row.by else "The app itself"
        what, when = queries.label_of(by.home_id, row.skill, row.resident_id), clock.moment_words(row.at, by.zone)
        words = f"{who} decided about this {when}, while this page was open: {what}, {STATES[row.state].lower()}."
        raise Invalid([("skill", f"{words} Nothing was changed by you. Look at it as it is now.")])


def standing(
    by: Actor, about: Colleague, keys: list[Key], reason: str, word: str, seen: int | None = None
) -> None:
    """There is a reason, nobody decided meanwhile, and each of the sign-offs stands, so that it can be taken away
    (`word` is pause or end)."""
    if not reason.strip():
        raise Invalid([("reason", "Say why, in words the person can read too. Nothing was changed.")])
    if len(reason) > LONGEST_REASON:
        raise Invalid([("reason", f"Use at most {LONGEST_REASON} characters. Nothing was changed.")])
    for skill, resident_id in keys:
        known(by, skill, resident_id)
    unchanged_since(by, about.person_id, keys, seen)
    grants, now = queries.grants_of(by.home_id, about.person_id), clock.now()
    for skill, resident_id in keys:
        state = rules.state_of(grants, skill, resident_id, now, by.zone).state
        if states.after(state, "suspend" if word == "pause" else "end") is None:
            what = queries.label_of(by.home_id, skill, resident_id)
            raise Invalid([("skill", f"There is no sign-off to {word} now for {what}. Look at the list again.")])
