"""Proving who somebody is: Argon2id, common passwords refused, throttled without a weapon to lock others out.

A browser that signed a person in before carries a signed mark and has its own count of tries, so that a stranger who
hammers a user name, or sits on the same network, slows down only strangers (docs/decisions/sign-in.md).
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import re
import secrets
import threading
import unicodedata
from collections.abc import Iterator

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Response, current_app, request, session
from flask_login import UserMixin, login_user, logout_user
from itsdangerous import BadSignature, URLSafeSerializer

from medpwa import clock, notes
from medpwa.errors import BadRequest, Invalid, Refused
from medpwa.staff import actions, device_actions, devices, phone, queries, rules, sessions
from medpwa.staff.models import Password, Person

WINDOW = dt.timedelta(minutes=15)
TRIES_KNOWN_BROWSER = 10
TRIES_UNKNOWN = 10
TRIES_ADDRESS = 60
PROVEN_LASTS = dt.timedelta(minutes=10)
MARK_COOKIE = "__Host-known"
MARK_DAYS = 180
MOST_PEOPLE_ON_A_MARK = 16  # a shared phone knows the last sixteen who signed in on it

WRONG = "That user name and password do not go together. Check both and try again."
THROTTLED = "Too many tries. Wait 15 minutes, or ask a manager for a new password."

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Each check takes 19 MiB. One at a time in each of the server's two processes makes at most two at once.
_one_at_a_time = threading.BoundedSemaphore(1)
PATIENCE = 10.0  # seconds a sign-in waits for its turn
# Checked when a user name is unknown, so that the answer takes as long as for a known one.
_nobody_hash = _hasher.hash(secrets.token_hex(16))


class User(UserMixin):
    """Flask-Login's view of a signed-in person."""

    def __init__(self, person_id: int) -> None:
        self.id = person_id


def load_user(user_id: str) -> User | None:
    """The person of this session, if the session's row names the same one."""
    return User(int(user_id)) if str(session.person_id) == user_id else None


# ---------------------------------------------------------------- passwords


@contextlib.contextmanager
def _turn() -> Iterator[None]:
    if not _one_at_a_time.acquire(timeout=PATIENCE):
        raise Refused("busy", "Many people are signing in just now. Wait a moment and try again.", 503)
    try:
        yield
    finally:
        _one_at_a_time.release()


def hash_password(password: str) -> str:
    """Argon2id hash of a password. Takes about 40 ms: never inside a transaction."""
    with _turn():
        return _hasher.hash(password)


def _verify(stored: str, password: str) -> bool:
    with _turn():
        try:
            return _hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False


def verify_or_nobody(stored: str | None, typed: str) -> bool:
    """Whether a password or PIN is the stored one; without one stored the answer is no and takes as long."""
    return _verify(stored or _nobody_hash, typed) and stored is not None


def typed_password(name: str = "password") -> str:
    """A password field as typed: nothing stripped, accents spelt one way whatever the keyboard; may come once."""
    values = request.form.getlist(name)
    if len(values) > 1:
        raise BadRequest("The form sent a password more than once. Nothing was changed. Open the page again.")
    return unicodedata.normalize("NFC", values[0])[: rules.LONGEST_PASSWORD + 1] if values else ""


def refuse_weak(password: str, *, about: tuple[str, ...] = (), field: str = "password") -> None:
    """Raise Invalid for a password that is short or easily guessed, with what would be better."""
    if len(password) < rules.SHORTEST_PASSWORD:
        raise Invalid([(field, f"Use at least {rules.SHORTEST_PASSWORD} characters. Three or four words work well.")])
    if len(password) > rules.LONGEST_PASSWORD:
        raise Invalid([(field, f"Use at most {rules.LONGEST_PASSWORD} characters.")])
    known = sorted({w.lower() for text in about for w in re.findall(r"\w{3,}", text)}, key=len, reverse=True)
    if _easy(password, known):
        words = "That password is easy to guess. Three or four words that do not belong together work well."
        raise Invalid([(field, words)])


def _easy(password: str, known: list[str]) -> bool:
    """Whether a guesser gets there soon: judged also without its spaces and signs, which add little and would make
    `password 1234` look strong, and by what is left beside one's own names."""
    from zxcvbn import zxcvbn  # its word lists weigh 12 MiB: only a process that is asked holds them

    squeezed = re.sub(r"[\W_]", "", password.lower())
    rest = re.sub("|".join(map(re.escape, known)) or r"(?!)", "", squeezed)
    if len(rest) < len(squeezed) and len(rest) < rules.SHORTEST_PASSWORD - 2:
        return True
    tried = [t for t in (password[:72], squeezed[:72]) if t]
    return any(zxcvbn(t, user_inputs=[*known, "steady", "medicines"])["score"] < rules.WEAKEST_SCORE for t in tried)


def is_own_password(person_id: int, password: str) -> bool:
    """Whether this is the person's present password."""
    stored = Password.get_or_none(Password.person == person_id)
    return stored is not None and _verify(stored.hash, password)


