"""Words of supervision (domain page 5.7): kinds of talk, what was talked about, who may read it, what a name under it
means."""

from __future__ import annotations

KINDS: dict[str, tuple[str, str]] = {
    "scheduled": ("Supervision", "The regular talk"),
    "reflective": ("Reflective talk about medicines", "After a mistake, a near miss or a hard round"),
    "observation": ("Feedback after an observation", "What was seen on a round, soon after"),
    "return_to_work": ("Return to work", "After an absence"),
    "appraisal": ("Appraisal", "The yearly look back and ahead"),
}
# What the talk was about, in the order of the form: label and hint.
PARTS: dict[str, tuple[str, str]] = {
    "wellbeing": ("How they are", "Workload, sleep, what makes the work hard or good just now."),
    "rounds": ("Rounds and medicines", "What the figures above bring up, in both your words."),
    "mistakes": ("Mistakes and near misses", "What happened, what was learned. Nobody is blamed for telling."),
    "changes": ("What has changed", "Policies, new medicines, training booked."),
    "strengths": ("What they do well", "Be plain and particular."),
    "concerns": ("What needs to get better", "What was seen, not what somebody is like."),
}
MOST_WORDS = 4000
MOST_ACTIONS = 10  # agreed in one version of a talk
ROWS_OF_ACTIONS = 3  # offered on the form; a later version of the talk adds more
LONGEST_WHAT = 300
SHORTEST_CLOSING = 3

_MANAGERS = frozenset({"deputy_manager", "registered_manager"})
_LEAD_OR_OVERSEE = _MANAGERS | {"senior_carer", "team_leader", "quality_lead", "nominated_individual"}
# Who may read a talk besides the two who had it: words, hint, roles.
LEVELS: dict[str, tuple[str, str, frozenset[str]]] = {
    "file": ("Staff file", "Those who lead or oversee may read it", _LEAD_OR_OVERSEE),
    "managers": ("Managers", "The deputy and the registered manager may read it", _MANAGERS),
    "private": ("Private", "Only the registered manager may read it", frozenset({"registered_manager"})),
}

# What a signature under a talk says.
MEANINGS: dict[str, str] = {
    "supervised": "I led this talk. What stands here is what we said and agreed.",
    "was_supervised": "I took part in this talk and have read what stands here. Signing does not mean that I agree "
    "with every word; what I see differently stands beside my name.",
}
SIGNED_AS = {"supervised": "led it", "was_supervised": "took part"}

HOW: dict[str, str] = {"done": "It is done", "let_go": "It is not needed any more"}
HOW_SAID: dict[str, str] = {"done": "Done", "let_go": "Let go"}

WEEKS = 8  # until the next talk, where nobody says otherwise: domain page 5.7 knows 6 to 8
BACK_DAYS = 31  # a talk is written up within a month
MOST_LOOKED_BACK = 26 * 7  # days of figures beside a talk
