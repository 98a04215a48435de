"""The Now list: a round with its people, and the individual times beside it, time-critical first."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import partial

from medpwa import clock
from medpwa.mar import effects, gap_queries, gap_rules, lateness, queries, recorded, rounds
from medpwa.mar import words as words_of
from medpwa.mar.queries import DoseLine
from medpwa.permits import Actor, may
from medpwa.remember import remembered
from medpwa.residents.queries import ResidentCard, residents_at
from medpwa.residents.vocabulary import AWAY
from medpwa.staff import queries as staff

COMING = dt.timedelta(hours=4)


@dataclass(frozen=True)
class Row:
    """One person in the list."""

    resident_id: int
    url: str
    name: str
    room: str
    unit: str
    photo_url: str | None
    what: str  # the medicine, or "3 medicines"
    tone: str
    words: str
    due_words: str = ""
    time_critical: bool = False
    told: str = ""


@dataclass(frozen=True)
class NowList:
    """Everything the round's page shows."""

    title: str  # "Lunch round, 12:04"
    sentence: str
    late: tuple[Row, ...]
    due: tuple[tuple[str, tuple[Row, ...]], ...]  # ("Due 12:30", rows)
    again: tuple[Row, ...]
    coming: tuple[tuple[str, tuple[Row, ...]], ...]
    done: tuple[Row, ...]
    away: tuple[Row, ...]
    gaps: tuple[Row, ...]
    segments: tuple[str, ...]
    progress: str
    span: rounds.RoundSpan | None
    closes: str
    still_open: tuple[str, ...] = field(default=())
    effects: tuple[effects.EffectRow, ...] = ()  # when-required doses of which somebody should say what they did


def now_list(who: Actor, unit: str = "", at: dt.datetime | None = None) -> NowList:
    """What is due now, overdue, coming, done and away, for a home or one of its units."""
    at = at or clock.now()
    people = {r.id: r for r in residents_at(who.home_id, at) if not unit or r.unit == unit}
    span = rounds.round_now(queries.spans_around(who, at), at)
    lines = _lines(who, people, span, at)
    make = _Rows(who, people, at)
    late = make.rows([x for x in lines if x.state.kind == "late"])
    again = make.rows([x for x in lines if x.state.kind == "again"])
    due = [x for x in lines if x.state.kind == "due"]
    in_round = [x for x in lines if span and x.dose.span == span]
    segments, progress = _progress(in_round)
    asked = effects.rows_for(who, at, people=people.values())
    return NowList(
        title=f"{span.name} round, {clock.time_words(at, who.zone)}" if span else clock.stamp_words(at, who.zone),
        sentence=_sentence(lines, people),
        late=late,
        due=make.by_time(due, "Due"),
        again=again,
        coming=make.by_time([x for x in lines if x.state.kind == "coming"], "Coming"),
        done=make.done(in_round),
        away=make.away(),
        gaps=make.gaps([x for x in lines if x.state.kind == "gap"]),
        segments=segments,
        progress=progress,
        span=span,
        closes=clock.time_words(span.close_at, who.zone) if span else "",
        still_open=(*_still_open(in_round, people), *(f"{r.words}, {r.due_words}" for r in asked)),
        effects=asked,
    )


def _lines(who: Actor, people: Iterable[int], span: rounds.RoundSpan | None, at: dt.datetime) -> list[DoseLine]:
    """The doses the list is about: what is open or still to come, and everything of this round."""
    by_person = queries.lines_by_resident(who, at - queries.LOOK_BACK, at + COMING, at)
    found: list[DoseLine] = []
    for i in people:
        own = by_person.get(i, ())
        found += remembered("of the round", (who.home_id, i), (own, span), partial(_of_the_round, own, span))
    return sorted(found, key=lambda x: (x.due_at, x.order.resident_id, x.order.line_id))


def _of_the_round(own: Iterable[DoseLine], span: rounds.RoundSpan | None) -> tuple[DoseLine, ...]:
    return tuple(x for x in own if not x.state.settled or (span and x.dose.span == span))


def _sentence(lines: list[DoseLine], people: dict[int, ResidentCard]) -> str:
    late = sum(1 for x in lines if x.state.kind == "late")
    if late:
        return "1 dose is overdue" if late == 1 else f"{late} doses are overdue"
    waiting = {x.order.resident_id for x in lines if x.state.kind == "due"}
    if waiting:
        return "1 person is due now" if len(waiting) == 1 else f"{len(waiting)} people are due now"
    if not people:
        return "Nobody lives here yet"
    return "Nobody is late"


def _progress(lines: list[DoseLine]) -> tuple[tuple[str, ...], str]:
    """One segment a person: done, late, waiting or still to come; with the count in words."""
    by_person: dict[int, list[DoseLine]] = defaultdict(list)
    for x in lines:
        by_person[x.order.resident_id].append(x)
    tones = [_segment(own) for own in by_person.values()]
    order = ("given", "late", "due", "coming")
    tones.sort(key=order.index)
    done, several = tones.count("given"), "person" if len(tones) == 1 else "people"
    return tuple(tones), f"{done} of {len(tones)} {several} done" if tones else ""


def _segment(own: list[DoseLine]) -> str:
    kinds = {x.state.kind for x in own}
    if kinds & {"late", "gap"}:
        return "late"
    if kinds & {"due", "again"}:
        return "due"
    return "coming" if "coming" in kinds else "given"


