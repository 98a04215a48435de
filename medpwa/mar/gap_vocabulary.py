"""Words of a dose without a record: where it was found, what it came to, and the states it passes through."""

from __future__ import annotations

from dataclasses import dataclass

FOUND_IN: dict[str, str] = {
    "round": "During a round",
    "hand_over": "At hand-over",
    "daily_check": "In the daily check",
    "audit": "In an audit",
    "inspection": "By an inspector",
}


@dataclass(frozen=True)
class Conclusion:
    """What a gap turned out to be, and what is to be done then."""

    word: str
    hint: str
    short: str


CONCLUSIONS: dict[str, Conclusion] = {
    "given_unsigned": Conclusion(
        "It was given and not recorded",
        "This records no dose. Whoever gave it reports it, and it then counts",
        "given, not recorded",
    ),
    "omitted": Conclusion("It was not given", "Those who manage are told at once", "not given"),
    "undetermined": Conclusion("It cannot be found out", "Say below what was tried", "not to be found out"),
    "not_applicable": Conclusion(
        "There was no dose to give", "For example: the order had changed, or they were away", "no dose to give"
    ),
}
CONFIDENCE: dict[str, str] = {"sure": "Sure", "likely": "Likely", "unsure": "Not sure"}
# What the stock says is not known here before the home’s stock is kept in Steady.
STOCK_UNKNOWN = "not yet recorded here"

SCHEDULED, DUE, OVERDUE, RECORDED = "scheduled", "due", "overdue", "recorded"
GAP, UNDER_REVIEW, RESOLVED = "gap", "under_review", "resolved"
STATES: dict[str, str] = {
    SCHEDULED: "Still to come",
    DUE: "Due",
    OVERDUE: "Overdue",
    RECORDED: "Recorded",
    GAP: "Nobody has looked into it",
    UNDER_REVIEW: "Being looked into",
    RESOLVED: "Settled",
}
# From a state to each it may pass into, and what takes it there. Everything else cannot happen.
TRANSITIONS: dict[str, dict[str, str]] = {
    SCHEDULED: {DUE: "its window opens", RECORDED: "told early"},
    DUE: {RECORDED: "an outcome", OVERDUE: "its window ends", GAP: "its round closes"},
    OVERDUE: {RECORDED: "an outcome", GAP: "its round closes"},
    GAP: {RECORDED: "an outcome, or a give reported", UNDER_REVIEW: "somebody looks into it"},
    UNDER_REVIEW: {RECORDED: "an outcome, or a give reported", RESOLVED: "a conclusion"},
    RESOLVED: {RECORDED: "whoever gave it reports it"},
    RECORDED: {
        DUE: "struck out in its window",
        OVERDUE: "struck out before its close",
        GAP: "struck out after its close",
        UNDER_REVIEW: "struck out, and looked into before",
        RESOLVED: "struck out, and settled before",
    },
}
LONGEST = 1_000
SHORTEST_EVIDENCE = 10
