"""Pure decisions about a template: what it holds, and what a home may make of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from medpwa.practice.assessing_vocabulary import KINDS, LONGEST_ITEM, MOST_ITEMS, MOST_QUESTIONS

CRITICAL = "*"  # begins a line of a critical item where a home writes its own
FEWEST_DOMAINS = 10
BOUNDS: dict[str, tuple[int, int]] = {
    "knowledge": (0, 1),
    "shadows": (0, 6),
    "rounds": (1, 6),
    "times": (1, 3),
    "scenarios": (0, 1),
}


@dataclass(frozen=True)
class Item:
    """One thing that is watched. `critical`: not met once, and the assessment cannot end as competent."""

    key: str
    words: str
    critical: bool

    @property
    def anchor(self) -> str:
        return f"item-{self.key.replace('.', '-')}"


@dataclass(frozen=True)
class Domain:
    """Items that belong together; `number` from 1."""

    number: int
    title: str
    items: tuple[Item, ...]

    @property
    def key(self) -> str:
        return str(self.number)


@dataclass(frozen=True)
class Needs:
    """What one kind of assessment asks for before it may end as competent."""

    knowledge: bool
    shadows: int
    rounds: int
    times: int
    scenarios: bool


@dataclass(frozen=True)
class Template:
    """A version of a home's template, as the rules read it."""

    pass_mark: int
    knowledge: tuple[str, ...]
    scenarios: tuple[str, ...]
    needs: Mapping[str, Needs]
    domains: tuple[Domain, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for domain in self.domains for item in domain.items)

    @property
    def critical(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.critical)

    def item(self, key: str) -> Item | None:
        """An item by its key, `3.2` being the second of the third domain; None for nonsense."""
        return next((item for item in self.items if item.key == key), None)


def read(body: Mapping[str, Any]) -> Template:
    """A template as it is stored."""
    return Template(
        pass_mark=int(body["pass_mark"]),
        knowledge=tuple(body["knowledge"]),
        scenarios=tuple(body["scenarios"]),
        needs={kind: _needs(body["needs"][kind]) for kind in KINDS},
        domains=tuple(_domain(number, said) for number, said in enumerate(body["domains"], start=1)),
    )


def _needs(said: Mapping[str, int]) -> Needs:
    return Needs(
        bool(said["knowledge"]), int(said["shadows"]), int(said["rounds"]), int(said["times"]), bool(said["scenarios"])
    )


def _domain(number: int, said: Mapping[str, Any]) -> Domain:
    items = (
        Item(f"{number}.{place}", item["words"], bool(item["critical"]))
        for place, item in enumerate(said["items"], start=1)
    )
    return Domain(number, said["title"], tuple(items))


# ---------------------------------------------------------------- a home's own


def lines_of(text: str) -> list[str]:
    """One question or item a line, empty lines left out."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def item_lines(text: str) -> list[dict[str, Any]]:
    """Items as a home writes them; a line that begins with * is critical."""
    return [
        {"critical": line.startswith(CRITICAL), "words": line.removeprefix(CRITICAL).strip()}
        for line in lines_of(text)
        if line.removeprefix(CRITICAL).strip()
    ]


def written(domain: Domain) -> str:
    """A domain's items as the form shows them."""
    return "\n".join(f"{CRITICAL + ' ' if i.critical else ''}{i.words}" for i in domain.items)


def problems(body: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What keeps a template from being used, as (field id, sentence)."""
    return [
        *_mark_problems(body["pass_mark"]),
        *_question_problems("knowledge", body),
        *_question_problems("scenarios", body),
        *(p for kind in KINDS for p in _need_problems(kind, body["needs"][kind])),
        *_domain_problems(body["domains"]),
    ]


def _mark_problems(mark: int | None) -> Iterable[tuple[str, str]]:
    if mark is None or not 50 <= mark <= 100:
        yield "pass_mark", "Set a pass mark from 50 to 100 per cent. Nothing was changed."


def _question_problems(name: str, body: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    asked, wanted = body[name], any(n[name] for n in body["needs"].values())
    if wanted and not asked:
        yield name, "Write at least one question, one a line, or let no kind of assessment ask for them."
    if len(asked) > MOST_QUESTIONS:
        yield name, f"Use at most {MOST_QUESTIONS} questions; there are {len(asked)}. Nothing was changed."
    if any(len(q) > LONGEST_ITEM for q in asked):
        yield name, f"A question has more than {LONGEST_ITEM} characters. Make it shorter. Nothing was changed."


def _need_problems(kind: str, needs: Mapping[str, int | None]) -> Iterable[tuple[str, str]]:
    for name, (least, most) in BOUNDS.items():
        value = needs[name]
        if value is None or not least <= value <= most:
            yield f"{kind}_{name}", f"Type a number from {least} to {most}. Nothing was changed."
    rounds, times = needs["rounds"], needs["times"]
    if rounds is not None and times is not None and times > rounds >= 1:
        words = f"{times} different times of day need at least {times} observed rounds. Nothing was changed."
        yield f"{kind}_times", words


def _domain_problems(domains: list[Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    if len(domains) < FEWEST_DOMAINS:
        yield "domain_1", f"A template has at least {FEWEST_DOMAINS} parts. Nothing was changed."
    for number, domain in enumerate(domains, start=1):
        items = domain["items"]
        if not 1 <= len(items) <= MOST_ITEMS:
            yield f"domain_{number}", f"Write 1 to {MOST_ITEMS} items, one a line. Nothing was changed."
        if any(len(item["words"]) > LONGEST_ITEM for item in items):
            yield f"domain_{number}", f"An item has more than {LONGEST_ITEM} characters. Make it shorter."
    if not any(item["critical"] for domain in domains for item in domain["items"]):
        yield "domain_1", f"Begin at least one item with {CRITICAL}: nothing is critical now. Nothing was changed."
