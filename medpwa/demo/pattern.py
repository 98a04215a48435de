"""How a week of doses comes out: pure, and the same for the same dose whenever it is asked.

Follows block D of the demo home's thirty-day pattern (section 11.3): about two gaps a week, three in five of them on
the 21:00 round and none on R01; 1.7 % given late; 2.8 % refused, mostly R05's lactulose; R11 asleep some nights; R10's
day out; and the incidents I15 and I17. Which doses these are is drawn from a seed and the date, so that any seven days
show the same amounts. Times are the home's local times without a zone; a zone that is passed in is ignored.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from medpwa.demo.people import BY_CODE, GROUND, whereabouts
from medpwa.demo.prescriptions import NOON, OM, ON, ORDERS, TEA, Due, due_on
from medpwa.demo.team import holds, on_duty

SEED = "rowanbank-25"  # with this one, R11's senna of Sunday 15 November 2026 is a gap
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)
ROUND_STARTS = ("06:30", OM, NOON, TEA, ON)
ROUND_TAKES, CLOSES_AFTER = dt.timedelta(minutes=60), dt.timedelta(hours=3)  # decision 13
# This home's night staff finish the night round until the morning one begins (a setting of the round): so that at any
# hour of the night, too, somebody who tries the demo finds a dose that is open.
NIGHT_CLOSES_AFTER = dt.timedelta(hours=9, minutes=30)
PART_DONE = 0.6
NO_SCAN, DOOR_LABEL = 0.04, 0.08

GAP_DAYS = (WEDNESDAY, SUNDAY)
LATE_DAYS, CRITICAL_LATE_DAY = (MONDAY, TUESDAY, THURSDAY, SATURDAY), FRIDAY
REFUSAL_DAYS = (MONDAY, TUESDAY, THURSDAY, FRIDAY, SUNDAY)
LATE_BY, CRITICAL_LATE_BY = (61, 85), (31, 44)  # minutes after due: past a window of 60, and of 30
REPORT_DAYS, REPORTED_BY, REPORTED_NEXT_DAY = (TUESDAY, FRIDAY, SUNDAY), (75, 140), 660  # minutes after due
REFUSABLE = {("R01", "macrogol 3350"), ("R03", "paracetamol"), ("R04", "metformin"), ("R10", "emollient"),
             ("R05", "calcium carbonate / colecalciferol"), ("R05", "carmellose"), ("R06", "docusate sodium"),
             ("R06", "senna")}
NEVER_A_GAP = {"R01", "R08", "R10"}
HELD_UP = ("The ambulance crew needed help with another resident", "A fall on the other floor came first",
           "The round began late after a long hand-over")


Slot = tuple[int, str]  # place in ORDERS, 'HH:MM'


@dataclass(frozen=True)
class Told:
    """How one dose came out. Outcome and reasons are ids; `minutes` is how long after due it was recorded.

    No outcome is a gap: nothing was recorded.
    """

    outcome: str | None = None
    minutes: int = 0
    by: str = ""
    label: str = ""  # person or door; empty when the card was opened without a scan
    no_scan: str = ""  # why it was
    reason: str = ""  # why it was not given
    note: str = ""
    extra: tuple[tuple[str, str], ...] = ()  # what the outcome must say beside its reason


def _draw(*of: object) -> random.Random:
    """A generator of its own for each thing that is drawn."""
    return random.Random("|".join([SEED, *(str(part) for part in of)]))


def come_out(due: tuple[str, int, dt.datetime], d0: dt.date) -> Told:
    """How a dose came out in a home made on D0. The dose is (resident, place in ORDERS, local time due)."""
    return _come_out(_plain(due), d0)


def _plain(due: tuple[str, int, dt.datetime]) -> Due:
    resident, order, at = due
    return Due(resident, order, at.replace(tzinfo=None))


@lru_cache(maxsize=4096)
def _come_out(due: Due, d0: dt.date) -> Told:
    told = _incident(due, d0) or _everyday(due, d0)
    if told.outcome is None:
        return told
    at = due.at + dt.timedelta(minutes=told.minutes)
    by = who_records(due, at, d0)
    if by is None:
        return Told()  # nobody signed off was there
    label, no_scan = _identified(due, told.outcome)
    return Told(told.outcome, told.minutes, by, label, no_scan, told.reason, told.note, told.extra)


# Days that are played forward. Each is told as the day a home is made on, so that nothing of the table runs out.


def goes_on(due: Due) -> Told:
    """How a dose comes out on a day after the home was made; who records it is the likely one of the roster."""
    return come_out(due, due.at.date())


def reported(due: Due) -> int | None:
    """Minutes after due at which a dose that was given and not recorded is reported; None for all others.

    Four a week (block D has 6 in 602): the gap in the middle of the week, the next morning, and one on three other
    days, within the round.
    """
    if due.at.weekday() == GAP_DAYS[0] and goes_on(due).outcome is None:
        return REPORTED_NEXT_DAY
    if due.at.weekday() not in REPORT_DAYS or (due.order, f"{due.at:%H:%M}") != _forgotten(due.at.date()):
        return None
    return _draw("reported", due.at).randint(*REPORTED_BY)


@lru_cache(maxsize=512)
def _forgotten(day: dt.date) -> Slot:
    """The dose of a day that somebody gave without recording it."""
    free = [(due.order, f"{due.at:%H:%M}") for due in due_on(day, day)]
    return _draw("forgotten", day).choice([s for s in free if s not in _exceptions(day) and _may_be_late(s)])


def _incident(due: Due, d0: dt.date) -> Told | None:
    """What the demo home's sections 11.3 and 11.4 say happened on a day counted from D0."""
    order, day, time = ORDERS[due.order], (due.at.date() - d0).days, f"{due.at:%H:%M}"
    here = whereabouts(BY_CODE[due.resident], due.at, d0)
    if here is not None and here.kind == "leave":
        return Told("away", _reached(due, d0), reason="leave", note=here.note,
                    extra=(("back", f"{here.note or 'Out with family'}; their medicines went along"),))
    if (due.resident, order.medicine, day, time) == ("R01", "co-careldopa", -4, "11:00"):
        return Told("given", 65, note="Fire drill: given as soon as everybody was back inside")
    if (due.resident, order.medicine, day, time) == ("R07", "carbocisteine", -5, NOON):
        return Told("not_available", _reached(due, d0), reason="out_of_stock",
                    extra=(("chased", "Pharmacy rung, delivered in time for 21:00"),))
    return None


