"""Phones and boards: a code enrols one once, a lost one bites at once, and another home's do not exist."""

import datetime as dt

import pytest

from medpwa import clock, ledger, notes
from medpwa.database import noting
from medpwa.errors import Refused
from medpwa.staff import actions, device_actions, devices, phone, queries, rules, sentences, watch
from medpwa.staff.device_models import Device, DeviceCode, DevicePerson, SignInLink
from medpwa.staff.models import Session
from tests import builders
from tests.browse import Browser, words
from tests.staff import phones
from tests.staff.phones import by_password, device, enrol, hand_over, row_of, show_code

MINUTE = dt.timedelta(minutes=1)


def device_cookie(browser):
    found = browser.client.get_cookie(phone.COOKIE, domain="localhost")
    return found.value if found else None


# ---------------------------------------------------------------- enrolling


def test_a_manager_enrols_a_phone_with_a_code(browser, world):
    rosa = browser.sign_in("rosa")
    page = rosa.get("/h/rowan/devices")
    assert words(page.h1) == "No phone or wall board is enrolled yet"
    code = show_code(rosa)
    assert rosa.page.select_one("svg.qr[role=img]") is not None
    assert rules.code_words(code) in words(rosa.page)
    new = Browser(browser.app)
    page = new.get(f"/enrol/{code}")
    assert words(page.h1) == "This becomes the phone “Ground floor 1” of Rowan Court"
    new.submit(page.find("form", action="/enrol/confirm"), status=303, follow=False)
    cookie = next(c for c in new.response.headers.getlist("Set-Cookie") if c.startswith(phone.COOKIE))
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {p.strip() for p in cookie.split(";")}
    assert "Max-Age=34560000" in cookie
    row = device()
    assert row.token_hash == devices.hashed(device_cookie(new)) and device_cookie(new) not in str(row.__data__)
    page = rosa.get("/h/rowan/devices")
    assert words(page.h1) == "1 phone enrolled"
    assert "Ground floor 1" in words(page) and "with Rosa Quiroga’s code" in words(page)
    assert ledger.verify() == []


def test_a_code_typed_by_hand_may_have_spaces_and_small_letters(browser, world):
    code = show_code(browser.sign_in("rosa"))
    new = Browser(browser.app)
    page = new.get("/enrol")
    page = new.submit(page.find("form", action="/enrol"), code=f" {code[:5].lower()} - {code[5:]} ")
    assert "Ground floor 1" in words(page.h1)


def test_a_code_works_once(browser, world):
    code = show_code(browser.sign_in("rosa"))
    for status in (303, 422):
        Browser(browser.app).post("/enrol/confirm", {"code": code}, status=status, follow=False)
    assert Device.select().count() == 1
    page = Browser(browser.app).get(f"/enrol/{code}", status=404)
    assert device_actions.CODE_UNKNOWN in words(page)


def test_a_code_is_over_after_ten_minutes(browser, world):
    code, start = show_code(browser.sign_in("rosa")), clock.now()
    clock.stand_at(start + 10 * MINUTE - dt.timedelta(seconds=1))
    Browser(browser.app).get(f"/enrol/{code}")
    clock.stand_at(start + 10 * MINUTE)
    Browser(browser.app).get(f"/enrol/{code}", status=404)
    Browser(browser.app).post("/enrol/confirm", {"code": code}, status=422, follow=False)
    assert Device.select().count() == 0


def test_a_code_made_by_a_process_whose_clock_is_a_little_ahead_opens_and_one_of_the_future_does_not(browser, world):
    code, start = show_code(browser.sign_in("rosa")), clock.now()
    clock.stand_at(start - dt.timedelta(seconds=59))
    Browser(browser.app).get(f"/enrol/{code}")
    clock.stand_at(start - dt.timedelta(seconds=61))
    Browser(browser.app).get(f"/enrol/{code}", status=404)


def test_opening_the_address_of_a_code_uses_nothing_up(browser, world):
    code = show_code(browser.sign_in("rosa"))
    for _ in range(3):
        Browser(browser.app).get(f"/enrol/{code}")
    assert DeviceCode.get().used_at is None


