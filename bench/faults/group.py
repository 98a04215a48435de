"""A server with everything it starts, in a process group of its own; whoever ends it stands outside."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench import serving
from medpwa.config import ROOT
from medpwa.server import SERVER_FLAGS

SERVE = ("-m", "medpwa.server")  # what `serve` becomes
STOP_WITHIN = 60
_SET_CHILD_SUBREAPER = 36


def early(port: int) -> tuple[str, ...]:
    """How the control is started: the product's server and flags, around what answers too early."""
    return ("-m", "granian", *SERVER_FLAGS, "--host", serving.HOST, "--port", str(port), "bench.faults.early:app")


@contextlib.contextmanager
def adopting() -> Iterator[None]:
    """Be the parent of what a killed server leaves behind (Linux): thousands of kills must not leave thousands of
    entries in the process table where the machine's first process looks after nobody."""
    _adopt(1)
    try:
        yield
    finally:
        _adopt(0)


def _adopt(on: int) -> None:
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, on, 0, 0, 0)


def _bury(group: int) -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-group, os.WNOHANG)[0]:
            pass


class Group:
    """`serve` on a port of its own, started as often as wanted."""

    def __init__(self, folder: Path, command: tuple[str, ...] = SERVE, port: int = 0) -> None:
        self.port = port or serving.free_port()
        self.command = [sys.executable, *command]
        self.log = folder / f"serve-{self.port}.log"
        self.process: subprocess.Popen | None = None
        self._dead: list[int] = []

    def start(self, environment: dict[str, str]) -> None:
        """Start it at once, as whoever watches over a server does; nothing is waited for or looked at before."""
        where = {"HOST": serving.HOST, "PORT": str(self.port), "PYTHONPATH": str(ROOT)}
        with open(self.log, "ab") as out:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=os.environ | environment | where, stdout=out, stderr=out,
                stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip

    def ended(self) -> bool:
        """Whether it ended by itself."""
        return self.process is None or self.process.poll() is not None

    def kill(self) -> None:
        """`kill -9` of the whole group: serve, the server, its workers, the job worker."""
        if self.process is not None and self.process.returncode is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self._dead.append(self.process.pid)
        for group in self._dead[-3:]:  # the last ones may still have been dying
            _bury(group)

    def stop(self) -> int:
        """Ask it to end and wait. Returns its exit code; one that does not end is killed and counts as -9."""
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            self.kill()
            return -signal.SIGKILL

    def last_words(self) -> str:
        """The end of what it said."""
        return self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""
