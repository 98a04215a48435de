"""The four paths in this process: what statements each sends when warm, and which of them would read a whole table."""

from __future__ import annotations

from bench import asking, home, statements
from bench.client import Answer
from bench.place import Place
from bench.statements import Counted
from bench.walk import KINDS
from medpwa import clock, database, web


class InProcess:
    """Asks the application itself, with the same bytes that go over the wire."""

    def __init__(self, app) -> None:
        self.client = app.test_client(use_cookies=False)

    def ask(self, raw: bytes) -> Answer:
        """The answer, once it is whole."""
        head, _, body = raw.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        method, path, _ = first.split()
        headers = [tuple(line.split(": ", 1)) for line in lines]
        got = self.client.open(path, method=method, headers=headers, data=body or None)
        return Answer(got.status_code, {k.lower().encode(): v.encode() for k, v in got.headers}, got.get_data())


def counted(place: Place) -> dict[str, Counted]:
    """Each path asked three times, the last counted: what a process that has served for a while sends."""
    carers = place.at_bedsides(0)
    with clock.standing(home.round_at(0)):
        app = web.create_app(place.settings)
        try:
            return _asked(InProcess(app), carers)
        finally:
            database.close_all()


def _asked(app: InProcess, carers: list[home.Carer]) -> dict[str, Counted]:
    steps = asking.of_product(app, carers[:2])
    found = {}
    for kind in KINDS:
        asked = getattr(steps, kind)
        for number in range(3):
            with statements.listening() as found[kind]:
                answer = app.ask(asked[number % len(asked)].raw)
            if answer.status != 200:
                raise SystemExit(f"{kind} answered {answer.status}: {answer.text[:500]}")
    with database.db.connection_context():
        for one in found.values():
            one.scans = statements.full_scans(one)
    return found
