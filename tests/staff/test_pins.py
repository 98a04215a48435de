"""Names and PINs on a phone of the home, forgotten ones, and the link a manager shows."""

import datetime as dt
import re

import pytest

from medpwa import clock, ledger, notes
from medpwa.desk import telling
from medpwa.errors import Refused
from medpwa.staff import actions, device_actions, devices, pins, rules, signin
from medpwa.staff.device_models import DevicePerson, Pin, SignInLink
from medpwa.staff.models import Session
from tests import builders
from tests.browse import Browser, words
from tests.people import PASSWORD
from tests.staff.phones import OTHER_PIN, PIN, by_password, by_pin, device, enrol, hand_over, row_of

NEW = "copper meadow lantern fiddle"


def names(browser):
    return [words(t) for t in browser.get("/sign-in").select(".name-tile__name")]


@pytest.fixture
def phone(browser, world):
    """A phone on which Amina, then Ben have chosen a PIN; nobody is signed in."""
    shared = enrol(browser)
    for name in ("amina", "ben"):
        by_password(shared, name)
        hand_over(shared)
    return shared


# ---------------------------------------------------------------- choosing


@pytest.mark.parametrize(
    "pin",
    ["123456", "654321", "000000", "999999", "012345", "890123", "121212", "123123", "112112", "111222", "484848"]
    + ["160585", "051685", "850516", "311299", "290224", "010190"],
)
def test_pins_others_would_try_first_are_refused(pin):
    assert rules.easy_pin(pin)


@pytest.mark.parametrize("pin", ["482957", "718264", "903746", "359680"])
def test_pins_without_a_pattern_are_taken(pin):
    assert rules.is_pin(pin) and not rules.easy_pin(pin)


@pytest.mark.parametrize("text", ["", "12345", "1234567", "12345a", "１２３４５６", "12 456", "-12345"])
def test_a_pin_is_six_plain_digits(text):
    assert not rules.is_pin(text)


def test_a_pin_is_offered_after_the_first_password_on_a_phone(browser, world):
    shared = enrol(browser)
    page = shared.get("/sign-in")
    shared.submit(page.find("form", action="/sign-in"), username="amina", password=PASSWORD, status=303, follow=False)
    assert shared.response.headers["Location"] == "/pin"
    shared.csrf = row_of(shared).csrf
    page = shared.get("/pin")
    assert words(page.h1) == "Choose a PIN for the phones" and page.find(id="present") is None
    assert page.find("a", string="Not now")["href"] == "/h/rowan/"
    shared.submit(page.find("form", action="/pin"), new_pin=PIN, again=PIN, status=303, follow=False)
    assert shared.response.headers["Location"] == "/h/rowan/"
    stored = Pin.get(Pin.person == world.person_id("amina"))
    assert stored.hash.startswith("$argon2id$") and PIN not in stored.hash
    assert ledger.verify() == []


def test_no_pin_is_offered_in_another_browser(browser, world):
    browser.post("/sign-in", {"username": "amina", "password": PASSWORD}, status=303, follow=False)
    assert browser.response.headers["Location"] == "/"
    amina = browser.sign_in("amina")
    assert "on a phone of the home" in words(amina.get("/pin").h1)
    amina.post("/pin", {"new_pin": PIN, "again": PIN}, status=409)
    assert Pin.select().count() == 0


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        (dict(new_pin="12345"), "new_pin", "six digits"),
        (dict(new_pin="123456", again="123456"), "new_pin", "easy to guess"),
        (dict(again=OTHER_PIN), "again", "not the same"),
        (dict(new_pin="", again=""), "new_pin", "six digits"),
    ],
)
def test_a_pin_that_cannot_be_is_said_beside_its_field(browser, world, typed, field, sentence):
    shared = by_password(enrol(browser), "amina", pin=None)
    page = shared.post("/pin", dict(new_pin=PIN, again=PIN) | typed, status=422)
    assert sentence in words(page.find(id=f"{field}-error"))
    assert Pin.select().count() == 0
    assert PIN not in shared.response.get_data(as_text=True)


def present_asked(shared):
    return shared.get("/pin").find(id="present") is not None


def test_a_password_counts_for_a_first_pin_for_ten_minutes(browser, world):
    shared, start = by_password(enrol(browser), "amina", pin=None), clock.now()
    clock.stand_at(start + dt.timedelta(minutes=10, seconds=-1))
    assert not present_asked(shared)
    clock.stand_at(start + dt.timedelta(minutes=10))
    assert present_asked(shared)
    shared.post("/pin", {"new_pin": PIN, "again": PIN}, status=422)
    assert Pin.select().count() == 0


