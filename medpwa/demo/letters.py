"""The letters of the anticoagulant clinic (demo home 11.1: Arthur's warfarin by its INR log), each keyed by one person
and again by a second. On day -20 no blood was taken; the letter of day -27 then ran past its next INR for four days.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from medpwa.demo import leaders
from medpwa.demo.medicine_line import TOLD_FROM
from medpwa.demo.prescriptions import LINES
from medpwa.demo.telling import Steps, Story
from medpwa.medicines import advice, advice_actions
from medpwa.medicines.advice_rules import AdviceKeyed


class Letter(NamedTuple):
    """One letter: the day of the INR and what it was, the dose from a day on in mg, the next INR."""

    inr_on: int
    inr: str
    amount: str
    next_inr_on: int
    time: str = "15:10"


LETTERS = (
    Letter(-34, "2.4", "4", -27, "00:20"),  # taken over when the app went live
    Letter(-27, "2.6", "4", -20),
    Letter(-16, "7.1", "0", -13, "11:05"),  # stop; he is in hospital
    Letter(-13, "2.9", "2", -9),
    Letter(-9, "2.2", "3", -2),
    Letter(-2, "2.5", "3", 5),
)
KEYED_BY, CHECKED_BY = "S4", "S2"
CHECKED_AFTER = dt.timedelta(minutes=25)


def steps(story: Story) -> Steps:
    """Each letter keyed on its day, and checked; of those before the first day told, the newest."""
    place = next(n for n, order in enumerate(LINES) if order.pattern == ("advised",))
    before = [n for n, letter in enumerate(LETTERS) if letter.inr_on < story.told_from]
    for letter in LETTERS[max(before, default=0):]:
        keyed = _keyed(story, letter)
        at = max(story.at(letter.inr_on, letter.time), story.at(max(story.told_from, TOLD_FROM), "00:20"))
        yield at, lambda keyed=keyed: _key(story, place, keyed)
        yield at + CHECKED_AFTER, lambda keyed=keyed: _check(story, place, keyed)


def _keyed(story: Story, letter: Letter) -> AdviceKeyed:
    taken, following = (story.d0 + dt.timedelta(days=n) for n in (letter.inr_on, letter.next_inr_on))
    return AdviceKeyed(taken, None, Decimal(letter.amount), Decimal(letter.inr), taken, following)


def _key(story: Story, place: int, keyed: AdviceKeyed) -> None:
    line_id, source = story.order[place].line_id, leaders.clinic_letter(keyed.inr_on)
    advice_actions.advise(by=story.actor(KEYED_BY), advised_id=line_id, keyed=keyed, source=source)


def _check(story: Story, place: int, keyed: AdviceKeyed) -> None:
    newest = advice.of_line(story.home.id, story.order[place].line_id)[-1]
    advice_actions.check_advice(by=story.actor(CHECKED_BY), advice_id=newest.id, keyed=keyed)
