"""Courses, certificates, and the gaps of a home."""

import dataclasses
import datetime as dt

import pytest

from medpwa import clock, ledger
from medpwa.errors import Invalid, NotFound, NotPermitted, Refused
from medpwa.practice import training, training_actions, training_rules
from medpwa.practice.matrix import Asked, matrix_page
from medpwa.practice.models import Certificate, Course
from medpwa.practice.spans import span_of
from medpwa.practice.training_rules import CertificateFacts, CourseFacts
from medpwa.staff import actions as staff
from tests.browse import words
from tests.competency.papers_made import LIARS, PDF, sent

TODAY = dt.date(2026, 11, 16)
DAY = dt.timedelta(days=1)
ZONE = clock.DEFAULT_ZONE
SAFE = CourseFacts("safeguarding", "Safeguarding adults", 12, frozenset({"carer", "senior_carer"}))


@pytest.fixture
def asked(world):
    training_actions.set_courses(by=world.actor("rosa"), courses=(SAFE,))
    return SAFE


def record(world, number="certificate-1", about="amina", by="rosa", **said):
    values = dict(course="safeguarding", taken_on=TODAY - 30 * DAY) | said
    person_id = world.person_id(about)
    return training_actions.record(by=world.actor(by), person_id=person_id, certificate_id=number, **values)


def stands(world, username="amina", code="safeguarding", at=None) -> str:
    home = world.home()
    return training.course_state(home.id, home.zone, at)[world.person_id(username), code].state


# ---------------------------------------------------------------- rules


def held(taken: int, expires: int | None) -> CertificateFacts:
    ends = None if expires is None else TODAY + expires * DAY
    return CertificateFacts(1, 1, "safeguarding", TODAY + taken * DAY, ends)


@pytest.mark.parametrize(
    ("certificates", "needed", "state"),
    [
        ([], True, "missing"),
        ([], False, "not_needed"),
        ([held(-300, 61)], True, "in_date"),
        ([held(-300, 60)], True, "due"),
        ([held(-300, 1)], True, "due"),
        ([held(-300, 0)], True, "lapsed"),
        ([held(-300, 0)], False, "not_needed"),
        ([held(-300, 5)], False, "in_date"),
        ([held(-900, -500), held(-10, 300)], True, "in_date"),
        ([held(-900, None)], True, "lapsed"),  # of a time when once was enough; the home asks for it yearly now
        ([held(-900, None), held(-300, 61)], True, "in_date"),
    ],
)
def test_how_a_course_stands(certificates, needed, state):
    assert training_rules.state_of(SAFE, needed, certificates, TODAY).state == state


def test_a_course_that_is_taken_once_holds_without_an_end():
    once = dataclasses.replace(SAFE, months=None)
    assert training_rules.state_of(once, True, [held(-900, None)], TODAY).state == "in_date"


def test_the_table_and_the_training_page_answer_alike(world, asked):
    """Two certificates: the newer one ends sooner. One rule says which of them decides, wherever it is shown."""
    record(world, "certificate-1", taken_on=TODAY - 60 * DAY, expires_on=TODAY + 300 * DAY)
    record(world, "certificate-2", taken_on=TODAY - 30 * DAY, expires_on=TODAY - 1 * DAY)
    record(world, "certificate-3", "rosa", "dee", taken_on=TODAY - 400 * DAY, expires_on=TODAY - 35 * DAY)
    assert stands(world) == "in_date" and stands(world, "rosa") == "not_needed"
    rows = {r.person_id: r for r in matrix_page(world.actor("rosa"), Asked(span_of("30", TODAY, ZONE))).rows}
    cells = {name: next(c for c in rows[world.person_id(name)].cells if c.key == "course:safeguarding").stands
             for name in ("amina", "rosa", "sena")}  # fmt: skip
    assert (cells["amina"].state, cells["amina"].in_date) == ("in_date", True)
    assert (cells["rosa"].state, cells["rosa"].exception) == ("not_needed", False)
    assert cells["sena"].state == "missing" and stands(world, "sena") == "missing"


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ((2026, 1, 31), 1, (2026, 3, 1)),
        ((2028, 2, 29), 12, (2029, 3, 1)),
        ((2026, 12, 15), 12, (2027, 12, 15)),
        ((2026, 11, 30), 3, (2027, 3, 1)),
        ((2026, 11, 30), 13, (2027, 12, 30)),
    ],
)
def test_months_later(day, months, later):
    assert clock.months_later(dt.date(*day), months) == dt.date(*later)


# ---------------------------------------------------------------- courses


