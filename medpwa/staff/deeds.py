"""The only writers of the staff tables; they run inside an open transaction and return their ledger lines."""

from __future__ import annotations

import datetime as dt
import uuid

from medpwa import clock
from medpwa.ledger import Pending, line
from medpwa.permits import Actor
from medpwa.staff.device_models import SignInLink
from medpwa.staff.models import Duty, Password, Person, PersonVersion, Role, Session


def subject(person_id: int) -> str:
    """Whose history a line about a colleague joins."""
    return f"person:{person_id}"


def add_person(
    by: Actor, *, username: str, given_name: str, family_name: str, agency: bool = False, bank: bool = False
) -> tuple[Person, Pending]:
    """A new person of the actor's provider, with their first details."""
    at = clock.now()
    person = Person.create(provider=by.provider_id, username=username, at=at, by=by.person_id)
    version = PersonVersion.create(
        person=person,
        valid_from=at,
        given_name=given_name,
        family_name=family_name,
        agency=agency,
        bank=bank,
        at=at,
        by=by.person_id,
    )
    return person, line("staff.add", subject(person.id), person, version)


def change_person(by: Actor, person_id: int, *, given_name: str, family_name: str, agency: bool, bank: bool) -> Pending:
    """The next version of a person's details."""
    at = clock.now()
    version = PersonVersion.create(
        person=person_id,
        valid_from=at,
        given_name=given_name,
        family_name=family_name,
        agency=agency,
        bank=bank,
        at=at,
        by=by.person_id,
    )
    return line("staff.change", subject(person_id), version)


def set_role(
    by: Actor,
    person_id: int,
    home_id: int | None,
    role: str,
    *,
    valid_from: dt.datetime | None = None,
    valid_until: dt.datetime | None = None,
    reason: str = "",
    verb: str = "staff.set_role",
) -> Pending:
    """What a person is in a home from now on; an empty role ends it."""
    at = clock.now()
    row = Role.create(
        person=person_id,
        home=home_id,
        role=role,
        valid_from=valid_from or at,
        valid_until=valid_until,
        at=at,
        by=by.person_id,
        reason=reason,
    )
    end_links(person_id)
    return line(verb, subject(person_id), row)


def set_duty(
    by: Actor,
    person_id: int,
    home_id: int,
    *,
    starts: dt.datetime,
    ends: dt.datetime,
    kind: str,
    duty_key: str = "",
    withdrawn: bool = False,
) -> tuple[Duty, Pending]:
    """A dated duty; with the key of an earlier one it replaces or withdraws that one."""
    row = Duty.create(
        duty_key=duty_key or uuid.uuid4().hex,
        person=person_id,
        home=home_id,
        starts=starts,
        ends=ends,
        kind=kind,
        withdrawn=withdrawn,
        at=clock.now(),
        by=by.person_id,
    )
    return row, line("staff.set_duty", subject(person_id), row)


def set_password(by: Actor, person_id: int, password_hash: str, *, must_change: bool, verb: str) -> Pending:
    """Keep a person's new password hash; every session of theirs but the actor's own ends."""
    at = clock.now()
    values = dict(hash=password_hash, must_change=must_change, at=at)
    if not Password.update(**values).where(Password.person == person_id).execute():
        Password.create(person=person_id, **values)
    end_sessions(person_id, but=by.session_id)
    end_links(person_id)
    return line(verb, subject(person_id))


def release_from(by: Actor, duty: Duty) -> Pending:
    """Nobody who has left stays on the list: a duty to come is withdrawn, one that is going on ends now."""
    now = clock.now()
    begun = duty.starts < now
    _, said = set_duty(
        by,
        duty.person_id,
        by.home_id,
        starts=duty.starts,
        ends=now if begun else duty.ends,
        kind=duty.kind,
        duty_key=duty.duty_key,
        withdrawn=not begun,
    )
    return said


def start_session(
    person_id: int, *, token_hash: str, csrf: str, user_agent: str, data: dict, device: int | None = None
) -> tuple[Session, Pending]:
    """A new session row of a person, on an enrolled phone or in another browser."""
    at = clock.now()
    row = Session.create(
        token_hash=token_hash,
        csrf=csrf,
        person=person_id,
        started_at=at,
        last_seen=at,
        user_agent=user_agent[:200],
        data=data,
        device=device,
    )
    where = {"device": device} if device is not None else {}
    return row, line("session.start", subject(person_id), session=row.id, **where)


def end_links(person_id: int) -> None:
    """No sign-in link of somebody opens anything any more."""
    waiting = (SignInLink.person == person_id) & SignInLink.used_at.is_null()
    SignInLink.update(used_at=clock.now()).where(waiting).execute()


def end_sessions(
    person_id: int,
    *,
    only: int | None = None,
    but: int | None = None,
    on_phones: bool = False,
    signed_out: bool = False,
) -> int:
    """End a person's sessions: all, one, all but one, or those on phones. They stop with the next request. Returns how
    many ended."""
    which = (Session.person == person_id) & Session.ended_at.is_null()
    if only is not None:
        which &= Session.id == only
    if but is not None:
        which &= Session.id != but
    if on_phones:
        which &= Session.device.is_null(False)
    # What it kept for its person (a form that waited, a scan) goes with it.
    left = {"signed_out": True} if signed_out else {}
    return Session.update(ended_at=clock.now(), data=left).where(which).execute()
