"""Read-only answers about sign-offs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from medpwa import clock
from medpwa.competency import rules, states
from medpwa.competency.models import Grant
from medpwa.competency.rules import GrantFact, SignOff
from medpwa.competency.vocabulary import SKILLS
from medpwa.permits import CARE_ROLES
from medpwa.remember import home_stamp, once_a_look, remembered
from medpwa.residents import queries as residents
from medpwa.staff import queries as staff
from medpwa.staff.rules import OnShift, shift_leader
from medpwa.staff.vocabulary import ON_CALL


@dataclass(frozen=True)
class Helper:
    """Somebody on shift who is signed off, as a screen names them."""

    person_id: int
    name: str
    role_words: str
    on_call: bool = False  # at home: a call, not a few steps


@dataclass(frozen=True)
class Expiring:
    """A sign-off that ends soon."""

    person_id: int
    name: str
    skill: str
    skill_words: str
    resident_id: int | None
    until: dt.datetime


@once_a_look("skill_grant")
def grants_at(home_id: int) -> Mapping[int, tuple[GrantFact, ...]]:
    """Every grant of a home by person, kept until the home's next grant."""
    newest = home_stamp(("skill_grant",), "SELECT max(id) FROM skill_grant WHERE home_id = ?", home_id)
    return remembered("grants", home_id, newest, lambda: _read(home_id))


def _read(home_id: int) -> Mapping[int, tuple[GrantFact, ...]]:
    found: dict[int, list[GrantFact]] = {}
    columns = (Grant.person, Grant.skill, Grant.resident, Grant.state, Grant.valid_from, Grant.valid_until, Grant.id)
    for person_id, *fact in Grant.select(*columns, Grant.reason).where(Grant.home == home_id).tuples():
        found.setdefault(person_id, []).append(GrantFact(*fact))
    return MappingProxyType({person_id: tuple(facts) for person_id, facts in found.items()})


def key_of(skill: str, resident_id: int | None) -> str:
    """A skill, and the resident it is for, as one word of a form."""
    return skill if resident_id is None else f"{skill}:{resident_id}"


def skill_of(key: str) -> tuple[str, int | None] | None:
    """What a form's word stands for; None for nonsense."""
    skill, _, number = key.partition(":")
    if skill not in SKILLS or (number and not (number.isascii() and number.isdigit() and len(number) <= 9)):
        return None
    return skill, int(number) if number else None


def label_of(home_id: int, skill: str, resident_id: int | None) -> str:
    """A skill's name, with the resident's where it is for one: `Insulin for Harold Nkemelu`."""
    if resident_id is None:
        return SKILLS[skill]
    card = residents.resident_card(home_id, resident_id)
    return f"{SKILLS[skill]} for {card.name if card else 'somebody who is not here now'}"


def grants_of(home_id: int, person_id: int) -> tuple[GrantFact, ...]:
    """Every grant of a person in a home."""
    return grants_at(home_id).get(person_id, ())


def newest(home_id: int, person_id: int) -> int:
    """The newest decision about a person in a home, as a number a page carries; 0 where there is none."""
    return max((g.id for g in grants_of(home_id, person_id)), default=0)


def standing(home_id: int, person_id: int, at: dt.datetime | None = None) -> list[tuple[str, int | None]]:
    """The sign-offs of a person that can be paused now: what a check or an incident may pause."""
    grants, at = grants_of(home_id, person_id), at or clock.now()
    keys = dict.fromkeys((g.skill, g.resident_id) for g in grants if g.skill in SKILLS)
    return [key for key in keys if rules.state_of(grants, *key, at).state in states.STANDING]


def sign_off(
    home_id: int, person_id: int, skills: Iterable[str], resident_id: int | None, at: dt.datetime | None = None
) -> SignOff:
    """Whether a person may do something that needs these skills for this resident at a moment (now)."""
    grants = grants_of(home_id, person_id)
    return rules.signed_off(grants, skills, resident_id, at or clock.now(), staff.zone_of(home_id))


def who_can(
    home_id: int,
    skills: Iterable[str],
    resident_id: int | None,
    at: dt.datetime | None = None,
    *,
    without: int | None = None,
) -> tuple[list[Helper], str]:
    """Who on shift is signed off for all of these skills, the shift leader first and those on call alone last, and
    how we know who is on shift.

    `without` leaves one person out: usually the one who asks.
    """
    at, skills = at or clock.now(), tuple(skills)
    people, how_known = staff.on_shift(home_id, at)
    leader, grants = shift_leader(people), grants_at(home_id)
    able = [
        person
        for person in _each_once(people)
        if person.person_id != without
        and person.roles & CARE_ROLES
        and rules.signed_off(grants.get(person.person_id, ()), skills, resident_id, at).allowed
    ]
    able.sort(key=lambda p: (p.duty == ON_CALL, leader is None or p.person_id != leader.person_id))
    return [Helper(p.person_id, p.name, p.role_words, p.duty == ON_CALL) for p in able], how_known


def _each_once(people: Iterable[OnShift]) -> list[OnShift]:
    """Somebody with two duties at once, named once and by the first of them."""
    found: dict[int, OnShift] = {}
    for person in people:
        found.setdefault(person.person_id, person)
    return list(found.values())


def expiring(home_id: int, within: dt.timedelta = rules.DUE, at: dt.datetime | None = None) -> list[Expiring]:
    """Sign-offs in date that end within a span, soonest first, of people who work here now."""
    at, found = at or clock.now(), []
    for colleague in staff.colleagues(home_id):
        if not colleague.roles:
            continue
        grants = grants_of(home_id, colleague.person_id)
        for skill, resident_id in dict.fromkeys((g.skill, g.resident_id) for g in grants):
            stands = rules.state_of(grants, skill, resident_id, at)
            if rules.due_soon(stands, at, within) and stands.until is not None:
                found.append(
                    Expiring(colleague.person_id, colleague.name, skill, SKILLS[skill], resident_id, stands.until)
                )
    return sorted(found, key=lambda e: (e.until, e.name, e.skill))
