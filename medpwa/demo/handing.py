"""What those who lead a shift do at its end and about refusals, in the month that is played and on the days after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator

from medpwa import clock
from medpwa.mar import handover, handover_actions, refusal_actions, refusing, shift_queries
from medpwa.mar.models import Entry
from medpwa.mar.refusals import FollowUp
from medpwa.permits import Actor, may
from medpwa.staff import queries as staff
from medpwa.staff.models import Home

SHIFTS = (("Early", "07:00"), ("Late", "14:00"), ("Night", "21:15"))
BEFORE_THE_END = dt.timedelta(minutes=5)
FOLLOW_UP_AT = dt.time(15, 30)
NOTES = (
    "Quiet so far. The kitchen knows who eats later.",
    "Two visitors this afternoon; the lounge is full.",
    "Slept well on both floors, bell rang twice.",
)
ASKED, ACCEPTED, DONE = (
    "The surgery was told; there is no harm in leaving single doses out, and they want to hear if it goes on.",
    "Explained again what it is for. The answer is still no, and that is theirs to decide.",
    "Written into the care plan; it is offered each time and not pressed.",
)
_SAID = frozenset({ASKED, ACCEPTED, DONE})
_NEXT = {
    "open": FollowUp("prescriber_contacted", "Dr A. Banerjee’s surgery, by phone", ASKED),
    "prescriber_contacted": FollowUp("accepted_decision", "", ACCEPTED),
    "accepted_decision": FollowUp("closed", "", DONE),
}


def set_shifts(system: Actor) -> None:
    """The three shifts of the home."""
    for name, starts in SHIFTS:
        handover_actions.set_shift(by=system, name=name, starts=starts)


def ends_on(day: dt.date, zone: str) -> list[dt.datetime]:
    """When somebody hands over on a day: shortly before each next shift begins."""
    return [clock.at_local(day, dt.time.fromisoformat(starts), zone) - BEFORE_THE_END for _, starts in SHIFTS]


def of_the_days(
    home: Home, days: Iterable[dt.date], told: Callable[[], Iterable[int]] = tuple
) -> Iterator[tuple[dt.datetime, Callable[[], None]]]:
    """Each shift of some days handed over, and refusals followed up in the afternoon, but of the order lines whose
    refusals are `told` by themselves."""
    for day in days:
        for at in ends_on(day, home.zone):
            yield at, lambda: hand_over(home)
        yield clock.at_local(day, FOLLOW_UP_AT, home.zone), lambda: follow_up(home, told())


def hand_over(home: Home) -> None:
    """Whoever leads the shift that is about to end hands it over to the next; what somebody did already stands."""
    by, at = _leader(home), clock.now()
    span = shift_queries.span_to_hand_over(by, at) if by else None
    if span is None or not dt.timedelta() <= span.end_at - at <= 2 * BEFORE_THE_END:
        return
    if span.start_at in shift_queries.handed_over(home.id, at):
        return
    people, _ = handover.next_people(by, span)
    note = NOTES[(at.toordinal() + at.hour) % len(NOTES)]
    handover_actions.hand_over(by=by, start=span.start_at, told=tuple(i for i, _ in people[:4]), note=note)


def _leader(home: Home) -> Actor | None:
    leader = staff.shift_leader(home.id)
    by = staff.actor(leader.person_id, home.slug) if leader else None
    return by if by is not None and may("handover.record", by) else None


def follow_up(home: Home, told: Iterable[int] = ()) -> None:
    """The shift leader takes each run of refusals the play made one step further; a user's own wait for a user."""
    by, told = _leader(home), frozenset(told)
    for found in refusing.episodes_of(home.id, clock.now()) if by else ():
        step = _NEXT.get(found.state)
        own = all(s.words in _SAID for s in found.steps) and _played(found.episode.first_entry)
        if step is not None and own and found.episode.ended_at is None and found.order.line_id not in told:
            seen = found.steps[-1].id if found.steps else 0
            refusal_actions.follow_up(by=by, refusal_id=found.episode.first_entry, seen=seen, step=step)


def _played(entry_id: int) -> bool:
    return Entry.select().where((Entry.id == entry_id) & Entry.session.is_null()).exists()
