"""A campaign: rounds of a home recorded by many writers while the server under them is killed, or stopped, again and
again, each time started at once with the same command and nothing done by hand."""

from __future__ import annotations

import datetime as dt
import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bench import home, serving
from bench.asking import Form
from bench.faults import evidence
from bench.faults.group import Group, adopting
from bench.faults.history import Verdict, judge
from bench.faults.notebook import BrokenOff, Notebook
from bench.faults.writers import RACE, Writers, forms_of, tasks
from bench.home import Carer
from bench.place import Place
from medpwa import clock

PER_DOSE = 4.9  # entries a dose is good for: three refusals and a give, three in ten of them by two people
MOST_BEDS = 30  # a round: what is done well within the half hour that "ready" lasts, also on a slow machine
JITTER = 0.03  # seconds; a kill strikes anywhere between two answers
EARLY = 1.5  # seconds after the start within which a kill is meant for a server that is still starting
RECOVER_WITHIN = 180.0  # seconds; not a bar, which is printed, but the end of waiting
MOST_TRIES = 3
_NEVER = float("inf")
APART = dt.timedelta(seconds=30)  # the worker processes' own clocks start with them: tickets must not be ahead


@dataclass(frozen=True)
class Plan:
    """What is wanted. `early` is the share of kills that strike a server that is still starting."""

    kills: int
    acknowledged: int
    writers: int = 12
    seed: int = 1
    early: float = 0.1
    race: float = RACE
    graceful: bool = False
    until: float = float("inf")  # on time.perf_counter: after this no more kills, once there were the least wanted
    least: int = 0

    @property
    def each(self) -> float:
        """Entries acknowledged from one kill to the next, on average."""
        return self.acknowledged / max(1, self.kills)


@dataclass
class Seen:
    """What happened. `recoveries` are the seconds from a kill to the first answer read whole after it, for the kills
    after which the server was left alone until it answered."""

    kills: int = 0
    while_starting: int = 0
    recoveries: list[float] = field(default_factory=list)
    most_tries: int = 1
    told_late: list[BrokenOff] = field(default_factory=list)  # stored before the stop, and not told of it
    codes: set[int] = field(default_factory=set)
    seconds: float = 0.0
    gave_up: str = ""
    verdict: Verdict = field(default_factory=Verdict)


