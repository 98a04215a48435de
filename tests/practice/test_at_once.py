"""Two people decide at the same moment, each in a thread and on a connection of their own: one decides, the other is
told who did, and nothing is stored twice."""

import datetime as dt

import pytest

from medpwa import clock, ledger
from medpwa.alerts import Alert
from medpwa.competency import actions as competency
from medpwa.competency import queries as sign_offs
from medpwa.competency import setting_actions, settings
from medpwa.competency.models import BreakGlass, BreakGlassSeen, Grant, SkillSetting
from medpwa.competency.vocabulary import MAY_GIVE
from medpwa.errors import Invalid, Refused
from medpwa.mar import glass_actions
from medpwa.practice import assessing_actions, booking_actions, observing_actions
from medpwa.practice.models import Assessment, AssessmentOutcome, Booking, Observation
from tests import builders
from tests.crowd import at_once
from tests.mar.steps import bedside, on
from tests.practice import steps
from tests.practice.steps import Doses, may, state

DAY = dt.timedelta(days=1)


@pytest.fixture
def dee(world):
    steps.trained(world, "dee", "rosa", "sena", "tolu")
    return world.actor("dee")


@pytest.fixture
def ben(world):
    return world.actor("ben")


def only_one(answers, *faults):
    """The answer that was let through; the others were turned away in words."""
    kept = [a for a in answers if not isinstance(a, Exception)]
    turned = [a for a in answers if isinstance(a, Exception)]
    assert len(kept) == 1 and all(isinstance(a, faults) for a in turned), answers
    assert ledger.verify() == []
    return kept[0], turned[0]


def said(no: Exception) -> str:
    return no.words if isinstance(no, Refused) else " ".join(words for _, words in no.errors)


# ---------------------------------------------------------------- sign-offs


def test_of_two_managers_who_pause_at_the_same_moment_one_does_and_the_other_is_told(world, app):
    amina, seen = world.person_id("amina"), sign_offs.newest(world.home().id, world.person_id("amina"))
    before = Grant.select().count()

    def pausing(who):
        by = world.actor(who)
        return lambda: competency.suspend(by=by, person_id=amina, skill="oral", reason=f"{who} saw it", seen=seen)

    _, no = only_one([a or True for a in at_once(app, [pausing("rosa"), pausing("dee")])], Invalid)
    row = Grant.select().order_by(Grant.id.desc()).first()
    assert Grant.select().count() == before + 1 and row.state == "suspended" and not may(world, "amina")
    first = "Rosa Quiroga" if row.by == world.person_id("rosa") else "Dee Marsh"
    assert first in said(no) and "Nothing was changed by you" in said(no)
    assert Alert.select().where(Alert.key.startswith("sign_off:")).count() == 1, "the person is told once"


@pytest.mark.parametrize("first", ["pause", "renew"])
def test_of_a_pause_and_a_renewal_at_the_same_moment_the_second_decides_nothing_unseen(world, app, first):
    amina, seen = world.person_id("amina"), sign_offs.newest(world.home().id, world.person_id("amina"))
    rosa, dee, key = world.actor("rosa"), world.actor("dee"), dict(person_id=amina, skill="oral", seen=seen)
    jobs = [
        lambda: competency.suspend(by=rosa, reason="Two names were mixed up", **key),
        lambda: competency.grant(by=dee, reason="Yearly review passed", **key),
    ]
    answers = at_once(app, jobs if first == "pause" else jobs[::-1])
    only_one([a or True for a in answers], Invalid)
    newest = Grant.select().order_by(Grant.id.desc()).first()
    assert may(world, "amina") == (newest.state in MAY_GIVE)


def test_of_two_settings_of_a_skill_at_the_same_moment_one_stands(world, app):
    rosa, dee = world.actor("rosa"), world.actor("dee")
    answers = at_once(app, [
        lambda: setting_actions.change(by=rosa, skill="oral", months=6, roles=("senior_carer",), seen=0),
        lambda: setting_actions.change(by=dee, skill="oral", months=24, roles=("senior_carer",), seen=0),
    ])  # fmt: skip
    only_one([a or True for a in answers], Invalid, Refused)
    (row,) = SkillSetting.select()
    assert settings.settings_of(world.home().id)["oral"].months == row.months