def test_after_a_lock_a_first_pin_asks_for_the_password(browser, world):
    shared = by_password(enrol(browser), "amina", pin=None)
    shared.post("/lock", status=303, follow=False)
    shared.post("/unlock", {"password": PASSWORD}, status=303, follow=False)
    assert present_asked(shared)


def test_a_chosen_pin_is_never_replaced_without_its_password(world, phone):
    phone.post(f"/sign-in/{world.person_id('amina')}", {"password": PASSWORD}, status=303, follow=False)
    phone.csrf = row_of(phone).csrf
    assert present_asked(phone)
    phone.post("/pin", {"new_pin": OTHER_PIN, "again": OTHER_PIN}, status=422)


def test_changing_a_pin_later_asks_for_the_password_and_ends_other_phones(browser, world, phone):
    other = by_password(enrol(browser, "Two"), "amina")
    desk = browser.sign_in("amina")
    by_pin(phone, world.person_id("amina"))
    page = phone.get("/pin")
    form = page.find("form", action="/pin")
    phone.submit(form, new_pin=OTHER_PIN, again=OTHER_PIN, present="wrong", status=422)
    phone.submit(form, new_pin=PIN, again=PIN, present=PASSWORD, status=422)
    assert "the PIN you have now" in words(phone.page)
    phone.submit(form, new_pin=OTHER_PIN, again=OTHER_PIN, present=PASSWORD, status=303, follow=False)
    other.get("/h/rowan/round")
    assert other.url == "/sign-in"
    desk.get("/me")
    assert desk.url == "/me"
    phone.get("/me")
    assert phone.url == "/me"


# ---------------------------------------------------------------- signing in


def test_names_stand_on_the_phone_the_latest_first(phone, world):
    assert names(phone) == ["Ben Hale", "Amina Okoro"]
    clock.stand_at(clock.now() + dt.timedelta(minutes=1))
    by_pin(phone, world.person_id("amina"))
    hand_over(phone)
    assert names(phone) == ["Amina Okoro", "Ben Hale"]


def test_a_name_and_a_pin_open_the_home_of_the_phone(phone, world):
    page = phone.get(f"/sign-in/{world.person_id('amina')}")
    field = page.find(id="pin")
    assert (field["inputmode"], field["autocomplete"], field["type"]) == ("numeric", "off", "password")
    assert page.select_one(".pad").has_attr("hidden")  # without JavaScript: a plain field and a button
    phone.submit(page.find("form"), pin=PIN, status=303, follow=False)
    assert phone.response.headers["Location"] == "/h/rowan/"
    row = row_of(phone)
    assert row.person_id == world.person_id("amina") and row.device is not None


def test_a_name_stands_only_where_its_password_was_used(browser, world, phone):
    fresh = enrol(browser, "Two")
    fresh.get(f"/sign-in/{world.person_id('amina')}", status=404)
    fresh.post(f"/sign-in/{world.person_id('amina')}", {"pin": PIN}, status=404)
    browser.post(f"/sign-in/{world.person_id('amina')}", {"pin": PIN}, status=404)  # not a phone of the home at all
    assert Session.select().where(Session.ended_at.is_null()).count() == 2  # Rosa's two, who showed the codes


def test_somebody_on_no_tile_answers_as_one_who_never_was(phone, world):
    there = words(phone.post(f"/sign-in/{world.person_id('cara')}", {"pin": PIN}, status=404))
    assert there == words(phone.post("/sign-in/987654", {"pin": PIN}, status=404))


def test_five_wrong_pins_and_only_the_password_helps_there(browser, world, phone):
    amina = world.person_id("amina")
    for left in ("4 tries left", "3 tries left", "2 tries left", "1 try left", "Sign in with your password"):
        by_pin(phone, amina, OTHER_PIN, status=422)
        assert left in words(phone.page)
    by_pin(phone, amina, PIN, status=429)
    assert pins.USE_PASSWORD in words(phone.page)
    page = phone.get(f"/sign-in/{amina}")
    assert page.find(id="pin") is None and page.find(id="password") is not None
    by_pin(phone, world.person_id("ben"))  # others are not locked out
    hand_over(phone)
    phone.post(f"/sign-in/{amina}", {"password": PASSWORD}, status=303, follow=False)
    phone.csrf = row_of(phone).csrf
    assert phone.response.headers["Location"] == "/h/rowan/"
    hand_over(phone)
    by_pin(phone, amina)
    assert ledger.verify() == []


