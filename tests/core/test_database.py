"""The two doors: read-only outside them, durable inside, and nothing left open behind."""

import threading

import peewee as pw
import pytest
from playhouse.pool import PooledSqliteDatabase

from medpwa import database, notes
from medpwa.notes import Throttle
from medpwa.staff.models import Session

READ_ONLY = (pw.OperationalError, pw.InternalError)


def pragma(name: str):
    return database.db.execute_sql(f"PRAGMA {name}").fetchone()[0]


def setting(name: str) -> str:
    return database.db.execute_sql(f"SHOW {name}").fetchone()[0]


def in_threads(count: int, work) -> list[BaseException]:
    """Run `work(number)` in threads that start together; returns what they raised."""
    start, faults = threading.Barrier(count), []

    def run(number: int) -> None:
        try:
            start.wait(10)
            work(number)
        except BaseException as fault:  # noqa: BLE001 handed to the test
            faults.append(fault)
        finally:
            if not database.db.is_closed():
                database.db.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return faults


def assert_read_only() -> None:
    with pytest.raises(READ_ONLY):
        Throttle.insert(key="outside a door", since=0).execute()


def assert_safe_connection() -> None:
    """What every connection must be, whoever opened it."""
    if database.is_sqlite():
        assert pragma("synchronous") == 2, "FULL"
        assert pragma("journal_mode") == ("wal" if database.wal_is_safe(database.sqlite_library()) else "truncate")
        assert pragma("foreign_keys") == 1
        assert pragma("recursive_triggers") == 1
        assert pragma("busy_timeout") >= 5_000
        assert pragma("query_only") == 1
    else:
        assert setting("synchronous_commit") == "on"
        assert setting("default_transaction_read_only") == "on"
        assert setting("transaction_read_only") == "on"
        assert setting("TimeZone") == "UTC"


def test_every_connection_is_durable_strict_and_read_only(world):
    connections = []

    def look(number: int) -> None:
        database.db.connect(reuse_if_open=True)
        connections.append(database.db.connection())
        assert_safe_connection()
        together.wait(10)

    together = threading.Barrier(6)
    assert in_threads(6, look) == []
    assert len({id(c) for c in connections}) == 6, "six threads at once use six connections"
    assert_safe_connection()


def test_the_write_door_opens_for_writing_and_stays_durable_inside(world):
    with database.writing(world.home().chain_id):
        if database.is_sqlite():
            assert (pragma("query_only"), pragma("synchronous")) == (0, 2)
        else:
            assert (setting("transaction_read_only"), setting("synchronous_commit")) == ("off", "on")
        Throttle.create(key="inside", since=notes.clock.now())
    assert Throttle.select().where(Throttle.key == "inside").exists()
    assert_read_only()


@pytest.mark.parametrize("door", ["record", "note"])
def test_a_door_that_failed_leaves_nothing_and_no_write_access_behind(world, door):
    opened = database.writing(world.home().chain_id) if door == "record" else database.noting()
    with pytest.raises(ZeroDivisionError), opened:
        Throttle.create(key="half done", since=notes.clock.now())
        raise ZeroDivisionError
    assert not Throttle.select().where(Throttle.key == "half done").exists()
    assert_safe_connection()
    assert_read_only()


def test_a_statement_that_failed_inside_leaves_no_write_access_behind(world):
    with pytest.raises(pw.DatabaseError), database.noting():
        database.db.execute_sql("INSERT INTO no_such_table VALUES (1)")
    assert_safe_connection()
    assert_read_only()


def test_no_connection_in_the_pool_can_write_after_many_doors_were_used_at_once(world):
    def work(number: int) -> None:
        for turn in range(5):
            try:
                with database.noting():
                    Throttle.create(key=f"{number}:{turn}", since=notes.clock.now())
                    if turn % 2:
                        raise ZeroDivisionError
            except ZeroDivisionError:
                pass
            assert_read_only()

    assert in_threads(8, work) == []
    assert Throttle.select().where(Throttle.key.contains(":")).count() == 8 * 3

    def look(number: int) -> None:
        together.wait(10)
        database.db.connect(reuse_if_open=True)
        assert_safe_connection()

    together = threading.Barrier(8)
    assert in_threads(8, look) == []


