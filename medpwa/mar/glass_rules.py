"""Pure decisions about an exception for one round (break-glass): for whom, which round, and when it is told again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from medpwa.mar.rounds import RoundSpan
from medpwa.mar.rules import Reason

SHORTEST_REASON, LONGEST_REASON = 10, 1_000
SHORTEST_ANSWER = 5
AHEAD = dt.timedelta(hours=12)  # the round that runs, and those that begin within the shift
TELL_AGAIN = dt.timedelta(minutes=15)  # while nobody has said anything about it


@dataclass(frozen=True, slots=True)
class GlassFacts:
    """Everything the question "may this exception be made" depends on."""

    name: str
    is_self: bool
    works_here: bool  # holds a care role in this home today
    paused: bool  # some sign-off of theirs is suspended
    decided: bool  # some sign-off of theirs ended, or somebody decided that they do not give alone
    opens: bool  # there is something they may not do without it, and it may open


def judge_glass(f: GlassFacts) -> Reason | None:
    """Why an exception cannot be made; None when it can. Hard stops stay hard: domain page 5.4."""
    if f.is_self:
        words = "Nobody allows an exception for themselves. Ask another manager. Nothing was changed."
        return Reason("own_glass", words)
    if not f.works_here:
        return Reason("glass_gone", f"{f.name} has no role here that gives medicines now. Nothing was changed.")
    if f.paused:
        return Reason("glass_paused", f"A sign-off of {f.name} is paused for safety. An exception never goes past "
                      "that. Find somebody else, or ring the prescriber about what can wait. Nothing was changed.")
    if f.decided:
        return Reason("glass_decided", f"A sign-off of {f.name} ended, or somebody decided that they do not give it "
                      "alone. An exception does not undo that. They may give with somebody signed off beside them. "
                      "Nothing was changed.")
    if not f.opens:
        words = f"{f.name} is signed off for all that an exception may open. Nothing was changed."
        return Reason("glass_opens_nothing", words)
    return None


def rounds_to_choose(spans: Iterable[RoundSpan], at: dt.datetime) -> list[RoundSpan]:
    """The rounds an exception may be made for: those that run now and those that begin within the shift."""
    return [s for s in spans if at < s.close_at and s.start_at <= at + AHEAD]


def next_telling(told: int, newest_at: dt.datetime | None, newest_read: bool, at: dt.datetime) -> int | None:
    """The number of the telling that is due; None while none is. The first goes to the manager on call, all later ones
    to everybody who answers for the home: a quarter of an hour after the first, and again after each that somebody read
    without saying what was done."""
    if newest_at is None:
        return 0
    if at - newest_at < TELL_AGAIN:
        return None
    return told if newest_read or told == 1 else None
