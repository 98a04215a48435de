"""Words and limits of refusals: when a run of them is followed up, and the states of following it up."""

from __future__ import annotations

import datetime as dt

REFUSALS = ("refused", "refused_destroyed")
# When a run of refusals becomes an episode (domain page 1.5; no national figure exists, so these are the provider's).
# "At once" is for time-critical and high-risk medicines.
AT_ONCE_AFTER = 1
DOSES_RUNNING = 3
NOTHING_TAKEN_FOR = dt.timedelta(hours=24)
DOSES_A_WEEK = 5
A_WEEK = dt.timedelta(days=7)
SAME_CARER_FROM = 3  # fewer refusals say nothing about who offered it

WHY_OPENED: dict[str, str] = {
    "at_once": "It is time-critical or high-risk, so one refusal is followed up",
    "running": f"{DOSES_RUNNING} doses running were refused",
    "hours": "Nothing was taken for 24 hours",
    "week": f"{DOSES_A_WEEK} doses or more were refused within seven days",
}

# state: what a screen calls it, tone
EPISODE: dict[str, tuple[str, str]] = {
    "open": ("Prescriber not asked yet", "late"),
    "prescriber_contacted": ("Prescriber asked", "due"),
    "plan_changed": ("Plan changed", "given"),
    "accepted_decision": ("Their decision is accepted", "given"),
    "capacity_review": ("Capacity for this decision is reviewed", "due"),
    "closed": ("Closed", "plain"),
}
# What may follow what. The picture in docs/decisions/medication-round.md is made from this table.
EPISODE_STEPS: dict[str, tuple[str, ...]] = {
    "open": ("prescriber_contacted",),
    "prescriber_contacted": ("plan_changed", "accepted_decision", "capacity_review"),
    "plan_changed": ("closed",),
    "accepted_decision": ("closed",),
    "capacity_review": ("plan_changed", "accepted_decision", "closed"),
    "closed": (),
}
STEP_WORDS: dict[str, str] = {
    "prescriber_contacted": "The prescriber, pharmacist or 111 was asked",
    "plan_changed": "The plan changed",
    "accepted_decision": "It is their decision, and it is accepted",
    "capacity_review": "There is doubt whether they can decide this, and it is reviewed",
    "closed": "Nothing more is to be done",
}
WAITING = ("open", "prescriber_contacted", "capacity_review")
LONGEST_CONTACTED = 200
SHORTEST_WORDS = 10
LONGEST_WORDS = 2_000
