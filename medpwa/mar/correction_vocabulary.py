"""Why an entry is corrected (domain page 1.6), and what each reason lets somebody say instead."""

from __future__ import annotations

from dataclasses import dataclass

STRIKE, TIME, AMOUNT, ANYTHING = "strike", "time", "amount", "anything"


@dataclass(frozen=True)
class Why:
    """One reason. `says` is what may be put right with it: the entry is struck out, its time or its amount is another,
    or it becomes any other outcome."""

    word: str
    hint: str
    says: str
    short: str


WHYS: dict[str, Why] = {
    "mis_tap": Why("A mis-tap", "The wrong button, or the wrong reason", ANYTHING, "mis-tap"),
    "wrong_resident": Why("The wrong person", "It was meant for somebody else’s card", STRIKE, "wrong resident"),
    "wrong_order": Why("The wrong medicine", "It was meant for another line of this card", STRIKE, "wrong order"),
    "wrong_time": Why("The wrong time", "It was given, but at another time", TIME, "wrong time"),
    "wrong_dose": Why("The wrong amount", "It was given, but more or less than this says", AMOUNT, "wrong dose"),
    "duplicate": Why("Recorded twice", "The same dose stands here a second time", STRIKE, "duplicate"),
    "other": Why("Another reason", "Say it in your words", ANYTHING, "other"),
}
WRONG_PERSON: dict[str, str] = {
    "no": "No, nobody else was given it",
    "yes": "Yes, it was given to the wrong person",
    "not_known": "Not known yet",
}
LONGEST_WORDS = 500
SHORTEST_WORDS = 5
