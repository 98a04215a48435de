"""`make attack`: everything a stranger can send, all of it; prints what was asked and what went wrong.

.venv/bin/python -m tests.attack            all hostile values in every field, every oddness on every route
.venv/bin/python -m tests.attack --short    what `make test` runs
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # so that it runs as a file, too

from medpwa import clock, database
from tests.attack import fields, forms, sessions, shapes
from tests.attack.siege import Siege
from tests.conftest import NOW
from tests.house import permit_matrix


def assault(siege: Siege, *, short: bool) -> Siege:
    """Everything, in order; the siege's tally says how it went."""
    taken, missed = forms.walk(siege)
    siege.tally.faults += missed + unreached(taken)
    fields.attack(siege, taken, 1 if short else None)
    print(
        f"  stored and shown: {fields.sweep(siege, taken, each=not short)} forms, {siege.shown} pages showed the words"
    )
    shapes.attack(siege, 1 if short else None)
    sessions.forged(siege, taken if not short else taken[::4])
    sessions.ended(siege, taken if not short else taken[::4])
    print(f"  replayed: {sessions.replayed(siege, taken)} forms with an entry_id")
    print(f"  fields that named another home's things: {sessions.foreign(siege, taken)}")
    print(f"  raced: {sessions.races(siege, taken, 3 if short else 20)} forms, {3 if short else 20} hands each")
    return siege


def unreached(taken: list[forms.Form]) -> list[str]:
    """Form targets of the application that no form of any page was sent to."""
    reached = {f.rule for f in taken}
    posts = [r.rule for r in permit_matrix.routes() if r.method == "POST"]
    return [f"POST {rule}: no form was found that is taken" for rule in posts if rule not in {*reached, *forms.NO_FORM}]


def report(siege: Siege) -> None:
    """Figures beside their bars."""
    t = siege.tally
    print(f"forms {t.forms}, fields {t.fields}, posts {t.posts}, routes {t.routes}, requests {t.requests}")
    print("answers " + ", ".join(f"{status}: {n}" for status, n in sorted(t.statuses.items())))
    for name, found in (("server errors", t.server_errors), ("leaks", t.leaks),
                        ("rows changed by a refused request", t.changed), ("other faults", t.faults)):  # fmt: skip
        print(f"{name} {len(found)} (bar 0)")
        print("".join(f"  {words}\n" for words in dict.fromkeys(found[:40])), end="")


def main() -> int:
    """Run it on a database of its own."""
    with tempfile.TemporaryDirectory() as folder, clock.standing(NOW):
        siege = permit_matrix.made_in(Path(folder), kind=Siege)
        try:
            report(assault(siege, short="--short" in sys.argv))
        finally:
            siege.lift()
            database.close_all()
    return 1 if siege.tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
