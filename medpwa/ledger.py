"""The trail: append-only hash chains, one a home and one for the provider.

A line holds ids, the verb, times and a salted digest of each record it stands for. Names, reasons and free text stay
in the record. `verify` recomputes everything, looks for records without a line and for missing triggers.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import peewee as pw

from medpwa import clock, prepared
from medpwa.database import (
    InsertOnly,
    InstantField,
    JsonField,
    Record,
    all_models,
    canonical_json,
    db,
    is_sqlite,
    rows,
)
from medpwa.digests import row_digest
from medpwa.errors import Refused
from medpwa.permits import Actor

GENESIS = "0" * 64


class Chain(Record):
    """One chain of lines: a home's or the provider's. Its id is also the key of the writing lock."""

    kind = pw.TextField(constraints=[pw.Check("kind IN ('home', 'provider')")])
    name = pw.TextField()


class Line(Record):
    """One thing that was done or refused."""

    chain = pw.ForeignKeyField(Chain, index=False)
    seq = pw.BigIntegerField()
    at = InstantField()
    verb = pw.TextField()
    outcome = pw.TextField(constraints=[pw.Check("outcome IN ('done', 'refused')")])
    by_kind = pw.TextField()
    by_person = pw.BigIntegerField(null=True)
    subject = pw.TextField()  # "resident:5": whose history it belongs to
    about = JsonField()
    rows = JsonField()  # [[table, id, digest], …]
    prev = pw.TextField()
    hash = pw.TextField(unique=True)

    class Meta:
        table_name = "ledger_line"
        # Every way the ledger page asks, in the order it shows (medpwa/desk/trail.py); a test reads the plans.
        indexes = (
            (("chain", "seq"), True),
            (("chain", "at", "seq"), False),
            (("chain", "subject", "at", "seq"), False),
            (("chain", "by_person", "at", "seq"), False),
            (("chain", "verb", "at", "seq"), False),
        )


# Refusals are few and asked for first: an index of them alone, which all other lines leave untouched.
Line.add_index(
    pw.ModelIndex(
        Line, (Line.chain, Line.at, Line.seq), where=pw.SQL("outcome = 'refused'"), name="ledger_line_refused"
    )
)


class Refusal(Record):
    """What was asked and why the answer was no. The early warning an inspector and a manager look for."""

    chain = pw.ForeignKeyField(Chain)
    at = InstantField(index=True)
    verb = pw.TextField()
    by_kind = pw.TextField()
    by_person = pw.BigIntegerField(null=True)
    code = pw.TextField()
    words = pw.TextField()
    about = JsonField()


@dataclass(frozen=True)
class Pending:
    """A line a deed asks for; the door gives it its place in the chain."""

    verb: str
    subject: str
    rows: tuple[InsertOnly, ...] = ()
    about: dict[str, Any] = field(default_factory=dict)
    outcome: str = "done"


def line(verb: str, subject: str, *rows: InsertOnly, **about: Any) -> Pending:
    """What a deed returns: the verb, whose history it joins, the rows it stands for and any further ids."""
    return Pending(verb, subject, rows, about)


def append(chain_id: int, by: Actor, pendings: Iterable[Pending]) -> None:
    """Chain the lines. Only `action` calls it, inside the writing transaction that holds the chain's lock."""
    seq, prev = _head(chain_id)
    at = clock.now()
    for pending in pendings:
        seq += 1
        digests = [[row._meta.table_name, row.id, row_digest(row)] for row in pending.rows]
        fields = dict(
            chain=chain_id,
            seq=seq,
            at=at,
            verb=pending.verb,
            outcome=pending.outcome,
            by_kind=by.kind,
            by_person=by.person_id,
            subject=pending.subject,
            about=pending.about,
            rows=digests,
            prev=prev,
        )
        prev = line_hash(**fields)
        Line.create(hash=prev, **fields)


