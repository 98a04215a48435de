"""The demo home lives on: the days since it was last in use are played forward when it is started again.

Through the real actions, with the clock standing where each act was, in the pattern of the days before. Only a dose
without an entry is filled, by somebody the product's own gate lets give; what is in the records is never touched. The
play begins at the newest line of the home's ledger, so one that was stopped goes on where it stopped.
"""

from __future__ import annotations

import datetime as dt
import heapq
import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from medpwa import clock, database, remember
from medpwa.demo import floor as acts
from medpwa.demo import handing, leaders, midday, needed_on, pattern, uses
from medpwa.demo.floor import Floor
from medpwa.demo.prescriptions import Due
from medpwa.demo.telling import PROVIDER, SLUG
from medpwa.demo.told import Told
from medpwa.demo.uses import Needed
from medpwa.errors import Invalid, NotFound, Refused
from medpwa.mar import queries as mar_queries
from medpwa.mar import watch
from medpwa.mar.queries import DueDose
from medpwa.staff.models import Home, Provider

MOST_DAYS = 60
SHORTEST = dt.timedelta(hours=1)  # after a shorter break the home is as it was left
CAUGHT_UP = dt.timedelta(minutes=90)  # after due: until then a dose left open is given when the play begins
STRANGE = Told("given", 9, label="person")  # a dose the tables do not know: after the rest of its round
PLAN_AT, RENEW_AT, CLOSE_AT = dt.time(0, 30), dt.time(10), dt.time(10, 30)
LETTER_AT, CONFIRM_AT = dt.time(15, 10), dt.time(16, 30)
A_DAY = dt.timedelta(days=1)
READ_AFTER = dt.timedelta(minutes=3)

Say = Callable[[str], None]
Act = Callable[[], object]


@dataclass(frozen=True)
class Span:
    """What is to be played: from when, until when, and how many days before it stay empty."""

    start: dt.datetime
    end: dt.datetime
    days: int = 0
    left_out: int = 0
    words: str = ""  # why nothing is to be played

    @property
    def empty(self) -> bool:
        return bool(self.words)


def span_of(last: dt.datetime, now: dt.datetime, zone: str, most: int = MOST_DAYS) -> Span:
    """The days to play after the last thing recorded: at most the last `most` days of them."""
    if last > now:
        when = clock.stamp_words(last, zone)
        return Span(now, now, words=f"the clock stands before its newest record ({when}), so nothing was played. "
                    "Set the clock right, or begin afresh: make demo")  # fmt: skip
    if now - last < SHORTEST:
        return Span(now, now, words="already here and up to date.")
    today = clock.local_day(now, zone)
    earliest = clock.day_bounds(today - dt.timedelta(days=most), zone)[0]
    start, passed = max(last, earliest), (today - clock.local_day(last, zone)).days
    return Span(start, now, min(passed, most), max(0, passed - most))


def demo_home() -> Home | None:
    """The demo home of the open database; None where there is another home, or none."""
    return Home.select().join(Provider).where((Home.slug == SLUG) & (Provider.name == PROVIDER)).first()


def play_on(home: Home, now: dt.datetime, say: Say, most: int = MOST_DAYS) -> Counter:
    """Play the home forward to now. Returns how many doses came out how; empty when there was nothing to play."""
    span = span_of(_last_line(home), now, home.zone, most)
    if span.empty:
        say(f"Demo home: {span.words}")
        return Counter()
    _announce(span, say)
    play = _Play(Floor.of(home), span, say)
    with clock.standing(span.start):
        play.run()
    said = play.told
    say(
        f"Demo home: played forward, {said['given']} doses given, {said['refused']} refused, {said['asleep']} asleep, "
        f"{said['reported']} reported afterwards, {said['needed']} when required."
    )
    return said


def _last_line(home: Home) -> dt.datetime:
    """When the newest line of the home's ledger was written: nothing may be told before it."""
    (newest,) = database.rows("SELECT max(at) FROM ledger_line WHERE chain_id = ?", home.chain_id)[0]
    return clock.from_micros(newest)


def _announce(span: Span, say: Say) -> None:
    since = "since this morning" if not span.days else f"{span.days} day{'' if span.days == 1 else 's'}"
    say(f"Demo home: playing it forward to now, {since} …")
    if span.left_out:
        say(
            f"  It was left for {span.days + span.left_out} days; only the last {span.days} are played, and the "
            f"{span.left_out} before them show as not recorded. For a home without that hole: make demo"
        )


