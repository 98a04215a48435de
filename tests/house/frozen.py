"""The fingerprints of the migrations that are in use somewhere: `migrations.sha256`, one line a file.

    .venv/bin/python -m tests.house.frozen      adds the lines of new migrations; never changes a line that is there
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from tests.house.source import ROOT

MIGRATIONS = ROOT / "migrations"
LIST = Path(__file__).with_name("migrations.sha256")


def present() -> dict[str, str]:
    """Every migration file and its fingerprint."""
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(MIGRATIONS.glob("[0-9]*.py"))}


def frozen() -> dict[str, str]:
    """What was written down."""
    lines = LIST.read_text().splitlines() if LIST.exists() else []
    return {name: digest for digest, name in (line.split() for line in lines if line.strip())}


def faults() -> list[str]:
    """What does not fit, each a sentence with the way out."""
    there, kept = present(), frozen()
    said = [
        f"{name} was changed after it was frozen: databases that ran it will not run it again. Put it back and write "
        f"the change into a new migration (.venv/bin/python tools/freeze.py NAME TABLE …)."
        for name, digest in kept.items()
        if name in there and there[name] != digest
    ]
    gone = [name for name in kept if name not in there]
    said += [f"{name} is gone: databases that ran it would not know it. Put it back." for name in gone]
    said += [
        f"{name} is new: read it, then freeze it (.venv/bin/python -m tests.house.frozen) and commit both."
        for name in there
        if name not in kept
    ]
    return said


def add_new() -> list[str]:
    """Write down the migrations that are not yet; returns their names."""
    kept = frozen()
    new = {name: digest for name, digest in present().items() if name not in kept}
    with LIST.open("a") as out:
        out.writelines(f"{digest}  {name}\n" for name, digest in new.items())
    return list(new)


if __name__ == "__main__":
    for added in add_new():
        print(f"frozen: {added}")
    for fault in faults():
        print(fault)
