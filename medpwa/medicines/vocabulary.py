"""Words of an order: forms, routes, units, fixed instructions."""

ROUTES: dict[str, str] = {
    "mouth": "by mouth",
    "inhaled": "breathed in",
    "eye": "into the eye",
    "skin": "on the skin",
    "peg": "through the feeding tube",
}
# What giving by a route needs; an order may ask for more.
ROUTE_SKILL: dict[str, str] = {"mouth": "oral", "inhaled": "inhaler", "eye": "drops", "skin": "topical", "peg": "peg"}

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

ORDER_STATES: dict[str, str] = {
    "awaiting_check": "Waiting for its second check",
    "active": "Active",
    "stopped": "Stopped",
    "finished": "Course finished",
}
