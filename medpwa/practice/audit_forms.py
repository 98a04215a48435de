"""What is typed to sign an audit: words, and a finding for each question that was not met."""

from __future__ import annotations

from collections.abc import Iterable

from medpwa.pages import once
from medpwa.practice.audit_deeds import FindingAsked
from medpwa.practice.audit_vocabulary import LONGEST_FINDING, LONGEST_WORDS
from medpwa.staff import typed
from medpwa.staff.forms import Typed


def read_findings(form: Typed, failed: Iterable[str], owners: Iterable[int]) -> tuple[FindingAsked, ...]:
    """The finding of each question that failed, with every fault kept on the form."""
    found = (_finding(form, key, set(owners)) for key in failed)
    return tuple(f for f in found if f is not None)


def _finding(form: Typed, key: str, owners: set[int]) -> FindingAsked | None:
    what = form.text(f"what-{key}", "Say what is to be done about it. Nothing is signed yet.", LONGEST_FINDING)
    owner = typed.number(once(f"owner-{key}"))
    form.values[f"owner-{key}"] = str(owner or "")
    if owner not in owners:
        form.fault(f"owner-{key}", "Choose who sees to it from the list.")
    due = form.day(f"due-{key}", "Choose the day until when.")
    return FindingAsked(key, what, owner, due) if what and owner in owners and due else None


def read_words(form: Typed) -> str:
    """What whoever signs says beside the figures."""
    return form.text("words", longest=LONGEST_WORDS)
