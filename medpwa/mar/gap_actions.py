"""The verbs of a dose without a record: looking into it, and settling it. None of them makes it a dose given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from medpwa import alerts, clock
from medpwa.action import Done, action
from medpwa.errors import Invalid, Refused
from medpwa.ledger import Pending, line
from medpwa.mar import gap_deeds as deeds
from medpwa.mar import gap_queries as queries
from medpwa.mar import gap_rules as rules
from medpwa.mar import words as words_of
from medpwa.mar.gap_queries import GapDose
from medpwa.mar.gap_vocabulary import RECORDED
from medpwa.mar.models_after import GapReview
from medpwa.permits import Actor
from medpwa.residents import queries as residents


@action("gaps.review", about=queries.gap_of)
def look_into(
    *,
    by: Actor,
    about: GapDose,
    gap_key: str,
    said: Mapping[str, str],
    found_in: str = "round",
    advice_at: dt.datetime | None = None,
) -> Done:
    """Add what was found out about a gap. The first person to act opens its review with it; the same step sent again is
    the same step."""
    _demand_gap(about)
    problems = [] if about.review else rules.found_in_problems(found_in)
    problems += rules.step_problems(dict(said), advice_at, clock.now())
    if problems:
        raise Invalid(problems)
    if _said_before(by, about, said, advice_at):
        return Done(None, replay=True)
    opened = None if about.review else deeds.take_up(by, about.key, found_in)
    review_id = opened.id if opened else about.review.id
    step = deeds.add_step(by, review_id, said, advice_at=advice_at)
    rows = (opened, step) if opened else (step,)
    return Done(step, [_line(about, "gaps.review", *rows)])


@action("gaps.conclude", about=queries.gap_of)
def conclude(
    *, by: Actor, about: GapDose, gap_key: str, conclusion: str, confidence: str, evidence: str, found_in: str = "round"
) -> Done:
    """Settle a gap by what it came to. It makes no dose: one that was given counts when whoever gave it reports it."""
    _demand_gap(about)
    problems = rules.conclusion_problems(conclusion, confidence, evidence)
    problems += [] if about.review else rules.found_in_problems(found_in)
    if problems:
        raise Invalid(problems)
    why_not = rules.may_not_conclude(by.person_id, queries.people_then(by.home_id, about))
    if why_not:
        raise Refused("own_dose", f"{why_not} Nothing was settled.", about=_where(about))
    last = about.review.steps[-1] if about.review and about.review.steps else None
    if last and (last.by, last.conclusion, last.confidence, last.evidence) == (
        by.person_id, conclusion, confidence, evidence
    ):
        return Done(None, replay=True)
    opened = None if about.review else deeds.take_up(by, about.key, found_in)
    step = deeds.add_step(
        by,
        opened.id if opened else about.review.id,
        {"evidence": evidence},
        conclusion=conclusion,
        confidence=confidence,
    )
    rows = (opened, step) if opened else (step,)
    told = _omitted_alert(by, about, step.id) if conclusion == "omitted" else []
    return Done(step, [_line(about, "gaps.conclude", *rows), *told])


def _demand_gap(about: GapDose) -> None:
    """It must still stand without a record: somebody may have said meanwhile what happened."""
    if about.state == RECORDED:
        words = "Somebody recorded this dose meanwhile, so nothing was added. Read what stands there now."
        raise Refused("recorded_meanwhile", words, about=_where(about))


def _where(about: GapDose) -> dict[str, int | str]:
    subject = f"resident:{about.line.order.resident_id}"
    return {"subject": subject, "order_line": about.key.line_id, "due": clock.micros(about.key.due_at)}


def _line(about: GapDose, verb: str, *rows: GapReview) -> Pending:
    where = _where(about)
    return line(verb, str(where.pop("subject")), *rows, **where)


def _said_before(by: Actor, about: GapDose, said: Mapping[str, str], advice_at: dt.datetime | None) -> bool:
    last = about.review.steps[-1] if about.review and about.review.steps else None
    if last is None or last.by != by.person_id or last.conclusion or last.advice_at != advice_at:
        return False
    return all(getattr(last, name) == said.get(name, "") for name in rules.WORDS_OF_A_STEP)


def _omitted_alert(by: Actor, about: GapDose, step_id: int) -> list[Pending]:
    """A dose that was not given: those who manage are told."""
    resident = residents.resident_card(by.home_id, about.line.order.resident_id)
    words = (
        f"{resident.name}’s {words_of.medicine(about.line.order)}, due "
        f"{clock.stamp_words(about.key.due_at, by.zone)}, was not given, {by.name} found. See what follows from it."
    )
    return alerts.raise_alert(
        home_id=by.home_id,
        key=f"omitted:{about.key}:{step_id}",
        words=words,
        url=queries.url_of(by, about.key),
        to_verb="mar.close_report",
        subject=f"resident:{resident.id}",
        raised_by=by.person_id,
    )
