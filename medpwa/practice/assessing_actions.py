"""The verbs around an assessment: the template, its beginning, the parts beside the observed rounds, how it ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from medpwa import clock
from medpwa.action import Done, action
from medpwa.competency import settings
from medpwa.competency.deeds import Key
from medpwa.errors import Invalid, NotFound
from medpwa.permits import MANAGING_ROLES, Actor
from medpwa.practice import assessing_deeds as deeds
from medpwa.practice import assessing_rules as rules
from medpwa.practice import assessments, booking_deeds, bookings, doses_seen, instrument_rules
from medpwa.practice.assessing_vocabulary import KINDS, LONGEST_WORDS, OUTCOMES
from medpwa.practice.assessments import Assessed
from medpwa.practice.models import Assessment, AssessmentOutcome, AssessmentPart
from medpwa.staff import lock_rules
from medpwa.staff import queries as staff
from medpwa.staff.queries import Colleague

NOTHING = "Nothing was changed."
TOO_LONG = f"Use at most {LONGEST_WORDS} characters. What you wrote is still here."
STALE = "Too long ago: type your PIN or password again to sign. What you wrote is kept."


@action("assess.settings")
def set_template(*, by: Actor, body: Mapping[str, Any]) -> Done:
    """Make the home's next version of the template; assessments under way keep the one they began with."""
    wrong = instrument_rules.problems(body)
    if wrong:
        raise Invalid(wrong)
    before = assessments.newest_instrument(by.home_id)
    if before is not None and before.body == dict(body):
        return Done(before, replay=True)
    row = deeds.new_version(by, body)
    return Done(row, [deeds.line("assess.settings", f"home:{by.home_id}", row, number=row.number)])


# ---------------------------------------------------------------- beginning


@action("assess.begin", about=staff.colleague_of)
def start(
    *,
    by: Actor,
    about: Colleague,
    person_id: int,
    assessment_id: str,
    kind: str,
    skills: Sequence[str],
    booking_number: int | None = None,
) -> Done:
    """Begin an assessment of a colleague in one or several skills; the same form sent again begins the same one."""
    stored = assessments.with_form(assessment_id)
    if stored is not None:
        return Done(_same(by, stored, person_id), replay=True)
    keys = _keys(skills, kind)
    demand_assessor(by, about.person_id, keys)
    _demand_none_under_way(by, about, keys)
    _demand_kind(by, about, kind, keys)
    booking = bookings.open_for(by, booking_number, person_id) if booking_number else None
    made, said = deeds.start(by, assessment_id, person_id, kind, keys, booking.id if booking else None)
    held = [booking_deeds.end(by, booking, "held", "")[1]] if booking is not None else []
    return Done(made, [*said, *held, *deeds.progress(by, made)])


def _demand_kind(by: Actor, about: Colleague, kind: str, keys: Sequence[Key]) -> None:
    """Refused where a kind that asks for less does not fit what was decided about these skills before."""
    states = {assessments.stands(by.home_id, about.person_id, key).state for key in keys}
    decided = [assessments.decided(by.home_id, about.person_id, key) for key in keys]
    outside, manages = about.facts.agency or about.facts.bank, bool(by.roles & MANAGING_ROLES) or by.kind == "system"
    assessments.demand(rules.why_not_kind(kind, states, decided, outside, manages), about.person_id)


def _same(by: Actor, stored: Assessment, person_id: int) -> Assessment:
    if (stored.home_id, stored.by, stored.person_id) != (by.home_id, by.person_id, person_id):
        raise NotFound()
    return stored


def _keys(skills: Sequence[str], kind: str) -> list[Key]:
    wrong = [] if kind in KINDS else [("kind", f"Choose what kind of assessment it is. {NOTHING}")]
    if not skills or any(skill not in assessments.assessable() for skill in skills):
        wrong.append(("skill", f"Choose at least one skill from the list. {NOTHING}"))
    if wrong:
        raise Invalid(wrong)
    return [(skill, None) for skill in dict.fromkeys(skills)]


