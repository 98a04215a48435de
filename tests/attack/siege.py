"""The homes under attack: the permit matrix's world with cards standing open, and a judge over every answer.

Nothing here knows a form or a field by name: forms are found (`forms.py`), routes come from the application.
"""

from __future__ import annotations

import collections
import json
import logging
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, quote_from_bytes

from bs4 import BeautifulSoup
from werkzeug.test import TestResponse

from medpwa import clock, logs, security
from medpwa.medicines import actions as order_actions
from medpwa.pages import Route
from medpwa.security import PAPER_POLICY
from medpwa.staff import sessions
from tests import builders
from tests.attack.hostile import MARK
from tests.house.answers import plain
from tests.house.matrix_world import Ids, session_of
from tests.house.permit_matrix import BASE, FROM_US, KEPT_TRAIL, NOTES, Matrix
from tests.mar.prn_steps import PARACETAMOL

Pairs = list[tuple[str, str | bytes]]
# Those through whose eyes the forms are found: what one may not, another may.
FINDERS = ("rosa", "amina", "ben", "sena", "cara")
REFUSED_KEEPS_A_LINE = (403, 409, 429)  # a refused attempt leaves its line; bad input leaves nothing
COOKIE_FLAGS = ("Secure", "HttpOnly", "SameSite", "Path=/")
# Several lines recorded by one tap stand each by itself: an answer may refuse one and say what of the others is saved.
PARTLY, SAVED = ("/card/taken",), b"Saved "
_ADDRESSES = ("href", "src", "action", "formaction", "hx-get", "hx-post", "data", "poster", "srcset", "content")


@dataclass
class Tally:
    """What was asked and what went wrong; the command prints it."""

    requests: int = 0
    forms: int = 0
    fields: int = 0
    posts: int = 0
    routes: int = 0
    statuses: collections.Counter = field(default_factory=collections.Counter)
    server_errors: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> list[str]:
        """Everything no attack may reach, a sentence each."""
        return [*self.server_errors, *self.leaks, *self.changed, *self.faults]


