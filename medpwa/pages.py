"""The one way to serve a page. A route cannot be declared without naming its permit: it fails at import.

    pages = Pages("residents", __name__)

    @pages.get("/h/<home>/residents/<int:resident_id>", permit="residents.see", about=queries.resident_of)
    def resident(who, about): …

`who` is the person with the facts of this request; `about` is loaded and authorised before the view runs. A denied or
unknown page answers 404 with one and the same body. A POST that changes something must go through an action, which
asks the permit again inside its transaction; the wrapper catches one that forgot. Refused attempts are kept either way.
"""

from __future__ import annotations

import functools
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import unquote_to_bytes, urlencode

from flask import Blueprint, Response, current_app, g, make_response, request, session

from medpwa import notes, permits, security
from medpwa.action import demanded, refuse
from medpwa.errors import BadRequest, NotFound, NotPermitted, SignInNeeded
from medpwa.permits import NOBODY, Actor


@dataclass(frozen=True)
class Route:
    """One declared page, as the permit matrix and the README's tables see it."""

    endpoint: str
    method: str
    rule: str
    permit: str
    writes: bool
    poll: bool


ROUTES: list[Route] = []


class Pages(Blueprint):
    """A blueprint whose routes carry their permit."""

    def get(self, rule: str, *, permit: str, about: Callable[..., Any] | None = None, poll: bool = False):  # type: ignore[override]
        """Declare a page or a fragment. `poll` marks what refreshes by itself: it never keeps a session alive."""
        return self._declare(rule, "GET", permit, about, writes=False, poll=poll)

    def post(self, rule: str, *, permit: str, about: Callable[..., Any] | None = None, writes: bool = True):  # type: ignore[override]
        """Declare a form's target. `writes=False` is for answers that store no record."""
        return self._declare(rule, "POST", permit, about, writes=writes, poll=False)

    def _declare(self, rule, method, permit, about, *, writes, poll):
        permits.PERMITS[permit]  # an unknown permit fails here, at import

        def wrap(view: Callable[..., Any]) -> Callable[..., Any]:
            route = Route(f"{self.name}.{view.__name__}", method, rule, permit, writes, poll)
            ROUTES.append(route)

            @functools.wraps(view)
            def run(**args: Any) -> Response:
                return _serve(route, view, about, args)

            self.add_url_rule(rule, endpoint=view.__name__, view_func=run, methods=[method])
            return run

        return wrap


def _serve(route: Route, view: Callable[..., Any], about: Callable[..., Any] | None, args: dict[str, Any]) -> Response:
    who = _who(route, args)
    g.who = who
    _guard_unsafe(route)
    if about is not None:
        args["about"] = about(who, **args)
    if not permits.may(route.permit, who, args.get("about")):
        _turn_away(route, who)
    asked = demanded.set(False)
    try:
        response = make_response(view(who, **args))
        if route.writes and response.status_code < 400 and not demanded.get():
            raise RuntimeError(f"{route.endpoint} changed something without asking a permit")
    finally:
        demanded.reset(asked)
    if who.home_id is not None and route.method == "GET" and response.status_code < 400:
        notes.access(who, route.rule, getattr(g, "subject", None), poll=route.poll)
    return response


def _turn_away(route: Route, who: Actor) -> NoReturn:
    """A page denied is a page that is not there. A denied act is said in words, and what would have changed a record
    leaves its refused line, whatever was wrong with the form besides."""
    if route.writes:
        refuse(route.permit, by=who)
    raise NotFound() if route.method == "GET" else NotPermitted()


def _who(route: Route, args: dict[str, Any]) -> Actor:
    """Whoever asks, with their roles at the home in the address."""
    if route.permit == "open":
        return g.get("who", NOBODY)
    if session.person_id is None:
        board = current_app.extensions["steady.board"](args.pop("home", None))
        if board is None:
            raise SignInNeeded()
        return board
    if not route.poll:
        session.touch()
    find = current_app.extensions["steady.actor"]
    who = find(session.person_id, args.pop("home", None), session.row_id)
    if who is None:
        raise NotFound()
    return who


