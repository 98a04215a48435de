"""The verbs of people who work here."""

from __future__ import annotations

import datetime as dt

from medpwa import clock
from medpwa.action import Done, action
from medpwa.errors import Invalid, NotFound, Refused
from medpwa.ledger import line
from medpwa.permits import Actor, rank
from medpwa.staff import deeds, device_deeds, queries
from medpwa.staff.device_models import Device
from medpwa.staff.models import Person
from medpwa.staff.queries import Colleague
from medpwa.staff.rules import DUTIES_AHEAD, DUTIES_BACK, LONGEST_DUTY
from medpwa.staff.vocabulary import DUTIES, ROLES


@action("session.start")
def start_session(
    *,
    by: Actor,
    token_hash: str,
    csrf: str,
    user_agent: str,
    data: dict,
    device_id: int | None = None,
    by_pin: bool = False,
) -> Done:
    """Begin a session for somebody whose password, or on a phone their PIN, was just proven. A password makes the phone
    know them; a phone marked lost a moment ago takes nobody."""
    if device_id is not None:
        if Device.get_by_id(device_id).lost_at is not None:
            raise Refused("device_lost", "This phone was marked as lost, so nobody can sign in on it.", 403)
        remember = device_deeds.used if by_pin else device_deeds.know
        remember(device_id, by.person_id)
    values = dict(token_hash=token_hash, csrf=csrf, user_agent=user_agent, data=data, device=device_id)
    row, said = deeds.start_session(by.person_id, **values)
    return Done(row, [said])


@action("session.end")
def end_session(*, by: Actor, session_id: int, person_id: int | None = None, signed_out: bool = False) -> Done:
    """End one of one's own sessions, by signing out or otherwise; it bites on the next request. Only the product itself
    may name somebody else: it ends the session of a person who has lost every role. A session that is over already
    answers alike."""
    whose = person_id if by.kind == "system" else by.person_id
    if not deeds.end_sessions(whose, only=session_id, signed_out=signed_out):
        return Done(None, replay=True)
    return Done(None, [line("session.end", deeds.subject(whose), session=session_id)])


@action("staff.end_session", about=queries.colleague_of)
def end_session_of(*, by: Actor, about: Colleague, person_id: int, session_id: int) -> Done:
    """A manager ends somebody's session, e.g. on a lost phone."""
    if not deeds.end_sessions(person_id, only=session_id):
        return Done(None, replay=True)
    return Done(None, [line("staff.end_session", deeds.subject(person_id), session=session_id)])


@action("staff.add")
def add_person(
    *,
    by: Actor,
    username: str,
    given_name: str,
    family_name: str,
    role: str,
    password_hash: str,
    agency: bool = False,
    bank: bool = False,
    valid_until: dt.datetime | None = None,
) -> Done:
    """Somebody starts here: their name, role and a first password they must change."""
    if Person.select(Person.id).where(Person.username == username).exists():
        raise Invalid([("username", "That user name is taken. Choose another, e.g. with a middle initial.")])
    _check_role(by, role, valid_until)
    person, said = deeds.add_person(
        by, username=username, given_name=given_name, family_name=family_name, agency=agency, bank=bank
    )
    lines = [said, deeds.set_role(by, person.id, by.home_id, role, valid_until=valid_until)]
    lines.append(
        deeds.set_password(by, person.id, password_hash, must_change=by.kind != "system", verb="staff.set_password")
    )
    return Done(person, lines)


def _check_role(by: Actor, role: str, valid_until: dt.datetime | None) -> None:
    if role not in ROLES:
        raise Invalid([("role", "Choose a role from the list. Nothing was changed.")])
    if by.kind != "system" and rank(frozenset({role})) > rank(by.roles):
        words = f"{ROLES[role]} is above your own role, so you cannot give it. Ask the registered manager."
        raise Invalid([("role", words)])
    if valid_until is not None and valid_until <= clock.now():
        raise Invalid([("until", "The access must end after now. Nothing was changed.")])


