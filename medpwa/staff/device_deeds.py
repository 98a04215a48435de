"""The writers of phones, PINs, links and locks; they run inside an open transaction and return their ledger lines."""

from __future__ import annotations

from medpwa import clock
from medpwa.ledger import Pending, line
from medpwa.permits import Actor
from medpwa.staff import deeds
from medpwa.staff.device_models import Device, DeviceCode, DevicePerson, Pin, SignInLink
from medpwa.staff.models import Session


def subject(device_id: int) -> str:
    """Whose history a line about a phone or board joins."""
    return f"device:{device_id}"


def invite(by: Actor, *, name: str, kind: str, code_hash: str) -> tuple[DeviceCode, Pending]:
    """A code that enrols one phone or board."""
    values = dict(home=by.home_id, name=name, kind=kind, code_hash=code_hash)
    row = DeviceCode.create(made_at=clock.now(), made_by=by.person_id, **values)
    return row, line("device.invite", "home", code=row.id, kind=kind, name=name)


def enrol(code: DeviceCode, *, token_hash: str, user_agent: str) -> tuple[Device, Pending]:
    """A phone or board begins to belong to its home; its code is used."""
    at = clock.now()
    row = Device.create(
        home=code.home_id,
        name=code.name,
        kind=code.kind,
        token_hash=token_hash,
        user_agent=user_agent[:200],
        enrolled_at=at,
        invited_by=code.made_by,
    )
    DeviceCode.update(used_at=at, device=row.id).where(DeviceCode.id == code.id).execute()
    return row, line("device.enrol", subject(row.id), device=row.id, code=code.id, invited_by=code.made_by)


def lose(by: Actor, device_id: int) -> Pending:
    """A phone or board is refused from now on, and every session on it ends."""
    return line("device.lose", subject(device_id), device=device_id, sessions=_refuse(by, device_id))


def replace(by: Actor, device_id: int) -> Pending:
    """The browser that was this phone or board was enrolled anew: what it was is over."""
    return line("device.replace", subject(device_id), device=device_id, sessions=_refuse(by, device_id))


def _refuse(by: Actor, device_id: int) -> int:
    at = clock.now()
    Device.update(lost_at=at, lost_by=by.person_id).where(Device.id == device_id).execute()
    open_here = (Session.device == device_id) & Session.ended_at.is_null()
    return Session.update(ended_at=at, data={}).where(open_here).execute()


def know(device_id: int, person_id: int) -> None:
    """Somebody used their password on a phone: their name stands on it, and wrong PINs are forgotten."""
    at = clock.now()
    mine = (DevicePerson.device == device_id) & (DevicePerson.person == person_id)
    if not DevicePerson.update(password_at=at, last_used=at, wrong=0).where(mine).execute():
        DevicePerson.create(device=device_id, person=person_id, password_at=at, last_used=at)
    seen(device_id)


def used(device_id: int, person_id: int) -> None:
    """Somebody proved their PIN on a phone."""
    mine = (DevicePerson.device == device_id) & (DevicePerson.person == person_id)
    DevicePerson.update(last_used=clock.now(), wrong=0).where(mine).execute()
    seen(device_id)


def seen(device_id: int) -> None:
    """A phone or board was used just now."""
    Device.update(last_seen=clock.now()).where(Device.id == device_id).execute()


def forget_on_phones_of(home_id: int, person_id: int) -> None:
    """Somebody left a home: their name goes from its phones."""
    of_home = Device.select(Device.id).where(Device.home == home_id)
    gone = (DevicePerson.person == person_id) & DevicePerson.device.in_(of_home)
    DevicePerson.delete().where(gone).execute()


# ---------------------------------------------------------------- PINs


def set_pin(by: Actor, pin_hash: str) -> Pending:
    """Somebody's own PIN. A new one in place of an old one ends their sessions on other phones."""
    at = clock.now()
    replaced = Pin.update(hash=pin_hash, at=at).where(Pin.person == by.person_id).execute()
    if replaced:
        deeds.end_sessions(by.person_id, but=by.session_id, on_phones=True)
    else:
        Pin.create(person=by.person_id, hash=pin_hash, at=at)
    return line("pin.set", deeds.subject(by.person_id))


def clear_pin(person_id: int) -> bool:
    """Take somebody's PIN away on every phone. Returns whether there was one."""
    return bool(Pin.delete().where(Pin.person == person_id).execute())


# ---------------------------------------------------------------- links


def show_link(by: Actor, person_id: int, token_hash: str) -> tuple[SignInLink, Pending]:
    """A one-use link for somebody; any earlier one of theirs stops working."""
    at = clock.now()
    deeds.end_links(person_id)
    values = dict(home=by.home_id, person=person_id, token_hash=token_hash, made_at=at, made_by=by.person_id)
    row = SignInLink.create(**values)
    return row, line("staff.show_link", deeds.subject(person_id), link=row.id)


def use_link(link_id: int) -> None:
    """A link was used."""
    SignInLink.update(used_at=clock.now()).where(SignInLink.id == link_id).execute()


# ---------------------------------------------------------------- locks


def said_of(verb: str, person_id: int, session_id: int, **about: str) -> Pending:
    """A line about a session, and which phone it is on."""
    row = Session.get_by_id(session_id)
    where = {"device": row.device} if row.device is not None else {}
    return line(verb, deeds.subject(person_id), session=session_id, **where, **about)


def lock(person_id: int, session_id: int) -> bool:
    """Lock a session; False when it is locked or over already."""
    mine = (Session.id == session_id) & (Session.person == person_id)
    open_now = mine & Session.ended_at.is_null() & Session.locked_at.is_null()
    return bool(Session.update(locked_at=clock.now()).where(open_now).execute())


def unlock(person_id: int, session_id: int) -> bool:
    """Let a session go on; False when it is over."""
    mine = (Session.id == session_id) & (Session.person == person_id) & Session.ended_at.is_null()
    return bool(Session.update(locked_at=None, last_seen=clock.now()).where(mine).execute())
