"""Pure decisions about putting an entry right: who may decide, what may be said instead, what it was before.

The original is never changed. A correction is an entry that names the one it replaces; until there is one, the
original stands and counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from medpwa import clock
from medpwa.mar import extras
from medpwa.mar.correction_vocabulary import (
    AMOUNT,
    ANYTHING,
    LONGEST_WORDS,
    SHORTEST_WORDS,
    STRIKE,
    TIME,
    WHYS,
    WRONG_PERSON,
)
from medpwa.mar.limits import BREACHES
from medpwa.mar.states import EntryFacts
from medpwa.mar.vocabulary import EXTRAS, GIVES, LONGEST_NOTE, OUTCOMES, OWN_GIVES, SHORTEST_NOTE

BY_ITS_AUTHOR = dt.timedelta(minutes=10)  # domain page 1.6: later a senior answers
KEPT = "What you wrote is kept."
Problem = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an entry should say. The outcome "struck" takes it out."""

    outcome: str
    reason: str = ""
    note: str = ""
    given_at: dt.datetime | None = None
    amount: Decimal | None = None
    given_by: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    def stored(self) -> dict[str, Any]:
        """As it is kept with a request: plain values, those that say something."""
        said = {
            "outcome": self.outcome,
            "reason": self.reason,
            "note": self.note,
            "given_at": clock.micros(self.given_at) if self.given_at else None,
            "amount": f"{self.amount}" if self.amount is not None else None,
            "given_by": self.given_by,
            "extra": dict(self.extra),
        }
        return {name: value for name, value in said.items() if value or name == "outcome"}


def wanted_of(stored: Mapping[str, Any]) -> Wanted:
    """What was kept, as it was meant."""
    at, amount = stored.get("given_at"), stored.get("amount")
    return Wanted(
        outcome=stored["outcome"],
        reason=stored.get("reason", ""),
        note=stored.get("note", ""),
        given_at=clock.from_micros(at) if at else None,
        amount=Decimal(amount) if amount else None,
        given_by=stored.get("given_by", ""),
        extra=stored.get("extra", {}),
    )


# ---------------------------------------------------------------- who decides


def at_once(recorded_by: int, recorded_at: dt.datetime, by: int | None, at: dt.datetime) -> bool:
    """Whether somebody may put an entry right by themselves: their own, within ten minutes of recording it."""
    return recorded_by == by and dt.timedelta(0) <= at - recorded_at <= BY_ITS_AUTHOR


def may_not_answer(
    by: int | None, *, asked_by: int, recorded_by: int, given_by: int | None, beside: Collection[int | None] = ()
) -> str:
    """Why this person cannot answer a request; empty when they can. Two people look at every later correction: neither
    who asked, nor who recorded the entry, nor who gave the dose answers, nor who stood `beside` it or witnessed it."""
    if by == asked_by:
        return "You asked for this correction, so somebody else answers it: another senior, a team leader or a manager."
    if by == recorded_by:
        return "You recorded this entry, so somebody else answers: another senior, a team leader or a manager."
    if by is not None and by == given_by:
        return "You gave this dose, so somebody else answers: another senior, a team leader or a manager."
    if by is not None and by in beside:
        return "You stood by when it was given, so somebody else answers: another senior, a team leader or a manager."
    return ""


# ---------------------------------------------------------------- what may be said


def outcomes_for(why: str, outcome: str) -> tuple[str, ...]:
    """What an entry with this outcome may be made to say for this reason; empty where the reason does not fit it."""
    says = WHYS[why].says if why in WHYS else ""
    given = outcome in GIVES
    if says == STRIKE:
        return () if outcome == "struck" else ("struck",)
    if says == TIME:
        return (outcome,) if given else ()
    if says == AMOUNT:
        return tuple(dict.fromkeys((outcome, "given_part"))) if given else ()
    if says == ANYTHING:
        return tuple(o for o in OUTCOMES if o != "struck" or outcome != "struck")
    return ()


def problems(
    entry: EntryFacts, why: str, words: str, wrong_person: str, wanted: Wanted, at: dt.datetime
) -> list[Problem]:
    """What is missing or wrong in a correction: (field, sentence) pairs, empty when it can be kept."""
    if why not in WHYS:
        return [("why", "Choose what is wrong with the entry.")]
    if wanted.outcome not in outcomes_for(why, entry.outcome):
        return [("to", f"That does not go with “{WHYS[why].word.lower()}”. Choose another reason or outcome.")]
    found = _words_problems(why, words, wrong_person)
    if wanted.outcome in GIVES:
        found += _give_problems(wanted, at)
    found += _outcome_problems(wanted)
    if not found and _says(wanted) == _says(said_by(entry)):
        found.append((_first_field(why), f"That is what the entry says already. {KEPT}"))
    return found


def _first_field(why: str) -> str:
    return {TIME: "time", AMOUNT: "amount"}.get(WHYS[why].says, "to")