class _Play:
    """One run over a span: acts in the order of time, each at its own moment."""

    def __init__(self, floor: Floor, span: Span, say: Say) -> None:
        self.floor, self.span, self.say = floor, span, say
        self.home, self.told = floor.home, Counter()
        self.queue: list[tuple[dt.datetime, int, Act]] = []
        self.number = itertools.count()
        self.days: list[dt.date] = []

    def run(self) -> None:
        """Play everything; what the product refuses meanwhile is left as it is."""
        self._fill()
        day = None
        while self.queue:
            at, _, act = heapq.heappop(self.queue)
            clock.stand_at(at)
            remember.begin_look()
            today = clock.local_day(at, self.home.zone)
            if today != day:
                day = today
                self._progress(day)
            acts.known(self.home, today)
            try:
                act()
            except (Refused, Invalid, NotFound):
                self.told["left"] += 1  # a user changed what it rests on: nothing is forced
        remember.end_look()

    def _progress(self, day: dt.date) -> None:
        n = self.days.index(day) if day in self.days else 0
        if n and (n % 5 == 0 or len(self.days) <= 8):
            self.say(f"  Demo home: {n} of {len(self.days) - 1} days played")

    def put(self, at: dt.datetime, act: Act) -> None:
        """Have something done at a moment, if that lies in the span."""
        if self.span.start <= at <= self.span.end:
            heapq.heappush(self.queue, (at, next(self.number), act))

    # ---------------------------------------------------------------- what is to be done

    def _fill(self) -> None:
        zone, start, end = self.home.zone, self.span.start, self.span.end
        first, last = clock.local_day(start, zone), clock.local_day(end, zone)
        self.days = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
        for ahead in range(leaders.AHEAD + 1):
            self.put(start, lambda day=first + dt.timedelta(days=ahead): leaders.plan(self.floor, day))
        self.put(start, lambda: leaders.renew(self.floor))
        self.put(start, lambda: leaders.put_off(self.floor, last + 2 * A_DAY))
        for day in self.days:
            self._day_of_the_leaders(day)
            self._when_required(day)
        doses = [d for day in (first - dt.timedelta(days=1), *self.days) for d in self._open_on(day)]
        self._doses(doses)

    def _day_of_the_leaders(self, day: dt.date) -> None:
        zone, week_on = self.home.zone, day + dt.timedelta(days=leaders.AHEAD)
        self.put(clock.at_local(day, PLAN_AT, zone), lambda: leaders.plan(self.floor, week_on))
        self.put(clock.at_local(day, RENEW_AT, zone), lambda: leaders.renew(self.floor))
        self.put(clock.at_local(day, CLOSE_AT, zone), lambda: leaders.close_reports(self.floor))
        self.put(clock.at_local(day, CLOSE_AT, zone), lambda: leaders.read_alerts(self.floor))
        self.put(clock.at_local(day, LETTER_AT, zone), lambda: leaders.key_letter(self.floor))
        self.put(clock.at_local(day, CONFIRM_AT, zone), lambda: leaders.confirm_late(self.floor))
        for at, act in handing.of_the_days(self.home, [day]):
            self.put(at, act)

    def _when_required(self, day: dt.date) -> None:
        for use in uses.goes_on(day):
            at = clock.at_local(day, use.at.time(), self.home.zone)
            self.put(at, lambda use=use: self._needed(use))
            if use.effect:
                self.put(at + dt.timedelta(minutes=use.looked_after), lambda use=use: needed_on.look(self.floor, use))

    def _open_on(self, day: dt.date) -> Iterator[DueDose]:
        """The doses of a day that fall due by now, are not closed when the play begins, and have no entry."""
        entries = mar_queries.entries_since(self.home.id, self.span.start - dt.timedelta(days=2))
        for dose in mar_queries.due_on(self.home.id, self.home.zone, day):
            mine = entries.get(dose.order.resident_id, {}).get((dose.order.line_id, dose.times.due_at))
            if not mine and dose.times.due_at <= self.span.end and dose.times.close_at > self.span.start:
                yield dose

    def _doses(self, doses: list[DueDose]) -> None:
        slots = {dose.key: self.floor.slot(dose) for dose in doses}
        left = self._left([s for s in slots.values() if s is not None])
        waiting = Counter()
        for dose in doses:
            slot = slots[dose.key]
            told = pattern.goes_on(slot) if slot is not None else STRANGE
            later = pattern.reported(slot) if slot is not None else None
            if slot in left and slot is not None:
                self._watch(dose, read=False)
            elif later is not None:
                at = dose.times.due_at + dt.timedelta(minutes=later)
                self.put(at, lambda dose=dose, by=told.by: self._report(dose, by))
            elif told.outcome is not None:
                self._put_dose(dose, told, waiting)

    def _left(self, slots: list[Due]) -> set[Due]:
        """The doses that stay open, so that the home is found in the middle of its day."""
        now = clock.local(self.span.end, self.home.zone)
        near = now.date() - dt.timedelta(days=1)
        return midday.leave_open(now, [s for s in slots if s.at.date() >= near], now.date(), pattern.goes_on)

    def _put_dose(self, dose: DueDose, told: Told, waiting: Counter) -> None:
        """At its moment; where that is past already, soon after the play begins, two minutes a person."""
        at, soon = dose.times.due_at + dt.timedelta(minutes=told.minutes), self.span.start
        if at < soon:
            waiting[dose.order.resident_id] += 1
            people, own = len(waiting), waiting[dose.order.resident_id]
            at = soon + dt.timedelta(minutes=2 * people + 6 * (own - 1 if dose.order.route == "eye" else 0))
            if at > dose.times.due_at + CAUGHT_UP:
                return
        if dose.order.time_critical and at > dose.times.on_time_until:
            self._watch(dose)
        self.put(at, lambda: self._record(dose, told))

    # ---------------------------------------------------------------- doing it

    def _record(self, dose: DueDose, told: Told) -> None:
        earliest = acts.not_before(self.floor, dose) if told.outcome == "given" else None
        if earliest is not None and earliest > clock.now():
            self.put(earliest + dt.timedelta(minutes=1), lambda: self._record(dose, told))
        elif acts.record(self.floor, dose, told):
            self.told[told.outcome] += 1

    def _needed(self, use: Needed) -> None:
        if needed_on.give(self.floor, use):
            self.told["needed"] += 1

    def _report(self, dose: DueDose, likely: str) -> None:
        if acts.report(self.floor, dose, likely):
            self.told["reported"] += 1
            self.put(clock.now() + READ_AFTER, lambda: leaders.read_alerts(self.floor))

    def _watch(self, dose: DueDose, *, read: bool = True) -> None:
        """The product tells the shift leader about a time-critical dose that passed its window, who reads it."""
        if not dose.order.time_critical:
            return
        at = dose.times.on_time_until + dt.timedelta(minutes=1)
        self.put(at, lambda: watch.look(self.home))
        if read:
            self.put(at + READ_AFTER, lambda: leaders.read_alerts(self.floor))
