"""The ceiling: the least a Flask application can do for the same questions on the same server. No login, no rules, no
peewee: raw SQLite, one durable transaction a record. What the product costs beyond it is what its safety costs.

The server loads `bench.ceiling:app` in each worker; `seed` makes its database. It uses the SQLite library the product
uses, one writer at a time in a process, and the same settings of durability.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import os
import threading
from collections.abc import Iterator
from typing import Any

import peewee
from flask import Flask, request

from bench import home

sqlite3 = peewee.sqlite3  # the very library the product writes with
FILE, DAY = "BENCH_CEILING", "BENCH_DAY"  # what its server is told in the environment
CHART_DAYS = 7
GONE_BY = "13:00"  # on the board, what was due before counts as missed

SCHEMA = """
CREATE TABLE person(id INTEGER PRIMARY KEY, name TEXT, room TEXT);
CREATE TABLE prescription(id INTEGER PRIMARY KEY, person_id INTEGER, medicine TEXT, dose TEXT, live INTEGER);
CREATE INDEX prescription_person ON prescription(person_id, live);
CREATE TABLE slot(prescription_id INTEGER, clock TEXT, PRIMARY KEY(prescription_id, clock)) WITHOUT ROWID;
CREATE TABLE given(id INTEGER PRIMARY KEY, prescription_id INTEGER, person_id INTEGER, carer INTEGER, due TEXT,
                   at TEXT, outcome TEXT, note TEXT, form TEXT);
CREATE UNIQUE INDEX given_form ON given(form);
CREATE UNIQUE INDEX given_once ON given(prescription_id, due);
CREATE INDEX given_person ON given(person_id, due);
CREATE INDEX given_due ON given(due);
CREATE TABLE audit(id INTEGER PRIMARY KEY, at TEXT, carer INTEGER, verb TEXT, given_id INTEGER, form TEXT);
"""

CHART = """<h1>{{ person[1] }}</h1><section>{% for p in due %}
<form method="post" action="/record" hx-post="/record"><input type="hidden" name="prescription" value="{{ p[0] }}">
<input type="hidden" name="due" value="{{ p[3] }}"><b>{{ p[1] }}</b> {{ p[2] }} {{ p[3] }}<button>Given</button></form>
{% endfor %}</section><table>{% for name, cells in rows %}<tr><th>{{ name }}</th>{% for c in cells %}
<td class="{{ c[3] }}">{{ c[1] }} {{ c[3] }} {{ c[4] }}</td>{% endfor %}</tr>{% endfor %}</table>"""

BOARD = """<ul>{% for r in rows %}<li><a href="/chart/{{ r[0] }}">{{ r[1] }}</a> {{ r[2] }}: {{ r[3] }} due,
{{ r[4] }} missed</li>{% endfor %}</ul>"""

OUTSTANDING = """SELECT p.id, p.name, p.room, count(*), sum(s.clock < ?)
FROM person p JOIN prescription o ON o.person_id = p.id JOIN slot s ON s.prescription_id = o.id
WHERE o.live = 1
  AND NOT EXISTS (SELECT 1 FROM given g WHERE g.prescription_id = o.id AND g.due = ? || 'T' || s.clock)
