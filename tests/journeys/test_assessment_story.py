"""A deputy manager watches an unassessed carer on real rounds, both sign, and the carer's next dose is accepted."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests import builders, people, stage
from tests.journeys.conftest import CODES, Phone, ServedHome, _furnish, _phones, _serve
from tests.journeys.test_stories import _dock, _type
from tests.practice import steps

pytestmark = pytest.mark.journey
LUNCH, TEATIME = "2026-11-17T11:40", "2026-11-17T16:40"  # the day after a first lunch was watched
PICTURES = os.environ.get("MEDPWA_PICTURES")  # a folder, where somebody wants to look at the pages


def _furnish_assessment(world: people.World) -> dict[str, int]:
    """The home of the stories, a medicine of Sylvia's at teatime, and Ben as far as one observed lunch."""
    ids = _furnish(world)
    dee, ben = world.actor("dee"), world.actor("ben")
    builders.order(dee, ids["sylvia"], "amlodipine", strength="5 mg", times=("17:00",))
    builders.order(dee, ids["frank"], "metformin", strength="500 mg", times=("17:00",))
    steps.trained(world, "dee")
    row = steps.prepared(dee, ben.person_id)
    steps.passed_round(dee, ben, row, steps.Doses(world, 2), "Lunch")
    return ids | {"assessment": row.id, "cara": world.person_id("cara")}


@pytest.fixture
def watched_home(sqlite_template, tmp_path):
    """The home at lunch a day later; its database is served again at teatime by `_at_teatime`."""
    path = tmp_path / "steady.db"
    shutil.copy(sqlite_template, path)
    yield from _serve(f"sqlite:///{path}", tmp_path, stage.free_port(), _furnish_assessment, LUNCH)


def _look(phone: Phone, name: str) -> None:
    """axe over the page, and a picture of it where somebody wants one."""
    phone.check()
    for width, height in ((360, 740), (1280, 800)) if PICTURES else ():
        for scheme in ("light", "dark"):
            phone.page.set_viewport_size({"width": width, "height": height})
            phone.page.emulate_media(color_scheme=scheme)
            phone.page.screenshot(path=str(Path(PICTURES) / f"{name}-{width}-{scheme}.png"), full_page=True)
    phone.page.set_viewport_size({"width": 360, "height": 740})
    phone.page.emulate_media(color_scheme="light")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360


def _watch(dee: Phone, home: ServedHome, round_name: str) -> None:
    dee.open(f"assessments/{home.ids['assessment']}")
    expect(dee.page.get_by_label("Which round?")).to_have_value(round_name)
    _look(dee, "assessment")
    dee.tap(dee.page.get_by_role("button", name="Begin to watch"))
    expect(dee.page.get_by_role("heading", level=1)).to_have_text("Ben Hale gives, you watch")


def _refuse(ben: Phone, code: str, medicine: str) -> None:
    """Ben offers a dose and it is not wanted: that, anybody of the care team records."""
    _type(ben, code)
    dose = ben.page.locator("article.dose", has_text=medicine).first  # what is due now stands before a gap
    dose.locator("summary", has_text="Not taken").click()
    dose.get_by_text("Refused", exact=True).click()
    dose.get_by_text("Did not want it", exact=True).click()
    dose.get_by_role("button", name=re.compile("^Record (this|not)")).click()
    expect(ben.page.locator("#card")).to_contain_text("saved")


def _mark_everything(dee: Phone) -> int:
    """One tap an item, part by part; gives how many taps it took."""
    taps = 0
    for number in range(1, 11):
        domain = dee.page.locator(f"#domain-{number}")
        if domain.get_attribute("open") is None:
            domain.locator("summary").click()
        for n in range(1, domain.locator("fieldset").count() + 1):
            dee.page.locator(f"#item-{number}-{n}-met").click()
            expect(dee.page.locator(f"#item-{number}-{n}-met")).to_have_attribute("aria-pressed", "true")
            taps += 1
    return taps


def _end(dee: Phone) -> None:
    dee.tap(dee.page.get_by_role("button", name="The round is over"))
    expect(dee.page.get_by_role("heading", level=1)).to_have_text("What was seen of Ben Hale")
    _look(dee, "observed")


def _sign(phone: Phone) -> None:
    phone.page.get_by_label("Your password, to sign for it").fill(people.PASSWORD)
    phone.tap(phone.page.get_by_role("button", name="Sign", exact=True))


