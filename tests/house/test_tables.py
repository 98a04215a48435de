"""Every table is declared, every declared table is in the migrated database just as it was declared, and no migration
that is in use is ever changed."""

import ast
import re
from collections.abc import Iterator

import peewee as pw
import pytest

import medpwa.models  # noqa: F401  every declared table
from medpwa import database, ledger
from medpwa.database import InsertOnly, Record, Versioned, Working, all_models
from tests.house import frozen, schema, waiting
from tests.house.source import ROOT, modules, parsed, read, strings
from tools import freeze

KINDS = {"RECORD": Record, "VERSIONED": Versioned, "WORKING": Working}


@pytest.fixture
def declared(world) -> Iterator[pw.Database]:
    """An empty database of the same engine, made from what the models declare and not by the migrations."""
    if database.is_sqlite():
        handle: pw.Database = pw.SqliteDatabase(":memory:")
        handle.connect()
        _make(handle)
        yield handle
        handle.close()
        return
    from tests.conftest import _admin, _named

    url = world.settings.database_url
    _admin(url, 'DROP DATABASE IF EXISTS "declared"')
    _admin(url, 'CREATE DATABASE "declared"')
    handle = pw.PostgresqlDatabase(_named(url, "declared"), prefer_psycopg3=True)
    handle.connect()
    handle.execute_sql(freeze.FUNCTION)
    _make(handle)
    yield handle
    handle.close()
    _admin(url, 'DROP DATABASE "declared" WITH (FORCE)')


def _make(handle: pw.Database) -> None:
    for model in pw.sort_models(all_models()):
        for sql in freeze.statements(model, handle):
            handle.execute_sql(sql)


# ---------------------------------------------------------------- declared


def test_every_table_says_what_kind_it_is():
    for model in all_models():
        assert model.KIND in KINDS, f"{model.__name__} derives from none of Record, Versioned, Working"
        assert issubclass(model, KINDS[model.KIND])
        assert model.__doc__, f"{model.__name__} does not say what a row is"


def test_every_table_is_among_the_declared_ones():
    """A model that medpwa/models.py does not import would be neither migrated nor verified."""
    written = {
        f"{m.dotted}.{n.name}"
        for m in modules()
        for n in ast.walk(m.tree)
        if isinstance(n, ast.ClassDef) and {ast.unparse(b).rpartition(".")[2] for b in n.bases} & set(_BASES)
        and m.stem != "database"
    }  # fmt: skip
    assert written == {f"{m.__module__}.{m.__name__}" for m in all_models()}


_BASES = ("Record", "Versioned", "Working", "InsertOnly", "Base", "Model")


def test_the_decided_kinds_are_kept():
    """Decision 7: what is a fact, what is a state by version, what is in use."""
    kinds = {m._meta.table_name: m.KIND for m in all_models()}
    records = {"entry", "scan", "alert", "acknowledgement", "given_report", "given_report_closing", "ledger_line"}
    versioned = {"resident_version", "allergies", "photo", "whereabouts", "label", "role", "duty", "skill_grant"}
    working = {"session", "password", "throttle", "job", "counter", "access_line", "access_batch", "worker_beat"}
    assert {t for t in records if kinds.get(t) != "RECORD"} == set()
    assert {t for t in versioned | {"order_version", "round_setting"} if kinds.get(t) != "VERSIONED"} == set()
    assert {t for t in working if kinds.get(t) != "WORKING"} == set()


# ---------------------------------------------------------------- as migrated


def test_the_migrated_database_is_the_declared_one(world, declared):
    migrated, wanted = schema.read(database.db.obj), schema.read(declared)
    assert set(migrated) == set(wanted), "tables"
    faults = [
        f"{table}: {part} are {migrated[table][part]}, declared {wanted[table][part]}"
        for table in sorted(wanted)
        for part in wanted[table]
        if migrated[table][part] != wanted[table][part]
    ]
    assert faults == []


def test_every_insert_only_table_has_its_triggers(world):
    there = ledger.present_triggers()
    missing = [
        name
        for model in all_models()
        if issubclass(model, InsertOnly)
        for name in ledger.trigger_names(model._meta.table_name) - there
    ]
    assert missing == []


