"""Who may give a medicine without being signed off for it, and how: one table over every state a skill can be in. Pure.

Giving beside somebody who is signed off is how one learns, and how one goes on while a sign-off is being renewed. An
exception for one round (break-glass) covers an assessment that is missing because nobody could be found to do it; it
never goes past something that was decided about a person, nor past a date everybody could see coming (domain page 5.4;
the night senior of the demo whose sign-off ended is refused one). docs/decisions/not-signed-off.md says why.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from medpwa.competency.rules import EXPIRED, GrantFact, stance
from medpwa.competency.vocabulary import GIVING, RESIDENT_SPECIFIC


@dataclass(frozen=True)
class Gate:
    """Which ways a state leaves open, and why."""

    alone: bool
    beside: bool  # with somebody signed off standing there, proven by their own PIN or password
    glass: bool  # for one round, allowed by a manager with a reason
    why: str


GATE: dict[str, Gate] = {
    "not_started": Gate(False, True, True, "Nobody has assessed them yet: they learn beside somebody."),
    "learning": Gate(False, True, True, "On the course; gives beside somebody."),
    "knowledge_passed": Gate(False, True, True, "Course passed; gives beside somebody."),
    "shadowing": Gate(False, True, True, "Shadowing; gives beside somebody."),
    "assessing": Gate(False, True, True, "Being observed; gives beside somebody."),
    "competent": Gate(True, False, False, "Signed off: gives alone."),
    EXPIRED: Gate(False, True, False, "The date was known: beside somebody until it is renewed, and no exception."),
    "development_needed": Gate(False, True, False, "An assessor said: not alone yet. An exception must not undo that."),
    "supervised_only": Gate(False, True, False, "A manager said: only beside somebody. An exception must not undo it."),
    "reassessment": Gate(False, True, False, "After a suspension, beside somebody until the rounds are done again."),
    "suspended": Gate(False, False, False, "Paused for safety: no way is open until somebody has looked into it."),
    "not_competent": Gate(False, False, False, "An assessor said no: it takes a new beginning."),
    "ended": Gate(False, False, False, "Somebody ended it, with a reason: it takes a new sign-off."),
}
CLOSED = Gate(False, False, False, "A state this table does not know opens nothing.")
# A skill delegated for one named resident, witnessing and writing are never opened by an exception.
OPENED_BY_GLASS = GIVING - RESIDENT_SPECIFIC


def open_beside(grants: Sequence[GrantFact], skills: Iterable[str], resident_id: int | None, at: dt.datetime) -> bool:
    """Whether somebody may give what needs these skills while somebody signed off stands beside them: of each skill
    they hold it, or its state leaves that open."""
    gates = (GATE.get(stance(grants, skill, resident_id, at), CLOSED) for skill in skills)
    return all(g.alone or g.beside for g in gates)


def open_by_glass(grants: Sequence[GrantFact], skills: Iterable[str], resident_id: int | None, at: dt.datetime) -> bool:
    """Whether an exception for a round lets somebody give what needs these skills: nothing of theirs is paused, and of
    each skill they hold it, or nobody has decided about it yet and it is one an exception may open."""
    if paused(grants, at):
        return False
    wanted = [(skill, _gate(grants, skill, resident_id, at)) for skill in skills]
    return all(g.alone or (g.glass and skill in OPENED_BY_GLASS) for skill, g in wanted)


def _gate(grants: Sequence[GrantFact], skill: str, resident_id: int | None, at: dt.datetime) -> Gate:
    """Which ways are open now. What was once decided about a skill, or ran out, is not undone by a learner's state that
    somebody writes over it: beginning to assess takes two taps, and an exception takes nobody past a decision."""
    now = GATE.get(stance(grants, skill, resident_id, at), CLOSED)
    if not now.glass:
        return now
    before = (g for g in grants if g.skill == skill and g.valid_from <= at and g.resident_id in (None, resident_id))
    return now if all(GATE.get(g.state, CLOSED).glass for g in before) else replace(now, glass=False)


def paused(grants: Sequence[GrantFact], at: dt.datetime) -> bool:
    """Whether any skill of somebody is suspended at a moment: a matter of safety that an exception never goes past."""
    return any(stance(grants, skill, resident, at) == "suspended" for skill, resident in _held(grants))


def decided(grants: Sequence[GrantFact], at: dt.datetime) -> frozenset[str]:
    """Skills of somebody that an exception might open, had they not ended or somebody not decided about them: while
    there is one, no exception is made for this person at all."""
    gates = {skill: _gate(grants, skill, None, at) for skill in OPENED_BY_GLASS}
    return frozenset(skill for skill, g in gates.items() if not g.alone and not g.glass)


def opened_by_glass(grants: Sequence[GrantFact], at: dt.datetime) -> frozenset[str]:
    """The skills an exception would open for somebody now: what they may not do without it."""
    return frozenset(
        skill
        for skill in OPENED_BY_GLASS
        if not GATE.get(stance(grants, skill, None, at), CLOSED).alone and open_by_glass(grants, (skill,), None, at)
    )


def _held(grants: Iterable[GrantFact]) -> set[tuple[str, int | None]]:
    return {(g.skill, g.resident_id) for g in grants}