@pytest.fixture
def phones(playwright, chromium_path, watched_home):
    yield from _phones(playwright, chromium_path, watched_home)


def test_a_deputy_watches_an_unassessed_carer_signs_them_off_and_their_next_dose_is_accepted(
    phones, watched_home, playwright, chromium_path, capsys
):
    _lunch(phones, watched_home, capsys)
    port = stage.free_port()
    served = stage.environment(
        watched_home.var, port, clock=TEATIME, mode="test", database_url=watched_home.database_url
    )
    with stage.served(served) as base:
        tea = replace(watched_home, base=base)
        yield_phones = _phones(playwright, chromium_path, tea)
        _teatime(next(yield_phones), tea)
        assert next(yield_phones, None) is None  # closes them, and asks whether a page complained


def _lunch(phones, home: ServedHome, capsys) -> None:
    """At lunch: marks by taps that a reload and a second phone find again; a dose attaches itself; each signs."""
    ben, dee = phones("ben"), phones("dee")
    _type(ben, CODES["sylvia:person"])
    expect(ben.page.locator("main")).to_contain_text("You have passed 1 of 3")
    _watch(dee, home, "Lunch")
    _look(dee, "observation-begun")
    taps = _mark_everything(dee)
    with capsys.disabled():
        print(f"\n  {taps} items of an observed round in {taps} taps", end="")
    dee.page.reload()
    pressed = dee.page.locator("button.marks__btn--met[aria-pressed=true]")
    expect(pressed).to_have_count(taps)
    _refuse(ben, CODES["sylvia:person"], "levothyroxine")
    dee.page.reload()
    expect(dee.page.locator("#doses")).to_contain_text("1 dose recorded")
    dee.page.locator("#domain-3 summary").click()
    dee.page.locator("#comment-3").fill("Read every line aloud")
    dee.page.locator("#comment-3").blur()
    expect(dee.page.locator("#items-3")).to_contain_text("Kept 11:4")
    _look(dee, "observation-marked")
    _end(dee)
    _sign(dee)
    expect(dee.page.locator("main")).to_contain_text("Signed.")
    ben.open("my-assessments")
    _look(ben, "mine-waiting")
    ben.tap(ben.page.get_by_role("link", name=re.compile("^Read and sign")))
    _look(ben, "mine-round")
    ben.page.get_by_label("In your own words").fill("I will look at the fridge more often")
    _sign(ben)
    expect(ben.page.locator(".progress__words")).to_have_text("2 of 3 observed rounds passed")
    _look(ben, "mine")


def _teatime(phones, home: ServedHome) -> None:
    """At teatime: Ben signs on Dee’s phone, she decides, and the gate lets him give."""
    ben, dee = phones("ben"), phones("dee")
    _watch(dee, home, "Teatime")
    _mark_everything(dee)
    _refuse(ben, CODES["sylvia:person"], "amlodipine")
    _end(dee)
    dee.page.get_by_label("Ben Hale’s own password").fill(people.PASSWORD)
    dee.tap(dee.page.get_by_role("button", name="Ben Hale signs"))
    expect(dee.page.locator("main")).to_contain_text("Ben Hale, who was watched, signed")
    _sign(dee)
    expect(dee.page.locator("main")).to_contain_text("Passed")
    dee.open(f"assessments/{home.ids['assessment']}")
    dee.tap(dee.page.get_by_role("link", name="End the assessment"))
    _look(dee, "conclude")
    dee.page.get_by_text("Competent", exact=True).click()
    dee.tap(dee.page.get_by_role("button", name="Sign and end it"))
    expect(dee.page.get_by_role("heading", level=1)).to_have_text("Ben Hale’s assessment has ended")
    _look(dee, "assessment-ended")
    _type(ben, CODES["frank:person"])
    ben.tap(_dock(ben))
    ben.tap(_dock(ben))
    expect(ben.page.locator("#card .chip", has_text="saved")).to_have_count(1)
    dee.open("competency")
    _look(dee, "matrix")
    expect(dee.page.locator(".phone-only > li", has_text="Ben Hale")).to_contain_text("In date: By mouth")
    for path, name in (("assessments", "arranging"), ("assessments/template", "template"), ("more", "more")):
        dee.open(path)
        _look(dee, name)
    dee.open(f"assessments/book/{home.ids['cara']}?skill=oral")
    _look(dee, "book")