def test_each_run_of_five_wrong_pins_leaves_one_line(world, phone):
    amina = world.person_id("amina")

    def lines():
        return list(ledger.Line.select().where(ledger.Line.verb == "pin.tried"))

    for _ in range(4):
        by_pin(phone, amina, OTHER_PIN, status=422)
    assert lines() == []
    by_pin(phone, amina, OTHER_PIN, status=422)
    by_pin(phone, amina, OTHER_PIN, status=429)
    [told] = lines()
    said = telling.words_for(world.actor("rosa"), [told])[told.id][0]
    assert said == "Five wrong PINs were typed for them: on the phone “Ground floor 1”"
    assert "Five wrong PINs were typed for you here" in words(phone.get(f"/sign-in/{amina}"))
    phone.post(f"/sign-in/{amina}", {"password": PASSWORD}, status=303, follow=False)
    assert ledger.verify() == []


def test_wrong_pins_on_one_phone_leave_the_others_alone(browser, world, phone):
    other = by_password(enrol(browser, "Two"), "amina")
    hand_over(other)
    for _ in range(5):
        by_pin(phone, world.person_id("amina"), OTHER_PIN, status=422)
    by_pin(other, world.person_id("amina"))


def test_a_right_pin_begins_the_count_again(world, phone):
    for _ in range(2):
        for _ in range(4):
            by_pin(phone, world.person_id("amina"), OTHER_PIN, status=422)
        by_pin(phone, world.person_id("amina"))
        hand_over(phone)


def test_a_phone_with_many_wrong_pins_asks_everybody_for_the_password(world, phone, monkeypatch):
    monkeypatch.setattr(pins, "TRIES_PHONE", 3)
    for _ in range(3):
        by_pin(phone, world.person_id("amina"), OTHER_PIN, status=422)
    by_pin(phone, world.person_id("ben"), PIN, status=429)
    clock.stand_at(clock.now() + signin.WINDOW)
    by_pin(phone, world.person_id("ben"), PIN)


@pytest.mark.parametrize("typed", ["x" * 5000, "１２３４５６", "\x00", "482957\n482957", "' OR 1=1"])
def test_a_pin_of_any_shape_is_just_wrong(world, phone, typed):
    by_pin(phone, world.person_id("amina"), typed, status=422)


def test_a_pin_may_come_once(world, phone):
    phone.post(f"/sign-in/{world.person_id('amina')}", [("pin", PIN), ("pin", OTHER_PIN)], status=400)


def test_a_wrong_password_under_a_name_is_counted_as_at_the_door(world, phone):
    amina = world.person_id("amina")
    for _ in range(signin.TRIES_KNOWN_BROWSER):
        phone.post(f"/sign-in/{amina}", {"password": "not it at all"}, status=401)
    page = phone.post(f"/sign-in/{amina}", {"password": PASSWORD}, status=429)
    assert "Too many tries" in words(page)


def test_a_scan_before_the_pin_opens_the_card_after_it(world, phone):
    ivy = builders.resident(world.actor("dee"))
    _, token = builders.label(world.actor("sena"), ivy.id)
    phone.get(f"/r/{token}")
    assert phone.url == "/sign-in" and "The card you scanned" in words(phone.page)
    by_pin(phone, world.person_id("amina"))
    assert phone.response.headers["Location"] == "/scan/waiting"
    phone.get("/scan/waiting")
    assert phone.url == f"/h/rowan/residents/{ivy.id}/card"


def test_somebody_whose_access_ended_gets_nowhere_with_their_pin(world, phone):
    ben = world.person_id("ben")
    actions.set_role(
        by=world.actor("rosa"), person_id=ben, role="carer", valid_until=clock.now() + dt.timedelta(hours=1)
    )
    clock.stand_at(clock.now() + dt.timedelta(hours=1))
    assert names(phone) == ["Amina Okoro"]
    by_pin(phone, ben, PIN, status=404)


# ---------------------------------------------------------------- forgotten


def test_a_forgotten_pin_is_cleared_on_every_phone_and_chosen_anew(browser, world, phone):
    other = by_password(enrol(browser, "Two"), "amina")
    hand_over(other)
    amina = world.person_id("amina")
    page = phone.get(f"/sign-in/{amina}?forgot=1")
    assert "stops working on every phone" in words(page)
    phone.submit(page.find("form"), password=PASSWORD, status=303, follow=False)
    assert phone.response.headers["Location"] == "/pin"
    phone.csrf = row_of(phone).csrf
    assert other.get(f"/sign-in/{amina}").find(id="pin") is None
    by_pin(other, amina, PIN, status=422)
    phone.post("/pin", {"new_pin": OTHER_PIN, "again": OTHER_PIN}, status=303, follow=False)
    by_pin(other, amina, OTHER_PIN)
    assert ledger.verify() == []


