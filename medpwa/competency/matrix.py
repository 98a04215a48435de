"""People and skills in one table: who is in date for what, exceptions standing out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from medpwa import clock
from medpwa.competency import file, queries, rules, states
from medpwa.competency.file import LOOKS
from medpwa.competency.rules import GrantFact, SkillState
from medpwa.competency.vocabulary import MAY_GIVE, SHORT, SKILLS, STATES
from medpwa.permits import CARE_ROLES, LEADING_ROLES, Actor, may, rank
from medpwa.residents import queries as residents
from medpwa.staff import queries as staff
from medpwa.staff.queries import Colleague

ALWAYS = ("oral", "topical", "patch", "drops", "inhaler")  # columns even before anybody is signed off
HEADLINE = "oral"
A_MONTH = dt.timedelta(days=30)
MOST_NAMED = 4
PLAIN_WITHOUT_YEAR = 350  # days

Key = tuple[str, int | None]


@dataclass(frozen=True)
class Cell:
    """One skill of one person: the component's arguments."""

    tone: str
    words: str
    second: str
    icon: str | None
    fill: bool
    heading: str
    url: str | None


@dataclass(frozen=True)
class PersonRow:
    """One person's row, and the same as a block for a phone."""

    name: str
    role_words: str
    url: str
    cells: list[Cell]
    in_date: str
    exceptions: list[Cell]  # for a phone: skills that stand alike are one


@dataclass(frozen=True)
class MatrixPage:
    """The whole table."""

    sentence: str
    lead: str
    count_words: str
    columns: list[str]
    rows: list[PersonRow]
    may_change: bool
    settings_url: str | None


def matrix_page(who: Actor) -> MatrixPage:
    """Everybody who works here and could give or check medicines, by skill."""
    now = clock.now()
    team = [c for c in staff.colleagues(who.home_id) if c.roles]
    team.sort(key=lambda c: (-rank(c.roles), c.facts.agency, c.facts.bank, c.facts.given_name))
    grants = {c.person_id: queries.grants_of(who.home_id, c.person_id) for c in team}
    keys = _columns(grants.values(), who, now)
    headings = {key: _heading(who.home_id, key) for key in keys}
    return MatrixPage(
        sentence=_sentence(team, grants, now),
        lead=_lead(team, grants, now),
        count_words=f"{len(team)} staff",
        columns=[headings[key] for key in keys],
        rows=[_row(c, grants[c.person_id], keys, headings, who, now) for c in team],
        may_change=may("competency.grant", who),
        settings_url=f"/h/{who.home_slug}/competency/settings" if may("competency.settings", who) else None,
    )


def _columns(all_grants, who: Actor, now: dt.datetime) -> list[Key]:
    """The everyday skills, whatever else anybody has a version of, and delegated skills resident by resident."""
    found: set[Key] = {(skill, None) for skill in ALWAYS}
    here = {card.id for card in residents.residents_at(who.home_id, now)}
    for grants in all_grants:
        found |= {(g.skill, g.resident_id) for g in grants if g.resident_id is None or g.resident_id in here}
    order = list(SKILLS)
    return sorted((k for k in found if k[0] in SKILLS), key=lambda k: (k[1] is not None, order.index(k[0]), k[1] or 0))


def _heading(home_id: int, key: Key) -> str:
    skill, resident_id = key
    card = residents.resident_card(home_id, resident_id) if resident_id is not None else None
    return f"{SHORT[skill]} for {card.given_name}" if card else SHORT[skill]


# ---------------------------------------------------------------- the sentence


def _expected(colleague: Colleague, grants: tuple[GrantFact, ...]) -> bool:
    """Whether somebody is expected to give medicines by mouth: by their role, or because they were signed off once."""
    if not colleague.roles & CARE_ROLES:
        return False
    return bool(colleague.roles & LEADING_ROLES) or any(g.skill == HEADLINE and g.state in MAY_GIVE for g in grants)


def _headline(grants: tuple[GrantFact, ...], at: dt.datetime) -> SkillState:
    return rules.state_of(grants, HEADLINE, None, at)


def _sentence(team: list[Colleague], grants: dict[int, tuple[GrantFact, ...]], now: dt.datetime) -> str:
    givers = [c for c in team if _expected(c, grants[c.person_id])]
    able = sum(_headline(grants[c.person_id], now).state in MAY_GIVE for c in givers)
    if not givers:
        return "Nobody is signed off to give medicines yet"
    if len(givers) == 1:
        return f"The one person who gives medicines is {'in date' if able else 'not in date'}"
    return f"{able} of {len(givers)} people who give medicines are in date"


_WHY = {
    "suspended": "{name} is paused",
    "expired": "{name}’s sign-off has ended",
    "ended": "{name}’s sign-off was ended",
    "reassessment": "{name} is being watched again",
    "development_needed": "{name} practises first",
    "not_competent": "{name} is not ready yet",
    "supervised_only": "{name} gives only when supervised",
    "assessing": "{name} is being observed",
    "shadowing": "{name} is shadowing",
    "knowledge_passed": "{name} is shadowing",
    "learning": "{name} is learning",
    "not_started": "{name} has no sign-off yet",
}


