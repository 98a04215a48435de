"""Looks once an hour for sign-offs that end soon, and tells the person and the managers once at each step (60, 30, 14
and 7 days before, and on the day it lapsed).

A worker that is down delays the telling; the lists show what is due by themselves, and the gate needs no reminder.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from medpwa import alerts, clock, jobs
from medpwa.action import Done, action
from medpwa.competency import queries, rules, states
from medpwa.competency.deeds import in_words, subject
from medpwa.competency.vocabulary import IN_A_SENTENCE
from medpwa.permits import Actor
from medpwa.staff import queries as staff
from medpwa.staff.models import Home


@dataclass(frozen=True)
class Ending:
    """Sign-offs of one person that end on one day and are at one reminder: told together."""

    person_id: int
    name: str
    until: dt.datetime
    step: int
    skills: tuple[str, ...]

    def key(self, home_id: int | None, to: str) -> str:
        """One reminder is told once to each side."""
        return f"sign_off_ends:{home_id}:{self.person_id}:{clock.micros(self.until)}:{self.step}:{to}"


@jobs.handler("competency.watch", every=dt.timedelta(hours=1), says="reminding people of sign-offs that end soon")
def watch(payload: dict[str, Any]) -> None:
    """Remind people and their managers of sign-offs that end soon or ended today."""
    for home in list(Home.select()):
        look(home)


def look(home: Home) -> int:
    """Raise the reminders of one home; returns how many sign-offs ending together were new."""
    found = endings(home.id, clock.now())
    told = alerts.raised([e.key(home.id, "person") for e in found])
    new = [e for e in found if e.key(home.id, "person") not in told]
    for ending in new:
        remind(by=staff.system(home), ending=ending)
    return len(new)


def endings(home_id: int, at: dt.datetime) -> list[Ending]:
    """Sign-offs at a reminder now, of people who work here, soonest first."""
    zone, found = staff.zone_of(home_id), []
    for colleague in staff.colleagues(home_id):
        if not colleague.roles:
            continue
        together: dict[tuple[dt.datetime, int], list[str]] = {}
        grants = queries.grants_of(home_id, colleague.person_id)
        for skill, resident_id in dict.fromkeys((g.skill, g.resident_id) for g in grants):
            stands = rules.state_of(grants, skill, resident_id, at, zone)
            step = states.reminder(stands, at, zone)
            if step is not None and stands.until is not None and skill in IN_A_SENTENCE:
                together.setdefault((stands.until, step), []).append(skill)
        found += [
            Ending(colleague.person_id, colleague.name, until, step, tuple(dict.fromkeys(skills)))
            for (until, step), skills in together.items()
        ]
    return sorted(found, key=lambda e: (e.until, e.name, e.skills))


@action("competency.remind")
def remind(*, by: Actor, ending: Ending) -> Done:
    """Put one ending in front of the person and of the managers, unless it was renewed or paused meanwhile."""
    if ending not in endings(by.home_id, clock.now()):
        return Done(None, replay=True)
    to_person, to_managers = words_of(ending, clock.now(), by.zone)
    about = dict(home_id=by.home_id, subject=subject(ending.person_id))
    raised = alerts.raise_alert(
        key=ending.key(by.home_id, "person"),
        words=to_person,
        url=f"/h/{by.home_slug}/my-sign-offs",
        to_verb="competency.see_own",
        to_person=ending.person_id,
        **about,
    )
    raised += alerts.raise_alert(
        key=ending.key(by.home_id, "managers"),
        words=to_managers,
        url=f"/h/{by.home_slug}/competency/{ending.person_id}",
        to_verb="competency.grant",
        raised_by=ending.person_id,  # a manager whose own it is reads the other one
        **about,
    )
    return Done(None, raised, replay=not raised)


def words_of(ending: Ending, at: dt.datetime, zone: str) -> tuple[str, str]:
    """What the person reads, and what the managers read."""
    what, day = in_words(ending.skills), rules.date_words(ending.until, at, zone)
    left = states.days_left(ending.until, at, zone)
    if ending.step == 0:
        mine = f"Your sign-off for {what} ended on {day}. Until your assessment somebody signed off gives these."
        return mine, f"{ending.name}’s sign-off for {what} ended on {day}. They do not give these alone now."
    span = "tomorrow" if left == 1 else f"in {left} days"
    mine = f"Your sign-off for {what} ends on {day}, {span}. Ask for your assessment in good time."
    return mine, f"{ending.name}’s sign-off for {what} ends on {day}, {span}. Arrange the assessment in good time."
