"""What the driver wrote down: sent, acknowledged, refused, broken off. It lives outside the killed group, so that it
remembers what the server may have forgotten."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass

from bench.faults.history import Sent


@dataclass(frozen=True, slots=True)
class BrokenOff:
    """A request without a whole answer: the life it was sent in, whether a part of the answer had come, after how many
    seconds and how the connection ended. `told` when it was a re-send of what had been acknowledged before."""

    life: int
    entry_id: str
    partly: bool
    told: bool
    after: float
    how: str


class Notebook:
    """Shared by all writers. A `life` is one run of the server, counted from 1; 0 is before the first."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self.life = 0
        self.sent: dict[str, Sent] = {}
        self.acknowledged: list[str] = []
        self.refused: list[str] = []
        self.resent = 0
        self.unanswered: list[BrokenOff] = []
        self.strange: Counter[str] = Counter()  # answers that are neither yes nor no
        self._entries: set[str] = set()
        self._first_yes: dict[int, float] = {}

    @property
    def entries(self) -> int:
        """How many different entries were acknowledged."""
        return len(self._entries)

    def new_life(self) -> int:
        """The server is being started (again)."""
        with self._guard:
            self.life += 1
            return self.life

    def sends(self, sent: Sent) -> None:
        """Written down before the first byte leaves."""
        with self._guard:
            if sent.entry_id in self.sent:
                self.resent += 1
            self.sent[sent.entry_id] = sent

    def yes(self, entry_id: str, life: int) -> None:
        """Told "recorded", by an answer read whole on a connection opened in that life."""
        with self._guard:
            self.acknowledged.append(entry_id)
            self._entries.add(entry_id)
            self._first_yes.setdefault(life, time.perf_counter())

    def no(self, entry_id: str) -> None:
        """Told "not recorded" for a reason."""
        with self._guard:
            self.refused.append(entry_id)

    def nothing(self, life: int, entry_id: str, partly: bool, after: float, how: str) -> None:
        """The connection broke before an answer was read whole."""
        with self._guard:
            told = entry_id in self._entries
            self.unanswered.append(BrokenOff(life, entry_id, partly, told, after, how))

    def odd(self, words: str) -> None:
        """An answer nobody should get."""
        with self._guard:
            self.strange[words] += 1

    def first_yes(self, life: int) -> float | None:
        """When the first entry was acknowledged in a life, on `time.perf_counter`."""
        return self._first_yes.get(life)
