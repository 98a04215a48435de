"""Stories of a phone that many hands share: enrolling it, locking over what was typed, handing it on, from locked."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect

from tests import people, stage
from tests.journeys.conftest import CODES, TOKENS, Phone

pytestmark = pytest.mark.journey
PINS = {"amina": "482957", "ben": "718264"}
NAMES = {"amina": "Amina Okoro", "ben": "Ben Hale"}
SWITCH_SECONDS = 6  # bar: issue 3, point 1; printed, never asserted: the machine is shared


def enrol(desk: Phone, phone: Phone, name: str = "Ground floor 1", kind: str = "Phone") -> None:
    """A manager shows a code at the desk; the phone opens its address and says yes."""
    desk.open("devices")
    desk.page.get_by_label("What is it called?").fill(name)
    desk.page.get_by_text(kind, exact=True).click()
    desk.page.get_by_role("button", name="Show the code").click()
    expect(desk.page.locator("#code-state")).to_contain_text("Waiting for the")
    desk.check()
    phone.page.goto(desk.page.locator(".code-card__address").inner_text())
    phone.check()
    phone.page.get_by_role("button", name=re.compile("Yes, enrol this")).click()
    expect(desk.page.locator("#code-state")).to_contain_text(f"{name} was enrolled", timeout=15_000)


def first_time(phone: Phone, username: str) -> None:
    """Somebody's first time on a phone: their password, then a PIN."""
    phone.sign_in(username)
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("Choose a PIN for the phones")
    phone.page.get_by_label("New PIN", exact=True).fill(PINS[username])
    phone.page.get_by_label("The new PIN again").fill(PINS[username])
    phone.page.get_by_role("button", name="Keep this PIN").click()
    phone.page.wait_for_url("**/round")


def type_pin(phone: Phone, username: str, within=None) -> None:
    """Six digits on the big keys; they are counted apart from the taps."""
    for digit in PINS[username]:
        (within or phone.page).get_by_role("button", name=digit, exact=True).click()


def cover(phone: Phone):
    return phone.page.locator("dialog.lock")


def ready_to_lock(phone: Phone) -> None:
    """The page's own lock has begun to watch: it comes once the page is quiet."""
    watches(phone.page)


def watches(page) -> None:
    """The same for any tab."""
    page.wait_for_function("() => document.documentElement.dataset.locks === 'on'")


@pytest.fixture
def shared(phones, home) -> Phone:
    """A phone of the home, with Amina signed in by her password for the first time."""
    desk, phone = phones("rosa", viewport={"width": 1280, "height": 800}), phones(has_touch=True, is_mobile=True)
    enrol(desk, phone)
    first_time(phone, "amina")
    return phone


def test_a_phone_is_enrolled_and_opened_by_name_and_pin(shared):
    cookie = next(c for c in shared.page.context.cookies() if c["name"] == "__Host-device")
    assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (True, True, "Lax")
    shared.page.get_by_role("button", name=re.compile("Switch")).click()
    expect(shared.page.get_by_role("heading", level=1)).to_have_text("Who is taking this phone?")
    shared.check()
    shared.page.get_by_role("link", name="Amina Okoro").click()
    shared.check()
    keys = shared.page.locator(".pad .btn")
    assert min(min(k.bounding_box()["height"], k.bounding_box()["width"]) for k in keys.all()) >= 56
    type_pin(shared, "amina")
    shared.page.wait_for_url("**/round")
    shared.check()


def _open_card(phone: Phone, name: str) -> None:
    stage.type_code(phone.page, phone.home.url("scan"), CODES[f"{name}:person"])


def test_a_lock_in_the_middle_of_a_card_loses_nothing(shared, home):
    page = shared.page
    _open_card(shared, "ivy")
    page.locator("#dock button").click()
    expect(page.locator("#dock button")).to_have_text("All 3 taken as listed")
    senna = page.locator(".dose", has_text="senna")
    senna.locator(".not-given summary").click()
    open_panel = page.locator(".not-given[open]")
    open_panel.get_by_text("Refused", exact=True).click()
    open_panel.get_by_text("Did not want it", exact=True).click()
    open_panel.locator("[name=note]").fill("Said she had cramps")
    page.clock.install()
    page.clock.fast_forward("04:30")  # a card stands in Ready: not yet
    expect(cover(shared)).to_have_count(0)
    page.clock.fast_forward("00:40")
    expect(cover(shared)).to_be_visible()
    assert page.title() == "Locked"
    expect(page.locator("#card")).to_be_hidden()
    assert not any(word in page.locator("body").inner_text() for word in ("Ivy", "senna", "cramps", "Cartledge"))
    tree = shared.page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    said = " ".join(str(n.get("name", {}).get("value", "")) for n in tree if not n.get("ignored"))
    assert "Amina Okoro" in said and "Ivy" not in said and "senna" not in said
    shared.check()
    shared.expected = ("422", "423")
    for digit in "111112":
        cover(shared).get_by_role("button", name=digit, exact=True).click()
    expect(cover(shared).locator(".lock-words")).to_contain_text("4 tries left")
    shared.check()
    type_pin(shared, "amina", cover(shared))
    expect(cover(shared)).to_have_count(0)
    expect(open_panel.locator("[name=note]")).to_have_value("Said she had cramps")
    open_panel.get_by_role("button", name="Record not taken").click()
    expect(page.locator(".dose", has_text="senna")).to_contain_text("Refused 11:4")
    shared.check()


