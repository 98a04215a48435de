"""Gaps as pages show them: how old, how risky, what people found out, and whom they wait for."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from medpwa import clock, ledger
from medpwa.errors import NotFound
from medpwa.ledger import HistoryLine
from medpwa.mar import gap_rules as rules
from medpwa.mar import queries
from medpwa.mar import words as words_of
from medpwa.mar.gap_rules import ReviewFacts, StepFacts
from medpwa.mar.gap_vocabulary import (
    CONCLUSIONS,
    CONFIDENCE,
    FOUND_IN,
    GAP,
    RECORDED,
    RESOLVED,
    STATES,
    STOCK_UNKNOWN,
)
from medpwa.mar.models import Entry, HelpRequest
from medpwa.mar.models_after import GapReview, GapStep
from medpwa.mar.queries import DoseLine
from medpwa.mar.tickets import DoseKey, parse_key
from medpwa.permits import Actor, may
from medpwa.remember import while_nothing_newer
from medpwa.residents import queries as residents
from medpwa.staff import queries as staff
from medpwa.staff.models import Home
from medpwa.staff.sentences import ids_of

Reviews = Mapping[tuple[int, dt.datetime], ReviewFacts]
ROUND_ABOUT = dt.timedelta(hours=1)


# ---------------------------------------------------------------- reviews


def reviews_between(home_id: int, start: dt.datetime, end: dt.datetime) -> Reviews:
    """Reviews of a home's doses due in [start, end), by dose; kept while no review and no step is newer."""
    span = (home_id, start, end)
    return while_nothing_newer("gap reviews", span, ("gap_review", "gap_step"), lambda: _read(*span))


def reviews_around(home: Home | Actor, at: dt.datetime) -> Reviews:
    """Reviews of the doses of yesterday, today and the day before: what rounds and cards show beside a gap."""
    home_id, day = home.id if isinstance(home, Home) else home.home_id, clock.local_day(at, home.zone)
    start = clock.day_bounds(day - dt.timedelta(days=2), home.zone)[0]
    return reviews_between(home_id, start, clock.day_bounds(day, home.zone)[1])


def _read(home_id: int, start: dt.datetime, end: dt.datetime) -> dict[tuple[int, dt.datetime], ReviewFacts]:
    mine = (GapReview.home == home_id) & (GapReview.due_at >= start) & (GapReview.due_at < end)
    return {(r.line_id, r.due_at): r for r in _facts(list(GapReview.select().where(mine)))}


def _facts(rows: list[GapReview]) -> list[ReviewFacts]:
    steps: dict[int, list[StepFacts]] = defaultdict(list)
    for s in GapStep.select().where(GapStep.review.in_(rows)).order_by(GapStep.id) if rows else ():
        steps[s.review_id].append(
            StepFacts(
                s.at,
                s.by,
                s.staff_asked,
                s.resident_effect,
                s.advice_from,
                s.advice,
                s.advice_at,
                s.evidence,
                s.conclusion,
                s.confidence,
            )
        )
    return [
        ReviewFacts(r.id, r.order_line_id, r.due_at, r.found_in, r.at, r.by, tuple(steps[r.id])) for r in rows
    ]


def review_of(home_id: int, key: DoseKey) -> ReviewFacts | None:
    """The review of one dose, if somebody took it up."""
    mine = (GapReview.home == home_id) & (GapReview.order_line == key.line_id) & (GapReview.due_at == key.due_at)
    found = _facts(list(GapReview.select().where(mine)))
    return found[0] if found else None


# ---------------------------------------------------------------- one gap


@dataclass(frozen=True)
class GapDose:
    """The dose a page or an action is about, with its state and its review: what a loader hands over."""

    home_id: int
    key: DoseKey
    line: DoseLine
    review: ReviewFacts | None

    @property
    def state(self) -> str:
        """Among `gap_vocabulary.STATES`."""
        return rules.state_of(self.line.state.kind, self.review)


def gap_of(by: Actor, gap_key: str, **_: object) -> GapDose:
    """The loader of a gap: a dose of the actor's home that stands without a record or was looked into, else
    NotFound."""
    dose_key = parse_key(gap_key)
    if dose_key is None or by.home_id is None:
        raise NotFound()
    dose, review = queries.dose_of(by, dose_key), review_of(by.home_id, dose_key)
    where = residents.whereabouts_spans(by.home_id)
    mine = tuple(queries.entries_of_dose(dose_key))
    x = queries.line_at(dose, where.get(dose.order.resident_id, ()), mine, clock.now())
    if review is None and (x.state.kind != "gap" or queries.left_before(dose, where)):
        raise NotFound()
    return GapDose(by.home_id, dose_key, x, review)


def people_then(home_id: int, gap: GapDose) -> set[int]:
    """Who gave, or tried to give, this person's medicines around the time a dose was due: they have a part in it."""
    times, line_ids = gap.line.dose.times, queries.line_ids_of(home_id, gap.line.order.resident_id)
    theirs = (Entry.resident == gap.line.order.resident_id) & (Entry.due_at >= times.due_at - ROUND_ABOUT)
    theirs &= (Entry.due_at < times.close_at) & Entry.corrects.is_null()
    found = {p for e in Entry.select().where(theirs) for p in (e.by, e.administered_by) if p}
    asked = (HelpRequest.order_line == gap.key.line_id) & (HelpRequest.due_at == gap.key.due_at)
    found |= {h.by for h in HelpRequest.select().where(asked)}
    tried = (ledger.Refusal.at >= times.opens_at) & (ledger.Refusal.at < times.close_at)
    tried &= ledger.Refusal.verb.in_(["mar.record", "mar.ready"])
    refused = ledger.Refusal.select().where(tried)
    return found | {r.by_person for r in refused if r.by_person and r.about.get("order_line") in line_ids}


