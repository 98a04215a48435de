"""The live floor board: everybody as a tile by unit; what is given, due, late, a gap, flagged; who was refused."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from medpwa import clock, ledger
from medpwa.mar import card, queries
from medpwa.mar.queries import DoseLine
from medpwa.medicines import rules as medicines
from medpwa.permits import Actor
from medpwa.residents.queries import ResidentCard, residents_at
from medpwa.residents.vocabulary import AWAY
from medpwa.staff import queries as staff

AHEAD = dt.timedelta(hours=16)
ATTEMPTS_SINCE = dt.timedelta(hours=12)
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


@dataclass(frozen=True)
class Floor:
    """One unit of the home."""

    name: str
    count: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class Attempt:
    """Somebody tried to give a dose without a sign-off: an early sign of a shortage, not of a fault."""

    words: str
    at_words: str
    url: str


@dataclass(frozen=True)
class Board:
    """Everything the board shows."""

    sentence: str
    at_words: str
    floors: tuple[Floor, ...]
    attempts: tuple[Attempt, ...]
    counts: tuple[tuple[str, str], ...]  # (tone, words)


def board(who: Actor, at: dt.datetime | None = None) -> Board:
    """The floor now, for the whole home."""
    at = at or clock.now()
    people = residents_at(who.home_id, at)
    lines = queries.lines_between(who, at - queries.LOOK_BACK, at + AHEAD, at)
    by_person: dict[int, list[DoseLine]] = defaultdict(list)
    for x in lines:
        by_person[x.order.resident_id].append(x)
    tiles = {r.id: _tile(who, r, by_person.get(r.id, []), at) for r in people}
    return Board(
        sentence=_sentence(people, by_person),
        at_words=clock.time_words(at, who.zone),
        floors=_floors(people, tiles, by_person),
        attempts=tuple(attempts(who, at)),
        counts=_counts(lines, at),
    )


def _sentence(people: list[ResidentCard], by_person: dict[int, list[DoseLine]]) -> str:
    late = {r.unit: 0 for r in people}
    for r in people:
        late[r.unit] += sum(1 for x in by_person.get(r.id, []) if x.state.kind == "late")
    where = [(unit, n) for unit, n in late.items() if n]
    if len(where) == 1:
        return f"{where[0][1]} overdue on {where[0][0]}" if where[0][0] else f"{where[0][1]} overdue"
    if where:
        return f"{sum(n for _, n in where)} overdue in the home"
    waiting = sum(1 for own in by_person.values() if any(x.state.kind == "due" for x in own))
    return f"Nobody is late, {waiting} due now" if waiting else "Nobody is late"


def _floors(people, tiles: dict[int, Tile], by_person) -> tuple[Floor, ...]:
    units: dict[str, list[ResidentCard]] = defaultdict(list)
    for r in people:
        units[r.unit].append(r)
    floors = []
    for unit, own in sorted(units.items(), key=lambda pair: _first_room(pair[1])):
        ordered = sorted(own, key=lambda r: _rank(by_person.get(r.id, [])))
        count = f"{len(own)} {'person' if len(own) == 1 else 'people'}"
        floors.append(Floor(unit or "No unit", count, tuple(tiles[r.id] for r in ordered)))
    return tuple(floors)


def _first_room(own: list[ResidentCard]) -> tuple:
    from medpwa.residents.rules import room_order

    return min(room_order(r.room) for r in own)


def _rank(own: list[DoseLine]) -> tuple:
    """Late first, the latest at the top; then gaps, due and the rest, each by time."""
    worst = _worst(own)
    if worst is None:
        return (len(WEIGHT), 0)
    return (WEIGHT.index(worst.state.kind), -worst.state.late_by.total_seconds())


def _worst(own: list[DoseLine]) -> DoseLine | None:
    weighty = [x for x in own if x.state.kind in WEIGHT]
    return min(weighty, key=lambda x: (WEIGHT.index(x.state.kind), x.due_at)) if weighty else None


def _tile(who: Actor, r: ResidentCard, own: list[DoseLine], at: dt.datetime) -> Tile:
    worst = _worst(own)
    tone, words = _tile_words(who, r, own, worst, at)
    given = sum(1 for x in own if x.state.kind in ("given", "reported"))
    flagged = sum(1 for x in own for e in x.entries if e.after_the_fact)
    late = worst is not None and worst.state.kind == "late"
    return Tile(
        name=r.name,
        url=f"{r.url}/card",
        room=r.room_words,
        photo_url=r.photo_url,
        tone=tone,
        words=words,
        second=f"{flagged} to review" if flagged else "",
        given=given,
        flagged=flagged,
        late=late,
        medicine=medicines.medicine_words(worst.order) if late else "",
        rest=f"due {clock.time_words(worst.due_at, who.zone)}." if late else "",
    )


def _tile_words(who: Actor, r: ResidentCard, own, worst: DoseLine | None, at: dt.datetime) -> tuple[str, str]:
    if r.whereabouts in AWAY:
        return "away", r.whereabouts_words
    if worst is not None:
        return card.state_words(worst, at, who.zone)
    coming = [x for x in own if x.state.kind == "coming"]
    if coming:
        return card.state_words(min(coming, key=lambda x: x.due_at), at, who.zone)
    last = [x for x in own if x.state.kind in ("given", "reported")]
    if last:
        return card.state_words(max(last, key=lambda x: x.due_at), at, who.zone)
    return "plain", "No medicines due"


def _counts(lines: list[DoseLine], at: dt.datetime) -> tuple[tuple[str, str], ...]:
    """The last 24 hours in words, one tone each; what is nothing is left out, except what was given."""
    kinds: dict[str, int] = defaultdict(int)
    flagged = 0
    for x in lines:
        if x.due_at <= at or x.state.kind != "coming":
            kinds[x.state.kind] += 1
        flagged += any(e.after_the_fact for e in x.entries)
    said = [("given", f"{kinds['given'] + kinds['reported']} given")]
    for kind, tone, word in (
        ("due", "due", "due"),
        ("late", "late", "late"),
        ("again", "not_given", "to try again"),
        ("not_given", "not_given", "not given, with a reason"),
        ("away", "away", "away"),
        ("gap", "missed", "without a record"),
    ):
        if kinds[kind]:
            said.append((tone, f"{kinds[kind]} {word}"))
    return tuple(said + ([("flagged", f"{flagged} to review")] if flagged else []))


def attempts(who: Actor, at: dt.datetime) -> list[Attempt]:
    """Refused attempts by people not signed off, in the last 12 hours, newest first."""
    wanted = (ledger.Refusal.chain == who.chain_id) & (ledger.Refusal.code == "not_signed_off")
    rows = list(
        ledger.Refusal.select()
        .where(wanted & (ledger.Refusal.at > at - ATTEMPTS_SINCE))
        .order_by(ledger.Refusal.id.desc())
        .limit(10)
    )
    people = staff.names({r.by_person for r in rows})
    return [_attempt(who, r, people, at) for r in rows]


def _attempt(who: Actor, r: ledger.Refusal, people: dict[int, str], at: dt.datetime) -> Attempt:
    from medpwa.medicines.queries import orders_of_home

    order = next((o for o in orders_of_home(who.home_id) if o.line_id == r.about.get("order_line")), None)
    what = f" {medicines.medicine_words(order)}" if order else " a medicine"
    url = f"/h/{who.home_slug}/residents/{order.resident_id}/card" if order else f"/h/{who.home_slug}/round"
    words = f"{people.get(r.by_person, 'Somebody')} was about to give{what} and is not signed off for it."
    return Attempt(words, clock.moment_words(r.at, who.zone, seen_from=at), url)
