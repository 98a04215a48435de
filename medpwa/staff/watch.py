"""Keeps the staff's working tables small: sessions nobody can use any more, and attempts long past."""

from __future__ import annotations

import datetime as dt
from typing import Any

from medpwa import clock, jobs, notes
from medpwa.staff import sessions

KEEP = dt.timedelta(days=1)


@jobs.handler("staff.tidy", every=dt.timedelta(hours=1))
def tidy(payload: dict[str, Any]) -> None:
    """Let go of anonymous sessions a day after they began, and of throttles past their windows. A person's sessions
    stay: their start and end are in the ledger by id."""
    sessions.forget_anonymous(clock.now() - KEEP)
    notes.tidy()
