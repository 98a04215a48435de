"""An order form as typed: which fields there are, how they come, and how single values are read. What they mean
together is in `forms`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from medpwa.medicines import writing
from medpwa.medicines.vocabulary import PROTOCOL
from medpwa.pages import once, several

Problem = tuple[str, str]
STEP_ROWS = 8
INGREDIENT_ROWS = 3
STEPS = tuple(f"step_{part}_{row}" for row in range(1, STEP_ROWS + 1) for part in ("days", "amount", "times"))
HELD = tuple(f"ingredient_{part}_{row}" for row in range(1, INGREDIENT_ROWS + 1) for part in ("name", "mass", "most"))
# What the second person keys again, in the order it comes down the page; the whole form has more.
KEYED_TEXTS = (
    "pattern", "medicine", "strength", "form", "route", "site", "dose_amount", "dose_most", "dose_unit", "every",
    "anchor", "days_on", "days_off", "month_day", *STEPS, "quick_times", "starts_on", "ends_on", "total_doses",
    "interval", "interval_unit", "most_24h", "guard_days", *HELD,
)  # fmt: skip
KEYED_LISTS = ("time", "weekday")
PROTOCOL_TEXTS = tuple(f"p_{name}" for name in PROTOCOL if name != "choice")  # asked once, as `dose_choice`
ADVICE_TEXTS = ("a_name", "a_role", "a_day", "a_time", "a_read_back", "a_heard_by")
TEXTS = (
    *KEYED_TEXTS, "dose_choice", "food", "asleep", "other_instructions", "indication", *PROTOCOL_TEXTS, "time_class",
    "window_before", "window_after", "windows_right", *ADVICE_TEXTS, "prescriber", "source", "allergy_answer",
    "earlier", "reason",
)  # fmt: skip
LISTS = (*KEYED_LISTS, "instruction", "flag", "skill")
MOST_OF_A_LIST = 40
LEAST_TIME_ROWS = 6
MOST_TIME_ROWS = 12

_AMOUNT = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,3})?")
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[ /.-]([0-9]{1,2})[ /.-]([0-9]{4})")
_TIME = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?::00)?")


@dataclass(frozen=True)
class Typed:
    """An order form as typed: single fields and fields that come several times."""

    texts: dict[str, str]
    lists: dict[str, tuple[str, ...]]

    @classmethod
    def sent(cls, texts: Iterable[str] = TEXTS, lists: Iterable[str] = LISTS) -> Typed:
        """As the form was sent."""
        return cls(
            {name: once(name) for name in texts},
            {name: tuple(value for value in several(name)[:MOST_OF_A_LIST] if value) for name in lists},
        )

    @classmethod
    def empty(cls, today: dt.date, pattern: str) -> Typed:
        """A form nobody has filled in: only the pattern chosen and the day stand there. No limit and no minutes."""
        texts = dict.fromkeys(TEXTS, "") | {"pattern": pattern, "starts_on": today.isoformat()}
        return cls(texts, {name: () for name in LISTS})

    @classmethod
    def blind(cls, pattern: str = "") -> Typed:
        """The second person's form: everything empty but the pattern they chose themselves."""
        return cls(dict.fromkeys(KEYED_TEXTS, "") | {"pattern": pattern}, {name: () for name in KEYED_LISTS})

    def __getitem__(self, name: str) -> str:
        return self.texts.get(name, "")

    @property
    def time_rows(self) -> tuple[str, ...]:
        """The times as typed, with empty rows up to six, and always one more to write in."""
        times = self.lists["time"][:MOST_TIME_ROWS]
        return times + ("",) * max(LEAST_TIME_ROWS - len(times), 1)

    @property
    def step_rows(self) -> range:
        """Rows of steps to show: what is typed and two more, at least four."""
        return range(1, min(STEP_ROWS, max(4, self._last("step", STEP_ROWS) + 2)) + 1)

    @property
    def held_rows(self) -> range:
        """Rows of what it is counted as: what is typed and one more."""
        return range(1, min(INGREDIENT_ROWS, self._last("ingredient", INGREDIENT_ROWS) + 1) + 1)

    def _last(self, group: str, rows: int) -> int:
        parts = ("days", "amount", "times") if group == "step" else ("name", "mass", "most")
        return max((row for row in range(1, rows + 1) if any(self[f"{group}_{p}_{row}"] for p in parts)), default=0)

    def has(self, *names: str) -> bool:
        """Whether any of these fields holds something."""
        return any(self[name] for name in names)

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Everything typed, to be carried through the page that shows it back."""
        yield from ((name, value) for name, value in self.texts.items() if value)
        for name, values in self.lists.items():
            yield from ((name, value) for value in values)


# ---------------------------------------------------------------- single values


def amount(field: str, text: str, found: list[Problem]) -> Decimal | None:
    """An amount in figures; None with a problem added for what is none, None alone for nothing."""
    if not text:
        return None
    if _AMOUNT.fullmatch(text) and not writing.unsafe_writing(text):
        return Decimal(text)
    said = writing.unsafe_writing(text) if re.fullmatch(r"[0-9]*\.[0-9]+", text) else []
    words = said[0] if said else f"“{text[:20]}” is not an amount. Write it in figures, for example 1 or 2.5."
    found.append((field, words))
    return None


def day(field: str, text: str, found: list[Problem]) -> dt.date | None:
    """A day of the calendar, as the browser sends it or as it is written here."""
    if not text:
        return None
    if iso := _ISO_DAY.fullmatch(text):
        year, month, number = iso.groups()
    elif british := _DAY_FIRST.fullmatch(text):
        number, month, year = british.groups()
    else:
        year = month = number = "0"
    try:
        return dt.date(int(year), int(month), int(number))
    except ValueError:
        found.append((field, f"“{text[:20]}” is not a day in the calendar. Write it like 16/11/2026."))
        return None


def whole(field: str, text: str, found: list[Problem], words: str = "") -> int | None:
    """A whole number in plain figures, at most five of them; None for nothing."""
    if not text:
        return None
    if re.fullmatch(r"[0-9]{1,5}", text):
        return int(text)
    found.append((field, words or f"“{text[:20]}” is not a whole number. Write it in figures, for example 4."))
    return None


def clock_time(text: str) -> str:
    """A time of day as `HH:MM`; what is none stays as it is, and is refused where it is judged."""
    found = _TIME.fullmatch(text)
    return f"{int(found[1]):02}:{found[2]}" if found else text


def lines(text: str) -> list[str]:
    """The lines of a text with single spaces, empty ones left out."""
    return [line for raw in text.splitlines() if (line := " ".join(raw.split()))]
