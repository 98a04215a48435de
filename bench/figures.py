"""From blocks to figures: percentiles, ratios of pairs, and how far two equals lie apart."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from bench.client import Run

Pairs = Sequence[tuple[Run, Run]]


def percentile(times: Sequence[float], share: float) -> float:
    """The nearest-rank percentile, in milliseconds."""
    ordered = sorted(times)
    rank = max(0, -(-len(ordered) * share // 100) - 1)
    return ordered[int(rank)] * 1000


def of(runs: Sequence[Run], kind: str) -> list[float]:
    """All times of one kind of request."""
    return [t for run in runs for t in run.times.get(kind, ())]


def ratio(pairs: Pairs, kind: str) -> float:
    """How many times as long the product takes: the median of the pairs' own ratios of medians."""
    return statistics.median(_median(ours, kind) / _median(bare, kind) for bare, ours in pairs)


def rate(runs: Sequence[Run], kind: str) -> float:
    """Answers a second over all blocks."""
    seconds = sum(run.seconds for run in runs)
    return len(of(runs, kind)) / seconds


def rate_ratio(pairs: Pairs, kind: str) -> float:
    """Which part of the ceiling's throughput the product reaches: the median over the pairs."""
    return statistics.median(rate([ours], kind) / rate([bare], kind) for bare, ours in pairs)


def processor(runs: Sequence[Run], kind: str) -> float:
    """Milliseconds of processor an answer takes its server."""
    return 1000 * sum(run.cpu for run in runs) / len(of(runs, kind))


def spread(runs: Sequence[Run], kind: str) -> float:
    """How far two neighbouring blocks of one and the same server lie apart, in per cent: the noise of this machine."""
    medians = [_median(run, kind) for run in runs]
    apart = [abs(b / a - 1) for a, b in zip(medians, medians[1:], strict=False)]
    return 100 * statistics.median(apart) if apart else 0.0


def _median(run: Run, kind: str) -> float:
    return statistics.median(run.times[kind])
