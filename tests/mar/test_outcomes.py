"""Every outcome of the table: offered where it fits, asked for all it needs, refused without, stored and shown with."""

import datetime as dt
import uuid
from dataclasses import replace
from decimal import Decimal

import pytest
from bs4 import Tag

from medpwa import clock, ledger
from medpwa.alerts import Alert
from medpwa.desk import decisions
from medpwa.errors import Invalid
from medpwa.mar import extras, history, recording, states
from medpwa.mar.intents import Intent
from medpwa.mar.models import Entry
from medpwa.mar.vocabulary import COMMON, EXTRAS, NOT_GIVEN, OTHERWISE, OUTCOMES, OWN_GIVES
from medpwa.medicines import actions as orders
from tests import builders
from tests.browse import Browser, words
from tests.crowd import at_once
from tests.mar.facts import at, entry, times
from tests.mar.steps import HTMX, bedside, counts, dock, later, line_form, make_ready, on, refused, scan, take

TEXT = "Sister Reid, nurse, at 11:20"


def said(name: str) -> str:
    """Something that fits an extra."""
    extra = EXTRAS[name]
    return extra.choices[-1][0] if extra.choices else "1" if extra.number else TEXT


def cases(names=NOT_GIVEN) -> list[tuple[str, str]]:
    """Every (outcome, reason) of some outcomes."""
    return [(name, reason) for name in names for reason in (dict(OUTCOMES[name].reasons) or {"": ""})]


def whole(bed, by, outcome: str, reason: str, **changes) -> Intent:
    """An intent with all its outcome asks for."""
    asked = extras.asks_of(outcome, reason, bed.order.asleep)
    own = {"amount": Decimal("0.5")} if "amount" in asked else {}
    given = {"ticket": bed.ticket(by)} if outcome in OWN_GIVES else {}
    extra = {n: said(n) for n in asked if n not in extras.OWN_COLUMN}
    note = "Words enough for anybody" if OUTCOMES[outcome].note_needed else ""
    return bed.intent(by, outcome, reason=reason, extra=extra, note=note, **own | given | changes)


def record(bed, by, intent: Intent) -> Entry:
    return recording.record(by=by, resident_id=bed.resident.id, intent=intent)


# ---------------------------------------------------------------- the table


def test_the_table_of_outcomes_is_whole():
    every = {n for n in OUTCOMES if n not in ("given", "struck", "not_required", "visit_missed")}
    assert every == set(NOT_GIVEN) | set(OTHERWISE) and len(COMMON) == 5 and NOT_GIVEN[:5] == COMMON
    asked = {x for n, o in OUTCOMES.items() for x in (*o.asks, *(e for _, own in o.asks_for for e in own))}
    assert asked | {"not_woken"} == set(EXTRAS), "an extra nobody asks for, or one that is not there"
    for outcome in OUTCOMES.values():
        assert {r for r, _ in outcome.asks_for} <= set(dict(outcome.reasons))
    letters = [o.letter for o in OUTCOMES.values() if o.letter]
    assert len(letters) == len(set(letters)) and all(len(x) <= 2 for x in letters)


def test_what_is_offered_fits_the_order(world):
    order = bedside(world).order
    assert extras.not_given_for(order) == NOT_GIVEN
    assert "not_required" in extras.not_given_for(replace(order, kind="prn"))
    assert "visit_missed" in extras.not_given_for(replace(order, route="injection"))
    for wrong in ("not_required", "visit_missed", "struck", "given", "lost", ""):
        found = extras.problems(wrong, "", "", {}, offered=extras.not_given_for(order))
        assert [field for field, _ in found] == ["why"]


