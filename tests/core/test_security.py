"""What every answer carries and every unsafe request must satisfy."""

import gzip

from hypothesis import given, settings
from hypothesis import strategies as st

from medpwa import assets, security
from medpwa.desk import views
from tests.browse import Browser

BASE = "https://localhost"
# Every kind of answer the application gives, by somebody signed in: what to ask, how, and the status.
ANSWERS = [
    ("page", "GET", "/sign-in", {}, 302),
    ("text", "GET", "/healthz", {}, 200),
    ("manifest", "GET", "/manifest.webmanifest", {}, 200),
    ("service worker", "GET", "/sw.js", {}, 200),
    ("offline page", "GET", "/offline", {}, 200),
    ("redirect", "GET", "/h/rowan/", {}, 302),
    ("error page", "GET", "/no-such-page", {}, 404),
    ("fragment", "GET", "/no-such-page", {"HX-Request": "true"}, 404),
    ("JSON", "GET", "/no-such-page", {"Accept": "application/json"}, 404),
    ("wrong method", "PUT", "/sign-in", {}, 405),
    ("refused origin", "POST", "/sign-out", {"Origin": "https://evil.example"}, 403),
    ("head", "HEAD", "/healthz", {}, 200),
    ("options", "OPTIONS", "/healthz", {}, 200),
]


def ask(browser: Browser, method: str, url: str, base: str = BASE, **headers: str):
    return browser.client.open(url, method=method, headers=headers, base_url=base)


def test_every_kind_of_answer_carries_the_headers(app, world):
    amina = Browser(app).sign_in("amina")
    for kind, method, url, headers, status in ANSWERS:
        answer = ask(amina, method, url, **headers)
        assert answer.status_code == status, kind
        for name, value in security.HEADERS.items():
            assert answer.headers.getlist(name) == [value], (kind, name)
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000"), kind
        assert answer.headers["Cache-Control"] in ("no-store", "no-cache"), kind


def test_the_content_policy_is_the_one_that_was_agreed():
    agreed = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; "
        "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    assert security.CONTENT_POLICY == agreed
    assert "camera=(self)" in security.HEADERS["Permissions-Policy"]


def test_strict_transport_is_asked_for_only_over_https(app, world):
    browser = Browser(app)
    assert "Strict-Transport-Security" in ask(browser, "GET", "/sign-in").headers
    assert "Strict-Transport-Security" not in ask(browser, "GET", "/sign-in", "http://localhost").headers


def test_personal_pages_are_never_kept_by_a_browser_or_a_proxy(app, world):
    amina = Browser(app).sign_in("amina")
    for url in ("/", "/h/rowan/", "/h/rowan/no-such-page"):
        assert ask(amina, "GET", url).headers["Cache-Control"] == "no-store", url


def test_only_the_decoders_worker_may_compile_webassembly(app, world):
    browser, base = Browser(app), assets.base_url()
    worker = ask(browser, "GET", f"{base}js/mar/decoder-worker.js")
    other = ask(browser, "GET", f"{base}js/app.js")
    assert worker.status_code == other.status_code == 200
    assert "'wasm-unsafe-eval'" in worker.headers["Content-Security-Policy"]
    assert other.headers["Content-Security-Policy"] == security.CONTENT_POLICY
    assert security.DECODER_POLICY.replace(" 'wasm-unsafe-eval'", "") == security.CONTENT_POLICY
    for name in security.HEADERS.keys() - {"Content-Security-Policy"}:
        assert worker.headers[name] == security.HEADERS[name]
    worker.close()
    other.close()


# ---------------------------------------------------------------- where a form comes from

SITES = [
    ({"Sec-Fetch-Site": "same-origin"}, True),
    ({"Sec-Fetch-Site": "same-site"}, False),
    ({"Sec-Fetch-Site": "cross-site"}, False),
    ({"Sec-Fetch-Site": "none"}, False),
    ({"Sec-Fetch-Site": "cross-site", "Origin": BASE}, False),
    ({"Origin": BASE}, True),
    ({"Origin": "https://localhost.evil.example"}, False),
    ({"Origin": "https://evil.example"}, False),
    ({"Origin": "null"}, False),
    ({"Referer": BASE + "/"}, False),
    ({}, False),
]


