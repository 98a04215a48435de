"""Pages of signing in and out. The pages of the team are in team_views, imported below so that they register."""

from __future__ import annotations

from flask import redirect, render_template, request, session

from medpwa.errors import Refused
from medpwa.pages import Pages, once
from medpwa.staff import signin

pages = Pages("staff", __name__)


@pages.get("/sign-in", permit="open")
def sign_in_page(who):
    """The door. Somebody signed in already goes on to their home."""
    if session.person_id is not None:
        return redirect("/")
    return render_template("staff/sign_in.html", errors=[], username="", waiting=bool(session.get("waiting_label")))


@pages.post("/sign-in", permit="open", writes=False)
def sign_in(who):
    """Prove who it is and begin a session."""
    username, password = once("username"), request.form.get("password", "")
    try:
        person = signin.check(username, password)
    except Refused as no:
        return _again(username, no.words, no.status)
    waiting = session.get("waiting_label")
    if not signin.sign_in(person):
        return _again(username, "Your access here has ended. Ask a manager if that is a mistake.", 403)
    target = "/scan/waiting" if waiting else "/"
    answer = redirect("/password" if signin.must_change(person.id) else target, 303)
    signin.mark_browser(answer, person.username)
    return answer


def _again(username: str, words: str, status: int):
    errors = [("username", words)]
    return render_template("staff/sign_in.html", errors=errors, username=username, waiting=False), status


@pages.post("/sign-out", permit="open", writes=False)
def sign_out(who):
    """End this session here and now."""
    signin.sign_out()
    return redirect("/sign-in", 303)
