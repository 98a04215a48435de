"""The browser side on its own: recording when the network fails, forms sent once, stopped boards, the offline page."""

from __future__ import annotations

import threading

import pytest
from playwright.sync_api import Page, expect

from tests.client_browser import Watched, chromium, watching
from tests.client_site import BASE, CUT, Answer, Seen, Site, document

pytestmark = pytest.mark.journey

OUTCOME = "/h/oak/residents/7/card/outcome"
READY = "/h/oak/residents/7/card/ready"
SAVED = Answer('<div id="card"><article class="card dose"><p>Taken, saved 08:04</p></article></div>')


def dose(number: int, *, kind: str = "record", action: str = OUTCOME, words: str = "Taken") -> str:
    return f"""<article class="card dose"><h3>medicine {number}</h3>
    <form method="post" action="{action}" data-js="{kind}" hx-post="{action}" hx-target="#card" hx-swap="outerHTML">
    <input type="hidden" name="entry_id" value="entry-{number}">
    <button class="btn btn--primary" name="outcome" value="taken">{words}</button></form></article>"""


def card(*doses: str) -> str:
    return f'<div id="card">{"".join(doses)}</div>'


@pytest.fixture(scope="module")
def phone(request):
    with chromium(request) as launch:
        yield launch()


@pytest.fixture
def site():
    with Site() as site:
        yield site


@pytest.fixture
def watched(phone, site):  # what a page still asks for in the background needs its site: the phone goes first
    with watching(phone) as watched:
        yield watched


def open_card(watched: Watched, site: Site, *doses: str, **how) -> Page:
    site.page("/card", document(card(*(doses or [dose(1)])), **how))
    return watched.open(f"{site.url}/card")


def _said(sent: Seen) -> dict[str, str]:
    """What a form says beside the phone's clock, which is another each time it is sent."""
    return {name: value for name, value in sent.form.items() if name != "phone_at"}


def test_a_saved_dose_shows_the_servers_card(watched, site):
    site.answers["POST", OUTCOME] = SAVED
    page = open_card(watched, site)
    page.get_by_role("button", name="Taken").click()
    expect(page.get_by_text("Taken, saved 08:04")).to_be_visible()
    (sent,) = site.asked("POST", OUTCOME)
    assert sent.headers["X-CSRF-Token"] == "csrf-of-the-page"
    assert _said(sent) == {"entry_id": "entry-1", "outcome": "taken"}
    assert sent.form["phone_at"].isdigit(), "the phone's clock goes along"


def marked(number: int) -> str:
    return dose(number).replace("<article", f'<article id="dose-{number}" data-drawn="mark-{number}"', 1)


def test_a_line_the_answer_leaves_in_place_stays_with_what_was_typed_on_it(watched, site):
    note = '<input name="note" aria-label="Anything to add"></form>'
    left = '<div id="card"><p>Taken, saved 08:04</p><article class="card dose" id="dose-2" hx-preserve></article></div>'
    site.answers["POST", OUTCOME] = Answer(left)
    page = open_card(watched, site, marked(1), marked(2).replace("</form>", note))
    page.get_by_label("Anything to add").fill("half a glass")
    page.locator("#dose-1").get_by_role("button", name="Taken").click()
    expect(page.get_by_text("Taken, saved 08:04")).to_be_visible()
    expect(page.get_by_label("Anything to add")).to_have_value("half a glass")
    expect(page.locator("#dose-1")).to_have_count(0)
    site.answers["POST", OUTCOME] = Answer('<div id="card"><p>Taken, saved 08:05</p></div>')
    page.locator("#dose-2").get_by_role("button", name="Taken").click()
    expect(page.get_by_text("Taken, saved 08:05")).to_be_visible()
    sent = site.asked("POST", OUTCOME)
    assert [one.form["entry_id"] for one in sent] == ["entry-1", "entry-2"]
    assert [one.headers["X-Shown"] for one in sent] == ["mark-1 mark-2", "mark-2"]


def test_an_answer_with_a_place_for_a_line_that_is_not_here_is_not_put_in(watched, site):
    watched.faults_expected = True
    empty = '<div id="card"><article class="card dose" id="dose-9" hx-preserve></article></div>'
    site.answers["POST", OUTCOME] = Answer(empty)
    page = open_card(watched, site, marked(1))
    page.locator("#dose-1").get_by_role("button", name="Taken").click()
    expect(page.get_by_role("alert").filter(has_text="we do not know that it was saved")).to_be_visible()
    expect(page.locator("#dose-1")).to_be_visible()


def test_two_quick_taps_send_one_entry(watched, site):
    go_on = threading.Event()
    site.answers["POST", OUTCOME] = lambda _: go_on.wait(10) and SAVED
    page = open_card(watched, site)
    page.get_by_role("button", name="Taken").dblclick()
    expect(page.get_by_role("status").filter(has_text="Saving")).to_be_visible()
    expect(page.get_by_role("button", name="Taken")).to_have_attribute("aria-disabled", "true")
    page.get_by_role("button", name="Taken").dispatch_event("click")
    go_on.set()
    expect(page.get_by_text("Taken, saved 08:04")).to_be_visible()
    assert len(site.asked("POST", OUTCOME)) == 1


