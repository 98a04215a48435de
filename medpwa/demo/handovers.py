"""The shifts of the demo home, and what each handed to the next: three a day, by whoever led it, to whoever comes."""

from __future__ import annotations

import datetime as dt

from medpwa import clock
from medpwa.demo import team
from medpwa.demo.telling import Steps, Story
from medpwa.mar import handover_actions

SHIFTS = (("Early", "07:00"), ("Late", "14:00"), ("Night", "21:15"))
# How long before the end of the leader's duty it is done; both shifts are there then.
BEFORE_THE_END = dt.timedelta(minutes=6)
NOTES = ("Everything else went as planned.", "A quiet shift.", "Nothing more to say than stands here.")


def set_shifts(story: Story) -> None:
    """As the home's settings have them."""
    for name, starts in SHIFTS:
        handover_actions.set_shift(by=story.system, name=name, starts=starts)


def steps(story: Story) -> Steps:
    """One hand-over for each shift that began in the days that are told."""
    for day in range(story.told_from, 1):
        date = story.d0 + dt.timedelta(days=day)
        duties = [duty for duty in team.duties(date) if duty.kind == "shift_leader"]
        for (_, starts), duty in zip(SHIFTS, duties, strict=True):
            last = date + dt.timedelta(days=int(duty.ends_next_day))
            at = clock.at_local(last, duty.end) - BEFORE_THE_END
            begun = story.at(day, starts)
            yield at, lambda by=duty.staff, begun=begun: _hand_over(story, by, begun)


def _hand_over(story: Story, leader: str, begun: dt.datetime) -> None:
    coming = clock.local(clock.now()).replace(tzinfo=None) + 2 * BEFORE_THE_END
    told = {story.person[d.staff] for d in team.on_duty(coming) if d.kind != "on_call" and d.staff != leader}
    note = NOTES[begun.day % len(NOTES)]
    handover_actions.hand_over(by=story.actor(leader), start=begun, told=tuple(sorted(told)), note=note)
