"""What a page of practice asks the database does not grow with the people, bookings and papers it shows."""

import datetime as dt
from collections import Counter

import pytest

from bench.statements import listening
from medpwa import clock
from medpwa.competency.models import BreakGlass
from medpwa.practice import booking_actions, training_actions
from medpwa.practice.models import Assessment, SupervisionNote
from medpwa.practice.training_rules import CourseFacts
from tests import builders
from tests.practice import steps
from tests.practice.giving import ago, give, kept

DAY = dt.timedelta(days=1)
MORE = 8
SAFE = CourseFacts("safeguarding", "Safeguarding adults", 12, frozenset({"carer", "senior_carer"}))
PAGES = {
    "table": "/h/rowan/competency",
    "table on paper": "/h/rowan/competency/print",
    "table as a file": "/h/rowan/competency/table.csv",
    "doses": "/h/rowan/competency/doses",
    "arranging": "/h/rowan/assessments",
    "training": "/h/rowan/training",
    "supervision": "/h/rowan/supervision",
    "coverage": "/h/rowan/coverage",
    "agency": "/h/rowan/agency",
    "exceptions": "/h/rowan/break-glass",
    "audits": "/h/rowan/audits/competency",
    "audit": "/h/rowan/audits/competency/2026-Q4",
    "decisions": "/h/rowan/decisions",
    "file": "/h/rowan/competency/{amina}/record",
    "sign-offs": "/h/rowan/competency/{amina}",
}
# On PostgreSQL who works here is read anew for every page, person by person (remember.while_nothing_newer says why).
KEPT = ("FROM person_version", 'FROM "role" WHERE person_id')
ALLOWED = 3  # a second batch of ids, an alert that is new


@pytest.fixture
def home(world):
    steps.trained(world, "dee", "rosa")
    training_actions.set_courses(by=world.actor("rosa"), courses=(SAFE,))
    resident = builders.resident(world.actor("rosa"))
    return world, builders.order(world.actor("rosa"), resident.id, since=ago(40))


def more(world, order, first: int, count: int) -> None:
    """Further carers, each with everything the pages show."""
    system, dee, today = world.system(), world.actor("dee"), clock.local_day(clock.now())
    for n in range(first, first + count):
        builders.staff.add_person(
            by=system, username=f"new{n}", given_name=f"New{n}", family_name="Carer", role="carer",
            agency=n % 2 == 0, password_hash="x", valid_until=clock.now() + 30 * DAY if n % 2 == 0 else None,
        )  # fmt: skip
        person = builders.person_id(f"new{n}")
        builders.sign_off(system, person, "oral", valid_until=clock.now() + 20 * DAY)
        builders.duty(system, f"new{n}", "floor", clock.now() + n * DAY / 8, clock.now() + (n + 2) * DAY / 8)
        booking_actions.book(
            by=dee, person_id=person, booking_id=steps.new_id(), skill="oral", kind="annual",
            assessor_id=dee.person_id, on_day=today + (n % 5 + 1) * DAY, round_name="Morning",
        )  # fmt: skip
        training_actions.record(
            by=world.actor("rosa"), person_id=person, certificate_id=f"certificate-{n}", course="safeguarding",
            taken_on=today - 330 * DAY,
        )  # fmt: skip
        give(system, order, person, ago(n % 20, f"08:{n:02}"))
        kept(dee, BreakGlass, home=dee.home_id, person=person, round_name="Lunch", starts_at=ago(n % 20),
             ends_at=ago(n % 20, "11:00"), reason="Both seniors are ill", at=ago(n % 20), by=dee.person_id)  # fmt: skip
        kept(dee, SupervisionNote, home=dee.home_id, note_id=f"note-{n:08}", person=person, held_on=today - 10 * DAY,
             supervisor=dee.person_id, kind="scheduled", agenda={}, said={}, level="file", at=clock.now(),
             by=dee.person_id)  # fmt: skip
        steps.begin(dee, person, "annual")
    assert Assessment.select().count() == first + count


def counted(browser, world, url: str) -> list[str]:
    """The statements of one look, straight after somebody else decided something."""
    builders.sign_off(world.system(), world.person_id("gil"), "patch", valid_until=clock.now() + 200 * DAY)
    with listening() as found:
        browser.get(url, lint=False)
    return [sql for sql, _ in found.all if not any(words in sql for words in KEPT)]


def test_what_a_page_asks_does_not_grow_with_the_people(browser, home):
    world, order = home
    pages = {name: url.format(amina=world.person_id("amina")) for name, url in PAGES.items()}
    rosa = browser.sign_in("rosa")
    more(world, order, 0, 2)
    few = {name: counted(rosa, world, url) for name, url in pages.items()}
    more(world, order, 2, MORE)
    for url in pages.values():
        rosa.get(url, lint=False)  # what is new was read once
    many = {name: counted(rosa, world, url) for name, url in pages.items()}
    grown = [f"{name}: {len(many[name]) - len(few[name])} more, {_often(many[name])}"
             for name in pages if len(many[name]) - len(few[name]) > ALLOWED]  # fmt: skip
    assert not grown, "\n".join(grown)


def _often(sent: list[str]) -> list[tuple[int, str]]:
    """Statements that were sent again and again, as a hint where."""
    alike = Counter(sql[:160] for sql in sent)
    return [(count, sql) for sql, count in alike.most_common(4) if count > 3]
