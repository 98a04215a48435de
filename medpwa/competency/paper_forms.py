"""A paper that comes with a form. It is kept at once, so that a form with faults does not ask for it again."""

from __future__ import annotations

from flask import request

from medpwa.competency import paper_actions, paper_rules, papers
from medpwa.errors import Invalid
from medpwa.pages import once
from medpwa.permits import Actor
from medpwa.staff import typed
from medpwa.staff.forms import Typed


def read_paper(form: Typed, who: Actor, person_id: int, missing: str = "") -> int | None:
    """The id of the paper that came with a form, now or the time before; None where there is none and may be none.
    What is wrong with it is said beside its field, and the form's other faults with it."""
    file = request.files.get("paper")
    if file is not None and file.filename:
        data = file.stream.read(paper_rules.LARGEST_PAPER + 1)
        file.close()  # a large one lies in a file of its own until then
        found = _keep(form, who, person_id, data, file.filename)
    else:
        found = _kept_before(form, who)
    if found is None and missing and not form.error("paper"):
        form.fault("paper", missing)
    return found


def _keep(form: Typed, who: Actor, person_id: int, data: bytes, called: str) -> int | None:
    try:
        paper = papers.prepare(data, called)
    except Invalid as no:
        form.errors += no.errors
        return None
    row = paper_actions.keep(by=who, person_id=person_id, paper=paper)
    show_kept(form, who, row.id)
    return row.id


def _kept_before(form: Typed, who: Actor) -> int | None:
    value = once("paper_id")[:20]
    if not value:
        return None
    if not show_kept(form, who, typed.number(value)):
        form.fault("paper", "That file is not here. Choose it again; what you typed is kept.")
        return None
    return typed.number(value)


def show_kept(form: Typed, who: Actor, paper_id: int | None) -> bool:
    """Put a kept paper into a form, in words; False where this home has none of that number."""
    found = papers.facts_of(who.home_id, paper_id)
    if found is None:
        return False
    form.values |= {"paper_id": str(found.id), "paper_words": found.words}
    return True
