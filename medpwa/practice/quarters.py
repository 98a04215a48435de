"""The quarters of a year as a home counts them: from its own midnight to its own midnight. Pure."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from medpwa import clock

_WORD = re.compile(r"(20\d\d)-Q([1-4])")
_MONTHS = ("January", "April", "July", "October"), ("March", "June", "September", "December")


@dataclass(frozen=True, order=True)
class Quarter:
    """Three months of a year, the first of them January, April, July or October."""

    year: int
    number: int

    @property
    def word(self) -> str:
        """How it is stored and stands in an address: `2026-Q4`."""
        return f"{self.year}-Q{self.number}"

    @property
    def words(self) -> str:
        """How a person says it: `October to December 2026`."""
        first, last = (names[self.number - 1] for names in _MONTHS)
        return f"{first} to {last} {self.year}"

    @property
    def first(self) -> dt.date:
        """Its first day."""
        return dt.date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> dt.date:
        """Its last day."""
        return self.following.first - dt.timedelta(days=1)

    @property
    def following(self) -> Quarter:
        """The quarter after it."""
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)

    @property
    def before(self) -> Quarter:
        """The quarter before it."""
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)

    def bounds(self, zone: str) -> tuple[dt.datetime, dt.datetime]:
        """Its start and end in the home's time, end excluded. The quarters of a year hold a day with 23 hours and one
        with 25; the bounds are midnights of the home, so no dose of either belongs to two quarters or to none."""
        return clock.day_bounds(self.first, zone)[0], clock.day_bounds(self.following.first, zone)[0]


def parse(word: str) -> Quarter | None:
    """The quarter a word stands for; None for nonsense."""
    found = _WORD.fullmatch(word)
    return Quarter(int(found[1]), int(found[2])) if found else None


def of_day(day: dt.date) -> Quarter:
    """The quarter a day lies in."""
    return Quarter(day.year, (day.month + 2) // 3)
