"""What a when-required dose stores, what it is refused for, and that limits hold whoever taps when."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from decimal import Decimal

import pytest

from medpwa import clock, ledger
from medpwa.errors import Invalid, NotFound, Refused
from medpwa.mar import actions, prn_actions, recording
from medpwa.mar.models import Entry
from medpwa.mar.prn_rules import Use
from medpwa.medicines import actions as order_actions
from medpwa.medicines.rules import Ingredient
from tests import builders
from tests.mar import steps
from tests.mar.prn_steps import LORAZEPAM, PARACETAMOL, PROTOCOL, beside, prn
from tests.mar.steps import counts, later, on, refused


def test_a_dose_given_is_stored_with_reason_amount_steps_and_no_due_time(world):
    bed = prn(world)
    by = bed.open("amina")
    row = bed.give(by)
    assert (row.due_at, row.claim, row.outcome) == (None, None, "given")
    assert (row.reason, row.amount) == ("Back pain", Decimal(2))
    assert row.extra == {"steps": ["A warm pack"]} and row.given_at == clock.now() and row.prepared_at is not None
    assert row.scan_id and row.administered_by == by.person_id and ledger.verify() == []


def test_offered_and_not_needed_is_stored_and_counts_for_nothing(world):
    bed = prn(world)
    by = bed.open("amina")
    row = bed.give(by, outcome="not_required")
    assert (row.outcome, row.given_at, row.amount) == ("not_required", None, None)
    assert bed.give(by).outcome == "given", "an offer holds nothing back"


def test_not_needed_may_be_said_without_a_scan_and_without_sign_off(world):
    bed = prn(world)
    assert bed.give(world.actor("ben"), outcome="not_required").flags == ["no_scan"]


def test_the_same_form_sent_again_writes_nothing_and_another_with_its_id_is_told(world):
    bed = prn(world)
    by = bed.open("amina")
    intent = bed.intent(by)
    ask = lambda i: prn_actions.record(by=by, resident_id=bed.resident.id, intent=i)  # noqa: E731
    first, before = ask(intent), counts()
    assert ask(intent).id == first.id and counts() == before
    other = bed.intent(by, 1, entry_id=intent.entry_id)
    assert refused(lambda: ask(other)).code == "used_before"


@pytest.mark.parametrize(
    ("use", "field"),
    [
        (Use(reason="Back pain", amount=Decimal(2)), "steps"),
        (Use(steps=("A brisk run",), reason="Back pain", amount=Decimal(2)), "steps"),
        (Use(steps=("A warm pack",), amount=Decimal(2)), "reason"),
        (Use(steps=("A warm pack",), reason="x" * 201, amount=Decimal(2)), "reason_other"),
        (Use(steps=("A warm pack",), reason="Back pain"), "amount"),
        (Use(steps=("A warm pack",), reason="Back pain", amount=Decimal(3)), "amount"),
        (Use(steps=("A warm pack",), reason="Back pain", amount=Decimal("0.5")), "amount"),
    ],
)
def test_what_the_protocol_asks_for_must_be_said(world, use, field):
    bed = prn(world)
    by = bed.open("amina")
    before = counts()
    with pytest.raises(Invalid) as wrong:
        bed.give(by, use=use)
    assert wrong.value.errors[0][0] == field and counts() == before


def test_no_step_need_be_tried_where_it_is_said_why(world):
    bed = prn(world)
    use = Use(steps_why="In too much pain to be moved", reason="Hip", amount=Decimal(1))
    row = bed.give(bed.open("amina"), use=use)
    assert row.extra == {"steps_why": "In too much pain to be moved"}


@pytest.mark.parametrize(
    ("who", "code"), [("ben", "not_signed_off"), ("cara", "not_signed_off")], ids=["not assessed", "lapsed"]
)
def test_nobody_gives_what_they_are_not_signed_off_for(world, who, code):
    bed = prn(world)
    by = bed.open(who)
    assert refused(lambda: bed.give(by)).code == code and not bed.entries()


def test_it_needs_a_scan_a_ready_ticket_and_the_order_as_it_was_read(world):
    bed = prn(world)
    by = world.actor("amina")
    assert refused(lambda: bed.give(by)).code == "scan_first"
    bed.open("amina")
    assert refused(lambda: bed.give(by, ticket="")).code == "not_ready"
    assert refused(lambda: bed.give(by, version_id=bed.order.version_id + 1)).code == "changed"
    ticket = bed.ticket(by)
    later(minutes=31)
    assert refused(lambda: bed.give(by, ticket=ticket)).code == "not_ready"


def test_a_ticket_of_one_medicine_gives_no_other(world):
    bed = prn(world)
    other = beside(world, bed.resident, **LORAZEPAM)
    by = bed.open("amina")
    assert refused(lambda: bed.give(by, ticket=other.ticket(by))).code == "not_ready"


def test_a_regular_order_is_no_when_required_one_and_the_other_way_round(world):
    bed = steps.bedside(world)
    by = bed.open("amina")
    with pytest.raises(NotFound):
        prn_actions.refuse_ready(
            by=by, resident_id=bed.resident.id, line_id=bed.order.line_id, version_id=1, amount=None
        )
    other = beside(world, bed.resident)
    from medpwa.mar.tickets import DoseKey

    intent = bed.intent(by, key=DoseKey(other.order.line_id, clock.EPOCH), version_id=other.order.version_id)
    with pytest.raises((NotFound, Refused)):
        recording.record(by=by, resident_id=bed.resident.id, intent=intent)
    assert Entry.select().count() == 0


@pytest.mark.parametrize(
    "changes", [{"ends_on": dt.date(2026, 11, 15)}, {"starts_on": dt.date(2026, 11, 17)}], ids=["ended", "not begun"]
)
def test_an_order_outside_its_days_is_not_given(world, changes):
    bed = prn(world, **changes)
    assert refused(lambda: bed.give(bed.open("amina"))).code == "stopped"


def test_a_stopped_order_is_not_given_though_its_page_was_open(world):
    bed = prn(world)
    by = bed.open("amina")
    intent = bed.intent(by)
    steps.stop(bed.order, world.actor("tolu"))
    ask = lambda: prn_actions.record(by=by, resident_id=bed.resident.id, intent=intent)  # noqa: E731
    assert refused(ask).code == "stopped"


def test_a_medicine_that_needs_a_second_person_is_refused_without_one(world):
    builders.sign_off(world.system(), builders.person_id("amina"), "controlled")
    bed = prn(world, witness=True)
    assert refused(lambda: bed.give(bed.open("amina"))).code == "witness_first"


# ---------------------------------------------------------------- the limits, in the record


def test_one_minute_too_early_is_refused_and_exactly_on_time_is_not(world):
    bed = prn(world)
    by = bed.open("amina")
    bed.give(by)
    clock.stand_at(on("15:39"))
    bed.open("amina")
    no = refused(lambda: bed.give(by))
    assert no.code == "interval" and "15:40" in no.words and "11:40" in no.words
    clock.stand_at(on("15:40"))
    assert bed.give(by).flags == []


def test_paracetamol_at_two_hours_forty_is_blocked(world):
    """The near miss of the demo: 10 mL four times a day, at least 4 hours apart."""
    bed = steps.bedside(
        world, given="Doris", family="Whitcombe", due="17:00", times=("08:00", "12:30", "17:00", "21:00"),
        medicine="paracetamol", strength="250 mg/5 mL", form="oral suspension", dose_unit="mL", dose_amount=10,
        min_interval=240, most_24h=Decimal(40), ingredients=(Ingredient("paracetamol", Decimal(50), Decimal(2000)),),
    )  # fmt: skip
    lunch = replace(bed, key=steps.DoseKey(bed.order.line_id, on("12:30")))
    clock.stand_at(on("13:25"))
    by = bed.open("amina")
    lunch.record(by)
    clock.stand_at(on("16:05"))
    bed.open("amina")
    no = refused(lambda: bed.record(by))
    assert no.code == "interval" and "2 hours 40 min ago" in no.words.replace("\u00a0", " ") and "17:25" in no.words
    clock.stand_at(on("17:25"))
    bed.open("amina")
    assert bed.record(by).outcome == "given"


def test_what_is_inside_another_product_counts(world):
    bed = prn(world)
    codamol = steps.beside(
        world, bed.resident, medicine="co-codamol", strength="8/500 mg",
        ingredients=(Ingredient("codeine phosphate", Decimal(8)), Ingredient("paracetamol", Decimal(500))),
    )  # fmt: skip
    codamol.record(codamol.open("amina"))
    no = refused(lambda: bed.give(bed.open("amina")))
    assert no.code == "interval" and "co-codamol" in no.words


def test_the_maximum_counts_any_24_hours_in_the_record(world):
    bed = prn(world, min_interval=30)
    by = bed.open("amina")
    for _ in range(4):
        bed.give(by)
        later(hours=1)
    bed.open("amina")
    assert refused(lambda: bed.give(by, 1)).code == "maximum"
    clock.stand_at(on("11:40", dt.date(2026, 11, 17)))
    bed.open("amina")
    assert bed.give(by).outcome == "given"


def test_a_struck_dose_counts_for_nothing(world):
    bed = prn(world)
    by = bed.open("amina")
    row = bed.give(by)
    with _writing(by) as said:
        said.append(_struck(by, row))
    assert bed.give(by).outcome == "given"


def _writing(by):
    """A transaction like an action's."""
    import contextlib

    from medpwa import database

    @contextlib.contextmanager
    def opened():
        lines: list = []
        with database.writing(by.chain_id):
            yield lines
            ledger.append(by.chain_id, by, lines)

    return opened()


