"""Talks between somebody and who supervises them, as far as whoever reads may know of them."""

from __future__ import annotations

from collections.abc import Iterator

from medpwa import clock
from medpwa.permits import MANAGING_ROLES, Actor
from medpwa.practice.models import SupervisionAction, SupervisionActionDone, SupervisionNote, SupervisionSign
from medpwa.practice.record_event import Event
from medpwa.staff import queries as staff

KIND_WORDS = {
    "scheduled": "Supervision",
    "reflective": "A talk after something happened",
    "observation": "A talk about an observed round",
    "return_to_work": "A talk on return to work",
    "appraisal": "Appraisal",
}


def may_read(who: Actor, note: SupervisionNote) -> bool:
    """Whether somebody may know of a talk: the two who held it always; `file` whoever may open the file; `managers`
    those who manage the home; `private` nobody else."""
    if who.person_id is not None and who.person_id in (note.person_id, note.supervisor_id):
        return True
    return note.level == "file" or (note.level == "managers" and bool(who.roles & MANAGING_ROLES))


def events(who: Actor, person_id: int) -> Iterator[Event]:
    """The talks of somebody, each as its newest version says; the level of that version decides who reads it."""
    rows = list(
        SupervisionNote.select()
        .where((SupervisionNote.home == who.home_id) & (SupervisionNote.person == person_id))
        .order_by(SupervisionNote.id)
    )
    amended = {n.amends_id for n in rows}
    standing = [n for n in rows if n.id not in amended and may_read(who, n)]
    ids = [n.id for n in standing]
    names = staff.names({n.supervisor_id for n in standing})
    signed = _count(SupervisionSign.select(SupervisionSign.note).where(SupervisionSign.note.in_(ids)))
    agreed = _count(SupervisionAction.select(SupervisionAction.note).where(SupervisionAction.note.in_(ids)))
    done = SupervisionActionDone.select(SupervisionAction.note).join(SupervisionAction)
    finished = _count(done.where(SupervisionAction.note.in_(ids)))
    for n in standing:
        said = [f"{part.replace('_', ' ').capitalize()}: {words}" for part, words in n.said.items() if words]
        acts = f"{finished.get(n.id, 0)} of {agreed[n.id]} actions done" if n.id in agreed else ""
        both = "Signed by both" if signed.get(n.id) == 2 else "Not yet signed by both"
        following = f"Next {clock.date_words(n.next_on)}" if n.next_on else ""
        detail = ". ".join(w.rstrip(".") for w in (*said, acts, both, following) if w)
        at = clock.day_bounds(n.held_on, who.zone)[0]
        yield Event(
            "supervision", at, KIND_WORDS[n.kind], detail, names.get(n.supervisor_id, "somebody"), "info", day_only=True
        )


def _count(rows) -> dict[int, int]:
    found: dict[int, int] = {}
    for (note,) in rows.tuples():
        found[note] = found.get(note, 0) + 1
    return found
