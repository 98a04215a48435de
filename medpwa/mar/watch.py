"""Looks once a minute for time-critical doses that have passed their window and tells the shift leader; while nobody
takes it on, others after them.

A worker that is down delays the telling; the list and the board show the lateness by themselves.
"""

from __future__ import annotations

import datetime as dt

from medpwa import alerts, clock
from medpwa.action import Done, action
from medpwa.ledger import Pending
from medpwa.mar import late_rules, queries
from medpwa.mar import words as words_of
from medpwa.mar.late_rules import STEPS, Reachable, Step
from medpwa.mar.lateness import alert_key, is_recorded, late_since, opened_again, told_of
from medpwa.mar.queries import DoseLine
from medpwa.permits import Actor
from medpwa.residents.queries import ResidentCard, resident_card
from medpwa.staff import queries as staff
from medpwa.staff.homes import in_every_home
from medpwa.staff.models import Home


@in_every_home("mar.watch", every=dt.timedelta(minutes=1), says="telling the shift leader about late doses")
def look(home: Home) -> int:
    """Tell the shift leader about time-critical doses that are late and were not told before.

    Returns how many steps were new."""
    at = clock.now()
    lines = queries.lines_between(home, at - queries.LOOK_BACK, at, at)
    late = [x for x in lines if x.order.time_critical and x.state.kind == "late"]
    return sum(_look_at(home, x, at) for x in late)


def _look_at(home: Home, line: DoseLine, at: dt.datetime) -> int:
    """The steps of one late dose, each told once, in order."""
    told = told_of(home.id, line)
    due = late_rules.steps_due(late_since(line), at, taken_on=told.taken_on_by is not None)
    new = [step for step in due if step.name not in told.steps]
    for step in new:
        tell(by=staff.system(home), line=line, step=step)
    return len(new)


@action("alerts.raise")
def tell(*, by: Actor, line: DoseLine, step: Step = STEPS[0]) -> Done:
    """Put one late time-critical dose in front of whoever a step reaches, unless somebody recorded it or took it on
    meanwhile. All of a step's alerts are raised together, each under a key of its own: a worker that was killed and
    runs again finds them there."""
    told = told_of(by.home_id, line)
    if is_recorded(queries.entries_of_dose(line.dose.key)) or told.taken_on_by is not None or step.name in told.steps:
        return Done(None, replay=True)
    resident = resident_card(by.home_id, line.order.resident_id)
    raised: list[Pending] = []
    for person_id, key in _whom(by, line, step):
        raised += alerts.raise_alert(
            home_id=by.home_id,
            key=key,
            words=_words(by, line, resident, step),
            url=f"{resident.url}/card",
            to_verb="mar.see_reports",
            to_person=person_id,
            subject=f"resident:{resident.id}",
        )
    return Done(None, raised, replay=not raised)


def _whom(by: Actor, line: DoseLine, step: Step) -> list[tuple[int | None, str]]:
    """Whom a step reaches, with the key of each alert."""
    key = alert_key(line)
    if step.to == "shift_leader":
        leader = staff.shift_leader(by.home_id)
        return [(leader.person_id if leader else None, key)]
    on_shift, _ = staff.on_shift(by.home_id)
    here = [Reachable(p.person_id, p.roles, p.duty) for p in on_shift]
    everybody = [Reachable(c.person_id, c.roles) for c in staff.colleagues(by.home_id)]
    found = late_rules.people_for(step, here, everybody)
    return [(i, f"{key}:{step.name}:{i}") for i in found] or [(None, f"{key}:{step.name}")]


def _words(by: Actor, line: DoseLine, resident: ResidentCard, step: Step) -> str:
    what = f"{resident.name}’s {words_of.medicine(line.order)} was due {clock.time_words(line.due_at, by.zone)}"
    where = "" if resident.whereabouts == "home" else f" {resident.whereabouts_words}."
    struck = " What was recorded of it was struck out." if opened_again(line.entries) else ""
    again = " The shift leader was told and had not taken it on." if step.name else ""
    return f"{what} and is not recorded.{struck} It is time-critical.{again} {resident.room_words}.{where}"
