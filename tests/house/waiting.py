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
    "assessment_part.answers": "laid for the pages of practice",
}

# Verbs that no route or action uses yet, and what they wait for.
UNUSED_VERBS: dict[str, str] = {
}
