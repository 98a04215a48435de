"""Take each control of the hazard log away, one at a time, and see that its tests notice: `make sabotage`.

The source is copied to a temporary folder; nothing here is changed. First all named tests must pass on the copy, since
a test that fails anyway notices nothing. Ends with an error when a sabotage goes unnoticed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from hazards import ROOT, Control, Sabotage, controls  # noqa: E402

LEFT_OUT = (".git", ".venv", "node_modules", "var", "__pycache__", ".pytest_cache", ".ruff_cache", ".hypothesis")
LINKED = ("node_modules", "var/assets")  # made by set-up, only read
SECONDS = 300  # for one run of tests
SHORT = 2


def main(words: list[str]) -> int:
    """Try all sabotages, or with `--short` the first two; 0 when every one was noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help=f"the first {SHORT} controls only")
    parser.add_argument("--only", default="", help="one control by its id, e.g. H17-3")
    asked = parser.parse_args(words)
    chosen = [c for c in controls() if asked.only in ("", c.id)][: SHORT if asked.short else None]
    if not chosen:
        print(f"There is no control called {asked.only}.")
        return 2
    with tempfile.TemporaryDirectory(prefix="steady-sabotage-") as folder:
        copy = copied(Path(folder))
        return judged(copy, chosen)


def copied(folder: Path) -> Path:
    """The source in another folder, with what set-up made linked into it."""
    copy = folder / "source"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*LEFT_OUT), symlinks=True)
    for name in LINKED:
        if (ROOT / name).exists():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).symlink_to((ROOT / name).resolve())
    return copy


def judged(copy: Path, chosen: list[Control]) -> int:
    """Run the tests of each control with its sabotage in place, and print what came of it."""
    tests = list(dict.fromkeys(t for c in chosen for t in c.tests))
    print(f"{len(tests)} tests of {len(chosen)} controls, nothing changed …", flush=True)
    code, last = tested(copy, tests)
    if code != 0:
        print(f"They must pass first: {last}")
        return 2
    unnoticed = 0
    for control in chosen:
        began = time.monotonic()
        code, last = sabotaged(copy, control.sabotage, control.tests)
        noticed = code == 1
        unnoticed += not noticed
        how = "noticed" if noticed else "UNNOTICED" if code == 0 else f"NOT RUN ({last})"
        print(f"{control.id:8} {how:10} {time.monotonic() - began:5.1f} s  {control.sabotage.name}", flush=True)
    print(f"{len(chosen) - unnoticed} of {len(chosen)} sabotages were noticed; the bar is all of them.")
    return 1 if unnoticed else 0


def sabotaged(copy: Path, sabotage: Sabotage, tests: Iterable[str]) -> tuple[int, str]:
    """The tests with one line changed; the line is put back."""
    path = copy / sabotage.file
    before = path.read_text(encoding="utf-8")
    if before.count(sabotage.find) != 1:
        return 2, f"its line stands {before.count(sabotage.find)} times in {sabotage.file}"
    path.write_text(before.replace(sabotage.find, sabotage.replace), encoding="utf-8")
    try:
        return tested(copy, tests, "-x")
    finally:
        path.write_text(before, encoding="utf-8")


def tested(copy: Path, tests: Iterable[str], *more: str) -> tuple[int, str]:
    """Pytest's own answer (0 passed, 1 failed, more: not run) on SQLite, and its last line."""
    command = [sys.executable, "-m", "pytest", "-q", "-k", "not postgres", "-p", "no:cacheprovider", *more, *tests]
    quiet = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    try:
        run = subprocess.run(
            command, cwd=copy, env=quiet, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return 3, f"not done in {SECONDS} s"
    said = [line for line in run.stdout.splitlines() if line.strip()] or [run.stderr.strip()[-200:]]
    return run.returncode, said[-1]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
