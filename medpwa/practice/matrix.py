"""People and skills in one table: who is in date for what, and how the doses that were given stand to it.

Everything here is counted by the product from its records: sign-offs, certificates, bookings and entries. A person is
never ranked; shares are of cells and of people, and what is named is what somebody has to see to.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from medpwa import clock
from medpwa.competency import file, rules
from medpwa.competency.rules import GrantFact
from medpwa.competency.vocabulary import GIVING, RESIDENT_SPECIFIC, SHORT, SKILLS
from medpwa.permits import Actor, may, rank
from medpwa.practice import gives, needed, training_rules
from medpwa.practice.arranged import booked_of, certificates_of
from medpwa.practice.matrix_rules import Stands, course_cell, skill_cell
from medpwa.practice.matrix_words import Figure, headline, present_words, recorded_words, shares
from medpwa.practice.needed import HEADLINE
from medpwa.practice.spans import Span
from medpwa.practice.training_rules import CourseFacts
from medpwa.residents import queries as residents
from medpwa.staff import queries as staff
from medpwa.staff.queries import Colleague

MOST_NAMED = 6
ALWAYS = ("oral", "topical", "patch", "drops", "inhaler")  # columns even before anybody is signed off
GROUPS: dict[str, str] = {
    "giving": "Giving medicines",
    "delegated": "Delegated for one resident",
    "others": "Watching, writing and checking",
    "courses": "Courses",
}
KINDS: dict[str, str] = {"own": "Employed here", "agency": "Agency", "bank": "Bank"}

Key = tuple[str, int | None]  # a skill, and the resident it is for; or ("course:CODE", None)


@dataclass(frozen=True)
class Asked:
    """What somebody wants to see of the table."""

    span: Span
    role: str = ""
    group: str = ""
    kind: str = ""
    exceptions: bool = False

    @property
    def narrowed(self) -> bool:
        """Whether somebody or something is left out."""
        return bool(self.role or self.group or self.kind or self.exceptions)


@dataclass(frozen=True)
class Cell:
    """One skill or course of one person, with the way to their file at it."""

    stands: Stands
    heading: str
    url: str | None
    key: str


@dataclass(frozen=True)
class PersonRow:
    """One person's row, and the same as a block for a phone."""

    person_id: int
    name: str
    role_words: str
    kind_words: str
    since_words: str
    url: str
    cells: list[Cell]
    in_date: str
    exceptions: list[Cell]  # for a phone: cells that stand alike are one


@dataclass(frozen=True)
class Column:
    """A column with its share in date of those who need it."""

    words: str
    in_date: int
    needed: int

    @property
    def share(self) -> str:
        """`9 of 12`, or a dash where nobody needs it."""
        return f"{self.in_date} of {self.needed}" if self.needed else "–"


@dataclass(frozen=True)
class MatrixPage:
    """The whole table with its figures."""

    sentence: str
    lead: str
    figures: list[Figure]
    count_words: str
    left_out: str
    columns: list[Column]
    rows: list[PersonRow]
    may_change: bool


@dataclass(frozen=True)
class _One:
    """Somebody with what the table needs of them."""

    colleague: Colleague
    grants: tuple[GrantFact, ...]
    by_skill: Mapping[str, tuple[GrantFact, ...]]


