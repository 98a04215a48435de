"""Plays the when-required doses: opened by a code, made ready, given (seen by a second person where the order says so),
and looked at afterwards."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

from medpwa import clock
from medpwa.demo import assessed, uses
from medpwa.demo.doses import identify
from medpwa.demo.telling import Steps, Story
from medpwa.demo.told import Told
from medpwa.demo.uses import Needed
from medpwa.mar import prn_actions, tickets
from medpwa.mar.models import Entry
from medpwa.mar.prn_intents import PrnIntent
from medpwa.mar.prn_rules import Use
from medpwa.mar.tickets import Ticket
from medpwa.mar.witness_rules import Witnessed

BY_LABEL = Told("given", label="person")
LEFT_TO_NOTE = -5  # uses of a medicine on mood since this day wait for whoever tries the demo


def steps(story: Story) -> Steps:
    """Every dose of the days that are told, and what was seen of it."""
    for day in range(story.told_from, 1):
        for use in uses.needed_on(story.d0 + dt.timedelta(days=day), story.d0):
            at = clock.local_to_instant(use.at)
            entry_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"steady:needed:{use.place}:{use.at}:{story.d0}"))
            yield at, lambda use=use, entry_id=entry_id: _give(story, use, entry_id)
            if use.effect:
                seen = at + dt.timedelta(minutes=use.looked_after)
                yield seen, lambda use=use, entry_id=entry_id: _look(story, use, entry_id)
            if use.order.psychotropic and day < LEFT_TO_NOTE:
                yield story.at(day + 1, "09:45"), lambda entry_id=entry_id: _note(story, entry_id)


def said(use: Needed) -> Use:
    """What the giver says of it."""
    return Use(steps=use.steps, reason=use.reason, amount=Decimal(use.amount))


def _give(story: Story, use: Needed, entry_id: str) -> None:
    others = [code for code in uses.givers(use.order, use.at, story.d0) if code != use.witness]
    code = assessed.now_able(story, use.by, others, use.order.skills, use.resident)
    by, version = story.actor(code), story.order[use.place]
    identify(story, by, use.resident, BY_LABEL)
    ready = Ticket(by.person_id, by.home_id, tickets.prn_key(version.line_id), version.id, None, clock.now())
    witness = use.by if code == use.witness else use.witness
    seen_by = Witnessed(story.person[witness], clock.now()) if witness else None
    intent = PrnIntent(
        line_id=version.line_id,
        version_id=version.id,
        entry_id=entry_id,
        outcome="given",
        use=said(use),
        note=use.note,
        ticket=tickets.issue(ready),
        witness=seen_by,
    )
    prn_actions.record(by=by, resident_id=story.resident[use.resident], intent=intent)


def _look(story: Story, use: Needed, entry_id: str) -> None:
    entry = Entry.get(Entry.entry_id == entry_id)
    on = uses.givers(use.order, clock.local(clock.now()).replace(tzinfo=None), story.d0)
    by = story.actor(use.by if use.by in on else on[0])
    prn_actions.record_effect(by=by, entry_id=entry.id, effect=use.effect, told=use.told)


def _note(story: Story, entry_id: str) -> None:
    """The manager looks at yesterday's uses of medicines that act on mood or behaviour."""
    prn_actions.note_seen(by=story.actor("S1"), entry_id=Entry.get(Entry.entry_id == entry_id).id)