def _guard_unsafe(route: Route) -> None:
    if route.method != "POST":
        return
    if not security.same_origin(request):
        raise NotPermitted("This form did not come from one of our pages. Nothing was changed.")
    if not _is_a_form() or not _is_text():
        raise BadRequest("What was sent is not a form of ours. Nothing was recorded. Open the page again.")
    if session.person_id is None:
        return
    offered = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
    if not security.matches(offered, session.csrf):
        raise NotPermitted("This page is from an earlier sign-in. Nothing was changed. Open the page again.")


def _is_a_form() -> bool:
    """Whether the body, if there is one, is a form: anything else would be taken for a form with nothing in it."""
    if not request.content_length and "chunked" not in request.headers.get("Transfer-Encoding", "").lower():
        return True
    if request.mimetype == "multipart/form-data":
        return bool(request.mimetype_params.get("boundary"))
    return request.mimetype == "application/x-www-form-urlencoded"


def _is_text() -> bool:
    """Whether every byte of a form is text: Werkzeug would keep the rest as the letters `%FF`."""
    if request.mimetype != "application/x-www-form-urlencoded":
        return True  # in a form with a file it becomes a mark that `_plain` refuses
    sent = request.get_data(cache=True)
    if not _HIGH_BYTES.search(sent):
        return True
    try:
        return bool(unquote_to_bytes(sent).decode())
    except UnicodeDecodeError:
        return False


_HIGH_BYTES = re.compile(rb"%[89A-Fa-f]|[\x80-\xff]")

# ---------------------------------------------------------------- fields


def once(name: str, default: str = "") -> str:
    """A form field that may come once; a repeated one is refused rather than guessed at. Text is stripped."""
    values = request.form.getlist(name)
    if len(values) > 1:
        raise BadRequest(f"The form sent “{name}” more than once. Nothing was recorded. Open the page again.")
    return _plain(values[0]) if values else default


def several(name: str) -> list[str]:
    """A form field that may come several times, in order."""
    return [_plain(v) for v in request.form.getlist(name)]


def _plain(text: str) -> str:
    """Text as people see it. NUL, which PostgreSQL cannot hold, and bytes that were no text are refused; what is never
    seen, or turns what is seen around, is left out (docs/decisions/typed-text.md)."""
    if "\x00" in text or "\ufffd" in text:
        raise BadRequest("The form holds characters that cannot be read. Nothing was recorded. Open the page again.")
    return text.translate(_UNSEEN).strip()


_UNSEEN: dict[int, str | None] = {
    **{code: None for code in (*range(32), *range(0x7F, 0xA0)) if chr(code) not in "\n\t\r"},  # controls
    **{code: None for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))},  # what turns the order of words around
    **{code: None for code in (0x00AD, 0x200B, 0x2060, 0xFEFF, 0xFFFE, 0xFFFF)},  # no width: two names that look alike
    0x85: "\n",
    0x2028: "\n",
    0x2029: "\n",
}


# ---------------------------------------------------------------- saying what was just done


def telling(path: str, **said: object) -> str:
    """An address that says what was just done, with the proof that this session was told so: a link somebody made up,
    or sent to a colleague, cannot make a page say that something was saved."""
    query = urlencode(said)
    return f"{path}?{query}&proof={_proof(path, query)}"


def told(name: str) -> str:
    """What the page before this one said was done, if it was said to this session and of this page; else empty."""
    query, _, proof = request.query_string.decode("ascii", "replace").rpartition("&proof=")
    if not session.csrf or not proof.isascii() or not hmac.compare_digest(proof, _proof(request.path, query)):
        return ""
    return request.args.get(name, "")


def _proof(path: str, query: str) -> str:
    return hmac.digest(session.csrf.encode(), f"{path}?{query}".encode(), "sha256").hex()[:32]


def is_fragment() -> bool:
    """Whether htmx asked for a piece of a page."""
    return request.headers.get("HX-Request") == "true"