def _words_problems(why: str, words: str, wrong_person: str) -> list[Problem]:
    found: list[Problem] = []
    if len(words) > LONGEST_WORDS:
        found.append(("words", f"Make this shorter, at most {LONGEST_WORDS} letters. {KEPT}"))
    if why == "other" and len(words) < SHORTEST_WORDS:
        found.append(("words", f"Say in a few words what is wrong. {KEPT}"))
    if why == "wrong_resident" and wrong_person not in WRONG_PERSON:
        found.append(("wrong_person", f"Say whether somebody else was given it. “Not known yet” is an answer. {KEPT}"))
    return found


def _give_problems(wanted: Wanted, at: dt.datetime) -> list[Problem]:
    if wanted.given_at is None:
        return [("time", f"Give the time it was given, e.g. 08:10. {KEPT}")]
    return [("time", f"That time is still to come. Give the time it was given. {KEPT}")] if wanted.given_at > at else []


def _outcome_problems(wanted: Wanted) -> list[Problem]:
    outcome, found = OUTCOMES[wanted.outcome], []
    if outcome.reasons and wanted.extra.get("part", wanted.reason) not in dict(outcome.reasons):
        found.append(("reason", f"Choose the reason that fits best. {KEPT}"))
    said = {**wanted.extra, "amount": wanted.amount, "given_by": wanted.given_by}
    found += [(name, sentence) for name in outcome.asks if (sentence := extras.problem_of(name, said.get(name)))]
    if len(wanted.note) > LONGEST_NOTE:
        found.append(("note", f"The note is too long: at most {LONGEST_NOTE:,} letters. It is kept; shorten it."))
    elif outcome.note_needed and len(wanted.note) < SHORTEST_NOTE:
        found.append(("note", f"Say in a few words why (at least {SHORTEST_NOTE} letters). {KEPT}"))
    return found


def said_by(entry: EntryFacts) -> Wanted:
    """What an entry says now."""
    return Wanted(
        entry.outcome, entry.reason, entry.note, entry.given_at, entry.amount, entry.given_by, dict(entry.extra)
    )


def time_alone(why: str) -> bool:
    """Whether a correction for this reason says nothing but the time: how much was given stands as it is."""
    return why in WHYS and WHYS[why].says == TIME


def need_of(entry: EntryFacts, to: str) -> str:
    """Why a when-required dose was needed, in the words of whoever gave it. The form does not ask it again, so it
    stands while the entry stays a give; empty where the entry's reason is one of its outcome's own."""
    own = dict(OUTCOMES[entry.outcome].reasons)
    return entry.reason if entry.outcome in GIVES and to in GIVES and entry.reason not in own else ""


def unasked_of(entry: EntryFacts, to: str) -> dict[str, Any]:
    """What was tried before a when-required dose: no outcome asks for it, so it stands while the entry stays a give."""
    if entry.outcome not in GIVES or to not in GIVES:
        return {}
    return {name: value for name, value in entry.extra.items() if name not in EXTRAS and name != "part"}


def _says(wanted: Wanted) -> tuple:
    """What one compares: a time to the minute, as it is typed."""
    given = wanted.given_at.replace(second=0, microsecond=0) if wanted.given_at else None
    return (
        wanted.outcome, wanted.reason, wanted.note, given, wanted.amount, wanted.given_by, dict(wanted.extra)
    )


# ---------------------------------------------------------------- what replaces what


def claim_of(entries: Iterable[EntryFacts], replaced: int) -> int:
    """The claim of a give that replaces an entry: as `states.next_claim`, with that entry void as well."""
    voided = (e for e in entries if e.void or e.id == replaced)
    return 1 + sum(1 for e in voided if OUTCOMES[e.outcome].by_home and not e.after_the_fact)


def other_gives(entries: Iterable[EntryFacts], replaced: int) -> list[EntryFacts]:
    """Gives of the dose that stand beside an entry."""
    return [e for e in entries if e.id != replaced and not e.void and OUTCOMES[e.outcome].given]


_OF_THE_OLD_WORDING = frozenset(
    {"late", "early", "second_give", "after_close", "clock_doubt", "recorded_away", "on_advice", *BREACHES.values()}
)
_OF_A_GIVE = frozenset(
    {
        "not_signed_off", "not_witnessed", "after_the_fact", "joined_refusal", "awaiting_confirmation", "after_a_day",
        "inr_overdue",
    }
)
_OF_OUR_GIVE = frozenset({"supervised", "break_glass"})  # by whose leave somebody of ours gave it


def flags_of(
    old: Iterable[str], wanted: Wanted, late: bool, second: bool, again_after: bool, judged: Iterable[str] = ()
) -> list[str]:
    """What the entry that replaces is flagged with: how the person was identified stays true; what followed from the
    old wording is judged anew (`judged`: what stands against the give it now says)."""
    given = wanted.outcome in GIVES
    drop = _OF_THE_OLD_WORDING if given else _OF_THE_OLD_WORDING | _OF_A_GIVE
    drop = drop if wanted.outcome in OWN_GIVES else drop | _OF_OUR_GIVE
    found = [f for f in old if f not in drop]
    if given and late:
        found.append("late")
    if given and again_after and "after_the_fact" not in found:
        found.append("after_the_fact")
    found += [f for f in judged if f not in found]
    return [*found, "second_give"] if given and second else found
