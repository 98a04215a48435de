"""Keeps the staff's working tables small, and tells managers of background work that was given up."""

from __future__ import annotations

import datetime as dt
from typing import Any

from medpwa import alerts, clock, jobs, notes
from medpwa.action import Done, action
from medpwa.permits import Actor
from medpwa.staff import queries, sessions
from medpwa.staff.models import Home

KEEP = dt.timedelta(days=1)
KEEP_SESSIONS = dt.timedelta(days=90)  # docs/decisions/retention.md


@jobs.handler("staff.tidy", every=dt.timedelta(hours=1), says="letting go of old sign-ins")
def tidy(payload: dict[str, Any]) -> None:
    """Let go of anonymous sessions a day after they began, of people's ninety days after they ended, of enrolling codes
    and sign-in links a day after they were made, and of throttles past their windows. That somebody signed in and out
    stays in the ledger."""
    sessions.forget_anonymous(clock.now() - KEEP)
    sessions.forget_ended(clock.now() - KEEP_SESSIONS)
    sessions.forget_codes(clock.now() - KEEP)
    notes.tidy()


# ---------------------------------------------------------------- background work that failed


@jobs.handler("staff.failed_jobs", every=dt.timedelta(minutes=1), says="telling you about background work that failed")
def watch_jobs(payload: dict[str, Any]) -> None:
    """Tell every home's managers of each kind of background work that was given up: once a day and kind."""
    for job in _one_a_day_and_kind(jobs.given_up()):
        for home in list(Home.select()):
            if not alerts.raised([alert_key(job, home.id)]):
                tell_of_failure(by=queries.system(home), job=job)


def _one_a_day_and_kind(given_up: list[jobs.Job]) -> list[jobs.Job]:
    return list({(job.kind, _day(job)): job for job in reversed(given_up)}.values())


def _day(job: jobs.Job) -> dt.date:
    return job.run_at.date()


def alert_key(job: jobs.Job, home_id: int) -> str:
    """One kind of work is told once a day and home, however many of its jobs failed."""
    return f"job:{job.kind}:{_day(job)}:{home_id}"


@action("alerts.raise")
def tell_of_failure(*, by: Actor, job: jobs.Job) -> Done:
    """Put background work that was given up in front of a home's managers."""
    words = (
        f"Background work failed {jobs.MOST_ATTEMPTS} times and was given up: {jobs.SAYS.get(job.kind, job.kind)}. "
        f"What was recorded is safe. Tell whoever looks after the server: job {job.id}."
    )
    raised = alerts.raise_alert(
        home_id=by.home_id,
        key=alert_key(job, by.home_id),
        words=words,
        url=f"/h/{by.home_slug}/",
        to_verb="work.see_failures",
        subject="home",
    )
    return Done(None, raised, replay=not raised)
