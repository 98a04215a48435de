"""The lock: when it comes, what it answers, what survives it, and what ends."""

import datetime as dt
import json

import pytest

from medpwa import clock, ledger, notes
from medpwa.database import all_models, noting
from medpwa.desk import telling
from medpwa.errors import Locked
from medpwa.mar import scanning
from medpwa.mar.models import Entry
from medpwa.staff import actions, device_actions, device_deeds, lock, lock_rules, queries, sessions
from medpwa.staff.lock_rules import SessionFacts
from medpwa.staff.models import Session
from tests import builders
from tests.browse import words
from tests.mar import steps
from tests.people import PASSWORD
from tests.staff.phones import OTHER_PIN, PIN, by_password, by_pin, enrol, hand_over, row_of

SECOND, MINUTE, HOUR = dt.timedelta(seconds=1), dt.timedelta(minutes=1), dt.timedelta(hours=1)
NOON = dt.datetime(2026, 11, 16, 12, tzinfo=dt.UTC)
LATE = NOON + 13 * HOUR + 29 * MINUTE


# ---------------------------------------------------------------- the rule, as a table


def facts(**changes):
    values = dict(started_at=NOON, last_seen=NOON, locked_at=None, on_phone=True, ready_at=None)
    return SessionFacts(**values | changes)


@pytest.mark.parametrize(
    ("changes", "after", "expected"),
    [
        ({}, 2 * MINUTE - SECOND, "live"),
        ({}, 2 * MINUTE, "locked"),
        ({"ready_at": NOON}, 5 * MINUTE - SECOND, "live"),
        ({"ready_at": NOON}, 5 * MINUTE, "locked"),
        ({"ready_at": NOON - 31 * MINUTE}, 2 * MINUTE, "locked"),
        ({"on_phone": False}, 15 * MINUTE - SECOND, "live"),
        ({"on_phone": False}, 15 * MINUTE, "locked"),
        ({"on_phone": False, "ready_at": NOON}, 15 * MINUTE, "locked"),
        ({"locked_at": NOON}, SECOND, "locked"),
        ({"last_seen": NOON + 13 * HOUR}, 13 * HOUR - SECOND, "live"),
        ({"last_seen": NOON + 13 * HOUR}, 13 * HOUR, "over"),
        ({"locked_at": NOON}, 13 * HOUR, "over"),
        ({"last_seen": NOON + MINUTE}, dt.timedelta(0), "live"),  # two clocks a minute apart
        ({"last_seen": NOON + MINUTE + SECOND}, dt.timedelta(0), "locked"),  # the clock was put back
        ({"started_at": NOON + MINUTE + SECOND}, dt.timedelta(0), "over"),
        ({"last_seen": NOON + 13 * HOUR, "ready_at": NOON + 13 * HOUR - MINUTE}, 13 * HOUR, "live"),
        ({"last_seen": LATE, "ready_at": LATE - 30 * MINUTE}, LATE - NOON, "live"),  # as long as its ready ticket
        ({"last_seen": LATE, "ready_at": LATE - 30 * MINUTE - SECOND}, LATE - NOON, "over"),
        ({"last_seen": NOON + 14 * HOUR, "ready_at": NOON + 13 * HOUR + 20 * MINUTE}, 13 * HOUR + 30 * MINUTE, "over"),
    ],
)
def test_a_session_is_live_locked_or_over(changes, after, expected):
    assert lock_rules.standing(facts(**changes), NOON + after) == expected


def test_the_end_is_spoken_of_half_an_hour_before_it():
    assert not lock_rules.to_be_warned(facts(), NOON + 12 * HOUR + 30 * MINUTE - SECOND)
    assert lock_rules.to_be_warned(facts(), NOON + 12 * HOUR + 30 * MINUTE)


# ---------------------------------------------------------------- a phone in use


@pytest.fixture
def phone(browser, world):
    """Amina's phone, on which she has a PIN; nobody touches it unless a test does."""
    amina = by_password(enrol(browser), "amina")
    amina.awake = False
    return amina


def wait(span):
    clock.stand_at(clock.now() + span)


def fingerprint():
    """What every record table holds."""
    return {m.__name__: m.select().count() for m in all_models() if m.KIND != "WORKING"}