@pytest.mark.parametrize("outer", ["record", "note"])
@pytest.mark.parametrize("inner", ["record", "note"])
def test_a_write_inside_a_write_is_refused(world, outer, inner):
    def door(name: str):
        return database.writing(world.home().chain_id) if name == "record" else database.noting()

    with pytest.raises(RuntimeError, match="A write inside a write"), door(outer), door(inner):
        raise AssertionError("unreachable")
    assert_read_only()


def test_two_writers_of_one_chain_take_turns_and_see_each_other(world):
    """Check-then-insert without a unique rule: only the lock keeps it right."""
    chain = world.home().chain_id

    def count_one(number: int) -> None:
        for _ in range(5):
            with database.writing(chain):
                there = Throttle.select().where(Throttle.key.startswith("turn:")).count()
                Throttle.create(key=f"turn:{there}", since=notes.clock.now())

    assert in_threads(8, count_one) == []
    assert Throttle.select().where(Throttle.key.startswith("turn:")).count() == 40


def test_insert_or_replace_cannot_overwrite_a_record(world):
    before = database.db.execute_sql('SELECT id, role, salt FROM "role" ORDER BY id').fetchall()
    sql = 'INSERT OR REPLACE INTO "role" SELECT * FROM "role"'
    if not database.is_sqlite():  # its nearest relative there
        sql = 'INSERT INTO "role" SELECT * FROM "role" ON CONFLICT (id) DO UPDATE SET role = \'carer\''
    with pytest.raises(pw.IntegrityError), database.writing(world.home().chain_id):
        database.db.execute_sql(sql)
    assert database.db.execute_sql('SELECT id, role, salt FROM "role" ORDER BY id').fetchall() == before


def test_a_reference_to_nobody_is_refused(world):
    with pytest.raises(pw.IntegrityError), database.noting():
        Session.create(token_hash="t", csrf="c", person=999_999, started_at=0, last_seen=0, data={})


def test_a_second_insert_under_a_taken_key_says_so_on_both_engines(world):
    with database.noting():
        first = Throttle.insert(key="once", since=0).on_conflict_ignore().execute()
        again = Throttle.insert(key="once", since=0).on_conflict_ignore().execute()
    assert first and not again


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 6, 23), False),
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 44, 9), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 0), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
        ((4, 0, 0), True),
    ],
)
def test_wal_is_used_only_on_a_library_without_the_reset_fault(version, safe):
    assert database.wal_is_safe(version) is safe


def test_an_unsafe_library_falls_back_to_a_rollback_journal(monkeypatch, tmp_path):
    monkeypatch.setattr(database, "sqlite_library", lambda: (3, 40, 1))
    handle = PooledSqliteDatabase(str(tmp_path / "old.db"), pragmas=database._pragmas(read_only=False))
    handle.connect()
    assert handle.execute_sql("PRAGMA journal_mode").fetchone()[0] == "truncate"
    assert handle.execute_sql("PRAGMA synchronous").fetchone()[0] == 2
    handle.close()
    handle.close_all()


def test_the_library_bundled_with_the_pinned_packages_is_safe_or_says_why_not():
    """Where no wheel fits, the fall-back above holds; on the machines we test it must not be needed."""
    assert database.wal_is_safe(database.sqlite_library())


def test_migrating_again_changes_nothing(world):
    url = world.settings.database_url
    assert database.pending_migrations() == []
    database.close_all()
    assert database.migrate(url) == []


def test_a_connection_the_server_closed_is_replaced_without_repair(world):
    if database.is_sqlite():
        return  # nobody closes those
    import psycopg

    pid = database.db.execute_sql("SELECT pg_backend_pid()").fetchone()[0]
    with psycopg.connect(world.settings.database_url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", (pid,))
    with pytest.raises((pw.OperationalError, pw.InterfaceError)):
        database.db.execute_sql("SELECT 1")
    database.db.close()
    database.db.connect()
    assert_safe_connection()
