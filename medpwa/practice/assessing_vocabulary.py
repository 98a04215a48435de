"""Words of an assessment: its kinds, its marks, how it ends, and what a signature means."""

from __future__ import annotations

KINDS: dict[str, tuple[str, str]] = {
    "initial": ("First assessment", "New to giving medicines here, or to this skill"),
    "annual": ("Yearly review", "Signed off already; looked at again before it ends"),
    "return": ("Return to practice", "After a pause, an error or a long absence"),
    "agency": ("Agency, first round", "Signed off by their agency; watched on one round here"),
}
KIND_WORDS: dict[str, str] = {kind: words for kind, (words, _) in KINDS.items()}

# A mark of one item: on its button, and in a sentence.
MARKS: dict[str, tuple[str, str]] = {
    "met": ("Met", "met"),
    "not_met": ("Not met", "not met"),
    "not_seen": ("Not seen", "not seen on this round"),
    "knowledge": ("Knows it", "not seen, but they could say it"),
}

OUTCOMES: dict[str, tuple[str, str]] = {
    "competent": ("Competent", "Gives alone from the next tap"),
    "development_needed": ("Needs more practice", "Not alone yet; a plan says what comes next"),
    "not_competent": ("Not competent", "Does not give; say why, in words they can read"),
    "abandoned": ("Ended early", "It came to nothing, for a reason that is no judgement"),
}
OUTCOME_TONES: dict[str, str] = {
    "competent": "given", "development_needed": "late", "not_competent": "blocked", "abandoned": "plain",
}  # fmt: skip

PARTS: dict[str, str] = {
    "knowledge": "Knowledge questions",
    "shadow": "Shadowed round",
    "scenario": "What would you do if",
    "reflection": "Their own words",
}

# What a signature under an observed round says, in the signer's own voice.
MEANINGS: dict[str, str] = {
    "observed": "I was there for this round, I saw what I marked, and the marks and words are mine.",
    "was_observed": "I gave on this round and was watched. I have read what was marked and written. "
    "Signing says that I read it, not that I agree with all of it.",
}
CONCLUDING = (
    "I have looked at everything recorded here, I am in date for this skill myself, and this is my judgement."
)

LONGEST_WORDS = 2000
LONGEST_ITEM = 200
MOST_ITEMS = 15  # of a domain
MOST_QUESTIONS = 40
