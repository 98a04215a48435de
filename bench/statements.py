"""Which statements a path sends, and how the database would find their rows."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from medpwa import database

# Tables that grow with every round; the others grow with people and orders.
GROWING = frozenset(
    "entry scan ledger_line refusal alert acknowledgement session access_line access_batch job given_report "
    "given_report_closing round_part help_request entry_confirmation correction_request correction_answer prn_effect "
    "witness_request witness_act gap_review gap_step refusal_step absence_item reconciliation shift_handover".split()
)
_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)", re.I)
_READS = re.compile(r"\s*SELECT", re.I)


@dataclass
class Counted:
    """The statements of one request."""

    all: list[tuple[str, tuple]] = field(default_factory=list)
    scans: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(1 for sql, _ in self.all if _READS.match(sql) or _WRITES.match(sql))

    @property
    def writing(self) -> int:
        return sum(1 for sql, _ in self.all if _WRITES.match(sql))


class _Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.counted = Counted()

    def emit(self, record: logging.LogRecord) -> None:
        if isinstance(record.msg, tuple):  # a statement with its values; the pool's own words are text
            sql, params = record.msg
            self.counted.all.append((sql, tuple(params or ())))


@contextlib.contextmanager
def listening() -> Iterator[Counted]:
    """Collect every statement peewee sends."""
    log, kept = logging.getLogger("peewee"), _Kept()
    before = log.level, log.propagate
    log.addHandler(kept)
    log.setLevel(logging.DEBUG)
    log.propagate = False
    try:
        yield kept.counted
    finally:
        log.removeHandler(kept)
        log.level, log.propagate = before


def full_scans(counted: Counted) -> list[str]:
    """Reads of a whole growing table, as the planner says; each as `table: statement`. The database must be open."""
    found = []
    for sql, params in dict.fromkeys(counted.all):
        if _READS.match(sql):
            found += [f"{table}: {sql}" for table in _scanned(sql, params) if table in GROWING]
    return found


def _scanned(sql: str, params: tuple) -> list[str]:
    return _scanned_by_sqlite(sql, params) if database.is_sqlite() else _scanned_by_postgres(sql, params)


def _scanned_by_sqlite(sql: str, params: tuple) -> list[str]:
    names = _aliases(sql)
    rows = database.db.execute_sql(f"EXPLAIN QUERY PLAN {sql}", params).fetchall()
    steps = (re.match(r"SCAN (\S+)", row[3]) for row in rows)
    return [names.get(step[1], step[1]) for step in steps if step]


def _aliases(sql: str) -> dict[str, str]:
    """What each alias of a statement stands for: peewee calls tables t1, t2."""
    pairs = re.findall(r'(?:FROM|JOIN)\s+"?(\w+)"?\s+(?:AS\s+)?"?(\w+)"?', sql, re.I)
    return {alias: table for table, alias in pairs}


def _scanned_by_postgres(sql: str, params: tuple) -> list[str]:
    # Small tables are read whole whatever indexes there are; with that switched off, what is still read whole has none.
    database.db.execute_sql("SET enable_seqscan = off")
    rows = database.db.execute_sql(f"EXPLAIN {sql}", params).fetchall()
    database.db.execute_sql("SET enable_seqscan = on")
    return [step[1] for (row,) in rows if (step := re.search(r"Seq Scan on (\w+)", row))]
