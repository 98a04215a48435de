"""The lock before every request: a locked session is answered 423 with the pad and nothing else, whatever it asks.

A form that was sent without JavaScript while the session was locked writes nothing; its fields wait in the session and
come back after the PIN, to be sent again by a tap. Why: docs/decisions/phones.md.
"""

from __future__ import annotations

import json
import re
from functools import cached_property

import peewee as pw
from flask import Response, g, render_template, request, session

from medpwa import clock, security
from medpwa.errors import BadRequest, Invalid, Refused
from medpwa.pages import is_fragment
from medpwa.permits import NOBODY
from medpwa.staff import device_actions, lock_rules, phone, pins, queries, sessions, signin
from medpwa.staff.vocabulary import LOCKED_HOW

COOKIE = "__Host-locked"  # photos vary by cookie: with it, what the browser kept of them is not shown
TITLE = "This screen is locked"
WORDS = "Nothing was recorded. Type your PIN or password, then try again."
# What answers by itself while locked. A code's own address is among them: it says 423 too, and its label waits.
ANSWERED = frozenset({"staff.unlock", "staff.lock_now", "staff.switch", "staff.sign_out", "mar.follow_code"})
ANSWERED |= phone.SHELL
UNKEPT = frozenset({"csrf_token", "password", "present", "new_password", "again", "pin", "new_pin", "phone_at"})
MOST_KEPT = 32_000  # characters of a form that waits
_PLAIN_PATH = re.compile(r"/[A-Za-z0-9/._-]{0,200}(\?[A-Za-z0-9/._=&%-]{0,200})?")


def hold() -> Response | None:
    """Before every request: nothing for a session that is live, 423 for one that is locked, whatever was asked."""
    confined = phone.confine_board()
    if confined is not None or not session.locked:
        return confined
    if session.get("proven"):
        session["proven"] = 0
    _mark()
    return None if request.endpoint in ANSWERED else answer()


def _mark() -> None:
    """Write down that a session locked by itself; that it cannot be written does not open it."""
    row = session.row
    if row.locked_at is not None:
        return
    try:
        by = device_actions.holder(row)
        device_actions.lock_session(by=by, session_id=row.id, person_id=row.person_id, how="idle")
        row.locked_at = clock.now()
    except pw.PeeweeException:
        return


def lock_now(how: str) -> None:
    """Lock this session because its person said so, or because its page was left alone."""
    if how not in LOCKED_HOW:
        raise BadRequest("The form does not say why the screen locks. Lock it again.")
    row = session.row
    device_actions.lock_session(by=device_actions.holder(row), session_id=row.id, person_id=row.person_id, how=how)
    row.locked_at = clock.now()


# ---------------------------------------------------------------- answers


def answer(problem: str = "", status: int = 423) -> Response:
    """The pad, in the shape that was asked for. It names the locked person and says nothing else about anybody, also
    where the lock fell while they were being answered."""
    g.who = NOBODY
    if wants_json():
        body = json.dumps({"kind": "locked", "url": None, "words": problem or f"{TITLE}. {WORDS}", "ask": asks()})
        made = Response(body, status, mimetype="application/json")
    elif is_fragment():
        words = problem or WORDS
        made = Response(render_template("errors/_error.html", status=status, title=TITLE, words=words), status)
    else:
        _keep_form()
        made = Response(_page(problem), status)
    made.set_cookie(COOKIE, "1", path="/", secure=True, httponly=True, samesite="Lax")
    return made


def _page(problem: str) -> str:
    facts = queries.person_facts(session.person_id)
    return render_template(
        "staff/locked.html",
        locked_name=facts.name,
        locked_given=facts.given_name,
        locked_initials=facts.initials,
        ask=asks(),
        back=_back(),
        problem=problem,
        waits=bool(session.get("held")),
        on_phone=session.row.device is not None,
    )


def wants_json() -> bool:
    """Whether a script asked."""
    return request.accept_mimetypes.best == "application/json"


def asks() -> str:
    """What opens this session's lock: `pin` or `password`. A desk's always asks for the password."""
    on = phone.session_phone()
    return "password" if pins.asks_password(on, session.person_id) else "pin"


def _back() -> str:
    """Where the same page comes back after the PIN. A code's address is not repeated: its label waits by itself."""
    if request.endpoint == "staff.unlock":
        return plain_path(request.form.get("back", ""))
    if request.endpoint == "mar.follow_code" or request.endpoint is None:
        return "/"
    if request.method == "GET":
        return plain_path(request.full_path.rstrip("?"))
    return page_before()


def page_before() -> str:
    """The page of ours a form stood on, by the browser's own word."""
    told, own = request.referrer or "", request.host_url.rstrip("/")
    return plain_path(told.removeprefix(own) if told.startswith(own) else "")


def plain_path(told: str) -> str:
    """A path of this site, or its start: nobody is sent anywhere else."""
    return told if _PLAIN_PATH.fullmatch(told) and not told.startswith("//") else "/"


# ---------------------------------------------------------------- a form that waits