def test_a_lock_in_one_tab_covers_the_others_and_its_pin_opens_them(shared, home):
    other = shared.page.context.new_page()
    _open_card(shared, "sylvia")
    ready_to_lock(shared)
    other.goto(home.url("more"))
    watches(other)
    other.locator("main form[action='/lock'] button").click()
    other.locator("dialog.lock").wait_for()
    expect(cover(shared)).to_be_visible()
    other.close()
    type_pin(shared, "amina", cover(shared))
    expect(cover(shared)).to_have_count(0)
    shared.page.locator("#dock button").click()
    expect(shared.page.locator("#dock button")).to_have_text("Taken")


def test_a_switch_in_one_tab_takes_the_page_from_the_others(shared, home):
    """Nothing of the first person stays for the next one to uncover."""
    other = shared.page.context.new_page()
    _open_card(shared, "sylvia")
    ready_to_lock(shared)
    other.goto(home.url("more"))
    watches(other)
    other.locator(".me__switch").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Who is taking this phone?")
    expect(shared.page.get_by_role("heading", level=1)).to_have_text("Who is taking this phone?")
    expect(shared.page.locator("#card")).to_have_count(0)


def _say(page, said: str, step: int) -> None:
    """What a tab of another session tells the others: one that began before (-1) or after (1) this one's."""
    page.evaluate(
        """([said, step]) => {
          const mine = Number(document.getElementById("lock-cover").dataset.session);
          new BroadcastChannel("steady-lock").postMessage({ said, session: mine + step });
        }""",
        [said, step],
    )


def test_a_tab_hears_only_its_own_session_and_leaves_for_a_newer_one(shared, home):
    other = shared.page.context.new_page()
    _open_card(shared, "sylvia")
    ready_to_lock(shared)
    other.goto(home.url("more"))
    watches(other)
    shared.page.get_by_role("button", name="Lock now").click()
    expect(cover(shared)).to_be_visible()
    _say(other, "open", -1)
    _say(other, "switched", -1)
    _say(other, "touched", 0)  # heard in order: when nothing came of the last, nothing came of the first two
    expect(cover(shared)).to_be_visible()
    shared.expected = ("423",)
    _say(other, "open", 1)
    shared.page.wait_for_url(f"{home.base}/")
    expect(shared.page.locator("#card")).to_have_count(0)
    expect(shared.page.get_by_role("heading", level=1)).to_contain_text("Amina Okoro")


def test_the_server_locks_although_the_page_did_not(shared, home):
    """A tap meets a session that was locked meanwhile: nothing is written, and the same tap works after the PIN."""
    shared.expected = ("423", "Response Status Error")
    _open_card(shared, "sylvia")
    ready_to_lock(shared)
    shared.page.locator("#dock button").click()
    expect(shared.page.locator("#dock button")).to_have_text("Taken")
    csrf = shared.page.locator('meta[name="csrf-token"]').get_attribute("content")
    shared.page.request.post(
        f"{home.base}/lock", headers={"X-CSRF-Token": csrf, "Origin": home.base, "Accept": "application/json"}
    )
    shared.page.locator("#dock button").click()
    expect(cover(shared)).to_be_visible()
    type_pin(shared, "amina", cover(shared))
    expect(shared.page.locator(".not-recorded")).to_contain_text("This screen was locked")
    shared.page.get_by_role("button", name="Try again").click()
    expect(shared.page.locator("#card .chip", has_text="saved")).to_have_count(1)


def test_switching_takes_at_most_three_taps_besides_the_digits(shared, home, capsys):
    page = shared.page
    page.get_by_role("button", name=re.compile("Switch")).click()
    page.get_by_role("link", name=re.compile("Somebody else")).click()
    first_time(shared, "ben")
    before = next(c["value"] for c in page.context.cookies() if c["name"] == "__Host-session")
    shared.taps, began = 0, time.monotonic()
    shared.tap(page.get_by_role("button", name=re.compile("Switch")))
    shared.tap(page.get_by_role("link", name="Amina Okoro"))
    type_pin(shared, "amina")
    page.wait_for_url("**/round")
    expect(page.locator(".me__name")).to_have_text("Amina")
    seconds = time.monotonic() - began
    after = next(c["value"] for c in page.context.cookies() if c["name"] == "__Host-session")
    assert before != after
    with capsys.disabled():
        print(
            f"\n  switching user: {shared.taps} taps and 6 digits (bar 3), {seconds:.1f} s (bar {SWITCH_SECONDS} s)",
            end="",
        )
    assert shared.taps <= 3