def test_a_form_is_taken_only_from_our_own_pages(app, world):
    for headers, ours in SITES:
        amina = Browser(app).sign_in("amina")
        form = {"csrf_token": security.masked(amina.csrf)}
        answer = amina.client.post("/sign-out", data=form, headers=headers, base_url=BASE)
        assert answer.status_code == (303 if ours else 403), headers
        if not ours:
            assert b"did not come from one of our pages" in answer.data
            assert ask(amina, "GET", "/h/rowan/").status_code == 302, "still signed in"


def test_a_form_without_this_sessions_token_changes_nothing(app, world):
    amina, from_us = Browser(app).sign_in("amina"), {"Sec-Fetch-Site": "same-origin"}
    for token in ("", "x", "%%%", "AAAA", "ü", "A" * 100_000, security.masked("another session's")):
        answer = amina.client.post("/sign-out", data={"csrf_token": token}, headers=from_us, base_url=BASE)
        assert answer.status_code == 403 and b"earlier sign-in" in answer.data, token[:10]
        assert ask(amina, "GET", "/h/rowan/").status_code == 302


def test_the_token_may_come_in_a_header_as_htmx_sends_it(app, world):
    amina = Browser(app).sign_in("amina")
    headers = {"Sec-Fetch-Site": "same-origin", "X-CSRF-Token": security.masked(amina.csrf)}
    assert amina.client.post("/sign-out", headers=headers, base_url=BASE).status_code == 303


def test_the_token_looks_different_in_every_answer_and_always_fits():
    shown = {security.masked("the token") for _ in range(50)}
    assert len(shown) == 50
    assert all(security.matches(s, "the token") for s in shown)
    assert not any("token" in s for s in shown)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_no_other_text_fits_a_token(text):
    assert not security.matches(text, "3f2c9b0d4e5f60718293a4b5c6d7e8f9")


# ---------------------------------------------------------------- hosts and compression


def test_a_host_we_do_not_serve_is_refused(app, world):
    for host in ("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "[::2]"):
        answer = app.test_client().get("/sign-in", base_url=f"https://{host}")
        assert answer.status_code == 400, host
        assert host.encode() not in answer.data


def test_pages_are_compressed_for_those_who_can_read_it(app, world):
    browser = Browser(app)
    plain = ask(browser, "GET", "/sign-in")
    packed = ask(browser, "GET", "/sign-in", **{"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)
    assert "Accept-Encoding" in plain.headers["Vary"] and "Accept-Encoding" in packed.headers["Vary"]


def test_a_few_words_are_not_worth_compressing(app, world):
    answer = ask(Browser(app), "GET", "/healthz", **{"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers and answer.data == b"ok\n"


def test_an_origin_or_a_referer_that_is_no_address_is_simply_not_ours(app, world):
    amina = Browser(app).sign_in("amina")
    for origin in ("http://[", "null", "", "//", "http://localhost.evil.example", "http://localhost@evil.example"):
        answer = amina.client.post("/sign-out", headers={"Origin": origin}, base_url=BASE)
        assert answer.status_code == 403, origin
    with app.test_request_context(headers={"Referer": "http://["}):
        assert views._back(world.actor("amina")) == "/h/rowan/"


def test_an_id_in_an_address_is_in_plain_digits(app, world):
    rosa = Browser(app).sign_in("rosa")
    person = str(world.person_id("amina"))
    wide = person.translate({ord("0") + n: 0xFF10 + n for n in range(10)})
    assert ask(rosa, "GET", f"/h/rowan/staff/{person}").status_code == 200
    assert ask(rosa, "GET", f"/h/rowan/staff/{wide}").status_code == 404
