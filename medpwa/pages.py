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
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

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
    if session.person_id is None:
        return
    offered = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
    if not security.matches(offered, session.csrf):
        raise NotPermitted("This page is from an earlier sign-in. Nothing was changed. Open the page again.")


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
    """Text as people type it: no NUL (PostgreSQL cannot hold it), no control characters but line ends and tabs."""
    if "\x00" in text:
        raise BadRequest("The form holds characters that cannot be stored. Nothing was recorded.")
    return text.translate(_CONTROLS).strip()


_CONTROLS = {code: None for code in range(32) if chr(code) not in "\n\t\r"}


def is_fragment() -> bool:
    """Whether htmx asked for a piece of a page."""
    return request.headers.get("HX-Request") == "true"
