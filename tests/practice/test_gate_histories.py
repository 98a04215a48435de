"""Whatever is decided about people, and whenever, no dose is accepted on the intended path without a valid skill at
that instant; every other dose carries its flag (a property test).

Each history is two residents with three orders and four carers over a day or two: sign-offs from now or later, lapses
at midnight, both changes of the clocks, pauses and ends, people on their way, exceptions for a round, somebody beside
the giver, things that change between Ready and Taken. Every step goes through the real actions and is held against a
slow oracle (`gate/oracle.py`) that shares no rule with the product. The seeds are fixed. `MEDPWA_GATE_HISTORIES` sets
how many are played; the first 36 must reach every rare thing.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable

import pytest
from peewee import IntegrityError

from medpwa import ledger
from medpwa.competency import gate_rules, glass_queries
from medpwa.competency.vocabulary import SKILLS
from medpwa.mar import beside_rules, rules
from tests.practice.gate.oracle import Oracle
from tests.practice.gate.play import play

HISTORIES = max(int(os.environ.get("MEDPWA_GATE_HISTORIES", "36")), 36)
RARE = (
    "given by somebody signed off",
    "given a moment before a sign-off ended",
    "given beside somebody signed off",
    "given beside somebody, after one's own sign-off ended",
    "insulin given beside somebody",
    "given under an exception",
    "an exception made",
    "an exception refused to somebody decided about",
    "an exception opens no delegated skill",
    "an exception opens nothing of somebody paused since",
    "an exception is of its own round",
    "refused at the very end of an exception",
    "refused: not_signed_off",
    "refused: own_supervisor",
    "refused: supervisor_not_signed_off",
    "refused: supervisor_too_old",
    "refused: not_beside_either",
    "refused: lost between Ready and Taken",
    "refused at the very moment of a lapse",
    "insulin of another resident refused",
    "a sign-off from a later day",
    "a report by somebody not signed off, flagged",
    "a change of the clocks",
)


def played(world, count: int) -> Counter:
    """So many histories of one home, one after another; how often each rare thing was reached."""
    oracle, reached = Oracle(), Counter()
    for number in range(count):
        reached.update(play(world, oracle, number, number).reached)
    return reached


def test_no_dose_is_accepted_without_a_valid_skill_and_every_other_carries_its_flag(world, capsys):
    reached = played(world, HISTORIES)
    assert ledger.verify() == []
    with capsys.disabled():
        print(f"\n  {HISTORIES} histories of the gate; how often they reached")
        print("\n".join(f"    {reached[what]:5}  {what}" for what in RARE))
    assert [what for what in RARE if not reached[what]] == [], "never reached, so it would prove nothing"


# What each of these forgets, the histories must find out; else they would prove nothing.
FORGETS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "the sign-off": lambda p: p.setattr(rules, "_skill", lambda f, at: None),
    "that company must be signed off": lambda p: p.setattr(beside_rules, "judge_beside", lambda f, at: None),
    "that an exception ends": lambda p: p.setattr(glass_queries.Glass, "holds", lambda g, at: g.starts_at <= at),
    "what an exception never opens": lambda p: p.setattr(gate_rules, "OPENED_BY_GLASS", frozenset(SKILLS)),
    "who was paused since an exception": lambda p: p.setattr(gate_rules, "paused", lambda grants, at: False),
    "the flag": lambda p: p.setattr(rules, "judge_give", _unflagged(rules.judge_give)),
}


def _unflagged(judge):
    def without(f, at):
        found = judge(f, at)
        return rules.Verdict(found.reasons, tuple(x for x in found.flags if x not in ("supervised", "break_glass")))

    return without


@pytest.mark.parametrize("what", FORGETS)
def test_histories_find_out_a_gate_that_forgets(world, monkeypatch, what):
    FORGETS[what](monkeypatch)
    with pytest.raises((AssertionError, IntegrityError)):  # that nobody stands beside themselves the database holds too
        played(world, HISTORIES)
