"""Ending an order, holding it, letting it go on, marking it as entered in error: through the record door, on both
engines; and what a change says about doses that fell due before it."""

import datetime as dt
from decimal import Decimal

import pytest

from medpwa import clock, ledger
from medpwa.errors import Invalid, NotPermitted, Refused
from medpwa.mar import order_ending
from medpwa.medicines import actions, changes, due, insists, order_page, queries, rules
from medpwa.medicines.models import OrderVersion
from medpwa.medicines.rules import Ingredient
from medpwa.medicines.vocabulary import ENDINGS, MOVES, ORDER_STATES
from medpwa.permits import PERMITS
from tests.browse import words
from tests.builders import hand_keyed_order, keyed_again, order, order_details, resident
from tests.mar.steps import bedside, make_ready, scan, take

DAY = dt.timedelta(days=1)


def now_of(by, o):
    return queries.order_of(by, o.line_id).latest


def state(by, o):
    return rules.state(now_of(by, o), clock.now(), by.zone)


def held(by, o, **changes):
    said = {"reason": "blood test first", "decided_by": "Dr Banerjee"} | changes
    return actions.suspend_order(by=by, line_id=o.line_id, version_id=now_of(by, o).version_id, **said)


def resumed(by, o, reason="test is fine"):
    return actions.resume_order(by=by, line_id=o.line_id, version_id=now_of(by, o).version_id, reason=reason)


def struck(by, o):
    said = dict(line_id=o.line_id, version_id=now_of(by, o).version_id, reason="wrong person")
    return order_ending.strike_order(by=by, **said)


def due_words(by, o, days=1):
    at = clock.now()
    return due.doses_due(queries.order_of(by, o.line_id).versions, at, at + days * DAY, by.zone)


# ---------------------------------------------------------------- the table of states


def test_the_table_of_states_names_states_and_verbs_that_exist():
    assert {m.before for m in MOVES} | {m.after for m in MOVES} == {"draft", *ORDER_STATES}
    assert {m.by for m in MOVES if m.by != "time"} <= set(PERMITS)
    assert set(ENDINGS) == {"stopped", "completed", "superseded", "discharged", "deceased"}


@pytest.mark.parametrize("verb", ["orders.suspend", "orders.resume", "orders.stop"])
@pytest.mark.parametrize("now", ["awaiting_check", "active", "suspended", "stopped"])
def test_an_action_does_what_the_table_has_and_nothing_else(world, ivy, verb, now):
    tolu = world.actor("tolu")
    o = hand_keyed_order(tolu, ivy.id) if now == "awaiting_check" else order(tolu, ivy.id)
    if now == "suspended":
        held(tolu, o)
    if now == "stopped":
        actions.stop_order(by=tolu, line_id=o.line_id, version_id=o.version_id, reason="over")
    acts = {
        "orders.suspend": lambda: held(tolu, o),
        "orders.resume": lambda: resumed(tolu, o),
        "orders.stop": lambda: actions.stop_order(
            by=tolu, line_id=o.line_id, version_id=now_of(tolu, o).version_id, reason="over"
        ),
    }
    wanted = next((m.after for m in MOVES if (m.before, m.by) == (now, verb)), None)
    if wanted is None:
        with pytest.raises(Refused):
            acts[verb]()
        assert state(tolu, o) == now
    else:
        acts[verb]()
        assert state(tolu, o) == wanted
    assert ledger.verify() == []


# ---------------------------------------------------------------- on hold, and on


def test_nothing_falls_due_on_hold_and_everything_again_afterwards(world, ivy):
    tolu = world.actor("tolu")
    o = order(tolu, ivy.id, times=("12:30", "21:00"))
    assert len(due_words(tolu, o)) == 2
    held(tolu, o, until=clock.now() + DAY)
    assert due_words(tolu, o, 5) == []
    resumed(tolu, o)
    assert len(due_words(tolu, o)) == 2 and now_of(tolu, o).checked
    assert changes.changes_between(o, now_of(tolu, o)) == []
    assert ledger.verify() == []


