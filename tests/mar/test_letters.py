"""Doses by letter at the bedside: no written dose, no give; the letter's dose on the card and in the record; an overdue
INR asks before it. And the dose of the day of a stepped order."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from medpwa import clock, ledger
from medpwa.errors import Invalid, Refused
from medpwa.mar import letters, rules, witness_actions
from medpwa.mar.models_after import WitnessRequest
from medpwa.mar.vocabulary import FLAGS
from medpwa.medicines import advice_actions
from medpwa.medicines.advice_rules import AdviceKeyed
from tests.browse import Browser, words
from tests.mar.steps import HOME, bedside, dock, last_line, line_form, make_ready, on, pairs, scan
from tests.people import PASSWORD

TODAY = dt.date(2026, 11, 16)
DAY = dt.timedelta(days=1)
WARFARIN = dict(
    medicine="warfarin", strength="", form="tablet", dose_amount=None, dose_unit="mg",
    schedule={"kind": "advised"}, high_risk=True,
)  # fmt: skip
LETTER = AdviceKeyed(TODAY - DAY, TODAY + 6 * DAY, Decimal(3), Decimal("2.6"), TODAY - 2 * DAY, TODAY + 5 * DAY)
ASKED = "Carol, team leader, 11:35: go on with 3 mg"


@pytest.fixture
def bed(world):
    return bedside(world, **WARFARIN)


def keyed(world, bed, what=LETTER):
    by = world.actor("tolu")
    return advice_actions.advise(by=by, advised_id=bed.order.line_id, keyed=what, source="clinic letter")


def held(world, bed, what=LETTER):
    """A letter two people keyed."""
    row = keyed(world, bed, what)
    assert advice_actions.check_advice(by=world.actor("sena"), advice_id=row.id, keyed=what).agrees


def refused(bed, by, **changes):
    with pytest.raises(Refused) as no:
        bed.record(by, **changes)
    return no.value


def test_without_a_written_dose_for_today_it_is_due_and_cannot_be_given(world, bed):
    no = refused(bed, bed.open("amina"), amount=Decimal(3))
    assert no.code == "no_advice" and "do not guess" in no.words
    assert bed.entries() == [] and last_line().outcome == "refused"
    assert bed.record(bed.open("amina"), "withheld_advice", extra={"advised": ASKED}).outcome == "withheld_advice"


def test_a_letter_only_one_person_keyed_gives_nothing_and_holds_up_an_older_one(world, bed):
    keyed(world, bed)
    assert refused(bed, bed.open("amina"), amount=Decimal(3)).code == "advice_waiting"
    held(world, bed, replace(LETTER, amount=Decimal(4)))
    keyed(world, bed, replace(LETTER, amount=Decimal(0)))
    assert refused(bed, bed.open("amina"), amount=Decimal(4)).code == "advice_waiting"


def test_a_letter_that_says_none_today_is_no_dose_to_give(world, bed):
    held(world, bed, replace(LETTER, amount=Decimal(0)))
    no = refused(bed, bed.open("amina"), amount=Decimal(0))
    assert no.code == "none_today" and "withheld on advice" in no.words


def test_the_record_keeps_the_dose_that_was_given_by_the_letter(world, bed):
    held(world, bed)
    for wrong in (None, Decimal(4), Decimal("2.5")):
        with pytest.raises(Invalid):
            bed.record(bed.open("amina"), amount=wrong)
    entry = bed.record(bed.open("amina"), amount=Decimal(3))
    assert (entry.amount, entry.extra) == (Decimal(3), None)
    assert ledger.verify() == []


def test_a_new_letter_between_the_card_and_the_tap_is_never_given_by_the_old_one(world, bed):
    held(world, bed)
    by = bed.open("amina")
    intent = bed.intent(by, amount=Decimal(3))
    held(world, bed, replace(LETTER, amount=Decimal(4)))
    with pytest.raises(Invalid, match="not between"):
        bed.record(by, **{f: getattr(intent, f) for f in ("entry_id", "ticket", "amount")})
    assert bed.entries() == []


def test_an_overdue_inr_asks_before_giving_and_the_record_says_who_was_asked(world, bed):
    held(world, bed, replace(LETTER, next_inr_on=TODAY - DAY))
    by = bed.open("amina")
    with pytest.raises(Invalid) as no:
        bed.record(by, amount=Decimal(3))
    assert [field for field, _ in no.value.errors] == ["advised"]
    entry = bed.record(by, amount=Decimal(3), extra={"advised": ASKED})
    assert entry.extra == {"advised": ASKED} and "inr_overdue" in entry.flags and FLAGS["inr_overdue"]


def test_a_part_of_it_asks_the_same_before_it_is_given(world, bed):
    held(world, bed, replace(LETTER, next_inr_on=TODAY - DAY))
    by, part = bed.open("amina"), dict(outcome="given_part", amount=Decimal(1), reason="spat_out")
    kept = {"ticket": bed.ticket(by)}
    with pytest.raises(Invalid) as no:
        bed.record(by, **part | kept)
    assert [field for field, _ in no.value.errors] == ["advised"] and bed.entries() == []
    entry = bed.record(by, **part | kept, extra={"advised": ASKED})
    assert entry.extra == {"advised": ASKED} and "inr_overdue" in entry.flags


def test_a_name_nobody_asked_for_is_not_kept(world, bed):
    held(world, bed)
    with pytest.raises(Invalid):
        bed.record(bed.open("amina"), amount=Decimal(3), extra={"advised": ASKED})


def test_a_dose_by_letter_is_never_in_the_bulk(world, bed):
    held(world, bed)
    no = refused(bed, bed.open("amina"), amount=Decimal(3), bulk=True)
    assert no.code == "one_by_one"


# ---------------------------------------------------------------- on the card


def test_the_card_says_the_letters_dose_asks_in_red_and_records_it(browser, world, bed):
    amina = browser.sign_in("amina")
    scan(amina, bed)
    assert "There is no written dose for today" in words(amina.page)
    held(world, bed, replace(LETTER, next_inr_on=TODAY - DAY))
    scan(amina, bed)
    seen = words(amina.page)
    assert "3 mg, by mouth" in seen and "Ask before giving" in seen and "Dose by written advice" not in seen
    make_ready(amina)
    form = line_form(amina, bed, given=True)
    fields = pairs(form)
    assert ("amount", "3") not in fields  # nothing is chosen beforehand
    amina.post(form["action"], [*fields, ("amount", "3")], status=422)
    again = line_form(amina, bed, given=True)
    assert again.select_one("[name=given-advised]") and "This is needed" in words(amina.page)
    amina.post(again["action"], [*[p for p in pairs(again) if p[0] not in ("amount", "given-advised")],
                                 ("amount", "3"), ("given-advised", ASKED)])  # fmt: skip
    assert "saved" in words(amina.page) and "3 mg" in words(amina.page)
    assert [(e.amount, e.extra) for e in bed.entries()] == [(Decimal(3), {"advised": ASKED})]


def test_part_given_asks_on_its_form_whom_somebody_asked(browser, world, bed):
    held(world, bed, replace(LETTER, next_inr_on=TODAY - DAY))
    amina = browser.sign_in("amina")
    scan(amina, bed)
    make_ready(amina)
    more = next(f for f in amina.page.select(f"#dose-{bed.key} form") if f["action"].endswith("/card/more"))
    amina.submit(more)
    said = {"why": "given_part", "given_part-amount": "1", "given_part-reason": "spat_out"}
    whole = lambda: next(f for f in amina.page.select(f"#dose-{bed.key} form") if f.select_one("[name=full]"))  # noqa: E731
    amina.submit(whole(), **said, status=422)
    assert "This is needed: who advised" in words(amina.page) and bed.entries() == []
    amina.submit(whole(), **said, **{"given_part-advised": ASKED})
    assert [(e.outcome, e.extra) for e in bed.entries()] == [("given_part", {"advised": ASKED})]


@pytest.mark.parametrize("own_phone", [False, "the same phone", "another phone"])
def test_with_a_witness_it_is_asked_once_whom_somebody_asked(browser, world, own_phone):
    bed = bedside(world, **WARFARIN, witness=True)
    held(world, bed, replace(LETTER, next_inr_on=TODAY - DAY))
    amina, sena = browser.sign_in("amina"), world.person_id("sena")
    scan(amina, bed)
    make_ready(amina)
    amina.submit(dock(amina))
    names = lambda: next(f for f in amina.page.select("form") if f.select_one("button[name=person]"))  # noqa: E731
    amina.submit(names(), person=str(sena), amount="3", status=422)
    assert "This is needed: who advised" in words(amina.page)
    amina.submit(names(), person=str(sena), amount="3", **{"given-advised": ASKED})
    assert "Sena Addo, do you see this given?" in words(amina.page)
    step = lambda end: next(f for f in amina.page.select("form") if f["action"].endswith(end))  # noqa: E731
    if own_phone:
        amina.submit(step("/ask-witness"))
        request = WitnessRequest.get()
        witness_actions.confirm(by=world.actor("sena"), request_id=request.id)
        if own_phone == "another phone":  # there nobody knows what was said when the witness was asked
            amina = Browser(browser.app).sign_in("amina")
            scan(amina, bed)
        amina.get(f"{HOME}/witness/{request.id}")
        known = own_phone == "the same phone"
        assert (f"Asked before giving it: {ASKED}" in words(amina.page)) is known
        assert (amina.page.select_one("[name=given-advised]") is None) is known
        if not known:
            amina.submit(step("/record"), status=422)
            assert "Ask before giving" in words(amina.page) and bed.entries() == []
        amina.submit(step("/record"), **({} if known else {"given-advised": ASKED}))
    else:
        amina.submit(step("/witnessed"), password=PASSWORD)
    (row,) = bed.entries()
    assert (row.amount, row.witnessed_by, row.extra) == (Decimal(3), sena, {"advised": ASKED})


def test_a_letter_checked_by_a_colleague_is_on_an_open_card_at_its_next_look(browser, world, bed):
    amina = browser.sign_in("amina")
    scan(amina, bed)
    assert "no written dose" in words(amina.page)
    held(world, bed)
    amina.get(bed.url)
    assert "3 mg, by mouth" in words(amina.page) and "no written dose" not in words(amina.page)


def test_a_stepped_order_shows_the_dose_of_the_doses_own_day(browser, world):
    steps = [{"days": 1, "amount": "3"}, {"days": None, "amount": "2"}]
    bed = bedside(world, schedule={"kind": "stepped", "steps": steps}, starts_on=TODAY - DAY)
    order = bed.order
    assert letters.amount_due(order, on("11:30"), "Europe/London") == 2
    assert letters.amount_due(order, on("11:30", TODAY - DAY), "Europe/London") == 3
    amina = browser.sign_in("amina")
    scan(amina, bed)
    assert "2 tablets, by mouth" in words(amina.page) and "3 tablets" not in words(amina.page)


# ---------------------------------------------------------------- early counts


def test_a_dose_given_before_its_window_is_early_and_the_window_itself_is_not():
    due = on("11:30")
    assert rules.is_early(due - dt.timedelta(minutes=31), due, 30)
    assert not rules.is_early(due - dt.timedelta(minutes=30), due, 30)


def test_a_fact_told_of_a_give_before_its_window_is_flagged_early(world):
    bed = bedside(world, due="12:30", window_before=30, window_after=30)
    report = bed.report(world.actor("amina"), given_at=clock.now() - dt.timedelta(minutes=5))
    assert "early" in report.entry.flags and FLAGS["early"]
    on_time = bedside(world, given="Bert", family="Olney", room="8")
    assert "early" not in on_time.report(world.actor("amina")).entry.flags
