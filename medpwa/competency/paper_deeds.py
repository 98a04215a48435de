"""The only writer of papers."""

from __future__ import annotations

from medpwa import clock
from medpwa.competency import deeds
from medpwa.competency.models import EvidenceFile
from medpwa.competency.papers import Paper
from medpwa.ledger import Pending, line
from medpwa.permits import Actor


def keep(by: Actor, person_id: int, paper: Paper) -> tuple[EvidenceFile, Pending]:
    """Keep a paper about somebody."""
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
    return row, line("papers.keep", deeds.subject(person_id), row)
