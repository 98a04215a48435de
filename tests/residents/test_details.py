"""What may be written about a resident, and how what people type is read."""

import datetime as dt
from decimal import Decimal

import pytest

from medpwa.residents import details, forms, rules
from medpwa.residents.details import AllergyItem, Move, ResidentDetails
from medpwa.residents.rules import Stay

TODAY = dt.date(2026, 11, 16)
NOW = dt.datetime(2026, 11, 16, 11, 40, tzinfo=dt.UTC)
UNITS = ["Ground floor", "First floor"]
GOOD = dict(given_name="Ivy", family_name="Cartledge", born=dt.date(1936, 5, 22), unit="Ground floor")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({}, None),
        ({"given_name": ""}, "given_name"),
        ({"family_name": "  --  "}, "family_name"),
        ({"given_name": "x" * 101}, "given_name"),
        ({"born": dt.date(2026, 11, 17)}, "born"),
        ({"born": dt.date(1900, 1, 1)}, "born"),
        ({"born": TODAY}, None),
        ({"nhs_number": "9993996742"}, None),
        ({"nhs_number": "9993996743"}, "nhs_number"),
        ({"unit": "Attic"}, "unit"),
        ({"unit": ""}, "unit"),
        ({"room": "1" * 21}, "room"),
        ({"fluid_level": 5}, "fluid_level"),
        ({"food_level": 2}, "food_level"),
        ({"weight_kg": Decimal("NaN")}, "weight_kg"),
        ({"weight_kg": Decimal("-5")}, "weight_kg"),
        ({"weight_kg": Decimal("47.5")}, None),
        ({"likes": "x" * 2001}, "likes"),
        ({"alert": "x" * 2000}, None),
    ],
)
def test_details_that_cannot_stand_say_which_field_and_why(change, field):
    faults = details.details_faults(ResidentDetails(**{**GOOD, **change}), TODAY, UNITS)
    assert [name for name, _ in faults] == ([field] if field else [])
    assert all(words.endswith((".", "“")) and words[0].isupper() for _, words in faults)


def test_details_are_kept_in_one_spelling():
    typed = ResidentDetails(**GOOD, preferred_name="Ivy", room="Room 7", nhs_number="999 399 6742")
    tidy = details.tidied(typed)
    assert (tidy.preferred_name, tidy.room, tidy.nhs_number) == ("", "7", "9993996742")


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("22 5 1936", dt.date(1936, 5, 22)),
        ("22/05/1936", dt.date(1936, 5, 22)),
        ("22.5.1936", dt.date(1936, 5, 22)),
        ("22 May 1936", dt.date(1936, 5, 22)),
        ("22-may-1936", dt.date(1936, 5, 22)),
        ("1936-05-22", dt.date(1936, 5, 22)),
        ("２２ ５ １９３６", dt.date(1936, 5, 22)),
        ("31 February 1936", None),
        ("31/2/1936", None),
        ("22 Mai 1936", None),
        ("5/22/1936", None),
        ("22 5 36", None),
        ("0/0/0000", None),
        ("-1/5/1936", None),
        ("NaN", None),
        ("²²/5/1936", dt.date(1936, 5, 22)),
        ("today", None),
        ("9" * 1_000_000, None),
        ("", None),
    ],
)
def test_a_typed_day_is_a_day_or_nothing(typed, day):
    assert forms.day_of(typed) == day


@pytest.mark.parametrize(
    ("typed", "time"),
    [
        ("08:04", dt.time(8, 4)),
        ("8.04", dt.time(8, 4)),
        ("23:59:59", dt.time(23, 59)),
        ("24:00", None),
        ("8", None),
        ("08:60", None),
        ("noon", None),
        ("x" * 1_000_000, None),
        ("", None),
    ],
)
def test_a_typed_time_is_a_time_or_nothing(typed, time):
    assert forms.time_of(typed) == time


