"""Which doses fall due of every kind of schedule, over random orders, versions and spans, against a slow oracle that
steps through days and minutes and shares no line with the product; and courses, which end with their last dose."""

import calendar
import datetime as dt
from collections import Counter
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medpwa import clock
from medpwa.medicines.due import course_end, doses_left
from medpwa.medicines.rules import doses_due, next_due
from tests.medicines.facts import LONDON, facts, london, version

MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


# ---------------------------------------------------------------- the oracle


@cache
def first_minute(day: dt.date, time: str) -> dt.datetime:
    """The first minute of a day at which its clock has come to a reading or gone past it: walked, not worked out."""
    wanted = dt.datetime.combine(day, dt.time.fromisoformat(time))
    minute = wanted.replace(tzinfo=dt.UTC) - 150 * MINUTE
    while clock.local(minute, LONDON).replace(tzinfo=None) < wanted:
        minute += MINUTE
    return minute


def readings(o, last: dt.date) -> set[tuple[dt.date, str]]:
    """Every (day, time) a schedule asks for until a day, written out kind by kind by stepping along."""
    said = o.schedule or {"kind": "daily"}
    days, all_days = [], [o.starts_on + n * DAY for n in range((last - o.starts_on).days + 1)]
    if o.kind == "prn":
        return set()
    if o.kind == "once":
        return {(o.starts_on, o.times[0])}
    kind = said["kind"]
    if kind in ("daily", "advised"):
        days = all_days
    elif kind == "weekdays":
        days = [day for day in all_days if day.isoweekday() - 1 in said["days"]]
    elif kind == "every_n_days":
        days = stepping(dt.date.fromisoformat(said["anchor"]), said["n"] * DAY, o.starts_on, last)
    elif kind == "every_n_weeks":
        anchor = dt.date.fromisoformat(said["anchor"])
        monday = dt.date.fromisocalendar(*anchor.isocalendar()[:2], 1)
        weeks = stepping(monday, 7 * said["n"] * DAY, o.starts_on - 7 * DAY, last)
        days = [week + n * DAY for week in weeks for n in said["days"]]
    elif kind == "monthly":
        for day in all_days:
            length = calendar.monthrange(day.year, day.month)[1]
            if day.day in said["days"] or (-1 in said["days"] and day.day == length):
                days.append(day)
    elif kind == "cycle":
        turn = [True] * said["on"] + [False] * said["off"]
        begins = stepping(dt.date.fromisoformat(said["anchor"]), len(turn) * DAY, o.starts_on - 400 * DAY, last)
        days = [begin + n * DAY for begin in begins for n, given_then in enumerate(turn) if given_then]
    elif kind == "every_n_hours":
        at, found = dt.datetime.combine(o.starts_on, dt.time.fromisoformat(o.times[0])), set()
        while at.date() <= last:
            found.add((at.date(), f"{at:%H:%M}"))
            at += dt.timedelta(hours=said["n"])
        return {(day, time) for day, time in found if o.ends_on is None or day <= o.ends_on}
    elif kind == "stepped":
        todo = [(s.get("times") or o.times, s.get("days") or 5000) for s in said["steps"]]
        rows = [times for times, n in todo for _ in range(n)]
        pairs = zip(all_days, rows, strict=False)
        return {(day, t) for day, times in pairs for t in times if o.ends_on is None or day <= o.ends_on}
    kept = [day for day in days if o.starts_on <= day <= last and (o.ends_on is None or day <= o.ends_on)]
    return {(day, time) for day in kept for time in o.times}


def stepping(anchor, step, low, high):
    """Days an anchor away by whole steps, forwards and back, within bounds."""
    found, day = [], anchor
    while day >= low:
        found.append(day)
        day -= step
    day = anchor + step
    while day <= high:
        found.append(day)
        day += step
    return sorted(day for day in found if low <= day <= high)


