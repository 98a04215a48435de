"""The list of gaps: those that wait, riskiest first, then those settled; week by week with how many each week has, so
that a long list is short to read and nothing of it is hidden."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from medpwa import clock
from medpwa.mar import gap_rules as rules
from medpwa.mar import missing
from medpwa.mar import words as words_of
from medpwa.mar.gap_queries import reviews_between, url_of, words_for
from medpwa.mar.gap_rules import ReviewFacts
from medpwa.mar.gap_vocabulary import GAP, RESOLVED
from medpwa.mar.queries import DoseLine
from medpwa.medicines import queries as orders
from medpwa.permits import Actor
from medpwa.residents import queries as residents
from medpwa.staff import queries as staff

PARTS = ("waiting", "to_report", "settled")
SHOWN = 30  # rows of a kind on the first page; every week's own page has all of it
_WEEK = dt.timedelta(weeks=1)
_ONE = dt.timedelta(days=1)


@dataclass(frozen=True)
class GapRow:
    """One gap in a list."""

    url: str
    title: str  # "Ivy Cartledge, Room 7: senna 7.5 mg tablet"
    due_words: str
    age_words: str
    risk_words: str
    tone: str
    state_words: str
    by_words: str
    resident_id: int
    due_at: dt.datetime


@dataclass(frozen=True)
class Part:
    """One kind of gaps: how many there are, and the rows of it that are shown."""

    count: int
    rows: tuple[GapRow, ...]

    @property
    def more_words(self) -> str:
        """What is not shown here; empty where everything is."""
        hidden = self.count - len(self.rows)
        return f"{hidden} more: open a week below to see all of it." if hidden else ""


@dataclass(frozen=True)
class GapWeek:
    """One week and how many doses without a record it has, by how far they are."""

    words: str
    url: str
    waiting: int
    critical: int  # of those that wait
    to_report: int
    settled: int


@dataclass(frozen=True)
class GapsPage:
    """Gaps that wait, riskiest first; those settled whose give is not reported yet; those settled."""

    sentence: str
    lead: str
    waiting: Part
    to_report: Part
    settled: Part
    weeks: tuple[GapWeek, ...]
    whole_week: bool
    earlier: str  # the day to ask for, for the weeks before; empty where nothing was prescribed then
    later: bool


@dataclass(frozen=True)
class _Gap:
    """One gap with its review, before it is put into words."""

    line: DoseLine
    review: ReviewFacts | None
    state: str

    @property
    def part(self) -> str:
        """In which of the three parts it stands."""
        if rules.report_awaited(self.state, self.review):
            return "to_report"
        return "settled" if self.state == RESOLVED else "waiting"


def gaps_page(
    who: Actor, until: dt.date | None = None, at: dt.datetime | None = None, week: dt.date | None = None
) -> GapsPage:
    """Gaps of the five weeks up to a day, the riskiest and oldest of each kind; or all of the week a day lies in.
    Earlier ones are a page further back, for as long as they are unsettled."""
    at = at or clock.now()
    today = clock.local_day(at, who.zone)
    if week is not None:
        since = clock.monday_of(min(week, today))
        until = min(since + _WEEK - _ONE, today)
    else:
        until = min(until or today, today)
        since = _since(until)
    found = _gaps(who, since, until, at)
    parts = {name: [g for g in found if g.part == name] for name in PARTS}
    first = _first_day(who)
    shown = {name: own if week is not None else own[:SHOWN] for name, own in parts.items()}
    rows = _Rows(who, [g for own in shown.values() for g in own], at)
    return GapsPage(
        sentence=_sentence(len(parts["waiting"]), len(found)),
        lead=f"Doses that closed with nothing recorded, {_span_words(since, until, today)}. Time-critical and "
        "high-risk first, then the oldest. Nobody signs for another: what was given is reported by whoever gave it.",
        **{name: Part(len(parts[name]), rows.of(own)) for name, own in shown.items()},
        weeks=() if week is not None else _by_week(who, found),
        whole_week=week is not None,
        earlier=(since - _ONE).isoformat() if first is not None and first < since and week is None else "",
        later=until != today or week is not None,
    )


def _since(until: dt.date) -> dt.date:
    """The Monday the five weeks up to a day begin with: every week of the list is a whole one."""
    return clock.monday_of(until - dt.timedelta(weeks=missing.WEEKS) + _ONE)


def _span_words(since: dt.date, until: dt.date, today: dt.date) -> str:
    return f"{clock.date_words(since)} to {'today' if until == today else clock.date_words(until)}"


def _sentence(waiting: int, all_of_them: int) -> str:
    """What the page comes to. A gap that is settled is still a dose without a record."""
    if waiting:
        return "1 dose without a record is to be settled" if waiting == 1 else (
            f"{waiting} doses without a record are to be settled"
        )
    return "Every dose without a record is settled" if all_of_them else "No dose is without a record"


def _first_day(who: Actor) -> dt.date | None:
    begun = [o.valid_from for o in orders.orders_of_home(who.home_id)]
    return clock.local_day(min(begun), who.zone) if begun else None


def _gaps(who: Actor, since: dt.date, until: dt.date, at: dt.datetime) -> list[_Gap]:
    start, end = clock.day_bounds(since, who.zone)[0], clock.day_bounds(until, who.zone)[1]
    reviews = reviews_between(who.home_id, start, end)
    lines = sorted(missing.missing(who, since, until, at), key=_urgency)
    pairs = ((x, reviews.get(x.place)) for x in lines)
    return [_Gap(x, review, rules.state_of(x.state.kind, review)) for x, review in pairs]


def _by_week(who: Actor, found: Sequence[_Gap]) -> tuple[GapWeek, ...]:
    """The weeks that have any, newest first."""
    own: dict[dt.date, list[_Gap]] = {}
    for g in found:
        day = clock.local_day(g.line.due_at, who.zone)
        own.setdefault(clock.monday_of(day), []).append(g)
    return tuple(_week(who, monday, own[monday]) for monday in sorted(own, reverse=True))


def _week(who: Actor, monday: dt.date, own: Sequence[_Gap]) -> GapWeek:
    count = {name: sum(g.part == name for g in own) for name in PARTS}
    critical = sum(g.part == "waiting" and g.line.order.time_critical for g in own)
    url = f"/h/{who.home_slug}/gaps?week={monday.isoformat()}"
    return GapWeek(f"Week of {clock.date_words(monday)}", url, critical=critical, **count)


def _urgency(x: DoseLine) -> tuple:
    o = x.order
    return rules.urgency(time_critical=o.time_critical, high_risk=o.high_risk, due_at=x.due_at)


class _Rows:
    """Puts gaps into words: only those that are shown."""

    def __init__(self, who: Actor, shown: Sequence[_Gap], at: dt.datetime) -> None:
        self.who, self.at = who, at
        self.people = {r.id: r for r in residents.residents_at(who.home_id, at, include_left=True)}
        reviews = [g.review for g in shown if g.review]
        self.named = staff.names({s.by for r in reviews for s in r.steps} | {r.by for r in reviews})

    def of(self, own: Sequence[_Gap]) -> tuple[GapRow, ...]:
        """The rows of these."""
        return tuple(self._row(g) for g in own)

    def _row(self, g: _Gap) -> GapRow:
        x, r, zone = g.line, self.people[g.line.order.resident_id], self.who.zone
        risk = [w for w, so in (("Time-critical", x.order.time_critical), ("High-risk", x.order.high_risk)) if so]
        return GapRow(
            url=url_of(self.who, x.dose.key),
            title=f"{r.name}{f', {r.room_words}' if r.room_words else ''}: {words_of.medicine(x.order)}",
            due_words=f"due {clock.moment_words(x.due_at, zone, seen_from=self.at)}",
            age_words=f"{clock.span_words(self.at - x.due_at)} ago",
            risk_words=", ".join(risk),
            tone="missed" if g.state == GAP else "given" if g.state == RESOLVED else "flagged",
            state_words=words_for(g.state, g.review),
            by_words=_by_words(g.review, self.named, zone, self.at),
            resident_id=r.id,
            due_at=x.due_at,
        )


def _by_words(review: ReviewFacts | None, named: Mapping[int, str], zone: str, at: dt.datetime) -> str:
    if review is None:
        return ""
    last = review.steps[-1] if review.steps else review
    return f"{named.get(last.by, 'Somebody')}, {clock.moment_words(last.at, zone, seen_from=at)}"


def waiting(who: Actor, at: dt.datetime) -> list[tuple[DoseLine, ReviewFacts | None]]:
    """Gaps of the last five weeks that nobody has settled, riskiest first: what waits for those who decide."""
    today = clock.local_day(at, who.zone)
    found = _gaps(who, _since(today), today, at)
    return [(g.line, g.review) for g in found if g.state != RESOLVED]
