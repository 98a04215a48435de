"""Whose medicines list is to be compared since they came back or moved in, how far that is, and how long it took."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from medpwa import clock
from medpwa.mar.away_rules import Arrival, arrivals, hours_words, middle
from medpwa.mar.away_vocabulary import CAME, COMPARING
from medpwa.mar.models_after import Reconciliation
from medpwa.permits import Actor
from medpwa.remember import home_stamp, once_a_look, remembered
from medpwa.residents import queries as residents
from medpwa.residents.models import Resident, Whereabouts
from medpwa.residents.queries import ResidentCard
from medpwa.staff import queries as staff

FIGURES_BACK = dt.timedelta(days=90)


@dataclass(frozen=True)
class Step:
    """A stored step of a comparison."""

    id: int
    belongs: dt.datetime  # the moment of the whereabouts row it was written for
    state: str
    first_source: str
    second_source: str
    discrepancies: str
    resolved: str
    at: dt.datetime
    by: int


@dataclass(frozen=True)
class Comparison:
    """One arrival with its steps, oldest first."""

    resident_id: int
    arrival: Arrival
    steps: tuple[Step, ...] = ()

    @property
    def state(self) -> str:
        """Where it stands; required until somebody begins."""
        return self.steps[-1].state if self.steps else "required"

    @property
    def open(self) -> bool:
        """Whether it still has to be done: not when the person went away again, which begins another."""
        return self.state != "complete" and self.arrival.until is None

    @property
    def took(self) -> dt.timedelta | None:
        """From arrival to completion."""
        return self.steps[-1].at - self.arrival.at if self.state == "complete" else None


_STAMP = """SELECT max(x.id) FROM resident r JOIN whereabouts w ON w.resident_id = r.id
    JOIN reconciliation x ON x.whereabouts_id = w.id WHERE r.home_id = ?"""


@once_a_look("reconciliation", "whereabouts")
def comparisons(home_id: int) -> Mapping[int, tuple[Comparison, ...]]:
    """Every arrival of a home's residents with what was compared, oldest first; kept while nothing is added."""
    stays = residents.stays_of_home(home_id)
    mark = home_stamp(("reconciliation",), _STAMP, home_id)
    return remembered("comparisons", home_id, (stays, mark), lambda: _read(home_id, stays))


def _read(home_id: int, stays) -> dict[int, tuple[Comparison, ...]]:
    steps: dict[int, list[Step]] = defaultdict(list)
    rows = Reconciliation.select(Reconciliation, Whereabouts).join(Whereabouts).join(Resident)
    for r in rows.where(Resident.home == home_id).order_by(Reconciliation.id):
        what = (r.first_source, r.second_source, r.discrepancies, r.resolved)
        where = r.whereabouts
        steps[where.resident_id].append(Step(r.id, where.valid_from, r.state, *what, r.at, r.by))
    return {rid: _of_resident(rid, arrivals(line), steps[rid]) for rid, line in stays.items()}


def _of_resident(resident_id: int, came: tuple[Arrival, ...], steps: list[Step]) -> tuple[Comparison, ...]:
    return tuple(Comparison(resident_id, a, tuple(s for s in steps if a.holds(s.belongs))) for a in came)


def newest_of(home_id: int, resident_id: int) -> Comparison | None:
    """The comparison of somebody's newest arrival; None where none was asked for."""
    own = comparisons(home_id).get(resident_id, ())
    return own[-1] if own else None


def open_of(home_id: int) -> list[Comparison]:
    """The comparisons of a home that wait, the longest first."""
    waiting = [own[-1] for own in comparisons(home_id).values() if own and own[-1].open]
    return sorted(waiting, key=lambda c: (c.arrival.at, c.resident_id))


def card_words(home_id: int, resident_id: int, at: dt.datetime) -> str:
    """What a resident's card says while their list waits; empty when it is compared."""
    found = newest_of(home_id, resident_id)
    if found is None or not found.open or at < found.arrival.at:
        return ""
    since = "the return" if found.arrival.came == "hospital" else "moving in"
    return f"Medicines list not yet compared since {since} ({hours_words(at - found.arrival.at)})"


# ---------------------------------------------------------------- in words


