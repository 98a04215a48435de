"""One colleague as their page shows them: what is known, what may be changed, open sign-ins, history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Set
from dataclasses import dataclass

from medpwa import clock
from medpwa.permits import Actor, may, rank
from medpwa.staff import queries, rules, sentences, sessions
from medpwa.staff.device_models import Device
from medpwa.staff.lock_rules import LOCKED
from medpwa.staff.models import Role, Session
from medpwa.staff.queries import Colleague
from medpwa.staff.sentences import Told
from medpwa.staff.team import person_url, present_role
from medpwa.staff.vocabulary import ALL_ROLES, DUTIES, ROLES
from medpwa.summary import Fact

ROTA = frozenset({"staff.set_duty"})  # the rota writes many lines a week: they have a list of their own


@dataclass(frozen=True)
class OpenSession:
    """A sign-in that is still open."""

    id: int
    device: str
    when: str
    end_url: str
    present: bool = False


@dataclass(frozen=True)
class PersonPage:
    """One colleague, what can be done about them, and their history."""

    name: str
    sentence: str
    lead: str
    base: str
    facts: list[Fact]
    works_here: bool
    values: dict[str, object]
    roles: list[tuple[str, str]]
    may_change: bool
    may_set_role: bool
    may_set_password: bool
    may_show_link: bool
    may_end: bool
    sign_offs_url: str | None
    why_not: str
    sessions: list[OpenSession] | None
    history: list[Told]
    ledger_ways: list[tuple[str, str, str]]
    rota: list[Told]


def person_page(who: Actor, colleague: Colleague) -> PersonPage:
    """Everything about a colleague that this person may see."""
    facts, role = colleague.facts, present_role(colleague.person_id, who)
    held = queries.role_words(colleague.roles)
    return PersonPage(
        name=facts.name,
        sentence=_sentence(colleague, role, held, who),
        lead="You are looking at your own page." if colleague.person_id == who.person_id else "",
        base=person_url(who, colleague.person_id),
        facts=_facts(colleague, role, held, who),
        works_here=bool(colleague.roles),
        values=_values(colleague, role, who),
        roles=roles_within_reach(who),
        may_change=may("staff.change", who, colleague),
        may_set_role=may("staff.set_role", who, colleague),
        may_set_password=may("staff.set_password", who, colleague) and bool(colleague.roles),
        may_show_link=may("staff.show_link", who, colleague) and bool(colleague.roles),
        may_end=may("staff.end", who, colleague) and bool(colleague.roles),
        sign_offs_url=_sign_offs_url(who, colleague.person_id),
        why_not=_why_not(who, colleague),
        sessions=open_sessions(colleague.person_id, who) if may("staff.see_sessions", who, colleague) else None,
        ledger_ways=_ledger_ways(who, colleague.person_id),
        history=_history(who, colleague.person_id, set(sentences.SENTENCES) - sentences.LEFT_OUT - ROTA),
        rota=_history(who, colleague.person_id, ROTA),
    )


def _ledger_ways(who: Actor, person_id: int) -> list[tuple[str, str, str]]:
    """For managers: what this person recorded, and who opened their page (words, address, icon)."""
    base, ways = f"/h/{who.home_slug}/ledger", []
    if may("ledger.see", who):
        ways.append(("What they recorded", f"{base}?person={person_id}", "history"))
    if may("ledger.see_access", who):
        ways.append(("What they opened", f"{base}/access?person={person_id}", "users"))
        ways.append(("Who opened this", f"{base}/access?about=person-{person_id}", "search"))
    return ways


def _sentence(colleague: Colleague, role: Role | None, held: str, who: Actor) -> str:
    if not colleague.roles:
        return f"{colleague.name} does not work here any more"
    until = f" {sentences.until_words(role.valid_until, who.zone)}" if role is not None and role.valid_until else ""
    return f"{colleague.name}, {held[:1].lower()}{held[1:]}{until}"


def _facts(colleague: Colleague, role: Role | None, held: str, who: Actor) -> list[Fact]:
    facts = colleague.facts
    rows = [Fact("Role", held or "None now"), Fact("User name", facts.username)]
    if facts.agency or facts.bank:
        rows.append(Fact("Kind", "Agency staff" if facts.agency else "Bank staff"))
    if role is not None:
        rows.append(Fact("In this role since", clock.date_words(clock.local_day(role.valid_from, who.zone))))
        if role.valid_until:
            words = sentences.until_words(role.valid_until, who.zone)
            rows.append(Fact("Access", words[:1].upper() + words[1:]))
    duties = queries.duties_of(colleague.person_id, who.home_id, clock.now())[:3]
    on, coming = [d for d in duties if d.starts <= clock.now()], [d for d in duties if d.starts > clock.now()]
    for label, some in (("On duty", on), ("Next duty" if len(coming) == 1 else "Next duties", coming)):
        if some:
            rows.append(Fact(label, "\n".join(duty_words(d, who) for d in some)))
    return rows


def duty_words(duty, who: Actor) -> str:
    """A duty in a line: `Tue 17 Nov, 07:00 to 14:30, on the floor`."""
    day = clock.day_words(clock.local_day(duty.starts, who.zone), clock.local_day(clock.now(), who.zone))
    times = f"{clock.time_words(duty.starts, who.zone)} to {clock.time_words(duty.ends, who.zone)}"
    return f"{day[:1].upper()}{day[1:]}, {times}, {DUTIES[duty.kind].lower()}"


def _values(colleague: Colleague, role: Role | None, who: Actor) -> dict[str, object]:
    """What the forms of the page start with."""
    facts = colleague.facts
    until = ""
    if role is not None and role.valid_until:
        until = clock.local_day(role.valid_until - dt.timedelta(microseconds=1), who.zone).isoformat()
    return {
        "given_name": facts.given_name,
        "family_name": facts.family_name,
        "kind": ["agency"] if facts.agency else ["bank"] if facts.bank else [],
        "role": role.role if role is not None else "",
        "until": until,
    }


def roles_within_reach(who: Actor) -> list[tuple[str, str]]:
    """The roles somebody may give: their own and those below."""
    return [(role, words) for role, words in ROLES.items() if rank(frozenset({role})) <= rank(who.roles)]


def _sign_offs_url(who: Actor, person_id: int) -> str | None:
    return f"/h/{who.home_slug}/competency/{person_id}" if may("competency.see", who) else None


def _why_not(who: Actor, colleague: Colleague) -> str:
    """Why a manager finds no buttons here."""
    if not may("staff.add", who):
        return ""
    if colleague.person_id == who.person_id:
        return "Another manager changes your role or ends your access. Your password is under Me."
    if rank(colleague.roles) > rank(who.roles):
        answers = ALL_ROLES[max(colleague.roles, key=lambda r: rank(frozenset({r})))].lower()
        return f"{colleague.name} is {answers}: somebody in that role makes changes here."
    if colleague.roles and not may("staff.set_password", who, colleague):
        return f"Somebody who answers for more than you do gives {colleague.name} a new password."
    return ""


def open_sessions(person_id: int, who: Actor, *, own: bool = False) -> list[OpenSession]:
    """A person's sign-ins that are open now, newest first."""
    rows = Session.select().where((Session.person == person_id) & Session.ended_at.is_null())
    base = "/me" if own else person_url(who, person_id)
    newest_first = rows.order_by(Session.started_at.desc(), Session.id.desc())
    return [session_words(row, who, base) for row in newest_first if sessions.live(row)]


