"""Talks between somebody and who supervises them, as far as whoever reads may know of them."""

from __future__ import annotations

from collections.abc import Iterator

from medpwa import clock
from medpwa.permits import Actor
from medpwa.practice import supervision_queries as supervision
from medpwa.practice.models import SupervisionAction, SupervisionActionDone, SupervisionSign
from medpwa.practice.record_event import Event
from medpwa.practice.supervision_vocabulary import KINDS, PARTS
from medpwa.staff import queries as staff


def events(who: Actor, person_id: int) -> Iterator[Event]:
    """The talks of somebody which this reader may read, each as its newest version says."""
    standing = supervision.talks_about(who, person_id)
    ids = [n.id for n in standing]
    names = staff.names({n.supervisor_id for n in standing})
    signed = _count(SupervisionSign.select(SupervisionSign.note).where(SupervisionSign.note.in_(ids)))
    agreed = _count(SupervisionAction.select(SupervisionAction.note).where(SupervisionAction.note.in_(ids)))
    done = SupervisionActionDone.select(SupervisionAction.note).join(SupervisionAction)
    finished = _count(done.where(SupervisionAction.note.in_(ids)))
    for n in standing:
        said = [f"{label}: {n.said[part]}" for part, (label, _) in PARTS.items() if n.said.get(part)]
        acts = f"{finished.get(n.id, 0)} of {agreed[n.id]} actions done" if n.id in agreed else ""
        both = "Signed by both" if signed.get(n.id) == 2 else "Not yet signed by both"
        following = f"Next {clock.date_words(n.next_on)}" if n.next_on else ""
        detail = ". ".join(w.rstrip(".") for w in (*said, acts, both, following) if w)
        at = clock.day_bounds(n.held_on, who.zone)[0]
        yield Event(
            "supervision", at, KINDS[n.kind][0], detail, names.get(n.supervisor_id, "somebody"), "info", day_only=True
        )


def _count(rows) -> dict[int, int]:
    found: dict[int, int] = {}
    for (note,) in rows.tuples():
        found[note] = found.get(note, 0) + 1
    return found
