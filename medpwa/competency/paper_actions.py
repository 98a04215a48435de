"""The verb of evidence: keep a paper somebody showed."""

from __future__ import annotations

from medpwa import clock
from medpwa.action import Done, action
from medpwa.competency import deeds, papers
from medpwa.competency.models import EvidenceFile
from medpwa.competency.papers import Paper
from medpwa.ledger import line
from medpwa.permits import Actor
from medpwa.staff import queries as staff
from medpwa.staff.queries import Colleague


@action("papers.keep", about=staff.colleague_of)
def keep(*, by: Actor, about: Colleague, person_id: int, paper: Paper) -> Done:
    """Keep a paper about somebody. The value is its row; a paper this home has already is not kept twice."""
    stored = papers.kept_already(by.home_id, paper.sha256)
    if stored is not None:
        return Done(stored, replay=True)
    row = EvidenceFile.create(
        home=by.home_id,
        name=paper.name,
        kind=paper.kind,
        size=len(paper.content),
        sha256=paper.sha256,
        content=paper.content,
        at=clock.now(),
        by=by.person_id,
    )
    return Done(row, [line("papers.keep", deeds.subject(person_id), row)])
