"""How the desk's own lines of the ledger read in a history, and what a finished check came to."""

from __future__ import annotations

from typing import Any

SENTENCES: dict[str, str] = {
    "ledger.check": "Asked for the ledger’s chain to be checked",
    "ledger.checked": "Checked the ledger’s chain",
}
REFUSED: dict[str, str] = {"ledger.check": "Tried to have the ledger’s chain checked"}


def found_words(about: dict[str, Any]) -> str:
    """What a finished check found, from what its line holds: `lines 1 to 812, nothing wrong`."""
    faults = about["faults"]
    found = "nothing wrong" if not faults else f"{faults:,} fault{'' if faults == 1 else 's'} found"
    return f"lines 1 to {about['upto']:,}, {found}"
