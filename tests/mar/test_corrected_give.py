"""Nothing is made right quietly by correcting it: a give that stands because of a correction was judged by nobody before
it was given, so what stands against it is found, flagged and told. Nothing here is refused: it is a fact."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from medpwa import clock, ledger
from medpwa.alerts import Alert
from medpwa.mar import correction_actions, prn_review, prn_rules
from medpwa.mar.correction_actions import Correction
from medpwa.mar.correction_rules import Wanted
from medpwa.mar.models import Entry
from medpwa.medicines.rules import Ingredient
from tests import builders
from tests.mar import prn_steps
from tests.mar.prn_steps import LORAZEPAM, prn
from tests.mar.steps import bedside, later, on
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
    (words,) = told()
    assert "given by somebody not signed off; no second person saw it" in words and "morphine" in words


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
    sena = world.person_id("amina")
    made = bed.report(world.actor("amina"), due_at=None, administered_by=sena, given_at=clock.now())
    assert "guard_breach" in made.entry.flags, "kept as a report, which a manager closes"
    assert "within the days that must lie between" in Alert.get(Alert.key.startswith("given:")).words


def test_a_controlled_drug_reported_without_its_witness_is_never_quiet(world):
    for skill in ("controlled",):
        builders.sign_off(world.system(), world.person_id("amina"), skill)
    bed = bedside(world, **MORPHINE)
    made = bed.report(world.actor("amina"), administered_by=world.person_id("amina"))
    assert "not_witnessed" in made.entry.flags


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
        row = prn_steps_report(bed, by, **fact)
    assert [n.entry for n in prn_review.to_note(rosa, clock.now())] == [row.id]
    assert Alert.get(Alert.key == prn_rules.psychotropic_key(row.id)).to_verb == "prn.note"


def prn_steps_report(bed: prn_steps.Prn, by, **fact: object) -> Entry:
    """A when-required dose told within the hour by its giver."""
    from medpwa.mar import actions
    from medpwa.mar.actions import GivenFact

    values = dict(entry_id=str(uuid.uuid4()), given_at=clock.now() - dt.timedelta(minutes=5), who_knew="", why="No signal")
    made = actions.report_given(by=by, resident_id=bed.resident.id, fact=GivenFact(**values | fact))
    return made if isinstance(made, Entry) else made.entry
