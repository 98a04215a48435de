"""Checking a home's chain because somebody asked: the request and the result are lines of the ledger, the work between
them is done slice by slice beside the server, so that no page waits and no alert queues behind it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from medpwa import clock, jobs, ledger, notes
from medpwa.action import Done, action
from medpwa.desk.models import ChainCheck
from medpwa.ledger import Link, Slice, line
from medpwa.permits import Actor
from medpwa.staff import queries as staff
from medpwa.staff.models import Home

JOB = "ledger.check"
SLICE = 2_000  # lines looked at in one piece of work
FAULTS_KEPT = 50
STALE = dt.timedelta(minutes=30)  # a check that has not ended by then may be asked for again
KEPT = 50  # checks remembered a home; the lines of older ones stay in the ledger


@action("ledger.check")
def check_chain(*, by: Actor) -> Done:
    """Ask for the home's chain to be checked from its first line to the newest. While one is under way nothing new is
    begun."""
    running = under_way(by.home_id)
    if running is not None:
        return Done(running, replay=True)
    upto = ledger.head(by.chain_id).seq
    row = ChainCheck.create(home=by.home_id, asked_at=clock.now(), asked_by=by.person_id, upto=upto, faults=[])
    old = ChainCheck.select(ChainCheck.id).where(ChainCheck.home == by.home_id).order_by(ChainCheck.id.desc())
    gone = [number for (number,) in old.offset(KEPT).limit(KEPT).tuples()]
    ChainCheck.delete().where(ChainCheck.id.in_(gone)).execute()
    _enqueue(row)
    return Done(row, [line("ledger.check", f"home:{by.home_id}", check=row.id, upto=upto)])


@action("ledger.checked")
def checked(*, by: Actor, check_id: int) -> Done:
    """Put the result of a check into the chain it was about."""
    row = ChainCheck.get_by_id(check_id)
    if row.done_at is not None:
        return Done(row, replay=True)
    row.done_at = clock.now()
    row.save()
    said = dict(check=row.id, upto=row.upto, head=row.hash, records=row.records, faults=row.fault_count)
    return Done(row, [line("ledger.checked", f"home:{by.home_id}", **said)])


def under_way(home_id: int) -> ChainCheck | None:
    """The check that is being done now, unless it has stood still too long to wait for."""
    row = ChainCheck.select().where(ChainCheck.home == home_id).order_by(ChainCheck.id.desc()).first()
    waits = row is not None and row.done_at is None and clock.now() - row.asked_at < STALE
    return row if waits else None


def _enqueue(row: ChainCheck) -> None:
    jobs.enqueue(JOB, f"{JOB}:{row.id}:{row.seq}", {"check": row.id})


@jobs.handler(JOB)
def go_on(payload: dict[str, Any]) -> None:
    """Look at the next slice of a check and ask for the one after it. Running it twice looks at nothing twice."""
    row = ChainCheck.get_or_none(ChainCheck.id == payload["check"])
    if row is None or row.done_at is not None:
        return
    home = Home.get_by_id(row.home)
    found = ledger.verify_slice(home.chain_id, Link(row.seq, row.hash), row.upto, SLICE)
    last = not found.lines or found.end.seq >= row.upto
    faults = [*found.faults, *(ledger.missing_triggers() if last else [])]
    notes.write_now(lambda: _keep(row, found, faults, last))
    if last:
        checked(by=staff.system(home), check_id=row.id)


def _keep(row: ChainCheck, found: Slice, faults: list[ledger.Fault], last: bool) -> None:
    before = row.seq
    row.seq, row.hash = found.end.seq, found.end.hash
    row.records += found.records
    row.fault_count += len(faults)
    row.faults = [*row.faults, *([f.where, f.words] for f in faults)][:FAULTS_KEPT]
    if row.save(only=[ChainCheck.seq, ChainCheck.hash, ChainCheck.records, ChainCheck.fault_count, ChainCheck.faults]):
        if not last and row.seq > before:
            _enqueue(row)
