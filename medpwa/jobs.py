"""Work that happens beside the server: one table, one worker loop.

A job is enqueued in the transaction that needs it, once by key, and leased while it runs. A worker killed between the
effect and the mark "done" runs it again, so a handler's effect carries a key of its own (an alert's, a sealed span) and
a repeat finds it taken. A worker that is down can delay an alert, never change a figure.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
from collections.abc import Callable
from typing import Any

import peewee as pw

from medpwa import clock
from medpwa.database import InstantField, JsonField, Working, db, noting

log = logging.getLogger("steady.jobs")
MAIN_PID = "STEADY_MAIN_PID"  # tells what `serve` started whom to outlive by no more than a moment
LEASE = dt.timedelta(seconds=60)
MOST_ATTEMPTS = 8
KEEP_DONE = dt.timedelta(days=30)  # finished, or given up and told of (docs/decisions/retention.md)
SILENT_AFTER = dt.timedelta(minutes=2)

HANDLERS: dict[str, Callable[[dict[str, Any]], None]] = {}
EVERY: dict[str, dt.timedelta] = {}
SAYS: dict[str, str] = {}  # what each kind of job does, as a manager would say it


class Job(Working):
    """One piece of work. `key` makes it happen at most once."""

    key = pw.TextField(unique=True)
    kind = pw.TextField()
    payload = JsonField()
    run_at = InstantField()
    leased_until = InstantField(null=True)
    attempts = pw.IntegerField(default=0)
    done_at = InstantField(null=True)
    error = pw.TextField(null=True)

    class Meta:
        indexes = ((("done_at", "run_at"), False),)


class WorkerBeat(Working):
    """When the worker last ran; the bar on every page reads it."""

    name = pw.TextField(unique=True)
    at = InstantField()


def handler(kind: str, every: dt.timedelta | None = None, says: str = ""):
    """Register what does a kind of job; with `every` the worker enqueues one each such span. `says` is what it does in
    words for the manager who is told that it failed."""

    def wrap(fn: Callable[[dict[str, Any]], None]):
        HANDLERS[kind] = fn
        SAYS[kind] = says or f"a background job ({kind})"
        if every is not None:
            EVERY[kind] = every
        return fn

    return wrap


def enqueue(kind: str, key: str, payload: dict[str, Any], run_at: dt.datetime | None = None) -> None:
    """Ask for a job inside the transaction already open. A key that is there already asks for nothing new."""
    if kind not in HANDLERS:
        raise KeyError(f"no handler for job {kind!r}")
    Job.insert(key=key, kind=kind, payload=payload, run_at=run_at or clock.now()).on_conflict_ignore().execute()


def beat() -> None:
    """Say that the worker is alive."""
    with noting():
        WorkerBeat.insert(name="worker", at=clock.now()).on_conflict(
            conflict_target=[WorkerBeat.name], update={WorkerBeat.at: clock.micros(clock.now())}
        ).execute()


def silent_since() -> dt.datetime | None:
    """When the worker last ran, if that is over two minutes ago; None while it is alive. Never-run counts from boot."""
    row = WorkerBeat.get_or_none(WorkerBeat.name == "worker")
    if row is None:
        return clock.EPOCH
    return row.at if clock.now() - row.at > SILENT_AFTER else None


def enqueue_periodic() -> None:
    """Put in the present slot of every repeating job; slots that passed while nobody ran are not made up."""
    with noting():
        for kind, span in EVERY.items():
            slot = int(clock.micros(clock.now()) // int(span.total_seconds() * 1_000_000))
            enqueue(kind, f"{kind}:{slot}", {})


def run_due(limit: int = 50) -> int:
    """Lease and run what is due, one by one. Returns how many ran well."""
    ran = 0
    for _ in range(limit):
        job = _lease()
        if job is None:
            break
        ran += _run(job)
    return ran


def _lease() -> Job | None:
    now = clock.now()
    with noting():
        free = Job.leased_until.is_null() | (Job.leased_until < clock.micros(now))
        due = Job.done_at.is_null() & (Job.run_at <= now) & free & (Job.attempts < MOST_ATTEMPTS)
        job = Job.select().where(due).order_by(Job.run_at, Job.id).first()
        if job is None:
            return None
        job.leased_until, job.attempts = now + LEASE, job.attempts + 1
        job.save()
        return job


def _run(job: Job) -> bool:
    try:
        HANDLERS[job.kind](job.payload)
    except Exception as fault:
        log.exception("job failed", extra={"job": job.kind, "attempt": job.attempts})
        _put_back(job, type(fault).__name__)
        return False
    with noting():
        Job.update(done_at=clock.now(), leased_until=None, error=None).where(_still_ours(job)).execute()
    return True


def _put_back(job: Job, fault: str) -> None:
    wait = dt.timedelta(seconds=min(600, 5 * 2**job.attempts))
    with noting():
        Job.update(run_at=clock.now() + wait, leased_until=None, error=fault).where(_still_ours(job)).execute()


def _still_ours(job: Job) -> pw.Expression:
    """The job's row, unless its lease ran out and somebody else has taken it since."""
    return (Job.id == job.id) & (Job.attempts == job.attempts)


def given_up(limit: int = 500) -> list[Job]:
    """Jobs that failed as often as they are tried, or whose worker died in the last try; oldest first."""
    return list(Job.select().where(_given_up()).order_by(Job.id).limit(limit))


def _given_up() -> pw.Expression:
    idle = Job.leased_until.is_null() | (Job.leased_until < clock.micros(clock.now()))
    return Job.done_at.is_null() & (Job.attempts >= MOST_ATTEMPTS) & idle


def again(job_id: int) -> bool:
    """Try a job that was given up from the beginning, at once. Whether there is such a job."""
    with noting():
        fresh = Job.update(attempts=0, run_at=clock.now(), leased_until=None)
        return bool(fresh.where((Job.id == job_id) & _given_up()).execute())


@handler("jobs.tidy", every=dt.timedelta(days=1), says="letting go of old background jobs")
def tidy(payload: dict[str, Any]) -> None:
    """Let go of jobs thirty days after they were finished, or given up."""
    before = clock.now() - KEEP_DONE
    with noting():
        Job.delete().where(Job.done_at.is_null(False) & (Job.done_at < before)).execute()
        Job.delete().where(_given_up() & (Job.run_at < before)).execute()


def work(stop: Callable[[float], bool]) -> None:
    """The worker loop until `stop(seconds)` answers True; it also ends when the process that started it is gone."""
    # Named by the starter: one that is killed while this process is still being loaded would never be seen going.
    parent = int(os.environ.get(MAIN_PID) or os.getppid())
    while os.getppid() == parent:
        _turn()
        if stop(5.0):
            return


def _turn() -> None:
    """One turn of the loop. A database that is away for a while is tried again with the next turn."""
    try:
        beat()
        enqueue_periodic()
        run_due()
    except pw.PeeweeException:
        log.exception("the worker cannot reach the database and tries again")
    finally:
        if not db.is_closed():
            db.close()  # to the pool, which lets go of a broken one
