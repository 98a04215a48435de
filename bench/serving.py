"""Starts the product and the ceiling on the same server with the same flags, on loopback, and weighs them."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from medpwa.config import ROOT
from medpwa.server import SERVER_FLAGS

START_WITHIN = 60.0
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Served:
    """A server that answers."""

    port: int
    process: subprocess.Popen
    log: Path


@contextlib.contextmanager
def product(environment: dict[str, str], folder: Path) -> Iterator[Served]:
    """The product as `serve` runs it: its web processes and its job worker."""
    port = free_port()
    command = [sys.executable, "-m", "flask", "--app", "app", "serve"]
    with _started(command, environment | {"HOST": HOST, "PORT": str(port)}, port, folder / "product.log") as served:
        yield served


@contextlib.contextmanager
def plain(environment: dict[str, str], folder: Path) -> Iterator[Served]:
    """The ceiling on the same server with the same flags."""
    port = free_port()
    where = ["--host", HOST, "--port", str(port)]
    command = [sys.executable, "-m", "granian", *SERVER_FLAGS, *where, "bench.ceiling:app"]
    with _started(command, environment, port, folder / "ceiling.log") as served:
        yield served


@contextlib.contextmanager
def _started(command: list[str], environment: dict[str, str], port: int, log: Path) -> Iterator[Served]:
    with open(log, "ab") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=out, stderr=out)
    try:
        wait(process, port, log)
        yield Served(port, process, log)
    finally:
        process.terminate()
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait(process: subprocess.Popen, port: int, log: Path) -> None:
    """Return once it answers; its last words when it does not start."""
    until = time.monotonic() + START_WITHIN
    while time.monotonic() < until and process.poll() is None:
        asking = http.client.HTTPConnection(HOST, port, timeout=2)
        with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(asking):
            asking.request("GET", "/healthz")
            if asking.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise SystemExit(f"The server did not start. Its last words:\n{log.read_text()[-2000:]}")


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


# ---------------------------------------------------------------- memory


@dataclass(frozen=True)
class Weight:
    """Proportional set size of a server's processes, in MiB: pages shared by n processes count 1/n in each."""

    web: float
    worker: float


def weigh(served: Served) -> Weight | None:
    """The memory of a running server now; None where the machine does not say (it needs Linux)."""
    if not Path("/proc/self/smaps_rollup").exists():
        return None
    web = worker = 0.0
    for pid in _tree(served.process.pid):
        with contextlib.suppress(OSError):
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            if b"worker" in words:
                worker += _pss(pid)
            else:
                web += _pss(pid)
    return Weight(web, worker)


def processor(served: Served) -> float:
    """Seconds of processor a server's processes have taken so far: steadier than the clock on a machine that does
    other work as well. 0 where the machine does not say."""
    ticks = 0
    for pid in _tree(served.process.pid) if Path("/proc/self/stat").exists() else ():
        with contextlib.suppress(OSError):
            user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
            ticks += int(user) + int(system)
    return ticks / os.sysconf("SC_CLK_TCK")


def _pss(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _tree(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found
