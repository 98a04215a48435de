"""The doses of one resident's history on paper: each with its times, outcomes and names, and figures that add up."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from medpwa import clock
from medpwa.ledger import Line
from medpwa.mar import company, effects, outcome_letters
from medpwa.mar import history as mar_history
from medpwa.mar import words as words_of
from medpwa.mar.correction_vocabulary import WHYS
from medpwa.mar.models import GivenReport
from medpwa.mar.queries import DoseLine
from medpwa.mar.states import EntryFacts
from medpwa.mar.vocabulary import FLAGS, OUTCOMES
from medpwa.medicines.amounts import amount_words
from medpwa.medicines.rules import OrderFacts
from medpwa.permits import Actor

Called = Callable[[int | None, dt.datetime], str]

# What a dose came to, by the kind of its state: column of the figures.
COLUMNS: dict[str, str] = {
    "given": "Given",
    "reported": "Given, told later",
    "not_given": "Not given, with a reason",
    "away": "Away",
    "gap": "Gap: nothing recorded",
    "open": "Still open",
}
_OPEN = frozenset({"coming", "due", "late", "again"})
_NOTHING = {
    "gap": "GAP: nothing was recorded for this dose",
    "away": "Away when it fell due; nothing to record",
    "coming": "Not due yet when this was printed",
    "due": "Due when this was printed, nothing recorded yet",
    "late": "Overdue when this was printed, nothing recorded yet",
}

_AWAY = {
    "hospital": "In hospital when it fell due; nothing to record",
    "leave": "On leave when it fell due; nothing to record",
}


@dataclass(frozen=True)
class Told:
    """One thing that was recorded of a dose."""

    words: str
    given: str
    recorded: str
    by: str
    mark: str = ""
    struck: bool = False


@dataclass(frozen=True)
class PrintedDose:
    """One dose, or one refused attempt, with everything recorded of it, oldest first."""

    time: str
    what: str
    how: str
    told: tuple[Told, ...]
    kind: str


@dataclass(frozen=True)
class PrintedDay:
    """A day's doses."""

    words: str
    doses: tuple[PrintedDose, ...]


@dataclass(frozen=True)
class Figures:
    """How many doses of a medicine fell due and what they came to; `due` is the sum of the others."""

    medicine: str
    due: int
    counts: tuple[int, ...]


def column(kind: str) -> str:
    """Which column of the figures a dose's state belongs to: every state has exactly one."""
    return "open" if kind in _OPEN else kind


def figures(lines: Iterable[DoseLine]) -> tuple[list[Figures], Figures]:
    """The figures by medicine, in the alphabet, and their sum."""
    by_medicine: dict[str, Counter[str]] = {}
    for x in lines:
        by_medicine.setdefault(words_of.medicine(x.order), Counter())[column(x.state.kind)] += 1
    rows = [_figures(medicine, by_medicine[medicine]) for medicine in sorted(by_medicine)]
    return rows, _figures("All medicines", sum(by_medicine.values(), Counter()))


def _figures(medicine: str, counts: Counter[str]) -> Figures:
    return Figures(medicine, sum(counts.values()), tuple(counts[name] for name in COLUMNS))


# ---------------------------------------------------------------- day by day


@dataclass(frozen=True)
class _Placed:
    at: dt.datetime
    dose: PrintedDose


def days(
    who: Actor,
    lines: list[DoseLine],
    loose: list[EntryFacts],
    refused: list[tuple[Line, str]],
    orders: dict[int, OrderFacts],
    called: Called,
) -> tuple[PrintedDay, ...]:
    """Every dose due, every entry that belongs to none, every refused attempt, day by day in order of time. `orders`
    holds a version of each order line."""
    everything = [e for x in lines for e in x.entries] + list(loose)
    reports, by_original = _reports([e.id for e in everything]), {e.corrects: e for e in everything if e.corrects}
    did, allowed = effects.words_by_entry(e.id for e in loose), company.allowed_by(who.home_id, everything)

    def tell(e: EntryFacts) -> Told:
        by = _by(e, called, allowed.get(e.glass_id))
        return _told(who, e, called, by, reports, by_original.get(e.id), orders.get(e.line_id), did.get(e.id, ""))

    placed = [_Placed(x.due_at, _dose(who, x, tell)) for x in lines]
    placed += [_Placed(e.given_at or e.at, _loose(e, orders.get(e.line_id), tell)) for e in loose]
    placed += [_Placed(x.at, _attempt(who, x, words, called)) for x, words in refused]
    found: dict[dt.date, list[PrintedDose]] = {}
    for p in sorted(placed, key=lambda p: p.at):
        found.setdefault(clock.local_day(p.at, who.zone), []).append(p.dose)
    return tuple(PrintedDay(clock.long_day_words(day), tuple(own)) for day, own in found.items())


