"""An assessment from its beginning to the sign-off that rests on it: what is written, refused, replayed."""

import datetime as dt

import pytest

from medpwa import alerts, clock, ledger
from medpwa.competency import actions as competency
from medpwa.competency.models import Grant
from medpwa.errors import Invalid, NotFound, NotPermitted, Refused
from medpwa.practice import assessing_actions, assessments, drafts, instrument, observing_actions
from medpwa.practice.models import (
    AssessmentOutcome,
    AssessmentPart,
    BookingEnd,
    Instrument,
    Observation,
    ObservationResult,
    ObservationSign,
)
from medpwa.staff import actions as staff
from tests import builders
from tests.mar.steps import later
from tests.practice import steps
from tests.practice.steps import Doses, may, state

HOUR = dt.timedelta(hours=1)


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


# ---------------------------------------------------------------- from beginning to end


def test_an_unassessed_carer_is_assessed_over_three_rounds_and_the_gate_lets_them_give(world, dee, ben, doses):
    with pytest.raises(Refused) as no:
        doses.give(ben)
    assert no.value.code == "not_signed_off"
    row = steps.begin(dee, ben.person_id)
    assert state(world, "ben").state == "learning"
    steps.answer(dee, row)
    assert state(world, "ben").state == "knowledge_passed"
    steps.shadow(dee, row, days_ago=1)
    assert (state(world, "ben").state, state(world, "ben").reason) == ("shadowing", "1 of 2 rounds shadowed")
    steps.shadow(dee, row)
    steps.answer(dee, row, "scenario")
    for done, name in enumerate(("Lunch", "Teatime", "Night")):
        assert not may(world, "ben")
        steps.passed_round(dee, ben, row, doses, name)
        assert state(world, "ben").reason == f"{done + 1} of 3 observed rounds passed"
    assert "You have passed 3 of 3" in state(world, "ben").words and not may(world, "ben")
    outcome = steps.conclude(dee, row)
    assert may(world, "ben")
    grant = Grant.select().order_by(Grant.id.desc()).first()
    assert (grant.state, grant.evidence) == ("competent", {"assessment": row.id})
    assert grant.valid_until == outcome.valid_until
    assert clock.local_day(grant.valid_until, dee.zone) == dt.date(2027, 11, 16)
    assert doses.give(ben).outcome == "given"
    assert ledger.verify() == []


def test_the_first_assessment_keeps_the_shipped_template_and_later_ones_the_version_they_began_with(world, dee, ben):
    row = steps.begin(dee, ben.person_id)
    assert Instrument.get().number == 1 and row.instrument.body == instrument.first()
    body = instrument.first() | {"pass_mark": 90}
    second = assessing_actions.set_template(by=dee, body=body)
    assert second.number == 2 and assessing_actions.set_template(by=dee, body=body).id == second.id
    assert assessments.assessed(row).template.pass_mark == 80
    steps.answer(dee, row, wrong=2)  # 8 of 10
    assert AssessmentPart.get().passed
    assert ledger.verify() == []


def test_a_template_that_does_not_hold_changes_nothing_and_only_managers_write_one(world, dee):
    with pytest.raises(Invalid):
        assessing_actions.set_template(by=dee, body=instrument.first() | {"pass_mark": 10})
    with pytest.raises(NotPermitted):
        assessing_actions.set_template(by=world.actor("tolu"), body=instrument.first())
    assert not Instrument.select().exists()


def test_the_doses_recorded_while_somebody_is_watched_attach_themselves(world, dee, ben, doses):
    row = steps.prepared(dee, ben.person_id)
    before = doses.refuse(ben)
    later(minutes=1)
    seen = steps.watch(dee, row)
    mine, theirs = doses.refuse(ben), doses.give(world.actor("amina"))
    steps.mark_all(dee, seen)
    result = steps.finish(dee, seen)
    later(minutes=1)
    doses.refuse(ben)
    assert result.doses == [mine.id] and result.passed
    assert before.id not in result.doses and theirs.id not in result.doses


