"""A person's own figures beside a talk: what went well first, then what to talk about, each with what it was counted
of. Of this person alone: nobody is compared with anybody (law 10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from medpwa import clock, database
from medpwa.mar import missing, queries, rounds
from medpwa.mar.models import OWN_GIVES
from medpwa.mar.timing import LADDER
from medpwa.permits import Actor

WELL, TALK = "well", "talk"
GROUPS = {WELL: "What went well", TALK: "To talk about"}
_MINUTE = 60_000_000

# Doses somebody gave in a span that stand: all, with a due time, in their window, recorded by them, late by them.
_GIVEN = f"""SELECT count(*), count(e.due_at),
    sum(CASE WHEN e.given_at BETWEEN e.due_at - CAST(v.window_before AS BIGINT) * {_MINUTE}
                             AND e.due_at + CAST(v.window_after AS BIGINT) * {_MINUTE} THEN 1 ELSE 0 END),
    sum(CASE WHEN e."by" = ? THEN 1 ELSE 0 END),
    sum(CASE WHEN e."by" = ? AND coalesce(e.saved_at, e.at) - e.given_at > {LADDER.told_apart * _MINUTE}
        THEN 1 ELSE 0 END)
    FROM entry e JOIN order_version v ON v.id = e.order_version_id
    WHERE e.home_id = ? AND coalesce(e.administered_by, e."by") = ? AND e.outcome IN {OWN_GIVES}
    AND e.given_at >= ? AND e.given_at < ? AND e.at < ?
    AND NOT EXISTS (SELECT 1 FROM entry c WHERE c.corrects_id = e.id AND c.at < ?)"""
# What they recorded: entries, those corrected since, those of which they said so themselves, refusals, and with why.
_RECORDED = """SELECT count(*),
    sum(CASE WHEN EXISTS (SELECT 1 FROM entry c WHERE c.corrects_id = e.id AND c.at < ?) THEN 1 ELSE 0 END),
    sum(CASE WHEN EXISTS (SELECT 1 FROM entry c WHERE c.corrects_id = e.id AND c.at < ?)
        AND EXISTS (SELECT 1 FROM correction_request r WHERE r.entry_id = e.id AND r."by" = e."by") THEN 1 ELSE 0 END),
    sum(CASE WHEN e.outcome IN ('refused', 'refused_destroyed') THEN 1 ELSE 0 END),
    sum(CASE WHEN e.outcome IN ('refused', 'refused_destroyed')
        AND (e.reason NOT IN ('', 'not_said') OR e.note <> '') THEN 1 ELSE 0 END)
    FROM entry e WHERE e.home_id = ? AND e."by" = ? AND e.corrects_id IS NULL AND e.at >= ? AND e.at < ?"""
_TOLD = """SELECT count(*) FROM given_report WHERE home_id = ? AND "by" = ? AND at >= ? AND at < ?"""
_THEIR_DUES = """SELECT DISTINCT due_at FROM entry
    WHERE home_id = ? AND "by" = ? AND corrects_id IS NULL AND due_at >= ? AND due_at < ?"""
_ALL_DUES = """SELECT due_at, count(DISTINCT order_line_id) FROM entry
    WHERE home_id = ? AND due_at >= ? AND due_at < ? GROUP BY due_at"""


@dataclass(frozen=True)
class Figure:
    """One figure with what it was counted of. Its words are kept with it: a talk reads later as it read then."""

    key: str
    group: str
    label: str
    part: int
    whole: int
    words: str


@dataclass(frozen=True)
class Agenda:
    """The figures of one person over a span, as they stood at a moment."""

    since: dt.date
    as_of: dt.datetime
    figures: tuple[Figure, ...]

    def frozen(self) -> dict:
        """As it is kept with the talk."""
        figures = [asdict(f) for f in self.figures]
        return {"since": self.since.isoformat(), "as_of": clock.micros(self.as_of), "figures": figures}


def thawed(kept: dict) -> Agenda:
    """What was kept with a talk."""
    figures = tuple(Figure(**f) for f in kept["figures"])
    return Agenda(dt.date.fromisoformat(kept["since"]), clock.from_micros(kept["as_of"]), figures)


def agenda_of(who: Actor, person_id: int, since: dt.date, as_of: dt.datetime) -> Agenda:
    """A person's own figures from a day of the home up to a moment."""
    start = clock.day_bounds(since, who.zone)[0]
    span = (clock.micros(start), clock.micros(as_of))
    return Agenda(since, as_of, tuple(_figures(who, person_id, span, start, as_of)))


