"""What using the app leaves behind: who read what, in batches, sealed hourly; counters and tries."""

import datetime as dt
import threading

import peewee as pw
import pytest

from medpwa import clock, database, jobs, ledger, notes, notes_seal
from medpwa.ledger import Line
from medpwa.notes import AccessBatch, AccessLine
from tests.browse import Browser
from tests.crowd import at_once

HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def clean():
    """Nothing waiting from another test, and nothing left for the next."""
    for kept in (notes._waiting, notes._later, notes._recent):
        kept.clear()
    yield
    for kept in (notes._waiting, notes._later, notes._recent):
        kept.clear()


def lines() -> list[tuple]:
    return list(AccessLine.select(AccessLine.person, AccessLine.page, AccessLine.subject).tuples())


def test_access_lines_wait_and_are_written_together(world):
    amina, ben = world.actor("amina"), world.actor("ben")
    for n in range(5):
        notes.access(amina, "/h/<home>/residents/<int:resident_id>", f"resident:{n}")
    notes.access(ben, "/h/<home>/round")
    assert lines() == []
    assert notes.flush() == 6
    assert AccessBatch.select().count() == 1
    assert len(lines()) == 6 and (ben.person_id, "/h/<home>/round", None) in lines()
    assert notes.flush() == 0


def test_each_home_has_its_own_batches(world):
    notes.access(world.actor("nia"), "/h/<home>/floor")
    notes.access(world.actor("nia", "elm"), "/h/<home>/floor")
    notes.access(world.actor("nell"), "/h/<home>/floor")
    notes.flush()
    homes = {world.home(slug).id for slug in ("rowan", "elm", "far")}
    assert {b.home for b in AccessBatch.select()} == homes


def test_a_poll_of_one_fragment_by_one_person_counts_once_in_ten_minutes(world):
    amina, ben = world.actor("amina"), world.actor("ben")

    def poll(who, page="/h/<home>/floor/tiles", subject=None):
        notes.access(who, page, subject, poll=True)
        return notes.flush()

    assert [poll(amina) for _ in range(4)] == [1, 0, 0, 0]
    assert poll(ben) == 1, "another person is another reader"
    assert poll(amina, "/h/<home>/round/now") == 1, "another fragment is another page"
    assert poll(amina, subject="resident:5") == 1
    clock.stand_at(clock.now() + dt.timedelta(minutes=9, seconds=59))
    assert poll(amina) == 0
    clock.stand_at(clock.now() + dt.timedelta(seconds=1))
    assert poll(amina) == 1


def test_an_opened_page_counts_every_time(world):
    for _ in range(3):
        notes.access(world.actor("amina"), "/h/<home>/round")
    assert notes.flush() == 3


def test_a_page_leaves_its_pattern_and_not_its_address(app, world):
    amina = Browser(app).sign_in("amina")
    answer = amina.client.get("/h/rowan/", base_url="https://localhost")
    assert answer.status_code == 302
    notes.flush()
    assert (world.person_id("amina"), "/h/<home>/", None) in lines()


def test_lines_that_cannot_be_written_wait_on_with_what_was_to_be_done_later(world, monkeypatch):
    notes.access(world.actor("amina"), "/h/<home>/round")
    done = []
    notes.later("seen:1", lambda: done.append(1))

    def away():
        raise pw.OperationalError("database is locked")

    with monkeypatch.context() as broken:
        broken.setattr(notes, "noting", away)
        assert notes.flush() == 0
    assert notes.flush() == 1
    assert done == [1] and len(lines()) == 1


def test_the_newest_of_several_small_writes_under_one_key_wins(world):
    done = []
    for n in range(3):
        notes.later("seen:1", lambda n=n: done.append(n))
    notes.flush()
    assert done == [2]


def test_the_writer_in_the_background_writes_within_a_second_and_at_stop(world, monkeypatch):
    monkeypatch.setattr(notes, "FLUSH_SECONDS", 0.01)
    written, flush = threading.Event(), notes.flush

    def flushed():
        count = flush()
        if count:
            written.set()
        return count

    monkeypatch.setattr(notes, "flush", flushed)
    notes.access(world.actor("amina"), "/h/<home>/round")
    notes.start()
    assert written.wait(10)
    notes.access(world.actor("amina"), "/h/<home>/more")
    notes.stop()
    notes._thread.join(10)
    assert not notes._thread.is_alive()
    assert {page for _, page, _ in lines()} == {"/h/<home>/round", "/h/<home>/more"}