def test_of_two_phones_with_the_same_code_one_is_enrolled(browser, world):
    show_code(browser.sign_in("rosa"))
    code = DeviceCode.get()
    by = queries.system(code.home)
    device_actions.enrol(by=by, code_id=code.id, token_hash="a", user_agent="")
    with pytest.raises(Refused):
        device_actions.enrol(by=by, code_id=code.id, token_hash="b", user_agent="")
    assert Device.select().count() == 1


def test_guessing_at_codes_is_throttled_by_address(browser, world):
    code = show_code(browser.sign_in("rosa"))
    for _ in range(20):
        Browser(browser.app).post("/enrol", {"code": "ABCDEFGHJK"}, status=422)
    page = Browser(browser.app).post("/enrol", {"code": code}, status=429)
    assert "Too many codes" in words(page)


@pytest.mark.parametrize("typed", ["", "x" * 5000, "0000000000", "\u202eABCDE", "../../etc"])
def test_nonsense_is_an_unknown_code(browser, world, typed):
    page = browser.post("/enrol", {"code": typed}, status=422)
    assert device_actions.CODE_UNKNOWN in words(page)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"name": "", "kind": "phone"}, "Give it a name"),
        ({"name": "x" * 41, "kind": "phone"}, "at most 40 letters"),
        ({"name": "One", "kind": "watch"}, "a phone or a wall board"),
    ],
)
def test_what_is_wrong_with_a_new_phone_is_said_and_kept(browser, world, form, sentence):
    page = browser.sign_in("rosa").post("/h/rowan/devices", form, status=422)
    assert sentence in words(page) and page.select_one("#name")["value"] == form["name"]
    assert DeviceCode.select().count() == 0


def test_two_phones_do_not_share_a_name(browser, world):
    enrol(browser)
    page = browser.sign_in("rosa").post("/h/rowan/devices", {"name": "ground FLOOR 1", "kind": "phone"}, status=422)
    assert "There is one called" in words(page)


def test_only_managers_show_codes_and_see_phones(browser, world):
    for name in ("amina", "sena", "tolu", "quinn"):
        somebody = browser.sign_in(name)
        somebody.get("/h/rowan/devices", status=404)
        somebody.post("/h/rowan/devices", {"name": "Mine", "kind": "phone"}, status=403)
    assert DeviceCode.select().count() == 0


def test_another_homes_phone_and_code_do_not_exist(browser, world):
    enrol(browser)
    nell = browser.sign_in("nell")
    lost = nell.post(f"/h/far/devices/{device().id}/lost", status=404)
    never = nell.post("/h/far/devices/4711/lost", status=404)
    assert words(lost) == words(never)
    nell.get(f"/h/far/devices/codes/{DeviceCode.get().id}", status=404)
    assert device().lost_at is None


def test_a_browser_enrolled_anew_is_only_the_new_one(browser, world):
    one = enrol(browser, "One")
    code = show_code(browser.sign_in("rosa"), "Two")
    page = one.get(f"/enrol/{code}")
    assert "It is “One” now" in words(page)
    one.post("/enrol/confirm", {"code": code}, status=303, follow=False)
    assert device("One").lost_at is not None and device("Two").lost_at is None
    assert ledger.verify() == []


def test_a_phone_enrolled_in_another_home_is_the_first_ones_no_more(browser, world):
    builders.also_at(world, "rosa", "registered_manager")
    one = enrol(browser, "One")
    code = show_code(browser.sign_in("rosa"), "Two", home="elm")
    one.post("/enrol/confirm", {"code": code}, status=303, follow=False)
    assert device("One").lost_at is not None and device("Two").lost_at is None
    assert device("Two").home_id == world.home("elm").id and ledger.verify() == []


def test_a_session_on_a_lost_phone_is_nobodys_whatever_its_row_says(browser, world):
    amina = by_password(enrol(browser), "amina")
    with noting():
        Device.update(lost_at=clock.now()).execute()
    amina.get("/me")
    assert amina.url == "/sign-in"


