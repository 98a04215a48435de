"""When-required medicines as a story at phone width, with axe on every page: a dose with its effect chased, another
chosen, made ready and given, and one that is too soon."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from medpwa import clock
from tests import builders, stage
from tests.journeys.conftest import ServedHome, _phones, _serve
from tests.mar.prn_steps import LORAZEPAM, beside, prn

pytestmark = pytest.mark.journey
LATER = "2026-11-16T12:45"  # five minutes after somebody was to look at what the dose of 11:40 did


def _furnish(world) -> dict[str, int]:
    """Margaret, who had lorazepam at 11:40 and may have paracetamol."""
    calm = prn(world, **LORAZEPAM)
    calm.give(calm.open("amina"), "0.5")
    tablets = beside(world, calm.resident)
    starts, ends = clock.now(), clock.now() + clock.dt.timedelta(hours=8)
    builders.duty(world.actor("dee"), "tolu", "shift_leader", starts, ends)
    builders.duty(world.actor("dee"), "amina", "floor", starts, ends)
    TOKEN.append(tablets.token)
    return {"margaret": calm.resident.id, "tablets": tablets.order.line_id, "calm": calm.order.line_id}


TOKEN: list[str] = []


@pytest.fixture
def prn_home(sqlite_template, tmp_path) -> Iterator[ServedHome]:
    path = tmp_path / "steady.db"
    shutil.copy(sqlite_template, path)
    yield from _serve(f"sqlite:///{path}", tmp_path, stage.free_port(), _furnish, LATER)


@pytest.fixture
def prn_phones(playwright, chromium_path, prn_home, tmp_path):
    yield from _phones(playwright, chromium_path, prn_home)


def test_a_dose_with_its_effect_chased_and_another_given(prn_phones, prn_home, tmp_path, capsys):
    phone = prn_phones("amina")
    page = phone.page
    page.goto(prn_home.url("round"))
    phone.tap(page.get_by_role("link", name=re.compile("Ask Margaret whether the lorazepam")))
    phone.check()
    phone.tap(page.get_by_text("It helped", exact=True))
    phone.tap(page.get_by_role("button", name="Record it"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Nobody has to be asked now")
    phone.check()
    page.goto(f"{prn_home.base}/r/{TOKEN[-1]}")
    expect(page.get_by_role("heading", name="When required")).to_be_visible()
    phone.check()
    phone.taps = 0
    phone.tap(page.get_by_role("link", name=re.compile("paracetamol")))
    expect(page.get_by_text("Margaret can have it now.")).to_be_visible()
    phone.check()
    phone.tap(page.get_by_text("A warm pack", exact=True))
    phone.tap(page.get_by_text("Back pain", exact=True))
    phone.tap(page.get_by_text("2 tablets", exact=True))
    phone.tap(page.locator("#dock button"))
    expect(page.locator("#dock button")).to_have_text("2 tablets given now")
    phone.check()
    phone.tap(page.locator("#dock button"))
    expect(page.locator(".told")).to_contain_text("2 tablets of paracetamol")
    phone.check()
    taps = phone.taps
    phone.tap(page.get_by_role("link", name=re.compile("paracetamol")).first)
    expect(page.get_by_text("Too soon").first).to_be_visible()
    phone.check()
    with capsys.disabled():
        print(f"\n  a when-required dose: {taps} taps from the card, three of them choices", end="")
    assert taps <= 6


def test_the_managers_page_at_a_desk(prn_phones, prn_home):
    desk = prn_phones("rosa")
    desk.page.goto(prn_home.url("prn"))
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("1 use waits for a manager to note it")
    desk.check()
    desk.tap(desk.page.get_by_role("button", name=re.compile("Noted")))
    expect(desk.page.get_by_text("Every use has been noted by a manager.")).to_be_visible()
    desk.check()