def test_a_colleague_in_date_is_reviewed_on_one_round_and_keeps_giving_meanwhile(world, dee, doses):
    amina = world.actor("amina")
    row = steps.begin(dee, amina.person_id, "annual")
    steps.answer(dee, row)
    steps.answer(dee, row, "scenario")
    seen = steps.watch(dee, row, "Lunch")
    given = doses.give(amina)
    assert may(world, "amina") and state(world, "amina").state == "competent"
    steps.mark_all(dee, seen)
    assert steps.finish(dee, seen).doses == [given.id]
    steps.sign(dee, seen)
    steps.sign(amina, seen, "was_observed", words="Good to hear")
    later(days=1)
    steps.conclude(dee, row)
    assert clock.local_day(state(world, "amina").until, dee.zone) == dt.date(2027, 11, 17)
    assert ledger.verify() == []


def test_a_skill_no_dose_of_which_was_watched_is_signed_off_only_with_words_on_how_that_is_known(world, dee, ben):
    row = steps.complete(dee, ben, Doses(world), ("oral", "topical"))
    with pytest.raises(Invalid) as no:
        steps.conclude(dee, row)
    assert no.value.errors == [
        ("words", "No dose was seen of: creams and ointments. Say how you know. Nothing was decided.")
    ]
    assert not may(world, "ben") and not may(world, "ben", "topical")
    steps.conclude(dee, row, words="I watched his creams on the Sunday round, outside this assessment")
    assert may(world, "ben") and may(world, "ben", "topical") and ledger.verify() == []


def test_more_practice_takes_the_sign_off_away_and_what_was_granted_for_later_too(world, dee):
    amina, rosa = world.actor("amina"), world.actor("rosa")
    builders.sign_off(rosa, amina.person_id, "oral", valid_from=clock.now() + dt.timedelta(days=10), reason="ahead")
    row = steps.begin(dee, amina.person_id, "annual")
    with pytest.raises(Invalid) as no:
        steps.conclude(dee, row, "development_needed")
    assert no.value.errors[0][0] == "words"
    steps.conclude(dee, row, "development_needed", "Three rounds beside Sena until 1 December")
    assert state(world, "amina").state == "development_needed" and not may(world, "amina")
    assert any("more practice" in told.words for told in alerts.open_for(world.actor("amina")))
    later(days=11)
    assert not may(world, "amina")
    assert ledger.verify() == []


def test_an_assessment_ended_early_leaves_the_skill_as_learning_and_a_new_one_may_begin(world, dee, ben):
    row = steps.prepared(dee, ben.person_id)
    steps.conclude(dee, row, "abandoned", "Ben moves to days")
    assert state(world, "ben").state == "learning"
    assert steps.begin(dee, ben.person_id).id != row.id


# ---------------------------------------------------------------- critical


def test_a_critical_item_not_met_cannot_end_as_competent_however_many_rounds_follow(world, dee, ben, doses):
    row = steps.prepared(dee, ben.person_id)
    critical = steps.template(dee).critical[3]
    seen = steps.watch(dee, row, "Lunch")
    doses.refuse(ben)
    steps.mark_all(dee, seen, but={critical.key: "not_met"})
    with pytest.raises(Invalid):
        steps.finish(dee, seen)  # nothing was said about it
    drafts.comment(seen.id, critical.key.partition(".")[0], "Asked after he had poured")
    assert not steps.finish(dee, seen).passed
    steps.sign(dee, seen)
    steps.sign(ben, seen, "was_observed")
    for name in ("Lunch", "Teatime", "Night"):
        steps.passed_round(dee, ben, row, doses, name)
    with pytest.raises(Invalid) as no:
        steps.conclude(dee, row)
    assert critical.words in str(no.value) and not may(world, "ben")
    steps.conclude(dee, row, "development_needed", "Practises identity with Sena")
    assert state(world, "ben").state == "development_needed"


