"""The application: assembled here, from packages that know nothing of each other to their right."""

from __future__ import annotations

import importlib
import logging
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import peewee as pw
from flask import Flask, Request, Response, g, request, session
from markupsafe import Markup
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter
from whitenoise import WhiteNoise

from medpwa import (
    alerts,
    assets,
    clock,
    components,
    config,
    database,
    jobs,
    navigation,
    notes,
    permits,
    remember,
    security,
)
from medpwa.config import ROOT, ConfigurationError, Settings
from medpwa.error_pages import add_errors
from medpwa.later import Later
from medpwa.permits import NOBODY
from medpwa.staff.sessions import DatabaseSessions, ServerSession

# Left to right; a package's views are imported when the application is made.
PACKAGES = ("staff", "residents", "competency", "medicines", "mar", "checks", "practice", "desk")
LONGEST_FORM = 512 * 1024  # bytes, all fields together; a photo may be longer
DEMO_MARK = "(demo)"  # part of the demo provider's name; production refuses a database that holds one
log = logging.getLogger("steady.web")


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application. Raises ConfigurationError when the environment does not allow a safe start."""
    settings = settings or config.from_environment()
    clock.set_from_environment(settings.mode)
    app = Flask("medpwa", template_folder=str(ROOT / "templates"), static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        MAX_CONTENT_LENGTH=6 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=LONGEST_FORM,
        MAX_FORM_PARTS=400,
        TESTING=settings.mode == "test",
        SETTINGS=settings,
    )
    app.url_map.converters["int"] = _Id
    components.register(app.jinja_env)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    database.open_database(settings.database_url)
    _refuse_demo_data(settings)
    app.log_exception = _log_fault  # type: ignore[method-assign]
    _add_sessions(app)
    _add_request_hooks(app, settings)
    _add_packages(app)
    add_errors(app)
    _add_context(app, settings)
    serve_assets(app)
    if settings.proxy_hops:
        n = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]
    from medpwa import cli

    cli.register(app)
    return app


class _Id(IntegerConverter):
    """A row's id in an address. A number no database can hold is an address that is not here."""

    regex = "[0-9]{1,18}"


def _refuse_demo_data(settings: Settings) -> None:
    """Production does not start on a database that holds the demo home, wherever the database came from."""
    if settings.production and _holds_demo(settings.database_url):
        raise ConfigurationError(
            "The database at DATABASE_URL holds the demo home (a provider named “… (demo)”). Production needs a "
            "database of its own: point DATABASE_URL at an empty one and run: flask --app app db-up"
        )


def _holds_demo(url: str) -> bool:
    """Whether a provider carries the demo's mark. Providers are insert-only, so the mark cannot be taken off."""
    from medpwa.staff.models import Provider

    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        return False  # nothing there yet; looking would make an empty file
    try:
        with database.db.connection_context():
            return database.db.table_exists("provider") and Provider.select().where(
                Provider.name.contains(DEMO_MARK)
            ).exists()
    except pw.OperationalError:
        raise ConfigurationError(
            "The database at DATABASE_URL cannot be read, so production does not start. Check the address and the "
            "password, and that the database is up."
        ) from None


def _log_fault(exc_info: Any) -> None:
    """In place of Flask's own words, which would put the path, and with it a label's token, into the log."""
    log.error("fault", exc_info=exc_info, extra={"id": g.get("request_id")})


def _add_sessions(app: Flask) -> None:
    from flask_login import LoginManager

    from medpwa.staff import queries, signin

    app.session_interface = _PatientSessions()
    manager = LoginManager(app, add_context_processor=False)  # no template asks for current_user
    manager.session_protection = None  # the row in the database is the protection (docs/decisions/sessions.md)
    manager.user_loader(signin.load_user)
    app.extensions["steady.actor"] = queries.actor


class _PatientSessions(DatabaseSessions):
    """Sessions that live through a database that is away: nobody is signed in for this one request, the page says why,
    and the cookie stays, so that the next request finds its person again."""

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        try:
            return super().open_session(app, request)
        except pw.PeeweeException as fault:
            unread = ServerSession()
            unread.fault = fault
            return unread

    def save_session(self, app: Flask, session: ServerSession, response: Response) -> None:
        if getattr(session, "fault", None) is None:
            super().save_session(app, session, response)


def _add_packages(app: Flask) -> None:
    for package in PACKAGES:
        if (ROOT / "medpwa" / package / "views.py").exists():
            app.register_blueprint(importlib.import_module(f"medpwa.{package}.views").pages)
        if (ROOT / "medpwa" / package / "watch.py").exists():
            importlib.import_module(f"medpwa.{package}.watch")  # its repeating jobs register


# ---------------------------------------------------------------- context of every template


