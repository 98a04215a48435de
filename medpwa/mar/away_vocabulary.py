"""Words of being away: the steps of comparing somebody's medicines list when they come back or move in."""

from __future__ import annotations

# state: what a screen calls it, tone
COMPARING: dict[str, tuple[str, str]] = {
    "required": ("Not yet compared", "due"),
    "in_progress": ("Begun", "due"),
    "discrepancies": ("Differences to resolve", "late"),
    "complete": ("Compared", "given"),
}
# What may follow what. The picture in docs/architecture.md is made from this table.
COMPARING_STEPS: dict[str, tuple[str, ...]] = {
    "required": ("in_progress", "discrepancies", "complete"),
    "in_progress": ("in_progress", "discrepancies", "complete"),
    "discrepancies": ("discrepancies", "complete"),
    "complete": (),
}
CAME: dict[str, str] = {
    "hospital": "the return from hospital",
    "moved_in": "moving in",
}
DIRECTIONS: dict[str, str] = {"out": "went along", "in": "came back"}
LONGEST_SOURCE = 200
LONGEST_WORDS = 2_000
LONGEST_COUNT_NOTE = 200
MOST_COUNTED = 9_999  # of one medicine