def _keep_form() -> None:
    """Let a form of ours that met the lock wait in the session; passwords, PINs and files are not kept."""
    if request.method != "POST" or request.endpoint in ANSWERED or request.endpoint is None:
        return
    ours = security.same_origin(request) and security.matches(request.form.get("csrf_token", ""), session.csrf)
    fields = [[n, v] for n, values in request.form.lists() for v in values if n not in UNKEPT]
    if ours and sum(len(n) + len(v) for n, v in fields) <= MOST_KEPT:
        session["held"] = {"to": request.path, "fields": fields, "files": sorted(request.files)}


def sent_again(answer: Response) -> Response:
    """The form that waited was sent and taken, or came back to be mended: it waits no longer."""
    held = session.get("held")
    taken = answer.status_code < 400 or answer.status_code == 422
    if held and taken and request.method == "POST" and request.path == held["to"] and not session.locked:
        session.pop("held")
    return answer


# ---------------------------------------------------------------- opening


def prove() -> str:
    """Check what was typed for this session's own person. Returns how it was proven; raises Invalid or Refused."""
    on, person_id = phone.session_phone(), session.person_id
    pin = pins.typed_pin()
    if pin and on is not None:
        pins.check(on, person_id, pin)
        return "pin"
    _prove_password(person_id)
    return "password"


def _prove_password(person_id: int) -> None:
    password = signin.typed_password()
    if not password:
        raise Invalid([("password", "Type your password to go on.")])
    facts = queries.person_facts(person_id)
    try:
        signin.check(facts.username, password)
    except Refused as no:
        if no.code != "wrong":
            raise
        raise Invalid([("password", "That is not your password. Check it and try again.")]) from None


def open_again(how: str) -> None:
    """Let this session go on."""
    row, on = session.row, phone.session_phone()
    device_actions.unlock_session(
        by=device_actions.holder(row), session_id=row.id, how=how, device_id=on.id if on is not None else None
    )
    row.locked_at, row.last_seen = None, clock.now()


def at_stake() -> list[str]:
    """What would be lost if somebody else took over now, without a word about anybody: medicines made ready, and the
    names of fields that were filled in."""
    row, said = session.row, []
    if lock_rules.stands_ready(sessions.facts_of(row), clock.now()):
        count = row.card_ready
        said.append(f"{count} {'medicine' if count == 1 else 'medicines'} made ready and not recorded")
    labels = [label for label in request.form.getlist("typed")[:12] if label]
    if labels:
        said.append("What was typed under " + ", ".join(f"“{label[:60]}”" for label in labels))
    elif session.get("held"):
        said.append("A form that was filled in and not sent")
    return said


# ---------------------------------------------------------------- what layouts need


class Lock:
    """What a page of a signed-in person needs to lock itself, and to say that the session ends soon."""

    def __init__(self, row) -> None:
        self._row, self._at = row, clock.now()
        self._facts = sessions.facts_of(row)
        self.on_phone = row.device is not None
        self.mark = row.id  # tells one tab from another's session; grows with every sign-in, opens nothing

    @property
    def seconds(self) -> int:
        """Seconds without a touch until the page covers itself."""
        return int((lock_rules.PHONE if self.on_phone else lock_rules.DESK).total_seconds())

    @property
    def ready_seconds(self) -> int:
        """The same while a card stands in Ready."""
        return int((lock_rules.PHONE_READY if self.on_phone else lock_rules.DESK).total_seconds())

    @property
    def ask(self) -> str:
        """What the cover asks for at first; the server's answer may say otherwise."""
        return "pin" if self.on_phone and session.get("role_here") and session.get("pin") else "password"

    @cached_property
    def person(self) -> queries.PersonFacts:
        """Whose it is."""
        return queries.person_facts(self._row.person_id)

    @property
    def warn_in(self) -> int:
        """Seconds until the end must be spoken of; 0 when it is time."""
        begins = self._facts.started_at + lock_rules.LONGEST - lock_rules.WARNED_BEFORE
        return max(0, int((begins - self._at).total_seconds()))

    @property
    def warning(self) -> str:
        """That the session ends soon, whatever is done in it."""
        return self.end_words if lock_rules.to_be_warned(self._facts, self._at) else ""

    @property
    def end_words(self) -> str:
        """When everybody signs in anew, in words."""
        planned, really = self._facts.started_at + lock_rules.LONGEST, lock_rules.over_at(self._facts, self._at)
        ends, last = (clock.time_words(moment, g.who.zone) for moment in (planned, really))
        if really > planned:
            return f"Signed in for 13 hours at {ends}. Record what stands ready by {last}, then sign in again."
        return (
            f"You have been signed in for 13 hours at {ends}; then you sign in again. Finish what you are doing first."
        )


def for_layouts() -> Lock | None:
    """The lock of this page; None where nobody is signed in or the page is the lock itself."""
    row = getattr(session, "row", None)
    if row is None or row.person_id is None or session.locked or getattr(g, "who", None) is None:
        return None
    return Lock(row) if g.who.person_id is not None else None
