"""Serving: granian's workers and one job worker, started together, watched and stopped together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

from medpwa import database
from medpwa.config import ROOT, Settings

SERVER_FLAGS = ["--interface", "wsgi", "--workers", "2", "--blocking-threads", "4", "--no-ws"]
SERVER_FLAGS += ["--respawn-failed-workers", "--log-level", "warning"]


def run(settings: Settings) -> int:
    """Start, wait, stop. Returns the exit code: 2 for a start that cannot be, else the server's."""
    trouble = _trouble(settings)
    if trouble:
        print(trouble, file=sys.stderr)
        return 2
    server = subprocess.Popen(_server_command(settings), cwd=ROOT, env=os.environ)
    worker = _start_worker()
    stopping = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.append(True))
    announced = False
    try:
        while not stopping and server.poll() is None:
            if not announced:
                announced = _announce(settings)
            if worker.poll() is not None:
                worker = _start_worker()
            time.sleep(0.2)
    finally:
        for process in (server, worker):
            if process.poll() is None:
                process.terminate()
        code = server.wait(30)
        worker.wait(30)
    return 0 if stopping else code


def _server_command(settings: Settings) -> list[str]:
    where = ["--host", settings.host, "--port", str(settings.port)]
    return [sys.executable, "-m", "granian", *SERVER_FLAGS, *where, "medpwa.serving:app"]


def _start_worker() -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-m", "flask", "--app", "app", "worker"], cwd=ROOT, env=os.environ)


def _trouble(settings: Settings) -> str | None:
    """Why the server cannot start, in one sentence with the way out; None when it can."""
    database.db.connect(reuse_if_open=True)
    pending = database.pending_migrations()
    database.db.close()
    if pending:
        return f"The database lacks {len(pending)} migrations. Run: flask --app app db-up"
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # No SO_REUSEPORT here: granian would silently share the port with orphans of an earlier run.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            return f"Port {settings.port} is taken. Stop what uses it, or choose another: PORT=8001 make run"
    return None


def _announce(settings: Settings) -> bool:
    """Say where it is once it answers."""
    try:
        with urlopen(f"http://{settings.host}:{settings.port}/healthz", timeout=1) as answer:
            if answer.status != 200:
                return False
    except OSError:
        return False
    print(f"\n  Steady is serving on http://{settings.host}:{settings.port}", flush=True)
    notice = Path(settings.var) / "demo-sign-ins.txt"
    if settings.mode == "demo" and notice.exists():
        print(notice.read_text(), flush=True)
    return True
