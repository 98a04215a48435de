"""Arranging: asking, booking, moving, cancelling, what was missed, and what lies ahead in one list."""

import datetime as dt

import pytest

from medpwa import clock, ledger
from medpwa.competency import actions as competency
from medpwa.desk import decisions
from medpwa.errors import Invalid, NotFound, NotPermitted, Refused
from medpwa.practice import booking_actions, bookings
from medpwa.practice import booking_rules as rules
from medpwa.practice.models import AssessmentRequest, Booking, BookingEnd
from medpwa.staff import actions as staff
from tests import builders
from tests.browse import words
from tests.mar.steps import later
from tests.practice import steps

TODAY = dt.date(2026, 11, 16)
DAY = dt.timedelta(days=1)


def book(by, person_id: int, assessor_id: int, **changes) -> Booking:
    """An assessment arranged for today's lunch."""
    values = dict(
        booking_id=steps.new_id(), skill="oral", kind="initial", assessor_id=assessor_id, on_day=TODAY,
        round_name="Lunch",
    )  # fmt: skip
    return booking_actions.book(by=by, person_id=person_id, **values | changes)


@pytest.fixture
def dee(world):
    steps.trained(world, "dee", "rosa", "sena", "tolu")
    return world.actor("dee")


@pytest.fixture
def ben(world):
    return world.actor("ben")


def lines(who, name: str) -> list[tuple[str, str, str]]:
    return [(x.skill, x.chip, x.booked) for _, x in bookings.ahead(who) if x.name == name]


# ---------------------------------------------------------------- rules


@pytest.mark.parametrize(
    ("state", "days", "required", "held", "listed"),
    [
        ("competent", 61, True, True, None),
        ("competent", 60, True, True, "due"),
        ("competent", 1, False, True, "due"),
        ("ended", None, True, True, "ended"),
        ("not_started", None, True, False, "not_started"),
        ("not_started", None, False, False, None),
        ("suspended", None, False, True, "suspended"),
    ],
)
def test_what_needs_somebody_is_listed(state, days, required, held, listed):
    at = clock.from_micros(0)
    until = at + days * DAY if days is not None else None
    assert rules.needs_somebody(state, until, required, held, at) == listed


def test_the_most_pressing_comes_first():
    at = clock.from_micros(0)
    states = ("not_started", "due", "ended", "suspended", "assessing")
    found = sorted((rules.Ahead(1, "oral", s, at, at) for s in states), key=lambda a: a.rank)
    assert [a.state for a in found] == ["suspended", "ended", "due", "assessing", "not_started"]
    sooner, longer = rules.Ahead(1, "oral", "due", at, at + DAY), rules.Ahead(1, "oral", "due", at, at + 2 * DAY)
    assert sooner.rank < longer.rank


@pytest.mark.parametrize(("day", "past", "wrong"), [
    (None, True, True), (TODAY, False, False), (TODAY - DAY, False, True), (TODAY - DAY, True, False),
    (TODAY + 366 * DAY, False, False), (TODAY + 367 * DAY, True, True),
])  # fmt: skip
def test_a_booking_is_for_a_day_that_comes(day, past, wrong):
    assert bool(rules.day_problem(day, TODAY, past_too=past)) is wrong


# ---------------------------------------------------------------- the list

APP = ("emar_use", "Not yet started", "")


def test_gaps_and_lapses_ahead_stand_in_one_list_with_what_is_booked(world, dee, ben):
    assert lines(dee, "Ben Hale") == [APP]  # what every carer needs; by mouth is for those who give
    lapsed = {s for s, chip, _ in lines(dee, "Cara Lund") if chip in ("Ended", "Out of date")}
    assert lapsed == {"oral", "topical", "drops", "inhaler"}
    assert lines(dee, "Amina Okoro") == [APP]
    book(dee, ben.person_id, dee.person_id, on_day=TODAY + DAY)
    assert ("oral", "Not yet started", "Tomorrow, Lunch, with Dee Marsh") in lines(dee, "Ben Hale")
    later(days=110)  # everybody's sign-off ends on 30 April
    assert {line[1] for line in lines(world.actor("dee"), "Amina Okoro") if line != APP} == {"Due soon"}


