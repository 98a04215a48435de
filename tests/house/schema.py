"""The structure of a database as the engine itself tells it, in a form two databases can be compared by."""

from __future__ import annotations

import re

import peewee as pw

Structure = dict[str, dict[str, object]]


def read(handle: pw.Database) -> Structure:
    """Tables with their columns, references, checks, indexes and triggers; the migration runner's own left out."""
    return _sqlite(handle) if isinstance(handle, pw.SqliteDatabase) else _postgres(handle)


def _rows(handle: pw.Database, sql: str, *values: object) -> list[tuple]:
    return list(handle.execute_sql(sql, values).fetchall())


def _sqlite(handle: pw.Database) -> Structure:
    found: Structure = {}
    tables = _rows(handle, "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    for table, sql in tables:
        if table == "schema_migration":
            continue
        columns = _rows(handle, f'PRAGMA table_info("{table}")')
        indexes = _rows(handle, f'PRAGMA index_list("{table}")')
        triggers = _rows(handle, "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", table)
        found[table] = {
            "columns": {c[1]: (c[2], bool(c[3]), c[4], bool(c[5])) for c in columns},
            "references": {(f[3], f[2], f[4]) for f in _rows(handle, f'PRAGMA foreign_key_list("{table}")')},
            "checks": sorted(checks(sql)),
            "indexes": {(_index_columns(handle, i[1]), bool(i[2])) for i in indexes},
            "triggers": {name: " ".join(text.split()) for name, text in triggers},
        }
    return found


def _index_columns(handle: pw.Database, name: str) -> tuple[str, ...]:
    return tuple(c[2] for c in _rows(handle, f'PRAGMA index_info("{name}")'))


def checks(sql: str) -> list[str]:
    """The conditions of every CHECK in a CREATE TABLE, their spaces evened out."""
    found = []
    for match in re.finditer(r"\bCHECK\s*\(", sql, re.IGNORECASE):
        depth, at = 1, match.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(sql[at], 0)
            at += 1
        found.append(" ".join(sql[match.end() : at - 1].split()))
    return found


_COLUMNS = """SELECT table_name, column_name, data_type, is_nullable,
    CASE WHEN column_default LIKE 'nextval%%' THEN 'serial' ELSE column_default END
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'schema_migration'"""
_CONSTRAINTS = """SELECT rel.relname, con.contype, pg_get_constraintdef(con.oid) FROM pg_constraint con
    JOIN pg_class rel ON rel.oid = con.conrelid JOIN pg_namespace n ON n.oid = rel.relnamespace
    WHERE n.nspname = 'public' AND con.contype IN ('c', 'f', 'p', 'u')"""
_INDEXES = """SELECT tablename, regexp_replace(indexdef, 'INDEX \\S+ ON', 'INDEX ON') FROM pg_indexes
    WHERE schemaname = 'public'"""
_TRIGGERS = """SELECT rel.relname, t.tgname, pg_get_triggerdef(t.oid), t.tgenabled FROM pg_trigger t
    JOIN pg_class rel ON rel.oid = t.tgrelid WHERE NOT t.tgisinternal"""


def _postgres(handle: pw.Database) -> Structure:
    found: Structure = {}
    for table, column, kind, nullable, default in _rows(handle, _COLUMNS):
        made = found.setdefault(table, {"columns": {}, "constraints": set(), "indexes": set(), "triggers": {}})
        made["columns"][column] = (kind, nullable, default)  # type: ignore[index]
    for table, kind, text in _rows(handle, _CONSTRAINTS):
        if table in found:
            found[table]["constraints"].add((kind, text))  # type: ignore[union-attr]
    for table, text in _rows(handle, _INDEXES):
        if table in found:
            found[table]["indexes"].add(text)  # type: ignore[union-attr]
    for table, name, text, enabled in _rows(handle, _TRIGGERS):
        if table in found:
            found[table]["triggers"][name] = (text, enabled)  # type: ignore[index]
    return found
