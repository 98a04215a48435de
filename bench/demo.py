"""The demo home, loaded afresh and served, for what a browser measures."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests import stage

USER, HOME, CLOCK = "sophie.bennett", "/h/rowanbank", "2026-11-16T12:04"


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """Load it into a folder and serve it at four minutes past twelve; yields the base address."""
    env = stage.environment(folder, stage.free_port(), clock=CLOCK)
    for command in ("db-up", "demo"):
        flask = [sys.executable, "-m", "flask", "--app", "app", command]
        subprocess.run(flask, cwd=stage.ROOT, env=os.environ | env, check=True, stdout=subprocess.DEVNULL)
    with stage.served(env) as base:
        yield base


def sign_in(page, base: str, username: str = USER) -> None:
    """Sign in by the page, as one of the demo's people."""
    from medpwa.demo.team import PASSPHRASE

    stage.sign_in(page, base, username, PASSPHRASE)
