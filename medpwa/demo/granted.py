"""Sign-offs in the order they were made. What was before the app went live is taken over on that day, with the record
on paper it came from; what an assessment of the thirty days makes is left to it (assessed.py)."""

from __future__ import annotations

import datetime as dt
from itertools import groupby

from medpwa.competency import actions as competency
from medpwa.demo import delegated, paper, team, watched
from medpwa.demo.medicine_line import LIVE
from medpwa.demo.team import Grant
from medpwa.demo.telling import Steps, Story

BY_HAND, DECIDED_AT = ("suspended", "supervised_only"), "10:40"  # decided by a manager on a day of these


def steps(story: Story) -> Steps:
    """Every decision once, for all the skills it was about."""
    told = [g for g in team.GRANTS if not _left_out(story, g)]
    for _, same in groupby(sorted(told, key=_decision), key=_decision):
        grants = list(same)
        by_hand = grants[0].state in BY_HAND and story.whole
        at = story.at(grants[0].from_day, DECIDED_AT if by_hand else "00:00")
        yield max(at, story.at(LIVE, "09:00")), lambda grants=grants, at=at: _grant(story, grants, at)


def _left_out(story: Story, g: Grant) -> bool:
    """One that ended by its date was ended by nobody; one that is earned is not taken over."""
    return g.state == "ended" or (story.whole and watched.earned(g.staff, g.skill, g.state, g.from_day))


def _decision(g: Grant) -> tuple:
    until = None if g.state == "suspended" or _paused_then(g) else g.until_day
    alone = g.skill if g.resident else ""  # a delegation is for one skill
    return g.from_day, g.staff, g.state, alone, g.reason, until is None, until or 0


def _paused_then(g: Grant) -> bool:
    """Whether a sign-off stopped because it was paused by hand, not because its date came."""
    return any(
        (x.staff, x.skill, x.state, x.from_day) == (g.staff, g.skill, "suspended", g.until_day) for x in team.GRANTS
    )


def _grant(story: Story, grants: list[Grant], at: dt.datetime) -> None:
    g, *others = grants
    about = dict(person_id=story.person[g.staff], skill=g.skill, also=tuple((x.skill, None) for x in others))
    if g.resident is not None:
        _delegate(story, g)
    elif g.state == "suspended":
        competency.suspend(by=story.actor("S1") if story.whole else story.system, **about, reason=g.reason)
    elif g.state in BY_HAND and story.whole:
        competency.grant(by=story.actor("S2"), **about, state=g.state, reason=g.reason)
    else:
        ends = None if g.until_day is None or _paused_then(g) else story.at(g.until_day, "00:00")
        competency.grant(
            by=story.system, **about, state=g.state, valid_from=at, valid_until=ends, reason=g.reason,
            paper_id=_on_paper(story, g),
        )  # fmt: skip


def _delegate(story: Story, g: Grant) -> None:
    """A professional's word, taken over from paper or, since the app came, signed on the manager's screen."""
    before = g.from_day < LIVE
    delegated.attest(
        story.system if before else story.actor("S1"),
        story.person[g.staff],
        g.skill,
        story.resident[g.resident],
        story.d0 + dt.timedelta(days=g.from_day if before else g.from_day - 1),
        story.d0 + dt.timedelta(days=g.until_day),
        letter=team.name_of(g.staff),
    )


def _on_paper(story: Story, g: Grant) -> int | None:
    """The record a sign-off from before the app is taken over from; one of them was never found."""
    if g.state != "competent" or g.from_day >= LIVE or g.reason == team.WITH_REGISTER:
        return None
    if g.staff not in story.papers:
        lines = (f"Medicines competency record of {team.name_of(g.staff)}", "Observed rounds and questions, on paper")
        person_id = story.person[g.staff]
        story.papers[g.staff] = paper.keep(story.system, person_id, "Competency record", "Rowanbank House", lines)
    return story.papers[g.staff]
