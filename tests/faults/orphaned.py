"""A web worker whose server is killed while the worker is still being loaded: `python -m tests.faults.orphaned` prints
the worker's id and dies by `kill -9`; the worker then loads the application, as it does when its server starts it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading

LONG = 300.0


def worker() -> None:
    """Load the application once nobody is left who started it, and serve until somebody ends it."""
    maker, wait = multiprocessing.parent_process().pid, threading.Event()
    while os.getppid() == maker:
        wait.wait(0.02)
    import medpwa.serving  # noqa: F401

    wait.wait(LONG)


if __name__ == "__main__":
    made = multiprocessing.get_context("spawn").Process(target=worker)
    made.start()
    print(made.pid, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
