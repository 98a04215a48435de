"""The list of the team as its page shows it: words and addresses."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from medpwa import clock
from medpwa.permits import Actor, may, rank
from medpwa.staff import queries, rules, sentences
from medpwa.staff.models import Person, Role
from medpwa.staff.queries import Colleague
from medpwa.staff.vocabulary import DUTIES, DUTY_LOOKS


@dataclass(frozen=True)
class Row:
    """One colleague in a list."""

    name: str
    initials: str
    second: str
    url: str
    chip_tone: str = ""
    chip_words: str = ""
    chip_icon: str = ""


@dataclass(frozen=True)
class Group:
    """Colleagues under one heading."""

    heading: str
    rows: list[Row]


@dataclass(frozen=True)
class TeamPage:
    """Everybody who works or worked here."""

    sentence: str
    lead: str
    on_shift: list[Row]
    groups: list[Group]
    left: list[Row]
    add_url: str | None
    duties_url: str


_GROUPS: tuple[tuple[str, frozenset[str]], ...] = (
    ("Managers", frozenset({"registered_manager", "deputy_manager"})),
    ("Leading on the floor", frozenset({"team_leader", "senior_carer"})),
    ("Carers", frozenset({"carer"})),
    ("Overseeing quality", frozenset({"quality_lead", "nominated_individual"})),
)


def team_page(who: Actor) -> TeamPage:
    """The list by role, who is on shift now, and those who have left."""
    everybody = [*queries.colleagues(who.home_id), *_for_the_provider(who)]
    here = [c for c in everybody if c.roles]
    people, how_known = queries.on_shift(who.home_id)
    each_once = list({p.person_id: p for p in reversed(people)}.values())[::-1]
    on_shift = [_on_shift_row(p, who) for p in each_once]
    count, now = len(here), sum(p.duty != "on_call" for p in each_once)
    works = "1 person works here" if count == 1 else f"{count} people work here"
    now_words = {0: "nobody is recorded as on shift now", 1: "1 is on shift now"}.get(now, f"{now} are on shift now")
    return TeamPage(
        sentence=f"{works}; {now_words}",
        lead=f"Who is on shift comes {how_known}." if how_known.startswith("from") else f"{how_known.capitalize()}.",
        on_shift=on_shift,
        groups=_groups(here, who),
        left=[_row(c, who) for c in everybody if not c.roles],
        add_url=f"/h/{who.home_slug}/staff/new" if may("staff.add", who) else None,
        duties_url=f"/h/{who.home_slug}/duties",
    )


def _for_the_provider(who: Actor) -> list[Colleague]:
    """People with a role at provider level only: they oversee each of its homes."""
    here = {c.person_id for c in queries.colleagues(who.home_id)}
    level = Role.select(Role.person).join(Person).where(Role.home.is_null() & (Person.provider == who.provider_id))
    ids = {pid for (pid,) in level.tuples()} - here
    return [queries.colleague_of(who, pid) for pid in sorted(ids)]


def _groups(here: list[Colleague], who: Actor) -> list[Group]:
    """By what people answer for; somebody with two roles stands under the first that fits."""
    found, placed = [], set()
    for heading, roles in _GROUPS:
        mine = [c for c in here if c.roles & roles and c.person_id not in placed]
        placed |= {c.person_id for c in mine}
        mine.sort(key=lambda c: -rank(c.roles))
        if mine:
            found.append(Group(heading, [_row(c, who) for c in mine]))
    return found


def _row(colleague: Colleague, who: Actor) -> Row:
    until = _access_until(colleague.person_id, who)
    facts = colleague.facts
    kind = "Agency" if facts.agency else "Bank" if facts.bank else ""
    held = queries.role_words(colleague.roles) or "Has left"
    second = ", ".join(w for w in (held, kind.lower() if kind else "") if w)
    chip = ("late", f"Access {sentences.until_words(until, who.zone)}", "clock-alert") if until else ("", "", "")
    return Row(facts.name, facts.initials, second, person_url(who, colleague.person_id), *chip)


def _on_shift_row(person: rules.OnShift, who: Actor) -> Row:
    given, _, family = person.name.partition(" ")
    duty = DUTIES.get(person.duty, "Signed in")
    tone, icon = DUTY_LOOKS[person.duty]
    initials = rules.initials(given, family)
    return Row(person.name, initials, person.role_words, person_url(who, person.person_id), tone, duty, icon)


def person_url(who: Actor, person_id: int) -> str:
    """The address of a colleague's page."""
    return f"/h/{who.home_slug}/staff/{person_id}"


def _access_until(person_id: int, who: Actor) -> dt.datetime | None:
    """When the present role ends by itself, if it does."""
    role = present_role(person_id, who)
    return role.valid_until if role is not None else None


def present_role(person_id: int, who: Actor) -> Role | None:
    """The role in force here; None when there is none or it has ended."""
    now = clock.now()
    begun = Role.select().where((Role.person == person_id) & (Role.home == who.home_id) & (Role.valid_from <= now))
    role = begun.order_by(Role.valid_from.desc(), Role.id.desc()).first()
    ended = role is None or not role.role or (role.valid_until is not None and role.valid_until <= now)
    return None if ended else role
