"""What the pages of labels show: lists with words, the choice of what to print, sheets of tags."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from medpwa import clock
from medpwa.errors import NotFound
from medpwa.permits import Actor, may
from medpwa.residents import labels, rules
from medpwa.residents.labels import LabelRow
from medpwa.residents.queries import ResidentCard, residents_at
from medpwa.residents.vocabulary import LABEL_PLACES
from medpwa.staff import queries as staff

STICKERS, CARDS = 21, 10  # to a page
MOST_AT_ONCE = 210


# ---------------------------------------------------------------- one person's labels


@dataclass(frozen=True)
class LabelLine:
    """A label as its person's page lists it."""

    id: int
    place: str
    code: str
    made: str
    ended: str
    print_url: str
    revoke_url: str


def of_resident(who: Actor, card: ResidentCard, *, made: str = "", ended: str = "") -> dict:
    """A person's labels with the sentence that answers the page."""
    rows = labels.labels_of([card.id])
    names = staff.names({p for r in rows for p in (r.made_by, r.ended_by) if p})
    lines = [_line(who, r, names) for r in rows]
    live = [x for x, r in zip(lines, rows, strict=True) if r.ended_at is None]
    return {
        "sentence": _sentence(card, len(live)),
        "saved": _saved(live, made, ended),
        "live": live,
        "revoked": [x for x, r in zip(lines, rows, strict=True) if r.ended_at is not None],
        "can_make": may("labels.make", who) and not card.has_left,
        "base": f"/h/{who.home_slug}",
    }


def _sentence(card: ResidentCard, count: int) -> str:
    if not count:
        return f"{card.called} has no label in use"
    return f"{card.called} has {count} label{'' if count == 1 else 's'} in use"


def _saved(live: list[LabelLine], made: str, ended: str) -> str:
    line = next((x for x in live if str(x.id) == made), None)
    if line is not None:
        return f"The label is made: {line.place.lower()}, {line.code}. Print it and put it there."
    if ended.isascii() and ended.isdigit() and ended != "0":
        return "Revoked. The code opens nothing from now on; take the printed label away."
    return ""


def _line(who: Actor, row: LabelRow, names: dict[int, str]) -> LabelLine:
    base = f"/h/{who.home_slug}/labels"
    ended = ""
    if row.ended_at is not None:
        ended = f"Revoked {_when(who, row.ended_at, row.ended_by, names)}. {row.end_reason}"
    return LabelLine(
        id=row.id,
        place=LABEL_PLACES[row.place],
        code=rules.short_words(row.short_code),
        made=f"Made {_when(who, row.made_at, row.made_by, names)}",
        ended=ended,
        print_url=f"{base}/cards?label={row.id}",
        revoke_url=f"{base}/{row.id}/revoke",
    )


def _when(who: Actor, at, by: int | None, names: dict[int, str]) -> str:
    name = names.get(by, "") if by else ""
    return clock.moment_words(at, who.zone) + (f" by {name}" if name else "")


# ---------------------------------------------------------------- choosing what to print


@dataclass(frozen=True)
class Choice:
    """One person of the choosing page: a tick for each place, and which of them have a label already."""

    field: str
    legend: str
    options: tuple[tuple[str, str], ...]
    ticked: tuple[str, ...]
    hint: str


def choosing(
    who: Actor, pick: str, *, wanted: tuple[tuple[int, str], ...] = (), start: str = "1", kind: str = "sheet"
) -> dict:
    """The choosing page. `pick` ticks for one: `missing` the labels with the person that nobody made yet, `person`,
    `door` or `folder` that place for everybody."""
    people = residents_at(who.home_id)
    have: dict[int, set[str]] = {card.id: set() for card in people}
    for row in labels.labels_of(have, live=True):
        have[row.resident_id].add(row.place)
    ticked = {card.id: _picked(pick, have[card.id]) | {p for rid, p in wanted if rid == card.id} for card in people}
    missing = sum("person" not in places for places in have.values())
    return {
        "sentence": _missing_words(missing, len(people)),
        "choices": [_choice(card, have[card.id], ticked[card.id]) for card in people],
        "start": start,
        "kind": kind,
        "missing": missing,
        "base": f"/h/{who.home_slug}",
        "can_code_sheet": may("labels.code_sheet", who),
    }


def _picked(pick: str, have: set[str]) -> set[str]:
    if pick == "missing":
        return set() if "person" in have else {"person"}
    return {pick} if pick in LABEL_PLACES else set()


