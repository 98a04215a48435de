"""Doses by letter (warfarin): keyed by two people, held by the newest checked letter, refused when there is none."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from medpwa import clock, ledger
from medpwa.errors import Invalid, NotFound, Refused
from medpwa.medicines import advice, advice_actions, advice_rules, queries
from medpwa.medicines.advice_rules import AdviceFacts, AdviceKeyed
from medpwa.medicines.models import DoseAdvice, DoseAdviceCheck
from tests import builders
from tests.browse import words
from tests.builders import order, resident
from tests.medicines.facts import LONG_AGO

TODAY = dt.date(2026, 11, 16)
DAY = dt.timedelta(days=1)
WARFARIN = dict(
    medicine="warfarin", strength="", form="tablet", dose_amount=None, dose_unit="mg", times=("18:00",),
    schedule={"kind": "advised"}, high_risk=True, time_critical=True,
)  # fmt: skip
LETTER = AdviceKeyed(TODAY, TODAY + 6 * DAY, Decimal(3), Decimal("2.6"), TODAY - 2 * DAY, TODAY + 5 * DAY)
SOURCE = "anticoagulant clinic, 14 November, in the folder"


def letter(number, first=TODAY, last=None, amount="3", *, checked=True, **changes):
    values = dict(inr=None, inr_on=None, next_inr_on=None, source="letter", keyed_at=LONG_AGO, keyed_by=1)
    return AdviceFacts(
        id=number, line_id=1, first_day=first, last_day=last, amount=Decimal(amount), checked=checked,
        **values | changes,
    )  # fmt: skip


# ---------------------------------------------------------------- the rule


@pytest.mark.parametrize(
    ("letters", "amount", "code"),
    [
        ([], None, "no_advice"),
        ([letter(1)], 3, ""),
        ([letter(1, checked=False)], None, "advice_waiting"),
        ([letter(1), letter(2, amount="4")], 4, ""),  # the newest checked one
        ([letter(1), letter(2, amount="4", checked=False)], None, "advice_waiting"),  # it may say stop
        ([letter(1, checked=False), letter(2, amount="4")], 4, ""),  # keyed again, and checked
        ([letter(1), letter(2, TODAY + DAY, amount="4", checked=False)], 3, ""),  # about other days
        ([letter(1, checked=False), letter(2, TODAY + DAY)], None, "advice_waiting"),
        ([letter(1, TODAY - 9 * DAY, TODAY - DAY)], None, "no_advice"),
        ([letter(1, TODAY - 9 * DAY, TODAY)], 3, ""),
        ([letter(1, TODAY + DAY)], None, "no_advice"),
        ([letter(1), letter(2, TODAY, TODAY, amount="0")], 0, "none_today"),
    ],
)
def test_the_newest_checked_letter_of_a_day_holds_and_one_that_waits_holds_it_up(letters, amount, code):
    found = advice_rules.standing(letters, TODAY)
    assert (found.amount, found.why_not_code) == (amount, code)
    assert bool(advice_rules.why_not(found, "Dr Banerjee")) == bool(code)


@pytest.mark.parametrize(
    ("letters", "passed"),
    [
        ([letter(1, next_inr_on=TODAY)], None),  # due today: not passed
        ([letter(1, next_inr_on=TODAY - DAY)], TODAY - DAY),
        ([letter(1, next_inr_on=TODAY - DAY), letter(2, TODAY + DAY, next_inr_on=TODAY + 9 * DAY)], None),
        ([letter(1, next_inr_on=TODAY - DAY), letter(2, TODAY + DAY, checked=False, next_inr_on=TODAY + DAY)],
         TODAY - DAY),
        ([letter(1)], None),
    ],
)  # fmt: skip
def test_a_next_inr_that_has_passed_asks_before_giving(letters, passed):
    found = advice_rules.standing(letters, TODAY)
    assert (found.inr_passed, found.ask) == (passed, passed is not None)
    assert ("Ask the shift leader" in advice_rules.ask_words(found, TODAY)) == (passed is not None)


def test_no_words_of_the_rule_tell_anybody_a_dose():
    found = advice_rules.standing([], TODAY)
    words = advice_rules.why_not(found, "Dr A. Banerjee")
    assert words == "There is no written dose for today. Ring Dr A. Banerjee, do not guess."


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"first_day": None}, "first_day"),
        ({"first_day": TODAY - 400 * DAY}, "first_day"),
        ({"last_day": TODAY - DAY}, "last_day"),
        ({"amount": None}, "amount"),
        ({"amount": Decimal(1001)}, "amount"),
        ({"inr": Decimal(24)}, None),
        ({"inr": Decimal(240)}, "inr"),
        ({"inr": Decimal(0)}, "inr"),
        ({"inr": None}, "inr"),
        ({"inr_on": None}, "inr_on"),
        ({"inr_on": TODAY + DAY}, "inr_on"),
        ({"next_inr_on": TODAY - 9 * DAY}, "next_inr_on"),
        ({"next_inr_on": TODAY + 500 * DAY}, "next_inr_on"),
        ({"amount": Decimal(0)}, None),
        ({"inr": None, "inr_on": None, "next_inr_on": None, "last_day": None}, None),
    ],
)
def test_what_a_letter_cannot_say_is_a_sentence_at_its_field(changes, field):
    found = advice_rules.problems(replace(LETTER, **changes), TODAY)
    assert [name for name, _ in found] == ([field] if field else [])


# ---------------------------------------------------------------- two people key it


@pytest.fixture
def warfarin(world):
    return order(world.system(), resident(world.system()).id, **WARFARIN)


def keyed(world, warfarin, by="tolu", what=LETTER):
    return advice_actions.advise(by=world.actor(by), advised_id=warfarin.line_id, keyed=what, source=SOURCE)


def checked(world, row, by="sena", what=LETTER):
    return advice_actions.check_advice(by=world.actor(by), advice_id=row.id, keyed=what)


def test_a_letter_holds_once_a_second_person_keyed_it_the_same(world, warfarin):
    row = keyed(world, warfarin)
    assert advice.advice_for(warfarin, TODAY) is None
    assert advice.stands_in_the_way(warfarin, TODAY)[0] == "advice_waiting"
    assert checked(world, row).agrees
    assert advice.advice_for(warfarin, TODAY) == 3
    assert advice.stands_in_the_way(warfarin, TODAY) == ("", "")
    assert advice.stands_in_the_way(warfarin, TODAY + 7 * DAY)[0] == "no_advice"
    assert ledger.verify() == []


def test_a_keying_that_differs_is_kept_names_the_fields_and_holds_nothing(world, warfarin):
    row = keyed(world, warfarin)
    found = checked(world, row, what=replace(LETTER, amount=Decimal(4), next_inr_on=None))
    assert not found.agrees and found.differences == ["dose", "day of the next INR"]
    assert advice.advice_for(warfarin, TODAY) is None
    checked(world, row)
    assert advice.advice_for(warfarin, TODAY) == 3 and DoseAdviceCheck.select().count() == 2


def test_nobody_checks_their_own_letter_and_only_trained_people_key(world, warfarin):
    row = keyed(world, warfarin)
    with pytest.raises(Refused, match="keyed this letter yourself"):
        checked(world, row, by="tolu")
    checked(world, row)
    with pytest.raises(Refused, match="checked already"):
        checked(world, row, by="rosa")
    assert ledger.verify() == []


def test_the_same_letter_twice_is_kept_once(world, warfarin):
    keyed(world, warfarin)
    with pytest.raises(Refused, match="here already"):
        keyed(world, warfarin, by="sena")
    assert DoseAdvice.select().count() == 1


def test_a_letter_that_cannot_be_is_kept_nowhere(world, warfarin):
    with pytest.raises(Invalid):
        keyed(world, warfarin, what=replace(LETTER, amount=None))
    with pytest.raises(Invalid):
        advice_actions.advise(by=world.actor("tolu"), advised_id=warfarin.line_id, keyed=LETTER, source="")
    assert DoseAdvice.select().count() == 0


def test_only_an_order_by_letter_takes_one_and_another_home_has_none(world, warfarin):
    plain = order(world.system(), warfarin.resident_id, medicine="senna")
    with pytest.raises(NotFound):
        advice_actions.advise(by=world.actor("tolu"), advised_id=plain.line_id, keyed=LETTER, source=SOURCE)
    row = keyed(world, warfarin)
    with pytest.raises(NotFound):
        advice.letter_of(world.actor("nell"), row.id)
    assert advice.standing(plain, TODAY) is None


def test_letters_are_read_from_the_database_only_for_orders_that_need_them(world, warfarin, monkeypatch):
    plain = order(world.system(), warfarin.resident_id, medicine="senna")
    monkeypatch.setattr(advice, "of_home", lambda home_id: pytest.fail("asked for letters of an order without any"))
    assert advice.standing(plain, TODAY) is None
    assert advice.amount_of(plain, TODAY) == plain.dose_amount


# ---------------------------------------------------------------- pages


def form_of(browser):
    return browser.page.find("form", id="advice-form")


FILLED = {"amount": "3", "first_day": "2026-11-16", "last_day": "2026-11-22", "inr": "2.6", "inr_on": "2026-11-14",
          "next_inr_on": "2026-11-21"}  # fmt: skip


def test_a_letter_is_keyed_covered_keyed_again_and_then_holds(browser, world, warfarin):
    url = f"/h/rowan/orders/{warfarin.line_id}"
    tolu = browser.sign_in("tolu")
    tolu.get(url)
    assert "There is no written dose for today" in words(tolu.page)
    tolu.get(f"{url}/advice/new")
    tolu.post(f"{url}/advice/new", FILLED | {"source": SOURCE})
    assert "3 mg" in words(tolu.page) and "waits for its second check" in words(tolu.page).lower()
    row = DoseAdvice.get()
    tolu.get(f"/h/rowan/orders/advice/{row.id}/check")
    assert "keyed this letter yourself" in words(tolu.page)

    sena = browser.sign_in("sena")
    sena.get(url)
    seen = words(sena.page)
    assert "3 mg" not in seen and "Covered until" in seen and "2.6" not in seen
    sena.get(f"/h/rowan/orders/advice/{row.id}/check")
    blind = words(sena.page)
    assert SOURCE in blind and "2.6" not in blind
    assert not any(i.get("value") for i in form_of(sena).select("input:not([type=hidden])"))
    sena.post(f"/h/rowan/orders/advice/{row.id}/check", FILLED | {"amount": "2"})
    assert "Dose: the two keyings differ" in words(sena.page) and form_of(sena).find(id="amount")["value"] == "2"
    sena.post(f"/h/rowan/orders/advice/{row.id}/check", FILLED)
    after = words(sena.page)
    assert "Today’s dose is 3 mg, by the letter" in after and "Both keyed the letter the same" in after
    assert "14 Nov 2026" in after and ledger.verify() == []


def test_what_cannot_be_read_is_said_at_its_field_and_keeps_the_rest(browser, warfarin):
    tolu = browser.sign_in("tolu")
    url = f"/h/rowan/orders/{warfarin.line_id}/advice/new"
    tolu.get(url)
    tolu.post(url, FILLED | {"amount": "3.0", "inr_on": "soon", "source": SOURCE}, status=422)
    assert form_of(tolu).find(id="amount")["value"] == "3.0" and form_of(tolu).find(id="source")["value"] == SOURCE
    assert tolu.page.select_one("#inr_on[aria-invalid=true], .field--bad #inr_on")
    assert DoseAdvice.select().count() == 0


def test_somebody_not_trained_is_told_who_is(browser, world, warfarin):
    skill = dict(person_id=world.person_id("dee"), skill="transcription")
    builders.competency.suspend(by=world.actor("rosa"), **skill, reason="Mistake last week")
    dee = browser.sign_in("dee")
    dee.get(f"/h/rowan/orders/{warfarin.line_id}/advice/new")
    assert "Tolu" in words(dee.page) and form_of(dee) is None


def test_the_past_keeps_the_letter_that_held_then(world, warfarin):
    row = keyed(world, warfarin)
    checked(world, row)
    clock.stand_at(clock.now() + 2 * DAY)
    newer = replace(LETTER, first_day=TODAY + 2 * DAY, amount=Decimal(4))
    second = keyed(world, warfarin, what=newer)
    checked(world, second, what=newer)
    assert [advice.advice_for(warfarin, TODAY + n * DAY) for n in (0, 1, 2)] == [3, 3, 4]
    assert queries.order_of(world.actor("tolu"), warfarin.line_id).latest.dose_amount is None


def test_a_missing_dose_and_a_letter_to_key_again_stand_on_the_lists_of_who_can_act(browser, world, warfarin):
    sena = browser.sign_in("sena")
    for page in ("/h/rowan/orders", "/h/rowan/decisions"):
        sena.get(page)
        assert "No written dose for today" in words(sena.page), page
    row = keyed(world, warfarin)
    for page in ("/h/rowan/orders", "/h/rowan/decisions"):
        sena.get(page)
        assert "A letter to key again" in words(sena.page) and "No written dose" not in words(sena.page)
    checked(world, row)
    sena.get("/h/rowan/orders")
    assert "letter" not in words(sena.page.find("main")).lower()
    later = advice.needs(world.actor("sena"), clock.now() + 6 * DAY)
    assert [need.lead for need in later] == ["No written dose for tomorrow"]
