"""A process that is killed in the middle of bringing a database up to date: `python -m tests.faults.dying URL N` dies
by `kill -9` as it is about to run its Nth statement, and prints how many there were when it gets to the end."""

from __future__ import annotations

import os
import signal
import sys

import peewee as pw

from medpwa import database

_real = pw.Database.execute_sql


def main(url: str, last: int) -> None:
    """Migrate, and die before statement number `last`; 0 is for living."""
    count = 0

    def counted(self: pw.Database, sql: str, *args: object, **kw: object) -> object:
        nonlocal count
        count += 1
        if count == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return _real(self, sql, *args, **kw)

    pw.Database.execute_sql = counted
    database.migrate(url)
    print(count)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
