"""Words of an order: forms, routes, units, fixed instructions, quick times, and what fits with what."""

from __future__ import annotations

from typing import NamedTuple

ROUTES: dict[str, str] = {
    "mouth": "by mouth",
    "tongue": "under the tongue",
    "cheek": "inside the cheek",
    "inhaled": "breathed in",
    "eye": "into the eye",
    "ear": "into the ear",
    "nose": "into the nose",
    "rectum": "into the back passage",
    "skin": "on the skin",
    "peg": "through the feeding tube",
    "injection": "by injection, given by a visiting nurse",
}
# What giving by a route needs; an order may ask for more.
# An injection names none: it is only ever given by a visiting nurse, and what the home keeps is what the nurse did.
ROUTE_SKILL: dict[str, str] = {
    "mouth": "oral", "tongue": "oral", "cheek": "oral", "inhaled": "inhaler", "eye": "drops", "ear": "drops",
    "nose": "drops", "rectum": "suppository", "skin": "topical", "peg": "peg",
}  # fmt: skip
# A form that takes another technique than its route mostly does.
FORM_SKILL: dict[str, str] = {"nebuliser liquid": "nebuliser"}
BY_VISITOR = frozenset({"injection"})
# Routes whose place on the body is part of the directions: "1 drop in both eyes".
SITE_WORD: dict[str, str] = {"eye": "in", "ear": "in", "nose": "in", "skin": "to"}

# unit -> (one, several)
UNITS: dict[str, tuple[str, str]] = {
    "tablet": ("tablet", "tablets"),
    "capsule": ("capsule", "capsules"),
    "mL": ("mL", "mL"),
    "drop": ("drop", "drops"),
    "puff": ("puff", "puffs"),
    "sachet": ("sachet", "sachets"),
    "application": ("application", "applications"),
    "spray": ("spray", "sprays"),
    "suppository": ("suppository", "suppositories"),
    "enema": ("enema", "enemas"),
    "mg": ("mg", "mg"),
    "g": ("g", "g"),
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
    "ear drops": "ear drops",
    "nasal drops": "nasal drops",
    "nasal spray": "nasal spray",
    "dry powder inhaler": "dry powder inhaler",
    "metered dose inhaler": "metered dose inhaler",
    "nebuliser liquid": "nebuliser liquid",
    "suppository": "suppository",
    "enema": "enema",
    "sublingual spray": "sublingual spray",
    "oral gel": "oral gel",
    "oromucosal solution": "oromucosal solution",
    "solution for injection": "solution for injection",
    "cream": "cream",
    "ointment": "ointment",
}
# form -> the units a dose of it is counted in, and the routes it can go by.
FORM_UNITS: dict[str, tuple[str, ...]] = {
    "tablet": ("tablet", "mg"),  # mg where the dose is by written advice or made of two strengths
    "modified-release tablet": ("tablet",),
    "capsule": ("capsule",),
    "chewable tablet": ("tablet",),
    "orodispersible tablet": ("tablet",),
    "oral solution": ("mL",),
    "oral suspension": ("mL",),
    "powder for oral solution": ("sachet", "mL"),
    "eye drops": ("drop",),
    "ear drops": ("drop",),
    "nasal drops": ("drop",),
    "nasal spray": ("spray",),
    "dry powder inhaler": ("puff",),
    "metered dose inhaler": ("puff",),
    "nebuliser liquid": ("mL",),
    "suppository": ("suppository",),
    "enema": ("enema",),
    "sublingual spray": ("spray",),
    "oral gel": ("application", "g"),
    "oromucosal solution": ("mL",),
    "solution for injection": ("mL", "mg"),
    "cream": ("application",),
    "ointment": ("application",),
}
FORM_ROUTES: dict[str, tuple[str, ...]] = {
    "tablet": ("mouth", "peg", "tongue"),
    "modified-release tablet": ("mouth",),
    "capsule": ("mouth", "peg"),
    "chewable tablet": ("mouth",),
    "orodispersible tablet": ("mouth", "peg"),
    "oral solution": ("mouth", "peg"),
    "oral suspension": ("mouth", "peg"),
    "powder for oral solution": ("mouth", "peg"),
    "eye drops": ("eye",),
    "ear drops": ("ear",),
    "nasal drops": ("nose",),
    "nasal spray": ("nose",),
    "dry powder inhaler": ("inhaled",),
    "metered dose inhaler": ("inhaled",),
    "nebuliser liquid": ("inhaled",),
    "suppository": ("rectum",),
    "enema": ("rectum",),
    "sublingual spray": ("tongue",),
    "oral gel": ("mouth", "cheek"),
    "oromucosal solution": ("cheek",),
    "solution for injection": ("injection",),
    "cream": ("skin",),
    "ointment": ("skin", "eye"),
}

