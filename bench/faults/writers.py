"""Writers: people recording over HTTP who do what a phone does. What was not answered is sent again as it was, until it
is; some of what was answered is sent again all the same; some doses are recorded by two people at once."""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from bench import asking, client
from bench.asking import Form
from bench.client import Asked
from bench.faults.history import Sent
from bench.faults.notebook import Notebook
from bench.home import Carer

RESEND, RACE = 0.10, 0.30
NOT_GIVEN_TURNS = 3  # how often a dose is declined before it is taken
REFUSED = "refused:did_not_want"
PAUSES = (0.03, 0.12)  # seconds before a phone that was not answered tries again
GIVE_UP = 120.0


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to record: what it says, and the request."""

    sent: Sent
    asked: Asked


# ---------------------------------------------------------------- what there is to do


def tasks(pairs: Iterable[tuple[Form, Form]], rng: random.Random, race: float = RACE) -> list[Task]:
    """The work of a round in the order it is handed out. `pairs` are one dose's forms on two people's cards; a race
    stands as neighbours, which two writers take at the same time."""
    placed: list[tuple[float, list[Task]]] = []
    for forms in pairs:
        moments = sorted(rng.random() for _ in range(NOT_GIVEN_TURNS + 1))
        for moment in moments[:-1]:
            placed.append((moment, _turn(forms, _declined, rng, race)))
        placed.append((moments[-1], _turn(forms, _taken, rng, race)))
    return [task for _, turn in sorted(placed, key=lambda p: p[0]) for task in turn]


def _turn(forms: tuple[Form, Form], make, rng: random.Random, race: float) -> list[Task]:
    chosen = list(forms) if rng.random() < race else [rng.choice(forms)]
    return [make(form) for form in chosen]


def _taken(form: Form) -> Task:
    return _task(form, form.fields, "given")


def _declined(form: Form) -> Task:
    kept = [f for f in form.fields if f[0] not in ("outcome", "entry_id")]
    return _task(form, [*kept, ("why", REFUSED), ("entry_id", str(uuid.uuid4()))], "refused")


def _task(form: Form, fields: list[tuple[str, str]], outcome: str) -> Task:
    said = dict(fields)
    sent = Sent(said["entry_id"], said["dose"], outcome, form.carer.person_id)
    return Task(sent, asking.post("record", form.carer, form.action, fields))


def forms_of(port: int, mornings: Iterable[tuple[Carer, Carer]]) -> list[tuple[Form, Form]]:
    """Two people open a resident's card and make every line ready: each dose with its form on either card."""
    connection, found = client.Connection(port), []
    for one, other in mornings:
        theirs = {f.dose: f for f in asking.ready_forms(connection, other)}
        found += [(mine, theirs[mine.dose]) for mine in asking.ready_forms(connection, one)]
    connection.close()
    return found


# ---------------------------------------------------------------- doing it


class Writers:
    """So many people working through one list."""

    def __init__(self, port: int, work: list[Task], count: int, book: Notebook, seed: int) -> None:
        self._port, self._work, self._book = port, deque(work), book
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._write, args=(random.Random(seed * 1_000 + n),), daemon=True)
            for n in range(count)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def busy(self) -> bool:
        """Whether something is still to be done."""
        return any(t.is_alive() for t in self._threads)

    def end(self) -> None:
        """Take nothing new up, and wait until what is begun was answered."""
        self._work.clear()
        for thread in self._threads:
            thread.join(GIVE_UP)

    def abandon(self) -> None:
        """Let go of everything at once: nobody will answer any more."""
        self._stop.set()
        self.end()

    def _write(self, rng: random.Random) -> None:
        hand = _Hand(self._port, self._book, self._stop, rng)
        while True:
            try:
                task = self._work.popleft()
            except IndexError:
                break
            hand.record(task)
            if rng.random() < RESEND:
                hand.record(task)
        hand.connection.close()


class _Hand:
    """One person with one connection."""

    def __init__(self, port: int, book: Notebook, stop: threading.Event, rng: random.Random) -> None:
        self.connection, self.book, self.stop, self.rng = client.Connection(port, GIVE_UP), book, stop, rng
        self.life = 0

    def record(self, task: Task) -> None:
        """Send until an answer was read whole."""
        while not self.stop.is_set() and not self._answered(task):
            self.stop.wait(self.rng.uniform(*PAUSES))

    def _answered(self, task: Task) -> bool:
        entry_id = task.sent.entry_id
        if self.connection.socket is None:
            self.life = self.book.life
            try:
                self.connection.open()
            except OSError:
                return False  # nobody there: nothing was sent
        self.book.sends(task.sent)
        began = time.perf_counter()
        try:
            answer = self.connection.ask(task.asked.raw)
        except OSError as fault:
            took, partly = time.perf_counter() - began, self.connection.begun
            self.book.nothing(self.life, entry_id, partly, took, repr(fault))
            self.connection.close()
            return False
        return self._judged(entry_id, answer)

    def _judged(self, entry_id: str, answer: client.Answer) -> bool:
        if answer.status == 200 and b"hx-redirect" not in answer.headers:
            self.book.yes(entry_id, self.life)
            return True
        if answer.status == 409:
            self.book.no(entry_id)
            return True
        self.book.odd(f"{answer.status}: {answer.text[:120]}")
        return answer.status < 500