# ---------------------------------------------------------------- assessments


@pytest.mark.parametrize("first", ["competent", "not_competent"])
def test_of_two_who_judge_an_assessment_at_the_same_moment_one_does(world, app, dee, ben, first):
    row, rosa = steps.complete(dee, ben, Doses(world, 6)), world.actor("rosa")
    jobs = [
        lambda: steps.conclude(dee, row, "competent"),
        lambda: steps.conclude(rosa, row, "not_competent", "I would not yet"),
    ]
    kept, no = only_one(at_once(app, jobs if first == "competent" else jobs[::-1]), Refused)
    assert no.code == "decided" and ("Dee Marsh" if kept.by == dee.person_id else "Rosa Quiroga") in no.words
    assert AssessmentOutcome.select().count() == 1
    assert may(world, "ben") == (kept.outcome == "competent") and state(world, "ben").state == kept.outcome


def test_a_pause_at_the_moment_of_the_judgement_is_never_undone_by_it(world, app, dee, ben):
    """Whoever is first: the judgement knows of the pause, or the pause comes after the sign-off."""
    row, rosa = steps.complete(dee, ben, Doses(world, 6)), world.actor("rosa")
    clock.stand_at(clock.now() + dt.timedelta(minutes=1))
    answers = at_once(app, [
        lambda: steps.conclude(dee, row),
        lambda: competency.suspend(by=rosa, person_id=ben.person_id, skill="oral", reason="A wrong dose"),
    ])  # fmt: skip
    assert answers[1] is None, "a pause for safety is let through whenever there is something to pause"
    assert state(world, "ben").state == "suspended" and not may(world, "ben")
    assert isinstance(answers[0], AssessmentOutcome) or answers[0].code == "paused_meanwhile"
    assert ledger.verify() == []


def test_of_two_who_begin_the_same_assessment_at_the_same_moment_one_does(world, app, dee, ben):
    tolu = world.actor("tolu")
    answers = at_once(app, [lambda: steps.begin(dee, ben.person_id), lambda: steps.begin(tolu, ben.person_id)])
    _, no = only_one(answers, Refused)
    assert no.code == "under_way" and Assessment.select().count() == 1


def test_of_two_who_begin_to_watch_one_person_at_the_same_moment_one_does(world, app, dee, ben):
    row, tolu = steps.prepared(dee, ben.person_id), world.actor("tolu")
    kept, no = only_one(at_once(app, [lambda: steps.watch(dee, row), lambda: steps.watch(tolu, row)]), Refused)
    assert no.code == "watching" and Observation.select().count() == 1
    assert ("Dee Marsh" if kept.by == dee.person_id else "Tolu Bello") in no.words


def test_of_two_who_book_the_same_round_at_the_same_moment_one_does(world, app, dee, ben):
    day = clock.local_day(clock.now()) + DAY

    def booking(who):
        by = world.actor(who)
        return lambda: booking_actions.book(
            by=by, person_id=ben.person_id, booking_id=steps.new_id(), skill="oral", kind="initial",
            assessor_id=dee.person_id, on_day=day, round_name="Morning",
        )  # fmt: skip

    _, no = only_one(at_once(app, [booking("dee"), booking("rosa")]), Invalid)
    assert "booked already" in said(no) and Booking.select().count() == 1


def test_the_same_form_sent_twice_at_the_same_moment_is_one_of_everything(world, app, dee, ben):
    form = steps.new_id()
    made = at_once(app, [lambda: steps.begin(dee, ben.person_id, assessment_id=form)] * 3)
    assert len({row.id for row in made}) == 1 and Assessment.select().count() == 1
    row = made[0]
    steps.answer(dee, row)
    steps.shadow(dee, row, days_ago=2)
    steps.shadow(dee, row, days_ago=1)
    seen = steps.watch(dee, row)
    Doses(world, 1).refuse(ben)
    steps.mark_all(dee, seen)
    ended = at_once(app, [lambda: steps.finish(dee, seen)] * 3)
    assert len({result.id for result in ended}) == 1
    signed = at_once(app, [lambda: observing_actions.sign(
        by=dee, observation_number=seen.id, meaning="observed", proven_at=clock.now())] * 3)  # fmt: skip
    assert len({sign.id for sign in signed}) == 1 and ledger.verify() == []


