"""One's own sign-offs and figures, for oneself before anybody else: what I may give, what comes next, what I recorded,
what was refused me, what was decided and why."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from medpwa import clock, database
from medpwa.competency import file, queries, rules, sentences, settings, states
from medpwa.competency.file import SkillLine
from medpwa.competency.vocabulary import SKILLS
from medpwa.ledger import HistoryLine
from medpwa.mar import sentences as mar_sentences
from medpwa.mar.models import Entry
from medpwa.mar.vocabulary import OUTCOMES
from medpwa.medicines.models import OrderVersion
from medpwa.permits import CARE_ROLES, Actor
from medpwa.practice import bookings
from medpwa.residents import queries as residents
from medpwa.staff import sentences as staff_sentences
from medpwa.staff.sentences import Told, why_refused

LOOKED_BACK = dt.timedelta(days=30)
MOST_REFUSED = 30
MOST_RECORDED = 10_000  # more than anybody records in a month; a bound, not a page
BATCH = 500
RECORDING = ("mar.record", "prn.record", "mar.report_given")

# What comes next, said to the person; a sign-off in date says its day instead.
NEXT: dict[str, str] = {
    "not_started": "The course comes first. Ask your manager when you can begin.",
    "learning": "After the course you go along on rounds.",
    "knowledge_passed": "Go along on a round with somebody who is signed off.",
    "shadowing": "Your observed rounds come next. Ask for one when you feel ready.",
    "assessing": "Your next observed round. Once they are all passed, you are signed off.",
    "development_needed": "Practise what was agreed with somebody beside you; then a round is observed again.",
    "not_competent": "Talk with your manager about what would help you most.",
    "supervised_only": "Ask your manager what brings it back to giving alone.",
    "suspended": "One to three of your rounds are watched again before it comes back. Ask your manager when.",
    "reassessment": "The rounds that are being watched now. Then it comes back, or you agree what else would help.",
    "ended": "If you want to do it again, tell your manager: the course and observed rounds come first.",
    "expired": "Ask for your assessment. Until then you give these with somebody signed off beside you.",
}


@dataclass(frozen=True)
class OwnLine:
    """One of one's skills: how it stands, and what comes next."""

    line: SkillLine
    following: str


@dataclass(frozen=True)
class Figure:
    """What somebody recorded that needed one skill, in the last thirty days."""

    label: str
    given: int
    not_given: int
    afterwards: int  # of the given, those told of after the fact


@dataclass(frozen=True)
class RefusedAttempt:
    """Something the app did not let this person do, and why."""

    when: str
    words: str
    about: str
    times: int  # within the minute, with the same answer: several medicines of one card


@dataclass(frozen=True)
class OwnPage:
    """Everything about oneself."""

    sentence: str
    lead: str
    lines: list[OwnLine]
    needed: list[str]
    figures: list[Figure]
    recorded_words: str
    refused: list[RefusedAttempt]
    decided: list[Told]
    ask_url: str | None


def own_page(who: Actor) -> OwnPage:
    """The page of whoever is signed in, for this home."""
    at = clock.now()
    lines = file.lines_of(who.home_id, who.person_id, who.zone, at)
    figures, doses = _figures(who, at - LOOKED_BACK)
    begun = {line.key for line in lines}
    return OwnPage(
        sentence=_sentence(lines),
        lead=_lead(lines),
        lines=[OwnLine(line, _following(who, line, at)) for line in lines],
        needed=[SKILLS[s] for s in settings.needed_by(who.home_id, who.roles) if s not in begun],
        figures=figures,
        recorded_words=_recorded_words(doses),
        refused=_refused(who, at - LOOKED_BACK),
        decided=_decided(who),
        ask_url=f"/h/{who.home_slug}/my-assessments" if who.roles & CARE_ROLES else None,
    )


def _sentence(lines: list[SkillLine]) -> str:
    able = file.may_give_words(lines)
    if able:
        return f"You may give {able}"
    stopped = any(line.tone == "blocked" for line in lines)
    return f"You do not give medicines alone {'for now' if stopped else 'yet'}"


def _lead(lines: list[SkillLine]) -> str:
    paused = [line for line in lines if line.state in ("suspended", "reassessment")]
    if paused:
        return (
            "Something is paused while it is looked into. It keeps you and the people you care for safe, and is not "
            "a punishment. You see everything about it here."
        )
    return file.lead(lines)


def _following(who: Actor, line: SkillLine, at: dt.datetime) -> str:
    """What comes next for one skill, with its day where it has one."""
    skill, resident_id = queries.skill_of(line.key) or (line.key, None)
    if line.state in NEXT:
        return _booked(who, skill, at) or _asked(who, skill) or NEXT[line.state]
    stands = rules.state_of(
        queries.grants_of(who.home_id, who.person_id), skill, resident_id, at, who.zone
    )
    if stands.until is None:
        return ""
    last = rules.date_words(stands.until, at, who.zone)
    if states.shown(stands, at) == stands.state:
        return f"Your next assessment is due before {last}."
    left = states.days_left(stands.until, at, who.zone)
    return f"Ask for your assessment: it counts until {last}, {left} {'day' if left == 1 else 'days'} from today."