def _struck(by, row: Entry):
    made = Entry.create(
        entry_id=str(uuid.uuid4()), home=row.home_id, resident=row.resident_id, order_line=row.order_line_id,
        order_version=row.order_version_id, outcome="struck", at=clock.now(), by=by.person_id, flags=[], corrects=row,
        correction_reason="wrong_resident",
    )  # fmt: skip
    return ledger.line("mar.record", f"resident:{row.resident_id}", made)


def test_a_dose_told_later_counts_and_is_flagged_and_never_refused(world):
    bed = prn(world)
    by = bed.open("amina")
    bed.give(by)
    later(minutes=30)
    fact = dict(
        entry_id=str(uuid.uuid4()), line_id=bed.order.line_id, due_at=None, given_at=clock.now(),
        administered_by=by.person_id, who_knew="Tolu", why="The phone was on charge",
    )  # fmt: skip
    report = actions.report_given(by=by, resident_id=bed.resident.id, fact=actions.GivenFact(**fact))
    assert "interval_breach" in report.entry.flags
    from medpwa.alerts import Alert

    assert "sooner after the last dose" in Alert.get(Alert.key == f"given:{fact['entry_id']}").words
    clock.stand_at(on("15:50"))
    bed.open("amina")
    assert refused(lambda: bed.give(by)).code == "interval", "the dose told later moves the next one"
    assert ledger.verify() == []


