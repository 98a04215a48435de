"""Plays the assessments of the thirty days at the side of the rounds that were told: what somebody records while they
are watched, beside their assessor, belongs to the round that is observed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from medpwa import clock
from medpwa.competency import actions as competency_actions
from medpwa.competency import queries as competency
from medpwa.competency.gate_rules import open_beside
from medpwa.demo import people, watched
from medpwa.demo.prescriptions import ORDERS, Due
from medpwa.demo.telling import Steps, Story
from medpwa.demo.told import Told
from medpwa.demo.watched import Plan, Seen
from medpwa.mar.witness_rules import Witnessed
from medpwa.practice import (
    assessing_actions,
    assessing_rules,
    assessments,
    booking_actions,
    drafts,
    observing_actions,
)
from medpwa.practice.assessments import Assessed

MARKED = 2  # items of each part that are marked beside the critical ones
SHOWN_ELSEWHERE = "Controlled drugs"  # begins the critical item that no round of these showed
COMMENT = "As it should be, and kindly done."
ON_PAPER = "Three rounds observed, the last of them on paper"
HELPERS = ("S2", "S1")  # beside somebody whose assessment ends later today


def steps(story: Story) -> Steps:
    """Every assessment from its beginning to its end, or to today."""
    if not story.whole:
        return
    for number, plan in enumerate(watched.PLANS):
        rounds = watched.rounds_of(plan, story.d0)
        yield story.at(*plan.begins), lambda n=number, p=plan, r=rounds: _begin(story, n, p, r)
        for day, name in plan.shadows:
            at = max(story.at(day, "15:40"), story.at(*plan.begins) + dt.timedelta(minutes=20))
            yield at, lambda n=number, p=plan, d=day, name=name: _shadow(story, n, p, d, name)
        for seen in rounds:
            begins, last = story.at(*seen.at), seen is rounds[-1]
            yield begins, lambda n=number, p=plan, s=seen: _observe(story, n, p, s)
            ends = begins + dt.timedelta(minutes=seen.minutes)
            yield ends, lambda n=number, p=plan, s=seen, last=last: _finish(story, n, p, s, last)
        if plan.outcome:
            yield story.at(*plan.until), lambda n=number, p=plan: _conclude(story, n, p)


def _id(story: Story, *what: object) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"steady:assessed:{story.d0}:{what}"))


def _of(story: Story, number: int) -> Assessed:
    return assessments.assessed(assessments.with_form(_id(story, number)))


# ---------------------------------------------------------------- its parts


def _begin(story: Story, number: int, plan: Plan, rounds: list[Seen]) -> None:
    by, person_id = story.actor(plan.assessor), story.person[plan.staff]
    if rounds and plan.kind != "agency":
        booking_actions.book(
            by=by, person_id=person_id, booking_id=_id(story, number, "first"), skill=plan.skills[0], kind=plan.kind,
            assessor_id=by.person_id, on_day=story.d0 + dt.timedelta(days=rounds[0].day), round_name=rounds[0].name,
        )  # fmt: skip
    row = assessing_actions.start(
        by=by, person_id=person_id, assessment_id=_id(story, number), kind=plan.kind, skills=plan.skills
    )
    if plan.learns:
        answers = [True] * 9 + [plan.staff not in ("S13", "S16")]
        _answer(story, number, plan, row.id, "knowledge", answers)


def _answer(story: Story, number: int, plan: Plan, assessment: int, part: str, answers: list[bool]) -> None:
    assessing_actions.add_answers(
        by=story.actor(plan.assessor), assessment_number=assessment, part_id=_id(story, number, part), part=part,
        answers=answers,
    )  # fmt: skip


def _shadow(story: Story, number: int, plan: Plan, day: int, name: str) -> None:
    assessing_actions.add_shadow(
        by=story.actor(plan.assessor), assessment_number=_of(story, number).id, round_name=name,
        part_id=_id(story, number, "shadow", day), on_day=story.d0 + dt.timedelta(days=day),
    )  # fmt: skip


def _observe(story: Story, number: int, plan: Plan, seen: Seen) -> None:
    observing_actions.observe(
        by=story.actor(plan.assessor), assessment_number=_of(story, number).id,
        observation_id=_id(story, number, seen.day, seen.name), round_name=seen.name,
    )  # fmt: skip
    story.watching[plan.staff] = plan


def _finish(story: Story, number: int, plan: Plan, seen: Seen, last: bool) -> None:
    story.watching.pop(plan.staff, None)
    by, row = story.actor(plan.assessor), assessments.observation_with_form(_id(story, number, seen.day, seen.name))
    unmet = plan.unmet if last else ""
    for item in _items(_of(story, number)):
        mark = "not_met" if item.words == unmet else "knowledge" if item.words.startswith(SHOWN_ELSEWHERE) else "met"
        drafts.mark(row.id, item.key, mark)
        if mark == "not_met":
            drafts.comment(row.id, item.key.partition(".")[0], "Turned to the next person before it was swallowed.")
    drafts.comment(row.id, "2", COMMENT)
    observing_actions.finish(by=by, observation_number=row.id)
    now = clock.now()
    observing_actions.sign(by=by, observation_number=row.id, meaning="observed", proven_at=now)
    observing_actions.sign(
        by=story.actor(plan.staff), observation_number=row.id, meaning="was_observed", proven_at=now,
        words=plan.reflection if last else "",
    )  # fmt: skip


def _items(about: Assessed) -> Iterable:
    """What is marked on a round: all that is critical, and the first few of each part."""
    for domain in about.template.domains:
        plain = [item for item in domain.items if not item.critical]
        yield from (item for item in domain.items if item.critical or item in plain[:MARKED])


def _conclude(story: Story, number: int, plan: Plan) -> None:
    about = _of(story, number)
    if about.needs.scenarios:
        _answer(story, number, plan, about.id, "scenario", [True] * len(about.template.scenarios))
    if plan.outcome == "competent" and assessing_rules.missing(about.template, about.needs, _of(story, number).seen()):
        about_them = dict(person_id=story.person[plan.staff], skill=plan.skills[0])
        also = tuple((skill, None) for skill in plan.skills[1:])
        competency_actions.grant(by=story.system, **about_them, also=also, reason=ON_PAPER)  # a week of few doses
        return
    assessing_actions.conclude(
        by=story.actor(plan.assessor), assessment_number=about.id, outcome=plan.outcome, words=plan.words,
        proven_at=clock.now(),
    )  # fmt: skip


# ---------------------------------------------------------------- whose hands, beside whom


def giver(story: Story, due: Due, told: Told) -> tuple[str, Witnessed | None]:
    """Who gives a dose, and who stands beside them: while somebody is watched they give on the ground floor what they
    are watched for; on the day a sign-off is earned, somebody stands by until it is."""
    order, at = ORDERS[due.order], clock.now()
    if told.outcome != "given" or not story.whole or told.reported:
        return told.by, None
    for staff, plan in story.watching.items():
        ground = people.BY_CODE[due.resident].unit == people.GROUND
        if ground and set(order.skills) <= set(plan.skills) and not order.controlled:
            return staff, Witnessed(story.person[plan.assessor], at)
    if not _learning(story, told.by, at) or _able(story, told.by, order.skills, due.resident):
        return told.by, None
    grants = competency.grants_of(story.home.id, story.person[told.by])
    beside = next(code for code in HELPERS if code != told.by)
    if open_beside(grants, order.skills, story.resident[due.resident], at):
        return told.by, Witnessed(story.person[beside], at)
    return beside, None


def now_able(story: Story, code: str, others: Iterable[str], skills: Iterable[str], resident: str) -> str:
    """Who gives when needed: the likely one, else the first of the others who is signed off by now."""
    if not story.whole or not _learning(story, code, clock.now()) or _able(story, code, skills, resident):
        return code
    return next(one for one in (*others, *HELPERS) if one != code and _able(story, one, skills, resident))


def able_then(story: Story, code: str, due: Due, at: dt.datetime) -> str:
    """Who gave a dose that was reported afterwards: nobody who was still to be signed off when it was given."""
    able = competency.sign_off(
        story.home.id, story.person[code], ORDERS[due.order].skills, story.resident[due.resident], at
    ).allowed
    return code if able or not story.whole else next(one for one in HELPERS if one != code)


def _learning(story: Story, code: str, at: dt.datetime) -> bool:
    """Whether an assessment of somebody ends later on this day or the next."""
    ends = [story.at(*plan.until) for plan in watched.PLANS if plan.staff == code and plan.outcome == "competent"]
    return any(dt.timedelta() < end - at < dt.timedelta(days=2) for end in ends)


def _able(story: Story, code: str, skills: Iterable[str], resident: str) -> bool:
    return competency.sign_off(story.home.id, story.person[code], skills, story.resident[resident]).allowed