def test_a_phone_locks_after_two_minutes_and_goes_on_with_the_pin(phone, world):
    row = row_of(phone)
    wait(2 * MINUTE - SECOND)
    phone.get("/h/rowan/round")
    notes.flush()
    wait(2 * MINUTE)
    page = phone.get("/h/rowan/round", status=423)
    assert words(page.h1) == "Locked for Amina Okoro"
    form = page.find("form", action="/unlock")
    assert form.find("input", attrs={"name": "back"})["value"] == "/h/rowan/round"
    phone.submit(form, pin=PIN, status=303, follow=False)
    assert phone.response.headers["Location"] == "/h/rowan/round"
    phone.get("/h/rowan/round")
    after = row_of(phone)
    assert (after.id, after.csrf, after.locked_at) == (row.id, row.csrf, None)
    assert ledger.verify() == []


def test_while_a_card_stands_in_ready_it_stays_open_five_minutes(phone, world):
    row = row_of(phone)
    with noting():
        Session.update(card_resident=1, card_ready=2, card_at=clock.now()).where(Session.id == row.id).execute()
    wait(5 * MINUTE - SECOND)
    phone.get("/me")
    notes.flush()
    wait(5 * MINUTE)
    phone.get("/me", status=423)


def test_a_desk_locks_after_fifteen_minutes_and_asks_for_the_password(browser, world):
    desk = browser.sign_in("amina")
    desk.awake = False
    wait(15 * MINUTE)
    page = desk.get("/me", status=423)
    assert page.find(id="pin") is None
    form = page.find("form", action="/unlock")
    page = desk.submit(form, password="not it at all", status=422)
    assert "not your password" in words(page)
    desk.submit(page.find("form", action="/unlock"), pin=PIN, status=422)
    desk.submit(page.find("form", action="/unlock"), password=PASSWORD, status=303, follow=False)
    desk.get("/me")


def test_polls_never_extend_and_touches_do(phone, world):
    start = clock.now()
    for seconds in (30, 60, 90, 119):
        clock.stand_at(start + dt.timedelta(seconds=seconds))
        phone.client.get("/h/rowan/round/list", base_url="https://localhost")
        notes.flush()
    wait(SECOND)
    phone.get("/h/rowan/round/list", status=423, lint=False, **{"HX-Request": "true"})
    phone.post("/unlock", {"pin": PIN}, status=303, follow=False)
    for _ in range(6):
        wait(119 * SECOND)
        phone.post("/here", status=204)
        notes.flush()
    phone.get("/h/rowan/round")


def test_being_here_does_not_open_a_locked_session(phone, world):
    wait(2 * MINUTE)
    phone.post("/here", status=423)
    wait(SECOND)
    phone.post("/here", status=423)
    notes.flush()
    phone.get("/me", status=423)


def test_locking_by_itself_is_written_down_once(phone, world):
    wait(2 * MINUTE)
    before = ledger.count_lines()
    for _ in range(3):
        phone.get("/me", status=423)
    assert ledger.count_lines() == before + 1
    assert row_of(phone).locked_at == clock.now()


def told_of(world, verb, outcome="done"):
    """What the ledger's page says of the newest line with a verb."""
    row = ledger.Line.select().where((ledger.Line.verb == verb) & (ledger.Line.outcome == outcome))
    newest = row.order_by(ledger.Line.id.desc()).first()
    return telling.words_for(world.actor("rosa"), [newest])[newest.id][0]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"how": "idle"}, "nobody touched it for its time"),
        ({"how": "tapped"}, "with Lock now"),
        ({}, "with Lock now"),  # the plain button
    ],
)
def test_the_trail_says_why_a_screen_locked_on_which_phone_and_what_opened_it(phone, world, sent, said):
    phone.post("/lock", sent, status=204, Accept="application/json")
    assert told_of(world, "session.lock") == f"Their screen locked: on the phone “Ground floor 1”, {said}"
    phone.post("/unlock", {"pin": PIN}, Accept="application/json")
    assert told_of(world, "session.unlock") == "Went on after a lock: on the phone “Ground floor 1”, with their PIN"


@pytest.mark.parametrize("how", ["", "switched", "x" * 5000])
def test_a_lock_for_no_reason_of_ours_is_refused(phone, world, how):
    before = ledger.count_lines()
    phone.post("/lock", {"how": how}, status=400)
    assert ledger.count_lines() == before and row_of(phone).locked_at is None


