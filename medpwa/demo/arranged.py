"""What is arranged and what was not: assessments to come, one that was missed, a wish to be assessed, an exception that
was refused, and an evening of the coming week on which nobody is there for the feeding tube."""

from __future__ import annotations

import datetime as dt
import uuid
from contextlib import suppress

from medpwa import clock
from medpwa.demo import team, watched
from medpwa.demo.telling import Steps, Story
from medpwa.demo.watched import Seen
from medpwa.errors import Refused
from medpwa.mar import glass_actions
from medpwa.practice import booking_actions
from medpwa.staff import actions as staff
from medpwa.staff import queries

# Whose assessment was booked on which day, in what, of which kind, by and with whom, for the first shift from when on.
BOOKED = (
    ("S11", -14, "oral", "annual", "S2", -7, "Yearly review, before it ends"),
    ("S8", -2, "oral", "return", "S2", 2, "Third of three"),
    ("S13", -9, "oral", "initial", "S2", 1, "Second of three"),
    ("S6", -5, "oral", "annual", "S1", 8, "Yearly review, before it ends"),
)
ASKED = ("S13", -2, "18:05", "drops", "I help with Sylvia’s drops at bedtime and would like to learn to give them.")
AWAY, STANDS_IN = "S9", "S10"  # of the late shift, who has the feeding tube; and who does not
TUESDAY, WEDNESDAY = 1, 2


def steps(story: Story) -> Steps:
    """Bookings on the days they were made, and the rest on its own."""
    if not story.whole:
        return
    for number, booked in enumerate(BOOKED):
        yield story.at(booked[1], "15:25"), lambda n=number, b=booked: _book(story, n, *b)
    yield story.at(*ASKED[1:3]), lambda: _ask(story)
    night = next((day for day in range(-4, 0) if "S11" in _shift(story, day, 2)), None)
    if night is not None:
        yield story.at(night, "21:24"), lambda: _try_an_exception(story, night)
    yield min(story.at(0, "07:20"), story.now), lambda: _let_off(story)


def _shift(story: Story, day: int, which: int) -> list[str]:
    return team.ROSTER[(story.d0 + dt.timedelta(days=day)).weekday()][which].split()


def _next_round(story: Story, code: str, day: int) -> Seen:
    """The first round of somebody's roster from a day on."""
    days = range(day, day + 8)
    return next(found[0] for d in days if (found := watched.rounds_on(code, d, story.d0)))


def _book(story: Story, number: int, code: str, _: int, skill: str, kind: str, by: str, day: int, note: str) -> None:
    seen, actor = _next_round(story, code, day), story.actor(by)
    booking_actions.book(
        by=actor, person_id=story.person[code], skill=skill, kind=kind, assessor_id=actor.person_id, note=note,
        booking_id=str(uuid.uuid5(uuid.NAMESPACE_URL, f"steady:booked:{story.d0}:{number}")),
        on_day=story.d0 + dt.timedelta(days=seen.day), round_name=seen.name,
    )  # fmt: skip


def _ask(story: Story) -> None:
    code, _, _, skill, words = ASKED
    request = str(uuid.uuid5(uuid.NAMESPACE_URL, f"steady:asked:{story.d0}:{code}"))
    booking_actions.ask(by=story.actor(code), request_id=request, skill=skill, words=words)


def _try_an_exception(story: Story, day: int) -> None:
    """Helen, on call, would let Denise give tonight: her date was known, so the app says no and keeps the attempt."""
    with suppress(Refused):
        glass_actions.break_glass(
            by=story.actor("S1"), person_id=story.person["S11"], round_name="Night", starts_at=story.at(day, "21:00"),
            reason="Denise is on tonight and her review did not take place. Agnieszka is alone with both floors.",
            proven_at=clock.now(),
        )  # fmt: skip


# ---------------------------------------------------------------- the evening that is not covered


def evening_open(d0: dt.date) -> dt.date:
    """The coming Tuesday; on a Tuesday, tomorrow's evening, which has the same late shift."""
    ahead = (TUESDAY - d0.weekday()) % 7
    return d0 + dt.timedelta(days=ahead or WEDNESDAY - TUESDAY)


def _let_off(story: Story) -> None:
    """Grace has the evening off for a wedding, and Liam stays in her place: he is not signed off for the tube."""
    day, by = evening_open(story.d0), story.actor("S2")
    start, end = clock.day_bounds(day)
    mine = queries.duties_between(story.home.id, start, end)
    duty = next(d for d in mine if d.person_id == story.person[AWAY] and start <= d.starts < end)
    span = dict(starts=duty.starts, ends=duty.ends, kind=duty.kind)
    staff.set_duty(by=by, person_id=duty.person_id, duty_key=duty.duty_key, withdrawn=True, **span)
    staff.set_duty(by=by, person_id=story.person[STANDS_IN], **span)
