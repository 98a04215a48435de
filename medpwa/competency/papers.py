"""Papers somebody showed: certificates, letters, an agency's profile. Judged by content, drawn anew where they are
pictures, kept in the database and never among the files that are served to everybody."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from medpwa.competency import paper_rules
from medpwa.competency.models import EvidenceFile
from medpwa.errors import Invalid, NotFound
from medpwa.permits import Actor
from medpwa.residents import photos
from medpwa.staff.queries import HIGHEST_ID

MEDIA_TYPES = {"pdf": "application/pdf", "webp": "image/webp", "jpeg": "image/jpeg", "png": "image/png"}


@dataclass(frozen=True)
class Paper:
    """A file ready to be kept: what it is, and its bytes as they will be stored."""

    name: str
    kind: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The fingerprint of what is kept."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class PaperFacts:
    """A paper that is kept, without its bytes."""

    id: int
    name: str
    kind: str
    size: int

    @property
    def words(self) -> str:
        """What it is called on a screen: `letter, PDF, 213 kB`."""
        what = "PDF" if self.kind == "pdf" else "picture"
        return f"{self.name}, {what}, {paper_rules.size_words(self.size)}"


def prepare(data: bytes, called: str, field: str = "paper") -> Paper:
    """An uploaded file as it will be kept; a picture without where, when and with what it was taken. Raises Invalid
    with a sentence for anything else. Takes time and memory: call it before the action."""
    kind, fault = paper_rules.judge(data)
    if fault:
        raise Invalid([(field, fault)])
    name = paper_rules.file_name(called)
    if kind in paper_rules.PICTURES:
        return Paper(name, "webp", photos.sheet(data, kind, field))
    return Paper(name, kind, data)


def facts_of(home_id: int, paper_id: int | None) -> PaperFacts | None:
    """A paper of this home; None for another home's, which does not exist here, and for none."""
    return facts_of_several(home_id, [paper_id]).get(paper_id or 0)


def facts_of_several(home_id: int, paper_ids: Iterable[int | None]) -> dict[int, PaperFacts]:
    """Papers of this home by id, without their bytes."""
    wanted = {p for p in paper_ids if p is not None and 0 < p < HIGHEST_ID}
    if not wanted:
        return {}
    columns = (EvidenceFile.id, EvidenceFile.name, EvidenceFile.kind, EvidenceFile.size)
    found = EvidenceFile.select(*columns).where((EvidenceFile.home == home_id) & EvidenceFile.id.in_(wanted))
    return {row[0]: PaperFacts(*row) for row in found.tuples()}


def kept_already(home_id: int, sha256: str) -> EvidenceFile | None:
    """The same paper, if this home keeps it: what is sent twice is stored once."""
    return EvidenceFile.get_or_none((EvidenceFile.home == home_id) & (EvidenceFile.sha256 == sha256))


def content_of(home_id: int, paper_id: int) -> bytes:
    """The bytes of a paper of this home, else NotFound."""
    row = EvidenceFile.select(EvidenceFile.content).where(
        (EvidenceFile.home == home_id) & (EvidenceFile.id == paper_id)
    ).get_or_none()  # fmt: skip
    if row is None:
        raise NotFound()
    return bytes(row.content)


def demand_here(by: Actor, paper_id: int | None, field: str = "paper") -> None:
    """Raise Invalid when a form names a paper that this home does not keep."""
    if paper_id is not None and facts_of(by.home_id, paper_id) is None:
        raise Invalid([(field, "That file is not here. Choose it again; what you typed is kept.")])
