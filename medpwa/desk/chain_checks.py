"""What the checks of a home's chain came to, in words that say what was looked at and what was not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from medpwa import clock
from medpwa.desk.models import ChainCheck
from medpwa.permits import Actor
from medpwa.staff import queries as staff

SHOWN = 10
STALE = dt.timedelta(minutes=30)  # a check that has not ended by then may be asked for again


@dataclass(frozen=True)
class CheckRow:
    """One check as the page shows it."""

    words: str
    asked: str
    tone: str


@dataclass(frozen=True)
class CheckPage:
    """The newest finished check, the one under way, and those before."""

    sentence: str
    lead: str
    tone: str
    running: str
    faults: tuple[tuple[str, str], ...]
    more_faults: int
    rows: tuple[CheckRow, ...]


def newest_done(home_id: int) -> ChainCheck | None:
    """The newest check that has ended."""
    ended = (ChainCheck.home == home_id) & ChainCheck.done_at.is_null(False)
    return ChainCheck.select().where(ended).order_by(ChainCheck.id.desc()).first()


def under_way(home_id: int) -> ChainCheck | None:
    """The check that is being done now, unless it has stood still too long to wait for."""
    row = ChainCheck.select().where(ChainCheck.home == home_id).order_by(ChainCheck.id.desc()).first()
    waits = row is not None and row.done_at is None and clock.now() - row.asked_at < STALE
    return row if waits else None


def check_page(who: Actor, running: ChainCheck | None) -> CheckPage:
    """Everything the page of checks says."""
    rows = list(ChainCheck.select().where(ChainCheck.home == who.home_id).order_by(ChainCheck.id.desc()).limit(SHOWN))
    done = newest_done(who.home_id)
    names = staff.names({r.asked_by for r in rows if r.asked_by})
    return CheckPage(
        sentence=_sentence(done, who),
        lead=_lead(done, who),
        tone="info" if done is None else "blocked" if done.fault_count else "given",
        running=_running(running),
        faults=tuple((where, words) for where, words in done.faults) if done else (),
        more_faults=done.fault_count - len(done.faults) if done else 0,
        rows=tuple(_row(r, names, who) for r in rows),
    )


def _sentence(done: ChainCheck | None, who: Actor) -> str:
    if done is None:
        return "The chain has not been checked from here yet"
    if done.fault_count:
        n = done.fault_count
        return f"{n:,} thing{'' if n == 1 else 's'} in the ledger {'does' if n == 1 else 'do'} not add up"
    return f"Nothing is wrong in lines 1 to {done.upto:,} of the ledger"


def _lead(done: ChainCheck | None, who: Actor) -> str:
    if done is None:
        return "A check reads every line again and recomputes what holds them together."
    return (
        f"Asked for {clock.moment_words(done.asked_at, who.zone)}, ended {clock.moment_words(done.done_at, who.zone)}."
    )


def _running(row: ChainCheck | None) -> str:
    if row is None:
        return ""
    return f"Being checked: {row.seq:,} of {row.upto:,} lines so far"


def _row(r: ChainCheck, names: dict[int, str], who: Actor) -> CheckRow:
    asked = f"Asked for by {names.get(r.asked_by, 'somebody')}, {clock.moment_words(r.asked_at, who.zone)}"
    if r.done_at is None:
        return CheckRow(f"{r.seq:,} of {r.upto:,} lines looked at, not ended", asked, "coming")
    found = "nothing wrong" if not r.fault_count else f"{r.fault_count:,} fault{'' if r.fault_count == 1 else 's'}"
    words = f"Lines 1 to {r.upto:,} and {r.records:,} records: {found}"
    return CheckRow(words, f"{asked}; ended {clock.moment_words(r.done_at, who.zone)}", _tone(r))


def _tone(r: ChainCheck) -> str:
    return "blocked" if r.fault_count else "given"


def checked_words(who: Actor) -> Callable[[int], str]:
    """What the last check says about a line, by its number: for "How do we know?"."""
    done = newest_done(who.home_id)
    if done is None:
        return lambda seq: "Not checked from this page yet"
    when = clock.moment_words(done.asked_at, who.zone)
    good = "nothing wrong" if not done.fault_count else f"{done.fault_count:,} faults, see the checks"
    covered = f"Checked with lines 1 to {done.upto:,}, {when}: {good}"
    newer = f"Newer than the last check, which read lines 1 to {done.upto:,}, {when}: {good}"
    return lambda seq: covered if seq <= done.upto else newer
