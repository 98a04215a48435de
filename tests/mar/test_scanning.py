"""From a code to a card: every kind of code, every way of reading it, and what is left behind."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re

from medpwa import clock, ledger, notes
from medpwa.database import all_models
from medpwa.mar import queries
from medpwa.mar.models import Scan
from medpwa.residents import codes
from medpwa.residents.models import Label
from medpwa.staff.models import Session
from tests import builders
from tests.browse import Browser, words
from tests.mar.steps import HOME, bedside, beside, counts, elm, later, make_ready, newest_scan, on, scan, take
from tests.people import PASSWORD

AS_JSON = {"Accept": "application/json"}


def ask(browser: Browser, token: str, status: int = 200, **headers: str) -> dict:
    """What the in-app scanner is told about a code."""
    browser.get(f"/r/{token}", status=status, lint=False, **(AS_JSON | headers))
    return json.loads(browser.response.get_data(as_text=True))


def raw(browser: Browser, token: str, method: str = "GET", **headers: str):
    """The answer to a code itself, before any redirect."""
    return browser.client.open(f"/r/{token}", method=method, base_url="https://localhost", headers=headers)


def elm_token(world) -> str:
    """A live label of somebody at Elm House."""
    card, _ = elm(world)
    builders.staff.add_person(
        by=world.system("elm"),
        username="edith",
        given_name="Edith",
        family_name="Marlow",
        role="team_leader",
        password_hash="x",
    )
    return builders.label(world.actor("edith", "elm"), card.id)[1]


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
    assert queries.identified(world.actor("amina"), bed.resident.id) is None


def test_another_session_of_the_same_person_has_not_scanned(world, browser):
    bed, phone, desk = bedside(world), browser.sign_in("amina"), browser.sign_in("amina")
    scan(phone, bed)
    assert "Scan Ivy’s code" in words(desk.get(bed.url).select_one("#dock"))


# ---------------------------------------------------------------- somebody else's code


def two(world):
    return bedside(world), bedside(world, given="Bert", family="Olney", room="8")


def test_somebody_elses_code_over_an_open_card_is_a_stop_and_opens_nothing(world, browser):
    (ivy, bert), phone = two(world), browser.sign_in("amina")
    scan(phone, ivy)
    page = scan(phone, bert)
    assert phone.url == f"{HOME}/stop/{newest_scan().id}"
    said = words(page)
    assert "This is not Ivy Cartledge" in words(page.h1) and "Bert Olney" in said and "Give nothing yet" in said
    assert "Ivy still has 1 due" in said and page.select_one("body.stop") is not None
    assert page.select_one("nav") is None or "tabs" not in str(page.select_one("nav").get("class"))
    row = newest_scan()
    assert (row.stopped, row.open_resident, row.resident_id) == (True, ivy.resident.id, bert.resident.id)
    assert ask(phone, bert.token)["kind"] == "stop"
    assert notes.counted(world.home().id, "scan.stop") == 2
    # Ivy's card goes on as if nothing had been scanned.
    phone.get(ivy.url)
    make_ready(phone)
    take(phone)
    assert ivy.entries()[0].flags == [] and bert.entries() == [] and ledger.verify() == []


def test_the_stop_says_what_is_ready(world, browser):
    (ivy, bert), phone = two(world), browser.sign_in("amina")
    scan(phone, ivy)
    make_ready(phone)
    assert "Medicines ready for" in words(scan(phone, bert)) and "Ivy’s medicine is still ready" in words(phone.page)


def test_nothing_stops_when_the_open_card_has_nothing_left_to_do(world, browser):
    (ivy, bert), phone = two(world), browser.sign_in("amina")
    scan(phone, ivy)
    make_ready(phone)
    take(phone)
    scan(phone, bert)
    assert phone.url == bert.url and not newest_scan().stopped


def test_back_on_the_round_no_card_stands_open(world, browser):
    (ivy, bert), phone = two(world), browser.sign_in("amina")
    scan(phone, ivy)
    phone.client.head(f"{HOME}/round", base_url="https://localhost")
    phone.fragment(f"{HOME}/round/list")
    assert Session.get(Session.card_resident == ivy.resident.id), "only opening the round's page closes a card"
    phone.get(f"{HOME}/round")
    scan(phone, bert)
    assert phone.url == bert.url


def test_a_card_left_open_for_twenty_minutes_stops_nothing_and_one_read_again_does(world, browser):
    (ivy, bert), phone = two(world), browser.sign_in("amina")
    scan(phone, ivy)
    later(minutes=15)
    phone.get(ivy.url)
    later(minutes=15)
    assert ask(phone, bert.token)["kind"] == "stop", "the card was read a quarter of an hour ago"
    later(minutes=6)
    assert ask(phone, bert.token)["kind"] == "right"


def test_a_card_looked_at_without_opening_it_stops_nothing(world, browser):
    (ivy, bert), phone = two(world), browser.sign_in("amina")
    phone.get(ivy.url)
    scan(phone, bert)
    assert phone.url == bert.url


def test_switching_opens_the_one_who_was_scanned_and_ends_the_first_ones_scan(world, browser):
    (ivy, bert), phone = two(world), browser.sign_in("amina")
    scan(phone, ivy)
    later(minutes=1)
    page = scan(phone, bert)
    form = page.select_one("form[action$='/switch']")
    assert "Put Ivy’s away, open Bert’s" in words(form)
    phone.submit(form)
    phone.submit(form)  # a double tap
    assert phone.url == bert.url and [s.stopped for s in Scan.select().order_by(Scan.id)] == [False, True, False]
    assert "Scan Ivy’s code" in words(phone.get(ivy.url).select_one("#dock"))
    scan(phone, ivy)
    assert phone.url == f"{HOME}/stop/{newest_scan().id}", "Bert's card is the open one now"


def test_a_stop_opens_a_card_once_and_not_from_earlier(world, browser):
    (ivy, bert), phone = two(world), browser.sign_in("amina")
    scan(phone, ivy)
    form = scan(phone, bert).select_one("form[action$='/switch']")
    later(minutes=21)
    phone.submit(form, status=409)
    assert "Scan the person’s code again" in words(phone.page)
    scan(phone, ivy)
    later(seconds=10)
    form = scan(phone, bert).select_one("form[action$='/switch']")
    phone.submit(form)
    later(seconds=10)
    phone.submit(form, status=409)
    assert Scan.select().where(Scan.resident == bert.resident.id, Scan.stopped == False).count() == 1  # noqa: E712


def test_a_label_revoked_between_stop_and_switch_opens_nothing(world, browser):
    (ivy, bert), phone = two(world), browser.sign_in("amina")
    scan(phone, ivy)
    form = scan(phone, bert).select_one("form[action$='/switch']")
    builders.label_actions.revoke_label(by=world.actor("rosa"), label_id=bert.label_id, reason="On the wrong door")
    phone.submit(form, status=404)
    assert "taken out of use" in words(phone.page) and newest_scan().stopped


def test_a_label_that_looks_wrong_is_put_in_front_of_those_who_look_after_labels(world, browser):
    from medpwa import alerts

    (ivy, bert), phone = two(world), browser.sign_in("amina")
    scan(phone, ivy)
    form = scan(phone, bert).select_one("form[action$='/label-wrong']")
    phone.submit(form)
    assert phone.url == ivy.url and "Told: those who look after labels" in words(phone.page)
    phone.submit(form)
    (alert,) = alerts.open_for(world.actor("sena"))
    assert "Amina Okoro thinks a label is in the wrong place" in alert.words and "Bert Olney" in alert.words
    assert alerts.open_for(world.actor("amina")) == [] and ledger.verify() == []


def test_a_stop_is_its_own_persons_and_its_own_homes(world, browser):
    (ivy, bert), phone = two(world), browser.sign_in("amina")
    scan(phone, ivy)
    scan(phone, bert)
    stop = newest_scan().id
    for who, path in (
        ("tolu", f"{HOME}/stop/{stop}"),
        ("nia", f"/h/elm/stop/{stop}"),
        ("amina", f"{HOME}/stop/{10**30}"),
        ("amina", f"{HOME}/stop/0"),
        ("amina", f"{HOME}/stop/{stop - 1}"),  # the scan that opened Ivy is no stop
    ):
        fresh = browser.sign_in(who)
        fresh.get(path, status=404)
        for way in ("switch", "label-wrong"):
            fresh.post(f"{path}/{way}", {}, status=404)
    phone.get(f"{HOME}/stop/{stop}")


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
        assert page.select_one("input[name=code]")["value"] == code[:40]


def test_a_dose_of_the_open_card_stays_due_on_the_clock_alone(world, browser):
    """A stop, a switch and a wrong code are no outcome of anything."""
    (ivy, bert), phone = two(world), browser.sign_in("amina")
    scan(phone, ivy)
    scan(phone, bert)
    clock.stand_at(on("12:31"))
    (line,) = queries.lines_between(world.actor("amina"), on("11:00"), on("12:00"), clock.now(), ivy.resident.id)
    assert line.state.kind == "late" and line.entries == ()
    assert beside(world, ivy.resident, medicine="docusate sodium", strength="100 mg").entries() == []
