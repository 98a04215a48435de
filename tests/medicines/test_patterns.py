"""The form by patterns, in a test browser on both engines: what each asks for, where its problems show, and that what
was typed travels with it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medpwa import ledger
from medpwa.errors import Invalid
from medpwa.medicines import forms
from medpwa.medicines.models import OrderVersion
from medpwa.medicines.pattern_forms import ASKS
from medpwa.medicines.typed import LISTS, TEXTS, Typed
from medpwa.medicines.vocabulary import PATTERNS, PROTOCOL, TIME_CLASSES
from tests.browse import form_values, lint_page, words
from tests.builders import hand_keyed_order, order
from tests.medicines.test_regimens import REGIMENS

NASTY = (
    "NaN", "1e9", "２", "-1", "31/02/2026", "9" * 500, "0x1", "<script>", "as directed", "x" * 20_000, "0", " ", "٣",
)  # fmt: skip


def send(browser, form, status=200, **changes):
    pairs = [(n, v) for n, v in form_values(form) if n not in changes and n != "csrf_token"]
    pairs += [(n, v) for n, value in changes.items() for v in (value if isinstance(value, tuple) else (value,))]
    return browser.post(form["action"], pairs, status=status)


def test_every_pattern_says_what_it_asks_for():
    assert set(ASKS) == set(PATTERNS)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_an_empty_form_of_every_pattern_names_what_is_missing_at_fields_that_are_there(browser, base, pattern):
    tolu = browser.sign_in("tolu")
    tolu.get(f"{base}/new?pattern={pattern}")
    page = send(tolu, tolu.page.find("form", id="order-form"), status=422)
    links = [a["href"].removeprefix("#") for a in page.select("#errors a[href]")]
    assert len(links) >= 5 and [x for x in links if page.find(id=x) is None] == []
    assert not lint_page(page)


@pytest.mark.parametrize("pattern", ["daily", "prn", "once"])
def test_the_fields_of_other_patterns_are_neither_shown_nor_read(browser, base, pattern):
    page = browser.sign_in("tolu").get(f"{base}/new?pattern={pattern}")
    assert bool(page.find(id="p_signs")) == (pattern == "prn")
    assert bool(page.find(id="time_class")) == (pattern != "prn")
    assert bool(page.find(id="a_name")) == (pattern == "once")
    assert page.find(id="every") is None and page.find(id="step_days_1") is None
    assert page.find(id="windows_right") is None and not any(
        page.find(id=x)["value"] for x in ("window_before", "window_after", "interval", "most_24h") if page.find(id=x)
    ), "the product fills in no limit"


def test_going_on_without_a_choice_is_answered_in_words(browser, base):
    tolu = browser.sign_in("tolu")
    for said in ("?pattern=", "?pattern=hourly"):
        assert "Choose how it is given over time" in words(tolu.get(f"{base}/new{said}", status=422))
    assert tolu.get(f"{base}/new").select("#errors") == []


def test_another_pattern_keeps_everything_typed(browser, base):
    tolu = browser.sign_in("tolu")
    tolu.get(f"{base}/new?pattern=daily")
    send(tolu, tolu.page.find("form", id="order-form"), medicine="paracetamol", interval="4", step="pattern")
    form = tolu.page.find("form", id="pattern-form")
    assert form.select_one("input[name=pattern][checked]")["value"] == "daily"
    pairs = [(n, v) for n, v in form_values(form) if n not in ("csrf_token", "pattern")]
    page = tolu.post(form["action"], [*pairs, ("pattern", "prn")])
    assert page.find(id="medicine")["value"] == "paracetamol" and page.find(id="interval")["value"] == "4"
    assert page.find(id="p_signs") is not None and OrderVersion.select().count() == 0


def test_proposed_minutes_are_kept_only_with_a_tick_that_confirms_just_these(browser, base):
    tolu = browser.sign_in("tolu")
    form = REGIMENS["levodopa four times, thirty minutes, wake"][0]
    sent = [pair for pair in form.pairs() if pair[0] != "windows_right"]
    for tick in ("", "standard 60 60", "parkinsons 60 60"):
        page = tolu.post(base, [*sent, ("windows_right", tick)], status=422)
        assert "Tick that the proposed minutes are right" in words(page) and OrderVersion.select().count() == 0
    tolu.post(base, [*sent, ("windows_right", "parkinsons 30 30")])
    made = OrderVersion.get()
    assert (made.window_before, made.window_after, made.time_critical, made.time_class) == (30, 30, True, "parkinsons")
    assert ledger.verify() == []


@pytest.mark.parametrize("name", [n for n, (form, _) in REGIMENS.items() if not forms.to_confirm(form)])
def test_every_regimen_is_kept_through_the_pages_and_shown(browser, base, name):
    tolu = browser.sign_in("tolu")
    page = tolu.post(base, list(REGIMENS[name][0].pairs()))
    assert "It waits for its second check" in words(page) and not lint_page(page)
    assert tolu.get(base).select_one(".dose__name") and ledger.verify() == []
    line_id = OrderVersion.get().line_id
    form = tolu.get(f"/h/rowan/orders/{line_id}/edit").find("form", id="order-form")
    page = send(tolu, form, reason="Better words", source="GP letter, second page")
    assert page.h1.get_text() == "This is what carers will read"


def test_the_first_page_of_the_second_check_shows_nothing_of_what_was_keyed(browser, world, ivy):
    o = hand_keyed_order(world.actor("tolu"), ivy.id, medicine="carbocisteine", indication="phlegm", times=("06:45",))
    sena = browser.sign_in("sena")
    page = sena.get(f"/h/rowan/orders/versions/{o.version_id}/check")
    html = sena.response.get_data(as_text=True)
    assert o.source in words(page) and not [w for w in ("carbocisteine", "phlegm", "06:45", "checked>") if w in html]


def test_a_change_asks_about_doses_that_fell_due_before_it(browser, world, ivy):
    o = order(world.actor("tolu"), ivy.id, times=("08:00", "21:00"))
    tolu = browser.sign_in("tolu")
    page = tolu.get(f"/h/rowan/orders/{o.line_id}/edit")
    assert "The dose due today 08:00 : what if not recorded yet?" in words(page).replace("08:00:", "08:00 :")
    assert page.select_one("input[name=earlier][checked]")["value"] == "hold"
    send(tolu, page.find("form", id="order-form"), dose_amount="2", reason="Dr Banerjee", earlier="give")
    send(tolu, tolu.page.find("form", id="keep"))
    assert OrderVersion.select().order_by(OrderVersion.id.desc()).first().earlier == "give"


def test_a_class_that_proposes_nothing_wants_its_minutes_written():
    form = REGIMENS["donepezil, never woken for"][0]
    for name, one in TIME_CLASSES.items():
        bare = Typed(form.texts | {"time_class": name, "window_before": "", "window_after": ""}, form.lists)
        if one.before is None:
            with pytest.raises(Invalid) as no:
                forms.details_of(bare)
            assert {"window_before", "window_after"} <= {field for field, _ in no.value.errors}


@pytest.mark.parametrize("part", [n for n, p in PROTOCOL.items() if p.required])
def test_each_required_part_of_a_protocol_is_asked_for_by_its_name(part):
    form = REGIMENS["zopiclone at night, once in 24 hours"][0]
    with pytest.raises(Invalid) as no:
        forms.details_of(Typed(form.texts | {f"p_{part}": ""}, form.lists))
    assert [field for field, _ in no.value.errors] == [f"p_{part}"]


def test_no_text_in_any_field_of_any_pattern_is_more_than_a_sentence():
    @settings(max_examples=400, deadline=None, derandomize=True, database=None)
    @given(
        st.sampled_from(sorted(REGIMENS)),
        st.sampled_from(TEXTS),
        st.one_of(st.sampled_from(NASTY), st.text(max_size=40)),
        st.sampled_from(LISTS),
    )
    def read(name, field, text, several):
        form = REGIMENS[name][0]
        other = Typed(form.texts, form.lists | {several: (text,)})
        for changed in (Typed(form.texts | {field: text}, form.lists), other):
            try:
                forms.details_of(changed)
            except Invalid as no:
                assert all(said.endswith((".", "?")) for _, said in no.errors)

    read()
