"""Which doses fall due: both British clock changes, spans over midnight, changes of an order, and against a slow
implementation that walks every minute."""

import datetime as dt
import time
from collections import Counter
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medpwa import clock
from medpwa.medicines.rules import Dose, doses_due, next_due
from tests.medicines.facts import LONDON, LONG_AGO, facts, london, version

MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
SPRING, AUTUMN = dt.date(2026, 3, 29), dt.date(2026, 10, 25)  # 01:30 is missing; 01:30 comes twice


def utc(*reading):
    return dt.datetime(*reading, tzinfo=dt.UTC)


def due_on(day, *orders):
    return [d.due_at for d in doses_due(orders, *clock.day_bounds(day, LONDON), LONDON)]


# ---------------------------------------------------------------- the clock changes


@pytest.mark.parametrize(
    ("day", "times", "instants"),
    [
        (SPRING, ("01:30",), [utc(2026, 3, 29, 1, 0)]),  # the first instant that exists: 02:00 summer time
        (SPRING, ("00:30", "02:30"), [utc(2026, 3, 29, 0, 30), utc(2026, 3, 29, 1, 30)]),
        (SPRING, ("01:15", "01:45"), [utc(2026, 3, 29, 1, 0)]),  # both fall on one instant: one dose
        (SPRING, ("01:30", "02:00"), [utc(2026, 3, 29, 1, 0)]),
        (AUTUMN, ("01:30",), [utc(2026, 10, 25, 0, 30)]),  # once, at the first of the two
        (AUTUMN, ("00:30", "02:30"), [utc(2026, 10, 24, 23, 30), utc(2026, 10, 25, 2, 30)]),
    ],
)
def test_a_dose_at_half_past_one_on_the_night_the_clocks_change(day, times, instants):
    assert due_on(day, facts(times=times)) == instants


@pytest.mark.parametrize("day", [SPRING - DAY, SPRING, AUTUMN - DAY, AUTUMN, dt.date(2026, 11, 16)])
def test_four_times_a_day_is_four_doses_on_every_day(day):
    words = [clock.time_words(at) for at in due_on(day, facts())]
    assert words == ["07:00", "11:00", "15:00", "19:00"]


def test_the_doubled_hour_of_a_night_span_gives_no_second_dose():
    order = facts(times=("01:30",))
    assert doses_due([order], utc(2026, 10, 25, 1, 0), utc(2026, 10, 25, 3, 0), LONDON) == []
    assert next_due([order], utc(2026, 10, 25, 0, 30), LONDON) == utc(2026, 10, 26, 1, 30)


def test_a_span_over_midnight_holds_doses_of_both_days():
    order = facts(times=("00:00", "23:30"))
    found = doses_due([order], london(2026, 11, 16, 23), london(2026, 11, 17, 1), LONDON)
    assert [clock.local(d.due_at).day for d in found] == [16, 17]


def test_the_start_of_a_span_counts_and_its_end_does_not():
    order, at = facts(times=("08:00",)), london(2026, 11, 16, 8)
    assert len(doses_due([order], at, at + MINUTE, LONDON)) == 1
    assert doses_due([order], at - MINUTE, at, LONDON) == []
    assert doses_due([order], at, at, LONDON) == doses_due([order], at + DAY, at, LONDON) == []


def test_a_missing_time_past_midnight_elsewhere_is_found_from_the_day_before():
    """Cuba's clocks go forward at midnight: 00:30 does not exist and falls at 01:00; nothing is lost or doubled."""
    order, day = facts(times=("00:30", "23:30")), dt.date(2026, 3, 8)
    for zone in ("America/Havana", "Pacific/Apia", "Antarctica/Troll"):
        found = doses_due([order], *clock.day_bounds(day, zone), zone)
        assert len(found) == 2 == len(set(found))


# ---------------------------------------------------------------- days and versions


def test_doses_run_from_the_first_day_to_the_last_and_both_count():
    order = facts(times=("08:00",), starts_on=dt.date(2026, 11, 16), ends_on=dt.date(2026, 11, 18))
    found = doses_due([order], london(2026, 11, 1), london(2026, 12, 1), LONDON)
    assert [clock.local_day(d.due_at).day for d in found] == [16, 17, 18]


def test_a_change_takes_effect_from_the_next_dose_only():
    change = london(2026, 11, 16, 11, 40)
    before = facts(times=("08:00", "12:00"), valid_to=change)
    after = facts(times=("09:00", "13:00"), valid_from=change, version_id=2, number=2)
    found = doses_due([before, after], *clock.day_bounds(dt.date(2026, 11, 16)), LONDON)
    assert [(clock.time_words(d.due_at), d.version_id) for d in found] == [("08:00", 1), ("13:00", 2)]