GROUP BY p.id"""

app = Flask("ceiling")
_chart, _board = app.jinja_env.from_string(CHART), app.jinja_env.from_string(BOARD)
_mine = threading.local()
_one_writer = threading.Lock()


def connection() -> Any:
    """This thread's connection, as durable as the product's."""
    if not hasattr(_mine, "db"):
        _mine.db = sqlite3.connect(os.environ[FILE], isolation_level=None, timeout=30)
        _mine.db.execute("PRAGMA synchronous=FULL")
        _mine.db.execute("PRAGMA cache_size=-16000")
    return _mine.db


@app.get("/healthz")
def healthz() -> str:
    return "ok"


@app.post("/record")
def record() -> tuple[str, int]:
    """Look the prescription up, keep the dose and an audit row, durably."""
    form, at = request.form, dt.datetime.now().isoformat(timespec="seconds")
    db = connection()
    with _one_writer:
        db.execute("BEGIN IMMEDIATE")
        try:
            line = db.execute(
                "SELECT id, person_id, medicine, dose FROM prescription WHERE id = ? AND live = 1",
                (int(form["prescription"]),),
            ).fetchone()
            values = (line[0], line[1], 1, form["due"], at, form["outcome"], form.get("note", ""), form["form"])
            kept = db.execute(
                "INSERT INTO given(prescription_id, person_id, carer, due, at, outcome, note, form) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                values,
            )
            audit = (at, 1, "given", kept.lastrowid, json.dumps(form.to_dict()))
            db.execute("INSERT INTO audit(at, carer, verb, given_id, form) VALUES (?, ?, ?, ?, ?)", audit)
            db.execute("COMMIT")
        except BaseException:
            db.execute("ROLLBACK")
            raise
    return f'<li id="p{line[0]}">{line[2]} {line[3]} given {at}</li>', 200


@app.get("/chart/<int:person_id>")
def chart(person_id: int) -> str:
    """One person: what is due today, and seven days of what was given."""
    db, today = connection(), os.environ[DAY]
    since = (dt.date.fromisoformat(today) - dt.timedelta(days=CHART_DAYS)).isoformat()
    person = db.execute("SELECT id, name, room FROM person WHERE id = ?", (person_id,)).fetchone()
    lines = db.execute(
        "SELECT o.id, o.medicine, o.dose, s.clock FROM prescription o JOIN slot s ON s.prescription_id = o.id "
        "WHERE o.person_id = ? AND o.live = 1",
        (person_id,),
    ).fetchall()
    cells: dict[int, list] = {}
    for row in db.execute(
        "SELECT prescription_id, due, at, outcome, carer FROM given WHERE person_id = ? AND due >= ? ORDER BY due",
        (person_id, since),
    ):
        cells.setdefault(row[0], []).append(row)
    done = {(i, row[1]) for i, own in cells.items() for row in own}
    due = [line for line in lines if (line[0], f"{today}T{line[3]}") not in done]
    names = {line[0]: line[1] for line in lines}
    return _chart.render(person=person, due=due, rows=[(name, cells.get(i, ())) for i, name in names.items()])


@app.get("/board")
def board() -> str:
    """The whole home: how many doses of today wait for each person, and how many of them are missed."""
    return _board.render(rows=connection().execute(OUTSTANDING, (GONE_BY, os.environ[DAY])).fetchall())


# ---------------------------------------------------------------- its database


def seed(path: str, days: int) -> int:
    """As many people, prescriptions and past doses as the measured home has. Answers how many doses."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=OFF")  # while it is made; `connection` is durable
    db.executescript(SCHEMA)
    db.execute("BEGIN")
    people = range(1, home.RESIDENTS + 1)
    db.executemany("INSERT INTO person VALUES (?, ?, ?)", ((n, f"Person {n}", f"Room {n}") for n in people))
    lines = [(number, person) for number, person in enumerate((p for p in people for _ in range(home.ORDERS)), 1)]
    db.executemany("INSERT INTO prescription VALUES (?, ?, 'A medicine 5 mg tablet', '1 tablet', 1)", lines)
    db.executemany("INSERT INTO slot VALUES (?, ?)", ((number, t) for number, _ in lines for t in home.TIMES))
    db.executemany(
        "INSERT INTO given(prescription_id, person_id, carer, due, at, outcome, note, form) "
        "VALUES (?, ?, ?, ?, ?, ?, '', ?)",
        _past(lines, days),
    )
    db.execute("COMMIT")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    count = db.execute("SELECT count(*) FROM given").fetchone()[0]
    db.close()
    return count


def _past(lines: list[tuple[int, int]], days: int) -> Iterator[tuple]:
    for back, time in itertools.product(range(days, 0, -1), home.TIMES):
        due = f"{home.TODAY - dt.timedelta(days=back)}T{time}"
        for number, person in lines:
            outcome = "refused" if (number + back) % 25 == 0 else "given"
            yield number, person, 1 + number % 20, due, f"{due}:37", outcome, f"{number}-{due}"
