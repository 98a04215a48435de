"""One resident's history on paper, for an inspector who never saw the product: what was prescribed and changed, every
dose with its times and names, what else was recorded, who opened the record, and figures that add up.

Rules are nowhere decided here: doses and their states come from the round, words from the packages' histories.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace

from medpwa import clock
from medpwa.desk import access, chain_checks, printed_doses, telling, trail
from medpwa.desk.ledger_page import actor_words
from medpwa.desk.printed_doses import Called, Figures, PrintedDay
from medpwa.desk.trail import Asked, Span
from medpwa.desk.vocabulary import page_words
from medpwa.ledger import Line, head
from medpwa.mar import company
from medpwa.mar import queries as mar
from medpwa.mar import words as words_of
from medpwa.medicines import queries as medicines
from medpwa.medicines.rules import OrderFacts
from medpwa.permits import Actor, may
from medpwa.residents.queries import ResidentCard
from medpwa.staff import queries as staff

MOST_LINES = 1_000  # of one kind on one printout
MOST_OPENINGS = 5_000
_OTHERS = ("mar.close_report", "mar.ask_help", "labels.report_wrong")
_SCANS = ("mar.scan", "mar.open_without_scan")


@dataclass(frozen=True)
class Prescribed:
    """One order as it stood in the span."""

    medicine: str
    how: str
    since: str
    until: str
    by: str


@dataclass(frozen=True)
class Happened:
    """One line of the ledger in words."""

    when: str
    words: str
    who: str
    refused: bool = False


@dataclass(frozen=True)
class Opened:
    """What one person opened about the resident on one day."""

    day: str
    who: str
    pages: str


@dataclass(frozen=True)
class HistorySheet:
    """Everything the paper says."""

    sentence: str
    span: str
    printed: str
    prescribed: tuple[Prescribed, ...]
    orders: tuple[Happened, ...]
    record: tuple[Happened, ...]
    others: tuple[Happened, ...]
    days: tuple[PrintedDay, ...]
    columns: tuple[str, ...]
    figures: tuple[Figures, ...]
    total: Figures
    loose: int
    refused: int
    scans: str
    opened: tuple[Opened, ...] | None
    opened_note: str
    cut: str
    proof: str


def history_sheet(who: Actor, card: ResidentCard, span: Span, at: dt.datetime) -> HistorySheet:
    """The history of one resident over whole days, as it is known at `at`."""
    lines, loose = mar.past_of_resident(who, card.id, span.start, span.end, at)
    versions = medicines.orders_of_resident(who.home_id, card.id)
    asked = Asked(who.chain_id, span.start, span.end, subject=f"resident:{card.id}")
    kinds = _kinds(asked)
    refused = kinds.pop("refused")
    said = telling.words_for(who, [x for own in [*kinds.values(), refused] for x in own])
    people = {e.by for x in lines for e in x.entries} | {e.administered_by for x in lines for e in x.entries}
    people |= {e.by for e in loose} | {e.administered_by for e in loose}
    people |= company.people_of(who.home_id, [*loose, *(e for x in lines for e in x.entries)])
    people |= {x.by_person for own in [*kinds.values(), refused] for x in own} | {o.keyed_by for o in versions}
    called = staff.names_then(people)
    tell = lambda own: tuple(_happened(who, x, said[x.id][0], called) for x in reversed(own))  # noqa: E731
    by_line = {o.line_id: o for o in versions}
    figures, total = printed_doses.figures(lines)
    opened, opened_note = _opened(who, card, span)
    return HistorySheet(
        sentence=sentence(card, total, span),
        span=f"{clock.long_day_words(span.first)} to {clock.long_day_words(span.last)}",
        printed=f"Printed {clock.exact_words(at, who.zone)} by {who.name}, {staff.role_words(who.roles).lower()}",
        prescribed=tuple(_prescribed(who, versions, span, called)),
        orders=tell(kinds["orders"]),
        record=tell(kinds["record"]),
        others=tell(kinds["others"]),
        days=printed_doses.days(who, lines, loose, [(x, said[x.id][0]) for x in refused], by_line, called),
        columns=tuple(printed_doses.COLUMNS.values()),
        figures=tuple(figures),
        total=total,
        loose=len(loose),
        refused=len(refused),
        scans=_scans(asked),
        opened=opened,
        opened_note=opened_note,
        cut=_cut([*kinds.values(), refused]),
        proof=_proof(who),
    )


def sentence(card: ResidentCard, total: Figures, span: Span) -> str:
    """The first line: what the doses of the span came to."""
    if not total.due:
        return f"No dose fell due for {card.name} {span.words}"
    n = dict(zip(printed_doses.COLUMNS, total.counts, strict=True))
    fell = f"{total.due:,} dose{'' if total.due == 1 else 's'} fell due for {card.name} {span.words}"
    said = [f"{n['given'] + n['reported']:,} given"]
    said += [f"{n['not_given']:,} not given"] if n["not_given"] else []
    said += [f"{n['away']:,} while away"] if n["away"] else []
    said += [f"{n['gap']:,} with nothing recorded" if n["gap"] else "no gap"]
    said += [f"{n['open']:,} still open"] if n["open"] else []
    return f"{fell}: {', '.join(said)}"


def _kinds(asked: Asked) -> dict[str, list[Line]]:
    """The lines about the resident by where they stand on the paper, newest first; a refused attempt stands once."""
    get = lambda **changes: trail.lines(replace(asked, **changes), most=MOST_LINES)[0]  # noqa: E731
    record = sorted([*get(group="residents"), *get(group="labels")], key=lambda x: (x.at, x.seq), reverse=True)
    others = [x for x in trail.with_verbs(asked, _OTHERS, MOST_LINES) if x.outcome == "done"]
    return {
        "orders": [x for x in get(group="orders") if x.outcome == "done"],
        "record": [x for x in record if x.outcome == "done"],
        "others": others,
        "refused": get(only="refused"),
    }


def _happened(who: Actor, x: Line, words: str, called: Called) -> Happened:
    day = clock.date_words(clock.local_day(x.at, who.zone))
    return Happened(f"{day}, {clock.time_words(x.at, who.zone)}", words, actor_words(x, called), x.outcome == "refused")


def _cut(kinds: list[list[Line]]) -> str:
    if all(len(own) < MOST_LINES for own in kinds):
        return ""
    return f"More than {MOST_LINES:,} lines of one kind fall in these days; the oldest are left out. Print fewer days."


def _scans(asked: Asked) -> str:
    n = trail.count_verbs(asked, _SCANS, MOST_OPENINGS)
    over = "over " if n >= MOST_OPENINGS else ""
    return f"{over}{n:,} time{'' if n == 1 else 's'}"


# ---------------------------------------------------------------- what was prescribed


def _prescribed(who: Actor, versions: tuple[OrderFacts, ...], span: Span, called: Called):
    """Every version that was in force on some day of the span, by medicine, then by time."""
    mine = [o for o in versions if not o.stopped and o.valid_from < span.end]
    mine = [o for o in mine if o.valid_to is None or o.valid_to > span.start]
    mine = [o for o in mine if o.ends_on is None or o.ends_on >= span.first]
    for o in sorted(mine, key=lambda o: (words_of.medicine(o), o.line_id, o.number)):
        stopped = next((v for v in versions if v.line_id == o.line_id and v.number == o.number + 1), None)
        yield Prescribed(
            medicine=words_of.medicine(o),
            how=words_of.how(o),
            since=clock.date_words(clock.local_day(o.valid_from, who.zone)),
            until=_until(who, o, stopped),
            by="; ".join(w for w in (o.prescriber, o.source) if w and not words_of.covered(o)) or "not said",
        )


def _until(who: Actor, o: OrderFacts, following: OrderFacts | None) -> str:
    if following is not None:
        day = clock.date_words(clock.local_day(following.valid_from, who.zone))
        return f"{'Stopped' if following.stopped else 'Changed'} {day}"
    if not o.checked:
        return "Waits for its second check"
    return f"Last day {clock.date_words(o.ends_on)}" if o.ends_on else "Still prescribed"


# ---------------------------------------------------------------- who opened it


def _opened(who: Actor, card: ResidentCard, span: Span) -> tuple[tuple[Opened, ...] | None, str]:
    """Who opened the record, by day and person; managers alone see it."""
    if not may("ledger.see_access", who):
        return None, "Who opened the record is printed for managers only, and is left out here."
    asked = access.AccessAsked(who.home_id, span.start, span.end, subject=f"resident:{card.id}")
    found, more = access.openings(asked, most=MOST_OPENINGS)
    called = staff.names_then({o.person for o in found})
    counted: dict[tuple[dt.date, str], Counter[str]] = {}
    for o in reversed(found):
        key = (clock.local_day(o.at, who.zone), called(o.person, o.at) or "Nobody signed in")
        counted.setdefault(key, Counter())[page_words(o.page)] += 1
    note = f"Only the newest {MOST_OPENINGS:,} openings are counted." if more else ""
    rows = [Opened(clock.date_words(day), name, _pages(pages)) for (day, name), pages in counted.items()]
    return tuple(rows), note


def _pages(pages: Counter[str]) -> str:
    return ", ".join(f"{words} ({n} times)" if n > 1 else words for words, n in pages.most_common())


def _proof(who: Actor) -> str:
    """What ties the paper to the ledger: the newest line when it was printed, and the last check."""
    newest = head(who.chain_id)
    return f"Newest line of the home’s ledger when this was printed: {newest.seq:,}, {newest.hash}. " + (
        f"{chain_checks.checked_words(who)(newest.seq)}."
    )
