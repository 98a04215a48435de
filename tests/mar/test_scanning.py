"""From a code to a card: every kind of code, every way of reading it, and what is left behind."""

from __future__ import annotations

import json
import logging
import re

from medpwa import ledger, notes
from medpwa.database import all_models
from medpwa.mar import openings
from medpwa.mar.models import Scan
from medpwa.residents import codes
from medpwa.residents.models import Label
from medpwa.staff.models import Session
from tests import builders
from tests.browse import Browser, words
from tests.mar.steps import (
    HOME,
    ask,
    bedside,
    counts,
    elm_token,
    later,
    make_ready,
    newest_scan,
    scan,
    take,
)
from tests.people import PASSWORD


def raw(browser: Browser, token: str, method: str = "GET", **headers: str):
    """The answer to a code itself, before any redirect."""
    return browser.client.open(f"/r/{token}", method=method, base_url="https://localhost", headers=headers)


# ---------------------------------------------------------------- a live label


def test_the_phones_own_camera_opens_the_card_at_an_address_without_the_token(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    answer = raw(phone, bed.token)
    assert (answer.status_code, answer.headers["Location"]) == (303, bed.url)
    assert "no-store" in answer.headers["Cache-Control"]
    scan(phone, bed)
    assert phone.url == bed.url and "1 medicine is due" in words(phone.page.h1)
    assert bed.token not in str(phone.page) and "Scanned 11:40" in words(phone.page)
    row = newest_scan()
    assert (row.how, row.place, row.label_id, row.stopped) == ("camera", "person", bed.label_id, False)
    assert row.session == Session.select().order_by(Session.id.desc()).first().id and ledger.verify() == []


def test_the_in_app_scanner_is_told_where_to_go(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    told = ask(phone, bed.token)
    assert told["kind"] == "right" and told["url"] == bed.url and "Ivy Cartledge" in told["words"]
    assert newest_scan().how == "scanner"


def test_small_letters_are_the_same_code(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    assert ask(phone, bed.token.lower())["kind"] == "right"


def test_asking_for_the_head_or_fetching_ahead_records_nothing(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    before, session = counts(), Session.select().where(Session.person.is_null(False)).dicts().get()
    assert raw(phone, bed.token, "HEAD").status_code == 204
    for purpose in ("prefetch", "prefetch;prerender", "prefetch;anonymous-client-ip"):
        answer = raw(phone, bed.token, **{"Sec-Purpose": purpose})
        assert (answer.status_code, answer.get_data()) == (204, b"")
    for name, purpose in (("Purpose", "prefetch"), ("X-Purpose", "preview"), ("X-Moz", "prefetch")):
        assert raw(phone, bed.token, **{name: purpose}).status_code == 204
    assert raw(browser, bed.token, "HEAD").status_code == 204
    assert counts() == before and Session.select().where(Session.person.is_null(False)).dicts().get() == session


def test_the_same_code_within_five_seconds_is_one_scan(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    ask(phone, bed.token)
    later(seconds=4.9)
    scan(phone, bed)
    assert Scan.select().count() == 1
    later(seconds=0.2)
    scan(phone, bed)
    assert Scan.select().count() == 2
    other = browser.sign_in("amina")
    scan(other, bed)
    assert Scan.select().count() == 3, "another session is another scan"


def test_a_label_on_the_door_opens_the_card_and_says_so(world, browser):
    bed, phone = bedside(world, place="door"), browser.sign_in("amina")
    scan(phone, bed)
    make_ready(phone)
    take(phone)
    assert bed.entries()[0].flags == ["not_with_person"]
    assert "the code read was not with the person" in words(phone.page)


def test_people_who_do_not_give_are_shown_the_record_and_nothing_is_scanned(world, browser):
    bed, desk = bedside(world), browser.sign_in("quinn")
    told = ask(desk, bed.token)
    assert told["kind"] == "right" and told["url"] == f"{HOME}/residents/{bed.resident.id}"
    assert "does not give medicines" in told["words"] and Scan.select().count() == 0


# ---------------------------------------------------------------- every kind of wrong code


def _without_noise(text: str) -> str:
    return re.sub(r'(name="csrf_token" value|name="csrf-token" content)="[^"]*"', "", text)


def test_another_homes_code_and_one_that_never_was_answer_alike(world, browser):
    bedside(world)
    phone = browser.sign_in("amina")
    theirs, before = elm_token(world), counts()
    never = "A" * 32
    pages, told = set(), set()
    for token in (theirs, never, "b" * 32, "0" * 32, "short", "x" * 4000, "é" * 32, "%00", "%2e%2e"):
        phone.get(f"/r/{token}", status=404)
        assert "not known here" in words(phone.page) and "Nothing was opened" in words(phone.page)
        pages.add(_without_noise(phone.response.get_data(as_text=True)))
        told.add(json.dumps(ask(phone, token)))
    assert len(pages) == 1 and len(told) == 1 and json.loads(told.pop())["kind"] == "unknown"
    assert counts() == before and notes.counted(world.home().id, "scan.unknown") == 18


def test_a_revoked_label_says_so_and_the_persons_other_label_still_works(world, browser):
    bed = bedside(world)
    _, other = builders.label(world.actor("sena"), bed.resident.id, "folder")
    phone = browser.sign_in("amina")
    builders.label_actions.revoke_label(by=world.actor("rosa"), label_id=bed.label_id, reason="Fell off")
    phone.get(f"/r/{bed.token}", status=404)
    assert words(phone.page.h1) == "This label was taken out of use" and "Use another label" in words(phone.page)
    assert "Amina" in words(phone.page), "whoever is signed in sees their name on every page"
    assert ask(phone, bed.token)["kind"] == "revoked" and ask(phone, other)["kind"] == "right"
    assert notes.counted(world.home().id, "scan.revoked") == 2 and Scan.select().count() == 1


def test_the_label_of_somebody_who_left_opens_nothing(world, browser):
    bed = bedside(world)
    builders.residents.move_resident(by=world.actor("dee"), resident_id=bed.resident.id, state="discharged")
    phone = browser.sign_in("amina")
    phone.get(f"/r/{bed.token}", status=404)
    assert words(phone.page.h1) == "Ivy Cartledge no longer lives here" and "tell the shift leader" in words(phone.page)
    assert ask(phone, bed.token)["kind"] == "left" and notes.counted(world.home().id, "scan.left") == 2
    assert Scan.select().count() == 0


def test_a_code_that_is_not_ours_is_counted_and_its_content_never_sent(world, browser):
    phone = browser.sign_in("amina")
    phone.post(f"{HOME}/scan/not-ours", {}, status=204)
    assert notes.counted(world.home().id, "scan.not_ours") == 1


# ---------------------------------------------------------------- signed out


def test_a_scan_by_somebody_signed_out_waits_and_the_card_opens_after_sign_in(world, browser):
    bed = bedside(world)
    page = scan(browser, bed)
    assert browser.url == "/sign-in" and bed.token not in str(page) and "Ivy" not in words(page)
    assert counts()["scan"] == 0
    browser.submit(page.select_one("form[action='/sign-in']"), username="amina", password=PASSWORD)
    assert browser.url == bed.url and "Scanned 11:40" in words(browser.page)
    assert newest_scan().by == world.person_id("amina")
    assert "waiting_label" not in str([s.data for s in Session.select()][-1:])


def test_signed_out_every_code_answers_alike_and_an_unknown_one_says_so_after_sign_in(world, browser):
    bed = bedside(world)
    scan(browser, bed)
    known = _without_noise(browser.response.get_data(as_text=True))
    other = Browser(browser.app)
    page = other.get(f"/r/{'A' * 32}")
    assert _without_noise(other.response.get_data(as_text=True)) == known
    assert ask(Browser(browser.app), bed.token) == ask(Browser(browser.app), "A" * 32)
    assert ask(Browser(browser.app), bed.token)["kind"] == "signed_out"
    other.submit(page.select_one("form[action='/sign-in']"), username="amina", password=PASSWORD, status=404)
    assert "not known here" in words(other.page)
    assert Scan.select().count() == 0


def test_a_waiting_scan_is_forgotten_after_twenty_minutes(world, browser):
    bed = bedside(world)
    page = scan(browser, bed)
    later(minutes=20)
    browser.submit(page.select_one("form[action='/sign-in']"), username="amina", password=PASSWORD)
    assert browser.url == f"{HOME}/round" and Scan.select().count() == 0


def test_a_label_revoked_while_it_waited_opens_nothing(world, browser):
    bed = bedside(world)
    page = scan(browser, bed)
    builders.label_actions.revoke_label(by=world.actor("rosa"), label_id=bed.label_id, reason="Fell off")
    form = page.select_one("form[action='/sign-in']")
    browser.submit(form, username="amina", password=PASSWORD, status=404)
    assert "taken out of use" in words(browser.page) and Scan.select().count() == 0


def test_the_token_is_in_no_table_and_no_log(world, browser, caplog):
    bed = bedside(world)
    caplog.set_level(logging.DEBUG)
    page = scan(browser, bed)
    browser.submit(page.select_one("form[action='/sign-in']"), username="amina", password=PASSWORD)
    browser.csrf = Session.select().order_by(Session.id.desc()).first().csrf
    make_ready(browser)
    take(browser)
    ask(browser, bed.token)
    raw(Browser(browser.app), bed.token, "HEAD")
    notes.flush()
    pages = {line.page for line in notes.AccessLine.select()}
    assert "/h/<home>/residents/<int:resident_id>/card" in pages and not any("/r/" in p for p in pages)
    assert not any(re.search(r"/\d", p) for p in pages), "an access line holds an address, not its route"
    kept = [str(row) for model in all_models() for row in model.select().dicts()]
    logged = [f"{r.getMessage()} {r.__dict__}" for r in caplog.records]
    for text in kept + logged:
        assert bed.token not in text.upper()
    row = Label.get_by_id(bed.label_id)
    assert codes.label_token(row) == bed.token, "the token can be made again from the key, and only from it"


def test_an_access_line_names_the_route_and_whose_card_it_was(world, browser, monkeypatch):
    monkeypatch.setattr(notes, "_recent", {})  # polls counted in an earlier test's home of the same number
    bed, phone = bedside(world), browser.sign_in("amina")
    scan(phone, bed)
    phone.get(f"{HOME}/floor")
    phone.fragment(f"{HOME}/floor/now")
    phone.fragment(f"{HOME}/floor/now")
    notes.flush()
    lines = [(x.page, x.subject) for x in notes.AccessLine.select().order_by(notes.AccessLine.id)]
    assert ("/h/<home>/residents/<int:resident_id>/card", f"resident:{bed.resident.id}") in lines
    assert [page for page, _ in lines].count("/h/<home>/floor/now") == 1, "a poll counts once in ten minutes"


# ---------------------------------------------------------------- one use, one person, one session


def test_signing_out_ends_the_scan(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    scan(phone, bed)
    phone.post("/sign-out", {})
    again = browser.sign_in("amina")
    page = again.get(bed.url)
    assert "Scan Ivy’s code" in words(page.select_one("#dock")) and "Not scanned yet" in words(page)
    assert openings.identified(world.actor("amina"), bed.resident.id) is None


def test_another_session_of_the_same_person_has_not_scanned(world, browser):
    bed, phone, desk = bedside(world), browser.sign_in("amina"), browser.sign_in("amina")
    scan(phone, bed)
    assert "Scan Ivy’s code" in words(desk.get(bed.url).select_one("#dock"))
