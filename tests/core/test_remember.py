"""What is kept of answers: a look reads once, a transaction that wrote keeps nothing, a newer row is never hidden."""

import threading
from collections.abc import Iterator

import pytest

from medpwa import clock, database, notes, remember
from medpwa.mar import entries
from medpwa.notes import Throttle
from medpwa.staff import queries as staff
from medpwa.staff.models import Person


@pytest.fixture
def look() -> Iterator[None]:
    """A page is being put together."""
    remember.begin_look()
    yield
    remember.end_look()


@pytest.fixture
def shelf() -> str:
    """A name no other test keeps answers under."""
    return f"test {threading.get_ident()} {len(remember._shelves)}"


class Counting:
    """A reader that counts how often it is asked."""

    def __init__(self, *tables: str) -> None:
        self.asked: list[tuple] = []
        self.read = remember.once_a_look(*tables)(self._read)

    def _read(self, *args: object) -> int:
        self.asked.append(args)
        return len(self.asked)


def test_within_one_look_a_question_is_read_once_and_another_question_by_itself(world, look):
    reader = Counting()
    assert [reader.read(1), reader.read(1), reader.read(2), reader.read(1)] == [1, 1, 2, 1]


def test_two_readers_with_the_same_arguments_do_not_share_an_answer(world, look):
    one, other = Counting(), Counting()
    one.read(1)
    one.read(2)
    assert (one.read(2), other.read(2)) == (2, 1)


def test_without_a_look_every_question_is_read(world):
    reader = Counting()
    assert [reader.read(1), reader.read(1)] == [1, 2]


def test_the_next_look_reads_again(world, look):
    reader = Counting()
    reader.read(1)
    remember.end_look()
    remember.begin_look()
    assert reader.read(1) == 2


@pytest.mark.parametrize("door", ["record", "note"])
def test_what_was_read_before_a_door_is_read_again_inside_it_and_stands_after_its_commit(world, look, door):
    """Under the lock nothing of before counts: another may have written while this one waited for it. What was read
    there is what was committed: the page that follows shows it."""
    reader = Counting()
    reader.read(1)
    with database.writing(world.home().chain_id) if door == "record" else database.noting():
        assert [reader.read(1), reader.read(1)] == [2, 2]
        Throttle.create(key=f"a {door}", since=clock.now())
        assert [reader.read(1), reader.read(1)] == [3, 3]
    assert [reader.read(1), reader.read(1)] == [3, 3]
    with database.noting():
        assert reader.read(1) == 4


def test_a_write_elsewhere_leaves_what_was_read_of_named_tables(world, look):
    other, mine = Counting("counter"), Counting("throttle", "counter")
    with database.noting():
        assert (other.read(1), mine.read(1)) == (1, 1)
        row = Throttle.create(key="one", since=clock.now())
        assert (other.read(1), mine.read(1)) == (1, 2)
        row.count = 7
        row.save()
        assert (other.read(1), mine.read(1)) == (1, 3)
        Throttle.delete().where(Throttle.key == "one").execute()
        assert (other.read(1), mine.read(1)) == (1, 4)
        notes.Counter.create(home=1, day="2026-11-16", name="x", count=1)
        assert (other.read(1), mine.read(1)) == (2, 5)


@pytest.mark.parametrize(
    "sql",
    [
        "WITH x AS (SELECT 1) UPDATE throttle SET count = 2 WHERE count IN (SELECT * FROM x)",
        "CREATE TEMP TABLE looked (a INTEGER)",
        "ROLLBACK TO SAVEPOINT here",
    ],
)
def test_after_a_statement_that_may_have_written_anywhere_everything_is_read_again(world, look, sql):
    reader = Counting("home")
    with database.noting():
        database.db.execute_sql("SAVEPOINT here")
        assert [reader.read(1), reader.read(1)] == [1, 1]
        database.db.execute_sql(sql)
        assert reader.read(1) == 2


def test_the_highest_ids_are_read_again_after_a_write_to_any_watched_table(world, look):
    """Of whichever table was written first: two tables with one write each must not be taken for one another."""
    if not database.is_sqlite():
        pytest.skip("PostgreSQL watches no tables")
    remember._highest(("throttle", "counter"))
    with database.noting():
        before = [remember._highest((table,)) for table in ("throttle", "counter")]
        Throttle.create(key="one", since=clock.now())
        throttle = remember._highest(("throttle",))
        notes.Counter.create(home=1, day="2026-11-16", name="x", count=1)
        counter = remember._highest(("counter",))
    assert throttle != before[0] and counter != before[1]


def test_what_was_read_of_a_write_that_was_rolled_back_is_not_told_afterwards(world, look):
    there = remember.once_a_look("throttle")(lambda key: Throttle.select().where(Throttle.key == key).exists())
    with pytest.raises(ZeroDivisionError), database.noting():
        Throttle.create(key="half done", since=clock.now())
        assert there("half done")
        raise ZeroDivisionError
    assert not there("half done")