def test_a_home_that_says_which_roles_need_a_skill_is_asked(world, dee):
    from medpwa.competency.models import SkillSetting
    from medpwa.database import writing

    before = lines(dee, "Dee Marsh")
    with writing(dee.chain_id):
        row = SkillSetting.create(
            home=dee.home_id, skill="patch", months=12, roles=["carer"], valid_from=clock.now(), at=clock.now()
        )
        ledger.append(dee.chain_id, dee, [ledger.line("competency.grant", "home", row)])
    assert ("patch", "Not yet started", "") in lines(dee, "Ben Hale")
    assert lines(dee, "Dee Marsh") == before and "patch" not in {skill for skill, _, _ in before}


# ---------------------------------------------------------------- asking


def test_a_carer_asks_once_and_a_booking_answers(world, dee, ben):
    once = steps.new_id()
    row = booking_actions.ask(by=ben, request_id=once, skill="oral", words="Mondays suit me")
    assert booking_actions.ask(by=ben, request_id=once, skill="oral").id == row.id
    with pytest.raises(Invalid) as no:
        booking_actions.ask(by=ben, request_id=steps.new_id(), skill="oral")
    assert "waits" in str(no.value)
    with pytest.raises(NotFound):
        booking_actions.ask(by=world.actor("gil"), request_id=once, skill="oral")
    assert [r.id for r in bookings.waiting(dee.home_id)] == [row.id]
    later(minutes=1)
    booked = book(dee, ben.person_id, dee.person_id, request_number=row.id)
    assert booked.request_id == row.id and bookings.waiting(dee.home_id) == []
    assert AssessmentRequest.select().count() == 1 and ledger.verify() == []


def test_asking_is_for_skills_a_colleague_may_assess_and_for_those_who_give(world, ben):
    for skill in ("insulin", "juggling", ""):
        with pytest.raises(Invalid):
            booking_actions.ask(by=ben, request_id=steps.new_id(), skill=skill)
    with pytest.raises(NotPermitted):
        booking_actions.ask(by=world.actor("quinn"), request_id=steps.new_id(), skill="oral")


def test_a_request_is_answered_by_a_sign_off_or_by_leaving(world, dee, ben):
    booking_actions.ask(by=ben, request_id=steps.new_id(), skill="oral")
    booking_actions.ask(by=ben, request_id=steps.new_id(), skill="inhaler")
    builders.sign_off(world.actor("rosa"), ben.person_id, "oral")
    assert [r.skill for r in bookings.waiting(dee.home_id)] == ["inhaler"]
    staff.end_person(by=world.actor("rosa"), person_id=ben.person_id, reason="Left")
    assert bookings.waiting(dee.home_id) == []


def test_somebody_in_date_who_is_told_to_ask_for_the_review_can_and_is_heard(browser, world, dee):
    """The reminder says “ask for your assessment”: the form offers it 60 days before its end, and the request waits."""
    amina, page = world.actor("amina"), "/h/rowan/my-assessments"
    choices = lambda: {o["value"] for o in browser.sign_in("amina").get(page).select("#skill option")}  # noqa: E731
    assert "oral" not in choices(), "its end is far away"
    later(days=110)  # it ends on 30 April
    assert "oral" in choices()
    row = booking_actions.ask(by=amina, request_id=steps.new_id(), skill="oral")
    assert [r.id for r in bookings.waiting(dee.home_id)] == [row.id] and "oral" not in choices()
    assert any(d.kind == "asks_assessment" for d in decisions.waiting(dee))
    later(minutes=1)
    builders.sign_off(world.actor("rosa"), amina.person_id, "oral", reason="Yearly review passed")
    assert bookings.waiting(dee.home_id) == []