def test_the_next_line_waits_for_the_one_before_and_says_so(watched, site):
    go_on = threading.Event()
    site.answers["POST", OUTCOME] = lambda _: go_on.wait(10) and SAVED
    page = open_card(watched, site, dose(1), dose(2, words="Refused"))
    page.get_by_role("button", name="Taken").click()
    page.get_by_role("button", name="Refused").click()
    expect(page.get_by_role("status").filter(has_text="wait for this one")).to_be_visible()
    go_on.set()
    expect(page.get_by_text("Taken, saved 08:04")).to_be_visible()
    assert [sent.form["entry_id"] for sent in site.asked("POST", OUTCOME)] == ["entry-1"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer("", 429), "There were too many tries in a short time: nothing is saved."),
        (Answer("", 503), "The service cannot save just now: nothing is saved."),
        (Answer("", 403), "You are not allowed to do this: nothing is saved."),
        (
            Answer(
                "<p data-words>This phone is no longer <b>enrolled</b>.</p><script>document.title='no'</script>", 403
            ),
            "This phone is no longer enrolled: nothing is saved.",
        ),
        (Answer("", 500), "The service had a fault: we do not know that it was saved."),
        (Answer("", 502), "The service had a fault: we do not know that it was saved."),
        (CUT, "The connection was lost before the answer came: we do not know that it was saved."),
        (
            Answer("<html><h1>Welcome to the Wi-Fi</h1></html>"),
            "does not belong here: we do not know that it was saved.",
        ),
    ],
    ids=["429", "503", "403", "own-words", "500", "502", "lost", "a-strange-page"],
)
def test_a_failure_keeps_the_form_and_trying_again_sends_the_same_entry(watched, site, answer, words):
    watched.faults_expected = True
    site.answers["POST", OUTCOME] = answer
    page = open_card(watched, site)
    page.get_by_role("button", name="Taken").click()
    alert = page.get_by_role("alert").filter(has_text="Not recorded")
    expect(alert).to_contain_text(words)
    expect(alert).to_contain_text("You tapped Taken at ")
    expect(alert).to_contain_text("Trying again records it once only")
    expect(page.get_by_text("Wi-Fi")).to_have_count(0)
    expect(page.locator(".dose--pending")).to_have_count(0)
    site.answers["POST", OUTCOME] = SAVED
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Taken, saved 08:04")).to_be_visible()
    expect(page.get_by_text("Not recorded")).to_have_count(0)
    sent = [_said(one) for one in site.asked("POST", OUTCOME)]
    assert len(sent) >= 2  # Chromium repeats a POST by itself when a kept connection closes without an answer
    assert all(form == {"entry_id": "entry-1", "outcome": "taken"} for form in sent)
    assert page.title() == "Trial"


def test_an_answer_that_does_not_come_in_time_is_not_known(watched, site):
    watched.faults_expected = True
    go_on = threading.Event()
    site.answers["POST", OUTCOME] = lambda _: go_on.wait(10) and SAVED
    page = open_card(watched, site, timeout=300)
    page.get_by_role("button", name="Taken").click()
    expect(page.get_by_role("alert").filter(has_text="No answer came in time: we do not know")).to_be_visible()
    go_on.set()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Taken, saved 08:04")).to_be_visible()
    assert {sent.form["entry_id"] for sent in site.asked("POST", OUTCOME)} == {"entry-1"}


@pytest.mark.parametrize(("status", "words"), [(401, "You are signed out"), (423, "This screen was locked")])
def test_a_locked_or_signed_out_phone_says_that_nothing_is_saved(watched, site, status, words):
    watched.faults_expected = True
    site.page(OUTCOME, "", method="POST", status=status)
    page = open_card(watched, site)
    page.get_by_role("button", name="Taken").click()
    expect(page.get_by_role("alert").filter(has_text=f"{words}: nothing is saved.")).to_be_visible()
    again = page.get_by_role("link", name="Sign in again")
    if status == 401:
        expect(again).to_have_attribute("href", f"{site.url}/card")
    else:  # the cover asks for the PIN, and the same tap is offered again
        expect(again).to_have_count(0)
        expect(page.get_by_role("button", name="Try again")).to_be_visible()


def test_a_ready_that_fails_says_that_nothing_has_been_recorded(watched, site):
    watched.faults_expected = True
    site.answers["POST", READY] = CUT
    page = open_card(watched, site, dose(1, kind="ready", action=READY, words="Ready"))
    page.get_by_role("button", name="Ready").click()
    expect(page.get_by_role("alert").filter(has_text="Not ready")).to_contain_text("nothing has been recorded.")


@pytest.mark.parametrize("status", [409, 422])
def test_an_answer_in_words_is_the_servers_card(watched, site, status):
    watched.faults_expected = True  # the browser itself writes down every 4xx
    site.page(OUTCOME, '<div id="card"><p>Already given 08:04</p></div>', method="POST", status=status)
    page = open_card(watched, site)
    page.get_by_role("button", name="Taken").click()
    expect(page.get_by_text("Already given 08:04")).to_be_visible()
    expect(page.get_by_text("Not recorded")).to_have_count(0)


