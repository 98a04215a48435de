"""A senior carer stands beside an unassessed carer, and a manager allows one round: at phone width, with axe."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import CODES
from tests.journeys.test_stories import _dock, _type
from tests.people import PASSWORD

pytestmark = pytest.mark.journey
SHOTS = os.environ.get("MEDPWA_SHOTS", "")  # a folder: pictures of each page are left there, to be looked at


def _look(phone, name: str) -> None:
    phone.check()
    if SHOTS:
        for size in ((360, 740), (1280, 800)):
            for scheme in ("light", "dark"):
                phone.page.set_viewport_size({"width": size[0], "height": size[1]})
                phone.page.emulate_media(color_scheme=scheme)
                to = str(Path(SHOTS) / f"{name}-{size[0]}-{scheme}.png")
                phone.page.screenshot(path=to, full_page=True, caret="initial")
        phone.page.set_viewport_size({"width": 360, "height": 640})
        phone.page.emulate_media(color_scheme="light")


def test_a_senior_carer_supervises_an_unassessed_carers_dose(phones, home):
    ben = phones("ben")
    _type(ben, CODES["sylvia:person"])
    dose = ben.page.locator(".dose", has_text="levothyroxine")
    expect(dose).to_contain_text("Not on your own yet")
    _look(ben, "blocked")
    dose.get_by_role("button", name="Give with somebody beside me").click()
    expect(ben.page.get_by_role("heading", level=1)).to_have_text("Who stands beside you?")
    _look(ben, "choose")
    ben.page.get_by_role("button", name="Sena Addo").click()
    expect(ben.page.get_by_role("heading", level=1)).to_have_text("Sena Addo, do you stand beside Ben Hale?")
    _look(ben, "prove")
    ben.page.get_by_label("Sena Addo’s own password").fill(PASSWORD)
    ben.page.get_by_role("button", name="I stand beside them").click()
    expect(ben.page.locator(".dose", has_text="levothyroxine")).to_contain_text("Sena Addo stands beside you")
    _look(ben, "beside")
    _dock(ben).click()
    expect(_dock(ben)).to_have_text("Taken")
    _look(ben, "ready")
    _dock(ben).click()
    expect(ben.page.locator("#card")).to_contain_text("Ben Hale, supervised by Sena Addo")
    _look(ben, "recorded")


def test_a_manager_allows_one_round_and_another_answers_it(phones, home):
    rosa = phones("rosa")
    rosa.open("break-glass/allow")
    rosa.page.get_by_text("Ben Hale, carer").click()
    rosa.page.get_by_label("Why nobody signed off can give").fill("Both seniors are ill and the agency comes at two")
    rosa.page.get_by_label("Your password, to sign for it").fill(PASSWORD)
    _look(rosa, "allow")
    rosa.page.get_by_role("button", name="Allow this round").click()
    expect(rosa.page.get_by_role("heading", level=1)).to_contain_text("Ben Hale")
    _look(rosa, "allowed")
    dee = phones("dee")
    expect(dee.page.locator("#alerts")).to_contain_text("Ben Hale may give medicines")
    dee.open("decisions")
    expect(dee.page.locator("main")).to_contain_text("Gives without being signed off")
    _look(dee, "decisions")
    dee.open("floor")
    expect(dee.page.locator("#floor")).to_contain_text("Ben Hale gives in the")
    _look(dee, "floor")
    dee.open("break-glass")
    _look(dee, "list")
    dee.page.get_by_role("link", name="Answer").click()
    dee.page.get_by_label("What you did").fill("Rang the bank for tonight; the assessment is on Thursday")
    _look(dee, "answer")
    dee.page.get_by_role("button", name="Keep this answer").click()
    expect(dee.page.locator("main")).to_contain_text("Rang the bank for tonight")
    _look(dee, "answered")