def _everyday(due: Due, d0: dt.date) -> Told:
    kind = _exceptions(due.at.date()).get((due.order, f"{due.at:%H:%M}"), "given")
    rng, minutes = _draw(due.resident, due.order, due.at), _reached(due, d0)
    if kind == "gap":
        return Told()
    if kind == "refused":
        return Told("refused", minutes, reason=rng.choice(("did_not_want", "did_not_want", "dislikes", "not_said")))
    if kind == "asleep":
        return Told("asleep", minutes)
    if kind == "late":
        by = CRITICAL_LATE_BY if ORDERS[due.order].time_critical else LATE_BY
        return Told("given", rng.randint(*by), note=rng.choice(HELD_UP))
    return Told("given", minutes)


def _identified(due: Due, outcome: str) -> tuple[str, str]:
    """The place of the label scanned, or none and why; one answer for everything of one visit to a person."""
    rng = _draw("label", due.resident, due.at)
    chance = rng.random()
    if outcome == "away":
        return "door", ""
    if chance < NO_SCAN:
        return "", "not_near" if outcome == "asleep" else rng.choice(("label_missing", "camera_fails", "known"))
    return ("door", "") if outcome == "asleep" or chance < NO_SCAN + DOOR_LABEL else ("person", "")


@lru_cache(maxsize=512)
def _exceptions(day: dt.date) -> dict[Slot, str]:
    """The doses of a date that do not go as planned; the rest are given on time. Never of R12, who comes and goes."""
    slots = [(place, time) for place, order in enumerate(ORDERS) if order.until_day is None for time in order.times]
    week, weekday = (day.toordinal() - 1) // 7, day.weekday()
    found: dict[Slot, str] = {}

    def pick(kind: str, among: list[Slot]) -> None:
        free = [slot for slot in among if slot not in found]
        found[_draw(kind, day).choice(free)] = kind

    if weekday in GAP_DAYS:
        at_night = (2 * week + GAP_DAYS.index(weekday)) % 5 in (0, 2, 4)
        pick("gap", [slot for slot in slots if _may_be_gap(slot) and (slot[1] == ON) == at_night])
    for slot in slots:
        if _lactulose_refused(slot, week, weekday):
            found[slot] = "refused"
        if ORDERS[slot[0]].resident == "R11" and weekday in _draw("asleep", week).sample(range(7), 1 + week % 2):
            found.setdefault(slot, "asleep")
    if weekday in REFUSAL_DAYS:
        pick("refused", [slot for slot in slots if _name(slot) in REFUSABLE])
    if weekday in LATE_DAYS:
        pick("late", [slot for slot in slots if _may_be_late(slot)])
    if weekday == CRITICAL_LATE_DAY:
        pick("late", [slot for slot in slots if ORDERS[slot[0]].time_critical and slot[1] not in ("07:00", "22:00")])
    return found


