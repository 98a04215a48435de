"""More, alerts, oneself, and errors in every shape."""

import datetime as dt

import pytest

from medpwa import alerts, clock, ledger
from medpwa.action import Done, action
from medpwa.error_pages import ERROR_WORDS, error_answer
from tests.browse import words
from tests.builders import duty


@action("alerts.raise")
def _raise(*, by, **kw):
    return Done(None, alerts.raise_alert(home_id=by.home_id, subject="home", **kw))


def an_alert(world, key="k1", said="Margaret’s levodopa is 1 hour late", to="board.see", person=None):
    _raise(by=world.system(), key=key, words=said, url="/h/rowan/floor", to_verb=to, to_person=person)


# ---------------------------------------------------------------- more


@pytest.mark.parametrize(
    ("username", "has", "has_not"),
    [
        ("amina", ["Round", "Duties", "Alerts", "Residents"], ["Staff", "Sign-offs", "Code sheet"]),
        ("sena", ["Round", "Staff", "Sign-offs", "Labels"], ["Code sheet"]),
        ("rosa", ["Round", "Staff", "Sign-offs", "Labels", "Alerts"], []),
        ("quinn", ["Floor board", "Staff", "Sign-offs"], ["Type a code"]),
    ],
)
def test_more_shows_what_one_may_open_and_every_link_opens(browser, world, username, has, has_not):
    them = browser.sign_in(username)
    page = them.get("/h/rowan/more")
    links = {words(a): a["href"] for a in page.select("main .menu a")}
    for label in has:
        assert any(said.startswith(label) for said in links), label
    for label in has_not:
        assert not any(said.startswith(label + " ") for said in links), label
    for url in links.values():
        them.get(url, lint=False)


# ---------------------------------------------------------------- alerts


def test_an_alert_waits_until_somebody_it_is_for_has_seen_it(browser, world):
    an_alert(world)
    amina, tolu = browser.sign_in("amina"), browser.sign_in("tolu")
    page = amina.get("/h/rowan/alerts")
    assert words(page.h1) == "1 alert is waiting for you"
    amina.submit(page.select_one("main form[action$='/acknowledge']"))
    assert amina.url == "/h/rowan/alerts"
    assert words(amina.page.h1) == "Nothing is waiting for you"
    page = tolu.get("/h/rowan/alerts")
    assert "Seen by Amina Okoro, today 11:40" in words(page)
    clock.stand_at(clock.now() + dt.timedelta(days=14, minutes=1))
    assert "Seen by" not in words(browser.sign_in("tolu").get("/h/rowan/alerts"))
    assert ledger.verify() == []


def test_alerts_for_others_are_neither_shown_nor_acknowledged(browser, world):
    an_alert(world, "k1", "For managers", to="staff.add")
    an_alert(world, "k2", "For Ben", person=world.person_id("ben"))
    amina, number = browser.sign_in("amina"), alerts.Alert.get(alerts.Alert.key == "k1").id
    page = amina.get("/h/rowan/alerts")
    assert "For managers" not in words(page) and "For Ben" not in words(page)
    amina.post(f"/h/rowan/alerts/{number}/acknowledge", status=404)
    browser.sign_in("nell").post(f"/h/far/alerts/{number}/acknowledge", status=404)
    amina.post("/h/rowan/alerts/99999999999999999999/acknowledge", status=404)
    rosa = browser.sign_in("rosa")
    rosa.post(f"/h/rowan/alerts/{number}/acknowledge")
    assert "For managers" in words(rosa.get("/h/rowan/alerts"))
    assert "For managers" not in words(amina.get("/h/rowan/alerts"))


def test_the_bar_at_the_top_answers_with_what_still_waits(browser, world):
    an_alert(world, "k1", "First")
    an_alert(world, "k2", "Second")
    amina = browser.sign_in("amina")
    page = amina.get("/h/rowan/more")
    form = next(f for f in page.select("#alerts form") if "Second" in words(f.parent))
    fragment = amina.post(form["action"], headers_only(form), **{"HX-Request": "true"})
    assert fragment.find("html") is None
    assert "First" in words(fragment) and "Second" not in words(fragment)


def headers_only(form):
    return {}