class Log(logging.Handler):
    """Every line the product logs, as it would be written."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logs.JsonLines())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


class Siege(Matrix):
    """The matrix's homes with a second resident whose doses are due, her card standing open with everybody."""

    def __init__(self, app, path: Path) -> None:
        super().__init__(app, path)
        self.tally = Tally()
        self.log = Log()
        self.read_pages: set[frozenset] = set()
        self.shown = 0
        for name in ("steady", "medpwa"):
            logging.getLogger(name).addHandler(self.log)
            logging.getLogger(name).setLevel(logging.INFO)
            logging.getLogger(name).propagate = False
        self.beside = self._furnish()
        self.keep()

    def _furnish(self) -> Ids:
        """Bea with two lines due at half past twelve, her code scanned by everybody who gives medicines."""
        with self.app.app_context():
            system = permit_matrix_actor()
            for skill in ("assessor", "oral"):
                builders.sign_off(system, builders.person_id("rosa"), skill)
            bea = builders.resident(system, "Bea", "Bond", room="2")
            order = builders.order(system, bea.id, "omeprazole", times=("12:30",), form="capsule", dose_unit="capsule")
            builders.order(system, bea.id, "carbocisteine", times=("12:30",), strength="375 mg")
            self.held = self._on_hold(system, bea.id)
            wanted = builders.order(system, bea.id, **PARACETAMOL)
            self.gone, self.new = self._gone_and_new(system)
            label, token = builders.label(builders_actor("sena"), bea.id)
            builders.label(builders_actor("sena"), bea.id, "door")
        for name in FINDERS:
            self.visitors[name].client.get(f"/r/{token}", base_url=BASE, headers=FROM_US)
        ivy = self.places["rowan"].ids["token"]
        stop = self.visitors["amina"].client.get(f"/r/{ivy}", base_url=BASE, headers=FROM_US).headers["Location"]
        due = clock.micros(clock.at_local(clock.local_day(clock.now()), clock.dt.time(12, 30)))
        ids = {"resident_id": bea.id, "line_id": order.line_id, "label_id": label.id, "key": f"{order.line_id}-{due}"}
        ids |= {"prn_id": wanted.line_id}
        ids |= {"person_id": builders.person_id("amina")}  # signed off: her sign-offs can be paused and ended
        ids |= {"scan_id": stop.rpartition("/")[2], "short_code": label.short_code}
        return {name: str(value) for name, value in ids.items()}

    def lift(self) -> None:
        """Stop listening to the logs."""
        for name in ("steady", "medpwa"):
            logging.getLogger(name).removeHandler(self.log)
            logging.getLogger(name).setLevel(logging.NOTSET)
            logging.getLogger(name).propagate = True

    # ------------------------------------------------------------ asking

    def _on_hold(self, system, resident_id: int) -> str:
        """An order that is on hold: only such a one can be let go on."""
        order = builders.order(system, resident_id, "docusate sodium", strength="100 mg")
        said = dict(line_id=order.line_id, version_id=order.version_id, reason="blood test first")
        order_actions.suspend_order(by=builders_actor("sena"), **said, decided_by="Dr Banerjee")
        return str(order.line_id)

    def _gone_and_new(self, system) -> tuple[Ids, Ids]:
        """Somebody in hospital, whose medicines are counted out, and somebody who came today with a list to compare."""
        gone = builders.resident(system, "Cleo", "Crane", room="3")
        self.counted = builders.order(system, gone.id, "senna").line_id
        builders.residents.move_resident(by=builders_actor("sena"), resident_id=gone.id, state="hospital")
        new = builders.resident(system, "Dora", "Dunn", room="4", valid_from=clock.now())
        return {"resident_id": str(gone.id)}, {"resident_id": str(new.id)}

    def many_ids(self, name: str, route: Route) -> list[Ids]:
        """The sets of real ids a page is opened with: it looks different for each."""
        mine = self.ids(name, route)
        others = {"/resume": {"line_id": self.held}, "/away/medicines": self.gone, "/reconcile": self.new}
        return [mine, mine | self.beside, *(mine | ids for end, ids in others.items() if route.rule.endswith(end))]

    def attempt(
        self, name: str, path: str, *, method: str = "POST", look: tuple[str, ...] = (), label: str = "", **how: object
    ) -> tuple[TestResponse, set[str]]:
        """Send one request, judge its answer (and the pages in `look`, before the database is put back)."""
        client = self.visitors[name].client
        cookies = dict(client._cookies)
        answer = client.open(path, method=method, **{"base_url": BASE, "headers": FROM_US} | how)
        self.judge(answer, label := label or f"{method} {path[:120]} by {name}")
        changed = self.changed()
        if answer.status_code < 400:
            for page in (*look, *([answer.headers["Location"]] if "Location" in answer.headers else [])):
                self.judge(client.get(page, base_url=BASE), f"{label}, then {page}")
        client._cookies = cookies
        kept = _kept_all_the_same(answer, how.get("data"))
        self.judge_change(answer, changed - kept, label)
        if changed:
            self.put_back()
        return answer, changed - kept

    def post(self, name: str, path: str, pairs: Pairs, *, look=(), label="", **headers: str):
        """A form as a browser of ours would send it, but of any bytes."""
        pairs = [*[p for p in pairs if p[0] != "csrf_token"], ("csrf_token", self.token(name))]
        how = {"data": body(pairs), "content_type": "application/x-www-form-urlencoded"}
        self.tally.posts += 1
        return self.attempt(name, path, look=look, label=label, headers=FROM_US | headers, **how)

    def token(self, name: str) -> str:
        return security.masked(self.visitors[name].csrf)

    def stranger(self, name: str):
        """A browser of the same person with a session of its own: (client, form token, session id)."""
        client = self.app.test_client()
        row, token, csrf = session_of(name)
        client.set_cookie(sessions.COOKIE, token, secure=True, domain="localhost")
        return client, csrf, row.id

    # ------------------------------------------------------------ judging

    def judge(self, answer: TestResponse, label: str) -> None:
        """What no answer may ever be, whatever was asked."""
        tally = self.tally
        tally.requests += 1
        tally.statuses[answer.status_code] += 1
        if answer.status_code >= 500:
            tally.server_errors.append(f"{label}: {answer.status_code}")
        if alive := came_alive(answer):
            tally.leaks.append(f"{label}: {alive}")
        if odd := odd_headers(answer):
            tally.faults.append(f"{label}: {odd}")
        tally.leaks += [f"{label}: logged {line[:200]}" for line in self.log.lines if MARK in line or "\n" in line]
        self.log.lines.clear()

    def judge_change(self, answer: TestResponse, changed: set[str], label: str) -> None:
        """A request that was turned away left nothing but, where it was an attempt, its line."""
        if answer.status_code < 400:
            return
        if partly(answer):
            changed = changed - {"entry", "session", *KEPT_TRAIL}  # the session counts what stands ready
        extra = changed - NOTES - (KEPT_TRAIL if answer.status_code in REFUSED_KEEPS_A_LINE else set())
        if extra:
            self.tally.changed.append(f"{label}: {answer.status_code}, yet {sorted(extra)} changed")