def test_a_round_ended_early_counts_as_none_and_hides_nothing_critical(world, dee, ben, doses):
    row = steps.prepared(dee, ben.person_id)
    critical = steps.template(dee).critical[0]
    seen = steps.watch(dee, row)
    drafts.mark(seen.id, critical.key, "not_met")
    with pytest.raises(Invalid):
        observing_actions.abandon(by=dee, observation_number=seen.id, words=" ")
    ended = observing_actions.abandon(by=dee, observation_number=seen.id, words="I stepped in")
    assert observing_actions.abandon(by=dee, observation_number=seen.id, words="again").id == ended.id
    with pytest.raises(Refused):
        steps.sign(dee, seen)
    for name in ("Lunch", "Teatime", "Night"):
        steps.passed_round(dee, ben, row, doses, name)
    with pytest.raises(Invalid) as no:
        steps.conclude(dee, row)
    assert critical.words in str(no.value)


def test_a_round_in_which_nothing_was_recorded_is_kept_and_does_not_count(world, dee, ben):
    row = steps.prepared(dee, ben.person_id)
    seen = steps.watch(dee, row)
    steps.mark_all(dee, seen)
    result = steps.finish(dee, seen)
    assert result.doses == [] and not result.passed and result.marks["1.1"] == "met"


# ---------------------------------------------------------------- order


def test_the_observed_rounds_wait_for_knowledge_and_shadowing(world, dee, ben):
    row = steps.begin(dee, ben.person_id)
    for code in ("knowledge_first", "shadow_first"):
        with pytest.raises(Refused) as no:
            steps.watch(dee, row)
        assert no.value.code == code
        steps.answer(dee, row)
    steps.shadow(dee, row, days_ago=1)
    with pytest.raises(Invalid):
        steps.shadow(dee, row, days_ago=1)  # the same round of the same day
    with pytest.raises(Invalid):
        steps.shadow(dee, row, days_ago=-1)
    steps.shadow(dee, row)
    assert steps.watch(dee, row).round_name == "Lunch"


def test_questions_not_passed_are_kept_and_gone_through_again(world, dee, ben):
    row = steps.begin(dee, ben.person_id)
    steps.answer(dee, row, wrong=3)
    assert state(world, "ben").state == "learning"
    steps.answer(dee, row, wrong=2)
    assert state(world, "ben").state == "knowledge_passed"
    assert [(p.score, p.out_of, p.passed) for p in AssessmentPart.select().order_by(AssessmentPart.id)] == [
        (7, 10, False), (8, 10, True),
    ]  # fmt: skip
    with pytest.raises(Invalid):
        assessing_actions.add_answers(
            by=dee, assessment_number=row.id, part_id=steps.new_id(), part="knowledge", answers=[True]
        )


def test_a_round_is_watched_while_it_runs_and_at_no_other_time_of_day(world, dee, ben):
    row = steps.prepared(dee, ben.person_id)
    for name in ("Morning", "Teatime", "Midnight", ""):
        with pytest.raises(Invalid):
            steps.watch(dee, row, name)
    later(hours=4)  # 15:40: between two rounds
    for name in ("Lunch", "Teatime"):
        with pytest.raises(Invalid):
            steps.watch(dee, row, name)
    later(minutes=20)
    assert steps.watch(dee, row, "Teatime").round_name == "Teatime"


def test_somebody_is_watched_by_one_assessor_at_a_time(world, dee, ben):
    row = steps.prepared(dee, ben.person_id)
    steps.watch(dee, row)
    with pytest.raises(Refused) as no:
        steps.watch(world.actor("rosa"), row)
    assert no.value.code == "watching" and "Dee Marsh" in no.value.words


