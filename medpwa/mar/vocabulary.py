"""Outcomes of a dose, their reasons, how a resident was identified, and what each is called on a screen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """One canonical outcome (domain page 1.4). `given` counts as taken; `by_home` is a give of ours, one a dose;
    `again` goes back into the round; `failure` is ours and follows up; `asks` names what it needs of EXTRAS; one of
    `reasons` is required when there are any. `letter` is the default of the display map, never a value."""

    word: str
    tone: str
    icon: str
    letter: str = ""
    given: bool = False
    by_home: bool = False
    again: bool = False
    away: bool = False
    failure: bool = False
    note_needed: bool = False
    asks: tuple[str, ...] = ()
    reasons: tuple[tuple[str, str], ...] = ()
    asks_for: tuple[tuple[str, tuple[str, ...]], ...] = ()  # what one of the reasons needs beside `asks`
    follow: str = ""  # what the person does next, said when it is chosen


@dataclass(frozen=True)
class Extra:
    """One thing an outcome must say beside its reason: what the form calls it, a hint, and its choices if not free."""

    label: str
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    number: bool = False


EXTRAS: dict[str, Extra] = {
    "amount": Extra("How much was taken", "In figures, for example 0.5", number=True),
    "prompt": Extra(
        "How they were supported",
        choices=(("seen", "Seen to take it themselves"), ("reminded", "Reminded, then took it themselves")),
    ),
    "plan": Extra("Where the care plan says so", "For example: care plan 4, medicines"),
    "given_by": Extra("Who gave it", "Name and role, for example Sr J. Reid, community nurse"),
    "disposal": Extra("What was done with it", "For example: in the returns container, seen by Carol"),
    "vomited": Extra(
        "Were they sick after taking it",
        choices=(
            ("before", "No, it was not taken"),
            ("within_30", "Yes, within 30 minutes"),
            ("later", "Yes, later than that"),
        ),
    ),
    "not_woken": Extra("Why they were not woken", "The order says to wake them. For example: GP said to let her sleep"),
    "ward": Extra("Which hospital and ward", "Or: not known yet"),
    "back": Extra("When they come back, and what they took along", "For example: at 17:00, took the 12:30 tablets"),
    "advised": Extra("Who advised, or was asked", "Name, role and time"),
    "value": Extra("What was measured", "With its unit, for example pulse 54"),
    "rule": Extra("What the order says about it", "For example: below 60, withhold and ring the GP"),
    "chased": Extra("Who was told or asked for it, and what they said", "For example: pharmacy 08:20, comes at 14:00"),
    "quantity": Extra("How many were spoiled", "In figures", number=True),
    "found": Extra("How it was found out", "For example: at hand-over, 14:05"),
    "rebook": Extra("When they come instead", "For example: tomorrow 10:00, or who was told"),
}

OUTCOMES: dict[str, Outcome] = {
    "given": Outcome("Given", "given", "circle-check", "✓", given=True, by_home=True),
    "given_part": Outcome(
        "Part given",
        "flagged",
        "circle-check",
        "P",
        given=True,
        by_home=True,
        asks=("amount",),
        reasons=(
            ("did_not_want_more", "Did not want more"),
            ("spat_out", "Spat some out"),
            ("spilled", "Some was spilled"),
            ("could_not_swallow", "Could not swallow it all"),
        ),
        follow="Do not make up the rest.",
    ),
    "self_taken": Outcome(
        "Took it themselves", "given", "circle-check", "SA", given=True, by_home=True, asks=("prompt",)
    ),
    "made_available": Outcome(
        "Left out for them",
        "given",
        "circle-check",
        "M",
        given=True,
        by_home=True,
        asks=("plan",),
        follow="See later whether it was taken.",
    ),
    "given_by_other": Outcome("Given by somebody else", "given", "circle-check", "V", given=True, asks=("given_by",)),
    "refused": Outcome(
        "Refused",
        "not_given",
        "circle-minus",
        "R",
        again=True,
        reasons=(
            ("did_not_want", "Did not want it"),
            ("said_unwell", "Said they feel unwell"),
            ("dislikes", "Dislikes the taste or form"),
            ("not_said", "Did not say"),
        ),
    ),
    "refused_destroyed": Outcome(
        "Refused after it was prepared",
        "not_given",
        "circle-minus",
        "E",
        again=True,
        asks=("disposal",),
        reasons=(
            ("spat_out", "Spat it out"),
            ("did_not_want", "Did not want it any more"),
            ("not_said", "Did not say"),
        ),
    ),
    "vomited": Outcome(
        "Nausea or vomiting",
        "not_given",
        "circle-minus",
        "B",
        asks=("vomited",),
        follow="Ask the pharmacist or the GP. Never give it again by yourself.",
    ),
    "asleep": Outcome("Asleep", "not_given", "moon", "S", again=True),
    "away": Outcome(
        "Away",
        "away",
        "door-open",
        "D",
        away=True,
        reasons=(("hospital", "In hospital"), ("leave", "Out of the home"), ("appointment", "At an appointment")),
        asks_for=(("hospital", ("ward",)), ("leave", ("back",))),
    ),
    "unable": Outcome(
        "Cannot swallow or nil by mouth",
        "not_given",
        "circle-minus",
        "U",
        asks=("advised",),
        reasons=(("swallowing", "Cannot swallow it safely"), ("nil_by_mouth", "Nil by mouth")),
        follow="Ring the GP or 111 today if the medicine is time-critical.",
    ),
    "withheld_limit": Outcome(
        "Withheld: outside the order’s limits", "not_given", "circle-minus", "W", asks=("value", "rule")
    ),
    "withheld_advice": Outcome("Withheld on advice", "not_given", "circle-minus", "W2", asks=("advised",)),
    "not_available": Outcome(
        "Not available",
        "not_given",
        "package-x",
        "O",
        failure=True,
        asks=("chased",),
        reasons=(
            ("out_of_stock", "None in stock"),
            ("not_delivered", "Not delivered"),
            ("damaged", "Damaged or out of date"),
        ),
    ),
    "not_required": Outcome("Offered, not needed", "coming", "circle-check", "N"),
    "omitted": Outcome(
        "Missed, known now",
        "missed",
        "circle-minus",
        "ME",
        failure=True,
        asks=("found",),
        note_needed=True,
        follow="Ask the pharmacist, GP or 111 whether to give it late.",
    ),
    "dropped": Outcome(
        "Dropped or spoiled", "not_given", "package-x", "DR", again=True, asks=("quantity",), follow="Prepare another."
    ),
    "visit_missed": Outcome(
        "Visit did not happen", "not_given", "door-open", "VM", asks=("rebook",), follow="Ring to book it again."
    ),
    "other": Outcome("Not given", "not_given", "circle-minus", "F", note_needed=True),
    "struck": Outcome("Struck out", "not_given", "circle-minus", ""),
}
GIVES = tuple(name for name, o in OUTCOMES.items() if o.given)
OWN_GIVES = tuple(name for name, o in OUTCOMES.items() if o.by_home)
# What somebody may choose for a dose that was not given: the common ones, which the card shows first, then the rest.
COMMON = ("refused", "asleep", "away", "not_available", "other")
RARER = ("dropped", "refused_destroyed", "vomited", "unable", "withheld_limit", "withheld_advice", "omitted")
NOT_GIVEN = (*COMMON, *RARER)
OTHERWISE = ("given_part", "self_taken", "made_available", "given_by_other")  # beside plain Taken
SHORTEST_EXTRA = 2
LONGEST_EXTRA = 200
SHORTEST_NOTE = 10  # letters, for an outcome that needs words
LONGEST_NOTE = 2_000
LONGEST_WHO_KNEW = 500
SHORTEST_WHY = 5

# ---------------------------------------------------------------- when-required medicines


@dataclass(frozen=True)
class Effect:
    """What a when-required dose did: what a form and a list call it, and its tone."""

    word: str
    said: str
    tone: str


EFFECTS: dict[str, Effect] = {
    "effective": Effect("It helped", "helped", "given"),
    "partial": Effect("It helped a little", "helped a little", "flagged"),
    "ineffective": Effect("It did not help", "did not help", "late"),
}


@dataclass(frozen=True)
class Review:
    """A usual figure from which a when-required medicine is put before a manager, for a home without its own (domain
    page 2.1): so many uses or days, within so many days."""

    count: int
    days: int
    words: str


PRN_REVIEW: dict[str, Review] = {
    "running": Review(3, 14, "Used on several days running"),
    "often": Review(8, 14, "Used often in 14 days"),
    "unused": Review(0, 60, "Not used for 60 days or more"),
}

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
    "early": "given before its window",
    "inr_overdue": "given while the next INR was overdue",
    "no_scan": "opened without a scan",
    "scan_expired": "scan was over 20 minutes old",
    "not_with_person": "the code read was not with the person",
    "typed": "code typed",
    "recorded_away": "recorded as away at the time",
    "after_the_fact": "reported after it was given",
    "not_signed_off": "given by somebody not signed off",
    "supervised": "given with somebody signed off beside",
    "break_glass": "given by somebody not signed off, allowed for one round",
    "after_close": "recorded after the round closed",
    "second_give": "a give was already recorded",
    "interval_breach": "sooner after the last dose than the order says",
    "maximum_breach": "more in 24 hours than the order says",
    "guard_breach": "a second dose within the days that must lie between",
    "on_advice": "past a limit, on a prescriber’s advice",
    "joined_refusal": "follows a refused attempt by the same person",
    "not_witnessed": "no second person saw it",
    "recorded_late": "recorded late",
    "awaiting_confirmation": "waits for a team leader to confirm it",
    "after_a_day": "told over a day later: a manager reviews it",
    "clock_doubt": "the phone’s clock was not right",
}
# How somebody worked, not what became of the dose: said to that person and to those who answer for the home alone.
HOW_SOMEBODY_WORKED = frozenset(
    {"no_scan", "scan_expired", "not_with_person", "typed", "not_signed_off", "joined_refusal", "clock_doubt"}
)
