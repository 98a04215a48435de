"""The door: who gets in, who does not, and what the answers give away."""

import datetime as dt
import threading

import pytest

from medpwa import clock, notes, security
from medpwa.errors import Invalid
from medpwa.staff import rules, sessions, signin
from medpwa.staff.models import Password, Person, Session
from tests.browse import Browser, words
from tests.people import PASSWORD


def knock(browser, username, password=PASSWORD, *, status=200, follow=True, **headers):
    """Type a user name and a password at the door."""
    return browser.post(
        "/sign-in", {"username": username, "password": password}, status=status, follow=follow, **headers
    )


def cookies(response):
    return {c.split("=", 1)[0]: c for c in response.headers.getlist("Set-Cookie")}


def live_sessions(username):
    person = Person.get(Person.username == username)
    return Session.select().where((Session.person == person) & Session.ended_at.is_null()).count()


class CountedHasher:
    """Stands in for Argon2 and counts its checks."""

    def __init__(self, hasher):
        self.hasher, self.checks, self.inside, self.most = hasher, 0, 0, 0
        self.guard, self.gate = threading.Lock(), None

    def verify(self, *args):
        with self.guard:
            self.checks, self.inside = self.checks + 1, self.inside + 1
            self.most = max(self.most, self.inside)
        try:
            if self.gate:
                self.gate.wait(0.05)
            return self.hasher.verify(*args)
        finally:
            with self.guard:
                self.inside -= 1

    def hash(self, password):
        return self.hasher.hash(password)


@pytest.fixture
def hasher(monkeypatch):
    counted = CountedHasher(signin._hasher)
    monkeypatch.setattr(signin, "_hasher", counted)
    return counted


# ---------------------------------------------------------------- getting in


def test_a_carer_signs_in_and_lands_at_home(browser, world):
    page = browser.get("/sign-in")
    assert words(page.h1) == "Sign in to give and record medicines"
    answer = browser.submit(
        page.find("form", action="/sign-in"), username="amina", password=PASSWORD, status=303, follow=False
    )
    assert answer is not None
    assert browser.response.headers["Location"] == "/"
    assert live_sessions("amina") == 1


@pytest.mark.parametrize("typed", ["Amina", " amina ", "AMINA"])
def test_a_user_name_may_be_typed_with_capitals_and_spaces(browser, world, typed):
    knock(browser, typed, status=303, follow=False)


def test_an_anonymous_visit_sets_no_cookie(browser, world):
    browser.get("/sign-in")
    assert cookies(browser.response) == {}
    browser.get("/h/rowan/round")
    assert (browser.url, cookies(browser.response)) == ("/sign-in", {})


def test_the_cookie_is_bound_to_this_host_and_out_of_reach_of_scripts(browser, world):
    knock(browser, "amina", status=303, follow=False)
    for name in (sessions.COOKIE, signin.MARK_COOKIE):
        flags = {part.strip() for part in cookies(browser.response)[name].split(";")[1:]}
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= flags
        assert not any(f.startswith("Domain") for f in flags)
    assert not any(f.startswith(("Max-Age", "Expires")) for f in cookies(browser.response)[sessions.COOKIE].split("; "))


def test_the_database_holds_no_token(browser, world):
    knock(browser, "amina", status=303, follow=False)
    token = browser.client.get_cookie(sessions.COOKIE, domain="localhost").value
    row = Session.select().order_by(Session.id.desc()).first()
    assert row.token_hash == sessions.hashed(token)
    assert token not in str(row.__data__)


def test_flask_login_names_the_person_of_the_row_and_nobody_else(app, world):
    from flask import session
    from flask_login import current_user

    amina, ben = world.person_id("amina"), world.person_id("ben")
    with app.test_request_context("/sign-in", method="POST", base_url="https://localhost"):
        assert not current_user.is_authenticated
        assert signin.sign_in(Person.get_by_id(amina))
        assert current_user.id == amina
        assert session["_user_id"] == str(amina)
        assert signin.load_user(str(amina)).id == amina
        assert signin.load_user(str(ben)) is None
        signin.sign_out()
        assert not current_user.is_authenticated
        assert session.person_id is None and "_user_id" not in session


