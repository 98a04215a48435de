"""What stands open at a moment, so that a fresh demo home is found in the middle of its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from medpwa.demo.pattern import come_out, plain
from medpwa.demo.prescriptions import ON, ORDERS, Due, following
from medpwa.demo.told import Told
from medpwa.demo.walk import CLOSES_AFTER, NIGHT_CLOSES_AFTER, ROUND_STARTS, ROUND_TAKES, reached

PART_DONE = 0.6
# Of this morning's round, besides the thirty days and their figures: nobody recorded them, and nobody has settled it.
FORGOTTEN_TODAY = (("R02", "furosemide", "08:00"), ("R05", "carmellose", "08:00"))


def close_of(due: Due, d0: dt.date | None = None) -> dt.datetime:
    """When a dose without an outcome becomes a gap (decision 13): three hours after its round's start, or after it fell
    due where it is an individual time; never later than the next dose of the order."""
    begins = [dt.datetime.combine(due.at.date(), dt.time.fromisoformat(start)) for start in ROUND_STARTS]
    start = next((begin for begin in begins if begin <= due.at < begin + ROUND_TAKES), due.at)
    closes_after = NIGHT_CLOSES_AFTER if f"{start:%H:%M}" == ON else CLOSES_AFTER
    then = following(due, d0 or due.at.date())
    return min(start + closes_after, then) if then is not None else start + closes_after


def is_forgotten(due: Due, d0: dt.date) -> bool:
    """Whether a dose of the day the home is made on is one of those left for whoever looks at the gaps."""
    when = (due.resident, ORDERS[due.order].medicine, f"{due.at:%H:%M}")
    return due.at.date() == d0 and when in FORGOTTEN_TODAY


def is_open(due: Due, now: dt.datetime, d0: dt.date | None = None) -> bool:
    """Whether a dose nobody has recorded shows as due or late: its window has begun and it has not closed."""
    return due.at - dt.timedelta(minutes=ORDERS[due.order].window_before) <= now < close_of(due, d0)


def leave_open(
    now_local: dt.datetime,
    dues: Iterable[tuple[str, int, dt.datetime]],
    d0: dt.date | None = None,
    told: Callable[[Due], Told] | None = None,
) -> set[tuple[str, int, dt.datetime]]:
    """The doses already due that are to be left unrecorded, so that a fresh home is in the middle of its day.

    `dues` holds at least yesterday's doses and today's, also those to come; D0 is today unless given. Left are: doses
    the walk has not reached yet; of the latest time that has fallen due, everybody past the first 60 % of people, and
    once an hour has gone by, the last person only; and, should nothing else be open, one dose of last night's round.

    `told` says how a dose came out, `come_out` unless given. Guaranteed, with everything else recorded so: at any
    minute of any day at least one dose is due or late and not closed; by night it is one of the 21:00 round, which this
    home closes at 06:30.
    """
    now, given_as = now_local.replace(tzinfo=None), {plain(due): due for due in dues}
    d0 = d0 or now.date()
    told = told or (lambda due: come_out(due, d0))
    begun = [due for due in given_as if due.at <= now]
    left = {due for due in begun if due.at + dt.timedelta(minutes=told(due).minutes) > now}
    left |= _part_done(_latest(begun), now, d0)
    unrecorded = [due for due in given_as if due.at > now or due in left or told(due).outcome is None]
    if not any(is_open(due, now, d0) for due in unrecorded):
        left |= _one_of_the_night(begun, now, d0)
    return {given_as[due] for due in left}


def _latest(doses: list[Due]) -> list[Due]:
    """Those that fell due last."""
    last = max((due.at for due in doses), default=None)
    return [due for due in doses if due.at == last]


def _part_done(latest: list[Due], now: dt.datetime, d0: dt.date) -> set[Due]:
    """The doses of the latest time whose people still have to be seen."""
    if not any(is_open(due, now, d0) for due in latest):
        return set()
    people = sorted({due.resident for due in latest}, key=lambda code: _seen_first(code, latest, d0))
    done = int(len(people) * PART_DONE) if now - latest[0].at <= ROUND_TAKES else len(people) - 1
    return {due for due in latest if due.resident in people[done:]}


def _seen_first(code: str, latest: list[Due], d0: dt.date) -> tuple[bool, int]:
    """Time-critical people first, then as the walk comes to them."""
    own = [due for due in latest if due.resident == code]
    return not any(ORDERS[due.order].time_critical for due in own), min(reached(due, d0) for due in own)


def _one_of_the_night(begun: list[Due], now: dt.datetime, d0: dt.date) -> set[Due]:
    """The dose of last night's round the walk came to last, while it is still open."""
    latest = _latest([due for due in begun if f"{due.at:%H:%M}" == ON])
    still = [due for due in latest if is_open(due, now, d0)]
    return {max(still, key=lambda due: (reached(due, d0), due))} if still else set()
