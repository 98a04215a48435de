"""Doses that wait for somebody signed off, because somebody who is not came upon them: an early sign of a shortage.

The words are about the dose. Who came upon it is in the ledger, and is said here to those who may read that alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from medpwa import clock, ledger
from medpwa.database import fetch
from medpwa.mar import helping
from medpwa.mar import words as words_of
from medpwa.mar.queries import DoseLine
from medpwa.mar.tickets import DoseKey
from medpwa.permits import Actor, may
from medpwa.residents.queries import ResidentCard
from medpwa.staff import queries as staff

SINCE = dt.timedelta(hours=12)
MOST = 10
WAITING = ("due", "late", "again", "gap")  # a dose with an outcome needs nobody any more


@dataclass(frozen=True)
class Need:
    """One dose somebody signed off should come to."""

    words: str
    at_words: str
    url: str
    people: str  # who tried or asked; empty for those who may not read the ledger


@dataclass(frozen=True)
class _Sign:
    """What says that a dose needs somebody: a refused attempt, or a request for help."""

    key: DoseKey
    at: dt.datetime
    person_id: int | None
    said: str


def needs(
    who: Actor, people: Iterable[ResidentCard], lines: Mapping[int, tuple[DoseLine, ...]], at: dt.datetime
) -> list[Need]:
    """Doses still without an outcome which somebody not signed off tried to give, or asked help with, in the last 12
    hours; the newest sign first, each dose once."""
    by_key: dict[DoseKey, list[_Sign]] = {}
    for sign in sorted(_signs(who, at - SINCE), key=lambda s: s.at, reverse=True):
        by_key.setdefault(sign.key, []).append(sign)
    if not by_key:
        return []
    cards = {r.id: r for r in people}
    waiting = {x.dose.key: (cards[i], x) for i, own in lines.items() if i in cards for x in own}
    found = [(waiting[k], signs) for k, signs in by_key.items() if k in waiting]
    named = staff.names({s.person_id for _, signs in found for s in signs}) if may("ledger.see", who) else {}
    return [_need(who, *dose, signs, named, at) for dose, signs in found if dose[1].state.kind in WAITING][:MOST]


def _signs(who: Actor, since: dt.datetime) -> Iterable[_Sign]:
    # The plus keeps the planner on the time: the chain's own index would lead through its whole past.
    recent = "at > ? AND +chain_id = ? AND code = 'not_signed_off' ORDER BY at DESC, id DESC LIMIT 100"
    for r in fetch(ledger.Refusal, recent, clock.micros(since), who.chain_id):
        if "order_line" in r.about and "due" in r.about:
            key = DoseKey(r.about["order_line"], clock.from_micros(r.about["due"]))
            yield _Sign(key, r.at, r.by_person, "Tried by")
    for asked in helping.asked_since(who.home_id, since):
        yield _Sign(DoseKey(asked.order_line_id, asked.due_at), asked.at, asked.by, "Help asked for by")


def _need(who: Actor, r: ResidentCard, x: DoseLine, signs: list[_Sign], named: Mapping[int, str], at) -> Need:
    medicine = words_of.medicine(x.order)
    said = dict.fromkeys(f"{s.said} {named[s.person_id]}" for s in signs if s.person_id in named)
    return Need(
        words=f"{medicine[:1].upper()}{medicine[1:]} for {r.called}: needs somebody signed off",
        at_words=f"Due {clock.moment_words(x.due_at, who.zone, seen_from=at)}",
        url=f"{r.url}/card",
        people=". ".join(said),
    )
