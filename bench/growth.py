"""Ten times the history: the same round on a long and a short past, by turns. The file may grow, the wait must not."""

from __future__ import annotations

import statistics
from pathlib import Path

from bench import asking, client, figures, report, serving
from bench.place import Place
from bench.walk import KINDS, turns

PAIRS, LAST = 5, 3  # pairs of blocks; the round that is walked
MOST_SLOWER = 15.0  # per cent


def measure(folder: Path, short: Place, days: int) -> bool:
    """Load the long past, walk the same round on both, print how far the medians lie apart. False when its trail does
    not add up."""
    print(f"\nLoading {days} days of history …", flush=True)
    long = Place(folder, days).build()
    fresh = short.copy("again"), long
    carers = [place.at_bedsides(LAST) for place in fresh]
    with serving.product(fresh[0].environment(LAST), folder) as a:
        with serving.product(fresh[1].environment(LAST), folder) as b:
            servers = (a, b)
            steps = [
                asking.of_product(client.Connection(s.port), own)
                for s, own in zip(servers, carers, strict=True)
            ]
            blocks = zip(*(turns(s, 0, PAIRS * 4) for s in steps), strict=True)
            pairs = [tuple(client.one_by_one(s.port, k) for s, k in zip(servers, pair, strict=True)) for pair in blocks]
    print(f"{long.entries:,} entries beside {short.entries:,}: p50 over {len(pairs)} pairs of blocks")
    for kind in KINDS:
        slower = 100 * (figures.ratio(pairs, kind) - 1)
        noise = figures.spread([one for one, _ in pairs], kind)
        medians = [statistics.median(figures.of([p[n] for p in pairs], kind)) * 1000 for n in (0, 1)]
        report.growth(kind, medians, slower, noise, slower <= MOST_SLOWER)
    return report.trail(long)