def test_a_dose_due_at_the_very_moment_of_a_change_belongs_to_the_new_version():
    at = london(2026, 11, 16, 12)
    before, after = facts(times=("12:00",), valid_to=at), facts(times=("12:00",), valid_from=at, version_id=2, number=2)
    found = doses_due([before, after], at - DAY, at + MINUTE, LONDON)
    assert [d.version_id for d in found] == [1, 2]


def test_nothing_falls_due_after_a_stop():
    at = london(2026, 11, 16, 12)
    stopped = facts(stopped=True, valid_from=at, version_id=2, number=2)
    found = doses_due([facts(valid_to=at), stopped], *clock.day_bounds(dt.date(2026, 11, 16)), LONDON)
    assert [clock.time_words(d.due_at) for d in found] == ["07:00", "11:00"]


def test_doses_come_by_time_and_then_by_line():
    orders = [facts(line_id=n, version_id=n, times=("21:00", "08:00")) for n in (3, 1, 2)]
    found = doses_due(orders, *clock.day_bounds(dt.date(2026, 11, 16)), LONDON)
    assert [d.line_id for d in found] == [1, 2, 3, 1, 2, 3]


# ---------------------------------------------------------------- the next dose


@pytest.mark.parametrize(
    ("changes", "after", "expected"),
    [
        ({}, (2026, 11, 16, 11, 0), (2026, 11, 16, 15, 0)),  # later than, not at
        ({}, (2026, 11, 16, 10, 59), (2026, 11, 16, 11, 0)),
        ({}, (2026, 11, 16, 19, 0), (2026, 11, 17, 7, 0)),
        ({"starts_on": dt.date(2027, 2, 1)}, (2026, 11, 16, 8, 0), (2027, 2, 1, 7, 0)),
        ({"ends_on": dt.date(2026, 11, 16)}, (2026, 11, 16, 19, 0), None),
        ({"valid_to": london(2026, 11, 16, 12)}, (2026, 11, 16, 11, 0), None),
        ({"stopped": True}, (2026, 11, 16, 8, 0), None),
        ({"times": ("01:30",)}, (2026, 3, 29, 0, 0), (2026, 3, 29, 2, 0)),
    ],
)
def test_when_the_next_dose_is(changes, after, expected):
    found = next_due([facts(**changes)], london(*after), LONDON)
    assert found == (london(*expected) if expected else None)


def test_the_next_dose_of_a_changed_line_comes_from_whichever_version_has_it():
    change = london(2026, 11, 16, 12)
    line = [facts(valid_to=change), facts(valid_from=change, times=("20:00",), version_id=2, number=2)]
    assert next_due(line, london(2026, 11, 16, 8), LONDON) == london(2026, 11, 16, 11)
    assert next_due(line, london(2026, 11, 16, 11), LONDON) == london(2026, 11, 16, 20)


# ---------------------------------------------------------------- against the slow way


@cache
def reading(minute: dt.datetime) -> str:
    return clock.local(minute, LONDON).strftime("%Y-%m-%d %H:%M")


@cache
def readings_at(minute: dt.datetime) -> tuple[str, ...]:
    """The clock readings whose doses fall at this minute: its own unless it had that reading an hour ago, and those
    the clock jumped over to get here."""
    own = reading(minute)
    if reading(minute - dt.timedelta(hours=1)) == own:
        return ()
    at = dt.datetime.fromisoformat(own)
    jumped = at - dt.datetime.fromisoformat(reading(minute - MINUTE)) - MINUTE
    skipped = max(0, int(jumped / MINUTE))
    return tuple((at - n * MINUTE).strftime("%Y-%m-%d %H:%M") for n in range(skipped, -1, -1))


def slow_doses_due(orders, start, end):
    """Walk every minute of the span and ask every order."""
    found = []
    minute = start.replace(second=0, microsecond=0)
    while minute < end:
        if minute >= start:
            for o in sorted(orders, key=lambda o: o.line_id):
                if any(_falls(o, minute, text) for text in readings_at(minute)):
                    found.append(Dose(o.line_id, o.version_id, o.resident_id, minute))
        minute += MINUTE
    return found


def _falls(o, minute, text):
    day = dt.date.fromisoformat(text[:10])
    in_span = o.valid_from <= minute and (o.valid_to is None or minute < o.valid_to)
    in_days = o.starts_on <= day and (o.ends_on is None or day <= o.ends_on)
    return in_span and in_days and not o.stopped and text[11:] in o.times


