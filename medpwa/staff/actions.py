"""The verbs of people who work here."""

from __future__ import annotations

import datetime as dt

from medpwa.action import Done, action
from medpwa.errors import Invalid
from medpwa.ledger import line
from medpwa.permits import Actor
from medpwa.staff import deeds, queries
from medpwa.staff.models import Duty, Person
from medpwa.staff.queries import Colleague
from medpwa.staff.vocabulary import DUTIES, ROLES


@action("session.start")
def start_session(*, by: Actor, token_hash: str, csrf: str, user_agent: str, data: dict) -> Done:
    """Begin a session for somebody whose password was just proven."""
    row, said = deeds.start_session(
        by.person_id, token_hash=token_hash, csrf=csrf, user_agent=user_agent, data=data
    )
    return Done(row, [said])


@action("session.end")
def end_session(*, by: Actor, session_id: int) -> Done:
    """End one of one's own sessions; it bites on the next request."""
    deeds.end_sessions(by.person_id, only=session_id)
    return Done(None, [line("session.end", deeds.subject(by.person_id), session=session_id)])


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
    person, said = deeds.add_person(
        by, username=username, given_name=given_name, family_name=family_name, agency=agency, bank=bank
    )
    lines = [said, deeds.set_role(by, person.id, by.home_id, _known(role, ROLES), valid_until=valid_until)]
    lines.append(
        deeds.set_password(by, person.id, password_hash, must_change=by.kind != "system", verb="staff.set_password")
    )
    return Done(person, lines)


def _known(word: str, table: dict[str, str]) -> str:
    if word not in table:
        raise Invalid([("role", "Choose one from the list.")])
    return word


@action("staff.change", about=queries.colleague_of)
def change_person(
    *, by: Actor, about: Colleague, person_id: int, given_name: str, family_name: str, agency: bool, bank: bool
) -> Done:
    """Correct or change a person's details; what was there before stays in the history."""
    said = deeds.change_person(
        by, person_id, given_name=given_name, family_name=family_name, agency=agency, bank=bank
    )
    return Done(None, [said])


@action("staff.set_role", about=queries.colleague_of)
def set_role(
    *, by: Actor, about: Colleague, person_id: int, role: str, valid_until: dt.datetime | None = None, reason: str = ""
) -> Done:
    """Give a person another role here, from now; nobody changes their own."""
    said = deeds.set_role(
        by, person_id, by.home_id, _known(role, ROLES), valid_until=valid_until, reason=reason
    )
    return Done(None, [said])


@action("staff.end", about=queries.colleague_of)
def end_person(*, by: Actor, about: Colleague, person_id: int, reason: str) -> Done:
    """A person leaves this home: the role ends now and every session with it."""
    said = deeds.set_role(by, person_id, by.home_id, "", reason=reason, verb="staff.end")
    deeds.end_sessions(person_id)
    return Done(None, [said])


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
        raise Invalid([("kind", "Choose one from the list.")])
    if not starts < ends <= starts + dt.timedelta(hours=24):
        raise Invalid([("ends", "A duty ends after it starts, and lasts at most 24 hours.")])
    if duty_key and not _own_duty(by, duty_key):
        raise Invalid([("duty", "That duty is not here any more. Look at the list again.")])
    row, said = deeds.set_duty(
        by, person_id, by.home_id, starts=starts, ends=ends, kind=kind, duty_key=duty_key, withdrawn=withdrawn
    )
    return Done(row, [said])


def _own_duty(by: Actor, duty_key: str) -> bool:
    return Duty.select(Duty.id).where((Duty.duty_key == duty_key) & (Duty.home == by.home_id)).exists()


@action("staff.set_password", about=queries.colleague_of)
def set_password(*, by: Actor, about: Colleague, person_id: int, password_hash: str) -> Done:
    """A manager gives somebody a new first password; it must be changed at sign-in, and their sessions end."""
    return Done(
        None, [deeds.set_password(by, person_id, password_hash, must_change=True, verb="staff.set_password")]
    )


@action("staff.change_own_password")
def change_own_password(*, by: Actor, password_hash: str) -> Done:
    """Change one's own password; other sessions of the same person end."""
    said = deeds.set_password(
        by, by.person_id, password_hash, must_change=False, verb="staff.change_own_password"
    )
    return Done(None, [said])
