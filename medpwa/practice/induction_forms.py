"""What is typed about somebody from outside: who they are, then what they were shown."""

from __future__ import annotations

import datetime as dt

from medpwa.competency.paper_forms import read_paper
from medpwa.pages import once
from medpwa.permits import Actor
from medpwa.practice.induction_rules import Shown
from medpwa.practice.induction_vocabulary import FROM_A_PAPER, ITEMS, KINDS, LONGEST_LINE, ROLES_FROM_OUTSIDE
from medpwa.staff import forms as staff_forms
from medpwa.staff import typed
from medpwa.staff.forms import Typed


def read_person(form: Typed, who: Actor) -> dict:
    """A new colleague from outside; their access always has a last day. Raises Invalid."""
    names = staff_forms.person_names(form)
    if not names["agency"] and not names["bank"] and not form.error("kind"):
        form.fault("kind", "Choose whether they come from an agency or the bank.")
    username = staff_forms.person_username(form)
    role, until = staff_forms.role_until(form, who, agency=True)
    if role and role not in ROLES_FROM_OUTSIDE and not form.error("role"):
        form.fault("role", "Choose carer or senior carer. Other roles are given on the staff page.")
    form.demand_none()
    return dict(names, username=username, role=role, valid_until=until)


def read_induction(form: Typed, who: Actor, person_id: int) -> Shown:
    """What somebody was shown, as the action takes it. Raises Invalid; a file that came with it is kept anyway."""
    said = Shown(
        induction_id=form.text("entry_id", longest=64),
        agency=form.text("agency", longest=LONGEST_LINE),
        agency_contact=form.text("agency_contact", longest=LONGEST_LINE),
        paper_id=read_paper(form, who, person_id),
        paper_expires_on=form.day("paper_expires_on"),
        items=frozenset(form.flags("items", ITEMS)),
        skills=tuple(form.flags("skills", FROM_A_PAPER)),
        assessor_id=_assessor(form),
        on_day=form.day("on_day") or dt.date.min,
        round_name=form.text("round_name"),
    )
    form.demand_none()
    return said


def _assessor(form: Typed) -> int:
    value = form.values["assessor"] = once("assessor")[:20]
    return typed.number(value) or 0


def kinds() -> list[tuple[str, str]]:
    """Where somebody from outside comes from, to choose."""
    return list(KINDS.items())
