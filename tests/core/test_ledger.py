"""The chains: what they hold, and that every kind of tampering shows."""

import peewee as pw
import pytest

from medpwa import database, ledger
from medpwa.errors import NotPermitted
from medpwa.ledger import Line, Refusal
from medpwa.staff import actions


def test_the_world_verifies(world):
    assert ledger.verify() == []
    assert ledger.count_lines() > 10


def test_a_refused_attempt_leaves_its_own_line_and_nothing_else(world):
    amina, ben = world.actor("amina"), world.person_id("ben")
    lines = ledger.count_lines()
    with pytest.raises(NotPermitted):
        actions.end_person(by=amina, person_id=ben, reason="because")
    last = Line.select().order_by(Line.id.desc()).first()
    assert (last.verb, last.outcome, last.by_person) == ("staff.end", "refused", amina.person_id)
    assert ledger.count_lines() == lines + 1
    assert Refusal.select().order_by(Refusal.id.desc()).first().code == "not_permitted"
    assert world.actor("ben").roles == {"carer"}
    assert ledger.verify() == []


def _raw(world):
    """A read-write handle past our doors, as an attacker with the file or the password would have."""
    settings = world.settings
    if database.is_sqlite():
        return pw.SqliteDatabase(settings.database_url.removeprefix("sqlite:///"))
    return pw.PostgresqlDatabase(settings.database_url, prefer_psycopg3=True)


def _without_triggers(raw, table):
    for name in sorted(ledger.trigger_names(table)):
        raw.execute_sql(f"DROP TRIGGER {name}" if database.is_sqlite() else f'DROP TRIGGER {name} ON "{table}"')


@pytest.mark.parametrize("table", ["ledger_line", "person_version", "role"])
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE {t} SET salt = 'x'",
        "DELETE FROM {t}",
        "INSERT OR REPLACE INTO {t} SELECT * FROM {t}",
        "TRUNCATE {t} CASCADE",
    ],
)
def test_append_only_tables_refuse_everything_but_new_rows(world, table, sql):
    if ("REPLACE" in sql) != database.is_sqlite() and ("REPLACE" in sql or "TRUNCATE" in sql):
        sql = "DELETE FROM {t}"  # that statement does not exist on this engine; its neighbour is tried again
    raw = _raw(world)
    with pytest.raises(pw.IntegrityError):
        raw.execute_sql(sql.format(t=f'"{table}"'))
    raw.close()
    assert ledger.verify() == []


@pytest.mark.parametrize(
    ("tamper", "words"),
    [
        ("UPDATE role SET role = 'registered_manager' WHERE role = 'carer'", "was changed after it was recorded"),
        ("DELETE FROM person_version WHERE given_name = 'Ben'", "is gone"),
        ("UPDATE ledger_line SET by_person = 1 WHERE seq = 3", "was changed after it was written"),
        ("DELETE FROM ledger_line WHERE seq = 4", "lines are missing"),
        ("DELETE FROM ledger_line WHERE seq > 6", "has no line in any chain"),
    ],
)
def test_tampering_past_the_triggers_is_found(world, tamper, words):
    raw = _raw(world)
    for table in ("role", "person_version", "ledger_line"):
        _without_triggers(raw, table)
    raw.execute_sql(tamper)
    raw.close()
    faults = [f.words for f in ledger.verify()]
    assert any(words in w for w in faults), faults
    assert any("trigger" in w for w in faults)


def test_a_row_added_past_the_door_is_found(world):
    raw = _raw(world)
    raw.execute_sql(
        "INSERT INTO role (salt, person_id, home_id, role, valid_from, at, reason) "
        "SELECT 's', person_id, home_id, 'registered_manager', valid_from, at, '' FROM role WHERE role = 'carer' "
    )
    raw.close()
    assert any("added past the door" in f.words for f in ledger.verify())


def test_two_lines_swapped_are_found(world):
    raw = _raw(world)
    _without_triggers(raw, "ledger_line")
    chain = world.home().chain_id
    raw.execute_sql(f"UPDATE ledger_line SET seq = seq + 1000 WHERE seq IN (3, 4) AND chain_id = {chain}")
    raw.execute_sql(f"UPDATE ledger_line SET seq = 1007 - seq WHERE seq IN (1003, 1004) AND chain_id = {chain}")
    raw.close()
    assert ledger.verify()


def test_outside_the_doors_the_connection_is_read_only(world):
    with pytest.raises((pw.OperationalError, pw.InternalError)):
        database.db.execute_sql("UPDATE session SET user_agent = 'x'")


@pytest.mark.parametrize("table", ["ledger_line", "person", "home"])
def test_no_row_is_replaced_by_its_other_keys_on_a_connection_without_our_pragmas(world, table):
    if not database.is_sqlite():
        return  # PostgreSQL has no INSERT OR REPLACE; its triggers have their own tests above
    raw = _raw(world)
    raw.execute_sql("PRAGMA recursive_triggers=0")
    columns = [c.name for c in raw.get_columns(table) if c.name != "id"]
    named = ", ".join(f'"{c}"' for c in columns)
    with pytest.raises(pw.IntegrityError):
        newest = f"SELECT {named} FROM {table} ORDER BY id DESC LIMIT 1"
        raw.execute_sql(f"INSERT OR REPLACE INTO {table} ({named}) {newest}")
    raw.close()
    assert ledger.verify() == []
