"""Adding, changing, stopping and checking orders, through the record door on both engines."""

import datetime as dt
from decimal import Decimal

import pytest

from medpwa import clock, ledger
from medpwa.errors import Invalid, NotFound, NotPermitted, Refused
from medpwa.ledger import Line, Refusal
from medpwa.medicines import actions, queries, rules
from medpwa.medicines.models import OrderCheck, OrderLine, OrderVersion
from tests import builders
from tests.builders import hand_keyed_order, keyed_again, order, order_details, resident

HOSTILE = "<script>alert(1)</script> =cmd|' /C calc'!A0 ‮ %s {{7*7}}"


def state_now(o):
    return rules.state(o, clock.now())


def again(o):
    return next(x for x in queries.orders_of_home(o.home_id) if x.version_id == o.version_id)


def last_refusal():
    return Refusal.select().order_by(Refusal.id.desc()).first()


def test_a_hand_keyed_order_waits_and_an_imported_one_is_active_at_once(world, ivy):
    tolu = world.actor("tolu")
    keyed, taken_over = hand_keyed_order(tolu, ivy.id), order(tolu, ivy.id, "docusate sodium", strength="100 mg")
    assert (state_now(keyed), keyed.hand_keyed, keyed.keyed_by) == ("awaiting_check", True, tolu.person_id)
    assert (state_now(taken_over), taken_over.hand_keyed, taken_over.keyed_by) == ("active", False, None)
    assert ledger.verify() == []


def test_a_second_trained_person_keying_the_same_makes_it_active(world, ivy):
    keyed = hand_keyed_order(world.actor("tolu"), ivy.id)
    kept = actions.check_order(
        rest="same", by=world.actor("sena"), version_id=keyed.version_id, keyed=keyed_again(keyed, medicine=" SENNA ")
    )
    assert kept.agrees and kept.differences == []
    assert state_now(again(keyed)) == "active"
    assert ledger.verify() == []


def test_a_keying_that_differs_is_kept_and_the_order_stays_waiting(world, ivy):
    keyed = hand_keyed_order(world.actor("tolu"), ivy.id)
    other = keyed_again(keyed, strength="15 mg", times=("20:00",), ends_on=dt.date(2026, 12, 1))
    kept = actions.check_order(rest="same", by=world.actor("sena"), version_id=keyed.version_id, keyed=other)
    assert not kept.agrees and kept.differences == ["strength", "times", "end day"]
    assert state_now(again(keyed)) == "awaiting_check"
    actions.check_order(rest="same", by=world.actor("rosa"), version_id=keyed.version_id, keyed=keyed_again(keyed))
    assert state_now(again(keyed)) == "active"
    assert OrderCheck.select().count() == 2
    assert ledger.verify() == []


def test_nobody_checks_what_they_keyed(world, ivy):
    tolu = world.actor("tolu")
    keyed = hand_keyed_order(tolu, ivy.id)
    with pytest.raises(Refused) as no:
        actions.check_order(rest="same", by=tolu, version_id=keyed.version_id, keyed=keyed_again(keyed))
    assert no.value.code == "same_person" and "Sena Addo" in no.value.words and "Tolu" not in no.value.words
    line = Line.select().order_by(Line.id.desc()).first()
    assert (line.verb, line.outcome, line.subject) == ("orders.check", "refused", f"resident:{ivy.id}")
    assert state_now(again(keyed)) == "awaiting_check" and OrderCheck.select().count() == 0


def test_somebody_not_trained_can_neither_key_nor_check(world, ivy):
    keyed = hand_keyed_order(world.actor("tolu"), ivy.id)
    skill = dict(person_id=world.person_id("dee"), skill="transcription")
    builders.competency.suspend(by=world.actor("rosa"), **skill, reason="Mistake last week")
    dee = world.actor("dee")
    with pytest.raises(Refused) as no:
        actions.check_order(rest="same", by=dee, version_id=keyed.version_id, keyed=keyed_again(keyed))
    assert no.value.code == "not_trained" and no.value.status == 403 and "Sena Addo" in no.value.words
    with pytest.raises(Refused):
        actions.add_order(by=dee, resident_id=ivy.id, details=order_details(medicine="aspirin"))
    assert last_refusal().code == "not_trained" and last_refusal().by_person == dee.person_id
    assert OrderLine.select().count() == 1 and ledger.verify() == []


