"""Every regimen of the demo home that needs no special form is keyed as its paper says it, and becomes the order it is;
keyed again by a second person it agrees, and comes back from its form as it was. No database."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from medpwa.medicines import agreement, bounds, forms, rules, schedules
from medpwa.medicines.order_typed import typed_of
from medpwa.medicines.typed import KEYED_LISTS, KEYED_TEXTS, LISTS, TEXTS, Typed
from tests.medicines.facts import facts

PAPER = {"prescriber": "Dr A. Banerjee", "source": "GP letter", "starts_on": "2026-11-16"}
ON_TIME = {"window_before": "60", "window_after": "60"}
PROTOCOL = {
    "p_condition": "pain",
    "p_signs": "Frowns",
    "p_can_ask": "yes",
    "p_shows_need": "Asks",
    "p_reasons": "back\nhead",
    "p_effect_after": "60",
    "p_review": "In two weeks",
    "p_prescriber_when": "When it does not help",
    "p_duration": "Two weeks",
}
TABLET = {"form": "tablet", "route": "mouth", "dose_unit": "tablet", "dose_amount": "1"}
MORNING, EVENING = {"time": ["08:00"]}, {"time": ["21:00"]}


def typed(pattern: str, **said) -> Typed:
    beside = PROTOCOL if pattern == "prn" else ON_TIME
    values = {**PAPER, **beside, "pattern": pattern} | said
    texts = dict.fromkeys(TEXTS, "") | {k: v for k, v in values.items() if k not in LISTS}
    return Typed(texts, {name: tuple(values.get(name, ())) for name in LISTS})


REGIMENS = {
    "levodopa four times, thirty minutes, wake": (
        typed("daily", **TABLET, medicine="co-careldopa", strength="25/100 mg", asleep="wake", time_class="parkinsons",
              time=["07:00", "11:00", "15:00", "19:00"], window_before="", window_after=""),
        "1 tablet, by mouth, at 07:00, 11:00, 15:00 and 19:00. Wake if asleep.",
    ),
    "paracetamol 1 or 2 when needed": (
        typed("prn", **TABLET | {"dose_most": "2"}, medicine="paracetamol", strength="500 mg", interval="4",
              interval_unit="hours", most_24h="8", dose_choice="2 where 1 did not help",
              ingredient_name_1="paracetamol", ingredient_most_1="4000"),
        "1 or 2 tablets, by mouth, when required, for pain; at least 4 hours between doses; at most 8 tablets in 24 "
        "hours. 2 where 1 did not help.",
    ),
    "warfarin by letter": (
        typed("advised", **TABLET | {"dose_amount": "", "dose_unit": "mg"}, medicine="warfarin", strength="1 mg",
              time=["18:00"], time_class="critical", window_before="60", window_after="60"),
        "Dose by written advice, by mouth, at 18:00.",
    ),
    "doxycycline: two on the first day, then one": (
        typed("stepped", form="capsule", route="mouth", dose_unit="capsule", medicine="doxycycline", strength="100 mg",
              step_days_1="1", step_amount_1="2", step_days_2="6", step_amount_2="1", **MORNING),
        None,
    ),
    "paracetamol suspension at set times with its interval": (
        typed("daily", form="oral suspension", route="mouth", dose_unit="mL", dose_amount="10", medicine="paracetamol",
              strength="250 mg/5 mL", quick_times="four", interval="4", interval_unit="hours", most_24h="40",
              time_class="interval", window_before="", window_after=""),
        "10 mL (500 mg), by mouth, at 08:00, 12:30, 17:00 and 21:00.",
    ),
    "lorazepam half a tablet, calming": (
        typed("prn", **TABLET | {"dose_amount": "0.5"}, medicine="lorazepam", strength="1 mg", interval="6",
              interval_unit="hours", most_24h="1", flag=["psychotropic"], p_steps="walk\nmusic\ntoilet\na drink"),
        None,
    ),
    "glucose gel inside the cheek": (
        typed("prn", form="oral gel", route="cheek", dose_unit="g", dose_amount="10", dose_most="20",
              medicine="glucose gel", strength="40 %", interval="15", interval_unit="minutes", most_24h="60",
              dose_choice="20 where 10 did not help"),
        None,
    ),
    "alendronic acid on Mondays": (
        typed("weekdays", **TABLET, medicine="alendronic acid", strength="70 mg", weekday=["0"], time=["06:30"],
              food="before", guard_days="6", instruction=["With a full glass of water"],
              other_instructions="Sit upright for 30 minutes"),
        "1 tablet, by mouth, once a week, on Mondays, at 06:30. At least 30 minutes before food. With a full glass of "
        "water. Sit upright for 30 minutes.",
    ),
    "methotrexate on Wednesdays": (
        typed("weekdays", **TABLET | {"dose_amount": "4"}, medicine="methotrexate", strength="2.5 mg", weekday=["2"],
              time=["18:00"], flag=["high_risk"], guard_days="6"),
        "4 tablets (10 mg), by mouth, once a week, on Wednesdays, at 18:00.",
    ),
    "hydroxocobalamin every twelve weeks by a visiting nurse": (
        typed("every_n_weeks", form="solution for injection", route="injection", dose_unit="mg", dose_amount="1",
              medicine="hydroxocobalamin", strength="1 mg/mL", every="12", weekday=["0"], anchor="2026-11-16",
              time=["10:00"]),
        None,
    ),
    "morphine solution 2.5 to 5 mL": (
        typed("prn", form="oral solution", route="mouth", dose_unit="mL", dose_amount="2.5", dose_most="5",
              medicine="morphine sulfate", strength="10 mg/5 mL", interval="4", interval_unit="hours", most_24h="30",
              dose_choice="5 where 2.5 did not help", ingredient_name_1="morphine", ingredient_most_1="60",
              flag=["controlled", "witness"]),
        None,
    ),
    "mouth-care gel": (
        typed("prn", form="oral gel", route="mouth", dose_unit="application", dose_amount="1",
              medicine="mouth-care gel", interval="2", interval_unit="hours", most_24h="12"),
        None,
    ),
    "salbutamol inhaler": (
        typed("prn", form="metered dose inhaler", route="inhaled", dose_unit="puff", dose_amount="2",
              medicine="salbutamol", strength="100 micrograms", interval="4", interval_unit="hours", most_24h="8"),
        None,
    ),
    "prednisolone brought down": (
        typed("stepped", **TABLET | {"dose_amount": ""}, medicine="prednisolone", strength="5 mg", step_days_1="14",
              step_amount_1="3", step_days_2="14", step_amount_2="2.5", step_amount_3="2", **MORNING),
        None,
    ),
    "spironolactone every other day": (
        typed("every_n_days", **TABLET, medicine="spironolactone", strength="25 mg", every="2", **MORNING),
        "1 tablet, by mouth, every other day, at 08:00, counted from 16 Nov 2026.",
    ),
    "glyceryl trinitrate spray under the tongue": (
        typed("prn", form="sublingual spray", route="tongue", dose_unit="spray", dose_amount="1", dose_most="2",
              medicine="glyceryl trinitrate", strength="400 micrograms", interval="5", interval_unit="minutes",
              most_24h="6", dose_choice="2 where 1 did not settle it"),
        None,
    ),
    "colecalciferol once a month": (
        typed("monthly", form="capsule", route="mouth", dose_unit="capsule", dose_amount="1",
              medicine="colecalciferol", strength="25,000 units", month_day="25", **MORNING),
        "1 capsule, by mouth, on the 25th of each month, at 08:00.",
    ),
    "chloramphenicol two-hourly, then four times": (
        typed("stepped", form="eye drops", route="eye", site="right eye", dose_unit="drop", medicine="chloramphenicol",
              strength="0.5 %", step_days_1="2", step_amount_1="1",
              step_times_1="07:00 09:00 11:00 13:00 15:00 17:00 19:00 21:00", step_days_2="5", step_amount_2="1",
              step_times_2="08:00, 12:30, 17:00, 21:00"),
        None,
    ),
    "zopiclone at night, once in 24 hours": (
        typed("prn", **TABLET, medicine="zopiclone", strength="3.75 mg", interval="24", interval_unit="hours",
              most_24h="1", flag=["psychotropic"], p_most_days="14"),
        None,
    ),
    "donepezil, never woken for": (
        typed("daily", **TABLET, medicine="donepezil", strength="10 mg", asleep="never", **EVENING),
        "1 tablet, by mouth, at 21:00. Do not wake for it.",
    ),
    "an antibiotic of 21 doses": (
        typed("daily", form="capsule", route="mouth", dose_unit="capsule", dose_amount="1", medicine="amoxicillin",
              strength="500 mg", quick_times="three", total_doses="21"),
        "1 capsule, by mouth, at 08:00, 12:30 and 21:00. 21 doses in all.",
    ),
    "twenty-one days on, seven off": (
        typed("cycle", **TABLET, medicine="norethisterone", strength="5 mg", days_on="21", days_off="7", **MORNING),
        None,
    ),
    "every 72 hours": (
        typed("every_n_hours", **TABLET, medicine="ivermectin", strength="3 mg", every="72", time=["10:00"]),
        None,
    ),
    "one dose past a limit, on advice": (
        typed("once", **TABLET, medicine="paracetamol", strength="500 mg", time=["15:00"], a_name="Dr A. Banerjee",
              a_role="GP", a_day="2025-11-16", a_time="11:20", a_read_back="yes", a_heard_by="Amina Okoro"),
        None,
    ),
}  # fmt: skip


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def as_order(details) -> rules.OrderFacts:
    return facts(**{f: getattr(details, f) for f in details.__dataclass_fields__})


@pytest.mark.parametrize("name", REGIMENS)
def test_a_regimen_can_be_keyed_and_reads_as_its_paper(name):
    form, said = REGIMENS[name]
    order = as_order(forms.details_of(form))
    assert said is None or plain(rules.directions(order))[:1].upper() + plain(rules.directions(order))[1:] == said


@pytest.mark.parametrize("name", REGIMENS)
def test_a_second_keying_of_the_same_paper_agrees(name):
    form = REGIMENS[name][0]
    again = Typed({k: form[k] for k in KEYED_TEXTS}, {k: form.lists[k] for k in KEYED_LISTS})
    assert agreement.differences(as_order(forms.details_of(form)), forms.keyed_of(again)) == ()


@pytest.mark.parametrize("name", REGIMENS)
def test_a_regimen_comes_back_from_its_form_as_it_was(name):
    order = as_order(forms.details_of(REGIMENS[name][0]))
    again = forms.details_of(typed_of(order))
    assert [f for f in again.__dataclass_fields__ if getattr(again, f) != getattr(order, f)] == []


SLIPS = [
    ("alendronic acid on Mondays", {"weekday": ["1"]}, "days it is given"),
    ("spironolactone every other day", {"anchor": "2026-11-17"}, "days it is given"),
    ("spironolactone every other day", {"every": "3"}, "days it is given"),
    ("prednisolone brought down", {"step_amount_2": "2"}, "steps"),
    ("prednisolone brought down", {"step_days_1": "7"}, "steps"),
    ("paracetamol 1 or 2 when needed", {"interval_unit": "minutes"}, "shortest time between doses"),
    ("paracetamol 1 or 2 when needed", {"most_24h": "6"}, "most in 24 hours"),
    ("paracetamol 1 or 2 when needed", {"dose_most": "3"}, "higher dose"),
    ("paracetamol 1 or 2 when needed", {"ingredient_most_1": "3000"}, "what it is counted as"),
    ("an antibiotic of 21 doses", {"total_doses": "12"}, "number of doses"),
    ("methotrexate on Wednesdays", {"guard_days": ""}, "days before another may follow"),
]


@pytest.mark.parametrize(("name", "slip", "said"), SLIPS)
def test_a_slip_in_the_second_keying_is_named_by_its_field(name, slip, said):
    form = REGIMENS[name][0]
    texts = {k: form[k] for k in KEYED_TEXTS} | {k: v for k, v in slip.items() if k not in LISTS}
    lists = {k: tuple(slip.get(k, form.lists[k])) for k in KEYED_LISTS}
    assert said in agreement.differences(as_order(forms.details_of(form)), forms.keyed_of(Typed(texts, lists)))


def test_the_same_alternate_days_counted_from_another_of_them_are_the_same():
    form = REGIMENS["spironolactone every other day"][0]
    texts = {k: form[k] for k in KEYED_TEXTS} | {"anchor": "2026-11-18"}
    again = forms.keyed_of(Typed(texts, {k: form.lists[k] for k in KEYED_LISTS}))
    assert agreement.differences(as_order(forms.details_of(form)), again) == ()


def test_minutes_a_class_proposes_are_not_confirmed_by_anybody_until_ticked():
    form = REGIMENS["levodopa four times, thirty minutes, wake"][0]
    details = forms.details_of(form)
    assert (details.window_before, details.window_after, details.time_critical) == (30, 30, True)
    assert forms.to_confirm(form) == "parkinsons 30 30"
    ticked = replace(form, texts=form.texts | {"windows_right": "parkinsons 30 30"})
    assert forms.to_confirm(ticked) == ""
    another = replace(form, texts=form.texts | {"windows_right": "standard 60 60"})
    assert forms.to_confirm(another) == "parkinsons 30 30"


def test_what_is_counted_comes_from_the_strength_where_nobody_named_it():
    order = as_order(forms.details_of(REGIMENS["paracetamol suspension at set times with its interval"][0]))
    assert bounds.held(order) == (rules.Ingredient("paracetamol", Decimal(50)),)
    named = as_order(forms.details_of(REGIMENS["paracetamol 1 or 2 when needed"][0]))
    assert bounds.held(named) == (rules.Ingredient("paracetamol", Decimal(500), Decimal(4000)),)
    assert bounds.held(as_order(forms.details_of(REGIMENS["alendronic acid on Mondays"][0])))[0].mass == 70


def test_each_step_has_its_own_dose_on_its_days():
    order = as_order(forms.details_of(REGIMENS["prednisolone brought down"][0]))
    days = [dt.date(2026, 11, 16), dt.date(2026, 11, 30), dt.date(2026, 12, 14)]
    assert [schedules.amount_on(order, day) for day in days] == [Decimal(3), Decimal("2.5"), Decimal(2)]