def test_switching_names_what_would_be_lost_and_then_drops_it(shared, home):
    page = shared.page
    _open_card(shared, "ivy")
    page.locator("#dock button").click()
    expect(page.locator("#dock button")).to_have_text("All 3 taken as listed")
    ready_to_lock(shared)
    page.get_by_role("button", name=re.compile("Switch")).click()
    asked = page.get_by_role("dialog")
    expect(asked.get_by_role("heading")).to_have_text("Switching now loses what Amina has not recorded")
    expect(asked).to_contain_text("3 medicines made ready and not recorded")
    shared.check()
    page.get_by_role("button", name=re.compile("Keep it")).click()
    expect(page.locator("#dock button")).to_have_text("All 3 taken as listed")  # nothing was lost by asking
    page.get_by_role("button", name=re.compile("Switch")).click()
    page.get_by_role("button", name="Lose it and switch").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who is taking this phone?")


def _from_locked(shared: Phone, home, name: str) -> None:
    """The phone is locked; its own camera opens a label's address, and six digits open the card."""
    ready_to_lock(shared)
    shared.page.get_by_role("button", name="Lock now").click()
    expect(cover(shared)).to_be_visible()
    shared.expected = ("423",)
    shared.taps = shared.loads = 0
    shared.page.goto(f"{home.base}/r/{TOKENS[name + ':person']}")
    type_pin(shared, "amina")
    shared.page.wait_for_url(re.compile(rf"/residents/{home.ids[name]}/card"))


def test_a_single_dose_from_locked(shared, home, capsys):
    _from_locked(shared, home, "sylvia")
    for words in ("Taken", None):
        shared.tap(shared.page.locator("#dock button"))
        if words:
            expect(shared.page.locator("#dock button")).to_have_text(words)
    expect(shared.page.locator("#card .chip", has_text="saved")).to_have_count(1)
    with capsys.disabled():
        print(f"\n  a single dose from locked: 6 digits and {shared.taps} taps after the scan (bar 2 + 1), ", end="")
        print(f"{shared.loads} page loads with the pad's own", end="")
    assert shared.taps <= 3


def test_a_whole_resident_from_locked(shared, home, capsys):
    _from_locked(shared, home, "ivy")
    shared.tap(shared.page.locator("#dock button"))
    expect(shared.page.locator("#dock button")).to_have_text("All 3 taken as listed")
    shared.tap(shared.page.locator("#dock button"))
    expect(shared.page.locator("#card .chip", has_text="saved")).to_have_count(3)
    with capsys.disabled():
        print(f"\n  a resident with 3 medicines from locked: 6 digits and {shared.taps} taps after the scan ", end="")
        print(f"(bar 3 + 1), {shared.loads} page loads with the pad's own", end="")
    assert shared.taps <= 4


def test_a_wall_board_shows_initials_and_nothing_opens_from_it(phones, home):
    desk, board = (
        phones("rosa", viewport={"width": 1280, "height": 800}),
        phones(viewport={"width": 1280, "height": 800}),
    )
    enrol(desk, board, "Hall", "Wall board")
    expect(board.page.locator(".wall__tile")).to_have_count(3)
    expect(board.page.locator(".wall__tile").first).to_contain_text("Room")
    board.check()
    assert not any(word in board.page.content() for word in ("Ivy", "Cartledge", "Frank", "apixaban", "trimethoprim"))
    desk.open("devices")
    row = desk.page.locator(".rows .row", has_text="Hall")
    row.locator("summary").click()
    desk.check()
    row.get_by_role("button", name="Yes, it is lost").click()
    expect(desk.page.locator("main")).to_contain_text("Lost in the last month")
    board.page.reload()
    expect(board.page.get_by_role("heading", level=1)).to_contain_text("Sign in")


def test_a_locked_form_survives_without_javascript(phones, home):
    desk, phone = phones("rosa", viewport={"width": 1280, "height": 800}), phones(java_script_enabled=False)
    page, phone.expected = phone.page, ("423",)
    desk.open("devices")
    desk.page.get_by_label("What is it called?").fill("Plain")
    desk.page.get_by_role("button", name="Show the code").click()
    page.goto(desk.page.locator(".code-card__address").inner_text())
    page.get_by_role("button", name=re.compile("Yes, enrol this")).click()
    stage.sign_in(page, home.base, "amina", people.PASSWORD)
    page.get_by_label("New PIN", exact=True).fill(PINS["amina"])
    page.get_by_label("The new PIN again").fill(PINS["amina"])
    page.get_by_role("button", name="Keep this PIN").click()
    page.goto(home.url("scan"))
    page.locator("main [name=code]").fill(CODES["sylvia:door"])
    page.locator("main form", has=page.locator("[name=code]")).get_by_role("button").click()
    page.locator("#dock button").click()
    second = page.context.new_page()
    second.goto(home.url("more"))
    second.locator("main form[action='/lock'] button").click()
    page.locator("#dock button").click()  # Taken, sent while locked
    assert page.get_by_role("heading", level=1).inner_text().endswith("Amina Okoro")
    page.get_by_label("Your PIN, six digits").fill(PINS["amina"])
    page.locator(".pin__go button").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Send it again? It was not recorded"
    page.get_by_role("button", name="Send it again").click()
    expect(page.locator("#card")).to_contain_text("saved")
