"""The demo home as it was left on the pinned Monday at 11:40: built once an engine, copied for each test."""

from __future__ import annotations

import datetime as dt
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from medpwa import clock, database, ledger, web
from medpwa.demo import onward, story
from medpwa.demo.floor import Floor
from medpwa.mar import queries as mar_queries
from medpwa.mar.models import Entry
from medpwa.permits import Actor
from medpwa.staff.models import Home
from tests.conftest import NOW, _admin, _named, settings_for

A_DAY = dt.timedelta(days=1)


def silent(words: str) -> None:
    """Nobody listens."""


def _build(url: str, var) -> None:
    """Told from yesterday on alone: what is played afterwards does not rest on the days before."""
    database.migrate(url)
    with clock.standing(NOW), web.create_app(settings_for(url, var)).app_context(), database.db.connection_context():
        story.play(NOW, silent, told_from=-1)
    database.close_all()


def tell(path, var, now: dt.datetime, told_from: int) -> None:
    """The story told into a file of its own."""
    url = f"sqlite:///{path}"
    database.migrate(url)
    with clock.standing(now), web.create_app(settings_for(url, var)).app_context(), database.db.connection_context():
        database.db.execute_sql("PRAGMA synchronous=OFF")
        story.play(now, silent, told_from=told_from)
    database.close_all()


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory, var):
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    _build(f"sqlite:///{path}", var)
    return path


@pytest.fixture(scope="session")
def demo_on_postgres(postgres, var) -> str:
    _admin(postgres, 'CREATE DATABASE "demo"')
    _build(_named(postgres, "demo"), var)
    return postgres


@pytest.fixture(scope="session")
def thirty_file(tmp_path_factory, var):
    """The thirty days told once; whoever opens the file only reads it."""
    path = tmp_path_factory.mktemp("thirty") / "steady.db"
    tell(path, var, NOW, -30)
    return path


@pytest.fixture(scope="module")
def thirty(thirty_file) -> Iterator[Left]:
    """The home as its users find it, on SQLite; nothing here writes."""
    with _opened(f"sqlite:///{thirty_file}", thirty_file.parent) as found:
        yield found


class Left:
    """The demo home after its last run."""

    def __init__(self, settings) -> None:
        self.settings, self.said = settings, []
        self.home = Home.get(Home.slug == story.SLUG)
        self.floor = Floor.of(self.home)
        self.resident = {code: i for i, code in self.floor.code.items()}

    def at(self, days: int, time: str) -> dt.datetime:
        """A local time so many days after the home was left."""
        return clock.at_local(clock.local_day(NOW) + dt.timedelta(days=days), dt.time.fromisoformat(time))

    def actor(self, code: str) -> Actor:
        """Somebody of the team, as a user who signed in as them."""
        found = self.floor.actor(self.floor.person[code])
        assert found is not None
        return found

    @contextmanager
    def user_at(self, days: int, time: str) -> Iterator[None]:
        """A user is at work at a moment."""
        with clock.standing(self.at(days, time)):
            yield

    def play(self, days: int, time: str = "11:40", *, most: int = onward.MOST_DAYS) -> Counter:
        """Start the demo so many days later, and stay at that moment to look."""
        now = self.at(days, time)
        clock.stand_at(now)
        return onward.play_on(self.home, now, self.said.append, most)

    def lines(self, start: dt.datetime, end: dt.datetime) -> list[mar_queries.DoseLine]:
        """The doses due in a span with their states now, as the pages show them."""
        return mar_queries.lines_between(self.home, start, end, clock.now())

    def entries(self) -> list[tuple]:
        """Every entry, oldest first, in a form to compare."""
        rows = Entry.select(Entry.order_line, Entry.due_at, Entry.outcome, Entry.at, Entry.by, Entry.entry_id)
        return list(rows.order_by(Entry.id).tuples())

    def whole(self) -> bool:
        """Whether the ledger verifies and no line is older than the one before it."""
        ats = [at for (at,) in database.rows("SELECT at FROM ledger_line WHERE chain_id = ? ORDER BY seq",
                                             self.home.chain_id)]  # fmt: skip
        return ledger.verify() == [] and ats == sorted(ats)


@contextmanager
def _opened(url: str, var) -> Iterator[Left]:
    with clock.standing(NOW):
        app = web.create_app(settings_for(url, var))
        with app.app_context(), database.db.connection_context():
            yield Left(app.config["SETTINGS"])
    database.close_all()


@pytest.fixture
def left(demo_file, tmp_path) -> Iterator[Left]:
    """On SQLite."""
    shutil.copy(demo_file, tmp_path / "steady.db")
    with _opened(f"sqlite:///{tmp_path}/steady.db", tmp_path) as found:
        yield found


@pytest.fixture(params=["sqlite", "postgres"])
def left_on_both(request, tmp_path) -> Iterator[Left]:
    """On both engines."""
    if request.param == "sqlite":
        yield request.getfixturevalue("left")
        return
    uri, name = request.getfixturevalue("demo_on_postgres"), "demo_left"
    _admin(uri, f'CREATE DATABASE "{name}" TEMPLATE "demo"')
    try:
        with _opened(_named(uri, name), tmp_path) as found:
            yield found
    finally:
        database.close_all()
        _admin(uri, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
