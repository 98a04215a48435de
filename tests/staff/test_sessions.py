"""A session: made new at sign-in, ended on the server, and gone with the next request whatever ended it."""

import datetime as dt
import secrets

import pytest

from medpwa import clock, ledger, notes
from medpwa.database import noting
from medpwa.errors import SignInNeeded
from medpwa.pages import ROUTES
from medpwa.staff import actions, queries, sessions, signin
from medpwa.staff.models import Session
from tests.browse import Browser, words
from tests.people import PASSWORD

HOUR = dt.timedelta(hours=1)


def row_of(browser):
    token = browser.client.get_cookie(sessions.COOKIE, domain="localhost").value
    return Session.get(Session.token_hash == sessions.hashed(token))


def is_in(browser):
    """Whether the browser's session still counts, asked by opening a page of its own."""
    browser.get("/password")
    return browser.url == "/password"


# ---------------------------------------------------------------- fixation


def test_a_planted_cookie_is_never_adopted(browser, world):
    planted = secrets.token_urlsafe(32)
    browser.client.set_cookie(sessions.COOKIE, planted, secure=True, domain="localhost")
    browser.post("/sign-in", {"username": "amina", "password": PASSWORD}, status=303, follow=False)
    token = browser.client.get_cookie(sessions.COOKIE, domain="localhost").value
    assert token != planted
    assert Session.get_or_none(Session.token_hash == sessions.hashed(planted)) is None


def test_the_short_session_of_a_scan_ends_at_sign_in_and_hands_on_only_the_scan(app, browser, world):
    with app.app_context():
        row, token = sessions.start_anonymous({"waiting_label": 7, "must_change": True, "_user_id": "1"})
    browser.client.set_cookie(sessions.COOKIE, token, secure=True, domain="localhost")
    browser.post("/sign-in", {"username": "amina", "password": PASSWORD}, status=303, follow=False)
    assert browser.response.headers["Location"] == "/scan/waiting"
    mine = row_of(browser)
    assert mine.id != row.id and mine.data["waiting_label"] == 7
    assert mine.data["_user_id"] == str(world.person_id("amina")) and "must_change" not in mine.data
    assert Session.get_by_id(row.id).ended_at is not None


def test_signing_in_again_makes_a_new_session_and_ends_the_old_one(browser, world):
    browser.post("/sign-in", {"username": "amina", "password": PASSWORD}, status=303, follow=False)
    old = row_of(browser)
    browser.csrf = old.csrf
    browser.post("/sign-in", {"username": "ben", "password": PASSWORD}, status=303, follow=False)
    new = row_of(browser)
    assert new.id != old.id and new.csrf != old.csrf and new.person_id == world.person_id("ben")
    assert Session.get_by_id(old.id).ended_at is not None


# ---------------------------------------------------------------- ending


def test_an_ended_session_bites_on_the_next_request(browser, world):
    amina = browser.sign_in("amina")
    assert is_in(amina)
    actions.end_session(by=world.actor("amina"), session_id=row_of(amina).id)
    assert not is_in(amina)
    amina.get("/h/rowan/round", status=401, lint=False, **{"HX-Request": "true"})
    assert "Sign in and try again" in words(amina.page)


def test_a_session_that_ends_while_an_action_waits_for_its_turn_writes_nothing(browser, world):
    amina = browser.sign_in("amina")
    row = row_of(amina)
    who = queries.actor(row.person_id, "rowan", row.id)  # read at the start of the request
    actions.end_session(by=world.actor("amina"), session_id=row.id)
    before = ledger.count_lines()
    with pytest.raises(SignInNeeded):
        actions.change_own_password(by=who, password_hash="x")
    assert ledger.count_lines() == before
    assert signin.is_own_password(row.person_id, PASSWORD)


def test_a_role_that_ends_while_an_action_waits_for_its_turn_bites_inside_it(browser, world):
    who = queries.actor(world.person_id("tolu"), "rowan", None)
    actions.end_person(by=world.actor("rosa"), person_id=world.person_id("tolu"), reason="Left")
    with pytest.raises(SignInNeeded):
        actions.set_duty(
            by=who, person_id=world.person_id("ben"), starts=clock.now(), ends=clock.now() + HOUR, kind="floor"
        )


