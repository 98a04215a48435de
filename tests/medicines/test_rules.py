"""States, versions and words of orders, as tables: no database."""

import datetime as dt
from decimal import Decimal

import pytest

from medpwa import clock
from medpwa.medicines import rules
from tests.medicines.facts import LONG_AGO, facts

NOW = clock.local_to_instant(dt.datetime(2026, 11, 16, 11, 40))
DAY = dt.timedelta(days=1)


def plain(text):
    return text.replace("\u00a0", " ")


# ---------------------------------------------------------------- states and versions


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "active"),
        ({"hand_keyed": True, "checked": False}, "awaiting_check"),
        ({"hand_keyed": True, "checked": True}, "active"),
        ({"stopped": True, "checked": False}, "stopped"),
        ({"ends_on": dt.date(2026, 11, 15)}, "finished"),
        ({"ends_on": dt.date(2026, 11, 16)}, "active"),  # the last day is a day with doses
        ({"ends_on": dt.date(2026, 11, 15), "stopped": True}, "stopped"),
        ({"starts_on": dt.date(2026, 12, 1)}, "active"),
    ],
)
def test_an_order_is_stopped_then_finished_then_waiting_else_active(changes, state):
    assert rules.state(facts(**changes), NOW) == state
    assert rules.state_words(facts(**changes), NOW)


def test_a_version_counts_from_its_first_moment_to_the_next_ones():
    first, second = facts(valid_to=NOW), facts(version_id=2, number=2, valid_from=NOW)
    assert rules.in_force((first, second), NOW - DAY) == [first]
    assert rules.in_force((first, second), NOW) == [second]
    assert rules.in_force((second,), NOW - DAY) == []


def test_versions_made_in_one_moment_leave_only_the_last():
    first, second = facts(valid_from=NOW, valid_to=NOW), facts(version_id=2, number=2, valid_from=NOW)
    assert rules.in_force((first, second), NOW) == [second]


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "co-careldopa 25/100 mg tablet"),
        ({"medicine": "emollient", "strength": "", "form": "cream"}, "emollient cream"),
        (
            {"medicine": "levothyroxine", "strength": "75micrograms"},
            "levothyroxine 75 micrograms tablet",
        ),
        (
            {
                "medicine": "calcium carbonate / colecalciferol",
                "strength": "1.5 g/400 units",
                "form": "chewable tablet",
            },
            "calcium carbonate / colecalciferol 1.5 g/400 units chewable tablet",
        ),
    ],
)
def test_a_medicine_is_named_whole(changes, words):
    assert plain(rules.medicine_words(facts(**changes))) == words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "1 tablet"),
        ({"dose_amount": Decimal("2.0"), "dose_unit": "capsule", "dose_text": "750 mg"}, "2 capsules (750 mg)"),
        ({"dose_amount": Decimal("0.5")}, "half a tablet"),
        ({"dose_amount": Decimal("1.50")}, "1.5 tablets"),
        ({"dose_amount": Decimal("0.5"), "dose_unit": "mL"}, "0.5 mL"),
        ({"dose_amount": Decimal("10"), "dose_unit": "mL", "dose_text": "500 mg"}, "10 mL (500 mg)"),
        ({"dose_unit": "drop", "route": "eye", "site": "both eyes"}, "1 drop in both eyes"),
        ({"dose_unit": "application", "route": "skin", "site": "arms and legs"}, "1 application to arms and legs"),
        ({"dose_amount": Decimal("2"), "dose_unit": "puff", "route": "inhaled"}, "2 puffs"),
        ({"dose_amount": Decimal("1E+2"), "dose_unit": "mL"}, "100 mL"),
    ],
)
def test_a_dose_is_said_without_trailing_and_with_leading_noughts(changes, words):
    assert plain(rules.dose_words(facts(**changes))) == words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "1 tablet, by mouth, at 07:00, 11:00, 15:00 and 19:00. Wake if asleep."),
        ({"times": ("22:00",), "instructions": ()}, "1 tablet, by mouth, at 22:00."),
        (
            {"dose_unit": "drop", "route": "eye", "site": "both eyes", "times": ("08:00", "21:00"), "instructions": ()},
            "1 drop in both eyes, at 08:00 and 21:00.",
        ),
        (
            {"route": "peg", "site": "", "times": ("08:00",), "instructions": ("flush with 30 mL of water.",)},
            "1 tablet, through the feeding tube, at 08:00. Flush with 30 mL of water.",
        ),
        (
            {"times": ("08:00",), "instructions": (), "ends_on": dt.date(2026, 11, 20)},
            "1 tablet, by mouth, at 08:00. Last day 20 Nov 2026.",
        ),
    ],
)
def test_directions_are_made_from_the_structure(changes, words):
    assert plain(rules.directions(facts(**changes))) == words


def test_the_card_says_the_line_without_its_times():
    assert plain(rules.line_words(facts(instructions=("With food",)))) == "1 tablet, by mouth. With food."


def test_numbers_and_units_never_part_at_the_end_of_a_line():
    said = rules.directions(facts(dose_text="500 mg", instructions=("Stir into 125 mL of water",)))
    assert "1\u00a0tablet (500\u00a0mg)" in said and "125\u00a0mL" in said
    assert rules.kept_together("50/200 mg") == "50/200\u00a0mg"
    assert rules.kept_together("2 glasses") == "2 glasses"  # a g that is not a unit


def test_the_sign_offs_an_order_asks_for_are_all_named():
    assert rules.skill_words(facts(required_skills=("oral", "controlled"))) == "Medicines by mouth and Controlled drugs"


# ---------------------------------------------------------------- allergies


@pytest.mark.parametrize(
    ("substances", "medicine", "match"),
    [
        (["Penicillin V", "Senna"], "senna", "Senna"),
        (["sodium valproate"], "sodium chloride", None),  # one word of two is no match
        (["valproate"], "sodium valproate", "valproate"),
        (["Trimethoprim 200 mg"], "trimethoprim", "Trimethoprim 200 mg"),
        (["sulfonamides"], "co-trimoxazole", None),  # it knows nothing of families
        (["codeine"], "co-codamol", None),
        (["ol"], "bisoprolol", None),  # words, not letters
        ([""], "senna", None),
        ([], "senna", None),
        (["CARBOCISTEINE"], "carbocisteine", "CARBOCISTEINE"),
    ],
)
def test_an_allergy_is_matched_by_whole_words_only(substances, medicine, match):
    assert rules.allergy_match(substances, medicine) == match


def test_facts_cannot_be_changed():
    with pytest.raises(AttributeError):
        facts().dose_amount = Decimal(9)
    assert facts().valid_from == LONG_AGO
