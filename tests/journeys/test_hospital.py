"""A story of a hospital stay: she leaves mid-round, a card in somebody's hand refuses, she comes back, the list is
compared, and the shift is handed over. In a real Chromium at phone width, with axe on every page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import CODES, Phone
from tests.journeys.test_stories import _dock, _type

pytestmark = pytest.mark.journey


def _open(phone: Phone, path: str) -> None:
    phone.page.goto(phone.home.url(path))
    phone.check()


def _save(phone: Phone) -> None:
    phone.page.locator("#dock button").click()
    phone.page.wait_for_load_state()
    phone.check()


def test_hospital_and_return(phones, home):
    carer, leader = phones("amina"), phones("tolu")
    ivy = home.ids["ivy"]
    _type(carer, CODES["ivy:person"])
    expect(_dock(carer)).to_be_visible()
    carer.check()

    _open(leader, f"residents/{ivy}/away")
    expect(leader.page.get_by_role("heading", level=1)).to_have_text("Where is Ivy?")
    leader.page.get_by_text("In hospital", exact=True).click()
    leader.page.get_by_label("Hospital and ward, or where they stay").fill("Ward 4, Westmere General")
    leader.page.locator("#time").fill("11:20")
    leader.page.get_by_label("Note").fill("The ambulance left at twenty past; said in passing only now.")
    _save(leader)
    expect(leader.page.get_by_role("heading", level=1)).to_contain_text("Ivy has been in hospital since")
    senna = leader.page.get_by_role("group", name=re.compile("senna")).first
    senna.get_by_label("How many went, in tablets").fill("7")
    leader.page.get_by_role("button", name="Save what goes along").click()
    expect(leader.page.locator("main")).to_contain_text("7 went along")
    leader.check()

    carer.expected = ("409", "Response Status Error")
    _dock(carer).click()
    expect(carer.page.locator("#card")).to_contain_text("Ivy has been in hospital since")
    expect(carer.page.locator("#card")).to_contain_text("Ward 4, Westmere General")
    carer.check()

    _open(leader, f"residents/{ivy}/away")
    expect(leader.page.get_by_role("heading", level=1)).to_have_text("Is Ivy back?")
    _save(leader)
    expect(leader.page.locator("main")).to_contain_text("Medicines list not yet compared since the return")
    _open(carer, f"residents/{ivy}/card")
    expect(carer.page.locator("#card")).to_contain_text("Medicines list not yet compared since the return (under 1 h)")

    _open(leader, f"residents/{ivy}/reconcile")
    leader.page.get_by_label("First source").fill("Discharge letter of 16 November")
    leader.expected = ("422",)
    leader.page.get_by_role("button", name="The list is compared").click()
    expect(leader.page.locator("#errors")).to_contain_text("Name a second source")
    leader.check()
    leader.page.get_by_label("Second source").fill("GP summary, read out by the surgery")
    leader.page.get_by_role("button", name="The list is compared").click()
    expect(leader.page.get_by_role("heading", level=1)).to_have_text("Ivy’s medicines list is compared")
    leader.check()
    _open(leader, "reconciliations")
    expect(leader.page.get_by_role("heading", level=1)).to_have_text("Every medicines list is compared")


def test_a_shift_is_set_and_handed_over(phones, home):
    manager = phones("rosa")
    _open(manager, "shifts")
    for name, starts in (("Early", "07:00"), ("Late", "14:00")):
        manager.page.get_by_label("Name", exact=True).fill(name)
        manager.page.locator("#starts").fill(starts)
        manager.page.get_by_role("button", name="Add the shift").click()
        manager.page.wait_for_load_state()
        manager.check()
    expect(manager.page.get_by_role("heading", level=1)).to_have_text("2 shifts are set")
    _open(manager, "hand-over")
    expect(manager.page.get_by_role("heading", level=1)).to_be_visible()
    _open(manager, "refusals")
