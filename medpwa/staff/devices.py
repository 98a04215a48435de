"""Read-only answers about phones and boards: which one asks, what a code opens, who uses one, the managers' page."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from medpwa import clock
from medpwa.database import rows
from medpwa.errors import NotFound
from medpwa.permits import Actor, may
from medpwa.staff import person, queries, rules, sessions
from medpwa.staff.device_models import Device, DeviceCode, DevicePerson, Pin, SignInLink
from medpwa.staff.models import Home, Session
from medpwa.staff.team import person_url
from medpwa.staff.vocabulary import DEVICE_KINDS

MOST_TILES = 24
SHOWN_LOST = dt.timedelta(days=30)


def hashed(secret: str) -> str:
    """How a device's cookie, an enrolling code or a sign-in link is stored."""
    return hashlib.sha256(f"device:{secret}".encode()).hexdigest()


@dataclass(frozen=True)
class Known:
    """The phone or board a request comes from."""

    id: int
    home_id: int
    home_slug: str
    home_name: str
    name: str
    kind: str


def by_token(token: str) -> Known | None:
    """The phone or board of a cookie; None for one that was lost or never was."""
    if not token:
        return None
    found = rows(
        "SELECT d.id, d.home_id, h.slug, h.name, d.name, d.kind FROM device d JOIN home h ON h.id = d.home_id "
        "WHERE d.token_hash = ? AND d.lost_at IS NULL",
        hashed(token),
    )
    return Known(*found[0]) if found else None


def board_actor(known: Known) -> Actor:
    """A wall board as whoever acts: at its own home, with no role at all."""
    return queries.of_home(queries.home_by_slug(known.home_slug), "device", known.name)


def device_of(by: Actor, device_id: int, **_: object) -> Device:
    """A phone or board of the actor's home, else NotFound."""
    if not 0 < device_id < queries.HIGHEST_ID:
        raise NotFound()
    found = Device.get_or_none((Device.id == device_id) & (Device.home == by.home_id))
    if found is None:
        raise NotFound()
    return found


def code_of(by: Actor, code_id: int, **_: object) -> DeviceCode:
    """An enrolling code made in the actor's home, else NotFound."""
    if not 0 < code_id < queries.HIGHEST_ID:
        raise NotFound()
    found = DeviceCode.get_or_none((DeviceCode.id == code_id) & (DeviceCode.home == by.home_id))
    if found is None:
        raise NotFound()
    return found


def open_code(typed: str) -> DeviceCode | None:
    """The code somebody typed or scanned, if it still enrols; used, old and unknown ones are alike."""
    found = DeviceCode.get_or_none(DeviceCode.code_hash == hashed(rules.plain_code(typed)))
    holds = found is not None and rules.code_holds(found.made_at, found.used_at, clock.now())
    return found if holds else None


def open_link(token: str) -> SignInLink | None:
    """The sign-in link of an address, if it still opens; used, old and unknown ones are alike."""
    found = SignInLink.get_or_none(SignInLink.token_hash == hashed(token))
    if found is None or not rules.code_holds(found.made_at, found.used_at, clock.now()):
        return None
    return found if still_shown(found) else None


def still_shown(link: SignInLink) -> bool:
    """Whether the manager who showed a link might show it now: they may have left, or its person risen above them."""
    by = queries.actor(link.made_by, queries.slug_of(link.home_id))
    if by is None:
        return False
    about = queries.colleague_of(by, link.person_id)
    return bool(about.roles) and may("staff.show_link", by, about)


# ---------------------------------------------------------------- on a phone


@dataclass(frozen=True)
class NameTile:
    """Somebody who has used their password on this phone."""

    person_id: int
    name: str
    short_name: str
    initials: str
    role_words: str
    url: str


def name_tiles(phone: Known) -> list[NameTile]:
    """Who may sign in here with a PIN or by name, the latest first: only people who hold a role at this home now."""
    used = DevicePerson.select(DevicePerson.person).where(DevicePerson.device == phone.id)
    ids = [
        pid
        for (pid,) in used.order_by(DevicePerson.last_used.desc(), DevicePerson.id.desc()).limit(MOST_TILES).tuples()
    ]
    return [tile for tile in (name_tile(phone, pid) for pid in ids) if tile is not None]


def name_tile(phone: Known, person_id: int) -> NameTile | None:
    """One person's tile; None for somebody without a role here."""
    roles, facts = queries.roles_of(person_id, phone.home_id), queries.person_facts(person_id)
    if not roles or facts is None:
        return None
    words, url = queries.role_words(roles), f"/sign-in/{person_id}"
    return NameTile(person_id, facts.name, facts.given_name, facts.initials, words, url)


def on_phone(phone: Known, person_id: int) -> DevicePerson | None:
    """What a phone knows of somebody: that they used their password on it, and wrong PINs since."""
    if not 0 < person_id < queries.HIGHEST_ID:
        return None
    return DevicePerson.get_or_none((DevicePerson.device == phone.id) & (DevicePerson.person == person_id))


def has_pin(person_id: int) -> bool:
    """Whether somebody has chosen a PIN."""
    return Pin.select(Pin.id).where(Pin.person == person_id).exists()