def _figures(
    who: Actor, person_id: int, span: tuple[int, int], start: dt.datetime, as_of: dt.datetime
) -> Iterator[Figure]:
    now = span[1]
    given = _row(_GIVEN, person_id, person_id, who.home_id, person_id, *span, now, now)
    wrote = _row(_RECORDED, now, now, who.home_id, person_id, *span)
    told = _row(_TOLD, who.home_id, person_id, *span)[0]
    gaps, due = _gaps(who, person_id, span, start, as_of)
    yield _figure("on_time", WELL, "Doses given in their window", given[2], given[1], "doses with a set time")
    yield _figure("refusals", WELL, "Refusals with the reason written down", wrote[4], wrote[3], "refusals")
    yield _figure("own_mistakes", WELL, "Mistakes put right that they told of themselves", wrote[2], wrote[1],
                  "corrections of their entries")  # fmt: skip
    later = "Doses they reported later of their own accord"
    yield Figure("told_later", WELL, later, told, told, _count(told, "report"))
    yield _figure("recorded_late", TALK, f"Recorded over {LADDER.told_apart} minutes after giving", given[4], given[3],
                  "doses they gave and recorded")  # fmt: skip
    yield _figure("gaps", TALK, "Doses without a record in rounds they worked in, with whoever else worked in them",
                  gaps, due, "doses due in these rounds")  # fmt: skip
    yield _figure("corrected", TALK, "Entries corrected since", wrote[1], wrote[0], "entries")


def _row(sql: str, *values: object) -> list[int]:
    return [int(n or 0) for n in database.rows(sql, *values)[0]]


def _figure(key: str, group: str, label: str, part: int, whole: int, of: str) -> Figure:
    words = f"{part:,} of {whole:,} {of}" if whole else f"no {of} in this time"
    return Figure(key, group, label, part, whole, words)


def _count(n: int, what: str) -> str:
    return f"{n:,} {what}{'' if n == 1 else 's'}" if n else f"no {what} in this time"


# ---------------------------------------------------------------- gaps


def _gaps(
    who: Actor, person_id: int, span: tuple[int, int], start: dt.datetime, as_of: dt.datetime
) -> tuple[int, int]:
    """Doses without a record in the rounds somebody recorded in, and all doses due in these rounds. A dose at an
    individual time is a round of its own."""
    rounds_of = _Rounds(who)
    dues = database.rows(_THEIR_DUES, who.home_id, person_id, *span)
    theirs = {rounds_of.of(clock.from_micros(at)) for (at,) in dues}
    if not theirs:
        return 0, 0
    recorded = database.rows(_ALL_DUES, who.home_id, *span)
    due = sum(n for at, n in recorded if rounds_of.of(clock.from_micros(at)) in theirs)
    days = (clock.local_day(start, who.zone), clock.local_day(as_of, who.zone))
    open_doses = (x.due_at for x in missing.missing(who, *days, as_of))
    gaps = sum(1 for at in open_doses if start <= at < as_of and rounds_of.of(at) in theirs)
    return gaps, due + gaps


class _Rounds:
    """Which round a due time belongs to, each day's rounds worked out once."""

    def __init__(self, who: Actor) -> None:
        self.who, self.days = who, {}

    def of(self, due_at: dt.datetime) -> dt.datetime:
        """When its round began; an individual time stands for itself."""
        day = clock.local_day(due_at, self.who.zone)
        if day not in self.days:
            settings = queries.round_settings(self.who.home_id, clock.day_bounds(day, self.who.zone)[1])
            self.days[day] = rounds.rounds_on(settings, day, self.who.zone)
        found = rounds.round_of(due_at, self.days[day])
        return found.start_at if found else due_at
