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
        "medpwa/mar/views.py dose_key",
        "medpwa/mar/views.py form_uuid",
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
    "absence_item.direction": "laid for the medication round, being built",
    "correction_answer.approved": "laid for the medication round, being built",
    "correction_answer.replaced_by": "laid for the medication round, being built",
    "correction_request.wanted": "laid for the medication round, being built",
    "correction_request.wrong_person_given": "laid for the medication round, being built",
    "dose_advice.first_day": "laid for the medication round, being built",
    "dose_advice.inr": "laid for the medication round, being built",
    "dose_advice.inr_on": "laid for the medication round, being built",
    "dose_advice.last_day": "laid for the medication round, being built",
    "dose_advice.next_inr_on": "laid for the medication round, being built",
    "entry.witness_needed": "laid for the medication round, being built",
    "entry.witnessed_at": "laid for the medication round, being built",
    "gap_review.found_in": "laid for the medication round, being built",
    "gap_step.advice_at": "laid for the medication round, being built",
    "gap_step.advice_from": "laid for the medication round, being built",
    "gap_step.conclusion": "laid for the medication round, being built",
    "gap_step.confidence": "laid for the medication round, being built",
    "gap_step.evidence": "laid for the medication round, being built",
    "gap_step.resident_effect": "laid for the medication round, being built",
    "gap_step.staff_asked": "laid for the medication round, being built",
    "reconciliation.discrepancies": "laid for the medication round, being built",
    "reconciliation.first_source": "laid for the medication round, being built",
    "reconciliation.resolved": "laid for the medication round, being built",
    "reconciliation.second_source": "laid for the medication round, being built",
    "refusal_step.contacted": "laid for the medication round, being built",
    "refusal_step.first_entry": "laid for the medication round, being built",
    "shift_handover.shift_name": "laid for the medication round, being built",
    "shift_handover.shift_start": "laid for the medication round, being built",
    "shift_handover.summary": "laid for the medication round, being built",
    "entry.saved_at": "when a device saved it: the outbox of a phone without network will send it",
    "entry.claim": "held by the database's unique rule: one live give a dose",
}

# Verbs that no route or action uses yet, and what they wait for.
UNUSED_VERBS: dict[str, str] = {}