def slow_line(versions, last: dt.date):
    """Every dose of a line until a day: one walk over its versions with a counter for the course."""
    found, counter, course = [], 0, None
    for o in versions:
        if o.total_doses is None or course != o.starts_on:
            counter, course = 0, o.starts_on if o.total_doses is not None else None
        if o.stopped or o.suspended or o.in_error:
            continue
        for at in sorted({first_minute(day, time) for day, time in readings(o, last)}):
            if at < o.valid_from or (o.valid_to is not None and at >= o.valid_to):
                continue
            if o.total_doses is None or counter < o.total_doses:
                found.append((at, o.line_id, o.version_id))
                counter += 1
    return found


# ---------------------------------------------------------------- random orders


# before both changes of the clocks, a leap day, a new year
bases = st.sampled_from([dt.date(2026, 3, 27), dt.date(2026, 10, 23), dt.date(2028, 2, 26), dt.date(2026, 12, 28)])
clock_times = st.sampled_from(["00:30", "01:00", "01:30", "01:59", "02:00", "08:00", "12:30", "18:00", "23:59"])
some_times = st.sets(clock_times, min_size=1, max_size=3).map(lambda found: tuple(sorted(found)))
weekdays = st.lists(st.integers(0, 6), min_size=1, max_size=3, unique=True)
month_days = st.lists(st.sampled_from([1, 2, 3, 25, 26, 27, 28, -1]), min_size=2, max_size=5, unique=True)
BY_DAY = ("daily", "advised", "weekdays", "every_n_days", "every_n_weeks", "monthly", "cycle")
KINDS = (*BY_DAY, "every_n_hours", "stepped")


@st.composite
def schedules_of(draw, base):
    anchor = (base + draw(st.integers(-40, 10)) * DAY).isoformat()
    n = draw(st.integers(2, 10))
    kind = draw(st.sampled_from(KINDS))
    if kind == "daily":
        return None
    if kind == "stepped":
        steps = draw(st.lists(st.tuples(st.integers(1, 6), st.none() | some_times), min_size=2, max_size=4))
        told = [{"days": d, "amount": "1", "times": list(t) if t else None} for d, t in steps]
        return {"kind": kind, "steps": told}
    return {"kind": kind} | {
        "advised": {},
        "weekdays": {"days": draw(weekdays)},
        "every_n_days": {"n": n, "anchor": anchor},
        "every_n_weeks": {"n": n % 3 + 2, "days": draw(weekdays), "anchor": anchor},
        "monthly": {"days": draw(month_days)},
        "every_n_hours": {"n": draw(st.sampled_from([1, 5, 6, 7, 24, 36, 72, 168]))},
        "cycle": {"on": n, "off": n % 3 + 1, "anchor": anchor},
    }[kind]


@st.composite
def lines(draw, line_id, base):
    noon = clock.day_bounds(base)[0]
    cuts = sorted(draw(st.lists(st.integers(0, 12 * 1440), max_size=3)))
    starts = [noon - 6 * DAY, *(noon + cut * MINUTE for cut in cuts)]
    course = draw(st.sampled_from([None, None, 1, 5, 14]))
    first = base + draw(st.sampled_from([-5, -1, 0, 2])) * DAY
    rule = draw(schedules_of(base))
    found = []
    for n in range(len(starts)):
        if n and draw(st.integers(0, 2)) == 0:
            rule = draw(schedules_of(base))
        if n and draw(st.integers(0, 5)) == 0:
            first += 3 * DAY
        if n and course and draw(st.integers(0, 5)) == 0:
            course = draw(st.sampled_from([3, 20]))
        rest = draw(st.integers(0, 19))
        found.append(
            version(
                line_id,
                starts,
                n,
                stopped=rest == 0,
                suspended=rest in (1, 2),
                in_error=rest == 3,
                kind={4: "prn", 5: "once"}.get(rest, "regular"),
                schedule=rule,
                times=draw(some_times),
                starts_on=first,
                ends_on=draw(st.sampled_from([None, None, None, base + 4 * DAY])),
                total_doses=course,
            )
        )
    return found


