"""What a typed order form means, or the sentence at its field: as a table, no database."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medpwa.errors import Invalid
from medpwa.medicines import forms
from medpwa.medicines.order_typed import typed_of
from medpwa.medicines.typed import KEYED_LISTS, KEYED_TEXTS, LISTS, TEXTS, Typed
from tests.medicines.facts import facts

TODAY = dt.date(2026, 11, 16)
FILLED = {
    "pattern": "daily",
    "medicine": "carbocisteine",
    "strength": "375 mg",
    "form": "capsule",
    "route": "mouth",
    "dose_amount": "2",
    "dose_unit": "capsule",
    "quick_times": "three",
    "starts_on": "2026-11-16",
    "window_before": "60",
    "window_after": "60",
    "prescriber": "Dr A. Banerjee",
    "source": "GP letter",
}


def typed(**changes):
    texts = dict.fromkeys(TEXTS, "") | FILLED | {k: v for k, v in changes.items() if k not in LISTS}
    return Typed(texts, {name: tuple(changes.get(name, ())) for name in LISTS})


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"medicine": ""}, "medicine", "as the label has it"),
        ({"strength": "375 mcg"}, "strength", "micrograms"),
        ({"dose_amount": "2.0"}, "dose_amount", "nought at the end"),
        ({"dose_amount": ".5"}, "dose_amount", "0.5"),
        ({"dose_amount": "NaN"}, "dose_amount", "not an amount"),
        ({"dose_amount": "-1"}, "dose_amount", "not an amount"),
        ({"dose_amount": "1e3"}, "dose_amount", "not an amount"),
        ({"dose_amount": "２"}, "dose_amount", "not an amount"),
        ({"dose_amount": "0"}, "dose_amount", "more than zero"),
        ({"dose_amount": "9" * 400}, "dose_amount", "not an amount"),
        ({"form": "<b>"}, "form", "list"),
        ({"route": ""}, "route", "list"),
        ({"quick_times": ""}, "quick_times", "at least one time"),
        ({"time": ["25:00"]}, "quick_times", "not a time of day"),
        ({"time": ["08:00", "08:00"]}, "quick_times", "twice"),
        ({"starts_on": "2026-02-31"}, "starts_on", "not a day"),
        ({"starts_on": "31 February"}, "starts_on", "not a day"),
        ({"starts_on": ""}, "starts_on", "first day"),
        ({"ends_on": "２０２６-１２-０１"}, "ends_on", "not a day"),
        ({"ends_on": "2026-11-15"}, "ends_on", "before the first"),
        ({"window_before": "ten"}, "window_before", "figure"),
        ({"window_after": "-5"}, "window_after", "figure"),
        ({"window_after": "600"}, "window_after", "half the time"),
        ({"skill": ["juggling"]}, "skill", "list"),
        ({"other_instructions": "as directed"}, "other_instructions", "tells a carer nothing"),
        ({"source": "x" * 500}, "source", "letters"),
        ({"medicine": "x" * 20_000}, "medicine", "letters"),
    ],
)
def test_bad_input_is_a_sentence_at_its_field(changes, field, said):
    with pytest.raises(Invalid) as no:
        forms.details_of(typed(**changes))
    assert any(f == field and said in words for f, words in no.value.errors), no.value.errors


def test_what_is_typed_becomes_an_order():
    d = forms.details_of(
        typed(
            food="with",
            instruction=["Wear gloves"],
            other_instructions="sit her up  first.\n\nslowly",
            flag=["controlled"],
            skill=["warfarin"],
            ends_on="30/11/2026",
        )
    )
    assert (d.dose_amount, d.dose_text, d.times) == (Decimal(2), "750 mg", ("08:00", "12:30", "21:00"))
    assert (d.food, d.instructions) == ("with", ("Wear gloves", "sit her up first", "slowly"))
    assert d.required_skills == ("oral", "controlled", "warfarin") and d.controlled and not d.high_risk
    assert (d.starts_on, d.ends_on) == (TODAY, dt.date(2026, 11, 30))


@pytest.mark.parametrize(
    ("times", "meant"),
    [(["8:00", "20.30"], ("08:00", "20:30")), (["21:00:00"], ("21:00",)), ([], ("08:00", "12:30", "21:00"))],
)
def test_typed_times_count_before_the_chosen_set(times, meant):
    assert forms.details_of(typed(time=times)).times == meant


def test_an_order_comes_back_from_its_form_as_it_was():
    o = facts(
        asleep="wake",
        instructions=("Wear gloves", "not with cheese"),
        dose_amount=Decimal("2.50"),
        dose_text="",
        strength="",
    )
    again = forms.details_of(typed_of(o))
    assert [f for f in again.__dataclass_fields__ if getattr(again, f) != getattr(o, f)] == []


def test_the_blind_form_is_empty_and_reads_only_what_is_keyed_again():
    blind = Typed.blind()
    assert not any(blind.texts.values()) and not any(blind.lists.values())
    keyed = forms.keyed_of(Typed({k: FILLED.get(k, "") for k in KEYED_TEXTS}, {k: () for k in KEYED_LISTS}))
    assert (keyed.medicine, keyed.dose_amount, keyed.times) == (
        "carbocisteine",
        Decimal(2),
        ("08:00", "12:30", "21:00"),
    )


def test_no_text_whatever_is_more_than_a_sentence():
    nasty = st.one_of(
        st.text(max_size=60), st.sampled_from(["NaN", "1e9", "２", "-1", "31/02/2026", "9" * 500, "0x1", "٣"])
    )

    @settings(max_examples=200, deadline=None, derandomize=True, database=None)
    @given(st.sampled_from(TEXTS), nasty, st.lists(nasty, max_size=3))
    def read(field, text, times):
        try:
            forms.details_of(typed(**{field: text, "time": [t for t in times if t]}))
        except Invalid as no:
            assert all(words.endswith(".") for _, words in no.errors)

    read()
