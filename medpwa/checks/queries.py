"""The live floor board: everybody as a tile by unit; what is given, due, late, a gap, flagged; what waits for
somebody signed off."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from medpwa import clock
from medpwa.checks.needs import Need, needs
from medpwa.mar import comparing, gap_queries, gap_rules, glass, queries, recorded
from medpwa.mar import reports as mar_reports
from medpwa.mar import words as words_of
from medpwa.mar.comparing import ComparingTask
from medpwa.mar.effects import EffectRow, rows_for
from medpwa.mar.queries import DoseLine
from medpwa.mar.states import moment_of
from medpwa.permits import Actor
from medpwa.remember import remembered
from medpwa.residents.queries import ResidentCard, residents_at
from medpwa.residents.vocabulary import AWAY

AHEAD = dt.timedelta(hours=16)
# The weightiest state of a person's doses is what their tile says.
WEIGHT = ("late", "gap", "again", "due")


@dataclass(frozen=True)
class Tile:
    """One person on the board."""

    name: str
    url: str
    room: str
    photo_url: str | None
    tone: str
    words: str
    second: str
    given: int
    flagged: int
    late: bool = False
    medicine: str = ""
    rest: str = ""
    due_words: str = ""  # the clock time of what waits or comes next


@dataclass(frozen=True)
class Floor:
    """One unit of the home."""

    name: str
    count: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class Board:
    """Everything the board shows."""

    sentence: str
    at_words: str
    floors: tuple[Floor, ...]
    needs: tuple[Need, ...]
    tasks: tuple[ComparingTask, ...]  # medicines lists to compare
    counts: tuple[tuple[str, str], ...]  # (tone, words)
    effects: tuple[EffectRow, ...] = ()
    glass: tuple[tuple[str, str], ...] = ()  # who gives for one round without being signed off: words, address


@dataclass(frozen=True)
class _Tally:
    """One person's doses, counted; the weightiest is what their tile says."""

    kinds: Mapping[str, int]
    worst: DoseLine | None


_NOTHING = _Tally({}, None)


def board(who: Actor, at: dt.datetime | None = None) -> Board:
    """The floor now, for the whole home. What is made of one person is kept until their doses or the minute change."""
    at = at or clock.now()
    people = residents_at(who.home_id, at)
    lines = queries.lines_by_resident(who, at - queries.LOOK_BACK, at + AHEAD, at)
    tallies = {i: remembered("tally", (who.home_id, i), own, partial(_tally, own)) for i, own in lines.items()}
    reports = mar_reports.open_reports(who.home_id)
    looked = gap_queries.reviews_around(who, at)
    tiles = {
        r.id: _kept_tile(who, r, lines.get(r.id, ()), tallies.get(r.id, _NOTHING), reports.get(r.id, 0), looked, at)
        for r in people
    }
    return Board(
        sentence=_sentence(people, tallies),
        at_words=clock.time_words(at, who.zone),
        floors=_floors(people, tiles, tallies),
        needs=tuple(needs(who, people, lines, at)),
        tasks=tuple(comparing.tasks(who, at)),
        counts=_counts(tallies.values(), sum(reports.values())),
        effects=rows_for(who, at, people=people, soon=False),
        glass=tuple(glass.floor_words(who, at)),
    )


def _tally(own: tuple[DoseLine, ...]) -> _Tally:
    return _Tally(Counter(x.state.kind for x in own), _worst(own))


def _sentence(people: list[ResidentCard], tallies: Mapping[int, _Tally]) -> str:
    late = {r.unit: 0 for r in people}
    for r in people:
        late[r.unit] += tallies.get(r.id, _NOTHING).kinds.get("late", 0)
    where = [(unit, n) for unit, n in late.items() if n]
    if len(where) == 1:
        unit, n = where[0]
        return f"{_doses(n)} overdue on {unit}" if unit else f"{_doses(n)} overdue"
    if where:
        return f"{_doses(sum(n for _, n in where))} overdue in the home"
    waiting = sum(1 for tally in tallies.values() if tally.kinds.get("due"))
    return f"Nobody is late, {_people(waiting)} due now" if waiting else "Nobody is late"


def _doses(n: int) -> str:
    return _many(n, "dose", "doses")


def _people(n: int) -> str:
    return _many(n, "person", "people")


def _many(n: int, one: str, more: str) -> str:
    """A count with its unit: people and doses are not the same number."""
    return f"{n} {one if n == 1 else more}"


