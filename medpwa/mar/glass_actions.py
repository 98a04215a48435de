"""The verbs of an exception for one round (break-glass): made by a manager for a named person, and answered by another
of those who answer for the home."""

from __future__ import annotations

import datetime as dt

from medpwa import alerts, clock
from medpwa.action import Done, action
from medpwa.competency import glass_deeds, glass_queries
from medpwa.competency.deeds import subject
from medpwa.competency.models import BreakGlass, BreakGlassSeen
from medpwa.errors import Invalid, Refused
from medpwa.ledger import Pending
from medpwa.mar import glass
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
    row, said = glass_deeds.break_glass(by, person_id, span.name, span.start_at, span.close_at, reason)
    return Done(row, [said, *tell(by, row, 0)])


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
    row, said = glass_deeds.answer(by, about, words)
    return Done(row, [said, *_read_all(by, about)])


# ---------------------------------------------------------------- told until it is answered


def alert_key(glass_id: int, number: int) -> str:
    """How the keys of one telling of an exception begin."""
    return f"glass:{glass_id}:{number}:"


def tell(by: Actor, row: BreakGlass, number: int) -> list[Pending]:
    """A deed: put an exception in front of the managers on call, or, later or where nobody is, of everybody who answers
    for the home but who made it."""
    names = staff.names({row.person_id, row.by})
    again = "" if number == 0 else " Nobody has said yet what was done about it."
    person, who, until = names.get(row.person_id, "Somebody"), names.get(row.by, "Somebody"), row.ends_at
    words = (
        f"{person} may give medicines in the {row.round_name} round until {clock.time_words(until, by.zone)} without "
        f"being signed off. {who} allowed it: {row.reason.rstrip('.')}.{again}"
    )
    whom: list[int | None] = [*glass.on_call(by.home_id, row.by)] if number == 0 else []
    found: list[Pending] = []
    for person in whom or [None]:
        found += alerts.raise_alert(
            home_id=by.home_id,
            key=f"{alert_key(row.id, number)}{person or ''}",
            words=words,
            url=f"/h/{by.home_slug}/break-glass/{row.id}",
            to_verb="glass.answer",
            to_person=person,
            subject=subject(row.person_id),
            raised_by=row.by,
        )
    return found


def _read_all(by: Actor, about: BreakGlass) -> list[Pending]:
    """Whoever answers it has read what was told of it."""
    found: list[Pending] = []
    for row in alerts.Alert.select().where(alerts.Alert.key.startswith(f"glass:{about.id}:")):
        found += alerts.acknowledge_row(by, row)
    return found
