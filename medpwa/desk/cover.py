"""What supervision and cover put before those who decide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from medpwa import clock
from medpwa.desk.decision import Decision
from medpwa.permits import Actor, may
from medpwa.practice import coverage, coverage_pages, supervision_pages, supervision_queries

HOLES_SHOWN = 6  # the rest stands on the page of cover


def waits(who: Actor, at: dt.datetime) -> Iterator[Decision]:
    """Holes in the cover of seven days, actions past their day, and talks that are overdue."""
    yield from _holes(who, at)
    yield from _actions(who, at)
    yield from _talks(who, at)


def _holes(who: Actor, at: dt.datetime) -> Iterator[Decision]:
    """Times of day nobody on the floor can give what falls due, or may be needed; soonest first."""
    if not (may("coverage.see", who) and may("desk.decide", who)):
        return
    found = coverage.forecast(who, at)
    cards = coverage_pages.cards_of(who, found)
    for card in [card for card in cards if card.due][:HOLES_SHOWN]:
        why = f"{card.sentence.removeprefix(f'{card.title}: ')}."
        yield Decision("hole", card.since, card.rows[0].tone, card.title, "Nobody to do it", why, "Fill it", card.url)
    yield from _needed(who, [card for card in cards if not card.due])


def _needed(who: Actor, cards: list[coverage_pages.PartCard]) -> Iterator[Decision]:
    """Parts in which nothing is due that nobody can give, but something may be needed: one with its own way,
    more of them together, after the doses nobody can give."""
    if not cards:
        return
    title, why, url = cards[0].title, f"{cards[0].sentence.removeprefix(f'{cards[0].title}: ')}.", cards[0].url
    if len(cards) > 1:
        title, url = f"{len(cards)} parts of the week", f"{coverage_pages.base(who)}#if-needed"
        why = "nothing is due, but what may be needed has nobody who could do it."
    yield Decision("hole", cards[-1].since, "late", title, "Nobody to do it", why, "Fill it", url)


def _actions(who: Actor, at: dt.datetime) -> Iterator[Decision]:
    """What was agreed in a talk and is past its day."""
    if not may("supervision.act", who):
        return
    today = clock.local_day(at, who.zone)
    for found in supervision_queries.overdue_actions(who, at):
        row = supervision_pages.action_row(who, found, today)
        since = clock.day_bounds(found.action.due_on, who.zone)[1]
        yield Decision("agreed", since, "late", row.title, row.lead, row.why, row.action, row.url)


def _talks(who: Actor, at: dt.datetime) -> Iterator[Decision]:
    """Everybody whose supervision is overdue, together."""
    late = supervision_queries.overdue(who, at) if may("supervision.record", who) else []
    if not late:
        return
    names = ", ".join(s.colleague.name for s in late[:3]) + (f" and {len(late) - 3} more" if len(late) > 3 else "")
    since = clock.day_bounds(late[0].due_on, who.zone)[1]
    url = f"/h/{who.home_slug}/supervision"
    why = "a talk was due and is not written up."
    yield Decision("talk", since, "late", names, "Supervision is overdue", why, "Open", url)
