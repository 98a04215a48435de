"""The only writers of talks, what was agreed in them, and the names under them."""

from __future__ import annotations

import datetime as dt

from medpwa import alerts, clock
from medpwa.ledger import Pending, line
from medpwa.permits import Actor
from medpwa.practice.models import SupervisionAction, SupervisionActionDone, SupervisionNote, SupervisionSign
from medpwa.practice.supervision_rules import Talk


def subject(person_id: int) -> str:
    """Whose history a talk joins."""
    return f"person:{person_id}"


def write(
    by: Actor, *, note_id: str, person_id: int, supervisor_id: int, talk: Talk, agenda: dict, amends: int | None
) -> tuple[SupervisionNote, list[Pending]]:
    """A version of a talk with what was agreed in it; the person is told that it waits for their name."""
    at = clock.now()
    note = SupervisionNote.create(
        home=by.home_id,
        note_id=note_id,
        person=person_id,
        supervisor=supervisor_id,
        kind=talk.kind,
        held_on=talk.held_on,
        agenda=agenda,
        said=dict(talk.said),
        level=talk.level,
        next_on=talk.next_on,
        amends=amends,
        at=at,
        by=by.person_id,
    )
    agreed = [
        SupervisionAction.create(note=note, what=a.what, owner=a.owner_id, due_on=a.due_on, at=at, by=by.person_id)
        for a in talk.actions
    ]
    return note, [line("supervision.record", subject(person_id), note, *agreed)]


def tell(by: Actor, note: SupervisionNote, words: str) -> list[Pending]:
    """Put a talk in front of the person it was held with."""
    return alerts.raise_alert(
        home_id=by.home_id,
        key=f"supervision:{note.id}",
        words=words,
        url=f"/h/{by.home_slug}/supervision/talks/{note.id}",
        to_verb="supervision.sign",
        to_person=note.person_id,
        subject=subject(note.person_id),
        raised_by=by.person_id,
    )


def sign(
    note: SupervisionNote, person_id: int, *, meaning: str, words: str, proven_at: dt.datetime
) -> tuple[SupervisionSign, Pending]:
    """One of the two puts their name to a version."""
    row = SupervisionSign.create(
        note=note, meaning=meaning, words=words, proven_at=proven_at, at=clock.now(), by=person_id
    )
    return row, line("supervision.sign", subject(note.person_id), row)


def close(
    action: SupervisionAction, person_id: int, about: int, *, how: str, words: str
) -> tuple[SupervisionActionDone, Pending]:
    """An action is done, or let go."""
    row = SupervisionActionDone.create(action=action, how=how, words=words, at=clock.now(), by=person_id)
    return row, line("supervision.act", subject(about), row)
