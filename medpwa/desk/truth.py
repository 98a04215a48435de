"""What waits for somebody about the truth of the record: gaps nobody settled, corrections asked for, doses recorded
late, phones whose clock is wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from medpwa import clock
from medpwa.desk.decision import Decision
from medpwa.mar import confirmations, correction_queries, entries, gap_list, gap_queries, gap_rules, queries
from medpwa.mar import words as words_of
from medpwa.mar.models import Entry
from medpwa.permits import Actor, may
from medpwa.residents.queries import ResidentCard

GAPS_SHOWN = 12  # the rest stands on the page of gaps, and is counted here


def waits(who: Actor, people: Mapping[int, ResidentCard], at: dt.datetime) -> Iterator[Decision]:
    """Everything of this kind that this person may do something about."""
    yield from _gaps(who, people, at)
    yield from _corrections(who)
    yield from _confirmations(who)
    yield from _clocks(who, at)


def _gaps(who: Actor, people: Mapping[int, ResidentCard], at: dt.datetime) -> Iterator[Decision]:
    """Doses without any record, for as long as nobody has settled them; riskiest first."""
    if not may("gaps.see", who):
        return
    found = [(x, review) for x, review in gap_list.waiting(who, at) if x.order.resident_id in people]
    for x, review in found[:GAPS_SHOWN]:
        r, when = people[x.order.resident_id], clock.moment_words(x.due_at, who.zone, seen_from=at)
        title = f"{r.name}, {words_of.medicine(x.order)}"
        state = gap_queries.words_for(gap_rules.state_of("gap", review), review)
        risk = "time-critical, " if x.order.time_critical else "high-risk, " if x.order.high_risk else ""
        why = f"{risk}due {when}; no record either way. {state}."
        url = gap_queries.url_of(who, x.dose.key)
        yield Decision("gap", x.due_at, "missed", title, "Gap", why, "Look into it", url)
    rest = found[GAPS_SHOWN:]
    if rest:
        title, since = f"{len(rest)} more doses without a record", min(x.due_at for x, _ in rest)
        why = f"the oldest due {clock.moment_words(since, who.zone, seen_from=at)}."
        yield Decision("gap", since, "missed", title, "Gaps", why, "See them all", f"/h/{who.home_slug}/gaps")


def _corrections(who: Actor) -> Iterator[Decision]:
    """Corrections somebody asked for, which this person may answer."""
    if not may("mar.answer_correction", who) or not correction_queries.open_requests(who.home_id):
        return
    asked = correction_queries.open_requests(who.home_id)
    since = {a.id: a.at for a in asked.values()}
    for c in correction_queries.corrections_page(who).waiting:
        if not c.may_not:
            title, lead = f"{c.resident}, {c.medicine}", f"Correction, {c.why.lower()}"
            why = f"“{c.was}” to “{c.becomes}”, says {c.asked_by}."
            yield Decision("correction", since[c.id], "flagged", title, lead, why, "Answer", c.url)


def _confirmations(who: Actor) -> Iterator[Decision]:
    """Doses recorded late which this person may confirm. Who may close the report of one has it there: that answer ends
    the wait as well."""
    theirs = may("mar.confirm", who) and not may("mar.close_report", who)
    ids = confirmations.waiting_ids(who.home_id) if theirs else ()
    if not ids:
        return
    at = {e.id: e.at for e in Entry.select(Entry.id, Entry.at).where(Entry.id.in_(ids))}
    for row in confirmations.page(who).waiting:
        if not row.may_not:
            why, url = f"{row.apart}.", f"/h/{who.home_slug}/confirmations"
            yield Decision("confirm", at[row.id], "flagged", row.title, "Recorded late", why, "Confirm", url)


def _clocks(who: Actor, at: dt.datetime) -> Iterator[Decision]:
    """Entries of the last day from phones whose clock is not right: said to those who manage."""
    if not may("mar.see_timing", who):
        return
    day = entries.entries_since(who.home_id, at - queries.LOOK_BACK)
    doubted = [e for own in day.values() for some in own.values() for e in some if _in_doubt(e, at)]
    if doubted:
        newest = max(doubted, key=lambda e: e.id)
        several = "1 entry" if len(doubted) == 1 else f"{len(doubted)} entries"
        why = f"{several} in the last day; {_apart(newest)}. Nothing was moved: order and times are ours."
        url = f"/h/{who.home_slug}/ledger" if may("ledger.see", who) else f"/h/{who.home_slug}/gaps"
        yield Decision("clock", newest.at, "flagged", "A phone’s clock is not right", "Clock in doubt", why, "See", url)


def _in_doubt(e, at: dt.datetime) -> bool:
    return "clock_doubt" in e.flags and at - e.at <= queries.LOOK_BACK


def _apart(e) -> str:
    if e.phone_at is None:
        return "the newest sent no time that can be read"
    way = "behind" if e.phone_at < e.at else "ahead"
    return f"the newest was {clock.span_words(abs(e.at - e.phone_at))} {way}"