def test_lock_now_locks_at_once_and_comes_back_to_the_same_page(phone, world):
    phone.post("/lock", status=303, follow=False, Referer="https://localhost/h/rowan/more")
    assert phone.response.headers["Location"] == "/h/rowan/more"
    page = phone.get("/h/rowan/more", status=423)
    phone.submit(page.find("form", action="/unlock"), pin=PIN, status=303, follow=False)
    assert phone.response.headers["Location"] == "/h/rowan/more"


# ---------------------------------------------------------------- what a locked session is answered

ASKED = [
    ("GET", "/"),
    ("GET", "/sign-in"),
    ("GET", "/h/rowan/round"),
    ("GET", "/h/rowan/round/list"),
    ("GET", "/h/rowan/floor/now"),
    ("GET", "/h/rowan/residents/1/photo/small/1.webp"),
    ("GET", "/h/rowan/residents/1/card"),
    ("GET", "/r/" + "A" * 32),
    ("GET", "/no/such/page"),
    ("GET", "/enrol"),
    ("GET", "/pin"),
    ("POST", "/h/rowan/residents/1/card/outcome"),
    ("POST", "/h/rowan/residents/1/card/ready"),
    ("POST", "/h/rowan/duties"),
    ("POST", "/password"),
    ("POST", "/pin"),
    ("POST", "/here"),
]


@pytest.mark.parametrize("shape", ["page", "fragment", "json"])
@pytest.mark.parametrize(("method", "path"), ASKED)
def test_every_request_of_a_locked_session_is_answered_423(phone, world, method, path, shape):
    builders.resident(world.actor("dee"), "Ivy", "Cartledge")
    phone.post("/lock", status=303, follow=False)
    before = fingerprint()
    headers = {"page": {}, "fragment": {"HX-Request": "true"}, "json": {"Accept": "application/json"}}[shape]
    go = phone.get if method == "GET" else phone.post
    go(path, status=423, **({"lint": False} if method == "GET" else {}), **headers)
    body = phone.response.get_data(as_text=True)
    for word in ("Ivy", "Cartledge", "Rosa", "Rowan Court", "Ground floor 1"):
        assert word not in body
    assert ("Amina" in body) == (shape == "page")
    assert fingerprint() == before
    assert phone.response.headers["Cache-Control"] == "no-store"


PRIVATE = ("Ivy", "Cartledge", "Rowan Court", "Amina", "/h/rowan/")


@pytest.mark.parametrize(
    ("path", "fields", "headers", "status"),
    [
        *((path, [("csrf_token", "stale")], {}, 403) for path in ("/unlock", "/switch", "/sign-out", "/lock")),
        ("/unlock", [("pin", "1"), ("pin", "2")], {}, 400),
        ("/unlock", [("pin", "1")], {"Sec-Fetch-Site": "cross-site"}, 403),
        ("/h/rowan/round/end", [("note", "a" * 700_000)], {}, 413),
    ],
)
def test_an_error_of_a_locked_session_shows_nobody_and_nothing(phone, world, path, fields, headers, status):
    builders.alert(world, "Ivy Cartledge has a gap at 08:00")
    assert "Ivy Cartledge has a gap" in words(phone.get("/h/rowan/round"))
    phone.post("/lock", status=303, follow=False)
    phone.post(path, fields, status=status, csrf=fields[0][0] != "csrf_token", **headers)
    body = phone.response.get_data(as_text=True)
    assert [word for word in PRIVATE if word in body] == []


def test_a_lock_that_falls_while_somebody_is_answered_shows_nothing_either(phone, world, monkeypatch):
    builders.alert(world, "Ivy Cartledge has a gap at 08:00")
    again = queries._again

    def locked_first(person_id, slug, session_id):
        device_deeds.lock(person_id, session_id)
        return again(person_id, slug, session_id)

    form = phone.get("/h/rowan/alerts").select_one("form[action$='/acknowledge']")
    monkeypatch.setattr(queries, "_again", locked_first)
    phone.submit(form, status=423)
    body = phone.response.get_data(as_text=True)
    assert [word for word in PRIVATE if word in body and word != "Amina"] == []


def test_only_the_browsers_own_shell_is_answered_while_locked(phone, world):
    phone.post("/lock", status=303, follow=False)
    for path in ("/healthz", "/manifest.webmanifest", "/sw.js", "/offline"):
        phone.get(path, lint=False)