def test_one_assessment_of_a_skill_is_under_way_at_a_time(world, dee, ben):
    steps.begin(dee, ben.person_id)
    with pytest.raises(Refused) as no:
        steps.begin(world.actor("rosa"), ben.person_id)
    assert no.value.code == "under_way" and "Dee Marsh" in no.value.words
    steps.begin(dee, ben.person_id, skills=("inhaler",))


def test_what_a_nurse_delegates_for_one_resident_is_not_assessed_here(world, dee, ben):
    for skills in (("insulin",), (), ("juggling",)):
        with pytest.raises(Invalid):
            steps.begin(dee, ben.person_id, skills=skills)


# ---------------------------------------------------------------- who may assess


def test_nobody_assesses_themselves_or_somebody_above_them(world, dee):
    with pytest.raises(NotPermitted):
        steps.begin(dee, dee.person_id)
    for username in ("sena", "tolu"):
        with pytest.raises(Refused) as no:
            steps.begin(world.actor(username), dee.person_id, "annual")
        assert no.value.code == "above_self"
    assert steps.begin(world.actor("rosa"), dee.person_id, "annual")


def test_carers_and_those_who_watch_over_quality_do_not_assess(world, ben):
    for username in ("amina", "quinn", "nia"):
        with pytest.raises(NotPermitted):
            steps.begin(world.actor(username), ben.person_id)


def test_an_assessor_is_in_date_for_the_skill_when_it_begins(world, dee, ben):
    with pytest.raises(Refused) as no:
        steps.begin(dee, ben.person_id, skills=("patch",))
    assert no.value.code == "assessor_lapsed" and "patches" in no.value.words
    assert Grant.select().where(Grant.person == ben.person_id).count() == 0
    row = steps.prepared(dee, ben.person_id)
    competency.suspend(by=world.actor("rosa"), person_id=dee.person_id, skill="oral", reason="A near miss")
    with pytest.raises(Refused) as no:
        steps.watch(dee, row)
    assert no.value.code == "assessor_lapsed"


def test_where_the_catalogue_knows_the_skill_an_assessor_holds_it(world, dee, ben, monkeypatch):
    monkeypatch.setitem(assessments.SKILLS, "assessor", "Assessing colleagues")
    builders.sign_off(world.system(), dee.person_id, "assessor", state="not_started")
    with pytest.raises(Refused) as no:
        steps.begin(dee, ben.person_id)
    assert no.value.code == "not_trained_to_assess"
    builders.sign_off(world.actor("rosa"), dee.person_id, "assessor")
    assert steps.begin(dee, ben.person_id)


def test_an_assessor_who_lapses_before_signing_is_refused_and_what_was_seen_is_kept(world, dee, ben, doses):
    row = steps.prepared(dee, ben.person_id)
    seen = steps.watch(dee, row)
    doses.refuse(ben)
    steps.mark_all(dee, seen)
    builders.sign_off(world.actor("rosa"), dee.person_id, "oral", state="supervised_only", reason="A near miss")
    result = steps.finish(dee, seen)  # what was seen was seen
    assert result.passed and len(result.doses) == 1
    steps.sign(ben, seen, "was_observed")
    with pytest.raises(Refused) as no:
        steps.sign(dee, seen)
    assert no.value.code == "assessor_lapsed" and "kept" in no.value.words
    assert state(world, "ben").reason == "none of 3 observed rounds passed"
    with pytest.raises(Refused):
        steps.conclude(dee, row, "not_competent", "x")
    builders.sign_off(world.actor("rosa"), dee.person_id, "oral")
    steps.sign(dee, seen)
    assert state(world, "ben").reason == "1 of 3 observed rounds passed"
    assert ledger.verify() == []


# ---------------------------------------------------------------- names


