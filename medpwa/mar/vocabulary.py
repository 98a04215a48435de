"""Outcomes of a dose, their reasons, how a resident was identified, and what each is called on a screen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """One canonical outcome. `given` counts as a give; `again` goes back into the round; `reasons` are offered, and one
    is required when there are any."""

    word: str
    tone: str
    icon: str
    given: bool = False
    again: bool = False
    away: bool = False
    note_needed: bool = False
    reasons: tuple[tuple[str, str], ...] = ()


OUTCOMES: dict[str, Outcome] = {
    "given": Outcome("Given", "given", "circle-check", given=True),
    "refused": Outcome(
        "Refused",
        "not_given",
        "circle-minus",
        again=True,
        reasons=(
            ("did_not_want", "Did not want it"),
            ("said_unwell", "Said they feel unwell"),
            ("dislikes", "Dislikes the taste or form"),
            ("not_said", "Did not say"),
        ),
    ),
    "asleep": Outcome("Asleep", "not_given", "moon", again=True),
    "away": Outcome(
        "Away",
        "away",
        "door-open",
        away=True,
        reasons=(("hospital", "In hospital"), ("leave", "Out of the home"), ("appointment", "At an appointment")),
    ),
    "not_available": Outcome(
        "Not available",
        "not_given",
        "package-x",
        reasons=(
            ("out_of_stock", "None in stock"),
            ("not_delivered", "Not delivered"),
            ("damaged", "Damaged or out of date"),
        ),
    ),
    "other": Outcome("Not given", "not_given", "circle-minus", note_needed=True),
}
NOT_GIVEN = tuple(name for name, o in OUTCOMES.items() if not o.given)
SHORTEST_NOTE = 10  # letters, for an outcome that needs words
LONGEST_NOTE = 2_000
LONGEST_WHO_KNEW = 500
SHORTEST_WHY = 5

HOW_IDENTIFIED: dict[str, str] = {
    "scanner": "Scanned the label",
    "camera": "Scanned the label",
    "typed": "Typed the code of the label",
    "no_scan": "Opened the card without a scan",
}
WHERE_LABELS_ARE: dict[str, str] = {"person": "kept with them", "door": "on the door", "folder": "in the folder"}
NO_SCAN_REASONS: dict[str, str] = {
    "label_missing": "The label is missing or will not scan",
    "camera_fails": "The camera does not work",
    "not_near": "The person is resting and should not be disturbed",
    "known": "I know this person and the label is out of reach",
    "other": "Another reason",
}

FLAGS: dict[str, str] = {
    "late": "late",
    "no_scan": "opened without a scan",
    "scan_expired": "scan was over 20 minutes old",
    "not_with_person": "the code read was not with the person",
    "typed": "code typed",
    "recorded_away": "recorded as away at the time",
    "after_the_fact": "reported after it was given",
    "not_signed_off": "given by somebody not signed off",
    "after_close": "recorded after the round closed",
    "second_give": "a give was already recorded",
    "joined_refusal": "follows a refused attempt by the same person",
}
# How somebody worked, not what became of the dose: said to that person and to those who answer for the home alone.
HOW_SOMEBODY_WORKED = frozenset(
    {"no_scan", "scan_expired", "not_with_person", "typed", "not_signed_off", "joined_refusal"}
)
