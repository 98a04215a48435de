"""An entry against the order and the clock, and who may write one at all."""

import datetime as dt
from dataclasses import replace

import pytest

from medpwa import clock, ledger
from medpwa.errors import NotFound, NotPermitted, Refused
from medpwa.mar import actions, asking, recording
from medpwa.mar.tickets import DoseKey
from medpwa.medicines import actions as order_actions
from medpwa.medicines.queries import order_of as orders_of
from medpwa.staff import queries as staff
from tests import builders
from tests.mar.steps import bedside, change, counts, later, on, refusals, refused, stop

# ---------------------------------------------------------------- the order and the clock


def test_an_order_changed_since_the_card_was_shown_is_refused_and_nothing_is_stored(world):
    bed = bedside(world, due="12:30")
    clock.stand_at(on("11:45"))
    by = bed.open("amina")
    intent = bed.intent(by)
    change(bed.order, world.actor("tolu"), dose_amount=2)
    assert refused(lambda: recording.record(by=by, resident_id=bed.resident.id, intent=intent)).code == "changed"
    assert bed.entries() == []


def test_a_dose_that_fell_due_under_an_earlier_version_is_not_given_blindly(world):
    bed = bedside(world)
    by = bed.open("amina")
    intent = bed.intent(by)
    change(bed.order, world.actor("tolu"), dose_amount=2)
    no = refused(lambda: recording.record(by=by, resident_id=bed.resident.id, intent=intent))
    assert no.code == "superseded" and "changed after this dose fell due" in no.words
    assert bed.record(by, "refused").outcome == "refused"


def test_a_dose_due_before_a_change_is_given_as_before_where_the_change_says_so(world):
    bed = bedside(world)
    by = bed.open("amina")
    change(bed.order, world.actor("tolu"), dose_amount=2, earlier="give")
    assert bed.record(by).outcome == "given"
    assert bed.entries()[0].order_version_id == bed.order.version_id


def test_one_change_that_says_nothing_holds_the_dose_back_whatever_others_say(world):
    bed = bedside(world)
    by, tolu = bed.open("amina"), world.actor("tolu")
    change(bed.order, tolu, dose_amount=2, earlier="give")
    newest = orders_of(by, bed.order.line_id).latest
    change(newest, tolu, dose_amount=3)
    assert refused(lambda: bed.record(by)).code == "superseded" and bed.entries() == []


def test_a_refusal_says_field_by_field_what_changed_to_those_who_may_read_it(world):
    bed = bedside(world, due="12:30")
    clock.stand_at(on("11:45"))
    by = bed.open("amina")
    intent = bed.intent(by)
    changed = change(bed.order, world.actor("tolu"), dose_amount=2)
    no = refused(lambda: recording.record(by=by, resident_id=bed.resident.id, intent=intent))
    assert no.code == "changed" and "What changed" not in no.words, "it waits for its blind second check"
    version = orders_of(by, bed.order.line_id).latest
    order_actions.check_order(
        rest="same", by=world.actor("sena"), version_id=changed.id, keyed=builders.keyed_again(version)
    )
    no = refused(lambda: recording.record(by=by, resident_id=bed.resident.id, intent=intent))
    said = "What changed: dose, before: 1\u00a0tablet, now: 2\u00a0tablets; times, before: 12:30, now: 11:30."
    assert said in no.words and bed.entries() == []


def test_a_medicine_on_hold_is_not_given_and_may_be_said_not_given(world):
    bed = bedside(world)
    by, tolu = bed.open("amina"), world.actor("tolu")
    said = dict(reason="pulse 52", decided_by="Dr Banerjee")
    order_actions.suspend_order(by=tolu, line_id=bed.order.line_id, version_id=bed.order.version_id, **said)
    assert refused(lambda: bed.record(by)).code == "on_hold" and bed.entries() == []
    assert bed.record(by, "refused").outcome == "refused"


def test_an_injection_is_given_by_nobody_of_the_home(world):
    bed = bedside(world, form="solution for injection", route="injection", dose_unit="mL", strength="1 mg/mL")
    no = refused(lambda: bed.record(bed.open("amina")))
    assert no.code == "by_visitor" and "visiting nurse" in no.words and bed.entries() == []


