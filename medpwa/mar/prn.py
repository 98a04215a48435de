"""When-required medicines for a screen: which a resident has, what stands in the way of one now, and its page. Read
anew where a dose is judged, with the same rules as any give."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any

from medpwa import clock
from medpwa.components import plain
from medpwa.database import fetch
from medpwa.errors import NotFound
from medpwa.mar import company, given, judging, limits, openings, prn_rules, queries, rules, states, witness_rules
from medpwa.mar import words as words_of
from medpwa.mar.limits import LimitFacts, Measure
from medpwa.mar.models import Entry
from medpwa.mar.queries import DueDose
from medpwa.mar.recorded import RecordedLine, entry_line
from medpwa.mar.vocabulary import OUTCOMES
from medpwa.mar.witness_rules import Witnessed
from medpwa.medicines import queries as orders
from medpwa.medicines import rules as medicines
from medpwa.medicines.amounts import amount_words, number_words, units_words
from medpwa.medicines.rules import OrderFacts
from medpwa.permits import Actor, may
from medpwa.remember import once_a_look, remembered
from medpwa.residents.queries import ResidentCard

DUE = states.DoseState("due")


@plain
@dataclass(frozen=True)
class PrnLine:
    """One when-required medicine on the card."""

    url: str
    medicine: str
    how: str
    tone: str
    words: str  # "Can be given now", or why not in short
    last_given: str
    today: str  # "2 of 8 tablets in the last 24 hours"
    first: str = ""  # which medicine is to be used first


@dataclass(frozen=True)
class Fact:
    """One fact above the choices: a sentence and what it rests on."""

    icon: str
    tone: str
    title: str
    detail: str


@dataclass(frozen=True)
class PrnPage:
    """Everything the page of one when-required medicine shows."""

    resident: ResidentCard
    line_id: int
    version_id: int
    medicine: str
    how: str
    facts: tuple[Fact, ...]
    protocol: Mapping[str, Any]
    order_of_use: str
    others: tuple[str, ...]  # the person's other when-required medicines for the same thing
    allowed: bool
    why_not: str
    why_code: str
    not_needed_allowed: bool
    steps: tuple[tuple[str, str], ...]  # (number, what to try)
    reasons: tuple[tuple[str, str], ...]
    amounts: tuple[tuple[str, str], ...]
    any_amount: bool  # another figure between the ends may be written
    unit: str
    effect_words: str
    question: str
    witness: bool = False  # a second person must see it given
    needs_another: bool = False  # this person is not signed off for it
    may_beside: bool = False  # and it is open to them with somebody signed off beside them
    leave: str = ""  # what lets them give it all the same, in words
    leave_kind: str = ""
    glass_words: str = ""
    glass_reason: str = ""


def is_shown(o: OrderFacts, at: dt.datetime, zone: str) -> bool:
    """Whether a when-required order stands on the card: not ended or on hold, between its first and last day. One that
    waits for its check stands there too, covered."""
    return o.kind == "prn" and given.running(replace(o, checked=True), at, zone)


def orders_of(by: Actor, resident_id: int, at: dt.datetime) -> list[OrderFacts]:
    """A resident's when-required orders now, in the alphabet."""
    standing = medicines.in_force(orders.orders_of_resident(by.home_id, resident_id), at)
    return sorted((o for o in standing if is_shown(o, at, by.zone)), key=lambda o: (o.medicine, o.line_id))


def dose_of(by: Actor, resident_id: int, line_id: int, at: dt.datetime) -> DueDose:
    """A dose of a when-required order now, whatever may stand in its way; NotFound for what is not this resident's, or
    is not when-required."""
    own = [o for o in orders.orders_of_resident(by.home_id, resident_id) if o.line_id == line_id]
    standing = next(iter(medicines.in_force(own, at)), None)
    if standing is None or standing.kind != "prn":
        raise NotFound()
    return DueDose(standing, prn_rules.times_of(at), None)


