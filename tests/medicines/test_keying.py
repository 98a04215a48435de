"""What may be keyed, how it must be written, and when two keyings agree: as tables, no database."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medpwa.competency.vocabulary import ORDER_SKILLS
from medpwa.medicines import agreement, keying, writing
from medpwa.medicines.agreement import differences
from medpwa.medicines.keying import Keyed, OrderDetails, problems, shortest_gap
from medpwa.medicines.vocabulary import FORM_ROUTES, FORM_UNITS, FORMS, INSTRUCTIONS, QUICK_TIMES, ROUTE_SKILL, ROUTES
from tests.builders import order_details
from tests.medicines.facts import facts

GOOD = order_details()


def wrong(**changes) -> list[str]:
    return [field for field, _ in problems(replace(GOOD, **changes))]


def test_a_plain_order_is_fit():
    assert problems(GOOD) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"medicine": ""}, "medicine"),
        ({"medicine": "x" * 121}, "medicine"),
        ({"strength": "x" * 61}, "strength"),
        ({"form": "elixir"}, "form"),
        ({"form": ""}, "form"),
        ({"route": "elbow"}, "route"),
        ({"route": "skin", "required_skills": ("topical",)}, "route"),  # a tablet on the skin
        ({"dose_amount": None}, "dose_amount"),
        ({"dose_amount": Decimal(0)}, "dose_amount"),
        ({"dose_amount": Decimal(-1)}, "dose_amount"),
        ({"dose_amount": Decimal(1001)}, "dose_amount"),
        ({"dose_unit": "spoon"}, "dose_unit"),
        ({"dose_unit": "mL"}, "dose_unit"),  # a tablet counted in mL
        ({"times": ()}, "times"),
        ({"times": ("24:00",)}, "times"),
        ({"times": ("8:00",)}, "times"),
        ({"times": ("０8:00",)}, "times"),  # full-width digits
        ({"times": ("08:00", "08:00")}, "times"),
        ({"times": tuple(f"{h:02}:00" for h in range(13)), "window_before": 30, "window_after": 30}, "times"),
        ({"starts_on": None}, "starts_on"),
        ({"starts_on": dt.date(1026, 1, 1)}, "starts_on"),
        ({"ends_on": dt.date(2126, 1, 1)}, "ends_on"),
        ({"ends_on": dt.date(2026, 1, 4)}, "ends_on"),
        ({"window_before": -1}, "window_before"),
        ({"window_after": 721}, "window_after"),
        ({"window_after": 10**30}, "window_after"),
        ({"times": ("08:00", "10:00"), "window_after": 61}, "window_after"),
        ({"required_skills": ()}, "required_skills"),
        ({"required_skills": ("peg",)}, "required_skills"),
        ({"required_skills": ("oral", "juggling")}, "required_skills"),
        ({"instructions": ("x" * 121,)}, "instructions"),
        ({"instructions": ("with food",) * 9}, "instructions"),
        ({"prescriber": ""}, "prescriber"),
        ({"source": ""}, "source"),
        ({"source": "x" * 201}, "source"),
        ({"allergy_answer": "x" * 301}, "allergy_answer"),
        ({"dose_text": "8 mg", "dose_amount": Decimal(2)}, "dose_text"),  # 2 tablets of 7.5 mg are 15 mg
    ],
)
def test_each_fault_is_named_at_its_field(changes, field):
    assert wrong(**changes) == [field]


@pytest.mark.parametrize(
    "changes",
    [
        {"ends_on": dt.date(2026, 1, 5)},  # one day only
        {"times": ("08:00", "10:00"), "window_before": 60, "window_after": 60},
        {"window_before": 720, "window_after": 720},
        {"times": tuple(f"{h:02}:00" for h in range(0, 24, 2))},
        {"dose_text": "15MG", "dose_amount": Decimal(2)},
        {"required_skills": ("oral", "warfarin")},
        {"form": "modified-release tablet"},
    ],
)
def test_what_is_at_the_edge_is_fit(changes):
    assert wrong(**changes) == []


def test_every_sentence_says_what_to_do():
    worst = OrderDetails("", "", None, "", "", (), None)
    for field, words in problems(worst):
        assert field in OrderDetails.__dataclass_fields__ and words.endswith(".") and words[0].isupper()


def test_eye_drops_say_which_eye():
    drops = dict(form="eye drops", dose_unit="drop", route="eye", required_skills=("drops",))
    assert wrong(**drops) == ["site"]
    assert wrong(**drops, site="both eyes") == []


# ---------------------------------------------------------------- writing


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("75 mcg", "micrograms"),
        ("75mcg", "micrograms"),
        ("75 µg", "micrograms"),
        ("75 μg", "micrograms"),  # the Greek letter
        ("75 UG", "micrograms"),
        ("250 ng", "nanograms"),
        ("400 IU", "units"),
        ("400iu", "units"),
        ("4 u", "units"),
        ("4U", "units"),
        ("5.0 mg", "5.0"),
        ("2.50 mg", "5.0"),
        (".5 mg", "0.5"),
        ("1 or .25", "0.5"),
        ("as directed", "as directed"),
        ("As  Directed by GP", "as directed"),
        ("MDU", "as directed"),
        ("m.d.u.", "as directed"),
        ("when required", "protocol"),
        ("PRN", "protocol"),
        ("1 tds", "times"),
        ("bd", "times"),
    ],
)
def test_writing_that_has_been_misread_is_refused_with_what_to_write(text, instead):
    said = writing.unsafe_writing(text)
    assert said and instead.casefold() in " ".join(said).casefold()
    assert wrong(strength=text)


@pytest.mark.parametrize(
    "text",
    [
        "75 micrograms", "0.5 mg", "10 mg", "100 mg/5 mL", "13.125 g", "25/100 mg", "1.5 g/400 units", "0.05 %", "",
        "Flush with 30 mL of water", "Use the NG tube", "Directed at the sore place", "Sudocrem",
        "1 of 10 sachets", "50 micrograms/mL",
    ],
)  # fmt: skip
def test_safe_writing_passes(text):
    assert writing.unsafe_writing(text) == []


def test_the_offered_instructions_are_safely_written():
    assert [writing.unsafe_writing(text) for text in INSTRUCTIONS] == [[]] * len(INSTRUCTIONS)


@pytest.mark.parametrize(
    ("amount", "unit", "strength", "mass"),
    [
        ("2", "capsule", "375 mg", "750 mg"),
        ("1", "capsule", "375 mg", ""),  # the strength says it
        ("0.5", "tablet", "5 mg", "2.5 mg"),
        ("10", "mL", "250 mg/5 mL", "500 mg"),
        ("12.5", "mL", "200 mg/5 mL", "500 mg"),
        ("7.5", "mL", "100 mg/mL", "750 mg"),
        ("2", "tablet", "25 micrograms", "50 micrograms"),
        ("2", "tablet", "0.5 micrograms", "1 microgram"),
        ("2", "tablet", "25/100 mg", ""),  # two medicines in one
        ("2", "drop", "50 micrograms/mL", ""),
        ("15", "mL", "3.1 g/5 mL", ""),
        ("1", "mL", "100 mg/3 mL", ""),  # does not come out
        ("1", "mL", "100 mg/0 mL", ""),
        ("2", "tablet", "", ""),
        ("2", "tablet", "9" * 40 + " mg", ""),
        ("1e30", "tablet", "5 mg", ""),
    ],
)
def test_the_dose_in_mass_is_arithmetic_or_nothing(amount, unit, strength, mass):
    assert writing.dose_in_mass(Decimal(amount), unit, strength) == mass


# ---------------------------------------------------------------- tidying


def test_details_are_kept_tidy():
    lists = dict(times=("21:00", "08:00"), required_skills=("oral", "oral"), instructions=(" with  food.", " "))
    messy = replace(GOOD, medicine="  senna ", **lists)
    tidy = keying.tidied(messy)
    assert (tidy.medicine, tidy.times, tidy.required_skills) == ("senna", ("08:00", "21:00"), ("oral",))
    assert tidy.instructions == ("with food",)


@pytest.mark.parametrize(
    ("times", "gap"),
    [(("08:00",), 1440), (("08:00", "20:00"), 720), (("08:00", "12:30", "21:00"), 270), (("23:30", "00:15"), 45)],
)
def test_the_shortest_gap_goes_round_midnight(times, gap):
    assert shortest_gap(times) == gap


# ---------------------------------------------------------------- the second keying


def keyed(**changes) -> Keyed:
    first = facts()
    return Keyed(**{f: getattr(first, f) for f in Keyed.__dataclass_fields__} | changes)


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({}, ()),
        ({"medicine": " CO-CARELDOPA "}, ()),
        ({"strength": "25/100MG"}, ()),
        ({"dose_amount": Decimal("1.00")}, ()),
        ({"times": ("19:00", "15:00", "11:00", "07:00")}, ()),
        ({"medicine": "co careldopa"}, ("medicine",)),  # a hyphen is not a space
        ({"medicine": "co-beneldopa"}, ("medicine",)),
        ({"strength": "12.5/50 mg"}, ("strength",)),
        ({"form": "modified-release tablet"}, ("form",)),
        ({"dose_amount": Decimal("1.5")}, ("dose amount",)),
        ({"dose_unit": "capsule"}, ("unit",)),
        ({"route": "peg"}, ("route",)),
        ({"site": "left"}, ("site",)),
        ({"times": ("07:00", "11:00", "15:00")}, ("times",)),
        ({"starts_on": dt.date(2026, 1, 2)}, ("start day",)),
        ({"ends_on": dt.date(2026, 12, 1)}, ("end day",)),
        ({"strength": "100 mg", "times": ("07:00",)}, ("strength", "times")),
    ],
)
def test_only_capitals_and_spaces_are_forgiven(changes, names):
    assert differences(facts(), keyed(**changes)) == names


def test_a_keying_differs_the_same_seen_from_either_side():
    changed = facts(strength="100 mg", ends_on=dt.date(2027, 1, 1), medicine="X")

    @settings(max_examples=60, deadline=None, derandomize=True, database=None)
    @given(st.sets(st.sampled_from(sorted(agreement.COMPARED)), max_size=4))
    def same(fields):
        other = keyed(**{f: getattr(changed, f) for f in fields})
        assert differences(facts(), other) == differences(other, facts())

    same()


# ---------------------------------------------------------------- the tables fit together


def test_every_form_has_units_and_routes_that_exist():
    assert set(FORM_UNITS) == set(FORM_ROUTES) == set(FORMS)
    assert set(ROUTE_SKILL) == set(ROUTES) - {"injection"}  # only ever given by a visiting nurse
    assert {route for routes in FORM_ROUTES.values() for route in routes} <= set(ROUTES)


def test_what_a_form_or_route_implies_is_a_skill_an_order_may_ask_for():
    for form in FORMS:
        for route in FORM_ROUTES[form]:
            assert (keying.technique(form, route) or "oral") in ORDER_SKILLS
    assert keying.technique("metered dose inhaler", "inhaled") == "inhaler"
    assert keying.technique("nebuliser liquid", "inhaled") == "nebuliser"
    assert keying.technique("solution for injection", "injection") is None
    neb = dict(medicine="salbutamol", strength="2.5 mg/2.5 mL", form="nebuliser liquid", route="inhaled")
    neb |= dict(dose_amount=Decimal("2.5"), dose_unit="mL", required_skills=("inhaler",))
    assert "always needs the sign-off “Nebulisers”" in " ".join(w for _, w in problems(order_details(**neb)))
    assert list(problems(order_details(**neb | {"required_skills": ("nebuliser",)}))) == []
    assert "from the list" in " ".join(w for _, w in problems(order_details(required_skills=("oral", "audit"))))


def test_quick_times_are_times_that_pass():
    for _, times in QUICK_TIMES.values():
        assert wrong(times=times) == []


@pytest.mark.parametrize("text", ["00:00", "08:00", "23:59"])
def test_a_time_of_day_is_hours_and_minutes(text):
    assert keying.is_clock_time(text)


@pytest.mark.parametrize(
    "text", ["", "8:00", "24:00", "08:60", "0８:00", "٠٨:٠٠", "08:00:00", "-1:00", "08.00", "08:00\n", "8am", "NaN"]
)
def test_nothing_else_is_a_time_of_day(text):
    assert not keying.is_clock_time(text)
