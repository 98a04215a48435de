"""One's own page: sign-offs, what comes next, one's own figures and refused attempts, and what was decided."""

import datetime as dt

import pytest

from medpwa import clock
from medpwa.competency import actions
from medpwa.competency.vocabulary import DERIVED, STATES
from medpwa.practice import booking_actions, own
from tests.browse import words
from tests.builders import sign_off
from tests.mar.steps import bedside, beside

PAGE = "/h/rowan/my-sign-offs"
DAY = dt.timedelta(days=1)


def figures(page):
    rows = page.select("table tbody tr")
    return {words(r.th): [int(words(td)) for td in r.find_all("td")] for r in rows}


def test_everybody_who_works_here_finds_their_own_page_in_their_menu(browser, world):
    for username in ("amina", "ben", "sena", "tolu", "rosa", "quinn"):
        them = browser.sign_in(username)
        assert them.get("/h/rowan/more").select_one(f"a[href='{PAGE}']"), username
        them.get(PAGE)
    assert browser.sign_in("amina").get("/me").select_one(f"a[href='{PAGE}']")
    browser.sign_in("nell").get(PAGE, status=404)


def test_somebody_new_reads_what_comes_first(browser, world):
    page = browser.sign_in("ben").get(PAGE)
    assert words(page.h1) == "You do not give medicines alone yet"
    assert "No sign-off is recorded yet" in words(page)
    assert "Your role needs these too, and nobody has recorded them yet: Using this app." in words(page)
    assert "You recorded no dose in the last 30 days." in words(page)
    assert "Nothing was refused in the last 30 days." in words(page)


def test_every_state_says_what_comes_next(browser, world):
    assert set(own.NEXT) == set(STATES) - (DERIVED - {"expired"}) - {"competent"}
    ben, rosa = world.person_id("ben"), world.actor("rosa")
    midnight = clock.at_local(clock.local_day(clock.now()), dt.time())
    sign_off(rosa, ben, "oral", valid_until=midnight + 40 * DAY)
    sign_off(rosa, ben, "topical", valid_until=midnight + DAY)
    sign_off(rosa, ben, "drops")
    sign_off(rosa, ben, "inhaler", state="assessing", reason="1 of 3 observed rounds passed")
    page = browser.sign_in("ben").get(PAGE)
    said = words(page)
    assert "Ask for your assessment: it counts until 26 Dec, 40 days from today." in said
    assert "Ask for your assessment: it counts until 17 Nov, 1 day from today." in said
    assert "Your next assessment is due before 16 Nov 2027." in said
    assert "You have passed 1 of 3 observed rounds for inhalers. Next: Your next observed round." in said
    assert "Out of date" in words(browser.sign_in("cara").get(PAGE))


def test_my_figures_count_what_i_recorded_by_the_sign_off_it_needed(browser, world):
    bed = bedside(world, required_skills=("oral", "topical"))
    cream = beside(world, bed.resident, route="skin", form="cream", dose_unit="application", strength="1 %")
    bed.record(bed.open("amina"))
    cream.record(cream.open("amina"), "refused")
    other = bedside(world, given="Bert", family="Olney", room="8")
    other.record(other.open("sena"))
    page = browser.sign_in("amina").get(PAGE)
    assert figures(page) == {"Medicines by mouth": [1, 0, 0], "Creams and ointments": [1, 1, 0]}
    assert "2 doses in the last 30 days" in words(page)
    assert figures(browser.sign_in("sena").get(PAGE)) == {"Medicines by mouth": [1, 0, 0]}
    clock.stand_at(clock.now() + 31 * DAY)
    assert figures(browser.sign_in("amina").get(PAGE)) == {}


def test_a_dose_told_of_afterwards_stands_as_that(browser, world):
    bed = bedside(world)
    bed.report(world.actor("amina"))
    assert figures(browser.sign_in("amina").get(PAGE)) == {"Medicines by mouth": [1, 0, 1]}


def test_my_refused_attempts_are_mine_alone_with_the_words_i_read(browser, world):
    bed = bedside(world)
    with pytest.raises(Exception, match="not signed off"):
        bed.record(bed.open("ben"))
    said = words(browser.sign_in("ben").get(PAGE))
    assert "today 11:40, Ivy Cartledge" in said
    assert "You tried to record a dose. You read: “You are not signed off for medicines by mouth yet." in said
    for other in ("amina", "cara", "rosa"):
        assert "Ivy" not in words(browser.sign_in(other).get(PAGE).main)


def test_what_was_decided_is_told_with_who_and_why(browser, world):
    rosa, amina = world.actor("rosa"), world.person_id("amina")
    actions.suspend(by=rosa, person_id=amina, skill="oral", reason="Two names were mixed up at breakfast")
    sign_off(rosa, amina, "oral", state="reassessment", reason="Three rounds together, from Monday")
    page = browser.sign_in("amina").get(PAGE)
    past = words(page.find(class_="history"))
    assert "Sign-off paused: Medicines by mouth. Two names were mixed up at breakfast" in past
    assert "being watched again from 16 Nov. Three rounds together, from Monday" in past
    assert "Rosa Quiroga" in past


def test_the_page_leads_to_asking_and_says_what_was_asked_already(browser, world):
    sign_off(world.actor("rosa"), world.person_id("ben"), "drops", state="not_started", reason="Not yet begun")
    page = browser.sign_in("ben").get(PAGE)
    assert page.find("a", href="/h/rowan/my-assessments") and "The course comes first" in words(page)
    booking_actions.ask(by=world.actor("ben"), request_id="asked-1", skill="drops", words="")
    said = words(browser.sign_in("ben").get(PAGE))
    assert "Next: You asked today 11:40. It waits for an answer." in said and "The course comes first" not in said


def test_what_somebody_was_signed_off_for_once_is_not_why_it_ended(browser, world):
    midnight = clock.at_local(clock.local_day(clock.now()), dt.time())
    sign_off(
        world.actor("rosa"), world.person_id("ben"), "oral",
        valid_from=midnight - 2 * DAY, valid_until=midnight, reason="Yearly review passed",
    )  # fmt: skip
    line = words(browser.sign_in("ben").get(PAGE).select_one("ul.rows li"))
    assert "Out of date" in line and "Yearly review passed" not in line
