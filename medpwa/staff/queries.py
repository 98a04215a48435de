"""Read-only answers about people who work here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from medpwa import clock
from medpwa.database import fetch, rows
from medpwa.errors import Locked, NotFound
from medpwa.permits import Actor
from medpwa.remember import once_a_look, while_nothing_newer
from medpwa.staff import rules
from medpwa.staff.models import Duty, Home, Person, Role, Session
from medpwa.staff.vocabulary import ALL_ROLES

HIGHEST_ID = 2**31  # a larger number in an address is nobody, on both engines


def home_by_slug(slug: str) -> Home | None:
    """A home by its address word. Homes are insert-only, so a found one is kept."""
    return _homes().get(slug)


@once_a_look("home")
def _homes() -> dict[str, Home]:
    return while_nothing_newer("homes", "all", ("home",), lambda: {h.slug: h for h in Home.select()})


def zone_of(home_id: int) -> str:
    """A home's time zone."""
    return next((h.zone for h in _homes().values() if h.id == home_id), clock.DEFAULT_ZONE)


def slug_of(home_id: int) -> str:
    """The address word of a home; it must exist."""
    return next(h.slug for h in _homes().values() if h.id == home_id)


def provider_of(home_id: int) -> int | None:
    """Who runs a home; None for a home that is not there."""
    return next((h.provider_id for h in _homes().values() if h.id == home_id), None)


@dataclass(frozen=True)
class PersonFacts:
    """A person as they are now."""

    person_id: int
    username: str
    given_name: str
    family_name: str
    agency: bool
    bank: bool
    provider_id: int

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def initials(self) -> str:
        return rules.initials(self.given_name, self.family_name)


def person_facts(person_id: int, at: dt.datetime | None = None) -> PersonFacts | None:
    """The version of a person in force."""
    moment = clock.micros(at or clock.now())
    versions = while_nothing_newer("person", person_id, ("person_version",), lambda: _versions(person_id))
    return next((facts for since, facts in versions if since <= moment), None)


def person_row(person_id: int) -> Person:
    """Somebody's own row; it must exist."""
    return Person.get_by_id(person_id)


def _versions(person_id: int) -> tuple[tuple[int, PersonFacts], ...]:
    """Since when each version of a person holds (microseconds), the newest first."""
    found = rows(
        "SELECT v.valid_from, p.username, v.given_name, v.family_name, v.agency, v.bank, p.provider_id "
        "FROM person_version v JOIN person p ON p.id = v.person_id "
        "WHERE v.person_id = ? ORDER BY v.valid_from DESC, v.id DESC",
        person_id,
    )
    return tuple(
        (since, PersonFacts(person_id, username, given, family, bool(agency), bool(bank), provider_id))
        for since, username, given, family, agency, bank, provider_id in found
    )


def role_facts(person_id: int) -> tuple[rules.RoleFact, ...]:
    """Every role a person held, holds or will hold: for whoever asks about a moment that is still to come."""
    return _role_facts(person_id)


def _role_facts(person_id: int) -> tuple[rules.RoleFact, ...]:
    """Every role a person held, holds or will hold."""
    return while_nothing_newer("roles", person_id, ("role",), lambda: tuple(_read_roles(person_id)))


def _read_roles(person_id: int) -> Iterator[rules.RoleFact]:
    for r in fetch(Role, "person_id = ?", person_id):
        yield rules.RoleFact(r.home_id, r.role, r.valid_from, r.valid_until, r.id)


def actor(person_id: int, slug: str | None, session_id: int | None = None) -> Actor | None:
    """The person as an actor at the home in the address; None where the home does not exist *for them* (law 6)."""
    home = home_by_slug(slug) if slug is not None else _first_home(person_id)
    facts = person_facts(person_id)
    if home is None or facts is None or facts.provider_id != home.provider_id:
        return None  # a role at provider level holds in that provider's homes alone
    roles = rules.roles_in_force(_role_facts(person_id), home.id, clock.now())
    if not roles:
        return None
    return Actor(
        kind="person",
        person_id=person_id,
        name=facts.name,
        short_name=facts.given_name,
        roles=roles,
        home_id=home.id,
        home_slug=home.slug,
        home_name=home.name,
        chain_id=home.chain_id,
        provider_id=home.provider_id,
        zone=home.zone,
        session_id=session_id,
        again=lambda: _again(person_id, home.slug, session_id),
    )


def roles_of(person_id: int, home_id: int, at: dt.datetime | None = None) -> frozenset[str]:
    """The roles a person holds at a home at a moment (now); none at another provider's."""
    facts = person_facts(person_id)
    if facts is None or facts.provider_id != provider_of(home_id):
        return frozenset()
    return rules.roles_in_force(_role_facts(person_id), home_id, at or clock.now())