def step_words(step: Step | Reconciliation) -> str:
    """A step as a history says it: how far, with what, what differed, who resolved it."""
    sources = " and ".join(s for s in (step.first_source, step.second_source) if s)
    said = f"{COMPARING[step.state][0]}, with {sources}" if sources else COMPARING[step.state][0]
    resolved = f"Resolved: {step.resolved}" if step.resolved else ""
    return ". ".join(w.rstrip(".") for w in (said, step.discrepancies, resolved) if w)


@dataclass(frozen=True)
class ComparingTask:
    """One comparison that waits, as a task."""

    resident_id: int
    since: dt.datetime
    title: str
    tone: str
    lead: str
    why: str
    url: str


def tasks(who: Actor, at: dt.datetime) -> list[ComparingTask]:
    """What is to be compared in a home now, with the hours since each arrival."""
    people = {r.id: r for r in residents.residents_at(who.home_id, at)}
    return [
        _task(people[c.resident_id], c, at, who.zone) for c in open_of(who.home_id) if c.resident_id in people
    ]


def _task(r: ResidentCard, c: Comparison, at: dt.datetime, zone: str) -> ComparingTask:
    overdue = at >= c.arrival.due_by(zone)
    words, tone = COMPARING[c.state]
    ago = f"{hours_words(at - c.arrival.at)} since {CAME[c.arrival.came]}"
    return ComparingTask(
        resident_id=r.id,
        since=c.arrival.at,
        title=f"{r.name}, medicines list",
        tone="late" if overdue else tone,
        lead=f"Overdue, {words[:1].lower()}{words[1:]}" if overdue else words,
        why=f"{ago}. It is compared the same day.",
        url=f"{r.url}/reconcile",
    )


# ---------------------------------------------------------------- figures


@dataclass(frozen=True)
class DoneRow:
    """One finished comparison."""

    name: str
    url: str
    came: str
    words: str
    by: str
    same_day: bool


@dataclass(frozen=True)
class ComparingPage:
    """Everything that waits, what was finished, and how long it took."""

    sentence: str
    lead: str
    tasks: tuple[ComparingTask, ...]
    done: tuple[DoneRow, ...]


def comparing_page(who: Actor, at: dt.datetime) -> ComparingPage:
    """What waits now, and the hours from arrival to completion of the last ninety days."""
    waiting = tasks(who, at)
    every = [c for own in comparisons(who.home_id).values() for c in own if c.state == "complete"]
    recent = sorted((c for c in every if c.arrival.at >= at - FIGURES_BACK), key=lambda c: c.arrival.at, reverse=True)
    names = staff.names({c.steps[-1].by for c in recent})
    people = {r.id: r for r in residents.residents_at(who.home_id, at, include_left=True)}
    return ComparingPage(
        sentence=_sentence(len(waiting)),
        lead=figures_words(recent, who.zone),
        tasks=tuple(waiting),
        done=tuple(_done(people[c.resident_id], c, names, who.zone) for c in recent if c.resident_id in people),
    )


def _sentence(count: int) -> str:
    if not count:
        return "Every medicines list is compared"
    return "1 medicines list is to be compared" if count == 1 else f"{count} medicines lists are to be compared"


def figures_words(done: list[Comparison], zone: str) -> str:
    """Hours from arrival to completion (NICE QS85's outcome measure), over some finished comparisons."""
    spans = [c.took for c in done if c.took is not None]
    half = middle(spans)
    if half is None:
        return "Nothing was compared in the last 90 days."
    same = sum(1 for c in done if c.steps[-1].at < c.arrival.due_by(zone))
    count = "1 was" if len(done) == 1 else f"{len(done)} were"
    return (
        f"In the last 90 days {count} finished, {same} on the day of arrival. "
        f"Half took {clock.span_words(half)} or less from arrival, the longest {clock.span_words(max(spans))}."
    )


def _done(r: ResidentCard, c: Comparison, names: dict[int, str], zone: str) -> DoneRow:
    last = c.steps[-1]
    return DoneRow(
        name=r.name,
        url=f"{r.url}/reconcile",
        came=f"After {CAME[c.arrival.came]}, {clock.moment_words(c.arrival.at, zone)}",
        words=f"compared after {clock.span_words(last.at - c.arrival.at)}",
        by=names.get(last.by, "somebody"),
        same_day=last.at < c.arrival.due_by(zone),
    )
