"""Every status has words for a person, as a page, as a piece and as JSON; bad requests are answered, not crashed on."""

import json

import peewee as pw
import pytest
from bs4 import BeautifulSoup

from medpwa import alerts, database, error_pages, jobs, security, web
from medpwa.errors import BadRequest, Invalid, NotFound, NotPermitted, Refused, SignInNeeded
from medpwa.staff import sessions
from tests.browse import Browser, lint_page, words
from tests.house.answers import plain

BASE = "https://localhost"
FROM_US = {"Sec-Fetch-Site": "same-origin"}
PHOTO_HEAD = b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a.png"\r\n\r\n'


@pytest.fixture
def answer(app, world):
    """Ask for the error answer of a status in a shape, as amina sees it."""

    def ask(status: int, said: str | None = None, **headers: str):
        with app.test_request_context("/h/rowan/round", headers=headers, base_url=BASE):
            app.preprocess_request()
            return app.process_response(error_pages.error_answer(status, said))

    return ask


def test_every_status_is_a_page_with_one_heading_that_says_what_happened(answer):
    for status, (title, said) in error_pages.ERROR_WORDS.items():
        given = answer(status)
        page = BeautifulSoup(given.get_data(as_text=True), "html.parser")
        assert given.status_code == status
        assert words(page.h1) == title and said in words(page)
        assert lint_page(page) == [], status


def test_every_status_is_a_piece_for_htmx_with_the_same_words(answer):
    for status, (title, said) in error_pages.ERROR_WORDS.items():
        given = answer(status, **{"HX-Request": "true"})
        body = given.get_data(as_text=True)
        assert given.status_code == status
        assert "<html" not in body and 'role="alert"' in body, status
        assert title in body and said in body


def test_every_status_is_json_for_those_who_ask_for_it(answer):
    for status, (title, said) in error_pages.ERROR_WORDS.items():
        given = answer(status, Accept="application/json")
        assert given.status_code == status and given.mimetype == "application/json"
        assert json.loads(given.get_data())["words"] == f"{title}. {said}"


def test_every_status_says_what_became_of_the_record():
    for status, (title, said) in error_pages.ERROR_WORDS.items():
        sentence = f"{title}. {said}"
        assert any(w in sentence for w in ("Nothing was", "nothing was", "may not have been saved")), status
        assert "error" not in sentence.lower() and "invalid" not in sentence.lower(), status


def test_words_given_with_an_error_are_escaped(answer):
    hostile = "<script>alert(1)</script>"
    for headers in ({}, {"HX-Request": "true"}):
        assert hostile not in answer(409, hostile, **headers).get_data(as_text=True)


FAULTS = [
        (NotFound(), 404, "This page is not here"),
        (Refused("given", "Already given 08:04 by Amina Okoro."), 409, "Already given 08:04 by Amina Okoro."),
        (NotPermitted(), 403, "Your role here does not include this."),
        (Invalid([("a", "Write a name."), ("b", "Write a room.")]), 422, "Write a name. Write a room."),
        (BadRequest("The form sent “name” more than once."), 400, "more than once"),
        (SignInNeeded(), 401, "Please sign in"),
        (pw.OperationalError("database is locked"), 503, "The record cannot be written now"),
        (pw.InterfaceError("connection already closed"), 503, "The record cannot be written now"),
        (ZeroDivisionError("secret detail"), 500, "Something went wrong here"),
]


def test_every_fault_between_a_person_and_the_record_has_its_answer(app, world, monkeypatch):
    monkeypatch.setitem(app.config, "RAISE_FAULTS", False)
    amina = Browser(app).sign_in("amina")
    for fault, status, said in FAULTS:
        monkeypatch.setattr(alerts, "acknowledge", lambda fault=fault, **kw: _raise(fault))
        for headers in ({}, {"HX-Request": "true"}, {"Accept": "application/json"}):
            page = amina.post("/h/rowan/alerts/1/acknowledge", {}, status=status, follow=False, **headers)
            assert said in words(page) and "secret" not in words(page)


def _raise(fault: Exception) -> None:
    raise fault


# ---------------------------------------------------------------- requests no page of ours would send


def post(browser: Browser, **kw):
    kw["headers"] = FROM_US | kw.pop("headers", {})
    return browser.client.post("/sign-in", base_url=BASE, **kw)


STRANGE = [
        ("a megabyte in one field", {"data": {"username": "a" * 1_048_576, "password": "x"}}, {413}),
        ("a thousand fields", {"data": {f"f{n}": "x" for n in range(1_000)}}, {400, 401, 413}),
        ("seven megabytes of file",
         {"data": PHOTO_HEAD + b"0" * 7_340_032 + b"\r\n--x--\r\n",
          "content_type": "multipart/form-data; boundary=x"}, {413}),
        ("a megabyte in one field of a form with files",
         {"data": PHOTO_HEAD.replace(b'; filename="a.png"', b"") + b"0" * 1_048_576 + b"\r\n--x--\r\n",
          "content_type": "multipart/form-data; boundary=x"}, {413}),
        ("a body that is not what it says", {"data": b"\xff\xfe\x00", "content_type": "application/json"}, {400, 401}),
        ("broken multipart",
         {"data": b"--x\r\nContent-Disposition: form-data", "content_type": "multipart/form-data; boundary=x"},
         {400, 401}),
        ("multipart without a boundary", {"data": b"x", "content_type": "multipart/form-data"}, {400, 401}),
        ("bytes that are no text", {"data": b"username=%ff%fe%00&password=%c3%28",
                                    "content_type": "application/x-www-form-urlencoded"}, {400, 401}),
        ("an unknown encoding", {"data": b"username=a", "content_type": "application/x-www-form-urlencoded; charset=x"},
         {400, 401}),
        ("one name twice", {"data": {"username": ["amina", "rosa"], "password": "x"}}, {400}),
        ("a NUL", {"data": {"username": "ami\x00na", "password": "x"}}, {400}),
        ("nothing", {"data": {}}, {400, 401, 422}),
        ("a long password", {"data": {"username": "amina", "password": "é" * 50_000}}, {401}),
]  # fmt: skip


