"""Looks once a minute for when-required doses of which nobody said what they did, and tells the shift leader once.

A worker that is down delays the telling; the lists show what is overdue by themselves.
"""

from __future__ import annotations

import datetime as dt

from medpwa import alerts, clock
from medpwa.action import Done, action
from medpwa.mar import effects, prn_rules
from medpwa.mar import words as words_of
from medpwa.mar.effects import Given
from medpwa.permits import Actor
from medpwa.residents.queries import resident_card
from medpwa.residents.vocabulary import LEFT
from medpwa.staff import queries as staff
from medpwa.staff.homes import in_every_home
from medpwa.staff.models import Home


def alert_key(given: Given) -> str:
    """One dose is chased once."""
    return f"effect:{given.entry}"


@in_every_home("prn.watch", every=dt.timedelta(minutes=1), says="asking what a when-required dose did")
def look(home: Home) -> int:
    """Tell the shift leader about effects that are overdue and were not told before.

    Returns how many were new."""
    at = clock.now()
    overdue = [g for g in effects.open_effects(home.id, at) if g.due_at and at >= g.due_at + prn_rules.EFFECT_CHASED]
    new = alerts.untold(overdue, alert_key)
    for given in new:
        tell(by=staff.system(home), given=given)
    return len(new)


@action("prn.chase")
def tell(*, by: Actor, given: Given) -> Done:
    """Put one overdue effect in front of the shift leader, unless somebody recorded it meanwhile or the person is not
    here any more."""
    entry = effects.entry_of(by, given.entry)
    resident = resident_card(by.home_id, given.resident_id)
    if effects.newest_effect(entry) is not None or resident.whereabouts in LEFT:
        return Done(None, replay=True)
    leader = staff.shift_leader(by.home_id)
    words = (
        f"Nobody has recorded whether {resident.name}’s {words_of.medicine(given.order)} helped. It was given "
        f"{clock.stamp_words(given.at, by.zone)}. {resident.room_words}."
    )
    raised = alerts.raise_alert(
        home_id=by.home_id,
        key=alert_key(given),
        words=words,
        url=f"/h/{by.home_slug}/effects/{given.entry}",
        to_verb="mar.see_reports",
        to_person=leader.person_id if leader else None,
        subject=f"resident:{resident.id}",
    )
    return Done(None, raised, replay=not raised)