def facts_of(
    by: Actor,
    resident: ResidentCard,
    dose: DueDose,
    at: dt.datetime,
    *,
    seen_version: int | None = None,
    amount: Decimal | None = None,
    beside: Witnessed | None = None,
) -> rules.GiveFacts:
    """Everything the question "may this person give this now" depends on, read now: as for any dose."""
    opened = openings.identified(by, resident.id) is not None
    found = judging.give_facts(
        by, resident, dose, DUE, at, seen_version=seen_version, opened=opened, amount=amount, beside=beside
    )
    return found if is_shown(dose.order, at, by.zone) else replace(found, in_force=False)


# ---------------------------------------------------------------- on the card


def lines_for(who: Actor, resident: ResidentCard, at: dt.datetime) -> tuple[PrnLine, ...]:
    """The section "When required" of a card: one look-up for all its lines, none for somebody without any."""
    found = orders_of(who, resident.id, at)
    last = queries.last_given([o.line_id for o in found])
    return tuple(_line(who, resident, o, last.get(o.line_id), at) for o in found)


def _line(who: Actor, resident: ResidentCard, o: OrderFacts, last: dt.datetime | None, at: dt.datetime) -> PrnLine:
    """The line as it was said before, while neither a dose that counts nor the minute is another."""
    counted = given.limits_of(who, resident, o, at)
    basis = (states.moment_of(at), o, last, counted)
    said = partial(_said, who, resident, o, last, counted, at)
    return remembered("prn line", (who.home_id, resident.url, o.line_id), basis, said)


def _said(
    who: Actor,
    resident: ResidentCard,
    o: OrderFacts,
    last: dt.datetime | None,
    counted: LimitFacts | None,
    at: dt.datetime,
) -> PrnLine:
    tone, words = _may_now(who, o, counted, at)
    covered = words_of.covered(o)
    return PrnLine(
        url=f"{resident.url}/prn/{o.line_id}",
        medicine=words_of.medicine(o),
        how=words_of.how(o),
        tone=tone,
        words=words,
        last_given=clock.moment_words(last, who.zone, seen_from=at) if last else "not yet",
        today="" if covered or counted is None else ". ".join(_taken(m, at) for m in _told_of(counted)),
        first="" if covered else str(prn_rules.protocol_of(o).get("order_of_use", "")),
    )


def _may_now(who: Actor, o: OrderFacts, counted: LimitFacts | None, at: dt.datetime) -> tuple[str, str]:
    if words_of.covered(o):
        return "blocked", "Waits for its second check"
    found = limits.stops(counted, at) if counted is not None else ()
    if not found:
        return "given", "Can be given now"
    free = limits.next_allowed(counted, at)
    if free is None:
        return "blocked", "Cannot be given"
    return "late", f"Next allowed {clock.moment_words(free, who.zone, seen_from=at)}"


def _told_of(f: LimitFacts) -> list[Measure]:
    """What is counted over 24 hours: the order's own units, and an ingredient where other medicines hold it too."""
    found = limits.measures(f)
    own = [m for m in found if not m.name]
    others = {o.line_id for o in f.active if limits.share(f.order, o)} | {g.order.line_id for g in f.gives}
    shared = [m for m in found if m.name and (not own or any(g.order.line_id != f.order.line_id for g, _ in m.parts))]
    return own + (shared if len(others) > 1 or not own else [])


def _taken(m: Measure, at: dt.datetime) -> str:
    """`2 of 8 tablets in the last 24 hours`"""
    taken = f"{m.taken(at):,f}" if m.name else number_words(m.taken(at))
    return f"{taken} of {m.words(m.most)} in the last 24 hours"


# ---------------------------------------------------------------- its page


