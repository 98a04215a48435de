"""The work with a keyboard alone, on the two smallest phones: wherever the focus stops it can be seen, and nothing
covers it. What changes is said aloud. Nothing moves for somebody who asked for less motion."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys import looking
from tests.journeys.conftest import CODES, Phone

pytestmark = pytest.mark.journey
MOST_STOPS = 60
MOVING = "() => document.getAnimations().map((a) => a.effect?.target?.className ?? a.constructor.name)"
STANDING = "() => { window.stood = [...document.querySelectorAll('[role=status], [role=alert]')]; }"
SAID = "(words) => window.stood.some((region) => region.isConnected && region.textContent.includes(words))"


def _tab_to(phone: Phone, wanted: str) -> int:
    """Press Tab until the focus stands on a selector; every stop must be seen. Returns how many there were."""
    page = phone.page
    if not page.evaluate("() => 'looking' in window"):
        page.evaluate(looking.MEASURES)
    for stops in range(1, MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement === document.body"):
            continue
        page.evaluate("() => new Promise(requestAnimationFrame)")
        assert page.evaluate("() => looking.focused()") == []
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted):
            return stops
    raise AssertionError(f"{wanted} was not reached in {MOST_STOPS} stops of {page.url}")


def _enter(phone: Phone) -> None:
    """Press Enter where it leads to another page, and wait for that."""
    with phone.page.expect_navigation():
        phone.page.keyboard.press("Enter")


@pytest.mark.parametrize("size", [looking.PHONE, looking.SMALL], ids=["360x640", "320x568"])
def test_a_dose_is_recorded_with_a_keyboard_alone(phones, home, size):
    phone = phones("amina", viewport=size)
    page = phone.page
    page.goto(home.url("round"))
    _tab_to(phone, ".scan-pill")
    page.keyboard.press("Enter")
    page.locator("dialog.scanner[data-state=no-camera]").wait_for()
    _tab_to(phone, "dialog.scanner [name=code]")
    page.keyboard.type(CODES["sylvia:person"])
    _enter(phone)
    expect(page.locator(".person-head__name")).to_have_text("Sylvia Brandreth")
    _tab_to(phone, "#dock button")
    page.keyboard.press("Space")
    expect(page.locator("#dock button")).to_have_text("Taken")
    assert _tab_to(phone, "#dock button") <= 40
    page.keyboard.press("Enter")
    expect(page.locator("#card .chip", has_text="saved")).to_have_count(1)
    _tab_to(phone, ".tabs a[href$=round]")
    _enter(phone)
    expect(page.locator("#now h1")).to_be_visible()


@pytest.mark.parametrize("size", [looking.PHONE, looking.SMALL], ids=["360x640", "320x568"])
def test_somebody_is_signed_off_with_a_keyboard_alone(phones, home, size):
    phone = phones("rosa", viewport=size)
    page = phone.page
    page.goto(home.url("competency"))
    _tab_to(phone, "a.row__name[href]")
    while page.evaluate("() => document.activeElement.textContent") != "Ben Hale":
        _tab_to(phone, "a.row__name[href]")
    _enter(phone)  # the name opens the file; their sign-offs are one step from it
    _tab_to(phone, "main a.btn:has(use[href$=shield-check])")
    _enter(phone)
    _tab_to(phone, "a.btn--primary[href$=sign-off]")
    _enter(phone)
    _tab_to(phone, "input[name=skill][value=oral]")
    page.keyboard.press("Space")
    _tab_to(phone, "textarea[name=reason]")
    page.keyboard.type("3 of 3 rounds observed")
    _tab_to(phone, "main form button")
    _enter(phone)
    expect(page.get_by_role("heading", level=1)).to_have_text("Ben Hale may give medicines by mouth")
    phone.check()


def test_a_menu_is_opened_read_and_left_with_a_keyboard_alone(phones, home):
    phone = phones("amina", viewport=looking.SMALL)
    page = phone.page
    page.goto(home.url("round"))
    _tab_to(phone, "details.me > summary")
    page.keyboard.press("Enter")
    _tab_to(phone, ".me__panel .sign-out button")
    _tab_to(phone, ".me__panel a")
    _enter(phone)
    _tab_to(phone, ".tabs a[href$=more]")
    _enter(phone)
    _tab_to(phone, "a.row[href$=floor]")
    _enter(phone)
    expect(page.locator("#floor h1")).to_be_visible()


def _ready(phone: Phone, home, name: str) -> None:
    from tests import stage

    stage.type_code(phone.page, home.url("scan"), CODES[f"{name}:person"])
    phone.page.locator("#dock button").click()
    expect(phone.page.locator("#dock button")).not_to_contain_text("label")


def _stand(phone: Phone) -> None:
    """Remember the regions that speak as they stand now: what is said later must be said from one of these."""
    phone.page.wait_for_function("() => document.querySelector('#bars')?.nextElementSibling?.matches('[role=status]')")
    phone.page.evaluate(STANDING)


def _hears(phone: Phone, words: str) -> None:
    phone.page.wait_for_function(SAID, arg=words, timeout=15_000)


def test_every_change_is_said_from_a_region_that_stood_there_before(phones, home):
    phone = phones("amina")
    phone.expected = ("htmx:", "ERR_FAILED")  # what is cut off on purpose
    page = phone.page
    _ready(phone, home, "ivy")
    _stand(phone)
    page.route("**/card/outcome", lambda route: route.abort())
    senna = page.locator(".dose", has_text="senna")
    senna.get_by_role("button", name="Taken", exact=True).click()
    _hears(phone, "Saving…")
    alert = page.locator(".not-recorded[role=alert]")
    expect(alert).to_contain_text("we do not know that it was saved")
    page.unroute("**/card/outcome")
    page.get_by_role("button", name="Try again").click()
    _hears(phone, "Saved 11:4")
    page.evaluate("() => window.dispatchEvent(new Event('offline'))")
    _hears(phone, "No connection since")
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    page.goto(home.url("floor"))
    _stand(phone)
    page.locator("[data-js=as-of][data-js-on]").wait_for()
    page.route("**/floor/now", lambda route: route.abort())
    page.evaluate("() => document.getElementById('floor').dispatchEvent(new Event('refresh'))")
    expect(page.locator(".as-of--stale[role=status]")).to_contain_text("Not updating now")


def test_a_refusal_is_said_at_once(phones, home):
    first, second = phones("amina"), phones("sena")
    second.expected = ("409", "Response Status Error")
    for phone in (first, second):
        _ready(phone, home, "sylvia")
    first.page.locator("#dock button").click()
    expect(first.page.locator("#card .chip", has_text="saved")).to_have_count(1)
    _stand(second)
    second.page.locator("#dock button").click()
    _hears(second, "Already given")


def test_nothing_moves_for_somebody_who_asked_for_less_motion(phones, home):
    moved = {}
    for wish in ("no-preference", "reduce"):
        phone = phones("sena", reduced_motion=wish)
        page = phone.page
        moved[wish] = []
        for path in ("round", "floor", f"residents/{home.ids['ivy']}/card", f"residents/{home.ids['ivy']}", "more"):
            page.goto(home.url(path))
            page.evaluate("() => document.querySelectorAll('details').forEach((d) => { d.open = true; })")
            if page.locator("main .btn").count():
                page.locator("main .btn").first.hover(force=True)
            moved[wish] += page.evaluate(MOVING)
    assert moved["reduce"] == []
    assert moved["no-preference"], "the control: otherwise this would not notice a movement"
