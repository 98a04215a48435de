"""Which enrolled phone or board a request comes from, by a cookie of its own that outlives sign-ins."""

from __future__ import annotations

import secrets

from flask import Response, abort, current_app, redirect, request, session

from medpwa import notes
from medpwa.errors import NotFound
from medpwa.permits import Actor
from medpwa.staff import device_actions, device_deeds, devices, queries
from medpwa.staff.device_models import DeviceCode
from medpwa.staff.devices import Known

COOKIE = "__Host-device"
DAYS = 400  # the longest a browser keeps a cookie
_KEPT = "steady.device"  # with the request, which is asked several times
# What a board's browser needs beside its one page.
SHELL = frozenset({"desk.healthz", "desk.manifest", "desk.service_worker", "desk.offline"})
WALL = frozenset({"checks.wall", "checks.wall_now"})


def here() -> Known | None:
    """The phone or board of this request, looked up once."""
    if _KEPT not in request.environ:
        request.environ[_KEPT] = devices.by_token(request.cookies.get(COOKIE, ""))
    return request.environ[_KEPT]


def phone_here() -> Known | None:
    """The phone of this request; None on a board and in any other browser."""
    known = here()
    return known if known is not None and known.kind == "phone" else None


def board_here(slug: str | None) -> Actor | None:
    """The wall board of this request as whoever acts. At any other home it does not exist (law 6)."""
    known = here()
    if known is None or known.kind != "board":
        return None
    if slug != known.home_slug:
        raise NotFound()
    notes.later(f"device:{known.id}", lambda: device_deeds.seen(known.id))  # with the next batch of notes
    return devices.board_actor(known)


def confine_board() -> Response | None:
    """A wall board reaches its one page and what a browser needs for it; everything else is not there."""
    known = here() if request.cookies.get(COOKIE) else None
    if known is None or known.kind != "board" or request.endpoint in WALL | SHELL:
        return None
    if request.path == "/" and request.method == "GET":
        return redirect(wall_url(known))  # type: ignore[return-value]
    abort(404)


def wall_here() -> str | None:
    """The one page of the wall board this request comes from; None in any other browser."""
    known = here() if request.cookies.get(COOKIE) else None
    return wall_url(known) if known is not None and known.kind == "board" else None


def wall_url(known: Known) -> str:
    """A board's one page."""
    return f"/h/{known.home_slug}/wall"


def enrol(code: DeviceCode) -> tuple[Known, str]:
    """Make this browser the phone or board of a code. Returns it and the secret its cookie is to hold."""
    token, before = secrets.token_urlsafe(32), here()
    row = device_actions.enrol(
        by=queries.system(code.home),
        code_id=code.id,
        token_hash=devices.hashed(token),
        user_agent=request.headers.get("User-Agent", ""),
        instead_of=before.id if before is not None else None,
    )
    if before is not None and before.home_id != code.home_id:
        device_actions.replace(by=queries.system(queries.home_by_slug(before.home_slug)), device_id=before.id)
    known = Known(row.id, code.home_id, code.home.slug, code.home.name, row.name, row.kind)
    request.environ[_KEPT] = known
    return known, token


def keep(answer: Response, token: str) -> None:
    """Give the browser its secret: out of reach of scripts, for this host alone, longer than any session."""
    longest = DAYS * 86_400
    answer.set_cookie(COOKIE, token, max_age=longest, path="/", secure=True, httponly=True, samesite="Lax")


def public_address(path: str) -> str:
    """An address another phone can open: the public one, else the one this page was asked by."""
    base = current_app.config["SETTINGS"].public_url or request.host_url
    return f"{base.rstrip('/')}{path}"


def session_phone() -> Known | None:
    """The phone this session was begun on, if it is the one that asks."""
    known = phone_here()
    return known if known is not None and session.row is not None and session.row.device == known.id else None