def test_no_trigger_stands_on_a_table_whose_rows_may_change(world):
    working = [m._meta.table_name for m in all_models() if m.KIND == "WORKING"]
    structure = schema.read(database.db.obj)
    assert [t for t in working if structure[t]["triggers"]] == []


def test_the_trigger_function_refuses_as_a_broken_constraint(world):
    if database.is_sqlite():
        return  # there each trigger says it itself, and the comparison above reads it
    text = database.db.execute_sql("SELECT pg_get_functiondef('steady_append_only'::regproc)").fetchone()[0]
    assert "RAISE EXCEPTION" in text and "23000" in text and "RETURN" not in text.split("BEGIN")[1]


def test_the_rules_that_hold_under_a_race_are_in_the_database(world):
    """One give a dose, one use of an entry's id, one place in a chain: unique rules, not only code."""
    sqlite = database.is_sqlite()
    structure = schema.read(database.db.obj)

    def unique(table: str, *columns: str) -> bool:
        if sqlite:
            return (columns, True) in structure[table]["indexes"]
        inside = ", ".join(columns)
        return any(t.startswith("CREATE UNIQUE") and t.endswith(f"({inside})") for t in structure[table]["indexes"])

    assert unique("entry", "order_line_id", "due_at", "claim")
    assert unique("entry", "entry_id")
    assert unique("ledger_line", "chain_id", "seq")
    assert unique("ledger_line", "hash")
    assert unique("order_version", "line_id", "number")
    assert unique("acknowledgement", "alert_id", "by")
    assert unique("alert", "key")
    assert unique("label", "token_hash") and unique("label", "short_code")


def test_the_comparison_would_notice(world, declared):
    """The control: each of these must show."""
    base = schema.read(declared)
    index = "CREATE INDEX extra ON session (csrf)"
    for sql in (index, "ALTER TABLE session ADD COLUMN extra TEXT", "DROP TRIGGER alert_no_update"):
        if not database.is_sqlite() and "TRIGGER" in sql:
            sql = "ALTER TABLE alert DISABLE TRIGGER alert_no_change"
        declared.execute_sql(sql)
        changed = schema.read(declared)
        assert changed != base, sql
        base = changed
    assert schema.checks("CREATE TABLE a (b TEXT CHECK (b IN ('x', 'y')), CHECK ((c = 1) = (d IS NULL)))") == [
        "b IN ('x', 'y')",
        "(c = 1) = (d IS NULL)",
    ]


# ---------------------------------------------------------------- migrations


def test_migrations_are_numbered_without_a_hole():
    numbers = [int(name[:4]) for name in sorted(frozen.present())]
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(re.fullmatch(r"\d{4}_[a-z0-9_]+\.py", name) for name in frozen.present())


def test_migrations_know_nothing_of_the_application():
    """What a migration does must not change when the code does."""
    for path in sorted(frozen.MIGRATIONS.glob("*.py")):
        for node in ast.walk(parsed(path)):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert name.split(".")[0] in ("peewee", "playhouse", "datetime", "json"), f"{path.name} imports {name}"


def test_migrations_in_use_are_never_changed():
    assert frozen.faults() == []


# ---------------------------------------------------------------- columns that mean something


def test_every_column_of_a_record_is_read_by_somebody():
    """A stored limit that nothing reads is worse than none. Salt is read by the ledger; keys by joins."""
    said = " ".join(read(p) for p in sorted((ROOT / "medpwa").rglob("*.py")) if p.stem != "models")
    said += " ".join(read(p) for p in sorted((ROOT / "templates").rglob("*.html")))
    sql = " ".join(s for m in modules() for s in strings(m.tree) if re.search(r"\b(SELECT|WHERE|FROM)\b", s))
    unread = {
        f"{model._meta.table_name}.{name}"
        for model in all_models()
        if issubclass(model, InsertOnly)
        for name in model._meta.fields
        if name not in ("id", "salt")
        and not re.search(rf"\.{name}(_id)?\b", said)
        and not re.search(rf"\b{name}(_id)?\b", sql)
    }
    assert unread == set(waiting.UNREAD)
