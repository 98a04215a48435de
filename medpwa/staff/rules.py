"""Pure decisions about people who work here: roles in force, who is on shift, who leads, passwords, PINs."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from medpwa.staff.lock_rules import CLOCKS_DIFFER

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
WEAKEST_SCORE = 3  # zxcvbn: 3 is "safely unguessable", about 10^8 guesses
SIGNED_IN_COUNTS_FOR = dt.timedelta(hours=12)
DUTIES_BACK, DUTIES_AHEAD = dt.timedelta(days=31), dt.timedelta(days=366)  # from now: when a duty may start
LONGEST_DUTY = dt.timedelta(hours=25)  # on call from one morning to the next, on the day the clocks go back


@dataclass(frozen=True)
class RoleFact:
    """A role row as stored: newest rows win."""

    home_id: int | None
    role: str
    valid_from: dt.datetime
    valid_until: dt.datetime | None
    id: int


def roles_in_force(rows: Iterable[RoleFact], home_id: int, at: dt.datetime) -> frozenset[str]:
    """The roles somebody holds at a home at a moment: the latest row for the home, and the latest provider-level one.
    A role whose end has come, or an empty one, counts for nothing."""
    found = set()
    for where in (home_id, None):
        latest = latest_role(rows, where, at)
        if latest is not None and latest.role and (latest.valid_until is None or at < latest.valid_until):
            found.add(latest.role)
    return frozenset(found)


def latest_role(rows: Iterable[RoleFact], home_id: int | None, at: dt.datetime) -> RoleFact | None:
    """The row that decides somebody's role at a home at a moment: the latest begun one, whether or not it has ended."""
    begun = [r for r in rows if r.home_id == home_id and r.valid_from <= at]
    return max(begun, key=lambda r: (r.valid_from, r.id), default=None)


@dataclass(frozen=True)
class OnShift:
    """Somebody on shift now, as a screen names them."""

    person_id: int
    name: str
    role_words: str
    roles: frozenset[str]
    duty: str  # floor, shift_leader, on_call, or "" when only known from being signed in


def shift_leader(on_shift: Iterable[OnShift]) -> OnShift | None:
    """Who leads: the shift-leader duty, else a team leader on duty, else whoever is on call, else the registered
    manager."""
    people = list(on_shift)
    questions = (
        lambda p: p.duty == "shift_leader",
        lambda p: p.duty == "floor" and "team_leader" in p.roles,
        lambda p: p.duty == "on_call",
        lambda p: "registered_manager" in p.roles,
    )
    for asks in questions:
        for person in people:
            if asks(person):
                return person
    return None


def initials(given: str, family: str) -> str:
    """Two letters for a disc; never the only sign of who somebody is."""
    return f"{given[:1]}{family[:1]}".upper() or "?"


def passphrase(choose: Callable[[Sequence[str]], str], words: Sequence[str], count: int = 5) -> str:
    """A first password somebody can read out and type: five plain words, about 39 bits; it is changed at sign-in."""
    return "-".join(choose(words) for _ in range(count))


# Looked for in this order: the first that fits names a browser or a system.
_BROWSERS = (("edg", "Edge"), ("samsung", "Samsung browser"), ("firefox", "Firefox"), ("fxios", "Firefox"))
_BROWSERS += (("crios", "Chrome"), ("chrome", "Chrome"), ("safari", "Safari"))
_SYSTEMS = (("iphone", "an iPhone"), ("ipad", "an iPad"), ("android", "an Android phone"), ("windows", "Windows"))
_SYSTEMS += (("mac os", "a Mac"), ("cros", "a Chromebook"), ("linux", "Linux"))


def device_words(user_agent: str) -> str:
    """What a session runs on, as its owner would say it: `Chrome on an Android phone`."""
    told = user_agent.lower()
    browser = next((words for sign, words in _BROWSERS if sign in told), "")
    system = next((words for sign, words in _SYSTEMS if sign in told), "")
    if browser and system:
        return f"{browser} on {system}"
    return browser or (f"A browser on {system}" if system else "A browser we do not recognise")


# ---------------------------------------------------------------- phones: codes and PINs

PIN_LENGTH = 6
PIN_TRIES = 5  # wrong ones for a person on a phone; then their password there
CODE_LASTS = dt.timedelta(minutes=10)  # enrolling codes and sign-in links
CODE_LENGTH = 10
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ"  # capitals that are not taken for digits or for each other


def is_pin(text: str) -> bool:
    """Whether it is six plain digits."""
    return len(text) == PIN_LENGTH and text.isascii() and text.isdigit()


def easy_pin(pin: str) -> bool:
    """Whether others would try it first: few different digits, a run, a pattern repeated, or a date."""
    steps = {(int(b) - int(a)) % 10 for a, b in itertools.pairwise(pin)}
    runs = len(steps) == 1 and steps <= {0, 1, 9}
    repeats = pin[:3] == pin[3:] or pin[:2] == pin[2:4] == pin[4:]
    return runs or repeats or len(set(pin)) < 3 or _is_date(pin)


def _is_date(pin: str) -> bool:
    """Whether it reads as a day, month and short year, in any order in use."""
    a, b, c = int(pin[:2]), int(pin[2:4]), int(pin[4:])
    return any(_day_exists(*dmy) for dmy in ((a, b, c), (b, a, c), (c, b, a)))


def _day_exists(day: int, month: int, year: int) -> bool:
    try:
        dt.date(2000 + year, month, day)
    except ValueError:
        return False
    return True


def plain_code(typed: str) -> str:
    """An enrolling code as it was made, however somebody typed it: no spaces or dashes, capitals."""
    return "".join(c for c in typed.upper() if c in CODE_LETTERS)[: CODE_LENGTH + 1]


def code_words(code: str) -> str:
    """A code in two halves, easier to read across a desk."""
    return f"{code[:5]} {code[5:]}"


def code_holds(made_at: dt.datetime, used_at: dt.datetime | None, at: dt.datetime) -> bool:
    """Whether a code or link still opens something: not used, not older than ten minutes, and not made later than now
    by more than two processes' clocks may differ."""
    return used_at is None and -CLOCKS_DIFFER <= at - made_at < CODE_LASTS
