"""The live floor board: one sentence, people as tiles by unit, what waits, who was refused, and it refreshes itself."""

from __future__ import annotations

import datetime as dt

import pytest

from medpwa import clock, notes
from medpwa.checks import queries
from medpwa.errors import Refused
from medpwa.staff.models import Session
from tests import builders
from tests.browse import words
from tests.mar.steps import DOCUSATE, HOME, bedside, beside, house, later, on


@pytest.fixture
def full(world):
    return house(world)


def board(world, who: str = "tolu") -> queries.Board:
    return queries.board(world.actor(who))


def tiles(world) -> dict[str, queries.Tile]:
    return {t.name: t for f in board(world).floors for t in f.tiles}


def said(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_the_first_line_says_how_many_are_overdue_and_where(world, full):
    assert board(world).sentence == "2 overdue on Ground floor"
    clock.stand_at(on("13:31"))
    assert board(world).sentence == "6 overdue in the home"


def test_when_nobody_is_late_it_says_who_is_due(world):
    assert board(world).sentence == "Nobody is late"
    bed = bedside(world)
    assert board(world).sentence == "Nobody is late, 1 due now"
    bed.record(bed.open("amina"))
    assert board(world).sentence == "Nobody is late"


def test_people_stand_by_unit_with_those_who_wait_longest_first(world, full):
    first, second = board(world).floors
    assert [(f.name, f.count) for f in (first, second)] == [("Ground floor", "6 people"), ("First floor", "1 person")]
    names = [t.name for t in first.tiles]
    assert set(names[:2]) == {"Ada Able", "Bea Bond"}, "late ones lead"
    assert names[0] == "Ada Able", "70 minutes late before 40"
    assert names[2] == "Fay Ford", "then a gap"


def test_a_tile_says_the_weightiest_state_of_a_person(world, full):
    beside(world, full["Ada"].resident, due="12:30", **DOCUSATE)
    found = tiles(world)
    ada = found["Ada Able"]
    assert ada.late and (ada.tone, said(ada.words)) == ("late", "1 hour 10 min late") and "senna" in ada.medicine
    assert (found["Cyn Cole"].tone, said(found["Cyn Cole"].words)) == ("due", "Due 12:30")
    assert (found["Fay Ford"].tone, found["Gus Gray"].tone) == ("missed", "coming")
    full["Dot"].record(full["Dot"].open("amina"), "refused")
    assert tiles(world)["Dot Dunn"].tone == "not_given"
    full["Eve"].record(full["Eve"].open("amina"))
    assert tiles(world)["Eve Eden"].given == 1
    builders.residents.move_resident(by=world.actor("sena"), resident_id=full["Ada"].resident.id, state="hospital")
    assert tiles(world)["Ada Able"].tone == "away"


def test_somebody_without_medicines_says_so(world):
    builders.resident(world.system())
    assert tiles(world)["Ivy Cartledge"].words == "No medicines due"


def test_counts_are_of_the_last_24_hours_in_words(world, full):
    assert dict(board(world).counts) == {
        "given": "0 given",
        "due": "4 due",
        "late": "2 late",
        "missed": "1 without a record",
    }
    full["Cyn"].record(full["Cyn"].open("amina"))
    full["Dot"].record(full["Dot"].open("amina"), "not_available", reason="damaged")
    full["Ada"].report(world.actor("amina"))
    found = dict(board(world).counts)
    assert (found["given"], found["not_given"], found["late"]) == ("2 given", "1 not given, with a reason", "1 late")
    assert found["flagged"] == "1 to review" and tiles(world)["Ada Able"].second == "1 to review"


def test_a_refused_attempt_stands_on_the_board_until_the_next_shift(world, browser, full):
    with pytest.raises(Refused):
        full["Cyn"].record(full["Cyn"].open("ben"))
    with pytest.raises(Refused):
        full["Cyn"].record(full["Cyn"].open("cara"))
    attempts = board(world).attempts
    assert [said(a.words) for a in attempts] == [
        "Cara Lund was about to give senna 7.5 mg tablet and is not signed off for it.",
        "Ben Hale was about to give senna 7.5 mg tablet and is not signed off for it.",
    ]
    assert attempts[0].url == f"{HOME}/residents/{full['Cyn'].resident.id}/card"
    with pytest.raises(Refused):  # another kind of refusal is no attempt without a sign-off
        full["Ada"].record(world.actor("amina"))
    assert len(board(world).attempts) == 2
    assert "is not signed off for it" in words(browser.sign_in("tolu").get(f"{HOME}/floor"))
    assert "is not signed off for it" not in words(browser.sign_in("ben").get(f"{HOME}/floor"))
    later(hours=12)
    assert board(world).attempts == ()


def test_the_board_refreshes_without_a_reload_and_keeps_no_session_alive(world, browser, full):
    desk = browser.sign_in("tolu")
    page = desk.get(f"{HOME}/floor")
    piece = page.select_one("#floor")
    assert "every 10s" in piece["hx-trigger"] and piece["hx-get"] == f"{HOME}/floor/now"
    row = Session.select().order_by(Session.id.desc()).first()
    full["Ada"].record(full["Ada"].open("amina"))
    assert "1 overdue on Ground floor" in words(desk.fragment(piece["hx-get"]))
    desk.awake = False
    for _ in range(2):
        later(minutes=7)
        desk.fragment(piece["hx-get"])
    notes.flush()
    assert Session.get_by_id(row.id).last_seen == row.last_seen
    later(minutes=1)
    desk.fragment(piece["hx-get"], status=423)
    desk.get(f"{HOME}/floor", status=423)


def test_the_board_shows_nothing_of_another_home(world, browser, full):
    builders.resident(world.system("elm"), "Zoe", "Zinc")
    assert "Zoe" not in words(browser.sign_in("nia").get(f"{HOME}/floor"))
    assert "Zoe Zinc" in words(browser.sign_in("nia").get("/h/elm/floor"))
    for name in ("amina", "nell"):
        browser.sign_in(name).get("/h/elm/floor", status=404)
    browser.get(f"{HOME}/floor")
    assert browser.url == "/sign-in"


def test_those_who_left_are_gone_from_the_board_with_their_doses(world, full):
    later(seconds=1)
    builders.residents.move_resident(by=world.actor("rosa"), resident_id=full["Ada"].resident.id, state="discharged")
    assert "Ada Able" not in tiles(world) and board(world).sentence == "1 overdue on Ground floor"


def test_a_gap_leaves_the_board_after_a_day(world, full):
    clock.stand_at(on("08:00", clock.local_day(clock.now()) + dt.timedelta(days=1)))
    assert tiles(world)["Fay Ford"].tone in ("missed", "due")
    clock.stand_at(on("20:00"))
    assert dict(board(world).counts)["missed"] == "8 without a record", "one for each order, none twice"
