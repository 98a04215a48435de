"""Stories of training on a phone: a nurse attests insulin by hand, somebody from an agency is shown the home."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect

from tests.competency.papers_made import PDF
from tests.journeys.conftest import Phone

pytestmark = pytest.mark.journey
AGENCY_MINUTES = 5  # bar: issue 5, point 10; printed, never asserted: the machine is shared
LETTER = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": PDF}


class Fingers:
    """Counts what somebody taps and types on a phone."""

    def __init__(self, phone: Phone) -> None:
        self.phone, self.fields = phone, 0

    def fill(self, label: str, words: str) -> None:
        """Type into a field."""
        self.fields += 1
        self.phone.page.get_by_label(label, exact=True).fill(words)

    def choose(self, label: str, words: str) -> None:
        """Choose from a list."""
        self.fields += 1
        self.phone.page.get_by_label(label, exact=True).select_option(label=words)

    def tap(self, words: str) -> None:
        """Tap what is called so."""
        self.phone.tap(self.phone.page.locator("main").get_by_text(words, exact=True).first)


def draw(phone: Phone) -> None:
    """A signature with three strokes of a finger."""
    field = phone.page.locator("canvas.signature__field")
    field.scroll_into_view_if_needed()
    box = field.bounding_box()
    mouse = phone.page.mouse
    for along in (0.2, 0.4, 0.6):
        mouse.move(box["x"] + box["width"] * along, box["y"] + box["height"] * 0.7)
        mouse.down()
        mouse.move(box["x"] + box["width"] * (along + 0.1), box["y"] + box["height"] * 0.2, steps=4)
        mouse.move(box["x"] + box["width"] * (along + 0.15), box["y"] + box["height"] * 0.8, steps=4)
        mouse.up()


def test_a_nurse_attests_insulin_with_a_drawn_signature_and_the_carer_declines_it(phones, home):
    rosa, amina = phones("rosa"), phones("amina")
    page, fingers = rosa.page, Fingers(rosa)
    rosa.open("competency")
    page.get_by_role("link", name="Amina Okoro").locator("visible=true").first.click()
    page.get_by_role("link", name="Sign-offs of Amina Okoro").click()
    page.get_by_role("link", name="Delegated tasks").click()
    rosa.check()
    page.get_by_role("link", name="A professional attests a task").click()
    rosa.check()
    fingers.tap("Insulin")
    page.get_by_label("For which resident").select_option(index=1)
    fingers.fill("What they do, in your words", "Insulin glargine by pen before breakfast")
    fingers.fill("The written plan it follows, and where it is kept", "Diabetes plan of 2 November, care folder")
    fingers.fill("When they must stop and call", "Blood glucose below 5")
    fingers.tap("The resident consents to it")
    fingers.fill("Review by", "2027-05-16")
    fingers.fill("Name", "Joan Reid")
    fingers.choose("Register", "NMC, Nursing and Midwifery Council")
    fingers.fill("Number on the register", "12345")
    fingers.fill("Organisation", "Northside Community Nursing")
    fingers.fill("How to reach them", "01632 960 123")
    page.locator("#paper").set_input_files(LETTER)
    fingers.tap("Amina Okoro was asked and agrees to do it")
    draw(rosa)
    expect(page.locator("#signature [role=status]")).to_have_text("Signed. Clear it to sign again")
    rosa.expected = ("422",)
    fingers.tap("Keep the attestation")
    expect(page.locator("#register_number-error")).to_contain_text("two digits, a letter, four digits, a letter")
    rosa.check()
    expect(page.locator("#signature [role=status]")).to_have_text("Signed. Clear it to sign again")
    page.get_by_label("Number on the register", exact=True).fill("12A3456E")
    fingers.tap("Keep the attestation")
    expect(page.locator("main")).to_contain_text("Attested by Joan Reid, NMC 12A3456E")
    expect(page.locator("svg.signature__field path")).to_have_count(1)
    rosa.check()
    amina.open(page.url.replace(home.base, ""))
    amina.page.get_by_role("link", name="Withdraw it").click()
    amina.check()
    amina.page.get_by_label("Why").fill("I am not sure of the pen")
    amina.page.get_by_role("button", name="End it now").click()
    expect(amina.page.locator("main")).to_contain_text("Withdrawn")
    amina.check()


def test_somebody_from_an_agency_is_ready_for_a_watched_round_in_under_five_minutes(phones, capsys):
    dee = phones("dee")
    page, fingers, begun = dee.page, Fingers(dee), time.monotonic()
    dee.open("agency")
    fingers.tap("Add somebody")
    dee.check()
    fingers.fill("First name", "Ada")
    fingers.fill("Family name", "Brook")
    fingers.tap("Make their sign-in")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ada Brook can sign in now")
    dee.check()
    fingers.tap("Go on to step 2")
    dee.check()
    fingers.fill("Agency", "Hands Agency")
    fingers.fill("How to reach it", "01632 960 400")
    page.locator("#paper").set_input_files(LETTER)
    fingers.fields += 1
    fingers.fill("The paper expires on", "2027-06-01")
    fingers.tap("Medicines by mouth")
    for item in page.locator("input[name=items]").all():
        dee.tap(page.locator(f"label[for='{item.get_attribute('id')}']"))
    fingers.choose("Who watches", "Sena Addo")
    fingers.choose("Round", "Lunch")
    fingers.tap("Keep it and book the round")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ada Brook was shown this home")
    expect(page.locator("main")).to_contain_text(re.compile("Lunch round today, with Sena Addo"))
    taken = time.monotonic() - begun
    dee.check()
    dee.open("agency")
    with capsys.disabled():
        print(f"\nagency worker ready for a watched round: {dee.taps} taps, {fingers.fields} fields, {taken:.0f} s of "
              f"this machine at the speed of a script (bar: under {AGENCY_MINUTES} min for a person)")  # fmt: skip


def test_a_paper_that_is_too_large_is_said_before_it_is_sent(phones):
    rosa = phones("rosa")
    rosa.open("training/courses")
    rosa.page.get_by_role("button", name="Add the first list").click()
    rosa.check()
    rosa.page.goto(rosa.home.url("training"))
    rosa.check()
    rosa.page.get_by_role("link", name="Amina Okoro").click()
    rosa.check()
    rosa.page.get_by_role("link", name="Add a certificate").click()
    rosa.page.wait_for_function("() => !document.querySelector('[data-js]:not([data-js-on])')")
    large = {"name": "scan.pdf", "mimeType": "application/pdf", "buffer": PDF + b"0" * (5 * 1024 * 1024 + 1)}
    rosa.page.locator("#paper").set_input_files(large)
    expect(rosa.page.locator("main [role=alert]")).to_contain_text("larger than 5 MB")
    rosa.check()
    assert rosa.page.locator("#paper").input_value() == ""