def test_a_hold_says_who_decided_why_and_until_when_and_asks_when_its_time_is_over(world, ivy, browser):
    tolu = world.actor("tolu")
    o = order(tolu, ivy.id)
    held(tolu, o, until=clock.now() + DAY)
    page = browser.sign_in("tolu").get(f"/h/rowan/orders/{o.line_id}")
    said = "Put on hold by Tolu Bello, until tomorrow 11:40, decided by Dr Banerjee. Reason: blood test first."
    assert said in words(page)
    assert not rules.hold_is_over(now_of(tolu, o), clock.now())
    clock.stand_at(clock.now() + 2 * DAY)
    assert rules.hold_is_over(now_of(tolu, o), clock.now()) and state(tolu, o) == "suspended"
    for page in ("orders", "decisions"):
        assert "On hold, and its time is over" in words(browser.sign_in("tolu").get(f"/h/rowan/{page}")), page


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "x" * 301}, "reason"),
        ({"decided_by": ""}, "decided_by"),
        ({"decided_by": "x" * 121}, "decided_by"),
        ({"until": dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC)}, "until_day"),
    ],
)
def test_a_hold_without_what_it_needs_is_not_kept(world, ivy, said, field):
    tolu = world.actor("tolu")
    o = order(tolu, ivy.id)
    with pytest.raises(Invalid) as no:
        held(tolu, o, **said)
    assert no.value.errors[0][0] == field and OrderVersion.select().count() == 1


def test_carers_do_not_hold_and_do_not_let_go_on(world, ivy):
    o = order(world.actor("tolu"), ivy.id)
    with pytest.raises(NotPermitted):
        held(world.actor("amina"), o)
    held(world.actor("tolu"), o)
    with pytest.raises(NotPermitted):
        resumed(world.actor("amina"), o)


def test_a_changed_order_that_was_on_hold_waits_for_its_second_check(world, ivy):
    tolu = world.actor("tolu")
    o = order(tolu, ivy.id)
    held(tolu, o)
    said = dict(by=tolu, line_id=o.line_id, version_id=now_of(tolu, o).version_id, reason="Dr Banerjee: two")
    actions.change_order(**said, details=order_details(dose_amount=2))
    assert state(tolu, o) == "awaiting_check"


def test_why_an_order_ended_is_kept_and_what_is_no_ending_is_refused(world, ivy):
    tolu = world.actor("tolu")
    o = order(tolu, ivy.id)
    said = dict(by=tolu, line_id=o.line_id, version_id=o.version_id, reason="a new order")
    with pytest.raises(Invalid):
        actions.stop_order(**said, ending="vanished")
    actions.stop_order(**said, ending="superseded")
    assert now_of(tolu, o).ending == "superseded"
    shown = order_page.order_page(tolu, queries.order_of(tolu, o.line_id), ivy)
    assert "Another order takes its place. Reason: a new order" in shown["keyed"]
    assert shown["earlier"][0].changed == (("State", "running", "stopped"),)


# ---------------------------------------------------------------- entered in error


def test_what_was_never_recorded_can_be_marked_as_entered_in_error(world, ivy):
    tolu = world.actor("tolu")
    o = order(tolu, ivy.id)
    struck(tolu, o)
    assert state(tolu, o) == "in_error" and due_words(tolu, o, 3) == []
    with pytest.raises(Refused):
        struck(tolu, o)
    with pytest.raises(Refused):
        actions.stop_order(by=tolu, line_id=o.line_id, version_id=now_of(tolu, o).version_id, reason="again")
    assert ledger.verify() == []