def demand_assessor(by: Actor, person_id: int, keys: Sequence[Key], kept: str = NOTHING) -> None:
    """Refused where the actor cannot assess this person in these skills now; `kept` says what was not lost."""
    no = assessments.why_not_assessor(by.home_id, by.person_id, person_id, keys)
    if no is not None:
        assessments.demand(rules.Reason(no.code, f"{no.words} {kept}"), person_id)


def _demand_none_under_way(by: Actor, about: Colleague, keys: Sequence[Key]) -> None:
    for other in assessments.of_person(by.home_id, about.person_id):
        shared = set(other.keys) & set(keys)
        if other.outcome is None and shared:
            who = staff.names({other.row.assessor_id}).get(other.row.assessor_id, "somebody")
            words = f"{who} has an assessment of {about.name} under way for one of these. Go on with it. {NOTHING}"
            assessments.demand(rules.Reason("under_way", words), about.person_id)


# ---------------------------------------------------------------- parts


@action("assess.observe", about=assessments.assessment_of)
def add_answers(
    *,
    by: Actor,
    about: Assessed,
    assessment_number: int,
    part_id: str,
    part: str,
    answers: Sequence[bool],
    words: str = "",
) -> Done:
    """Keep how the knowledge or scenario questions went: right or not, question by question, by the template's mark."""
    stored = assessments.part_with_form(part_id)
    if stored is not None:
        return Done(_same_part(about, stored), replay=True)
    _demand_open(about)
    demand_assessor(by, about.person_id, about.keys)
    asked = about.template.knowledge if part == "knowledge" else about.template.scenarios
    if part not in ("knowledge", "scenario") or len(answers) != len(asked) or not asked:
        raise Invalid([("answer-1", f"Say of every question how it was answered. {NOTHING}")])
    _check_words(words)
    mark = about.template.pass_mark if part == "knowledge" else 100
    right = sum(answers)
    said = dict(score=right, out_of=len(asked), passed=rules.passed(right, len(asked), mark))
    given = {str(n): bool(ok) for n, ok in enumerate(answers, start=1)}
    row, told = deeds.add_part(
        by, about, "assess.observe", part_id=part_id, part=part, answers=given, words=words, **said
    )
    return Done(row, [told, *deeds.progress(by, about.row)])


@action("assess.observe", about=assessments.assessment_of)
def add_shadow(
    *,
    by: Actor,
    about: Assessed,
    assessment_number: int,
    part_id: str,
    on_day: dt.date,
    round_name: str,
    words: str = "",
) -> Done:
    """Keep that the person went along on a round: which, on what day, what was talked about."""
    stored = assessments.part_with_form(part_id)
    if stored is not None:
        return Done(_same_part(about, stored), replay=True)
    _demand_open(about)
    demand_assessor(by, about.person_id, about.keys)
    if on_day > clock.local_day(clock.now(), by.zone):
        raise Invalid([("on_day", f"That day is still to come. Record a round once it was shadowed. {NOTHING}")])
    if not round_name:
        raise Invalid([("round", f"Choose which round it was. {NOTHING}")])
    if any((p.part, p.on_day, p.round_name) == ("shadow", on_day, round_name) for p in about.parts):
        raise Invalid([("on_day", f"That round of that day is recorded as shadowed already. {NOTHING}")])
    _check_words(words)
    row, told = deeds.add_part(
        by, about, "assess.observe", part_id=part_id, part="shadow", answers={}, words=words, on_day=on_day,
        round_name=round_name,
    )  # fmt: skip
    return Done(row, [told, *deeds.progress(by, about.row)])


@action("assess.sign", about=assessments.own_assessment_of)
def reflect(*, by: Actor, about: Assessed, own_assessment: int, part_id: str, words: str) -> Done:
    """Keep what the person assessed says about it themselves."""
    stored = assessments.part_with_form(part_id)
    if stored is not None:
        return Done(_same_part(about, stored), replay=True)
    _demand_open(about)
    if not words.strip():
        raise Invalid([("words", "Write what went well, and what you want to practise. Nothing was kept yet.")])
    _check_words(words)
    row, told = deeds.add_part(by, about, "assess.sign", part_id=part_id, part="reflection", answers={}, words=words)
    return Done(row, [told])


def _same_part(about: Assessed, stored: AssessmentPart) -> AssessmentPart:
    if stored.assessment_id != about.id:
        raise NotFound()
    return stored


