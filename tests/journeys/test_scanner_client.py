"""The browser side on its own, in a real Chromium: the scanner, recording when the network fails, the service worker.

No application behind it: tests/client_site.py answers what each test tells it to.
"""

from __future__ import annotations

import json
import re
import threading
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import fakecam
from tests.client_browser import FAKE_CAMERA, Watched, chromium, show, watching
from tests.client_site import CUT, Answer, Site, as_json, document

pytestmark = pytest.mark.journey

TOKEN = "abcdefghijklmnopqrstuvwxyz234567"
OTHER = "zyxwvutsrqponmlkjihgfedcba765432"
SHARED = Path(__file__).resolve().parent.parent / "shared"

SCAN_LINK = """<a data-js="scanner" href="/h/oak/scan" data-typed-url="/h/oak/scan/typed" data-find-url="/h/oak/people"
  data-not-ours-url="/h/oak/scan/not-ours">Scan</a>"""


@pytest.fixture(scope="module")
def launch(request):
    with chromium(request) as launch:
        yield launch


@pytest.fixture(scope="module")
def phone(launch):
    return launch(FAKE_CAMERA)


@pytest.fixture
def site():
    with Site() as site:
        yield site


@pytest.fixture
def watched(phone, site):  # what a page still asks for in the background needs its site: the phone goes first
    with watching(phone) as watched:
        yield watched


THIRTY_PICTURES = """() => new Promise((done) => {
  let left = 30;
  const tick = () => (left-- ? requestAnimationFrame(tick) : done());
  tick();
})"""


def open_scanner(watched: Watched, site: Site, *, ready: bool = True, **how) -> Page:
    site.page("/round", document(SCAN_LINK, **how))
    page = watched.open(f"{site.url}/round")
    page.get_by_role("link", name="Scan").click()
    if ready:
        expect(page.get_by_role("status").filter(has_text="inside the frame")).to_be_visible()
    return page


def opens_the_card(site: Site, token: str = TOKEN) -> None:
    site.page("/h/oak/card", document("<p>The card</p>"))
    site.answers["GET", f"/r/{token}"] = as_json(kind="right", url="/h/oak/card", words="")


def test_a_code_before_a_camera_opens_the_card(launch, site, tmp_path):
    site.page("/round", document(SCAN_LINK))
    opens_the_card(site)
    camera = fakecam.write(tmp_path / "camera.y4m", [f"{site.url}/r/{TOKEN}"])
    with watching(launch(FAKE_CAMERA, f"--use-file-for-fake-video-capture={camera}")) as watched:
        page = watched.open(f"{site.url}/round", stub=False)
        page.get_by_role("link", name="Scan").click()
        expect(page.get_by_text("The card")).to_be_visible()
    (asked,) = site.asked("GET", f"/r/{TOKEN}")
    assert asked.headers["Accept"] == "application/json"


def test_the_page_of_the_scanner_opens_it_at_once(watched, site):
    inside = '<form method="post" action="/h/oak/scan/typed"><label>Code <input name="code"></label></form>'
    site.page("/h/oak/scan", document(f'<div data-js="scanner-page" data-typed-url="/h/oak/scan/typed">{inside}</div>'))
    page = watched.open(f"{site.url}/h/oak/scan")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("textbox", name="Code", exact=True)).to_be_focused()


def test_an_address_on_the_public_url_is_ours_and_opens_here(watched, site):
    opens_the_card(site, TOKEN.upper())
    page = open_scanner(watched, site, public_url="https://mar.example.org")
    show(page, f"HTTPS://MAR.EXAMPLE.ORG/R/{TOKEN.upper()}")
    expect(page.get_by_text("The card")).to_be_visible()
    assert page.url == f"{site.url}/h/oak/card"


