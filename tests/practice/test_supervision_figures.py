"""The figures beside a talk: a person's own, each with what it was counted of."""

import datetime as dt

from medpwa import clock
from medpwa.permits import LEADING_ROLES, MANAGING_ROLES, OVERSEEING_ROLES
from medpwa.practice import supervision_agenda as agendas
from medpwa.practice.supervision_vocabulary import LEVELS
from tests.mar.steps import bedside, beside, later


def figures(world, username, as_of=None):
    """(part, whole) of each figure of somebody since this morning."""
    at = as_of or clock.now() + dt.timedelta(seconds=1)  # the clock stands; a span ends before its end
    found = agendas.agenda_of(world.actor("tolu"), world.person_id(username), dt.date(2026, 11, 16), at)
    assert agendas.thawed(found.frozen()) == found
    return {f.key: (f.part, f.whole) for f in found.figures}


def test_doses_refusals_and_gaps_are_counted_of_what_the_person_did(world):
    ivy = bedside(world, due="11:30")
    refused = beside(world, ivy.resident, due="11:30", medicine="docusate sodium")
    beside(world, ivy.resident, due="11:30", medicine="furosemide")  # nobody records this one
    by = ivy.open("amina")
    ivy.record(by)
    refused.record(by, "refused")
    assert figures(world, "amina") == {
        "on_time": (1, 1), "refusals": (1, 1), "own_mistakes": (0, 0), "told_later": (0, 0),
        "recorded_late": (0, 1), "gaps": (0, 2), "corrected": (0, 2),
    }  # fmt: skip
    before = clock.now() + dt.timedelta(seconds=1)
    later(hours=4)
    assert figures(world, "amina")["gaps"] == (1, 3), "closed without a record, in a round she worked in"
    assert figures(world, "amina", before)["gaps"] == (0, 2), "as it stood then"
    assert set(figures(world, "sena").values()) == {(0, 0)}, "what a colleague did is not counted for anybody else"


def test_a_dose_told_of_late_counts_for_who_gave_it_and_told_it(world):
    ivy = bedside(world, due="11:30")
    by = ivy.open("amina")
    ivy.report(by, administered_by=by.person_id, given_at=clock.now() - dt.timedelta(minutes=20))
    found = figures(world, "amina")
    assert found["recorded_late"] == (1, 1)


def test_the_levels_name_the_roles_of_the_permits():
    assert LEVELS["file"][2] == LEADING_ROLES | OVERSEEING_ROLES
    assert LEVELS["managers"][2] == MANAGING_ROLES
