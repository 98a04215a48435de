"""Stories of a dose that hangs on the clock and of one that hangs on a letter, in Chromium at phone width with axe:
levodopa on time and late with its alarm, warfarin whose next blood test has passed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from medpwa import clock
from medpwa.mar import watch
from medpwa.medicines import advice_actions
from medpwa.medicines.advice_rules import AdviceKeyed
from tests import builders, people
from tests.journeys.conftest import TOKENS, Phone

pytestmark = pytest.mark.journey
TODAY = dt.date(2026, 11, 16)
DAY = dt.timedelta(days=1)
# QS164's half hour either side, as the person who entered the order confirmed it.
LEVODOPA = dict(
    strength="25/100 mg", required_skills=("oral",), time_critical=True, high_risk=True, window_before=30,
    window_after=30,
)  # fmt: skip
LETTER = AdviceKeyed(TODAY - 3 * DAY, TODAY + 4 * DAY, Decimal(3), Decimal("2.6"), TODAY - 8 * DAY, TODAY - DAY)


def _furnish(world: people.World) -> dict[str, int]:
    """At 11:40: Ivy's levodopa of 11:30 is in its half hour, Frank's of 11:00 is past it and its alarm has gone out.
    Sylvia has warfarin by a letter two people keyed; its next INR was due yesterday."""
    dee, sena, tolu = (world.actor(name) for name in ("dee", "sena", "tolu"))
    ids = {}
    for given, family, room in (("Ivy", "Cartledge", "7"), ("Frank", "Delaney", "10"), ("Sylvia", "Brandreth", "5")):
        ids[given] = builders.resident(dee, given, family, room=room).id
        _, TOKENS[f"{given}:person"] = builders.label(sena, ids[given], "person")
    for name, kind in (("tolu", "shift_leader"), ("amina", "floor"), ("sena", "floor")):
        builders.duty(dee, name, kind, clock.now(), clock.now() + dt.timedelta(hours=8))
    builders.order(dee, ids["Ivy"], "co-careldopa", times=("11:30",), **LEVODOPA)
    builders.order(dee, ids["Frank"], "co-careldopa", times=("11:00",), **LEVODOPA)
    by_letter = dict(strength="", dose_amount=None, dose_unit="mg", schedule={"kind": "advised"}, high_risk=True)
    warfarin = builders.order(dee, ids["Sylvia"], "warfarin", times=("11:30",), **by_letter)
    row = advice_actions.advise(by=tolu, advised_id=warfarin.line_id, keyed=LETTER, source="Clinic letter")
    advice_actions.check_advice(by=sena, advice_id=row.id, keyed=LETTER)
    watch.look(world.home())
    return ids


@pytest.fixture
def furnish():
    return _furnish


def _scanned(phone: Phone, home, name: str):
    phone.page.goto(f"{home.base}/r/{TOKENS[name + ':person']}")
    phone.check()
    return phone.page.locator("article.dose").first


def _taken(phone: Phone) -> None:
    _ready(phone)
    expect(phone.page.locator("#dock button")).to_have_text("Taken")
    phone.page.locator("#dock button").click()


def _ready(phone: Phone) -> None:
    phone.page.locator("#dock button", has_text="Ready").click()


def test_levodopa_on_time_is_quiet_and_late_is_told_until_it_is_given(phones, home):
    leader, amina = phones("tolu"), phones("amina")
    leader.open("alerts")
    told = leader.page.locator("main")
    expect(told).to_contain_text("Frank Delaney’s co-careldopa 25/100 mg tablet was due 11:00 and is not recorded")
    expect(told).not_to_contain_text("Ivy Cartledge’s co-careldopa")
    _scanned(amina, home, "Ivy")
    _taken(amina)
    expect(amina.page.locator("#card")).to_contain_text("Taken 11:40, saved")
    expect(amina.page.locator("#card")).not_to_contain_text("past its")
    amina.check()
    late = _scanned(amina, home, "Frank")
    expect(late).to_contain_text("40 min late")
    _taken(amina)
    expect(amina.page.locator("#card")).to_contain_text("Taken 11:40, saved")
    expect(amina.page.locator("#card")).to_contain_text("40 min after due (10 past its window)")
    amina.check()
    leader.open("floor")
    expect(leader.page.locator("#floor")).to_contain_text("Nobody is late")


def test_warfarin_with_its_inr_overdue_is_given_once_somebody_was_asked(phones, home):
    amina = phones("amina")
    amina.expected = ("422",)
    dose = _scanned(amina, home, "Sylvia")
    expect(dose).to_contain_text("3 mg, by mouth")
    expect(dose).to_contain_text("Ask before giving")
    _ready(amina)
    dose.get_by_text("3 mg", exact=True).click()
    dose.get_by_role("button", name="Taken", exact=True).click()
    expect(amina.page.locator("#errors")).to_contain_text("who advised")
    amina.check()
    dose.get_by_label("Whom you asked, and what they said").first.fill("Tolu, team leader, 11:35: go on with 3 mg")
    dose.get_by_text("3 mg", exact=True).click()
    dose.get_by_role("button", name="Taken", exact=True).click()
    expect(amina.page.locator("#card")).to_contain_text("Taken 11:40, saved")
    expect(amina.page.locator("#card")).to_contain_text("3 mg")
    amina.check()
