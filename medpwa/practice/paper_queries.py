"""Whose a paper is: everybody whose certificate, induction or delegated task rests on it."""

from __future__ import annotations

from dataclasses import dataclass

from medpwa.competency import papers
from medpwa.competency.models import Attestation
from medpwa.competency.papers import PaperFacts
from medpwa.errors import NotFound
from medpwa.permits import Actor
from medpwa.practice.models import Certificate, Induction


@dataclass(frozen=True)
class ShownPaper:
    """A paper and whom it is about: what a permit asks about."""

    facts: PaperFacts
    home_id: int
    people: frozenset[int]

    @property
    def subject(self) -> str | None:
        """Whose history a look at it joins; nobody's where it is several people's or nobody's yet."""
        return f"person:{next(iter(self.people))}" if len(self.people) == 1 else None


def paper_of(by: Actor, paper_id: int, **_: object) -> ShownPaper:
    """A paper of the actor's home, else NotFound."""
    facts = papers.facts_of(by.home_id, paper_id) if by.home_id is not None else None
    if facts is None:
        raise NotFound()
    return ShownPaper(facts, by.home_id, _people(by.home_id, paper_id))


def _people(home_id: int, paper_id: int) -> frozenset[int]:
    found: set[int] = set()
    for model, column in ((Certificate, Certificate.paper), (Induction, Induction.paper)):
        rows = model.select(model.person).where((model.home == home_id) & (column == paper_id))
        found |= {person_id for (person_id,) in rows.tuples()}
    letters = Attestation.select(Attestation.person).where(
        (Attestation.home == home_id) & (Attestation.letter == paper_id)
    )
    return frozenset(found | {person_id for (person_id,) in letters.tuples()})
