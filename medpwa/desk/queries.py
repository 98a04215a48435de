"""Read-only answers gathered from all packages: one's own page, alerts that were seen."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from medpwa import alerts, clock
from medpwa.alerts import Acknowledgement, Alert, AlertWords
from medpwa.competency import file
from medpwa.competency.file import SkillLine
from medpwa.permits import Actor
from medpwa.staff import devices
from medpwa.staff import person as person_page
from medpwa.staff import queries as staff
from medpwa.staff.person import OpenSession

SEEN_FOR = dt.timedelta(days=14)


@dataclass(frozen=True)
class HomeSignOffs:
    """One's sign-offs in one home."""

    home_name: str
    lines: list[SkillLine]


@dataclass(frozen=True)
class MePage:
    """Everything about oneself."""

    sentence: str
    lead: str
    facts: list[dict[str, str]]
    homes: list[HomeSignOffs]
    sessions: list[OpenSession]
    duties: list[str]
    has_pin: bool


def me_page(who: Actor) -> MePage:
    """Who I am here, what I may give, where I am signed in."""
    homes = staff.homes_of(who.person_id)
    signed = [HomeSignOffs(h.name, file.lines_of(h.id, who.person_id, h.zone)) for h in homes]
    here = next((s.lines for h, s in zip(homes, signed, strict=True) if h.id == who.home_id), [])
    duties = staff.duties_of(who.person_id, who.home_id, clock.now())[:5]
    facts = staff.person_facts(who.person_id)
    return MePage(
        sentence=_sentence(here),
        lead=file.lead(here),
        facts=[
            {"label": "Name", "value": who.name},
            {"label": "Role", "value": f"{staff.role_words(who.roles)}, {who.home_name}"},
            {"label": "User name", "value": facts.username if facts else ""},
        ],
        homes=signed,
        sessions=person_page.open_sessions(who.person_id, who, own=True),
        duties=[person_page.duty_words(d, who) for d in duties],
        has_pin=devices.has_pin(who.person_id),
    )


def _sentence(lines: list[SkillLine]) -> str:
    able = file.may_give_words(lines)
    return f"You may give {able}" if able else "You are not signed off to give medicines alone yet"


# ---------------------------------------------------------------- alerts


@dataclass(frozen=True)
class SeenAlert:
    """An alert somebody has acknowledged."""

    words: str
    url: str
    at_words: str
    seen_words: str


def seen_alerts(who: Actor) -> list[SeenAlert]:
    """Alerts of the last fortnight that were for this person and have been seen, newest first."""
    since = clock.now() - SEEN_FOR
    rows = (
        Acknowledgement.select(Acknowledgement, Alert)
        .join(Alert)
        .where((Alert.home_id == who.home_id) & (Acknowledgement.at > since))
        .order_by(Acknowledgement.at.desc(), Acknowledgement.id.desc())
        .limit(100)
    )
    mine = [row for row in rows if alerts.is_for(row.alert, who)]
    names = staff.names({row.by for row in mine})
    return [_seen(row, names, who) for row in mine]


def _seen(row: Acknowledgement, names: dict[int, str], who: Actor) -> SeenAlert:
    alert, when = row.alert, clock.moment_words(row.at, who.zone)
    return SeenAlert(
        words=alert.words,
        url=alert.url,
        at_words=clock.moment_words(alert.at, who.zone),
        seen_words=f"Seen by {names.get(row.by, 'somebody')}, {when}",
    )


def waiting_alerts(who: Actor) -> list[AlertWords]:
    """Alerts that still wait for this person."""
    return alerts.open_for(who)
