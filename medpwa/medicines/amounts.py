"""How amounts and lists are written: a leading zero, no trailing zero, "micrograms" in full, and never a line break
between a number and its unit."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from medpwa.medicines.vocabulary import UNITS

_NBSP = "\u00a0"
_NUMBER_UNIT = re.compile(r"(\d)\s*(?=(?:mg|g|kg|mL|L|micrograms?|nanograms?|units?|mmol|%)(?![A-Za-z]))")


@lru_cache(maxsize=4096)
def kept_together(text: str) -> str:
    """A text whose numbers and units cannot part at the end of a line."""
    return _NUMBER_UNIT.sub(rf"\1{_NBSP}", text)


def number_words(amount: Decimal) -> str:
    """`0.5`, `10`, `12.5`: plain digits, leading zero, no trailing zero."""
    plain = format(amount, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def amount_words(amount: Decimal, unit: str) -> str:
    """`2 capsules`, `half a tablet`, `12.5 mL`."""
    one, several = UNITS.get(unit, (unit, unit))
    if amount == Decimal("0.5") and unit == "tablet":
        return f"half a{_NBSP}{one}"
    return f"{number_words(amount)}{_NBSP}{one if amount == 1 else several}"


def units_words(unit: str) -> str:
    """What a form counts in: `tablets`, `mL`."""
    return UNITS.get(unit, (unit, unit))[1]


def range_words(least: Decimal, most: Decimal | None, unit: str) -> str:
    """A dose that may vary: `1 or 2 tablets` where nothing lies between, else `5 to 10 mL`."""
    if most is None or most <= least:
        return amount_words(least, unit)
    between = "or" if most - least == 1 and unit != "mL" else "to"
    if least < 1:  # "half a tablet or 1 tablet"
        return f"{amount_words(least, unit)} {between} {amount_words(most, unit)}"
    return f"{number_words(least)} {between} {amount_words(most, unit)}"


def listed(parts: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *rest, last = list(parts) or [""]
    return f"{', '.join(rest)} and {last}" if rest else last
