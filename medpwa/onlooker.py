"""Who looks at an error page. An address that is nowhere is never authorised, so nobody has asked yet who is there; the
person still keeps their name, their tabs and the way home."""

from __future__ import annotations

import peewee as pw
from flask import current_app, g, request, session
from werkzeug.exceptions import SecurityError

from medpwa.permits import NOBODY, Actor


def who_looks() -> Actor:
    """The person of this request, at the home in the address where that was found to be theirs, else at their own
    first home: another home's address looks exactly like one that is nowhere. Nobody where that cannot be read, and
    while the session is locked: whoever holds the phone then has proved nothing."""
    if session.locked:
        return NOBODY
    who = g.get("who", NOBODY)
    if who.person_id is not None or session.person_id is None:
        return who
    try:
        return current_app.extensions["steady.actor"](session.person_id, None, session.row_id) or NOBODY
    except pw.PeeweeException:
        return NOBODY


def page_before() -> str | None:
    """The page of ours somebody came from, by the browser's own word; None where the host itself is what is wrong."""
    came = request.referrer or ""
    try:
        ours = came.startswith(request.host_url)
    except SecurityError:
        return None
    told = request.headers.get("Sec-Fetch-Site") == "same-origin"
    return came if told and ours and not came.endswith(request.path) else None


def wall_here() -> str | None:
    """Where a wall board goes back to; None for people, and where that cannot be read."""
    try:
        return current_app.extensions["steady.wall"]()
    except pw.PeeweeException:
        return None