@pytest.mark.parametrize(
    ("typed", "kg"),
    [("47", "47"), ("47.5", "47.5"), ("47,5", "47.5"), ("5", None), ("401", None), ("1e2", None), ("NaN", None),
     ("-47", None), ("４７", None), ("", None), ("9" * 5000, None)],
)  # fmt: skip
def test_a_typed_weight_is_a_persons_weight_or_nothing(typed, kg):
    assert details.weight_of(typed) == (Decimal(kg) if kg else None)


# ---------------------------------------------------------------- allergies


@pytest.mark.parametrize(
    ("status", "items", "field"),
    [
        ("recorded", [AllergyItem("penicillin", "rash")], None),
        ("recorded", [], "substance_1"),
        ("recorded", [AllergyItem("penicillin"), AllergyItem("", "rash")], "substance_2"),
        ("recorded", [AllergyItem("", "", severe=True)], "substance_1"),
        ("recorded", [AllergyItem("x" * 201)], "substance_1"),
        ("recorded", [AllergyItem("x", "y" * 201)], "reaction_1"),
        ("recorded", [AllergyItem("x")] * 31, "allergy_status"),
        ("none", [], None),
        ("none", [AllergyItem("penicillin")], "allergy_status"),
        ("not_recorded", [], None),
        ("not_recorded", [AllergyItem("penicillin")], "allergy_status"),
        ("", [], "allergy_status"),
        ("maybe", [], "allergy_status"),
    ],
)
def test_an_allergy_statement_is_a_list_or_none_known_or_not_recorded(status, items, field):
    faults = details.allergy_faults(status, tuple(items))
    assert [name for name, _ in faults] == ([field] if field else [])


def test_a_fault_in_an_allergy_list_points_at_the_row_that_was_typed():
    form = forms.AllergyForm("recorded", [AllergyItem("latex"), AllergyItem(""), AllergyItem("", "rash")])
    assert form.faults()[0][0] == "substance_3"
    assert form.items == (AllergyItem("latex"), AllergyItem("", "rash"))


def test_the_form_has_six_rows_without_javascript_and_room_to_grow():
    assert len(forms.AllergyForm().shown) == 6
    assert len(forms.AllergyForm("recorded", [AllergyItem(str(n)) for n in range(9)]).shown) == 11
    assert len(forms.AllergyForm("recorded", [AllergyItem(str(n)) for n in range(30)]).shown) == 30


# ---------------------------------------------------------------- whereabouts


def hours(n: float) -> dt.datetime:
    return NOW + dt.timedelta(hours=n)


LINE = rules.spans([Stay(1, hours(-900), "home"), Stay(2, hours(-100), "hospital"), Stay(3, hours(-90), "home")])
DIED = rules.spans([Stay(1, hours(-900), "home"), Stay(2, hours(-2), "died")])


@pytest.mark.parametrize(
    ("move", "line", "field"),
    [
        (Move("hospital", NOW), LINE, None),
        (Move("hospital", hours(-0.2)), LINE, None),
        (Move("hospital", hours(-3)), LINE, "note"),  # an earlier time says why
        (Move("hospital", hours(-3), None, "Forgot to record it"), LINE, None),
        (Move("hospital", hours(0.1)), LINE, "at"),  # not in the future
        (Move("hospital", hours(-50), None, "late"), LINE, "at"),  # before yesterday
        (Move("hospital", hours(-901), None, "late"), LINE, "at"),  # before they came
        (Move("home", NOW), LINE, "state"),  # nothing would change
        (Move("hospital", NOW, hours(-1)), LINE, "back"),
        (Move("hospital", NOW, hours(8)), LINE, None),
        (Move("moon", NOW), LINE, "state"),
        (Move("hospital", NOW, None, "x" * 2001), LINE, "note"),
        (Move("home", NOW), DIED, "note"),  # taking back a death says why
        (Move("home", NOW, None, "Recorded for the wrong person"), DIED, None),
    ],
)
def test_a_change_of_whereabouts_is_now_or_a_little_earlier_with_a_reason(move, line, field):
    faults = details.move_faults(move, line, NOW, hours(-36))
    assert [name for name, _ in faults] == ([field] if field else [])
