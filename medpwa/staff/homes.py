"""Background work that looks at one home after the other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

from medpwa import jobs
from medpwa.staff.models import Home

Look = Callable[[Home], int]


def in_every_home(kind: str, *, every: dt.timedelta, says: str) -> Callable[[Look], Look]:
    """Register what looks at one home (it returns how much was new) as repeating work over all of them. `kind` and
    `says` are those of `jobs.handler`."""

    def wrap(look: Look) -> Look:
        @jobs.handler(kind, every=every, says=says)
        @wraps(look)
        def look_everywhere(payload: dict[str, Any]) -> None:
            for home in list(Home.select()):  # read to the end first: what is told writes through the same connection
                look(home)

        return look

    return wrap