# ---------------------------------------------------------------- sealed into the ledger


def read_something(world, times: int = 2) -> None:
    for n in range(times):
        notes.access(world.actor("amina"), "/h/<home>/round", f"resident:{n}")
        notes.flush()


def seal(world) -> int:
    return notes_seal.seal(by=world.system())


def test_the_hourly_job_seals_every_homes_batches_in_its_own_chain_by_the_system(world):
    read_something(world)
    notes.access(world.actor("nell"), "/h/<home>/floor")
    notes.flush()
    assert jobs.EVERY["notes.seal"] == HOUR
    before = Line.select().count()
    jobs.HANDLERS["notes.seal"]({})
    new = list(Line.select().where(Line.id > before).order_by(Line.id))
    assert {x.chain_id for x in new} == {world.home().chain_id, world.home("far").chain_id}
    assert {(x.verb, x.by_kind, x.by_person) for x in new} == {("notes.seal", "system", None)}
    assert AccessBatch.select().where(AccessBatch.sealed_at.is_null()).count() == 0
    assert notes_seal.verify() == [] and ledger.verify() == []


def test_running_the_job_twice_seals_nothing_twice(world):
    read_something(world)
    jobs.HANDLERS["notes.seal"]({})
    count = Line.select().count()
    jobs.HANDLERS["notes.seal"]({})
    assert Line.select().count() == count


def test_batches_of_later_hours_get_seals_of_their_own(world):
    for _ in range(3):
        read_something(world)
        assert seal(world) == 2
        clock.stand_at(clock.now() + HOUR)
    assert seal(world) == 0
    assert notes_seal.verify() == []


def test_only_the_system_may_seal(world):
    from medpwa.errors import NotPermitted

    read_something(world)
    with pytest.raises(NotPermitted):
        notes_seal.seal(by=world.actor("rosa"))
    assert AccessBatch.select().where(AccessBatch.sealed_at.is_null(False)).count() == 0


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        ("UPDATE access_line SET person = 2 WHERE subject = 'resident:1'", "its lines were changed"),
        ("DELETE FROM access_line WHERE subject = 'resident:1'", "its lines were changed"),
        ("INSERT INTO access_line (batch_id, home, person, at, page) SELECT id, home, 1, at, '/x' FROM access_batch",
         "its lines were changed"),
        ("UPDATE access_batch SET digest = 'x'", "the access batches it sealed were changed"),
        ("UPDATE access_batch SET sealed_at = sealed_at + 1", "no line seals it"),
        ("UPDATE access_batch SET sealed_at = NULL", "the access batches it sealed were changed"),
        ("DELETE FROM access_line; DELETE FROM access_batch", "the access batches it sealed were changed"),
    ],
)  # fmt: skip
def test_a_sealed_reading_that_was_tampered_with_is_found(world, tamper, said):
    read_something(world)
    seal(world)
    assert notes_seal.verify() == []
    with database.noting():
        for sql in tamper.split("; "):
            database.db.execute_sql(sql)
    assert any(said in fault.words for fault in notes_seal.verify())


def test_the_command_that_verifies_the_ledger_looks_at_the_seals_too(app, world):
    read_something(world)
    seal(world)
    run = app.test_cli_runner().invoke
    assert run(args=["ledger", "verify"]).exit_code == 0
    database.db.connect(reuse_if_open=True)
    with database.noting():
        AccessLine.update(person=None).execute()
    answer = run(args=["ledger", "verify"])
    assert answer.exit_code == 1 and "its lines were changed" in answer.output


# ---------------------------------------------------------------- let go when their keeping time is over

DAY = dt.timedelta(days=1)