def test_the_page_of_the_code_says_when_it_was_used(browser, world):
    rosa = browser.sign_in("rosa")
    code = show_code(rosa)
    state = rosa.page.find(id="code-state")["hx-get"]
    assert "Waiting for the phone" in words(rosa.fragment(state))
    Browser(browser.app).post("/enrol/confirm", {"code": code}, status=303, follow=False)
    page = rosa.fragment(state)
    assert "Ground floor 1 was enrolled" in words(page) and not page.find(id="code-state").get("hx-get")


def test_whoever_was_signed_in_on_it_signs_in_anew(browser, world):
    amina = browser.sign_in("amina")
    code = show_code(browser.sign_in("rosa"))
    row = row_of(amina)
    amina.post("/enrol/confirm", {"code": code}, status=303, follow=False)
    assert Session.get_by_id(row.id).ended_at is not None
    page = amina.get("/sign-in")
    assert page.find("form", action="/sign-in") is not None


# ---------------------------------------------------------------- lost


def test_a_lost_phone_is_refused_with_its_next_request(browser, world):
    amina = by_password(enrol(browser), "amina")
    amina.get("/h/rowan/round")
    rosa = browser.sign_in("rosa")
    page = rosa.get("/h/rowan/devices")
    page = rosa.submit(page.find("form", action=f"/h/rowan/devices/{device().id}/lost"))
    assert f"{device().name} is marked as lost" in words(page)
    assert "Lost in the last month" in words(page)
    amina.get("/h/rowan/round")
    assert amina.url == "/sign-in"
    assert amina.page.select(".name-tile") == []
    amina.get(f"/sign-in/{world.person_id('amina')}", status=404)
    amina.post(f"/sign-in/{world.person_id('amina')}", {"pin": phones.PIN}, status=404)
    assert ledger.verify() == []


def test_a_phone_lost_while_an_action_waits_for_its_turn_writes_nothing(browser, world):
    from medpwa.errors import SignInNeeded

    amina = by_password(enrol(browser), "amina")
    row = row_of(amina)
    who = queries.actor(row.person_id, "rowan", row.id)
    device_actions.lose(by=world.actor("rosa"), device_id=device().id)
    before = ledger.count_lines()
    with pytest.raises(SignInNeeded):
        actions.change_own_password(by=who, password_hash="x")
    assert ledger.count_lines() == before


def test_nobody_signs_in_on_a_phone_lost_a_moment_ago(browser, world):
    enrol(browser)
    device_actions.lose(by=world.actor("rosa"), device_id=device().id)
    with pytest.raises(Refused, match="marked as lost"):
        actions.start_session(
            by=world.actor("amina"), token_hash="x", csrf="y", user_agent="", data={}, device_id=device().id
        )


def test_marking_a_lost_phone_again_changes_nothing(browser, world):
    enrol(browser)
    rosa = world.actor("rosa")
    device_actions.lose(by=rosa, device_id=device().id)
    at, lines = device().lost_at, ledger.count_lines()
    clock.stand_at(clock.now() + MINUTE)
    device_actions.lose(by=rosa, device_id=device().id)
    assert (device().lost_at, ledger.count_lines()) == (at, lines)


def test_last_seen_follows_use_and_not_polls(browser, world):
    amina = by_password(enrol(browser), "amina")
    clock.stand_at(clock.now() + MINUTE)
    amina.client.get("/h/rowan/round/list", base_url="https://localhost")
    notes.flush()
    assert device().last_seen == clock.now() - MINUTE  # when she signed in
    amina.client.get("/h/rowan/round", base_url="https://localhost")
    notes.flush()
    assert device().last_seen == clock.now()