def test_a_form_nobody_could_have_filled_in_gets_a_clear_answer(app, world):
    rows = database.db.execute_sql("SELECT count(*) FROM session").fetchone()
    for what, sent, statuses in STRANGE:
        given = post(Browser(app), **sent)
        assert given.status_code in statuses, what
        assert b"<h1" in given.data, what
    assert database.db.execute_sql("SELECT count(*) FROM session").fetchone() == rows


ODD = ["/%ff%fe", "/h/%00/", "/h/rowan%2F..%2Felm/", "/h/" + "a" * 5_000, "/h/róẃan/", "//", "/h//", "/.env"]
ODD += ["/h/rowan/../far/", "/static/../app.py", "/static/source/../../app.py", "/static/source/%2e%2e/app.py"]
ODD += ["/h/rowan/alerts/99999999999999999999999/acknowledge", "/h/rowan/residents/99999999999999999999999"]


def test_an_odd_address_is_simply_not_here(app, world):
    for browser in (Browser(app), Browser(app).sign_in("rosa")):
        for path in ODD:
            given = browser.client.get(path, base_url=BASE)
            assert given.status_code in (302, 308, 400, 404, 405), path
            assert b"create_app" not in given.data
            given.close()


def test_a_number_no_database_can_hold_is_simply_not_here(app, world):
    rosa = Browser(app).sign_in("rosa")
    for number in (2**31, 2**63, 10**40):
        rosa.post(f"/h/rowan/alerts/{number}/acknowledge", {}, status=404)


def test_a_made_up_session_cookie_is_nobody(app, world):
    for cookie in ("", "x", "é", "A" * 4_000, "'; DROP TABLE session; --", "\x00"):
        browser = Browser(app)
        browser.client.set_cookie(sessions.COOKIE, cookie, secure=True, domain="localhost")
        assert browser.client.get("/", base_url=BASE).headers["Location"] == "/sign-in", cookie


def test_a_page_for_nobody_in_any_home_sends_to_the_door_and_a_piece_says_so(app, world):
    browser = Browser(app)
    assert browser.client.get("/h/rowan/more", base_url=BASE).headers["Location"] == "/sign-in"
    piece = browser.client.get("/h/rowan/more", base_url=BASE, headers={"HX-Request": "true"})
    assert piece.status_code == 401 and b"Please sign in" in piece.data


def test_another_home_and_a_home_that_is_not_there_answer_alike(app, world):
    rosa = Browser(app).sign_in("rosa")
    bodies = {plain(rosa.client.get(f"/h/{slug}/", base_url=BASE)) for slug in ("far", "elm", "nowhere")}
    bodies.add(plain(rosa.client.get("/no-such-page", base_url=BASE)))
    assert len(bodies) == 1


def test_somebody_signed_in_keeps_their_name_and_tabs_where_nothing_is(app, world):
    def seen(them: Browser, path: str) -> BeautifulSoup:
        return BeautifulSoup(them.client.get(path, base_url=BASE).get_data(as_text=True), "html.parser")

    amina = Browser(app).sign_in("amina")
    for path in ("/no-such-page", "/h/nowhere/round", "/h/far/round"):
        page = seen(amina, path)
        assert page.select_one(".me__name").get_text() == "Amina" and page.select_one(".tabs a[href='/h/rowan/round']")
        assert page.select_one("a.btn--primary")["href"] == "/h/rowan/" and lint_page(page) == []
    nobody = seen(Browser(app), "/no-such-page")
    assert nobody.select_one(".me") is None and nobody.select_one(".tabs") is None


# ---------------------------------------------------------------- a database that is away


def test_a_database_that_is_away_gives_a_page_that_says_so_and_comes_back_by_itself(app, world, monkeypatch):
    amina = Browser(app).sign_in("amina")
    web.forget_beat()

    def away(*args, **kw):
        raise pw.OperationalError("unable to open database file")

    with monkeypatch.context() as broken:
        broken.setattr(jobs, "silent_since", away)
        broken.setattr(alerts, "open_for", away)
        broken.setattr(alerts, "acknowledge", away)
        form = {"csrf_token": security.masked(amina.csrf)}
        given = amina.client.post("/h/rowan/alerts/1/acknowledge", data=form, headers=FROM_US, base_url=BASE)
        assert given.status_code == 503
        assert b"The record cannot be written now" in given.data and b"Nothing was recorded" in given.data
    assert amina.client.get("/h/rowan/", base_url=BASE).status_code == 302


def test_a_database_that_is_away_before_the_session_is_read_still_gives_a_page(app, world, monkeypatch):
    def away(*args):
        raise pw.OperationalError("connection refused")

    amina = Browser(app).sign_in("amina")
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    with monkeypatch.context() as broken:
        broken.setattr(sessions.DatabaseSessions, "open_session", away)
        given = amina.client.get("/h/rowan/", base_url=BASE)
        assert given.status_code == 503 and b"<h1" in given.data
    assert amina.client.get("/h/rowan/", base_url=BASE).status_code == 302
