"""Somebody who works in two homes of the provider is signed off in each of them by itself: what one home decided counts
nowhere in the other, for giving, standing beside, assessing, covering or counting, and nothing of it is read there."""

import datetime as dt

import pytest

from medpwa import clock
from medpwa.alerts import Alert
from medpwa.competency import queries as sign_offs
from medpwa.competency import watch
from medpwa.errors import Refused
from medpwa.mar import glass_actions, recording
from medpwa.mar.intents import Intent
from medpwa.mar.tickets import DoseKey
from medpwa.mar.witness_rules import Witnessed
from medpwa.medicines.rules import OrderFacts
from medpwa.practice import assessments, coverage, gives, record
from medpwa.practice.matrix import Asked, matrix_page
from medpwa.practice.spans import span_of
from medpwa.residents.queries import ResidentCard
from tests import builders
from tests.builders import also_at, sign_off
from tests.mar import steps as round_steps
from tests.mar.steps import bedside, on, refused
from tests.practice import steps
from tests.practice.giving import ago, give
from tests.practice.steps import Doses, may


class There:
    """Somebody at Elm House with a dose due at 11:30."""

    def __init__(self, world) -> None:
        self.world = world
        also_at(world, "tolu", "team_leader")
        self.resident: ResidentCard
        self.order: OrderFacts
        self.resident, self.order = round_steps.elm(world)
        self.label, _ = builders.label(world.actor("tolu", "elm"), self.resident.id)
        self.bed = round_steps.Bedside(
            world, self.resident, self.order, DoseKey(self.order.line_id, on("11:30")), self.label.id
        )

    def record(self, username: str, **changes):
        """Somebody gives it, as somebody of Elm House."""
        by = self.world.actor(username, "elm")
        round_steps.actions.scan(by=by, resident_id=self.resident.id, label_id=self.label.id, how="camera")
        intent: Intent = self.bed.intent(by, **changes)
        return recording.record(by=by, resident_id=self.resident.id, intent=intent)


@pytest.fixture
def there(world):
    """Amina and Sena, both signed off at Rowan Court, work at Elm House as well."""
    also_at(world, "amina", "carer")
    also_at(world, "sena", "senior_carer")
    return There(world)


def test_a_sign_off_of_one_home_gives_nothing_in_the_other(world, there):
    assert refused(lambda: there.record("amina")).code == "not_signed_off"
    bed = bedside(world)
    assert bed.record(bed.open("amina")).outcome == "given"
    sign_off(world.system("elm"), world.person_id("amina"), "oral")
    assert there.record("amina").outcome == "given"


def test_who_is_signed_off_elsewhere_alone_stands_beside_nobody_here(world, there):
    proven = Witnessed(person_id=world.person_id("sena"), at=clock.now())
    assert refused(lambda: there.record("amina", beside=proven)).code == "supervisor_not_signed_off"
    sign_off(world.system("elm"), world.person_id("sena"), "oral")
    assert there.record("amina", beside=proven).supervised_by == world.person_id("sena")


def test_an_exception_of_one_home_opens_nothing_in_the_other(world, there):
    clock.stand_at(on("12:40"))
    also_at(world, "ben", "carer")
    glass_actions.break_glass(
        by=world.actor("rosa"), person_id=world.person_id("ben"), round_name="Lunch", starts_at=on("12:30"),
        reason="Both seniors are ill, the agency cannot come before two", proven_at=clock.now(),
    )  # fmt: skip
    here = bedside(world, given="Bert", family="Olney", due="12:30")
    assert "break_glass" in here.record(here.open("ben")).flags
    assert refused(lambda: there.record("ben")).code == "not_signed_off"


def test_a_pause_elsewhere_keeps_nobody_from_an_exception_here_and_one_here_does(world, there):
    clock.stand_at(on("12:40"))
    also_at(world, "ben", "carer")
    ben, elm = world.person_id("ben"), world.system("elm")
    sign_off(elm, ben, "oral")
    sign_off(elm, ben, "oral", state="supervised_only")
    assert not may(world, "ben") and sign_offs.grants_of(world.home().id, ben) == ()
    allow = dict(by=world.actor("rosa"), person_id=ben, round_name="Lunch", starts_at=on("12:30"),
                 reason="Both seniors are ill, the agency cannot come before two")  # fmt: skip
    assert glass_actions.break_glass(**allow, proven_at=clock.now())


