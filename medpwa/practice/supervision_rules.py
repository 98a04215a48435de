"""Pure decisions about supervision: what a talk must hold, who may read it, when the next is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from medpwa.practice.supervision_vocabulary import (
    BACK_DAYS,
    HOW,
    KINDS,
    LEVELS,
    LONGEST_WHAT,
    MOST_ACTIONS,
    MOST_LOOKED_BACK,
    MOST_WORDS,
    PARTS,
    SHORTEST_CLOSING,
    WEEKS,
)

UNTIL_NEXT = dt.timedelta(weeks=WEEKS)
FURTHEST_AHEAD = dt.timedelta(days=366)
Fault = tuple[str, str]


@dataclass(frozen=True)
class Agreed:
    """Something agreed in a talk: what, by whom, until when."""

    what: str
    owner_id: int
    due_on: dt.date


@dataclass(frozen=True)
class Talk:
    """A talk as it is written up."""

    kind: str
    held_on: dt.date
    said: Mapping[str, str] = field(default_factory=dict)
    level: str = "file"
    next_on: dt.date | None = None
    actions: tuple[Agreed, ...] = ()


@dataclass(frozen=True)
class Around:
    """What a talk is judged against: today, whether any past day will do (the demo's thirty days), who may own an
    action, and whether the person still works here."""

    today: dt.date
    any_past: bool
    owners: frozenset[int]
    worked_then: bool = True
    works_now: bool = True


def talk_faults(talk: Talk, around: Around) -> list[Fault]:
    """Everything that is wrong with a talk as typed: (field, sentence) pairs; empty when it can be kept."""
    beside = [*_next_faults(talk, around), *_action_faults(talk, around)]
    return [*_held_faults(talk, around), *_said_faults(talk), *beside]


def _held_faults(talk: Talk, around: Around) -> list[Fault]:
    faults = []
    if talk.kind not in KINDS:
        faults.append(("kind", "Choose what kind of talk it was from the list."))
    if talk.level not in LEVELS:
        faults.append(("level", "Choose who may read it from the list."))
    if talk.held_on > around.today:
        faults.append(("held_on", "That day is still to come. A talk is written up once it was held."))
    elif not around.any_past and talk.held_on < around.today - dt.timedelta(days=BACK_DAYS):
        faults.append(("held_on", f"A talk is written up within {BACK_DAYS} days. Choose a later day; it is kept."))
    elif not around.worked_then:
        faults.append(("held_on", "They did not work here on that day. Choose the day you talked."))
    return faults


def _said_faults(talk: Talk) -> list[Fault]:
    faults = []
    for part, words in talk.said.items():
        if part not in PARTS:
            faults.append(("said", "The form is not one of ours. Open it again; nothing was saved."))
        elif len(words) > MOST_WORDS:
            faults.append((part, f"Use at most {MOST_WORDS:,} characters; this has {len(words):,}. Nothing was saved."))
    if not any(words.strip() for words in talk.said.values()):
        faults.append((next(iter(PARTS)), "Write down what you talked about, under at least one heading."))
    return faults


def _next_faults(talk: Talk, around: Around) -> list[Fault]:
    if talk.next_on is None:
        return []
    if not around.works_now:
        return [("next_on", "They do not work here any more, so there is no next talk. Leave the day empty.")]
    if not talk.held_on < talk.next_on <= talk.held_on + FURTHEST_AHEAD:
        return [("next_on", "The next talk is after this one, within a year. Choose another day, or leave it empty.")]
    return []


def _action_faults(talk: Talk, around: Around) -> list[Fault]:
    faults = []
    if len(talk.actions) > MOST_ACTIONS:
        faults.append(("what-1", f"Agree at most {MOST_ACTIONS} actions in one talk. Nothing was saved."))
    for number, agreed in enumerate(talk.actions, 1):
        if not agreed.what or len(agreed.what) > LONGEST_WHAT:
            faults.append((f"what-{number}", f"Say what will be done, in at most {LONGEST_WHAT} letters."))
        if agreed.owner_id not in around.owners:
            faults.append((f"owner-{number}", "Choose who will do it from the people who work here."))
        if not talk.held_on <= agreed.due_on <= talk.held_on + FURTHEST_AHEAD:
            faults.append((f"due-{number}", "Choose a day from the talk on and within a year."))
    return faults


def closing_faults(how: str, words: str) -> list[Fault]:
    """What is wrong with the closing of an action."""
    faults = [] if how in HOW else [("how", "Choose whether it is done or not needed any more.")]
    if not SHORTEST_CLOSING <= len(words) <= MOST_WORDS:
        faults.append(("words", f"Say in a few words what came of it, in at most {MOST_WORDS:,} letters."))
    return faults


def levels_for(roles: Iterable[str]) -> tuple[str, ...]:
    """The levels somebody with these roles may read of other people's talks."""
    held = frozenset(roles)
    return tuple(level for level, (_, _, readers) in LEVELS.items() if held & readers)


def next_talk(held_on: dt.date) -> dt.date:
    """When the next talk is due where nobody says otherwise."""
    return held_on + UNTIL_NEXT


def due_on(began_on: dt.date, held_on: dt.date | None, next_on: dt.date | None) -> dt.date:
    """When somebody's next talk is due: as agreed in the newest one, else eight weeks after it; for somebody who never
    had one, eight weeks after they began."""
    if held_on is None:
        return next_talk(began_on)
    return next_on or next_talk(held_on)


def looked_back_to(held_on: dt.date, last_held: dt.date | None) -> dt.date:
    """From which day on figures stand beside a talk: since the last one, else over eight weeks; at most half a year."""
    since = last_held if last_held is not None and last_held < held_on else held_on - UNTIL_NEXT
    return max(since, held_on - dt.timedelta(days=MOST_LOOKED_BACK))