def test_a_request_whose_booking_was_called_off_waits_again_and_one_that_was_moved_does_not(world, dee, ben):
    row = booking_actions.ask(by=ben, request_id=steps.new_id(), skill="oral")
    later(minutes=1)
    booked = book(dee, ben.person_id, dee.person_id, on_day=TODAY + DAY, request_number=row.id)
    moved = booking_actions.move(
        by=dee, booking_number=booked.id, booking_id=steps.new_id(), assessor_id=dee.person_id, on_day=TODAY + 2 * DAY,
        round_name="Lunch", words="Dee is on a course",
    )  # fmt: skip
    assert bookings.waiting(dee.home_id) == []
    booking_actions.cancel(by=dee, booking_number=moved.id, words="Ben is ill")
    assert [r.id for r in bookings.waiting(dee.home_id)] == [row.id]
    later(minutes=1)
    steps.begin(dee, ben.person_id)
    assert bookings.waiting(dee.home_id) == []


# ---------------------------------------------------------------- booking


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"skill": "insulin"}, "skill"),
        ({"kind": "x"}, "kind"),
        ({"round_name": "Midnight"}, "round"),
        ({"on_day": TODAY - DAY}, "on_day"),
        ({"on_day": dt.date(9000, 1, 1)}, "on_day"),
        ({"note": "x" * 501}, "note"),
        ({"skill": "patch"}, "assessor"),  # Dee is not signed off for patches
    ],
)
def test_a_booking_that_cannot_be_says_why(world, dee, ben, changes, field):
    with pytest.raises(Invalid) as no:
        book(dee, ben.person_id, dee.person_id, **changes)
    assert field in [name for name, _ in no.value.errors] and not Booking.select().exists()


def test_the_assessor_is_in_date_on_that_day_and_answers_for_enough(world, dee, ben):
    for assessor in ("ben", "cara", "quinn", "amina"):
        with pytest.raises(Invalid):
            book(dee, ben.person_id, world.person_id(assessor))
    with pytest.raises(Invalid):  # Dee’s sign-off ends before that day
        book(dee, ben.person_id, dee.person_id, on_day=TODAY + 200 * DAY)
    with pytest.raises(Invalid):
        book(world.actor("tolu"), world.person_id("rosa"), dee.person_id, kind="annual")
    with pytest.raises(NotPermitted):
        book(dee, dee.person_id, world.person_id("rosa"))
    with pytest.raises(NotPermitted):
        book(world.actor("sena"), ben.person_id, dee.person_id)


def test_a_booking_is_moved_or_taken_back_with_a_reason_and_once(world, dee, ben):
    first = book(dee, ben.person_id, dee.person_id)
    again = steps.new_id()
    wanted = dict(booking_id=again, assessor_id=world.person_id("sena"), on_day=TODAY + DAY, round_name="Morning")
    with pytest.raises(Invalid):
        booking_actions.move(by=dee, booking_number=first.id, words=" ", **wanted)
    moved = booking_actions.move(by=dee, booking_number=first.id, words="Dee is off", **wanted)
    assert booking_actions.move(by=dee, booking_number=first.id, words="Dee is off", **wanted).id == moved.id
    assert (moved.on_day, moved.assessor_id, moved.skill) == (TODAY + DAY, world.person_id("sena"), "oral")
    with pytest.raises(Refused) as no:
        booking_actions.cancel(by=world.actor("rosa"), booking_number=first.id, words="x")
    assert no.value.code == "booking_ended" and "Dee Marsh" in no.value.words
    with pytest.raises(Invalid):
        booking_actions.cancel(by=dee, booking_number=moved.id, words="")
    ended = booking_actions.cancel(by=dee, booking_number=moved.id, words="Ben is ill")
    assert booking_actions.cancel(by=dee, booking_number=moved.id, words="Ben is ill").id == ended.id
    assert [e.how for e in BookingEnd.select().order_by(BookingEnd.id)] == ["moved", "cancelled"]
    assert bookings.standing(dee.home_id) == [] and ledger.verify() == []


