"""Doses given by people who were not signed off: with somebody beside them, which counts as evidence, or under an
exception for one round."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from medpwa import clock
from medpwa.competency.glass_queries import Glass
from medpwa.database import fetch, rows
from medpwa.mar import words as words_of
from medpwa.mar.models import OWN_GIVES, Entry
from medpwa.medicines import queries as orders
from medpwa.permits import Actor
from medpwa.staff import queries as staff

# By each order line of the home along the index of its gives: what stands of a span of time.
_GIVES = f"""id IN (SELECT e.id FROM order_line l JOIN entry e ON e.order_line_id = l.id
    AND e.outcome IN {OWN_GIVES} AND e.given_at >= ? AND e.given_at < ?
    WHERE l.home_id = ? AND {{which}} AND NOT EXISTS (SELECT 1 FROM entry c WHERE c.corrects_id = e.id)) ORDER BY id"""


@dataclass(frozen=True)
class SupervisedDose:
    """One dose somebody gave with somebody signed off beside them."""

    entry_id: int  # the row's number, as an assessment keeps it
    given_at: dt.datetime
    resident_id: int
    medicine: str
    skills: tuple[str, ...]
    beside_id: int
    beside: str


def supervised_doses(who: Actor, person_id: int, since: dt.datetime) -> list[SupervisedDose]:
    """The doses somebody gave since a moment with somebody beside them, oldest first: evidence for their file and their
    assessments. What a correction replaced is not among them."""
    found = _gives(who.home_id, since, clock.now() + dt.timedelta(minutes=1), "e.supervised_by IS NOT NULL")
    mine = [row for row in found if (row.administered_by or row.by) == person_id]
    names = staff.names({row.supervised_by for row in mine})
    versions = {o.version_id: o for o in orders.orders_of_home(who.home_id)} if mine else {}
    return [_dose(row, versions[row.order_version_id], names) for row in mine if row.order_version_id in versions]


def _dose(row: Entry, order, names: dict[int, str]) -> SupervisedDose:
    who = names.get(row.supervised_by, "somebody")
    skills, what = tuple(order.required_skills), words_of.medicine(order)
    return SupervisedDose(row.id, row.given_at, row.resident_id, what, skills, row.supervised_by, who)


def doses_under(home_id: int, glass: Glass) -> list[Entry]:
    """The doses that stand given under an exception, oldest first."""
    found = _gives(home_id, glass.starts_at, glass.ends_at, "e.break_glass_id IS NOT NULL")
    return [row for row in found if row.break_glass_id == glass.id]


# The same counted for every exception of a home: each along the same index, by its own hours.
_COUNTED = f"""SELECT g.id, count(*) FROM break_glass g JOIN order_line l ON l.home_id = g.home_id
    JOIN entry e ON e.order_line_id = l.id AND e.outcome IN {OWN_GIVES}
    AND e.given_at >= g.starts_at AND e.given_at < g.ends_at AND e.break_glass_id = g.id
    WHERE g.home_id = ? AND g.at >= ? AND NOT EXISTS (SELECT 1 FROM entry c WHERE c.corrects_id = e.id)
    GROUP BY g.id"""


def counted_under(home_id: int, since: dt.datetime) -> dict[int, int]:
    """How many doses stand given under each exception decided since a moment; those with none are left out."""
    return dict(rows(_COUNTED, home_id, clock.micros(since)))


def _gives(home_id: int, start: dt.datetime, end: dt.datetime, which: str) -> list[Entry]:
    return fetch(Entry, _GIVES.format(which=which), clock.micros(start), clock.micros(end), home_id)
