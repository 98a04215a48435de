"""A sign-off ends with the home's own midnight, also beside the nights on which the clocks change: at the bedside."""

import datetime as dt

import pytest

from medpwa import clock
from medpwa.competency import queries, setting_actions
from tests import builders
from tests.mar.steps import bedside, on, refused

ENDS = dt.date(2027, 3, 29)  # the day after the clocks went forward: its midnight is 23:00 of the day before in UTC


def wall(day: dt.date, time: str) -> dt.datetime:
    return clock.at_local(day, dt.time.fromisoformat(time))


@pytest.fixture
def ben(world):
    """Ben, signed off for four months on 29 November."""
    with clock.standing(wall(dt.date(2026, 11, 29), "15:20")):
        setting_actions.change(by=world.actor("rosa"), skill="oral", months=4, roles=("senior_carer",))
        builders.sign_off(world.actor("rosa"), world.person_id("ben"), "oral", reason="3 of 3 rounds observed")
    return world.person_id("ben")


def test_four_months_over_a_change_of_the_clocks_end_at_midnight_of_the_home(world, ben):
    (grant,) = [g for g in queries.grants_of(world.home().id, ben) if g.skill == "oral"]
    assert grant.valid_until == dt.datetime(2027, 3, 28, 23, tzinfo=dt.UTC) == wall(ENDS, "00:00")


def test_the_last_dose_before_that_midnight_goes_through_and_the_first_after_it_is_refused(world, ben):
    eve = ENDS - dt.timedelta(days=1)
    clock.stand_at(wall(eve, "23:40"))
    first, second = bedside(world, due="23:30"), bedside(world, given="Bert", family="Olney", due="23:30")
    by = second.open("ben")
    assert first.record(first.open("ben")).given_at == on("23:40", eve)
    clock.stand_at(wall(ENDS, "00:00") - dt.timedelta(microseconds=1))
    ticket = second.ticket(by)
    clock.stand_at(wall(ENDS, "00:00"))
    no = refused(lambda: second.record(by, ticket=ticket))
    assert no.code == "not_signed_off" and "29\u00a0Mar" in no.words and second.entries() == []