@st.composite
def cases(draw):
    base = draw(bases)
    own = [draw(lines(n, base)) for n in range(1, draw(st.integers(1, 3)) + 1)]
    start = clock.day_bounds(base)[0] + draw(st.integers(-1500, 4000)) * MINUTE
    return own, start, start + draw(st.sampled_from([1, 90, 1440, 5000, 20_000])) * MINUTE


RARE = ("course ended", "course over versions", "suspended", "clock forward", "clock back", "29 Feb", "new year",
        *(f"kind {kind}" for kind in (*KINDS, "once")))  # fmt: skip


def test_every_kind_falls_due_as_the_slow_oracle_says():
    reached = Counter()

    @settings(max_examples=500, deadline=None, derandomize=True, database=None)
    @given(cases())
    def agree(case):
        own, start, end = case
        last = clock.local_day(end) + DAY
        wanted = sorted(dose for line in own for dose in slow_line(line, last) if start <= dose[0] < end)
        orders = [o for line in own for o in line]
        found = [(d.due_at, d.line_id, d.version_id) for d in doses_due(orders, start, end, LONDON)]
        assert found == wanted
        assert len({(at, line) for at, line, _ in found}) == len(found)
        reached.update(set(_what_it_reached(own, found, start, end)))

    agree()
    print(f"spans that reached: {dict(reached)}")
    assert not [name for name in RARE if not reached[name]]


def _what_it_reached(own, found, start, end):
    version_of = {o.version_id: o for line in own for o in line}
    for at, _, version_id in found:
        o = version_of[version_id]
        yield f"kind {'once' if o.kind == 'once' else (o.schedule or {'kind': 'daily'})['kind']}"
        day = clock.local_day(at)
        if at == london(2026, 3, 29, 2):
            yield "clock forward"
        if london(2026, 10, 25, 1) <= at < london(2026, 10, 25, 1) + 60 * MINUTE:
            yield "clock back"
        if (day.month, day.day) in ((2, 29), (1, 1)):
            yield "29 Feb" if day.month == 2 else "new year"
        if o.total_doses and o.number > 1:
            yield "course over versions"
    for line in own:
        if any(o.suspended and start < o.valid_from < end for o in line) and found:
            yield "suspended"
        if line[-1].total_doses and (over := course_end(line[-1], line, LONDON)) and start < over < end:
            yield "course ended"


def test_the_next_dose_of_every_kind_is_the_first_the_oracle_finds():
    @settings(max_examples=100, deadline=None, derandomize=True, database=None)
    @given(cases())
    def agree(case):
        own, after, _ = case
        later = [at for at, *_ in slow_line(own[0], clock.local_day(after) + 120 * DAY) if at > after]
        assert next_due(own[0], after, LONDON) == min(later, default=None)

    agree()


def test_the_past_of_a_line_never_moves_when_a_version_is_added():
    @settings(max_examples=100, deadline=None, derandomize=True, database=None)
    @given(cases())
    def hold(case):
        versions = case[0][0]
        if len(versions) < 2:
            return
        cut, start = versions[-1].valid_from, versions[0].valid_from
        before = [*versions[:-2], facts_without_end(versions[-2])]
        was = doses_due(before, start, cut, LONDON)
        assert doses_due(versions, start, cut, LONDON) == was

    hold()


def facts_without_end(o):
    return facts(**{f: getattr(o, f) for f in type(o).__dataclass_fields__} | {"valid_to": None})


# ---------------------------------------------------------------- courses


def due(orders, first, last):
    span = clock.day_bounds(first)[0], clock.day_bounds(last)[1]
    return [clock.local(d.due_at).strftime("%d %H:%M") for d in doses_due(orders, *span, LONDON)]


NOVEMBER = dt.date(2026, 11, 1), dt.date(2026, 11, 30)


def course(**changes):
    values = {"times": ("08:00", "20:00"), "starts_on": dt.date(2026, 11, 2), "total_doses": 6}
    return facts(**values | {"valid_from": london(2026, 11, 2, 11)} | changes)


