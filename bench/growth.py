"""Ten times the history: the same round on a long and a short past, by turns. The file may grow, the wait must not."""

from __future__ import annotations

import statistics
from pathlib import Path

from bench import asking, client, figures, report, serving
from bench.place import Place
from bench.walk import KINDS, turns

PAIRS, LAST = 5, 3  # pairs of blocks; the round that is walked
TIMES = 10
MOST_SLOWER = 15.0  # per cent


def measure(folder: Path, days: int) -> bool:
    """Load a long past and a tenth of it, walk the same round on both, print how far the medians lie apart. False when
    a trail does not add up."""
    places = []
    for wanted in (max(1, days // TIMES), days):
        print(f"Loading {wanted} days of history …", flush=True)
        places.append(Place(folder, wanted).build())
    short, long = places
    report.head(short.entries, short.days)
    pairs = _walked(folder, short, long)
    print(f"{long.entries:,} entries beside {short.entries:,}: p50 over {len(pairs)} pairs of blocks")
    for kind in KINDS:
        slower = 100 * (figures.ratio(pairs, kind) - 1)
        noise = figures.spread([one for one, _ in pairs], kind)
        medians = [statistics.median(figures.of([p[n] for p in pairs], kind)) * 1000 for n in (0, 1)]
        report.growth(kind, medians, slower, noise, slower <= MOST_SLOWER)
    faults = [fault for pair in pairs for run in pair for fault in run.faults]
    return report.answered(faults) & report.trail(short) & report.trail(long)


def _walked(folder: Path, short: Place, long: Place) -> list[tuple[client.Run, client.Run]]:
    carers = [place.at_bedsides(LAST) for place in (short, long)]
    with (
        serving.product(short.environment(LAST), folder) as a,
        serving.product(long.environment(LAST), folder) as b,
    ):
        steps = [asking.of_product(client.Connection(s.port), own) for s, own in zip((a, b), carers, strict=True)]
        blocks = zip(*(turns(s, 0, PAIRS * 4) for s in steps), strict=True)
        return [(client.one_by_one(a.port, one), client.one_by_one(b.port, other)) for one, other in blocks]
