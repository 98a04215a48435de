"""Serving: granian's workers and one job worker, started together, watched and stopped together."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import peewee as pw

from medpwa import clock, config, database, jobs
from medpwa.config import ROOT, Settings

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

SERVER_FLAGS = ["--interface", "wsgi", "--workers", "2", "--blocking-threads", "4", "--no-ws"]
# A worker told to stop while it is still loading does not hear it: it is killed after ten seconds.
SERVER_FLAGS += ["--respawn-failed-workers", "--workers-kill-timeout", "10", "--log-level", "warning"]
# glibc gives every thread an arena of memory of its own and hands little of it back: with one arena the web processes
# took 219 MiB in the bench, without it 270. Threads take turns for the interpreter anyway. Elsewhere it says nothing.
FRUGAL = {"MALLOC_ARENA_MAX": "1"}
LET_WORKER_REST = 2.0  # seconds between two starts of a job worker that keeps ending
FIRST_ANSWERS = 10.0  # seconds; until the pages answer, or this is over, they have the machine to themselves
PATIENCE = 30  # seconds to finish requests that are being answered


def run(settings: Settings) -> int:
    """Start, wait, stop. Returns the exit code: 2 for a start that cannot be, else the server's."""
    trouble = _trouble(settings)
    if trouble:
        print(trouble, file=sys.stderr)
        return 2
    stopping: list[bool] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.append(True))
    mark = _hold_serving_mark(settings.var)
    server = subprocess.Popen(_server_command(settings), cwd=ROOT, env=_environment())
    worker, started = None, clock.monotonic()
    announced = False
    try:
        while not stopping and server.poll() is None:
            if not announced:
                announced = _announce(settings)
            if _lacks_worker(worker, announced, clock.monotonic() - started):
                worker, started = _start_worker(), clock.monotonic()
            time.sleep(0.2)
    finally:
        code = _stop(server, *([worker] if worker else []))
        if mark is not None:
            mark.close()
    return 0 if stopping else code


def take_over() -> NoReturn:
    """Become the process that watches. The application, 35 MiB, is loaded where it answers and not here as well."""
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "medpwa.server"])


def _lacks_worker(worker: subprocess.Popen | None, announced: bool, waited: float) -> bool:
    """Whether it is time to start a job worker: the first once the pages answer, so that after a crash recording is
    possible sooner, another when it ended."""
    if worker is None:
        return announced or waited > FIRST_ANSWERS
    return worker.poll() is not None and waited > LET_WORKER_REST


def _stop(*processes: subprocess.Popen) -> int:
    """End them together, the patient way first. Returns the first one's exit code."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return processes[0].returncode


def _hold_serving_mark(var: Path):
    """Take the mark that says a server runs on this folder's database, until the process ends; None without flock."""
    if fcntl is None:
        return None
    var.mkdir(parents=True, exist_ok=True)
    mark = open(var / "serving.lock", "a")  # noqa: SIM115 held for the life of the process
    fcntl.flock(mark, fcntl.LOCK_SH)
    return mark


def is_serving(var: Path) -> bool:
    """Whether a server runs on the database of this folder."""
    path = var / "serving.lock"
    if fcntl is None or not path.exists():
        return False
    with open(path, "a") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


@contextlib.contextmanager
def nobody_serves(var: Path) -> Iterator[bool]:
    """Whether nobody serves this folder's database; if so, nobody can begin to until the block ends."""
    if fcntl is None:
        yield True
        return
    var.mkdir(parents=True, exist_ok=True)
    with open(var / "serving.lock", "a") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True


def _server_command(settings: Settings) -> list[str]:
    where = ["--host", settings.host, "--port", str(settings.port)]
    return [sys.executable, "-m", "granian", *SERVER_FLAGS, *where, "medpwa.serving:app"]


def _start_worker() -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-m", "flask", "--app", "app", "worker"], cwd=ROOT, env=_environment())


def _environment() -> dict[str, str]:
    return FRUGAL | os.environ | {jobs.MAIN_PID: str(os.getpid())}


def _trouble(settings: Settings) -> str | None:
    """Why the server cannot start, in one sentence with the way out; None when it can."""
    try:
        with database.db.connection_context():
            pending = database.pending_migrations()
    except pw.OperationalError:
        return "The database cannot be reached. Check DATABASE_URL, and that the database is up."
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
    if not _answers(settings):
        return False
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    print(f"\n  Steady is serving on http://{host}:{settings.port}", flush=True)
    notice = Path(settings.var) / "demo-sign-ins.txt"
    if settings.mode == "demo" and notice.exists():
        print(notice.read_text(), flush=True)
    return True


def _answers(settings: Settings) -> bool:
    """Whether the server is up: any answer says so, also a no to a host name it does not serve."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    asking = http.client.HTTPConnection(host, settings.port, timeout=1)  # by no proxy, whatever the environment says
    try:
        asking.request("GET", "/healthz", headers={"Host": (settings.trusted_hosts or (host,))[0]})
        return asking.getresponse().status > 0
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asking.close()


def _main() -> int:
    settings = config.from_environment()
    database.open_database(settings.database_url)
    return run(settings)


if __name__ == "__main__":
    sys.exit(_main())
