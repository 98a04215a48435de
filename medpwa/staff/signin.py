"""Proving who somebody is: Argon2id, common passwords refused, throttled without a weapon to lock others out.

A browser that signed a person in before carries a signed mark and has its own count of tries, so that a stranger who
hammers a user name slows down only strangers (docs/decisions/sign-in.md).
"""

from __future__ import annotations

import datetime as dt
import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Response, current_app, request, session
from flask_login import UserMixin, login_user, logout_user
from itsdangerous import BadSignature, URLSafeSerializer
from zxcvbn import zxcvbn

from medpwa import notes
from medpwa.errors import Invalid, Refused
from medpwa.staff import actions, queries, rules, sessions
from medpwa.staff.models import Password, Person

WINDOW = dt.timedelta(minutes=15)
TRIES_KNOWN_BROWSER = 10
TRIES_UNKNOWN = 10
TRIES_ADDRESS = 60
MARK_COOKIE = "__Host-known"
MARK_DAYS = 180

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_two_at_once = threading.BoundedSemaphore(2)  # each check takes 19 MiB
# Checked when a user name is unknown, so that the answer takes as long as for a known one.
_nobody_hash = _hasher.hash(secrets.token_hex(16))


class User(UserMixin):
    """Flask-Login's view of a signed-in person."""

    def __init__(self, person_id: int) -> None:
        self.id = person_id


def load_user(user_id: str) -> User | None:
    """The person of this session, if the session's row names the same one."""
    return User(int(user_id)) if str(session.person_id) == user_id else None


def hash_password(password: str) -> str:
    """Argon2id hash of a password. Takes about 40 ms: never inside a transaction."""
    with _two_at_once:
        return _hasher.hash(password)


def refuse_weak(password: str, *, about: tuple[str, ...] = (), field: str = "password") -> None:
    """Raise Invalid for a password that is short or easily guessed, with what would be better."""
    if len(password) < rules.SHORTEST_PASSWORD:
        raise Invalid([(field, f"Use at least {rules.SHORTEST_PASSWORD} characters. Three or four words work well.")])
    if len(password) > rules.LONGEST_PASSWORD:
        raise Invalid([(field, f"Use at most {rules.LONGEST_PASSWORD} characters.")])
    guess = zxcvbn(password[:72], user_inputs=[w for w in about if w] + ["steady", "medicines"])
    if guess["score"] < rules.WEAKEST_SCORE:
        raise Invalid([(field, "That password is easy to guess. Three or four words that do not belong together work.")])


def check(username: str, password: str) -> Person:
    """The person, or Refused with one wording for every wrong pair; counts the try."""
    username = username.strip().lower()[:100]
    key, limit = _throttle_key(username)
    address = f"address:{request.remote_addr}"
    if notes.attempts(key, WINDOW) >= limit or notes.attempts(address, WINDOW) >= TRIES_ADDRESS:
        raise Refused("throttled", "Too many tries. Wait 15 minutes, or ask a manager for a new password.", 429)
    person = Person.get_or_none(Person.username == username)
    stored = Password.get_or_none(Password.person == person.id) if person else None
    right = _verify(stored.hash if stored else _nobody_hash, password[: rules.LONGEST_PASSWORD])
    if not right or stored is None:
        notes.attempted(key, WINDOW)
        notes.attempted(address, WINDOW)
        raise Refused("wrong", "That user name and password do not go together. Check both and try again.", 401)
    notes.forget_attempts(key)
    return person


def _verify(stored: str, password: str) -> bool:
    with _two_at_once:
        try:
            return _hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False


def _throttle_key(username: str) -> tuple[str, int]:
    try:
        known = _marks().loads(request.cookies.get(MARK_COOKIE, ""))
    except BadSignature:
        known = None
    if isinstance(known, list) and len(known) == 2 and known[0] == username:
        return f"known:{username}:{known[1]}", TRIES_KNOWN_BROWSER
    return f"unknown:{username}", TRIES_UNKNOWN


def _marks() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="known-browser")


def sign_in(person: Person) -> bool:
    """Begin a new session under a new id and hand the browser its cookie with the answer.

    Returns False when the person holds no role anywhere today (their access has ended).
    """
    who = queries.actor(person.id, None)
    if who is None:
        return False
    waiting = session.get("waiting_label")
    old = session.row
    token = secrets.token_urlsafe(32)
    row = actions.start_session(
        by=who,
        token_hash=sessions.hashed(token),
        csrf=secrets.token_hex(16),
        user_agent=request.headers.get("User-Agent", ""),
        data={"waiting_label": waiting} if waiting else {},
    )
    if old is not None and old.person_id is not None:
        actions.end_session(by=queries.actor(old.person_id, None) or who, session_id=old.id)
    session.adopt(row, token)
    login_user(User(person.id))
    return True


def mark_browser(response: Response, username: str) -> None:
    """Leave the signed mark that this browser has signed this person in."""
    value = _marks().dumps([username, secrets.token_hex(8)])
    response.set_cookie(
        MARK_COOKIE, value, max_age=MARK_DAYS * 86_400, path="/", secure=True, httponly=True, samesite="Lax"
    )


def sign_out() -> None:
    """End this session; it bites on the next request, here and wherever else its cookie went."""
    if session.row_id is not None and session.person_id is not None:
        who = queries.actor(session.person_id, None)
        if who is not None:
            actions.end_session(by=who, session_id=session.row_id)
    logout_user()
    session.drop()


def must_change(person_id: int) -> bool:
    """Whether a manager set this person's password and they have not chosen their own yet."""
    stored = Password.get_or_none(Password.person == person_id)
    return bool(stored and stored.must_change)
