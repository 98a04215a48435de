"""Who may reach what: every route, asked by everybody, against a table that was read by eye.

    .venv/bin/python -m tests.house.permit_matrix             prints what differs from the table
    .venv/bin/python -m tests.house.permit_matrix --write     writes the table anew: read the difference, then commit

A cell says how a request with an empty form was answered: `ok`; `form`, which passed the permit and failed on its
fields; `denied` in words (403); `not-found` (404, what a page denied looks like); `sign-in`. Ids are real ones of Rowan
Court: Cara's file, Ivy's record, a stop of Amina's, each person's own second session.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import peewee as pw
from werkzeug.test import TestResponse

from medpwa import clock, database, notes, pages, security
from medpwa.database import all_models
from medpwa.pages import Route
from medpwa.staff import phone, sessions
from tests import people
from tests.house.matrix_world import Ids, board_token, build, session_of

TABLE = Path(__file__).with_name("permit_matrix.tsv")
# Ines, an inspector with a pass, has no capability yet: she is somebody known whose access is over.
# The wall board is a device: nobody is signed in on it.
PERSONAS = ("nobody", *people.STAFF, "nia", "nell", "ines", "board")
FROM_US = {"Sec-Fetch-Site": "same-origin"}
BASE = "https://localhost"
KEPT_TRAIL = {"refusal", "ledger_line"}  # what a refused attempt may add
NOTES = {"access_line", "access_batch", "counter", "throttle"}
# What an address says after its question mark, where a page is nothing without it or could name somebody else's.
QUERIES = {
    "/h/<home>/labels/sheet": "label=<int:label_id>",
    "/h/<home>/labels/cards": "label=<int:label_id>",
    "/h/<home>/labels": "pick=<int:resident_id>",
    "/h/<home>/ledger": "about=resident-<int:resident_id>&person=<int:person_id>",
    "/h/<home>/ledger/access": "about=resident-<int:resident_id>&person=<int:person_id>",
    "/h/<home>/competency/<int:person_id>/sign-off": "skill=peg:<int:resident_id>",
    "/h/<home>/competency/settings/change": "skill=warfarin",
    "/h/<home>/assessments/begin/<int:person_id>": "booking=<int:booking_number>",
}
# Forms that name somebody or something besides the address.
FORMS = {
    "/h/<home>/labels": {"people": "<resident_id>", "places": "person", "start": "1", "kind": "sheet"},
    "/h/<home>/duties": {"person": "<person_id>"},
    "/h/<home>/competency/<int:person_id>/sign-off": {"resident": "<resident_id>"},
    "/h/<home>/competency/settings/change": {"skill": "warfarin"},
    "/h/<home>/assessments/book/<int:person_id>": {
        "skill": "topical",
        "kind": "initial",
        "assessor": "<person_id>",
        "on_day": "2026-11-18",
        "round": "Lunch",
        "booking_id": "3a768eea-cbda-4926-a82d-831cb89092aa",
    },
    "/h/<home>/assessments/begin/<int:person_id>": {
        "kind": "initial",
        "skill": "topical",
        "assessment_id": "56bd6a3b-3c3b-4a93-a8d8-1e5b1b6d2f20",
        "booking": "<booking_number>",
    },
    "/h/<home>/competency/<int:person_id>/attest": {"resident": "<resident_id>", "paper_id": "<paper_id>"},
    "/h/<home>/training/people/<int:person_id>/new": {"paper_id": "<paper_id>"},
    "/h/<home>/agency/<int:person_id>": {"paper_id": "<paper_id>", "assessor": "<person_id>"},
    "/h/<home>/residents/<int:resident_id>/card/ready": {"dose": "<key>", "version": "<version_id>"},
    "/h/<home>/residents/<int:resident_id>/card/outcome": {
        "dose": "<key>",
        "version": "<version_id>",
        "entry_id": "0f8fad5b-d9cb-469f-a165-70867728950e",
        "outcome": "refused",
        "why": "refused:did_not_want",
    },
    "/h/<home>/residents/<int:resident_id>/card/taken": {
        "dose": "<key>",
        "version": "<version_id>",
        "entry_id": "16fd2706-8baf-433b-82eb-8c7fada847da",
        "ready": "x",
    },
    "/h/<home>/residents/<int:resident_id>/card/more": {"dose": "<key>", "version": "<version_id>"},
    **{
        f"/h/<home>/residents/<int:resident_id>/card/{way}": {
            "dose": "<key>",
            "version": "<version_id>",
            "entry_id": "886313e1-3b8a-4372-9b90-0c9aee199e5d",
            "outcome": "given",
            "person": "<person_id>",
            "ready": "x",
        }
        for way in ("witness", "witnessed", "ask-witness")
    },
    "/h/<home>/residents/<int:resident_id>/help": {"dose": "<key>", "person": "<person_id>", "kind": "give"},
    "/h/<home>/residents/<int:resident_id>/given-already": {
        "dose": "<key>",
        "entry_id": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
        "day": "2026-11-16",
        "time": "10:35",
        "administered_by": "<person_id>",
        "who_knew": "Tolu was there",
        "why": "The phone was on charge",
    },
}


# ---------------------------------------------------------------- asking


@dataclass
class Visitor:
    """Somebody's browser."""

    client: object
    csrf: str = ""
    spare_session: str = "0"