def test_agency_access_ends_tonight_at_midnight(browser, world):
    gil = browser.sign_in("gil")
    clock.stand_at(clock.local_to_instant(dt.datetime(2026, 11, 16, 23, 59, 59)))
    with noting():
        Session.update(last_seen=clock.now(), started_at=clock.now()).execute()
    gil.get("/password")
    assert gil.url == "/password"
    clock.stand_at(clock.local_to_instant(dt.datetime(2026, 11, 17)))
    gil.get("/password", status=404)
    gil.get("/h/rowan/round", status=404)
    gil.post("/password", {"present": PASSWORD}, status=404)
    page = gil.get("/sign-in")
    assert "Your access here has ended" in words(page)


def test_one_ends_ones_other_sign_ins_oneself(browser, world):
    here, phone, rosa = browser.sign_in("amina"), browser.sign_in("amina"), browser.sign_in("rosa")
    page = here.get("/me")
    assert "this one" in words(page)
    here.submit(page.find("form", action=f"/me/sessions/{row_of(phone).id}/end"))
    assert not is_in(phone) and is_in(here)
    here.post(f"/me/sessions/{row_of(rosa).id}/end")  # not mine: nothing happens
    here.post("/me/sessions/424242/end")
    assert is_in(rosa)
    assert ledger.verify() == []


# ---------------------------------------------------------------- limits


def test_a_session_lasts_thirteen_hours_whatever_is_done_in_it(browser, world):
    amina = browser.sign_in("amina")
    start = clock.now()
    for hour in range(1, 13):
        clock.stand_at(start + hour * HOUR)
        assert is_in(amina)
        notes.flush()
    clock.stand_at(start + 13 * HOUR - dt.timedelta(seconds=1))
    assert is_in(amina)
    clock.stand_at(start + 13 * HOUR)
    assert not is_in(amina)


def test_a_page_that_refreshes_by_itself_keeps_no_session_alive(browser, world):
    polls = [r for r in ROUTES if r.poll and "<" not in r.rule.replace("<home>", "")]
    assert polls, "no polled page to try this with"
    rosa, start = browser.sign_in("rosa"), clock.now()
    rosa.awake = False
    for minutes in range(2, 15, 2):
        clock.stand_at(start + dt.timedelta(minutes=minutes))
        for route in polls:
            answer = rosa.client.get(route.rule.replace("<home>", "rowan"), base_url="https://localhost")
            assert answer.status_code < 400
        notes.flush()
    clock.stand_at(start + dt.timedelta(minutes=15))
    rosa.get("/password", status=423)


def test_being_seen_is_written_at_most_once_in_twenty_seconds(browser, world):
    amina, start = browser.sign_in("amina"), clock.now()
    amina.awake = False
    clock.stand_at(start + dt.timedelta(seconds=19))
    is_in(amina)
    notes.flush()
    assert row_of(amina).last_seen == start
    clock.stand_at(start + dt.timedelta(seconds=20))
    is_in(amina)
    notes.flush()
    assert row_of(amina).last_seen == clock.now()


def test_a_late_answer_to_an_old_cookie_does_not_sign_a_new_one_out(browser, world):
    old = browser.sign_in("amina")
    actions.end_session(by=world.actor("amina"), session_id=row_of(old).id)
    answer = old.client.get("/h/rowan/round", base_url="https://localhost")
    assert answer.status_code == 302
    assert "Set-Cookie" not in answer.headers


# ---------------------------------------------------------------- one's own password


NEW = "copper meadow lantern fiddle"


def given_first_password(world, username="ben"):
    hashed = signin.hash_password(NEW)
    actions.set_password(by=world.actor("rosa"), person_id=world.person_id(username), password_hash=hashed)