def test_a_script_learns_what_to_ask_for(phone, world):
    phone.post("/lock", status=204, Accept="application/json")
    phone.post("/unlock", {"pin": OTHER_PIN}, status=422, Accept="application/json")
    said = json.loads(phone.response.get_data())
    assert said["kind"] == "locked" and said["ask"] == "pin" and "4 tries left" in said["words"]
    for _ in range(4):
        phone.post("/unlock", {"pin": OTHER_PIN}, status=422, Accept="application/json")
    assert json.loads(phone.response.get_data())["ask"] == "password"
    phone.post("/unlock", {"pin": PIN}, status=429, Accept="application/json")
    phone.post("/unlock", {"password": PASSWORD}, Accept="application/json")
    assert json.loads(phone.response.get_data())["kind"] == "open"
    phone.post("/lock", status=204, Accept="application/json")
    phone.post("/unlock", {"pin": PIN}, Accept="application/json")  # the password made the PIN work again


def test_unlocking_without_this_sessions_token_or_from_elsewhere_is_refused(phone, world):
    phone.post("/lock", status=303, follow=False)
    phone.post("/unlock", {"pin": PIN}, csrf=False, status=403)
    phone.post("/unlock", {"pin": PIN}, status=403, **{"Sec-Fetch-Site": "cross-site"})
    assert row_of(phone).locked_at is not None


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_nobody_is_sent_to_another_site_after_unlocking(phone, world, back):
    phone.post("/lock", status=303, follow=False)
    phone.post("/unlock", {"pin": PIN, "back": back}, status=303, follow=False)
    assert phone.response.headers["Location"] == "/"


def test_another_persons_pin_opens_nothing(browser, world, phone):
    hand_over(phone)
    by_password(phone, "ben", pin=OTHER_PIN)
    hand_over(phone)
    by_pin(phone, world.person_id("amina"))
    phone.post("/lock", status=303, follow=False)
    page = phone.post("/unlock", {"pin": OTHER_PIN}, status=422)
    assert "4 tries left" in words(page)


def test_on_another_browser_the_pin_opens_nothing(browser, world, phone):
    """A stolen session cookie without the phone's own: the password is asked for."""
    from tests.browse import Browser

    phone.post("/lock", status=303, follow=False)
    thief = Browser(browser.app)
    token = phone.client.get_cookie("__Host-session", domain="localhost").value
    thief.client.set_cookie("__Host-session", token, secure=True, domain="localhost")
    thief.csrf, thief.awake = phone.csrf, False
    assert thief.get("/me", status=423).find(id="pin") is None
    thief.post("/unlock", {"pin": PIN}, status=422)


def test_a_session_over_meanwhile_is_not_opened_again(phone, world):
    phone.post("/lock", status=303, follow=False)
    actions.end_session(by=world.actor("amina"), session_id=row_of(phone).id)
    phone.post("/unlock", {"pin": PIN}, status=303, follow=False)
    assert phone.response.headers["Location"] == "/sign-in"
    phone.post("/unlock", {"pin": PIN}, status=401, Accept="application/json")


def test_a_scan_while_locked_opens_its_card_after_the_pin(phone, world):
    ivy = builders.resident(world.actor("dee"))
    _, token = builders.label(world.actor("sena"), ivy.id)
    phone.post("/lock", status=303, follow=False)
    page = phone.get(f"/r/{token}", status=423)
    assert token not in phone.response.get_data(as_text=True)
    phone.submit(page.find("form", action="/unlock"), pin=PIN)
    assert phone.url == f"/h/rowan/residents/{ivy.id}/card"


def test_a_scan_that_meets_the_lock_while_it_is_answered_waits_too(phone, world, monkeypatch):
    """The press on Lock and the phone's own camera, side by side: the lock is written after the scan was let in."""
    ivy = builders.resident(world.actor("dee"))
    _, token = builders.label(world.actor("sena"), ivy.id)
    whole = scanning.follow

    def locks_first(*asked):
        by = world.actor("amina")
        device_actions.lock_session(by=by, session_id=row_of(phone).id, person_id=by.person_id, how="tapped")
        return whole(*asked)

    monkeypatch.setattr(scanning, "follow", locks_first)
    page = phone.get(f"/r/{token}", status=423)
    page = phone.submit(page.find("form", action="/unlock"), pin=PIN, status=423)  # and once more on the way
    monkeypatch.setattr(scanning, "follow", whole)
    phone.submit(page.find("form", action="/unlock"), pin=PIN)
    assert phone.url == f"/h/rowan/residents/{ivy.id}/card"


