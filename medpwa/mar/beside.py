"""What stands beside a dose on the card: entries that were struck through, a correction somebody asked for, how far a
gap was looked into, and the way to put an entry right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from medpwa import clock
from medpwa.components import plain
from medpwa.mar import correction_queries as corrections
from medpwa.mar import gap_queries as gaps
from medpwa.mar import gap_rules
from medpwa.mar.correction_vocabulary import WHYS
from medpwa.mar.queries import DoseLine
from medpwa.permits import Actor, may
from medpwa.staff import queries as staff


@plain
@dataclass(frozen=True, slots=True)
class Beside:
    """What is said beside one dose, in words and addresses."""

    struck: tuple[tuple[str, str], ...] = ()  # what an entry said, and why it was struck through
    asked: tuple[tuple[str, str], ...] = ()  # what is asked for, and where it is answered
    gap_words: str = ""
    gap_url: str = ""
    correct_url: str = ""  # of an outcome that leaves the dose open, such as a refusal to be tried again


def of(who: Actor, lines: Iterable[DoseLine], at: dt.datetime) -> Mapping[str, Beside]:
    """What stands beside these doses, by the dose's key; most have nothing."""
    lines = list(lines)
    asked, reviews = corrections.open_requests(who.home_id), gaps.reviews_around(who, at)
    told = [x for x in lines if x.state.kind == "gap" or _put_right(x) or any(e.id in asked for e in x.entries)]
    told += [x for x in lines if x.state.kind == "again" and x not in told]
    people = {p for x in told for p in corrections.people_of(x.entries)}
    people |= {asked[e.id].by for x in told for e in x.entries if e.id in asked}
    named = staff.names(people) if people else {}
    return {str(x.dose.key): _beside(who, x, asked, reviews.get(x.place), named, at) for x in told}


def _put_right(x: DoseLine) -> bool:
    return any(e.void for e in x.entries)


def _beside(who: Actor, x: DoseLine, asked, review, named: Mapping[int, str], at: dt.datetime) -> Beside:
    base, gap = f"/h/{who.home_slug}", x.state.kind == "gap"
    open_now = [asked[e.id] for e in x.entries if e.id in asked]
    correctable = x.state.kind == "again" and may("mar.correct", who)
    return Beside(
        struck=corrections.struck_words(x.entries, named, who.zone, at),
        asked=tuple((_asked_words(who, a, named, at), f"{base}/corrections/{a.id}") for a in open_now),
        gap_words=gaps.words_for(gap_rules.state_of("gap", review), review) if gap else "",
        gap_url=gaps.url_of(who, x.dose.key) if gap and may("gaps.see", who) else "",
        correct_url=f"{base}/entries/{x.state.entry.id}/correct" if correctable and not open_now else "",
    )


def _asked_words(who: Actor, a: corrections.Asked, named: Mapping[int, str], at: dt.datetime) -> str:
    when, name = clock.moment_words(a.at, who.zone, seen_from=at), named.get(a.by, "Somebody")
    return f"{name} says this is wrong ({WHYS[a.reason].short}), {when}. It stands until it is answered."
