"""What granian loads in each worker process: the application, its notes writer, and an end when its parent is gone."""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
import sys
import threading

from medpwa import logs, web

# A thread that comes back from SQLite waits this long for its turn, and it may hold the writing lock meanwhile: five
# milliseconds, which is usual, is half of what recording a dose costs (docs/speed.md).
sys.setswitchinterval(0.0005)
logs.configure()
app = web.create_app()
web.start_background(app)


def _end_with_parent(parent: int, main: int | None) -> None:
    """A worker whose main process was killed would go on serving, and a second start would share its port."""
    while not _gone.wait(1.0):
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        if main is not None and not _lives(main):
            os.kill(parent, signal.SIGTERM)  # granian outlived `serve`: it ends, and takes us with it
            main = None


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError as fault:
        return fault.errno == errno.EPERM
    return True


def _maker() -> int:
    """Who made this process, as told when it was made: one killed while this was still being loaded is no longer what
    the system calls the parent, and would never be seen going."""
    maker = multiprocessing.parent_process()
    return maker.pid if maker is not None and maker.pid is not None else os.getppid()


_gone = threading.Event()
_main = os.environ.get("STEADY_MAIN_PID", "")
_whom = (_maker(), int(_main) if _main.isdigit() else None)
threading.Thread(target=_end_with_parent, args=_whom, daemon=True, name="watchdog").start()