def session_words(row: Session, who: Actor, base: str = "") -> OpenSession:
    """A sign-in as a line: on which phone or browser, since when, and whether it is locked."""
    began, used = (clock.moment_words(at, who.zone) for at in (row.started_at, row.last_seen))
    locked = sessions.standing(row) == LOCKED and row.id != who.session_id
    return OpenSession(
        id=row.id,
        device=_device_words(row, who),
        when=f"Signed in {began}, last used {used}" + (", locked" if locked else ""),
        end_url=f"{base}/sessions/{row.id}/end",
        present=row.id == who.session_id,
    )


def _device_words(row: Session, who: Actor) -> str:
    """What a sign-in is on. A phone of another home is named to nobody but the person who uses it."""
    device = Device.get_or_none(Device.id == row.device) if row.device is not None else None
    if device is None:
        return rules.device_words(row.user_agent)
    named = device.home_id == who.home_id or row.person_id == who.person_id
    return f"The phone {device.name}" if named else "A phone of another home"


def _history(who: Actor, person_id: int, verbs: Set[str]) -> list[Told]:
    if not may("history.see", who):
        return []
    lines = sentences.lines_about(who.chain_id, f"person:{person_id}", verbs)
    return sentences.told(who, lines, sentences.SENTENCES, sentences.details, sentences.TONES)
