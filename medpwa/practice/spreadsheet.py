"""Tables for other programs, as CSV that no spreadsheet takes for a formula. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_MARK = "\ufeff"  # by which spreadsheets know that the text is UTF-8


def as_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table with its head. A cell that a spreadsheet would work out as a formula begins with an apostrophe, which
    spreadsheets show as text."""
    out = io.StringIO()
    out.write(_MARK)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([plain(cell) for cell in head])
    writer.writerows([plain(cell) for cell in row] for row in rows)
    return out.getvalue()


def plain(cell: object) -> str:
    """One cell as text: None is empty, no-break spaces are spaces, a formula is defused."""
    words = "" if cell is None else str(cell).replace("\u00a0", " ").replace("\u202f", " ")
    return f"'{words}" if words.lstrip(" ").startswith(_BEGINS_A_FORMULA) else words
