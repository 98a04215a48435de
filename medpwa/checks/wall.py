"""The floor as a board on a wall shows it: initials, rooms and whether somebody waits. Visitors walk past it, so no
name, no photo, no medicine and no reason is in it."""

from __future__ import annotations

from dataclasses import dataclass

from medpwa import clock
from medpwa.checks import queries
from medpwa.checks.queries import Tile
from medpwa.permits import Actor

# What a tone may say on a wall; the others keep their words, which are times alone.
_PLAIN = {"away": "Away", "missed": "No record", "not_given": "Not given", "plain": "Nothing due"}
_SIZES = ((16, "few"), (32, "some"))


@dataclass(frozen=True)
class WallTile:
    """One person, as initials."""

    initials: str
    room: str
    tone: str
    words: str


@dataclass(frozen=True)
class WallFloor:
    """One unit of the home."""

    name: str
    tiles: tuple[WallTile, ...]


@dataclass(frozen=True)
class Wall:
    """Everything the wall shows."""

    sentence: str
    at_words: str
    day_words: str
    size: str  # few, some or many people: the fewer, the larger they stand
    floors: tuple[WallFloor, ...]


def wall(who: Actor) -> Wall:
    """The floor board without anything that says who somebody is or what they take."""
    at = clock.now()
    board = queries.board(who, at)
    floors = tuple(WallFloor(f.name, tuple(_tile(t) for t in f.tiles)) for f in board.floors)
    count = sum(len(f.tiles) for f in floors)
    size = next((word for most, word in _SIZES if count <= most), "many")
    return Wall(board.sentence, board.at_words, clock.long_day_words(clock.local_day(at, who.zone)), size, floors)


def _tile(tile: Tile) -> WallTile:
    return WallTile(initials(tile.name), tile.room, tile.tone, _PLAIN.get(tile.tone) or _short(tile))


def _short(tile: Tile) -> str:
    """One line, read across a hall: a word and a clock time. It looks 16 hours ahead: a time names its day."""
    if tile.late:
        return f"Late {tile.due_words}"
    return f"Next {tile.due_words}" if tile.tone == "coming" else tile.words


def initials(name: str) -> str:
    """First letters of the first and the last part of a name."""
    parts = name.split()
    return "".join(p[:1] for p in (parts[:1] + parts[1:][-1:])).upper() or "?"
