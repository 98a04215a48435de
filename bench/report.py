"""What the bench prints: each figure with its ceiling, the bar beside it, and whether it is met."""

from __future__ import annotations

import os
import platform

from bench import figures, home
from bench.place import Place
from bench.statements import Counted
from bench.walk import ALONE, TOGETHER, Seen

WORDS = {
    "record": "record one dose (form, fragment answer)",
    "card": "a resident's card (whole page)",
    "board": "the whole home's board (its refresh)",
    "round": "the round's list (its refresh)",
}
MOST_TIMES, STRETCH_TIMES = 4.0, 3.0
LEAST_PART, STRETCH_PART = 1 / 3, 1 / 2
MOST_WEB, MOST_WORKER = 200.0, 60.0


def head(entries: int, days: int) -> None:
    """What is measured, and on what."""
    import peewee

    print(f"\nOne home, {home.RESIDENTS} residents x {home.ORDERS} orders x {len(home.TIMES)} times a day ", end="")
    print(f"and {home.MORE} of other kinds, ", end="")
    print(f"{days} days of history: {entries:,} entries, each with its ledger line.")
    load = os.getloadavg()[0]
    print(f"Python {platform.python_version()}, SQLite {peewee.sqlite3.sqlite_version}, {os.cpu_count()} cores", end="")
    print(f" with a load of {load:.1f}. The ceiling runs on the same server with the same flags.")
    print("The product is asked as a phone asks: session, form token, htmx headers, gzip. Blocks take turns.\n")


def statements(counted: dict[str, Counted]) -> None:
    """How many statements each path sends, and whether any of them reads a whole table."""
    print("SQL statements a request (warm), inside it the ones of its writing transaction:")
    for page, c in counted.items():
        scans = "; ".join(c.scans) if c.scans else "no full scan"
        print(f"  {WORDS[page]:42} {c.total:3}  ({c.writing} writing)  {scans}")


def figures_of(seen: Seen) -> None:
    """The four paths, one at a time and eight at a time."""
    print(f"\n{'ms':44} {'product':>22}   {'ceiling':>22}")
    print(f"{'':44} {'p50':>6} {'p95':>7} {'p99':>7}   {'p50':>6} {'p95':>7} {'p99':>7}   ratio  bar")
    for at_once in (ALONE, TOGETHER):
        print("one at a time" if at_once == ALONE else f"{at_once} at a time")
        for kind in WORDS:
            _line(seen, kind, at_once)


def _line(seen: Seen, kind: str, at_once: int) -> None:
    pairs = seen.pairs[kind, at_once]
    bare, ours = [b for b, _ in pairs], [o for _, o in pairs]
    three = "   ".join(
        " ".join(f"{figures.percentile(figures.of(runs, kind), p):{w}.2f}" for p, w in ((50, 6), (95, 7), (99, 7)))
        for runs in (ours, bare)
    )
    times = figures.ratio(pairs, kind)
    print(f"  {WORDS[kind]:42} {three}   {times:5.2f}  {_judged(kind, at_once, pairs, times)}")


def _judged(kind: str, at_once: int, pairs, times: float) -> str:
    if at_once == ALONE:
        if kind == "round":
            said = "no bar of its own"
        else:
            said = f"at most {MOST_TIMES:.0f}: {_met(times <= MOST_TIMES, times <= STRETCH_TIMES)}"
        return f"{said}; equals differ by {figures.spread([b for b, _ in pairs], kind):.0f} %"
    rates = [figures.rate(runs, kind) for runs in ([o for _, o in pairs], [b for b, _ in pairs])]
    part = figures.rate_ratio(pairs, kind)
    said = f"{rates[0]:,.0f} a second, {rates[1]:,.0f} the ceiling: {part:.2f} of it"
    if kind == "record":
        said += f"; at least {LEAST_PART:.2f}: {_met(part >= LEAST_PART, part >= STRETCH_PART)}"
    took = [figures.processor(runs, kind) for runs in ([o for _, o in pairs], [b for b, _ in pairs])]
    if took[1]:
        said += f"; processor {took[0]:.1f} ms, {took[1]:.1f} the ceiling: {took[0] / took[1]:.1f} times"
    return said


def _met(bar: bool, stretch: bool) -> str:
    return "met, and the stretch" if stretch else "met" if bar else "NOT MET"


def memory(seen: Seen) -> None:
    """What the processes weigh after a round."""
    if not seen.weights:
        print("\nMemory: this machine does not say (it needs Linux).")
        return
    bare, ours = max(b.web for b, _ in seen.weights), max(o.web for _, o in seen.weights)
    worker = max(o.worker for _, o in seen.weights)
    print(f"\nMemory after the round (proportional set size), MiB: web processes {ours:.0f}", end="")
    print(f" (at most {MOST_WEB:.0f}: {_met(ours <= MOST_WEB, False)}), worker {worker:.0f}", end="")
    print(f" (at most {MOST_WORKER:.0f}: {_met(worker <= MOST_WORKER, False)}), the ceiling {bare:.0f}.")


def safety(seen: Seen) -> bool:
    """Whether every answer came and every answered dose is stored once. Speed that loses a dose counts for nothing."""
    kept = answered(seen.faults) and seen.sent == seen.stored
    print(f"\n{seen.sent:,} doses sent, {seen.stored:,} more stored: {'each once' if kept else 'THEY DIFFER'}.")
    return kept


def answered(faults: list[str]) -> bool:
    """Whether every request was answered as it must be; what was not is printed."""
    for fault in faults[:5]:
        print(f"FAULT  {fault}")
    return not faults


def trail(place: Place) -> bool:
    """Whether the whole trail adds up after all that was done."""
    faults = place.faults()
    for fault in faults[:5]:
        print(f"FAULT  {fault.where}: {fault.words}")
    print(f"ledger verify: {len(faults)} faults.")
    return not faults


def growth(kind: str, medians: list[float], slower: float, noise: float, met: bool) -> None:
    """One line of the growth figure."""
    print(f"  {WORDS[kind]:42} {medians[0]:6.2f} ms, {medians[1]:6.2f} ms: {slower:+.0f} %", end="")
    print(f"  (at most +15 %: {_met(met, False)}; equals differ by {noise:.0f} %)")