@pytest.mark.parametrize(("outcome", "reason"), [*cases(), *cases([n for n in OTHERWISE if n in OWN_GIVES])])
def test_every_extra_of_every_outcome_is_demanded_stored_and_told(world, outcome, reason):
    bed = bedside(world)
    by = bed.open("amina")
    intent, before = whole(bed, by, outcome, reason), counts()
    for name in intent.extra:
        for wrong in ({}, {name: ""}, {name: "x" * 201}):
            sent = {n: v for n, v in intent.extra.items() if n != name} | wrong
            with pytest.raises(Invalid) as no:
                record(bed, by, replace(intent, extra=sent))
            assert [f for f, _ in no.value.errors] == [name] and "kept" in no.value.errors[0][1]
    if OUTCOMES[outcome].reasons:
        with pytest.raises(Invalid):
            record(bed, by, replace(intent, reason=""))
    with pytest.raises(Invalid):
        record(bed, by, replace(intent, extra=dict(intent.extra) | {"invented": "by hand"}))
    assert counts() == before, "nothing is written of what is not whole"
    row = record(bed, by, intent)
    assert (row.outcome, row.reason, row.extra or {}) == (outcome, reason, dict(intent.extra))
    assert record(bed, by, intent) == row
    for other in ({"note": "something else again"}, {"extra": dict(intent.extra) | {"more": "y"}}):
        assert refused(lambda o=other: record(bed, by, replace(intent, **o))).code == "used_before"
    told = history.entry_words(row, world.actor("rosa"))
    for name, value in intent.extra.items():
        assert EXTRAS[name].label in told and dict(EXTRAS[name].choices).get(value, value) in told
    assert dict(OUTCOMES[outcome].reasons).get(reason, "") in told and ledger.verify() == []


def test_being_asleep_is_no_answer_where_the_order_says_wake_them(world, browser):
    bed = bedside(world, asleep="wake")
    by = bed.open("amina")
    with pytest.raises(Invalid) as no:
        record(bed, by, bed.intent(by, "asleep"))
    assert [f for f, _ in no.value.errors] == ["not_woken"]
    phone = browser.sign_in("amina")
    scan(phone, bed)
    assert "If asleep, wake them for it." in words(phone.page)
    form = line_form(phone, bed, given=False)
    phone.submit(form, why="asleep", status=422)
    article = phone.page.select_one(f"#dose-{bed.key}")
    assert article.select_one(".errors a")["href"] == f"#asleep-not_woken-{bed.key}"
    phone.submit(line_form(phone, bed, given=False), why="asleep", **{"asleep-not_woken": "Dr Shah: let her sleep"})
    assert bed.entries()[-1].extra == {"not_woken": "Dr Shah: let her sleep"}
    never = bedside(world, given="Bert", family="Olney", room="8", asleep="never")
    assert "If asleep, do not wake them." in words(scan(phone, never))
    assert phone.page.select("input[name='asleep-not_woken']") == []


# ---------------------------------------------------------------- offered again


@pytest.mark.parametrize("outcome", ["refused", "asleep", "refused_destroyed", "dropped"])
def test_what_may_still_be_taken_goes_back_into_the_round_up_to_three_offers(outcome):
    dose = times()
    offers = [entry(n, outcome, f"08:{n:02d}") for n in (1, 2, 3)]
    for n, kind in ((1, "again"), (2, "again"), (3, "not_given")):
        assert states.dose_state(dose, offers[:n], at("08:10")).kind == kind


@pytest.mark.parametrize("outcome", ["vomited", "unable", "withheld_advice", "not_available", "omitted", "other"])
def test_what_ends_a_dose_does_not_go_back(outcome):
    assert states.dose_state(times(), [entry(1, outcome, "08:01")], at("08:10")).kind == "not_given"


# ---------------------------------------------------------------- the form


def full_form(phone: Browser, bed) -> Tag:
    """The form with every outcome, from the card."""
    more = next(f for f in phone.page.select(f"#dose-{bed.key} form") if f["action"].endswith("/card/more"))
    before = counts()
    phone.submit(more)
    assert counts() == before, "asking for more reasons records nothing"
    return next(f for f in phone.page.select(f"#dose-{bed.key} form") if f.select_one("input[name=full]"))


