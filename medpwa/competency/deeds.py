"""The only writer of the tables of sign-offs and of how a home keeps them; runs inside an open transaction and returns
its ledger lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from medpwa import alerts, clock
from medpwa.competency.models import Grant, SkillSetting
from medpwa.competency.vocabulary import IN_A_SENTENCE
from medpwa.ledger import Pending, line
from medpwa.permits import Actor


def subject(person_id: int) -> str:
    """Whose history a line about a sign-off joins: the person's."""
    return f"person:{person_id}"


Key = tuple[str, int | None]  # a skill, and the resident it is for


def set_states(
    by: Actor,
    person_id: int,
    keys: list[Key],
    state: str,
    *,
    valid_from: dt.datetime,
    valid_until: dt.datetime | Mapping[Key, dt.datetime] | None,
    reason: str,
    evidence: dict[str, int] | None = None,
) -> Pending:
    """The next version of one or several skills of a person, from a moment on: one decision, one line. `valid_until`
    is one end for all or each its own; `evidence` is what it rests on, e.g. {"assessment": 3}."""
    ends = valid_until if isinstance(valid_until, Mapping) else dict.fromkeys(keys, valid_until)
    rows = [_row(by, person_id, key, state, valid_from, ends[key], reason, evidence) for key in keys]
    return _line("competency.grant", person_id, keys, state, rows)


def suspend(
    by: Actor, person_id: int, keys: list[Key], *, reason: str, evidence: dict[str, int] | None = None
) -> list[Pending]:
    """Pause skills now, for safety and not as discipline, and tell the person in plain words: the one way to do it,
    whether a manager decides it from the file or a check or an incident leads to it. Whoever calls asks first which
    sign-offs stand (`queries.standing`)."""
    said = take_away(by, person_id, keys, "suspended", reason=reason, verb="competency.suspend", evidence=evidence)
    return [said, *tell(by, person_id, keys, said, "suspended")]


_TOLD: dict[str, str] = {
    "suspended": "{who} has paused your sign-off for {what} for now. It is for safety, not a punishment. See why.",
    "supervised_only": "{who} has decided that for now you give {what} with somebody beside you. See why.",
    "development_needed": "{who} has agreed more practice with you for {what}: with somebody beside you until then.",
    "not_competent": "{who} has recorded that you are not ready yet to give {what} alone. See what help comes first.",
    "reassessment": "{who} has begun watching your rounds for {what} again. See what comes next.",
    "ended": "{who} has ended your sign-off for {what}. See why; a new sign-off can bring it back.",
}


def tell(by: Actor, person_id: int, keys: Iterable[Key], said: Pending, state: str) -> list[Pending]:
    """Put a decision that takes something from what somebody may do in front of them, by name, before anybody else
    looks at it. What the system brings over from paper they know already."""
    if state not in _TOLD or by.kind == "system":
        return []
    words = _TOLD[state].format(who=by.name, what=in_words(skill for skill, _ in keys))
    return alerts.raise_alert(
        home_id=by.home_id,
        key=f"sign_off:{said.rows[0].id}",
        words=words,
        url=f"/h/{by.home_slug}/my-sign-offs",
        to_verb="competency.see_own",
        to_person=person_id,
        subject=subject(person_id),
    )


def in_words(skills: Iterable[str]) -> str:
    """Skills in a sentence; of more than three the first and how many others."""
    names = list(dict.fromkeys(IN_A_SENTENCE[skill] for skill in skills))
    if len(names) > 3:
        return f"{names[0]} and {len(names) - 1} other kinds"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def set_skill(by: Actor, skill: str, months: int, roles: Iterable[str]) -> Pending:
    """How this home keeps a skill from now on."""
    row = SkillSetting.create(
        home=by.home_id,
        skill=skill,
        months=months,
        roles=sorted(roles),
        valid_from=clock.now(),
        at=clock.now(),
        by=by.person_id,
    )
    return line("competency.settings", f"home:{by.home_id}", row, skill=skill)


def take_away(
    by: Actor,
    person_id: int,
    keys: list[Key],
    state: str,
    *,
    reason: str,
    verb: str,
    evidence: dict[str, int] | None = None,
) -> Pending:
    """Pause or end skills now. Sign-offs already granted from a later day are taken away on that day as well, so that
    nobody is quietly signed off again by an older decision."""
    now, rows = clock.now(), []
    for key in keys:
        moments = [now, *_granted_for_later(by, person_id, key, now)]
        rows += [_row(by, person_id, key, state, when, None, reason, evidence) for when in moments]
    return _line(verb, person_id, keys, state, rows)


def _row(
    by: Actor,
    person_id: int,
    key: Key,
    state: str,
    valid_from: dt.datetime,
    valid_until: dt.datetime | None,
    reason: str,
    evidence: dict[str, int] | None = None,
) -> Grant:
    skill, resident_id = key
    return Grant.create(
        person=person_id,
        home=by.home_id,
        skill=skill,
        resident=resident_id,
        state=state,
        valid_from=valid_from,
        valid_until=valid_until,
        reason=reason,
        at=clock.now(),
        by=by.person_id,
        evidence=evidence,
    )


def _granted_for_later(by: Actor, person_id: int, key: Key, now: dt.datetime) -> list[dt.datetime]:
    skill, resident_id = key
    later = Grant.select(Grant.valid_from).where(
        (Grant.person == person_id)
        & (Grant.home == by.home_id)
        & (Grant.skill == skill)
        & (Grant.resident.is_null() if resident_id is None else Grant.resident == resident_id)
        & (Grant.valid_from > now)
    )
    return sorted({when for (when,) in later.tuples()})


def _line(verb: str, person_id: int, keys: list[Key], state: str, rows: list[Grant]) -> Pending:
    about = [[skill, resident_id] for skill, resident_id in keys]
    return line(verb, subject(person_id), *rows, skills=about, state=state)
