"""Stories of a working day, in a real Chromium at phone width, with axe on every page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests import stage
from tests.journeys.conftest import CODES, TOKENS, Phone, _phones, label_picture

pytestmark = pytest.mark.journey
KEPT_FILES = """async () => {
  const names = await caches.keys();
  const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return kept.flat().length;
}"""


def _scan(phone: Phone, home, name: str) -> None:
    """Tap Scan; the camera shows the label and the card opens."""
    phone.tap(phone.page.get_by_role("link", name="Scan", exact=True))
    phone.page.wait_for_url(re.compile(rf"/residents/{home.ids[name]}/card"))
    phone.check()


def _dock(phone: Phone):
    return phone.page.locator("#dock button")


def _give_the_round(phones, home, tmp_path, capsys) -> Phone:
    desk = phones("sena")
    camera = stage.camera_file(tmp_path / "ivy.y4m", label_picture(desk, home.ids["ivy"]))
    phone = phones("amina", camera=camera)
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("1 dose is overdue")
    _scan(phone, home, "ivy")
    phone.taps = phone.loads = 0
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("3 medicines are due")
    phone.tap(_dock(phone))
    expect(_dock(phone)).to_have_text("All 3 taken as listed")
    phone.check()
    phone.tap(_dock(phone))
    expect(phone.page.locator("#card .chip", has_text="saved")).to_have_count(3)
    phone.check()
    with capsys.disabled():
        print(f"\n  a resident with 3 medicines: {phone.taps} taps after the scan, {phone.loads} page loads", end="")
    assert phone.taps <= 3 and phone.loads <= 1
    return phone


def test_a_carer_scans_a_printed_label_and_records_a_round(phones, home, tmp_path, capsys):
    phone = _give_the_round(phones, home, tmp_path, capsys)
    phone.tap(phone.page.get_by_role("link", name="Round", exact=True))
    expect(phone.page.locator("#now")).to_contain_text("Done: 1 person")


def test_the_same_round_on_postgresql(playwright, chromium_path, postgres_home, tmp_path, capsys):
    stories = _phones(playwright, chromium_path, postgres_home)
    _give_the_round(next(stories), postgres_home, tmp_path, capsys)
    for _ in stories:
        pass


def test_a_single_dose_takes_two_taps_after_the_scan(phones, home, tmp_path, capsys):
    desk = phones("sena")
    phone = phones("amina", camera=stage.camera_file(tmp_path / "s.y4m", label_picture(desk, home.ids["sylvia"])))
    _scan(phone, home, "sylvia")
    phone.taps = phone.loads = 0
    phone.tap(_dock(phone))
    expect(_dock(phone)).to_have_text("Taken")
    phone.tap(_dock(phone))
    expect(phone.page.locator("#card .chip", has_text="saved")).to_have_count(1)
    with capsys.disabled():
        print(f"\n  a single dose: {phone.taps} taps after the scan, {phone.loads} page loads after the card", end="")
    assert phone.taps == 2 and phone.loads == 0


def _type(phone: Phone, code: str) -> None:
    stage.type_code(phone.page, phone.home.url("scan"), code)


def test_the_wrong_person_stops_the_whole_screen(phones, home):
    phone = phones("amina")
    _type(phone, CODES["ivy:person"])
    _dock(phone).click()
    expect(_dock(phone)).to_have_text("All 3 taken as listed")
    _type(phone, CODES["sylvia:person"])
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("This is not Ivy Cartledge")
    expect(phone.page.locator("body")).to_contain_text("Give nothing yet.")
    phone.check()
    phone.page.get_by_role("button", name="Put Ivy’s away, open Sylvia’s").click()
    expect(phone.page.locator(".person-head__name")).to_have_text("Sylvia Brandreth")
    phone.check()


def test_while_saying_why_not_the_opposite_button_is_gone_and_errors_are_seen(phones, home):
    phone = phones("amina")
    phone.expected = ("422", "Response Status Error")
    _type(phone, CODES["ivy:person"])
    _dock(phone).click()
    expect(_dock(phone)).to_have_text("All 3 taken as listed")
    senna = phone.page.locator(".dose", has_text="senna")
    senna.locator(".not-given summary").click()
    expect(phone.page.locator("#dock")).to_be_hidden()
    senna.get_by_role("button", name="Record not taken").click()
    expect(phone.page.locator("#errors")).to_be_focused()
    expect(phone.page.locator("#errors")).to_be_in_viewport()
    phone.page.locator(".not-given[open]").get_by_text("Refused", exact=True).click()
    phone.page.locator(".not-given[open]").get_by_text("Did not want it", exact=True).click()
    phone.page.locator(".not-given[open]").get_by_role("button", name="Record not taken").click()
    expect(phone.page.locator("#card")).to_contain_text("Saved")
    expect(phone.page.locator(".dose", has_text="senna")).to_contain_text("Refused 11:4")
    phone.check()


def test_somebody_not_signed_off_is_refused_helped_and_seen(phones, home):
    leader = phones("tolu")
    leader.open("floor")
    expect(leader.page.locator("#floor")).not_to_contain_text("not signed off")
    ben = phones("ben")
    _type(ben, CODES["sylvia:person"])
    ben.check()
    dose = ben.page.locator(".dose", has_text="levothyroxine")
    expect(dose.get_by_role("button", name="Ready")).to_have_count(0)
    dose.get_by_role("link", name="Why, and who can give it").click()
    expect(ben.page.get_by_role("heading", level=1)).to_contain_text("Someone else needs to give")
    expect(ben.page.locator(".blocked")).to_contain_text("Sena Addo")
    ben.check()
    ben.page.get_by_role("button", name="Ask Sena Addo").click()
    expect(ben.page.locator("#card")).to_contain_text("Sena Addo has an alert now")
    # The leader's board refreshes by itself.
    expect(leader.page.locator("#floor")).to_contain_text("needs somebody signed off", timeout=20_000)
    expect(leader.page.locator("#floor")).not_to_contain_text("Ben")
    leader.check()
    sena = phones("sena")
    expect(sena.page.locator("#alerts")).to_contain_text("Ben Hale asks you to give")
    sena.page.locator("#alerts").get_by_role("button").first.click()
    expect(sena.page.locator("#alerts")).not_to_contain_text("Ben Hale asks you to give")


def test_a_team_leader_watches_the_board_change(phones, home):
    leader = phones("tolu", viewport={"width": 1280, "height": 800})
    leader.open("floor")
    tile = leader.page.locator(".board li", has_text="Sylvia Brandreth")
    expect(tile).to_contain_text("Due 12:30")
    loads = leader.loads
    phone = phones("amina")
    _type(phone, CODES["sylvia:person"])
    _dock(phone).click()
    expect(_dock(phone)).to_have_text("Taken")
    _dock(phone).click()
    expect(phone.page.locator("#card .chip", has_text="saved")).to_have_count(1)
    expect(tile).not_to_contain_text("Due 12:30", timeout=20_000)
    assert leader.loads == loads


def test_a_revoked_label_stops_working_and_the_other_goes_on(phones, home):
    rosa = phones("rosa", viewport={"width": 1280, "height": 800})
    rosa.open(f"residents/{home.ids['ivy']}/labels")
    card = rosa.page.locator("article", has_text="With the person")
    card.locator("summary", has_text="Revoke").click()
    card.locator("select").select_option(index=1)
    card.get_by_role("button", name="Revoke").click()
    rosa.check()
    phone = phones("amina")
    phone.expected = ("404",)
    phone.page.goto(f"{home.base}/r/{TOKENS['ivy:person']}")
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("This label was taken out of use")
    phone.check()
    phone.page.goto(f"{home.base}/r/{TOKENS['ivy:door']}")
    expect(phone.page.locator(".person-head__name")).to_have_text("Ivy Cartledge")
    assert "/r/" not in phone.page.url


def test_a_failed_save_keeps_the_form_and_trying_again_records_once(phones, home):
    phone = phones("amina")
    phone.expected = ("Failed to load", "Response Status Error", "htmx")
    _type(phone, CODES["sylvia:person"])
    _dock(phone).click()
    expect(_dock(phone)).to_have_text("Taken")
    phone.page.route("**/card/outcome", lambda route: route.abort())
    _dock(phone).click()
    failed = phone.page.locator(".not-recorded, .dose--not-recorded").first
    expect(failed).to_contain_text("Not recorded")
    phone.check()
    phone.page.unroute("**/card/outcome")
    phone.page.get_by_role("button", name="Try again").click()
    expect(phone.page.locator("#card .chip", has_text="saved")).to_have_count(1)
    phone.page.reload()
    expect(phone.page.locator("#card .chip", has_text="saved")).to_have_count(1)


def test_a_scan_before_signing_in_opens_the_card_after_it(phones, home):
    phone = phones()
    phone.page.goto(f"{home.base}/r/{TOKENS['frank:person']}")
    expect(phone.page.get_by_role("heading", level=1)).to_contain_text("Sign in")
    phone.check()
    phone.page.get_by_label("User name").fill("amina")
    phone.page.get_by_label("Password", exact=True).fill("walnut ferry lantern seven")
    phone.page.get_by_role("button", name="Sign in").click()
    expect(phone.page.locator(".person-head__name")).to_have_text("Frank Delaney")
    cookie = next(c for c in phone.page.context.cookies() if c["name"] == "__Host-session")
    assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (True, True, "Lax")


def test_high_risk_medicines_are_recorded_one_by_one(phones, home):
    phone = phones("amina")
    _type(phone, CODES["frank:person"])
    _dock(phone).click()
    expect(phone.page.locator(".dose", has_text="apixaban")).to_contain_text("record it by itself")
    phone.page.locator(".dose", has_text="apixaban").get_by_role("button", name="Taken").click()
    expect(phone.page.locator("#card .chip", has_text="saved")).to_have_count(1)
    expect(_dock(phone)).to_have_text("Taken")


def test_everything_works_without_javascript(phones, home):
    phone = phones(None, java_script_enabled=False)
    page = phone.page
    page.goto(f"{home.base}/sign-in")
    page.get_by_label("User name").fill("amina")
    page.get_by_label("Password", exact=True).fill("walnut ferry lantern seven")
    page.get_by_role("button", name="Sign in").click()
    page.goto(home.url("scan"))
    page.locator("main [name=code]").fill(CODES["sylvia:door"])
    page.locator("main form", has=page.locator("[name=code]")).get_by_role("button").click()
    page.locator("#dock button").click()
    page.locator("#dock button").click()
    expect(page.locator("#card")).to_contain_text("saved")


def test_a_reported_dose_reaches_the_manager_who_closes_it(phones, home):
    phone = phones("amina")
    phone.open(f"residents/{home.ids['ivy']}/given-already")
    phone.page.get_by_label("Which dose was it?").select_option(index=1)
    phone.page.get_by_label("At what time?").fill("10:30")  # over an hour ago: later than by oneself alone
    phone.page.get_by_label("Who knew that it was given?").fill("Tolu, who was in the room")
    phone.page.get_by_label("Why was it not recorded at the time?").fill("The bell rang in room 3")
    phone.page.get_by_role("button", name="Report it").click()
    expect(phone.page.locator("#card")).to_contain_text("has an alert now")
    phone.check()
    tolu = phones("tolu")
    expect(tolu.page.locator("#alerts")).to_contain_text("Amina Okoro reports that Ivy Cartledge")
    rosa = phones("rosa", viewport={"width": 1280, "height": 800})
    rosa.open("reports")
    rosa.page.get_by_role("link", name="Open").click()
    rosa.check()
    rosa.page.get_by_label("Your answer").fill("Ivy is well; Amina and I talked it through.")
    rosa.page.get_by_role("button", name="Close the report").click()
    expect(rosa.page.locator("main")).to_contain_text("Closed by Rosa Quiroga")


def test_without_a_network_an_honest_page_and_an_installable_app(phones, home):
    phone = phones("amina")
    phone.expected = ("Failed to load", "ERR_INTERNET_DISCONNECTED")
    page = phone.page
    page.evaluate("() => navigator.serviceWorker.ready")
    page.reload()
    session = page.context.new_cdp_session(page)
    errors = [e["errorId"] for e in session.send("Page.getInstallabilityErrors")["installabilityErrors"]]
    assert [e for e in errors if e != "in-incognito"] == []  # a test's context counts as incognito
    page.context.set_offline(True)
    page.goto(home.url("floor"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("no connection")
    assert page.evaluate(KEPT_FILES) > 0
    body = page.content()
    assert not any(name in body for name in ("Ivy", "Sylvia", "Amina", "omeprazole"))