def test_a_reflection_that_meets_the_judgement_is_kept_or_told(world, app, dee, ben):
    row = steps.complete(dee, ben, Doses(world, 6))
    words = "I look at the photograph first now"
    answers = at_once(app, [
        lambda: steps.conclude(dee, row),
        lambda: assessing_actions.reflect(by=ben, own_assessment=row.id, part_id=steps.new_id(), words=words),
    ])  # fmt: skip
    assert isinstance(answers[0], AssessmentOutcome)
    assert not isinstance(answers[1], Exception) or answers[1].code == "decided"


# ---------------------------------------------------------------- exceptions


WHY = "Both seniors are ill, the agency cannot come before two"


def test_of_two_exceptions_for_one_round_at_the_same_moment_one_is_made(world, app):
    clock.stand_at(on("12:40"))
    ben = world.person_id("ben")

    def allowing(who):
        by = world.actor(who)
        return lambda: glass_actions.break_glass(
            by=by, person_id=ben, round_name="Lunch", starts_at=on("12:30"), reason=WHY, proven_at=clock.now()
        )

    kept, no = only_one(at_once(app, [allowing("rosa"), allowing("dee")]), Refused)
    assert no.code == "glass_broken" and BreakGlass.select().count() == 1
    both = [lambda: glass_actions.answer_glass(by=world.actor("quinn"), glass_id=kept.id, words="Read at once, agreed")]
    assert len({a.id for a in at_once(app, both * 3)}) == 1 and BreakGlassSeen.select().count() == 1


def test_a_pause_and_an_exception_at_the_same_moment_never_let_a_dose_through(world, app):
    """The pause may come before the exception, which is then refused, or after it, and bites all the same."""
    clock.stand_at(on("12:40"))
    bed, rosa, dee, ben = bedside(world, due="12:30"), world.actor("rosa"), world.actor("dee"), world.person_id("ben")
    builders.sign_off(world.system(), ben, "topical")
    answers = at_once(app, [
        lambda: competency.suspend(by=rosa, person_id=ben, skill="topical", reason="The wrong cream"),
        lambda: glass_actions.break_glass(
            by=dee, person_id=ben, round_name="Lunch", starts_at=on("12:30"), reason=WHY,
            proven_at=clock.now(),
        ),
    ])  # fmt: skip
    assert answers[0] is None
    assert isinstance(answers[1], BreakGlass) or answers[1].code == "glass_paused"
    by = bed.open("ben")
    with pytest.raises(Refused) as no:
        bed.record(by)
    assert no.value.code == "not_signed_off" and bed.entries() == []


# ---------------------------------------------------------------- doses


@pytest.mark.parametrize("first", ["pause", "dose"])
def test_a_dose_at_the_moment_of_a_pause_is_before_it_or_refused(world, app, first):
    bed = bedside(world)
    by, rosa = bed.open("amina"), world.actor("rosa")
    intent = bed.intent(by)
    jobs = [
        lambda: competency.suspend(by=rosa, person_id=by.person_id, skill="oral", reason="Two names were mixed up"),
        lambda: bed.record(by, ticket=intent.ticket, entry_id=intent.entry_id),
    ]
    answers = dict(zip(("pause", "dose") if first == "pause" else ("dose", "pause"),
                       at_once(app, jobs if first == "pause" else jobs[::-1]), strict=True))  # fmt: skip
    assert answers["pause"] is None and not may(world, "amina")
    if isinstance(answers["dose"], Refused):
        assert answers["dose"].code == "not_signed_off" and bed.entries() == []
    else:
        assert [e.id for e in bed.entries()] == [answers["dose"].id]
    with pytest.raises(Refused):
        bed.record(by)
    assert ledger.verify() == []