def matrix_page(who: Actor, asked: Asked) -> MatrixPage:
    """Everybody who works here and could give or check medicines, by skill and course."""
    now = clock.now()
    team = _team(who.home_id)
    given = gives.gives_between(who.home_id, asked.span.start, asked.span.end)
    shown = [one for one in team if _shown(one.colleague, asked)]
    keys = [key for key in _columns(team, who, now) if _in_group(key, asked.group)]
    rows = _rows(who, shown, keys, now)
    if asked.exceptions:
        rows = [row for row in rows if any(cell.stands.exception for cell in row.cells)]
    people = expected(team, who.home_id)
    present, recorded = present_words(people, now), recorded_words(given, asked.span)
    figures = shares(cell.stands for row in rows for cell in row.cells)
    return MatrixPage(
        sentence=recorded.sentence or present.sentence,
        lead=" ".join(w for w in (f"{present.sentence}." if recorded.sentence else "", present.lead) if w),
        figures=[*headline(who, recorded, present, asked.span), *figures],
        count_words=f"{len(rows)} staff" if len(rows) == len(team) else f"{len(rows)} of {len(team)}",
        left_out=_left_out(len(team) - len(rows)) if asked.narrowed else "",
        columns=[_column(row.cells[n] for row in rows) for n in range(len(keys))] if rows else [],
        rows=rows,
        may_change=may("competency.grant", who),
    )


def _left_out(number: int) -> str:
    if not number:
        return "Nobody is left out by what is chosen here."
    return f"{number} {'person is' if number == 1 else 'people are'} left out by what is chosen here."


def _team(home_id: int) -> list[_One]:
    grants = gives.dated_grants(home_id)
    team = [c for c in staff.colleagues(home_id) if c.roles]
    team.sort(key=lambda c: (-rank(c.roles), c.facts.agency, c.facts.bank, c.facts.given_name))
    return [_one(c, tuple(g.fact for g in grants.get(c.person_id, ()))) for c in team]


def _one(colleague: Colleague, grants: tuple[GrantFact, ...]) -> _One:
    by_skill: dict[str, list[GrantFact]] = {}
    for g in grants:
        by_skill.setdefault(g.skill, []).append(g)
    return _One(colleague, grants, {skill: tuple(own) for skill, own in by_skill.items()})


def expected(team: Iterable[_One], home_id: int) -> list[tuple[str, tuple[GrantFact, ...]]]:
    """Everybody expected to give medicines by mouth, by the same rule as their column: the denominator of the
    present state. Given name and sign-offs."""
    return [
        (one.colleague.facts.given_name, one.by_skill.get(HEADLINE, ()))
        for one in team
        if needed.needs(HEADLINE, None, one.colleague.roles, one.by_skill.get(HEADLINE, ()), home_id)
    ]


def expected_here(home_id: int) -> list[tuple[str, tuple[GrantFact, ...]]]:
    """The same for a home as it is now."""
    return expected(_team(home_id), home_id)


def _shown(c: Colleague, asked: Asked) -> bool:
    kind = "agency" if c.facts.agency else "bank" if c.facts.bank else "own"
    return (not asked.role or asked.role in c.roles) and asked.kind in ("", kind)


# ---------------------------------------------------------------- columns


def _columns(team: Sequence[_One], who: Actor, now: dt.datetime) -> list[Key]:
    """The everyday skills, whatever else anybody has a version of or needs, delegated skills resident by resident, then
    courses."""
    found: set[Key] = {(skill, None) for skill in (*ALWAYS, *needed.roles_by_skill(who.home_id))}
    here = {card.id for card in residents.residents_at(who.home_id, now)}
    for one in team:
        found |= {(g.skill, g.resident_id) for g in one.grants if g.resident_id is None or g.resident_id in here}
    order = list(SKILLS)
    known = [k for k in found if k[0] in SKILLS and (k[0] not in RESIDENT_SPECIFIC or k[1] is not None)]
    skills = sorted(known, key=lambda k: (k[1] is not None, order.index(k[0]), k[1] or 0))
    return [*skills, *((f"course:{c.code}", None) for c in needed.courses_of(who.home_id))]


def _in_group(key: Key, group: str) -> bool:
    return group in ("", group_of(key[0]))


def group_of(skill: str) -> str:
    """Which group of columns a skill or course stands in."""
    if skill.startswith("course:"):
        return "courses"
    return "delegated" if skill in RESIDENT_SPECIFIC else "giving" if skill in GIVING else "others"


