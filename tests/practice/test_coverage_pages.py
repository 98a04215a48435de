"""The pages of cover: the hole in a sentence, who could come, and the page that says when it is filled."""

import datetime as dt

import pytest

from medpwa import clock, ledger
from medpwa.competency import actions as competency
from medpwa.practice import coverage
from medpwa.staff import actions as staff
from medpwa.staff.models import Duty
from tests import builders
from tests.browse import words
from tests.mar.prn_steps import LORAZEPAM

COVER = "/h/rowan/coverage"
NIGHT = f"{COVER}/2026-11-17-night"


def at(day, time):
    return clock.at_local(dt.date(2026, 11, day), dt.time.fromisoformat(time))


@pytest.fixture
def tuesday(world):
    """Harold in room 4 has lansoprazole by tube at 21:00 and morphine at 21:30; on Tuesday night Amina is alone."""
    system = world.system()
    harold = builders.resident(system, "Harold", "Nkemelu", room="4")
    once = dict(starts_on=dt.date(2026, 11, 17), ends_on=dt.date(2026, 11, 17))
    builders.order(system, harold.id, "lansoprazole", route="peg", times=("21:00",), required_skills=("peg",), **once)
    both = ("oral", "controlled")
    builders.order(
        system, harold.id, "morphine", controlled=True, times=("21:30",), required_skills=both, **once
    )
    for name in ("amina", "sena"):
        builders.sign_off(system, builders.person_id(name), "controlled")
    builders.sign_off(system, builders.person_id("sena"), "peg", resident_id=harold.id)
    builders.sign_off(system, builders.person_id("dee"), "cd_witness")
    builders.duty(system, "amina", "shift_leader", at(17, "20:45"), at(18, "07:00"))
    builders.duty(system, "dee", "on_call", at(17, "07:00"), at(18, "07:00"))
    return harold


def test_the_hole_is_a_sentence_with_the_room_and_the_time(browser, tuesday):
    page = browser.sign_in("rosa").get(COVER)
    said = words(page.h1)
    hole = "nobody for medicines by feeding tube (room 4, 21:00), no second person for controlled drugs"
    assert said.startswith(f"Tuesday night: {hole}")
    card = words(page.select_one("article.card"))
    assert "Could come: Sena Addo" in card and "On call then, at home: Dee Marsh" in card
    assert "Tuesday night" in words(browser.sign_in("rosa").get("/h/rowan/decisions"))


def test_the_page_that_fills_a_hole_says_when_it_is_filled(browser, world, tuesday):
    tolu = browser.sign_in("tolu")
    page = tolu.get(f"{NIGHT}?person={world.person_id('sena')}")
    form = page.find("form", action=NIGHT)
    assert page.select_one("option[selected]").text.startswith("Sena Addo")
    page = tolu.submit(form, status=422, shift="other", **{"from": "nonsense"})
    assert "not a time we can read" in words(page)
    page = tolu.submit(page.find("form", action=NIGHT), **{"from": "20:30"}, until="07:00", shift="other")
    assert words(page.h1) == "Tuesday night is covered" and "nothing is missing now" in words(page)
    assert words(tolu.get(COVER).h1) == "Somebody can give every dose of the next seven days"
    assert "Tuesday night" not in words(browser.sign_in("rosa").get("/h/rowan/decisions"))
    assert ledger.verify() == []


def test_a_duty_that_does_not_help_is_kept_and_the_hole_stays(browser, world, tuesday):
    tolu = browser.sign_in("tolu")
    form = tolu.get(NIGHT).find("form", action=NIGHT)
    page = tolu.submit(form, person=str(world.person_id("ben")))
    assert "something is still missing" in words(page) and "nobody for medicines by feeding tube" in words(page.h1)
    assert Duty.select().where(Duty.person == world.person_id("ben")).count() == 1


def test_a_pause_and_a_withdrawn_duty_open_the_hole_again(world, tuesday):
    rosa, sena = world.actor("rosa"), world.person_id("sena")
    made = builders.duty(world.system(), "sena", "floor", at(17, "20:30"), at(18, "07:00"))
    assert coverage.forecast(rosa).holes == ()
    competency.suspend(by=rosa, person_id=sena, skill="peg", resident_id=tuesday.id, reason="To be watched again")
    assert [h.kind for h in coverage.forecast(rosa).holes] == ["nobody"]
    competency.grant(by=rosa, person_id=sena, skill="peg", resident_id=tuesday.id, state="reassessment")
    assert [h.kind for h in coverage.forecast(rosa).holes] == ["nobody"], "watched again is not signed off"
    competency.grant(by=rosa, person_id=sena, skill="peg", resident_id=tuesday.id, reason="Two rounds watched")
    assert coverage.forecast(rosa).holes == ()
    gone = dict(person_id=sena, starts=made.starts, ends=made.ends, kind="floor", duty_key=made.duty_key)
    staff.set_duty(by=rosa, withdrawn=True, **gone)
    assert [h.kind for h in coverage.forecast(rosa).holes] == ["nobody", "no_second"]


