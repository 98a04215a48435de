"""`make bench`: the round beside its ceiling, side by side in one run. Ratios count; times alone mean little elsewhere.

    bench/run.py                 90 days of history, four rounds, under about four minutes
    bench/run.py --short         10 days, one round, under 40 seconds on a quiet machine
    bench/run.py --growth 900    the growth figure alone: a round on 900 days of history beside one on 90, by turns;
                                 2.16 million doses, loaded by the product's own chain and verified afterwards
    bench/run.py --growth 100    the same on a ninth of that, in some minutes
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import ceiling, first_decode, growth, paths, report  # noqa: E402
from bench.place import Place  # noqa: E402
from bench.walk import Seen, walk  # noqa: E402

SHORT_DAYS, DAYS, ROUNDS = 10, 90, 4


def main(arguments: list[str] | None = None) -> int:
    """Measure and print. The exit code is 1 when a dose was lost or the trail does not add up, never for slowness."""
    wanted, began = _wanted(arguments), time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="steady-bench-"))
    try:
        sound = _measure(folder, wanted)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"\nThe run took {time.monotonic() - began:.0f} s.")
    return 0 if sound else 1


def _wanted(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--short", action="store_true", help=f"{SHORT_DAYS} days of history and one round")
    parser.add_argument("--days", type=int, help=f"days of history (default {DAYS})")
    parser.add_argument("--growth", type=int, metavar="DAYS", help="measure only: these days beside a tenth of them")
    parser.add_argument("--rounds", type=int, choices=range(1, ROUNDS + 1), help="rounds walked, 600 doses each")
    found = parser.parse_args(arguments)
    found.days = found.days or (SHORT_DAYS if found.short else DAYS)
    found.rounds = found.rounds or (1 if found.short else ROUNDS)
    return found


def _measure(folder: Path, wanted: argparse.Namespace) -> bool:
    if wanted.growth:
        return growth.measure(folder, wanted.growth)
    place = Place(folder, wanted.days).build()
    ceiling.seed(str(folder / "ceiling.db"), place.days)
    report.head(place.entries, place.days)
    report.statements(paths.counted(place.copy("counted")))
    seen = Seen()
    for turn in range(wanted.rounds):
        walk(place, folder, turn, seen)
    report.figures_of(seen)
    report.memory(seen)
    sound = report.safety(seen) & report.trail(place)
    if not wanted.short:
        print(f"\n{first_decode.told(first_decode.measure())}")
    return sound


if __name__ == "__main__":
    raise SystemExit(main())
