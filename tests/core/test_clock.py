"""Time: stored in UTC, read in the home, and the two nights of the year when that is hard."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medpwa import clock

FORWARD = dt.date(2027, 3, 28)  # 01:00 becomes 02:00
BACK = dt.date(2026, 10, 25)  # 02:00 becomes 01:00
INSTANTS = st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2200, 1, 1), timezones=st.just(dt.UTC))
WALLS = st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2037, 1, 1))


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("wall", "instant"),
    [
        (dt.datetime(2027, 3, 28, 0, 59), utc(2027, 3, 28, 0, 59)),
        (dt.datetime(2027, 3, 28, 1, 0), utc(2027, 3, 28, 1, 0)),  # does not exist: the first instant that does
        (dt.datetime(2027, 3, 28, 1, 30), utc(2027, 3, 28, 1, 0)),
        (dt.datetime(2027, 3, 28, 1, 59, 59), utc(2027, 3, 28, 1, 0)),
        (dt.datetime(2027, 3, 28, 2, 0), utc(2027, 3, 28, 1, 0)),
        (dt.datetime(2027, 3, 28, 2, 30), utc(2027, 3, 28, 1, 30)),
        (dt.datetime(2026, 10, 25, 0, 59), utc(2026, 10, 24, 23, 59)),
        (dt.datetime(2026, 10, 25, 1, 0), utc(2026, 10, 25, 0, 0)),  # happens twice: the first
        (dt.datetime(2026, 10, 25, 1, 59), utc(2026, 10, 25, 0, 59)),
        (dt.datetime(2026, 10, 25, 2, 0), utc(2026, 10, 25, 2, 0)),
    ],
)
def test_a_clock_time_in_the_night_of_a_change_has_one_instant(wall, instant):
    assert clock.local_to_instant(wall) == instant
    assert clock.local_to_instant(wall.replace(fold=1)) == instant  # what somebody typed carries no fold


def test_a_day_of_a_change_has_23_or_25_hours():
    lengths = {}
    for day in (FORWARD, BACK, dt.date(2026, 11, 16)):
        start, end = clock.day_bounds(day)
        lengths[day] = (end - start) / dt.timedelta(hours=1)
        assert clock.local_day(start) == day and clock.local_day(end) == day + dt.timedelta(days=1)
        assert clock.local_day(end - dt.timedelta(microseconds=1)) == day
    assert list(lengths.values()) == [23, 25, 24]


def test_a_zone_whose_midnight_is_skipped_still_has_a_first_instant():
    day = dt.date(2023, 3, 26)
    assert clock.at_local(day, dt.time(), "Asia/Beirut") == utc(2023, 3, 25, 22, 0)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(INSTANTS)
def test_an_instant_survives_being_stored(at):
    assert clock.from_micros(clock.micros(at)) == at
    assert isinstance(clock.micros(at), int)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(WALLS, st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "UTC"]))
def test_a_clock_time_reads_back_as_itself_or_as_the_end_of_a_gap(wall, zone):
    back = clock.local(clock.local_to_instant(wall, zone), zone).replace(tzinfo=None, fold=0)
    assert back == wall or (wall < back < wall + dt.timedelta(hours=1) and back.minute in (0, 30))


@settings(derandomize=True, max_examples=200, deadline=None)
@given(WALLS, st.integers(0, 7_200))
def test_a_later_clock_time_is_never_an_earlier_instant(wall, seconds):
    assert clock.local_to_instant(wall + dt.timedelta(seconds=seconds)) >= clock.local_to_instant(wall)


def test_a_held_clock_stands_moves_and_is_given_back():
    at = utc(2026, 11, 16, 11, 40)
    with clock.standing(at):
        assert clock.now() == clock.now() == at
        clock.stand_at(at + dt.timedelta(hours=1))
        with clock.standing(utc(2000, 1, 1)):
            assert clock.now().year == 2000
        assert clock.now() == at + dt.timedelta(hours=1)
    assert abs(clock.now() - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)


def test_the_environment_moves_the_clock_but_never_in_production(monkeypatch):
    monkeypatch.setattr(clock, "_offset", dt.timedelta())
    monkeypatch.setenv("MEDPWA_CLOCK", "2027-03-28T01:30")
    with pytest.raises(ValueError, match="refused in production"):
        clock.set_from_environment("production")
    clock.set_from_environment("demo")
    assert dt.timedelta() <= clock.now() - utc(2027, 3, 28, 1, 0) < dt.timedelta(minutes=1)


NOW = utc(2026, 11, 16, 11, 40)
SPACED = [
    (clock.time_words(utc(2026, 7, 1, 7, 4)), "08:04"),
    (clock.date_words(dt.date(1954, 3, 4)), "4 Mar 1954"),
    (clock.stamp_words(NOW), "Mon 16 Nov 11:40"),
    (clock.day_words(dt.date(2026, 11, 16), dt.date(2026, 11, 16)), "today"),
    (clock.day_words(dt.date(2026, 11, 15), dt.date(2026, 11, 16)), "yesterday"),
    (clock.day_words(dt.date(2026, 11, 17), dt.date(2026, 11, 16)), "tomorrow"),
    (clock.day_words(dt.date(2026, 11, 12), dt.date(2026, 11, 16)), "Thu 12 Nov"),
    (clock.day_words(dt.date(2025, 11, 12), dt.date(2026, 11, 16)), "Wed 12 Nov 2025"),
    (clock.moment_words(utc(2026, 11, 15, 21, 8), seen_from=NOW), "yesterday 21:08"),
    (clock.moment_words(utc(2026, 11, 16, 23, 59), seen_from=utc(2026, 11, 17, 0, 1)), "yesterday 23:59"),
    (clock.span_words(dt.timedelta(minutes=4, seconds=59)), "4 min"),
    (clock.span_words(dt.timedelta(minutes=64)), "1 hour 4 min"),
    (clock.span_words(dt.timedelta(hours=2)), "2 hours"),
    (clock.span_words(dt.timedelta(days=2, hours=3, minutes=9)), "2 days 3 hours"),
    (clock.span_words(dt.timedelta(days=1)), "1 day"),
    (clock.span_words(dt.timedelta(0)), "0 min"),
    (clock.span_words(-dt.timedelta(hours=1)), "0 min"),
]


@pytest.mark.parametrize(("said", "words"), SPACED)
def test_times_are_worded_as_people_say_them_and_never_break_over_a_line(said, words):
    assert said.replace("\u00a0", " ") == words
    if words[0].isdigit() and " " in words and "hour" not in words and "day" not in words:
        assert " " not in said


def test_an_hour_that_happens_twice_says_which_it_is_and_stays_in_order():
    first, second = utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 1, 30)
    assert clock.time_words(first) == "01:30\u00a0(first)" and clock.time_words(second) == "01:30\u00a0(second)"
    assert clock.stamp_words(second).endswith("01:30\u00a0(second)")
    assert clock.at_local(dt.date(2026, 10, 25), dt.time(1, 30)) == first
    assert clock.second_at_local(dt.date(2026, 10, 25), dt.time(1, 30)) == second
    for once in (utc(2026, 10, 24, 23, 30), utc(2026, 10, 25, 2, 30), utc(2026, 3, 29, 1, 30), utc(2026, 3, 29, 0, 59)):
        assert "(" not in clock.time_words(once)
    assert clock.second_at_local(dt.date(2026, 3, 29), dt.time(1, 30)) is None
    assert clock.second_at_local(dt.date(2026, 10, 25), dt.time(2)) is None
    assert clock.span_words(second - first) == "1\u00a0hour"
