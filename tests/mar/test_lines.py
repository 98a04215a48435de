"""The dose lines kept from one look to the next are always those made from nothing: whatever is recorded between."""

from __future__ import annotations

import datetime as dt

import pytest

from medpwa import clock, remember
from medpwa.mar import entries, queries
from medpwa.mar.queries import DoseLine
from medpwa.residents import actions as residents
from tests.mar.steps import DOCUSATE, LEVODOPA, bedside, beside, later

BACK, AHEAD = queries.LOOK_BACK, dt.timedelta(hours=14)


def lines(bed) -> list[DoseLine]:
    at, by = clock.now(), bed.world.actor("amina")
    return queries.lines_between(by, at - BACK, at + AHEAD, at, bed.resident.id)


def from_nothing(bed, monkeypatch) -> list[DoseLine]:
    """The same by a process that has kept nothing."""
    with monkeypatch.context() as fresh:
        fresh.setattr(remember, "_shelves", {})
        fresh.setattr(entries, "_homes", {})
        return lines(bed)


@pytest.fixture
def beds(world):
    first = bedside(world)
    return [first, beside(world, first.resident, **DOCUSATE), beside(world, first.resident, **LEVODOPA)]


def test_after_every_step_the_kept_lines_are_those_made_from_nothing(world, beds, monkeypatch):
    one, two, three = beds
    by = one.open("amina")
    steps = [
        lambda: one.record(by),
        lambda: two.record(by, "refused"),
        lambda: later(minutes=1),
        lambda: two.record(by),
        lambda: three.report(by),
        lambda: residents.move_resident(by=world.actor("rosa"), resident_id=one.resident.id, state="hospital"),
        lambda: later(hours=30),
    ]
    seen = [lines(one)]
    for number, step in enumerate(steps):
        step()
        seen.append(lines(one))
        assert seen[-1] == from_nothing(one, monkeypatch), f"after step {number}"
    states = [tuple(x.state.kind for x in found) for found in seen]
    assert len(set(states)) >= 5, "the steps did change what is shown"


def test_a_new_entry_makes_its_own_line_anew_and_leaves_the_others(world, beds):
    one, two, _ = beds
    by = one.open("amina")
    before = lines(one)
    one.record(by)
    after = lines(one)
    changed = [a.dose.key for b, a in zip(before, after, strict=True) if a is not b]
    assert changed == [one.key]
    assert next(x for x in after if x.dose.key == one.key).state.kind == "given"


def test_a_dose_recorded_for_somebody_who_left_is_among_the_lines_again(world, beds, monkeypatch):
    """An entry can bring a line that was not there: then the lines are made whole."""
    one, two, _ = beds
    residents.move_resident(by=world.actor("rosa"), resident_id=one.resident.id, state="died")
    later(hours=1)
    before = lines(one)
    one.report(world.actor("amina"), given_at=clock.now() - dt.timedelta(minutes=70))
    assert lines(one) == from_nothing(one, monkeypatch)
    assert len(lines(one)) >= len(before)
