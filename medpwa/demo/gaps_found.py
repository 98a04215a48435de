"""What was found out about the doses nobody recorded: 24 given and not recorded, 8 not given, 4 not to be found out.

How long a gap stood before somebody found it follows demo home 11.4: a day at first, half an hour in the last block.
"""

from __future__ import annotations

import datetime as dt

from medpwa import clock
from medpwa.demo import leaders, midday, thirty
from medpwa.demo.comings import leader_of
from medpwa.demo.doses import READ_AFTER, key_of
from medpwa.demo.midday import close_of
from medpwa.demo.prescriptions import ORDERS, TEA, Due, due_on
from medpwa.demo.telling import Steps, Story
from medpwa.demo.told import draw
from medpwa.mar import gap_actions, gap_queries
from medpwa.permits import Actor, may

# Block: minutes after the close until it was found, and where.
FOUND: dict[str, tuple[int, str]] = {
    "A": (26 * 60, "daily_check"), "B": (6 * 60, "hand_over"), "C": (90, "round"), "D": (35, "round"),
}
# I01 was found at the weekly check, four days later.
AT_THE_WEEKLY_CHECK = ((-28, TEA, "R10"), (-24, "11:15"), "audit")
TAKEN_UP_TODAY = "11:25"  # twenty-five minutes after the morning round closed
ASKED_TODAY = "Whoever gave the tablets was called away; nobody saw the drops given"
SETTLED_AFTER = dt.timedelta(minutes=40)
ASKED = {
    "given_unsigned": "Whoever was on remembers giving it and being called away before the phone was in hand",
    "omitted": "Nobody remembers giving it; the resident is well",
    "undetermined": "Two people thought the other one had given it",
}
RESTS_ON = {
    "given_unsigned": "The strip is one short of what was left the day before",
    "omitted": "The tablet is still in its strip",
    "undetermined": "The box was changed that day, so the count says nothing",
}
SURE = {"given_unsigned": "likely", "omitted": "sure", "undetermined": "unsure"}
WELL = "Well, nothing out of the ordinary seen since"
ADVICE = "Westmere Pharmacy by phone: go on with the next dose as written"


def steps(story: Story) -> Steps:
    """Each gap taken up, and settled by somebody who had no part in it. Of this morning's two, one is begun and one is
    as it was found: they wait for whoever opens the home."""
    yield from _of_today(story)
    for due in thirty.gaps_of_the_thirty(story.d0):
        day = story.day_of(due.at)
        if day < story.told_from:
            continue
        at, found_in = _found_at(story, due, day)
        yield at, lambda due=due, found_in=found_in: _look(story, due, found_in)
        yield at + SETTLED_AFTER, lambda due=due, found_in=found_in: _settle(story, due, found_in)
        yield at + SETTLED_AFTER + READ_AFTER, lambda: leaders.read_alerts(story.floor)


def _of_today(story: Story) -> Steps:
    dues = [due for due in due_on(story.d0, story.d0) if midday.is_forgotten(due, story.d0)]
    if dues:
        due = dues[-1]
        said = {"staff_asked": ASKED_TODAY, "resident_effect": "Eyes comfortable, not red"}
        yield story.at(0, TAKEN_UP_TODAY), lambda: gap_actions.look_into(
            by=story.actor(leader_of(story)), gap_key=str(key_of(story, due)), said=said, found_in="round"
        )


def _found_at(story: Story, due: Due, day: int) -> tuple[dt.datetime, str]:
    which, (found_day, time), found_in = AT_THE_WEEKLY_CHECK
    if (day, f"{due.at:%H:%M}", due.resident) == which:
        return story.at(found_day, time), found_in
    minutes, found_in = FOUND[thirty.block_of(day).name]
    spread = draw("found", due).randint(0, minutes // 3)
    return clock.local_to_instant(close_of(due, story.d0)) + dt.timedelta(minutes=minutes + spread), found_in


def _look(story: Story, due: Due, found_in: str) -> None:
    came_to = thirty.gap_came_to(due, story.d0)
    said = {"staff_asked": ASKED[came_to], "resident_effect": WELL}
    if came_to == "omitted" or ORDERS[due.order].time_critical:
        said |= {"advice_from": "Pharmacist, Westmere Pharmacy", "advice": ADVICE}
    by = story.actor(leader_of(story))
    gap_actions.look_into(by=by, gap_key=str(key_of(story, due)), said=said, found_in=found_in)


def _settle(story: Story, due: Due, found_in: str) -> None:
    came_to, key = thirty.gap_came_to(due, story.d0), str(key_of(story, due))
    by = _without_a_part(story, key)
    gap_actions.conclude(
        by=by, gap_key=key, conclusion=came_to, confidence=SURE[came_to], evidence=RESTS_ON[came_to], found_in=found_in
    )


def _without_a_part(story: Story, key: str) -> Actor:
    """Who settles it: whoever leads the shift, else a manager or another team leader who gave nothing there then."""
    codes = dict.fromkeys((leader_of(story), "S2", "S1", "S4", "S5", "S6"))
    actors = [story.actor(code) for code in codes]
    able = [a for a in actors if may("gaps.conclude", a)]
    part = gap_queries.people_then(story.home.id, gap_queries.gap_of(able[0], key))
    return next(a for a in able if a.person_id not in part)
