"""What people type into date, time and name fields, read without ever failing: a value, or None for nonsense. Pure."""

from __future__ import annotations

import datetime as dt
import re

EARLIEST, LATEST = 2000, 2100
_DAY_FORMS = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
    re.compile(r"(?P<d>\d{1,2})[/. ](?P<m>\d{1,2})[/. ](?P<y>\d{4})"),
)
_TIME_FORMS = (re.compile(r"(?P<h>\d{1,2})[:.](?P<m>\d{2})(:\d{2})?"), re.compile(r"(?P<h>\d{2})(?P<m>\d{2})"))
_USERNAME = re.compile(r"[a-z][a-z0-9]*([._-][a-z0-9]+)*")
SHORTEST_USERNAME, LONGEST_USERNAME = 2, 40


def day(text: str) -> dt.date | None:
    """A calendar day from `2026-11-16` or `16/11/2026`; None for anything else, such as 31 February."""
    for form in _DAY_FORMS:
        found = form.fullmatch(text) if len(text) <= 20 and text.isascii() else None
        if found and EARLIEST <= int(found["y"]) <= LATEST:
            try:
                return dt.date(int(found["y"]), int(found["m"]), int(found["d"]))
            except ValueError:
                return None
    return None


def clock_time(text: str) -> dt.time | None:
    """A clock time from `07:00`, `7.00` or `0700`; None for anything else."""
    for form in _TIME_FORMS:
        found = form.fullmatch(text) if len(text) <= 10 and text.isascii() else None
        if found:
            try:
                return dt.time(int(found["h"]), int(found["m"]))
            except ValueError:
                return None
    return None


def number(text: str) -> int | None:
    """A row's id from a form: a plain positive number a database can hold, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def is_username(text: str) -> bool:
    """Whether a user name can be typed on any phone: small letters and digits, joined by dots or dashes."""
    return SHORTEST_USERNAME <= len(text) <= LONGEST_USERNAME and _USERNAME.fullmatch(text) is not None


def username_from(given: str, family: str) -> str:
    """A user name made of a name, as everybody here has: `first.last`. Empty where the name has no plain letters."""
    parts = (re.sub(r"[^a-z]", "", word.lower()) for word in (given, family))
    return ".".join(p for p in parts if p)[:LONGEST_USERNAME].strip(".")
