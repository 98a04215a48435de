"""What a supervisor types after a talk, and what closes an action."""

from __future__ import annotations

import datetime as dt
import uuid

from medpwa import clock
from medpwa.pages import once
from medpwa.practice.models import SupervisionNote
from medpwa.practice.supervision_rules import Agreed, Talk, next_talk
from medpwa.practice.supervision_vocabulary import (
    KINDS,
    LEVELS,
    LONGEST_WHAT,
    MOST_WORDS,
    PARTS,
    ROWS_OF_ACTIONS,
)
from medpwa.staff import typed
from medpwa.staff.forms import Typed

ROWS = range(1, ROWS_OF_ACTIONS + 1)


def fresh(today: dt.date) -> Typed:
    """An empty form, held today, the next in eight weeks."""
    return Typed(
        note_id=str(uuid.uuid4()),
        kind="scheduled",
        level="file",
        held_on=today.isoformat(),
        next_on=next_talk(today).isoformat(),
        as_of=str(clock.micros(clock.now())),
    )


def of_note(note: SupervisionNote) -> Typed:
    """A form that says what a talk says now."""
    return Typed(
        note_id=str(uuid.uuid4()),
        kind=note.kind,
        level=note.level,
        held_on=note.held_on.isoformat(),
        next_on=note.next_on.isoformat() if note.next_on else "",
        seen=str(note.id),
        **note.said,
    )


def read(form: Typed, owners: list[tuple[int, str]]) -> Talk:
    """The talk, with every fault of its fields said at once. Raises Invalid."""
    form.values["note_id"], form.values["as_of"] = once("note_id")[:64], once("as_of")[:20]
    form.values["seen"] = once("seen")[:12]
    if len(form["note_id"]) < 32:
        form.fault("kind", "This form is not complete. Open it again; what you typed is kept below.")
    kind = form.choice("kind", KINDS, "Choose what kind of talk it was from the list.")
    held_on = form.day("held_on", "Choose the day you talked.")
    said = {part: form.text(part, longest=MOST_WORDS) for part in PARTS}
    actions = tuple(a for a in (_agreed(form, n, owners) for n in ROWS) if a is not None)
    level = form.choice("level", LEVELS, "Choose who may read it from the list.")
    next_on = form.day("next_on")
    form.demand_none()
    return Talk(kind, held_on, {p: w for p, w in said.items() if w}, level, next_on, actions)


def _agreed(form: Typed, number: int, owners: list[tuple[int, str]]) -> Agreed | None:
    """One row of what was agreed; None for an empty one. What is not on the form is not there."""
    what = form.text(f"what-{number}", longest=LONGEST_WHAT)
    value = form.values[f"owner-{number}"] = once(f"owner-{number}")[:20]
    if not what and not value and not once(f"due-{number}"):
        return None
    due = form.day(f"due-{number}", "Choose until when.")
    owner = typed.number(value)
    if not what:
        form.fault(f"what-{number}", "Say what will be done.")
    if owner not in {person_id for person_id, _ in owners}:
        form.fault(f"owner-{number}", "Choose who will do it.")
        return None
    return Agreed(what, owner, due) if due is not None else None


def moment(text: str) -> dt.datetime | None:
    """The moment the figures of a form were counted; None for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) <= 16):
        return None
    return clock.from_micros(int(text))
