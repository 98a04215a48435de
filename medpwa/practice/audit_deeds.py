"""The only writers of the quarterly audit; they run inside an open transaction and return their ledger lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from medpwa import clock
from medpwa.ledger import Pending, line
from medpwa.permits import Actor
from medpwa.practice.auditing import Audited
from medpwa.practice.models import AuditFinding, AuditFindingDone, CompetencyAudit


@dataclass(frozen=True)
class FindingAsked:
    """A finding as somebody wants it kept: from which test, what is to be done, by whom, until when."""

    test: str
    what: str
    owner: int
    due_on: dt.date


def sign(
    by: Actor,
    audited: Audited,
    *,
    words: str,
    findings: Sequence[FindingAsked],
    proven_at: dt.datetime,
    amends: CompetencyAudit | None,
) -> tuple[CompetencyAudit, Pending]:
    """Freeze an audit with its findings: one decision, one line."""
    at = clock.now()
    row = CompetencyAudit.create(
        home=by.home_id,
        quarter=audited.figures["quarter"],
        figures=audited.figures,
        exceptions=audited.exceptions,
        words=words,
        amends=amends,
        proven_at=proven_at,
        at=at,
        by=by.person_id,
    )
    kept = [
        AuditFinding.create(
            audit=row, what=f.what, owner=f.owner, due_on=f.due_on, about={"test": f.test}, at=at, by=by.person_id
        )
        for f in findings
    ]
    return row, line("audits.sign", f"home:{by.home_id}", row, *kept, quarter=row.quarter)


def finish(by: Actor, finding: AuditFinding, words: str) -> tuple[AuditFindingDone, Pending]:
    """A finding was seen to: how."""
    row = AuditFindingDone.create(finding=finding, words=words, at=clock.now(), by=by.person_id)
    return row, line("audits.act", f"home:{by.home_id}", row, finding=finding.id)