def refuse(chain_id: int, by: Actor, verb: str, why: Refused, subject: str, about: dict[str, Any]) -> None:
    """Keep a refused attempt: the record with its words, and its line. Called by `action` alone."""
    row = Refusal.create(
        chain=chain_id,
        at=clock.now(),
        verb=verb,
        by_kind=by.kind,
        by_person=by.person_id,
        code=why.code,
        words=why.words,
        about=about,
    )
    append(chain_id, by, [Pending(verb, subject, (row,), about, "refused")])


def line_hash(**f: Any) -> str:
    """The hash of a line over everything it says and the hash before it."""
    chain = f["chain"].id if isinstance(f["chain"], Chain) else f["chain"]
    body = [chain, f["seq"], clock.micros(f["at"]), f["verb"], f["outcome"], f["by_kind"], f["by_person"]]
    body += [f["subject"], f["about"], f["rows"], f["prev"]]
    return hashlib.sha256(canonical_json(body).encode()).hexdigest()


def _head(chain_id: int) -> tuple[int, str]:
    found = rows("SELECT seq, hash FROM ledger_line WHERE chain_id = ? ORDER BY seq DESC LIMIT 1", chain_id)
    return found[0] if found else (0, GENESIS)


# ---------------------------------------------------------------- reading


@dataclass(frozen=True)
class HistoryLine:
    """One line for a person to read; words come from the caller's table of sentences."""

    at: dt.datetime
    verb: str
    outcome: str
    by_kind: str
    by_person: int | None
    about: dict[str, Any]
    rows: list[list[Any]]


def history(chain_id: int, subject: str, limit: int = 50) -> list[HistoryLine]:
    """The latest lines about one subject, newest first."""
    found = (
        Line.select()
        .where((Line.chain == chain_id) & (Line.subject == subject))
        .order_by(Line.at.desc(), Line.seq.desc())
        .limit(limit)
    )
    return [HistoryLine(x.at, x.verb, x.outcome, x.by_kind, x.by_person, x.about, x.rows) for x in found]


# ---------------------------------------------------------------- verifying


@dataclass(frozen=True)
class Fault:
    """One thing that does not add up, in words an auditor can act on."""

    where: str
    words: str


def verify() -> list[Fault]:
    """Everything that does not add up in the open database: chains, records, triggers. Empty means whole."""
    faults = list(_missing_triggers())
    covered: dict[tuple[str, int], str] = {}
    for chain in Chain.select().order_by(Chain.id):
        faults += _verify_chain(chain, covered)
    return faults + list(_verify_rows(covered))


def count_lines() -> int:
    """How many lines there are in all chains."""
    return Line.select().count()


def _verify_chain(chain: Chain, covered: dict[tuple[str, int], str]) -> Iterator[Fault]:
    link = Link()
    for x in Line.select().where(Line.chain == chain).order_by(Line.seq).iterator():
        yield from _line_faults(chain, x, link)
        for table, row_id, digest in x.rows:
            covered[(table, row_id)] = digest
        link = Link(x.seq, x.hash)


@dataclass(frozen=True)
class Link:
    """The last line of a chain that was looked at: the next one must follow it."""

    seq: int = 0
    hash: str = GENESIS


def _line_faults(chain: Chain, x: Line, link: Link) -> Iterator[Fault]:
    """What is wrong with a line that should follow `link`."""
    where = f"{chain.kind} chain {chain.id}, line {x.seq}"
    if x.seq != link.seq + 1:
        yield Fault(where, f"expected line {link.seq + 1}: lines are missing or were added")
    if x.prev != link.hash:
        yield Fault(where, "does not follow the line before it")
    fields = {f: getattr(x, f) for f in ("seq", "at", "verb", "outcome", "by_kind", "by_person")}
    if line_hash(chain=chain.id, **fields, subject=x.subject, about=x.about, rows=x.rows, prev=x.prev) != x.hash:
        yield Fault(where, "was changed after it was written")


