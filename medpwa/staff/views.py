"""Pages of signing in and out and of one's own password. The pages of the team are in team_views and duty_views,
imported below so that they register."""

from __future__ import annotations

from flask import current_app, redirect, render_template, request, session

from medpwa.errors import Invalid, NotPermitted, Refused
from medpwa.pages import Pages, is_fragment, once, telling
from medpwa.staff import actions, queries, signin

pages = Pages("staff", __name__)

# What stays open to somebody who has yet to choose their own password.
_OPEN_BEFORE = frozenset(
    {"staff.password_page", "staff.change_password", "staff.sign_out", "staff.sign_in", "staff.sign_in_page"}
    | {"desk.healthz", "desk.manifest", "desk.service_worker", "desk.offline"}
)


@pages.before_app_request
def lead_to_password():
    """While a password set by a manager has not been replaced, every page leads to the one that replaces it. The mark
    is in the session, made at sign-in: a new first password ends every session, so none is older than it."""
    if not session.get("must_change") or request.endpoint in _OPEN_BEFORE or request.endpoint is None:
        return None
    if request.method == "GET" and not is_fragment():
        return redirect("/password", 303)
    raise NotPermitted("Choose your own password first. Nothing was changed. The page for it is /password.")


# ---------------------------------------------------------------- the door


@pages.get("/sign-in", permit="open")
def sign_in_page(who):
    """The door. Somebody signed in already goes on to their home; who has no role any more can sign in as another."""
    if session.person_id is not None and queries.homes_of(session.person_id):
        return redirect("/")
    ended = session.person_id is not None
    return _door(waiting=bool(session.get("waiting_label")), ended=ended)


@pages.post("/sign-in", permit="open", writes=False)
def sign_in(who):
    """Prove who it is and begin a session."""
    username, password = once("username")[:200], signin.typed_password()
    try:
        person = signin.check(username, password)
    except Refused as no:
        return _door(username=username, errors=[("username", no.words)], waiting=_waiting()), no.status
    waiting = _waiting()
    if not signin.sign_in(person):
        words = "Your access here has ended. Ask a manager if that is a mistake."
        return _door(username=username, errors=[(None, words)]), 403
    target = "/scan/waiting" if waiting else "/"
    answer = redirect("/password" if session.get("must_change") else target, 303)
    signin.mark_browser(answer, person.username)
    return answer


def _waiting() -> bool:
    return bool(session.get("waiting_label"))


def _door(*, username: str = "", errors=(), waiting: bool = False, ended: bool = False):
    demo = current_app.config["SETTINGS"].mode == "demo"
    return render_template(
        "staff/sign_in.html", errors=list(errors), username=username, waiting=waiting, ended=ended, demo=demo
    )


@pages.post("/sign-out", permit="open", writes=False)
def sign_out(who):
    """End this session here and now. The browser lets go of what it kept for a while: residents' photos."""
    signin.sign_out()
    answer = redirect("/sign-in", 303)
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


# ---------------------------------------------------------------- one's own password


@pages.get("/password", permit="self")
def password_page(who):
    """Choose a new password; asked for at once after a manager set one."""
    return _password_page()


@pages.post("/password", permit="staff.change_own_password")
def change_password(who):
    """Replace one's own password. The present one is asked for, unless it was proven a moment ago at sign-in."""
    chosen, again = signin.typed_password("new_password"), signin.typed_password("again")
    try:
        _check_new(who, chosen, again)
    except Invalid as fault:
        return _password_page(fault.errors), 422
    except Refused as no:
        return _password_page([("present", no.words)]), no.status
    actions.change_own_password(by=who, password_hash=signin.hash_password(chosen))
    waiting = session.get("waiting_label")
    first = session.pop("must_change", None)
    return redirect("/scan/waiting" if waiting else "/" if first else telling("/me", changed="password"), 303)


def _check_new(who, chosen: str, again: str) -> None:
    present = signin.typed_password("present")
    if not session.get("must_change"):
        signin.check_own_password(who.person_id, present, field="present")
    facts = queries.person_facts(who.person_id)
    about = (facts.given_name, facts.family_name, facts.username, who.home_name)
    signin.refuse_weak(chosen, about=about, field="new_password")
    if chosen != again:
        raise Invalid([("again", "The two are not the same. Type the new password again in both fields.")])
    if chosen == present or (session.get("must_change") and signin.is_own_password(who.person_id, chosen)):
        raise Invalid([("new_password", "That is the password you have now. Choose another.")])


def _password_page(errors=()):
    forced = bool(session.get("must_change"))
    return render_template("staff/password.html", forced=forced, errors=list(errors))


from medpwa.staff import duty_views, team_views  # noqa: E402, F401
