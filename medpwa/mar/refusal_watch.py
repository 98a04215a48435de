"""Looks for runs of refusals that have become episodes and tells the shift leader of each once.

A worker that is down delays the telling; the list and the decisions say it by themselves.
"""

from __future__ import annotations

import datetime as dt

from medpwa import alerts, clock
from medpwa.action import Done, action
from medpwa.mar import queries, refusing
from medpwa.mar.refusal_vocabulary import WHY_OPENED
from medpwa.mar.refusing import Found
from medpwa.permits import Actor
from medpwa.residents import queries as residents
from medpwa.staff import queries as staff
from medpwa.staff.homes import in_every_home
from medpwa.staff.models import Home


@in_every_home("mar.refusals", every=dt.timedelta(minutes=1), says="telling the shift leader about runs of refusals")
def look(home: Home) -> int:
    """Tell the shift leader of the runs of refusals that became episodes in the last day.

    Older ones stand in the list and among the decisions. Returns how many were new."""
    at = clock.now()
    found = [x for x in refusing.episodes_of(home.id, at) if x.waits and x.episode.opened_at > at - queries.LOOK_BACK]
    new = alerts.untold(found, alert_key)
    for x in new:
        tell(by=staff.system(home), found=x)
    return len(new)


def alert_key(found: Found) -> str:
    """One episode is told once."""
    return f"refusal:{found.episode.first_entry}"


@action("alerts.raise")
def tell(*, by: Actor, found: Found) -> Done:
    """Put a run of refusals that has become an episode in front of the shift leader, once."""
    person = residents.resident_card(by.home_id, found.order.resident_id)
    leader = staff.shift_leader(by.home_id)
    row = refusing.row_of(by, found)
    raised = alerts.raise_alert(
        home_id=by.home_id,
        key=alert_key(found),
        words=f"{row.title}: refused. {WHY_OPENED[found.episode.why]}. {person.room_words}.",
        url=row.url,
        to_verb="refusal.see",
        to_person=leader.person_id if leader else None,
        subject=f"resident:{person.id}",
    )
    return Done(None, raised, replay=not raised)