def page_for(
    who: Actor,
    resident: ResidentCard,
    line_id: int,
    at: dt.datetime | None = None,
    *,
    beside: Witnessed | None = None,
) -> PrnPage:
    """The page of one when-required medicine of a resident; `beside` is who proved to stand beside this person."""
    at = at or clock.now()
    dose = dose_of(who, resident.id, line_id, at)
    facts = facts_of(who, resident, dose, at, beside=beside)
    verdict, o = rules.judge_give(facts, at), dose.order
    leave = judging.leave_for(who, dose, at, beside)[1]
    covered = words_of.covered(o)
    protocol = {} if covered else prn_rules.protocol_of(o)
    amounts = () if covered else prn_rules.amounts_of(o)
    return PrnPage(
        resident=resident,
        line_id=line_id,
        version_id=o.version_id,
        medicine=words_of.medicine(o),
        how=words_of.how(o),
        facts=() if covered else tuple(_facts(who, resident, o, facts.limits, at)),
        protocol=protocol,
        order_of_use=str(protocol.get("order_of_use", "")),
        others=() if covered else _for_the_same(who, resident, o, at),
        allowed=verdict.allowed,
        why_not="" if verdict.allowed else verdict.first.words,
        why_code="" if verdict.allowed else verdict.first.code,
        not_needed_allowed=not covered and rules.judge_not_given(facts, at).allowed,
        steps=() if covered else tuple((str(n), step) for n, step in enumerate(prn_rules.steps_of(o))),
        reasons=() if covered else tuple((r, r) for r in prn_rules.reasons_of(o)),
        amounts=tuple((number_words(n), amount_words(n, o.dose_unit)) for n in amounts),
        any_amount=o.dose_most is not None,
        unit=units_words(o.dose_unit),
        effect_words=_effect_words(who, o, at),
        question=f"Why does {resident.called} need it?",
        witness=not covered and witness_rules.needed(o),
        needs_another=verdict.waits_for_skill,
        may_beside=leave.may_beside and not leave.how and verdict.waits_for_skill and facts.opened,
        leave=company.leave_words(leave, who.zone),
        leave_kind=leave.how,
        **company.glass_on_card(who, at, leave.glass is not None),
    )


def _facts(who: Actor, r: ResidentCard, o: OrderFacts, f: LimitFacts | None, at: dt.datetime):
    """Whether it may be given by its limits, and what was given in 24 hours."""
    last = max((g.at for g in f.gives if limits.share(o, g.order)), default=None) if f else None
    last = last or queries.last_given([o.line_id]).get(o.line_id)
    tone, words = _may_now(who, o, f, at)
    said = []
    if last is not None:
        when = clock.moment_words(last, who.zone, seen_from=at)
        said.append(f"Last given {when}, {clock.span_words(at - last)} ago.")
    else:
        said.append("Not given before.")
    if o.min_interval:
        said.append(f"The order says at least {clock.span_words(dt.timedelta(minutes=o.min_interval))} between doses.")
    title = f"{r.called} can have it now." if tone == "given" else f"{words}."
    yield Fact("clock", "given" if tone == "given" else "late", title, " ".join(said))
    for m in _told_of(f) if f else ():
        over = m.taken(at) + m.adds > m.most
        yield Fact("history", "late" if over else "given", f"{_taken(m, at)}.", _parts_words(who, m, at))


def _parts_words(who: Actor, m: Measure, at: dt.datetime) -> str:
    """`2 tablets yesterday 20:15, 2 tablets today 07:50.`"""
    inside = [(g, n) for g, n in m.parts if n and g.at <= at < limits.free_from(g.at, limits.ANY_DAY)]
    said = [f"{_part(m, g, n)} {clock.moment_words(g.at, who.zone, seen_from=at)}" for g, n in inside]
    return f"{', '.join(said)}." if said else "None in that time. It counts any 24 hours, not the calendar day."


def _part(m: Measure, g: limits.Gave, n: Decimal) -> str:
    return f"{n:,f}\u00a0mg in {g.medicine}" if m.name else amount_words(n, m.unit)


