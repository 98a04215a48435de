"""When shifts run, which one is ending, which was never handed over; also on the nights the clocks change."""

import datetime as dt

import pytest

from medpwa import clock
from medpwa.mar import shifts
from medpwa.mar.shifts import ShiftFacts

LONDON = "Europe/London"
LONG_AGO = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
THREE = tuple(ShiftFacts(n, dt.time.fromisoformat(s), LONG_AGO) for n, s in
              (("Early", "07:00"), ("Late", "14:00"), ("Night", "21:15")))  # fmt: skip


def at(day: str, time: str) -> dt.datetime:
    return clock.at_local(dt.date.fromisoformat(day), dt.time.fromisoformat(time), LONDON)


def around(moment: dt.datetime, facts=THREE) -> list[shifts.ShiftSpan]:
    return shifts.spans_around(facts, moment, LONDON)


@pytest.mark.parametrize(
    "day, time, name",
    [("2026-11-16", "06:59", "Night"), ("2026-11-16", "07:00", "Early"), ("2026-11-16", "13:59", "Early"),
     ("2026-11-16", "14:00", "Late"), ("2026-11-16", "21:15", "Night"), ("2026-11-16", "00:00", "Night")],
)  # fmt: skip
def test_a_shift_lasts_until_the_next_one_begins(day, time, name):
    moment = at(day, time)
    assert shifts.running(around(moment), moment).name == name


@pytest.mark.parametrize("day, hours", [("2026-10-24", 10.75), ("2026-03-28", 8.75), ("2026-11-16", 9.75)])
def test_the_night_the_clocks_change_is_an_hour_longer_or_shorter_and_nobody_falls_between(day, hours):
    begins = at(day, "21:15")
    night = shifts.running(around(begins), begins)
    assert (night.end_at - night.start_at) / dt.timedelta(hours=1) == hours
    moment = begins
    while moment < night.end_at:
        assert shifts.running(around(moment), moment) == night
        moment += dt.timedelta(minutes=30)
    assert shifts.running(around(night.end_at), night.end_at).name == "Early"


def test_spans_never_overlap_and_leave_no_hole():
    found = around(at("2026-10-25", "01:30"))
    assert all(a.end_at == b.start_at for a, b in zip(found, found[1:], strict=False))


def test_one_shift_lasts_a_day_and_none_at_all_is_none():
    (one,) = (ShiftFacts("All day", dt.time(8), LONG_AGO),)
    moment = at("2026-11-16", "12:00")
    assert shifts.running(around(moment, [one]), moment).end_at == at("2026-11-17", "08:00")
    assert around(moment, []) == [] and shifts.ending([], frozenset(), moment) is None


def test_a_shift_set_after_it_would_have_begun_was_nobodys():
    new = tuple(ShiftFacts(f.name, f.starts, at("2026-11-16", "15:00")) for f in THREE)
    moment = at("2026-11-16", "16:00")
    assert shifts.running(around(moment, new), moment) is None
    assert shifts.never_handed_over(around(moment, new), frozenset(), moment) == ()


def test_the_shift_that_just_ended_is_the_one_to_hand_over_until_it_is():
    moment = at("2026-11-16", "14:10")
    found = around(moment)
    assert shifts.ending(found, frozenset(), moment).name == "Early"
    assert shifts.ending(found, frozenset({at("2026-11-16", "07:00")}), moment).name == "Late"
    assert shifts.ending(found, frozenset(), at("2026-11-16", "13:30")).name == "Early", "before it ends"
    assert shifts.ending(found, frozenset(), at("2026-11-16", "17:00")).name == "Late", "three hours later"


def test_a_shift_not_handed_over_is_missed_an_hour_after_its_end():
    early = at("2026-11-16", "07:00")
    done = frozenset({at("2026-11-15", "21:15"), at("2026-11-15", "14:00"), at("2026-11-15", "07:00")})
    for time, expected in (("14:59", []), ("15:00", [early])):
        moment = at("2026-11-16", time)
        assert [s.start_at for s in shifts.never_handed_over(around(moment), done, moment)] == expected
    moment = at("2026-11-16", "15:00")
    assert shifts.never_handed_over(around(moment), done | {early}, moment) == ()


@pytest.mark.parametrize(
    "name, starts, valid, fields",
    [("Early", "07:30", True, []), ("Twilight", "18:00", True, []), ("Twilight", "14:00", True, ["starts"]),
     ("", "18:00", True, ["name"]), ("x" * 41, "18:00", True, ["name"]), ("Twilight", "25:00", False, ["starts"])],
)  # fmt: skip
def test_a_shift_has_a_name_and_a_time_of_its_own(name, starts, valid, fields):
    assert [f for f, _ in shifts.setting_problems(name, starts, THREE, valid=valid)] == fields