# ---------------------------------------------------------------- staying out


@pytest.mark.parametrize("username", ["amina", "nobody.at.all", "", "a" * 5000, "‮amina", "' OR 1=1 --"])
def test_the_answer_does_not_tell_whether_a_user_name_exists(browser, world, hasher, username):
    page = knock(browser, username, "wrong wrong wrong", status=401)
    problem = page.find(id="errors") or page
    assert signin.WRONG in words(problem)
    assert hasher.checks == 1
    assert sessions.COOKIE not in cookies(browser.response)


def test_somebody_without_a_password_row_answers_as_a_stranger_does(browser, world, hasher):
    from medpwa.database import noting

    with noting():
        Password.delete().where(Password.person == world.person_id("ben")).execute()
    page = knock(browser, "ben", status=401)
    assert signin.WRONG in words(page) and hasher.checks == 1


@pytest.mark.parametrize(
    "password", ["", PASSWORD + " ", PASSWORD.upper(), PASSWORD[:-1], "x" * 100_000, "\x00", "🦉" * 30]
)
def test_a_wrong_password_of_any_shape_is_just_wrong(browser, world, password):
    knock(browser, "amina", password, status=401)


def test_the_door_takes_each_field_once(browser, world):
    browser.post("/sign-in", [("username", "amina"), ("username", "ben"), ("password", PASSWORD)], status=400)
    browser.post("/sign-in", [("username", "amina"), ("password", "x"), ("password", PASSWORD)], status=400)
    assert live_sessions("amina") == 0


def test_an_ended_person_is_told_so_only_after_the_right_password(browser, world):
    from medpwa.staff import actions

    actions.end_person(by=world.actor("rosa"), person_id=world.person_id("ben"), reason="Left")
    assert signin.WRONG in words(knock(browser, "ben", "not it at all", status=401))
    page = knock(browser, "ben", status=403)
    assert "Your access here has ended" in words(page)
    assert live_sessions("ben") == 0


# ---------------------------------------------------------------- too many tries


def test_ten_wrong_tries_stop_strangers_for_a_quarter_of_an_hour(browser, world, hasher):
    for _ in range(10):
        knock(browser, "amina", "wrong wrong wrong", status=401)
    page = knock(Browser(browser.app), "amina", status=429)
    assert "Too many tries. Wait 15 minutes" in words(page)
    assert hasher.checks == 10
    knock(browser, "ben", status=303, follow=False)  # others are not locked out
    clock.stand_at(clock.now() + dt.timedelta(minutes=14, seconds=59))
    knock(Browser(browser.app), "amina", status=429)
    clock.stand_at(clock.now() + dt.timedelta(seconds=1))
    knock(Browser(browser.app), "amina", status=303, follow=False)


def test_an_unknown_user_name_is_throttled_just_the_same(browser, world):
    for _ in range(10):
        knock(browser, "no.such.person", "wrong wrong wrong", status=401)
    knock(browser, "no.such.person", "wrong wrong wrong", status=429)


def test_a_browser_that_knows_somebody_gets_in_while_strangers_are_throttled(browser, world):
    phone = Browser(browser.app)  # shared: Ben, then Amina signed in on it
    for username in ("amina", "ben"):
        knock(phone, username, status=303, follow=False)
        phone.csrf = Session.select().order_by(Session.id.desc()).first().csrf
        phone.post("/sign-out")
        phone.csrf = ""
    for _ in range(11):
        browser.client.post(
            "/sign-in",
            data={"username": "amina", "password": "wrong wrong wrong"},
            headers={"Origin": "https://localhost"},
            base_url="https://localhost",
        )
    knock(Browser(browser.app), "amina", status=429)
    knock(phone, "amina", status=303, follow=False)


def test_a_network_full_of_wrong_tries_does_not_lock_out_a_known_browser(browser, world):
    phone = Browser(browser.app)
    knock(phone, "amina", status=303, follow=False)
    phone.csrf = Session.select().order_by(Session.id.desc()).first().csrf
    phone.post("/sign-out")
    phone.csrf = ""
    for _ in range(signin.TRIES_ADDRESS):
        notes.attempted("address:127.0.0.1", signin.WINDOW)
    knock(Browser(browser.app), "ben", status=429)
    knock(phone, "amina", status=303, follow=False)


