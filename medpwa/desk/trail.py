"""Lines of a home's ledger as they are asked for: by person, by whom they are about, by what was done, by time.

Every question is answered by walking an index from its newest end and stopping at a page's worth (keyset paging): the
cost does not grow with the home's past. A test reads the plans of both engines.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from medpwa import clock, database
from medpwa.desk import telling
from medpwa.desk.vocabulary import AFTER_THE_FACT
from medpwa.ledger import Line

PAGE = 40
ON_TOP = 12  # refusals and reports shown before everything else; one link leads to all of them
COUNTED_TO = 1_000  # a count says "over" from here on

ONLY: dict[str, str] = {"refused": "Only refusals", "after": "Only reports of doses already given"}
Place = tuple[int, int]  # a line's time in microseconds and its number: where a page begins or ends


@dataclass(frozen=True)
class Span:
    """Whole days of a home, as instants and in words."""

    first: dt.date
    last: dt.date
    start: dt.datetime
    end: dt.datetime
    words: str


@dataclass(frozen=True)
class Asked:
    """What somebody wants to see of one chain, in [start, end). `person` 0 is the product itself."""

    chain_id: int
    start: dt.datetime
    end: dt.datetime
    person: int | None = None
    subject: str = ""
    group: str = ""
    only: str = ""

    @property
    def verbs(self) -> list[str]:
        """The verbs asked for; empty means all."""
        return telling.verbs_of(self.group) if self.group else []


@dataclass(frozen=True)
class Walk:
    """One index to walk: a condition beside the chain and the time, and its values."""

    where: str
    values: tuple[object, ...] = ()


def walks(asked: Asked) -> list[Walk]:
    """The indexes that together hold what was asked for, none of them the whole chain unless all of it was. Where a
    person or a resident is named their own index leads, and the verbs are sifted from it."""
    fixed, values = _fixed(asked)
    if asked.only == "refused":
        return [_sifted("outcome = 'refused'" + fixed, values, asked.verbs)]
    if asked.only == "after":
        wanted = [v for v in AFTER_THE_FACT if not asked.verbs or v in asked.verbs]
        return [Walk(f"verb = ? AND outcome = 'done'{fixed}", (v, *values)) for v in wanted]
    if fixed:
        return [_sifted(fixed.removeprefix(" AND "), values, asked.verbs)]
    if asked.verbs:
        return [Walk("verb = ?", (verb,)) for verb in asked.verbs]
    return [Walk("")]


def _fixed(asked: Asked) -> tuple[str, tuple[object, ...]]:
    where, values = "", []
    if asked.subject:
        where, values = where + " AND subject = ?", [*values, asked.subject]
    if asked.person is not None:
        where += " AND by_person IS NULL" if asked.person == 0 else " AND by_person = ?"
        values += [asked.person] if asked.person else []
    return where, tuple(values)


def _sifted(where: str, values: tuple[object, ...], verbs: Sequence[str]) -> Walk:
    if not verbs:
        return Walk(where, values)
    return Walk(f"{where} AND verb IN ({', '.join('?' * len(verbs))})", (*values, *verbs))


def statement(asked: Asked, walk: Walk, before: Place | None, most: int) -> tuple[str, list[object]]:
    """The SQL of one walk and its values."""
    where, values = ["chain_id = ?", "at >= ?"], [asked.chain_id, clock.micros(asked.start)]
    if before is None:
        where, values = [*where, "at < ?"], [*values, clock.micros(asked.end)]
    else:
        where, values = [*where, "(at, seq) < (?, ?)"], [*values, *before]
    if walk.where:
        where, values = [*where, walk.where], [*values, *walk.values]
    said = f"SELECT id, at, seq FROM ledger_line WHERE {' AND '.join(where)} ORDER BY at DESC, seq DESC LIMIT ?"
    return said, [*values, most]


def lines(asked: Asked, before: Place | None = None, most: int = PAGE) -> tuple[list[Line], Place | None]:
    """A page of lines, newest first, and where the next page begins; None when this is the last."""
    found: list[tuple[int, int, int]] = []
    for walk in walks(asked):
        sql, values = statement(asked, walk, before, most + 1)
        found += [(at, seq, row_id) for row_id, at, seq in database.rows(sql, *values)]
    found.sort(reverse=True)
    page = found[:most]
    rows = {x.id: x for x in _read([row_id for *_, row_id in page])}
    following = page[-1][:2] if len(found) > most else None
    return [rows[row_id] for *_, row_id in page], following


def _read(ids: list[int]) -> list[Line]:
    return [x for start in range(0, len(ids), 500) for x in Line.select().where(Line.id.in_(ids[start : start + 500]))]


def with_verbs(asked: Asked, verbs: Sequence[str], most: int) -> list[Line]:
    """The newest lines with some verbs about whom or by whom was asked, newest first."""
    fixed, values = _fixed(asked)
    sql, values = statement(asked, _sifted(fixed.removeprefix(" AND "), values, verbs), None, most)
    rows = _read([row_id for row_id, *_ in database.rows(sql, *values)])
    return sorted(rows, key=lambda x: (x.at, x.seq), reverse=True)


def count(asked: Asked) -> int:
    """How many lines there are, counted no further than COUNTED_TO."""
    total = 0
    for walk in walks(asked):
        sql, values = statement(asked, walk, None, COUNTED_TO)
        total += database.rows(f"SELECT count(*) FROM ({sql}) AS found", *values)[0][0]
    return min(total, COUNTED_TO)


def count_verbs(asked: Asked, verbs: Sequence[str], most: int) -> int:
    """How many such lines there are, counted no further than `most`."""
    fixed, values = _fixed(asked)
    sql, values = statement(asked, _sifted(fixed.removeprefix(" AND "), values, verbs), None, most)
    return database.rows(f"SELECT count(*) FROM ({sql}) AS found", *values)[0][0]


def first(asked: Asked) -> list[Line]:
    """What is looked at first: refusals and reports of doses already given, newest first, as far as they were asked
    for."""
    if asked.only:
        return []
    both = [x for only in ONLY for x in lines(replace(asked, only=only), most=ON_TOP)[0]]
    return sorted(both, key=lambda x: (x.at, x.seq), reverse=True)[:ON_TOP]
