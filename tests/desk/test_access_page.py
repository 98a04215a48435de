"""Who opened what: pages by their names, filters, pages that follow one another, and that reading it is noted too."""

import datetime as dt

import pytest
from flask import g

from medpwa import clock, notes, pages
from medpwa.desk import access
from medpwa.desk.access import AccessAsked
from medpwa.desk.vocabulary import PAGE_WORDS, PIECES
from medpwa.notes import AccessLine
from tests import builders
from tests.browse import words
from tests.desk.test_ledger_page import plan
from tests.mar.steps import bedside

ACCESS = "/h/rowan/ledger/access"


def lines(page) -> list[str]:
    return [words(x) for x in page.select(".trail__body")]


def asked(world, **more) -> AccessAsked:
    now = clock.now()
    return AccessAsked(world.home().id, now - dt.timedelta(days=7), now + dt.timedelta(days=1), **more)


def test_openings_are_told_in_words_with_whom_they_were_about(world, browser):
    bed = bedside(world)
    amina = browser.sign_in("amina")
    amina.get("/h/rowan/round")
    amina.get(f"/h/rowan/residents/{bed.resident.id}")
    notes.flush()
    said = lines(browser.sign_in("rosa").get(ACCESS))
    assert "Amina Okoro opened the record, about Ivy Cartledge" in said
    assert "Amina Okoro opened the round: everybody due, with what is open" in said


def test_openings_are_asked_for_by_person_and_by_whom_they_were_about(world, browser):
    bed = bedside(world)
    for name in ("amina", "sena"):
        someone = browser.sign_in(name)
        g.pop("subject", None)  # the tests' requests share one application context, the product's do not
        someone.get("/h/rowan/residents")
        someone.get(f"/h/rowan/residents/{bed.resident.id}")
    notes.flush()
    rosa = browser.sign_in("rosa")
    said = lines(rosa.get(f"{ACCESS}?person={world.person_id('amina')}"))
    assert len(said) == 2 and all(x.startswith("Amina Okoro opened") for x in said)
    said = lines(rosa.get(f"{ACCESS}?about=resident-{bed.resident.id}"))
    assert len(said) == 2 and all("Ivy Cartledge" in x for x in said)


def test_reading_about_a_resident_here_is_noted_itself(world, browser):
    bed = bedside(world)
    rosa = browser.sign_in("rosa")
    for url in (f"/h/rowan/ledger?about=resident-{bed.resident.id}", f"{ACCESS}?about=resident-{bed.resident.id}"):
        rosa.get(url)
    rosa.get(f"/h/rowan/residents/{bed.resident.id}/history/print")
    notes.flush()
    found = {x.page for x in AccessLine.select().where(AccessLine.subject == f"resident:{bed.resident.id}")}
    assert found == {
        "/h/<home>/ledger",
        "/h/<home>/ledger/access",
        "/h/<home>/residents/<int:resident_id>/history/print",
    }


def test_openings_of_one_instant_come_once_each_over_the_pages(world, browser):
    rosa = browser.sign_in("rosa")
    for _ in range(9):
        rosa.get("/h/rowan/floor")
    notes.flush()
    whole, _ = access.openings(asked(world))
    assert len(whole) == 9
    seen, before = 0, None
    while True:
        page, before = access.openings(asked(world), before, most=4)
        seen += len(page)
        if before is None:
            break
    assert seen == 9


def test_pictures_inside_pages_do_not_bury_the_rest(world, browser):
    rosa = browser.sign_in("rosa")
    for rule in PIECES:
        notes.access(world.actor("rosa"), rule)
    notes.flush()
    assert lines(rosa.get(ACCESS)) == [] and "No page was opened in the last 7 days" in words(rosa.page.h1)


def test_how_long_they_are_kept_is_said_as_it_is(world, browser):
    rosa = browser.sign_in("rosa")
    rosa.get("/h/rowan/floor")
    notes.flush()
    said = words(rosa.get(ACCESS))
    assert "kept for 3 years, then let go; the ledger says when. The oldest here is from 16 Nov 2026." in said


def test_another_homes_openings_are_not_there(world, browser):
    elm = builders.resident(world.system("elm"), "Ada", "Stone")
    notes.access(world.actor("nia", "elm"), "/h/<home>/residents/<int:resident_id>", f"resident:{elm.id}")
    notes.flush()
    assert lines(browser.sign_in("rosa").get(ACCESS)) == []


def test_every_page_has_a_name_and_every_name_a_page(app):
    """A new page that reads about people would otherwise stand in the list without words."""
    named, routes = set(PAGE_WORDS) | set(PIECES), [r for r in pages.ROUTES if r.method == "GET"]
    behind_a_door = {r.rule for r in routes if r.permit != "open" and "/try" not in r.rule}
    assert sorted(behind_a_door - named) == [], "name it in medpwa/desk/vocabulary.py"
    assert sorted(named - {r.rule for r in routes}) == [], "this page is gone"


@pytest.mark.parametrize(
    "question", [{}, {"person": 7}, {"subject": "resident:1"}, {"subject": "x", "person": 7}], ids=str
)
@pytest.mark.parametrize("before", [None, (1_800_000_000_000_000, 50)], ids=["first page", "later page"])
def test_no_question_reads_all_openings_or_sorts_them(world, question, before):
    from medpwa import database

    said = plan(*access.statement(asked(world, **question), before, 41))
    if database.is_sqlite():
        assert "SEARCH access_line USING INDEX" in said and "SCAN" not in said and "TEMP B-TREE" not in said, said
    else:
        assert "Index Scan" in said and "Seq Scan" not in said and "Sort" not in said, said
