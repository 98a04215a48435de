"""Alerts of time-critical doses: the shift leader, then the leaders and on call, then the manager, until somebody takes
it on or records it; once each, whatever becomes of the worker."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from medpwa import alerts, clock, jobs, ledger
from medpwa.mar import correction_actions, gap_watch, late_rules, now, watch
from medpwa.mar.correction_actions import Correction
from medpwa.mar.correction_rules import Wanted
from medpwa.mar.late_rules import STEPS, Reachable
from tests import builders
from tests.mar.steps import LEVODOPA, bedside, counts, later, on

ENDS = dt.datetime(2026, 11, 16, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "minutes, taken_on, steps",
    [(0, False, []), (1, False, [""]), (14, False, [""]), (15, False, ["", "leaders"]), (29, False, ["", "leaders"]),
     (30, False, ["", "leaders", "manager"]), (90, False, ["", "leaders", "manager"]), (90, True, [])],
)  # fmt: skip
def test_the_steps_follow_the_end_of_the_window(minutes, taken_on, steps):
    at = ENDS + dt.timedelta(minutes=minutes)
    assert [s.name for s in late_rules.steps_due(ENDS, at, taken_on=taken_on)] == steps


def test_the_second_step_reaches_leaders_on_shift_and_on_call_else_the_manager():
    leader = Reachable(1, frozenset({"team_leader"}), "floor")
    called = Reachable(2, frozenset({"senior_carer"}), "on_call")
    carer = Reachable(3, frozenset({"carer"}), "floor")
    manager = Reachable(4, frozenset({"registered_manager"}))
    leaders, last = STEPS[1:]
    assert late_rules.people_for(leaders, [leader, called, carer], [manager]) == (1, 2)
    assert late_rules.people_for(leaders, [carer], [carer, manager]) == (4,)
    assert late_rules.people_for(last, [leader], [leader, manager]) == (4,)
    assert late_rules.people_for(last, [leader], [leader]) == ()


@pytest.fixture
def levodopa(world):
    """Due 11:30, on time until 12:00; Sena leads, Tolu is on the floor, Dee on call."""
    for who, kind in (("sena", "shift_leader"), ("tolu", "floor"), ("dee", "on_call"), ("amina", "floor")):
        builders.duty(world.system(), who, kind, on("07:00"), on("14:30"))
    return bedside(world, **LEVODOPA)


def told() -> list[tuple[str, int]]:
    """(step, person) of every alert about a late dose, in order."""
    rows = alerts.Alert.select().where(alerts.Alert.key.startswith("late:")).order_by(alerts.Alert.id)
    return [(":".join(a.key.split(":")[2:3]), a.to_person) for a in rows]


def people(*names: str) -> list[int]:
    return [builders.person_id(name) for name in names]


def test_nobody_takes_it_on_and_it_goes_on_to_the_leaders_and_the_manager(world, levodopa):
    sena, tolu, dee, rosa = people("sena", "tolu", "dee", "rosa")
    expected: list[tuple[str, int]] = []
    for time, new in (
        ("12:00", []),
        ("12:01", [("", sena)]),
        ("12:14", []),
        ("12:15", [("leaders", tolu), ("leaders", dee)]),
        ("12:29", []),
        ("12:30", [("manager", rosa)]),
        ("13:30", []),
    ):
        clock.stand_at(on(time))
        watch.look(world.home())
        watch.look(world.home())  # a worker that runs it again
        expected += new
        assert sorted(told()) == sorted(expected), time
    assert ledger.verify() == []
    second = alerts.Alert.get(alerts.Alert.to_person == rosa)
    assert "told and had not taken it on" in second.words and "12:30" not in second.words


def test_a_named_person_who_takes_it_on_ends_it_and_the_round_says_who(world, levodopa):
    clock.stand_at(on("12:01"))
    watch.look(world.home())
    later(minutes=5)
    alerts.acknowledge(by=world.actor("sena"), alert_id=alerts.Alert.get(alerts.Alert.key.startswith("late:")).id)
    clock.stand_at(on("12:45"))
    assert watch.look(world.home()) == 0 and len(told()) == 1
    (row,) = now.now_list(world.actor("amina")).late
    assert row.told.replace("\u00a0", " ") == "Sena was told at 12:01. Sena took it on at 12:06."


def test_recording_it_ends_it(world, levodopa):
    clock.stand_at(on("12:01"))
    watch.look(world.home())
    levodopa.record(levodopa.open("amina"))
    clock.stand_at(on("12:45"))
    assert watch.look(world.home()) == 0 and len(told()) == 1


def struck_out(bed, who: str = "amina") -> None:
    asked = Correction(str(uuid.uuid4()), "mis_tap", Wanted("struck"))
    newest = bed.entries()[-1]
    correction_actions.correct(by=bed.world.actor(who), entry_number=newest.id, proven_at=clock.now(), asked=asked)


def test_a_dose_whose_give_is_struck_out_is_told_again_whoever_took_it_on_before(world, levodopa):
    sena, tolu, dee, rosa = people("sena", "tolu", "dee", "rosa")
    clock.stand_at(on("12:01"))
    watch.look(world.home())
    alerts.acknowledge(by=world.actor("sena"), alert_id=alerts.Alert.get(alerts.Alert.key.startswith("late:")).id)
    levodopa.record(levodopa.open("amina"))
    clock.stand_at(on("12:06"))
    assert watch.look(world.home()) == 0
    struck_out(levodopa)
    expected = [("", sena)]
    for time, new in (
        ("12:07", [("", sena)]),
        ("12:20", []),
        ("12:21", [("leaders", tolu), ("leaders", dee)]),
        ("12:36", [("manager", rosa)]),
        ("13:30", []),
    ):
        clock.stand_at(on(time))
        watch.look(world.home())
        watch.look(world.home())
        expected += new
        assert sorted(told()) == sorted(expected), time
    newest = alerts.Alert.get(alerts.Alert.to_person == rosa)
    assert "What was recorded of it was struck out." in newest.words and ledger.verify() == []
    (row,) = now.now_list(world.actor("amina")).late
    assert "took it on" not in row.told and "12:07" in row.told


def test_a_gap_that_was_recorded_and_struck_out_is_told_once_more(world, levodopa):
    clock.stand_at(on("14:31"))
    assert gap_watch.look(world.home()) == 1
    levodopa.record(world.actor("amina"), "refused")
    assert gap_watch.look(world.home()) == 0
    struck_out(levodopa)
    assert gap_watch.look(world.home()) == 1 and gap_watch.look(world.home()) == 0


def test_a_worker_that_was_down_tells_every_step_when_it_is_back_and_none_twice(world, levodopa):
    clock.stand_at(on("12:40"))
    assert watch.look(world.home()) == 3
    assert [name for name, _ in told()] == ["", "leaders", "leaders", "manager"]
    before = counts()
    assert watch.look(world.home()) == 0 and counts() == before


def test_a_worker_killed_between_two_steps_goes_on_where_it_was(world, levodopa, monkeypatch):
    clock.stand_at(on("12:40"))
    real, calls = watch.tell, []

    def dies(**kw):
        calls.append(kw["step"].name)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(**kw)

    monkeypatch.setattr(watch, "tell", dies)
    with pytest.raises(KeyboardInterrupt):
        watch.look(world.home())
    monkeypatch.setattr(watch, "tell", real)
    assert len(told()) == 1
    watch.look(world.home())
    assert [name for name, _ in told()] == ["", "leaders", "leaders", "manager"] and ledger.verify() == []


def test_a_step_that_fails_half_way_leaves_nothing_of_it(world, levodopa, monkeypatch):
    """Two alerts of one step stand together or not at all."""
    clock.stand_at(on("12:20"))
    real, raised = alerts.raise_alert, []

    def fails(**kw):
        raised.append(kw["key"])
        if len(raised) == 3:  # the second alert of the second step
            raise RuntimeError("the disk is full")
        return real(**kw)

    monkeypatch.setattr(alerts, "raise_alert", fails)
    with pytest.raises(RuntimeError):
        watch.look(world.home())
    monkeypatch.setattr(alerts, "raise_alert", real)
    assert [name for name, _ in told()] == [""]
    watch.look(world.home())
    assert [name for name, _ in told()] == ["", "leaders", "leaders"] and ledger.verify() == []


def test_the_job_that_fails_is_tried_again_and_tells_once(world, levodopa, monkeypatch):
    clock.stand_at(on("12:01"))
    real, runs = watch._look_at, []

    def fails_once(*one_dose):
        runs.append(real(*one_dose))
        if len(runs) == 1:
            raise RuntimeError("no connection")

    monkeypatch.setattr(watch, "_look_at", fails_once)
    jobs.enqueue_periodic()
    jobs.run_due()
    assert len(told()) == 1, "what was told before the fault stands"
    later(seconds=30)
    jobs.run_due()
    assert len(told()) == 1 and len(runs) >= 2 and sum(runs) == 1


def test_a_dose_that_is_not_time_critical_alarms_nobody(world):
    bedside(world)
    clock.stand_at(on("13:30"))
    assert watch.look(world.home()) == 0 and told() == []


def test_one_given_before_its_window_is_marked_early_and_one_in_it_is_not(world, levodopa):
    amina = world.actor("amina")
    assert "early" in levodopa.report(amina, given_at=on("10:50")).entry.flags
    other = bedside(world, given="Bert", family="Olney", room="8", **LEVODOPA)
    assert "early" not in other.report(amina, given_at=on("11:05")).entry.flags
