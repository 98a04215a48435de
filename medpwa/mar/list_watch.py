"""Looks for medicines lists nobody finished comparing by the end of the day of arrival, and tells of each once.

A worker that is down delays the telling; the floor board and the decisions say it by themselves.
"""

from __future__ import annotations

import datetime as dt

from medpwa import alerts, clock
from medpwa.action import Done, action
from medpwa.mar import comparing
from medpwa.mar.away_vocabulary import CAME
from medpwa.mar.comparing import Comparison
from medpwa.permits import Actor
from medpwa.residents import queries as residents
from medpwa.staff import queries as staff
from medpwa.staff.homes import in_every_home
from medpwa.staff.models import Home


@in_every_home("mar.lists", every=dt.timedelta(minutes=5), says="telling of medicines lists not compared in time")
def look(home: Home) -> int:
    """Tell those who lead of medicines lists that were not compared on the day of arrival.

    Returns how many were new."""
    at = clock.now()
    overdue = [c for c in comparing.open_of(home.id) if at >= c.arrival.due_by(home.zone)]
    new = alerts.untold(overdue, overdue_key)
    for found in new:
        tell_overdue(by=staff.system(home), found=found)
    return len(new)


def overdue_key(c: Comparison) -> str:
    """One arrival is told once, whatever is keyed about it later."""
    return f"compare:{c.resident_id}:{clock.micros(c.arrival.at)}"


@action("alerts.raise")
def tell_overdue(*, by: Actor, found: Comparison) -> Done:
    """Put a medicines list nobody has finished comparing by the end of the day in front of those who lead."""
    r = residents.resident_card(by.home_id, found.resident_id)
    now = comparing.newest_of(by.home_id, found.resident_id)
    if r is None or now is None or not now.open:
        return Done(None, replay=True)
    words = (
        f"{r.name}’s medicines list is not compared since {CAME[found.arrival.came]}, "
        f"{clock.stamp_words(found.arrival.at, by.zone)}. It is done the same day. {r.room_words}."
    )
    raised = alerts.raise_alert(
        home_id=by.home_id,
        key=overdue_key(found),
        words=words,
        url=f"{r.url}/reconcile",
        to_verb="reconcile.record",
        subject=f"resident:{r.id}",
    )
    return Done(None, raised, replay=not raised)
