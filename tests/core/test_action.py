"""The record door: facts, permit, deed and line in one transaction; a refusal keeps its own line and nothing else."""

import datetime as dt
import threading

import pytest

from medpwa import clock, database, ledger, permits
from medpwa.action import ACTIONS, Done, SilentAction, action
from medpwa.errors import Invalid, NotFound, NotPermitted, Refused, SignInNeeded
from medpwa.ledger import Line, Refusal, line
from medpwa.notes import Throttle
from medpwa.permits import NOBODY, Actor
from medpwa.staff import actions, deeds
from medpwa.staff.models import Role, Session
from tests.browse import Browser


@pytest.fixture
def tried(monkeypatch):
    """Make an action of a test's own body, forgotten afterwards."""
    monkeypatch.setitem(permits.PERMITS, "test.try", (permits.signed_in,))

    def make(body, **options):
        made = action("test.try", **options)(body)
        ACTIONS.pop("test.try")  # for good: undoing a removal would put it back
        return made

    return make


def counts() -> tuple[int, int, int]:
    """Lines, refusals, and rows of a table the tests write to."""
    return Line.select().count(), Refusal.select().count(), Throttle.select().count()


def write(key: str) -> None:
    Throttle.create(key=key, since=clock.now())


def test_an_undeclared_verb_fails_at_import():
    with pytest.raises(KeyError):
        action("nobody.declared_this")


def test_a_role_ended_between_the_request_and_the_lock_bites(world):
    rosa, dee, ben = world.actor("rosa"), world.actor("dee"), world.person_id("ben")
    assert permits.may("staff.change", dee)
    actions.end_person(by=rosa, person_id=dee.person_id, reason="Left")
    with pytest.raises(SignInNeeded):  # dee's facts are those of a moment ago; inside, she holds no role here
        actions.change_person(by=dee, person_id=ben, given_name="B", family_name="Hale", agency=False, bank=False)


def test_a_lower_role_given_meanwhile_bites_and_leaves_a_line(world):
    rosa, dee, ben = world.actor("rosa"), world.actor("dee"), world.person_id("ben")
    actions.set_role(by=rosa, person_id=dee.person_id, role="carer")
    with pytest.raises(NotPermitted):
        actions.change_person(by=dee, person_id=ben, given_name="B", family_name="Hale", agency=False, bank=False)
    last = Line.select().order_by(Line.id.desc()).first()
    assert (last.verb, last.outcome, last.by_person) == ("staff.change", "refused", dee.person_id)


def test_a_session_ended_meanwhile_bites(world, app):
    browser = Browser(app).sign_in("rosa")
    row = Session.select().where(Session.person == world.person_id("rosa")).order_by(Session.id.desc()).first()
    from medpwa.staff import queries

    rosa = queries.actor(row.person_id, "rowan", row.id)
    actions.end_session(by=world.actor("rosa"), session_id=row.id)
    with pytest.raises(SignInNeeded):
        actions.set_role(by=rosa, person_id=world.person_id("ben"), role="senior_carer")
    assert browser.client.get("/h/rowan/", base_url="https://localhost").status_code == 302


def test_an_agency_shift_that_ends_at_midnight_ends_inside_the_transaction_too(world):
    gil = world.actor("gil")
    clock.stand_at(clock.at_local(dt.date(2026, 11, 17), dt.time(0, 0)))
    with pytest.raises(SignInNeeded):
        actions.change_own_password(by=gil, password_hash="x")


def test_a_refusal_undoes_what_the_deed_wrote_but_keeps_its_own_line(world, tried):
    def body(*, by: Actor) -> Done:
        write("undone")
        raise Refused("too_soon", "Not before 12:00.", about={"subject": "resident:5", "dose": "7-1200"})

    run, before = tried(body), counts()
    with pytest.raises(Refused, match="Not before 12:00"):
        run(by=world.actor("amina"))
    assert counts() == (before[0] + 1, before[1] + 1, before[2])
    last = Line.select().order_by(Line.id.desc()).first()
    assert (last.outcome, last.subject, last.about) == ("refused", "resident:5", {"dose": "7-1200"})
    assert Refusal.select().order_by(Refusal.id.desc()).first().code == "too_soon"
    assert ledger.verify() == []


