"""Every dose the people of a home gave in a span, judged once for all who ask: matrix, audit and one person's file.

One pass over the entries of the span, resident by resident, by their own index: the cost grows with the doses of the
span, never with the home's past or the number of people.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from medpwa import clock, database
from medpwa.competency.models import Grant
from medpwa.competency.rules import GrantFact
from medpwa.competency.vocabulary import RESIDENT_SPECIFIC
from medpwa.mar.models import OWN_GIVES
from medpwa.medicines import queries as orders
from medpwa.medicines.rules import OrderFacts
from medpwa.practice.giving_rules import SUPERVISED, Dated, Give, Judge, Judged
from medpwa.remember import once_a_look, while_nothing_newer
from medpwa.staff import queries as staff

NIGHT_ENDS, NIGHT_BEGINS = 7, 21  # o'clock in the home: from nine in the evening to seven in the morning
PERIODS: dict[str, str] = {
    "day": "Monday to Friday, 07:00 to 21:00",
    "night": "Every night, 21:00 to 07:00",
    "weekend": "Saturday and Sunday, 07:00 to 21:00",
}
# A give that a correction replaced or struck out is none; its replacement stands for itself.
_GIVES = f"""SELECT e.id, e.resident_id, e.order_version_id, coalesce(e.administered_by, e."by"), e.given_at, e.at,
    e."by", e.supervised_by, e.break_glass_id, e.after_the_fact, e.corrects_id
    FROM resident r JOIN entry e ON e.resident_id = r.id
    WHERE r.home_id = ? AND e.given_at >= ? AND e.given_at < ? AND e.outcome IN {OWN_GIVES}
    AND NOT EXISTS (SELECT 1 FROM entry c WHERE c.corrects_id = e.id)"""
_FIRST = "SELECT at, corrects_id, supervised_by, break_glass_id, after_the_fact FROM entry WHERE id = ?"
_TABLES = ("entry", "skill_grant", "order_version", "resident")


@dataclass(frozen=True)
class Gives:
    """The doses of a span, counted and judged. `alone` counts doses by giver that nobody stood beside as supervisor."""

    total: int = 0
    skilled: int = 0  # of orders that ask for a sign-off
    alone: Mapping[int, int] = field(default_factory=dict)
    last: Mapping[int, tuple[int, int]] = field(default_factory=dict)  # giver: first and last dose of the span
    by_week: Mapping[tuple[int, dt.date, str], int] = field(default_factory=dict)  # giver, Monday, skill
    by_skill: Mapping[str, int] = field(default_factory=dict)
    by_period: Mapping[str, int] = field(default_factory=dict)
    # giver, skill and, for a delegated one, resident: when it was last used
    used: Mapping[tuple[int, str, int | None], int] = field(default_factory=dict)
    not_in_date: tuple[Judged, ...] = ()  # oldest first
    supervised: tuple[Judged, ...] = ()

    @property
    def people(self) -> set[int]:
        """Everybody who gave at least one dose."""
        return set(self.last)

    @property
    def never_out_of_date(self) -> tuple[set[int], set[int]]:
        """People who gave on their own and were signed off for each of those doses, and all who gave on their own."""
        out = {j.give.giver for j in self.not_in_date}
        gave = set(self.alone) | out
        return gave - out, gave


@once_a_look(*_TABLES)
def gives_between(home_id: int, start: dt.datetime, end: dt.datetime) -> Gives:
    """The doses given in [start, end), kept until something newer is recorded."""
    key = (home_id, start, end)
    return while_nothing_newer("gives", key, _TABLES, lambda: _count(home_id, start, end))


@once_a_look("skill_grant")
def dated_grants(home_id: int) -> Mapping[int, tuple[Dated, ...]]:
    """Every stored version of every skill of a home, by person, oldest first."""
    return while_nothing_newer("dated_grants", home_id, ("skill_grant",), lambda: _read_grants(home_id))


def _read_grants(home_id: int) -> dict[int, tuple[Dated, ...]]:
    found: dict[int, list[Dated]] = {}
    for g in Grant.select().where(Grant.home == home_id).order_by(Grant.id):
        fact = GrantFact(g.skill, g.resident_id, g.state, g.valid_from, g.valid_until, g.id, g.reason)
        found.setdefault(g.person_id, []).append(Dated(fact, g.at, g.by, g.evidence))
    return {person_id: tuple(own) for person_id, own in found.items()}


def judge_of(home_id: int) -> Judge:
    """Answers whether somebody of a home was signed off at a moment."""
    return Judge(dated_grants(home_id), staff.zone_of(home_id))


def order_versions(home_id: int) -> dict[int, OrderFacts]:
    """Every version of every order of a home, by its id."""
    return {o.version_id: o for o in orders.orders_of_home(home_id)}


def _read(home_id: int, start: dt.datetime, end: dt.datetime) -> list[Give]:
    rows = database.rows(_GIVES, home_id, clock.micros(start), clock.micros(end))
    found = [_corrected(row) if row[10] is not None else _give(row) for row in rows]
    return sorted(found, key=lambda g: (g.given, g.id))


def any_between(home_id: int, start: dt.datetime, end: dt.datetime) -> bool:
    """Whether anybody gave a dose in [start, end)."""
    return bool(database.rows(f"{_GIVES} LIMIT 1", home_id, clock.micros(start), clock.micros(end)))


def _give(row: tuple) -> Give:
    return Give(*row[:9], bool(row[9]))


def _corrected(row: tuple) -> Give:
    """A give that stands because of a correction: known since the first entry of its chain, and given as that says
    under whose eyes, where the correction does not."""
    known, corrects, beside, glass, after = row[5], row[10], row[7], row[8], row[9]
    while corrects is not None:
        known, corrects, first_beside, first_glass, first_after = database.rows(_FIRST, corrects)[0]
        beside, glass, after = beside or first_beside, glass or first_glass, after or first_after
    return Give(*row[:5], known, row[6], beside, glass, bool(after))


def _count(home_id: int, start: dt.datetime, end: dt.datetime) -> Gives:
    zone, judge = staff.zone_of(home_id), judge_of(home_id)
    asked = {number: o.required_skills for number, o in order_versions(home_id).items()}
    alone, by_week, by_skill, by_period = Counter(), Counter(), Counter(), Counter()
    last: dict[int, tuple[int, int]] = {}
    out, beside = [], []
    days: Hours = {}
    used: dict[tuple[int, str, int | None], int] = {}
    skilled = total = 0
    for give in _read(home_id, start, end):
        total += 1
        skills = asked[give.version_id]
        skilled += bool(skills)
        period, monday = _when(give.given, zone, days)
        by_period[period] += 1
        last[give.giver] = (last.get(give.giver, (give.given, 0))[0], give.given)
        for skill in skills:
            by_skill[skill] += 1
            by_week[give.giver, monday, skill] += 1
            used[give.giver, skill, give.resident_id if skill in RESIDENT_SPECIFIC else None] = give.given
        if not skills:
            by_week[give.giver, monday, ""] += 1
        judged = judge.judged(give, skills)
        if judged is not None:
            (beside if judged.way == SUPERVISED else out).append(judged)
        if judged is None or judged.way != SUPERVISED:
            alone[give.giver] += 1
    return Gives(total, skilled, alone, last, by_week, by_skill, by_period, used, tuple(out), tuple(beside))


Hours = dict[int, tuple[str, dt.date]]  # what was worked out about an hour


def period_of(given: int, zone: str, known: Hours) -> str:
    """Which part of the week a moment in microseconds lies in: day, night or weekend."""
    return _when(given, zone, known)[0]


_HOUR = 3_600_000_000


def _when(given: int, zone: str, known: Hours) -> tuple[str, dt.date]:
    """Which part of the week a moment lies in, and its week's Monday. Every home's clock changes on the full hour, so
    each hour is asked about once."""
    hour = given // _HOUR
    if hour not in known:
        there = clock.local(clock.from_micros(hour * _HOUR), zone)
        monday = clock.monday_of(there.date())
        by_day = "weekend" if there.weekday() >= 5 else "day"
        known[hour] = (by_day if NIGHT_ENDS <= there.hour < NIGHT_BEGINS else "night", monday)
    return known[hour]