def test_the_same_form_books_once_and_the_same_round_is_not_booked_twice(world, dee, ben):
    once = steps.new_id()
    first = book(dee, ben.person_id, dee.person_id, booking_id=once)
    assert book(dee, ben.person_id, dee.person_id, booking_id=once).id == first.id
    with pytest.raises(NotFound):
        book(world.actor("rosa"), ben.person_id, dee.person_id, booking_id=once)
    with pytest.raises(Invalid):
        book(dee, ben.person_id, dee.person_id)
    book(dee, ben.person_id, dee.person_id, round_name="Teatime")


def test_a_day_that_passed_without_a_word_is_missed_until_somebody_says_what_became_of_it(world, dee, ben):
    row = book(dee, ben.person_id, dee.person_id)
    assert not bookings.booking_of(dee, row.id).missed(TODAY)
    later(days=1)
    dee = world.actor("dee")
    (standing,) = bookings.standing(dee.home_id)
    assert standing.missed(TODAY + DAY)
    (oral,) = (line for line in lines(dee, "Ben Hale") if line[0] == "oral")
    assert oral[2].startswith("Missed: yesterday")
    assert booking_actions.cancel(by=dee, booking_number=row.id, words="Ben was ill").how == "missed"


def test_a_round_watched_on_the_booked_day_was_held(world, dee, ben):
    row = steps.prepared(dee, ben.person_id)
    booked = book(dee, ben.person_id, dee.person_id)
    other = book(dee, ben.person_id, dee.person_id, on_day=TODAY + DAY)
    steps.watch(dee, row)
    assert bookings.booking_of(dee, booked.id).end.how == "held"
    assert bookings.booking_of(dee, other.id).end is None


def test_another_home_finds_no_booking_here(world, dee, ben):
    row, nell = book(dee, ben.person_id, dee.person_id), world.actor("nell")
    with pytest.raises(NotFound):
        booking_actions.cancel(by=nell, booking_number=row.id, words="x")
    with pytest.raises(NotFound):
        book(nell, ben.person_id, nell.person_id)


def test_a_leaver_is_not_booked(world, dee, ben):
    staff.end_person(by=world.actor("rosa"), person_id=ben.person_id, reason="Left")
    with pytest.raises(Refused) as no:
        book(dee, ben.person_id, dee.person_id)
    assert no.value.code == "person_gone"


def test_an_assessor_paused_after_the_booking_cannot_begin(world, dee, ben):
    row = book(dee, ben.person_id, dee.person_id)
    competency.suspend(by=world.actor("rosa"), person_id=dee.person_id, skill="oral", reason="A near miss")
    with pytest.raises(Refused) as no:
        steps.begin(dee, ben.person_id, booking_number=row.id)
    assert no.value.code == "assessor_lapsed" and bookings.booking_of(dee, row.id).end is None


def test_skills_of_one_person_that_stand_alike_are_one_line_and_one_assessment_begins_with_all(browser, world):
    rosa, ben = world.actor("rosa"), world.person_id("ben")
    also = (("topical", None), ("drops", None))
    competency.grant(by=rosa, person_id=ben, skill="oral", also=also, state="supervised_only", reason="More practice")
    at_work = browser.sign_in("rosa")
    page = at_work.get("/h/rowan/assessments")
    (row,) = [r for r in page.select("li.row--staff") if "Ben Hale" in words(r) and "supervised" in words(r)]
    assert "Medicines by mouth, creams and ointments, eye, ear and nose drops: only when supervised" in words(row)
    begin = at_work.get(row.select_one("a[href*='/begin/']")["href"])
    assert {box["value"] for box in begin.select("[name=skill][checked]")} == {"oral", "topical", "drops"}