def test_somebody_elses_code_fills_the_screen_before_the_stop_page(watched, site):
    go_on = threading.Event()
    site.answers["GET", "/h/oak/stop"] = lambda _: go_on.wait(10) and Answer(document("<p>The stop page</p>"))
    site.answers["GET", f"/r/{OTHER}"] = as_json(kind="stop", url="/h/oak/stop", words="This is not Ivy Cartledge")
    page = open_scanner(watched, site)
    show(page, f"/r/{OTHER}")
    expect(page.get_by_role("alert").filter(has_text="This is not Ivy Cartledge")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_attribute("data-state", "stop")
    go_on.set()
    expect(page.get_by_text("The stop page")).to_be_visible()


@pytest.mark.parametrize("kind", ["revoked", "left", "unknown"])
def test_a_code_that_opens_nobody_says_so_and_the_camera_goes_on(watched, site, kind):
    site.page("/h/oak/card", document("<p>The card</p>"))
    site.answers["GET", f"/r/{OTHER}"] = as_json(kind=kind, url=None, words=f"Words for {kind}")
    site.answers["GET", f"/r/{TOKEN}"] = as_json(kind="right", url="/h/oak/card", words="")
    page = open_scanner(watched, site)
    show(page, f"/r/{OTHER}")
    expect(page.get_by_role("alert").filter(has_text=f"Words for {kind}")).to_be_visible()
    page.evaluate(THIRTY_PICTURES)
    assert len(site.asked("GET", f"/r/{OTHER}")) == 1  # not asked again while it stays in view
    show(page, f"/r/{TOKEN}")
    expect(page.get_by_text("The card")).to_be_visible()


def test_a_foreign_code_is_refused_on_the_phone_and_counted(watched, site):
    site.page("/h/oak/scan/not-ours", "", method="POST", status=204)
    page = open_scanner(watched, site)
    show(page, f"https://example.com/r/{TOKEN}")
    expect(page.get_by_role("alert").filter(has_text="not one of our codes")).to_be_visible()
    assert not site.asked("GET", f"/r/{TOKEN}")
    (counted,) = site.asked("POST", "/h/oak/scan/not-ours")
    assert counted.headers["X-CSRF-Token"] == "csrf-of-the-page" and not counted.form


def test_of_two_people_in_view_none_is_chosen(watched, site):
    page = open_scanner(watched, site)
    show(page, f"/r/{TOKEN}", f"/r/{OTHER}")
    expect(page.get_by_role("status").filter(has_text="More than one code")).to_be_visible()
    assert not [seen for seen in site.seen if seen.path.startswith("/r/")]


def test_of_three_the_one_in_the_middle_is_meant(watched, site):
    opens_the_card(site)
    page = open_scanner(watched, site)
    show(page, f"/r/{OTHER}", f"/r/{TOKEN}", f"/r/{OTHER}")
    expect(page.get_by_text("The card")).to_be_visible()


def test_a_medicine_box_beside_the_wrist_does_not_hide_the_wrist(watched, site):
    opens_the_card(site)
    page = open_scanner(watched, site)
    show(page, "01050123456789001727113010ABC123", f"/r/{TOKEN}")
    expect(page.get_by_text("The card")).to_be_visible()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (CUT, "Could not check this code: no connection. Nothing is recorded."),
        (Answer("fault", 500), "Could not check this code: the service had a fault. Nothing is recorded."),
        (as_json(kind="right", url="https://example.com/", words=""), "Could not check this code: the service had a"),
        (Answer("<h1>A page</h1>"), "Could not check this code: the service had a fault."),
    ],
    ids=["lost", "500", "elsewhere", "not-json"],
)
def test_a_code_that_cannot_be_checked_says_so_and_can_be_tried_again(watched, site, answer, words):
    watched.faults_expected = True
    site.page("/h/oak/card", document("<p>The card</p>"))
    site.answers["GET", f"/r/{TOKEN}"] = answer
    page = open_scanner(watched, site)
    show(page, f"/r/{TOKEN}")
    expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible()
    show(page)
    site.answers["GET", f"/r/{TOKEN}"] = as_json(kind="right", url="/h/oak/card", words="")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("The card")).to_be_visible()


def test_a_locked_phone_goes_to_the_address_itself(watched, site):
    watched.faults_expected = True
    pad = Answer(document("<p>The PIN pad</p>"))
    asks = "application/json"
    site.answers["GET", f"/r/{TOKEN}"] = lambda seen: Answer("", 423) if seen.headers["Accept"] == asks else pad
    page = open_scanner(watched, site)
    show(page, f"/r/{TOKEN}")
    expect(page.get_by_text("The PIN pad")).to_be_visible()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("NotAllowedError", "does not let the page use the camera"),
        ("NotFoundError", "No camera was found"),
        ("NotReadableError", "in use"),
    ],
)
def test_without_a_camera_the_letters_and_the_list_are_offered(watched, site, name, words):
    site.page("/round", document(SCAN_LINK))
    page = watched.open(f"{site.url}/round")
    page.evaluate("(name) => { window.cameraFails = name; }", name)
    page.get_by_role("link", name="Scan").click()
    expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible()
    expect(page.get_by_label("7 letters")).to_be_visible()
    expect(page.get_by_role("link", name="Find in the list")).to_have_attribute("href", "/h/oak/people")
    page.evaluate("() => { window.cameraFails = null; }")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("status").filter(has_text="inside the frame")).to_be_visible()


