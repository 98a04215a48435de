"""Nothing is made right quietly by correcting it: a give that stands because of a correction was judged by nobody
before it was given, so what stands against it is found, flagged and told. Nothing here is refused: it is a fact."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from decimal import Decimal

import pytest

from medpwa import clock, ledger
from medpwa.alerts import Alert
from medpwa.mar import actions, correction_actions, prn_actions, prn_review, prn_rules, recording
from medpwa.mar.actions import GivenFact
from medpwa.mar.correction_actions import Correction
from medpwa.mar.correction_rules import Wanted
from medpwa.mar.models import Entry, GivenReportClosing
from medpwa.medicines.rules import Ingredient
from tests import builders
from tests.browse import words
from tests.mar.prn_steps import LORAZEPAM, Prn, prn
from tests.mar.steps import HOME, bedside, later, on, refused, scan
from tests.mar.test_witness import MORPHINE

WEEKLY = dict(medicine="methotrexate", strength="2.5 mg", schedule={"kind": "weekdays", "days": [0]})


def put_right(world, row: Entry, who: str = "amina", why: str = "mis_tap", **wanted: object) -> Entry:
    """A correction by whoever recorded it, at once."""
    values = {"outcome": "given", "given_at": clock.now()} | wanted
    asked = Correction(str(uuid.uuid4()), why, Wanted(**values))
    correction_actions.correct(by=world.actor(who), entry_number=row.id, asked=asked, proven_at=clock.now())
    assert ledger.verify() == []
    return Entry.get(Entry.corrects == row)


def told() -> list[str]:
    return [a.words for a in Alert.select().where(Alert.key.startswith("corrected:"))]


def test_a_refusal_that_becomes_a_give_says_that_nobody_saw_it_and_its_giver_is_not_signed_off(world):
    bed = bedside(world, **MORPHINE)
    row = put_right(world, bed.record(bed.open("ben"), "refused"), "ben")
    assert {"not_signed_off", "not_witnessed"} <= set(row.flags) and row.witnessed_by is None
    (said,) = told()
    assert "given by somebody not signed off; no second person saw it" in said and "morphine" in said


def test_what_breaks_no_rule_calls_nobody(world):
    bed = bedside(world)
    row = put_right(world, bed.record(bed.open("amina"), "refused"))
    assert row.flags == [] and told() == []


def test_a_time_moved_into_the_interval_of_the_next_dose_is_a_breach_and_is_told(world):
    bed = prn(world)
    by = bed.open("amina")
    first = bed.give(by)
    later(hours=4)
    bed.open("amina")
    second = bed.give(by)
    moved = put_right(world, second, why="wrong_time", given_at=first.given_at + dt.timedelta(hours=3), amount=2)
    assert "interval_breach" in moved.flags and "sooner after the last dose" in told()[0]
    back = put_right(world, moved, why="wrong_time", given_at=first.given_at + dt.timedelta(hours=4), amount=2)
    assert "interval_breach" not in back.flags and len(told()) == 1, "judged anew, not carried on"


def test_an_earlier_dose_moved_towards_a_later_one_is_a_breach_too(world):
    bed = prn(world)
    by = bed.open("amina")
    first = bed.give(by)
    clock.stand_at(first.given_at + dt.timedelta(hours=4))
    bed.open("amina")
    bed.give(by)
    asked = Correction(
        str(uuid.uuid4()), "wrong_time", Wanted("given", first.reason, given_at=on("12:10"), amount=Decimal(2),
                                                extra=first.extra),
    )  # fmt: skip
    request = correction_actions.correct(by=by, entry_number=first.id, asked=asked, proven_at=clock.now())
    correction_actions.answer(by=world.actor("sena"), request_number=request.id, approved=True, proven_at=clock.now())
    assert "interval_breach" in Entry.get(Entry.corrects == first).flags and len(told()) == 1


def test_an_amount_put_right_that_passes_the_maximum_is_a_breach(world):
    bed = prn(world, most_24h=Decimal(2), ingredients=(Ingredient("paracetamol", Decimal(500)),))
    row = bed.give(bed.open("amina"))
    more = put_right(world, row, why="wrong_dose", given_at=row.given_at, amount=Decimal(3), reason=row.reason)
    assert "maximum_breach" in more.flags and "more in 24 hours" in told()[0]
    less = put_right(world, more, why="wrong_dose", given_at=row.given_at, amount=Decimal(1), reason=row.reason)
    assert "maximum_breach" not in less.flags


def test_a_weekly_dose_reported_by_its_giver_within_the_guarded_days_is_never_quiet(world):
    bed = bedside(world, **WEEKLY)
    bed.record(bed.open("amina"))
    amina = world.actor("amina")
    made = bed.report(amina, due_at=None, administered_by=amina.person_id, given_at=clock.now())
    assert "guard_breach" in made.entry.flags, "kept as a report, which a manager closes"
    assert "within the days that must lie between" in Alert.get(Alert.key.startswith("given:")).words


def test_a_controlled_drug_reported_without_its_witness_is_never_quiet(world):
    builders.sign_off(world.system(), world.person_id("amina"), "controlled")
    bed, amina = bedside(world, **MORPHINE), world.actor("amina")
    made = bed.report(amina, administered_by=amina.person_id, given_at=clock.now())
    assert set(made.entry.flags) == {"after_the_fact", "not_witnessed"}, "kept as a report, which a manager closes"


@pytest.mark.parametrize("how", ["corrected", "reported"])
def test_every_use_of_a_medicine_on_mood_stands_on_the_managers_list_however_it_came_into_the_record(world, how):
    bed = prn(world, **LORAZEPAM)
    by, rosa = bed.open("amina"), world.actor("rosa")
    if how == "corrected":
        row = bed.give(by, "0.5")
        later(minutes=5)
        row = put_right(
            world, row, why="wrong_time", given_at=row.given_at - dt.timedelta(minutes=9), reason=row.reason
        )
    else:
        fact = dict(line_id=bed.order.line_id, due_at=None, administered_by=by.person_id)
        row = prn_report(bed, by, **fact)
    assert [n.entry for n in prn_review.to_note(rosa, clock.now())] == [row.id]
    assert Alert.get(Alert.key == prn_rules.psychotropic_key(row.id)).to_verb == "prn.note"


def prn_report(bed: Prn, by, **fact: object) -> Entry:
    """A when-required dose told within the hour by its giver."""
    told = clock.now() - dt.timedelta(minutes=5)
    values = dict(entry_id=str(uuid.uuid4()), given_at=told, who_knew="", why="No signal")
    made = actions.report_given(by=by, resident_id=bed.resident.id, fact=GivenFact(**values | fact))
    return made if isinstance(made, Entry) else made.entry


# ---------------------------------------------------------------- what was corrected is not said to be saved


def test_a_form_sent_again_after_its_entry_was_struck_out_says_so_and_never_that_it_is_saved(world):
    regular, needed = bedside(world), prn(world)
    for bed, verb in ((regular, recording), (needed, prn_actions)):
        by = bed.open("amina")
        sent = bed.intent(by)
        record = lambda: verb.record(by=by, resident_id=bed.resident.id, intent=sent)  # noqa: B023, E731
        row = record()
        assert record() == row
        put_right(world, row, outcome="struck", given_at=None)
        no = refused(record)
        assert no.code == "corrected_since" and "Nothing new was recorded" in no.words


# ---------------------------------------------------------------- nobody answers for themselves


def test_who_gave_a_dose_somebody_else_recorded_answers_no_correction_of_it(world):
    bed = bedside(world)
    entry = bed.report(world.actor("amina")).entry  # Amina reports that Sena gave it
    asked = Correction(str(uuid.uuid4()), "duplicate", Wanted("struck"))
    request = correction_actions.correct(
        by=world.actor("tolu"), entry_number=entry.id, asked=asked, proven_at=clock.now()
    )
    answer = lambda who: correction_actions.answer(  # noqa: E731
        by=world.actor(who), request_number=request.id, approved=True, proven_at=clock.now()
    )
    no = refused(lambda: answer("sena"))
    assert no.code == "own_entry" and "You gave this dose" in no.words and len(bed.entries()) == 1
    answer("rosa")
    assert len(bed.entries()) == 2


def test_a_manager_who_gave_a_dose_closes_no_report_of_it(world, browser):
    bed = bedside(world)
    report = bed.report(world.actor("amina"), administered_by=world.person_id("rosa"))
    close = dict(report_id=report.id, words="All is well, I gave it myself")
    no = refused(lambda: actions.close_report(by=world.actor("rosa"), **close))
    assert no.code == "own_report" and GivenReportClosing.select().count() == 0
    page = browser.sign_in("rosa").get(f"{HOME}/reports/{report.id}")
    assert page.select("form[action$='/close']") == [] and "A manager closes it" in words(page)


# ---------------------------------------------------------------- when somebody else gave it


def by_other(browser, bed, time: str) -> Entry:
    """Sr Reid gave it, at a clock time, told on the card of a carer."""
    phone = browser.sign_in("amina")
    said = {"dose": str(bed.key), "version": str(bed.order.version_id), "entry_id": str(uuid.uuid4())}
    said |= {"why": "given_by_other", "given_by_other-given_by": "Sr Reid, nurse", "given_by_other-given_at": time}
    scan(phone, bed)
    phone.post(f"{bed.url}/outcome", said)
    (row,) = bed.entries()
    return row


def test_what_somebody_else_gave_before_midnight_can_still_be_told_after_it(world, browser):
    bed = bedside(world, due="23:30")
    clock.stand_at(on("23:59") + dt.timedelta(minutes=11))
    assert by_other(browser, bed, "23:40").given_at == on("23:40", dt.date(2026, 11, 16))


@pytest.mark.parametrize(("minutes", "given"), [(15, "00:40"), (75, "01:40")])
def test_in_the_hour_that_comes_twice_the_later_one_that_has_been_holds(world, browser, minutes, given):
    day = dt.date(2027, 10, 31)
    first = clock.at_local(day, dt.time(1, 30))
    clock.stand_at(first - dt.timedelta(hours=3))
    for name in ("amina", "sena"):
        builders.sign_off(world.system(), world.person_id(name), "oral", valid_until=first + dt.timedelta(days=30))
    bed = bedside(world, due="01:30", times=("01:30",))
    bed.key = replace(bed.key, due_at=first)
    clock.stand_at(first + dt.timedelta(minutes=minutes))
    hour, minute = map(int, given.split(":"))
    assert by_other(browser, bed, "01:40").given_at == dt.datetime(2027, 10, 31, hour, minute, tzinfo=dt.UTC)
