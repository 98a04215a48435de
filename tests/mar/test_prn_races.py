"""Many hands at once on a when-required medicine. It has no due time, so no unique rule of the database stands behind
it: the lock and reading again under it keep the limits, and the control shows that this test would see it if not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal as D

from medpwa import clock, ledger
from medpwa.errors import Refused
from medpwa.mar import given, prn_actions, recording, witness_actions
from medpwa.mar.models import Entry
from medpwa.medicines.rules import Ingredient
from tests import builders
from tests.crowd import at_once
from tests.mar import steps
from tests.mar.prn_steps import Prn, prn
from tests.mar.steps import on

HANDS = 50
PEOPLE = ("amina", "tolu", "sena", "dee", "rosa")


def gives(bed: Prn, count: int, amount: int = 2) -> list[Callable[[], object]]:
    """That many people about to record a dose as given, each with a page and a ticket of their own."""
    openings = {name: bed.open(name) for name in PEOPLE}
    jobs = []
    for n in range(count):
        by = openings[PEOPLE[n % len(PEOPLE)]]
        intent = bed.intent(by, amount)
        jobs.append(lambda by=by, i=intent: prn_actions.record(by=by, resident_id=bed.resident.id, intent=i))
    return jobs


def kept(answers: list[object]) -> int:
    return sum(isinstance(a, Entry) for a in answers)


def told(answers: list[object], code: str) -> int:
    return sum(isinstance(a, Refused) and a.code == code and "Next allowed" in a.words for a in answers)


def test_fifty_hands_at_once_give_one_dose_and_49_are_told_until_when(world, app):
    bed = prn(world)
    answers = at_once(app, gives(bed, HANDS))
    assert (kept(answers), told(answers, "interval")) == (1, HANDS - 1), answers
    assert len(bed.entries()) == 1
    assert ledger.Refusal.select().where(ledger.Refusal.verb == "prn.record").count() == HANDS - 1
    assert ledger.verify() == []


def test_fifty_hands_give_no_more_than_the_maximum_allows(world, app):
    """An interval long past for all of them: what holds is the most in 24 hours, here 3 more tablets."""
    bed = prn(world, min_interval=1)
    by = bed.open("amina")
    bed.give(by, 2)
    clock.stand_at(on("11:50"))
    bed.open("amina")
    bed.give(by, 2)
    clock.stand_at(on("12:00"))
    bed.open("amina")
    bed.give(by, 1)
    clock.stand_at(on("12:10"))
    answers = at_once(app, gives(bed, HANDS, 2))
    assert kept(answers) == 1 and sum(isinstance(a, Refused) for a in answers) == HANDS - 1
    assert sum(e.amount for e in bed.entries()) == 7
    assert ledger.verify() == []


def test_two_phones_one_minute_too_early_at_once_are_both_refused_and_then_one_gives(world, app):
    bed = prn(world)
    bed.give(bed.open("amina"))
    clock.stand_at(on("15:39"))
    early = at_once(app, gives(bed, 2))
    assert (kept(early), told(early, "interval")) == (0, 2)
    clock.stand_at(on("15:40"))
    answers = at_once(app, gives(bed, 2))
    assert (kept(answers), told(answers, "interval")) == (1, 1)
    times = [e.given_at for e in bed.entries()]
    assert times[1] - times[0] == dt.timedelta(hours=4)


def test_control_without_reading_again_under_the_lock_more_is_given_than_the_limits_allow(world, app, monkeypatch):
    bed = prn(world)
    jobs = gives(bed, 12)
    monkeypatch.setattr(given, "gives_of", lambda by, resident_id, at: ())  # as read before anybody had given it
    answers = at_once(app, jobs)
    assert kept(answers) > 1 and len(bed.entries()) > 1, "this test would not notice a limit that is not held"


def test_two_products_of_one_ingredient_at_once_never_pass_its_maximum(world, app):
    """Paracetamol, and a regular line beside it on which nobody keyed what it holds: its strength says so."""
    needed = prn(world, min_interval=1, most_24h=D(8), ingredients=(Ingredient("paracetamol", D(500), D(1500)),))
    regular = steps.beside(world, needed.resident, medicine="paracetamol", strength="500 mg", dose_amount=D(2))
    jobs = gives(needed, 10)
    for name in PEOPLE:
        by = regular.open(name)
        intent = regular.intent(by)
        jobs.append(lambda by=by, i=intent: recording.record(by=by, resident_id=regular.resident.id, intent=i))
    answers = at_once(app, jobs)
    assert kept(answers) == 1 and all(isinstance(a, Entry | Refused) for a in answers), answers
    assert {a.code for a in answers if isinstance(a, Refused)} <= {"maximum", "interval", "already_given"}
    assert ledger.verify() == []


def test_one_request_for_a_witness_recorded_by_many_taps_gives_one_dose(world, app):
    for name, skill in (("amina", "controlled"), ("sena", "cd_witness")):
        builders.sign_off(world.system(), world.person_id(name), skill)
    bed = prn(world, controlled=True, required_skills=("oral", "controlled"))
    by, who = bed.open("amina"), dict(resident_id=bed.resident.id)
    intent = bed.intent(by)
    asks = [lambda: witness_actions.ask_for_prn(by=by, **who, intent=intent, person_id=world.person_id("sena"))] * 12
    (request,) = {r.id for r in at_once(app, asks)}
    sena = world.actor("sena")
    confirms = [lambda: witness_actions.confirm(by=sena, request_id=request)] * 12
    assert len({a.id for a in at_once(app, confirms)}) == 1
    rests = replace(intent, ticket="", request_id=request)
    answers = at_once(app, [lambda: prn_actions.record(by=by, **who, intent=rests)] * 12)
    assert {a.id for a in answers} == {e.id for e in bed.entries()} and len(bed.entries()) == 1
    assert bed.entries()[0].witnessed_by == sena.person_id and ledger.verify() == []


def test_an_order_stopped_while_many_hands_give_is_given_before_or_not_at_all(world, app):
    bed = prn(world, min_interval=1, most_24h=D(90), ingredients=())
    jobs, sena = gives(bed, 12), world.actor("sena")
    stop = lambda: steps.stop(bed.order, sena)  # noqa: E731
    answers = at_once(app, [*jobs[:6], stop, *jobs[6:]])
    refused = [a for a in answers if isinstance(a, Refused)]
    assert {a.code for a in refused} <= {"stopped", "changed", "interval"}, answers
    assert kept(answers) + len(refused) == 12
    numbers = [x.verb for x in ledger.Line.select().order_by(ledger.Line.id) if x.outcome != "refused"]
    assert "prn.record" not in numbers[numbers.index("orders.stop"):] and ledger.verify() == []
