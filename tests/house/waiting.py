"""Faults against the house rules that are known and wait to be mended. Each is one place; a mended one must leave the
list, and nothing new may join it without a reason."""

from __future__ import annotations

# An action that stands beside its page and belongs into an actions file.
ACTIONS_ELSEWHERE: frozenset[str] = frozenset()

# Loaders that stand beside their page and belong into the package's queries.
ASKED_ELSEWHERE: frozenset[str] = frozenset()

# Public functions without words.
SILENT: frozenset[str] = frozenset(
    {
        "medpwa/mar/actions.py report_of",
    }
)

# Public functions that do not say what they take or give.
BARE: frozenset[str] = frozenset(
    {
        "medpwa/mar/views.py redirect_or_go returns",
        "medpwa/staff/person.py duty_words ['duty']",
        "medpwa/staff/views.py lead_to_password returns",
    }
)

# `|safe` on what our own macro made.
SAFE: frozenset[str] = frozenset({"templates/_components/_choices.html"})

# Columns of records that no code reads by name yet, and why they are laid.
UNREAD: dict[str, str] = {
    "entry.claim": "held by the database's unique rule: one live give a dose",
    "assessment.assessment_id": "laid for the pages of practice",
    "assessment.assessor": "laid for the pages of practice",
    "assessment.booking": "laid for the pages of practice",
    "assessment.instrument": "laid for the pages of practice",
    "assessment_outcome.assessment": "laid for the pages of practice",
    "assessment_part.answers": "laid for the pages of practice",
    "assessment_part.assessment": "laid for the pages of practice",
    "assessment_part.on_day": "laid for the pages of practice",
    "assessment_part.out_of": "laid for the pages of practice",
    "assessment_part.part_id": "laid for the pages of practice",
    "assessment_part.passed": "laid for the pages of practice",
    "assessment_part.score": "laid for the pages of practice",
    "attestation.assessed_on": "laid for the pages of practice",
    "attestation.consent": "laid for the pages of practice",
    "attestation.contact": "laid for the pages of practice",
    "attestation.organisation": "laid for the pages of practice",
    "attestation.professional": "laid for the pages of practice",
    "attestation.register_number": "laid for the pages of practice",
    "attestation.review_on": "laid for the pages of practice",
    "attestation.signature": "laid for the pages of practice",
    "attestation.stop_conditions": "laid for the pages of practice",
    "attestation.task": "laid for the pages of practice",
    "attestation_end.attestation": "laid for the pages of practice",
    "attestation_end.withdrawn_by": "laid for the pages of practice",
    "audit_finding.audit": "laid for the pages of practice",
    "audit_finding_done.finding": "laid for the pages of practice",
    "booking.assessor": "laid for the pages of practice",
    "booking.booking_id": "laid for the pages of practice",
    "booking.on_day": "laid for the pages of practice",
    "booking_end.booking": "laid for the pages of practice",
    "break_glass.ends_at": "laid for the pages of practice",
    "break_glass.starts_at": "laid for the pages of practice",
    "break_glass_seen.break_glass": "laid for the pages of practice",
    "certificate.certificate_id": "laid for the pages of practice",
    "certificate.course": "laid for the pages of practice",
    "certificate.expires_on": "laid for the pages of practice",
    "certificate.from_whom": "laid for the pages of practice",
    "certificate.paper": "laid for the pages of practice",
    "competency_audit.quarter": "laid for the pages of practice",
    "course.months": "laid for the pages of practice",
    "entry.break_glass": "laid for the pages of practice",
    "entry.supervised_at": "laid for the pages of practice",
    "entry.supervised_by": "laid for the pages of practice",
    "evidence_file.content": "laid for the pages of practice",
    "induction.access_ends_at": "laid for the pages of practice",
    "induction.agency_contact": "laid for the pages of practice",
    "induction.induction_id": "laid for the pages of practice",
    "induction.paper": "laid for the pages of practice",
    "induction.paper_expires_on": "laid for the pages of practice",
    "instrument.body": "laid for the pages of practice",
    "observation.assessment": "laid for the pages of practice",
    "observation.assessor": "laid for the pages of practice",
    "observation.begun_at": "laid for the pages of practice",
    "observation.observation_id": "laid for the pages of practice",
    "observation_result.abandoned": "laid for the pages of practice",
    "observation_result.comments": "laid for the pages of practice",
    "observation_result.marks": "laid for the pages of practice",
    "observation_result.observation": "laid for the pages of practice",
    "observation_result.passed": "laid for the pages of practice",
    "observation_sign.result": "laid for the pages of practice",
    "skill_setting.months": "laid for the pages of practice",
}

# Verbs that no route or action uses yet, and what they wait for.
UNUSED_VERBS: dict[str, str] = {
    "competency.attest": "laid for the pages of practice",
    "competency.withdraw": "laid for the pages of practice",
    "competency.settings": "laid for the pages of practice",
    "competency.see_own": "laid for the pages of practice",
    "competency.remind": "laid for the pages of practice",
    "papers.see": "laid for the pages of practice",
    "papers.keep": "laid for the pages of practice",
    "glass.break": "laid for the pages of practice",
    "glass.see": "laid for the pages of practice",
    "glass.answer": "laid for the pages of practice",
    "mar.supervise": "laid for the pages of practice",
    "assess.see": "laid for the pages of practice",
    "assess.ask": "laid for the pages of practice",
    "assess.book": "laid for the pages of practice",
    "assess.begin": "laid for the pages of practice",
    "assess.observe": "laid for the pages of practice",
    "assess.sign": "laid for the pages of practice",
    "assess.conclude": "laid for the pages of practice",
    "assess.settings": "laid for the pages of practice",
    "training.see": "laid for the pages of practice",
    "training.record": "laid for the pages of practice",
    "training.settings": "laid for the pages of practice",
    "induction.record": "laid for the pages of practice",
    "audits.see": "laid for the pages of practice",
    "audits.sign": "laid for the pages of practice",
    "audits.act": "laid for the pages of practice",
}
