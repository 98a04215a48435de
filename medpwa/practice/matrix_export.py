"""The table as lines for another program: a line a cell, with who stands for it and on what it rests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from medpwa import clock
from medpwa.competency import queries as competency
from medpwa.competency import rules
from medpwa.permits import Actor
from medpwa.practice import gives
from medpwa.practice.evidence import Papers
from medpwa.practice.giving_rules import Dated
from medpwa.practice.matrix import Cell, MatrixPage
from medpwa.practice.spreadsheet import as_csv as written

HEAD = (
    "Person", "Role", "Agency or bank", "Skill or course", "Needed", "In date", "State", "Detail", "Since", "Until",
    "Signed off by", "Rests on",
)  # fmt: skip


def as_csv(who: Actor, page: MatrixPage) -> str:
    """The table as shown, filters included."""
    return written(HEAD, _lines(who, page))


def _lines(who: Actor, page: MatrixPage) -> Iterator[tuple[object, ...]]:
    papers, grants = Papers(who.home_id, who.zone), gives.dated_grants(who.home_id)
    for row in page.rows:
        own = {g.fact.id: g for g in grants.get(row.person_id, ())}
        for cell in row.cells:
            s = cell.stands
            by, rests = _rests(cell, own, papers)
            needed, in_date = ("yes" if s.needed else "no"), ("yes" if s.in_date else "no")
            of = (row.name, row.role_words, row.kind_words, cell.heading)
            yield (*of, needed, in_date, s.words, s.second, s.since or "", s.until or "", by, rests)


def _rests(cell: Cell, own: Mapping[int, Dated], papers: Papers) -> tuple[str, str]:
    found = competency.skill_of(cell.key)
    if found is None or cell.stands.since is None:
        return "", ""
    decides = standing(own, *found)
    if decides is None:
        return "", ""
    rests = papers.rests(decides)
    return rests.assessor, rests.words


def standing(own: Mapping[int, Dated], skill: str, resident_id: int | None) -> Dated | None:
    """The stored version of a skill that decides now."""
    fact = rules.in_force([g.fact for g in own.values()], skill, resident_id, clock.now())
    return own[fact.id] if fact is not None else None
