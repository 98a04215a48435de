"""Pure decisions about residents: NHS numbers, easily confused names, where somebody is, typed codes, photos."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

# ---------------------------------------------------------------- versions and whereabouts


class Version(Protocol):
    """A row that holds from a moment on."""

    id: int
    valid_from: dt.datetime


V = TypeVar("V", bound=Version)
T = TypeVar("T")


def in_force(rows: Iterable[V], at: dt.datetime) -> V | None:
    """The row that holds at a moment: the latest by valid-from, then by id. None before the first."""
    begun = [r for r in rows if r.valid_from <= at]
    return max(begun, key=lambda r: (r.valid_from, r.id)) if begun else None


@dataclass(frozen=True)
class Stay:
    """A whereabouts row as stored."""

    id: int
    valid_from: dt.datetime
    state: str
    expected_back: dt.datetime | None = None
    note: str = ""
    at: dt.datetime | None = None  # when it was keyed


def spans(stays: Iterable[Stay]) -> tuple[Stay, ...]:
    """Where somebody was, as one unbroken line: rows in order of time, a later row for the same instant replacing an
    earlier one, and a row that repeats the state before it joined to it (so that `since` is when it really began)."""
    line: list[Stay] = []
    for stay in sorted(stays, key=lambda s: (s.valid_from, s.id)):
        if line and line[-1].valid_from == stay.valid_from and line[-1].state != stay.state:
            line.pop()
        if line and line[-1].state == stay.state:
            begun = line.pop()
            stay = replace(stay, valid_from=begun.valid_from, at=begun.at)
        line.append(stay)
    return tuple(line)


def whereabouts_at(line: Iterable[Stay], at: dt.datetime) -> Stay | None:
    """The span a moment falls in; None before the person came."""
    return latest_at(((stay.valid_from, stay) for stay in line), at)


def latest_at(spans: Iterable[tuple[dt.datetime, T]], at: dt.datetime) -> T | None:
    """What holds at a moment, of spans in order that each last until the next begins; None before the first."""
    found = None
    for since, what in spans:
        if since > at:
            break
        found = what
    return found


# ---------------------------------------------------------------- NHS number (domain 9.6)


def nhs_digits(typed: str) -> str:
    """The digits of a typed NHS number without spaces and hyphens; full-width digits count as what they look like."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed))


def nhs_number_is_valid(digits: str) -> bool:
    """Ten ASCII digits whose last is the check digit: weights 10 to 2 on the first nine, 11 minus the sum modulo 11;
    11 counts as 0, and 10 is never issued. Ten noughts pass the sum and are nobody's."""
    if len(digits) != 10 or not digits.isascii() or not digits.isdigit() or digits == "0000000000":
        return False
    total = sum(weight * int(d) for weight, d in zip(range(10, 1, -1), digits, strict=False))
    return (11 - total % 11) % 11 == int(digits[9])  # a check of 10 equals no digit


def nhs_words(digits: str) -> str:
    """Shown 3-3-4, on one line."""
    return "\u00a0".join((digits[:3], digits[3:6], digits[6:])) if digits else ""


# ---------------------------------------------------------------- names that are easily mixed up


@dataclass(frozen=True)
class Name:
    """What a person is called, for comparing."""

    given: str
    family: str


