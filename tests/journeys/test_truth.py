"""A carer records on the wrong card, puts it right and reports the dose where it belongs; a phone says its time."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import CODES, Phone
from tests.journeys.test_stories import _dock, _type
from tests.people import PASSWORD

pytestmark = pytest.mark.journey


def _give_to_sylvia(phone: Phone) -> None:
    _type(phone, CODES["sylvia:person"])
    phone.tap(_dock(phone))
    expect(_dock(phone)).to_have_text("Taken")
    with phone.page.expect_request(re.compile("/card/outcome")) as sent:
        phone.tap(_dock(phone))
    assert re.search(r"phone_at=\d{13}(&|$)", sent.value.post_data), "the phone did not say what time it has"
    expect(phone.page.locator("#card .chip", has_text="saved")).to_have_count(1)


def test_a_dose_recorded_on_the_wrong_card_is_struck_out_and_reported_where_it_was_given(phones, home):
    phone = phones("amina")
    _give_to_sylvia(phone)
    phone.page.get_by_role("link", name=re.compile("^Correct it")).click()
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("What is wrong with this entry?")
    phone.check()
    phone.page.get_by_text("The wrong person").click()
    phone.tap(_dock(phone))
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("Strike out this entry")
    phone.check()
    phone.expected = ("422",)
    phone.page.get_by_text("Yes, it was given to the wrong person").click()
    phone.tap(_dock(phone))
    expect(phone.page.locator("#errors")).to_be_visible()
    expect(phone.page.get_by_label("Yes, it was given to the wrong person")).to_be_checked()
    phone.check()
    phone.page.get_by_label("Your password, to sign for it").fill(PASSWORD)
    phone.tap(_dock(phone))
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("The entry was corrected")
    expect(phone.page.locator("main")).to_contain_text("See how the other person is first")
    phone.check()
    phone.page.get_by_role("link", name="Ivy Cartledge, Room 7").click()
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("Report a dose already given")
    phone.page.get_by_label("Which dose was it?").select_option(index=1)
    phone.page.get_by_label("At what time?").fill("11:40")
    phone.page.get_by_label("Why was it not recorded at the time?").fill("Recorded on Sylvia’s card by mistake")
    phone.tap(_dock(phone))
    expect(phone.page.locator("#card")).to_contain_text("Saved as a dose given earlier")
    phone.check()
    _type(phone, CODES["sylvia:person"])
    expect(phone.page.locator("del")).to_contain_text("Given")
    expect(phone.page.locator("#card")).to_contain_text("wrong resident")
    phone.check()
    leader = phones("tolu")
    leader.page.goto(home.url("alerts"))
    expect(leader.page.locator("main")).to_contain_text("it was given to somebody else")
    leader.check()
