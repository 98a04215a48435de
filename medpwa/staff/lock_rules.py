"""When a session locks and when it is over: pure decisions of moments. Why these figures: docs/decisions/phones.md."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

PHONE = dt.timedelta(minutes=2)
PHONE_READY = dt.timedelta(minutes=5)  # while a card stands in Ready: somebody is giving a medicine
DESK = dt.timedelta(minutes=15)
LONGEST = dt.timedelta(hours=13)
WARNED_BEFORE = dt.timedelta(minutes=30)
READY_LASTS = dt.timedelta(minutes=30)  # decision 10: how long a line made ready waits for its outcome
GRACE = READY_LASTS  # whoever made one ready before the end can still record it

# A clock put back by more must not make an old session look used just now.
CLOCKS_DIFFER = dt.timedelta(minutes=1)

LIVE, LOCKED, OVER = "live", "locked", "over"


@dataclass(frozen=True)
class SessionFacts:
    """What decides about a session: when it began, was last used, was locked, and whether a card stands in Ready."""

    started_at: dt.datetime
    last_seen: dt.datetime
    locked_at: dt.datetime | None
    on_phone: bool
    ready_at: dt.datetime | None


def idle_limit(facts: SessionFacts, at: dt.datetime) -> dt.timedelta:
    """How long nobody may touch it before it locks."""
    if not facts.on_phone:
        return DESK
    return PHONE_READY if stands_ready(facts, at) else PHONE


def stands_ready(facts: SessionFacts, at: dt.datetime) -> bool:
    """Whether lines were made ready on the open card and may still be recorded."""
    return facts.ready_at is not None and ready_holds(facts.ready_at, at)


def ready_holds(prepared_at: dt.datetime, at: dt.datetime) -> bool:
    """Whether a line made ready then may still be recorded: up to 30 minutes later."""
    return dt.timedelta(0) <= at - prepared_at <= READY_LASTS


def over_at(facts: SessionFacts, at: dt.datetime) -> dt.datetime:
    """When it ends whatever is done in it: after 13 hours, or up to 30 minutes later while a dose is being given."""
    return facts.started_at + (LONGEST + GRACE if stands_ready(facts, at) else LONGEST)


def standing(facts: SessionFacts, at: dt.datetime) -> str:
    """Whether a session is `live`, `locked` or `over` at a moment."""
    if at >= over_at(facts, at) or facts.started_at - at > CLOCKS_DIFFER:
        return OVER
    ahead = facts.last_seen - at > CLOCKS_DIFFER
    if facts.locked_at is not None or ahead or at - facts.last_seen >= idle_limit(facts, at):
        return LOCKED
    return LIVE


def to_be_warned(facts: SessionFacts, at: dt.datetime) -> bool:
    """Whether the end is near enough to say so."""
    return at >= facts.started_at + LONGEST - WARNED_BEFORE


STEP_UP_LASTS = dt.timedelta(minutes=5)  # how long a PIN or password counts as typed a moment ago (bar page 4)


def stepped_up(typed_at: dt.datetime | None, at: dt.datetime) -> bool:
    """Whether the person at the screen proved themselves a moment ago, for what touches the record most."""
    return typed_at is not None and dt.timedelta(0) <= at - typed_at <= STEP_UP_LASTS
