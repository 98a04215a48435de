"""One thing that waits for somebody, whichever package it comes from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Decision:
    """One thing to decide, with the way to where it is done."""

    kind: str
    since: dt.datetime
    tone: str
    title: str
    lead: str
    why: str
    action: str
    url: str
    icon: str | None = None