def test_a_carer_may_do_none_of_it_and_only_the_system_imports(world, ivy):
    keyed, amina, tolu = hand_keyed_order(world.actor("tolu"), ivy.id), world.actor("amina"), world.actor("tolu")
    tries = (
        lambda: actions.add_order(by=amina, resident_id=ivy.id, details=order_details()),
        lambda: actions.stop_order(by=amina, line_id=keyed.line_id, version_id=keyed.version_id, reason="because"),
        lambda: actions.check_order(rest="same", by=amina, version_id=keyed.version_id, keyed=keyed_again(keyed)),
        lambda: actions.import_order(by=tolu, resident_id=ivy.id, details=order_details()),
    )
    for attempt in tries:
        with pytest.raises(NotPermitted):
            attempt()
    assert OrderVersion.select().count() == 1 and ledger.verify() == []


def test_a_change_ends_the_version_before_and_waits_for_its_own_check(world, ivy):
    tolu = world.actor("tolu")
    first = order(tolu, ivy.id)
    clock.stand_at(clock.now() + dt.timedelta(minutes=5))
    actions.change_order(
        by=tolu,
        line_id=first.line_id,
        version_id=first.version_id,
        details=order_details(dose_amount=2),
        reason="Dr Banerjee by phone, letter to follow",
    )
    before, after = queries.orders_of_resident(first.home_id, ivy.id)
    assert (before.valid_to, after.valid_from, after.number) == (clock.now(), clock.now(), 2)
    assert (state_now(after), after.dose_amount, after.reason[:11]) == ("awaiting_check", Decimal(2), "Dr Banerjee")
    assert [o.version_id for o in queries.in_force((before, after), clock.now())] == [after.version_id]
    assert ledger.verify() == []


def test_a_change_of_an_older_version_is_refused_and_so_is_a_change_of_nothing(world, ivy):
    tolu = world.actor("tolu")
    first = order(tolu, ivy.id)
    seen = dict(line_id=first.line_id, version_id=first.version_id, reason="Dr Banerjee")
    actions.change_order(by=tolu, **seen, details=order_details(dose_amount=2))
    for late in (
        lambda: actions.change_order(by=tolu, **seen, details=order_details(dose_amount=3)),
        lambda: actions.stop_order(by=tolu, **seen),
    ):
        with pytest.raises(Refused) as no:
            late()
        assert (no.value.code, no.value.status) == ("stale_version", 409)
    now = dict(seen, version_id=queries.order_of(tolu, first.line_id).latest.version_id)
    with pytest.raises(Invalid, match="Nothing is different"):
        actions.change_order(by=tolu, **now, details=order_details(dose_amount=2))
    assert OrderVersion.select().count() == 2 and ledger.verify() == []


def test_checking_a_version_that_was_changed_meanwhile_is_refused(world, ivy):
    tolu = world.actor("tolu")
    first = hand_keyed_order(tolu, ivy.id)
    actions.change_order(
        by=tolu,
        line_id=first.line_id,
        version_id=first.version_id,
        details=order_details(dose_amount=2),
        reason="Misread the label",
    )
    with pytest.raises(Refused) as no:
        actions.check_order(rest="same", by=world.actor("sena"), version_id=first.version_id, keyed=keyed_again(first))
    assert no.value.code == "stale_version"


def test_nobody_but_the_keyer_changes_what_waits(world, ivy):
    """A change shows what stands there, and whoever has read it can no longer check it blind."""
    o = hand_keyed_order(world.actor("tolu"), ivy.id)
    seen = dict(line_id=o.line_id, version_id=o.version_id, details=order_details(dose_amount=2), reason="Slip")
    with pytest.raises(Refused) as no:
        actions.change_order(by=world.actor("sena"), **seen)
    assert no.value.code == "waiting" and "Tolu Bello" in no.value.words
    actions.change_order(by=world.actor("tolu"), **seen)
    assert ledger.verify() == []


def test_a_check_twice_is_refused_the_second_time(world, ivy):
    keyed = hand_keyed_order(world.actor("tolu"), ivy.id)
    actions.check_order(rest="same", by=world.actor("sena"), version_id=keyed.version_id, keyed=keyed_again(keyed))
    with pytest.raises(Refused) as no:
        actions.check_order(rest="same", by=world.actor("rosa"), version_id=keyed.version_id, keyed=keyed_again(keyed))
    assert no.value.code == "checked_already" and OrderCheck.select().count() == 1


def test_a_stopped_order_has_no_more_doses_and_cannot_be_changed(world, ivy):
    tolu = world.actor("tolu")
    o = order(tolu, ivy.id, times=("09:00", "21:00"))
    morning, end = clock.day_bounds(clock.local_day(clock.now()))
    actions.stop_order(by=tolu, line_id=o.line_id, version_id=o.version_id, reason="No longer needed, Dr Banerjee")
    versions = queries.orders_of_resident(o.home_id, ivy.id)
    due = rules.doses_due(versions, morning, end, tolu.zone)
    assert [clock.time_words(d.due_at) for d in due] == ["09:00"]
    assert rules.next_due(versions, clock.now(), tolu.zone) is None
    with pytest.raises(Refused) as no:
        latest = versions[-1].version_id
        actions.change_order(
            by=tolu, line_id=o.line_id, version_id=latest, details=order_details(dose_amount=2), reason="again"
        )
    assert no.value.code == "stopped" and ledger.verify() == []


