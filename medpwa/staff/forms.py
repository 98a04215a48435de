"""Forms as typed: every field is kept as it came, and what is wrong is said in a sentence beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from medpwa import clock
from medpwa.errors import Invalid
from medpwa.pages import once, several
from medpwa.permits import Actor, may
from medpwa.staff import typed
from medpwa.staff.vocabulary import DUTIES, LONGEST_NAME, LONGEST_REASON, ROLES, SHIFTS


def ask(act: Callable[..., Any], who: Actor, about: Any = None, **ids: Any) -> None:
    """Refuse what the permits refuse before the form is read, with the refused line an action leaves in the ledger.

    The first line of a view that posts. `ids` are what the action's loader needs.
    """
    if not may(act.verb, who, about):  # type: ignore[attr-defined]
        act(by=who, **ids)


class Typed:
    """A form being read: `values` go back into the page as they came, `errors` are (field id, sentence) pairs."""

    def __init__(self, **values: str) -> None:
        self.values: dict[str, Any] = dict(values)
        self.errors: list[tuple[str, str]] = []

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name, "")

    def fault(self, name: str, words: str) -> None:
        """Say what is wrong with a field."""
        self.errors.append((name, words))

    def error(self, name: str) -> str | None:
        """The sentence beside a field."""
        return next((words for field, words in self.errors if field == name), None)

    def listed(self, prefix: str = "") -> list[tuple[str | None, str]]:
        """The errors for the summary above the form; `prefix` stands before the ids where a page has several forms."""
        return [(f"{prefix}{field}" if field else None, words) for field, words in self.errors]

    def demand_none(self) -> None:
        """Raise Invalid when anything was wrong."""
        if self.errors:
            raise Invalid(self.errors)

    # ------------------------------------------------------------ kinds of field

    def text(self, name: str, missing: str | None = None, longest: int = LONGEST_NAME) -> str:
        """A line or a note. `missing` is the sentence for an empty one; without it the field may be empty."""
        value = self.values[name] = once(name)
        if missing and not value:
            self.fault(name, missing)
        if len(value) > longest:
            self.fault(name, f"Use at most {longest} characters; this has {len(value)}. Nothing was saved.")
        return value

    def choice(self, name: str, options: Iterable[str], missing: str) -> str:
        """One of a list."""
        value = self.values[name] = once(name)[:LONGEST_NAME]
        if value not in options:
            self.fault(name, missing)
        return value

    def flags(self, name: str, options: Iterable[str]) -> list[str]:
        """Ticked boxes; what is not on the list was not offered and is a fault."""
        known = set(options)
        value = self.values[name] = several(name)[:200]
        if any(v not in known for v in value):
            self.fault(name, "Choose from the list. Nothing was saved.")
        return [v for v in value if v in known]

    def day(self, name: str, missing: str | None = None) -> dt.date | None:
        """A date; None where it is empty and may be."""
        value = self.values[name] = once(name)[:LONGEST_NAME]
        found = typed.day(value)
        if found is None and value:
            self.fault(name, "That is not a date we can read. Type it like 16/11/2026.")
        elif found is None and missing:
            self.fault(name, missing)
        return found

    def time(self, name: str, missing: str) -> dt.time | None:
        """A clock time."""
        value = self.values[name] = once(name)[:LONGEST_NAME]
        found = typed.clock_time(value)
        if found is None:
            self.fault(name, "That is not a time we can read. Type it like 14:30." if value else missing)
        return found


# ---------------------------------------------------------------- people


def person_names(form: Typed) -> dict[str, Any]:
    """The fields every form about a colleague's details has."""
    given = form.text("given_name", "Type their first name.")
    family = form.text("family_name", "Type their family name.")
    flags = form.flags("kind", ("agency", "bank"))
    if len(flags) == 2:
        form.fault("kind", "Somebody is agency or bank staff, not both. Choose one.")
    return dict(given_name=given, family_name=family, agency="agency" in flags, bank="bank" in flags)


def person_username(form: Typed) -> str:
    """The user name; where it is left empty, one made of the name."""
    value = form.text("username", longest=200).lower()
    value = value or typed.username_from(form["given_name"], form["family_name"])
    form.values["username"] = value
    if value and not typed.is_username(value):
        form.fault("username", "Use 2 to 40 small letters, digits and dots, such as amina.okoro.")
    elif not value and not form.error("given_name"):
        form.fault("username", "Choose a user name of small letters and digits, such as amina.okoro.")
    return value


def role_until(form: Typed, who: Actor, *, agency: bool = False) -> tuple[str, dt.datetime | None]:
    """The role, and the end of access: the last day counts to its midnight. Agency access always has an end."""
    role = form.choice("role", ROLES, "Choose their role from the list.")
    missing = "Agency access needs a last day, so that it ends by itself." if agency else None
    day = form.day("until", missing)
    if day is None:
        return role, None
    if day < clock.local_day(clock.now(), who.zone):
        form.fault("until", "The last day has passed already. Choose today or later.")
    return role, clock.at_local(day + dt.timedelta(days=1), dt.time(), who.zone)


def reason(form: Typed, missing: str) -> str:
    """Why something is done, for whoever reads the history later."""
    return form.text("reason", missing, LONGEST_REASON)


# ---------------------------------------------------------------- duties


def duty_times(form: Typed, who: Actor) -> tuple[dt.datetime, dt.datetime] | None:
    """From and until as instants; an until at or before the from is on the next day. None where they cannot be read."""
    day = form.day("day", "Choose the day the duty starts.")
    shift = form.choice("shift", (*SHIFTS, "other"), "Choose a shift, or “Other times” and type them.")
    if shift in SHIFTS:
        form.values["from"], form.values["until"] = SHIFTS[shift][1:]
        start, end = (typed.clock_time(text) for text in SHIFTS[shift][1:])
    else:
        start = form.time("from", "Type when it starts, like 07:00.")
        end = form.time("until", "Type when it ends, like 14:30.")
    if form.errors or day is None or start is None or end is None:
        return None
    ends_on = day + dt.timedelta(days=1) if end <= start else day
    return clock.at_local(day, start, who.zone), clock.at_local(ends_on, end, who.zone)


def duty_kind(form: Typed) -> str:
    """What somebody does on a shift."""
    return form.choice("duty", DUTIES, "Choose what they do: on the floor, leading the shift or on call.")


def duty_person(form: Typed, people: Iterable[int]) -> int | None:
    """Who it is, from the list of people who work here."""
    known = set(people)
    value = form.values["person"] = once("person")[:LONGEST_NAME]
    found = typed.number(value)
    if found not in known:
        form.fault("person", "Choose who it is from the list.")
        return None
    return found
