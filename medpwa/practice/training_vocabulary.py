"""Courses a home may ask for, and the words of how each stands."""

# A first list to begin with, as a home's own settings: code, name, months until it is due again, roles that need it.
# Nothing here is a rule of law; a home changes each line.
_ALL = ("carer", "senior_carer", "team_leader", "deputy_manager", "registered_manager")
_LEADING = ("senior_carer", "team_leader", "deputy_manager", "registered_manager")
FIRST_COURSES: tuple[tuple[str, str, int | None, tuple[str, ...]], ...] = (
    ("medication_awareness", "Medicines awareness, e-learning", 12, _ALL),
    ("emar", "Using this record", None, _ALL),
    ("mca_dols", "Mental capacity and deprivation of liberty", 24, _ALL),
    ("safeguarding", "Safeguarding adults", 12, _ALL),
    ("infection_control", "Infection control", 12, _ALL),
    ("diabetes_insulin", "Diabetes and insulin", 12, _LEADING),
    ("dysphagia_iddsi", "Swallowing difficulties and textures", 24, _ALL),
    ("epilepsy_rescue", "Epilepsy and rescue medicine", 24, _LEADING),
    ("oxygen", "Oxygen at home", 24, _LEADING),
    ("end_of_life", "End of life care", 24, _LEADING),
    ("incidents_candour", "Reporting incidents and being open", 24, _ALL),
    ("data_security", "Data security", 12, _ALL),
    ("learning_disability_autism", "Learning disability and autism", 36, _ALL),
    ("assessor", "Assessing colleagues", 36, ("team_leader", "deputy_manager", "registered_manager")),
)
# state: word, tone, picture
COURSE_STATES: dict[str, tuple[str, str, str]] = {
    "in_date": ("In date", "given", "circle-check"),
    "due": ("Due soon", "late", "clock-alert"),
    "lapsed": ("Lapsed", "missed", "octagon-x"),
    "missing": ("Not taken", "missed", "circle-question-mark"),
    "not_needed": ("Not needed", "plain", "minus"),
}
GAPS = ("lapsed", "missing", "due")  # most pressing first
LONGEST_CODE = 40
LONGEST_COURSE = 120
MOST_MONTHS = 60