def test_a_known_browser_has_ten_tries_of_its_own_and_no_more(browser, world):
    knock(browser, "amina", status=303, follow=False)
    browser.csrf = Session.select().order_by(Session.id.desc()).first().csrf
    browser.post("/sign-out")
    browser.csrf = ""
    for _ in range(10):
        knock(browser, "amina", "wrong wrong wrong", status=401)
    knock(browser, "amina", status=429)
    knock(Browser(browser.app), "amina", status=303, follow=False)


@pytest.mark.parametrize("mark", ["", "x", "W10.x", "bnVsbA.abc", "é"])
def test_a_forged_mark_is_no_mark(browser, world, mark):
    browser.client.set_cookie(signin.MARK_COOKIE, mark, secure=True, domain="localhost")
    for _ in range(10):
        notes.attempted("unknown:amina", signin.WINDOW)
    knock(browser, "amina", status=429)


def test_the_mark_gives_no_user_names_away(browser, world):
    knock(browser, "amina", status=303, follow=False)
    assert "amina" not in cookies(browser.response)[signin.MARK_COOKIE]


def test_a_right_password_begins_the_count_again(browser, world):
    for _ in range(9):
        knock(browser, "amina", "wrong wrong wrong", status=401)
    knock(Browser(browser.app), "amina", status=303, follow=False)
    assert notes.attempts("unknown:amina", signin.WINDOW) == 0


def test_at_most_two_passwords_are_checked_at_once(app, world, hasher):
    hasher.gate = threading.Event()
    hash_ = Password.get(Password.person == world.person_id("amina")).hash
    threads = [threading.Thread(target=signin._verify, args=(hash_, PASSWORD)) for _ in range(12)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert (hasher.checks, hasher.most <= 2) == (12, True)


def test_whoever_waits_too_long_for_a_check_is_told_to_try_again(browser, world, monkeypatch):
    monkeypatch.setattr(signin, "PATIENCE", 0.01)
    with signin._turn():
        page = knock(browser, "amina", status=503)
    assert "Wait a moment and try again" in words(page)
    knock(browser, "amina", status=303, follow=False)


# ---------------------------------------------------------------- weak passwords


@pytest.mark.parametrize(
    "password",
    [
        "password12",
        "1234567890",
        "qwertyuiop",
        "aminaokoro",
        "Passw0rd!!",
        "medicines2026",
        "aaaaaaaaaaaa",
        "letmein123",
        "password 1234",
        "qwerty.qwerty.1",
        "amina okoro",
        "Okoro-Amina!!",
        "amina.2026.okoro",
        "!!!!!!!!!!!!!!!!",
    ],
)
def test_common_passwords_are_refused_with_help(password):
    with pytest.raises(Invalid) as no:
        signin.refuse_weak(password, about=("Amina", "Okoro", "amina"))
    assert "words" in str(no.value)


@pytest.mark.parametrize("password", [PASSWORD, "correct-walrus-tin-lamp", "Zq7#kP2m!wX9", "ünïcode wörter hier"])
def test_good_passwords_are_taken(password):
    signin.refuse_weak(password, about=("Amina", "Okoro", "amina"))


def test_a_password_is_the_same_however_a_keyboard_spells_its_accents(app, world):
    with app.test_request_context("/", method="POST", data={"password": "cafe\u0301 window"}):
        assert signin.typed_password() == "caf\u00e9 window"


def test_made_up_first_passwords_are_never_weak_and_never_the_same():
    import secrets

    from medpwa.staff.vocabulary import PASSPHRASE_WORDS

    made = {rules.passphrase(secrets.choice, PASSPHRASE_WORDS) for _ in range(50)}
    assert len(made) == 50
    for password in made:
        signin.refuse_weak(password)


# ---------------------------------------------------------------- where a form may come from


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://localhost", "Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
        {"Origin": "https://localhost.evil.example"},
        {},
    ],
)
def test_a_sign_in_from_another_site_or_no_page_at_all_is_refused(browser, world, headers):
    answer = browser.client.post(
        "/sign-in", data={"username": "amina", "password": PASSWORD}, headers=headers, base_url="https://localhost"
    )
    assert answer.status_code == 403
    assert live_sessions("amina") == 0


