"""The verbs of an exception for one round (break-glass): made by a manager for a named person, and answered by another
of those who answer for the home."""

from __future__ import annotations

import datetime as dt

from medpwa import clock
from medpwa.action import Done, action
from medpwa.competency import glass_deeds as competency_deeds
from medpwa.competency import glass_queries
from medpwa.competency.deeds import subject
from medpwa.competency.models import BreakGlass, BreakGlassSeen
from medpwa.errors import Invalid, Refused
from medpwa.mar import glass, glass_deeds
from medpwa.mar.glass_rules import LONGEST_REASON, SHORTEST_ANSWER, SHORTEST_REASON
from medpwa.permits import Actor
from medpwa.staff import lock_rules
from medpwa.staff import queries as staff
from medpwa.staff.queries import Colleague

STEP_UP = "It is too long ago that you typed your PIN or password. Type it again. What you wrote is kept."


@action("glass.break", about=staff.colleague_of)
def break_glass(
    *,
    by: Actor,
    about: Colleague,
    person_id: int,
    round_name: str,
    starts_at: dt.datetime,
    reason: str,
    proven_at: dt.datetime | None,
) -> Done:
    """Let one named person, who is not signed off, give in one round, with the reason. It bites on their next request
    and ends by itself when the round closes. The same asked again is the same; another for the same round is refused.
    Managers on call are told at once, and it goes on until somebody has answered it."""
    at = clock.now()
    before = _made_before(by, person_id, round_name, starts_at)
    if before is not None and (before.by, before.reason) == (by.person_id, reason):
        return Done(before, replay=True)
    no = glass.why_not(by, about, at)
    if no is not None:
        raise Refused(no.code, no.words, about={"subject": subject(person_id)})
    if before is not None:
        words = f"{about.name} is allowed to give in this round already. Nothing was added."
        raise Refused("glass_broken", words, about={"subject": subject(person_id)})
    span = next((s for s in glass.spans(by, at) if (s.name, s.start_at) == (round_name, starts_at)), None)
    if span is None:
        raise Invalid([("round", "Choose a round that runs now or begins in this shift. What you wrote is kept.")])
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise Invalid([("reason", f"Say why nobody signed off can give, in {SHORTEST_REASON} to {LONGEST_REASON:,} "
                        "letters. What you wrote is kept.")])
    if not lock_rules.stepped_up(proven_at, at):
        raise Refused("step_up", STEP_UP, about={"subject": subject(person_id)})
    row, said = competency_deeds.break_glass(by, person_id, span.name, span.start_at, span.close_at, reason)
    return Done(row, [said, *glass_deeds.tell(by, row, 0)])


def _made_before(by: Actor, person_id: int, round_name: str, starts_at: dt.datetime) -> BreakGlass | None:
    return BreakGlass.get_or_none(
        (BreakGlass.home == by.home_id)
        & (BreakGlass.person == person_id)
        & (BreakGlass.round_name == round_name)
        & (BreakGlass.starts_at == starts_at)
    )


@action("glass.answer", about=glass_queries.glass_of)
def answer_glass(*, by: Actor, about: BreakGlass, glass_id: int, words: str) -> Done:
    """Somebody who answers for the home has seen an exception and says what was done about it: neither who made it nor
    whom it is for. Then it is told no more. Once; the same again is the same."""
    stored = BreakGlassSeen.get_or_none(BreakGlassSeen.break_glass == about)
    if stored is not None and (stored.by, stored.words) == (by.person_id, words):
        return Done(stored, replay=True)
    where = {"subject": subject(about.person_id)}
    if by.person_id in (about.by, about.person_id):
        words = "Somebody else answers it: not who allowed it, nor whom it is for. Nothing was changed."
        raise Refused("own_glass", words, about=where)
    if stored is not None:
        who = staff.names({stored.by}).get(stored.by, "Somebody")
        raise Refused("answered", f"{who} has answered it: {stored.words} Nothing was added.", about=where)
    if not SHORTEST_ANSWER <= len(words) <= LONGEST_REASON:
        raise Invalid([("words", f"Say what was done, in {SHORTEST_ANSWER} to {LONGEST_REASON:,} letters. What you "
                        "wrote is kept.")])
    row, said = competency_deeds.answer(by, about, words)
    return Done(row, [said, *glass_deeds.read_all(by, about)])
