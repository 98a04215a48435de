"""Somebody else's code over an open card: a full stop, never a silent switch."""

from __future__ import annotations

from medpwa import clock, ledger, notes
from medpwa.mar import actions, queries
from medpwa.mar.models import Scan
from medpwa.staff.models import Session
from tests import builders
from tests.browse import words
from tests.mar.steps import DOCUSATE, HOME, ask, beside, later, make_ready, newest_scan, on, scan, take, two

# ---------------------------------------------------------------- somebody else's code


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


def test_the_history_says_how_a_code_was_read_and_whose_card_a_stop_kept_open(world, browser):
    (ivy, bert), phone = two(world), browser.sign_in("amina")
    scan(phone, ivy)
    assert "You scanned" in words(scan(phone, bert))
    actions.scan(by=world.actor("amina"), resident_id=bert.resident.id, label_id=bert.label_id, how="typed")
    door = beside(world, bert.resident, place="door", **DOCUSATE)
    door.open("amina", "scanner")
    later(minutes=1)
    actions.open_without_scan(by=world.actor("amina"), resident_id=bert.resident.id, reason="known")
    said = words(browser.sign_in("tolu").get(f"{HOME}/residents/{bert.resident.id}/rounds"))
    for line in (
        "Scanned the label kept with them, with the phone’s own camera. Stopped: Ivy Cartledge’s card was open",
        "Typed the code of the label kept with them",
        "Scanned the label on the door",
        "Opened the card without a scan: I know this person and the label is out of reach",
    ):
        assert line in said, said
    assert "or typed" not in said and said.lower().count("without a scan") == 1, "nothing is said twice"


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


def test_a_dose_of_the_open_card_stays_due_on_the_clock_alone(world, browser):
    """A stop, a switch and a wrong code are no outcome of anything."""
    (ivy, bert), phone = two(world), browser.sign_in("amina")
    scan(phone, ivy)
    scan(phone, bert)
    clock.stand_at(on("12:31"))
    (line,) = queries.lines_between(world.actor("amina"), on("11:00"), on("12:00"), clock.now(), ivy.resident.id)
    assert line.state.kind == "late" and line.entries == ()
    assert beside(world, ivy.resident, medicine="docusate sodium", strength="100 mg").entries() == []
