"""A sign-off is paused while its owner stands at a bed: in a real Chromium at phone width, with axe on every page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests import stage
from tests.journeys.conftest import CODES, Phone

pytestmark = pytest.mark.journey


def _pause(manager: Phone, name: str, reason: str) -> None:
    """From the table to the file to the pause."""
    manager.open("competency")
    manager.page.get_by_role("link", name=name).locator("visible=true").first.click()
    manager.page.wait_for_url(re.compile(r"/competency/\d+/record"))
    manager.check()
    manager.page.get_by_role("link", name="Pause", exact=True).first.click()
    manager.page.wait_for_url(re.compile(r"/pause"))
    manager.check()
    manager.page.get_by_label("Why").fill(reason)
    manager.page.get_by_role("button", name="Pause now").click()
    expect(manager.page.get_by_role("status").filter(has_text="Paused from their next tap")).to_be_visible()


def test_a_manager_pauses_a_carer_from_the_file_and_the_open_card_refuses_the_next_tap(phones, home):
    amina = phones("amina")
    stage.type_code(amina.page, home.url("scan"), CODES["sylvia:person"])
    dock = amina.page.locator("#dock button")
    dock.click()
    expect(dock).to_have_text("Taken")
    rosa = phones("rosa")
    _pause(rosa, "Amina Okoro", "Two names were mixed up at breakfast. We talk on Tuesday.")
    expect(rosa.page.get_by_role("heading", level=1)).to_have_text("Amina Okoro may not give medicines alone now")
    rosa.check()
    rosa.open("competency")
    row = rosa.page.locator(".phone-only > li", has_text="Amina Okoro")
    expect(row.locator(".chip", has_text="Paused").first).to_be_visible()
    dock.click()
    expect(amina.page.get_by_role("heading", level=1)).to_contain_text("Someone else needs to give Sylvia’s")
    expect(amina.page.locator("main")).to_contain_text("is paused since")
    expect(amina.page.locator("main")).to_contain_text("Sena Addo")
    amina.check()
    amina.open("my-sign-offs")
    expect(amina.page.get_by_role("heading", level=1)).to_have_text("You do not give medicines alone for now")
    main = amina.page.locator("main")
    expect(main).to_contain_text("Two names were mixed up at breakfast. We talk on Tuesday.")
    expect(main).to_contain_text("You tried to record a dose.")
    expect(main).to_contain_text("You read: “Your sign-off for medicines by mouth is paused")
    expect(amina.page.locator("#alerts")).to_contain_text("not a punishment")
