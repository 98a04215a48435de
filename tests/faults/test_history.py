"""The history checker itself: an honest history passes, and a history with one thing wrong is found out by name."""

import random
from dataclasses import replace

import pytest

from bench.faults.history import Broken, History, Sent, Stored, judge

ADA, BEN = 1, 2


def sent(number: int, dose: str = "7-1", outcome: str = "given", by: int = ADA) -> Sent:
    return Sent(f"e{number}", dose, outcome, by)


def stored(of: Sent, row: int = 1, **changes) -> Stored:
    return replace(Stored(of.entry_id, of.dose, of.outcome, of.by, row=row), **changes)


TAKEN = sent(1)
LATE = sent(2, by=BEN)  # the loser of the race for the same dose
DECLINED = sent(3, outcome="refused")
UNHEARD = sent(4, dose="8-1")  # stored, and the answer never came
NOWHERE = sent(5, dose="9-1")  # neither stored nor answered
HONEST = History(
    sent=[DECLINED, TAKEN, LATE, UNHEARD, NOWHERE],
    acknowledged=["e3", "e1", "e1"],  # the second answer is to a re-send
    refused=["e2"],
    stored=[stored(DECLINED, 1), stored(TAKEN, 2), stored(UNHEARD, 3)],
)


def laws(history: History) -> list[str]:
    return [b.law for b in judge(history).broken]


def test_an_honest_history_breaks_no_law():
    verdict = judge(HONEST)
    assert verdict.holds and (verdict.lost, verdict.doubled) == (0, 0)


def test_an_acknowledged_entry_that_is_not_stored_is_lost():
    verdict = judge(replace(HONEST, stored=HONEST.stored[:1]))
    assert verdict.broken == (Broken("lost", "e1"),), "counted once, however often it was acknowledged"
    assert verdict.lost == 1 and not verdict.holds


def test_what_nobody_sent_must_not_be_stored():
    made_up = stored(sent(9, dose="10-1"), 4)
    assert judge(replace(HONEST, stored=[*HONEST.stored, made_up])).broken == (Broken("never sent", "e9"),)


@pytest.mark.parametrize("wrong", [{"dose": "7-2"}, {"outcome": "asleep"}, {"by": BEN}])
def test_what_is_stored_must_say_what_was_sent(wrong):
    changed = replace(HONEST.stored[0], **wrong)
    assert laws(replace(HONEST, stored=[changed, *HONEST.stored[1:]])) == ["not as sent"]


def test_an_entry_stored_twice_is_found():
    twice = [*HONEST.stored, replace(HONEST.stored[0], row=4)]
    assert judge(replace(HONEST, stored=twice)).broken == (Broken("entry twice", "e3"),)


def test_a_dose_given_twice_is_found():
    verdict = judge(replace(HONEST, stored=[*HONEST.stored, stored(LATE, 4)], refused=[], acknowledged=["e1", "e2"]))
    assert verdict.broken == (Broken("dose twice", "7-1"),) and verdict.doubled == 1


def test_a_give_that_was_voided_leaves_room_for_another():
    first, again = replace(HONEST.stored[1], live=False), stored(LATE, 4)
    assert laws(replace(HONEST, stored=[first, again], acknowledged=["e1", "e2"], refused=[])) == []


def test_a_fact_reported_beside_a_give_is_kept_when_it_is_flagged_and_found_when_it_is_not():
    first = stored(TAKEN)
    flagged = stored(LATE, 2, after_the_fact=True, flags=frozenset({"second_give", "late"}))
    both = replace(HONEST, acknowledged=["e1", "e2"], refused=[])
    assert laws(replace(both, stored=[first, flagged])) == []
    assert laws(replace(both, stored=[first, replace(flagged, flags=frozenset())])) == ["dose twice"]
    assert laws(replace(both, stored=[first, replace(flagged, after_the_fact=False)])) == ["dose twice"]


def test_what_was_only_ever_refused_must_not_be_stored():
    assert laws(replace(HONEST, stored=[*HONEST.stored, stored(replace(LATE, outcome="asleep"), 4)])) == [
        "not as sent",
        "refused but stored",
    ]


def test_faults_of_the_chain_and_of_the_file_are_handed_on():
    found = judge(replace(HONEST, chain=["line 7 was changed"], integrity=["row 3 missing from index"])).broken
    assert found == (Broken("chain", "line 7 was changed"), Broken("integrity", "row 3 missing from index"))


def test_a_driver_that_sends_two_things_under_one_id_proves_nothing():
    with pytest.raises(ValueError, match="two different things"):
        judge(replace(HONEST, sent=[*HONEST.sent, replace(TAKEN, dose="11-1")]))


# ---------------------------------------------------------------- many histories


def honest(rng: random.Random) -> History:
    """A run that went well: doses declined and taken, answers lost on the way, re-sends, races."""
    told, no, rows, out = [], [], [], []
    for dose in range(rng.randint(1, 12)):
        for turn in range(rng.randint(0, 3)):
            out.append(sent(dose * 10 + turn, f"{dose}-1", "refused"))
            if rng.random() < 0.8:
                rows.append(stored(out[-1]))
                told += [out[-1].entry_id] * rng.randint(0, 2)
        if rng.random() < 0.8:
            give, late = sent(dose * 10 + 8, f"{dose}-1"), sent(dose * 10 + 9, f"{dose}-1", by=BEN)
            out += [give, late]
            rows.append(stored(give))
            told += [give.entry_id] * rng.randint(0, 2)
            no += [late.entry_id] * rng.randint(0, 1)
    return History(out, told, no, rows)


def sabotaged(h: History, rng: random.Random) -> dict[str, History]:
    """The same history with one thing wrong, by the law it breaks."""
    answered = [row for row in h.stored if row.entry_id in h.acknowledged]
    gives = [row for row in h.stored if row.outcome == "given"]
    wrong = {}
    if answered:
        gone = rng.choice(answered)
        wrong["lost"] = replace(h, stored=[row for row in h.stored if row.entry_id != gone.entry_id])
    if h.stored:
        one = rng.choice(h.stored)
        wrong["entry twice"] = replace(h, stored=[*h.stored, one])
        wrong["never sent"] = replace(h, sent=[s for s in h.sent if s.entry_id != one.entry_id])
    if gives:
        dose = rng.choice(gives).dose
        late = next(s for s in h.sent if s.dose == dose and s.by == BEN)
        wrong["dose twice"] = replace(h, stored=[*h.stored, stored(late)])
        wrong["refused but stored"] = replace(wrong["dose twice"], refused=[*h.refused, late.entry_id])
    return wrong


def test_no_false_alarm_on_a_thousand_honest_histories_and_every_sabotage_is_found():
    rng, found = random.Random(8), {}
    for _ in range(1_000):
        history = honest(rng)
        assert laws(history) == []
        for law, wrong in sabotaged(history, rng).items():
            assert law in laws(wrong), (law, wrong)
            found[law] = found.get(law, 0) + 1
    assert set(found) == {"lost", "entry twice", "never sent", "dose twice", "refused but stored"}
    assert min(found.values()) > 500
