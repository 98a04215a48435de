"""What a manager types to sign somebody off, to pause and to end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from medpwa import clock
from medpwa.competency import queries
from medpwa.competency.deeds import Key
from medpwa.competency.states import SETTABLE
from medpwa.competency.vocabulary import RESIDENT_SPECIFIC, SKILLS
from medpwa.pages import once
from medpwa.permits import Actor
from medpwa.residents import queries as residents
from medpwa.staff import typed
from medpwa.staff.forms import Typed
from medpwa.staff.vocabulary import LONGEST_REASON


@dataclass(frozen=True)
class Decision:
    """A sign-off as read from the form."""

    keys: tuple[Key, ...]
    state: str
    valid_from: dt.datetime | None
    valid_until: dt.datetime | None
    reason: str
    seen: int | None

    @property
    def arguments(self) -> dict:
        """As the action takes them."""
        (skill, resident_id), *also = self.keys
        span = dict(valid_from=self.valid_from, valid_until=self.valid_until, seen=self.seen)
        return dict(
            skill=skill, resident_id=resident_id, also=tuple(also), state=self.state, reason=self.reason, **span
        )


def residents_to_choose(who: Actor) -> list[tuple[int, str]]:
    """Everybody who lives here, by name, for skills that are for one person."""
    return sorted(
        ((c.id, f"{c.name}, {c.room_words}") for c in residents.residents_at(who.home_id)), key=lambda r: r[1]
    )


def read_sign_off(form: Typed, who: Actor) -> Decision:
    """The decision, with every fault said at once. Raises Invalid."""
    skills = form.flags("skill", SKILLS)
    if not skills and not form.error("skill"):
        form.fault("skill", "Tick at least one skill.")
    resident_id = _resident(form, who, skills)
    state = form.choice("state", SETTABLE, "Choose how it stands from the list.")
    starts, ends = _start(form, who), _end(form, who)
    reason = form.text("reason", longest=LONGEST_REASON)
    form.demand_none()
    keys = tuple((s, resident_id if s in RESIDENT_SPECIFIC else None) for s in skills)
    return Decision(keys, state, starts, ends, reason, read_seen(form))


def read_seen(form: Typed) -> int | None:
    """The newest decision the page knew of when it was opened; None where it did not say."""
    value = form.values["seen"] = once("seen")[:20]
    return typed.number(value)


def _resident(form: Typed, who: Actor, skills: list[str]) -> int | None:
    value = form.values["resident"] = once("resident")[:40]
    needed = [s for s in skills if s in RESIDENT_SPECIFIC]
    if not needed:
        return None
    found = typed.number(value)
    if found not in {number for number, _ in residents_to_choose(who)}:
        form.fault("resident", f"{SKILLS[needed[0]]} is signed off for one resident at a time. Choose who it is for.")
        return None
    return found


def _start(form: Typed, who: Actor) -> dt.datetime | None:
    """Today means from now; another day from its first moment."""
    day = form.day("valid_from", "Choose the day it starts.")
    if day is None or day == clock.local_day(clock.now(), who.zone):
        return None
    return clock.at_local(day, dt.time(), who.zone)


def _end(form: Typed, who: Actor) -> dt.datetime | None:
    day = form.day("valid_until")
    return None if day is None else clock.at_local(day, dt.time(), who.zone)


def read_keys(form: Typed, offered: list[str]) -> tuple[Key, ...]:
    """Which of somebody's sign-offs it is about, and why. Raises Invalid."""
    chosen = form.flags("skill", offered)
    if not chosen and not form.error("skill"):
        form.fault("skill", "Tick at least one.")
    form.text("reason", "Say why, in words the person can read too.", LONGEST_REASON)
    keys = [queries.skill_of(key) for key in chosen]
    return tuple(k for k in keys if k is not None)