def _lead(team: list[Colleague], grants: dict[int, tuple[GrantFact, ...]], now: dt.datetime) -> str:
    givers = [c for c in team if _expected(c, grants[c.person_id])]
    states = [(c.facts.given_name, _headline(grants[c.person_id], now).state) for c in givers]
    said = [_WHY[state].format(name=name) for name, state in states if state in _WHY]
    more = len(said) - MOST_NAMED
    named = [*said[:MOST_NAMED], f"{more} more {'is' if more == 1 else 'are'} not in date"] if more > 0 else said
    parts = [f"{file.listed(named)}."] if named else []
    return " ".join([*parts, *_a_month_ago(givers, grants, now)])


def _a_month_ago(givers: list[Colleague], grants: dict[int, tuple[GrantFact, ...]], now: dt.datetime) -> list[str]:
    then = now - A_MONTH
    if not any(g.valid_from <= then for c in givers for g in grants[c.person_id]):
        return []
    before = sum(_headline(grants[c.person_id], then).state in MAY_GIVE for c in givers)
    able = sum(_headline(grants[c.person_id], now).state in MAY_GIVE for c in givers)
    of = f"all {before}" if before == len(givers) else f"{before} of these {len(givers)}"
    return [] if before == able else [f"A month ago it was {of}."]


# ---------------------------------------------------------------- rows


def _row(colleague: Colleague, grants, keys: list[Key], headings: dict[Key, str], who: Actor, now) -> PersonRow:
    url = f"/h/{who.home_slug}/competency/{colleague.person_id}"
    cells = [_cell(grants, key, headings[key], colleague, url, who.zone, now) for key in keys]
    able = [cell.heading for cell in cells if cell.tone == "given"]
    kind = ", agency" if colleague.facts.agency else ", bank" if colleague.facts.bank else ""
    return PersonRow(
        name=colleague.name,
        role_words=f"{staff.role_words(colleague.roles)}{kind}",
        url=url,
        cells=cells,
        in_date=file.listed(able),
        exceptions=_together([cell for cell in cells if cell.fill or cell.tone == "todo"]),
    )


def _together(cells: list[Cell]) -> list[Cell]:
    """Cells that say the same, as one with all their headings."""
    alike: dict[tuple[str, str, str], list[Cell]] = {}
    for cell in cells:
        alike.setdefault((cell.tone, cell.words, cell.second), []).append(cell)
    return [replace(same[0], heading=", ".join(c.heading for c in same)) for same in alike.values()]


def _cell(grants, key: Key, heading: str, colleague: Colleague, url: str, zone: str, now: dt.datetime) -> Cell:
    skill, resident_id = key
    stands = rules.state_of(grants, skill, resident_id, now, zone)
    if stands.since is None:
        return Cell("none", "No sign-off", "", None, False, heading, None)
    look = states.shown(stands, now)
    words, second = _cell_words(stands, look, now, zone)
    if stands.state == "not_started":
        return Cell("todo", words, second, None, False, heading, url)
    tone, icon = LOOKS[look]
    return Cell(tone, words, second, icon, tone != "given", heading, url)


def _cell_words(stands: SkillState, look: str, now: dt.datetime, zone: str) -> tuple[str, str]:
    since = rules.date_words(stands.since, now, zone)
    rounds = rules.rounds_passed(stands.reason)
    if stands.state in MAY_GIVE:
        soon = look != stands.state
        until = _until(stands.until, now, zone, soon)
        return (STATES[look], until) if soon else ("In date", until or "no end")
    if stands.state in ("assessing", "knowledge_passed", "shadowing") and rounds:
        words = "Observed" if stands.state == "assessing" else "Shadowing"
        return words, f"{rounds[0]} of {rounds[1]}"
    return {
        "not_started": ("Not yet", "started"),
        "supervised_only": ("Supervised", "only"),
        "suspended": ("Paused", f"{rounds[0]} of {rounds[1]} done" if rounds else since),
        "development_needed": ("Supervised", "more practice"),
        "reassessment": ("Watched again", f"{rounds[0]} of {rounds[1]} done" if rounds else since),
    }.get(stands.state, (STATES[stands.state], since))


def _until(end: dt.datetime | None, now: dt.datetime, zone: str, soon: bool) -> str:
    """An end as narrow as it is plain: `to 4 Dec`, or `Nov 2027` where day and month alone could be this year's."""
    if end is None:
        return ""
    day = clock.local_day(end, zone)
    if (end - now).days < PLAIN_WITHOUT_YEAR:
        return f"{'' if soon else 'to '}{day.day}\u00a0{day.strftime('%b')}"
    return f"{day.strftime('%b')}\u00a0{day.year}"