class Matrix:
    """The three homes, everybody's browser, and a database that is put back after whatever changed it."""

    def __init__(self, app, path: Path) -> None:
        self.app, self.path, self.kept = app, path, path.with_name("kept.db")
        with app.app_context():
            self.places = build()
            self.visitors = {name: self._visitor(name) for name in PERSONAS}
        self.keep()

    def _visitor(self, name: str) -> Visitor:
        client = self.app.test_client()
        if name == "nobody":
            return Visitor(client)
        if name == "board":
            client.set_cookie(phone.COOKIE, board_token(), secure=True, domain="localhost")
            return Visitor(client)
        _, token, csrf = session_of(name)
        client.set_cookie(sessions.COOKIE, token, secure=True, domain="localhost")
        return Visitor(client, csrf, str(session_of(name)[0].id))

    def _open(self) -> None:
        database.open_database(self.app.config["SETTINGS"].database_url)

    # ------------------------------------------------------------ the database, before and after

    @cached_property
    def looker(self):
        """A connection beside the application's, which sees whether the file was written to.

        The product's own SQLite library: a second one on the same file in one process would undo its locks.
        """
        return pw.sqlite3.connect(self.path, check_same_thread=False)

    def version(self) -> int:
        """Moves with every commit of another connection, and only then."""
        return self.looker.execute("PRAGMA data_version").fetchone()[0]

    def state(self) -> dict[str, object]:
        """What every table holds: how many rows, and for those that may change, what they say."""
        tables = {model._meta.table_name: model for model in all_models()}
        ask = " UNION ALL ".join(f"SELECT '{table}', count(*), max(id) FROM \"{table}\"" for table in tables)
        found: dict[str, object] = {table: found for table, *found in self.looker.execute(ask)}
        for table, model in tables.items():
            if model.KIND == "WORKING" and table not in NOTES:
                columns = ", ".join(f'"{c}"' for c in model._meta.columns if c != "last_seen")
                found[table] = self.looker.execute(f'SELECT {columns} FROM "{table}" ORDER BY id').fetchall()
        return found

    def changed(self) -> set[str]:
        """Tables that are not as they were."""
        if self.version() != self.seen:
            self.seen, now = self.version(), self.state()
            self.unlike = {table for table in self.base if now[table] != self.base[table]}
        return self.unlike

    def keep(self) -> None:
        """From now on the database is put back to what it is now."""
        notes.flush()
        self._close()
        shutil.copy(self.path, self.kept)
        self._open()
        self.seen, self.base, self.unlike = self.version(), self.state(), set()

    def _close(self) -> None:
        """The last connection that closes brings everything into the one file."""
        database.close_all()
        if "looker" in self.__dict__:
            self.looker.close()
            del self.looker

    def put_back(self) -> None:
        """The database as it was before anybody asked."""
        self._close()
        for end in ("-wal", "-shm"):
            self.path.with_name(self.path.name + end).unlink(missing_ok=True)
        shutil.copy(self.kept, self.path)
        self._open()
        self.seen, self.unlike = self.version(), set()
        for waiting in (notes._waiting, notes._later, notes._recent):
            waiting.clear()

    # ------------------------------------------------------------ one request

    def ask(
        self, name: str, method: str, path: str, form: Ids | None = None, **headers: str
    ) -> tuple[TestResponse, set[str]]:
        """The answer, and the tables it changed; afterwards the database is as before."""
        visitor = self.visitors[name]
        data = (form or {}) | {"csrf_token": security.masked(visitor.csrf)} if method == "POST" else None
        return self.send(name, path, method=method, data=data, headers=FROM_US | headers)

    def send(self, name: str, path: str, **how: object) -> tuple[TestResponse, set[str]]:
        """The same for a request of any shape at all."""
        client = self.visitors[name].client
        cookies = dict(client._cookies)
        answer = client.open(path, **{"base_url": BASE} | how)
        answer.get_data()
        client._cookies = cookies
        changed = self.changed()
        if changed:
            self.put_back()
        return answer, changed

    def ids(self, name: str, route: Route, slug: str = "rowan") -> Ids:
        """Real ids of a home, and the asking person's own where the address names no home."""
        mine = dict(self.places[slug].ids)
        if route.rule.startswith("/me/"):
            mine["session_id"] = self.visitors[name].spare_session
        return mine

    def row(self, route: Route) -> dict[str, str]:
        """The cells of a route."""
        cells = {}
        for name in PERSONAS:
            answer, changed = self.ask(name, route.method, fill(address(route), "rowan", self.ids(name, route)))
            cells[name] = cell(route, answer)
            self.demand_kept(name, route, cells[name], changed)
        return cells

    def demand_kept(self, name: str, route: Route, said: str, changed: set[str]) -> None:
        """A request that was turned away left nothing but its line, and that only where a record would have changed."""
        if said in ("ok", "form"):
            return
        anonymous = {"session"} if route.rule == "/r/<token>" else set()
        extra = changed - NOTES - anonymous
        wanted = KEPT_TRAIL if said == "denied" and route.writes else set()
        assert extra == wanted, f"{route.method} {route.rule} by {name}: {said}, yet {sorted(extra)} changed"


