"""`make kills`: the server is killed, or stopped, under load again and again, and one checker judges what is left.

make kills                                          1,000 kills, 100,000 entries acknowledged: one to two hours
make kills ARGS="--kills 50 --acknowledged 1000"    a few minutes
make kills ARGS="--minutes 30"                      as much of the whole as fits
make kills ARGS="--restarts 100"                    stopped by SIGTERM and started again instead of killed
make kills ARGS="--control"                         a server that answers before it stores: it must be found out
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from bench.faults import group, report  # noqa: E402
from bench.faults.campaign import Campaign, Plan  # noqa: E402
from bench.place import Place  # noqa: E402

KILLS, ACKNOWLEDGED, EACH_RESTART = 1_000, 100_000, 60


def main(arguments: list[str] | None = None) -> int:
    """Run and print. The exit code is 1 when a law is broken; for the control, when none is."""
    wanted = _wanted(arguments)
    folder = Path(tempfile.mkdtemp(prefix="steady-kills-"))
    try:
        place = Place(folder, 0).build()
        campaign = Campaign(place, _plan(wanted), group.early if wanted.control else None, _say)
        seen = campaign.run()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sound = report.printed(campaign.plan, campaign.book, seen)
    if wanted.control:
        print(f"\nThe control was {'found out' if seen.verdict.lost else 'NOT found out: this harness sees nothing'}.")
        return 0 if seen.verdict.lost else 1
    return 0 if sound else 1


def _wanted(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, help=f"how often it is killed (default {KILLS:,})")
    parser.add_argument("--acknowledged", type=int, help=f"entries to acknowledge (default {ACKNOWLEDGED:,})")
    parser.add_argument("--restarts", type=int, help="stop and start it so often instead of killing it")
    parser.add_argument("--writers", type=int, choices=range(1, 17), default=12, metavar="1-16")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, help="end the run after so long and say how far it came")
    parser.add_argument("--control", action="store_true", help="run against a server that answers before it stores")
    found = parser.parse_args(arguments)
    found.kills = found.kills if found.kills is not None else (5 if found.control else KILLS)
    each = ACKNOWLEDGED / KILLS if not found.restarts else EACH_RESTART
    found.acknowledged = found.acknowledged or int((found.restarts or found.kills) * each)
    return found


def _say(words: str) -> None:
    print(f"  {words}", flush=True)


def _plan(wanted: argparse.Namespace) -> Plan:
    until = time.perf_counter() + wanted.minutes * 60 if wanted.minutes else float("inf")
    return Plan(
        kills=wanted.restarts or wanted.kills,
        acknowledged=wanted.acknowledged,
        writers=8 if wanted.restarts else wanted.writers,
        seed=wanted.seed,
        graceful=bool(wanted.restarts),
        until=until,
    )


if __name__ == "__main__":
    raise SystemExit(main())