def _name(slot: Slot) -> tuple[str, str]:
    return ORDERS[slot[0]].resident, ORDERS[slot[0]].medicine


def _may_be_gap(slot: Slot) -> bool:
    order = ORDERS[slot[0]]
    return (slot[1] in ROUND_STARTS and order.resident not in NEVER_A_GAP
            and order.medicine not in ("lactulose", "carbocisteine"))


def _may_be_late(slot: Slot) -> bool:
    """Not what must keep its distance from the next dose, from breakfast, or needs the day staff."""
    order = ORDERS[slot[0]]
    return (slot[1] in ROUND_STARTS and not order.time_critical and order.route != "peg"
            and order.medicine not in ("lactulose", "carbocisteine", "paracetamol"))


def _lactulose_refused(slot: Slot, week: int, weekday: int) -> bool:
    """Six of R05's fourteen a week, never three in a row: at 17:00 on four days, at 08:00 on two of the others."""
    days = _draw("lactulose", week).sample(range(7), 6)
    return _name(slot) == ("R05", "lactulose") and weekday in (days[:4] if slot[1] == TEA else days[4:])


# The walk of a round: who is reached when, and by whom.


def _reached(due: Due, d0: dt.date) -> int:
    """Minutes after due at which the round comes to a dose."""
    return _walked(due.at.date(), d0).get(due, 5)


@lru_cache(maxsize=512)
def _walked(day: dt.date, d0: dt.date) -> dict[Due, int]:
    """For each dose of a day, the minutes after due: one walk a floor, or one for the house when one person gives."""
    reached: dict[Due, int] = {}
    for at, doses in groupby(due_on(day, d0), key=lambda due: due.at):
        by_person = {code: list(lines) for code, lines in groupby(sorted(doses), key=lambda due: due.resident)}
        alone = len(_givers(at, d0)) < 2
        order = sorted(by_person, key=lambda code: _turn(by_person[code]))
        for walk in [order] if alone else _by_floor(order):
            rng = _draw("walk", at, *walk)
            minute = rng.randint(1, 4)
            for code in walk:
                for place, due in enumerate(by_person[code]):
                    minute += _pause(ORDERS[due.order].route) if place else 0
                    reached[due] = minute
                minute += rng.randint(4, 5) if alone else rng.randint(5, 7)
    return reached


def _by_floor(order: list[str]) -> list[list[str]]:
    ground = [code for code in order if BY_CODE[code].unit == GROUND]
    return [ground, [code for code in order if code not in ground]]


def _turn(lines: list[Due]) -> tuple[bool, bool, int, int]:
    """Time-critical people first, then tube feeding, then by room.

    R03 is early by day and last at night, so that four hours always lie between her doses of paracetamol.
    """
    orders, last_round = [ORDERS[due.order] for due in lines], f"{lines[0].at:%H:%M}" == ON
    spaced = any(order.medicine == "paracetamol" for order in orders)
    rank = (2 if last_round else 0) if spaced else 1
    return (not any(order.time_critical for order in orders), not any(order.route == "peg" for order in orders), rank,
            BY_CODE[lines[0].resident].room)


def _pause(route: str) -> int:
    """Minutes between two lines of one person: drops wait five, a tube is flushed, the rest go down together."""
    return {"eye": 6, "peg": 3}.get(route, 0)


def _givers(at: dt.datetime, d0: dt.date) -> list[str]:
    day = (at.date() - d0).days
    return [duty.staff for duty in on_duty(at) if duty.kind != "on_call" and holds(duty.staff, "oral", day)]


