"""Access lines under seal: once an hour the hashes of a home's written batches enter its ledger, signed by the system.

Who read what is a note, not a record: it is written in batches and may be let go when its keeping time is over. What
the ledger holds is one hash over the batches of an hour, so that a line changed, added or taken afterwards shows.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from collections.abc import Iterator
from typing import Any

import peewee as pw

from medpwa import clock, jobs, notes
from medpwa.action import Done, action
from medpwa.database import canonical_json
from medpwa.ledger import Fault, Line, line
from medpwa.notes import AccessBatch, AccessLine
from medpwa.permits import Actor
from medpwa.staff import queries
from medpwa.staff.models import Home

EVERY = dt.timedelta(hours=1)
AT_ONCE = 5_000  # batches under one seal; more wait for the next
SEALS_AT_ONCE = 200  # let go in one transaction


@action("notes.seal")
def seal(*, by: Actor) -> Done:
    """Put one hash over a home's batches that are not sealed yet into its ledger. Returns how many batches."""
    unsealed = (AccessBatch.home == by.home_id) & AccessBatch.sealed_at.is_null()
    rows = AccessBatch.select(AccessBatch.id, AccessBatch.digest).where(unsealed).order_by(AccessBatch.id)
    batches = [list(row) for row in rows.limit(AT_ONCE).tuples()]
    if not batches:
        return Done(0, replay=True)
    at, ids = clock.now(), [batch_id for batch_id, _ in batches]
    for some in pw.chunked(ids, 500):  # by id: a batch that lands meanwhile waits for the next seal
        AccessBatch.update(sealed_at=at).where(AccessBatch.id.in_(list(some))).execute()
    said = dict(sealed=clock.micros(at), first=ids[0], last=ids[-1], batches=len(ids), digest=_over(batches))
    return Done(len(ids), [line("notes.seal", f"home:{by.home_id}", home=by.home_id, **said)])


@jobs.handler("notes.seal", every=EVERY, says="sealing the list of who read what")
def seal_every_home(payload: dict[str, Any]) -> None:
    """Put the hashes of every home's written access lines into its ledger. Running it twice seals nothing twice."""
    for home in Home.select().order_by(Home.id):
        seal(by=queries.system(home))


@action("notes.let_go")
def let_go(*, by: Actor, before: dt.datetime) -> Done:
    """Delete a home's access lines sealed before a moment: whole seals, oldest first, and one line that says so. What
    is not sealed stays, however old. Returns how many batches went."""
    old = (AccessBatch.home == by.home_id) & (AccessBatch.sealed_at < before)
    seals = AccessBatch.select(AccessBatch.sealed_at).where(old).distinct().order_by(AccessBatch.sealed_at)
    instants = [at for (at,) in seals.limit(SEALS_AT_ONCE).tuples()]
    if not instants:
        return Done(0, replay=True)
    going = (AccessBatch.home == by.home_id) & (AccessBatch.sealed_at <= instants[-1])
    lines = AccessLine.delete().where(AccessLine.batch.in_(AccessBatch.select(AccessBatch.id).where(going))).execute()
    batches = AccessBatch.delete().where(going).execute()
    said = dict(sealed_until=clock.micros(instants[-1]), batches=batches, lines=lines)
    return Done(batches, [line("notes.let_go", f"home:{by.home_id}", home=by.home_id, **said)])


@jobs.handler("notes.let_go", every=dt.timedelta(days=1), says="letting go of old lists of who read what")
def let_go_of_old(payload: dict[str, Any]) -> None:
    """Let go of every home's access lines whose keeping time is over."""
    before = clock.now() - notes.KEEP
    for home in Home.select().order_by(Home.id):
        while let_go(by=queries.system(home), before=before):
            pass


def verify() -> list[Fault]:
    """Every sealed batch that is not what was sealed: lines or batches changed, added or taken since."""
    digests = dict(_recomputed())
    stored = list(AccessBatch.select().where(AccessBatch.sealed_at.is_null(False)).order_by(AccessBatch.id))
    changed = "its lines were changed, added or taken after they were written"
    faults = [Fault(f"access batch {b.id}", changed) for b in stored if digests.get(b.id) != b.digest]
    return faults + list(_unlike_their_seals(stored))


def _unlike_their_seals(stored: list[AccessBatch]) -> Iterator[Fault]:
    groups: dict[tuple[int, int], list[AccessBatch]] = {}
    for batch in stored:
        groups.setdefault((batch.home, clock.micros(batch.sealed_at)), []).append(batch)
    sealed: set[int] = set()
    gone = _let_go_until()
    for said in _said("notes.seal"):
        about = said.about
        group = groups.get((about["home"], about["sealed"]), [])
        if not group and about["sealed"] <= gone.get(about["home"], 0):
            continue  # its keeping time is over, and the chain says who let it go
        mine = [b for b in group if about["first"] <= b.id <= about["last"]]
        sealed |= {b.id for b in mine}
        if _over([[b.id, b.digest] for b in mine]) != about["digest"]:
            where = f"home chain {said.chain_id}, line {said.seq}"
            yield Fault(where, "the access batches it sealed were changed, added or taken")
    for batch in stored:
        if batch.id not in sealed:
            yield Fault(f"access batch {batch.id}", "is marked as sealed and no line seals it")


def _said(verb: str) -> Iterator[Line]:
    return Line.select().where((Line.verb == verb) & (Line.outcome == "done")).order_by(Line.id).iterator()


def _let_go_until() -> dict[int, int]:
    """Up to which seal each home's access lines were let go, in microseconds."""
    until: dict[int, int] = {}
    for said in _said("notes.let_go"):
        home = said.about["home"]
        until[home] = max(until.get(home, 0), said.about["sealed_until"])
    return until


def _over(batches: list[list[Any]]) -> str:
    return hashlib.sha256(canonical_json(batches).encode()).hexdigest()


def _recomputed() -> Iterator[tuple[int, str]]:
    """The digest of every batch's stored lines, in one pass."""
    rows = AccessLine.select().order_by(AccessLine.batch, AccessLine.id).iterator()
    for batch_id, lines in itertools.groupby(rows, key=lambda x: x.batch_id):
        yield batch_id, notes.batch_digest([x.__data__ for x in lines])
