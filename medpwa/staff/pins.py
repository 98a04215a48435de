"""Proving a PIN on a phone: five tries for a person there, then their password. Why: docs/decisions/phones.md."""

from __future__ import annotations

from flask import request

from medpwa import notes
from medpwa.errors import BadRequest, Invalid, Refused
from medpwa.staff import device_actions, devices, queries, rules, sessions, signin
from medpwa.staff.device_models import Pin
from medpwa.staff.devices import Known

TRIES_PHONE = 30  # wrong PINs on a phone in 15 minutes, whosever
WRONG = "That PIN is not right."
USE_PASSWORD = (
    "Five wrong PINs were typed for you on this phone. Sign in with your password; then your PIN works again."
)
PHONE_TIRED = "Many wrong PINs were typed on this phone. Sign in with your password, or wait 15 minutes."


def typed_pin(name: str = "pin") -> str:
    """A PIN field as typed, its spaces taken out; it may come once, and it never reaches a log."""
    values = request.form.getlist(name)
    if len(values) > 1:
        raise BadRequest("The form sent a PIN more than once. Nothing was changed. Open the page again.")
    return "".join(values[0][:40].split()) if values else ""


def asks_password(phone: Known | None, person_id: int) -> bool:
    """Whether only the password helps somebody here: no phone of the home, no role at it, no PIN, or five
    wrong ones."""
    if phone is None or not queries.roles_of(person_id, phone.home_id):
        return True
    known = devices.on_phone(phone, person_id)
    return known is None or known.wrong >= rules.PIN_TRIES or not devices.has_pin(person_id)


def why_password(phone: Known, person_id: int) -> str:
    """Why somebody's name on a phone asks for their password and not for a PIN, in words for them."""
    known = devices.on_phone(phone, person_id)
    if not devices.has_pin(person_id):
        return "You have no PIN now. Type your password; then you can choose one."
    if known is not None and known.wrong >= rules.PIN_TRIES:
        return "Five wrong PINs were typed for you here. Your password opens it, and your PIN works again."
    return ""


def check(phone: Known, person_id: int, pin: str) -> None:
    """Raise Invalid for a wrong PIN and Refused where only the password helps. The try is counted before it is checked,
    so that many at once do not slip through; somebody this phone does not know is answered as slowly, in the same
    words."""
    everybodys = f"pin:device:{phone.id}"
    if notes.attempted(everybodys, signin.WINDOW) > TRIES_PHONE:
        raise Refused("use_password", PHONE_TIRED, 429)
    known = devices.on_phone(phone, person_id)
    tried = sessions.count_pin(known.id) if known is not None else 1
    if tried == 0:
        raise Refused("use_password", USE_PASSWORD, 429)
    stored = Pin.get_or_none(Pin.person == person_id) if known is not None else None
    right = signin.verify_or_nobody(stored.hash if stored else None, pin)
    if right and queries.roles_of(person_id, phone.home_id):
        return notes.take_back(everybodys)
    if tried == rules.PIN_TRIES:
        by = queries.system(queries.home_by_slug(phone.home_slug))
        device_actions.tell_of_wrong_pins(by=by, person_id=person_id, device_id=phone.id)
    raise Invalid([("pin", _wrong_words(tried))])


def _wrong_words(tried: int) -> str:
    left = rules.PIN_TRIES - tried
    if left <= 0:
        return f"{WRONG} {USE_PASSWORD}"
    return f"{WRONG} {left} {'try' if left == 1 else 'tries'} left on this phone."


def refuse_weak(person_id: int, pin: str, again: str) -> None:
    """Raise Invalid for a PIN others would try first, for the one in use, or for two that differ."""
    if not rules.is_pin(pin):
        raise Invalid([("new_pin", "A PIN is six digits. Nothing was changed.")])
    if rules.easy_pin(pin):
        words = (
            "That PIN is easy to guess: runs, repeats and dates are tried first. Choose six digits without a pattern."
        )
        raise Invalid([("new_pin", words)])
    if pin != again:
        raise Invalid([("again", "The two are not the same. Type the new PIN again in both fields.")])
    stored = Pin.get_or_none(Pin.person == person_id)
    if stored is not None and signin.verify_or_nobody(stored.hash, pin):
        raise Invalid([("new_pin", "That is the PIN you have now. Choose another.")])
