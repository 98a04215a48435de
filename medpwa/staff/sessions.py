"""Server-side sessions: the cookie holds a random token, the database its SHA-256. An ended row bites on the next
request. An anonymous visit sets nothing; a scan by somebody signed out keeps a short anonymous row so that the card
can open after sign-in."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin

from medpwa import clock, notes
from medpwa.database import fetch, noting
from medpwa.staff import lock_rules
from medpwa.staff.device_models import Device, DeviceCode, DevicePerson, SignInLink
from medpwa.staff.lock_rules import SessionFacts
from medpwa.staff.models import Session
from medpwa.staff.rules import PIN_TRIES

COOKIE = "__Host-session"
ANONYMOUS = dt.timedelta(minutes=20)
TOUCH_EVERY = dt.timedelta(seconds=20)
CARD_AGAIN = dt.timedelta(minutes=1)


def hashed(token: str) -> str:
    """How a session token is stored."""
    return hashlib.sha256(token.encode()).hexdigest()


_NOTHING = object()


class ServerSession(dict, SessionMixin):
    """The session of this request. As a mapping it is the small data of the row (Flask-Login's id, a waiting scan)."""

    accessed = False

    def __init__(self, row: Session | None = None, token: str = "") -> None:
        super().__init__(row.data if row else {})
        self.row = row
        self.token = token
        self.dropped = False
        self._before = dict(self)

    @property
    def row_id(self) -> int | None:
        return self.row.id if self.row else None

    @property
    def person_id(self) -> int | None:
        return self.row.person_id if self.row else None

    @property
    def locked(self) -> bool:
        """Whether somebody's session waits for their PIN or password."""
        return self.person_id is not None and standing(self.row) == lock_rules.LOCKED

    @property
    def csrf(self) -> str:
        return self.row.csrf if self.row else ""

    @property
    def changed(self) -> bool:
        return dict(self) != self._before

    def onto(self, stored: dict[str, Any]) -> dict[str, Any]:
        """The stored data with what this request changed: another one of the same browser may have written since."""
        kept = {name: value for name, value in stored.items() if name in self or name not in self._before}
        return kept | {name: value for name, value in self.items() if self._before.get(name, _NOTHING) != value}

    def touch(self) -> None:
        """Say that its person is here; written at most once in 20 seconds, with the next batch of notes. A locked
        session is not opened by being used."""
        row, at = self.row, clock.now()
        if row is None or at - row.last_seen < TOUCH_EVERY or self.locked:
            return
        row.last_seen = at
        notes.later(f"seen:{row.id}", lambda: _seen(row, at))

    def adopt(self, row: Session, token: str) -> None:
        """Continue as a new row with a new token (sign-in, change of user); the cookie follows with the answer."""
        super().clear()
        self.update(row.data)
        self.row, self.token, self._before, self.dropped = row, token, dict(self), False

    def drop(self) -> None:
        """Forget the row; the cookie is taken back with the answer."""
        super().clear()
        self.row, self.token, self._before, self.dropped = None, "", {}, True


def _seen(row: Session, at: dt.datetime) -> None:
    # A lock that came meanwhile stays one: it is a column of its own, and only the unlocking takes it away.
    _update(row.id, last_seen=at)
    if row.device is not None:
        Device.update(last_seen=at).where(Device.id == row.device).execute()


def _update(row_id: int, **values: Any) -> None:
    Session.update(**values).where(Session.id == row_id).execute()


def card_opened(row: Session, resident_id: int) -> None:
    """Note whose card stands open in a session, for the wrong-person stop. A page read anew carries no ready lines."""
    if row.card_resident != resident_id or row.card_ready or not _noted_lately(row):
        _note(row.id, card_resident=resident_id, card_at=clock.now(), card_ready=0)


def card_prepared(row: Session, lines: int) -> None:
    """Note how many lines of the open card stand ready."""
    if row.card_ready != lines or not _noted_lately(row):
        _note(row.id, card_ready=lines, card_at=clock.now())


def _noted_lately(row: Session) -> bool:
    """Whether the open card was noted within a minute: that spares a write a look, and keeps its 20 minutes honest."""
    return row.card_at is not None and clock.now() - row.card_at < CARD_AGAIN


def card_closed(row_id: int) -> None:
    """Note that no card stands open any more: its person went back to the round."""
    _note(row_id, card_resident=None, card_at=None, card_ready=0)


def _note(row_id: int, **values: Any) -> None:
    # At once, not with the next batch: a scan seconds later, on another worker process, must see it.
    with noting():
        _update(row_id, **values)


def count_pin(row_id: int) -> int:
    """Count one more PIN tried for somebody on a phone. Returns which one of five it is; 0 when five were wrong."""
    with noting():
        mine = (DevicePerson.id == row_id) & (DevicePerson.wrong < PIN_TRIES)
        if not DevicePerson.update(wrong=DevicePerson.wrong + 1).where(mine).execute():
            return 0
        return DevicePerson.get_by_id(row_id).wrong


def start_anonymous(data: dict[str, Any]) -> tuple[Session, str]:
    """A short row for somebody not signed in who scanned a code."""
    token = secrets.token_urlsafe(32)
    at = clock.now()
    with noting():
        row = Session.create(
            token_hash=hashed(token), csrf=secrets.token_hex(16), started_at=at, last_seen=at, data=data
        )
    return row, token


def end_anonymous(row_id: int) -> None:
    """End the short row of a visit without a sign-in: what it kept has moved on."""
    with noting():
        Session.update(ended_at=clock.now()).where((Session.id == row_id) & Session.person.is_null()).execute()


def forget_anonymous(before: dt.datetime) -> int:
    """Delete the sessions of nobody that began before a moment. Returns how many went."""
    with noting():
        return Session.delete().where(Session.person.is_null() & (Session.started_at < before)).execute()


def facts_of(row: Session) -> SessionFacts:
    """What decides whether a row is live, locked or over."""
    ready_at = row.card_at if row.card_ready else None
    return SessionFacts(row.started_at, row.last_seen, row.locked_at, row.device is not None, ready_at)


def standing(row: Session) -> str:
    """Whether a person's row is live, locked or over now."""
    return lock_rules.OVER if row.ended_at is not None else lock_rules.standing(facts_of(row), clock.now())


def forget_ended(before: dt.datetime) -> int:
    """Delete people's sessions that ended, or were last used and could no longer be, before a moment. Returns how many
    went; that they began and ended stays in the ledger."""
    over = (Session.ended_at < before) | (Session.ended_at.is_null() & (Session.last_seen < before))
    with noting():
        return Session.delete().where(Session.person.is_null(False) & over & (Session.started_at < before)).execute()


def forget_codes(before: dt.datetime) -> int:
    """Delete enrolling codes and sign-in links made before a moment. Returns how many went; that they were shown and
    used stays in the ledger."""
    with noting():
        codes = DeviceCode.delete().where(DeviceCode.made_at < before).execute()
        return codes + SignInLink.delete().where(SignInLink.made_at < before).execute()


def live(row: Session | None) -> bool:
    """Whether a row still counts: not ended, not past its limits. A locked one does."""
    if row is None or row.ended_at is not None:
        return False
    if row.person_id is None:
        return clock.now() - row.started_at < ANONYMOUS
    return standing(row) != lock_rules.OVER


# A phone marked lost takes its sessions with it, whatever their rows say.
_OPENS = "token_hash = ? AND NOT EXISTS (SELECT 1 FROM device d WHERE d.id = device AND d.lost_at IS NOT NULL)"


def _keep(session: ServerSession) -> None:
    with noting():  # one that ended meanwhile keeps nothing
        row = Session.get_or_none((Session.id == session.row_id) & Session.ended_at.is_null())
        if row is not None:
            _update(row.id, data=session.onto(row.data))


class DatabaseSessions(SessionInterface):
    """Flask's door to the rows."""

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        token = request.cookies.get(COOKIE, "")
        if not token:
            return ServerSession()
        row = next(iter(fetch(Session, _OPENS, hashed(token))), None)
        return ServerSession(row, token) if live(row) else ServerSession()

    def save_session(self, app: Flask, session: ServerSession, response: Response) -> None:
        from flask import request

        if session.row is not None and session.changed:
            _keep(session)
        # Only a sign-out takes the cookie back. An answer to a request with an old one may arrive after a new sign-in
        # in another tab, and must not take the new one away.
        if session.dropped:
            response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="Lax")
        elif session.row is not None and request.cookies.get(COOKIE) != session.token:
            response.set_cookie(COOKIE, session.token, path="/", secure=True, httponly=True, samesite="Lax")
