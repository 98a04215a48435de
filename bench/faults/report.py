"""What a fault run prints: each figure beside its bar."""

from __future__ import annotations

from bench.faults.campaign import Plan, Seen
from bench.faults.notebook import Notebook
from bench.figures import percentile

RECOVERY_BAR = 3.0  # seconds, for ninety-nine in a hundred


def printed(plan: Plan, book: Notebook, seen: Seen) -> bool:
    """Print the run; whether every law held and everything wanted was reached or is said to be short."""
    verdict, what = seen.verdict, "stops by SIGTERM" if plan.graceful else "kills (kill -9 of the whole group)"
    _say(what, f"{seen.kills:,}", _of(plan.kills, seen.kills) + _starting(seen))
    _say("entries acknowledged", f"{book.entries:,}", _of(plan.acknowledged, book.entries))
    _say(
        "answers: recorded, refused",
        f"{len(book.acknowledged):,}, {len(book.refused):,}",
        f"{plan.writers} writers, seed {plan.seed}",
    )
    _say("sent again", f"{book.resent:,}", f"{len(book.unanswered):,} of them because no whole answer had come")
    _say("lost", f"{verdict.lost:,}", "bar 0")
    _say("doubled", f"{verdict.doubled:,}", "bar 0")
    _say("not as sent, never sent", f"{verdict.count('not as sent', 'never sent'):,}", "bar 0")
    _say("refused but stored", f"{verdict.count('refused but stored'):,}", "bar 0")
    _say("chain faults", f"{verdict.count('chain'):,}", "bar 0")
    _say("integrity faults", f"{verdict.count('integrity'):,}", "bar 0")
    _say("answers nobody should get", f"{sum(book.strange.values()):,}", "bar 0")
    if plan.graceful:
        _say("half an answer", f"{halves(book):,}", "bar 0")
        _say("stored, but told only after the restart", f"{len(seen.told_late):,}", "bar 0")
    _recovery(seen)
    for broken in verdict.broken[:20]:
        print(f"    BROKEN  {broken.law}: {broken.where}")
    for late in seen.told_late[:20]:
        print(f"    TOLD LATE  {late.entry_id}, life {late.life}: {late.how} after {late.after:.2f} s")
    for words, count in book.strange.most_common(5):
        print(f"    {count} x {words}")
    if seen.gave_up:
        print(seen.gave_up)
    pace = book.entries / max(1.0, seen.seconds)
    print(f"\nThe run took {seen.seconds / 60:.1f} minutes, {pace:.0f} entries a second.")
    return sound(plan, book, seen)


def sound(plan: Plan, book: Notebook, seen: Seen) -> bool:
    """Whether every law held. How much fitted into the time is said, not judged."""
    peaceful = not plan.graceful or (not halves(book) and not seen.told_late and seen.codes <= {0})
    return seen.verdict.holds and not book.strange and not seen.gave_up and peaceful


def halves(book: Notebook) -> int:
    """How many answers broke off in the middle."""
    return sum(b.partly for b in book.unanswered)


def _recovery(seen: Seen) -> None:
    took = seen.recoveries
    if not took:
        return
    p50, p99 = percentile(took, 50) / 1000, percentile(took, 99) / 1000
    bar = f"p99 bar {RECOVERY_BAR:.0f} s: {'met' if p99 <= RECOVERY_BAR else 'NOT met'}"
    _say("recovery p50, p99, max", f"{p50:.1f} s, {p99:.1f} s, {max(took):.1f} s", bar)
    _say("starts needed after one end", f"at most {seen.most_tries}", "no step by hand")


def _of(wanted: int, got: int) -> str:
    return f"of {wanted:,} wanted: cut short by the time given" if got < wanted else f"bar {wanted:,}"


def _starting(seen: Seen) -> str:
    return f"; {seen.while_starting:,} while it was starting" if seen.while_starting else ""


def _say(what: str, figure: str, beside: str) -> None:
    print(f"  {what:<42}{figure:>26}   {beside}")