def test_access_lines_are_let_go_after_three_years_by_whole_seals_and_the_chain_says_so(world):
    assert notes.KEEP == 3 * 365 * DAY
    read_something(world)
    seal(world)
    clock.stand_at(clock.now() + 30 * DAY)
    read_something(world, 3)
    seal(world)
    clock.stand_at(clock.now() + notes.KEEP - 30 * DAY)
    jobs.HANDLERS["notes.let_go"]({})
    assert AccessLine.select().count() == 5, "not one day too early"
    clock.stand_at(clock.now() + DAY)
    jobs.HANDLERS["notes.let_go"]({})
    assert (AccessLine.select().count(), AccessBatch.select().count()) == (3, 3)
    said = Line.select().where(Line.verb == "notes.let_go").get()
    assert (said.by_kind, said.about["batches"], said.about["lines"]) == ("system", 2, 2)
    assert said.chain_id == world.home().chain_id
    assert notes_seal.verify() == [] and ledger.verify() == []
    jobs.HANDLERS["notes.let_go"]({})
    assert Line.select().where(Line.verb == "notes.let_go").count() == 1, "nothing to let go says nothing"


def test_what_is_not_sealed_is_kept_however_old(world):
    read_something(world)
    clock.stand_at(clock.now() + 2 * notes.KEEP)
    jobs.HANDLERS["notes.let_go"]({})
    assert AccessLine.select().count() == 2


def test_letting_go_of_old_lines_does_not_hide_that_newer_ones_were_taken(world):
    read_something(world)
    seal(world)
    clock.stand_at(clock.now() + 30 * DAY)
    read_something(world)
    seal(world)
    clock.stand_at(clock.now() + notes.KEEP - 29 * DAY)
    jobs.HANDLERS["notes.let_go"]({})
    assert notes_seal.verify() == [] and AccessLine.select().count() == 2
    with database.noting():
        AccessLine.delete().execute()
        AccessBatch.delete().execute()
    assert [f.words for f in notes_seal.verify()] == ["the access batches it sealed were changed, added or taken"]


def test_many_old_seals_are_let_go_a_bounded_number_at_a_time(world, monkeypatch):
    monkeypatch.setattr(notes_seal, "SEALS_AT_ONCE", 2)
    for _ in range(5):
        read_something(world, 1)
        seal(world)
        clock.stand_at(clock.now() + HOUR)
    clock.stand_at(clock.now() + notes.KEEP)
    jobs.HANDLERS["notes.let_go"]({})
    assert AccessLine.select().count() == 0
    assert Line.select().where(Line.verb == "notes.let_go").count() == 3
    assert notes_seal.verify() == []


def test_only_the_system_may_let_go(world):
    from medpwa.errors import NotPermitted

    with pytest.raises(NotPermitted):
        notes_seal.let_go(by=world.actor("rosa"), before=clock.now())


# ---------------------------------------------------------------- counters and tries


def test_a_counter_counts_per_home_and_day(world):
    home, other = world.home().id, world.home("elm").id
    for _ in range(3):
        notes.count(home, "scan.revoked")
    notes.count(other, "scan.revoked")
    assert (notes.counted(home, "scan.revoked"), notes.counted(other, "scan.revoked")) == (3, 1)
    clock.stand_at(clock.now() + dt.timedelta(days=1))
    assert notes.counted(home, "scan.revoked") == 0
    assert notes.counted(home, "scan.revoked", "2026-11-16") == 3


def test_tries_are_counted_in_a_window_that_begins_again(world):
    window = dt.timedelta(minutes=15)
    assert [notes.attempted("unknown:ben", window) for _ in range(3)] == [1, 2, 3]
    assert notes.attempts("unknown:ben", window) == 3
    assert notes.attempts("unknown:amina", window) == 0
    clock.stand_at(clock.now() + window)
    assert notes.attempts("unknown:ben", window) == 0
    assert notes.attempted("unknown:ben", window) == 1
    notes.forget_attempts("unknown:ben")
    assert notes.attempts("unknown:ben", window) == 0


def test_tries_at_the_same_moment_are_all_counted_and_each_hears_a_number_of_its_own(app, world):
    said = at_once(app, [lambda: notes.attempted("unknown:ben", HOUR)] * 20)
    assert sorted(said) == list(range(1, 21))
    assert notes.attempts("unknown:ben", HOUR) == 20


def test_a_throttle_row_does_not_tell_whose_it_is(world):
    notes.attempted("unknown:ben", HOUR)
    assert all("ben" not in row.key for row in notes.Throttle.select())
