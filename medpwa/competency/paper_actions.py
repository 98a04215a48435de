"""The verb of evidence: keep a paper somebody showed."""

from __future__ import annotations

from medpwa.action import Done, action
from medpwa.competency import paper_deeds, papers
from medpwa.competency.papers import Paper
from medpwa.permits import Actor
from medpwa.staff import queries as staff
from medpwa.staff.queries import Colleague


@action("papers.keep", about=staff.colleague_of)
def keep(*, by: Actor, about: Colleague, person_id: int, paper: Paper) -> Done:
    """Keep a paper about somebody. The value is its row; a paper this home has already is not kept twice."""
    stored = papers.kept_already(by.home_id, paper.sha256)
    if stored is not None:
        return Done(stored, replay=True)
    row, said = paper_deeds.keep(by, person_id, paper)
    return Done(row, [said])
