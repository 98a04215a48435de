"""Words for the people who live here: where they are, allergies, textures, places of a label."""

WHEREABOUTS: dict[str, str] = {
    "home": "In the home",
    "hospital": "In hospital",
    "leave": "Out on leave",
    "discharged": "Went home",
    "died": "Died",
}
AWAY = frozenset({"hospital", "leave"})  # doses fall due but are not given here
LEFT = frozenset({"discharged", "died"})  # no doses fall due

ALLERGY_STATUS: dict[str, str] = {
    "recorded": "Allergies recorded",
    "none": "No known drug allergies",
    "not_recorded": "Allergies not recorded",
}

# Only a label with the person is evidence of having been with them (house design, section 3).
LABEL_PLACES: dict[str, str] = {"person": "With the person", "door": "Door", "folder": "Folder"}

# IDDSI framework: drinks 0 to 4, foods 3 to 7.
FLUID_LEVELS: dict[int, str] = {
    0: "Thin (level 0)",
    1: "Slightly thick (level 1)",
    2: "Mildly thick (level 2)",
    3: "Moderately thick (level 3)",
    4: "Extremely thick (level 4)",
}
FOOD_LEVELS: dict[int, str] = {
    3: "Liquidised (level 3)",
    4: "Pureed (level 4)",
    5: "Minced and moist (level 5)",
    6: "Soft and bite-sized (level 6)",
    7: "Regular (level 7)",
}

# The longest texts a form accepts, in characters.
LONGEST_NAME = 100
LONGEST_LINE = 200
LONGEST_NOTE = 2000
MOST_ALLERGIES = 30
MOST_LABELS = 20  # in use at once, of one person

LABEL_END_REASONS: dict[str, str] = {
    "lost": "Lost",
    "damaged": "Damaged or unreadable",
    "replaced": "Replaced by a new one",
    "copied": "Copied, or used away from the person",
    "left": "The person has left",
}
