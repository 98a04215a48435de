"""Looks once a minute for time-critical doses that closed without a record, and tells those who lead at once."""

from __future__ import annotations

import datetime as dt

from medpwa import alerts, clock
from medpwa.action import Done, action
from medpwa.mar import gap_queries, queries
from medpwa.mar import words as words_of
from medpwa.mar.lateness import is_recorded, opened_again
from medpwa.mar.queries import DoseLine
from medpwa.permits import Actor
from medpwa.residents.queries import resident_card
from medpwa.staff import queries as staff
from medpwa.staff.homes import in_every_home
from medpwa.staff.models import Home


def alert_key(line: DoseLine) -> str:
    """One gap is told once, and once more where what was recorded of it is struck out."""
    return f"gap:{line.dose.key}{opened_again(line.entries)}"


@in_every_home("mar.gaps", every=dt.timedelta(minutes=1), says="telling the shift leader about doses without a record")
def look(home: Home) -> int:
    """Tell those who lead about time-critical doses that closed without a record.

    Returns how many were new."""
    at = clock.now()
    lines = queries.lines_between(home, at - queries.LOOK_BACK, at, at)
    gaps = [x for x in lines if x.order.time_critical and x.state.kind == "gap"]
    new = alerts.untold(gaps, alert_key)
    for line in new:
        tell(by=staff.system(home), line=line)
    return len(new)


@action("alerts.raise")
def tell(*, by: Actor, line: DoseLine) -> Done:
    """Put one time-critical gap in front of those who lead, unless somebody recorded the dose meanwhile."""
    if is_recorded(queries.entries_of_dose(line.dose.key)):
        return Done(None, replay=True)
    resident = resident_card(by.home_id, line.order.resident_id)
    words = (
        f"{resident.name}’s {words_of.medicine(line.order)}, due {clock.stamp_words(line.due_at, by.zone)}, closed "
        f"without a record. It is time-critical: find out now whether {resident.called} had it. If not, ask the "
        "pharmacist, GP or 111 what to do."
    )
    raised = alerts.raise_alert(
        home_id=by.home_id,
        key=alert_key(line),
        words=words,
        url=gap_queries.url_of(by, line.dose.key),
        to_verb="gaps.see",
        subject=f"resident:{resident.id}",
    )
    return Done(None, raised, replay=not raised)