@pytest.mark.parametrize("token", ["", "x", "AAAA", "another session's", "é", "=" * 1000])
def test_a_form_without_this_sessions_token_is_refused(browser, world, token):
    token = security.masked("0" * 32) if token.startswith("another") else token  # random: not a test's name
    amina = browser.sign_in("amina")
    amina.csrf = ""
    amina.post("/sign-out", {"csrf_token": token}, status=403)
    assert live_sessions("amina") == 1


def test_the_token_of_another_session_is_refused(browser, world):
    amina, ben = browser.sign_in("amina"), browser.sign_in("ben")
    amina.csrf, ben.csrf = ben.csrf, amina.csrf
    amina.post("/sign-out", status=403)
    ben.post("/password", {"new_password": "x"}, status=403)
    assert live_sessions("amina") == live_sessions("ben") == 1


@pytest.mark.parametrize("field", ["next", "url", "back", "return_to", "redirect"])
def test_nobody_is_sent_to_another_site(browser, world, field):
    for target in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        fresh = Browser(browser.app)
        data = {"username": "amina", "password": PASSWORD, field: target}
        fresh.post(f"/sign-in?{field}={target}", data, status=303, follow=False)
        assert fresh.response.headers["Location"] == "/"


# ---------------------------------------------------------------- leaving


def test_signing_out_tells_the_browser_to_let_go_of_what_it_kept(browser, world):
    amina = browser.sign_in("amina")
    amina.post("/sign-out", {}, status=303, follow=False)
    assert amina.response.headers["Clear-Site-Data"] == '"cache"'


def test_signing_out_ends_the_session_on_the_server(browser, world):
    knock(browser, "amina", status=303, follow=False)
    token = browser.client.get_cookie(sessions.COOKIE, domain="localhost").value
    browser.csrf = Session.select().order_by(Session.id.desc()).first().csrf
    browser.post("/sign-out", status=303, follow=False)
    assert browser.response.headers["Location"] == "/sign-in"
    assert browser.client.get_cookie(sessions.COOKIE, domain="localhost") is None
    assert live_sessions("amina") == 0
    thief = Browser(browser.app)
    thief.client.set_cookie(sessions.COOKIE, token, secure=True, domain="localhost")
    thief.get("/password")
    assert thief.url == "/sign-in"


def test_signing_out_without_a_session_is_just_the_door(browser, world):
    browser.post("/sign-out")
    assert browser.url == "/sign-in"


def test_somebody_who_lost_every_role_can_still_sign_out_for_good(browser, world):
    from medpwa.staff import actions, deeds

    bens = browser.sign_in("ben")
    # the role ends without the sessions, as agency access does at midnight
    actions.set_role(
        by=world.actor("rosa"),
        person_id=world.person_id("ben"),
        role="carer",
        valid_until=clock.now() + dt.timedelta(minutes=1),
    )
    clock.stand_at(clock.now() + dt.timedelta(minutes=2))
    assert deeds is not None and live_sessions("ben") == 1
    page = bens.get("/sign-in")
    assert "Your access here has ended" in words(page)
    bens.post("/sign-out")
    assert live_sessions("ben") == 0


def test_signing_in_as_another_ends_the_first_persons_session(browser, world):
    from medpwa.staff import actions

    shared = browser.sign_in("ben")
    actions.set_role(
        by=world.actor("rosa"),
        person_id=world.person_id("ben"),
        role="carer",
        valid_until=clock.now() + dt.timedelta(minutes=1),
    )
    clock.stand_at(clock.now() + dt.timedelta(minutes=2))
    page = shared.get("/sign-in")
    shared.submit(page.find("form", action="/sign-in"), username="amina", password=PASSWORD, status=303, follow=False)
    assert (live_sessions("ben"), live_sessions("amina")) == (0, 1)
