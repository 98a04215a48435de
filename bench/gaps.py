"""How long the page of gaps takes to be worked out: sixty people, fifteen orders four times a day, five weeks; one dose
in a hundred without a record. First look, the same look again, and a look after one more entry.

    .venv/bin/python -m bench.gaps

It also counts the same gaps the slow way, from the dose lines of the round, and fails where the two differ.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import sys
import tempfile
import time
from pathlib import Path

from bench import history, home
from bench.place import Place
from medpwa import clock, database
from medpwa.mar import gap_list, measures, missing, queries

DAYS, MISSED_EACH = 35, 100
MOST_AGAIN = 0.1  # of the first look: what is kept must be worth keeping
MOST_DERIVED = 3  # days, after an order is added today: those before it stay as they were derived
TO_15 = (
    ("bisoprolol", "2.5 mg", "tablet", "tablet", "mouth", ""),
    ("ramipril", "5 mg", "capsule", "capsule", "mouth", ""),
    ("docusate sodium", "100 mg", "capsule", "capsule", "mouth", ""),
    ("folic acid", "5 mg", "tablet", "tablet", "mouth", ""),
    ("levothyroxine", "50 micrograms", "tablet", "tablet", "mouth", ""),
)


def main() -> int:
    """Build, ask, print; 1 where the two ways of counting differ or what is kept spares nothing."""
    home.ORDERS, home._LINES = 15, (*home._LINES, *TO_15)
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        place = Place(Path(folder), DAYS)
        database.migrate(place.url)
        database.open_database(place.url)
        system, beds, carers = home.build(DAYS, place.settings)
        held = _load_with_gaps(system, beds, carers)
        with clock.standing(home.round_at(0)):
            return _measured(system, held)


def _load_with_gaps(system, beds, carers) -> tuple:
    """The history without every hundredth dose, and one of those kept back."""
    every = list(history._doses(beds, carers, DAYS))
    history._doses = lambda *_: (step for n, step in enumerate(every, 1) if n % MISSED_EACH)
    count = history.load(system, beds, carers, DAYS)
    print(f"{count:,} entries of {len(every):,} doses in {DAYS} days")
    return every[MISSED_EACH * 50 - 1]


def _measured(system, held: tuple) -> int:
    at = clock.now()
    today = clock.local_day(at, system.zone)
    first, found = _timed(lambda: missing.missing(system, today - dt.timedelta(DAYS), today, at))
    again, _ = _timed(lambda: missing.missing(system, today - dt.timedelta(DAYS), today, at))
    writer = history._Writer(system)
    with database.writing(system.chain_id):
        writer.begin()
        writer.number = 10_000_000
        writer.dose(*held)
        writer.finish()
    after, fewer = _timed(lambda: missing.missing(system, today - dt.timedelta(DAYS), today, at))
    _add_an_order(system)
    derived, real = [], queries.doses_of_day
    queries.doses_of_day = lambda *asked: derived.append(asked) or real(*asked)
    changed, same_still = _timed(lambda: missing.missing(system, today - dt.timedelta(DAYS), today, at))
    page, shown = _timed(lambda: gap_list.gaps_page(system, at=at))
    weeks, _ = _timed(lambda: measures.weeks(system, at))
    slow, lines = _timed(lambda: queries.lines_between(system, at - dt.timedelta(DAYS), at, at))
    since = at - dt.timedelta(DAYS)
    same = {x.dose.key for x in lines if x.state.kind == "gap"} == {x.dose.key for x in fewer if x.due_at >= since}
    print(f"gaps: {len(found)}, after one more entry {len(fewer)}; on the page {shown.waiting.count}")
    print(f"first look {first:.0f} ms; again {again:.1f} ms; after one more entry {after:.0f} ms; "
          f"after an order is added {changed:.0f} ms, {len(derived)} of {DAYS + 1} days derived anew")
    print(f"the page {page:.0f} ms")
    print(f"five weeks of measures {weeks:.0f} ms; the slow way {slow:.0f} ms")
    kept = again <= first * MOST_AGAIN and len(derived) <= MOST_DERIVED
    same = same and [x.dose.key for x in same_still] == [x.dose.key for x in fewer]
    told = ("yes" if same else "NO", "yes" if kept else "NO")
    print(f"the same gaps as the round's own lines: {told[0]}")
    print(f"again within a tenth of the first look and {MOST_DERIVED} days: {told[1]}")
    return 0 if same and kept and len(fewer) == len(found) - 1 else 1


def _add_an_order(system) -> None:
    """Somebody adds a medicine today, as on any working day."""
    from medpwa.medicines import actions, keying
    from medpwa.medicines import queries as orders

    one = orders.orders_of_home(system.home_id)[0]
    details = dataclasses.replace(keying.details_of(one), medicine="vitamin D", strength="")
    actions.import_order(by=system, resident_id=one.resident_id, details=details)


def _timed(ask) -> tuple[float, list]:
    begun = time.perf_counter()
    found = ask()
    return (time.perf_counter() - begun) * 1000, found


if __name__ == "__main__":
    sys.exit(main())