@action("staff.change", about=queries.colleague_of)
def change_person(
    *, by: Actor, about: Colleague, person_id: int, given_name: str, family_name: str, agency: bool, bank: bool
) -> Done:
    """Correct or change a person's details; what was there before stays in the history."""
    said = deeds.change_person(by, person_id, given_name=given_name, family_name=family_name, agency=agency, bank=bank)
    return Done(None, [said])


@action("staff.set_role", about=queries.colleague_of)
def set_role(
    *, by: Actor, about: Colleague, person_id: int, role: str, valid_until: dt.datetime | None = None, reason: str = ""
) -> Done:
    """Give a person another role here, from now; nobody changes their own."""
    _check_role(by, role, valid_until)
    said = deeds.set_role(by, person_id, by.home_id, role, valid_until=valid_until, reason=reason)
    return Done(None, [said])


@action("staff.end", about=queries.colleague_of)
def end_person(*, by: Actor, about: Colleague, person_id: int, reason: str) -> Done:
    """A person leaves this home: the role ends now, and with it every session and the duties to come."""
    if not about.roles:
        raise Invalid([("reason", f"{about.name} has no access here any more. Nothing was changed.")])
    said = deeds.set_role(by, person_id, by.home_id, "", reason=reason, verb="staff.end")
    deeds.end_sessions(person_id)
    device_deeds.forget_on_phones_of(by.home_id, person_id)
    duties = queries.duties_of(person_id, by.home_id, clock.now())
    return Done(None, [said, *(deeds.release_from(by, duty) for duty in duties)])


@action("staff.set_duty", about=queries.colleague_of)
def set_duty(
    *,
    by: Actor,
    about: Colleague,
    person_id: int,
    starts: dt.datetime,
    ends: dt.datetime,
    kind: str,
    duty_key: str = "",
    withdrawn: bool = False,
) -> Done:
    """Put somebody on duty, move the duty or take it away."""
    if kind not in DUTIES:
        raise Invalid([("duty", "Choose what they do from the list. Nothing was changed.")])
    if not starts < ends <= starts + LONGEST_DUTY:
        raise Invalid([("until", "A duty ends after it starts, and lasts at most 24 hours. Nothing was changed.")])
    if duty_key and queries.duty_by_key(by.home_id, duty_key) is None:
        raise NotFound()
    if not withdrawn:
        _check_duty(by, about, starts, kind, duty_key)
    row, said = deeds.set_duty(
        by, person_id, by.home_id, starts=starts, ends=ends, kind=kind, duty_key=duty_key, withdrawn=withdrawn
    )
    return Done(row, [said])


def _check_duty(by: Actor, about: Colleague, starts: dt.datetime, kind: str, duty_key: str) -> None:
    if not about.roles:
        raise Invalid([("person", f"{about.name} has no role here now, so cannot be put on duty.")])
    now = clock.now()
    if by.kind != "system" and not now - DUTIES_BACK <= starts <= now + DUTIES_AHEAD:
        words = "Duties can be entered from 31 days back to a year ahead. Choose a day in between; nothing was changed."
        raise Invalid([("day", words)])
    twin = (
        d
        for d in queries.duties_between(by.home_id, starts, starts + dt.timedelta(minutes=1))
        if (d.person_id, d.kind, d.starts) == (about.person_id, kind, starts) and d.duty_key != duty_key
    )
    if next(twin, None) is not None:
        words = f"{about.name} is on the list for that already, from the same time. Nothing was added."
        raise Invalid([("person", words)])


@action("staff.set_password", about=queries.colleague_of)
def set_password(*, by: Actor, about: Colleague, person_id: int, password_hash: str) -> Done:
    """A manager gives somebody a new first password; it must be changed at sign-in, their sessions end, and their PIN
    with them."""
    device_deeds.clear_pin(person_id)
    return Done(None, [deeds.set_password(by, person_id, password_hash, must_change=True, verb="staff.set_password")])


@action("staff.change_own_password")
def change_own_password(*, by: Actor, password_hash: str) -> Done:
    """Change one's own password; other sessions of the same person end."""
    said = deeds.set_password(by, by.person_id, password_hash, must_change=False, verb="staff.change_own_password")
    return Done(None, [said])