def address(route: Route) -> str:
    """A route's rule with what a page needs after the question mark."""
    query = QUERIES.get(route.rule, "") if route.method == "GET" else ""
    return f"{route.rule}?{query}" if query else route.rule


def fill(rule: str, slug: str, ids: Ids) -> str:
    """An address of a route. An id nobody knows how to make fails here: add it to `_one_of_everything`."""

    def value(match: re.Match) -> str:
        name = match[1].rpartition(":")[2]
        if name == "home":
            return slug
        assert name in ids, f"{rule}: say in tests/house/matrix_world.py what a real <{name}> is"
        return ids[name]

    return re.sub(r"<([^>]+)>", value, rule)


# Words an address says of everybody's calendar and vocabulary: no home has its own, so none has another's.
NO_IDS = frozenset({"home", "quarter", "part", "part_key"})


def names_in(rule: str) -> list[str]:
    """The ids an address holds beside the home."""
    named = [n for n in re.findall(r"<([^>]+)>", rule) if not n.startswith("any(")]
    return [n for n in (n.rpartition(":")[2] for n in named) if n not in NO_IDS]


def cell(route: Route, answer: TestResponse) -> str:
    """How somebody was answered, in one word."""
    status, where = answer.status_code, answer.headers.get("Location", "")
    if status >= 500 or status == 405:
        return f"fault-{status}"
    if (status == 401 and route.rule != "/sign-in") or (where == "/sign-in" and route.method == "GET"):
        return "sign-in"
    return {403: "denied", 404: "not-found"}.get(status, "ok" if status < 400 else "form")


def routes() -> list[Route]:
    """Every declared page, in a stable order."""
    return sorted({(r.rule, r.method): r for r in pages.ROUTES}.values(), key=lambda r: (r.rule, r.method))


def nowhere(ids: Ids) -> Ids:
    """The same address with an id that never existed."""
    never = {"token": "A" * 32, "code": "A" * 10, "link": "A" * 32}
    never |= {"key": f"987654-{ids['key'].partition('-')[2]}", "duty_key": "0" * 32}
    return {n: never.get(n, v if n == "size" or n in NO_IDS else "987654") for n, v in ids.items()}


# ---------------------------------------------------------------- the table


def measured(matrix: Matrix) -> Iterator[tuple[str, ...]]:
    """The table's rows as they are now."""
    for route in routes():
        cells = matrix.row(route)
        yield (route.method, route.rule, *(cells[name] for name in PERSONAS))


def reviewed() -> list[tuple[str, ...]]:
    """The table's rows as they were read by eye."""
    lines = TABLE.read_text().splitlines() if TABLE.exists() else []
    return [tuple(line.split("\t")) for line in lines[1:]]


def differences(now: list[tuple[str, ...]], before: list[tuple[str, ...]]) -> list[str]:
    """What is not as it was reviewed, a sentence each."""
    old = {row[:2]: row[2:] for row in before}
    said = []
    for row in now:
        known = old.pop(row[:2], None)
        where = f"{row[0]} {row[1]}"
        if known is None:
            said.append(f"{where} is new and not classified: {dict(zip(PERSONAS, row[2:], strict=True))}")
        elif known != row[2:]:
            moved = zip(PERSONAS, known, row[2:], strict=True)
            said.append(f"{where}: " + ", ".join(f"{who} was {a}, is {b}" for who, a, b in moved if a != b))
    return said + [f"{method} {rule} is gone from the application" for method, rule in old]


def write(rows: list[tuple[str, ...]]) -> None:
    """Put the table down."""
    TABLE.write_text("\n".join("\t".join(row) for row in [("method", "rule", *PERSONAS), *rows]) + "\n")


def made_in(folder: Path, template: Path | None = None, kind: type[Matrix] = Matrix) -> Matrix:
    """A matrix, or a kind of one, on a database of its own; the clock must stand."""
    from medpwa import web
    from tests import conftest

    path = folder / "matrix.db"
    url = f"sqlite:///{path}"
    if template is None:
        conftest._build_world(url, folder)
    else:
        shutil.copy(template, path)
    app = web.create_app(conftest.settings_for(url, folder))
    app.jinja_env.bytecode_cache = conftest._compiled
    app.config["RAISE_FAULTS"] = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return kind(app, path)


def main() -> int:
    import tempfile

    from tests.conftest import NOW

    with tempfile.TemporaryDirectory() as folder, clock.standing(NOW):
        rows = list(measured(made_in(Path(folder))))
        database.close_all()
    for sentence in differences(rows, reviewed()):
        print(sentence)
    if "--write" in sys.argv:
        write(rows)
        print(f"{len(rows)} routes written to {TABLE.name}. Read the difference before you commit it.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
