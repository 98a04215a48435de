"""Who needs which skill and which course in a home: by the home's own settings, else by the usual ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from medpwa.competency import settings
from medpwa.competency.rules import GrantFact
from medpwa.competency.vocabulary import MAY_GIVE
from medpwa.permits import CARE_ROLES
from medpwa.practice import training
from medpwa.practice.training_rules import CourseFacts
from medpwa.remember import once_a_look

HEADLINE = "oral"  # who gives medicines at all is signed off for giving them by mouth


def roles_by_skill(home_id: int) -> Mapping[str, frozenset[str]]:
    """The roles that need each skill now, as the home keeps its skills."""
    return {key: setting.roles for key, setting in settings.settings_of(home_id).items() if setting.roles}


def needs(
    skill: str, resident_id: int | None, roles: frozenset[str], grants: Iterable[GrantFact], home_id: int
) -> bool:
    """Whether somebody with these roles is to be signed off for a skill: because of a role, or because they were once,
    and nobody has ended it since. What is delegated for one resident no role needs, and nothing that was decided for
    another resident counts."""
    if not roles & CARE_ROLES:
        return False
    if resident_id is None and roles & roles_by_skill(home_id).get(skill, frozenset()):
        return True
    own = [g for g in grants if g.skill == skill and resident_id in (None, g.resident_id)]
    newest = max(own, key=lambda g: (g.valid_from, g.id), default=None)
    return any(g.state in MAY_GIVE for g in own) and newest is not None and newest.state != "ended"


@once_a_look("course")
def courses_of(home_id: int) -> tuple[CourseFacts, ...]:
    """The courses a home asks for now, by name."""
    return tuple(training.courses_of(home_id))


def course_names(home_id: int) -> dict[str, str]:
    """What every course a home ever asked for is called, by code."""
    return {c.code: c.name for c in training.courses_of(home_id, retired=True)}
