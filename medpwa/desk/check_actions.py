"""Checking a home's chain because somebody asked: the request and the result are lines of the ledger, the work between
them is done slice by slice beside the server, so that no page waits and no alert queues behind it."""

from __future__ import annotations

from typing import Any

from medpwa import jobs, ledger, notes
from medpwa.action import Done, action
from medpwa.desk import deeds
from medpwa.desk.chain_checks import under_way
from medpwa.desk.models import ChainCheck
from medpwa.ledger import Link
from medpwa.permits import Actor
from medpwa.staff import queries as staff
from medpwa.staff.models import Home

JOB = "ledger.check"
SLICE = 2_000  # lines looked at in one piece of work


@action("ledger.check")
def check_chain(*, by: Actor) -> Done:
    """Ask for the home's chain to be checked from its first line to the newest. While one is under way nothing new is
    begun."""
    running = under_way(by.home_id)
    if running is not None:
        return Done(running, replay=True)
    row, said = deeds.begin_check(by)
    _enqueue(row.id, row.seq)
    return Done(row, [said])


@action("ledger.checked")
def checked(*, by: Actor, check_id: int) -> Done:
    """Put the result of a check into the chain it was about."""
    row = ChainCheck.get_by_id(check_id)
    if row.done_at is not None:
        return Done(row, replay=True)
    return Done(row, [deeds.end_check(by, row)])


def _enqueue(check_id: int, seq: int) -> None:
    jobs.enqueue(JOB, f"{JOB}:{check_id}:{seq}", {"check": check_id})


@jobs.handler(JOB, says="checking the ledger’s chain")
def go_on(payload: dict[str, Any]) -> None:
    """Look at the next slice of a check and ask for the one after it, or end it. Begun again after a stop it goes on
    from where the last slice was kept."""
    row = ChainCheck.get_or_none(ChainCheck.id == payload["check"])
    if row is None or row.done_at is not None:
        return
    home = Home.get_by_id(row.home)
    if row.seq >= row.upto or _next_slice(row, home):
        checked(by=staff.system(home), check_id=row.id)


def _next_slice(row: ChainCheck, home: Home) -> bool:
    """Whether this slice was the last: it reached the line the check was to reach, or the chain ends before it."""
    found = ledger.verify_slice(home.chain_id, Link(row.seq, row.hash), row.upto, SLICE)
    last = found.end.seq >= row.upto or found.lines < SLICE
    faults = [*found.faults, *(ledger.missing_triggers() if last else [])]

    kept = False

    def keep() -> None:
        nonlocal kept
        kept = deeds.go_on(row, found, faults)
        if kept and not last:
            _enqueue(row.id, found.end.seq)

    notes.write_now(keep)
    return last and kept
