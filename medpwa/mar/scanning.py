"""From a code to a card: what a read or typed code means for this person now, and the one-use opening it makes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from medpwa import clock, notes
from medpwa.errors import NotFound
from medpwa.mar import actions, queries
from medpwa.mar.models import Scan
from medpwa.permits import Actor, may
from medpwa.residents import queries as residents
from medpwa.residents.models import Label
from medpwa.residents.queries import LabelFound
from medpwa.residents.vocabulary import LEFT
from medpwa.staff import queries as staff
from medpwa.staff.models import Home, Session

CARD_STANDS = dt.timedelta(minutes=20)
# Another home's code and one that never existed answer alike (law 6).
UNKNOWN = "This code is not known here. Check that it is a label of this home, or find the person by name."
REVOKED = "This label was taken out of use. Use another label of the person, or find them by name."
NOT_FOR_YOU = "Your role here does not give medicines, so scanning opens the person’s record, not the card."


@dataclass(frozen=True)
class Scanned:
    """What a code came to. `kind`: right, stop, revoked, left or unknown; `url` where to go, if anywhere."""

    kind: str
    words: str
    url: str | None = None


def label_by_id(label_id: int | None) -> LabelFound | None:
    """The label that waited in a session while its reader signed in."""
    row = Label.get_or_none(Label.id == label_id) if label_id else None
    if row is None:
        return None
    ended = residents.label_has_ended(row.id)
    return LabelFound(row.id, row.resident_id, row.resident.home_id, row.place, ended)


def home_of_label(person_id: int, label: LabelFound | None, session_id: int | None) -> Actor | None:
    """The person as an actor at the home of a label; None when it is no label or not a home of theirs."""
    if label is None:
        return None
    home = Home.get_or_none(Home.id == label.home_id)
    return staff.actor(person_id, home.slug, session_id) if home else None


def follow(who: Actor, label: LabelFound, how: str, session: Session) -> Scanned:
    """Open the card of a label's resident, or say in one plain message why not. Every wrong kind is counted."""
    resident = residents.resident_card(who.home_id, label.resident_id)
    if resident is None:
        raise NotFound()
    if label.ended:
        return _counted(who, Scanned("revoked", REVOKED))
    if resident.whereabouts in LEFT:
        words = f"{resident.name} no longer lives here. The label opens nothing: tell the shift leader."
        return _counted(who, Scanned("left", words))
    base = f"/h/{who.home_slug}/residents/{resident.id}"
    if not may("mar.scan", who):
        return Scanned("right", NOT_FOR_YOU, base)
    other = open_card_of(who, session, resident.id)
    if other is not None:
        row = _scan(who, label, how, stopped=True, other=other)
        return _counted(who, Scanned("stop", "This is somebody else.", f"/h/{who.home_slug}/stop/{row.id}"))
    _scan(who, label, how)
    return Scanned("right", f"{resident.name}, {resident.room_words}", f"{base}/card")


def unknown(home_id: int | None) -> Scanned:
    """The answer to a code that is nothing to this person; counted in their home."""
    if home_id is not None:
        notes.count(home_id, "scan.unknown")
    return Scanned("unknown", UNKNOWN)


def _counted(who: Actor, scanned: Scanned) -> Scanned:
    notes.count(who.home_id, f"scan.{scanned.kind}")
    return scanned


def _scan(who: Actor, label: LabelFound, how: str, *, stopped: bool = False, other: int | None = None) -> Scan:
    return actions.scan(
        by=who,
        resident_id=label.resident_id,
        label_id=label.label_id,
        how=how,
        stopped=stopped,
        open_resident_id=other,
    )


def open_card_of(who: Actor, session: Session, scanned_resident: int) -> int | None:
    """The resident whose card stands open in this session with something still to do, when it is somebody else's."""
    standing = session.card_resident
    if standing is None or standing == scanned_resident or session.card_at is None:
        return None
    if clock.now() - session.card_at > CARD_STANDS:
        return None
    return standing if session.card_ready or outstanding(who, standing) else None


def outstanding(who: Actor, resident_id: int) -> int:
    """How many doses of a resident wait to be given now."""
    at = clock.now()
    lines = queries.lines_between(who, at - queries.LOOK_BACK, at + dt.timedelta(hours=2), at, resident_id)
    return sum(1 for x in lines if x.state.kind in ("due", "late"))
