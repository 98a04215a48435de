"""The verb of inductions: agency and bank staff are shown this home before their first round."""

from __future__ import annotations

import datetime as dt

from medpwa import clock
from medpwa.action import Done, action
from medpwa.competency import papers
from medpwa.competency.vocabulary import IN_A_SENTENCE
from medpwa.errors import Invalid, NotFound
from medpwa.permits import Actor
from medpwa.practice import induction_deeds, induction_rules, inductions
from medpwa.practice.induction_rules import Shown
from medpwa.practice.models import Induction
from medpwa.staff import queries as staff
from medpwa.staff.queries import Colleague


@action("induction.record", about=staff.colleague_of)
def record(*, by: Actor, about: Colleague, person_id: int, said: Shown) -> Done:
    """Keep what somebody from outside was shown, with their agency's paper, and book the first round that is watched.
    What the paper says they were assessed in counts only with somebody beside them until then; controlled drugs and
    writing records are never taken from a paper. The same form again is the same induction."""
    stored = Induction.get_or_none(Induction.induction_id == said.induction_id)
    if stored is not None:
        if (stored.home_id, stored.person_id) != (by.home_id, person_id):
            raise NotFound()
        return Done(stored, replay=True)
    ends = inductions.access_ends(person_id, by.home_id)
    _demand_outsider(about, ends is None)
    _demand_whole(by, about, said, inductions.last_day(ends, by.zone))
    keys = inductions.takeable(by.home_id, person_id, said.skills, by.zone)
    row, lines = induction_deeds.record(by, person_id, said, ends, keys)
    return Done(row, lines)


def _demand_outsider(about: Colleague, endless: bool) -> None:
    if not about.roles:
        raise Invalid([("person", f"{about.name} has no access here now. Give them a role with a last day first.")])
    if not inductions.is_from_outside(about):
        raise Invalid([("person", f"{about.name} is regular staff. This is for agency and bank staff.")])
    if endless:
        words = f"The access of {about.name} has no last day. Set one on their staff page first."
        raise Invalid([("person", words)])


def _demand_whole(by: Actor, about: Colleague, said: Shown, last_day: dt.date) -> None:
    today, rounds = clock.local_day(clock.now(), by.zone), inductions.round_names(by.home_id)
    found = induction_rules.faults(said, agency=about.facts.agency, last_day=last_day, today=today, rounds=rounds)
    if not 8 <= len(said.induction_id) <= 64:
        found.append(("items", "Open the form again: it lost its number. Nothing was recorded."))
    if said.assessor_id not in {number for number, _ in inductions.can_watch(by.home_id, about.person_id, said.skill)}:
        what = IN_A_SENTENCE.get(said.skill, said.skill)
        found.append(("assessor", f"Choose somebody who may assess this: trained to assess, and in date for {what}."))
    if found:
        raise Invalid(found)
    papers.demand_here(by, said.paper_id)