def test_five_reasons_stand_first_and_all_others_one_tap_further(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    scan(phone, bed)
    first = [i["value"] for i in line_form(phone, bed, given=False).select("input[name=why]")]
    assert first == list(COMMON)
    assert [i["value"] for i in full_form(phone, bed).select("input[name=why]")] == [*NOT_GIVEN, "given_by_other"]
    scan(phone, bed)
    make_ready(phone)
    ready = [i["value"] for i in full_form(phone, bed).select("input[name=why]")]
    assert ready == [*NOT_GIVEN, *OTHERWISE], "what needs Ready is offered once it is ready"
    assert "1 ready, labels checked" in words(phone.page), "what was made ready stays ready"


@pytest.mark.parametrize(("outcome", "reason"), [*cases(), *cases([n for n in OTHERWISE if n in OWN_GIVES])])
def test_the_form_asks_keeps_and_records_every_outcome(world, browser, outcome, reason):
    bed, phone = bedside(world), browser.sign_in("amina")
    scan(phone, bed)
    make_ready(phone)
    form = full_form(phone, bed)
    asked = {f"{outcome}-{n}": said(n) for n in extras.asks_of(outcome, reason, "")}
    if "amount" in OUTCOMES[outcome].asks:
        asked[f"{outcome}-amount"] = "0.5"
    sent = {"why": outcome, "note": "Words enough for anybody"} | ({f"{outcome}-reason": reason} if reason else {})
    names = {f["name"] for f in form.select("input")}
    assert set(asked) <= names and set(sent) <= names
    for missing in [*asked, *([f"{outcome}-reason"] if reason else [])]:
        kept = {n: v for n, v in (sent | asked).items() if n != missing}
        phone.submit(form, **kept, status=422)
        again = next(f for f in phone.page.select(f"#dose-{bed.key} form") if f.select_one("input[name=full]"))
        assert phone.page.select_one(f"#{missing}-{bed.key}") is not None, "the error leads to its field"
        assert f"#{missing}-{bed.key}" in [a["href"] for a in phone.page.select(".errors a")]
        for n, v in kept.items():
            field = again.select(f"[name='{n}']")
            shown = [f.get("value") for f in field if f.get("type") != "radio" or f.has_attr("checked")]
            assert v in shown, f"{n} is kept"
    assert bed.entries() == []
    phone.submit(form, **sent, **asked)
    (row,) = bed.entries()
    assert (row.outcome, row.reason) == (outcome, reason) and row.prepared_at is not None
    page = words(phone.page).replace("\u00a0", " ")
    for value in (v for n, v in asked.items() if v == TEXT):
        assert value in page, "the card shows what was written"
    assert ledger.verify() == []


def test_what_follows_is_said_where_it_was_recorded(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    scan(phone, bed)
    form = full_form(phone, bed)
    phone.post(form["action"], [*_pairs(form), ("why", "vomited"), ("vomited-vomited", "within_30")], **HTMX)
    page = words(phone.page)
    assert "Saved 11:40: nausea or vomiting. Ask the pharmacist or the GP. Never give it again by yourself." in page
    assert "Were they sick after taking it: Yes, within 30 minutes" in page


def _pairs(form: Tag) -> list[tuple[str, str]]:
    """The fields of a form without what was chosen and without empty extras."""
    from tests.browse import form_values

    return [(n, v) for n, v in form_values(form) if n not in ("csrf_token", "why") and (v or "-" not in n)]


# ---------------------------------------------------------------- who is told


@pytest.mark.parametrize(
    ("outcome", "reason", "says"),
    [
        ("not_available", "out_of_stock", "not available. None in stock. Who was told or asked"),
        ("omitted", "", "missed, known now. How it was found out"),
    ],
)
def test_a_failure_of_ours_is_in_front_of_the_shift_leader_at_once(world, outcome, reason, says):
    bed = bedside(world)
    by = bed.open("amina")
    record(bed, by, whole(bed, by, outcome, reason))
    alert = Alert.select().order_by(Alert.id.desc()).first()
    assert says in alert.words and "Ivy Cartledge" in alert.words and alert.to_verb == "mar.see_reports"
    assert ledger.verify() == []


def test_a_medicine_that_is_not_there_is_told_once_a_day(world):
    bed = bedside(world, times=("11:30", "11:45"), window_before=5, window_after=5)
    by = bed.open("amina")
    for due in ("11:30", "11:45"):
        intent = whole(bed, by, "not_available", "not_delivered", key=replace(bed.key, due_at=on(due)))
        record(bed, by, intent)
    assert Alert.select().where(Alert.key.startswith("gone:")).count() == 1 and Entry.select().count() == 2


def test_part_of_a_time_critical_dose_is_told_and_part_of_another_is_not(world):
    plain = bedside(world)
    by = plain.open("amina")
    record(plain, by, whole(plain, by, "given_part", "spat_out"))
    assert Alert.select().count() == 0
    bert = bedside(world, given="Bert", family="Olney", room="8", time_critical=True)
    by = bert.open("amina")
    record(bert, by, whole(bert, by, "given_part", "spat_out"))
    assert "Only part of Bert Olney’s" in Alert.get().words


# ---------------------------------------------------------------- how much


def test_a_variable_dose_asks_how_much_suggests_nothing_and_is_never_in_the_bulk(world, browser):
    bed = bedside(world, dose_amount=Decimal(1), dose_most=Decimal(2), dose_choice="2 if her pulse is over 80")
    phone = browser.sign_in("amina")
    scan(phone, bed)
    make_ready(phone)
    form = line_form(phone, bed, given=True)
    assert [i["value"] for i in form.select("input[name=amount]")] == ["1", "2"]
    assert form.select("input[checked]") == [] and "2 if her pulse is over 80" in words(form)
    assert dock(phone) is None and "Choose how much was taken" in words(phone.page.select_one("#dock"))
    for wrong in ("", "3", "0", "0.5", "two", "１"):
        phone.submit(form, amount=wrong, status=422)
        assert phone.page.select_one(f"#amount-{bed.key}") is not None and bed.entries() == []
    phone.submit(form, amount="2")
    assert bed.entries()[0].amount == 2 and "2 tablets" in words(phone.page).replace("\u00a0", " ")
    by = world.actor("amina")
    with pytest.raises(Exception, match="amount varies"):
        again = bedside(world, given="Bert", family="Olney", room="8", dose_most=Decimal(2), dose_choice="2 if over 80")
        again.record(again.open("amina"), bulk=True, amount=Decimal(1))
    assert by.person_id == bed.entries()[0].by


def test_amounts_offered_are_those_prescribed():
    assert extras.choices_of(Decimal(1), Decimal(3)) == (1, 2, 3)
    assert extras.choices_of(Decimal("2.5"), Decimal(5)) == (Decimal("2.5"), 5)
    assert extras.choices_of(Decimal(5), Decimal(20)) == (5, 20)


@pytest.mark.parametrize(
    ("amount", "least", "most", "fits"),
    [("0.5", "1", None, True), ("1", "1", None, False), ("1.5", "1", "2", True), ("2", "1", "2", False),
     ("0", "1", None, False), (None, "1", None, False), ("7", None, None, True)],
)  # fmt: skip
def test_a_part_is_more_than_nothing_and_less_than_the_whole(amount, least, most, fits):
    values = [Decimal(v) if v else None for v in (amount, least, most)]
    assert (extras.amount_problem("given_part", *values) == "") is fits


def test_numbers_are_plain_figures():
    assert [extras.number_of(t) for t in ("0.5", "2", "12.25")] == [Decimal("0.5"), 2, Decimal("12.25")]
    for wrong in ("", " ", "１", "1e3", "-1", "+1", "nan", "1.", ".5", "1,5", "1_0", "9" * 7, "0.1234"):
        assert extras.number_of(wrong) is None, wrong


def test_an_order_with_one_amount_takes_no_other(world):
    bed = bedside(world)
    by = bed.open("amina")
    with pytest.raises(Invalid):
        bed.record(by, amount=Decimal(2))
    assert bed.record(by).amount is None


# ---------------------------------------------------------------- given by somebody else


def by_other(bed, by, **changes) -> Intent:
    made = Intent(bed.key, str(uuid.uuid4()), bed.order.version_id, "given_by_other", given_by=TEXT)
    return replace(made, **changes)


def test_what_somebody_else_gave_is_a_fact_and_blocks_a_second_give(world):
    bed = bedside(world)
    by = bed.open("amina")
    row = record(bed, world.actor("ben"), by_other(bed, by, given_at=on("11:20")))
    assert (row.claim, row.administered_by, row.given_at) == (None, None, on("11:20"))
    assert "It was ours to give" in Alert.get().words and TEXT in Alert.get().words
    no = refused(lambda: bed.record(by))
    assert no.code == "already_given" and TEXT in no.words and "11:20" in no.words


def test_no_rule_of_giving_refuses_what_somebody_else_gave(world):
    gone = bedside(world, required_skills=("oral", "insulin"))
    row = record(gone, world.actor("ben"), by_other(gone, None))
    assert row.flags == ["no_scan"], "not opened, not signed off: kept all the same"
    stopped = bedside(world, given="Bert", family="Olney", room="8", due="11:50")
    later(minutes=2)
    orders.stop_order(
        by=world.actor("tolu"), line_id=stopped.order.line_id, version_id=stopped.order.version_id,
        reason="Dr Banerjee by phone",
    )  # fmt: skip
    kept = record(stopped, world.actor("ben"), by_other(stopped, None))
    assert kept.due_at is None and kept.given_at == clock.now(), "the plan has no such dose any more"
    intent = by_other(stopped, None)
    assert record(stopped, world.actor("ben"), intent) == record(stopped, world.actor("ben"), intent)
    assert ledger.verify() == []


def test_a_second_give_by_somebody_else_is_kept_flagged_and_told(world):
    bed = bedside(world)
    by = bed.open("amina")
    bed.record(by)
    row = record(bed, by, by_other(bed, by))
    assert "second_give" in row.flags and "given twice" in Alert.get().words
    assert [e.outcome for e in bed.entries()] == ["given", "given_by_other"] and ledger.verify() == []


def test_who_gave_it_and_when_must_make_sense(world, browser):
    bed = bedside(world)
    by = bed.open("amina")
    ahead = clock.now() + dt.timedelta(minutes=1)
    for wrong, field in (({"given_by": ""}, "given_by"), ({"given_by": "x" * 201}, "given_by"),
                         ({"given_at": ahead}, "given_at"), ({"reason": "x"}, "why")):  # fmt: skip
        with pytest.raises(Invalid) as no:
            record(bed, by, by_other(bed, by, **wrong))
        assert [f for f, _ in no.value.errors] == [field]
    phone = browser.sign_in("amina")
    scan(phone, bed)
    form = full_form(phone, bed)
    sent = {"why": "given_by_other", "given_by_other-given_by": TEXT}
    for wrong in ("half past", "23:59"):
        phone.submit(form, **sent, **{"given_by_other-given_at": wrong}, status=422)
        assert phone.page.select_one(f"#given_by_other-given_at-{bed.key}")["value"] == wrong
    phone.submit(form, **sent, **{"given_by_other-given_at": "11.25"})
    page = words(phone.page)
    assert "Given by somebody else 11:25" in page and f"By {TEXT}" in page and "Recorded by Amina Okoro" in page


# ---------------------------------------------------------------- an order that changed, and races


def test_not_given_stands_though_the_order_changed_and_part_given_does_not(world):
    bed = bedside(world, due="12:00")
    by = bed.open("amina")
    part, dropped = whole(bed, by, "given_part", "spat_out"), whole(bed, by, "dropped", "")
    later(minutes=1)
    orders.change_order(
        by=world.actor("tolu"), line_id=bed.order.line_id, version_id=bed.order.version_id, reason="By phone",
        details=builders.order_details(times=("12:00",), instructions=("With a full glass of water",)),
    )  # fmt: skip
    assert refused(lambda: record(bed, by, part)).code in ("changed", "unchecked")
    row = record(bed, by, dropped)
    assert row.order_version_id != bed.order.version_id and row.extra == {"quantity": "1"}


@pytest.mark.parametrize("first", ["given", "given_by_other"])
def test_of_a_give_and_a_fact_at_once_each_is_judged_by_the_other(world, app, first):
    bed = bedside(world)
    by, ben = bed.open("amina"), world.actor("ben")
    give, fact = bed.intent(by), by_other(bed, by)
    jobs = [lambda: record(bed, by, give), lambda: record(bed, ben, fact)]
    answers = at_once(app, jobs if first == "given" else jobs[::-1])
    kept = [a for a in answers if isinstance(a, Entry)]
    assert any(e.outcome == "given_by_other" for e in kept), "a fact is never refused"
    if len(kept) == 2:
        other = next(e for e in kept if e.outcome == "given_by_other")
        assert "second_give" in other.flags and other.id > min(e.id for e in kept), "the give was first"
    else:
        (no,) = [a for a in answers if not isinstance(a, Entry)]
        assert no.code == "already_given"
    assert len([e for e in bed.entries() if e.claim]) <= 1 and ledger.verify() == []


def test_taking_the_second_offer_after_a_drop_is_one_give(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    scan(phone, bed)
    form = full_form(phone, bed)
    phone.submit(form, why="dropped", **{"dropped-quantity": "1"})
    assert "Dropped or spoiled 11:40 (how many were spoiled: 1), saved. Try again from 12:10" in words(phone.page)
    later(minutes=30)
    scan(phone, bed)
    make_ready(phone)
    take(phone)
    assert [e.outcome for e in bed.entries()] == ["dropped", "given"]


# ---------------------------------------------------------------- what waits for a manager


def test_a_failure_waits_for_a_manager_until_the_medicine_is_given(world):
    bed = bedside(world, times=("11:30", "12:30"), window_before=10, window_after=10)
    by, rosa = bed.open("amina"), world.actor("rosa")
    record(bed, by, whole(bed, by, "not_available", "out_of_stock"))
    (waits,) = [d for d in decisions.waiting(rosa) if d.kind == "failure"]
    assert "Ivy Cartledge" in waits.title and "None in stock" in waits.why and TEXT in waits.why
    assert [d for d in decisions.waiting(world.actor("amina")) if d.kind == "failure"] == []
    later(minutes=50)
    next_one = replace(bed, key=replace(bed.key, due_at=on("12:30")))
    record(bed, by, next_one.intent(bed.open("amina")))
    assert [d for d in decisions.waiting(rosa) if d.kind == "failure"] == []


def test_a_failure_of_a_stopped_order_waits_no_longer(world):
    bed = bedside(world)
    by = bed.open("amina")
    record(bed, by, whole(bed, by, "omitted", ""))
    assert [d.kind for d in decisions.waiting(world.actor("dee")) if d.kind == "failure"] == ["failure"]
    later(minutes=1)
    orders.stop_order(
        by=world.actor("tolu"), line_id=bed.order.line_id, version_id=bed.order.version_id, reason="Dr Banerjee"
    )
    assert [d.kind for d in decisions.waiting(world.actor("dee")) if d.kind == "failure"] == []