def test_an_entry_that_another_process_stored_is_seen_under_the_lock(world, look, monkeypatch):
    """The reads that a dose is judged by, once before the lock and once inside it."""
    from medpwa.mar.tickets import DoseKey

    key, asked = DoseKey(1, clock.now()), []
    monkeypatch.setattr(database, "rows", lambda sql, *values: asked.append(sql) or [])
    entries.entries_of_dose(key)
    entries.entries_of_dose(key)
    assert len(asked) == 1
    with database.writing(world.home().chain_id):
        entries.entries_of_dose(key)
        entries.entries_of_dose(key)
    assert len(asked) == 2


# ---------------------------------------------------------------- settled and unsettled


@pytest.mark.parametrize("door", ["record", "note"])
def test_a_transaction_is_unsettled_from_its_first_write_to_its_end(world, door):
    assert not database.unsettled()
    with database.writing(world.home().chain_id) if door == "record" else database.noting():
        assert not database.unsettled()
        Person.select().count()
        with database.savepoint():
            assert not database.unsettled(), "a savepoint writes nothing"
        assert not database.unsettled()
        Throttle.create(key="written", since=clock.now())
        assert database.unsettled()
        assert _in_another_thread(database.unsettled) is False
    assert not database.unsettled()


def test_a_write_that_fell_back_to_a_savepoint_leaves_the_transaction_unsettled(world):
    with database.writing(world.home().chain_id):
        with pytest.raises(ZeroDivisionError), database.savepoint():
            Throttle.create(key="fell back", since=clock.now())
            raise ZeroDivisionError
        assert database.unsettled()


def test_the_next_transaction_begins_settled(world):
    with database.noting():
        notes.Counter.create(home=1, day="2026-11-16", name="x", count=1)
    with database.noting():
        assert not database.unsettled()


def _in_another_thread(ask):
    found = []
    thread = threading.Thread(target=lambda: found.append(ask()))
    thread.start()
    thread.join(30)
    return found[0]


def test_an_answer_made_of_rows_that_were_rolled_back_is_never_kept(world, shelf):
    """SQLite gives the ids of rolled-back rows to others: the same stamp would then stand for other rows."""

    def answer() -> str:
        stamp = remember.stamp("SELECT max(id) FROM throttle")
        return remember.remembered(shelf, "newest", stamp, lambda: Throttle.select().order_by(-Throttle.id).get().key)

    with pytest.raises(ZeroDivisionError), database.noting():
        Throttle.create(key="rolled back", since=clock.now())
        assert answer() == "rolled back"
        raise ZeroDivisionError
    with database.noting():
        Throttle.create(key="stored", since=clock.now())
    assert answer() == "stored"


def test_what_a_transaction_read_before_its_first_write_is_kept(world, shelf):
    made = []
    with database.writing(world.home().chain_id):
        remember.remembered(shelf, 1, "stamp", lambda: made.append(1) or "an answer")
    assert remember.remembered(shelf, 1, "stamp", lambda: made.append(1) or "another") == "an answer"
    assert made == [1]


def test_a_person_added_in_this_very_request_is_there_at_once(world, look):
    """The whole way: a page reads, its action writes, and the page reads again."""
    from medpwa.staff import actions

    before = staff.home_by_slug("rowan")
    new = actions.add_person(
        by=world.system(), username="new", given_name="New", family_name="Name", role="carer", password_hash="x"
    )
    assert staff.names({new.id}) == {new.id: "New Name"}
    assert staff.home_by_slug("rowan").id == before.id


# ---------------------------------------------------------------- which tables are watched


def test_tables_asked_about_by_many_threads_at_once_each_keep_a_place_of_their_own(world, monkeypatch):
    """Two tables in one place would be told apart no more: one would go by the other's ids, and hide its new rows."""
    if not database.is_sqlite():
        pytest.skip("PostgreSQL watches no tables: answers of the whole table are made anew each time")
    tables = ["person", "home", "provider", "role", "duty", "entry", "scan", "label", "refusal", "ledger_line"]
    watched = _Slow()
    monkeypatch.setattr(remember, "_watched", watched)
    together = threading.Barrier(len(tables))

    def ask(table: str) -> None:
        together.wait(30)
        remember._highest((table,))
        database.db.close()

    threads = [threading.Thread(target=ask, args=(table,)) for table in tables]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(watched) == sorted(tables)
    assert sorted(watched.values()) == list(range(len(tables)))


class _Slow(dict):
    """A mapping that lets the other threads run between counting its places and filling one."""

    def __len__(self) -> int:
        found, turn = super().__len__(), threading.Event()
        turn.wait(0.001)
        return found
