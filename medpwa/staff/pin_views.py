"""Pages of choosing a PIN, and of the link a manager shows to somebody who knows neither PIN nor password."""

from __future__ import annotations

import secrets

from flask import g, redirect, render_template, session

from medpwa.errors import Invalid, NotFound, Refused
from medpwa.pages import once
from medpwa.qr import inline_svg
from medpwa.staff import device_actions, devices, forms, phone, pins, queries, signin, team
from medpwa.staff.views import landing, pages

NO_PHONE = "A PIN is chosen on a phone of the home. Sign in there with your password and open this page again."


# ---------------------------------------------------------------- one's own PIN


@pages.get("/pin", permit="self")
def pin_page(who):
    """Choose a PIN; offered right after the first password sign-in on a phone."""
    return _pin_page(who)


def _pin_page(who, errors=()):
    on = phone.session_phone()
    chosen = devices.has_pin(who.person_id)
    shown = dict(on=on, chosen=chosen, proven=signin.proven_lately(), errors=list(errors), no_phone=NO_PHONE)
    return render_template("staff/pin.html", **shown, later=landing(pin_offered=True))


@pages.post("/pin", permit="pin.set")
def set_pin(who):
    """Keep one's PIN. Without a password typed in the last ten minutes it is asked for."""
    forms.ask(device_actions.set_pin, who)
    if phone.session_phone() is None:
        raise Refused("no_phone", NO_PHONE)
    chosen, again = pins.typed_pin("new_pin"), pins.typed_pin("again")
    try:
        if not signin.proven_lately():
            signin.check_own_password(who.person_id, signin.typed_password("present"), field="present")
        pins.refuse_weak(who.person_id, chosen, again)
    except Invalid as fault:
        return _pin_page(who, fault.errors), 422
    except Refused as no:
        return _pin_page(who, [("present", no.words)]), no.status
    device_actions.set_pin(by=who, pin_hash=signin.hash_password(chosen))
    session["pin"], session["proven"] = True, 0
    return redirect(landing(), 303)


# ---------------------------------------------------------------- a link for somebody who forgot everything


@pages.post("/h/<home>/staff/<int:person_id>/link", permit="staff.show_link", about=queries.colleague_of)
def show_link(who, about, person_id):
    """Show a colleague a code that lets them choose a new password on their phone, once, within ten minutes."""
    g.subject = f"person:{person_id}"
    once("csrf_token")
    token = secrets.token_urlsafe(24)
    device_actions.show_link(by=who, person_id=person_id, token_hash=devices.hashed(token))
    address = phone.public_address(f"/sign-in/link/{token}")
    words = f"Code for {about.name} to choose a new password"
    back = team.person_url(who, person_id)
    shown = dict(name=about.name, address=address, picture=inline_svg(address, words), back=back)
    return render_template("staff/link.html", **shown)


@pages.get("/sign-in/link/<link>", permit="open")
def link_page(who, link):
    """The link's own page: choose a new password. Opening it uses nothing up."""
    return _link_page(link)


def _link_page(link: str, errors=()):
    found = devices.open_link(link[:100])
    if found is None:
        raise NotFound()
    facts = queries.person_facts(found.person_id)
    on = phone.phone_here()
    return render_template("staff/link_open.html", name=facts.name, username=facts.username, errors=errors, on=on)


@pages.post("/sign-in/link/<link>", permit="open", writes=False)
def use_link(who, link):
    """Choose a new password by the link; on a phone of the home a new PIN follows."""
    found = devices.open_link(link[:100])
    if found is None:
        raise NotFound()
    chosen, again = signin.typed_password("new_password"), signin.typed_password("again")
    facts, home = queries.person_facts(found.person_id), devices.home_name(found.home_id)
    try:
        about = (facts.given_name, facts.family_name, facts.username, home)
        signin.refuse_weak(chosen, about=about, field="new_password")
        if chosen != again:
            raise Invalid([("again", "The two are not the same. Type the new password again in both fields.")])
    except Invalid as fault:
        return _link_page(link, fault.errors), 422
    by = queries.actor(found.person_id, found.home.slug)
    device_actions.use_link(by=by, link_id=found.id, password_hash=signin.hash_password(chosen))
    signin.sign_in(queries.person_row(found.person_id))
    answer = redirect(landing(), 303)
    signin.mark_browser(answer, facts.username)
    return answer
