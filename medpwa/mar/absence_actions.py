"""The verbs of an absence: counting medicines out and in, and comparing the list after a return."""

from __future__ import annotations

from medpwa import clock
from medpwa.action import Done, action
from medpwa.errors import Invalid, Refused
from medpwa.mar import absence, absence_deeds, away_rules, comparing
from medpwa.mar.away_rules import Compared, Count
from medpwa.mar.away_vocabulary import COMPARING, DIRECTIONS
from medpwa.mar.comparing import Step
from medpwa.permits import Actor
from medpwa.residents import queries as residents
from medpwa.residents.queries import ResidentCard
from medpwa.staff import queries as staff


@action("absence.count", about=residents.resident_of)
def count_medicines(
    *, by: Actor, about: ResidentCard, resident_id: int, direction: str, counts: tuple[Count, ...]
) -> Done:
    """Keep what was counted out with somebody or in with them. A count is what somebody saw, so a later one of the same
    medicine stands beside it and holds; what is recorded already is not recorded again. The value says how many."""
    gone = absence.newest_absence(by.home_id, resident_id)
    if direction not in DIRECTIONS:
        raise Invalid([("direction", "Choose whether it went along or came back.")])
    if gone is None:
        words = f"{about.called} has not been away, so nothing can be counted. Record where they are first."
        raise Refused("not_away", words, about={"subject": f"resident:{resident_id}"})
    theirs = {o.line_id for o in absence.countable(by.home_id, resident_id, gone)}
    faults = away_rules.count_faults(counts)
    if any(c.line_id not in theirs for c in counts):
        faults.append((None, "One of these medicines is not prescribed any more. Open the page again and count it."))
    if faults:
        raise Invalid(faults)
    stored = {k: rows[-1] for k, rows in absence.counts_of(resident_id, gone).items()}
    new = [c for c in counts if _differs(stored.get((c.line_id, direction)), c)]
    if not new:
        return Done(0, replay=True)
    return Done(len(new), [absence_deeds.count(by, resident_id, gone.stays[0].id, direction, new)])


def _differs(stored, wanted: Count) -> bool:
    return stored is None or (stored.amount, stored.note) != (wanted.amount, wanted.note)


@action("reconcile.record", about=residents.resident_of)
def compare(*, by: Actor, about: ResidentCard, resident_id: int, seen: int, step: Compared) -> Done:
    """Keep a step of comparing somebody's medicines list. `seen` is the step the form was filled in from (0 for none):
    another one since is a conflict (409) that keeps what was typed. A finished comparison stays finished."""
    found = comparing.newest_of(by.home_id, resident_id)
    if found is None:
        raise _refused(resident_id, "nothing_to_compare", f"Nothing asks for {about.called}’s list to be compared now.")
    last = found.steps[-1] if found.steps else None
    if last is not None and last.by == by.person_id and _says(last, step):
        return Done(found, replay=True)
    if last is not None and last.state == "complete":
        words = f"{_told(last, by)} finished this comparison. What differs since is a change of an order."
        raise _refused(resident_id, "compared", words)
    if (last.id if last else 0) != seen:
        words = f"{_told(last, by)} saved “{COMPARING[last.state][0]}” while you were typing. Nothing was saved yet."
        raise _refused(resident_id, "stale", f"{words} What you typed is kept below.")
    if faults := away_rules.compared_faults(found.state, step):
        raise Invalid(faults)
    return Done(found, [absence_deeds.compared(by, resident_id, found.arrival.stay_id, step)])


def _says(stored: Step, wanted: Compared) -> bool:
    mine = (wanted.state, wanted.first_source, wanted.second_source, wanted.discrepancies, wanted.resolved)
    return mine == (stored.state, stored.first_source, stored.second_source, stored.discrepancies, stored.resolved)


def _told(last: Step, by: Actor) -> str:
    name = staff.names({last.by}).get(last.by, "Somebody")
    return f"{name}, {clock.moment_words(last.at, by.zone)}:"


def _refused(resident_id: int, code: str, words: str) -> Refused:
    return Refused(code, words, 409, {"subject": f"resident:{resident_id}"})