class Campaign:
    """One server, one home, one notebook."""

    def __init__(
        self,
        place: Place,
        plan: Plan,
        command: Callable[[int], tuple[str, ...]] | None = None,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.place, self.plan, self.book, self.seen = place, plan, Notebook(), Seen()
        self._say = say
        self.group = Group(place.folder)
        if command is not None:
            self.group = Group(place.folder, command(self.group.port), self.group.port)
        self.rng = random.Random(plan.seed)
        self._turn, self._began, self._killed_at = 0, 0.0, None
        self._rows: dict[int, int] = {}  # the newest row when a life had ended in peace

    def run(self) -> Seen:
        """Rounds until there were kills and acknowledgements enough; then everything is judged."""
        began = time.perf_counter()
        with adopting():
            self._rounds()
        self.seen.seconds = time.perf_counter() - began
        self._judge()
        return self.seen

    def _rounds(self) -> None:
        try:
            while not self._done() and not self.seen.gave_up and not self._over():
                self._round()
                self._turn += 1
                self._say(f"round {self._turn}: {self.seen.kills:,} ends, {self.book.entries:,} acknowledged")
        finally:
            self.group.kill()

    def _done(self) -> bool:
        return self.seen.kills >= self.plan.kills and self.book.entries >= self.plan.acknowledged

    def _over(self) -> bool:
        return time.perf_counter() > self.plan.until and self.seen.kills >= self.plan.least

    def _judge(self) -> None:
        history = evidence.history_of(self.place, self.book)
        rows = {s.entry_id: s.row for s in history.stored}
        self.seen.verdict = judge(history)
        self.seen.told_late = [
            b for b in self.book.unanswered if not b.told and rows.get(b.entry_id, _NEVER) <= self._rows.get(b.life, 0)
        ]

    # ---------------------------------------------------------------- one round

    def _round(self) -> None:
        work = tasks(self.forms(), self.rng, self.plan.race)
        busy = Writers(self.group.port, work, self.plan.writers, self.book, self.plan.seed + self._turn)
        self._killed_at = None
        self._start()
        busy.start()
        while busy.busy() and not self.seen.gave_up:
            self._life(busy)
        busy.abandon() if self.seen.gave_up else busy.end()
        self.seen.codes.add(self.group.stop()) if not self.seen.gave_up else self.group.kill()

    def forms(self) -> list[tuple[Form, Form]]:
        """Everybody opens their card and makes it ready, on a server that ends in peace before the writing begins."""
        wanted = (self.plan.acknowledged - self.book.entries) / PER_DOSE / home.ORDERS
        pairs = self._at_bedsides(max(1, min(MOST_BEDS, math.ceil(wanted))))
        self._began = time.perf_counter() - APART.total_seconds()
        self.group.start(self.place.environment(self._turn))
        serving.wait(self.group.process, self.group.port, self.group.log)
        forms = forms_of(self.group.port, pairs)
        self.group.stop()
        return forms

    def _at_bedsides(self, count: int) -> list[tuple[Carer, Carer]]:
        beds, carers, half = self.place.beds[:count], self.place.carers, len(self.place.carers) // 2
        with self.place.open(), clock.standing(home.round_at(self._turn)):
            return list(zip(home.sign_in(beds, carers), home.sign_in(beds, carers[half:] + carers[:half]), strict=True))

    def _start(self) -> None:
        """The same command again; its clock goes on from where the round is."""
        passed = dt.timedelta(seconds=time.perf_counter() - self._began)
        at = clock.local(home.round_at(self._turn) + passed).replace(tzinfo=None)
        self.group.start(self.place.environment(self._turn) | {"MEDPWA_CLOCK": at.isoformat()})
        self._life_number = self.book.new_life()

    # ---------------------------------------------------------------- one life

    def _life(self, busy: Writers) -> None:
        """Let the server live for a while, end it, start it again."""
        starting = self.rng.random() < self.plan.early and not self.plan.graceful
        if starting:
            time.sleep(self.rng.uniform(0, EARLY))
        elif not self._recovered(busy):
            return
        else:
            self._enough_for_this_life(busy)
        if not busy.busy() or self.seen.gave_up:
            return
        if self.seen.kills >= self.plan.kills or self._over():
            self._finish_the_round(busy)
            return
        self.seen.kills += 1
        self.seen.while_starting += starting
        self._end_it()
        self._start()

    def _end_it(self) -> None:
        self._killed_at = time.perf_counter()
        if not self.plan.graceful:
            self.group.kill()
            return
        self.seen.codes.add(self.group.stop())
        self._rows[self._life_number] = evidence.last_row(self.place)

    def _recovered(self, busy: Writers) -> bool:
        """Wait for the first acknowledged answer of this life; a server that ended by itself is started again."""
        until, tries = time.perf_counter() + RECOVER_WITHIN, 1
        while busy.busy() and self.book.first_yes(self._life_number) is None:
            if self.group.ended():
                tries += 1
                self._start()
            if tries > MOST_TRIES or time.perf_counter() > until:
                self.seen.gave_up = f"It did not come back. Its last words:\n{self.group.last_words()}"
                return False
            time.sleep(0.005)
        self.seen.most_tries = max(self.seen.most_tries, tries)
        first = self.book.first_yes(self._life_number)
        if first is not None and self._killed_at is not None:
            self.seen.recoveries.append(first - self._killed_at)
        self._killed_at = None
        return True

    def _enough_for_this_life(self, busy: Writers) -> None:
        target = self.book.entries + self.rng.uniform(0, 2 * self.plan.each)
        until = time.perf_counter() + RECOVER_WITHIN
        while busy.busy() and self.book.entries < target and time.perf_counter() < until:
            if self.group.ended():
                self.seen.gave_up = f"It ended by itself. Its last words:\n{self.group.last_words()}"
                return
            time.sleep(0.002)
        time.sleep(self.rng.uniform(0, JITTER))

    def _finish_the_round(self, busy: Writers) -> None:
        """No more kills: what is left of the round is recorded if it is still wanted, else left."""
        if not self._recovered(busy):
            return
        while busy.busy() and self.book.entries < self.plan.acknowledged and not self.group.ended():
            if self._over():
                break
            time.sleep(0.01)
        if self._recovered(busy):
            busy.end()
