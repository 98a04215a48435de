"""The seven letters on a label, typed: the same card, stored as typed, and wrong ones slowed down."""

from __future__ import annotations

import datetime as dt

from medpwa import notes
from medpwa.mar.models import Scan
from medpwa.residents.models import Label
from tests import builders
from tests.browse import Browser, words
from tests.mar.steps import HOME, bedside, elm_token, later, make_ready, newest_scan, scan, take, two

# ---------------------------------------------------------------- typed codes


def typed(browser: Browser, code: str, status: int = 200):
    page = browser.get(f"{HOME}/scan")
    return browser.submit(page.select_one("form[action$='/scan/typed']"), code=code, status=status)


def test_a_typed_code_opens_the_same_card_and_is_stored_as_typed(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    code = Label.get_by_id(bed.label_id).short_code
    typed(phone, f" {code[:3].lower()} {code[3:]} ")
    assert phone.url == bed.url and "Code typed 11:40" in words(phone.page) and newest_scan().how == "typed"


def test_a_wrong_code_is_kept_in_the_field_and_says_what_to_do(world, browser):
    bedside(world)
    phone = browser.sign_in("amina")
    page = typed(phone, "ABCDEFG", status=422)
    assert page.select_one("input[name=code]")["value"] == "ABCDEFG"
    assert "That code is not known here" in words(page) and notes.counted(world.home().id, "scan.typed_wrong") == 1


def test_another_homes_typed_code_is_simply_not_known(world, browser):
    elm_token(world)
    theirs = Label.select().order_by(Label.id.desc()).first().short_code
    assert "not known here" in words(typed(browser.sign_in("amina"), theirs, status=422))


def test_a_revoked_typed_code_says_so_and_is_not_a_wrong_try(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    code = Label.get_by_id(bed.label_id).short_code
    builders.label_actions.revoke_label(by=world.actor("rosa"), label_id=bed.label_id, reason="Fell off")
    assert "taken out of use" in words(typed(phone, code, status=422))
    assert notes.counted(world.home().id, "scan.typed_wrong") == 0


def test_a_typed_code_of_somebody_else_stops_like_a_scanned_one(world, browser):
    (ivy, bert), phone = two(world), browser.sign_in("amina")
    scan(phone, ivy)
    typed(phone, Label.get_by_id(bert.label_id).short_code)
    assert phone.url == f"{HOME}/stop/{newest_scan().id}"
    assert "You typed the code of" in words(phone.page) and "You scanned" not in words(phone.page)


def test_what_was_typed_is_noted_to_who_typed_it_and_to_managers_alone(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    typed(phone, Label.get_by_id(bed.label_id).short_code)
    make_ready(phone)
    take(phone)
    assert "Noted: code typed." in words(phone.get(bed.url)), "nothing promises a review that no list shows"
    assert "Noted: code typed." in words(browser.sign_in("rosa").get(bed.url))
    for somebody_else in ("ben", "sena"):
        page = browser.sign_in(somebody_else).get(bed.url)
        assert "Amina Okoro" in words(page) and "code typed" not in words(page)


def test_ten_wrong_codes_stop_a_session_for_ten_minutes_and_nobody_else(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    code = Label.get_by_id(bed.label_id).short_code
    for _ in range(10):
        typed(phone, "AAAAAAB", status=422)
    assert "Wait ten minutes" in words(typed(phone, "AAAAAAB", status=429))
    typed(phone, code, status=429)
    typed(browser.sign_in("amina"), code)
    later(minutes=10)
    typed(phone, code)
    assert phone.url == bed.url


def test_sixty_wrong_codes_stop_a_home_and_no_other_home(world, browser):
    bed = bedside(world)
    home, code = world.home().id, Label.get_by_id(bed.label_id).short_code
    for _ in range(60):
        notes.attempted(f"typed:home:{home}", dt.timedelta(minutes=10))
    phone = browser.sign_in("amina")
    typed(phone, code, status=429)
    later(minutes=10)
    typed(phone, code)
    assert phone.url == bed.url


def test_the_homes_throttle_counts_wrong_codes_of_all_its_sessions(world, browser):
    bedside(world)
    for _ in range(2):
        phone = browser.sign_in("amina")
        for _ in range(3):
            typed(phone, "AAAAAAB", status=422)
    assert notes.attempts(f"typed:home:{world.home().id}", dt.timedelta(minutes=10)) == 6


def test_a_hostile_typed_code_is_a_wrong_code(world, browser):
    bedside(world)
    phone = browser.sign_in("amina")
    for code in ("", "x" * 200_000, "😀" * 7, "\u202eABC", "<script>alert(1)</script>", "１２３４５６７", "' OR 1=1"):
        page = typed(phone, code, status=422)
        assert "<script>alert" not in str(page) and Scan.select().count() == 0, code[:20]
        kept = code.replace("\u202e", "")  # it would turn the words around it
        assert page.select_one("input[name=code]")["value"] == kept[:40]
