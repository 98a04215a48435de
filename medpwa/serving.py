"""What granian loads in each worker process: the application, its notes writer, and an end when its parent is gone."""

from __future__ import annotations

import os
import signal
import threading

from medpwa import logs, web

logs.configure()
app = web.create_app()
web.start_background(app)


def _end_with_parent(parent: int) -> None:
    """A worker whose main process was killed would go on serving, and a second start would share its port."""
    while not _gone.wait(1.0):
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)


_gone = threading.Event()
threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True, name="watchdog").start()
