"""Logs hold routes, ids and places in our code: never a token, a name, or what somebody typed."""

import io
import json
import logging
import sys

import peewee as pw
import pytest

from medpwa import logs, pages, security, web
from medpwa.staff import sessions
from tests import people
from tests.browse import Browser

BASE = "https://localhost"
TOKEN = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # as a label's: 32 letters of base32


@pytest.fixture
def written(monkeypatch):
    """Everything our loggers write at their most talkative, as the server configures them."""
    out = io.StringIO()
    monkeypatch.setenv("STEADY_LOG", "debug")
    monkeypatch.setattr(logs.sys, "stderr", out)
    kept = {n: _state(logging.getLogger(n)) for n in ("steady", "medpwa")}
    logs.configure()
    yield out
    for name, state in kept.items():
        logger = logging.getLogger(name)
        logger.handlers[:], logger.level, logger.propagate = state
        logger.setLevel(state[1])


def _state(logger: logging.Logger) -> tuple:
    return list(logger.handlers), logger.level, logger.propagate


def events(out: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_scanned_token_and_a_name_leave_neither_in_the_log(app, world, written):
    amina = Browser(app).sign_in("amina")
    for url in (f"/r/{TOKEN}", f"/h/rowan/residents?find=Harold+Nkemelu&token={TOKEN}", f"/{TOKEN}/Harold"):
        for browser in (amina, Browser(app)):
            browser.client.get(url, base_url=BASE, headers={"Referer": f"{BASE}/r/{TOKEN}", "User-Agent": TOKEN})
    said = written.getvalue()
    assert len(events(written)) >= 6
    for secret in (TOKEN, TOKEN.lower(), "Harold", "Nkemelu", "Amina", "Okoro", amina.csrf):
        assert secret not in said


def test_a_request_is_logged_by_its_routes_pattern(app, world, written):
    Browser(app).sign_in("amina").client.get("/h/rowan/", base_url=BASE)
    line = events(written)[-1]
    assert (line["page"], line["status"], line["method"]) == ("/h/<home>/", 302, "GET")
    assert line["ms"] >= 0 and len(line["id"]) == 12
    assert set(line) <= {"at", "level", "log", "event", *logs.ALLOWED}


def test_what_somebody_typed_at_the_door_is_not_logged(app, world, written):
    form = {"username": "harold.typed.this", "password": people.PASSWORD}
    answer = Browser(app).client.post(
        "/sign-in", data=form, headers={"Sec-Fetch-Site": "same-origin"}, base_url=BASE
    )
    assert answer.status_code == 401
    assert "harold" not in written.getvalue() and people.PASSWORD not in written.getvalue()


def test_a_fault_is_logged_by_kind_and_place_and_never_quotes_its_words(app, world, written, monkeypatch):
    def breaks(*args, **kw):
        raise ValueError("invalid literal: 'Harold Nkemelu'")

    monkeypatch.setitem(app.config, "RAISE_FAULTS", False)
    monkeypatch.setattr(web.alerts, "open_for", breaks)
    amina = Browser(app).sign_in("amina")
    form = {"csrf_token": security.masked(amina.csrf), "back": f"/r/{TOKEN}"}
    monkeypatch.setattr(web.alerts, "acknowledge", breaks)
    monkeypatch.setattr(web.alerts, "open_for", lambda who: [])
    answer = amina.client.post(
        "/h/rowan/alerts/1/acknowledge", data=form, headers={"Sec-Fetch-Site": "same-origin"}, base_url=BASE
    )
    assert answer.status_code == 500 and b"Harold" not in answer.data
    fault = next(e for e in events(written) if e["event"] == "fault")
    assert fault["fault"] == "ValueError" and any(p.startswith("views.py:") for p in fault["places"])
    assert "Harold" not in written.getvalue() and TOKEN not in written.getvalue()


def test_a_fault_before_the_page_is_found_does_not_put_its_address_into_the_log(app, world, written, monkeypatch):
    """A database that is away while somebody scans must not leak the token."""

    def away(*args):
        raise pw.OperationalError("connection refused")

    amina = Browser(app).sign_in("amina")
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr(sessions.DatabaseSessions, "open_session", away)
    answer = amina.client.get(f"/r/{TOKEN}", base_url=BASE)
    assert answer.status_code >= 500
    assert any(e["event"] == "storage" and e["fault"] == "OperationalError" for e in events(written))
    assert TOKEN not in written.getvalue()


def test_flasks_own_words_for_a_fault_which_hold_the_address_are_not_used(app, world, written):
    with app.test_request_context(f"/r/{TOKEN}", base_url=BASE):
        try:
            raise ValueError("Harold")
        except ValueError:
            app.log_exception(sys.exc_info())
    assert events(written)[-1]["fault"] == "ValueError"
    assert TOKEN not in written.getvalue() and "Harold" not in written.getvalue()


def test_only_fields_that_cannot_hold_personal_data_are_written():
    record = logging.LogRecord("steady.x", logging.INFO, __file__, 1, "request", None, None)
    record.name_of_resident, record.status, record.page = "Harold", 200, "/h/<home>/round"
    line = json.loads(logs.JsonLines().format(record))
    assert "Harold" not in str(line) and (line["status"], line["page"]) == (200, "/h/<home>/round")


def test_no_log_call_in_the_product_formats_anything_into_its_words():
    """An event is a fixed word; values go into the allowed fields, where they are looked at."""
    from tests.house.source import calls, modules

    levels = {"debug", "info", "warning", "error", "exception", "critical"}
    found = []
    for module in modules():
        for name, call in calls(module.tree):
            base, _, method = name.rpartition(".")
            if base.split(".")[-1] in ("log", "logger") and method in levels:
                first = call.args[0] if call.args else None
                if len(call.args) != 1 or not isinstance(getattr(first, "value", None), str):
                    found.append(f"{module.where}:{call.lineno}")
    assert found == []


def test_the_servers_own_log_prints_no_paths():
    from medpwa import server

    assert "--access-log" not in server.SERVER_FLAGS
    assert server.SERVER_FLAGS[server.SERVER_FLAGS.index("--log-level") + 1] == "warning"
    assert pages.__doc__  # the pattern a page is logged by is the one it is declared with