def _add_context(app: Flask, settings: Settings) -> None:
    base = assets.base_url()
    app.jinja_env.globals.update(
        asset=lambda path: base + path,
        public_url=settings.public_url,
        csrf_token=lambda: security.masked(session.csrf) if session.csrf else "",
        csrf_field=_csrf_field,
    )
    app.jinja_env.filters["dict_of"] = dict

    @app.context_processor
    def context() -> dict[str, Any]:
        who = g.get("who", NOBODY)
        path = request.path
        return {
            "who": who,
            "me": _Me(who) if who.person_id else None,
            "rail": Later(lambda: navigation.rail(who, path)),
            "tabs": Later(lambda: navigation.tabs(who, path)),
            "scan_url": navigation.scan_url(who),
            "scanner_attrs": navigation.scanner_attrs(who),
            "may": lambda verb, about=None: permits.may(verb, who, about),
            "bars": _bars(),
            "alerts": Later(lambda: _readable(lambda: alerts.open_for(who), [])) if who.person_id else [],
            "clock_words": clock.stamp_words(clock.now(), who.zone),
        }


def _csrf_field() -> Markup:
    if not session.csrf:
        return Markup("")
    token, field = g.get("csrf_field", ("", None))
    if token != session.csrf:  # one mask serves a whole answer
        token, field = session.csrf, Markup('<input type="hidden" name="csrf_token" value="{}">')
        g.csrf_field = token, field = token, field.format(security.masked(token))
    return field


class _Me:
    """The signed-in person as the layouts show them."""

    def __init__(self, who) -> None:
        from medpwa.staff.queries import role_words

        given, _, family = who.name.partition(" ")
        self.name = who.short_name
        self.full_name = who.name
        self.initials = f"{given[:1]}{family[:1]}".upper()
        self.role_words = role_words(who.roles)
        self.home_name = who.home_name
        self.home_url = f"/h/{who.home_slug}/"
        self.sign_out_url = "/sign-out"


class _Bar:
    def __init__(self, tone: str, icon: str, words: str) -> None:
        self.tone, self.icon, self.words = tone, icon, words


def _readable(ask: Callable[[], Any], otherwise: Any) -> Any:
    """An answer from the database, or something else where it cannot be read: the page that says so must still come."""
    try:
        return ask()
    except pw.PeeweeException:
        return otherwise


_beat_seen: tuple[float, Any] = (0.0, None)


def _bars() -> list[_Bar]:
    """What every page must say: that background work has stopped. Looked up at most every five seconds a process."""
    global _beat_seen
    if clock.monotonic() - _beat_seen[0] > 5 or _beat_seen[0] == 0.0:
        _beat_seen = (clock.monotonic(), _readable(jobs.silent_since, None))
    since = _beat_seen[1]
    if since is None:
        return []
    when = "" if since == clock.EPOCH else f" since {clock.moment_words(since)}"
    return [_Bar("late", "clock-alert", f"Background work has not run{when}. Alerts may be late; records are safe.")]


def forget_beat() -> None:
    """Look the worker's beat up again with the next page (tests)."""
    global _beat_seen
    _beat_seen = (0.0, None)


# ---------------------------------------------------------------- around a request


def _add_request_hooks(app: Flask, settings: Settings) -> None:
    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        g.request_id = uuid.uuid4().hex[:12]
        g.who = NOBODY
        if request.mimetype != "multipart/form-data":  # Werkzeug's own limit on a form holds for those alone
            request.max_content_length = LONGEST_FORM
        if getattr(session, "fault", None) is not None:
            raise session.fault
        database.db.connect(reuse_if_open=True)
        remember.begin_look()

    @app.after_request
    def finish(response: Response) -> Response:
        return security.finish(request, response, https=request.is_secure)

    @app.teardown_request
    def end(fault: BaseException | None) -> None:
        remember.end_look()
        if not database.db.is_closed() and not database.db.in_transaction():
            database.db.close()  # back to the pool

    @app.after_request
    def log_line(response: Response) -> Response:
        # The route's pattern, never the path: a label's token must not reach a log.
        rule = request.url_rule.rule if request.url_rule else "(no such page)"
        took = round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1)
        log.info(
            "request",
            extra={"id": g.get("request_id"), "method": request.method, "page": rule, "status": response.status_code}
            | {"ms": took},
        )
        return response


# ---------------------------------------------------------------- files


def serve_assets(app: Flask) -> None:
    """Put the built files before an application, each under its policy."""
    served = WhiteNoise(
        app.wsgi_app,
        root=str(assets.root()),
        prefix=assets.base_url().strip("/") + "/",
        max_age=31_536_000,
        immutable_file_test=lambda path, url: assets.is_built(),
        add_headers_function=_asset_headers,
    )
    app.wsgi_app = served  # type: ignore[method-assign]


def _asset_headers(headers, path: str, url: str) -> None:
    for name, value in security.HEADERS.items():
        headers[name] = value
    if url.endswith("js/mar/decoder-worker.js"):
        headers["Content-Security-Policy"] = security.DECODER_POLICY


def start_background(app: Flask) -> None:
    """What a serving process needs besides answering: the writer of notes."""
    notes.start()
