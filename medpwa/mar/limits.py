"""The hard stops of every order, as prescribed: the shortest time since the last actual dose, the most in any 24 hours,
no second dose within so many days. Pure: what was given comes in, and what stands in the way goes out.

There is no way past them at the bedside (bar page 5). A one-off order on a prescriber's advice, checked by a second
person, is exempt itself and counts for all the others. What has happened already is never refused: `breaches` says what
a fact must be flagged with.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from medpwa import clock
from medpwa.medicines import schedules
from medpwa.medicines.amounts import amount_words, number_words
from medpwa.medicines.bounds import held
from medpwa.medicines.rules import Ingredient, OrderFacts

MOST_KEPT = 4_096  # of what is worked out from an order's own words, which many orders share
ANY_DAY = dt.timedelta(hours=24)  # rolling, never the calendar day
A_MINUTE = dt.timedelta(minutes=1)
BREACHES = {"interval": "interval_breach", "maximum": "maximum_breach", "guard": "guard_breach"}


@dataclass(frozen=True, slots=True)
class Gave:
    """One dose that was really given, under which version of its order. `amount` is in that version's dose unit."""

    entry: int
    order: OrderFacts
    at: dt.datetime
    amount: Decimal
    medicine: str  # as the round may call it


@dataclass(frozen=True, slots=True)
class LimitFacts:
    """What the limits of one order depend on: how much is to be given, what was given of anything in the last days,
    and the orders that are active now."""

    order: OrderFacts
    amount: Decimal
    gives: tuple[Gave, ...]  # oldest first
    active: tuple[OrderFacts, ...]
    called: str = "They"
    zone: str = clock.DEFAULT_ZONE


@dataclass(frozen=True, slots=True)
class Stop:
    """One limit that stands in the way: when it stops doing so (None: never, the dose itself is too much)."""

    code: str  # interval, maximum, guard
    words: str
    last: Gave | None
    next_allowed: dt.datetime | None


def names(o: OrderFacts) -> frozenset[str]:
    """What an order is counted as: its ingredients, and its own name where two lines are of one medicine."""
    return _names(o.medicine, o.ingredients)


@lru_cache(MOST_KEPT)
def _names(medicine: str, ingredients: tuple[Ingredient, ...]) -> frozenset[str]:
    return frozenset((medicine.casefold(), *(i.name.casefold() for i in ingredients)))


def share(one: OrderFacts, other: OrderFacts) -> bool:
    """Whether a dose of one counts as a dose of the other: the same line, or an ingredient in common."""
    return one.line_id == other.line_id or not names(one).isdisjoint(names(other))


def limited(o: OrderFacts) -> bool:
    """Whether an order says anything that `stops` asks about."""
    return bool(o.min_interval or o.most_24h is not None or guard_days(o) or any(i.most_24h for i in o.ingredients))


def guard_days(o: OrderFacts) -> int:
    """Within how many days of a dose no second one may come; 0 for nothing said. A brand is what it holds: the weekly
    medicines are known by the substances keyed as well as by name."""
    return schedules.guard_of(" ".join(sorted(names(o))), o.guard_days) or 0


@dataclass(frozen=True, slots=True)
class Counting:
    """Which order lines of one person the limits look at, by all versions of all their orders."""

    lines: frozenset[int]  # those of which a dose counts towards a limit, their own or another's
    orders: tuple[OrderFacts, ...]  # every version of them
    far: tuple[int, ...]  # among them those that a limit looks at further back than usual
    reach: dt.timedelta  # how far back that is
    known: frozenset[int]  # all lines of the person

    def looks_at(self, order: OrderFacts) -> bool:
        """Whether a limit may stand in the way of an order; of a line that is not among these nothing is known, and it
        may."""
        return order.line_id in self.lines or order.line_id not in self.known


