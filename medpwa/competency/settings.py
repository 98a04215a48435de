"""How a home keeps each skill: how long a sign-off counts, and which roles need it. Answers only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from medpwa.competency import rules
from medpwa.competency.models import SkillSetting
from medpwa.competency.vocabulary import CATALOGUE, MONTHS, RESIDENT_SPECIFIC
from medpwa.remember import home_stamp, once_a_look, remembered


@dataclass(frozen=True)
class Setting:
    """One skill as a home keeps it. `version` is 0 where the home never changed it."""

    skill: str
    months: int
    roles: frozenset[str]
    version: int = 0
    since: dt.datetime | None = None
    by: int | None = None


@once_a_look("skill_setting")
def settings_of(home_id: int) -> Mapping[str, Setting]:
    """Every skill of the catalogue as this home keeps it now."""
    newest = home_stamp(("skill_setting",), "SELECT max(id) FROM skill_setting WHERE home_id = ?", home_id)
    return remembered("skill_settings", home_id, newest, lambda: _read(home_id))


def _read(home_id: int) -> Mapping[str, Setting]:
    found = {key: Setting(key, MONTHS, frozenset(skill.roles)) for key, skill in CATALOGUE.items()}
    for row in versions(home_id):
        if row.skill in found:
            found[row.skill] = Setting(
                row.skill, row.months, frozenset(row.roles), row.id, row.valid_from, row.by
            )
    return MappingProxyType(found)


def versions(home_id: int, skill: str | None = None) -> list[SkillSetting]:
    """Every version a home wrote, of one skill or of all, oldest first."""
    mine = SkillSetting.home == home_id
    if skill is not None:
        mine &= SkillSetting.skill == skill
    return list(SkillSetting.select().where(mine).order_by(SkillSetting.valid_from, SkillSetting.id))


def ends_at(home_id: int, skill: str, start: dt.datetime, zone: str) -> dt.datetime:
    """When a sign-off that begins at `start` stops counting by itself: a midnight in the home's time."""
    return rules.months_later(start, settings_of(home_id)[skill].months, zone)


def needed_by(home_id: int, roles: Iterable[str]) -> tuple[str, ...]:
    """The skills somebody with these roles needs, in the catalogue's order. What is delegated for one resident is
    needed by what that resident is prescribed, never by a role."""
    held = frozenset(roles)
    return tuple(s.skill for s in settings_of(home_id).values() if s.roles & held and s.skill not in RESIDENT_SPECIFIC)
