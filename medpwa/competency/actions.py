"""The verbs of sign-off: grant, pause, end. Each moves a state by the one table (competency/states.py) and bites on the
very next request of the person concerned."""

from __future__ import annotations

import datetime as dt

from medpwa import clock
from medpwa.action import Done, action
from medpwa.competency import deeds, insists, papers, settings
from medpwa.competency.deeds import Key
from medpwa.competency.vocabulary import MAY_GIVE
from medpwa.permits import Actor
from medpwa.staff import queries as staff
from medpwa.staff.queries import Colleague


@action("competency.grant", about=staff.colleague_of)
def grant(
    *,
    by: Actor,
    about: Colleague,
    person_id: int,
    skill: str,
    resident_id: int | None = None,
    also: tuple[Key, ...] = (),
    valid_from: dt.datetime | None = None,
    valid_until: dt.datetime | None = None,
    state: str = "competent",
    reason: str = "",
    seen: int | None = None,
    paper_id: int | None = None,
) -> Done:
    """Say how a skill of a person stands from a moment (now) on; a sign-off ends after the months its home keeps for
    the skill (twelve) unless said.

    `also` are further skills decided together, all or none; `seen` is the newest decision the page showed
    (`queries.newest`), so that the second of two who decide at once is told. What the system brings over from paper
    obeys no table; `paper_id` is that paper, where it was kept. Raises Invalid for what cannot be, NotFound for
    somebody who does not live here.
    """
    start = valid_from or clock.now()
    until = valid_until if state in MAY_GIVE else None
    insists.fit_state(about, state, reason)
    insists.fit_span(by, start, until, reason)
    keys = _each_once(skill, resident_id, also)
    for one, whose in keys:
        insists.known(by, one, whose)
    insists.unchanged_since(by, person_id, keys, seen)
    for one, whose in keys:
        insists.not_overtaken(by, person_id, one, whose, start)
        insists.step(by, person_id, (one, whose), state, start)
    papers.demand_here(by, paper_id)
    ends = until or {key: settings.ends_at(by.home_id, key[0], start, by.zone) for key in keys}
    span = dict(valid_from=start, valid_until=ends if state in MAY_GIVE else None)
    rests_on = {"evidence_file": paper_id} if paper_id is not None else None
    said = deeds.set_states(by, person_id, keys, state, **span, reason=reason, evidence=rests_on)
    return Done(None, [said, *deeds.tell(by, person_id, keys, said, state)])


@action("competency.suspend", about=staff.colleague_of)
def suspend(
    *,
    by: Actor,
    about: Colleague,
    person_id: int,
    skill: str,
    resident_id: int | None = None,
    also: tuple[Key, ...] = (),
    reason: str,
    seen: int | None = None,
) -> Done:
    """Pause a sign-off now, for safety and not as discipline: the person stops giving with their next request."""
    keys = _each_once(skill, resident_id, also)
    insists.standing(by, about, keys, reason, "pause", seen)
    return Done(None, deeds.suspend(by, person_id, keys, reason=reason))


@action("competency.end", about=staff.colleague_of)
def end(
    *,
    by: Actor,
    about: Colleague,
    person_id: int,
    skill: str,
    resident_id: int | None = None,
    also: tuple[Key, ...] = (),
    reason: str,
    seen: int | None = None,
) -> Done:
    """End a sign-off now; it takes a new sign-off to give again."""
    keys = _each_once(skill, resident_id, also)
    insists.standing(by, about, keys, reason, "end", seen)
    said = deeds.take_away(by, person_id, keys, "ended", reason=reason, verb="competency.end")
    return Done(None, [said, *deeds.tell(by, person_id, keys, said, "ended")])


def _each_once(skill: str, resident_id: int | None, also: tuple[Key, ...]) -> list[Key]:
    return list(dict.fromkeys([(skill, resident_id), *also]))