def test_without_a_network_nothing_is_saved_and_a_bar_says_since_when(watched, site):
    watched.faults_expected = True
    site.answers["POST", OUTCOME] = SAVED
    page = open_card(watched, site)
    page.evaluate("async () => { await navigator.serviceWorker.ready; }")  # whose own fetch is not what is tried here
    watched.context.set_offline(True)
    expect(page.get_by_role("status").filter(has_text="No connection since")).to_be_visible()
    page.get_by_role("button", name="Taken").click()
    alert = page.get_by_role("alert").filter(has_text="This phone has no connection: nothing is saved.")
    expect(alert).to_be_visible()
    watched.context.set_offline(False)
    expect(page.get_by_text("No connection since")).to_have_count(0)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Taken, saved 08:04")).to_be_visible()


def test_an_htmx_request_that_nobody_explains_raises_the_alarm(watched, site):
    watched.faults_expected = True
    site.page("/note", "<p data-words>The note is too long</p>", method="POST", status=400)
    form = '<form method="post" action="/note" hx-post="/note" hx-target="#answer"><button>Send</button></form>'
    site.page("/page", document(form + '<p id="answer"></p>'))
    page = watched.open(f"{site.url}/page")
    page.wait_for_function(
        "() => performance.getEntriesByType('resource').some((one) => one.name.endsWith('alarm.js'))"
    )
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#alarm")).to_have_text("The note is too long. Nothing is saved.")
    site.page("/note", "Thank you", method="POST")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Thank you")).to_be_visible()
    expect(page.locator("#alarm")).to_be_empty()


def test_an_ordinary_form_is_sent_once(watched, site):
    go_on = threading.Event()
    site.answers["POST", "/audit"] = lambda _: go_on.wait(10) and Answer(document("<p>Kept</p>"))
    site.page(
        "/page",
        document(
            '<form method="post" action="/audit" data-js="once"><button name="do" value="keep">Keep</button></form>'
        ),
    )
    page = watched.open(f"{site.url}/page")
    page.evaluate(
        """async () => {
            const button = document.querySelector("button");
            button.click();
            button.click();
            await new Promise((done) => setTimeout(done));
            if (button.getAttribute("aria-disabled") === "true") button.click();
        }"""
    )
    go_on.set()
    expect(page.get_by_text("Kept")).to_be_visible()
    (sent,) = site.asked("POST", "/audit")
    assert sent.form == {"do": "keep"}


def test_a_board_whose_polls_fail_says_that_it_stands_still(watched, site):
    watched.faults_expected = True
    board = """<section id="board" hx-get="/board" hx-trigger="refresh" hx-swap="outerHTML">
        <p class="as-of" data-js="as-of" data-at="{at}">As of {at}</p></section>"""
    site.page("/page", document(board.format(at="12:04")))
    site.page("/board", "", status=500)
    page = watched.open(f"{site.url}/page")
    poll = "() => document.querySelector('#board').dispatchEvent(new Event('refresh'))"
    page.evaluate(poll)
    expect(page.get_by_role("status").filter(has_text="Last updated 12:04. Not updating now.")).to_be_visible()
    expect(page.locator("#alarm")).to_be_empty()
    site.page("/board", board.format(at="12:05"))
    page.evaluate(poll)
    expect(page.get_by_text("As of 12:05")).to_be_visible()
    expect(page.get_by_text("Not updating")).to_have_count(0)


def test_without_the_server_there_is_an_honest_page_and_nothing_else_is_kept(watched, site):
    watched.faults_expected = True
    site.page("/round", document("<p>Harold Nkemelu, Room 4</p>"))
    page = watched.open(f"{site.url}/round")
    page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    page.reload()  # the first page is not taken over while somebody uses it
    page.wait_for_function("() => navigator.serviceWorker.controller && window.htmx")
    expect(page.get_by_text("Harold Nkemelu")).to_be_visible()
    kept = page.evaluate(
        """async () => {
            const found = [];
            for (const name of await caches.keys()) {
                for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
            }
            return found;
        }"""
    )
    assert "/offline" in kept and all(path == "/offline" or path.startswith(BASE) for path in kept)
    watched.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("no connection")
    expect(page.get_by_text("Harold Nkemelu")).to_have_count(0)
    assert page.evaluate("() => getComputedStyle(document.querySelector('.btn')).display") != "inline"  # with its style
    watched.context.set_offline(False)
    page.get_by_role("link", name="Try this page again").click()
    expect(page.get_by_text("Harold Nkemelu")).to_be_visible()


def test_the_browser_would_install_it(watched, site):
    site.page("/round", document("<p>The round</p>"))
    page = watched.open(f"{site.url}/round")
    tools = watched.context.new_cdp_session(page)
    manifest = tools.send("Page.getAppManifest")
    assert manifest["errors"] == [] and manifest["url"].endswith("/manifest.webmanifest")
