"""The only writers of the desk's table: a check of the chain is asked for, goes on slice by slice, ends."""

from __future__ import annotations

from medpwa import clock, ledger
from medpwa.desk.models import ChainCheck
from medpwa.ledger import Fault, Pending, Slice, line
from medpwa.permits import Actor

FAULTS_KEPT = 50
KEPT = 50  # checks remembered a home; the lines of older ones stay in the ledger


def begin_check(by: Actor) -> tuple[ChainCheck, Pending]:
    """A check of the home's chain up to its newest line; the oldest remembered ones are let go."""
    upto = ledger.head(by.chain_id).seq
    row = ChainCheck.create(home=by.home_id, asked_at=clock.now(), asked_by=by.person_id, upto=upto, faults=[])
    old = ChainCheck.select(ChainCheck.id).where(ChainCheck.home == by.home_id).order_by(ChainCheck.id.desc())
    gone = [number for (number,) in old.offset(KEPT).limit(KEPT).tuples()]
    ChainCheck.delete().where(ChainCheck.id.in_(gone)).execute()
    return row, line("ledger.check", f"home:{by.home_id}", check=row.id, upto=upto)


def go_on(row: ChainCheck, found: Slice, faults: list[Fault]) -> bool:
    """Keep how far a check has come and what it found so far. False, and nothing kept, where another worker kept this
    slice meanwhile: a slow one must not set the check back or count a fault twice."""
    told = [[f.where, f.words] for f in faults]
    fresh = [fault for fault in told if fault not in row.faults]  # the last slice may be looked at again after a stop
    still_here = (ChainCheck.id == row.id) & (ChainCheck.seq == row.seq) & ChainCheck.done_at.is_null()
    kept = ChainCheck.update(
        seq=found.end.seq,
        hash=found.end.hash,
        records=row.records + found.records,
        fault_count=row.fault_count + len(fresh),
        faults=[*row.faults, *fresh][:FAULTS_KEPT],
    )
    return bool(kept.where(still_here).execute())


def end_check(by: Actor, row: ChainCheck) -> Pending:
    """A check has come to its end: what it read and found, for the chain itself."""
    row.done_at = clock.now()
    row.save()
    said = dict(check=row.id, upto=row.upto, head=row.hash, records=row.records, faults=row.fault_count)
    return line("ledger.checked", f"home:{by.home_id}", **said)