def letters(text: str) -> str:
    """A name's bare letters: lower case, no accents, no spaces, hyphens or apostrophes."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if c.isalpha())


def similar(a: Name, b: Name) -> bool:
    """Whether two residents' names could be taken for one another at a glance or by ear. One of three holds:

    1. the same family name;
    2. given names with the same first letter and family names one slip apart (two in names of seven letters or more);
    3. given and family name both sound alike (`sound`).
    """
    family_a, family_b = letters(a.family), letters(b.family)
    given_a, given_b = letters(a.given), letters(b.given)
    if not family_a or not family_b:
        return False
    if family_a == family_b:
        return True
    slips = 2 if min(len(family_a), len(family_b)) >= 7 else 1
    if given_a[:1] == given_b[:1] and distance(family_a, family_b) <= slips:
        return True
    return sound(given_a) == sound(given_b) and sound(family_a) == sound(family_b)


def distance(a: str, b: str) -> int:
    """How many slips make one word the other: a letter wrong, missing, extra, or two neighbours swapped."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row, older = row, [i], before
        for j, y in enumerate(b, 1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                best = min(best, older[j - 2] + 1)
            row.append(best)
        before = last
    return row[-1]


_SOUNDS = (
    (r"ph", "f"),
    (r"v", "f"),
    (r"^(kn|gn)", "n"),
    (r"^wr", "r"),
    (r"c(?=[eiy])", "s"),
    (r"g(?=[eiy])", "j"),
    (r"ck|c|q", "k"),
    (r"x", "ks"),
    (r"z", "s"),
    (r"(?<=.)h", ""),
    (r"(?<=.)w(?![aeiouy])", ""),
    (r"(?<=.)[aeiouy]+", ""),
    (r"^[aeiouy]", "a"),
    (r"(.)\1+", r"\1"),
)


def sound(word: str) -> str:
    """A rough skeleton of how an English speaker says a name: consonants in order, vowels only as "begins with one".
    Catherine and Kathryn, Reid and Read, Stephen and Steven come out alike. Rough on purpose: it only raises a hand."""
    for pattern, to in _SOUNDS:
        word = re.sub(pattern, to, word)
    return word


# ---------------------------------------------------------------- codes

# 23 capitals, a prime number: without I, L and O, which are taken for 1 and 0. One rule here and on the phone
# (static/js/mar/short-code.js); tests/shared/short_codes.json holds both to it.
SHORT_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ"
SHORT_WEIGHTS = (1, 2, 3, 4, 5, 6)
SHORT_LENGTH = len(SHORT_WEIGHTS) + 1
_TOKEN_ADDRESS = re.compile(r"(?:(https?)://([^/?#@\\\s]+))?/r/([a-z2-7]{32})", re.IGNORECASE | re.ASCII)
_USUAL_PORT = {"http": ":80", "https": ":443"}


def check_letter(six: str) -> str:
    """The seventh letter of a typed code. No two places weigh the same, so that any one wrong letter and any two that
    changed places ask for another check letter."""
    total = sum(weight * SHORT_ALPHABET.index(c) for weight, c in zip(SHORT_WEIGHTS, six, strict=True))
    return SHORT_ALPHABET[total % len(SHORT_ALPHABET)]


def short_code_of(typed: str) -> str | None:
    """The code as printed of what somebody typed (spaces, hyphens, dots and small letters forgiven), or None."""
    code = re.sub(r"[\s.-]+", "", typed.upper())
    if len(code) != SHORT_LENGTH or any(c not in SHORT_ALPHABET for c in code):
        return None
    return code if check_letter(code[:-1]) == code[-1] else None


def short_words(code: str) -> str:
    """As printed under the code: in two groups that stay on one line."""
    return f"{code[:4]}\u00a0{code[4:]}"


def token_in(text: str, origins: Iterable[str]) -> str | None:
    """The token of a scanned text that is a path /r/… or an address on one of our origins; otherwise None."""
    found = _TOKEN_ADDRESS.fullmatch(text.strip())
    if found is None:
        return None
    scheme, host, token = found.groups()
    if scheme is None or _origin(scheme, host) in {_plain_origin(o) for o in origins if o}:
        return token
    return None


def _plain_origin(address: str) -> str | None:
    found = re.match(r"(https?)://([^/?#]+)", address, re.IGNORECASE)
    return _origin(*found.groups()) if found else None


def _origin(scheme: str, host: str) -> str:
    scheme, host = scheme.lower(), host.lower()
    return f"{scheme}://{host.removesuffix(_USUAL_PORT[scheme])}"


# ---------------------------------------------------------------- rooms


def room_order(room: str) -> tuple:
    """Rooms as people count them: 2 before 10, 10A after 10, named rooms after numbers, no room last."""
    found = re.match(r"(\d{1,9})(.*)", room, re.ASCII)
    if found:
        return (0, int(found.group(1)), found.group(2).strip().casefold())
    return (1, 0, room.casefold()) if room else (2, 0, "")


def room_words(room: str) -> str:
    """`Room 7`; a room with a name of its own keeps it; `No room` when none is recorded."""
    if not room:
        return "No\u00a0room"
    return f"Room\u00a0{room}" if room[:1].isdigit() else room


# ---------------------------------------------------------------- photos

LARGEST_PHOTO = 5 * 1024 * 1024
MOST_PIXELS = 25_000_000  # what phones take by default; unpacked it fills 75 MB, anything larger is refused before
SMALLEST_SIDE = 64


def photo_kind(head: bytes) -> str:
    """What a file really is, by its first bytes: jpeg, png, webp, heic or empty for everything else."""
    if head[:3] == b"\xff\xd8\xff":
        return "jpeg"
    if head[:8] == b"\x89PNG\r\n\x1a\n":
        return "png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"):
        return "heic"
    return ""


def photo_fault(size: int, kind: str) -> str:
    """What keeps a file from being a photo, in words, or nothing."""
    if size > LARGEST_PHOTO:
        return "The photo is larger than 5 MB. Choose a smaller one, or take it again at a lower quality."
    if kind == "heic":
        return "This is a HEIC picture, which cannot be read here. Save it as JPEG, or take the photo with this page."
    if not kind:
        return "This file is not a photo. Choose a JPEG, PNG or WebP picture."
    return ""