def test_what_was_recorded_was_an_order_and_is_stopped_instead(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    scan(phone, bed)
    make_ready(phone)
    take(phone)
    tolu = world.actor("tolu")
    o = queries.orders_of_resident(tolu.home_id, bed.resident.id)[0]
    with pytest.raises(Refused) as no:
        struck(tolu, o)
    assert no.value.code == "recorded" and "Stop it instead" in no.value.words and not now_of(tolu, o).in_error
    page = browser.sign_in("tolu").get(f"/h/rowan/orders/{o.line_id}/strike")
    assert "cannot be entered in error" in words(page) and "Stop it instead" in words(page)


# ---------------------------------------------------------------- what changed


def test_what_changed_is_told_field_by_field(world, ivy):
    tolu = world.actor("tolu")
    o = order(tolu, ivy.id)
    new = order_details(dose_amount=2, times=("20:00",), asleep="wake", min_interval=240, window_after=30)
    said = dict(by=tolu, line_id=o.line_id, version_id=o.version_id, reason="Dr Banerjee: more")
    actions.change_order(**said, details=new)
    found = {label: (old.replace("\u00a0", " "), now.replace("\u00a0", " ")) for label, old, now in
             changes.changes_between(o, now_of(tolu, o))}  # fmt: skip
    assert found == {
        "Dose": ("1 tablet", "2 tablets"),
        "Times": ("21:00", "20:00"),
        "Minutes allowed after": ("60", "30"),
        "Shortest time between doses": ("nothing", "4 hours"),
        "When asleep": ("nothing", "Wake if asleep"),
    }


def test_the_second_person_is_shown_nothing_of_what_changed(world, ivy, browser):
    tolu = world.actor("tolu")
    o = order(tolu, ivy.id)
    said = dict(by=tolu, line_id=o.line_id, version_id=o.version_id, reason="Dr Banerjee: more")
    actions.change_order(**said, details=order_details(dose_amount=2))
    sena = browser.sign_in("sena")
    sena.get(f"/h/rowan/orders/{o.line_id}")
    html = sena.response.get_data(as_text=True)
    assert "2 tablets" not in html and "Dr Banerjee: more" not in html and "1\u00a0tablet" in html


# ---------------------------------------------------------------- allergies


def test_an_allergy_to_what_it_is_counted_as_holds_the_order_up(world):
    jo = resident(world.system(), "Jo", "Vale", items=[("paracetamol", "rash", False)])
    held_in = (Ingredient("paracetamol", Decimal(500)),)
    with pytest.raises(Refused) as no:
        hand_keyed_order(world.actor("tolu"), jo.id, medicine="co-codamol", strength="", ingredients=held_in)
    assert no.value.code == "allergy" and "paracetamol" in no.value.words


def test_an_order_on_hold_does_not_go_on_past_an_allergy_recorded_meanwhile(world, ivy):
    from medpwa.residents import actions as residents
    from medpwa.residents.details import AllergyItem

    tolu = world.actor("tolu")
    o = order(tolu, ivy.id)
    held(tolu, o)
    found = (AllergyItem("senna", "rash", False),)
    residents.settle_allergies(by=tolu, resident_id=ivy.id, status="recorded", items=found)
    with pytest.raises(Refused) as no:
        resumed(tolu, o)
    assert no.value.code == "allergy" and state(tolu, o) == "suspended"


# ---------------------------------------------------------------- a when-required order, and advice


def test_a_when_required_order_without_its_protocol_or_limits_is_no_order():
    from medpwa.medicines import keying

    bare = order_details(kind="prn", times=())
    named = {field for field, _ in keying.problems(bare)}
    assert {"interval", "most_24h", "p_condition", "p_signs", "p_reasons", "p_effect_after"} <= named


def test_a_one_off_order_keeps_whose_advice_it_rests_on_and_waits_for_another_person(world, ivy):
    tolu = world.actor("tolu")
    advice = {"name": "Dr A. Banerjee", "role": "GP", "at": clock.now().isoformat(), "read_back": True,
              "heard_by": "Amina Okoro"}  # fmt: skip
    today = clock.local_day(clock.now())
    o = hand_keyed_order(tolu, ivy.id, kind="once", times=("15:00",), starts_on=today, advice=advice)
    assert state(tolu, o) == "awaiting_check" and o.advice == advice
    with pytest.raises(Refused):
        actions.check_order(rest="same", by=tolu, version_id=o.version_id, keyed=keyed_again(o))
    actions.check_order(rest="same", by=world.actor("sena"), version_id=o.version_id, keyed=keyed_again(o))
    assert state(tolu, o) == "active" and len(due_words(tolu, o, 9)) == 1


@pytest.mark.parametrize("missing", ["name", "role", "at", "read_back", "heard_by"])
def test_advice_is_whole_or_it_is_none(missing):
    from medpwa.medicines import protocol

    advice = {"name": "Dr A. Banerjee", "role": "GP", "at": "2026-11-16T11:20:00+00:00", "read_back": True,
              "heard_by": "Amina Okoro"}  # fmt: skip
    assert protocol.advice_problems("once", advice) == []
    assert protocol.advice_problems("once", advice | {missing: ""})[0][0] == f"a_{missing}"
    assert protocol.advice_problems("once", advice | {"heard_by": "dr a.  banerjee"})[0][0] == "a_heard_by"
    assert protocol.advice_problems("regular", advice) != [] and protocol.advice_problems("regular", None) == []


def test_a_reason_is_kept_with_single_spaces():
    assert insists.said_why("  Dr  Banerjee:\n no ") == "Dr Banerjee: no"
