"""What the rows of the audit's ledger lines say, in words."""

from __future__ import annotations

from medpwa.ledger import HistoryLine
from medpwa.permits import Actor
from medpwa.practice.models import AuditFinding, AuditFindingDone, CompetencyAudit
from medpwa.staff.sentences import Details, ids_of, why_refused


def details(lines: list[HistoryLine], who: Actor) -> Details:
    """What was signed, found and seen to, under the key of each row."""
    found = why_refused(lines)
    for row in CompetencyAudit.select().where(CompetencyAudit.id.in_(ids_of(lines, "competency_audit"))):
        count = f"{row.figures['not_in_date']} of {row.figures['doses']} doses by somebody not signed off"
        amends = ", amends the one before" if row.amends_id else ""
        found["competency_audit", row.id] = f"{row.quarter}, {count}{amends}"
    for row in AuditFinding.select().where(AuditFinding.id.in_(ids_of(lines, "audit_finding"))):
        found["audit_finding", row.id] = row.what
    for row in AuditFindingDone.select().where(AuditFindingDone.id.in_(ids_of(lines, "audit_finding_done"))):
        found["audit_finding_done", row.id] = row.words
    return found
