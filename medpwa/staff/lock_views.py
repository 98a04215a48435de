"""Pages of the lock: locking, going on, a form that waited, and handing a phone to somebody else."""

from __future__ import annotations

import json

from flask import Response, redirect, render_template, request, session

from medpwa.errors import Invalid, Locked, Refused
from medpwa.pages import once
from medpwa.staff import device_actions, lock, phone, queries
from medpwa.staff.views import pages


@pages.record_once
def _know_boards(state) -> None:
    state.app.extensions["steady.board"] = phone.board_here
    state.app.extensions["steady.wall"] = phone.wall_here


@pages.app_context_processor
def _layouts() -> dict[str, object]:
    return {"lock": lock.for_layouts()}


@pages.after_app_request
def _let_go(answer: Response) -> Response:
    return lock.sent_again(answer)


@pages.app_errorhandler(Locked)
def locked_meanwhile(fault: Locked) -> Response:
    """The session locked while its request was under way: nothing was written."""
    return lock.answer()


@pages.post("/lock", permit="session.lock")
def lock_now(who):
    """Lock this screen now; the same page comes back after the PIN."""
    lock.lock_now(once("how", "tapped"))
    if lock.wants_json():
        made = Response(status=204)
        made.set_cookie(lock.COOKIE, "1", path="/", secure=True, httponly=True, samesite="Lax")
        return made
    return redirect(lock.page_before(), 303)


@pages.post("/here", permit="self", writes=False)
def here(who):
    """Somebody typed or tapped on the page: the session is in use. Only a person's own touch is told, never a poll."""
    return "", 204


@pages.post("/unlock", permit="open", writes=False)
def unlock(who):
    """Go on with the same session by one's PIN or password."""
    if session.person_id is None:
        return _over()
    if not session.locked:
        return _gone_on()
    try:
        lock.open_again(lock.prove())
    except Invalid as fault:
        return lock.answer(fault.errors[0][1], 422)
    except Refused as no:
        return _over() if no.status == 401 else lock.answer(no.words, no.status)
    return _gone_on()


def _over():
    if lock.wants_json():
        words = "You were signed out meanwhile. Sign in again; what you typed here is still on this page until then."
        body = json.dumps({"kind": "signed_out", "url": "/sign-in", "words": words})
        return Response(body, 401, mimetype="application/json")
    return redirect("/sign-in", 303)


def _gone_on() -> Response:
    """The same page again; a form that met the lock, or a scanned code, comes first."""
    if lock.wants_json():
        made = Response(json.dumps({"kind": "open", "url": None, "words": ""}), mimetype="application/json")
    else:
        target = "/unsent" if session.get("held") else lock.plain_path(request.form.get("back", ""))
        made = redirect("/scan/waiting" if session.get("waiting_label") else target, 303)
    made.delete_cookie(lock.COOKIE, path="/", secure=True, httponly=True, samesite="Lax")
    return made


# ---------------------------------------------------------------- a form that waited

# Numbers and signed texts a page carries for itself: nothing a person typed.
_OWN = frozenset({"entry_id", "dose", "version", "ready", "keep", "outcome", "back", "start"})


@pages.get("/unsent", permit="self")
def unsent(who):
    """A form that met the lock: it was not recorded, and is sent again only by a tap."""
    held = session.get("held")
    if not held:
        return redirect("/", 303)
    shown = [
        {"label": name.replace("_", " ").capitalize(), "value": value}
        for name, value in held["fields"]
        if name not in _OWN and value
    ]
    return render_template("staff/unsent.html", held=held, shown=shown)


@pages.post("/unsent/drop", permit="self", writes=False)
def drop_unsent(who):
    """Let the form go."""
    session.pop("held", None)
    return redirect("/", 303)


# ---------------------------------------------------------------- handing the phone on


def _switch_json(said: dict[str, object]) -> Response:
    return Response(json.dumps(said), mimetype="application/json")


@pages.post("/switch", permit="open", writes=False)
def switch(who):
    """Hand the phone to somebody else: this session ends. What would be lost is named first."""
    if session.person_id is None:
        return redirect("/sign-in", 303)
    lost = lock.at_stake()
    if lost and once("sure") != "yes":
        facts = queries.person_facts(session.person_id)
        if lock.wants_json():  # asked on the page itself, which keeps what stands on it
            words = f"Switching now loses what {facts.given_name} has not recorded"
            return _switch_json({"kind": "asks", "url": None, "words": words, "lost": lost, "name": facts.given_name})
        return render_template("staff/switch.html", lost=lost, name=facts.given_name, locked=session.locked)
    row = session.row
    device_actions.switch(by=device_actions.holder(row), session_id=row.id, person_id=row.person_id)
    session.drop()
    gone = {"kind": "switched", "url": "/sign-in", "words": ""}
    made = _switch_json(gone) if lock.wants_json() else redirect("/sign-in", 303)
    made.delete_cookie(lock.COOKIE, path="/", secure=True, httponly=True, samesite="Lax")
    return made