# ---------------------------------------------------------------- the managers' page


@dataclass(frozen=True)
class DeviceRow:
    """One phone or board in the list."""

    name: str
    kind_words: str
    icon: str
    seen: str
    enrolled: str
    people: str
    lost: str
    lost_url: str
    board: bool


@dataclass(frozen=True)
class SignedIn:
    """Somebody signed in now, and where."""

    name: str
    person_url: str
    device: str
    when: str
    end_url: str | None


@dataclass(frozen=True)
class DevicesPage:
    """The home's phones and boards, and who is signed in now."""

    sentence: str
    rows: list[DeviceRow]
    lost: list[DeviceRow]
    signed_in: list[SignedIn]
    waiting: int


def devices_page(who: Actor) -> DevicesPage:
    """Every phone and board of the home, those lost in the last month, and every open sign-in."""
    every = list(Device.select().where(Device.home == who.home_id).order_by(Device.name, Device.id))
    recent = clock.now() - SHOWN_LOST
    here = [d for d in every if d.lost_at is None]
    lost = [d for d in every if d.lost_at is not None and d.lost_at > recent]
    names = queries.names({d.invited_by for d in every} | {d.lost_by for d in lost if d.lost_by})
    return DevicesPage(
        sentence=_sentence(here),
        rows=[_row(d, who, names) for d in here],
        lost=[_row(d, who, names) for d in lost],
        signed_in=signed_in_now(who),
        waiting=_waiting(who),
    )


def _sentence(here: list[Device]) -> str:
    phones, boards = (sum(d.kind == kind for d in here) for kind in ("phone", "board"))
    if not here:
        return "No phone or wall board is enrolled yet"
    said = [f"{phones} phone{'' if phones == 1 else 's'}"] if phones else []
    said += [f"{boards} wall board{'' if boards == 1 else 's'}"] if boards else []
    return f"{' and '.join(said)} enrolled"


def _waiting(who: Actor) -> int:
    since = clock.now() - rules.CODE_LASTS
    open_codes = (DeviceCode.home == who.home_id) & DeviceCode.used_at.is_null() & (DeviceCode.made_at > since)
    return DeviceCode.select().where(open_codes).count()


def _row(device: Device, who: Actor, names: dict[int, str]) -> DeviceRow:
    seen = clock.moment_words(device.last_seen, who.zone) if device.last_seen else ""
    by = names.get(device.invited_by, "somebody")
    used = DevicePerson.select(DevicePerson.person).where(DevicePerson.device == device.id).tuples()
    people = sum(1 for (pid,) in used if queries.roles_of(pid, who.home_id))
    lost = ""
    if device.lost_at is not None:
        lost = f"Marked lost {clock.moment_words(device.lost_at, who.zone)} by {names.get(device.lost_by, 'somebody')}"
    return DeviceRow(
        name=device.name,
        kind_words=DEVICE_KINDS[device.kind][0],
        icon="layout-grid" if device.kind == "board" else "smartphone",
        seen=f"Last seen {seen}" if seen else "Not used yet",
        enrolled=f"Enrolled {clock.moment_words(device.enrolled_at, who.zone)} with {by}’s code",
        people="" if device.kind == "board" else _people_words(people),
        lost=lost,
        lost_url=f"/h/{who.home_slug}/devices/{device.id}/lost",
        board=device.kind == "board",
    )


def _people_words(count: int) -> str:
    if count == 0:
        return "Nobody has used their password on it yet"
    return f"{count} {'person has' if count == 1 else 'people have'} a name on it"


def signed_in_now(who: Actor) -> list[SignedIn]:
    """Every open sign-in of people with a role here, the latest used first; one's own are under Me."""
    found = Session.select().where(Session.person.is_null(False) & Session.ended_at.is_null())
    shown = []
    for row in found.order_by(Session.last_seen.desc(), Session.id.desc()):
        if not sessions.live(row) or not queries.roles_of(row.person_id, who.home_id):
            continue
        colleague = queries.colleague_of(who, row.person_id)
        base = person_url(who, row.person_id)
        ends = may("staff.end_session", who, colleague) and row.id != who.session_id
        end_url = f"{base}/sessions/{row.id}/end" if ends else None
        told = person.session_words(row, who)
        where = f"{told.device}, this one" if told.present else told.device
        shown.append(SignedIn(colleague.name, base, where, told.when, end_url))
    return shown


def enrolled_words(code: DeviceCode, who: Actor) -> tuple[str, str]:
    """Tone and words of an enrolling code: waiting, enrolled, or over."""
    if code.used_at is not None:
        return "given", f"{code.name} was enrolled {clock.moment_words(code.used_at, who.zone)}"
    if not rules.code_holds(code.made_at, code.used_at, clock.now()):
        return "missed", "This code is over. Show a new one."
    ends = clock.time_words(code.made_at + rules.CODE_LASTS, who.zone)
    return "coming", f"Waiting for the {DEVICE_KINDS[code.kind][0].lower()}. The code works once, until {ends}."


def home_name(home_id: int) -> str:
    """What a home is called."""
    return Home.get_by_id(home_id).name
