"""Pages between a code and a card: the code's own address, the camera page, typed codes, the wrong-person stop."""

from __future__ import annotations

import datetime as dt
import json

from flask import Response, g, redirect, render_template, request, session

from medpwa import notes
from medpwa.errors import Locked
from medpwa.mar import actions, scanning, stops
from medpwa.mar.scanning import Scanned
from medpwa.mar.views import pages
from medpwa.pages import once, telling
from medpwa.permits import Actor
from medpwa.residents import queries as residents
from medpwa.residents.queries import LabelFound
from medpwa.staff import lock, sessions
from medpwa.staff import queries as staff

TYPED_WINDOW = dt.timedelta(minutes=10)
WRONG_A_SESSION, WRONG_A_HOME = 10, 60
NO_LABEL = -1  # what waits when the code is not known: the door must look the same


@pages.get("/r/<token>", permit="open")
def follow_code(who, token):
    """The address inside a code. It identifies and opens nothing by itself: the card needs a sign-in and a permit."""
    if _only_looking_ahead():
        return "", 204
    label = residents.label_by_token(token)
    if session.locked:
        return _waits_for_the_lock(label)
    if session.person_id is None:
        return _waits(label)
    session.touch()
    how = "scanner" if _wants_json() else "camera"
    try:
        return _followed(session.person_id, session.row_id, label, how)
    except Locked:  # it fell while this was being answered
        return _waits_for_the_lock(label)


def _followed(person_id: int, session_id: int | None, label: LabelFound | None, how: str):
    here = scanning.home_of_label(person_id, label, session_id)
    if here is None or label is None:
        mine = staff.actor(person_id, None, session_id)
        return _answer(scanning.unknown(mine.home_id if mine else None), mine)
    return _answer(scanning.follow(here, label, how, session.row), here)


def _waits_for_the_lock(label: LabelFound | None) -> Response:
    """A code whose session is locked: its card opens after the PIN. Our own scanner stays on its page to read again."""
    if not _wants_json():
        session["waiting_label"] = label.label_id if label else NO_LABEL
    return lock.answer()


def _only_looking_ahead() -> bool:
    """Whether nobody has opened the code yet: a browser asks what it would be, or draws a preview of it."""
    said = " ".join(request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")).lower()
    return request.method == "HEAD" or "prefetch" in said or "preview" in said


def _waits(label: LabelFound | None) -> Response:
    """Somebody signed out scanned: the label waits in a short session of its own, and the card opens after sign-in.
    The answer is the same for a code that is known and one that is not."""
    waits = label.label_id if label else NO_LABEL
    if session.row is not None:
        session["waiting_label"] = waits  # the short session this browser has already
    else:
        session.adopt(*sessions.start_anonymous({"waiting_label": waits}))
    if _wants_json():
        return _json(Scanned("signed_out", "Sign in and the card opens.", "/sign-in"))
    return redirect("/sign-in", 303)  # type: ignore[return-value]


@pages.get("/scan/waiting", permit="self")
def waiting(who):
    """After sign-in: follow the label that was scanned before it."""
    label = scanning.label_by_id(session.pop("waiting_label", None))
    try:
        return _followed(who.person_id, who.session_id, label, "camera")
    except Locked:
        return _waits_for_the_lock(label)


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _json(scanned: Scanned) -> Response:
    body = json.dumps({"kind": scanned.kind, "url": scanned.url, "words": scanned.words})
    return Response(body, mimetype="application/json")


def _answer(scanned: Scanned, who: Actor | None):
    """The same answer for the in-app scanner (JSON) and for the phone's own camera (a redirect or a page)."""
    if _wants_json():
        return _json(scanned)
    if scanned.url:
        return redirect(scanned.url, 303)
    if who is not None:
        g.who = who  # the code's own address is open to all; whoever is signed in still sees their name
    back = f"/h/{who.home_slug}/scan" if who else "/"
    title, _, advice = scanned.words.partition(". ")
    return render_template("mar/wrong_code.html", title=title, advice=advice, back=back), 404


# ---------------------------------------------------------------- the camera page and typed codes


@pages.get("/h/<home>/scan", permit="mar.scan")
def scan_page(who):
    """The camera as a page of its own, with the typed code beneath: it works without JavaScript."""
    return render_template("mar/scan.html", errors=[], typed="")


@pages.post("/h/<home>/scan/typed", permit="mar.scan", writes=False)
def typed_code(who):
    """A typed short code opens the same card and is stored as typed. Wrong ones are throttled per session and home."""
    code = once("code")[:40]
    mine, homes = f"typed:session:{who.session_id}", f"typed:home:{who.home_id}"
    tried = notes.attempts(mine, TYPED_WINDOW), notes.attempts(homes, TYPED_WINDOW)
    if tried[0] >= WRONG_A_SESSION or tried[1] >= WRONG_A_HOME:
        words = "Too many codes that are not known. Wait ten minutes, scan the label, or find the person by name."
        return _typed_again(code, words, 429)
    label = residents.label_by_short_code(who.home_id, code)
    if label is None:
        notes.attempted(mine, TYPED_WINDOW)
        notes.attempted(homes, TYPED_WINDOW)
        notes.count(who.home_id, "scan.typed_wrong")
        return _typed_again(code, "That code is not known here. Check the letters on the label: there are seven.", 422)
    scanned = scanning.follow(who, label, "typed", session.row)
    return redirect(scanned.url, 303) if scanned.url else _typed_again(code, scanned.words, 422)


def _typed_again(code: str, words: str, status: int):
    return render_template("mar/scan.html", errors=[("code", words)], typed=code), status


@pages.post("/h/<home>/scan/not-ours", permit="mar.scan", writes=False)
def not_ours(who):
    """The phone read a code that is not one of ours; it is counted, its content never sent."""
    notes.count(who.home_id, "scan.not_ours")
    return "", 204


# ---------------------------------------------------------------- the stop


@pages.get("/h/<home>/stop/<int:scan_id>", permit="mar.scan", about=stops.stop_of)
def stop(who, about, scan_id):
    """Somebody else's code was scanned while a card stood open: the whole screen says so."""
    return render_template(
        "mar/stop.html",
        scan=about,
        scanned=residents.resident_card(who.home_id, about.resident_id),
        expected=residents.resident_card(who.home_id, about.open_resident),
        ready=session.row.card_ready if session.row.card_resident == about.open_resident else 0,
        waiting=scanning.outstanding(who, about.open_resident),
    )


@pages.post("/h/<home>/stop/<int:scan_id>/switch", permit="mar.scan", about=stops.stop_of)
def switch(who, about, scan_id):
    """Put the first person's medicines away and open the one who was scanned."""
    if residents.label_has_ended(about.label_id):
        return _answer(Scanned("revoked", scanning.REVOKED), who)
    row = actions.scan(
        by=who, resident_id=about.resident_id, label_id=about.label_id, how=about.how, after_stop=about.id
    )
    sessions.card_opened(session.row, row.resident_id)
    return redirect(f"/h/{who.home_slug}/residents/{row.resident_id}/card", 303)


@pages.post("/h/<home>/stop/<int:scan_id>/label-wrong", permit="mar.scan", about=stops.stop_of)
def label_wrong(who, about, scan_id):
    """Say that a label seems to be on the wrong person or door; those who look after labels are told."""
    stops.report_label(by=who, scan_id=scan_id)
    return redirect(telling(f"/h/{who.home_slug}/residents/{about.open_resident}/card", told=1), 303)