def _for_the_same(who: Actor, r: ResidentCard, o: OrderFacts, at: dt.datetime) -> tuple[str, ...]:
    mine = (o.indication or "").casefold()
    others = (x for x in orders_of(who, r.id, at) if x.line_id != o.line_id and not words_of.covered(x))
    return tuple(words_of.medicine(x) for x in others if mine and (x.indication or "").casefold() == mine)


def _effect_words(who: Actor, o: OrderFacts, at: dt.datetime) -> str:
    due = None if words_of.covered(o) else prn_rules.effect_due(o, at)
    if due is None:
        return ""
    return f"If it is given now, we ask {clock.moment_words(due, who.zone, seen_from=at)} how well it worked."


# ---------------------------------------------------------------- what was recorded


def saved_words(who: Actor, entry_id: str) -> str:
    """What was just stored of a when-required dose, from the stored row; empty for anything else."""
    if not (entry_id.isascii() and entry_id.isdigit() and len(entry_id) < 16):
        return ""
    row = Entry.get_or_none((Entry.id == int(entry_id)) & (Entry.home == who.home_id) & (Entry.by == who.person_id))
    if row is None or row.due_at is not None:
        return ""
    order = orders.version_of(who, row.order_version_id)
    when = clock.time_words(row.at, who.zone)
    if row.outcome == "not_required":
        return f"Saved {when}: {words_of.medicine(order)} offered, not needed"
    amount = amount_words(row.amount, order.dose_unit) if row.amount is not None else words_of.amount(order)
    due = prn_rules.effect_due(order, row.given_at)
    ask = f". Ask {clock.moment_words(due, who.zone)} whether it helped" if due else ""
    part = ", not all of it. Do not make up the rest" if row.outcome == prn_rules.PART else ""
    return f"Saved {when}: {amount} of {words_of.medicine(order)} given{part}{ask}"


RECORDED_FOR = dt.timedelta(hours=12)


def recorded_for(who: Actor, resident: ResidentCard, at: dt.datetime) -> tuple[RecordedLine, ...]:
    """What was recorded of when-required medicines in the last 12 hours, newest first; nothing is read where the
    resident has no such order."""
    own = orders.orders_of_resident(who.home_id, resident.id)
    lines = tuple(sorted({o.line_id for o in own if o.kind == "prn"}))
    rows = _recorded(resident.id, lines, clock.micros(at - RECORDED_FOR)) if lines else ()
    versions = {o.version_id: o for o in own}
    said_by = company.names_of(who.home_id, list(rows))
    return tuple(_recorded_words(who, r, versions[r.order_version_id], said_by(r)) for r in rows)


@once_a_look("entry")
def _recorded(resident_id: int, lines: tuple[int, ...], since: int) -> tuple[Entry, ...]:
    marks = ", ".join("?" * len(lines))
    given_then = f"resident_id = ? AND given_at > ? AND due_at IS NULL AND order_line_id IN ({marks})"
    offered = f"order_line_id IN ({marks}) AND outcome = 'not_required' AND given_at IS NULL AND at > ?"
    which = f"id IN (SELECT id FROM entry WHERE {given_then} UNION SELECT id FROM entry WHERE {offered})"
    stands = "NOT EXISTS (SELECT 1 FROM entry c WHERE c.corrects_id = entry.id) ORDER BY id DESC"
    return tuple(fetch(Entry, f"{which} AND {stands}", resident_id, since, *lines, *lines, since))


def _recorded_words(who: Actor, row: Entry, o: OrderFacts, by: str) -> RecordedLine:
    how = row.by == who.person_id or may("ledger.see", who)
    much = amount_words(row.amount, o.dose_unit) if row.amount is not None else words_of.how(o)
    word, detail = OUTCOMES[row.outcome].word, (words_of.why(row), words_of.tried_first(row), row.note)
    url = f"/h/{who.home_slug}/entries/{row.id}/correct" if may("mar.correct", who) else ""
    line = entry_line(row, o, by, who.zone, how=how, directions=much, word=word, detail=detail)
    return replace(line, correct_url=url)
