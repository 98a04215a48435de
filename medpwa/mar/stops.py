"""The stop: somebody else's code over an open card, and the verb that says its label is in the wrong place."""

from __future__ import annotations

from medpwa import alerts, clock
from medpwa.action import Done, action
from medpwa.errors import NotFound
from medpwa.ledger import line
from medpwa.mar import deeds
from medpwa.mar.models import Scan
from medpwa.permits import Actor
from medpwa.residents import queries as residents
from medpwa.staff import queries as staff


def stop_of(by: Actor, scan_id: int, **_: object) -> Scan:
    """The loader of a stop: a scan of this person's that another open card stopped, else NotFound."""
    if not 0 < scan_id < staff.HIGHEST_ID:
        raise NotFound()
    found = Scan.get_or_none(
        (Scan.id == scan_id) & (Scan.home == by.home_id) & (Scan.by == by.person_id) & (Scan.stopped == True)  # noqa: E712
    )
    if found is None:
        raise NotFound()
    return found


@action("labels.report_wrong", about=stop_of)
def report_label(*, by: Actor, about: Scan, scan_id: int) -> Done:
    """Raise an alert that a label may be in the wrong place."""
    resident = residents.resident_card(by.home_id, about.resident_id)
    words = (
        f"{by.name} thinks a label is in the wrong place: it says {resident.name}, {resident.room_words} "
        f"({clock.time_words(about.at, by.zone)}). Check it before it is used again."
    )
    raised = alerts.raise_alert(
        home_id=by.home_id,
        key=f"label:{about.label_id}:{scan_id}",
        words=words,
        url=f"/h/{by.home_slug}/residents/{about.resident_id}/labels",
        to_verb="labels.revoke",
        subject=deeds.subject(about.resident_id),
    )
    return Done(None, [line("labels.report_wrong", deeds.subject(about.resident_id), scan=scan_id), *raised])
