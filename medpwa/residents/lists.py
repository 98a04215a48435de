"""The page that finds people: everybody by unit, or those whose name or room matches."""

from __future__ import annotations

from dataclasses import dataclass

from medpwa.permits import Actor, may
from medpwa.residents import rules
from medpwa.residents.queries import ResidentCard, residents_at, units_of

LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Row:
    """One person of a list."""

    card: ResidentCard
    second: str
    tone: str | None = None
    words: str | None = None
    icon: str | None = None


def searched(typed: str) -> str:
    """What was typed into the search box, on one line; a longer text is cut, nobody is called that."""
    return " ".join(typed.replace("\x00", "").split())[:LONGEST_SEARCH]


def people_page(who: Actor, wanted: str) -> dict:
    """The template's words: groups of rows and the sentence that answers the search."""
    everybody = residents_at(who.home_id, include_left=True)
    found = [c for c in everybody if matches(c, wanted)] if wanted else everybody
    here = [c for c in found if c.whereabouts == "home"]
    gone = [c for c in found if c.whereabouts != "home"]
    return {
        "sentence": _sentence(who, wanted, found, everybody),
        "wanted": wanted,
        "groups": _groups(who, here),
        "gone": [_row(c) for c in gone],
        "gone_words": _gone_words(gone),
        "can_add": may("residents.add", who),
        "can_print": may("labels.print", who),
        "base": f"/h/{who.home_slug}",
    }


def matches(card: ResidentCard, wanted: str) -> bool:
    """Whether every word typed begins a name of the person, or is their room; accents and capitals do not matter."""
    names = [rules.letters(w) for n in (card.given_name, card.family_name, card.preferred_name) for w in n.split()]
    names += [rules.letters(n) for n in (card.given_name, card.family_name, card.preferred_name)]
    words = [w for w in wanted.casefold().split() if w != "room"]
    return all(_is_room(card, w) or _begins(names, rules.letters(w)) for w in words)


def _is_room(card: ResidentCard, word: str) -> bool:
    return bool(card.room) and card.room.casefold() == word


def _begins(names: list[str], word: str) -> bool:
    return bool(word) and any(name.startswith(word) for name in names)


def _sentence(who: Actor, wanted: str, found: list[ResidentCard], everybody: list[ResidentCard]) -> str:
    if wanted:
        return f"{_count(len(found))} found for “{wanted}”"
    living = sum(not c.has_left for c in everybody)
    return f"{_count(living)} {'lives' if living == 1 else 'live'} at {who.home_name}"


def _count(n: int) -> str:
    return {0: "Nobody", 1: "1 person"}.get(n, f"{n} people")


def _groups(who: Actor, here: list[ResidentCard]) -> list[tuple[str, list[Row]]]:
    units = [*units_of(who.home_id), ""]
    named = [(u, [_row(c) for c in here if (c.unit if c.unit in units else "") == u]) for u in units]
    return [(unit or "No unit", rows) for unit, rows in named if rows]


def _gone_words(gone: list[ResidentCard]) -> str:
    away, left = sum(not c.has_left for c in gone), sum(c.has_left for c in gone)
    said = [f"{_count(away)} {'is' if away == 1 else 'are'} away"] if away else []
    if left:
        words = f"{left} {'has' if left == 1 else 'have'} left" if said else f"{_count(left)} {_have(left)} left"
        said.append(words)
    return " and ".join(said)


def _have(n: int) -> str:
    return "has" if n == 1 else "have"


def _row(card: ResidentCard) -> Row:
    second = card.born_words if card.called == card.given_name else f"Likes “{card.called}”. {card.born_words}"
    if card.allergy_status == "not_recorded" and not card.has_left:
        return Row(card, second, "blocked", "Allergies not recorded")
    if card.whereabouts != "home":
        return Row(card, second, "away", card.whereabouts_words)
    if card.similar:
        return Row(card, second, "flagged", f"Similar name: {', '.join(card.similar)}", "users")
    return Row(card, second)