def _kept_all_the_same(answer: TestResponse, data: object) -> set[str]:
    """What stays of a form that was turned away. A good paper is kept before the form it came with is judged
    (docs/decisions/papers-and-attestations.md); a password typed right stays proven for a moment, in the session."""
    kept: set[str] = set()
    if answer.status_code == 422:
        kept |= {"evidence_file", "ledger_line"} if hasattr(data, "getlist") else set()
    if answer.status_code in (404, 409, 422):
        typed = dict(parse_qsl(data.decode("latin-1"))) if isinstance(data, bytes) else data or {}
        kept |= {"session"} if typed.get("password") else set()
    return kept


def permit_matrix_actor():
    from tests.house.matrix_world import _system

    return _system("rowan")


def builders_actor(name: str):
    from tests.house.matrix_world import _actor

    return _actor(name, "rowan")


def partly(answer: TestResponse) -> bool:
    """Whether an answer refuses one line of several and says what of the others is saved."""
    return answer.request.path.endswith(PARTLY) and SAVED in answer.get_data()


def body(pairs: Pairs) -> bytes:
    """A form's body of any bytes."""
    return b"&".join(f"{_quoted(n)}={_quoted(v)}".encode() for n, v in pairs)


def _quoted(value: str | bytes) -> str:
    return quote_from_bytes(value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass"), safe="")


# ---------------------------------------------------------------- what an answer may not be


def came_alive(answer: TestResponse) -> str:
    """What of the typed marks is more than words in an answer; empty when nothing is."""
    if MARK.encode() not in answer.get_data().lower():
        return ""
    text = plain(answer)  # without form tokens, whose letters fall as they fall
    if answer.mimetype == "application/json":
        json.loads(text)
        return ""
    if answer.mimetype == "text/csv" and answer.headers.get("Content-Disposition", "").startswith("attachment"):
        return ""  # words in a table that is handed out (tests/practice/test_matrix.py: none is a formula)
    if answer.mimetype not in ("text/html", "image/svg+xml"):
        return f"typed text in {answer.mimetype}"
    if f"{MARK.upper()}" in text:
        return "template braces were filled in"
    for tag in BeautifulSoup(text, "html.parser").find_all(True):
        if MARK in tag.name or (tag.name in ("script", "style") and MARK in tag.get_text()):
            return f"element <{tag.name}>"
        for name, value in tag.attrs.items():
            value = " ".join(value) if isinstance(value, list) else value
            if MARK in name:
                return f"attribute {name} of <{tag.name}>"
            if name in _ADDRESSES and re.match(rf"\s*(javascript:|//|\\|https?:).*{MARK}", value, re.I | re.S):
                return f"{name}={value[:80]!r}"
    return ""


def odd_headers(answer: TestResponse) -> str:
    """A header that came out of what was sent, a way to another site, a cookie that is not ours, a page kept."""
    for name, value in answer.headers:
        if MARK in name.lower() or "\n" in value or "\r" in value:
            return f"header {name}: {value[:80]!r}"
        if MARK in value and name != "Location":
            return f"{name} repeats what was typed"
    where = answer.headers.get("Location", "/")
    if not re.match(r"/(?![/\\])", where) or MARK in where.partition("?")[0]:
        return f"it leads to {where[:120]!r}"
    for cookie in answer.headers.getlist("Set-Cookie"):
        if not cookie.startswith("__Host-") or not all(
            f in cookie for f in ("Secure", "HttpOnly", "SameSite", "Path=/")
        ):
            return f"cookie {cookie[:80]!r}"
    if answer.headers.get("Cache-Control") not in ("no-store", "no-cache") and answer.mimetype != "image/webp":
        return f"may be kept: {answer.headers.get('Cache-Control')!r}"
    wanted = dict(security.HEADERS)
    if answer.headers.get("Content-Disposition", "").startswith("attachment"):
        wanted["Content-Security-Policy"] = PAPER_POLICY  # a paper is nobody's page
    missing = [n for n, v in wanted.items() if answer.headers.getlist(n) != [v]]
    return f"without {missing}" if missing else ""
