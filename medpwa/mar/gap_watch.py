"""Looks once a minute for time-critical doses that closed without a record, and tells those who lead at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from medpwa import alerts, clock, jobs
from medpwa.action import Done, action
from medpwa.mar import gap_queries, queries
from medpwa.mar import words as words_of
from medpwa.mar.lateness import is_recorded, opened_again
from medpwa.mar.queries import DoseLine
from medpwa.permits import Actor
from medpwa.residents.queries import resident_card
from medpwa.staff import queries as staff
from medpwa.staff.models import Home


def alert_key(line: DoseLine) -> str:
    """One gap is told once, and once more where what was recorded of it is struck out."""
    return f"gap:{line.dose.key}{opened_again(line.entries)}"


@jobs.handler("mar.gaps", every=dt.timedelta(minutes=1), says="telling the shift leader about doses without a record")
def watch_gaps(payload: dict[str, Any]) -> None:
    """Tell the shift leader of each home about time-critical doses that closed without a record."""
    for home in list(Home.select()):
        look(home)


def look(home: Home) -> int:
    """Raise the alerts of one home; returns how many were new."""
    at = clock.now()
    lines = queries.lines_between(home, at - queries.LOOK_BACK, at, at)
    gaps = [x for x in lines if x.order.time_critical and x.state.kind == "gap"]
    told = alerts.raised([alert_key(x) for x in gaps])
    new = [x for x in gaps if alert_key(x) not in told]
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
