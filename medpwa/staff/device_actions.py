"""The verbs of phones and boards, of PINs and sign-in links, and of locking a session."""

from __future__ import annotations

from medpwa import clock
from medpwa.action import Done, action
from medpwa.errors import Invalid, NotFound, Refused
from medpwa.ledger import line
from medpwa.permits import Actor
from medpwa.staff import deeds, device_deeds, devices, queries, rules, sessions
from medpwa.staff.device_models import Device, DeviceCode, SignInLink
from medpwa.staff.models import Session
from medpwa.staff.queries import Colleague
from medpwa.staff.vocabulary import DEVICE_KINDS, LONGEST_DEVICE_NAME


@action("device.invite")
def invite(*, by: Actor, name: str, kind: str, code_hash: str) -> Done:
    """A manager shows a code that enrols one phone or board within ten minutes."""
    if kind not in DEVICE_KINDS:
        raise Invalid([("kind", "Choose what it is: a phone or a wall board. Nothing was made.")])
    if not 0 < len(name) <= LONGEST_DEVICE_NAME:
        raise Invalid([("name", f"Give it a name of at most {LONGEST_DEVICE_NAME} letters, e.g. “Ground floor 1”.")])
    there = Device.select().where((Device.home == by.home_id) & Device.lost_at.is_null())
    if any(d.name.casefold() == name.casefold() for d in there):
        raise Invalid([("name", f"There is one called {name} already. Give this one another name.")])
    row, said = device_deeds.invite(by, name=name, kind=kind, code_hash=code_hash)
    return Done(row, [said])


@action("device.enrol")
def enrol(*, by: Actor, code_id: int, token_hash: str, user_agent: str, instead_of: int | None = None) -> Done:
    """A browser becomes the phone or board its code was made for: once, within ten minutes. What the same browser was
    before in this home is over by it."""
    code = DeviceCode.get_or_none((DeviceCode.id == code_id) & (DeviceCode.home == by.home_id))
    if code is None or not rules.code_holds(code.made_at, code.used_at, clock.now()):
        raise Refused("code_over", CODE_UNKNOWN, 422)
    row, said = device_deeds.enrol(code, token_hash=token_hash, user_agent=user_agent)
    before = Device.get_or_none(
        (Device.id == (instead_of or 0)) & (Device.home == by.home_id) & Device.lost_at.is_null()
    )
    over = [device_deeds.replace(by, before.id)] if before is not None else []
    return Done(row, [said, *over])


CODE_UNKNOWN = "That code is not known, was used already, or is older than ten minutes. Ask for a new one."


@action("device.replace")
def replace(*, by: Actor, device_id: int) -> Done:
    """A phone or board of this home was enrolled in another one: it is this home's no more."""
    row = devices.device_of(by, device_id)
    if row.lost_at is not None:
        return Done(row, replay=True)
    return Done(row, [device_deeds.replace(by, device_id)])


@action("device.lose", about=devices.device_of)
def lose(*, by: Actor, about: Device, device_id: int) -> Done:
    """A phone or board is lost: it is refused from its next request on, and every session on it ends."""
    if about.lost_at is not None:
        return Done(about, replay=True)
    return Done(about, [device_deeds.lose(by, device_id)])


# ---------------------------------------------------------------- PINs and links


@action("pin.set")
def set_pin(*, by: Actor, pin_hash: str) -> Done:
    """Choose or change one's own PIN."""
    return Done(None, [device_deeds.set_pin(by, pin_hash)])


@action("pin.clear")
def clear_pin(*, by: Actor) -> Done:
    """One's PIN was forgotten: it stops working on every phone."""
    if not device_deeds.clear_pin(by.person_id):
        return Done(None, replay=True)
    return Done(None, [line("pin.clear", deeds.subject(by.person_id))])


@action("pin.tried")
def tell_of_wrong_pins(*, by: Actor, person_id: int, device_id: int) -> Done:
    """Five wrong PINs were typed for somebody on a phone: it is written down, once a run of five."""
    return Done(None, [line("pin.tried", deeds.subject(person_id), device=device_id)])


@action("staff.show_link", about=queries.colleague_of)
def show_link(*, by: Actor, about: Colleague, person_id: int, token_hash: str) -> Done:
    """A manager shows somebody a link that lets them choose a new password, once, within ten minutes."""
    if not about.roles:
        raise Invalid([(None, f"{about.name} has no access here any more, so there is nothing to sign in to.")])
    row, said = device_deeds.show_link(by, person_id, token_hash)
    return Done(row, [said])


@action("staff.use_link")
def use_link(*, by: Actor, link_id: int, password_hash: str) -> Done:
    """Somebody chose a new password by their link: their PIN is cleared on all phones and all their sessions end."""
    link = SignInLink.get_or_none((SignInLink.id == link_id) & (SignInLink.person == by.person_id))
    if link is None or not rules.code_holds(link.made_at, link.used_at, clock.now()) or not devices.still_shown(link):
        raise Refused("link_over", LINK_OVER, 422)
    device_deeds.use_link(link.id)
    device_deeds.clear_pin(by.person_id)
    said = deeds.set_password(by, by.person_id, password_hash, must_change=False, verb="staff.use_link")
    return Done(None, [said])


LINK_OVER = "This link was used already or is older than ten minutes. Ask a manager to show a new one."


# ---------------------------------------------------------------- locks and change of person


def holder(session_row: Session) -> Actor:
    """Whose act it is when a session locks, unlocks or ends: its person's, or the product's where they hold no role any
    more. The session itself is not asked, because it is what changes."""
    slug = None
    if session_row.device is not None:
        slug = Device.get_by_id(session_row.device).home.slug
    person_id = session_row.person_id
    found = (slug and queries.actor(person_id, slug)) or queries.actor(person_id, None)
    return found or queries.system(queries.last_home_of(person_id))


@action("session.lock")
def lock_session(*, by: Actor, session_id: int, person_id: int, how: str) -> Done:
    """A session locks: nobody used it for its time (`idle`), or its person said so (`tapped`)."""
    if by.kind != "system" and by.person_id != person_id:
        raise NotFound()
    if not device_deeds.lock(person_id, session_id):
        return Done(None, replay=True)
    return Done(None, [device_deeds.said_of("session.lock", person_id, session_id, how=how)])


@action("session.unlock")
def unlock_session(*, by: Actor, session_id: int, how: str, device_id: int | None = None) -> Done:
    """The same person goes on with the same session, after their PIN or password. One that is over stays over."""
    row = Session.get_or_none((Session.id == session_id) & (Session.person == by.person_id))
    if not sessions.live(row) or not device_deeds.unlock(by.person_id, session_id):
        raise Refused("session_over", "You were signed out meanwhile. Sign in again.", 401)
    if device_id is not None and how == "password":
        device_deeds.know(device_id, by.person_id)
    elif device_id is not None:
        device_deeds.used(device_id, by.person_id)
    return Done(None, [device_deeds.said_of("session.unlock", by.person_id, session_id, how=how)])


@action("session.switch")
def switch(*, by: Actor, session_id: int, person_id: int) -> Done:
    """A phone changes hands: its person's session there is over."""
    if by.kind != "system" and by.person_id != person_id:
        raise NotFound()
    if not deeds.end_sessions(person_id, only=session_id):
        return Done(None, replay=True)
    return Done(None, [device_deeds.said_of("session.switch", person_id, session_id)])
