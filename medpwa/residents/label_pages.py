"""What the pages of labels show: lists with words, the choice of what to print, sheets of tags."""

from __future__ import annotations

from collections.abc import Iterable
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


def choosing(
    who: Actor,
    pick: str,
    *,
    people: list[str] | None = None,
    places: list[str] | None = None,
    start: str = "1",
    kind: str = "sheet",
) -> dict:
    """The choosing page. `pick` ticks for one: `missing` everybody who has no label with them, `all` everybody."""
    cards = residents_at(who.home_id)
    have: dict[int, set[str]] = {card.id: set() for card in cards}
    for row in labels.labels_of(have, live=True):
        have[row.resident_id].add(row.place)
    without = [card.id for card in cards if "person" not in have[card.id]]
    picked = {"missing": without, "all": list(have)}.get(pick, [])
    return {
        "sentence": _missing_words(len(without), len(cards)),
        "people": [(card.id, f"{card.name}, {card.room_words}", _in_use(have[card.id])) for card in cards],
        "ticked": picked if people is None else people,
        "places": list(LABEL_PLACES.items()),
        "ticked_places": ["person"] if places is None else places,
        "start": start,
        "kind": kind,
        "missing": len(without),
        "base": f"/h/{who.home_slug}",
        "can_code_sheet": may("labels.code_sheet", who),
    }


def _in_use(places: set[str]) -> str:
    words = [LABEL_PLACES[p].lower() for p in LABEL_PLACES if p in places]
    return f"In use: {', '.join(words)}" if words else "No label in use yet"


def _missing_words(missing: int, people: int) -> str:
    if not people:
        return "Nobody lives here yet, so there is nothing to print"
    if not missing:
        return "Everybody has a label with them"
    return f"{missing} of {people} people {'has' if missing == 1 else 'have'} no label with them yet"


def chosen(people: list[str], places: list[str]) -> tuple[tuple[int, str], ...]:
    """The (resident, place) pairs that were ticked, person by person; what is no id and no place is not among them."""
    ids = [int(x) for x in people if x.isascii() and x.isdigit() and len(x) < 16]
    return tuple(dict.fromkeys((i, place) for i in ids for place in places if place in LABEL_PLACES))


def print_faults(people: list[str], places: list[str], start: str, kind: str) -> list[tuple[str, str]]:
    """What keeps a choice from being printed."""
    faults = []
    if not people:
        faults.append(("people", "Tick at least one person."))
    if not places:
        faults.append(("places", "Tick at least one place."))
    if len(people) * len(places) > MOST_AT_ONCE:
        faults.append(("people", f"At most {MOST_AT_ONCE} labels can be printed at once. Print them in two parts."))
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