def test_a_course_ends_with_its_last_dose_counted_from_the_first_that_fell_due():
    """Keyed at 11:00, so the first morning had no dose: the course still has all six."""
    assert due([course()], *NOVEMBER) == ["02 20:00", "03 08:00", "03 20:00", "04 08:00", "04 20:00", "05 08:00"]
    assert doses_left(course(), [course()], london(2026, 11, 3, 8), LONDON) == 4
    assert doses_left(course(), [course()], london(2026, 11, 20), LONDON) == 0
    assert doses_left(facts(), [facts()], london(2026, 11, 3), LONDON) is None


@pytest.mark.parametrize(
    ("later", "days"),
    [
        ({}, ["02 20:00", "03 08:00", "03 20:00", "04 08:00", "04 20:00", "05 08:00"]),
        ({"times": ("09:00", "21:00")}, ["02 20:00", "03 08:00", "03 21:00", "04 09:00", "04 21:00", "05 09:00"]),
        ({"total_doses": 4}, ["02 20:00", "03 08:00", "03 20:00", "04 08:00"]),
        ({"total_doses": 2}, ["02 20:00", "03 08:00"]),
        ({"starts_on": dt.date(2026, 11, 9), "total_doses": 2}, ["02 20:00", "03 08:00", "09 08:00", "09 20:00"]),
    ],
)
def test_a_change_goes_on_counting_and_a_new_first_day_begins_a_new_course(later, days):
    at = london(2026, 11, 3, 12)
    assert due([course(valid_to=at), course(valid_from=at, number=2, version_id=2, **later)], *NOVEMBER) == days


def test_a_suspension_leaves_the_rest_of_the_course_whole():
    away, back = london(2026, 11, 3, 12), london(2026, 11, 10, 12)
    line = [
        course(valid_to=away),
        course(valid_from=away, valid_to=back, number=2, version_id=2, suspended=True),
        course(valid_from=back, number=3, version_id=3),
    ]
    assert due(line, *NOVEMBER) == ["02 20:00", "03 08:00", "10 20:00", "11 08:00", "11 20:00", "12 08:00"]
    assert next_due(line, london(2026, 11, 12, 8), LONDON) is None


# ---------------------------------------------------------------- the nights the clocks change


@pytest.mark.parametrize(
    ("day", "instant"),
    [
        (dt.date(2026, 3, 29), dt.datetime(2026, 3, 29, 1, 0, tzinfo=dt.UTC)),  # missing: the first that exists
        (dt.date(2026, 10, 25), dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)),  # doubled: once, at its first
    ],
)
@pytest.mark.parametrize(
    "rule",
    [
        None,
        {"kind": "advised"},
        {"kind": "weekdays", "days": [6]},
        {"kind": "every_n_days", "n": 2, "anchor": None},
        {"kind": "every_n_hours", "n": 48},
        {"kind": "cycle", "on": 1, "off": 1, "anchor": None},
        {"kind": "stepped", "steps": [{"days": 10, "amount": "1", "times": ["01:30"]}, {"days": 1, "amount": "2"}]},
    ],
)
def test_a_dose_at_half_past_one_comes_once_on_the_nights_the_clocks_change(day, instant, rule):
    begun = day - 4 * DAY
    if rule and "anchor" in rule:
        rule = rule | {"anchor": begun.isoformat()}
    order = facts(schedule=rule, times=("01:30",), starts_on=begun)
    found = [d.due_at for d in doses_due([order], *clock.day_bounds(day), LONDON)]
    assert found == [instant]


def test_a_when_required_medicine_never_falls_due():
    order = facts(kind="prn", times=("08:00",))
    assert doses_due([order], *clock.day_bounds(dt.date(2026, 11, 16)), LONDON) == []
    assert next_due([order], london(2026, 11, 16), LONDON) is None


@pytest.mark.parametrize("rest", [{"suspended": True}, {"in_error": True}, {"stopped": True}])
def test_nothing_falls_due_while_an_order_is_suspended_stopped_or_in_error(rest):
    assert doses_due([facts(**rest)], *clock.day_bounds(dt.date(2026, 11, 16)), LONDON) == []
    assert next_due([facts(**rest)], london(2026, 11, 16), LONDON) is None