def check_own_password(person_id: int, password: str, *, field: str) -> None:
    """Raise Invalid, or Refused after ten wrong tries, unless the person at this screen knows their password."""
    key = f"own:{person_id}"
    if notes.attempted(key, WINDOW) > TRIES_KNOWN_BROWSER:  # counted first: many at once do not slip through
        raise Refused("throttled", THROTTLED, 429)
    if not is_own_password(person_id, password):
        raise Invalid([(field, "That is not your present password. Nothing was changed; try again.")])
    notes.forget_attempts(key)


# ---------------------------------------------------------------- who it is


def check(username: str, password: str) -> Person:
    """The person, or Refused with one wording for every wrong pair. The try is counted before it is checked, so that
    many at the same moment do not slip through together; a right one forgets the count."""
    username = username.strip().lower()[:100]
    device = _known_device(username)
    key, limit = (f"known:{username}:{device}", TRIES_KNOWN_BROWSER) if device else _stranger(username)
    address = f"address:{request.remote_addr}"
    if notes.attempts(key, WINDOW) >= limit or (not device and notes.attempts(address, WINDOW) >= TRIES_ADDRESS):
        raise Refused("throttled", THROTTLED, 429)
    if notes.attempted(key, WINDOW) > limit:
        raise Refused("throttled", THROTTLED, 429)
    person = Person.get_or_none(Person.username == username)
    stored = Password.get_or_none(Password.person == person.id) if person else None
    if not verify_or_nobody(stored.hash if stored else None, password):
        notes.attempted(address, WINDOW)
        raise Refused("wrong", WRONG, 401)
    notes.forget_attempts(key)
    return person


def _stranger(username: str) -> tuple[str, int]:
    return f"unknown:{username}", TRIES_UNKNOWN


def _known_device(username: str) -> str | None:
    """The id of this browser if it has signed this person in before."""
    device, people = _read_mark()
    return device if device and _short(device, username) in people else None


def _read_mark() -> tuple[str, list[str]]:
    try:
        mark = _marks().loads(request.cookies.get(MARK_COOKIE, ""))
    except BadSignature:
        return "", []
    return (str(mark[0]), [str(p) for p in mark[1]]) if isinstance(mark, list) and len(mark) == 2 else ("", [])


def _short(device: str, username: str) -> str:
    """A person on a mark: whoever finds the phone reads no user names from it."""
    return hashlib.sha256(f"{device}:{username}".encode()).hexdigest()[:16]


def _marks() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="known-browser")


def mark_browser(response: Response, username: str) -> None:
    """Leave the signed mark that this browser has signed this person in, beside those who did so before."""
    device, people = _read_mark()
    device = device or secrets.token_hex(8)
    mine = _short(device, username)
    people = [mine, *(p for p in people if p != mine)][:MOST_PEOPLE_ON_A_MARK]
    response.set_cookie(
        MARK_COOKIE,
        _marks().dumps([device, people]),
        max_age=MARK_DAYS * 86_400,
        path="/",
        secure=True,
        httponly=True,
        samesite="Lax",
    )


# ---------------------------------------------------------------- sessions


def sign_in(person: Person, *, by_pin: bool = False) -> bool:
    """Begin a new session under a new id and hand the browser its cookie with the answer.

    Returns False when the person holds no role anywhere today (their access has ended).
    """
    on = phone.phone_here()
    who = (on and queries.actor(person.id, on.home_slug)) or queries.actor(person.id, None)
    if who is None:
        return False
    waiting = session.get("waiting_label")
    _end_present()
    token = secrets.token_urlsafe(32)
    data = {"waiting_label": waiting} if waiting else {}
    if on is not None:
        data["pin"] = devices.has_pin(person.id)  # what the lock asks for
        data["role_here"] = bool(queries.roles_of(person.id, on.home_id))
        data["proven"] = 0 if by_pin else clock.micros(clock.now())  # when a password was typed here
    if must_change(person.id):
        data["must_change"] = True
    row = actions.start_session(
        by=who,
        token_hash=sessions.hashed(token),
        csrf=secrets.token_hex(16),
        user_agent=request.headers.get("User-Agent", ""),
        data=data,
        device_id=on.id if on is not None else None,
        by_pin=by_pin,
    )
    session.adopt(row, token)
    login_user(User(person.id))
    return True


def proven_lately() -> bool:
    """Whether the password was typed on this screen within ten minutes and it was not locked since: then a first PIN,
    or one in place of a forgotten one, is chosen without typing it again."""
    typed_at = clock.from_micros(int(session.get("proven") or 0))
    recent = dt.timedelta(0) <= clock.now() - typed_at < PROVEN_LASTS
    return recent and not devices.has_pin(session.person_id)


def sign_out() -> None:
    """End this session; it bites on the next request, here and wherever else its cookie went."""
    _end_present(signed_out=True)
    logout_user()
    session.drop()


def _end_present(*, signed_out: bool = False) -> None:
    """End the session of this request, whoever's it is and whatever roles they still hold."""
    if session.row_id is None:
        return
    if session.person_id is None:
        sessions.end_anonymous(session.row_id)
        return
    by = device_actions.holder(session.row)
    actions.end_session(by=by, session_id=session.row_id, person_id=session.person_id, signed_out=signed_out)


def must_change(person_id: int) -> bool:
    """Whether a manager set this person's password and they have not chosen their own yet."""
    stored = Password.get_or_none(Password.person == person_id)
    return bool(stored and stored.must_change)