def counting(own: Sequence[OrderFacts], usual: dt.timedelta) -> Counting:
    """What the limits of one person's orders look at. `usual` is how far back every dose is looked at anyway."""
    limiting = [o for o in own if limited(o)]
    far = [o for o in limiting if _reach(o) > usual]
    lines = frozenset(o.line_id for o in own if any(share(one, o) for one in limiting))
    return Counting(
        lines=lines,
        orders=tuple(o for o in own if o.line_id in lines),
        far=tuple(sorted({o.line_id for o in own if any(share(one, o) for one in far)})),
        reach=max(map(_reach, far), default=usual),
        known=frozenset(o.line_id for o in own),
    )


def _reach(o: OrderFacts) -> dt.timedelta:
    """How far back the interval or guard of an order looks."""
    return max(dt.timedelta(minutes=o.min_interval or 0), dt.timedelta(days=guard_days(o), hours=1))


def on_advice(o: OrderFacts) -> bool:
    """Whether this is the one way past a limit: one dose, once, on a prescriber's advice, checked by another."""
    return o.kind == "once" and bool(o.advice) and o.checked


def free_from(at: dt.datetime, span: dt.timedelta) -> dt.datetime:
    """The first full minute that lies a whole span after a dose: never a second too early, and just what is shown."""
    exact = at + span
    minute = exact.replace(second=0, microsecond=0)
    return minute if minute == exact else minute + A_MINUTE


def stops(f: LimitFacts, at: dt.datetime) -> tuple[Stop, ...]:
    """Every limit that a give now would break, weightiest first; none for the one-off order on advice, which one dose
    uses up. A dose that stands in the record as given later than now is there because a clock was put back: it counts
    as given this minute, never as none."""
    f = replace(f, gives=tuple(replace(g, at=min(g.at, at)) for g in f.gives))
    used_up = any(g.order.line_id == f.order.line_id for g in f.gives)
    return () if on_advice(f.order) and not used_up else passed(f, at)


def passed(f: LimitFacts, at: dt.datetime) -> tuple[Stop, ...]:
    """The same whatever the order rests on: what a one-off order on advice goes past."""
    return tuple(s for s in (*_guard(f, at), *_maxima(f, at), *_interval(f, at)) if s is not None)


def next_allowed(f: LimitFacts, at: dt.datetime) -> dt.datetime | None:
    """The first moment from now on at which no limit stands in the way; None when waiting does not help. Each limit
    only falls away as time passes, so the last one to go decides."""
    found = stops(f, at)
    if any(s.next_allowed is None for s in found):
        return None
    return max((s.next_allowed for s in found), default=at)


def held_until(f: LimitFacts | None, at: dt.datetime) -> dt.datetime | None:
    """The same, where something stands in the way now and waiting helps; else None."""
    free = next_allowed(f, at) if f is not None else None
    return free if free is not None and free > at else None


# ---------------------------------------------------------------- the three limits


def _interval(f: LimitFacts, at: dt.datetime) -> Iterator[Stop | None]:
    """At least so long since the last actual dose of this order or of anything with an ingredient in common. The
    order's own interval: what another order says of its own doses does not hold back one that says nothing."""
    last = _last(f, at)
    if not f.order.min_interval or last is None:
        return
    span = dt.timedelta(minutes=f.order.min_interval)
    free = free_from(last.at, span)
    if at < free:
        said = f"Too soon: {_had(f, last, at)}, and this order says at least {clock.span_words(span)} between doses."
        yield _stop(f, "interval", said, last, free, at)


def _guard(f: LimitFacts, at: dt.datetime) -> Iterator[Stop | None]:
    """No second dose within so many days on the home's clock, of this order or of anything with an ingredient in
    common; the longest that any of them says holds."""
    last = _last(f, at)
    days = max(guard_days(o) for o in (f.order, *f.active) if share(f.order, o))
    if not days or last is None:
        return
    there = clock.local(last.at, f.zone)
    again = clock.local_to_instant(there.replace(tzinfo=None, fold=0) + dt.timedelta(days=days), f.zone)
    free = free_from(again, dt.timedelta())
    if at < free:
        said = f"Not again so soon: {_had(f, last, at)}, and no second dose may come within {days} days."
        yield _stop(f, "guard", said, last, free, at)