def _missing_words(missing: int, people: int) -> str:
    if not people:
        return "Nobody lives here yet, so there is nothing to print"
    if not missing:
        return "Everybody has a label with them"
    return f"{missing} of {people} people {'has' if missing == 1 else 'have'} no label with them yet"


def _choice(card: ResidentCard, have: set[str], ticked: set[str]) -> Choice:
    made = [LABEL_PLACES[p].lower() for p in LABEL_PLACES if p in have]
    return Choice(
        field=f"places_{card.id}",
        legend=f"{card.name}, {card.room_words}",
        options=tuple(LABEL_PLACES.items()),
        ticked=tuple(ticked),
        hint=f"In use: {', '.join(made)}" if made else "No label in use yet",
    )


def chosen(who: Actor, several: Callable[[str], list[str]]) -> tuple[tuple[int, str], ...]:
    """The (resident, place) pairs that were ticked; places that do not exist are not there."""
    pairs = ((card.id, place) for card in residents_at(who.home_id) for place in several(f"places_{card.id}"))
    return tuple(dict.fromkeys(pair for pair in pairs if pair[1] in LABEL_PLACES))


def print_faults(wanted: tuple, start: str, kind: str) -> list[tuple[str | None, str]]:
    """What keeps a choice from being printed."""
    faults: list[tuple[str | None, str]] = []
    if not wanted:
        faults.append((None, "Tick at least one place of one person."))
    if len(wanted) > MOST_AT_ONCE:
        faults.append((None, f"At most {MOST_AT_ONCE} labels can be printed at once. Print them in two parts."))
    if kind not in ("sheet", "cards"):
        faults.append(("kind", "Choose stickers or cards."))
    if not (start.isascii() and start.isdigit() and len(start) < 3 and 1 <= int(start) <= STICKERS):
        faults.append(("start", f"The first free sticker is a number from 1 to {STICKERS}."))
    return faults


def print_url(who: Actor, kind: str, ids: list[int], start: int) -> str:
    """Where the chosen labels are printed."""
    query = [("label", i) for i in ids] + ([("start", start)] if kind == "sheet" and start > 1 else [])
    return f"/h/{who.home_slug}/labels/{kind}?{urlencode(query)}"


# ---------------------------------------------------------------- prints


@dataclass(frozen=True)
class Tag:
    """What is printed on a label: no date of birth, no number, no medicine. `name` is what they are called."""

    code_url: str
    alt: str
    name: str
    room: str
    letters: str
    place: str


def tags(who: Actor, asked: list[str]) -> list[Tag]:
    """Tags of labels by id, in the order asked for. A label of another home is not there; a revoked one is left out."""
    ids = [int(x) for x in asked[:MOST_AT_ONCE] if x.isascii() and x.isdigit() and len(x) < 16]
    people = {card.id: card for card in residents_at(who.home_id)}
    known = {row.id: row for row in labels.labels_of(people, live=True)}
    if not ids or len(ids) != len(asked):
        raise NotFound()
    for label_id in set(ids) - set(known):
        labels.label_of(who, label_id)
    return [_tag(who, people[known[i].resident_id], known[i]) for i in dict.fromkeys(ids) if i in known]


def practice_tags(who: Actor) -> list[Tag]:
    """One tag a person, by room: the oldest label in use that is with them."""
    people = residents_at(who.home_id)
    rows = [r for r in labels.labels_of([p.id for p in people], live=True) if r.place == "person"]
    first = {r.resident_id: r for r in reversed(rows)}
    return [_tag(who, card, first[card.id]) for card in people if card.id in first]


def _tag(who: Actor, card: ResidentCard, row: LabelRow) -> Tag:
    return Tag(
        code_url=f"/h/{who.home_slug}/labels/{row.id}/code.svg",
        alt=f"Code of {card.called}, {LABEL_PLACES[row.place].lower()}",
        name=card.called,
        room=card.room_words,
        letters=rules.short_words(row.short_code),
        place=LABEL_PLACES[row.place],
    )


def start_of(text: str) -> int:
    """The first free sticker of a sheet that was used before, 1 when the address says something else."""
    ok = text.isascii() and text.isdigit() and len(text) < 3 and 1 <= int(text) <= STICKERS
    return int(text) if ok else 1


def sheets(all_tags: Iterable[Tag | None], size: int) -> list[list[Tag | None]]:
    """Tags in pages; the last page is filled up with empty places so that the grid stands."""
    left = list(all_tags)
    pages = [left[i : i + size] for i in range(0, len(left), size)]
    if pages:
        pages[-1] += [None] * (size - len(pages[-1]))
    return pages
