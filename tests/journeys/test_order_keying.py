"""A when-required medicine is keyed on a phone, keyed again by somebody else, changed, held and ended: with axe on
every page and every form working as it stands."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Phone

pytestmark = pytest.mark.journey
PICTURES = os.environ.get("ORDER_PICTURES", "")  # a folder: pictures of every page, to be looked at

PROTOCOL = {
    "p_condition": "pain in the knees",
    "p_signs": "Holds her knees, frowns when she stands up",
    "p_shows_need": "Asks, or rubs her knees",
    "p_steps": "A cushion under the knees\nA short walk",
    "p_reasons": "knees\nback\nhead",
    "p_effect_after": "60",
    "p_review": "On 16 December, or after 3 days running",
    "p_prescriber_when": "When two doses did not help",
    "p_duration": "Four weeks",
}


def picture(phone: Phone, name: str) -> None:
    if PICTURES:
        phone.page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def choose(phone: Phone, words: str) -> None:
    """The first question, answered."""
    phone.page.get_by_text(words, exact=True).click()
    phone.page.get_by_role("button", name="Go on").click()
    phone.check()


def fill(phone: Phone, **fields: str) -> None:
    for name, value in fields.items():
        box = phone.page.locator(f"[name={name}]").first
        if box.evaluate("e => e.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)


def send(phone: Phone, words: str) -> None:
    phone.page.get_by_role("button", name=words, exact=True).last.click()
    phone.page.wait_for_load_state("load")
    phone.check()


KEYED = dict(
    medicine="paracetamol", strength="500 mg", form="tablet", route="mouth", dose_amount="1", dose_most="2",
    dose_unit="tablet", interval="4", interval_unit="hours", most_24h="8",
)  # fmt: skip


def test_a_when_required_medicine_from_paper_to_hold_and_stop(phones, home):
    tolu: Phone = phones("tolu")
    tolu.expected = ("422",)
    tolu.open(f"residents/{home.ids['ivy']}/orders/new")
    picture(tolu, "1-pattern")
    choose(tolu, "Only when needed")
    picture(tolu, "2-form")
    fill(tolu, **KEYED)
    send(tolu, "Show what carers will read")
    expect(tolu.page.locator("#errors")).to_contain_text("which dose when")
    picture(tolu, "3-errors")
    fill(tolu, **PROTOCOL, dose_choice="1 for mild pain, 2 if 1 did not help last time")
    tolu.page.get_by_text("Yes", exact=True).click()
    fill(tolu, prescriber="Dr A. Banerjee", source="GP letter of 16 November, in the medicines folder")
    send(tolu, "Show what carers will read")
    expect(tolu.page.get_by_role("heading", level=1)).to_have_text("This is what carers will read")
    picture(tolu, "4-confirm")
    send(tolu, "Save for the second check")
    expect(tolu.page.locator("main")).to_contain_text("It waits for its second check")
    picture(tolu, "5-waiting")
    order = re.search(r"/orders/(\d+)", tolu.page.url)[1]

    sena: Phone = phones("sena")
    sena.open("orders")
    sena.page.get_by_role("link", name="Check").first.click()
    sena.check()
    picture(sena, "6-check-pattern")
    choose(sena, "Only when needed")
    fill(sena, **KEYED | {"interval": "6", "starts_on": "2026-11-16"})
    picture(sena, "7-check")
    send(sena, "Compare the two")
    expect(sena.page.get_by_role("heading", level=1)).to_have_text("Shortest time between doses differs")
    picture(sena, "8-differs")
    fill(sena, interval="4")
    send(sena, "Compare the two")
    picture(sena, "9-rest")
    sena.page.get_by_text("All of it says what the paper says", exact=True).click()
    send(sena, "Finish the check")
    expect(sena.page.locator("main")).to_contain_text("Both keyed the same: active.")
    picture(sena, "9-active")

    tolu.open(f"orders/{order}")
    tolu.page.get_by_role("link", name="Put it on hold").click()
    tolu.check()
    fill(tolu, decided_by="Dr A. Banerjee", reason="blood test first", until_day="2026-11-18")
    picture(tolu, "10-hold")
    send(tolu, "Put it on hold")
    expect(tolu.page.get_by_role("heading", level=1)).to_have_text("paracetamol 500\u00a0mg tablet is on hold")
    picture(tolu, "11-held")
    tolu.page.get_by_role("link", name="Let it go on").click()
    tolu.check()
    fill(tolu, reason="Dr A. Banerjee by phone: the blood test is fine")
    picture(tolu, "12-resume")
    send(tolu, "Let it go on")
    expect(tolu.page.locator("main")).to_contain_text("It goes on as it was.")
    tolu.page.get_by_role("link", name="Change it").click()
    tolu.check()
    fill(tolu, most_24h="6", reason="Dr A. Banerjee: low weight")
    picture(tolu, "13-change")
    send(tolu, "Show what carers will read")
    send(tolu, "Save for the second check")
    tolu.page.get_by_text("What it said before").click()
    picture(tolu, "14-changed")
    tolu.page.get_by_role("link", name="Stop it").click()
    tolu.check()
    picture(tolu, "15-stop")
    fill(tolu, reason="Dr A. Banerjee: not needed any more")
    send(tolu, "Stop it now")
    expect(tolu.page.get_by_role("heading", level=1)).to_contain_text("was stopped")
    picture(tolu, "16-stopped")
    tolu.open(f"orders/{order}/strike")
    picture(tolu, "17-strike")
    fill(tolu, reason="Keyed for the wrong person, found by Sena Addo")
    send(tolu, "Entered in error")
    picture(tolu, "18-struck")


def test_a_time_critical_taper_has_its_minutes_confirmed_by_a_tick(phones, home):
    tolu: Phone = phones("tolu")
    tolu.expected = ("422",)
    tolu.open(f"residents/{home.ids['ivy']}/orders/new")
    choose(tolu, "In steps")
    fill(tolu, medicine="prednisolone", strength="5 mg", form="tablet", route="mouth", dose_unit="tablet")
    fill(tolu, step_days_1="14", step_amount_1="3", step_days_2="14", step_amount_2="2.5", step_amount_3="2")
    tolu.page.get_by_text("Morning", exact=True).click()
    tolu.page.get_by_text("Time-critical: Parkinson’s").click()
    fill(tolu, prescriber="Dr A. Banerjee", source="Discharge letter")
    picture(tolu, "20-stepped")
    send(tolu, "Show what carers will read")
    picture(tolu, "21-stepped-confirm")
    send(tolu, "Save for the second check")
    expect(tolu.page.locator("#errors")).to_contain_text("Tick that the proposed minutes are right")
    picture(tolu, "22-unconfirmed")
    tolu.page.get_by_text("On time from 30").click()
    send(tolu, "Save for the second check")
    expect(tolu.page.locator("main")).to_contain_text("from 30\u00a0min before to 30\u00a0min after")
    picture(tolu, "23-stepped-waiting")
    tolu.open(f"residents/{home.ids['ivy']}/orders/new?pattern=once")
    tolu.page.get_by_text("It goes past a limit").click()
    picture(tolu, "24-once")
    for pattern in ("every_n_weeks", "monthly", "cycle", "advised", "every_n_hours", "weekdays"):
        tolu.open(f"residents/{home.ids['ivy']}/orders/new?pattern={pattern}")
        picture(tolu, f"25-{pattern}")
