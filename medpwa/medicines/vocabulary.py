"""Words of an order: forms, routes, units, fixed instructions, quick times, and what fits with what."""

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

# Medicines given once a week and never more often, by a word of their name -> days after a dose without a second one.
# Daily methotrexate has killed; a second dose within six days is a hard stop (domain page 2, "Weekly").
WEEKLY_ONLY: dict[str, int] = {"methotrexate": 6}
