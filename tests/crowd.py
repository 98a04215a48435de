"""Many hands at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable

from medpwa import database


def at_once(app, jobs: list[Callable[[], object]]) -> list[object]:
    """Do every job in its own thread, on its own connection, all let go at the same moment. What each answered, or the
    exception it met, in the jobs' order."""
    if not database.is_sqlite():
        database.db.obj._max_connections = len(jobs) + 8  # a server has fewer threads than this test
    gate, answers = threading.Barrier(len(jobs)), [None] * len(jobs)

    def hand(number: int) -> None:
        with app.app_context():
            database.db.connect(reuse_if_open=True)
            try:
                gate.wait(timeout=60)
                answers[number] = jobs[number]()
            except Exception as fault:  # noqa: BLE001 judged by the test
                answers[number] = fault
            finally:
                database.db.close()

    threads = [threading.Thread(target=hand, args=(n,)) for n in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert not any(t.is_alive() for t in threads), "somebody is still waiting"
    return answers
