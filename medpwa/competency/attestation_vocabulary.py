"""Words of delegated tasks that a registered professional attests."""

# register: its whole name, what a number of it looks like, an example of that form
REGISTERS: dict[str, tuple[str, str, str]] = {
    "NMC": ("Nursing and Midwifery Council", "two digits, a letter, four digits, a letter", "12A3456E"),
    "HCPC": ("Health and Care Professions Council", "two or three letters, then four to six digits", "PH123456"),
    "GMC": ("General Medical Council", "seven digits", "1234567"),
    "GPhC": ("General Pharmaceutical Council", "seven digits that begin with a 2 or a 5", "2012345"),
}
CONSENTS: dict[str, str] = {
    "consents": "The resident consents to it",
    "best_interests": "They cannot consent; it was decided in their best interests",
}
WITHDRAWN_BY: dict[str, str] = {
    "professional": "The professional who delegated it",
    "person": "The person it was delegated to",
    "resident": "The resident, or who speaks for them",
    "home": "The home",
}
# The same inside a sentence.
WITHDREW: dict[str, str] = {
    "professional": "the professional",
    "person": "the person who does it",
    "resident": "the resident",
    "home": "the home",
}
LONGEST_LINE = 160
LONGEST_TASK = 2000
LONGEST_STATEMENT = 1000