BASES = [utc(2026, 3, 28, 20), utc(2026, 10, 24, 20), utc(2026, 11, 15, 20)]
NIGHT = [f"{h:02}:{m:02}" for h in (0, 1, 2, 3) for m in (0, 15, 30, 45)]
clock_times = st.sampled_from(NIGHT + ["07:00", "08:00", "12:30", "17:00", "21:00", "23:59"])


@st.composite
def lines(draw, line_id: int, base: dt.datetime):
    """The versions of one line: spans that touch and never overlap."""
    cuts = sorted(draw(st.lists(st.integers(0, 1600), max_size=3)))
    starts = [LONG_AGO, *(base + cut * MINUTE + dt.timedelta(seconds=draw(st.integers(0, 59))) for cut in cuts)]
    starts.sort()
    day = clock.local_day(base)
    return [
        version(
            line_id,
            starts,
            n,
            stopped=draw(st.integers(0, 9)) == 0,
            times=tuple(sorted(draw(st.sets(clock_times, min_size=1, max_size=4)))),
            starts_on=day + draw(st.sampled_from([-3, -3, -3, 0, 1, 2])) * DAY,
            ends_on=draw(st.sampled_from([None, None, None, *(day + n * DAY for n in range(4))])),
        )
        for n in range(len(starts))
    ]


@st.composite
def cases(draw, base):
    orders = [o for n in range(1, draw(st.integers(1, 4)) + 1) for o in draw(lines(n, base))]
    start = base + draw(st.sampled_from([240, 239, 241, 0, 300, 301, -60])) * MINUTE
    return draw(st.permutations(orders)), start, start + draw(st.sampled_from([1440, 480, 60, 2500, 1])) * MINUTE


def test_the_fast_way_and_the_slow_way_agree():
    reached = Counter()

    @settings(max_examples=100, deadline=None, derandomize=True, database=None)
    @given(*(cases(base) for base in BASES))
    def agree(spring, autumn, plain):
        for case in (spring, autumn, plain):
            same(*case)

    def same(orders, start, end):
        found = doses_due(orders, start, end, LONDON)
        assert found == slow_doses_due(orders, start, end)
        assert len({(d.line_id, d.due_at) for d in found}) == len(found)
        reached.update(_what_it_reached(orders, start, end, found))

    agree()
    print(f"cases with doses: {dict(reached)}")
    assert min(reached[k] for k in ("clock forward", "clock back", "version change", "stop", "last day")) > 0


def _what_it_reached(orders, start, end, found):
    forward, back = utc(2026, 3, 29, 1), utc(2026, 10, 25, 1)
    if any(d.due_at == forward for d in found) and start <= forward < end:
        yield "clock forward"
    if any(back - dt.timedelta(hours=1) <= d.due_at < back for d in found) and end > back:
        yield "clock back"
    by_line = Counter(line for line, _ in {(d.line_id, d.version_id) for d in found})
    if by_line and max(by_line.values()) > 1:
        yield "version change"
    if found and any(o.stopped and start < o.valid_from < end for o in orders):
        yield "stop"
    if found and any(o.ends_on and start < clock.day_bounds(o.ends_on)[1] < end for o in orders):
        yield "last day"


def test_the_next_dose_is_the_first_of_those_due():
    @settings(max_examples=60, deadline=None, derandomize=True, database=None)
    @given(st.sampled_from(BASES).flatmap(cases))
    def agree(case):
        orders, start, _ = case
        mine = [o for o in orders if o.line_id == 1]
        later = slow_doses_due(mine, start + MINUTE, start + 4 * DAY)
        found = next_due(mine, start, LONDON)
        if later:
            assert found == later[0].due_at
        else:
            assert found is None or found >= start + 4 * DAY

    agree()


def test_a_day_of_a_large_home_costs_one_look_at_each_clock_time():
    """600 orders, four times a day. Counted, not timed: the zone is asked once for each clock time of a day."""
    orders = [facts(line_id=n, version_id=n) for n in range(600)]
    asked = Counter()
    real = clock.at_local

    def counting(day, clock_time, zone_name=LONDON):
        asked[day, clock_time] += 1
        return real(day, clock_time, zone_name)

    start, end = clock.day_bounds(dt.date(2031, 6, 3))
    clock.at_local = counting
    try:
        began = time.perf_counter()
        assert len(doses_due(orders, start, end, LONDON)) == 2400
        print(f"600 orders x 4 doses: {(time.perf_counter() - began) * 1000:.1f} ms")
    finally:
        clock.at_local = real
    assert max(asked.values()) == 1 and len(asked) == 3 * 4
