"""How long the table of sign-offs and the quarterly audit take to be worked out: sixty people with fifteen orders each
and ninety days of doses. First look, the same look again, and a look after one more entry, in processor time.

    .venv/bin/python -m bench.competency

It also counts the doses the slow way, and judges some of them one by one by the rule itself, and fails where the two
differ or where the plan of the question walks the whole table of entries.
"""

from __future__ import annotations

import datetime as dt
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench import history, home
from bench.place import Place
from medpwa import clock, database
from medpwa.competency import actions
from medpwa.competency import queries as competency
from medpwa.mar.models import Entry
from medpwa.practice import auditing, gives, matrix, quarters, spans
from medpwa.staff import queries as staff
from medpwa.staff.models import Home

DAYS, JUDGED = 90, 2_000
FIRST_MOST, AGAIN_MOST = 6_000, 0.1  # milliseconds; of the first look
LAPSED_EACH = 7  # one carer in so many has a sign-off that ended half way through


def main() -> int:
    """Build, ask, print; 1 where a figure differs or what is kept spares nothing."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        place = Place(Path(folder), DAYS)
        database.migrate(place.url)
        database.open_database(place.url)
        system, beds, carers = home.build(DAYS, place.settings)
        held = next(iter(history._doses(beds, carers, 1)))
        count = history.load(system, beds, carers, DAYS)
        print(f"{count:,} entries of {DAYS} days, {len(beds)} people with 15 orders, {len(carers)} carers")
        with clock.standing(home.round_at(0)):
            _lapses(system, carers)
            return _measured(system, held)


def _lapses(system, carers: list[int]) -> None:
    half = clock.now() - dt.timedelta(days=DAYS // 2)
    for person_id in carers[::LAPSED_EACH]:
        actions.grant(by=system, person_id=person_id, skill="oral", state="supervised_only", valid_from=half)


def _measured(system, held: tuple) -> int:
    today = clock.local_day(clock.now(), system.zone)
    who = staff.system(Home.get_by_id(system.home_id))
    asked = matrix.Asked(spans.span_of("90", today, system.zone))
    quarter = quarters.of_day(today)
    look: Callable[[], object] = lambda: matrix.matrix_page(who, asked)  # noqa: E731
    table, _ = _timed(look)
    table_again, _ = _timed(look)
    audit, found = _timed(lambda: auditing.audit(who, quarter, clock.now()))
    audit_again, _ = _timed(lambda: auditing.audit(who, quarter, clock.now()))
    _one_more(system, held)
    after, _ = _timed(look)
    print(f"table: first look {table:.0f} ms; again {table_again:.0f} ms; after one more entry {after:.0f} ms")
    doses = found.figures["doses"]
    print(f"audit of {quarter.words}: {doses:,} doses, first look {audit:.0f} ms; again {audit_again:.0f} ms")
    same, walks = _agrees(system, asked.span), _walks_all(system, asked.span)
    quick = table <= FIRST_MOST and table_again <= max(table * AGAIN_MOST, 150)
    print(f"the same as counted slowly: {_word(same)}; no walk over all entries: {_word(not walks)}")
    print(f"first look within {FIRST_MOST} ms, again within a tenth of it: {_word(quick)}")
    return 0 if same and quick and not walks else 1


def _one_more(system, held: tuple) -> None:
    writer = history._Writer(system)
    with database.writing(system.chain_id):
        writer.begin()
        writer.number = 10_000_000
        writer.dose(clock.now() - dt.timedelta(minutes=5), *held[1:])
        writer.finish()


def _agrees(system, span: spans.Span) -> bool:
    found = gives.gives_between(system.home_id, span.start, span.end)
    wanted = (Entry.home == system.home_id) & (Entry.given_at >= span.start) & (Entry.given_at < span.end)
    entries = {e.id: e for e in Entry.select().where(wanted & (Entry.outcome == "given"))}
    out = {j.give.id for j in (*found.not_in_date, *found.supervised)}
    picked = random.Random(5).sample(sorted(entries), JUDGED)
    versions = gives.order_versions(system.home_id)

    def allowed(e: Entry) -> bool:
        asked, giver = versions[e.order_version_id].required_skills, e.administered_by or e.by
        return competency.sign_off(system.home_id, giver, asked, e.resident_id, e.given_at).allowed

    slow = {number for number in picked if not allowed(entries[number])}
    print(f"{found.total:,} doses judged, {len(out):,} by somebody not signed off; {JUDGED:,} judged again one by one")
    return found.total == len(entries) and slow == out & set(picked) and bool(slow)


def _walks_all(system, span: spans.Span) -> bool:
    """Whether the plan of the question reads the entries without an index of them."""
    values = (system.home_id, clock.micros(span.start), clock.micros(span.end))
    plan = database.rows("EXPLAIN QUERY PLAN " + gives._GIVES, *values)
    return any(str(row[3]).startswith("SCAN e") for row in plan)


def _word(good: bool) -> str:
    return "yes" if good else "NO"


def _timed(ask: Callable[[], object]) -> tuple[float, object]:
    """Processor time: what other work on the machine waits for is not counted."""
    begun = time.process_time()
    found = ask()
    return (time.process_time() - begun) * 1000, found


if __name__ == "__main__":
    sys.exit(main())
