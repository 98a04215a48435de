"""The history checker: what was sent, what was answered, what is stored, and the laws that hold between them.

Pure, without the application: every fault run, whatever it breaks and on whatever engine, is judged here. Its own tests
are histories with one thing wrong (tests/faults/test_history.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

SECOND_GIVE = "second_give"  # the flag of a give that knows of one before it


@dataclass(frozen=True, slots=True)
class Sent:
    """One thing somebody asked to record; a re-send is the same thing again."""

    entry_id: str
    dose: str
    outcome: str
    by: int


@dataclass(frozen=True, slots=True)
class Stored:
    """One entry as it is stored. `live` unless a correction voided it; `row` is its place in the order of storing."""

    entry_id: str
    dose: str
    outcome: str
    by: int
    live: bool = True
    after_the_fact: bool = False
    flags: frozenset[str] = frozenset()
    row: int = 0

    def says(self, sent: Sent) -> bool:
        """Whether it says what was asked."""
        return (self.dose, self.outcome, self.by) == (sent.dose, sent.outcome, sent.by)


@dataclass(frozen=True)
class History:
    """Everything a run knows. An answer is in it only when it was read whole; `acknowledged` and `refused` are entry
    ids in the order of the answers, an id as often as it was answered so. `chain` and `integrity` are what the ledger's
    verifier and the database's own check found wrong."""

    sent: Sequence[Sent] = ()
    acknowledged: Sequence[str] = ()
    refused: Sequence[str] = ()
    stored: Sequence[Stored] = ()
    chain: Sequence[str] = ()
    integrity: Sequence[str] = ()


@dataclass(frozen=True)
class Broken:
    """One law that does not hold, and where."""

    law: str
    where: str


@dataclass(frozen=True)
class Verdict:
    """What the checker found, by law."""

    broken: tuple[Broken, ...] = field(default=())

    @property
    def holds(self) -> bool:
        return not self.broken

    def count(self, *laws: str) -> int:
        """How often these laws were broken."""
        return sum(b.law in laws for b in self.broken)

    @property
    def lost(self) -> int:
        """Acknowledged, and not stored."""
        return self.count("lost")

    @property
    def doubled(self) -> int:
        """Stored twice, or a dose given twice."""
        return self.count("entry twice", "dose twice")


def judge(history: History) -> Verdict:
    """Every law that does not hold, with the entry, dose or line it does not hold for."""
    return Verdict(
        (
            *_lost(history),
            *_not_as_sent(history),
            *_twice(history.stored),
            *_given_twice(history.stored),
            *_hidden(history),
            *(Broken("chain", words) for words in history.chain),
            *(Broken("integrity", words) for words in history.integrity),
        )
    )


def _lost(h: History) -> Iterator[Broken]:
    """Acknowledged is a subset of stored."""
    stored = {s.entry_id for s in h.stored}
    return (Broken("lost", entry_id) for entry_id in dict.fromkeys(h.acknowledged) if entry_id not in stored)


def _not_as_sent(h: History) -> Iterator[Broken]:
    """Stored is a subset of sent, and says what was sent."""
    sent = {s.entry_id: s for s in h.sent}
    if len(sent) != len(set(h.sent)):
        raise ValueError("The driver sent two different things under one entry id: its history proves nothing.")
    for s in h.stored:
        asked = sent.get(s.entry_id)
        if asked is None:
            yield Broken("never sent", s.entry_id)
        elif not s.says(asked):
            yield Broken("not as sent", s.entry_id)


def _twice(stored: Iterable[Stored]) -> Iterator[Broken]:
    """An entry id is stored once."""
    return (Broken("entry twice", entry_id) for entry_id, n in Counter(s.entry_id for s in stored).items() if n > 1)


def _given_twice(stored: Iterable[Stored]) -> Iterator[Broken]:
    """One live give a dose. Where facts from apart make it more, each but the first must be flagged (the first is a
    record and cannot be), and at most one may have been given through the record."""
    gives: dict[str, list[Stored]] = {}
    for s in stored:
        if s.live and s.outcome == "given":
            gives.setdefault(s.dose, []).append(s)
    for dose, several in gives.items():
        unflagged = sum(SECOND_GIVE not in s.flags for s in several)
        intended = sum(not s.after_the_fact for s in several)
        if len(several) > 1 and (unflagged > 1 or intended > 1):
            yield Broken("dose twice", dose)


def _hidden(h: History) -> Iterator[Broken]:
    """Who was only ever told "not recorded" finds nothing recorded."""
    told, stored = set(h.acknowledged), {s.entry_id for s in h.stored}
    refused = (entry_id for entry_id in dict.fromkeys(h.refused) if entry_id not in told)
    return (Broken("refused but stored", entry_id) for entry_id in refused if entry_id in stored)