def test_where_nobody_said_how_much_the_most_of_a_variable_dose_counts(world):
    bed = prn(world, min_interval=30, most_24h=Decimal(4))
    by = bed.open("amina")
    fact = dict(line_id=bed.order.line_id, due_at=None, administered_by=by.person_id, who_knew="Tolu", why="No signal")
    for _ in range(2):  # one or two tablets each: four, as far as anybody knows
        told = actions.GivenFact(entry_id=str(uuid.uuid4()), given_at=clock.now(), **fact)
        actions.report_given(by=by, resident_id=bed.resident.id, fact=told)
        later(minutes=40)
    bed.open("amina")
    assert refused(lambda: bed.give(by, 1)).code == "maximum"


def test_a_one_off_order_on_advice_goes_past_and_is_flagged(world):
    bed = prn(world)
    bed.give(bed.open("amina"))
    advice = {
        "name": "Dr Banerjee", "role": "GP", "at": clock.now().isoformat(), "read_back": True, "heard_by": "Tolu Bello"
    }  # fmt: skip
    once = steps.beside(
        world, bed.resident, medicine="paracetamol", strength="500 mg", kind="once", advice=advice,
        starts_on=clock.local_day(clock.now()), ingredients=(Ingredient("paracetamol", Decimal(500), Decimal(4000)),),
        min_interval=240,
    )  # fmt: skip
    assert "on_advice" in once.record(once.open("amina")).flags
    later(hours=3, minutes=59)
    assert refused(lambda: bed.give(bed.open("amina"))).code == "interval", "it counts for all others"


def test_the_protocol_in_the_tests_is_one_an_order_may_have():
    from medpwa.medicines import protocol

    assert protocol.problems("prn", PROTOCOL) == []


def test_a_change_that_waits_for_its_check_does_not_lift_the_limit_it_shares_with_other_orders(world):
    bed = prn(world, min_interval=1)
    regular = steps.beside(world, bed.resident, medicine="paracetamol", dose_amount=Decimal(1))
    for _ in range(4):
        bed.give(bed.open("amina"))
        later(minutes=2)
    record = lambda: regular.record(regular.open("amina"))  # noqa: E731
    assert refused(record).code == "maximum"
    changed = {**PARACETAMOL, "min_interval": 300, "times": ()}
    order_actions.change_order(
        by=world.actor("tolu"), line_id=bed.order.line_id, version_id=bed.order.version_id,
        details=builders.order_details(**changed), reason="Dr Banerjee by phone",
    )  # fmt: skip
    assert refused(record).code == "maximum", "8 tablets were given; nobody has agreed to another limit"