def test_an_assessor_of_one_home_is_none_in_the_other(world, there):
    steps.trained(world, "dee")
    also_at(world, "dee", "deputy_manager")
    dee, amina = world.actor("dee", "elm"), world.person_id("amina")
    with pytest.raises(Refused) as no:
        steps.begin(dee, amina)
    assert no.value.code == "assessor_lapsed"
    sign_off(world.system("elm"), dee.person_id, "oral")
    with pytest.raises(Refused) as no:
        steps.begin(dee, amina)
    assert no.value.code == "not_trained_to_assess"
    sign_off(world.system("elm"), dee.person_id, assessments.ASSESSOR)
    row = steps.begin(dee, amina)
    assert sign_offs.sign_off(world.home("elm").id, amina, ["oral"], None).allowed is False
    assert may(world, "amina"), "an assessment there writes nothing over a sign-off here"
    assert row.home_id == world.home("elm").id


def test_a_round_watched_here_takes_no_dose_from_there(world, there):
    steps.trained(world, "dee")
    dee, amina = world.actor("dee"), world.actor("amina")
    row = steps.begin(dee, amina.person_id, "annual")
    steps.answer(dee, row)
    seen = steps.watch(dee, row)
    sign_off(world.system("elm"), amina.person_id, "oral")
    there.record("amina")
    Doses(world, 1).give(amina)
    steps.mark_all(dee, seen)
    assert len(steps.finish(dee, seen).doses) == 1


def test_each_dose_is_judged_by_the_home_it_was_given_in(world, there):
    amina, system = world.person_id("amina"), world.system("elm")
    give(system, there.order, amina, ago(1))
    here, elm = world.actor("rosa"), world.home("elm")
    ivy = builders.resident(here)
    give(here, builders.order(here, ivy.id, since=ago(20)), amina, ago(1, "09:00"))
    span = (ago(2), clock.now())
    assert [j.give.giver for j in gives.gives_between(elm.id, *span).not_in_date] == [amina]
    found = gives.gives_between(world.home().id, *span)
    assert (found.total, found.not_in_date) == (1, ())


def test_a_duty_here_of_somebody_signed_off_elsewhere_fills_no_hole_here(world, there):
    night = {"starts": on("20:30"), "ends": on("23:30")}
    for slug in ("elm", "rowan"):
        builders.staff.set_duty(by=world.system(slug), person_id=world.person_id("amina"), kind="floor", **night)
    builders.order(world.system("elm"), there.resident.id, "senna", times=("21:00",))
    found = coverage.forecast(world.actor("tolu", "elm"))
    (hole,) = [h for h in found.holes if h.part.name == "night"]
    assert hole.kind == "nobody" and found.could[hole] == (), "nobody of Rowan Court is named at Elm House"


def test_the_table_and_the_file_of_one_home_say_nothing_of_the_other(world, there):
    also_at(world, "rosa", "registered_manager")
    rosa, amina = world.actor("rosa", "elm"), world.person_id("amina")
    day = clock.local_day(clock.now())
    builders.competency.suspend(
        by=world.actor("rosa"), person_id=amina, skill="oral", reason="Two people were mixed up here"
    )
    page = matrix_page(rosa, Asked(span_of("30", day, rosa.zone)))
    row = next(r for r in page.rows if r.person_id == amina)
    assert not any(c.stands.in_date for c in row.cells) and not any(c.stands.state == "suspended" for c in row.cells)
    said = [f"{e.words} {e.detail}" for e in record.events(rosa, amina)]
    assert not [words for words in said if "mixed up" in words or "paused" in words.lower()]
    mine = [f"{e.words} {e.detail}" for e in record.events(world.actor("rosa"), amina)]
    assert [words for words in mine if "mixed up" in words]


def test_a_lapse_in_one_home_is_told_there_alone(world, there):
    amina = world.person_id("amina")
    sign_off(world.system("elm"), amina, "oral", valid_until=clock.now() + dt.timedelta(days=7))
    before = {a.id for a in Alert.select()}
    assert watch.look(world.home("elm")) == 1
    told = [a for a in Alert.select() if a.id not in before]
    assert told and {a.home_id for a in told} == {world.home("elm").id}
    assert {a.url.split("/")[2] for a in told} == {"elm"}
