"""The questions the ledger pages are asked, as they come in an address: whose, about whom, what, from when to when.

Nonsense is answered with a sentence at its field and everything typed stays; somebody of another home is not there.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import request

from medpwa import clock
from medpwa.desk import telling, trail
from medpwa.desk.trail import Asked, Place, Span
from medpwa.errors import BadRequest
from medpwa.permits import Actor
from medpwa.residents import queries as residents
from medpwa.staff import queries as staff

LONGEST = 366  # days of one look; a longer past is read a year at a time
LONGEST_PRINT = 92
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_PLACE = re.compile(r"([0-9]{1,17})-([0-9]{1,17})")
_ABOUT = re.compile(r"(resident|person)-([0-9]{1,17})")

Errors = list[tuple[str, str]]


@dataclass
class Question:
    """What was asked, as typed and as understood."""

    typed: dict[str, str]
    span: Span
    errors: Errors = field(default_factory=list)
    person: int | None = None
    subject: str = ""
    before: Place | None = None

    def error(self, name: str) -> str | None:
        """The sentence at a field."""
        return next((words for at, words in self.errors if at == name), None)

    def asked(self, who: Actor) -> Asked:
        """The question for the ledger."""
        return Asked(
            who.chain_id,
            self.span.start,
            self.span.end,
            self.person,
            self.subject,
            self.typed["what"] if self.typed["what"] in telling.GROUP_WORDS else "",
            self.typed["only"] if self.typed["only"] in trail.ONLY else "",
        )


def question(who: Actor, *, days: int = 7, longest: int = LONGEST) -> Question:
    """Read the address of a ledger page. Raises NotFound for people of other homes, BadRequest for what no page of
    ours could have asked."""
    typed = {name: _once(name) for name in ("person", "about", "what", "only", "from", "to", "before")}
    errors: Errors = []
    found = Question(typed, span_of(who, typed, errors, days=days, longest=longest), errors)
    found.person = _person(who, typed["person"], errors)
    found.subject = _about(who, typed["about"], errors)
    for name, known, words in (
        ("what", telling.GROUP_WORDS, "Choose what was done from the list. The rest of what you chose is kept."),
        ("only", trail.ONLY, "Choose all lines, refusals or reports. The rest of what you chose is kept."),
    ):
        if typed[name] and typed[name] not in known:
            errors.append((name, words))
    if typed["before"]:
        found.before = _place(typed["before"])
    return found


def _once(name: str) -> str:
    values = request.args.getlist(name)
    if len(values) > 1:
        raise BadRequest(f"The address says “{name}” more than once. Open the ledger again.")
    return values[0].strip()[:60] if values else ""


def _place(text: str) -> Place:
    match = _PLACE.fullmatch(text)
    if match is None:
        raise BadRequest("This address is not one of ours. Open the ledger again.")
    return int(match[1]), int(match[2])


def _person(who: Actor, text: str, errors: Errors) -> int | None:
    if not text:
        return None
    if text == "steady":
        return 0
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        errors.append(("person", "Choose a person from the list. The rest of what you chose is kept."))
        return None
    return staff.colleague_of(who, int(text)).person_id


def _about(who: Actor, text: str, errors: Errors) -> str:
    if not text:
        return ""
    match = _ABOUT.fullmatch(text)
    if match is None:
        errors.append(("about", "Choose somebody from the list. The rest of what you chose is kept."))
        return ""
    load: Callable = residents.resident_of if match[1] == "resident" else staff.colleague_of
    load(who, int(match[2]))
    return f"{match[1]}:{int(match[2])}"


# ---------------------------------------------------------------- days


def span_of(who: Actor, typed: dict[str, str], errors: Errors, *, days: int, longest: int) -> Span:
    """The days asked for; the last `days` where nothing, or nothing that makes sense, was said."""
    today = clock.local_day(clock.now(), who.zone)
    last = _day("to", typed["to"], errors) or today
    first = _day("from", typed["from"], errors) or min(last, today) - dt.timedelta(days=days - 1)
    if not errors and first > last:
        errors.append(("from", "The first day comes after the last. Change one of the two; both are kept."))
    if not errors and (last - first).days >= longest:
        n = (last - first).days + 1
        errors.append(
            ("from", f"That is {n:,} days. A look reaches over {longest} at most: choose days nearer together.")
        )
    if errors:
        first, last = today - dt.timedelta(days=days - 1), today
    typed["from"] = typed["from"] or first.isoformat()
    typed["to"] = typed["to"] or last.isoformat()
    start, _ = clock.day_bounds(first, who.zone)
    _, end = clock.day_bounds(last, who.zone)
    return Span(first, last, start, end, _span_words(first, last, today))


def _day(name: str, text: str, errors: Errors) -> dt.date | None:
    if not text:
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        errors.append(
            (name, "This is not a day. Write it as year, month, day, e.g. 2026-11-16. What you typed is kept.")
        )
        return None
    return day


def _span_words(first: dt.date, last: dt.date, today: dt.date) -> str:
    if first == last:
        return "today" if last == today else f"on {clock.date_words(last)}"
    if last == today:
        return f"in the last {(last - first).days + 1}\u00a0days"
    return f"from {clock.date_words(first)} to {clock.date_words(last)}"


# ---------------------------------------------------------------- what can be chosen


def people(who: Actor, chosen: int | None = None) -> list[tuple[str, str]]:
    """Everybody who works or worked here, and the product itself."""
    found = [(str(c.person_id), c.name if c.roles else f"{c.name} (left)") for c in staff.colleagues(who.home_id)]
    if chosen and str(chosen) not in dict(found):
        found.append((str(chosen), staff.names({chosen}).get(chosen, "")))
    return [*found, ("steady", "Steady, the product itself")]


def abouts(who: Actor, subject: str = "") -> list[tuple[str, str]]:
    """Everybody a line can be about: residents, also those who left, then people who work here."""
    cards = residents.residents_at(who.home_id, include_left=True)
    living = [(f"resident-{c.id}", f"{c.name}, {c.room_words.lower()}") for c in cards if not c.has_left]
    left = [(f"resident-{c.id}", f"{c.name} (no longer here)") for c in cards if c.has_left]
    working = [(f"person-{number}", f"{name}, works here") for number, name in people(who) if number != "steady"]
    found = [*living, *left, *working]
    value = subject.replace(":", "-")
    if value and value not in dict(found):
        number = int(value.partition("-")[2])
        found.append((value, f"{staff.names({number}).get(number, '')}, works here"))
    return found