def test_two_requests_side_by_side_each_keep_what_they_changed(phone):
    row = row_of(phone)
    doors, answer = sessions.DatabaseSessions(), phone.app.response_class()
    with phone.app.test_request_context():
        first, second = (sessions.ServerSession(Session.get_by_id(row.id), "x") for _ in range(2))
        first["waiting_label"], second["proven"] = 7, 0
        del second["pin"]
        doors.save_session(phone.app, first, answer)
        doors.save_session(phone.app, second, answer)
    kept = Session.get_by_id(row.id).data
    assert kept["waiting_label"] == 7 and kept["proven"] == 0 and "pin" not in kept


# ---------------------------------------------------------------- a record and the lock


@pytest.fixture
def ready(phone, world):
    """Ivy's card on the phone with her one medicine made ready: the outcome form as the page holds it."""
    ivy = steps.lives_here(world, times=("11:30",)) if hasattr(steps, "lives_here") else None
    if ivy is None:
        ivy = builders.resident(world.actor("dee"))
        builders.order(world.actor("dee"), ivy.id, times=("11:30",))
    label, token = builders.label(world.actor("sena"), ivy.id)
    phone.get(f"/r/{token}")
    page = phone.submit(phone.page.select_one("#dock form"))
    assert page.select_one("#card").has_attr("data-stands-ready")
    return ivy, page.select_one("#dock form")


def test_a_record_sent_while_locked_writes_nothing_and_goes_through_after_it(phone, world, ready):
    ivy, form = ready
    phone.post("/lock", status=303, follow=False)
    page = phone.submit(form, status=423)
    assert Entry.select().count() == 0
    assert "What you sent was not recorded" in words(page)
    phone.submit(page.find("form", action="/unlock"), pin=PIN)
    assert phone.url == "/unsent" and Entry.select().count() == 0
    phone.submit(phone.page.find("form", action=form["action"]))
    assert Entry.select().count() == 1
    phone.get("/unsent")
    assert phone.url != "/unsent"  # it waits no longer
    assert ledger.verify() == []


def test_a_form_that_waits_stays_until_it_is_taken(phone, world):
    phone.post("/lock", status=303, follow=False)
    phone.post("/h/rowan/round/end", {"note": "Ivy was asleep"}, status=423)
    phone.post("/unlock", {"pin": PIN}, status=303, follow=False)
    phone.post("/h/rowan/round/end", {"note": "forged"}, csrf=False, status=403)
    assert row_of(phone).data["held"]["fields"] == [["note", "Ivy was asleep"]]
    phone.post("/h/rowan/round/end", {"note": "Ivy was asleep"}, status=303, follow=False)
    assert "held" not in row_of(phone).data


def test_nothing_is_written_onto_a_session_that_ended_meanwhile(phone, world):
    row = row_of(phone)
    with phone.app.test_request_context():
        late = sessions.ServerSession(Session.get_by_id(row.id), "x")
        late["held"] = {"to": "/h/rowan/round/end", "fields": [["note", "Ivy"]], "files": []}
        actions.end_session(by=world.actor("amina"), session_id=row.id)
        sessions.DatabaseSessions().save_session(phone.app, late, phone.app.response_class())
    assert Session.get_by_id(row.id).data == {}


def test_a_replayed_record_while_locked_writes_nothing_and_tells_nothing(phone, world, ready):
    ivy, form = ready
    phone.submit(form)
    assert Entry.select().count() == 1
    before = fingerprint()
    phone.post("/lock", status=303, follow=False)
    between = fingerprint()
    page = phone.submit(form, status=423)
    assert fingerprint() == between and before["Entry"] == 1
    assert "Ivy" not in words(page)


def test_what_was_typed_comes_back_and_can_be_let_go(phone, world, ready):
    phone.post("/lock", status=303, follow=False)
    page = phone.post("/h/rowan/round/end", {"note": "Ivy was asleep at 11"}, status=423)
    assert "asleep" not in phone.response.get_data(as_text=True)
    phone.submit(page.find("form", action="/unlock"), pin=PIN)
    assert "Ivy was asleep at 11" in words(phone.page)
    phone.submit(phone.page.find("form", action="/unsent/drop"), status=303, follow=False)
    phone.get("/unsent")
    assert phone.url != "/unsent"


def test_passwords_and_forged_forms_do_not_wait(phone, world):
    phone.post("/lock", status=303, follow=False)
    phone.post("/h/rowan/round/end", {"note": "forged"}, csrf=False, status=423)
    assert "held" not in row_of(phone).data
    phone.post("/password", {"present": PASSWORD, "new_password": "x", "note": "y"}, status=423)
    assert row_of(phone).data["held"]["fields"] == [["note", "y"]]