# Offered as boxes to tick; anything else goes into the free line.
INSTRUCTIONS: tuple[str, ...] = (
    "With a full glass of water",
    "Swallow whole, do not crush",
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

# What an order says about meals and sleep. Nothing said stays nothing.
FOOD: dict[str, str] = {
    "with": "With or after food",
    "before": "At least 30 minutes before food",
    "empty": "On an empty stomach: 1 hour before food or 2 hours after",
}
ASLEEP: dict[str, str] = {"wake": "Wake if asleep", "never": "Do not wake for it"}

# ---------------------------------------------------------------- how it is given over time


class Pattern(NamedTuple):
    """One way an order runs over time: what the choice says, an example, and the kind of order it makes."""

    label: str
    hint: str
    kind: str = "regular"


# The first question of the form. A regular one's name is its schedule's kind; `daily` is no schedule at all.
PATTERNS: dict[str, Pattern] = {
    "daily": Pattern("Every day at set times", "Most medicines, and short courses"),
    "prn": Pattern("Only when needed", "With its protocol: signs, limits and what to look for afterwards", "prn"),
    "weekdays": Pattern("On certain days of the week", "For example Mondays"),
    "every_n_days": Pattern("Every so many days", "For example every other day"),
    "every_n_weeks": Pattern("Every so many weeks", "For example every 12 weeks"),
    "monthly": Pattern("Once a month", "On a day of the month"),
    "every_n_hours": Pattern("Every so many hours", "By day and night, for example every 72 hours"),
    "cycle": Pattern("Days on, days off", "For example 21 days on, 7 days off"),
    "stepped": Pattern("In steps", "Up or down, for example a steroid that is brought down"),
    "advised": Pattern("Each dose by letter", "Warfarin: the dose comes from the newest written advice"),
    "once": Pattern("One dose, once", "Also past a limit, on a prescriber’s advice", "once"),
}
KINDS: dict[str, str] = {"regular": "regular", "prn": "only when needed", "once": "one dose, once"}
WEEKDAYS: tuple[str, ...] = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class TimeClass(NamedTuple):
    """How exactly a dose must be on time. The minutes are only proposed, for a person to confirm or to change; None
    where the order itself must say them (domain page 1.7: no national rule exists but the one for levodopa)."""

    label: str
    hint: str
    before: int | None
    after: int | None
    critical: bool


TIME_CLASSES: dict[str, TimeClass] = {
    "standard": TimeClass("Ordinary", "Proposes 60 minutes before and after.", 60, 60, False),
    "interval": TimeClass(
        "Counted from the last dose",
        "Paracetamol, antibiotics four times a day. Proposes 60 minutes, and needs the shortest time between doses.",
        60,
        60,
        False,
    ),
    "parkinsons": TimeClass(
        "Time-critical: Parkinson’s", "Levodopa. Proposes 30 minutes before and after; early counts too.", 30, 30, True
    ),
    "critical": TimeClass(
        "Time-critical: another reason",
        "Epilepsy, anticoagulants, insulin and others: write the minutes the prescriber or the home’s policy gives.",
        None,
        None,
        True,
    ),
    "food": TimeClass("Tied to a meal", "Write the minutes that keep it right with the meal.", None, None, False),
    "long": TimeClass("Long interval", "Weekly and longer: write the minutes it may move.", None, None, False),
}

# ---------------------------------------------------------------- the states of an order

# The form as typed is the draft: it is nowhere but on the screen of whoever keys it.
ORDER_STATES: dict[str, str] = {
    "awaiting_check": "Waiting for its second check",
    "active": "Active",
    "suspended": "On hold",
    "stopped": "Stopped",
    "finished": "Course finished",
    "in_error": "Entered in error",
}
# Why a line ended, as its last version keeps it. A course that ran out needs no version: its days say so.
ENDINGS: dict[str, str] = {
    "stopped": "The prescriber stopped it",
    "completed": "The course is complete",
    "superseded": "Another order takes its place",
    "discharged": "The person moved on",
    "deceased": "The person died",
}


class Move(NamedTuple):
    """One step in the life of an order: from a state, by a verb (or by time), to a state."""

    before: str
    by: str
    after: str
    words: str


BY_TIME = "time"
MOVES: tuple[Move, ...] = (
    Move("draft", "orders.add", "awaiting_check", "keyed from paper"),
    Move("draft", "orders.import", "active", "taken over from another system"),
    Move("awaiting_check", "orders.check", "active", "a second person keyed the same"),
    Move("awaiting_check", "orders.change", "awaiting_check", "whoever keyed it puts it right"),
    Move("active", "orders.change", "awaiting_check", "a new version, keyed"),
    Move("active", "orders.suspend", "suspended", "put on hold: who, why, until when"),
    Move("suspended", "orders.resume", "active", "goes on as it was"),
    Move("suspended", "orders.change", "awaiting_check", "goes on, changed"),
    Move("awaiting_check", "orders.stop", "stopped", "ended: who and why"),
    Move("active", "orders.stop", "stopped", "ended: who and why"),
    Move("suspended", "orders.stop", "stopped", "ended: who and why"),
    Move("active", BY_TIME, "finished", "its last day or last dose is past"),
    Move("awaiting_check", "orders.strike", "in_error", "nothing was ever recorded"),
    Move("active", "orders.strike", "in_error", "nothing was ever recorded"),
    Move("suspended", "orders.strike", "in_error", "nothing was ever recorded"),
    Move("stopped", "orders.strike", "in_error", "nothing was ever recorded"),
)
# Doses that fell due before a change and are still open: what to do about them. Nothing said is `hold`.
EARLIER: dict[str, str] = {
    "give": "Give it as before",
    "hold": "Do not give it before the shift leader says what applies",
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
    "condition": Part("What it is for", "The condition, in plain words, for example pain in the knees.", True, 120),
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


# What stands behind a one-off order past a limit, as OrderVersion.advice keeps it; `at` is an instant in UTC.
ADVICE: dict[str, Part] = {
    "name": Part("Who advised it", "The prescriber, by name.", True, 120),
    "role": Part("Their role", "For example GP, out-of-hours GP or 111 clinician.", True, 80),
    "at": Part("When they said it", "", True, 40),
    "read_back": Part(
        "It was read back to them and they said yes", "Read the dose back to the prescriber, then tick this.", True, 3,
        "yesno",
    ),
    "heard_by": Part("Who heard the call", "A second person, by name.", True, 120),
}  # fmt: skip

# What a change calls each field.
FIELD_WORDS: dict[str, str] = {
    "medicine": "medicine",
    "strength": "strength",
    "form": "form",
    "dose_amount": "dose",
    "dose_unit": "unit",
    "route": "route",
    "site": "place on the body",
    "times": "times",
    "starts_on": "first day",
    "ends_on": "last day",
    "instructions": "instructions",
    "indication": "what it is for",
    "window_before": "minutes allowed before",
    "window_after": "minutes allowed after",
    "time_critical": "time-critical",
    "high_risk": "high-risk",
    "controlled": "controlled drug",
    "required_skills": "sign-offs needed",
    "prescriber": "prescriber",
    "source": "source",
    "allergy_answer": "answer about the allergy",
    "kind": "kind of order",
    "schedule": "days and times",
    "total_doses": "number of doses",
    "dose_most": "higher dose",
    "dose_choice": "which dose when",
    "min_interval": "shortest time between doses",
    "most_24h": "most in 24 hours",
    "ingredients": "what it is counted as",
    "guard_days": "no second dose within",
    "food": "food",
    "asleep": "when asleep",
    "time_class": "class of time",
    "psychotropic": "acts on mood or behaviour",
    "witness": "second person watches",
    "advice": "advice it rests on",
}

# Medicines given once a week and never more often, by a word of their name -> days after a dose without a second one.
# Daily methotrexate has killed; a second dose within six days is a hard stop (domain page 2, "Weekly").
WEEKLY_ONLY: dict[str, int] = {"methotrexate": 6}
