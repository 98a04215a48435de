"""Ways to be signed off, or to be let give, without having been watched: each tried by who may do the steps."""

import datetime as dt

import pytest

from medpwa import clock, ledger
from medpwa.competency import actions as competency
from medpwa.competency import queries as grants
from medpwa.errors import Invalid, Refused
from medpwa.mar import actions as mar
from medpwa.mar import glass_actions
from medpwa.mar.given_facts import GivenFact
from medpwa.practice import assessments
from tests import builders
from tests.mar.steps import later
from tests.practice import steps
from tests.practice.steps import Doses, may, state


@pytest.fixture
def dee(world):
    steps.trained(world, "dee", "rosa", "sena", "tolu")
    return world.actor("dee")


@pytest.fixture
def ben(world):
    return world.actor("ben")


@pytest.fixture
def doses(world):
    return Doses(world, 6)


def code_of(attempt) -> str:
    with pytest.raises(Refused) as no:
        attempt()
    return no.value.code


# ---------------------------------------------------------------- choosing a kind that asks for less


def test_a_carer_who_was_never_signed_off_is_not_signed_off_by_a_review_of_one_round(world, dee, ben):
    assert code_of(lambda: steps.begin(dee, ben.person_id, "annual")) == "kind_too_short"
    assert code_of(lambda: steps.begin(dee, ben.person_id, "return")) == "kind_too_short"
    assert code_of(lambda: steps.begin(dee, ben.person_id, "agency")) == "not_from_outside"
    assert state(world, "ben").state == "not_started"
    assert ledger.verify() == []


def test_one_unreviewed_skill_among_others_is_not_slipped_into_a_review(world, dee):
    amina = world.person_id("amina")
    both = ("oral", "warfarin")
    assert may(world, "amina") and not may(world, "amina", "warfarin")
    builders.sign_off(world.system(), dee.person_id, "warfarin")
    assert code_of(lambda: steps.begin(dee, amina, "annual", both)) == "kind_too_short"


def test_what_was_taken_away_is_not_brought_back_by_a_review_after_an_assessment_that_came_to_nothing(world, dee):
    amina = world.actor("amina")
    rosa = world.actor("rosa")
    competency.end(by=rosa, person_id=amina.person_id, skill="oral", reason="Two wrong doses")
    later(minutes=1)
    first = steps.begin(dee, amina.person_id)
    later(minutes=1)
    steps.conclude(dee, first, "abandoned", "Not today")
    later(minutes=1)
    assert state(world, "amina").state == "learning"
    assert assessments.decided(world.home().id, amina.person_id, ("oral", None)) == "ended"
    assert code_of(lambda: steps.begin(dee, amina.person_id, "annual")) == "kind_too_short"
    assert steps.begin(dee, amina.person_id, "return")


def test_a_senior_does_not_lift_a_managers_pause_by_beginning_to_assess(world, dee):
    amina = world.person_id("amina")
    competency.suspend(by=world.actor("rosa"), person_id=amina, skill="oral", reason="A wrong dose")
    later(minutes=1)
    assert code_of(lambda: steps.begin(world.actor("sena"), amina, "return")) == "managers_begin"
    assert state(world, "amina").state == "suspended"
    row = steps.begin(world.actor("rosa"), amina, "return")
    assert steps.watch(world.actor("sena"), row, "Lunch"), "a senior watches its rounds all the same"


@pytest.mark.parametrize("then", ["supervised_only", "development_needed"])
def test_what_a_manager_narrowed_while_somebody_was_assessed_is_not_undone_by_the_end_of_it(
    world, dee, ben, doses, then
):
    row = steps.complete(dee, ben, doses)
    later(minutes=1)
    reason = "Seen hurrying; somebody beside them until we talked"
    competency.grant(by=world.actor("rosa"), person_id=ben.person_id, skill="oral", state=then, reason=reason)
    later(minutes=1)
    assert code_of(lambda: steps.conclude(dee, row)) == "paused_meanwhile"
    assert state(world, "ben").state == then and not may(world, "ben")


# ---------------------------------------------------------------- a round without a dose


def test_a_dose_told_of_while_watched_is_none_that_was_watched(world, dee, doses):
    """Given an hour before, or by a colleague: nobody saw the person do it."""
    amina = world.actor("amina")
    row = steps.begin(dee, amina.person_id, "annual")
    steps.answer(dee, row)
    steps.answer(dee, row, "scenario")
    earlier = clock.now()
    later(minutes=20)
    seen = steps.watch(dee, row, "Lunch")
    for giver, at in ((amina.person_id, earlier), (world.person_id("sena"), clock.now())):
        order, key = doses.next()
        fact = GivenFact(steps.new_id(), order.line_id, key.due_at, at, giver, "I was there", "The phone was flat")
        mar.report_given(by=amina, resident_id=doses.resident.id, fact=fact)
    steps.mark_all(dee, seen)
    result = steps.finish(dee, seen)
    assert (result.doses, result.passed) == ([], False)


def test_a_round_left_open_gathers_no_dose_after_it_closed(world, dee, ben, doses):
    row = steps.prepared(dee, ben.person_id)
    seen = steps.watch(dee, row, "Lunch")
    clock.stand_at(clock.at_local(clock.local_day(clock.now()), dt.time(16, 30)))
    doses.refuse(ben)
    later(days=1)
    doses.refuse(ben)
    steps.mark_all(dee, seen)
    result = steps.finish(dee, seen)
    assert (result.doses, result.passed) == ([], False)


def test_one_round_watched_in_three_pieces_is_one_round(world, dee, ben, doses):
    row = steps.prepared(dee, ben.person_id)
    for name in ("Lunch", "Lunch", "Teatime", "Teatime"):
        steps.passed_round(dee, ben, row, doses, name)
    with pytest.raises(Invalid) as no:
        steps.conclude(dee, row)
    assert "2 of 3 observed rounds passed. A round that was watched in pieces counts once." in str(no.value)
    assert state(world, "ben").reason == "2 of 3 observed rounds passed" and not may(world, "ben")
    steps.passed_round(dee, ben, row, doses, "Night")
    steps.conclude(dee, row)
    assert may(world, "ben")


# ---------------------------------------------------------------- break-glass made possible


def test_beginning_to_assess_does_not_make_an_exception_possible_for_whom_there_is_none(world, dee):
    """A sign-off that ran out is never opened for a round: two taps that begin a review do not change that."""
    cara = world.person_id("cara")
    at = clock.at_local(clock.local_day(clock.now()), dt.time(12, 40))
    clock.stand_at(at)
    round_ = dict(round_name="Lunch", starts_at=clock.at_local(clock.local_day(at), dt.time(12, 30)))

    def allow():
        glass_actions.break_glass(
            by=world.actor("rosa"), person_id=cara, reason="Both seniors are ill today", proven_at=clock.now(), **round_
        )

    assert code_of(allow) == "glass_decided"
    assert state(world, "cara").state == "expired"
    later(minutes=1)
    ran_out = {g.skill for g in grants.grants_of(world.home().id, cara)}
    for skill in ran_out:
        builders.sign_off(world.system(), dee.person_id, skill)
    steps.begin(dee, cara, "annual", tuple(sorted(ran_out)))
    assert {state(world, "cara", skill).state for skill in ran_out} == {"assessing"}
    assert code_of(allow) == "glass_decided"
