"""Pure decisions about an assessment: who may assess, whether a round counts, what is missing, how it may end.

A critical item that was not met once keeps an assessment from ending as competent, whatever the other rounds show. What
an assessment rests on: knowledge, shadowed rounds, observed rounds at different times of day, scenario questions and
the person's own words (NICE SC1: trained and assessed as competent by somebody competent, reviewed yearly).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from medpwa.competency.vocabulary import IN_A_SENTENCE
from medpwa.practice.instrument_rules import Needs, Template

PROGRESS = frozenset({"not_started", "learning", "knowledge_passed", "shadowing", "assessing", "reassessment"})
RAN_OUT = frozenset({"ended", "expired"})
LEARNERS = PROGRESS - {"reassessment"}  # states in which nobody has decided anything about somebody yet
# Kinds that ask for less than a first assessment, and the last decision about a skill that each may follow: a review is
# of a sign-off, a return is after one was taken away, an agency's paper was taken at its word. None: no decision yet.
FOLLOWS: dict[str, frozenset[str | None]] = {
    "annual": frozenset({"competent"}),
    "return": frozenset({"competent", "ended", "suspended", "reassessment", "supervised_only", "development_needed",
                         "not_competent"}),
    "agency": frozenset({None, "competent", "supervised_only"}),
}  # fmt: skip
# What an assessment of each kind may write over as it goes on: never a sign-off that stands, and a pause only by the
# kind of assessment that is meant to bring somebody back.
MAY_OVERWRITE: dict[str, frozenset[str]] = {
    "initial": PROGRESS | RAN_OUT | {"development_needed", "not_competent"},
    "annual": PROGRESS | RAN_OUT,
    "return": PROGRESS | RAN_OUT | {"development_needed", "not_competent", "suspended"},
    "agency": PROGRESS | RAN_OUT | {"development_needed", "not_competent"},
}


@dataclass(frozen=True)
class Reason:
    """Why something cannot be: a stable code and words for the person."""

    code: str
    words: str


# ---------------------------------------------------------------- who may assess


@dataclass(frozen=True)
class AssessorFacts:
    """Everything "may this person assess that one" depends on, at one moment."""

    is_self: bool
    person: str  # name of the one assessed
    person_works_here: bool
    person_rank: int
    assessor_rank: int
    leads: bool  # the assessor holds a role that leads on the floor
    out_of_date: tuple[str, ...]  # skills the assessor is not in date for, in words
    needs_assessor_skill: bool  # the home's catalogue has it and the assessor does not hold it


def why_not_assessor(f: AssessorFacts) -> Reason | None:
    """Why somebody cannot assess somebody; None when they can. Asked when it begins and again when it is signed."""
    if f.is_self:
        return Reason("own_assessment", "Nobody assesses themselves. Ask a colleague who is signed off to assess.")
    if not f.person_works_here:
        return Reason("person_gone", f"{f.person} has no role here now, so cannot be assessed.")
    if f.person_rank > f.assessor_rank:
        words = f"{f.person} answers for more than you do here. Somebody of at least their role assesses them."
        return Reason("above_self", words)
    if not f.leads:
        return Reason("not_an_assessor", "Seniors, team leaders and managers assess. Ask one of them.")
    if f.out_of_date:
        return Reason("assessor_lapsed", f"You are not in date yourself for {_listed(f.out_of_date)}.")
    if f.needs_assessor_skill:
        return Reason("not_trained_to_assess", "You are not signed off as an assessor now.")
    return None


# ---------------------------------------------------------------- one observed round


@dataclass(frozen=True)
class RoundSeen:
    """An observed round that has ended."""

    name: str
    marks: Mapping[str, str]
    passed: bool
    abandoned: bool
    signed: bool  # by both
    day: dt.date | None = None  # of the home; None where no day is known, and then it is a round of its own

    @property
    def counts(self) -> bool:
        """Whether it is one of the rounds an assessment needs."""
        return self.passed and self.signed and not self.abandoned


def finishing_problems(
    template: Template, marks: Mapping[str, str], comments: Mapping[str, str]
) -> list[tuple[str, str]]:
    """What the assessor still has to say before a round can end as watched to its end, as (anchor, sentence)."""
    found = [
        (item.anchor, f"Mark “{item.words}”. It is critical: met, not met, not seen, or they know it.")
        for item in template.critical
        if item.key not in marks
    ]
    for domain in template.domains:
        bad = [item for item in domain.items if marks.get(item.key) == "not_met"]
        if bad and not comments.get(domain.key, "").strip():
            words = f"Say in “{domain.title}” what you saw: something there was not met."
            found.append((f"comment-{domain.key}", words))
    return found


def failed_critical(template: Template, marks: Mapping[str, str]) -> tuple[str, ...]:
    """The critical items that were not met, in words."""
    return tuple(item.words for item in template.critical if marks.get(item.key) == "not_met")


def round_passes(template: Template, marks: Mapping[str, str], doses: int) -> Reason | None:
    """Why a round that was watched to its end does not count; None when it passes."""
    failed = failed_critical(template, marks)
    if failed:
        return Reason("critical", f"Critical and not met: {'; '.join(failed)}.")
    if doses == 0:
        return Reason("no_dose", "Nothing was recorded by them while you watched, so there was no round to judge.")
    if not any(mark == "met" for mark in marks.values()):
        return Reason("nothing_met", "No item was marked as met.")
    return None


# ---------------------------------------------------------------- the whole


@dataclass(frozen=True)
class Seen:
    """Everything an assessment has shown so far."""

    knowledge: bool | None = None  # the newest result passed; None while there is none
    shadows: int = 0
    scenarios: bool | None = None
    reflected: bool = False
    rounds: tuple[RoundSeen, ...] = ()
    watching: bool = False  # a round is being observed just now

    @property
    def counted(self) -> tuple[RoundSeen, ...]:
        """The rounds that count. One round of one day watched in several pieces is one round."""
        found: dict[tuple[object, str], RoundSeen] = {}
        for number, r in enumerate(self.rounds):
            if r.counts:
                found.setdefault((r.day or number, r.name), r)
        return tuple(found.values())

    @property
    def unsigned(self) -> int:
        return sum(1 for r in self.rounds if not r.signed and not r.abandoned)


def passed(score: int, out_of: int, mark: int) -> bool:
    """Whether so many right answers reach the pass mark, in per cent."""
    return out_of > 0 and score * 100 >= mark * out_of


def why_not_observe(needs: Needs, seen: Seen) -> Reason | None:
    """Why the observed rounds cannot begin yet: knowledge and shadowing come first."""
    if needs.knowledge and not seen.knowledge:
        return Reason("knowledge_first", "The knowledge questions come first; they are not passed yet.")
    if seen.shadows < needs.shadows:
        words = f"{seen.shadows} of {needs.shadows} shadowed rounds are recorded. The others come first."
        return Reason("shadow_first", words)
    return None


def missing(template: Template, needs: Needs, seen: Seen) -> list[str]:
    """What an assessment lacks to end as competent, in sentences; empty when nothing does. What can never be made good
    within this assessment comes first."""
    found = [_never(template, seen)] if _failed_anywhere(template, seen.rounds) else []
    if seen.watching:
        found.append("A round is being observed just now. End it first.")
    if seen.unsigned:
        found.append("An observed round waits for a signature.")
    if needs.knowledge and not seen.knowledge:
        found.append("The knowledge questions are not passed.")
    if seen.shadows < needs.shadows:
        found.append(f"{seen.shadows} of {needs.shadows} shadowed rounds are recorded.")
    counted = seen.counted
    if len(counted) < needs.rounds:
        found.append(f"{len(counted) or 'None'} of {needs.rounds} observed rounds passed.")
    pieces = sum(r.counts for r in seen.rounds) - len(counted)
    if pieces and len(counted) < needs.rounds:
        found.append("A round that was watched in pieces counts once.")
    times = len({r.name for r in counted})
    if len(counted) >= needs.rounds and times < needs.times:
        found.append(f"The observed rounds were all at {times} time of day; they must be at {needs.times} at least.")
    found += _never_seen(template, counted) if len(counted) >= needs.rounds else []
    if needs.scenarios and not seen.scenarios:
        found.append("The “what would you do if” questions are not answered well yet.")
    if not seen.reflected:
        found.append("Nothing stands in the person’s own words yet.")
    return found


def _failed_anywhere(template: Template, rounds: Iterable[RoundSeen]) -> tuple[str, ...]:
    found = (words for r in rounds for words in failed_critical(template, r.marks))
    return tuple(dict.fromkeys(found))


def _never(template: Template, seen: Seen) -> str:
    what = "; ".join(_failed_anywhere(template, seen.rounds))
    return (
        f"Critical and not met: {what}. This assessment cannot end as competent. End it with a plan; after more "
        "practice a new one begins."
    )


def _never_seen(template: Template, counted: Sequence[RoundSeen]) -> list[str]:
    shown = {key for r in counted for key, mark in r.marks.items() if mark in ("met", "knowledge")}
    return [f"Critical and never seen or asked: {i.words}." for i in template.critical if i.key not in shown]


def why_not_outcome(
    outcome: str, template: Template, needs: Needs, seen: Seen, words: str, not_shown: Sequence[str] = ()
) -> list[tuple[str, str]]:
    """What keeps an assessment from ending so, as (field id, sentence). `not_shown` are its skills that no dose watched
    asked for: whoever judges them competent says how they know, and it stands in the record."""
    if outcome == "competent":
        lacking = missing(template, needs, seen)
        if lacking:
            return [("outcome", f"It cannot end as competent. {' '.join(lacking)} Nothing was decided.")]
        if not_shown and not words.strip():
            return [("words", f"{not_shown_words(not_shown)} Say how you know. Nothing was decided.")]
        return []
    if seen.watching:
        return [("outcome", "A round is being observed just now. End it first. Nothing was decided.")]
    if not words.strip():
        asked = {"development_needed": "Write the plan: what is practised, with whom, until when."}
        return [("words", asked.get(outcome, "Say why, in words the person can read.") + " Nothing was decided.")]
    return []


def not_shown_words(skills: Sequence[str]) -> str:
    """That nobody watched a dose that asks for these skills."""
    return f"No dose was seen of: {', '.join(IN_A_SENTENCE[skill] for skill in skills)}."


# ---------------------------------------------------------------- the state on the way


def progress(kind: str, needs: Needs, seen: Seen) -> tuple[str, str]:
    """The state of the skills while the assessment goes on, and its reason in the words the gate reads out."""
    rounds = f"{len(seen.counted) or 'none'} of {needs.rounds} observed rounds passed"
    if kind == "return":
        return "reassessment", rounds
    observing = seen.watching or seen.rounds
    if observing or kind in ("annual", "agency"):
        return "assessing", rounds
    if seen.knowledge and seen.shadows:
        return "shadowing", f"{seen.shadows} of {needs.shadows} rounds shadowed"
    if seen.knowledge:
        return "knowledge_passed", "Passed the knowledge questions"
    return "learning", "An assessment has begun"


TAKEN_AWAY = frozenset({"suspended", "ended", "supervised_only", "development_needed", "not_competent"})


def taken_away(state: str, since: dt.datetime | None, until: dt.datetime | None, begun_at: dt.datetime) -> bool:
    """Whether somebody paused, ended or narrowed a skill after an assessment of it began. One that merely ran out
    (`until`) was taken away by nobody."""
    return state in TAKEN_AWAY and until is None and since is not None and since > begun_at


def overwrites(kind: str, state: str) -> bool:
    """Whether an assessment on its way may write its progress over how a skill stands."""
    return state in MAY_OVERWRITE[kind]


def why_not_kind(
    kind: str, states: Iterable[str], decided: Iterable[str | None], outside: bool, manages: bool
) -> Reason | None:
    """Why an assessment of this kind cannot begin with the skills as they stand. `decided` is the last decision about
    each, `outside` whether the person comes from an agency or the bank, `manages` whether a manager begins it: a pause
    is a manager's decision, and so is the way back from it."""
    if "suspended" in states:
        return _after_a_pause(kind, manages)
    if kind == "agency" and not outside:
        return Reason("not_from_outside", "One round is for agency and bank staff. Choose another kind.")
    if any(last not in FOLLOWS.get(kind, frozenset((last,))) for last in decided):
        return Reason("kind_too_short", _TOO_SHORT[kind])
    return None


_TOO_SHORT = {
    "annual": "A yearly review is of a sign-off that stands or ran out, and one of these was never given here, or was "
    "taken away since. Choose the first assessment, or the return to practice.",
    "return": "A return to practice follows something that was decided here, and one of these was never signed off. "
    "Choose the first assessment.",
    "agency": "Something was decided about one of these here, so one round is not enough. Choose the return to "
    "practice.",
}


def _after_a_pause(kind: str, manages: bool) -> Reason | None:
    if kind != "return":
        words = "A sign-off among these is paused. A return to practice is what brings it back; choose that kind."
        return Reason("paused", words)
    if not manages:
        words = "A sign-off among these is paused. A manager begins the return to practice; you can watch its rounds."
        return Reason("managers_begin", words)
    return None


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
