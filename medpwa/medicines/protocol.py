"""Pure decisions about what goes with an order in words of its own: the protocol of a when-required medicine, and the
prescriber's advice a one-off order past a limit rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from medpwa.medicines.vocabulary import ADVICE, MOST_LINES, PROTOCOL, Part
from medpwa.medicines.writing import unsafe_writing

Problem = tuple[str, str]
LONGEST_EFFECT = 4320  # minutes: a laxative is looked at after up to three days
MOST_DAYS = 366


def field_of(part: str) -> str:
    """The name of the form's field for a part of the protocol."""
    return f"p_{part}"


def problems(kind: str, protocol: Mapping[str, Any] | None) -> list[Problem]:
    """What keeps a protocol from standing; a when-required order cannot be without one."""
    if kind != "prn":
        return [("pattern", "Only a when-required medicine has a protocol.")] if protocol else []
    said = protocol or {}
    unknown = sorted(set(said) - set(PROTOCOL))
    if unknown:
        return [("pattern", f"A protocol has no part called {unknown[0][:20]}.")]
    return [problem for name, part in PROTOCOL.items() for problem in _part(name, part, said.get(name))]


def _part(name: str, part: Part, value: Any) -> Iterator[Problem]:
    field = field_of(name)
    if value is None or value == "" or value == []:
        if part.required:
            yield field, f"{part.label}: the protocol needs this."
    elif part.kept == "yesno":
        if not isinstance(value, bool):
            yield field, "Say yes or no."
    elif part.kept in ("minutes", "days"):
        most = LONGEST_EFFECT if part.kept == "minutes" else MOST_DAYS
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= most:
            yield field, f"{part.label}: write a figure from 1 to {most}."
    else:
        yield from _texts(field, part, value)


def _texts(field: str, part: Part, value: Any) -> Iterator[Problem]:
    lines = value if part.kept == "list" else [value]
    if not isinstance(lines, list) or not all(isinstance(text, str) for text in lines):
        yield field, f"{part.label}: write it in words."
        return
    if len(lines) > MOST_LINES:
        yield field, f"{part.label}: at most {MOST_LINES} lines."
    if len({text.casefold() for text in lines}) < len(lines):
        yield field, f"{part.label}: the same line is there twice."
    if any(len(text) > part.longest for text in lines):
        line = "a line may have" if part.kept == "list" else "this may have"
        yield field, f"{part.label}: {line} {part.longest} letters. Make it shorter."
    for words in dict.fromkeys(words for text in lines for words in unsafe_writing(text)):
        yield field, words


# ---------------------------------------------------------------- advice


def advice_problems(kind: str, advice: Mapping[str, Any] | None) -> list[Problem]:
    """What is missing of the advice a one-off order past a limit rests on (bar page 5): who, their role, when, that it
    was read back, and who heard the call. All of it or none of it."""
    if not advice:
        return []
    if kind != "once":
        return [("pattern", "Only one dose, once, goes past a limit on advice.")]
    found = []
    for name, part in ADVICE.items():
        value = advice.get(name)
        if not value:
            found.append((f"a_{name}", part.hint if part.kept == "yesno" else f"{part.label}: this is needed."))
        elif isinstance(value, str) and len(value) > part.longest:
            found.append((f"a_{name}", f"{part.label}: this may have {part.longest} letters. Make it shorter."))
    if not found and _same(advice["heard_by"], advice["name"]):
        found.append(("a_heard_by", "Whoever heard the call is somebody other than the prescriber."))
    return found


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