def test_a_phone_that_says_no_is_told_apart_from_one_without_a_camera(launch, phone, site):
    site.page("/round", document(SCAN_LINK))
    for browser, words in ((phone, "does not let the page use the camera"), (launch(), "No camera was found")):
        with watching(browser, permissions=[]) as watched:
            page = watched.open(f"{site.url}/round", stub=False)
            page.get_by_role("link", name="Scan").click()
            expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible()


def test_a_decoder_that_does_not_start_leaves_the_letters(watched, site):
    watched.faults_expected = True
    watched.context.route("**/zxing_reader.wasm", lambda route: route.abort())
    page = open_scanner(watched, site, ready=False)
    expect(page.get_by_role("alert").filter(has_text="could not start")).to_be_visible()
    expect(page.get_by_label("7 letters")).to_be_visible()


def test_the_light_is_offered_only_where_there_is_one(watched, site):
    page = open_scanner(watched, site)
    expect(page.get_by_role("button", name="Light")).to_have_count(0)
    page.keyboard.press("Escape")
    page.evaluate("() => { window.torch = true; }")
    page.get_by_role("link", name="Scan").click()
    light = page.get_by_role("button", name="Light")
    light.click()
    expect(light).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("() => window.torchIs") is True
    light.click()
    expect(light).to_have_attribute("aria-pressed", "false")


def test_closing_stops_the_camera_and_gives_the_focus_back(watched, site):
    page = open_scanner(watched, site)
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("link", name="Scan")).to_be_focused()
    assert page.evaluate("() => window.streams.flatMap((s) => s.getTracks()).every((t) => t.readyState === 'ended')")


def test_the_camera_rests_while_hidden_and_comes_back(watched, site):
    opens_the_card(site)
    page = open_scanner(watched, site)
    hide = """(hidden) => { Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
        document.dispatchEvent(new Event("visibilitychange")); }"""
    page.evaluate(hide, True)
    assert page.evaluate("() => window.streams[0].getTracks()[0].readyState") == "ended"
    page.evaluate(hide, False)
    page.wait_for_function("() => window.streams.length === 2")
    show(page, f"/r/{TOKEN}")
    expect(page.get_by_text("The card")).to_be_visible()


def test_typed_letters_are_grouped_checked_and_sent_once(watched, site):
    site.page("/h/oak/scan/typed", document("<p>The card</p>"), method="POST")
    page = open_scanner(watched, site)
    page.get_by_role("button", name="Type the code").click()
    code = page.get_by_label("7 letters")
    expect(code).to_be_focused()
    code.press_sequentially("abcdefc")
    expect(code).to_have_value("ABCD EFC")
    code.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="One letter is not right")).to_be_visible()
    expect(code).to_have_value("ABCD EFC")
    code.press("Backspace")
    code.press_sequentially("b")
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_text("The card")).to_be_visible()
    (sent,) = site.asked("POST", "/h/oak/scan/typed")
    assert sent.form == {"csrf_token": "csrf-of-the-page", "code": "ABCDEFB"}


def test_a_code_in_view_opens_nobody_while_somebody_types(watched, site):
    page = open_scanner(watched, site)
    page.get_by_role("button", name="Type the code").click()
    show(page, f"/r/{TOKEN}")
    assert page.evaluate("() => window.streams.every((s) => s.getTracks()[0].readyState === 'ended')")
    page.get_by_role("button", name="Use the camera").click()
    expect(page.get_by_role("dialog")).to_have_attribute("data-state", re.compile("checking|problem"))
    watched.faults_expected = True  # nothing answers /r/ here


def test_both_rules_hold_their_shared_cases(watched, site):
    site.page("/round", document(""))
    page = watched.open(f"{site.url}/round")
    addresses = json.loads((SHARED / "scan_address.json").read_text(encoding="utf-8"))
    wrong = page.evaluate(
        """async ({ own, public: shown, cases }) => {
            const { tokenIn } = await import("/static/testbuild/js/mar/codes.js");
            return cases.filter(({ text, token }) => tokenIn(text, [own, shown]) !== token).map(({ why }) => why);
        }""",
        addresses,
    )
    assert wrong == []
    codes = json.loads((SHARED / "short_codes.json").read_text(encoding="utf-8"))
    wrong = page.evaluate(
        """async ({ alphabet, valid, cases }) => {
            const rule = await import("/static/testbuild/js/mar/short-code.js");
            const judged = (typed) => (rule.faultIn(typed) ? null : rule.tidy(typed));
            const bad = cases.filter(({ typed, code }) => judged(typed) !== code).map(({ why }) => why);
            return [...bad, ...valid.filter(rule.faultIn), ...(rule.ALPHABET === alphabet ? [] : ["alphabet"])];
        }""",
        codes,
    )
    assert wrong == []