def test_a_new_first_password_takes_the_pin_with_it(world, phone):
    amina = world.person_id("amina")
    actions.set_password(by=world.actor("rosa"), person_id=amina, password_hash=signin.hash_password(NEW))
    by_pin(phone, amina, PIN, status=422)
    assert Pin.get_or_none(Pin.person == amina) is None


# ---------------------------------------------------------------- the link


def show_link(browser, world, username="amina", by="rosa"):
    manager = browser.sign_in(by)
    page = manager.post(f"/h/rowan/staff/{world.person_id(username)}/link")
    assert page.select_one("svg.qr") is not None
    return re.search(r"(/sign-in/link/[\w-]+)", page.select_one(".code-card__address").get_text())[1]


def test_a_link_lets_somebody_choose_a_new_password_and_pin_on_their_phone(browser, world, phone):
    desk = browser.sign_in("amina")
    link = show_link(browser, world)
    page = phone.get(link)
    assert words(page.h1) == "Amina Okoro, choose a new password"
    phone.submit(page.find("form"), new_password=NEW, again=NEW, status=303, follow=False)
    assert phone.response.headers["Location"] == "/pin"
    phone.csrf = row_of(phone).csrf
    phone.post("/pin", {"new_pin": OTHER_PIN, "again": OTHER_PIN}, status=303, follow=False)
    assert signin.is_own_password(world.person_id("amina"), NEW)
    desk.get("/me")
    assert desk.url == "/sign-in"
    hand_over(phone)
    by_pin(phone, world.person_id("amina"), OTHER_PIN)
    assert ledger.verify() == []


def test_a_link_works_once_and_for_ten_minutes(browser, world):
    link, start = show_link(browser, world), clock.now()
    one = Browser(browser.app)
    one.post(link, {"new_password": NEW, "again": NEW}, status=303, follow=False)
    for status_of in (Browser(browser.app).get, Browser(browser.app).post):
        status_of(link, status=404)
    later = show_link(browser, world, "ben")
    clock.stand_at(start + rules.CODE_LASTS)
    Browser(browser.app).get(later, status=404)
    Browser(browser.app).post(later, {"new_password": NEW, "again": NEW}, status=404)
    assert signin.is_own_password(world.person_id("ben"), PASSWORD)


def test_a_newer_link_ends_the_one_before(browser, world):
    first = show_link(browser, world)
    second = show_link(browser, world)
    Browser(browser.app).get(first, status=404)
    Browser(browser.app).get(second)


def test_a_link_ends_with_a_newer_password_a_new_role_or_whoever_showed_it(browser, world):
    def show(username, by):
        return show_link(browser, world, username, by)

    ends = {
        show("amina", "rosa"): lambda: actions.set_password(
            by=world.actor("rosa"), person_id=world.person_id("amina"), password_hash=signin.hash_password(NEW)
        ),
        show("sena", "dee"): lambda: actions.set_role(
            by=world.actor("rosa"), person_id=world.person_id("sena"), role="registered_manager"
        ),
        show("cara", "dee"): lambda: builders.also_at(world, "cara", "registered_manager"),
        show("ben", "dee"): lambda: actions.end_person(
            by=world.actor("rosa"), person_id=world.person_id("dee"), reason="Left"
        ),
    }
    for link, end in ends.items():
        Browser(browser.app).get(link)
        end()
        Browser(browser.app).get(link, status=404)
        Browser(browser.app).post(link, {"new_password": NEW, "again": NEW}, status=404)


def test_a_link_whose_manager_left_a_moment_ago_changes_nothing(browser, world):
    show_link(browser, world, "ben", "dee")
    link = SignInLink.get()
    actions.end_person(by=world.actor("rosa"), person_id=world.person_id("dee"), reason="Left")
    with pytest.raises(Refused):
        device_actions.use_link(by=world.actor("ben"), link_id=link.id, password_hash="x")
    assert signin.is_own_password(world.person_id("ben"), PASSWORD)


def test_a_try_is_counted_before_it_is_checked(browser, world, phone, monkeypatch):
    """So many at the same moment do not slip through together."""
    amina, seen = world.person_id("amina"), []

    def watching(key):
        def answer(*_):
            seen.append(notes.attempts(key, signin.WINDOW))

        return answer

    monkeypatch.setattr(signin, "verify_or_nobody", watching(f"pin:device:{device().id}"))
    by_pin(phone, amina, OTHER_PIN, status=422)
    monkeypatch.undo()
    monkeypatch.setattr(signin, "is_own_password", watching(f"own:{amina}"))
    browser.sign_in("amina").post("/password", {"present": "x", "new_password": NEW, "again": NEW}, status=422)
    monkeypatch.undo()
    monkeypatch.setattr(devices, "open_code", watching("enrol:127.0.0.1"))
    Browser(browser.app).post("/enrol", {"code": "ABCDEFGHJK"}, status=422)
    assert seen == [1, 1, 1]


