"""The facts of a coverage forecast, and the forecast itself, kept until something it rests on changes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from medpwa import clock
from medpwa.competency import queries as competency
from medpwa.mar import witness_rules
from medpwa.medicines import queries as orders
from medpwa.medicines import rules as medicines
from medpwa.medicines.rules import OrderFacts
from medpwa.medicines.vocabulary import BY_VISITOR
from medpwa.permits import CARE_ROLES, Actor
from medpwa.practice import coverage_rules as rules
from medpwa.practice import filling_rules as filling
from medpwa.practice.coverage_rules import AnyTime, Cover, Facts, Hole, Need, Span, Worker
from medpwa.practice.coverage_vocabulary import AT_ANY_TIME, DAYS_AHEAD
from medpwa.remember import home_stamp, remembered
from medpwa.residents import queries as residents
from medpwa.staff import queries as staff
from medpwa.staff.vocabulary import ON_CALL

STEP = dt.timedelta(minutes=15)  # a forecast is made anew at least that often
_TABLES = ("duty", "skill_grant", "role", "person_version")
_STAMP = """SELECT (SELECT max(id) FROM duty WHERE home_id = ?), (SELECT max(id) FROM skill_grant WHERE home_id = ?),
    (SELECT max(id) FROM role), (SELECT max(id) FROM person_version)"""


@dataclass(frozen=True)
class Forecast:
    """Seven days of cover: the holes, who could fill each, who is on call then, and what lapses on the way."""

    start: dt.datetime
    end: dt.datetime
    known_until: dt.datetime
    any_duties: bool
    doses: int
    holes: tuple[Hole, ...]
    could: dict[Hole, tuple[Worker, ...]]
    on_call: dict[Hole, tuple[Worker, ...]]
    lapses: tuple[filling.Lapse, ...]


def forecast(who: Actor, at: dt.datetime | None = None) -> Forecast:
    """The next seven days of the actor's home from a moment (now, to the quarter of an hour before)."""
    moment = at or clock.now()
    start = moment - (moment - clock.EPOCH) % STEP
    newest = home_stamp(_TABLES, _STAMP, who.home_id, who.home_id)
    here = tuple(sorted(r.id for r in residents.residents_at(who.home_id, moment)))
    stamp = (newest, orders.orders_stamp(who.home_id), here, start)
    return remembered("cover", who.home_id, stamp, lambda: judged(facts_of(who, start, here)))


def judged(facts: Facts) -> Forecast:
    """A forecast of these facts."""
    cover = Cover(facts)
    found = rules.holes(facts, cover)
    return Forecast(
        start=facts.start,
        end=facts.end,
        known_until=rules.known_until(facts),
        any_duties=any(d.kind != ON_CALL for d in facts.duties),
        doses=sum(n.count for n in facts.needs),
        holes=found,
        could={h: filling.could_fill(h, facts, cover) for h in found},
        on_call={h: filling.could_fill(h, facts, cover, call=True) for h in found},
        lapses=filling.lapses(facts),
    )


def facts_of(who: Actor, start: dt.datetime, here: tuple[int, ...]) -> Facts:
    """What a forecast of the seven days from a moment rests on."""
    last = clock.local_day(start, who.zone) + dt.timedelta(days=DAYS_AHEAD)
    end = clock.at_local(last, clock.local(start, who.zone).time(), who.zone)
    home = tuple(o for o in orders.orders_of_home(who.home_id) if o.resident_id in set(here))
    return Facts(
        home_id=who.home_id,
        zone=who.zone,
        start=start,
        end=end,
        workers=_workers(who),
        duties=_duties(who, start, end),
        needs=tuple(_needs(home, start, end, who.zone)),
        any_time=tuple(dict.fromkeys(_any_time(home, start, end))),
        care_roles=CARE_ROLES,
    )


def _workers(who: Actor) -> tuple[Worker, ...]:
    grants = competency.grants_at(who.home_id)
    return tuple(
        Worker(c.person_id, c.name, staff.role_facts(c.person_id), tuple(grants.get(c.person_id, ())))
        for c in staff.colleagues(who.home_id)
        if c.roles
    )


def _duties(who: Actor, start: dt.datetime, end: dt.datetime) -> tuple[Span, ...]:
    """Duties of the span and of half a day around it: who works long hours is known by them."""
    found = staff.duties_between(who.home_id, start - filling.AROUND, end + filling.AROUND)
    return tuple(Span(d.person_id, d.starts, d.ends, d.kind) for d in found)


def _needs(home: tuple[OrderFacts, ...], start: dt.datetime, end: dt.datetime, zone: str) -> Iterator[Need]:
    """What each dose asks for. What a visiting nurse alone gives asks nobody of the home."""
    asks: dict[tuple, int] = {}  # what orders ask for, numbered: most of one resident's ask for the same
    number = {
        o.version_id: asks.setdefault((o.required_skills, o.resident_id, _second(o)), len(asks))
        for o in home
        if o.route not in BY_VISITOR
    }
    due = medicines.doses_due(home, start, end, zone)
    alike = Counter((dose.due_at, number[dose.version_id]) for dose in due if dose.version_id in number)
    wanted = list(asks)
    for (at, n), count in alike.items():
        yield Need(at, *wanted[n], count)


def _second(o: OrderFacts) -> rules.Ways:
    return witness_rules.ways(o) if witness_rules.needed(o) else ()


def _any_time(home: tuple[OrderFacts, ...], start: dt.datetime, end: dt.datetime) -> Iterator[AnyTime]:
    """What may be needed at any moment: controlled drugs, insulin (domain page 5.4: each shift has two people for the
    one and somebody for the other) and whatever is given when required."""
    for o in home:
        begins, ends = max(o.valid_from, start), min(o.valid_to or end, end)
        runs = not (o.stopped or o.suspended or o.in_error) and o.route not in BY_VISITOR and begins < ends
        special = o.controlled or o.kind == "prn" or bool(AT_ANY_TIME & set(o.required_skills))
        if runs and special and o.required_skills and _day_fits(o, begins, ends):
            second = _second(o)
            whose = o.resident_id if rules.for_one(o.required_skills, second) else 0  # one for all: asked once
            yield AnyTime(begins, ends, o.required_skills, whose, second)


def _day_fits(o: OrderFacts, begins: dt.datetime, ends: dt.datetime) -> bool:
    return o.starts_on <= ends.date() and (o.ends_on is None or o.ends_on >= begins.date())