def test_managers_see_and_end_the_sign_ins_of_their_home(browser, world):
    amina = by_password(enrol(browser), "amina")
    rosa = browser.sign_in("rosa")
    page = rosa.get("/h/rowan/devices")
    row = next(r for r in page.select("#sign-ins ~ .rows .row") if "Amina Okoro" in words(r))
    assert "The phone Ground floor 1" in words(row)
    page = rosa.submit(row.find("form"))
    assert rosa.url == "/h/rowan/devices"
    amina.get("/h/rowan/round")
    assert amina.url == "/sign-in"
    dee = browser.sign_in("dee")
    row = next(r for r in dee.get("/h/rowan/devices").select("#sign-ins ~ .rows .row") if "Rosa Quiroga" in words(r))
    assert row.find("form") is None  # nobody ends the sign-in of somebody above them


def test_a_phone_of_another_home_is_not_named(browser, world):
    builders.also_at(world, "amina", "carer")
    builders.also_at(world, "rosa", "registered_manager")
    amina = by_password(enrol(browser), "amina")
    seen_there = browser.sign_in("rosa").get("/h/elm/devices")
    row = next(r for r in seen_there.select("#sign-ins ~ .rows .row") if "Amina Okoro" in words(r))
    assert "A phone of another home" in words(row) and "Ground floor 1" not in words(row)
    assert "Ground floor 1" in words(amina.get("/me"))  # she knows what she holds


def test_codes_and_links_are_let_go_after_a_day(browser, world):
    amina = enrol(browser)
    browser.sign_in("rosa").post(f"/h/rowan/staff/{world.person_id('amina')}/link")
    clock.stand_at(clock.now() + watch.KEEP)
    watch.tidy({})
    assert (DeviceCode.select().count(), SignInLink.select().count()) == (1, 1)
    clock.stand_at(clock.now() + dt.timedelta(seconds=1))
    watch.tidy({})
    assert (DeviceCode.select().count(), SignInLink.select().count()) == (0, 0)
    amina.get("/sign-in")
    assert device().lost_at is None and ledger.verify() == []


def test_who_handed_the_phone_on_still_works_and_who_signed_out_has_gone(browser, world):
    shared = by_password(enrol(browser), "amina")

    def here():
        return {p.name for p in queries.on_shift(world.home())[0]} - {"Rosa Quiroga"}

    hand_over(shared)
    by_password(shared, "ben")
    assert here() == {"Amina Okoro", "Ben Hale"}
    shared.post("/sign-out", status=303, follow=False)
    assert here() == {"Amina Okoro"}
    shared.csrf = ""
    by_password(shared, "amina")
    shared.post("/sign-out", status=303, follow=False)
    assert here() == set()  # also her sign-in before, which was handed on
    shared.csrf = ""
    by_password(shared, "ben")
    hand_over(shared)
    clock.stand_at(clock.now() + dt.timedelta(hours=12))
    assert here() == {"Ben Hale"}
    clock.stand_at(clock.now() + dt.timedelta(seconds=1))
    assert here() == set()


def test_ones_own_sign_ins_name_the_phone(browser, world):
    amina = by_password(enrol(browser), "amina")
    browser.sign_in("amina")
    page = amina.get("/me")
    rows = [words(r) for r in page.select("#sign-ins ~ .rows .row")]
    assert any(r.startswith("The phone Ground floor 1, this one") for r in rows)
    assert any("A browser we do not recognise" in r and "End" in r for r in rows)


def test_a_leaver_is_gone_from_the_phone(browser, world):
    shared = by_password(enrol(browser), "ben")
    actions.end_person(by=world.actor("rosa"), person_id=world.person_id("ben"), reason="Left")
    shared.get("/h/rowan/round")
    assert shared.url == "/sign-in" and shared.page.select(".name-tile") == []
    assert DevicePerson.select().count() == 0
    shared.get(f"/sign-in/{world.person_id('ben')}", status=404)


# ---------------------------------------------------------------- what the trail says