def _booked(who: Actor, skill: str, at: dt.datetime) -> str:
    """The next assessment of a skill that is arranged, in words; empty where there is none."""
    today = clock.local_day(at, who.zone)
    ahead = (b for b in bookings.of_person(who.home_id, who.person_id) if b.row.skill == skill)
    b = next((b for b in ahead if not b.missed(today)), None)
    if b is None:
        return ""
    return f"It is booked: the {b.row.round_name} round, {clock.day_words(b.row.on_day, today)}, with {b.assessor}."


def _asked(who: Actor, skill: str) -> str:
    """That one's request for a skill waits for an answer; empty where none does."""
    r = next((r for r in bookings.waiting_of(who.home_id, who.person_id) if r.skill == skill), None)
    return f"You asked {clock.moment_words(r.at, who.zone)}. It waits for an answer." if r else ""


# ---------------------------------------------------------------- what I recorded


def _figures(who: Actor, since: dt.datetime) -> tuple[list[Figure], int]:
    """By skill, and how many doses they come from: a dose that needs two sign-offs stands in both."""
    given, not_given, after, doses = Counter(), Counter(), Counter(), 0
    for skills, outcome, after_the_fact in _recorded(who, since):
        doses += 1
        for skill in skills:
            (given if OUTCOMES[outcome].given else not_given)[skill] += 1
            after[skill] += bool(after_the_fact and OUTCOMES[outcome].given)
    found = [Figure(name, given[s], not_given[s], after[s]) for s, name in SKILLS.items() if given[s] or not_given[s]]
    return found, doses


def _recorded(who: Actor, since: dt.datetime) -> Iterator[tuple[list[str], str, bool]]:
    """What the order of each dose asked for, and what became of it. Found by this person's own lines of the ledger,
    which have an index; an entry that was corrected since counts as whoever corrected it says."""
    mine = _lines(who, since, "done", RECORDING, MOST_RECORDED)
    ids = [row for line in mine for table, row, _ in line.rows if table == "entry"]
    later = Entry.alias()
    for start in range(0, len(ids), BATCH):
        replaced = later.select(later.corrects).where(later.corrects.in_(ids[start : start + BATCH]))
        yield from (
            Entry.select(OrderVersion.required_skills, Entry.outcome, Entry.after_the_fact)
            .join(OrderVersion)
            .where(Entry.id.in_(ids[start : start + BATCH]) & Entry.id.not_in(replaced))
            .tuples()
        )


def _recorded_words(doses: int) -> str:
    if not doses:
        return "You recorded no dose in the last 30 days."
    said = "1 dose" if doses == 1 else f"{doses} doses"
    return f"{said} in the last 30 days. These figures are yours first."


# ---------------------------------------------------------------- what was refused me, what was decided


_MINE = """SELECT at, verb, outcome, by_kind, by_person, subject, about, rows FROM ledger_line
    WHERE chain_id = ? AND by_person = ? AND at > ? AND outcome = ? AND verb IN ({verbs})
    ORDER BY at DESC, seq DESC LIMIT ?"""


@dataclass(frozen=True)
class _Mine:
    """One of one's own lines, and whom it was about."""

    subject: str
    history: HistoryLine

    @property
    def rows(self) -> list[list]:
        return self.history.rows


def _lines(who: Actor, since: dt.datetime, outcome: str, verbs: Iterable[str], most: int) -> list[_Mine]:
    """One's own lines of this home since a moment, newest first."""
    verbs = tuple(verbs)
    sql = _MINE.format(verbs=", ".join("?" * len(verbs)))
    rows = database.rows(sql, who.chain_id, who.person_id, clock.micros(since), outcome, *verbs, most)
    return [
        _Mine(subject, HistoryLine(clock.from_micros(at), verb, said, kind, person, _read(about), _read(told)))
        for at, verb, said, kind, person, subject, about, told in rows
    ]


def _read(value):
    """A JSON column as plain SQL brings it."""
    return json.loads(value) if isinstance(value, str) else value


def _refused(who: Actor, since: dt.datetime) -> list[RefusedAttempt]:
    mine = _lines(who, since, "refused", mar_sentences.REFUSED, MOST_REFUSED)
    why = why_refused([m.history for m in mine])
    alike = Counter(
        (
            clock.moment_words(m.history.at, who.zone),
            _attempt_words(m.history, why),
            _name(who, m.subject, m.history.at),
        )
        for m in mine
    )
    return [RefusedAttempt(when, words, about, times) for (when, words, about), times in alike.items()]


def _attempt_words(line: HistoryLine, why: dict[tuple[str, int], str]) -> str:
    """`Tried to record a dose.` and what the person read then."""
    read = " ".join(why[table, row] for table, row, _ in line.rows if (table, row) in why)
    attempt = mar_sentences.REFUSED[line.verb].replace("Tried", "You tried", 1)
    return f"{attempt}. You read: “{read}”" if read else f"{attempt}."


def _name(who: Actor, subject: str, at: dt.datetime) -> str:
    kind, _, number = subject.partition(":")
    return residents.name_then(who.home_id, int(number), at) if kind == "resident" else ""


def _decided(who: Actor) -> list[Told]:
    """What managers decided about this person's sign-offs, and why, newest first."""
    verbs = [verb for verb in sentences.SENTENCES if verb not in ("competency.settings", "competency.remind")]
    found = staff_sentences.lines_about(who.chain_id, f"person:{who.person_id}", verbs)
    done = [line for line in found if line.outcome == "done"]
    return staff_sentences.told(who, done, sentences.SENTENCES, sentences.details, sentences.TONES)
