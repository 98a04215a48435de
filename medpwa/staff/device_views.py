"""Pages of phones and wall boards: the managers' list, the code that enrols one, and the phone's own confirmation."""

from __future__ import annotations

import secrets

from flask import redirect, render_template, request, session

from medpwa import notes
from medpwa.errors import Invalid, Refused
from medpwa.pages import once, telling, told
from medpwa.qr import inline_svg
from medpwa.staff import device_actions, devices, phone, rules, signin
from medpwa.staff.forms import Typed, ask
from medpwa.staff.views import pages
from medpwa.staff.vocabulary import DEVICE_KINDS, LONGEST_DEVICE_NAME

TRIES_ADDRESS = 20  # wrong enrolling codes from one address in 15 minutes


# ---------------------------------------------------------------- at the desk


@pages.get("/h/<home>/devices", permit="device.see")
def device_list(who):
    """The home's phones and boards, and who is signed in where."""
    return _list(who, Typed(kind="phone"))


def _list(who, form: Typed):
    kinds = [(kind, words, why) for kind, (words, why) in DEVICE_KINDS.items()]
    shown = dict(form=form, kinds=kinds, longest=LONGEST_DEVICE_NAME, lost=told("lost"))
    return render_template("staff/devices.html", page=devices.devices_page(who), **shown)


@pages.post("/h/<home>/devices", permit="device.invite")
def invite(who):
    """Show a code that enrols one phone or board: once, within ten minutes."""
    ask(device_actions.invite, who)
    form, code = Typed(), "".join(secrets.choice(rules.CODE_LETTERS) for _ in range(rules.CODE_LENGTH))
    name, kind = form.text("name", longest=200), form.text("kind")
    try:
        made = device_actions.invite(by=who, name=name, kind=kind, code_hash=devices.hashed(code))
    except Invalid as fault:
        form.errors = fault.errors
        return _list(who, form), 422
    address = phone.public_address(f"/enrol/{code}")
    picture = inline_svg(address, f"Code that enrols {name}")
    shown = dict(name=name, kind=kind, code=rules.code_words(code), address=address, picture=picture)
    return render_template("staff/device_code.html", **shown, **_state(who, made))


@pages.get("/h/<home>/devices/codes/<int:code_id>", permit="device.see", about=devices.code_of, poll=True)
def code_state(who, about, code_id):
    """Whether the code was used, for the page that shows it."""
    return render_template("staff/_code_state.html", **_state(who, about))


def _state(who, code) -> dict[str, object]:
    tone, words = devices.enrolled_words(code, who)
    url = f"/h/{who.home_slug}/devices/codes/{code.id}"
    return {"tone": tone, "words": words, "waiting": tone == "coming", "state_url": url}


@pages.post("/h/<home>/devices/<int:device_id>/lost", permit="device.lose", about=devices.device_of)
def lose(who, about, device_id):
    """Mark a phone or board as lost: it is refused from its next request on."""
    once("csrf_token")
    device_actions.lose(by=who, device_id=device_id)
    return redirect(telling(f"/h/{who.home_slug}/devices", lost=about.name), 303)


# ---------------------------------------------------------------- on the phone itself


@pages.get("/enrol", permit="open")
def enrol_typed(who):
    """Where a code is typed that could not be scanned."""
    return _code_form()


def _code_form(errors=(), typed: str = ""):
    return render_template("staff/enrol.html", errors=list(errors), typed=typed[:40])


@pages.get("/enrol/<code>", permit="open")
def enrol_page(who, code):
    """What this browser would become. Opening the address uses nothing up; one that opens nothing is not there."""
    return _confirm(code, unknown=404)


@pages.post("/enrol", permit="open", writes=False)
def enrol_by_code(who):
    """A typed code: what this browser would become."""
    return _confirm(once("code"))


def _confirm(typed: str, unknown: int = 422):
    try:
        code = _read(typed)
    except Invalid as fault:
        return _code_form(fault.errors, typed), unknown
    except Refused as no:
        return _code_form([("code", no.words)], typed), no.status
    plain, before = rules.plain_code(typed), phone.here()
    kind = DEVICE_KINDS[code.kind][0].lower()
    shown = dict(name=code.name, kind=kind, home=code.home.name, code=plain, before=before)
    return render_template("staff/enrol_confirm.html", **shown, board=code.kind == "board", signed_in=_somebody())


def _somebody() -> bool:
    return session.person_id is not None


def _read(typed: str):
    """The code that was typed. Wrong ones are counted by address; old, used and unknown ones are worded alike."""
    address = f"enrol:{request.remote_addr}"
    if notes.attempted(address, signin.WINDOW) > TRIES_ADDRESS:  # counted first: many at once do not slip through
        raise Refused("throttled", "Too many codes that are not known. Wait 15 minutes and ask for a new one.", 429)
    found = devices.open_code(typed[:100])
    if found is None:
        raise Invalid([("code", device_actions.CODE_UNKNOWN)])
    notes.take_back(address)
    return found


@pages.post("/enrol/confirm", permit="open", writes=False)
def enrol(who):
    """Make this browser the home's phone or board. Whoever was signed in here signs in anew."""
    typed = once("code")
    try:
        known, token = phone.enrol(_read(typed))
    except Invalid as fault:
        return _code_form(fault.errors, typed), 422
    except Refused as no:
        return _code_form([("code", no.words)], typed), no.status
    if session.row is not None:
        signin.sign_out()
    answer = redirect(phone.wall_url(known) if known.kind == "board" else "/sign-in", 303)
    phone.keep(answer, token)
    return answer
