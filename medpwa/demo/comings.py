"""Who went and came back in the thirty days, and what was done about their medicines: counted out and in with somebody
who spends a day out, and the list compared on the day somebody came from elsewhere."""

from __future__ import annotations

from decimal import Decimal

from medpwa import clock
from medpwa.demo import team
from medpwa.demo.prescriptions import LINES
from medpwa.demo.telling import Steps, Story
from medpwa.mar import absence_actions
from medpwa.mar.away_rules import Compared, Count

# Frank's day out with his son (demo home 11.3: medicines out and in): tablets of that day, none came back.
DAY_OUT = ("R10", -6)
WENT_ALONG = {"furosemide": "1", "allopurinol": "1", "spironolactone": "1", "apixaban": "2"}
# Day, time, whose list, and what it was compared with.
COMPARED: tuple[tuple[str, int, str, Compared], ...] = (
    ("R02", -14, "22:05", Compared(
        "complete", "Discharge letter of the ward, today", "Our chart from before he went",
        "Warfarin on hold: INR 7.1 when he went in. Doxycycline is finished.",
        "The ward by phone: no warfarin until the clinic writes; everything else as before.")),
    ("R12", -9, "18:20", Compared(
        "complete", "GP list he brought, printed this week", "The boxes he brought, and his support worker by phone",
        "The list says lithium 200 mg, the box and the support worker say two tablets of 400 mg.",
        "Westmere Surgery by phone: 800 mg at night, list put right. A second person read both against the chart.")),
)


def steps(story: Story) -> Steps:
    """Counts and comparisons of the days that are told."""
    out, on = DAY_OUT
    if on >= story.told_from:
        yield story.at(on, "07:40"), lambda: _count(story, out, "out", WENT_ALONG)
        yield story.at(on, "21:40"), lambda: _count(story, out, "in", dict.fromkeys(WENT_ALONG, "0"))
    for code, day, time, step in COMPARED:
        if day >= story.told_from:
            yield story.at(day, time), lambda code=code, step=step: _compare(story, code, step)


def leader_of(story: Story) -> str:
    """Who leads the shift at the story's time."""
    on = team.on_duty(clock.local(clock.now()).replace(tzinfo=None))
    return next((duty.staff for duty in on if duty.kind == "shift_leader"), "S1")


def _count(story: Story, code: str, direction: str, counted: dict[str, str]) -> None:
    lines = {LINES[place].medicine: row.line_id for place, row in story.order.items() if LINES[place].resident == code}
    counts = tuple(Count(lines[medicine], Decimal(amount)) for medicine, amount in counted.items())
    by = story.actor(leader_of(story))
    absence_actions.count_medicines(by=by, resident_id=story.resident[code], direction=direction, counts=counts)


def _compare(story: Story, code: str, step: Compared) -> None:
    by = story.actor(leader_of(story))
    absence_actions.compare(by=by, resident_id=story.resident[code], seen=0, step=step)
