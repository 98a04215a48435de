"""Pages of signing in and out and of one's own password. The pages of the team are in team_views and duty_views,
imported below so that they register."""

from __future__ import annotations

from flask import Response, current_app, redirect, render_template, request, session

from medpwa.errors import Invalid, NotFound, NotPermitted, Refused
from medpwa.pages import Pages, is_fragment, once, telling
from medpwa.staff import actions, device_actions, devices, lock, phone, pins, queries, signin
from medpwa.staff.models import Person

pages = Pages("staff", __name__)

# What stays open to somebody who has yet to choose their own password.
_OPEN_BEFORE = frozenset(
    {"staff.password_page", "staff.change_password", "staff.sign_out", "staff.sign_in", "staff.sign_in_page"}
    | {"desk.healthz", "desk.manifest", "desk.service_worker", "desk.offline"}
    | {"staff.lock_now", "staff.unlock", "staff.switch", "staff.here"}
)


@pages.before_app_request
def hold() -> Response | None:
    """A locked session and a wall board go no further than they may, whatever they ask for."""
    return lock.hold()


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
    on = phone.phone_here()
    tiles = devices.name_tiles(on) if on is not None and request.args.get("with") != "password" else []
    if tiles and not ended:
        return render_template("staff/who.html", tiles=tiles, phone=on, waiting=_waiting())
    return _door(waiting=_waiting(), ended=ended)


@pages.get("/sign-in/<int:person_id>", permit="open")
def sign_in_as(who, person_id):
    """One name of this phone: their PIN, or their password where only that helps."""
    return _pad(_tile(person_id))


def _tile(person_id: int):
    """Somebody whose name stands on this phone; anybody else is not here."""
    on = phone.phone_here()
    tile = devices.name_tile(on, person_id) if on is not None and devices.on_phone(on, person_id) else None
    if tile is None:
        raise NotFound()
    return tile


def _pad(tile, *, problem: str = "", password: bool = False):
    password = password or pins.asks_password(phone.phone_here(), tile.person_id)
    forgot = request.values.get("forgot") == "1"
    why = pins.why_password(phone.phone_here(), tile.person_id) if password else ""
    shown = dict(
        tile=tile, why_password=why, problem=problem, password=password or forgot, forgot=forgot, waiting=_waiting()
    )
    return render_template("staff/sign_in_as.html", **shown)


@pages.post("/sign-in/<int:person_id>", permit="open", writes=False)
def sign_in_by_pin(who, person_id):
    """Prove one's PIN on a phone of the home, or one's password in its place, and begin a session."""
    tile = _tile(person_id)
    pin, on = pins.typed_pin(), phone.phone_here()
    person = queries.person_facts(person_id)
    try:
        if pin:
            pins.check(on, person_id, pin)
        else:
            signin.check(person.username, signin.typed_password())
    except Invalid as fault:
        return _pad(tile, problem=fault.errors[0][1]), 422
    except Refused as no:
        words = "That is not your password. Check it and try again." if no.code == "wrong" else no.words
        return _pad(tile, problem=words, password=True), no.status
    return _begin(queries.person_row(person_id), by_pin=bool(pin))


@pages.post("/sign-in", permit="open", writes=False)
def sign_in(who):
    """Prove who it is and begin a session."""
    username, password = once("username")[:200], signin.typed_password()
    try:
        person = signin.check(username, password)
    except Refused as no:
        return _door(username=username, errors=[("username", no.words)], waiting=_waiting()), no.status
    return _begin(person)


def _begin(person: Person, *, by_pin: bool = False):
    """Begin a session for somebody who proved who they are, and lead them on."""
    try:
        begun = signin.sign_in(person, by_pin=by_pin)
    except Refused as no:
        return _door(errors=[(None, no.words)]), no.status
    if not begun:
        words = "Your access here has ended. Ask a manager if that is a mistake."
        return _door(username=person.username, errors=[(None, words)]), 403
    if not by_pin and once("forgot") == "1":
        device_actions.clear_pin(by=queries.actor(person.id, None, session.row_id))
        session["pin"] = False
    answer = redirect("/password" if session.get("must_change") else landing(), 303)
    answer.delete_cookie(lock.COOKIE, path="/", secure=True, httponly=True, samesite="Lax")
    if not by_pin:
        signin.mark_browser(answer, person.username)
    return answer


def landing(*, pin_offered: bool = False) -> str:
    """Where somebody goes on after signing in: to choose a PIN on a phone where they have none, to the card they
    scanned, else to the home of the phone, else to their own."""
    on = phone.session_phone()
    if on is not None and session.get("role_here") and not session.get("pin") and not pin_offered:
        return "/pin"
    if _waiting():
        return "/scan/waiting"
    return f"/h/{on.home_slug}/" if on is not None and queries.roles_of(session.person_id, on.home_id) else "/"


def _waiting() -> bool:
    return bool(session.get("waiting_label"))


def _door(*, username: str = "", errors=(), waiting: bool = False, ended: bool = False):
    demo = current_app.config["SETTINGS"].mode == "demo"
    return render_template(
        "staff/sign_in.html",
        errors=list(errors),
        username=username,
        waiting=waiting,
        ended=ended,
        demo=demo,
        phone=phone.phone_here(),
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
    first = session.pop("must_change", None)
    return redirect(landing() if first or _waiting() else telling("/me", changed="password"), 303)


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


from medpwa.staff import device_views, duty_import_views, duty_views, lock_views, pin_views, team_views  # noqa: E402, F401
