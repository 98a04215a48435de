"""The first page of a desk: what waits for whom, riskiest first, each with the way to do it."""

from __future__ import annotations

import datetime as dt

import pytest

from medpwa import clock
from tests import builders
from tests.browse import words
from tests.mar.steps import bedside


@pytest.fixture
def home(world):
    """Ivy, who can be given nothing; Sylvia with a gap; an order of Sena's to check; Cara, whose sign-off ended."""
    system = world.system()
    builders.resident(system, "Ivy", "Cartledge", room="7", status="not_recorded")
    sylvia = builders.resident(system, "Sylvia", "Brandreth", room="5")
    builders.order(system, sylvia.id, "senna", times=("07:00",))
    builders.sign_off(system, world.person_id("sena"), "transcription")
    builders.hand_keyed_order(world.actor("sena"), sylvia.id, medicine="lactulose", strength="10 mg")
    return sylvia


def _rows(page) -> list[str]:
    first = page.select("article.decision")
    return [words(part) for part in [*first, *page.select("li.task")]]


def test_a_manager_sees_what_waits_riskiest_first_and_every_way_opens(browser, home):
    rosa = browser.sign_in("rosa")
    page = rosa.get("/h/rowan/decisions")
    rows = _rows(page)
    assert words(page.h1) == f"{len(rows)} decisions are waiting for you"
    assert "Allergies" in rows[0] and "Ivy Cartledge" in rows[0]
    assert "Gap" in rows[1] and "senna" in rows[1]
    assert any("Cara Lund" in row and "Out of date" in row for row in rows[2:])
    assert "To check" in " ".join(rows) and "lactulose" not in words(page), "an order to check is not spelled out"
    for link in page.select("article.decision a.btn, li.task a.btn"):
        rosa.get(link["href"], lint=False)


def test_everybody_sees_only_what_is_theirs_to_decide(browser, home):
    sena = browser.sign_in("sena").get("/h/rowan/decisions")
    assert "Ivy Cartledge" in words(sena.main) and "Cara Lund" not in words(sena.main)
    assert not any("To check" in row for row in _rows(sena)), "nobody checks what they keyed themselves"
    quinn = browser.sign_in("quinn").get("/h/rowan/decisions")
    assert "Ivy Cartledge" not in words(quinn.main) and "senna" in words(quinn.main)
    browser.sign_in("amina").get("/h/rowan/decisions", status=404)


def test_what_is_done_leaves_the_list(browser, world, home):
    from medpwa.residents import actions

    rosa = browser.sign_in("rosa")
    before = len(_rows(rosa.get("/h/rowan/decisions")))
    ivy = next(r for r in _residents(world) if r.called == "Ivy")
    actions.settle_allergies(by=world.actor("rosa"), resident_id=ivy.id, status="none")
    after = _rows(rosa.get("/h/rowan/decisions"))
    assert len(after) == before - 1 and not any("Ivy" in row for row in after)


def _residents(world):
    from medpwa.residents.queries import residents_at

    return residents_at(world.home().id)


def test_a_home_without_anything_to_decide_says_so(browser, world):
    quinn = browser.sign_in("quinn")
    page = quinn.get("/h/rowan/decisions")
    assert words(page.h1) == "No decision is waiting for you" and page.select_one(".empty")


def test_the_decisions_are_one_tap_from_where_a_manager_lands(browser, world):
    rosa = browser.sign_in("rosa")
    page = rosa.get("/h/rowan/floor")
    assert page.select_one("#floor a[href='/h/rowan/decisions']") and page.select_one(".rail a[href$=decisions]")
    assert not browser.sign_in("amina").get("/h/rowan/floor").select("a[href$=decisions]")


def test_a_dose_that_becomes_a_gap_joins_the_list(browser, world):
    bed = bedside(world)
    quinn = browser.sign_in("quinn")
    assert _rows(quinn.get("/h/rowan/decisions")) == []
    clock.stand_at(clock.now() + dt.timedelta(hours=5))
    rows = _rows(browser.sign_in("quinn").get("/h/rowan/decisions"))
    assert len(rows) == 1 and bed.resident.called in rows[0]
