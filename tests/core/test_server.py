"""The server as it is started: real processes on a port of their own. SQLite; what they do is the same on both."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from medpwa import config, database, server

ROOT = Path(config.ROOT)


def until(holds: Callable[[], object], what: str, seconds: float = 60) -> object:
    """Look again until something holds; fails with its name after a bounded time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = holds()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds} s in vain for: {what}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(var: Path, port: int) -> dict[str, str]:
    """The demo's, on a database of its own."""
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("MEDPWA_", "FLASK_", "DATABASE_", "STEADY_"))}
    return kept | {"MEDPWA_MODE": "demo", "MEDPWA_VAR": str(var), "PORT": str(port), "http_proxy": "http://127.0.0.1:9"}


class Served:
    """`flask serve` with everything it started."""

    def __init__(self, var: Path) -> None:
        self.port = free_port()
        self.out = var / f"serve-{self.port}.txt"
        with self.out.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", "app", "serve"],
                cwd=ROOT, env=environment(var, self.port), stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        self.main = psutil.Process(self.process.pid)
        until(self.answers, "the first answer")

    def answers(self) -> bool:
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            asking.request("GET", "/healthz")
            return asking.getresponse().status == 200
        except OSError:
            return False
        finally:
            asking.close()

    def job_worker(self) -> psutil.Process | None:
        return next((p for p in self.main.children() if "worker" in _words(p)), None)

    def web_workers(self) -> list[psutil.Process]:
        granian = next(p for p in self.main.children() if "granian" in _words(p))
        return [p for p in granian.children() if not any("resource_tracker" in w for w in _words(p))]

    def everything(self) -> list[psutil.Process]:
        return [self.main, *self.main.children(recursive=True)]

    def end(self) -> None:
        for process in self.everything() if self.main.is_running() else []:
            process.kill()
        self.process.wait(30)


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return []


def gone(processes: list[psutil.Process]) -> bool:
    """Whether all have ended (a zombie whose parent has not looked yet counts as ended)."""
    return all(not p.is_running() or p.status() == psutil.STATUS_ZOMBIE for p in processes)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A folder with a database brought up to date."""
    var = tmp_path_factory.mktemp("served")
    database.migrate(f"sqlite:///{var}/steady.db")
    return var


@pytest.fixture(scope="module")
def running(made) -> Iterator[Served]:
    """One server that several tests look at."""
    served = Served(made)
    yield served
    served.end()


@pytest.fixture
def own(made) -> Iterator[Served]:
    """A server for one test."""
    served = Served(made)
    yield served
    served.end()


def start_and_end(var: Path, port: int, **changes: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "serve"],
        cwd=ROOT, env=environment(var, port) | changes, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def test_it_says_where_it_is_once_it_answers_also_behind_a_proxy_setting(running):
    said = until(lambda: running.out.read_text().strip(), "the announcement")
    assert f"Steady is serving on http://127.0.0.1:{running.port}" in said


def test_the_process_that_watches_is_the_one_started_and_does_not_hold_the_application():
    asked = "import sys, medpwa.server; print([n for n in ('flask', 'jinja2', 'medpwa.web') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr


def test_serve_becomes_the_process_that_watches(running):
    assert running.process.poll() is None, "its number stays, so whoever started it can stop it"
    assert running.main.cmdline()[1:] == ["-m", "medpwa.server"]


def test_a_job_worker_that_was_killed_is_started_again(running):
    first = until(running.job_worker, "the job worker")
    first.kill()
    until(lambda: (w := running.job_worker()) and w.pid != first.pid, "another job worker")
    assert running.answers()


def test_a_web_worker_that_was_killed_is_started_again_and_the_others_answer_meanwhile(running):
    workers = until(lambda: (w := running.web_workers()) and len(w) >= 2 and w, "two web workers")
    workers[0].kill()
    assert until(running.answers, "an answer")
    old = {w.pid for w in workers}
    until(lambda: {w.pid for w in running.web_workers()} - old, "another web worker")
    assert running.answers()


def test_a_taken_port_is_one_sentence_with_the_way_out(running, made):
    done = start_and_end(made, running.port)
    assert done.returncode == 2
    assert done.stderr.strip() == (
        f"Port {running.port} is taken. Stop what uses it, or choose another: PORT=8001 make run"
    )
    assert running.answers()


def test_a_database_that_is_not_up_to_date_is_one_sentence_with_the_way_out(tmp_path):
    done = start_and_end(tmp_path, free_port())
    assert done.returncode == 2
    count = len(list(database.MIGRATIONS.glob("[0-9]*.py")))
    assert done.stderr.strip() == f"The database lacks {count} migrations. Run: flask --app app db-up"


def test_a_database_that_cannot_be_reached_is_one_sentence_without_the_password(tmp_path):
    done = start_and_end(tmp_path, free_port(), DATABASE_URL="postgresql://nurse:hunter2@127.0.0.1:1/none")
    assert done.returncode == 2
    assert done.stderr.strip().startswith("The database cannot be reached.") and "hunter2" not in done.stderr


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_stopping_ends_everything_that_was_started_and_frees_the_port(own, asked):
    processes = own.everything()
    assert len(processes) >= 4  # serve, granian with its workers, the job worker
    until(own.job_worker, "the job worker")
    own.process.send_signal(asked)
    assert own.process.wait(60) == 0
    until(lambda: gone(processes), "all processes to end")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", own.port))


def test_nothing_goes_on_serving_when_the_main_process_was_killed(own):
    until(own.job_worker, "the job worker")
    processes = own.everything()
    own.process.kill()
    own.process.wait(30)
    try:
        until(lambda: gone(processes), "the orphans to end by themselves")
    finally:
        for process in processes:
            if process.is_running() and not gone([process]):
                process.kill()
    assert not own.answers()


def test_whether_a_server_is_up_is_asked_of_the_right_address(monkeypatch):
    asked = []

    class Connection:
        def __init__(self, host, port, timeout):
            asked.append(host)

        def request(self, method, path, headers):
            asked.append(headers["Host"])
            raise ConnectionRefusedError

        def close(self):
            pass

    monkeypatch.setattr(server.http.client, "HTTPConnection", Connection)
    for host, hosts in (("0.0.0.0", ("meds.example.org",)), ("::", ("meds.example.org",)), ("::1", ())):
        assert not server._answers(config.Settings(host=host, trusted_hosts=hosts))
    assert asked == ["127.0.0.1", "meds.example.org", "::1", "meds.example.org", "::1", "::1"]
