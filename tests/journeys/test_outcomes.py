"""Stories of a dose that is not simply taken, in Chromium at phone width with axe on every page: seen by a second
person on another phone, dropped, of a varying amount."""

from __future__ import annotations

import os
import re
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import expect

from medpwa import clock
from tests import builders, people
from tests.journeys.conftest import TOKENS, Phone

pytestmark = pytest.mark.journey
PICTURES = os.environ.get("MEDPWA_PICTURES")  # a folder, where somebody wants to look at the pages


def _furnish(world: people.World) -> dict[str, int]:
    """Ivy with a controlled drug, one of a varying amount and one plain; Amina gives, Sena may witness."""
    dee, sena = world.actor("dee"), world.actor("sena")
    ivy = builders.resident(dee, "Ivy", "Cartledge", room="7", items=[("trimethoprim", "rash", False)])
    lunch = ("11:30",)
    controlled = dict(controlled=True, required_skills=("oral", "controlled"))
    builders.order(dee, ivy.id, "morphine sulfate", strength="10 mg", times=lunch, **controlled)
    varies = dict(dose_amount=Decimal(1), dose_most=Decimal(2), dose_choice="2 if she has not slept")
    builders.order(dee, ivy.id, "paracetamol", strength="500 mg", times=lunch, **varies)
    builders.order(dee, ivy.id, "senna", times=lunch, asleep="wake")
    _, TOKENS["ivy:person"] = builders.label(sena, ivy.id, "person")
    for name, skill in (("amina", "controlled"), ("sena", "cd_witness")):
        builders.sign_off(world.system(), world.person_id(name), skill)
    for name, kind in (("tolu", "shift_leader"), ("amina", "floor"), ("sena", "floor")):
        builders.duty(dee, name, kind, clock.now(), clock.now() + clock.dt.timedelta(hours=8))
    return {"ivy": ivy.id, "sena": world.person_id("sena")}


@pytest.fixture
def furnish():
    return _furnish


def _look(phone: Phone, name: str) -> None:
    """axe over the page, and a picture of it where somebody wants one."""
    phone.check()
    if PICTURES:
        for scheme in ("light", "dark"):
            phone.page.emulate_media(color_scheme=scheme)
            phone.page.screenshot(path=str(Path(PICTURES) / f"{name}-{scheme}.png"), full_page=True)
        phone.page.emulate_media(color_scheme="light")


def _dose(phone: Phone, medicine: str):
    return phone.page.locator("article.dose", has_text=medicine)


def _ready(phone: Phone, home, medicine: str) -> None:
    phone.page.goto(f"{home.base}/r/{TOKENS['ivy:person']}")
    _dose(phone, medicine).get_by_role("button", name="Ready").click()
    expect(_dose(phone, medicine).get_by_role("button", name=re.compile("^Ready"))).to_have_count(0)


def test_a_witnessed_dose_on_two_phones(phones, home):
    amina, sena = phones("amina"), phones("sena")
    _ready(amina, home, "morphine")
    _look(amina, "card-witness-ready")
    _dose(amina, "morphine").get_by_role("button", name="with a witness").click()
    expect(amina.page.get_by_role("heading", level=1)).to_have_text("Who sees this given?")
    _look(amina, "witness-choose")
    amina.page.get_by_role("button", name="Sena Addo").click()
    expect(amina.page.get_by_role("heading", level=1)).to_have_text("Sena Addo, do you see this given?")
    _look(amina, "witness-prove")
    amina.page.get_by_role("button", name="Ask on Sena Addo").click()
    expect(amina.page.get_by_role("heading", level=1)).to_have_text("Sena Addo has been asked to witness")
    _look(amina, "witness-waiting")
    sena.open("round")
    _look(sena, "round-with-alert")
    sena.page.locator("#alerts a").first.click()
    expect(sena.page.get_by_role("heading", level=1)).to_have_text("Amina Okoro asks you to witness")
    _look(sena, "witness-asked")
    sena.page.get_by_label("Your password").fill(people.PASSWORD)
    sena.page.get_by_role("button", name="I see it given").click()
    expect(sena.page.get_by_role("heading", level=1)).to_have_text("You confirmed. Amina Okoro records it")
    _look(sena, "witness-confirmed")
    amina.page.get_by_role("link", name="Go on to record it").click()  # the page refreshed itself
    _look(amina, "witness-record")
    amina.page.get_by_role("button", name="Taken: record it").click()
    expect(amina.page.locator("#card")).to_contain_text("Amina Okoro, witnessed by Sena Addo")
    _look(amina, "card-witnessed")


def test_a_tired_carer_finds_dropped_in_two_taps(phones, home, capsys):
    amina = phones("amina")
    amina.expected = ("422",)
    _ready(amina, home, "senna")
    senna = _dose(amina, "senna")
    amina.taps = 0
    amina.tap(senna.locator("summary", has_text="Not taken"))
    _look(amina, "not-taken-five")
    amina.tap(senna.get_by_role("button", name="More:"))
    dropped = _dose(amina, "senna").get_by_text("Dropped or spoiled", exact=True)
    expect(dropped).to_be_visible()
    with capsys.disabled():
        print(f"\n  dropped stands before the eyes after {amina.taps} taps", end="")
    assert amina.taps == 2
    _look(amina, "not-taken-all")
    amina.tap(dropped)
    _look(amina, "not-taken-dropped")
    _dose(amina, "senna").get_by_role("button", name="Record this").click()
    expect(amina.page.locator("#errors")).to_contain_text("How many were spoiled".lower(), ignore_case=True)
    _look(amina, "not-taken-error")
    amina.page.get_by_label("How many were spoiled").fill("1")
    _dose(amina, "senna").get_by_role("button", name="Record this").click()
    expect(amina.page.locator("#card")).to_contain_text("Dropped or spoiled")
    expect(_dose(amina, "senna")).to_contain_text("Try again from")
    _look(amina, "card-dropped")


def test_a_varying_dose_is_chosen_before_it_is_taken(phones, home):
    amina = phones("amina")
    amina.expected = ("422",)
    _ready(amina, home, "paracetamol")
    _look(amina, "card-amounts")
    _dose(amina, "paracetamol").get_by_role("button", name="Taken", exact=True).click()
    expect(amina.page.locator("#errors")).to_contain_text("Choose how much was given")
    _look(amina, "card-amounts-error")
    _dose(amina, "paracetamol").get_by_text("2 tablets", exact=True).click()
    _dose(amina, "paracetamol").get_by_role("button", name="Taken", exact=True).click()
    expect(amina.page.locator("#card")).to_contain_text("Taken 11:40, saved")
    expect(_dose(amina, "paracetamol")).to_contain_text("2 tablets")