def _still_open(lines: list[DoseLine], people: dict[int, ResidentCard]) -> tuple[str, ...]:
    """What is left of a round, in words, for the hand-over."""
    return tuple(
        f"{people[x.order.resident_id].name}: {words_of.medicine(x.order)}"
        for x in lines
        if x.state.kind in ("due", "late", "again", "coming", "gap")
    )


class _Rows:
    """Gathers dose lines by person into rows of words."""

    def __init__(self, who: Actor, people: dict[int, ResidentCard], at: dt.datetime) -> None:
        self.who, self.people, self.at = who, people, at

    def rows(self, lines: list[DoseLine]) -> tuple[Row, ...]:
        """One row a person and due time, time-critical and earliest first."""
        groups: dict[tuple[dt.datetime, int], list[DoseLine]] = defaultdict(list)
        for x in lines:
            groups[(x.due_at, x.order.resident_id)].append(x)
        made = [(self._rank(own), self.row(own)) for own in groups.values()]
        return tuple(row for _, row in sorted(made, key=lambda pair: pair[0]))

    def _rank(self, own: list[DoseLine]) -> tuple:
        return (not any(x.order.time_critical for x in own), own[0].due_at, own[0].order.resident_id)

    def by_time(self, lines: list[DoseLine], word: str) -> tuple[tuple[str, tuple[Row, ...]], ...]:
        """Rows under a heading for each due time."""
        times = sorted({x.due_at for x in lines})
        return tuple(
            (f"{word} {self._time(t)}", self.rows([x for x in lines if x.due_at == t])) for t in times
        )

    def _time(self, at: dt.datetime) -> str:
        words = clock.moment_words(at, self.who.zone, seen_from=self.at)
        return words.removeprefix("today").strip()

    def row(self, own: list[DoseLine]) -> Row:
        """One person's doses of one time."""
        resident, first = self.people[own[0].order.resident_id], own[0]
        tone, words = recorded.state_words(first, self.at, self.who.zone)
        what = words_of.medicine(first.order) if len(own) == 1 else f"{len(own)} medicines"
        return self._row(resident, what, tone, words, own, told=self._told(own))

    def _told(self, own: list[DoseLine]) -> str:
        """Who was told about a late time-critical dose, and when."""
        late = [x for x in own if x.order.time_critical and x.state.kind == "late"]
        told = lateness.told_of(self.who.home_id, late[0]) if late else lateness.Told()
        if told.first_at is None:
            return ""
        names = staff.names({i for i in (told.first_person, told.taken_on_by) if i})
        first = names.get(told.first_person, "")
        said = f"{first.split()[0] if first else 'The shift leader'} was told at {self._time(told.first_at)}."
        if told.taken_on_at is None:
            return said
        taker = names.get(told.taken_on_by, "Somebody").split()[0]
        return f"{said} {taker} took it on at {self._time(told.taken_on_at)}."

    def _row(self, r: ResidentCard, what: str, tone: str, words: str, own: list[DoseLine], told: str = "") -> Row:
        return Row(
            resident_id=r.id,
            url=f"/h/{self.who.home_slug}/residents/{r.id}/card",
            name=r.name,
            room=r.room_words,
            unit=r.unit,
            photo_url=r.photo_url,
            what=what,
            tone=tone,
            words=words,
            due_words=f"due {self._time(own[0].due_at)}" if own else "",
            time_critical=any(x.order.time_critical for x in own),
            told=told,
        )

    def gaps(self, lines: list[DoseLine]) -> tuple[Row, ...]:
        """Gaps with how far each was looked into; those who look into them are led there, others to the card."""
        reviews = gap_queries.reviews_around(self.who, self.at) if lines else {}
        rows = []
        for x in sorted(lines, key=lambda x: self._rank([x])):
            review = reviews.get(x.place)
            said = gap_queries.words_for(gap_rules.state_of("gap", review), review)
            url = gap_queries.url_of(self.who, x.dose.key) if may("gaps.see", self.who) else ""
            row = self.row([x])
            rows.append(replace(row, what=f"{row.what}. {said}", url=url or row.url))
        return tuple(rows)

    def done(self, lines: list[DoseLine]) -> tuple[Row, ...]:
        """People of the round with nothing left to do."""
        by_person: dict[int, list[DoseLine]] = defaultdict(list)
        for x in lines:
            by_person[x.order.resident_id].append(x)
        settled = [own for own in by_person.values() if all(x.state.settled for x in own)]
        return tuple(self._done_row(own) for own in settled)

    def _done_row(self, own: list[DoseLine]) -> Row:
        resident = self.people[own[0].order.resident_id]
        last = max(own, key=lambda x: x.state.entry.at if x.state.entry else x.due_at)
        tone, words = recorded.state_words(last, self.at, self.who.zone)
        given = sum(1 for x in own if x.state.kind in ("given", "reported"))
        return self._row(resident, f"{given} of {len(own)} given", tone, words, own)

    def away(self) -> tuple[Row, ...]:
        """People who are not in the home now."""
        out = [r for r in self.people.values() if r.whereabouts in AWAY]
        return tuple(self._row(r, r.whereabouts_words, "away", "Away", []) for r in out)