def test_the_first_list_is_the_homes_own_setting_and_comes_once(world):
    rosa = world.actor("rosa")
    assert training_actions.set_courses(by=rosa, courses=training.first_courses()) == 14
    assert training_actions.set_courses(by=rosa, courses=training.first_courses()) == 0
    assert len(training.courses_of(world.home().id)) == 14 and training.courses_of(world.home("elm").id) == []
    assert ledger.verify() == []


def test_a_changed_course_counts_from_now_and_the_old_one_stays_in_the_history(world, asked):
    later = clock.now() + dt.timedelta(hours=1)
    with clock.standing(later):
        retired = CourseFacts(asked.code, asked.name, 6, asked.roles, True)
        training_actions.set_courses(by=world.actor("rosa"), courses=(retired,))
        assert training.courses_of(world.home().id) == []
    assert training.courses_of(world.home().id, at=later - DAY / 24) == [asked]
    assert Course.select().count() == 2


@pytest.mark.parametrize(
    ("course", "field"),
    [
        (CourseFacts("x y", "Name", 12, frozenset()), "name"),
        (CourseFacts("x", " ", 12, frozenset()), "name"),
        (CourseFacts("x", "n" * 121, 12, frozenset()), "name"),
        (CourseFacts("x", "Name", 0, frozenset()), "months"),
        (CourseFacts("x", "Name", 61, frozenset()), "months"),
        (CourseFacts("x", "Name", 12, frozenset({"emperor"})), "roles"),
    ],
)
def test_a_course_that_cannot_be_is_refused(world, course, field):
    with pytest.raises(Invalid) as no:
        training_actions.set_courses(by=world.actor("rosa"), courses=(course,))
    assert [f for f, _ in no.value.errors] == [field]


# ---------------------------------------------------------------- certificates


def test_a_certificate_holds_as_long_as_the_course_says_and_ends_at_midnight(world, asked):
    assert stands(world) == "missing"
    row = record(world)
    assert (row.expires_on, stands(world)) == (dt.date(2027, 10, 17), "in_date")
    midnight = clock.at_local(row.expires_on, dt.time())
    assert stands(world, at=midnight - dt.timedelta(microseconds=1)) == "due"
    assert stands(world, at=midnight) == "lapsed"
    assert ledger.verify() == []


def test_the_same_form_again_is_the_same_certificate_and_another_is_refused(world, asked):
    row = record(world)
    assert record(world).id == row.id and Certificate.select().count() == 1
    for changes in (dict(taken_on=TODAY), dict(about="ben"), dict(from_whom="Somebody else")):
        with pytest.raises(Refused):
            record(world, **changes)
    assert Certificate.select().count() == 1


def test_another_homes_certificate_id_does_not_exist_here(world, asked):
    record(world)
    nell = world.actor("nell")
    training_actions.set_courses(by=nell, courses=(SAFE,))
    with pytest.raises(NotFound):
        training_actions.record(
            by=nell, person_id=nell.person_id, certificate_id="certificate-1", course="safeguarding", taken_on=TODAY
        )
    with pytest.raises(NotFound):
        record(world, number="certificate-2", about="nell")


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        (dict(taken_on=TODAY + DAY), "taken_on", "not come yet"),
        (dict(expires_on=TODAY - 30 * DAY), "expires_on", "after the day it was taken"),
        (dict(expires_on=TODAY - 31 * DAY), "expires_on", "after the day it was taken"),
        (dict(expires_on=dt.date(2040, 1, 1)), "expires_on", "at most 10 years"),
        (dict(course="juggling"), "course", "Choose the course"),
        (dict(from_whom="x" * 161), "from_whom", "at most 160"),
        (dict(paper_id=4711), "paper", "not here"),
    ],
)
def test_a_certificate_that_cannot_be_is_said_beside_its_field(world, asked, said, field, sentence):
    with pytest.raises(Invalid) as no:
        record(world, **said)
    assert sentence in dict(no.value.errors)[field] and Certificate.select().count() == 0


def test_a_leaver_gets_no_certificate_and_drops_out_of_the_gaps(world, asked):
    staff.end_person(by=world.actor("rosa"), person_id=world.person_id("amina"), reason="Left")
    with pytest.raises(Invalid):
        record(world)
    home = world.home()
    assert world.person_id("amina") not in {p for p, _ in training.course_state(home.id, home.zone)}


@pytest.mark.parametrize("by", ["amina", "tolu", "quinn", "nia"])
def test_only_managers_record_and_ask_for_courses(world, asked, by):
    with pytest.raises(NotPermitted):
        record(world, by=by, about="ben")
    with pytest.raises(NotPermitted):
        training_actions.set_courses(by=world.actor(by), courses=(SAFE,))


