"""Duties from a file: looked at first, every fault by its line, and then all of them or none."""

import io

import pytest
from werkzeug.datastructures import FileStorage

from medpwa import clock, ledger
from medpwa.staff import duty_lines
from medpwa.staff.models import Duty
from tests.browse import words

URL = "/h/rowan/duties/import"
HEAD = "who,day,from,until,what\n"
GOOD = f"""{HEAD}Amina Okoro,17/11/2026,07:00,14:30,
sena,2026-11-17,20:45,07:15,leader
Dee Marsh,18/11/2026,7.00,7.00,on call
"""
PEOPLE = {"amina okoro": (1,), "amina": (1,), "zoë šmid": (2,), "sam hill": (3, 4)}


def look(browser, text=None, *, content=None, status=200):
    """Send a file or pasted lines to be looked at."""
    form = browser.get(URL).find("form", action=f"{URL}/look")
    sent = {"lines": text or ""}
    if content is not None:
        sent["file"] = FileStorage(io.BytesIO(content), "duties.csv", content_type="text/csv")
    return browser.submit(form, status=status, **sent)


def test_a_file_is_looked_at_and_then_brought_in_once(browser, world):
    tolu = browser.sign_in("tolu")
    before = Duty.select().count()
    page = look(tolu, GOOD)
    assert words(page.h1) == "3 duties are new in this file" and "Sena Addo" in words(page)
    assert Duty.select().count() == before, "looking adds nothing"
    form = page.find("form", action=URL)
    page = tolu.submit(form)
    assert "3 duties were added" in words(page)
    assert Duty.select().count() == before + 3
    rows = {(d.kind, clock.time_words(d.starts), clock.time_words(d.ends)) for d in Duty.select()}
    assert ("shift_leader", "20:45", "07:15") in rows and ("on_call", "07:00", "07:00") in rows
    tolu.submit(form)
    assert Duty.select().count() == before + 3, "the same file again adds nothing"
    page = look(tolu, GOOD)
    assert words(page.h1) == "0 duties are new in this file" and "3 more stand already" in words(page)
    assert ledger.verify() == []


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (",17/11/2026,07:00,14:30,", "does not say who"),
        ("Amina Oko,17/11/2026,07:00,14:30,", "Nobody called “Amina Oko” works here"),
        ("Amina Okoro,31/11/2026,07:00,14:30,", "“31/11/2026” is not a date"),
        ("Amina Okoro,17/11/2026,25:00,14:30,", "“25:00” is not a time"),
        ("Amina Okoro,17/11/2026,07:00,,", "A time is missing"),
        ("Amina Okoro,17/11/2026,07:00,14:30,boss", "“boss” is not what somebody does"),
        ("=HYPERLINK(1),17/11/2026,07:00,14:30,", "takes for a formula"),
        ('Amina Okoro,17/11/2026,07:00,14:30,"floor', "quotation mark"),
        ("Amina Okoro,17/11/2030,07:00,14:30,", "a year ahead"),
        ("Amina Okoro,17/11/2026,09:00,12:00,\nAmina Okoro,17/11/2026,11:00,13:00,", "same time as line 2"),
    ],
)
def test_every_fault_is_told_by_its_line_and_nothing_is_half_imported(browser, world, line, sentence):
    tolu, before = browser.sign_in("tolu"), Duty.select().count()
    text = f"{HEAD}{line}\nSena Addo,17/11/2026,07:00,14:30,\n"
    page = look(tolu, text, status=422)
    assert sentence in words(page.select_one("#faults")) and "Nothing was added" in words(page)
    assert "Sena Addo,17/11/2026" in str(page), "what was typed is kept"
    tolu.post(URL, {"lines": text}, status=422)
    assert Duty.select().count() == before


def test_somebody_who_is_on_the_list_then_already_is_a_fault(browser, world):
    tolu = browser.sign_in("tolu")
    tolu.post(URL, {"lines": GOOD})
    before = Duty.select().count()
    page = look(tolu, HEAD + "Amina Okoro,17/11/2026,07:00,15:00,\n", status=422)
    assert "Amina Okoro is on the list then already, Tue 17 Nov 07:00 to 14:30" in words(page)
    tolu.post(URL, {"lines": HEAD + "Amina Okoro,17/11/2026,14:30,15:00,\n"})
    assert Duty.select().count() == before + 1, "one straight after the other is no clash"


def test_who_has_left_cannot_be_brought_in_and_a_carer_brings_in_nobody(browser, world):
    from medpwa.staff import actions

    actions.end_person(by=world.actor("rosa"), person_id=world.person_id("ben"), reason="Moved away")
    page = look(browser.sign_in("tolu"), HEAD + "Ben Hale,17/11/2026,07:00,14:30,\n", status=422)
    assert "Nobody called “Ben Hale” works here" in words(page)
    amina = browser.sign_in("amina")
    amina.get(URL, status=404)
    amina.post(URL, {"lines": GOOD}, status=403)
    assert Duty.select().count() == 0


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_what_spreadsheets_save_is_read(coding, sign):
    text = "Name,Date,Start,End\r\nZoë Šmid,17/11/2026,07:00,14:30\r\n\r\n".replace(",", sign)
    read = duty_lines.read(duty_lines.text_of(text.encode(coding)), PEOPLE, "Europe/London")
    assert read.faults == () and [d.person_id for d in read.duties] == [2]


NO_TEXT = [b"\x00\x01", b"\x89PNG\r\n\x1a\n\x00", b"\xff\xfe\x00\xd8", "who".encode("utf-32")]


@pytest.mark.parametrize("content", NO_TEXT)
def test_what_is_no_text_is_said_to_be_none(browser, world, content):
    assert duty_lines.text_of(content) is None
    page = look(browser.sign_in("tolu"), content=content, status=422)
    assert "not text we can read" in words(page)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no column named who, day, from and until, or shift"),
        ("who,who,day,shift\n", "names “who” twice"),
        ("who,day,from\nAmina,1,1\n", "no column named from and until"),
        (HEAD, "no duty below"),
        (HEAD + "x\n" * 501, "at most 500"),
        ("who,day,shift\namina,17/11/2026,Twilight\n", "no shift called “Twilight”"),
        ("who,day,shift\nSam Hill,17/11/2026,Early\n", "2 people here are called “Sam Hill”"),
    ],
)
def test_a_file_that_is_none_says_what_is_missing(text, sentence):
    assert any(sentence in said for _, said in duty_lines.read(text, PEOPLE, "Europe/London").faults)


def test_a_night_in_which_the_clocks_change_has_its_own_length():
    read = duty_lines.read("who,day,shift\namina,24/10/2026,Night\n", PEOPLE, "Europe/London")
    (d,) = read.duties
    assert (d.ends - d.starts).total_seconds() == 11 * 3600


def test_too_large_a_file_is_refused_before_it_is_read(browser, world):
    page = look(browser.sign_in("tolu"), content=b"x" * (duty_lines.MOST_BYTES + 1), status=422)
    assert "more than 64 kB" in words(page)
