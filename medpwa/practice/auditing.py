"""The quarterly audit worked out from the record: who gave, and whether all that makes a give sound was there.

The population is everybody who gave a dose by the records of doses, never the duty list (domain page 6.5). Exceptions
are doses and what was lacking; nobody is ranked and no dose's exception names who gave it: the entry does.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from medpwa import clock
from medpwa.competency import queries as competency
from medpwa.competency import rules
from medpwa.competency.models import Attestation, BreakGlass, BreakGlassSeen
from medpwa.competency.vocabulary import MAY_GIVE, SKILLS
from medpwa.database import canonical_json
from medpwa.mar import words as words_of
from medpwa.medicines.rules import OrderFacts
from medpwa.permits import Actor
from medpwa.practice import gives
from medpwa.practice.audit_vocabulary import GAVE, TESTS
from medpwa.practice.doses import WAYS, lacked_words
from medpwa.practice.evidence import Held, Papers
from medpwa.practice.gives import PERIODS, Gives
from medpwa.practice.giving_rules import Dated, Judge, Judged
from medpwa.practice.models import Assessment, Induction, Observation, ObservationResult, SupervisionNote
from medpwa.practice.quarters import Quarter
from medpwa.practice.supervision_queries import newest_only
from medpwa.practice.supervision_rules import UNTIL_NEXT
from medpwa.residents import queries as residents
from medpwa.staff import queries as staff
from medpwa.staff.models import Role

SAMPLE_LEAST, SAMPLE_OF = 5, 5  # sign-offs looked at one by one: one in five, at least five
Exceptions = list[dict[str, object]]


@dataclass(frozen=True)
class Audited:
    """An audit as figures and exceptions, ready to be stored."""

    figures: dict[str, object]
    exceptions: Exceptions

    @property
    def seal(self) -> str:
        """What tells two of them apart: the form that signs one names what was read."""
        told = {k: v for k, v in self.figures.items() if k != "until"}
        return hashlib.sha256(canonical_json([told, self.exceptions]).encode()).hexdigest()[:24]


@dataclass(frozen=True)
class _Asked:
    """What every test of one audit looks at."""

    who: Actor
    start: dt.datetime
    end: dt.datetime
    found: Gives
    grants: Mapping[int, tuple[Dated, ...]]
    judge: Judge
    papers: Papers
    orders: Mapping[int, OrderFacts]


def audit(who: Actor, quarter: Quarter, until: dt.datetime, *, exact: bool = False) -> Audited:
    """The audit of a quarter as far as it has come at `until`. `exact` leaves out what was given later that day, for
    looking at a signed one again; else the day is asked for whole, which every look at it shares."""
    start, end = quarter.bounds(who.zone)
    today = clock.day_bounds(clock.local_day(until, who.zone), who.zone)[1]
    found = gives.gives_between(who.home_id, start, min(end, until if exact else today))
    end = min(end, until)
    asked = _Asked(
        who, start, end, found, gives.dated_grants(who.home_id), gives.judge_of(who.home_id),
        Papers(who.home_id, who.zone), gives.order_versions(who.home_id),
    )  # fmt: skip
    relied = list(_relied(asked))
    answers = {
        GAVE: _gave(asked),
        "paused": _paused(asked),
        **_signed(asked, relied),
        "agency": _agency(asked),
        "glass": _glass(asked),
        "supervision": _supervision(asked),
        "reach": _reach(asked),
    }
    tests = [dict(key=key, of=answers[key][0], failed=len(answers[key][1])) for key in TESTS]
    exceptions = [dict(test=key, **e) for key in TESTS for e in answers[key][1]]
    return Audited(_figures(asked, quarter, relied, tests), exceptions)


def _figures(asked: _Asked, quarter: Quarter, relied: list[Dated], tests: list[dict]) -> dict[str, object]:
    found = asked.found
    able, alone = found.never_out_of_date
    out = {skill: sum(any(x.skill == skill for x in j.lacked) for j in found.not_in_date) for skill in found.by_skill}
    return dict(
        quarter=quarter.word,
        until=clock.micros(asked.end),
        doses=found.total,
        skilled=found.skilled,
        not_in_date=len(found.not_in_date),
        supervised=len(found.supervised),
        people=len(found.people),
        alone=len(alone),
        in_date=len(able),
        by_skill=[[skill, found.by_skill[skill], out[skill]] for skill in SKILLS if skill in found.by_skill],
        by_period=[[p, found.by_period.get(p, 0), _out_in(asked, p), _rounds_in(asked, p)] for p in PERIODS],
        sample=_sample(asked, quarter, relied),
        tests=tests,
    )


# ---------------------------------------------------------------- doses


def _gave(asked: _Asked) -> tuple[int, Exceptions]:
    return asked.found.skilled - len(asked.found.supervised), [_dose(asked, j) for j in asked.found.not_in_date]


def _paused(asked: _Asked) -> tuple[int, Exceptions]:
    paused = [j for j in asked.found.not_in_date if any(x.state == "suspended" for x in j.lacked)]
    return asked.found.total, [_dose(asked, j) for j in paused]


def _dose(asked: _Asked, j: Judged) -> dict[str, object]:
    """A dose in words that stay true: what, when, and what was lacking."""
    who, order, at = asked.who, asked.orders[j.give.version_id], j.give.given_at
    name = residents.name_then(who.home_id, j.give.resident_id, at)
    when = f"{clock.date_words(clock.local_day(at, who.zone))}, {clock.time_words(at, who.zone)}"
    lacked = "; ".join(lacked_words(x) for x in j.lacked)
    return dict(
        ref=f"entry:{j.give.id}",
        words=f"{when}: {words_of.medicine(order)} for {name}",
        detail=f"{lacked}. {WAYS[j.way][1]}",
        resident=j.give.resident_id,
        day=clock.local_day(clock.from_micros(j.give.known), who.zone).isoformat(),
    )


# ---------------------------------------------------------------- what sign-offs rest on


def _relied(asked: _Asked) -> Iterator[Dated]:
    """The sign-offs the doses of the quarter were given under, each once."""
    seen: set[int] = set()
    for (giver, skill, resident_id), last in sorted(asked.found.used.items(), key=lambda u: str(u[0])):
        own = {g.fact.id: g for g in asked.grants.get(giver, ()) if g.fact.skill == skill}
        facts = [g.fact for g in own.values()]
        at = clock.from_micros(last)
        state = rules.state_of(facts, skill, resident_id, at, asked.who.zone)
        if state.state in MAY_GIVE and state.grant_id not in seen:
            seen.add(state.grant_id)
            yield own[state.grant_id]


def _signed(asked: _Asked, relied: Iterable[Dated]) -> dict[str, tuple[int, Exceptions]]:
    """What the sign-offs of the quarter rest on: assessor, observed rounds, evidence."""
    relied = list(relied)
    owners = {g.fact.id: person for person, own in asked.grants.items() for g in own}
    resting = [(g, _held(asked, g)) for g in relied]
    assessed = [(g, held) for g, held in resting if held is not None]
    by_id = {held.id: (g, held) for g, held in assessed}
    out_of_date = [(g, held) for g, held in assessed if not _assessor_in_date(asked, g, held)]
    short = [(g, held) for g, held in by_id.values() if held.rounds < held.needed]
    reviews = _past_review(asked)
    bare = [g for g in relied if not asked.papers.rests(g).found or _delegation(g) in reviews]
    say = lambda g, detail: _grant(asked, owners[g.fact.id], g, detail)  # noqa: E731
    return {
        "assessor": (len(assessed), [say(g, "The assessor was not in date when signing") for g, _ in out_of_date]),
        "rounds": (len(by_id), [say(g, f"{h.rounds} of {h.needed} rounds signed by both") for g, h in short]),
        "evidence": (len(relied), [say(g, _why_bare(g, reviews)) for g in bare]),
    }


def _why_bare(g: Dated, reviews: set[int]) -> str:
    return "The delegation was past its review" if _delegation(g) in reviews else "Nothing was kept with it"


def _held(asked: _Asked, grant: Dated) -> Held | None:
    return asked.papers.assessments.get((grant.evidence or {}).get("assessment", 0))


def _delegation(grant: Dated) -> int | None:
    return (grant.evidence or {}).get("attestation")


def _assessor_in_date(asked: _Asked, grant: Dated, held: Held) -> bool:
    at = clock.micros(held.signed_at or grant.recorded_at)
    return not asked.judge.lacked(held.assessor, (grant.fact.skill,), grant.fact.resident_id or 0, at, at)


def _past_review(asked: _Asked) -> set[int]:
    """Delegations whose day of review had passed before the end of the span."""
    last = clock.local_day(asked.end - dt.timedelta(microseconds=1), asked.who.zone)
    late = (Attestation.home == asked.who.home_id) & (Attestation.review_on < last)
    return {number for (number,) in Attestation.select(Attestation.id).where(late).tuples()}


def _grant(asked: _Asked, person_id: int, g: Dated, detail: str) -> dict[str, object]:
    name = staff.names({person_id}).get(person_id, "somebody")
    label = competency.label_of(asked.who.home_id, g.fact.skill, g.fact.resident_id)
    since = clock.date_words(clock.local_day(g.fact.valid_from, asked.who.zone))
    key = competency.key_of(g.fact.skill, g.fact.resident_id)
    words = f"{name}, {label}, since {since}"
    return dict(ref=f"grant:{g.fact.id}", words=words, detail=detail, person=person_id, skill=key)


def _sample(asked: _Asked, quarter: Quarter, relied: list[Dated]) -> list[list[object]]:
    """Sign-offs to be read one by one, picked by no person: by a digest of the quarter and the sign-off."""
    digest = lambda g: hashlib.sha256(f"{quarter.word}:{g.fact.id}".encode()).hexdigest()  # noqa: E731
    owners = {g.fact.id: person for person, own in asked.grants.items() for g in own}
    picked = sorted(relied, key=digest)[: max(SAMPLE_LEAST, -(-len(relied) // SAMPLE_OF))]
    said = [(_grant(asked, owners[g.fact.id], g, asked.papers.rests(g).words)) for g in picked]
    return sorted([e["words"], e["detail"], e["person"], e["skill"]] for e in said)


# ---------------------------------------------------------------- people and rounds


def _agency(asked: _Asked) -> tuple[int, Exceptions]:
    people = {p: staff.person_facts(p, asked.end) for p in asked.found.people}
    agency = sorted(p for p, facts in people.items() if facts is not None and facts.agency)
    rows = Induction.select().where((Induction.home == asked.who.home_id) & Induction.person.in_(agency))
    inductions: dict[int, list[Induction]] = {}
    for i in rows:
        inductions.setdefault(i.person_id, []).append(i)
    found = []
    for person_id in agency:
        why = _without(asked, person_id, inductions.get(person_id, []))
        if why:
            found.append(dict(ref=f"person:{person_id}", words=people[person_id].name, detail=why, person=person_id))
    return len(agency), found


def _without(asked: _Asked, person_id: int, own: list[Induction]) -> str:
    first, last = (clock.from_micros(at) for at in asked.found.last[person_id])
    day = clock.local_day(last, asked.who.zone)
    before = [i for i in own if i.at <= first]
    if not before:
        return "No induction before the first dose of the quarter"
    kept = [i for i in own if i.paper_id is not None and (i.paper_expires_on is None or i.paper_expires_on > day)]
    return "" if kept else "No paper of the agency in date at the last dose"


def _glass(asked: _Asked) -> tuple[int, Exceptions]:
    rows = list(
        BreakGlass.select()
        .where((BreakGlass.home == asked.who.home_id) & (BreakGlass.starts_at >= asked.start)
               & (BreakGlass.starts_at < asked.end))
        .order_by(BreakGlass.starts_at, BreakGlass.id)
    )  # fmt: skip
    answers = BreakGlassSeen.select(BreakGlassSeen.break_glass)
    mine = answers.where(BreakGlassSeen.break_glass.in_([b.id for b in rows]))
    seen = {number for (number,) in mine.tuples()}
    names = staff.names({b.person_id for b in rows})
    found = []
    for b in rows:
        if b.id not in seen:
            day = clock.date_words(clock.local_day(b.starts_at, asked.who.zone))
            words = f"{day}, {b.round_name} round: {names.get(b.person_id, 'somebody')}"
            found.append(dict(ref=f"glass:{b.id}", words=words, detail=b.reason, person=b.person_id))
    return len(rows), found


def _supervision(asked: _Asked) -> tuple[int, Exceptions]:
    home_id, zone = asked.who.home_id, asked.who.zone
    last_day = clock.local_day(asked.end - dt.timedelta(microseconds=1), zone)
    since = last_day - UNTIL_NEXT
    here = sorted(p for p in asked.found.people if staff.roles_of(p, home_id, asked.end - dt.timedelta(microseconds=1)))
    mine = (SupervisionNote.home == home_id) & SupervisionNote.person.in_(here) & newest_only()
    held: dict[int, list[dt.date]] = {}
    for person_id, day in SupervisionNote.select(SupervisionNote.person, SupervisionNote.held_on).where(mine).tuples():
        held.setdefault(person_id, []).append(day)
    began = _began(home_id, here)
    names = staff.names(set(here))
    found = []
    for person_id in here:
        days = [d for d in held.get(person_id, []) if d <= last_day]
        latest = max(days, default=None)
        if (latest is None or latest < since) and clock.local_day(began[person_id], zone) < since:
            said = f"Last talk {clock.date_words(latest)}" if latest else "No talk is recorded"
            words = names.get(person_id, "somebody")
            found.append(dict(ref=f"person:{person_id}", words=words, detail=said, person=person_id))
    return len(here), sorted(found, key=lambda e: str(e["words"]))


def _began(home_id: int, people: list[int]) -> dict[int, dt.datetime]:
    """When each began here: nobody can be overdue for a talk who is new."""
    rows = Role.select(Role.person, Role.valid_from).where(Role.person.in_(people))
    found: dict[int, dt.datetime] = {}
    for person_id, since in rows.where((Role.home == home_id) | Role.home.is_null()).tuples():
        found[person_id] = min(since, found.get(person_id, since))
    return found


def _reach(asked: _Asked) -> tuple[int, Exceptions]:
    parts = [p for p in ("night", "weekend") if asked.found.by_period.get(p)]
    bare = [p for p in parts if not _rounds_in(asked, p)]
    doses = asked.found.by_period
    return len(parts), [
        dict(ref=f"period:{p}", words=PERIODS[p], detail=f"{doses[p]:,} doses, no round observed") for p in bare
    ]


def _rounds_in(asked: _Asked, period: str) -> int:
    """Observed rounds of the span that began in a part of the week and were not broken off."""
    rows = ObservationResult.select(Observation.begun_at).join(Observation).join(Assessment)
    mine = (Assessment.home == asked.who.home_id) & (ObservationResult.abandoned == "")
    mine &= (Observation.begun_at >= asked.start) & (Observation.begun_at < asked.end)
    known: gives.Hours = {}
    begun = [clock.micros(at) for (at,) in rows.where(mine).tuples()]
    return sum(gives.period_of(at, asked.who.zone, known) == period for at in begun)


def _out_in(asked: _Asked, period: str) -> int:
    known: gives.Hours = {}
    return sum(gives.period_of(j.give.given, asked.who.zone, known) == period for j in asked.found.not_in_date)
