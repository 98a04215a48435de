"""The ledger page: its sentence, its lines in words with what proves them, and the ways on from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from medpwa import clock
from medpwa.desk import telling, trail
from medpwa.desk.trail import Asked, Place
from medpwa.desk.vocabulary import AFTER_THE_FACT, STEADY
from medpwa.ledger import Line
from medpwa.permits import Actor, may
from medpwa.residents import queries as residents
from medpwa.staff import queries as staff

Checked = Callable[[int], str]  # what the last check says about a line, by its number


@dataclass(frozen=True)
class Way:
    """Where a line leads."""

    words: str
    url: str


@dataclass(frozen=True)
class Proof:
    """What stands behind "How do we know?"."""

    label: str
    value: str


@dataclass(frozen=True)
class Row:
    """One line as the page shows it."""

    seq: int
    time: str
    when: str
    who: str
    words: str
    tone: str
    mark: str  # "Refused", "After the fact" or nothing
    about: str
    about_url: str | None
    way: Way | None
    proof: tuple[Proof, ...]


@dataclass(frozen=True)
class Day:
    """The lines of one day."""

    words: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class LedgerPage:
    """What was asked for."""

    sentence: str
    lead: str
    first: tuple[Row, ...]
    first_more: dict[str, int]  # by kind: how many there are in all
    days: tuple[Day, ...]
    following: str


def ledger_page(who: Actor, asked: Asked, span: str, before: Place | None, checked: Checked) -> LedgerPage:
    """A page of the ledger for somebody who may read it. `span` says the days in words, `checked` up to where the
    chain was last checked."""
    counts = {only: trail.count(replace(asked, only=only, group="")) for only in trail.ONLY}
    on_top = trail.first(asked) if before is None else []
    page, following = trail.lines(asked, before, trail.PAGE)
    row_of = _worded(who, [*on_top, *page], checked)
    days = groupby(page, key=lambda x: clock.local_day(x.at, who.zone))
    return LedgerPage(
        sentence=sentence(counts, span),
        lead=_lead(who, asked),
        first=tuple(row_of(x) for x in on_top),
        first_more=counts,
        days=tuple(Day(_day(who, day), tuple(row_of(x) for x in rows)) for day, rows in days),
        following=f"{following[0]}-{following[1]}" if following else "",
    )


def sentence(counts: dict[str, int], span: str) -> str:
    """What matters, in the first line: `3 refusals and 1 after-the-fact report in the last 7 days`."""
    refused, after = counts["refused"], counts["after"]
    said = [_many(refused, "refusal", "refusals")] if refused else []
    said += [_many(after, "after-the-fact report", "after-the-fact reports")] if after else []
    return f"{' and '.join(said) or 'No refusal and no after-the-fact report'} {span}"


def _many(n: int, one: str, more: str) -> str:
    over = "Over " if n >= trail.COUNTED_TO else ""
    return f"{over}{n:,} {one if n == 1 else more}"


def _lead(who: Actor, asked: Asked) -> str:
    """Whose lines these are."""
    by = "" if asked.person is None else STEADY if asked.person == 0 else _person_now(asked.person)
    about = _subject_now(who, asked.subject)
    said = [f"Recorded by {by}." if by else "", f"About {about}." if about else ""]
    said += [f"{telling.GROUP_WORDS[asked.group]}." if asked.group else ""]
    return " ".join(s for s in said if s)


def _person_now(person_id: int) -> str:
    return staff.names({person_id}).get(person_id, "")


def _subject_now(who: Actor, subject: str) -> str:
    kind, _, number = subject.partition(":")
    if kind == "resident":
        card = residents.resident_card(who.home_id, int(number))
        return card.name if card else ""
    return _person_now(int(number)) if kind == "person" else ""


def _day(who: Actor, day: dt.date) -> str:
    words = clock.long_day_words(day)
    near = clock.day_words(day, clock.local_day(clock.now(), who.zone))
    return f"{near.capitalize()}, {words}" if near in ("today", "yesterday") else words


# ---------------------------------------------------------------- lines in words


def _worded(who: Actor, lines: Iterable[Line], checked: Checked) -> Callable[[Line], Row]:
    """A function that words these lines; what they need is looked up once for all of them."""
    lines = list({x.id: x for x in lines}.values())
    words = telling.words_for(who, lines)
    people = {x.by_person for x in lines} | {_number(x.subject) for x in lines if x.subject.startswith("person:")}
    called = staff.names_then(people)
    return lambda x: _row(who, x, *words[x.id], called, checked)


def _row(who: Actor, x: Line, words: str, tone: str, called, checked: Checked) -> Row:
    about, about_url = _about(who, x, called)
    return Row(
        seq=x.seq,
        time=clock.time_words(x.at, who.zone),
        when=clock.moment_words(x.at, who.zone),
        who=actor_words(x, called),
        words=words,
        tone="blocked" if x.outcome == "refused" else "flagged" if is_after_the_fact(x) else tone,
        mark="Refused" if x.outcome == "refused" else "After the fact" if is_after_the_fact(x) else "",
        about=about,
        about_url=about_url,
        way=_way(who, x),
        proof=_proof(who, x, checked),
    )


def is_after_the_fact(x: Line) -> bool:
    """Whether a line says that something was done before it was recorded."""
    return x.verb in AFTER_THE_FACT and x.outcome == "done"


def actor_words(x: Line, called: Callable[[int | None, dt.datetime], str]) -> str:
    """Who did it, by the name they had then; the product itself is named as such."""
    if x.by_person is None:
        return STEADY if x.by_kind == "system" else "A device, nobody signed in"
    return called(x.by_person, x.at) or "Somebody no longer on record"


def _number(subject: str) -> int:
    return int(subject.partition(":")[2] or 0)


def _about(who: Actor, x: Line, called) -> tuple[str, str | None]:
    base, (kind, _, number) = f"/h/{who.home_slug}", x.subject.partition(":")
    if kind == "resident":
        return residents.name_then(who.home_id, int(number), x.at), f"{base}/residents/{number}"
    if kind == "person" and int(number) != x.by_person:
        return called(int(number), x.at), f"{base}/staff/{number}"
    return "", None


# Tables whose rows have a page, the most telling first: words, address under the home, permit.
_WAYS: dict[str, tuple[str, str, str]] = {
    "given_report": ("Open the report", "reports/{row}", "mar.see_reports"),
    "given_report_closing": ("Open the report", "reports/{report}", "mar.see_reports"),
    "order_version": ("Open the order", "orders/{order}", "orders.see"),
    "order_check": ("Open the order", "orders/{order}", "orders.see"),
    "skill_grant": ("Open their sign-offs", "competency/{number}", "competency.see"),
    "entry": ("Open what happened at their rounds", "residents/{number}/rounds", "history.see"),
    "scan": ("Open what happened at their rounds", "residents/{number}/rounds", "history.see"),
    "help_request": ("Open what happened at their rounds", "residents/{number}/rounds", "history.see"),
    "label": ("Open the labels", "residents/{number}/labels", "labels.see"),
    "label_end": ("Open the labels", "residents/{number}/labels", "labels.see"),
    "allergies": ("Open the record", "residents/{number}", "residents.see"),
    "resident_version": ("Open the record", "residents/{number}", "residents.see"),
    "whereabouts": ("Open the record", "residents/{number}", "residents.see"),
    "photo": ("Open the record", "residents/{number}", "residents.see"),
    "duty": ("Open the duties", "duties", "staff.see_duties"),
    "role": ("Open their page", "staff/{number}", "staff.see"),
    "person_version": ("Open their page", "staff/{number}", "staff.see"),
    "round_setting": ("Open the times of the rounds", "rounds", "round.settings"),
}


def _way(who: Actor, x: Line) -> Way | None:
    """The most telling page among those of the line's records."""
    rows = {table: row for table, row, _ in reversed(x.rows)}
    values = {"number": _number(x.subject), **x.about}
    for table, (words, path, permit) in _WAYS.items():
        if table in rows and may(permit, who):
            try:
                return Way(words, f"/h/{who.home_slug}/{path.format(**values, row=rows[table])}")
            except KeyError:  # an older line that did not name it yet
                continue
    return None


def _proof(who: Actor, x: Line, checked: Checked) -> tuple[Proof, ...]:
    records = ", ".join(f"{table} {row}" for table, row, _ in x.rows) or "none: the line says it all"
    return (
        Proof("Line", f"{x.seq:,} of this home’s chain"),
        Proof("Recorded", clock.exact_words(x.at, who.zone)),
        Proof("Verb", f"{x.verb}, {x.outcome}"),
        Proof("Records it stands for", records),
        Proof("Its hash", x.hash),
        Proof("Hash of the line before", x.prev),
        Proof("Chain", checked(x.seq)),
    )
