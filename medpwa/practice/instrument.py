"""The assessment template a home begins with: what somebody is asked and what is watched, as plain data.

The ten domains follow what a medicines assessment in a care home usually looks at: core observation, knowledge, add-on
skills (care-home assessment tools; NICE SC1 for yearly review). A home writes its own questions and items over it; the
questions shipped here are short on purpose and name no dose.
"""

from __future__ import annotations

PASS_MARK = 80  # per cent of the knowledge questions; the usual mark, a home may set its own

# What each kind asks for. times: on how many different rounds of the day the observed rounds must have been.
NEEDS: dict[str, dict[str, int]] = {
    "initial": {"knowledge": 1, "shadows": 2, "rounds": 3, "times": 2, "scenarios": 1},
    "annual": {"knowledge": 1, "shadows": 0, "rounds": 1, "times": 1, "scenarios": 1},
    "return": {"knowledge": 0, "shadows": 0, "rounds": 3, "times": 2, "scenarios": 1},
    "agency": {"knowledge": 0, "shadows": 0, "rounds": 1, "times": 1, "scenarios": 0},
}

KNOWLEDGE = (
    "Which things do you match before anybody is given a medicine?",
    "When do you write on the record: before, while or after it is taken?",
    "What do you do when the label and the record do not say the same?",
    "Somebody has an allergy written on their record. Where do you look, and when?",
    "Which of our medicines must be on time, and how close to the time?",
    "What do you do when a medicine is not there?",
    "What is a controlled drug, and who must be with you?",
    "When may a medicine be crushed or mixed with food?",
    "What do you write when a when-required medicine was given, and afterwards?",
    "Who do you tell first when something went wrong?",
)

SCENARIOS = (
    "Mrs A. says she does not want her tablets this morning. What do you do, and what do you write?",
    "You find a tablet on the floor by Mr B.’s chair. What do you do?",
    "You notice that you gave Mrs C. what was meant for Mrs D. What do you do in the next five minutes?",
    "Mr E. came back from hospital at six this evening with different medicines. What do you give tonight?",
    "A colleague asks for your PIN because theirs does not work. What do you say?",
)

# (title, ((critical, what is watched), …))
DOMAINS: tuple[tuple[str, tuple[tuple[bool, str], ...]], ...] = (
    (
        "Getting ready",
        (
            (False, "Can say what our medicines policy asks, and where it is kept"),
            (False, "Washes hands, wears what the task asks for"),
            (False, "Trolley locked whenever it is left; keys on the person"),
            (False, "Keeps interruptions away; has cups, water and spoons ready"),
            (True, "Signed in as themselves, and nobody else uses it"),
        ),
    ),
    (
        "Consent and who it is",
        (
            (False, "Knows what help this person wants with medicines"),
            (True, "Asks, and has the person’s agreement, before giving"),
            (True, "Makes sure who it is: scans, looks at the photo, hears the name"),
            (False, "Knows where papers on capacity or covert giving are, and follows them"),
        ),
    ),
    (
        "Choosing the medicine",
        (
            (True, "Reads the whole line of the record, to its end"),
            (True, "Looks when it was last given, and whether it was stopped"),
            (True, "Looks at the allergies"),
            (True, "Matches the label with the record: name, strength, form, how much"),
            (False, "Looks at the expiry and at the day it was opened"),
            (False, "Right form, and right with or without food"),
            (True, "Asks before giving when anything is unclear"),
            (True, "Gives only from the labelled pack; nothing potted in advance"),
        ),
    ),
    (
        "Giving it",
        (
            (False, "Says what it is and what it is for"),
            (False, "Helps the person sit up; offers a drink as the plan says"),
            (False, "Follows the texture and thickness in the plan"),
            (False, "Does not touch tablets with bare hands"),
            (True, "Stays and sees it swallowed"),
            (True, "One person at a time, from beginning to end"),
            (True, "Leaves no medicine standing anywhere"),
        ),
    ),
    (
        "Recording",
        (
            (True, "Records after it was taken, at once, and not before"),
            (False, "Chooses the outcome that fits, with a note where it helps"),
            (False, "Says why for when-required medicines, and looks afterwards whether it helped"),
            (False, "Can put a wrong entry right, or ask for it"),
            (False, "Knows how to record part of a dose"),
        ),
    ),
    (
        "Special medicines",
        (
            (True, "When-required: looks at the time since the last and at the most in a day"),
            (False, "How much, where the order gives a choice, and why"),
            (False, "Goes first to whoever’s medicine must be on time"),
            (True, "Controlled drugs: a second person sees it, the count is right"),
            (False, "Patches: the old one off, a new place, both written"),
            (False, "Warfarin: takes the dose from the newest letter"),
            (False, "Inhalers: the person’s technique, mouth rinsed where asked"),
            (False, "Drops and creams: right place, right order, gloves"),
        ),
    ),
    (
        "When it does not go to plan",
        (
            (True, "Respects a no; does not hide it or force it; comes back later"),
            (False, "Knows when a refusal is passed on, and to whom"),
            (True, "Knows what to do at once after a wrong dose"),
            (False, "Knows when to call 999, 111 or the GP"),
            (False, "Reports near misses"),
            (False, "Is open with the person and their family"),
        ),
    ),
    (
        "Stock and storing",
        (
            (False, "Counts where it is asked, and says so when it does not add up"),
            (False, "Knows how medicines go back or are thrown away"),
            (False, "Looks at the fridge and knows what to do out of range"),
            (False, "Keys are handed over, never left"),
        ),
    ),
    (
        "Privacy and the phone",
        (
            (True, "Locks the screen; shares no PIN or password"),
            (True, "Scans at the person, never from a copy"),
            (False, "Speaks and shows so that others do not overhear or read along"),
        ),
    ),
    (
        "Knowing the medicines",
        (
            (False, "First medicine of the round: what it is for, what to watch for, one caution"),
            (False, "Second medicine: what it is for, what to watch for, one caution"),
            (False, "Third medicine: what it is for, what to watch for, one caution"),
        ),
    ),
)

NAME = "Giving medicines"


def first() -> dict[str, object]:
    """The template as it is stored when a home first uses it."""
    return {
        "pass_mark": PASS_MARK,
        "knowledge": list(KNOWLEDGE),
        "scenarios": list(SCENARIOS),
        "needs": {kind: dict(needs) for kind, needs in NEEDS.items()},
        "domains": [
            {"title": title, "items": [{"critical": critical, "words": words} for critical, words in items]}
            for title, items in DOMAINS
        ],
    }