def _heading(home_id: int, key: Key, courses: Mapping[str, CourseFacts]) -> str:
    skill, resident_id = key
    if skill in courses:
        return courses[skill].name
    card = residents.resident_card(home_id, resident_id) if resident_id is not None else None
    return f"{SHORT[skill]} for {card.given_name}" if card else SHORT[skill]


def _column(cells: Iterable[Cell]) -> Column:
    own = list(cells)
    wanted = [c.stands for c in own if c.stands.needed]
    return Column(own[0].heading, sum(s.in_date for s in wanted), len(wanted))


# ---------------------------------------------------------------- rows


def _rows(who: Actor, shown: Sequence[_One], keys: Sequence[Key], now: dt.datetime) -> list[PersonRow]:
    courses = {f"course:{c.code}": c for c in needed.courses_of(who.home_id)}
    headings = {key: _heading(who.home_id, key, courses) for key in keys}
    booked, taken = booked_of(who.home_id), certificates_of(who.home_id)
    roles = needed.roles_by_skill(who.home_id)
    rows = []
    for one in shown:
        url = f"/h/{who.home_slug}/competency/{one.colleague.person_id}/record"
        cells = [_cell(who, one, key, headings[key], courses, booked, taken, now, url, roles) for key in keys]
        rows.append(_row(who, one.colleague, cells, now))
    return rows


def _cell(who, one: _One, key: Key, heading, courses, booked, taken, now, url, roles) -> Cell:
    person_id, (skill, resident_id) = one.colleague.person_id, key
    if skill in courses:
        course, today = courses[skill], clock.local_day(now, who.zone)
        wanted = bool(one.colleague.roles & course.roles)
        own = training_rules.state_of(course, wanted, taken.get(person_id, ()), today)
        stands = course_cell(own, wanted, today)
        word = skill
    else:
        own = one.by_skill.get(skill, ())
        wanted = needed.needs(skill, resident_id, one.colleague.roles, own, who.home_id)
        state = rules.state_of(own, skill, resident_id, now, who.zone)
        stands = skill_cell(state, wanted, booked.get((person_id, skill, resident_id)), now, who.zone)
        word = skill if resident_id is None else f"{skill}:{resident_id}"
    return Cell(stands, heading, f"{url}?skill={word}", word)


def _row(who: Actor, c: Colleague, cells: list[Cell], now: dt.datetime) -> PersonRow:
    kind = "agency" if c.facts.agency else "bank" if c.facts.bank else ""
    able = [cell.heading for cell in cells if cell.stands.in_date and not cell.stands.exception]
    loud = [cell for cell in cells if cell.stands.exception or cell.stands.tone in ("todo", "due", "booked")]
    return PersonRow(
        person_id=c.person_id,
        name=c.name,
        role_words=staff.role_words(c.roles),
        kind_words=kind,
        since_words="",
        url=f"/h/{who.home_slug}/competency/{c.person_id}/record",
        cells=cells,
        in_date=_able_words(cells, able),
        exceptions=_together(loud),
    )


def _able_words(cells: list[Cell], able: list[str]) -> str:
    """What somebody is in date for: by name, or counted where it is more than one reads."""
    if len(able) <= MOST_NAMED:
        return file.listed(able)
    courses = sum(c.key.startswith("course:") and c.heading in able for c in cells)
    counted = [(len(able) - courses, "sign-off"), (courses, "course")]
    return " and ".join(f"{n} {what}{'' if n == 1 else 's'}" for n, what in counted if n)


def _together(cells: Iterable[Cell]) -> list[Cell]:
    """Cells that say the same, as one with all their headings."""
    alike: dict[tuple[str, str, str], list[Cell]] = {}
    for cell in cells:
        alike.setdefault((cell.stands.tone, cell.stands.words, cell.stands.second), []).append(cell)
    return [replace(same[0], heading=", ".join(c.heading for c in same)) for same in alike.values()]