# ---------------------------------------------------------------- pages

NEW = "/h/rowan/training/people/{}/new"


def test_the_page_says_who_has_a_course_to_take_and_what_ends_within_60_days(browser, world, asked):
    page = browser.sign_in("rosa").get("/h/rowan/training")
    assert words(page.h1) == "5 people have a course to take"
    record(world, expires_on=TODAY + 59 * DAY)
    record(world, "certificate-2", about="ben")
    page = browser.sign_in("tolu").get("/h/rowan/training")
    rows = [words(li) for li in page.select("main > ul.rows > li")]
    assert any(r.startswith("Amina Okoro") and "Due soon" in r for r in rows)
    assert not any(r.startswith("Ben Hale") for r in rows)
    assert words(page.select_one(".lead")) == "2 of 5 needed courses are in date. 1 of them ends within 60 days."


def test_a_manager_adds_a_certificate_with_its_paper_and_the_person_opens_it(browser, world, asked):
    rosa, url = browser.sign_in("rosa"), NEW.format(world.person_id("amina"))
    form = rosa.get(f"{url}?course=safeguarding").find("form", action=url)
    page = rosa.submit(form, taken_on="2026-11-01", from_whom="County council", paper=sent(PDF, "safe.pdf"))
    assert "Certificate kept" in words(page) and words(page.h1) == "Amina Okoro has every course that is needed"
    rosa.submit(form, taken_on="2026-11-01", from_whom="County council", paper=sent(PDF, "safe.pdf"))
    assert Certificate.select().count() == 1
    amina = browser.sign_in("amina")
    link = amina.get("/h/rowan/training/mine").select_one("a[href*='/papers/']")
    assert words(amina.page.h1) == "You have every course that is needed"
    amina.get(link["href"], lint=False)
    assert amina.response.data == PDF
    browser.sign_in("ben").get(link["href"], status=404)
    assert "A certificate was kept: Safeguarding adults, taken 1 Nov 2026" in words(rosa.get("/h/rowan/ledger"))


@pytest.mark.parametrize("what", ["a drawing with a program", "a program", "half a picture"])
def test_a_paper_that_lies_costs_nothing_that_was_typed(browser, world, asked, what):
    data, sentence = LIARS[what]
    rosa, url = browser.sign_in("rosa"), NEW.format(world.person_id("amina"))
    form = rosa.get(url).find("form", action=url)
    page = rosa.submit(
        form, course="safeguarding", taken_on="2026-11-01", from_whom="Council", paper=sent(data), status=422
    )
    assert sentence in words(page.find(id="paper-error")) and page.find(id="from_whom")["value"] == "Council"
    assert page.select_one("#course option[selected]")["value"] == "safeguarding" and Certificate.select().count() == 0


def test_the_list_of_courses_is_begun_changed_and_retired_on_its_pages(browser, world):
    rosa = browser.sign_in("rosa")
    page = rosa.get("/h/rowan/training/courses")
    assert words(page.h1) == "This home asks for no courses yet"
    page = rosa.submit(page.find("form", action="/h/rowan/training/courses/first"))
    assert words(page.h1) == "This home asks for 14 courses"
    form = rosa.get("/h/rowan/training/courses/edit?code=oxygen").find("form", attrs={"data-js": "once"})
    page = rosa.submit(form, months="six", status=422)
    assert "as a number" in words(page.find(id="months-error"))
    page = rosa.submit(form, months="6", retired="yes")
    assert words(page.h1) == "This home asks for 13 courses" and "No longer asked for" in words(page)
    form = rosa.get("/h/rowan/training/courses/edit").find("form", attrs={"data-js": "once"})
    assert "a course of that name already" in words(rosa.submit(form, name="Oxygen", status=422).find(id="name-error"))
    page = rosa.submit(form, name="Moving and handling", months="12", roles=["carer"])
    assert "Every 12 months; carer" in words(page)
    tolu = browser.sign_in("tolu")
    assert not tolu.get("/h/rowan/training/courses").select("main form")
    tolu.get("/h/rowan/training/courses/edit", status=404)


def test_carers_see_their_own_courses_alone(browser, world, asked):
    amina = browser.sign_in("amina")
    for path in ("training", "training/courses", f"training/people/{world.person_id('ben')}", "agency"):
        amina.get(f"/h/rowan/{path}", status=404)
    browser.sign_in("nell").get(f"/h/far/training/people/{world.person_id('ben')}", status=404)