def _again(person_id: int, slug: str, session_id: int | None) -> Actor | None:
    """The same actor with facts as they are now, or None when the session has ended meanwhile. Raises Locked when it
    was locked meanwhile."""
    if session_id is not None:
        found = rows("SELECT locked_at FROM session WHERE id = ? AND ended_at IS NULL", session_id)
        if not found:
            return None
        if found[0][0] is not None:
            raise Locked()
    return actor(person_id, slug, session_id)


def _first_home(person_id: int) -> Home | None:
    """The home a person lands in: the first they hold a role at today, or any of the provider's."""
    homes = homes_of(person_id)
    return homes[0] if homes else None


def homes_of(person_id: int) -> list[Home]:
    """Every home a person holds a role at today, by name."""
    facts, at = _role_facts(person_id), clock.now()
    person = Person.get_or_none(Person.id == person_id)
    if person is None:
        return []
    homes = Home.select().where(Home.provider == person.provider_id).order_by(Home.name)
    return [h for h in homes if rules.roles_in_force(facts, h.id, at)]


def last_home_of(person_id: int) -> Home:
    """The home a person last held a role at, or the first of their provider's: whose chain their lines join."""
    held = Role.select().where((Role.person == person_id) & Role.home.is_null(False)).order_by(Role.id.desc()).first()
    if held is not None:
        return held.home
    person = Person.get_by_id(person_id)
    return Home.select().where(Home.provider == person.provider_id).order_by(Home.id).first()


def system(home: Home) -> Actor:
    """The product itself acting in a home, signing its own lines."""
    return of_home(home, "system", "Steady")


def of_home(home: Home, kind: str, name: str) -> Actor:
    """What acts in a home and is nobody: the product itself, or a board. It holds no role."""
    return Actor(
        kind=kind,
        name=name,
        short_name=name,
        home_id=home.id,
        home_slug=home.slug,
        home_name=home.name,
        chain_id=home.chain_id,
        provider_id=home.provider_id,
        zone=home.zone,
    )


def names(person_ids: set[int]) -> dict[int, str]:
    """Display names of several people at once, as they are now."""
    if not person_ids:
        return {}
    known, moment = frozenset(person_ids) - {None}, clock.micros(clock.now())
    found = while_nothing_newer("names", known, ("person_version",), lambda: _read_names(known))
    return {person_id: name for person_id, since, name in found if since <= moment}


def names_then(person_ids: Iterable[int | None]) -> Callable[[int | None, dt.datetime], str]:
    """What people were called at a moment: a function of (person, moment). A later change of name does not reach into
    the past; somebody without a version yet is called by their first one, nobody known by an empty name."""
    wanted = frozenset(p for p in person_ids if p is not None)
    versions: dict[int, list[tuple[int, str]]] = {}
    for person_id, since, name in _read_names(wanted) if wanted else ():
        versions.setdefault(person_id, []).append((since, name))

    def called(person_id: int | None, at: dt.datetime) -> str:
        mine, moment = versions.get(person_id or 0, []), clock.micros(at)
        return next((name for since, name in reversed(mine) if since <= moment), mine[0][1] if mine else "")

    return called


def _read_names(person_ids: frozenset[int]) -> tuple[tuple[int, int, str], ...]:
    found = rows(
        "SELECT person_id, valid_from, given_name, family_name FROM person_version "
        f"WHERE person_id IN ({', '.join('?' * len(person_ids)) or 'NULL'}) ORDER BY valid_from, id",
        *person_ids,
    )
    return tuple((person_id, since, f"{given} {family}") for person_id, since, given, family in found)


def role_words(roles: frozenset[str]) -> str:
    """What somebody is called here, e.g. `Team leader`."""
    return ", ".join(word for role, word in ALL_ROLES.items() if role in roles)


# ---------------------------------------------------------------- on shift

_DUTY_ORDER = ("shift_leader", "floor", "on_call")


def on_shift(home: Home | int, at: dt.datetime | None = None) -> tuple[list[rules.OnShift], str]:
    """Who is on shift and how we know: a duty covering now; where none is recorded, people who were signed in within
    12 hours and have not signed out. The second answer is the sentence that says which."""
    home_id = home if isinstance(home, int) else home.id
    at = at or clock.now()
    by_duty = _by_duty(home_id, at)
    if by_duty:
        return by_duty, "from today's recorded duties"
    return _by_sign_in(home_id, at), "no duties are recorded: these people were signed in within 12 hours"


def _by_duty(home_id: int, at: dt.datetime) -> list[rules.OnShift]:
    found = []
    for duty in duties_between(home_id, at, at + dt.timedelta(microseconds=1)):
        person = _on_shift_person(duty.person_id, home_id, at, duty.kind)
        if person is not None:
            found.append(person)
    return sorted(found, key=lambda p: (_DUTY_ORDER.index(p.duty), p.name))


