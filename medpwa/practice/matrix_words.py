"""The figures of the table in words: each with its numerator, its denominator, and how it is made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from medpwa.competency import file, rules
from medpwa.competency.rules import GrantFact
from medpwa.competency.vocabulary import MAY_GIVE
from medpwa.mar.measures import share
from medpwa.permits import Actor
from medpwa.practice.gives import Gives
from medpwa.practice.matrix_rules import Stands
from medpwa.practice.needed import HEADLINE
from medpwa.practice.spans import Span

A_MONTH = dt.timedelta(days=30)
MOST_NAMED = 4

Givers = Sequence[tuple[str, Sequence[GrantFact]]]


@dataclass(frozen=True)
class Figure:
    """One figure: what it is called, its value with numerator and denominator, and how it is made."""

    name: str
    value: str
    how: str
    url: str = ""
    url_words: str = ""
    tone: str = "plain"


@dataclass(frozen=True)
class Present:
    """How many of those expected to give medicines are in date now."""

    able: int
    of: int
    before: int | None  # a month ago, of the same people; None where nothing was recorded then
    sentence: str
    lead: str


@dataclass(frozen=True)
class Recorded:
    """How many of those who gave medicines were in date for every dose."""

    able: int
    of: int
    doses: int
    not_in_date: int
    supervised: int
    sentence: str


# ---------------------------------------------------------------- now


def able_at(givers: Givers, at: dt.datetime) -> int:
    """How many are in date at a moment."""
    return sum(rules.state_of(grants, HEADLINE, None, at).state in MAY_GIVE for _, grants in givers)


def present_words(givers: Givers, now: dt.datetime) -> Present:
    """The present state of everybody expected to give medicines."""
    able, then = able_at(givers, now), now - A_MONTH
    known = any(g.valid_from <= then for _, grants in givers for g in grants)
    before = able_at(givers, then) if known else None
    return Present(able, len(givers), before, _sentence(able, len(givers)), _lead(givers, now, able, before))


def _sentence(able: int, of: int) -> str:
    if not of:
        return "Nobody is signed off to give medicines yet"
    if of == 1:
        return f"The one person who gives medicines is {'in date' if able else 'not in date'}"
    return f"{able} of {of} people who give medicines are in date"


_WHY = {
    "suspended": "{name} is paused",
    "expired": "{name}’s sign-off has ended",
    "ended": "{name}’s sign-off was ended",
    "supervised_only": "{name} gives only when supervised",
    "development_needed": "{name} gives only when supervised",
    "reassessment": "{name} is being reassessed",
    "assessing": "{name} is being observed",
    "knowledge_passed": "{name} is shadowing",
    "shadowing": "{name} is shadowing",
    "learning": "{name} is learning",
    "not_competent": "{name} is not signed off",
    "not_started": "{name} has no sign-off yet",
}


def _lead(givers: Givers, now: dt.datetime, able: int, before: int | None) -> str:
    states = [(name, rules.state_of(grants, HEADLINE, None, now).state) for name, grants in givers]
    said = [_WHY[state].format(name=name) for name, state in states if state in _WHY]
    more = len(said) - MOST_NAMED
    named = [*said[:MOST_NAMED], f"{more} more {'is' if more == 1 else 'are'} not in date"] if more > 0 else said
    parts = [f"{file.listed(named)}."] if named else []
    if before is not None and before != able:
        of = f"all {before}" if before == len(givers) else f"{before} of these {len(givers)}"
        parts.append(f"A month ago it was {of}.")
    return " ".join(parts)


# ---------------------------------------------------------------- what was given


def recorded_words(given: Gives, span: Span) -> Recorded:
    """The headline from what was recorded; an empty sentence where nobody gave anything."""
    able, gave = given.never_out_of_date
    counts = (len(able), len(gave), given.total, len(given.not_in_date), len(given.supervised))
    return Recorded(*counts, _gave(len(able), len(gave), span.words))


def _gave(able: int, of: int, when: str) -> str:
    when = f"in {when}"
    if not of:
        return ""
    if of == 1:
        word = "was in date for every dose" if able else "was not in date for every dose"
        return f"The one person who gave medicines {when} {word}"
    if able == of:
        return f"All {of} people who gave medicines {when} were in date for every dose"
    return f"{able} of {of} people who gave medicines {when} were in date for every dose"


# ---------------------------------------------------------------- figures


def headline(who: Actor, recorded: Recorded, present: Present, span: Span) -> list[Figure]:
    """The figures above the table, each with the way to what it is made of."""
    base = f"/h/{who.home_slug}/competency/doses?span={span.key}"
    doses = Figure(
        f"Doses given by somebody not signed off, in {span.words}",
        f"{recorded.not_in_date} of {recorded.doses:,}" if recorded.doses else "no dose given",
        "Every recorded dose is held against the sign-offs of whoever gave it, at the time it was given, for each "
        "skill its order asks for. It should be 0. Doses under supervision are counted apart: "
        f"{recorded.supervised:,}.",
        base if recorded.not_in_date or recorded.supervised else "",
        "See these doses",
        "blocked" if recorded.not_in_date else "given" if recorded.doses else "plain",
    )
    people = Figure(
        f"People in date for every dose they gave, in {span.words}",
        share(recorded.able, recorded.of) if recorded.of else "nobody gave a dose",
        "People who gave at least one dose without a supervisor, from the records of doses and not from the duty list; "
        "of them, those signed off for each of those doses.",
        tone="given" if recorded.of and recorded.able == recorded.of else "blocked" if recorded.of else "plain",
    )
    now = Figure(
        "In date now, of those expected to give",
        share(present.able, present.of) if present.of else "nobody yet",
        "People whose role gives medicines by mouth, or who were once signed off for it, unless that was ended; of "
        "them, those signed off now."
        + (f" A month ago: {present.before} of {present.of}." if present.before is not None else ""),
        tone="given" if present.of and present.able == present.of else "late" if present.of else "plain",
    )
    return [people, doses, now]


def shares(cells: Iterable[Stands]) -> list[Figure]:
    """The share of the table itself: cells in date of cells needed."""
    wanted = [c for c in cells if c.counts]
    good = sum(c.in_date for c in wanted)
    soon = sum(c.in_date and c.exception for c in wanted)
    return [
        Figure(
            "Sign-offs and courses in date, of those needed",
            share(good, len(wanted)) if wanted else "none is needed",
            "Cells of this table that are green or amber, of all cells where the skill or course is needed: by the "
            f"role, or because the person was signed off for it once. Due within 60 days: {soon:,}.",
            tone="given" if wanted and good == len(wanted) else "late" if wanted else "plain",
        )
    ]
