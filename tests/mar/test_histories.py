"""Whatever people do on a round, in whatever order and at whatever hour, the record stays sound (a property test).

Each history is a resident with two to four orders over a night and some days: doses made ready, given, refused, told
late, given twice; orders changed, held, stopped with a card in hand; absences, lapses, corrections and both changes of
the clocks. Every step goes through the real actions; a small model beside them (`histories/chart.py`) says what must
come of it. The seeds are fixed: the same histories every time. `MEDPWA_HISTORIES` sets how many are
played, 44 to a home; the first 44 must reach every rare thing.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable

import pytest
from peewee import IntegrityError

from medpwa import database, ledger
from medpwa.mar import given, rules
from tests.mar.histories.play import play

BLOCK = 44  # histories of one home
BLOCKS = int(os.environ.get("MEDPWA_HISTORIES", "44")) // BLOCK or 1
RARE = (
    "a sign-off lapsed between Ready and Taken",
    "a change of the clocks",
    "an absence mid-round",
    "an absence between Ready and Taken",
    "an order changed with its card open",
    "an order suspended with its card open",
    "an order stopped with its card open",
    "two gives of one dose",
    "a correction",
    "a correction of a correction",
    "a correction approved by a senior",
    "a correction turned down",
    "an entry struck out",
    "a reported dose",
    "a dose given by somebody else",
    "an early attempt refused by interval",
    "an early attempt refused by maximum",
    "an early attempt refused by guard",
    "gives on both sides of a change of step",
    "the last dose of a course given",
    "a witness who is the giver refused",
    "a witnessed give",
    "a part dose",
    "a form sent again",
    "a when-required dose given",
    "a when-required dose refused by interval",
    "a when-required dose refused by maximum",
    "a change checked by a second person",
    "an order resumed",
)


@pytest.mark.parametrize("block", range(BLOCKS))
def test_random_histories_of_a_round_keep_the_record_sound(world, capsys, block):
    reached: Counter[str] = Counter()
    for place in range(BLOCK):
        reached.update(set(play(world, block * BLOCK + place, place).reached))
    assert ledger.verify() == []
    with capsys.disabled():
        print(f"\n  {reached['histories']} histories of a round; how many of them reached")
        print("\n".join(f"    {reached[what]:5}  {what}" for what in RARE))
    missed = [what for what in RARE if not reached[what]]
    assert missed == [] or block, "no history reached these, so it would prove nothing"


# What each of these forgets, the histories must find out; else they would prove nothing.
FORGETS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "the limits": lambda patch: patch.setattr(rules, "_limits", lambda f, at: None),
    "that it was given": lambda patch: patch.setattr(rules, "_already", lambda f, at: None),
    "the window": lambda patch: patch.setattr(rules, "_when", lambda f, at: None),
    "the sign-off": lambda patch: patch.setattr(rules, "_skill", lambda f, at: None),
    "that orders change": lambda patch: patch.setattr(rules, "_changed", lambda f, at: None),
    "what was struck out": lambda patch: patch.setattr(given, "_SELECT", given._SELECT.replace(given._STANDS, "1 = 1")),
}


@pytest.mark.parametrize("what", FORGETS)
def test_histories_find_out_a_product_that_forgets(world, monkeypatch, what):
    if BLOCKS < 2 and not database.is_sqlite():
        pytest.skip("the rules forgotten are the same on both engines: the short form plays them on SQLite")
    FORGETS[what](monkeypatch)
    with pytest.raises((AssertionError, IntegrityError)):
        for place in range(BLOCK):
            play(world, place, place)
