"""Every page there is, from the one list there is: the routes that were declared. A new page is walked without being
named anywhere; who opens it comes from the table of the permit matrix, and its ids from the matrix's three homes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tests.house import permit_matrix
from tests.house.matrix_world import Ids
from tests.people import HOME

WHO_LOOKS = ("rosa", "tolu", "amina", "nobody")  # the first of them who may
NOT_A_PAGE = (".webmanifest", ".svg", ".webp", ".js", ".csv", ".json", "/healthz", "/papers/<int:paper_id>")


@dataclass(frozen=True)
class Visit:
    """One address and who opens it; nobody is ''."""

    who: str
    rule: str
    path: str


def visits(ids: Ids, method: str = "GET", *, without_ids: bool = False) -> list[Visit]:
    """Every address of the home with these ids that answers with a page, person by person."""
    may = {row[:2]: dict(zip(permit_matrix.PERSONAS, row[2:], strict=True)) for row in permit_matrix.reviewed()}
    wanted = "ok" if method == "GET" else "form"
    found = []
    for route in permit_matrix.routes():
        if route.method != method or route.poll or route.rule.endswith(NOT_A_PAGE):
            continue
        if without_ids and permit_matrix.names_in(permit_matrix.address(route)):
            continue
        cells = may.get((route.method, route.rule), {})
        who = next((name for name in WHO_LOOKS if cells.get(name) == wanted), None)
        if who is not None:
            path = permit_matrix.fill(permit_matrix.address(route), HOME, ids)
            found.append(Visit("" if who == "nobody" else who, route.rule, path))
    return sorted(found, key=lambda v: (v.who, v.rule))


def by_person(found: Iterable[Visit]) -> dict[str, list[Visit]]:
    """The visits of each person."""
    people: dict[str, list[Visit]] = {}
    for visit in found:
        people.setdefault(visit.who, []).append(visit)
    return people
