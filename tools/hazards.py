"""The hazard log, read: `docs/safety/hazards.yaml`. Standard library only.

The log is YAML of the plainest kind: mappings, lists of mappings or of words, and values on one line, bare or in double
quotes as JSON has them. Anything else stops with its line, so that nothing is read otherwise than it looks.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOG = ROOT / "docs" / "safety" / "hazards.yaml"
_PAIR = re.compile(r"(?P<key>[a-z_]+):(?: (?P<value>.+))?")


class Unreadable(ValueError):
    """A line of the log that is not of its plain kind."""


@dataclass(frozen=True)
class Sabotage:
    """One line of the product changed so that a control is gone."""

    name: str
    file: str
    find: str
    replace: str


@dataclass(frozen=True)
class Control:
    """What stands against a hazard, and what proves it."""

    id: str
    says: str
    tests: tuple[str, ...]
    sabotage: Sabotage


def controls(path: Path = LOG) -> list[Control]:
    """Every control of the log, in its order."""
    return [_control(c) for hazard in read(path)["hazards"] for c in hazard["controls"]]


def _control(kept: dict[str, Any]) -> Control:
    return Control(kept["id"], kept["says"], tuple(kept["tests"]), Sabotage(**kept["sabotage"]))


def read(path: Path = LOG) -> dict[str, Any]:
    """The log as nested dicts and lists. Raises Unreadable with the line."""
    lines = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        words = line.strip()
        if words and not words.startswith("#"):
            lines.append((number, len(line) - len(line.lstrip(" ")), words))
    found, rest = _block(lines, 0)
    if rest:
        raise Unreadable(f"line {rest[0][0]}: indented otherwise than what it belongs to")
    return found


Lines = list[tuple[int, int, str]]


def _block(lines: Lines, indent: int) -> tuple[Any, Lines]:
    """A mapping or a list that stands at an indentation, and what is left."""
    if lines and lines[0][2].startswith("- "):
        return _list(lines, indent)
    found: dict[str, Any] = {}
    while lines and lines[0][1] == indent and not lines[0][2].startswith("- "):
        number, _, words = lines[0]
        pair = _PAIR.fullmatch(words)
        if pair is None or pair["key"] in found:
            raise Unreadable(f"line {number}: no `key: value`, or a key that was there already")
        lines = lines[1:]
        if pair["value"] is None:
            if not lines or lines[0][1] <= indent:
                raise Unreadable(f"line {number}: nothing stands under it")
            found[pair["key"]], lines = _block(lines, lines[0][1])
        else:
            found[pair["key"]] = _value(number, pair["value"])
    return found, lines


def _list(lines: Lines, indent: int) -> tuple[list[Any], Lines]:
    found: list[Any] = []
    while lines and lines[0][1] == indent and lines[0][2].startswith("- "):
        number, _, words = lines[0]
        inner = words.removeprefix("- ")
        if _PAIR.fullmatch(inner):
            item, lines = _block([(number, indent + 2, inner), *lines[1:]], indent + 2)
        else:
            item, lines = _value(number, inner), lines[1:]
        found.append(item)
    return found, lines


def _value(number: int, words: str) -> str | int:
    if words.startswith('"'):
        try:
            return json.loads(words)
        except ValueError:
            raise Unreadable(f"line {number}: a quoted value that does not end where the line does") from None
    if words[0] in "'[{|>&*!%@`" or ": " in words or " #" in words:
        raise Unreadable(f"line {number}: put this value in double quotes")
    return int(words) if words.isdigit() else words
