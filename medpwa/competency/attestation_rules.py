"""What makes an attestation whole: the form of a register's number, a signature, its dates. Pure.

Delegation is for one worker, one task and one named resident, reviewed within twelve months, and either side may
decline it (Skills for Care and DHSC, delegated healthcare activities). Only the *form* of a number is judged here:
whether somebody is on a register is looked up there.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass

from medpwa.competency.attestation_vocabulary import CONSENTS, LONGEST_LINE, LONGEST_STATEMENT, LONGEST_TASK, REGISTERS

NUMBER_FORMS: dict[str, re.Pattern[str]] = {
    "NMC": re.compile(r"[0-9]{2}[A-Z][0-9]{4}[A-Z]"),
    "HCPC": re.compile(r"[A-Z]{2,3}[0-9]{4,6}"),
    "GMC": re.compile(r"[0-9]{7}"),
    "GPhC": re.compile(r"[25][0-9]{6}"),
}
FURTHEST_BACK = dt.timedelta(days=31)  # how long ago somebody may have been assessed when it is entered
WIDE, HIGH = 1000, 400  # the field a signature is drawn in
MOST_POINTS, MOST_STROKES = 6000, 300
LEAST_DRAWN = 150  # all strokes together, in units of the field: more than a dot or a slip
SHORTEST_STATEMENT = 20

Strokes = list[list[list[int]]]
Fault = tuple[str, str]


@dataclass(frozen=True)
class Attested:
    """Everything a professional attests, as read from the form."""

    skill: str
    resident_id: int
    professional: str
    register: str
    register_number: str
    organisation: str
    contact: str
    task: str
    plan: str
    consent: str
    stop_conditions: str
    assessed_on: dt.date
    review_on: dt.date
    accepted: bool
    strokes: tuple[tuple[tuple[int, int], ...], ...] = ()
    statement: str = ""
    paper_id: int | None = None


def number_as_kept(typed: str) -> str:
    """A register's number without the spaces and small letters people type."""
    return re.sub(r"[\s.\-/]", "", typed).upper()


def number_fault(register: str, number: str) -> str:
    """What is wrong with the form of a number, and what form is expected; empty when it has that form."""
    if register not in REGISTERS:
        return ""
    if NUMBER_FORMS[register].fullmatch(number) and number.isascii():
        return ""
    _, form, example = REGISTERS[register]
    return f"A number of the {register} register is {form}, such as {example}. Check it; nothing was recorded."


def latest_review(assessed_on: dt.date) -> dt.date:
    """The last day a review may be set for: twelve months after the assessment."""
    try:
        return assessed_on.replace(year=assessed_on.year + 1)
    except ValueError:
        return dt.date(assessed_on.year + 1, 3, 1)


def date_faults(assessed_on: dt.date, review_on: dt.date, today: dt.date, *, any_past: bool = False) -> list[Fault]:
    """What is wrong with the two dates of an attestation. `any_past`: taken over from before the product."""
    found = []
    if assessed_on > today:
        found.append(("assessed_on", "That day has not come yet. Say when they were assessed; nothing was recorded."))
    elif assessed_on < today - FURTHEST_BACK and not any_past:
        found.append(("assessed_on", "That is more than 31 days ago. Ask the professional to assess them again."))
    if review_on <= assessed_on or (review_on <= today and not any_past):
        found.append(("review_on", "The review must be after today: the attestation ends on that day."))
    elif review_on > latest_review(assessed_on):
        found.append(("review_on", "Choose a review at most 12 months after the assessment."))
    return found


def word_faults(said: Attested) -> list[Fault]:
    """Texts that are missing or too long, and choices that were not offered."""
    found = [(name, words) for name, words in _MISSING.items() if not getattr(said, name).strip()]
    for name in ("professional", "register_number", "organisation", "contact"):
        if len(getattr(said, name)) > LONGEST_LINE:
            found.append((name, f"Use at most {LONGEST_LINE} characters. Nothing was recorded."))
    for name in ("task", "plan", "stop_conditions"):
        if len(getattr(said, name)) > LONGEST_TASK:
            found.append((name, f"Use at most {LONGEST_TASK} characters. Nothing was recorded."))
    if said.register not in REGISTERS:
        found.append(("register", "Choose the register they are on."))
    if said.consent not in CONSENTS:
        found.append(("consent", "Choose whether the resident consents or it was decided in their best interests."))
    return found


_MISSING = {
    "professional": "Type the name of the professional.",
    "register_number": "Type their number on the register.",
    "organisation": "Type who they work for.",
    "contact": "Type how to reach them when something is not right.",
    "task": "Say what is delegated.",
    "plan": "Say which written plan it follows, and where it is kept.",
    "stop_conditions": "Say when to stop and call.",
}


# ---------------------------------------------------------------- signatures


def read_strokes(text: str) -> Strokes:
    """The strokes of a drawn signature from what the page sent; nothing for an empty field and for anything else."""
    try:
        found = json.loads(text) if text else []
    except (ValueError, RecursionError):
        return []
    return found if _are_strokes(found) else []


def _are_strokes(found: object) -> bool:
    if not isinstance(found, list) or len(found) > MOST_STROKES or not all(isinstance(s, list) for s in found):
        return False
    points = [p for stroke in found for p in stroke]
    return len(points) <= MOST_POINTS and all(_is_point(p) for p in points)


def _is_point(p: object) -> bool:
    if not isinstance(p, list) or len(p) != 2 or any(type(n) is not int for n in p):
        return False
    return 0 <= p[0] <= WIDE and 0 <= p[1] <= HIGH


def is_drawn(strokes: object) -> bool:
    """Whether strokes are long enough, all together, to be somebody's signature and no slip of a finger."""
    drawn = 0.0
    for stroke in strokes:  # type: ignore[attr-defined]
        for (x, y), (right, low) in zip(stroke, stroke[1:], strict=False):
            drawn += ((right - x) ** 2 + (low - y) ** 2) ** 0.5
    return drawn >= LEAST_DRAWN


def signature_faults(said: Attested) -> list[Fault]:
    """A professional signs by hand; where they cannot, they type a statement and their letter is kept with it."""
    words = "The person must agree to do it: either side may decline. Ask them, then tick the box."
    found = [] if said.accepted else [("accepts", words)]
    return found if is_drawn(said.strokes) else found + _statement_faults(said)


def _statement_faults(said: Attested) -> list[Fault]:
    if not said.statement:
        return [("signature", "Ask the professional to sign in the box, or to type a statement instead.")]
    if not SHORTEST_STATEMENT <= len(said.statement) <= LONGEST_STATEMENT:
        return [("statement", f"Type the statement in {SHORTEST_STATEMENT} to {LONGEST_STATEMENT} characters.")]
    if said.paper_id is None:
        return [("paper", "Without a drawn signature their letter is needed. Choose the file.")]
    return []


def path_of(strokes: object) -> str:
    """A drawn signature as the path of an SVG picture."""
    return " ".join(
        "M" + " L".join(f"{x} {y}" for x, y in stroke) for stroke in strokes if len(stroke) > 1  # type: ignore[attr-defined]
    )