@dataclass(frozen=True)
class Slice:
    """Some lines of a chain as they were found: where they end, how many lines and records they hold, what is wrong."""

    end: Link
    lines: int
    records: int
    faults: tuple[Fault, ...]


def verify_slice(chain_id: int, after: Link, upto: int, most: int) -> Slice:
    """At most `most` lines after a link, up to line `upto`, with the records they stand for. A slice that runs
    out of lines before `upto` says that the tail is gone."""
    chain = Chain.get_by_id(chain_id)
    wanted = (Line.chain == chain) & (Line.seq > after.seq) & (Line.seq <= upto)
    lines = list(Line.select().where(wanted).order_by(Line.seq).limit(most))
    faults: list[Fault] = []
    link, covered = after, {}
    for x in lines:
        faults += _line_faults(chain, x, link)
        covered |= {(table, row_id): digest for table, row_id, digest in x.rows}
        link = Link(x.seq, x.hash)
    if len(lines) < most and link.seq < upto:
        faults.append(Fault(f"{chain.kind} chain {chain.id}", f"lines {link.seq + 1} to {upto} are gone"))
    return Slice(link, len(lines), len(covered), (*faults, *_unlike_their_lines(covered)))


def _unlike_their_lines(covered: dict[tuple[str, int], str]) -> Iterator[Fault]:
    """Records that are not what their lines say, each looked up by its id."""
    models = {m._meta.table_name: m for m in insert_only_models()}
    for table in sorted({table for table, _ in covered}):
        ids = [row_id for name, row_id in covered if name == table]
        for some in pw.chunked(ids, 500):
            found = {r.id: row_digest(r) for r in models[table].select().where(models[table].id.in_(list(some)))}
            for row_id in some:
                if row_id not in found:
                    yield Fault(f"{table} {row_id}", "is gone: the chain holds its line")
                elif found[row_id] != covered[table, row_id]:
                    yield Fault(f"{table} {row_id}", "was changed after it was recorded")


def missing_triggers() -> list[Fault]:
    """Safeguards of the database that are not there or are switched off."""
    return list(_missing_triggers())


def head(chain_id: int) -> Link:
    """The newest line of a chain."""
    return Link(*_head(chain_id))


def _verify_rows(covered: dict[tuple[str, int], str]) -> Iterator[Fault]:
    by_table: dict[str, list[int]] = defaultdict(list)
    for table, row_id in covered:
        by_table[table].append(row_id)
    for model in insert_only_models():
        if model in (Chain, Line):
            continue
        table = model._meta.table_name
        seen = set()
        for found in db.execute_sql(prepared.selection(model)):
            row = prepared.as_model(model, found)
            seen.add(row.id)
            digest = covered.get((table, row.id))
            if digest is None:
                yield Fault(f"{table} {row.id}", "has no line in any chain: added past the door, or its line went")
            elif digest != row_digest(row):
                yield Fault(f"{table} {row.id}", "was changed after it was recorded")
        for row_id in by_table[table]:
            if row_id not in seen:
                yield Fault(f"{table} {row_id}", "is gone: the chain holds its line")


def insert_only_models() -> list[type[InsertOnly]]:
    """Every declared RECORD and VERSIONED table."""
    return [m for m in all_models() if issubclass(m, InsertOnly)]


def trigger_names(table: str) -> set[str]:
    """The triggers an insert-only table must have on the open engine."""
    kinds = ("update", "delete", "replace") if is_sqlite() else ("change", "truncate")
    return {f"{table}_no_{kind}" for kind in kinds}


def present_triggers() -> set[str]:
    """Names of the triggers that are in the database and switched on."""
    if is_sqlite():
        rows = db.execute_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    else:
        rows = db.execute_sql("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
    return {name for (name,) in rows.fetchall()}


def _missing_triggers() -> Iterator[Fault]:
    there = present_triggers()
    for model in insert_only_models():
        table = model._meta.table_name
        for name in sorted(trigger_names(table) - there):
            yield Fault(table, f"trigger {name} is missing: rows can be changed")