def test_a_leaver_covers_nothing(world, tuesday):
    builders.duty(world.system(), "sena", "floor", at(17, "20:30"), at(18, "07:00"))
    staff.end_person(by=world.actor("rosa"), person_id=world.person_id("sena"), reason="Moved away")
    found = coverage.forecast(world.actor("rosa"))
    assert [h.kind for h in found.holes] == ["nobody", "no_second"] and not any(found.could.values())


def test_a_sign_off_that_ends_on_the_way_is_named(browser, world, tuesday):
    until = at(17, "00:00")
    competency.grant(by=world.system(), person_id=world.person_id("amina"), skill="controlled", valid_until=until)
    page = browser.sign_in("rosa").get(COVER)
    assert "Amina Okoro’s sign-off for controlled drugs ends Tue 17 Nov 00:00" in words(page)
    assert "nobody for controlled drugs (" in words(page.h1)


def test_without_duties_nothing_is_said(browser, world):
    page = browser.sign_in("rosa").get(COVER)
    assert words(page.h1) == "No duties are recorded for the next seven days"


def test_the_cover_of_another_home_and_of_nonsense_is_not_there(browser, world, tuesday):
    rosa = browser.sign_in("rosa")
    for key in ("2026-11-17-noon", "2026-11-31-night", "2026-11-15-night", "2027-11-17-night", "20261117-night", "x"):
        rosa.get(f"{COVER}/{key}", status=404)
    browser.sign_in("nell").get(NIGHT, status=404)
    amina = browser.sign_in("amina")
    amina.get(COVER, status=404)
    amina.post(NIGHT, {"person": "1"}, status=403)


@pytest.fixture
def when_needed(world, tuesday):
    """Harold may need calming medicines at any time, and nobody of Tuesday's and Wednesday's nights may give those."""
    builders.order(world.system(), tuesday.id, **LORAZEPAM, required_skills=("oral", "prn_psychotropic"))
    builders.sign_off(world.system(), builders.person_id("amina"), "oral")
    builders.duty(world.system(), "amina", "shift_leader", at(18, "20:45"), at(19, "07:00"))
    builders.duty(world.system(), "sena", "floor", at(17, "20:30"), at(18, "07:00"))


def test_what_may_be_needed_is_said_once_with_its_parts_after_the_doses_nobody_can_give(browser, world, when_needed):
    competency.suspend(
        by=world.actor("rosa"), person_id=world.person_id("sena"), skill="controlled", reason="To be watched again"
    )
    page = browser.sign_in("rosa").get(COVER)
    assert words(page.h1) == "Tuesday night: no second person for controlled drugs (room 4, 21:30)"
    assert [words(card.h2) for card in page.select("article.card")] == ["Tuesday night"]
    needed = page.select_one("#if-needed")
    assert words(needed).count("Nobody for when-required calming medicines") == 1
    assert "when-required calming medicines: 2 parts of the week" in words(needed)
    assert NIGHT in [a["href"] for a in needed.select("a")]
    assert words(browser.sign_in("rosa").get(NIGHT).h1).startswith("Tuesday night: no second person")


def test_a_week_in_which_only_what_may_be_needed_is_missing_says_that_every_dose_can_be_given(
    browser, world, when_needed
):
    rosa = browser.sign_in("rosa")
    page = rosa.get(COVER)
    assert words(page.h1) == "Somebody can give every dose that falls due, but not all that may be needed"
    assert not page.select("article.card") and "Nothing is missing" not in words(page)
    said = words(rosa.get(NIGHT).h1)
    assert said == "Tuesday night: nobody for when-required calming medicines if it is needed"
    waiting = words(rosa.get("/h/rowan/decisions"))
    assert "2 parts of the week" in waiting and "what may be needed has nobody who could do it" in waiting
    assert rosa.get("/h/rowan/decisions").find("a", href=f"{COVER}#if-needed")