@pytest.mark.parametrize(
    ("referer", "lands"),
    [
        ("https://localhost/h/rowan/duties", "/h/rowan/duties"),
        ("https://evil.example/h/rowan/staff", "/h/rowan/staff"),  # only the path is used, on our own host
        ("https://evil.example/", "/h/rowan/"),
        ("https://localhost/h/far/staff", "/h/rowan/"),
        ("https://localhost/h/rowan/\\evil", "/h/rowan/"),
        ("javascript:alert(1)", "/h/rowan/"),
        ("", "/h/rowan/"),
    ],
)
def test_after_an_alert_one_is_back_where_one_was_and_never_elsewhere(browser, world, referer, lands):
    an_alert(world)
    amina, number = browser.sign_in("amina"), alerts.Alert.get().id
    amina.post(f"/h/rowan/alerts/{number}/acknowledge", status=303, follow=False, Referer=referer)
    assert amina.response.headers["Location"] == lands


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example/h/rowan/", "/h/rowan/\r\nX: y", "/h/rowan@x"])
def test_the_way_back_in_the_form_leads_nowhere_else(browser, world, back):
    an_alert(world)
    amina, number = browser.sign_in("amina"), alerts.Alert.get().id
    amina.post(f"/h/rowan/alerts/{number}/acknowledge", {"back": back}, status=303, follow=False)
    assert amina.response.headers["Location"] == "/h/rowan/"


# ---------------------------------------------------------------- oneself


def test_me_says_what_i_may_give_and_until_when(browser, world):
    page = browser.sign_in("amina").get("/me")
    assert words(page.h1) == "You may give medicines by mouth and 3 other kinds"
    assert "Not signed off for patches" in words(page.select_one(".lead"))
    assert "ends 30 Apr" in words(page) and "Amina Okoro" in words(page)


def test_me_is_kind_about_what_is_missing(browser, world):
    page = browser.sign_in("cara").get("/me")
    assert words(page.h1) == "You are not signed off to give medicines alone yet"
    assert "Your sign-off for medicines by mouth ended on 15 Nov." in words(page)
    page = browser.sign_in("ben").get("/me")
    assert "No sign-off is recorded yet" in words(page)


def test_me_names_my_next_duties(browser, world):
    now = clock.now()
    duty(world.system(), "amina", "floor", now + dt.timedelta(hours=20), now + dt.timedelta(hours=28))
    assert "Tomorrow, 07:40 to 15:40, on the floor" in words(browser.sign_in("amina").get("/me"))


def test_me_works_for_somebody_at_provider_level(browser, world):
    page = browser.sign_in("nia").get("/me")
    assert "Nominated individual" in words(page)


# ---------------------------------------------------------------- errors


@pytest.mark.parametrize("status", sorted(ERROR_WORDS))
def test_every_error_says_what_happened_what_was_kept_and_what_to_do(app, world, status):
    from bs4 import BeautifulSoup

    from tests.browse import lint_page

    title, said = ERROR_WORDS[status]
    with app.test_request_context("/x", base_url="https://localhost"):
        answer = error_answer(status)
    page = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
    assert answer.status_code == status and lint_page(page) == []
    assert words(page.h1) == title
    assert words(page.select_one("[data-words]")) == said
    assert page.select("main a[href]"), "a dead end"
    with app.test_request_context("/x", base_url="https://localhost", headers={"HX-Request": "true"}):
        piece = BeautifulSoup(error_answer(status).get_data(as_text=True), "html.parser")
    assert piece.find("html") is None
    assert piece.select_one("[data-words][role=alert]") and said in words(piece)


def test_an_error_in_the_middle_of_work_leads_back_to_work(browser, world):
    amina = browser.sign_in("amina")
    page = amina.get("/h/rowan/staff", status=404)
    assert words(page.h1) == ERROR_WORDS[404][0]
    assert page.select_one("main a[href='/h/rowan/']")
    page = amina.get("/h/rowan/no-such-page", status=404)
    amina.get(page.select_one("main a.btn")["href"])
    assert amina.url == "/h/rowan/round"
    ours = {"Referer": "https://localhost/h/rowan/more", "Sec-Fetch-Site": "same-origin"}
    page = amina.get("/h/rowan/staff", status=404, **ours)
    assert page.select_one("main a.btn--primary")["href"] == "https://localhost/h/rowan/more"
    theirs = {"Referer": "https://evil.example/h/rowan/more", "Sec-Fetch-Site": "cross-site"}
    page = amina.get("/h/rowan/staff", status=404, **theirs)
    assert not page.select("main a[href*=evil]")


def test_a_request_for_another_host_gets_a_plain_answer(browser, world):
    answer = browser.client.get("/sign-in", base_url="https://evil.example")
    assert answer.status_code == 400