def _check_words(words: str) -> None:
    if len(words) > LONGEST_WORDS:
        raise Invalid([("words", TOO_LONG)])


def _demand_open(about: Assessed) -> None:
    if about.outcome is not None:
        assessments.demand(rules.Reason("decided", _decided_words(about)), about.person_id)


def _decided_words(about: Assessed) -> str:
    done = about.outcome
    who = staff.names({done.by}).get(done.by, "somebody")
    when = clock.stamp_words(done.at, staff.zone_of(about.home_id))
    return f"{who} ended this assessment {when}: {OUTCOMES[done.outcome][0].lower()}. Nothing was added."


# ---------------------------------------------------------------- how it ends


@action("assess.conclude", about=assessments.assessment_of)
def conclude(
    *, by: Actor, about: Assessed, assessment_number: int, outcome: str, words: str = "", proven_at: dt.datetime
) -> Done:
    """End an assessment by a judgement and let the skills stand by it, in one act. Whoever decides first decides; the
    second is told who did."""
    if about.outcome is not None:
        if (about.outcome.by, about.outcome.outcome, about.outcome.words) == (by.person_id, outcome, words):
            return Done(about.outcome, replay=True)
        _demand_open(about)
    if outcome not in OUTCOMES:
        raise Invalid([("outcome", f"Choose how it ends. {NOTHING}")])
    _check_words(words)
    if not lock_rules.stepped_up(proven_at, clock.now()):
        raise Invalid([(None, STALE)])
    _demand_may_decide(by, about, outcome)
    not_shown = doses_seen.not_shown(about)
    wrong = rules.why_not_outcome(outcome, about.template, about.needs, about.seen(), words, not_shown)
    if wrong:
        raise Invalid(wrong)
    return _decide(by, about, outcome, words, proven_at)


def _demand_may_decide(by: Actor, about: Assessed, outcome: str) -> None:
    if by.person_id == about.person_id or outcome != "abandoned":
        demand_assessor(by, about.person_id, about.keys, "What was observed is kept; nothing was decided.")
    watched = {about.row.assessor_id, *(r.assessor_id for r in about.rounds)}
    if by.person_id not in watched and not by.roles & MANAGING_ROLES:
        words = "Whoever assessed decides, or a manager. Nothing was decided."
        assessments.demand(rules.Reason("not_the_assessor", words), about.person_id)
    if outcome == "competent":
        assessments.demand(_taken_away(about), about.person_id)


def _taken_away(about: Assessed) -> rules.Reason | None:
    """A sign-off that somebody paused or ended since the assessment began is not brought back by it."""
    for key in about.keys:
        now = assessments.stands(about.home_id, about.person_id, key)
        if rules.taken_away(now.state, now.since, now.until, about.row.at):
            since = clock.stamp_words(now.since, staff.zone_of(about.home_id))
            words = (
                f"The sign-off was paused, ended or narrowed {since}, after this assessment began. End it, and begin a "
                "return to practice. Nothing was decided."
            )
            return rules.Reason("paused_meanwhile", words)
    return None


def _decide(by: Actor, about: Assessed, outcome: str, words: str, proven_at: dt.datetime) -> Done:
    now = clock.now()
    ends = {key: settings.ends_at(by.home_id, key[0], now, by.zone) for key in about.keys}
    until = min(ends.values()) if outcome == "competent" else None
    row, said = deeds.conclude(by, about, outcome, words, until, proven_at)
    return Done(row, [said, *_states(by, about, row, ends)])


def _states(
    by: Actor, about: Assessed, row: AssessmentOutcome, ends: Mapping[Key, dt.datetime]
) -> list[deeds.Pending]:
    if row.outcome == "competent":
        passed = f"{len(about.seen().counted)} of {about.needs.rounds} observed rounds passed"
        return [deeds.sign_off(by, about, ends, passed)]
    if row.outcome == "abandoned":
        state = "reassessment" if about.kind == "return" else "learning"
        return deeds.show_progress(by, about, state, f"The assessment ended early: {row.words}")
    return deeds.hold_back(by, about, row.outcome, row.words)
