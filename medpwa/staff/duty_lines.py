"""Duties from a file of lines, read without ever failing: what each line says, or what is wrong with it. Pure.

The first line names the columns; commas, semicolons and tabs are read alike, and so is what spreadsheets save: UTF-8
with or without its mark, UTF-16, and the Windows letters of Western Europe.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from medpwa import clock
from medpwa.staff import typed
from medpwa.staff.vocabulary import SHIFTS

MOST_BYTES = 64 * 1024
MOST_LINES = 500
FAULTS_SHOWN = 50
_FORMULA = ("=", "+", "-", "@")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))

# column: the names it goes by in a first line
COLUMNS: dict[str, tuple[str, ...]] = {
    "who": ("who", "name", "staff", "person", "user name", "username"),
    "day": ("day", "date"),
    "shift": ("shift",),
    "from": ("from", "start", "starts", "start time"),
    "until": ("until", "to", "end", "ends", "end time", "finish"),
    "what": ("what", "duty", "kind"),
}
KINDS: dict[str, str] = {
    "": "floor", "floor": "floor", "on the floor": "floor", "carer": "floor",
    "lead": "shift_leader", "leads": "shift_leader", "leader": "shift_leader", "shift leader": "shift_leader",
    "on call": "on_call", "on-call": "on_call", "oncall": "on_call",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One duty of a file, with the line it stands on."""

    line: int
    person_id: int
    starts: dt.datetime
    ends: dt.datetime
    kind: str


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says: its duties, and (line, sentence) for everything that is wrong. With a fault nothing of it is
    brought in."""

    duties: tuple[DutyLine, ...] = ()
    faults: tuple[tuple[int, str], ...] = ()


def text_of(content: bytes) -> str | None:
    """The text of a file; None for what is no text."""
    coding = next((name for mark, name in _MARKS if content.startswith(mark)), "")
    for name in (coding,) if coding else ("utf-8", "cp1252"):
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        return None if "\x00" in text else text
    return None


def read(text: str, people: Mapping[str, tuple[int, ...]], zone: str) -> Read:
    """The duties of a file. `people` says whom a name or user name, in small letters, stands for."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff").split("\n")
    if len(lines) > MOST_LINES + 1:
        return Read(faults=((len(lines), f"A file brings at most {MOST_LINES} duties. Split it in two."),))
    head = lines[0] if lines else ""
    sign = max(",;\t", key=head.count)
    columns, fault = _columns(_cells(head, sign) or [])
    if fault:
        return Read(faults=((1, fault),))
    duties: list[DutyLine] = []
    faults: list[tuple[int, str]] = []
    for number, line in enumerate(lines[1:], 2):
        if line.strip(" \t,;"):
            found = _duty(number, _cells(line, sign), columns, people, zone)
            faults += [(number, found)] if isinstance(found, str) else []
            duties += [found] if isinstance(found, DutyLine) else []
    faults += _twice(duties)
    if not duties and not faults:
        faults.append((1, "There is no duty below the first line."))
    return Read(tuple(duties), tuple(sorted(faults)))


def _cells(line: str, sign: str) -> list[str] | None:
    try:
        return [cell.strip() for row in csv.reader([line], delimiter=sign, strict=True) for cell in row]
    except csv.Error:
        return None


def _columns(head: Iterable[str]) -> tuple[dict[str, int], str]:
    """Where each column stands, or what is missing."""
    found: dict[str, int] = {}
    for place, word in enumerate(head):
        name = next((n for n, words in COLUMNS.items() if word.lower() in words), None)
        if name in found:
            return {}, f"The first line names “{name}” twice. Keep one of the two columns."
        if name:
            found[name] = place
    missing = [n for n in ("who", "day") if n not in found]
    if "shift" not in found and not {"from", "until"} <= set(found):
        missing.append("from and until, or shift")
    words = ", ".join(missing)
    return found, f"The first line has no column named {words}." if words else ""


def _duty(
    number: int, cells: list[str] | None, columns: Mapping[str, int], people: Mapping[str, tuple[int, ...]], zone: str
) -> DutyLine | str:
    """The duty on a line, or the sentence that says what is wrong with it."""
    if cells is None:
        return "A quotation mark is not closed, so the columns cannot be told apart."
    said = {name: cells[place] if place < len(cells) else "" for name, place in columns.items()}
    if any(cell.startswith(_FORMULA) for cell in said.values()):
        return "It begins with a sign that a spreadsheet takes for a formula. Type the value itself."
    who = people.get(said["who"].lower(), ())
    if len(who) != 1:
        return _who_fault(said["who"], len(who))
    kind = KINDS.get(said.get("what", "").lower())
    if kind is None:
        return f"“{said['what'][:40]}” is not what somebody does here: floor, leader or on call."
    span = _span(said, zone)
    return span if isinstance(span, str) else DutyLine(number, who[0], *span, kind)


def _who_fault(said: str, count: int) -> str:
    if not said:
        return "It does not say who."
    if count:
        return f"{count} people here are called “{said[:60]}”. Use their user name."
    return f"Nobody called “{said[:60]}” works here. Check the spelling, or use their user name."


def _span(said: Mapping[str, str], zone: str) -> tuple[dt.datetime, dt.datetime] | str:
    day = typed.day(said["day"])
    if day is None:
        return f"“{said['day'][:20]}” is not a date we can read. Type it like 16/11/2026."
    begins, until = said.get("from", ""), said.get("until", "")
    if not begins and not until and said.get("shift"):
        named = next((s for s in SHIFTS.values() if s[0].lower() == said["shift"].lower()), None)
        if named is None:
            known = ", ".join(words for words, *_ in SHIFTS.values())
            return f"There is no shift called “{said['shift'][:40]}”. Use one of: {known}."
        _, begins, until = named
    start, end = typed.clock_time(begins), typed.clock_time(until)
    if start is None or end is None:
        bad = begins if start is None else until
        return f"“{bad[:20]}” is not a time we can read. Type it like 14:30." if bad else "A time is missing."
    last = day + dt.timedelta(days=1) if end <= start else day
    return clock.at_local(day, start, zone), clock.at_local(last, end, zone)


def _twice(duties: Iterable[DutyLine]) -> list[tuple[int, str]]:
    """Lines that put somebody on the floor twice at once, or say the same again."""
    faults, earlier = [], list[DutyLine]()
    for d in duties:
        other = next((e for e in earlier if _clashes(d, e)), None)
        if other is not None:
            faults.append((d.line, f"It is for the same person at the same time as line {other.line}."))
        earlier.append(d)
    return faults


def _clashes(one: DutyLine, other: DutyLine) -> bool:
    alike = one.person_id == other.person_id and (one.kind == "on_call") == (other.kind == "on_call")
    return alike and one.starts < other.ends and other.starts < one.ends
