"""Looks once a minute for exceptions nobody has answered, and tells those who answer for the home again: an exception
is never quiet. A worker that is down delays the telling; the floor board and the decisions show it by themselves."""

from __future__ import annotations

import datetime as dt
from typing import Any

from medpwa import clock, jobs
from medpwa.action import Done, action
from medpwa.alerts import Acknowledgement, Alert
from medpwa.competency import glass_queries
from medpwa.competency.models import BreakGlassSeen
from medpwa.mar import glass_deeds, glass_rules
from medpwa.permits import Actor
from medpwa.staff import queries as staff
from medpwa.staff.models import Home


@jobs.handler("glass.watch", every=dt.timedelta(minutes=1), says="telling managers about an exception for a round")
def watch(payload: dict[str, Any]) -> None:
    """Tell again of every home's exceptions that wait for an answer."""
    for home in list(Home.select()):
        look(home)


def look(home: Home) -> int:
    """Raise what is due of one home; returns how many tellings were new."""
    due = [(g.id, n) for g in glass_queries.waiting(home.id) if (n := due_now(g.id)) is not None]
    for glass_id, number in due:
        tell_again(by=staff.system(home), glass_id=glass_id, number=number)
    return len(due)


def due_now(glass_id: int) -> int | None:
    """Which telling of an exception is due; None while none is."""
    rows = list(Alert.select().where(Alert.key.startswith(glass_deeds.alert_keys(glass_id))).order_by(Alert.id))
    if not rows:
        return glass_rules.next_telling(0, None, False, clock.now())
    told = len({row.key.split(":")[2] for row in rows})
    read = Acknowledgement.select().where(Acknowledgement.alert == rows[-1]).exists()
    return glass_rules.next_telling(told, rows[-1].at, read, clock.now())


@action("alerts.raise")
def tell_again(*, by: Actor, glass_id: int, number: int) -> Done:
    """Put an exception in front of everybody who answers for the home, unless one of them has answered it meanwhile."""
    row = glass_queries.glass_of(by, glass_id)
    if BreakGlassSeen.select().where(BreakGlassSeen.break_glass == row).exists() or due_now(glass_id) != number:
        return Done(None, replay=True)
    lines = glass_deeds.tell(by, row, number)
    return Done(None, lines, replay=not lines)
