"""What somebody sees when a page cannot be shown: for each status a page, a fragment and JSON, in the same words."""

from __future__ import annotations

import json
import logging

import peewee as pw
from flask import Flask, Response, g, redirect, render_template, request
from werkzeug.exceptions import HTTPException

from medpwa import onlooker
from medpwa.errors import BadRequest, Invalid, NotFound, Refused, SignInNeeded

log = logging.getLogger("steady.web")

ERROR_WORDS: dict[int, tuple[str, str]] = {
    400: ("The form could not be read", "Nothing was recorded. Open the page again and try once more."),
    401: ("Please sign in", "You are not signed in, so nothing was recorded. Sign in and try again."),
    403: ("This is not open to you", "Nothing was changed."),
    404: ("This page is not here", "The address may be old or mistyped. Nothing was changed."),
    405: ("This page cannot do that", "Nothing was changed. Go back and use the buttons on the page."),
    409: ("This has changed meanwhile", "Nothing was recorded. Look at the page again."),
    413: ("That is too large", "Nothing was recorded. Photos may be at most 5 MB."),
    415: ("That kind of file cannot be read", "Nothing was recorded."),
    422: ("Something needs putting right", "Nothing was recorded yet."),
    429: ("Too many tries", "Wait a little and try again. Nothing was changed."),
    500: ("Something went wrong here", "It may not have been saved. Look at the page again before you repeat it."),
    503: ("The record cannot be written now", "Nothing was recorded. Try again; write it on paper if it goes on."),
}


def add_errors(app: Flask) -> None:
    """Answer every fault of an application in words."""

    @app.errorhandler(SignInNeeded)
    def sign_in(fault: SignInNeeded) -> Response:
        if request.method == "GET" and not _wants_piece():
            return redirect("/sign-in")  # type: ignore[return-value]
        return error_answer(401)

    @app.errorhandler(NotFound)
    def not_found(fault: NotFound) -> Response:
        return error_answer(404)

    @app.errorhandler(Refused)
    def refused(fault: Refused) -> Response:
        return error_answer(fault.status, fault.words)

    @app.errorhandler(Invalid)
    def invalid(fault: Invalid) -> Response:
        return error_answer(422, " ".join(words for _, words in fault.errors))

    @app.errorhandler(BadRequest)
    def bad(fault: BadRequest) -> Response:
        return error_answer(400, str(fault))

    @app.errorhandler(pw.OperationalError)
    @app.errorhandler(pw.InterfaceError)
    def storage(fault: Exception) -> Response:
        log.exception("storage", extra={"id": g.get("request_id")})
        return error_answer(503)

    @app.errorhandler(HTTPException)
    def http(fault: HTTPException) -> Response:
        if fault.code is not None and 300 <= fault.code < 400:
            return fault.get_response()  # type: ignore[return-value]
        status = fault.code if fault.code in ERROR_WORDS else (400 if (fault.code or 500) < 500 else 500)
        return error_answer(status)

    @app.errorhandler(Exception)
    def fault(fault: Exception) -> Response:
        log.exception("fault", extra={"id": g.get("request_id")})
        if app.testing and app.config.get("RAISE_FAULTS", True):
            raise fault
        return error_answer(500)


def _wants_piece() -> bool:
    return request.headers.get("HX-Request") == "true" or _wants_json()


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def error_answer(status: int, words: str | None = None) -> Response:
    """An error in the shape that was asked for: a page, an htmx fragment or JSON, all with the same words."""
    title, default = ERROR_WORDS.get(status, ERROR_WORDS[500])
    words = words or default
    if _wants_json():
        body = json.dumps({"kind": "error", "url": None, "words": f"{title}. {words}"})
        return Response(body, status, mimetype="application/json")
    g.who = onlooker.who_looks()
    name = "errors/_error.html" if _wants_piece() else "errors/error.html"
    shown = {"status": status, "title": title, "words": words, "request_id": g.get("request_id")}
    ways = {"before": onlooker.page_before(), "wall_url": onlooker.wall_here()}
    return Response(render_template(name, **shown, **ways), status)
