"""The letters of the outcomes: a display map the home chooses, words always beside, never in an entry."""

import json

import pytest

from medpwa import database, ledger
from medpwa.errors import Invalid
from medpwa.mar import letter_actions, outcome_letters
from medpwa.mar.models_after import OutcomeLetters
from tests.browse import words
from tests.mar.steps import HOME, bedside, later


def choose(world, **changes):
    chosen = dict(outcome_letters.DEFAULTS) | changes
    return letter_actions.set_letters(by=world.actor("rosa"), chosen=chosen)


def test_every_default_is_there_once_and_short():
    assert outcome_letters.problems(outcome_letters.DEFAULTS) == []
    assert all(1 <= len(x) <= 2 for x in outcome_letters.DEFAULTS.values())


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"refused": ""}, ["refused"]),
        ({"refused": "REF"}, ["refused"]),
        ({"asleep": "R"}, ["asleep"]),
        ({"asleep": "r"}, ["asleep"]),
        ({"other": " "}, ["other"]),
        ({"refused": "S", "asleep": "R"}, []),
    ],
)
def test_each_letter_stands_once_and_is_short(world, changes, fields):
    if not fields:
        assert choose(world, **changes) is not None
        return
    with pytest.raises(Invalid) as no:
        choose(world, **changes)
    assert [f for f, _ in no.value.errors] == fields and OutcomeLetters.select().count() == 0


def test_a_home_shows_its_own_letters_from_then_on_and_the_same_again_is_nothing(world):
    home_id = world.home().id
    assert outcome_letters.letters_of(home_id)["refused"] == "R"
    before = later(minutes=1)
    later(minutes=1)
    choose(world, refused="A")
    assert outcome_letters.letters_of(home_id)["refused"] == "A"
    assert outcome_letters.letters_of(home_id, before)["refused"] == "R"
    assert choose(world, refused="A") is None and OutcomeLetters.select().count() == 1
    assert outcome_letters.letters_of(world.home("elm").id)["refused"] == "R", "another home's letters are its own"
    assert ledger.verify() == []


def test_managers_choose_them_on_a_page_and_paper_shows_them_with_words_and_legend(world, browser):
    bed, desk = bedside(world), browser.sign_in("rosa")
    bed.record(bed.open("amina"), "refused")
    page = desk.get(f"{HOME}/letters")
    form = page.find("form", action=f"{HOME}/letters")
    assert form.select_one("input[name=refused]")["value"] == "R"
    desk.submit(form, refused="S", status=422)
    assert "stands for" in words(desk.page) and desk.page.select_one("input[name=refused]")["value"] == "S"
    desk.submit(desk.page.find("form", action=f"{HOME}/letters"), refused="Q")
    assert "The letters are kept" in words(desk.page) and "Q for refused" in words(desk.page)
    for path in ("round/sheet", f"residents/{bed.resident.id}/history/print"):
        said = words(desk.get(f"{HOME}/{path}")).replace("\u2002", " ")
        assert "Q Refused" in said and "Letters:" in said and "Q refused" in said, path
    stored = database.rows("SELECT outcome, extra, note FROM entry")
    assert [row[0] for row in stored] == ["refused"] and "Q" not in json.dumps(stored[0][1:])


def test_nobody_else_may_choose_them(world, browser):
    for who in ("amina", "tolu", "quinn"):
        browser.sign_in(who).get(f"{HOME}/letters", status=404)
