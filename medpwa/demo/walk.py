"""The walk of a round: who is reached when, and by whom. Times are the home's local times without a zone."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from itertools import groupby

from medpwa.demo.people import BY_CODE, GROUND
from medpwa.demo.prescriptions import ON, ORDERS, Due, Order, due_on
from medpwa.demo.team import Duty, holds, on_duty
from medpwa.demo.told import draw

ROUND_STARTS = ("06:30", "08:00", "12:30", "17:00", ON)
ROUND_TAKES, CLOSES_AFTER = dt.timedelta(minutes=60), dt.timedelta(hours=3)  # decision 13
# This home's night staff finish the night round until the morning one begins (a setting of the round): so that at any
# hour of the night, too, somebody who tries the demo finds a dose that is open.
NIGHT_CLOSES_AFTER = dt.timedelta(hours=9, minutes=30)
NO_SCAN, DOOR_LABEL = 0.04, 0.08
AT_MOST = 54  # minutes: the last person of a round is reached in time
# What must lie exactly a day apart, and hours from the dose before, is given at the same minute of every round.
SPACED_AT = 4
APART_FROM_CREAM = 30


def reached(due: Due, d0: dt.date) -> int:
    """Minutes after due at which the round comes to a dose."""
    return _walked(due.at.date(), d0).get(due, 5)


@lru_cache(maxsize=512)
def _walked(day: dt.date, d0: dt.date) -> dict[Due, int]:
    """For each dose of a day, the minutes after due: one walk a floor, or one for the house when one person gives."""
    found: dict[Due, int] = {}
    for at, doses in groupby(due_on(day, d0), key=lambda due: due.at):
        by_person = {code: list(lines) for code, lines in groupby(sorted(doses), key=lambda due: due.resident)}
        alone = len(_givers(at, d0)) < 2
        order = sorted(by_person, key=lambda code: _turn(by_person[code]))
        for walk in [order] if alone else _by_floor(order):
            rng = draw("walk", at, *walk)
            minute = rng.randint(1, 4)
            for code in walk:
                for place, due in enumerate(by_person[code]):
                    minute += _pause(ORDERS[due.order].route) if place else 0
                    found[due] = _moment(ORDERS[due.order], minute)
                minute += rng.randint(4, 5) if alone else rng.randint(5, 7)
    return found


def _moment(order: Order, minute: int) -> int:
    if order.min_interval:
        return SPACED_AT
    return min(minute, AT_MOST) + (APART_FROM_CREAM if order.medicine == "hydrocortisone" else 0)


def _by_floor(order: list[str]) -> list[list[str]]:
    ground = [code for code in order if BY_CODE[code].unit == GROUND]
    return [ground, [code for code in order if code not in ground]]


def _turn(lines: list[Due]) -> tuple[bool, bool, int]:
    """Time-critical people first, then tube feeding, then by room."""
    orders = [ORDERS[due.order] for due in lines]
    return (not any(order.time_critical for order in orders), not any(order.route == "peg" for order in orders),
            BY_CODE[lines[0].resident].room)


def _pause(route: str) -> int:
    """Minutes between two lines of one person: drops wait five, a tube is flushed, the rest go down together."""
    return {"eye": 6, "peg": 3}.get(route, 0)


def _givers(at: dt.datetime, d0: dt.date) -> list[str]:
    day = (at.date() - d0).days
    return [duty.staff for duty in on_duty(at) if duty.kind != "on_call" and holds(duty.staff, "oral", day)]


def who_records(due: Due, at: dt.datetime, d0: dt.date) -> str | None:
    """Who of those on duty at a local time may record a dose, signed off for all that the order asks.

    A carer does creams; the shift that began a round goes on with it; each floor has its giver, least often the shift
    leader; and the manager on call comes when nobody else may.
    """
    order, day = ORDERS[due.order], (at.date() - d0).days
    able = [duty for duty in on_duty(at) if all(holds(duty.staff, skill, day, due.resident) for skill in order.skills)]
    floor = [duty for duty in able if duty.kind != "on_call"]
    if not floor:
        return able[0].staff if able else None
    creams_only = [duty for duty in floor if order.route == "skin" and not holds(duty.staff, "oral", day)]
    before = {duty.staff for duty in on_duty(due.at - dt.timedelta(minutes=30))}
    likely = creams_only or [duty for duty in floor if duty.staff in before] or floor
    chosen = sorted(likely, key=lambda duty: _leaning(duty, due))
    return chosen[(0 if BY_CODE[due.resident].unit == GROUND else 1) % len(chosen)].staff


def _leaning(duty: Duty, due: Due) -> float:
    return draw("giver", due.at, duty.staff).random() + (0.5 if duty.kind == "shift_leader" else 0)


def identified(due: Due, outcome: str) -> tuple[str, str]:
    """The place of the label scanned, or none and why; one answer for everything of one visit to a person."""
    rng = draw("label", due.resident, due.at)
    chance = rng.random()
    if outcome in ("away", "visit_missed"):
        return "door", ""
    if chance < NO_SCAN:
        return "", "not_near" if outcome == "asleep" else rng.choice(("label_missing", "camera_fails", "known"))
    return ("door", "") if outcome == "asleep" or chance < NO_SCAN + DOOR_LABEL else ("person", "")