def test_a_stopped_order_is_never_given(world):
    for due, code in (("11:30", "stopped"), ("12:30", "stopped")):
        bed = bedside(world, due=due, given="Ivy" if due == "11:30" else "Bert", room="7" if due == "11:30" else "8")
        clock.stand_at(max(clock.now(), on("11:45")))
        by = bed.open("amina")
        intent = bed.intent(by)
        later(seconds=1)
        stop(bed.order, world.actor("tolu"))
        no = refused(lambda b=by, bd=bed, i=intent: recording.record(by=b, resident_id=bd.resident.id, intent=i))
        assert no.code == code and "senna" in no.words and "stopped" in no.words
        assert bed.entries() == []


def test_a_dose_is_given_in_its_time_alone(world):
    bed = bedside(world, due="15:00")
    for now, code in (("13:59", "not_due"), ("18:00", "closed"), ("23:00", "closed")):
        clock.stand_at(on(now))
        no = refused(lambda: bed.record(bed.open("amina")))
        assert no.code == code and bed.entries() == []
    clock.stand_at(on("14:00"))
    assert refused(lambda: bed.record(world.actor("ben"), "given")).code == "not_signed_off"
    clock.stand_at(on("17:59"))
    assert bed.record(bed.open("amina")).flags == ["late"]


def test_a_gap_is_explained_within_a_day_and_marked_as_after_its_close(world):
    bed = bedside(world)
    clock.stand_at(on("20:00"))
    assert bed.record(world.actor("ben"), "refused").flags == ["after_close", "no_scan"]
    clock.stand_at(on("11:31", clock.local_day(clock.now()) + dt.timedelta(days=1)))
    assert refused(lambda: bed.record(world.actor("ben"), "refused")).code == "too_old"


def test_a_made_up_due_time_is_refused_and_another_persons_dose_does_not_exist(world):
    bed, other = bedside(world), bedside(world, given="Bert", family="Olney", room="8")
    by = bed.open("amina")
    made_up = replace(bed.intent(by), key=DoseKey(bed.key.line_id, on("11:31")))
    assert refused(lambda: recording.record(by=by, resident_id=bed.resident.id, intent=made_up)).code == "changed"
    before = counts()
    for key in (other.key, DoseKey(10**14, on("11:30")), DoseKey(0, on("11:30"))):
        with pytest.raises(NotFound):
            intent = replace(bed.intent(by), key=key)
            recording.record(by=by, resident_id=bed.resident.id, intent=intent)
    assert counts() == before


# ---------------------------------------------------------------- who may at all


@pytest.mark.parametrize("who", ["quinn", "nia"])
def test_people_who_oversee_record_nothing_at_all(world, who):
    bed, by = bedside(world), world.actor(who)
    for outcome in ("given", "refused"):
        intent = bed.intent(by, outcome)
        with pytest.raises(NotPermitted):
            recording.record(by=by, resident_id=bed.resident.id, intent=intent)
    for act in (
        lambda: actions.scan(by=by, resident_id=bed.resident.id, label_id=bed.label_id, how="camera"),
        lambda: actions.open_without_scan(by=by, resident_id=bed.resident.id, reason="known"),
        lambda: bed.report(by),
        lambda: asking.ask_help(by=by, resident_id=bed.resident.id, key=bed.key, kind="give"),
    ):
        with pytest.raises(NotPermitted):
            act()
    assert {code for _, code, _ in refusals()} == {"not_permitted"} and bed.entries() == [] and ledger.verify() == []


def test_somebody_whose_role_ended_between_card_and_tap_records_nothing(world):
    bed = bedside(world)
    by = bed.open("amina")
    intent = bed.intent(by)
    later(seconds=1)
    builders.staff.end_person(by=world.actor("rosa"), person_id=by.person_id, reason="Left today")
    before = counts()
    with pytest.raises(Exception) as no:
        recording.record(by=by, resident_id=bed.resident.id, intent=intent)
    assert type(no.value).__name__ in ("SignInNeeded", "NotPermitted") and bed.entries() == []
    assert counts()["entry"] == before["entry"]
    assert staff.actor(by.person_id, "rowan") is None


def test_a_form_re_sent_to_another_persons_card_is_told_what_is_stored(world):
    bed, other, by = bedside(world), bedside(world, given="Bea", family="Bond", room="8"), world.actor("amina")
    bed.open("amina")
    intent = bed.intent(by)
    recording.record(by=by, resident_id=bed.resident.id, intent=intent)
    with pytest.raises(Refused) as no:
        recording.record(by=by, resident_id=other.resident.id, intent=intent)
    assert no.value.code == "used_before" and len(bed.entries()) == 1