def test_a_first_password_opens_nothing_but_the_page_that_replaces_it(app, browser, world):
    given_first_password(world)
    ben = Browser(app)
    ben.post("/sign-in", {"username": "ben", "password": NEW}, status=303, follow=False)
    assert ben.response.headers["Location"] == "/password"
    ben.csrf = row_of(ben).csrf
    for url in ("/", "/h/rowan/round", "/h/rowan/more", "/me", "/h/rowan/staff"):
        page = ben.get(url)
        assert ben.url == "/password"
    assert words(page.h1) == "Choose a password only you know"
    ben.fragment("/h/rowan/round", status=403)
    ben.post("/h/rowan/duties", {}, status=403)
    form = page.find("form", action="/password")
    page = ben.submit(form, new_password=NEW, again=NEW, status=422)
    assert "the password you have now" in words(page)
    ben.submit(
        page.find("form", action="/password"),
        new_password="acorn violin basket tiger",
        again="acorn violin basket tiger",
        status=303,
        follow=False,
    )
    assert ben.response.headers["Location"] == "/"
    ben.get("/me")
    assert ben.url == "/me"
    assert not signin.must_change(world.person_id("ben"))


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        (dict(present="wrong"), "present", "not your present password"),
        (dict(new_password="short", again="short"), "new_password", "at least 10 characters"),
        (dict(new_password="amina okoro", again="amina okoro"), "new_password", "easy to guess"),
        (dict(new_password="rowan court", again="rowan court"), "new_password", "easy to guess"),
        (dict(again=NEW + "x"), "again", "not the same"),
        (dict(new_password=PASSWORD, again=PASSWORD), "new_password", "the password you have now"),
        (dict(new_password="x" * 5000, again="x" * 5000), "new_password", "at most 200"),
        (dict(new_password="", again=""), "new_password", "at least 10"),
    ],
)
def test_a_new_password_that_cannot_be_is_said_beside_its_field(browser, world, typed, field, sentence):
    amina = browser.sign_in("amina")
    form = amina.get("/password").find("form", action="/password")
    page = amina.submit(form, **(dict(present=PASSWORD, new_password=NEW, again=NEW) | typed), status=422)
    assert sentence in words(page.find(id=f"{field}-error"))
    assert page.select_one(f".errors a[href='#{field}']")
    assert signin.is_own_password(world.person_id("amina"), PASSWORD)


def test_changing_ones_password_ends_the_other_sign_ins(browser, world):
    here, there = browser.sign_in("amina"), browser.sign_in("amina")
    form = here.get("/password").find("form", action="/password")
    page = here.submit(form, present=PASSWORD, new_password=NEW, again=NEW)
    assert here.url == "/me" and "Your new password counts from now" in words(page)
    assert not is_in(there)
    assert signin.is_own_password(world.person_id("amina"), NEW)


def test_guessing_at_the_present_password_is_throttled(browser, world):
    amina = browser.sign_in("amina")
    for _ in range(10):
        amina.post("/password", dict(present="wrong", new_password=NEW, again=NEW), status=422)
    page = amina.post("/password", dict(present=PASSWORD, new_password=NEW, again=NEW), status=429)
    assert "Too many tries" in words(page)


def test_sessions_of_nobody_and_old_attempts_are_let_go(world):
    from medpwa import notes
    from medpwa.staff import watch

    sessions.start_anonymous({})
    notes.attempted("unknown:someone", dt.timedelta(minutes=15))
    watch.tidy({})
    assert Session.select().where(Session.person.is_null()).count() == 1
    clock.stand_at(clock.now() + dt.timedelta(days=1, minutes=1))
    watch.tidy({})
    assert Session.select().where(Session.person.is_null()).count() == 0
    assert notes.Throttle.select().count() == 0


def test_peoples_sessions_are_let_go_ninety_days_after_they_ended_and_the_ledger_keeps_that_they_were(world, browser):
    from medpwa import ledger
    from medpwa.staff import watch

    browser.sign_in("amina").post("/sign-out", status=303, follow=False)
    browser.sign_in("ben")  # never signs out: over by its limits
    known = {row.id for row in Session.select().where(Session.person.is_null(False))}
    lines = ledger.count_lines()
    clock.stand_at(clock.now() + dt.timedelta(days=90))
    tolu = browser.sign_in("tolu")
    watch.tidy({})
    assert known <= {row.id for row in Session.select()}
    clock.stand_at(clock.now() + dt.timedelta(minutes=1))
    watch.tidy({})
    assert not known & {row.id for row in Session.select()}
    tolu.get("/h/rowan/round")
    assert ledger.count_lines() > lines and ledger.verify() == []