def test_an_action_that_says_nothing_is_refused_and_undone(world, tried):
    def body(*, by: Actor) -> Done:
        write("silent")
        return Done(None)

    run, before = tried(body), counts()
    with pytest.raises(SilentAction, match="no ledger line"):
        run(by=world.actor("amina"))
    assert counts() == before


@pytest.mark.parametrize("fault", [Invalid([("name", "Write a name.")]), NotFound(), ZeroDivisionError()])
def test_bad_input_and_faults_leave_nothing_at_all(world, tried, fault):
    def body(*, by: Actor) -> Done:
        write("half")
        raise fault

    run, before = tried(body), counts()
    with pytest.raises(type(fault)):
        run(by=world.actor("amina"))
    assert counts() == before
    with pytest.raises(Exception, match="readonly|read-only"):
        write("after")


def test_a_replay_writes_nothing(world, tried):
    def body(*, by: Actor) -> Done:
        return Done("what is stored", replay=True)

    run, before = tried(body), counts()
    assert run(by=world.actor("amina")) == "what is stored"
    assert counts() == before


def test_nobody_is_asked_to_sign_in_and_leaves_no_line(world, tried):
    run, before = tried(lambda *, by: Done(1, [line("test.try", "home:1")])), counts()
    with pytest.raises(SignInNeeded):
        run(by=NOBODY)
    assert counts() == before


def test_something_of_another_home_is_not_found_even_if_a_loader_hands_it_over(world, tried):
    elm = world.home("elm").id

    class Theirs:
        home_id = elm

    run, before = tried(lambda *, by, about: Done(1), about=lambda by: Theirs()), counts()
    with pytest.raises(NotFound):
        run(by=world.actor("rosa"))
    assert counts() == before


def test_an_action_inside_an_action_is_refused(world, tried):
    def body(*, by: Actor) -> Done:
        actions.change_own_password(by=by, password_hash="x")
        return Done(None)

    run, before = tried(body), counts()
    with pytest.raises(RuntimeError, match="actions do not call actions"):
        run(by=world.actor("amina"))
    assert counts() == before


def test_rows_and_their_line_land_together_or_not_at_all(world, tried, monkeypatch):
    def body(*, by: Actor) -> Done:
        return Done(1, [deeds.set_role(by, world.person_id("ben"), by.home_id, "senior_carer")])

    def fails(*args):
        raise OSError("the disk is full")

    run, before, roles = tried(body), counts(), Role.select().count()
    monkeypatch.setattr(ledger, "append", fails)
    with pytest.raises(OSError):
        run(by=world.actor("rosa"))
    assert (counts(), Role.select().count()) == (before, roles)


def test_the_system_signs_its_own_lines(world, tried):
    run = tried(lambda *, by: Done(1, [line("test.try", f"home:{by.home_id}")]))
    run(by=world.system())
    last = Line.select().order_by(Line.id.desc()).first()
    assert (last.by_kind, last.by_person) == ("system", None)


def test_lines_of_many_writers_chain_without_a_gap(world, tried):
    def body(*, by: Actor, number: int) -> Done:
        return Done(1, [line("test.try", f"home:{by.home_id}", number=number)])

    run, amina, faults = tried(body), world.actor("amina"), []

    def work(number: int) -> None:
        try:
            for turn in range(4):
                run(by=amina, number=number * 10 + turn)
        except Exception as fault:
            faults.append(fault)
        finally:
            database.db.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    assert ledger.verify() == []
    assert Line.select().where(Line.verb == "test.try").count() == 24