def test_an_allergy_in_the_name_blocks_until_somebody_named_has_answered(world):
    tolu = world.actor("tolu")
    jo = resident(world.system(), "Jo", "Vale", items=[("Senna", "cramps", False)])
    with pytest.raises(Refused) as no:
        hand_keyed_order(tolu, jo.id)
    assert no.value.code == "allergy" and "Senna: cramps" in no.value.words
    answered = hand_keyed_order(tolu, jo.id, allergy_answer="Priya Shah, pharmacist: cramps were from a higher dose")
    assert answered.allergy_answer.startswith("Priya Shah") and ledger.verify() == []


def test_the_same_order_twice_is_refused_but_may_come_again_after_a_stop(world, ivy):
    tolu = world.actor("tolu")
    o = hand_keyed_order(tolu, ivy.id)
    with pytest.raises(Refused) as no:
        hand_keyed_order(world.actor("sena"), ivy.id, medicine="Senna")
    assert no.value.code == "already_there"
    actions.stop_order(by=tolu, line_id=o.line_id, version_id=o.version_id, reason="Wrong person")
    assert hand_keyed_order(tolu, ivy.id).line_id != o.line_id


def test_nothing_is_added_for_somebody_who_left(world):
    gone = resident(world.system(), "Tom", "Rigby", state="discharged")
    with pytest.raises(Refused) as no:
        hand_keyed_order(world.actor("tolu"), gone.id)
    assert no.value.code == "left"


def test_ids_of_another_home_answer_not_found(world, ivy):
    tolu, nell = world.actor("tolu"), world.actor("nell")
    o = hand_keyed_order(tolu, ivy.id)
    for attempt in (
        lambda: actions.add_order(by=nell, resident_id=ivy.id, details=order_details()),
        lambda: actions.stop_order(by=nell, line_id=o.line_id, version_id=o.version_id, reason="because"),
        lambda: actions.check_order(rest="same", by=nell, version_id=o.version_id, keyed=keyed_again(o)),
        lambda: queries.order_of(tolu, 999_999),
        lambda: queries.version_of(tolu, 10**30),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_hostile_text_is_kept_as_text(world, ivy):
    o = hand_keyed_order(world.actor("tolu"), ivy.id, indication=HOSTILE, source=HOSTILE, prescriber=HOSTILE)
    assert o.source == HOSTILE and ledger.verify() == []


def test_what_was_read_stays_until_an_order_or_a_check_is_added(world, ivy):
    tolu = world.actor("tolu")
    o = hand_keyed_order(tolu, ivy.id)
    seen = queries.orders_of_home(o.home_id)
    assert queries.orders_of_home(o.home_id) is seen
    actions.check_order(rest="same", by=world.actor("sena"), version_id=o.version_id, keyed=keyed_again(o))
    assert queries.orders_of_home(o.home_id) is not seen


def test_no_home_sees_anothers_orders(world, ivy):
    order(world.actor("tolu"), ivy.id)
    assert queries.orders_of_home(world.home("elm").id) == ()
    assert len(queries.orders_of_home(world.home().id)) == 1


def test_every_act_is_in_the_residents_history(world, ivy):
    tolu = world.actor("tolu")
    o = hand_keyed_order(tolu, ivy.id)
    actions.check_order(rest="same", by=world.actor("sena"), version_id=o.version_id, keyed=keyed_again(o))
    actions.stop_order(by=tolu, line_id=o.line_id, version_id=o.version_id, reason="Course done")
    verbs = [x.verb for x in ledger.history(tolu.chain_id, f"resident:{ivy.id}")]
    assert verbs[:3] == ["orders.stop", "orders.check", "orders.add"]


def test_methotrexate_drafted_daily_or_twice_a_week_is_not_saved(world, ivy):
    """Near miss I13 of the demo home: the weekly guard blocks it."""
    tolu = world.actor("tolu")
    mtx = dict(medicine="methotrexate", strength="2.5 mg", dose_amount=4, times=("18:00",))
    with pytest.raises(Invalid, match="within 6 days"):
        hand_keyed_order(tolu, ivy.id, **mtx)
    hand_keyed_order(tolu, ivy.id, **mtx, schedule={"kind": "weekdays", "days": [2]})
    with pytest.raises(Invalid, match="falls due on"):
        hand_keyed_order(tolu, ivy.id, **mtx, schedule={"kind": "weekdays", "days": [4]})
    assert OrderLine.select().count() == 1 and ledger.verify() == []
