"""Words of an order: forms, routes, units, fixed instructions, quick times, and what fits with what."""

from __future__ import annotations

from typing import NamedTuple

ROUTES: dict[str, str] = {
    "mouth": "by mouth",
    "inhaled": "breathed in",
    "eye": "into the eye",
    "skin": "on the skin",
    "peg": "through the feeding tube",
}
# What giving by a route needs; an order may ask for more.
ROUTE_SKILL: dict[str, str] = {"mouth": "oral", "inhaled": "inhaler", "eye": "drops", "skin": "topical", "peg": "peg"}
# Routes whose place on the body is part of the directions: "1 drop in both eyes".
SITE_WORD: dict[str, str] = {"eye": "in", "skin": "to"}

# unit -> (one, several)
UNITS: dict[str, tuple[str, str]] = {
    "tablet": ("tablet", "tablets"),
    "capsule": ("capsule", "capsules"),
    "mL": ("mL", "mL"),
    "drop": ("drop", "drops"),
    "puff": ("puff", "puffs"),
    "sachet": ("sachet", "sachets"),
    "application": ("application", "applications"),
}

FORMS: dict[str, str] = {
    "tablet": "tablet",
    "modified-release tablet": "modified-release tablet",
    "capsule": "capsule",
    "chewable tablet": "chewable tablet",
    "orodispersible tablet": "orodispersible tablet",
    "oral solution": "oral solution",
    "oral suspension": "oral suspension",
    "powder for oral solution": "powder for oral solution",
    "eye drops": "eye drops",
    "dry powder inhaler": "dry powder inhaler",
    "cream": "cream",
    "ointment": "ointment",
}
# form -> the units a dose of it is counted in, and the routes it can go by.
FORM_UNITS: dict[str, tuple[str, ...]] = {
    "tablet": ("tablet",),
    "modified-release tablet": ("tablet",),
    "capsule": ("capsule",),
    "chewable tablet": ("tablet",),
    "orodispersible tablet": ("tablet",),
    "oral solution": ("mL",),
    "oral suspension": ("mL",),
    "powder for oral solution": ("sachet", "mL"),
    "eye drops": ("drop",),
    "dry powder inhaler": ("puff",),
    "cream": ("application",),
    "ointment": ("application",),
}
FORM_ROUTES: dict[str, tuple[str, ...]] = {
    "tablet": ("mouth", "peg"),
    "modified-release tablet": ("mouth",),
    "capsule": ("mouth", "peg"),
    "chewable tablet": ("mouth",),
    "orodispersible tablet": ("mouth", "peg"),
    "oral solution": ("mouth", "peg"),
    "oral suspension": ("mouth", "peg"),
    "powder for oral solution": ("mouth", "peg"),
    "eye drops": ("eye",),
    "dry powder inhaler": ("inhaled",),
    "cream": ("skin",),
    "ointment": ("skin", "eye"),
}

# Offered as boxes to tick; anything else goes into the free line.
INSTRUCTIONS: tuple[str, ...] = (
    "With or after food",
    "At least 30 minutes before food",
    "With a full glass of water",
    "Swallow whole, do not crush",
    "Wake if asleep",
    "Do not wake for it",
    "Rinse mouth and spit out afterwards",
    "Wear gloves",
)

# key -> (words, clock times); used when no exact times are typed.
QUICK_TIMES: dict[str, tuple[str, tuple[str, ...]]] = {
    "morning": ("Morning", ("08:00",)),
    "morning_teatime": ("Morning and teatime", ("08:00", "17:00")),
    "three": ("Three times a day", ("08:00", "12:30", "21:00")),
    "four": ("Four times a day", ("08:00", "12:30", "17:00", "21:00")),
    "bedtime": ("Bedtime", ("21:00",)),
}
EXACT_TIMES = "exact"  # the choice beside them

ORDER_STATES: dict[str, str] = {
    "awaiting_check": "Waiting for its second check",
    "active": "Active",
    "stopped": "Stopped",
    "finished": "Course finished",
}


# ---------------------------------------------------------------- the protocol of a when-required medicine


class Part(NamedTuple):
    """One part of a protocol: what a form calls it, how it is asked, whether an order can do without it, its longest
    text (of one line, where it is a list), and how it is kept: text, list, minutes, days or yesno."""

    label: str
    hint: str
    required: bool
    longest: int
    kept: str = "text"


# The names under which OrderVersion.protocol keeps a protocol. Amount, shortest interval and most in 24 hours are
# columns of their own. A part nobody wrote is left out.
PROTOCOL: dict[str, Part] = {
    "condition": Part("What it is for", "The condition, in plain words, for example pain in the knees.", True, 200),
    "signs": Part("Signs that it is needed", "What somebody would see or hear.", True, 500),
    "can_ask": Part("Asks for it without being prompted", "", True, 3, "yesno"),
    "shows_need": Part(
        "How the person shows that they need it",
        "Their own words, what to ask, or what shows it where they cannot say so.",
        True,
        500,
    ),
    "steps": Part("What to try first, without medicine", "One a line, in the order to try them.", False, 120, "list"),
    "choice": Part("Which dose when", "Only where the dose varies.", False, 300),
    "order_of_use": Part(
        "Which medicine first",
        "Where there are several when-required medicines for the same thing.",
        False,
        300,
    ),
    "reasons": Part("Reasons offered at the bedside", "One a line, short: they become buttons.", True, 40, "list"),
    "effect_after": Part("Look at the effect after, minutes", "For example 60.", True, 5, "minutes"),
    "review": Part(
        "When to review it",
        "A day, and what brings it forward, such as regular use or none for a long time.",
        True,
        300,
    ),
    "prescriber_when": Part("When to ring the prescriber", "For example when it does not help.", True, 300),
    "duration": Part("How long it is expected to be needed", "For example two weeks, or long term.", True, 120),
    "most_days": Part("Most days running", "Only where the prescriber set it.", False, 3, "days"),
}
MOST_LINES = 8  # of a list in a protocol
