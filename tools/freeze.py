"""Print the next migration's frozen SQL for tables that are declared but not yet in any migration.

    .venv/bin/python tools/freeze.py NAME TABLE [TABLE …]   writes migrations/NNNN_NAME.py

The text is generated once, then belongs to the file: a migration never imports the app's models. CHECK constraints and
the triggers of insert-only tables come with it. Read what it wrote before you commit it.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import peewee as pw  # noqa: E402

import medpwa.models  # noqa: E402, F401
from medpwa.database import InsertOnly, all_models  # noqa: E402

SQLITE_TRIGGERS = """CREATE TRIGGER {t}_no_update BEFORE UPDATE ON "{t}"
BEGIN SELECT RAISE(ABORT, '{t} is append-only'); END
CREATE TRIGGER {t}_no_delete BEFORE DELETE ON "{t}"
BEGIN SELECT RAISE(ABORT, '{t} is append-only'); END
CREATE TRIGGER {t}_no_replace BEFORE INSERT ON "{t}"
WHEN {taken}
BEGIN SELECT RAISE(ABORT, '{t} is append-only'); END"""
POSTGRES_TRIGGERS = """CREATE TRIGGER {t}_no_change BEFORE UPDATE OR DELETE ON "{t}"
FOR EACH ROW EXECUTE FUNCTION steady_append_only()
CREATE TRIGGER {t}_no_truncate BEFORE TRUNCATE ON "{t}"
FOR EACH STATEMENT EXECUTE FUNCTION steady_append_only()"""
FUNCTION = """CREATE FUNCTION steady_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'append-only table' USING ERRCODE = '23000'; END $$"""


def statements(model: type[pw.Model], handle: pw.Database) -> list[str]:
    """CREATE TABLE, indexes and triggers of one model in one engine's dialect."""
    with model.bind_ctx(handle, bind_refs=False, bind_backrefs=False):
        schema = pw.SchemaManager(model, handle)
        queries = [schema._create_table(safe=False)] + list(schema._create_indexes(safe=False))
        made = []
        for query in queries:
            sql, params = query.query()
            assert not params, (sql, params)
            made.append(sql)
    if issubclass(model, InsertOnly):
        text = SQLITE_TRIGGERS if isinstance(handle, pw.SqliteDatabase) else POSTGRES_TRIGGERS
        made += re.split(r"\n(?=CREATE)", text.format(t=model._meta.table_name, taken=taken(model)))
    return made


def taken(model: type[pw.Model]) -> str:
    """When a new row's key is there already, by id or by any other unique key: then INSERT OR REPLACE would take a row
    away without firing a delete trigger, on a connection that has recursive_triggers off."""
    table = model._meta.table_name
    keys = [["id"]] + [[f.column_name] for f in model._meta.sorted_fields if f.unique]
    for names, unique in (i for i in model._meta.indexes if isinstance(i, tuple)):
        if unique:
            keys.append([model._meta.fields[n].column_name for n in names])
    tests = (" AND ".join(f'"{c}" = NEW."{c}"' for c in key) for key in keys)
    return "\n    OR ".join(f'EXISTS (SELECT 1 FROM "{table}" WHERE {test})' for test in tests)


def render(title: str, models: list[type[pw.Model]], first: bool) -> str:
    """The migration file's text."""
    parts = [f'"""{title}"""\n', "from peewee import SqliteDatabase\n"]
    for name, handle in (("SQLITE", pw.SqliteDatabase(":memory:")), ("POSTGRES", pw.PostgresqlDatabase("x"))):
        parts.append(f"{name} = [")
        if first and name == "POSTGRES":
            parts.append(f'    """{FUNCTION}""",')
        for model in models:
            parts.append(f"    # {model._meta.table_name}: {model.KIND}")
            for sql in statements(model, handle):
                parts.append(f"    '''{wrap(sql)}''',")
        parts.append("]\n")
    parts.append("\ndef up(migrator, db):\n    for sql in SQLITE if isinstance(db, SqliteDatabase) else POSTGRES:")
    parts.append("        db.execute_sql(sql)\n")
    return "\n".join(parts)


def wrap(sql: str) -> str:
    """One column or constraint a line, so that a reader and a diff can follow."""
    if not sql.startswith("CREATE TABLE"):
        return sql
    head, body = sql.split("(", 1)
    body = re.sub(r', (?="|CHECK|FOREIGN|CONSTRAINT)', ",\n    ", body)
    return f"{head}(\n    {body[:-1]}\n)"


def main() -> None:
    name, wanted = sys.argv[1], sys.argv[2:]
    by_table = {m._meta.table_name: m for m in all_models()}
    models = pw.sort_models([by_table[t] for t in wanted])
    number = len(list((ROOT / "migrations").glob("[0-9]*.py"))) + 1
    path = ROOT / "migrations" / f"{number:04d}_{name}.py"
    path.write_text(render(name.replace("_", " ").capitalize() + ".", models, first=number == 1))
    print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