def _maxima(f: LimitFacts, at: dt.datetime) -> Iterator[Stop | None]:
    """The most in any 24 hours, this dose included: in the order's own dose units, and of each ingredient in mg across
    everything that holds it, where the strictest limit of any active order holds."""
    for counted in measures(f):
        over = _over(counted, f, at)
        if over is not None:
            yield over


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is counted over 24 hours: how much this dose adds, what each earlier give added, and the most."""

    name: str  # the ingredient; empty where the order's own units are counted
    unit: str
    adds: Decimal
    parts: tuple[tuple[Gave, Decimal], ...]
    most: Decimal

    def words(self, amount: Decimal) -> str:
        """An amount of it: `9 tablets`, `4,500 mg of paracetamol`."""
        return f"{amount:,f}\u00a0mg of {self.name}" if self.name else amount_words(amount, self.unit)

    def taken(self, at: dt.datetime) -> Decimal:
        """How much of it was given in the 24 hours before a moment."""
        return sum((n for g, n in self.parts if g.at <= at < free_from(g.at, ANY_DAY)), Decimal())


def measures(f: LimitFacts) -> list[Measure]:
    """Everything that is counted for an order."""
    found = []
    if f.order.most_24h is not None:
        running = {o.line_id for o in f.active}
        own = tuple((g, _in_units(f.order, g)) for g in f.gives if _counts_in_units(f.order, g.order, running))
        found.append(Measure("", f.order.dose_unit, f.amount, own, f.order.most_24h))
    for i in held(f.order):
        most = strictest(i.name, (f.order, *f.active))
        if most is not None:
            parts = tuple((g, _plain(g.amount * m)) for g in f.gives if (m := _mass(g.order, i.name)))
            found.append(Measure(i.name, "mg", _plain(f.amount * i.mass), parts, _plain(most)))
    return found


def strictest(name: str, orders: Iterable[OrderFacts]) -> Decimal | None:
    """The lowest limit in mg that any of these orders sets for an ingredient; None when none does."""
    wanted = name.casefold()
    return min(
        (i.most_24h for o in orders for i in o.ingredients if i.name.casefold() == wanted and i.most_24h is not None),
        default=None,
    )


def _over(m: Measure, f: LimitFacts, at: dt.datetime) -> Stop | None:
    taken = m.taken(at)
    if taken + m.adds <= m.most:
        return None
    inside = sorted((g for g, n in m.parts if n and g.at <= at < free_from(g.at, ANY_DAY)), key=lambda g: g.at)
    leaving = (free_from(g.at, ANY_DAY) for g in inside)
    free = next((then for then in leaving if m.taken(then) + m.adds <= m.most), None)
    counting = ", counting every medicine that holds it" if m.name else ""
    before = f"{_capital(f.called)} has had {m.words(taken)} in the last 24 hours{counting}"
    said = f"Too much in 24 hours: {before}. With this dose it would be {m.words(taken + m.adds)}, and the most is "
    last = inside[-1] if inside else None
    when = f" Last given {clock.moment_words(last.at, f.zone, seen_from=at)}." if last else ""
    return _stop(f, "maximum", f"{said}{m.words(m.most)}.{when}", last, free, at)


def _counts_in_units(o: OrderFacts, given: OrderFacts, running: Collection[int]) -> bool:
    """Whether a dose fills an order's own maximum: of the same line, or of a line of the same medicine that does not
    run any more, which this one took the place of."""
    if o.line_id == given.line_id:
        return True
    return given.line_id not in running and o.medicine.casefold() == given.medicine.casefold()


def _in_units(o: OrderFacts, g: Gave) -> Decimal:
    """How many dose units of an order a dose was, also where its own version had another strength or unit: by what
    both hold. Where nothing says how they compare, as much as one dose of this order may be, never nothing."""
    for i in held(o):
        mass = _mass(g.order, i.name)
        if mass is not None and i.mass:
            return _plain(g.amount * mass / i.mass)
    if o.dose_unit == g.order.dose_unit:
        return g.amount
    return o.dose_most or o.dose_amount or g.amount


def _mass(o: OrderFacts, name: str) -> Decimal | None:
    """How many mg of an ingredient one dose unit of an order holds, by what was keyed or by its strength; None when it
    holds none."""
    wanted = name.casefold()
    return next((i.mass for i in held(o) if i.name.casefold() == wanted), None)


def _last(f: LimitFacts, at: dt.datetime) -> Gave | None:
    return max((g for g in f.gives if g.at <= at and share(f.order, g.order)), key=lambda g: g.at, default=None)


# ---------------------------------------------------------------- what has happened already


def breaches(f: LimitFacts, given_at: dt.datetime) -> tuple[str, ...]:
    """The flags of a dose that was given already (bar page 5): it is kept whatever the limits say. Later doses are
    looked at too, because what was told late may lie between them. Its time is known to the minute only."""
    found = {BREACHES[s.code] for s in passed(f, given_at)}
    t = given_at.replace(second=0, microsecond=0)
    for g in f.gives:
        if g.at > given_at and share(f.order, g.order) and _too_near(f, g, t):
            found.add("interval_breach")
    for m in measures(f):
        ends = [g.at for g, _ in m.parts if given_at < g.at < free_from(given_at, ANY_DAY)]
        if any(m.taken(end) + m.adds > m.most for end in ends):
            found.add("maximum_breach")
    return tuple(flag for flag in BREACHES.values() if flag in found)


def _too_near(f: LimitFacts, later: Gave, t: dt.datetime) -> bool:
    """Whether a later dose came sooner after this one than its own order says."""
    span = dt.timedelta(minutes=later.order.min_interval or 0)
    return later.at < t + span or later.at < t + dt.timedelta(days=guard_days(later.order))


# ---------------------------------------------------------------- words


def _stop(
    f: LimitFacts, code: str, said: str, last: Gave | None, free: dt.datetime | None, at: dt.datetime
) -> Stop:
    return Stop(code, f"{said} {free_words(free, at, f.zone)} {ASK}", last, free)


ASK = "If it cannot wait, ask the shift leader, who can ring the prescriber."


def free_words(free: dt.datetime | None, at: dt.datetime, zone: str) -> str:
    """`Next allowed today 12:04, in 1 hour 20 min.` The span tells two equal clock times of one night apart."""
    if free is None:
        return "Waiting does not help: the dose itself is more than the order allows."
    span = clock.span_words(free_from(free, dt.timedelta()) - at + A_MINUTE - dt.timedelta(microseconds=1))
    return f"Next allowed {clock.moment_words(free, zone, seen_from=at)}, in {span}."


def _had(f: LimitFacts, g: Gave, at: dt.datetime) -> str:
    """`Doris had 10 mL of paracetamol 250 mg/5 mL oral suspension today 09:24, 2 hours 40 min ago`."""
    when = clock.moment_words(g.at, f.zone, seen_from=at)
    too = "" if g.order.line_id == f.order.line_id else _in_common(f.order, g.order)
    what = f"{amount_words(g.amount, g.order.dose_unit)} of {g.medicine}{too}"
    return f"{_capital(f.called)} had {what} {when}, {clock.span_words(at - g.at)} ago"


def _in_common(one: OrderFacts, other: OrderFacts) -> str:
    held = [i.name for i in other.ingredients if i.name.casefold() in names(one)]
    held = [name for name in held if name.casefold() != other.medicine.casefold()]
    return f" (which holds {held[0]})" if held else ""


def _plain(amount: Decimal) -> Decimal:
    """The same amount without trailing zeros or an exponent."""
    return Decimal(number_words(amount))


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
