"""Plays every dose that falls due by the clock, as the pattern says it came out, and what the leaders do about it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from medpwa import clock
from medpwa.demo import assessed, floor, leaders, midday, pattern
from medpwa.demo.prescriptions import ORDERS, Due, due_on
from medpwa.demo.telling import Steps, Story
from medpwa.demo.told import Told
from medpwa.mar import actions as mar
from medpwa.mar import openings, recording, tickets, watch
from medpwa.mar import queries as mar_queries
from medpwa.mar.actions import GivenFact
from medpwa.mar.intents import Intent
from medpwa.mar.tickets import DoseKey, Ticket
from medpwa.permits import Actor

ONE_VISIT = dt.timedelta(minutes=15)
A_MINUTE = dt.timedelta(minutes=1)
READ_AFTER = dt.timedelta(minutes=3)
STOOD_IN_KNEW = "Priya, who found it at hand-over"
STOOD_IN_WHY = "Ryan stood in for somebody who was ill and gave the teatime round by himself; he is not signed off"


def steps(story: Story) -> Steps:
    """Every dose that has come out by now, and who looks after the late ones."""
    dues = [due for day in story.days for due in due_on(story.d0 + dt.timedelta(days=day), story.d0)]
    left = midday.leave_open(clock.local(story.now), dues, story.d0)
    for due in dues:
        told = pattern.come_out(due, story.d0)
        if told.where or midday.is_forgotten(due, story.d0):
            continue
        if ORDERS[due.order].time_critical and (due in left or _past_its_window(due, told)):
            yield from _watched(story, due, read=due not in left)
        if due not in left and told.outcome is not None:
            yield _moment(due, told), lambda due=due, told=told: _tell(story, due, told)
            if told.reported:
                yield _moment(due, told) + READ_AFTER, lambda: leaders.read_alerts(story.floor)


def _moment(due: Due, told: Told) -> dt.datetime:
    """When it is recorded, or reported."""
    return clock.local_to_instant(due.at) + dt.timedelta(minutes=told.minutes + told.reported)


def _past_its_window(due: Due, told: Told) -> bool:
    return told.outcome is None or told.minutes > ORDERS[due.order].window_after


def _watched(story: Story, due: Due, *, read: bool) -> Steps:
    """The product tells the shift leader about a time-critical dose that passed its window, who reads it."""
    at = clock.local_to_instant(due.at) + dt.timedelta(minutes=ORDERS[due.order].window_after) + A_MINUTE
    yield at, lambda: watch.look(story.home)
    if read:
        yield at + READ_AFTER, lambda: leaders.read_alerts(story.floor)


def key_of(story: Story, due: Due) -> DoseKey:
    """The product's name for a dose."""
    return DoseKey(story.order[due.order].line_id, clock.local_to_instant(due.at))


def _tell(story: Story, due: Due, told: Told) -> None:
    if told.reported:
        _report(story, due, told)
    else:
        _record(story, due, told)


def _record(story: Story, due: Due, told: Told) -> None:
    code, beside = assessed.giver(story, due, told)
    by, key, version = story.actor(code), key_of(story, due), story.order[due.order].id
    identify(story, by, due.resident, told)
    ticket = ""
    if told.outcome == "given":
        ticket = tickets.issue(Ticket(by.person_id, by.home_id, key, version, None, clock.now()))
    intent = Intent(
        key=key,
        entry_id=str(uuid.uuid4()),
        version_id=version,
        outcome=told.outcome,
        reason=told.reason,
        note=told.note,
        ticket=ticket,
        given_by=told.given_by,
        beside=beside,
        **({"extra": dict(told.extra)} | _by_letter(by, due, key, told)),
    )
    recording.record(by=by, resident_id=story.resident[due.resident], intent=intent)


def _by_letter(by: Actor, due: Due, key: DoseKey, told: Told) -> dict[str, Any]:
    if ORDERS[due.order].dose:
        return {}
    return floor.by_letter(by, mar_queries.dose_of(by, key).order, key.due_at, told.outcome)


def identify(story: Story, by: Actor, code: str, told: Told) -> None:
    """One opening a visit: the next medicine of the same person in the same quarter of an hour rests on it."""
    if told.outcome == "away":
        return
    resident_id = story.resident[code]
    opening = openings.identified(by, resident_id)
    if opening is not None and opening.at is not None and clock.now() - opening.at < ONE_VISIT:
        return
    if told.label:
        mar.scan(by=by, resident_id=resident_id, label_id=story.label[(code, told.label)], how="scanner")
    else:
        mar.open_without_scan(by=by, resident_id=resident_id, reason=told.no_scan or "label_missing")


def _report(story: Story, due: Due, told: Told) -> None:
    """A dose given and not recorded, reported by whoever gave it, or by who found out."""
    given_at = clock.local_to_instant(due.at) + dt.timedelta(minutes=told.minutes)
    code = told.by if told.given_by else assessed.able_then(story, told.by, due, given_at)
    fact = GivenFact(
        entry_id=str(uuid.uuid4()),
        line_id=story.order[due.order].line_id,
        due_at=clock.local_to_instant(due.at),
        given_at=given_at,
        administered_by=story.person[told.given_by or code],
        who_knew=STOOD_IN_KNEW if told.given_by else floor.WHO_KNEW,
        why=STOOD_IN_WHY if told.given_by else floor.WHY,
    )
    mar.report_given(by=story.actor(code), resident_id=story.resident[due.resident], fact=fact)