def _reports(entry_ids: list[int]) -> dict[int, GivenReport]:
    found: dict[int, GivenReport] = {}
    for start in range(0, len(entry_ids), 500):
        some = entry_ids[start : start + 500]
        found |= {r.entry_id: r for r in GivenReport.select().where(GivenReport.entry.in_(some))}
    return found


def _dose(who: Actor, x: DoseLine, tell: Callable[[EntryFacts], Told]) -> PrintedDose:
    told = tuple(tell(e) for e in x.entries)
    if x.state.entry is None:
        words = _AWAY.get(x.state.where) or _NOTHING[x.state.kind]
        told = (*told, Told(words, "", "", "", "Gap" if x.state.kind == "gap" else ""))
    time = clock.time_words(x.due_at, who.zone)
    return PrintedDose(time, words_of.medicine(x.order), words_of.amount(x.order), told, column(x.state.kind))


def _loose(e: EntryFacts, order: OrderFacts | None, tell: Callable[[EntryFacts], Told]) -> PrintedDose:
    what = words_of.medicine(order) if order else "A medicine no longer on record"
    how = words_of.amount(order) if order else ""
    if order and e.amount is not None and not words_of.covered(order):
        how = amount_words(e.amount, order.dose_unit)
    time = "no set time" if e.due_at is None else "not in the plan now"
    return PrintedDose(time, what, how, (tell(e),), "loose")


def _attempt(who: Actor, x: Line, words: str, called: Called) -> PrintedDose:
    at = clock.time_words(x.at, who.zone)
    return PrintedDose(
        at, "Refused attempt", "", (Told(words, "", at, called(x.by_person, x.at), "Refused"),), "refused"
    )


def _told(
    who: Actor,
    e: EntryFacts,
    called: Called,
    by: str,
    reports: dict[int, GivenReport],
    later: EntryFacts | None,
    order: OrderFacts | None,
    did: str,
) -> Told:
    words = mar_history.outcome_words(e, order)
    words = outcome_letters.lettered(who.home_id, e.outcome, words[:1].upper() + words[1:])
    flags = [FLAGS[f] for f in e.flags if f in FLAGS and f != "after_the_fact"]
    if flags:
        words += f" ({'; '.join(flags)})"
    words += f". It {did}" if did else ""
    report = reports.get(e.id)
    if report is not None:
        words += f". Who knew: {report.who_knew}. Why: {report.why}"
    return Told(
        words=words,
        given=_time(who, e.given_at, e.due_at or e.at) if OUTCOMES[e.outcome].given and e.given_at else "",
        recorded=_time(who, e.at, e.due_at or e.given_at or e.at),
        by=by,
        mark=_mark(who, e, called, later),
        struck=e.void,
    )


def _mark(who: Actor, e: EntryFacts, called: Called, later: EntryFacts | None) -> str:
    """That an entry was put right: when, by whom and why; or that it was told after the fact, or puts another right."""
    if later is not None:
        what = "Struck out" if later.outcome == "struck" else "Corrected"
        why = WHYS[later.correction_reason].short if later.correction_reason in WHYS else later.correction_reason
        return f"{what} {_time(who, later.at, e.due_at or e.at)}, {called(later.by, later.at)}: {why}"
    return "Correction" if e.corrects else "After the fact" if e.after_the_fact else ""


def _time(who: Actor, at: dt.datetime, beside: dt.datetime) -> str:
    """A clock time; with its day where that is not the day it stands under."""
    day = clock.local_day(at, who.zone)
    words = clock.time_words(at, who.zone)
    return words if day == clock.local_day(beside, who.zone) else f"{clock.date_words(day)}, {words}"


def _by(e: EntryFacts, called: Called, allowed_by: int | None) -> str:
    recorded, then = called(e.by, e.at), e.given_at or e.at
    recorded += company.words(lambda person: called(person, then), e, allowed_by)
    if e.administered_by is None or e.administered_by == e.by:
        return recorded
    return f"Given by {called(e.administered_by, e.given_at or e.at)}, recorded by {recorded}"
