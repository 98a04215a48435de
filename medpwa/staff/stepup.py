"""Proving oneself again for what touches the record most: a PIN on a phone, else the password, typed a moment ago."""

from __future__ import annotations

import datetime as dt

from flask import session

from medpwa import clock
from medpwa.errors import Invalid
from medpwa.staff import lock, lock_rules, pins

ASKED_AFTER = dt.timedelta(minutes=4)  # a form opened just before the end is still taken


def typed_at() -> dt.datetime | None:
    """When this session's person last proved themselves for such an act; None where they did not."""
    at = int(session.get("stepped") or 0)
    return clock.from_micros(at) if at else None


def is_fresh() -> bool:
    """Whether that was a moment ago, so that several in a row ask once."""
    at = typed_at()
    return at is not None and dt.timedelta(0) <= clock.now() - at < ASKED_AFTER


def prove() -> dt.datetime:
    """Check the PIN or password in this form, unless one was typed a moment ago. Returns when it was; raises Invalid
    for a wrong one and Refused after too many."""
    if lock_rules.stepped_up(typed_at(), clock.now()):
        return typed_at()
    if lock.asks() == "pin" and not pins.typed_pin():
        raise Invalid([("pin", "Type your PIN, so that it is certain who does this. What you wrote is kept.")])
    lock.prove()
    at = clock.now()
    session["stepped"] = clock.micros(at)
    return at


def asks() -> str:
    """What the form asks for: `pin`, `password`, or nothing where it was typed a moment ago."""
    return "" if is_fresh() else lock.asks()
