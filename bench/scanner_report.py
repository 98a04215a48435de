"""What `make scanner` prints: the figure beside its bar, then by cause, by severity, by size and by tilt."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from statistics import median

from bench.reading import Read
from bench.scenes import CAUSES, PUBLIC_URL, Scene, digest

LEAST_READ, MOST_FIRST = 97.0, 400  # per cent of single pictures; milliseconds
SIZES = ((0.08, 0.12), (0.12, 0.20), (0.20, 0.40), (0.40, 0.61))
TILTS = ((0, 15), (15, 30), (30, 46))
SEVERITIES = (("slight", 0, 1 / 3), ("middling", 1 / 3, 2 / 3), ("severe", 2 / 3, 1.01))
Pair = tuple[Scene, Read]


def part(pairs: Iterable[Pair]) -> str:
    """How many of some pictures were read, as words."""
    some = list(pairs)
    read = sum(r.judged(s.token) == "read" for s, r in some)
    return f"{read:3} of {len(some):3} ({100 * read / len(some):5.1f} %)" if some else "none of them here"


def whole_set(some: list[Scene], reads: list[Read], frame: tuple[int, int], engine: str) -> bool:
    """The figure. Whether nothing was read wrongly."""
    pairs = list(zip(some, reads, strict=True))
    print(
        f"{len(some)} pictures {frame[0]} x {frame[1]} of labels as printed ({PUBLIC_URL}/r/…), in {engine}, on ",
        end="",
    )
    print(
        f"{os.cpu_count()} cores with a load of {os.getloadavg()[0]:.1f}. The set's fingerprint: {digest(some)[:12]}.\n"
    )
    read = sum(r.judged(s.token) == "read" for s, r in pairs)
    share = 100 * read / len(some)
    met = "met" if share >= LEAST_READ else "NOT MET"
    print(f"single pictures read       {read} of {len(some)}, {share:.1f} %  (at least {LEAST_READ:.0f} %: {met})")
    sound = _wrong(pairs)
    times = [r.ms for s, r in pairs if r.judged(s.token) == "read"] or [0]
    print(f"from picture to answer     {median(times):.0f} ms median where it was read\n")
    _rows("number of causes", [(f"{n} at once", lambda s, n=n: len(s.causes) == n) for n in range(4)], pairs)
    _rows("code's side in the frame's shorter side", [_between(*size) for size in SIZES], pairs)
    _rows("tilt in degrees", [_tilted(*tilt) for tilt in TILTS], pairs)
    for name in CAUSES:
        rows = [
            (f"{word}", lambda s, a=low, b=high, n=name: a <= s.causes.get(n, -1) < b) for word, low, high in SEVERITIES
        ]
        _rows(f"{name}: {part((s, r) for s, r in pairs if name in s.causes)}", rows, pairs)
    return sound


def _wrong(pairs: list[Pair]) -> bool:
    wrong = [(s, r) for s, r in pairs if r.judged(s.token) == "wrong"]
    for scene, read in wrong[:5]:
        print(f"WRONG  picture {read.name} of {scene.token} was read as {', '.join(read.texts)}")
    print(f"read wrongly               {len(wrong)}  (0: {'MISSED' if wrong else 'met'})")
    return not wrong


def _between(low: float, high: float) -> tuple[str, Callable[[Scene], bool]]:
    return f"{100 * low:.0f} to {min(60, 100 * high):.0f} %", lambda s: low <= s.share < high


def _tilted(low: float, high: float) -> tuple[str, Callable[[Scene], bool]]:
    return f"{low} to {min(45, high)}", lambda s: low <= s.tilt < high


def _rows(title: str, rows: list[tuple[str, Callable[[Scene], bool]]], pairs: list[Pair]) -> None:
    print(title)
    for words, holds in rows:
        print(f"  {words:14} {part((s, r) for s, r in pairs if holds(s))}")


def held(some: list[Scene], single: list[Read], later: list[Read], frames: int) -> bool:
    """The figure when the phone is held over the code for several frames. Whether nothing was read wrongly."""
    by_number = {s.number: s for s in some}
    pairs = [(by_number[int(r.name.partition("-")[0])], r) for r in later]
    got = {s.number for s, r in pairs if r.judged(s.token) == "read"}
    got |= {s.number for s, r in zip(some, single, strict=True) if r.judged(s.token) == "read"}
    share = 100 * len(got) / len(some)
    print(f"\nheld for {frames} frames           {len(got)} of {len(some)}, {share:.1f} %  (no bar of its own)")
    return _wrong(pairs)


def empties(reads: list[Read]) -> None:
    """What a picture without a label costs."""
    times = sorted(r.ms for r in reads)
    found = sum(bool(r.texts) for r in reads)
    print(f"\npictures without a label   {median(times):.0f} ms median, {times[-1]:.0f} at most; texts read: {found}")


def starts(milliseconds: list[float]) -> None:
    """How soon a steady code is read after the camera starts."""
    worst, usual = max(milliseconds), median(milliseconds)
    met = "met" if worst < MOST_FIRST else "met by the median alone" if usual < MOST_FIRST else "NOT MET"
    print(
        f"first read of a steady code after the camera starts: {usual:.0f} ms median, {worst:.0f} at most of ", end=""
    )
    print(f"{len(milliseconds)} starts  (under {MOST_FIRST} ms: {met})")