def _floors(people, tiles: dict[int, Tile], tallies: Mapping[int, _Tally]) -> tuple[Floor, ...]:
    units: dict[str, list[ResidentCard]] = defaultdict(list)
    for r in people:
        units[r.unit].append(r)
    floors = []
    for unit, own in sorted(units.items(), key=lambda pair: _first_room(pair[1])):
        ordered = sorted(own, key=lambda r: _rank(tallies.get(r.id, _NOTHING).worst))
        count = _people(len(own))
        floors.append(Floor(unit or "No unit", count, tuple(tiles[r.id] for r in ordered)))
    return tuple(floors)


def _first_room(own: list[ResidentCard]) -> tuple:
    from medpwa.residents.rules import room_order

    return min(room_order(r.room) for r in own)


def _rank(worst: DoseLine | None) -> tuple:
    """Late first, the latest at the top; then gaps, due and the rest, each by time."""
    if worst is None:
        return (len(WEIGHT), 0)
    return (WEIGHT.index(worst.state.kind), -worst.state.late_by.total_seconds())


def _worst(own: Iterable[DoseLine]) -> DoseLine | None:
    weighty = [x for x in own if x.state.kind in WEIGHT]
    return min(weighty, key=lambda x: (WEIGHT.index(x.state.kind), x.due_at)) if weighty else None


def _kept_tile(who: Actor, r: ResidentCard, own: tuple[DoseLine, ...], tally: _Tally, reports: int, looked, at) -> Tile:
    gap = _gap_words(tally.worst, looked)
    basis = (r, own, reports, gap, moment_of(at))
    return remembered("tile", (who.home_id, r.id), basis, lambda: _tile(who, r, own, tally.worst, reports, gap, at))


def _gap_words(worst: DoseLine | None, looked: gap_queries.Reviews) -> str:
    """How far the gap that a tile is about was looked into; empty for every other tile."""
    if worst is None or worst.state.kind != "gap":
        return ""
    review = looked.get(worst.place)
    return gap_queries.words_for(gap_rules.state_of("gap", review), review)


def _tile(who: Actor, r: ResidentCard, own, worst: DoseLine | None, flagged: int, gap: str, at: dt.datetime) -> Tile:
    told = worst or _next(own)
    tone, words = _tile_words(who, r, own, worst, at)
    given = sum(1 for x in own if x.state.kind in ("given", "reported"))
    late = worst is not None and worst.state.kind == "late"
    return Tile(
        name=r.name,
        url=f"{r.url}/card",
        room=r.room_words,
        photo_url=r.photo_url,
        tone=tone,
        words=words,
        second=". ".join(w for w in (gap, f"{flagged} to review" if flagged else "") if w),
        given=given,
        flagged=flagged,
        late=late,
        medicine=words_of.medicine(worst.order) if late else "",
        rest=f"due {clock.time_words(worst.due_at, who.zone)}." if late else "",
        due_words=clock.time_words(told.due_at, who.zone) if told else "",
    )


def _tile_words(who: Actor, r: ResidentCard, own, worst: DoseLine | None, at: dt.datetime) -> tuple[str, str]:
    if r.whereabouts in AWAY:
        return "away", r.whereabouts_words
    if worst is not None:
        return recorded.state_words(worst, at, who.zone)
    coming = _next(own)
    if coming is not None:
        return recorded.state_words(coming, at, who.zone)
    last = [x for x in own if x.state.kind in ("given", "reported")]
    if last:
        return recorded.state_words(max(last, key=lambda x: x.due_at), at, who.zone)
    return "plain", "No medicines due"


def _next(own: Iterable[DoseLine]) -> DoseLine | None:
    return min((x for x in own if x.state.kind == "coming"), key=lambda x: x.due_at, default=None)


def _counts(tallies: Iterable[_Tally], reports: int) -> tuple[tuple[str, str], ...]:
    """The last 24 hours in words, one tone each, and the reports that wait; what is nothing is left out, except what
    was given."""
    kinds: Counter[str] = Counter()
    for tally in tallies:
        kinds.update(tally.kinds)
    said = [("given", f"{_doses(kinds['given'] + kinds['reported'])} given")]
    for kind, tone, word in (
        ("due", "due", "due"),
        ("late", "late", "late"),
        ("again", "not_given", "to try again"),
        ("not_given", "not_given", "not given, with a reason"),
        ("away", "away", "away"),
        ("gap", "missed", "without a record"),
    ):
        if kinds[kind]:
            said.append((tone, f"{_doses(kinds[kind])} {word}"))
    return tuple(said + ([("flagged", f"{_many(reports, 'report', 'reports')} to review")] if reports else []))