def test_each_of_the_two_signs_for_themselves_with_a_fresh_proof(world, dee, ben, doses):
    row = steps.prepared(dee, ben.person_id)
    seen = steps.watch(dee, row)
    with pytest.raises(Refused) as no:
        steps.sign(dee, seen)
    assert no.value.code == "not_ended"
    doses.refuse(ben)
    steps.mark_all(dee, seen)
    result = steps.finish(dee, seen)
    for by, meaning, more in (
        (ben, "observed", {}),
        (dee, "was_observed", {}),
        (world.actor("sena"), "was_observed", {"signer": ben.person_id}),
        (dee, "observed", {"signer": world.person_id("sena")}),
    ):
        with pytest.raises(NotPermitted):
            steps.sign(by, seen, meaning, **more)
    for stale in (clock.now() - 6 * dt.timedelta(minutes=1), clock.now() + HOUR):
        with pytest.raises(Invalid):
            steps.sign(dee, seen, proven_at=stale)
    first = steps.sign(dee, seen)
    assert steps.sign(dee, seen).id == first.id
    here = steps.sign(dee, seen, "was_observed", signer=ben.person_id, words="Read it")
    assert (here.by, here.words, here.result_id) == (ben.person_id, "Read it", result.id)
    assert ObservationSign.select().count() == 2


def test_only_who_watches_ends_the_round(world, dee, ben):
    row = steps.prepared(dee, ben.person_id)
    seen = steps.watch(dee, row)
    for act in (
        lambda by: steps.finish(by, seen),
        lambda by: observing_actions.abandon(by=by, observation_number=seen.id, words="x"),
    ):
        with pytest.raises(NotPermitted):
            act(world.actor("rosa"))
    assert not ObservationResult.select().exists()


# ---------------------------------------------------------------- marks


def test_a_mark_after_the_end_is_not_kept_and_says_so(world, dee, ben, doses):
    row = steps.prepared(dee, ben.person_id)
    seen = steps.watch(dee, row)
    doses.refuse(ben)
    steps.mark_all(dee, seen)
    result = steps.finish(dee, seen)
    assert drafts.mark(seen.id, "1.1", "not_met") is False and drafts.comment(seen.id, "1", "late") is False
    assert drafts.draft_of(seen.id).marks["1.1"] == "met" == result.marks["1.1"]


# ---------------------------------------------------------------- edges


def test_a_sign_off_paused_while_the_round_runs_is_not_brought_back_by_the_assessment(world, dee, ben, doses):
    row = steps.prepared(dee, ben.person_id)
    seen = steps.watch(dee, row, "Lunch")
    doses.refuse(ben)
    later(minutes=1)
    competency.suspend(by=world.actor("rosa"), person_id=ben.person_id, skill="oral", reason="A wrong dose")
    steps.mark_all(dee, seen)
    later(minutes=1)
    steps.finish(dee, seen)
    steps.sign(dee, seen)
    steps.sign(ben, seen, "was_observed", words="Sorry")
    assert state(world, "ben").state == "suspended"
    for name in ("Lunch", "Teatime"):
        steps.passed_round(dee, ben, row, doses, name)
    assert state(world, "ben").state == "suspended"
    with pytest.raises(Refused) as no:
        steps.conclude(dee, row)
    assert no.value.code == "paused_meanwhile" and not may(world, "ben")
    steps.conclude(dee, row, "abandoned", "Paused meanwhile")
    assert state(world, "ben").state == "suspended"
    with pytest.raises(Refused) as no:
        steps.begin(dee, ben.person_id)
    assert no.value.code == "paused"
    later(minutes=1)
    steps.begin(dee, ben.person_id, "return")
    assert (state(world, "ben").state, may(world, "ben")) == ("reassessment", False)


def test_two_managers_decide_at_once_and_the_second_is_told_who_did(world, dee, ben, doses):
    row = steps.complete(dee, ben, doses)
    first = steps.conclude(dee, row)
    with pytest.raises(Refused) as no:
        steps.conclude(world.actor("rosa"), row, "not_competent", "I would not")
    assert no.value.code == "decided" and "Dee Marsh" in no.value.words and may(world, "ben")
    assert steps.conclude(dee, row).id == first.id
    assert AssessmentOutcome.select().count() == 1