def test_right_pins_use_up_no_tries(world, phone, monkeypatch):
    monkeypatch.setattr(pins, "TRIES_PHONE", 2)
    for _ in range(4):
        by_pin(phone, world.person_id("amina"))
        hand_over(phone)


def test_somebody_without_a_role_at_the_phones_home_is_asked_for_their_password(browser, world, phone):
    """They sign in by password under Somebody else; their PIN is not for this home, so nothing asks for it."""
    builders.also_at(world, "amina", "carer")
    actions.end_person(by=world.actor("rosa"), person_id=world.person_id("amina"), reason="Moved to Elm House")
    phone.post("/sign-in", {"username": "amina", "password": PASSWORD}, status=303, follow=False)
    assert phone.response.headers["Location"] == "/"
    phone.csrf = row_of(phone).csrf
    phone.get("/me")
    asked = re.findall(r'data-ask="(\w+)"', phone.response.get_data(as_text=True))
    assert asked == ["password"]
    phone.post("/lock", status=303, follow=False)
    page = phone.get("/me", status=423)
    assert page.find(id="pin") is None
    phone.submit(page.find("form", action="/unlock"), password=PASSWORD, status=303, follow=False)
    phone.get("/me")


def test_a_weak_password_by_a_link_is_refused_and_the_link_kept(browser, world):
    link = show_link(browser, world)
    page = Browser(browser.app).post(link, {"new_password": "password12", "again": "password12"}, status=422)
    assert "easy to guess" in words(page)
    Browser(browser.app).get(link)
    assert SignInLink.get().used_at is None


def test_nobody_shows_a_link_for_themselves_or_somebody_above_them(browser, world):
    dee, rosa = browser.sign_in("dee"), browser.sign_in("rosa")
    dee.post(f"/h/rowan/staff/{world.person_id('rosa')}/link", status=403)
    rosa.post(f"/h/rowan/staff/{world.person_id('rosa')}/link", status=403)
    browser.sign_in("tolu").post(f"/h/rowan/staff/{world.person_id('amina')}/link", status=403)
    rosa.post(f"/h/rowan/staff/{world.person_id('nell')}/link", status=404)
    assert SignInLink.select().count() == 0


def test_nobody_takes_over_somebody_who_answers_for_more_in_another_home(browser, world):
    """A carer here who manages there: their link or first password would open that home too."""
    builders.also_at(world, "amina", "registered_manager")
    amina, dee = world.person_id("amina"), browser.sign_in("dee")
    dee.post(f"/h/rowan/staff/{amina}/link", status=403)
    dee.post(f"/h/rowan/staff/{amina}/password", {"password": NEW}, status=403)
    page = dee.get(f"/h/rowan/staff/{amina}")
    assert "answers for more than you do gives Amina Okoro a new password" in words(page)
    assert page.find("form", action=re.compile("/link$|/password$")) is None
    assert page.find("form", action=re.compile("/role$")) is not None  # what they are here stays hers to change
    assert SignInLink.select().count() == 0 and signin.is_own_password(amina, PASSWORD)


def test_somebody_who_is_a_carer_in_two_homes_is_helped_in_either(browser, world):
    builders.also_at(world, "amina", "senior_carer")
    browser.sign_in("dee").post(f"/h/rowan/staff/{world.person_id('amina')}/link")
    assert SignInLink.select().count() == 1


def test_the_database_holds_no_link_and_no_pin(browser, world, phone):
    link = show_link(browser, world).rpartition("/")[2]
    assert link not in str(SignInLink.get().__data__)
    assert DevicePerson.select().count() == 2


def test_no_pin_or_code_reaches_a_log(browser, world, phone, caplog):
    link = show_link(browser, world)
    caplog.set_level("DEBUG")
    by_pin(phone, world.person_id("amina"), OTHER_PIN, status=422)
    by_pin(phone, world.person_id("amina"), PIN)
    Browser(browser.app).get(link)
    said = "\n".join(f"{r.getMessage()} {r.__dict__}" for r in caplog.records)
    assert "/sign-in/link/<link>" in said and "/sign-in/<int:person_id>" in said
    for secret in (PIN, OTHER_PIN, link):
        assert secret not in said
