"""Many hands at once on a when-required medicine. It has no due time, so no unique rule of the database stands behind
it: the lock and reading again under it keep the limits, and the control shows that this test would see it if not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from medpwa import clock, ledger
from medpwa.errors import Refused
from medpwa.mar import given, prn_actions
from medpwa.mar.models import Entry
from tests.crowd import at_once
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