def _by_sign_in(home_id: int, at: dt.datetime) -> list[rules.OnShift]:
    since = at - rules.SIGNED_IN_COUNTS_FOR
    lately = (Session.started_at >= since) | (Session.last_seen >= since)
    latest: dict[int, Session] = {}
    for row in Session.select().where(Session.person.is_null(False) & lately).order_by(Session.id):
        before = latest.get(row.person_id)
        if before is None or before.ended_at is not None:
            latest[row.person_id] = row
    # A phone handed on ends a sign-in and nobody's shift; who signed out has gone.
    people = {person_id for person_id, row in latest.items() if not row.data.get("signed_out")}
    found = (_on_shift_person(pid, home_id, at, "") for pid in people)
    return sorted((p for p in found if p is not None), key=lambda p: p.name)


def _on_shift_person(person_id: int, home_id: int, at: dt.datetime, duty: str) -> rules.OnShift | None:
    roles = rules.roles_in_force(_role_facts(person_id), home_id, at)
    facts = person_facts(person_id, at)
    if not roles or facts is None or facts.provider_id != provider_of(home_id):
        return None
    return rules.OnShift(person_id, facts.name, role_words(roles), roles, duty)


def duties_between(home_id: int, start: dt.datetime, end: dt.datetime) -> list[Duty]:
    """Duties that touch a span, as they stand: later rows replace earlier ones, withdrawn ones are gone."""
    rows = Duty.select().where((Duty.home == home_id) & (Duty.ends > start)).order_by(Duty.id)
    latest: dict[str, Duty] = {}
    for row in rows:
        latest[row.duty_key] = row
    keys = list(latest)
    if keys:
        # A replacement may end before the span; it still replaces.
        for row in Duty.select().where(Duty.duty_key.in_(keys)).order_by(Duty.id):
            latest[row.duty_key] = row
    standing = [d for d in latest.values() if not d.withdrawn and d.starts < end and d.ends > start]
    return sorted(standing, key=lambda d: (d.starts, d.id))


def duties_of(person_id: int, home_id: int, since: dt.datetime) -> list[Duty]:
    """A person's duties in a home that end after a moment, as they stand, soonest first."""
    far = since + dt.timedelta(days=3660)
    return [d for d in duties_between(home_id, since, far) if d.person_id == person_id]


def duty_by_key(home_id: int, duty_key: str) -> Duty | None:
    """A duty as it stands; None when it was withdrawn or never was in this home."""
    row = Duty.select().where((Duty.home == home_id) & (Duty.duty_key == duty_key)).order_by(Duty.id.desc()).first()
    return None if row is None or row.withdrawn else row


# ---------------------------------------------------------------- loaders for pages and actions


@dataclass(frozen=True)
class Colleague:
    """A person as seen from one home: what staff pages and actions are about."""

    person_id: int
    home_id: int
    facts: PersonFacts
    roles: frozenset[str]

    @property
    def name(self) -> str:
        return self.facts.name

    @property
    def roles_anywhere(self) -> frozenset[str]:
        """What they answer for at all homes of their provider together: whoever signs in as them may do all of it."""
        return roles_anywhere(self.person_id)


def roles_anywhere(person_id: int) -> frozenset[str]:
    """The roles a person holds now, over all homes of their provider."""
    facts, held, at = person_facts(person_id), _role_facts(person_id), clock.now()
    homes = [h.id for h in _homes().values() if facts is not None and h.provider_id == facts.provider_id]
    return frozenset().union(*(rules.roles_in_force(held, home_id, at) for home_id in homes))


def colleague_of(by: Actor, person_id: int, **_: object) -> Colleague:
    """A person who holds or held a role at the actor's home, else NotFound."""
    if not 0 < person_id < HIGHEST_ID:
        raise NotFound()
    rows = [r for r in _role_facts(person_id) if r.home_id in (by.home_id, None)]
    person = Person.get_or_none((Person.id == person_id) & (Person.provider == by.provider_id))
    facts = person_facts(person_id)
    if not rows or person is None or facts is None:
        raise NotFound()
    return Colleague(person_id, by.home_id, facts, rules.roles_in_force(rows, by.home_id, clock.now()))


def colleagues(home_id: int) -> list[Colleague]:
    """Everybody who holds or held a role at a home, by family name."""
    people = {pid for (pid,) in Role.select(Role.person).where(Role.home == home_id).distinct().tuples()}
    at, found = clock.now(), []
    for pid in people:
        facts = person_facts(pid)
        if facts is not None:
            found.append(Colleague(pid, home_id, facts, rules.roles_in_force(_role_facts(pid), home_id, at)))
    return sorted(found, key=lambda c: (c.facts.family_name, c.facts.given_name))


def shift_leader(home_id: int, at: dt.datetime | None = None) -> rules.OnShift | None:
    """Who leads the shift: by duty, by role on duty, on call, else the home's registered manager wherever they are."""
    people, _ = on_shift(home_id, at)
    leads = rules.shift_leader(people)
    if leads is not None:
        return leads
    at = at or clock.now()
    everybody = (_on_shift_person(c.person_id, home_id, at, "") for c in colleagues(home_id))
    return rules.shift_leader(p for p in everybody if p is not None and "registered_manager" in p.roles)