def who_records(due: Due, at: dt.datetime, d0: dt.date) -> str | None:
    """Who of those on duty at a local time may record a dose, signed off for all that the order asks.

    A carer does creams; the shift that began a round goes on with it; each floor has its giver, least often the shift
    leader; and the manager on call comes when nobody else may.
    """
    order, day = ORDERS[due.order], (at.date() - d0).days
    able = [duty for duty in on_duty(at) if all(holds(duty.staff, skill, day, due.resident) for skill in order.skills)]
    floor = [duty for duty in able if duty.kind != "on_call"]
    if not floor:
        return able[0].staff if able else None
    creams_only = [duty for duty in floor if order.route == "skin" and not holds(duty.staff, "oral", day)]
    before = {duty.staff for duty in on_duty(due.at - dt.timedelta(minutes=30))}
    likely = creams_only or [duty for duty in floor if duty.staff in before] or floor
    chosen = sorted(likely, key=lambda duty: _draw("giver", due.at, duty.staff).random()
                    + (0.5 if duty.kind == "shift_leader" else 0))
    return chosen[(0 if BY_CODE[due.resident].unit == GROUND else 1) % len(chosen)].staff


# What stands open now.


def close_of(due: Due) -> dt.datetime:
    """When a dose without an outcome becomes a gap (decision 13): three hours after its round's start, or after it fell
    due where it is an individual time; never later than the next dose of the order."""
    begins = [dt.datetime.combine(due.at.date(), dt.time.fromisoformat(start)) for start in ROUND_STARTS]
    start = next((begin for begin in begins if begin <= due.at < begin + ROUND_TAKES), due.at)
    times = [dt.time.fromisoformat(time) for time in ORDERS[due.order].times]
    days = (due.at.date(), due.at.date() + dt.timedelta(days=1))
    following = min(at for at in (dt.datetime.combine(day, time) for day in days for time in times) if at > due.at)
    closes_after = NIGHT_CLOSES_AFTER if f"{start:%H:%M}" == ON else CLOSES_AFTER
    return min(start + closes_after, following)


def is_open(due: Due, now: dt.datetime) -> bool:
    """Whether a dose nobody has recorded shows as due or late: its window has begun and it has not closed."""
    return due.at - dt.timedelta(minutes=ORDERS[due.order].window_before) <= now < close_of(due)


def leave_open(
    now_local: dt.datetime, dues: Iterable[tuple[str, int, dt.datetime]], d0: dt.date | None = None
) -> set[tuple[str, int, dt.datetime]]:
    """The doses already due that are to be left unrecorded, so that a fresh home is in the middle of its day.

    `dues` holds at least yesterday's doses and today's, also those to come; D0 is today unless given. Left are: doses
    the walk has not reached yet; of the latest time that has fallen due, everybody past the first 60 % of people, and
    once an hour has gone by, the last person only; and, should nothing else be open, one dose of last night's round.

    Guaranteed, with everything else recorded as `come_out` says: at any minute of any day at least one dose is due or
    late and not closed; by night it is one of the 21:00 round, which this home closes at 06:30.
    """
    now, given_as = now_local.replace(tzinfo=None), {_plain(due): due for due in dues}
    d0 = d0 or now.date()
    begun = [due for due in given_as if due.at <= now]
    left = {due for due in begun if due.at + dt.timedelta(minutes=_come_out(due, d0).minutes) > now}
    left |= _part_done(_latest(begun), now, d0)
    unrecorded = [due for due in given_as if due.at > now or due in left or _come_out(due, d0).outcome is None]
    if not any(is_open(due, now) for due in unrecorded):
        left |= _one_of_the_night(begun, now, d0)
    return {given_as[due] for due in left}


def _latest(doses: list[Due]) -> list[Due]:
    """Those that fell due last."""
    last = max((due.at for due in doses), default=None)
    return [due for due in doses if due.at == last]


def _part_done(latest: list[Due], now: dt.datetime, d0: dt.date) -> set[Due]:
    """The doses of the latest time whose people still have to be seen."""
    if not any(is_open(due, now) for due in latest):
        return set()
    people = sorted({due.resident for due in latest},
                    key=lambda code: min(_reached(due, d0) for due in latest if due.resident == code))
    done = int(len(people) * PART_DONE) if now - latest[0].at <= ROUND_TAKES else len(people) - 1
    return {due for due in latest if due.resident in people[done:]}


def _one_of_the_night(begun: list[Due], now: dt.datetime, d0: dt.date) -> set[Due]:
    """The dose of last night's round the walk came to last, while it is still open."""
    latest = _latest([due for due in begun if f"{due.at:%H:%M}" == ON])
    still = [due for due in latest if is_open(due, now)]
    return {max(still, key=lambda due: (_reached(due, d0), due))} if still else set()