def test_whoever_watched_decides_or_a_manager(world, dee, ben, doses):
    row = steps.complete(dee, ben, doses)
    with pytest.raises(Refused) as no:
        steps.conclude(world.actor("sena"), row)
    assert no.value.code == "not_the_assessor"
    steps.conclude(world.actor("rosa"), row)
    assert may(world, "ben")


def test_the_judgement_needs_a_fresh_proof(world, dee, ben, doses):
    row = steps.complete(dee, ben, doses)
    with pytest.raises(Invalid):
        steps.conclude(dee, row, proven_at=clock.now() - HOUR)
    assert not AssessmentOutcome.select().exists()


def test_a_leaver_is_not_signed_off_and_their_assessment_can_be_ended(world, dee, ben, doses):
    row = steps.complete(dee, ben, doses)
    staff.end_person(by=world.actor("rosa"), person_id=ben.person_id, reason="Left")
    for outcome, words in (("competent", ""), ("development_needed", "x")):
        with pytest.raises(Refused) as no:
            steps.conclude(dee, row, outcome, words)
        assert no.value.code == "person_gone"
    with pytest.raises(Refused):
        steps.watch(dee, row)
    steps.conclude(dee, row, "abandoned", "Ben left")
    assert not may(world, "ben")
    with pytest.raises(Refused):
        steps.begin(dee, ben.person_id)


def test_another_home_finds_nothing_here(world, dee, ben, doses):
    row = steps.prepared(dee, ben.person_id)
    seen = steps.watch(dee, row)
    nell = world.actor("nell")
    for act in (
        lambda: steps.begin(nell, ben.person_id),
        lambda: steps.watch(nell, row),
        lambda: steps.answer(nell, row),
        lambda: steps.finish(nell, seen),
        lambda: steps.sign(nell, seen),
        lambda: steps.conclude(nell, row),
        lambda: steps.reflect(nell, row),
        lambda: steps.reflect(world.actor("amina"), row),  # somebody else's
    ):
        with pytest.raises(NotFound):
            act()


def test_every_form_sent_twice_is_one(world, dee, ben):
    once = steps.new_id()
    row = steps.begin(dee, ben.person_id, assessment_id=once)
    assert steps.begin(dee, ben.person_id, assessment_id=once).id == row.id
    with pytest.raises(NotFound):
        steps.begin(world.actor("rosa"), ben.person_id, assessment_id=once)
    part = steps.new_id()
    steps.answer(dee, row, part_id=part)
    steps.answer(dee, row, part_id=part)
    shadowed = steps.new_id()
    steps.shadow(dee, row, part_id=shadowed)
    steps.shadow(dee, row, part_id=shadowed)
    steps.shadow(dee, row, days_ago=1)
    watched = steps.new_id()
    seen = steps.watch(dee, row, observation_id=watched)
    assert steps.watch(dee, row, observation_id=watched).id == seen.id
    steps.mark_all(dee, seen)
    result = steps.finish(dee, seen)
    lines = ledger.count_lines()
    assert steps.finish(dee, seen).id == result.id and ledger.count_lines() == lines
    assert (AssessmentPart.select().count(), Observation.select().count()) == (3, 1)
    assert ledger.verify() == []


def test_an_assessment_that_comes_from_a_booking_ends_the_booking(world, dee, ben):
    from tests.practice.test_bookings import book

    booked = book(dee, ben.person_id, dee.person_id)
    with pytest.raises(NotFound):
        steps.begin(dee, world.person_id("gil"), booking_number=booked.id)
    steps.begin(dee, ben.person_id, booking_number=booked.id)
    assert [(e.booking_id, e.how) for e in BookingEnd.select()] == [(booked.id, "held")]
    with pytest.raises(Refused):
        steps.begin(dee, ben.person_id, skills=("inhaler",), booking_number=booked.id)