def test_a_lock_that_comes_while_a_record_waits_for_its_turn_holds_it_back(phone, world):
    row = row_of(phone)
    who = queries.actor(row.person_id, "rowan", row.id)
    device_actions.lock_session(by=world.actor("amina"), session_id=row.id, person_id=row.person_id, how="tapped")
    before = ledger.count_lines()
    with pytest.raises(Locked):
        actions.change_own_password(by=who, password_hash="x")
    assert ledger.count_lines() == before


# ---------------------------------------------------------------- somebody else


def test_somebody_else_gets_a_new_session_and_the_draft_is_named_then_dropped(phone, world, ready):
    old = row_of(phone)
    phone.post("/lock", status=303, follow=False)
    page = phone.post("/h/rowan/round/end", {"note": "Ivy was asleep"}, status=423)
    page = phone.submit(page.find_all("form", action="/switch")[-1])
    said = words(page)
    assert "1 medicine made ready and not recorded" in said and "A form that was filled in and not sent" in said
    assert "Ivy" not in said and "asleep" not in said
    assert Session.get_by_id(old.id).ended_at is None  # not yet
    phone.submit(page.find("form", action="/switch"), status=303, follow=False)
    assert phone.response.headers["Location"] == "/sign-in"
    ended = Session.get_by_id(old.id)
    assert ended.ended_at is not None and ended.data == {}
    phone.csrf = ""
    by_password(phone, "ben", pin=OTHER_PIN)
    new = row_of(phone)
    assert new.id != old.id and new.csrf != old.csrf and new.token_hash != old.token_hash
    phone.get("/unsent")
    assert phone.url != "/unsent"
    assert ledger.verify() == []


def test_with_nothing_at_stake_switching_asks_nothing(phone, world):
    phone.post("/switch", status=303, follow=False)
    assert phone.response.headers["Location"] == "/sign-in"
    assert [words(t) for t in phone.get("/sign-in").select(".name-tile__name")] == ["Amina Okoro"]


def test_fields_a_script_found_typed_are_named(phone, world):
    page = phone.post("/switch", [("typed", "Note"), ("typed", "Why"), ("typed", "<b>x</b>")])
    assert "What was typed under “Note”, “Why”, “<b>x</b>”" in words(page)
    assert page.b is None


# ---------------------------------------------------------------- the end of thirteen hours


def test_the_end_is_said_half_an_hour_before_and_comes(phone, world):
    start = clock.now()
    phone.awake = True
    clock.stand_at(start + 12 * HOUR + 29 * MINUTE)
    assert phone.get("/me").select_one("[data-ends]") is None
    clock.stand_at(start + 12 * HOUR + 30 * MINUTE)
    assert "signed in for 13 hours at 00:40" in words(phone.get("/me").select_one("[data-ends]"))
    clock.stand_at(start + 13 * HOUR)
    phone.get("/me")
    assert phone.url == "/sign-in"


def test_nobody_is_signed_out_in_the_middle_of_a_dose(phone, world, ready):
    ivy, form = ready
    start = row_of(phone).started_at
    with noting():  # the ready line is a minute old when the thirteen hours are over
        Session.update(started_at=clock.now() - 13 * HOUR + MINUTE).execute()
    wait(90 * SECOND)
    phone.submit(form)
    assert Entry.select().count() == 1 and start is not None
    wait(SECOND)
    phone.get("/me")
    assert phone.url == "/sign-in"  # recorded: nothing stands ready any more


def test_the_grace_of_a_dose_has_an_end(phone, world, ready):
    with noting():
        Session.update(started_at=clock.now() - 13 * HOUR).execute()
    phone.awake = True
    for _ in range(3):
        phone.get("/h/rowan/more")
        wait(9 * MINUTE)
    wait(3 * MINUTE)
    phone.get("/h/rowan/more")
    assert phone.url == "/sign-in"


def test_photos_kept_by_the_browser_do_not_show_under_the_lock(phone, world):
    """They vary by cookie; the lock sets one and the PIN takes it away."""
    phone.post("/lock", status=204, Accept="application/json")
    assert phone.client.get_cookie(lock.COOKIE, domain="localhost") is not None
    phone.post("/unlock", {"pin": PIN}, Accept="application/json")
    assert phone.client.get_cookie(lock.COOKIE, domain="localhost") is None
