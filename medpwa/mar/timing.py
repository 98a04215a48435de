"""Pure rules of telling the truth about time: late given and late recorded are two things, and the phone's clock a
third. Minutes of the ladder are the provider's defaults of domain page 1.6, in one table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from medpwa import clock

MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Ladder:
    """From which delay between giving and recording what is asked. Each step holds up to and including its minutes."""

    told_apart: int = 15  # later than this it counts as recorded late
    by_the_giver: int = 60  # up to here the giver enters it alone, with a reason
    a_day: int = 24 * 60  # later than this its home is the gap review by a manager


LADDER = Ladder()
CLOCK_DOUBT = dt.timedelta(minutes=2)
# Rungs, lowest first.
AT_ONCE, SELF, CONFIRM, REVIEW = "at_once", "self", "confirm", "review"
FLAGS_OF_RUNG: dict[str, tuple[str, ...]] = {
    AT_ONCE: (),
    SELF: ("recorded_late",),
    CONFIRM: ("recorded_late", "awaiting_confirmation"),
    REVIEW: ("recorded_late", "awaiting_confirmation", "after_a_day"),
}


def rung(
    given_at: dt.datetime, received_at: dt.datetime, close_at: dt.datetime | None, ladder: Ladder = LADDER
) -> str:
    """Which step of the ladder an entry stands on that was given at one moment and received here at another. One that
    comes after its round closed is for a team leader however short the delay (domain page 1.6)."""
    delay = received_at - given_at
    if delay > ladder.a_day * MINUTE:
        return REVIEW
    if delay > ladder.by_the_giver * MINUTE or (close_at is not None and received_at >= close_at):
        return CONFIRM
    return SELF if delay > ladder.told_apart * MINUTE else AT_ONCE


# What makes a report more than its giver's own word, however soon it comes.
NEVER_QUIET = frozenset(
    {
        "not_signed_off", "not_witnessed", "second_give", "joined_refusal", "interval_breach", "maximum_breach",
        "guard_breach",
    }
)


def tells_more(step: str, *, by_the_giver: bool, flags: Collection[str]) -> bool:
    """Whether a dose already given is told in full, with who knew of it, and put before those who lead: later than an
    hour or after the close, by somebody else, or where a rule would have stood in its way. Never refused either way."""
    return step in (CONFIRM, REVIEW) or not by_the_giver or not NEVER_QUIET.isdisjoint(flags)


def recorded_late(given_at: dt.datetime | None, received_at: dt.datetime, ladder: Ladder = LADDER) -> bool:
    """Whether an entry was recorded late: over 15 minutes after the dose was given, as it says itself."""
    return given_at is not None and received_at - given_at > ladder.told_apart * MINUTE


def given_late(given_at: dt.datetime | None, on_time_until: dt.datetime) -> bool:
    """Whether a dose was given after its window."""
    return given_at is not None and given_at > on_time_until


def apart_words(given_at: dt.datetime, received_at: dt.datetime, zone: str, *, seen_from: dt.datetime) -> str:
    """Both times of an entry that was recorded late: `given 08:05, recorded 09:40 (1 hour 35 min later)`."""
    same_day = clock.local_day(given_at, zone) == clock.local_day(received_at, zone)
    given = clock.time_words(given_at, zone) if same_day else clock.moment_words(given_at, zone, seen_from=seen_from)
    recorded = (
        clock.time_words(received_at, zone) if same_day else clock.moment_words(received_at, zone, seen_from=seen_from)
    )
    return f"given {given}, recorded {recorded} ({clock.span_words(received_at - given_at)} later)"


# ---------------------------------------------------------------- the phone's clock

_MOST = 2 * 10**14  # milliseconds: the year 8307; beyond it no calendar of ours goes


def phone_moment(text: str) -> dt.datetime | None:
    """What a phone's clock said, from milliseconds since 1970 as its browser counts them; None for anything else. Years
    from 1970 to 8300 are kept as they were sent: a wrong clock is a fact too."""
    if not (text.isascii() and text.isdigit() and len(text) <= 15 and int(text) <= _MOST):
        return None
    return clock.EPOCH + dt.timedelta(milliseconds=int(text))


def clock_doubt(phone_at: dt.datetime | None, received_at: dt.datetime) -> bool:
    """Whether the phone's clock is in doubt: unreadable, or more than two minutes from ours."""
    return phone_at is None or abs(received_at - phone_at) > CLOCK_DOUBT
