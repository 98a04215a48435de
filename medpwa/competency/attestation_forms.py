"""What is typed when a professional attests a delegated task, and when it is withdrawn."""

from __future__ import annotations

import datetime as dt

from medpwa.competency import attestation_rules, forms
from medpwa.competency.attestation_rules import Attested
from medpwa.competency.attestation_vocabulary import (
    CONSENTS,
    LONGEST_LINE,
    LONGEST_STATEMENT,
    LONGEST_TASK,
    REGISTERS,
    WITHDRAWN_BY,
)
from medpwa.competency.paper_forms import read_paper
from medpwa.competency.vocabulary import RESIDENT_SPECIFIC
from medpwa.pages import once
from medpwa.permits import Actor
from medpwa.staff import typed
from medpwa.staff.forms import Typed
from medpwa.staff.vocabulary import LONGEST_REASON


def read_attestation(form: Typed, who: Actor, person_id: int) -> Attested:
    """Everything the professional says, with every fault of the form said at once. Raises Invalid; the letter that
    came with it is kept all the same and need not be chosen again."""
    skill = form.choice("skill", RESIDENT_SPECIFIC, "Choose what is delegated from the list.")
    resident_id = _resident(form, who)
    register = form.choice("register", REGISTERS, "Choose the register they are on.")
    number = _number(form, register)
    texts = _texts(form)
    consent = form.choice("consent", CONSENTS, "Choose whether they consent or it is in their best interests.")
    assessed_on = form.day("assessed_on", "Choose the day they were assessed.")
    review_on = form.day("review_on", "Choose the day of the review, at most 12 months after the assessment.")
    accepted = "yes" in form.flags("accepts", ("yes",))
    strokes = _strokes(form)
    statement = form.text("statement", longest=LONGEST_STATEMENT)
    paper_id = read_paper(form, who, person_id)
    said = Attested(
        skill=skill,
        resident_id=resident_id or 0,
        register=register,
        register_number=number,
        consent=consent,
        assessed_on=assessed_on or dt.date.min,
        review_on=review_on or dt.date.min,
        accepted=accepted,
        strokes=strokes,
        statement=statement,
        paper_id=paper_id,
        **texts,
    )
    for field, words in attestation_rules.signature_faults(said):
        if not form.error(field):
            form.fault(field, words)
    form.demand_none()
    return said


def _resident(form: Typed, who: Actor) -> int | None:
    value = form.values["resident"] = once("resident")[:40]
    found = typed.number(value)
    if found not in {number for number, _ in forms.residents_to_choose(who)}:
        form.fault("resident", "Choose the one resident it is for. It does not carry over to another.")
        return None
    return found


def _number(form: Typed, register: str) -> str:
    number = attestation_rules.number_as_kept(form.text("register_number", "Type their number on the register."))
    words = attestation_rules.number_fault(register, number) if number else ""
    if words:
        form.fault("register_number", words)
    return number


def _texts(form: Typed) -> dict[str, str]:
    """Who attests, and what, in their words."""
    return {
        "professional": form.text("professional", "Type the name of the professional.", LONGEST_LINE),
        "organisation": form.text("organisation", "Type who they work for.", LONGEST_LINE),
        "contact": form.text("contact", "Type how to reach them when something is not right.", LONGEST_LINE),
        "task": form.text("task", "Say what is delegated.", LONGEST_TASK),
        "plan": form.text("plan", "Say which written plan it follows, and where it is kept.", LONGEST_TASK),
        "stop_conditions": form.text("stop_conditions", "Say when to stop and call.", LONGEST_TASK),
    }


def _strokes(form: Typed) -> tuple:
    """The drawn signature; it goes back into the box with everything else that was typed."""
    strokes = attestation_rules.read_strokes(once("signature"))
    form.values["signature"] = str(strokes).replace(" ", "") if strokes else ""
    return tuple(tuple((x, y) for x, y in stroke) for stroke in strokes)


def read_withdrawal(form: Typed, *, own: bool) -> tuple[str, str]:
    """Who withdraws a delegation, and why. Raises Invalid."""
    by_whom = "person" if own else form.choice("withdrawn_by", WITHDRAWN_BY, "Choose who withdraws it.")
    reason = form.text("reason", "Say why, in words the person can read too.", LONGEST_REASON)
    form.demand_none()
    return by_whom, reason
