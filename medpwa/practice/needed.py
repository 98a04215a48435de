"""Who needs which skill and which course in a home: by the home's own settings, else by the usual ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from medpwa import clock
from medpwa.competency import settings
from medpwa.competency.rules import GrantFact
from medpwa.competency.vocabulary import MAY_GIVE
from medpwa.permits import CARE_ROLES
from medpwa.practice.models import Course
from medpwa.remember import once_a_look

HEADLINE = "oral"  # who gives medicines at all is signed off for giving them by mouth


@dataclass(frozen=True)
class CourseFact:
    """A course a home asks for, as it stands."""

    code: str
    name: str
    months: int | None
    roles: frozenset[str]


def roles_by_skill(home_id: int) -> Mapping[str, frozenset[str]]:
    """The roles that need each skill now, as the home keeps its skills."""
    return {key: setting.roles for key, setting in settings.settings_of(home_id).items() if setting.roles}


def needs(skill: str, roles: frozenset[str], grants: Iterable[GrantFact], home_id: int) -> bool:
    """Whether somebody with these roles is to be signed off for a skill: because of a role, or because they were once,
    and nobody has ended it since."""
    if not roles & CARE_ROLES:
        return False
    if roles & roles_by_skill(home_id).get(skill, frozenset()):
        return True
    own = [g for g in grants if g.skill == skill]
    newest = max(own, key=lambda g: (g.valid_from, g.id), default=None)
    return any(g.state in MAY_GIVE for g in own) and newest is not None and newest.state != "ended"


@once_a_look("course")
def courses_of(home_id: int) -> tuple[CourseFact, ...]:
    """The courses a home asks for now, by name."""
    now, latest = clock.now(), {}
    for c in Course.select().where(Course.home == home_id).order_by(Course.valid_from, Course.id):
        if c.valid_from <= now:
            latest[c.code] = c
    standing = [CourseFact(c.code, c.name, c.months, frozenset(c.roles)) for c in latest.values() if not c.retired]
    return tuple(sorted(standing, key=lambda c: (c.name.lower(), c.code)))


def course_names(home_id: int) -> dict[str, str]:
    """What every course a home ever asked for is called, by code."""
    rows = Course.select(Course.code, Course.name).where(Course.home == home_id).order_by(Course.valid_from, Course.id)
    return dict(rows.tuples())