def test_every_line_about_a_phone_says_which(browser, world):
    from medpwa.desk import telling

    amina = by_password(enrol(browser), "amina", pin=None)
    hand_over(amina)
    dee, rosa = browser.sign_in("dee"), browser.sign_in("rosa")
    dee.post("/h/rowan/devices", {"name": "", "kind": "phone"}, status=422)
    rosa.post(f"/h/rowan/devices/{device().id}/lost", status=303, follow=False)
    lines = list(ledger.Line.select().where(ledger.Line.chain == world.actor("rosa").chain_id))
    said = telling.words_for(world.actor("rosa"), lines)
    words_of = {line.verb: said[line.id][0] for line in lines if "device" in line.about or line.verb == "device.invite"}
    assert words_of == {
        "device.invite": "Showed a code to enrol a phone or wall board: the phone “Ground floor 1”",
        "device.enrol": "A phone or wall board was enrolled: the phone “Ground floor 1”",
        "device.lose": "A phone or wall board was marked as lost: the phone “Ground floor 1”",
        "session.start": "Signed in: on the phone “Ground floor 1”",
        "session.switch": "Handed the phone to somebody else: on the phone “Ground floor 1”",
    }


def test_a_refused_attempt_about_phones_has_words_of_its_own():
    ours = [v for v in sentences.SENTENCES if v.startswith(("device.", "pin.", "session.")) or v.endswith("_link")]
    assert len(ours) > 10 and set(ours) <= set(sentences.REFUSED)
    assert all(sentences.REFUSED[verb].startswith("Tried to ") for verb in ours)


# ---------------------------------------------------------------- the wall board


def test_a_wall_board_shows_initials_and_rooms_and_nothing_else(browser, world):
    dee = world.actor("dee")
    ivy = builders.resident(dee, "Ivy", "Cartledge", room="7", items=[("trimethoprim", "rash", False)])
    builders.order(dee, ivy.id, "omeprazole", times=("11:00",))
    board = enrol(browser, "Hall", "board")
    assert board.response.headers["Location"] == "/h/rowan/wall"
    page = board.get("/h/rowan/wall")
    tile = words(page.select_one(".wall__tile"))
    assert tile == "IC Room 7 Due 11:00"
    assert words(page.select_one(".wall__head")) == "Rowan Court Monday 16 Nov 2026 11:40"
    for word in ("Ivy", "Cartledge", "omeprazole", "trimethoprim", "Amina", "photo"):
        assert word not in board.response.get_data(as_text=True)
    assert "IC" in words(board.fragment("/h/rowan/wall/now"))


@pytest.mark.parametrize(
    "path", ["/sign-in", "/h/rowan/round", "/h/rowan/floor", "/me", "/enrol", "/pin", "/h/elm/wall", "/h/rowan/devices"]
)
def test_everything_else_is_not_there_for_a_board(browser, world, path):
    board = enrol(browser, "Hall", "board")
    board.get(path, status=404)
    for target in (path, "/sign-in", "/switch", "/lock", "/h/rowan/devices"):
        board.post(target, {"username": "amina", "password": "x"}, status=404)
    (way,) = board.get(path, status=404).select("main a")
    assert (words(way), way["href"]) == ("Back to the board", "/h/rowan/wall"), "nobody is signed in on a wall"
    board.get("/")
    assert board.url == "/h/rowan/wall"


def test_a_board_lasts_longer_than_any_session_and_extends_none(browser, world):
    board = enrol(browser, "Hall", "board")
    clock.stand_at(clock.now() + dt.timedelta(days=30))
    board.get("/h/rowan/wall")
    assert Session.select().where(Session.device == device("Hall").id).count() == 0


def test_a_lost_board_is_nobody_at_once(browser, world):
    board = enrol(browser, "Hall", "board")
    device_actions.lose(by=world.actor("rosa"), device_id=device("Hall").id)
    board.get("/h/rowan/wall")
    assert board.url == "/sign-in"
    board.get("/h/rowan/wall/now", status=401, lint=False, **{"HX-Request": "true"})


def test_the_team_may_look_at_the_wall_too(browser, world):
    browser.sign_in("amina").get("/h/rowan/wall")
    browser.sign_in("nell").get("/h/rowan/wall", status=404)
    browser.get("/h/rowan/wall")
    assert browser.url == "/sign-in"
