"""Looks once a minute for time-critical doses that have passed their window and tells the shift leader.

A worker that is down delays the telling; the list and the board show the lateness by themselves.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from medpwa import alerts, clock, jobs
from medpwa.action import Done, action
from medpwa.mar import absence_actions, comparing, queries, refusal_actions, refusing
from medpwa.mar import words as words_of
from medpwa.mar.queries import DoseLine
from medpwa.permits import Actor
from medpwa.residents.queries import resident_card
from medpwa.staff import queries as staff
from medpwa.staff.models import Home


def alert_key(line: DoseLine) -> str:
    """One dose is told once."""
    return f"late:{line.dose.key}"


@jobs.handler("mar.watch", every=dt.timedelta(minutes=1), says="telling the shift leader about late doses")
def watch(payload: dict[str, Any]) -> None:
    """Tell the shift leader of each home about time-critical doses that are late and were not told before."""
    for home in list(Home.select()):
        look(home)
        look_at_lists(home)
        look_at_refusals(home)


def look_at_refusals(home: Home) -> int:
    """Tell the shift leader of runs of refusals that became episodes in the last day, once each; returns how many were
    new. Older ones stand in the list and among the decisions."""
    at = clock.now()
    found = [x for x in refusing.episodes_of(home.id, at) if x.waits and x.episode.opened_at > at - queries.LOOK_BACK]
    told = alerts.raised([refusal_actions.alert_key(x) for x in found])
    new = [x for x in found if refusal_actions.alert_key(x) not in told]
    for x in new:
        refusal_actions.tell(by=staff.system(home), found=x)
    return len(new)


def look_at_lists(home: Home) -> int:
    """Tell of medicines lists not compared by the end of the day of arrival, once each; returns how many were new."""
    at = clock.now()
    overdue = [c for c in comparing.open_of(home.id) if at >= c.arrival.due_by(home.zone)]
    told = alerts.raised([absence_actions.overdue_key(c) for c in overdue])
    new = [c for c in overdue if absence_actions.overdue_key(c) not in told]
    for found in new:
        absence_actions.tell_overdue(by=staff.system(home), found=found)
    return len(new)


def look(home: Home) -> int:
    """Raise the alerts of one home; returns how many were new."""
    at = clock.now()
    lines = queries.lines_between(home, at - queries.LOOK_BACK, at, at)
    late = [x for x in lines if x.order.time_critical and x.state.kind == "late"]
    told = alerts.raised([alert_key(x) for x in late])
    new = [x for x in late if alert_key(x) not in told]
    for line in new:
        tell(by=staff.system(home), line=line)
    return len(new)


@action("alerts.raise")
def tell(*, by: Actor, line: DoseLine) -> Done:
    """Put one late time-critical dose in front of the shift leader, unless somebody recorded it meanwhile."""
    if queries.entries_of_dose(line.dose.key):
        return Done(None, replay=True)
    leader = staff.shift_leader(by.home_id)
    resident = resident_card(by.home_id, line.order.resident_id)
    words = (
        f"{resident.name}’s {words_of.medicine(line.order)} was due "
        f"{clock.time_words(line.due_at, by.zone)} and is not recorded. It is time-critical. {resident.room_words}."
    )
    raised = alerts.raise_alert(
        home_id=by.home_id,
        key=alert_key(line),
        words=words,
        url=f"{resident.url}/card",
        to_verb="mar.see_reports",
        to_person=leader.person_id if leader else None,
        subject=f"resident:{resident.id}",
    )
    return Done(None, raised, replay=not raised)