# ---------------------------------------------------------------- words


def url_of(who: Actor, key: DoseKey) -> str:
    """Where a gap is looked into."""
    return f"/h/{who.home_slug}/gaps/{key}"


def words_for(state: str, review: ReviewFacts | None) -> str:
    """A gap's state as a chip says it."""
    if state == RESOLVED and review is not None:
        return f"Settled: {CONCLUSIONS[review.conclusion].short}"
    return STATES[state]


# ---------------------------------------------------------------- the page of one


@dataclass(frozen=True)
class StepRow:
    """One step in words."""

    at_words: str
    who: str
    words: str
    tone: str = "plain"
    struck: bool = False


@dataclass(frozen=True)
class GapPage:
    """One gap with everything that was found out."""

    url: str
    key: str
    resident: object
    medicine: str
    how: str
    due_words: str
    closed_words: str
    state: str
    tone: str
    state_words: str
    risk_words: str
    found_words: str
    facts: tuple[dict[str, str], ...]
    steps: tuple[StepRow, ...]
    may_review: bool
    may_not_conclude: str
    recorded_words: str
    report_awaited: bool
    report_url: str
    still_records: bool  # carers may still say what happened on the card


def gap_page(who: Actor, gap: GapDose) -> GapPage:
    """The page of one gap for one person."""
    at, x, review = clock.now(), gap.line, gap.review
    resident = residents.resident_card(who.home_id, x.order.resident_id)
    named = staff.names({s.by for s in review.steps} | {review.by}) if review else {}
    risk = [w for w, is_so in (("Time-critical", x.order.time_critical), ("High-risk", x.order.high_risk)) if is_so]
    state, base = gap.state, f"/h/{who.home_slug}/residents/{resident.id}"
    return GapPage(
        url=url_of(who, gap.key),
        key=str(gap.key),
        resident=resident,
        medicine=words_of.medicine(x.order),
        how=words_of.how(x.order),
        due_words=clock.moment_words(x.due_at, who.zone, seen_from=at),
        closed_words=clock.moment_words(x.dose.times.close_at, who.zone, seen_from=at),
        state=state,
        tone="missed" if state == GAP else "given" if state in (RESOLVED, RECORDED) else "flagged",
        state_words=words_for(state, review),
        risk_words=", ".join(risk),
        found_words=f"{FOUND_IN[review.found_in]}: {named.get(review.by, 'somebody')}, "
        f"{clock.moment_words(review.at, who.zone, seen_from=at)}" if review else "",
        facts=_known(review, who.zone),
        steps=tuple(_step(s, named, who.zone, at) for s in reversed(review.steps)) if review else (),
        may_review=may("gaps.review", who) and state != RECORDED,
        may_not_conclude=_may_not_conclude(who, gap),
        recorded_words=_recorded(x, who.zone) if state == RECORDED else "",
        report_awaited=rules.report_awaited(state, review),
        report_url=f"{base}/given-already?dose={gap.key}",
        still_records=at - x.due_at <= queries.LOOK_BACK,
    )


def _may_not_conclude(who: Actor, gap: GapDose) -> str:
    if not may("gaps.conclude", who):
        return "A team leader or a manager settles it."
    return rules.may_not_conclude(who.person_id, people_then(who.home_id, gap))


def _recorded(x: DoseLine, zone: str) -> str:
    from medpwa.mar.correction_queries import says

    return says(x.state.entry, zone, x.order) if x.state.entry else ""


def _known(review: ReviewFacts | None, zone: str) -> tuple[dict[str, str], ...]:
    """What is known so far: the newest word in each field, and what is not known here."""
    if review is None:
        return ()
    found = [{"label": label, "value": review.newest(name)} for name, label in rules.LABELS.items()]
    advised = next((s.advice_at for s in reversed(review.steps) if s.advice_at), None)
    if advised:
        found.append({"label": "When the advice was given", "value": clock.moment_words(advised, zone)})
    found = [row for row in found if row["value"]]
    return (*found, {"label": "Stock expected and counted", "value": STOCK_UNKNOWN[:1].upper() + STOCK_UNKNOWN[1:]})


def _step(s: StepFacts, named: Mapping[int, str], zone: str, at: dt.datetime) -> StepRow:
    when = clock.moment_words(s.at, zone, seen_from=at)
    return StepRow(when, named.get(s.by, "somebody"), step_words(s), "given" if s.conclusion else "plain")


def step_words(s: StepFacts | GapStep) -> str:
    """What one step says."""
    said = [f"{label}: {getattr(s, name)}" for name, label in rules.LABELS.items() if getattr(s, name)]
    if s.conclusion:
        said.insert(0, f"{CONCLUSIONS[s.conclusion].word} ({CONFIDENCE.get(s.confidence or '', '').lower()})")
    return ". ".join(w.rstrip(".") for w in said) + "."


def details(lines: list[HistoryLine], who: Actor) -> dict[tuple[str, int | str], str]:
    """What the rows of reviews say in a history."""
    found: dict[tuple[str, int | str], str] = {}
    for r in GapReview.select().where(GapReview.id.in_(ids_of(lines, "gap_review"))):
        found["gap_review", r.id] = f"{FOUND_IN[r.found_in]}, due {clock.moment_words(r.due_at, who.zone)}"
    for s in GapStep.select().where(GapStep.id.in_(ids_of(lines, "gap_step"))):
        found["gap_step", s.id] = step_words(s)
    return found
