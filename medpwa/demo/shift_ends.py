"""The ends of shifts in the thirty days: what each handed to the next, and refusals followed up. What was done about
Sylvia's lactulose the story tells itself: fourteen doses refused running, then the GP (demo home 11.3)."""

from __future__ import annotations

import datetime as dt

from medpwa import clock
from medpwa.demo import handing
from medpwa.demo.prescriptions import LINES
from medpwa.demo.telling import Steps, Story
from medpwa.mar import refusal_actions, refusing
from medpwa.mar.refusals import FollowUp

GP_RUNG = (-16, "18:10")
GP_SAID = FollowUp(
    "prescriber_contacted",
    "Dr A. Banerjee, by phone",
    "Fourteen doses of lactulose refused running in seven days; he proposes macrogol instead and will write.",
)


def steps(story: Story) -> Steps:
    """The shifts as they are set, each handed over, and refusals followed up."""
    days = [story.d0 + dt.timedelta(days=n) for n in range(story.told_from, 1)]
    yield clock.day_bounds(days[0])[0], lambda: handing.set_shifts(story.system)
    yield from handing.of_the_days(story.home, days, lambda: _lactulose(story))
    if story.told_from <= GP_RUNG[0]:
        yield story.at(*GP_RUNG), lambda: _gp_rung(story)


def _lactulose(story: Story) -> tuple[int, ...]:
    """The order line whose refusals the story tells itself, until the GP was rung."""
    if clock.now() > story.at(*GP_RUNG):
        return ()
    return tuple(row.line_id for place, row in story.order.items() if LINES[place].medicine == "lactulose")


def _gp_rung(story: Story) -> None:
    mine = _lactulose(story)
    found = next(x for x in refusing.episodes_of(story.home.id, clock.now()) if x.order.line_id in mine)
    seen = found.steps[-1].id if found.steps else 0
    refusal_actions.follow_up(by=story.actor("S2"), refusal_id=found.episode.first_entry, seen=seen, step=GP_SAID)
