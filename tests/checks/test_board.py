"""The live floor board: one sentence, people as tiles by unit, what waits and for whom, and it refreshes itself."""

from __future__ import annotations

import datetime as dt

import pytest

from medpwa import clock, notes
from medpwa.checks import queries
from medpwa.checks import wall as walls
from medpwa.errors import Refused
from medpwa.mar import asking
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
    assert board(world).sentence == "2 doses overdue on Ground floor"
    clock.stand_at(on("13:31"))
    assert board(world).sentence == "6 doses overdue in the home"


def test_when_nobody_is_late_it_says_who_is_due(world):
    assert board(world).sentence == "Nobody is late"
    bed = bedside(world)
    assert board(world).sentence == "Nobody is late, 1 person due now"
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
        "given": "0 doses given",
        "due": "4 doses due",
        "late": "2 doses late",
        "missed": "1 dose without a record",
    }
    full["Cyn"].record(full["Cyn"].open("amina"))
    full["Dot"].record(full["Dot"].open("amina"), "not_available", reason="damaged")
    full["Ada"].report(world.actor("amina"))
    found = dict(board(world).counts)
    assert (found["given"], found["not_given"], found["late"]) == (
        "2 doses given",
        "1 dose not given, with a reason",
        "1 dose late",
    )
    assert found["flagged"] == "1 report to review" and tiles(world)["Ada Able"].second == "1 to review"


def test_a_dose_somebody_unsigned_tried_to_give_needs_somebody_and_nobody_is_blamed(world, browser, full):
    for who in ("ben", "cara"):
        with pytest.raises(Refused):
            full["Cyn"].record(full["Cyn"].open(who))
    (need,) = board(world).needs
    assert said(need.words) == "Senna 7.5 mg tablet for Cyn: needs somebody signed off", "once, and about the dose"
    assert (said(need.at_words), need.url) == ("Due today 12:30", full["Cyn"].url) and need.people == ""
    with pytest.raises(Refused):  # another kind of refusal is no sign of a shortage
        full["Ada"].record(world.actor("amina"))
    assert len(board(world).needs) == 1
    on_floor = words(browser.sign_in("tolu").get(f"{HOME}/floor"))
    assert "needs somebody signed off" in on_floor and "Ben Hale" not in on_floor and "Cara Lund" not in on_floor
    assert "needs somebody signed off" not in words(browser.sign_in("ben").get(f"{HOME}/floor"))


@pytest.mark.parametrize("who", ["rosa", "dee", "quinn"])
def test_managers_and_overseers_read_who_tried_and_who_asked(world, full, who):
    with pytest.raises(Refused):
        full["Cyn"].record(full["Cyn"].open("ben"))
    asking.ask_help(by=world.actor("cara"), resident_id=full["Ada"].resident.id, key=full["Ada"].key, kind="supervise")
    found = {n.words.rpartition(" for ")[2].partition(":")[0]: n.people for n in board(world, who).needs}
    assert found == {"Cyn": "Tried by Ben Hale", "Ada": "Help asked for by Cara Lund"}
    assert [n.people for n in board(world, "sena").needs] == ["", ""], "a senior reads of the dose alone"


def test_a_dose_that_was_seen_to_and_one_of_yesterday_need_nobody(world, full):
    for name in ("Cyn", "Fay"):
        with pytest.raises(Refused):
            full[name].record(full[name].open("ben"))
    asking.ask_help(by=world.actor("ben"), resident_id=full["Ada"].resident.id, key=full["Ada"].key, kind="supervise")
    full["Cyn"].record(full["Cyn"].open("amina"))
    assert [n.url for n in board(world).needs] == [full["Ada"].url], "what has closed is refused for that"
    later(hours=12)
    assert board(world).needs == ()


def test_the_board_refreshes_without_a_reload_and_keeps_no_session_alive(world, browser, full):
    desk = browser.sign_in("tolu")
    page = desk.get(f"{HOME}/floor")
    piece = page.select_one("#floor")
    assert "every 10s" in piece["hx-trigger"] and piece["hx-get"] == f"{HOME}/floor/now"
    row = Session.select().order_by(Session.id.desc()).first()
    full["Ada"].record(full["Ada"].open("amina"))
    assert "1 dose overdue on Ground floor" in words(desk.fragment(piece["hx-get"]))
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
    assert "Ada Able" not in tiles(world) and board(world).sentence == "1 dose overdue on Ground floor"


def test_a_gap_leaves_the_board_after_a_day(world, full):
    clock.stand_at(on("08:00", clock.local_day(clock.now()) + dt.timedelta(days=1)))
    assert tiles(world)["Fay Ford"].tone in ("missed", "due")
    clock.stand_at(on("20:00"))
    assert dict(board(world).counts)["missed"] == "8 doses without a record", "one for each order, none twice"


def test_a_wall_says_each_state_in_a_word_and_a_time_and_never_a_name(world, full):
    tomorrow = clock.local_day(clock.now()) + dt.timedelta(days=1)
    bedside(world, given="Hal", family="Hope", room="9", due="04:00", starts_on=tomorrow)
    shown = walls.wall(world.actor("tolu"))
    tiles_ = {t.initials: t for f in shown.floors for t in f.tiles}
    assert (tiles_["AA"].tone, tiles_["AA"].words, tiles_["AA"].room) == ("late", "Late 11:30", "Room\u00a01")
    assert said(tiles_["CC"].words) == "Due 12:30" and tiles_["FF"].words == "No record"
    assert tiles_["GG"].words == "Next 16:00"
    assert tiles_["HH"].words == "Next 04:00", "one line, without a day: it looks 16 hours ahead"
    assert (shown.at_words, said(shown.day_words), shown.size) == ("12:40", "Monday 16 Nov 2026", "few")
