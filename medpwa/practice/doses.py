"""The doses behind a figure: each given by somebody not signed off, or under supervision, with what was lacking."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from medpwa import clock
from medpwa.competency.vocabulary import RESIDENT_SPECIFIC, SKILLS, STATES
from medpwa.mar import words as words_of
from medpwa.medicines.rules import OrderFacts
from medpwa.permits import Actor, may
from medpwa.practice import gives
from medpwa.practice.gives import Gives
from medpwa.practice.giving_rules import ALONE, ALONE_BESIDE, GLASS, REPORTED, SUPERVISED, Judged, Lacked
from medpwa.practice.spans import Span
from medpwa.residents import queries as residents
from medpwa.staff import queries as staff

MOST = 300  # shown on one page; its first line counts them all
WAYS: dict[str, tuple[str, str]] = {
    ALONE: ("blocked", "Recorded without supervision"),
    GLASS: ("flagged", "Under an exception for one round"),
    REPORTED: ("flagged", "Reported after it was given"),
    ALONE_BESIDE: ("blocked", "Whoever supervised was not signed off either"),
    SUPERVISED: ("given", "Under supervision"),
}
ONLY: dict[str, str] = {
    "": "All",
    "not_in_date": "Not signed off",
    "suspended": "While paused",
    "supervised": "Supervised",
    "glass": "Under an exception",
}


@dataclass(frozen=True)
class DoseRow:
    """One such dose."""

    when: str
    resident: str
    url: str
    medicine: str
    giver: str
    giver_url: str
    lacked: str
    way: str
    tone: str
    beside: str


@dataclass(frozen=True)
class DosesPage:
    """The list with its first line."""

    sentence: str
    lead: str
    rows: list[DoseRow]
    more: int
    tabs: list[dict[str, object]]
    back: str


def doses_page(who: Actor, span: Span, only: str, skill: str) -> DosesPage | None:
    """The doses of a span that somebody not signed off gave; None where the address asks for what there is not."""
    if only not in ONLY or skill not in ("", *SKILLS):
        return None
    found = gives.gives_between(who.home_id, span.start, span.end)
    chosen = [j for j in choose(found, only) if not skill or any(x.skill == skill for x in j.lacked)]
    base = f"/h/{who.home_slug}/competency/doses?span={span.key}"
    return DosesPage(
        sentence=_sentence(found, span),
        lead="Each dose is held against the sign-offs that were recorded when it was, at the time it was given.",
        rows=dose_rows(who, chosen[:MOST]),
        more=max(0, len(chosen) - MOST),
        tabs=[_tab(found, base, word, word == only) for word in ONLY],
        back=f"/h/{who.home_slug}/competency?span={span.key}",
    )


def _tab(found: Gives, base: str, word: str, current: bool) -> dict[str, object]:
    url = f"{base}&only={word}" if word else base
    return dict(label=ONLY[word], url=url, current=current, count=len(choose(found, word)))


def choose(found: Gives, only: str) -> list[Judged]:
    """The doses of one kind, oldest first."""
    if only == "supervised":
        return list(found.supervised)
    if only == "not_in_date":
        return list(found.not_in_date)
    if only == "suspended":
        return [j for j in found.not_in_date if any(x.state == "suspended" for x in j.lacked)]
    if only == "glass":
        return [j for j in found.not_in_date if j.give.glass_id is not None]
    return sorted((*found.not_in_date, *found.supervised), key=lambda j: (j.give.given, j.give.id))


def _sentence(found: Gives, span: Span) -> str:
    if not found.total:
        return f"No dose was given in {span.words}"
    count = len(found.not_in_date)
    said = f"{count:,} of {found.total:,} doses" if count else f"None of {found.total:,} doses"
    return f"{said} in {span.words} {'was' if count <= 1 else 'were'} given by somebody not signed off"


def dose_rows(who: Actor, chosen: Iterable[Judged]) -> list[DoseRow]:
    """Some doses in words."""
    chosen = list(chosen)
    orders = gives.order_versions(who.home_id)
    people = {p for j in chosen for p in (j.give.giver, j.give.supervised_by, j.give.recorded_by) if p is not None}
    called = staff.names_then(people)
    return [_row(who, j, orders[j.give.version_id], called) for j in chosen]


def _row(who: Actor, j: Judged, order: OrderFacts, called: Callable) -> DoseRow:
    give, at = j.give, j.give.given_at
    name = residents.name_then(who.home_id, give.resident_id, at)
    beside = f"{called(give.supervised_by, at)} stood beside" if give.supervised_by else ""
    if not beside and give.recorded_by != give.giver:
        beside = f"Recorded by {called(give.recorded_by, at)}"
    return DoseRow(
        when=f"{clock.date_words(clock.local_day(at, who.zone))}, {clock.time_words(at, who.zone)}",
        resident=name,
        url=entry_url(who, j),
        medicine=words_of.medicine(order),
        giver=called(give.giver, at),
        giver_url=f"/h/{who.home_slug}/competency/{give.giver}/record?skill={j.lacked[0].skill}",
        lacked="; ".join(lacked_words(x) for x in j.lacked),
        way=WAYS[j.way][1],
        tone=WAYS[j.way][0],
        beside=beside,
    )


def entry_url(who: Actor, j: Judged) -> str:
    """Where the entry is read: the ledger's lines about that resident on that day, or what happened at their rounds."""
    resident = j.give.resident_id
    if may("ledger.see", who):
        day = clock.local_day(clock.from_micros(j.give.known), who.zone).isoformat()
        return f"/h/{who.home_slug}/ledger?about=resident-{resident}&from={day}&to={day}"
    return f"/h/{who.home_slug}/residents/{resident}/rounds"


def lacked_words(x: Lacked) -> str:
    """What was lacking: `Insulin for this resident: paused`."""
    what = SKILLS.get(x.skill, x.skill) + (" for this resident" if x.skill in RESIDENT_SPECIFIC else "")
    how = STATES.get(x.state, x.state).lower()
    return f"{what}: {how}{', and the sign-off was entered afterwards' if x.entered_after else ''}"
