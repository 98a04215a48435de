"""Schedules: published recurrences, words for carers, what may be keyed, the weekly guard."""

import datetime as dt
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medpwa import clock
from medpwa.medicines import guard, keying, rules, schedules
from medpwa.medicines.rules import doses_due
from tests.medicines.facts import LONDON, facts

DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 11, 16)  # a Monday
PUBLISHED = json.loads((Path(__file__).parent.parent / "shared" / "rfc5545_recurrences.json").read_text("utf-8"))


def plain(text):
    return text.replace("\u00a0", " ")


# ---------------------------------------------------------------- published recurrences


@pytest.mark.parametrize("case", PUBLISHED["cases"], ids=lambda case: case["title"])
def test_the_published_recurrences_of_rfc_5545_fall_due_as_listed(case):
    """Their zone changes its clocks within most of them: the times of day stay."""
    zone, days = PUBLISHED["zone"], [f"{month}-{day:02}" for month, own in case["days"].items() for day in own]
    ends = case.get("ends_on")
    order = facts(
        valid_from=dt.datetime(1990, 1, 1, tzinfo=dt.UTC),
        times=tuple(case["times"]),
        schedule=case.get("schedule"),
        total_doses=case.get("total_doses"),
        starts_on=dt.date.fromisoformat(case["starts_on"]),
        ends_on=dt.date.fromisoformat(ends) if ends else None,
    )
    forever = not ends and not case.get("total_doses")
    start = clock.day_bounds(dt.date(1997, 1, 1), zone)[0]
    end = clock.day_bounds(dt.date.fromisoformat(days[-1]) if forever else dt.date(1999, 1, 1), zone)[1]
    found = [clock.local(d.due_at, zone).strftime("%Y-%m-%d %H:%M") for d in doses_due([order], start, end, zone)]
    assert found == [f"{day} {time}" for day in days for time in case.get("at", case["times"])]


def test_ten_published_recurrences_and_more_are_held():
    assert len(PUBLISHED["cases"]) >= 10
    assert {case.get("schedule", {}).get("kind", "daily") for case in PUBLISHED["cases"]} >= {
        "daily", "weekdays", "every_n_days", "every_n_weeks", "monthly", "every_n_hours",
    }  # fmt: skip


def test_a_day_not_every_month_has_cannot_be_keyed():
    """Where iCalendar skips the 30th of February, an order would lose a dose unseen."""
    for day in (0, 29, 30, 31, -2):
        found = schedules.problems({"kind": "monthly", "days": [day]}, times=("08:00",), starts_on=TODAY)
        assert [field for field, _ in found] == ["schedule"]


# ---------------------------------------------------------------- days


def test_every_other_day_keeps_its_parity_over_month_ends_leap_days_and_years():
    order = facts(schedule={"kind": "every_n_days", "n": 2, "anchor": "2027-12-30"}, starts_on=dt.date(2027, 12, 30))
    days = [dt.date(2027, 12, 30) + n * DAY for n in range(800)]
    assert [day for day in days if schedules.falls_on(order, day)] == days[::2]
    assert schedules.falls_on(order, dt.date(2028, 2, 28)) and not schedules.falls_on(order, dt.date(2028, 2, 29))


def test_parity_survives_a_change_of_times_and_a_time_suspended():
    """A stay in hospital suspends the order; the alternate days after it are those before it, whatever was given."""
    rule = {"kind": "every_n_days", "n": 2, "anchor": "2026-11-01"}
    away, back = (clock.local_to_instant(dt.datetime(2026, 11, day, 12)) for day in (4, 9))
    line = [
        facts(schedule=rule, times=("08:00",), valid_to=away),
        facts(schedule=rule, times=("08:00",), valid_from=away, valid_to=back, number=2, version_id=2, suspended=True),
        facts(schedule=rule, times=("09:00",), valid_from=back, number=3, version_id=3),
    ]
    found = doses_due(line, *(clock.day_bounds(dt.date(2026, 11, day))[0] for day in (1, 16)), LONDON)
    assert [clock.local_day(d.due_at).day for d in found] == [1, 3, 11, 13, 15]


def test_the_last_day_of_the_month_is_its_own_in_a_leap_year_too():
    order = facts(schedule={"kind": "monthly", "days": [-1]}, starts_on=dt.date(2028, 1, 1))
    days = [dt.date(2028, 1, 1) + n * DAY for n in range(366)]
    assert [(d.month, d.day) for d in days if schedules.falls_on(order, d)][:3] == [(1, 31), (2, 29), (3, 31)]
    assert sum(schedules.falls_on(order, d) for d in days) == 12


def test_a_patch_every_seventy_two_hours_keeps_its_clock_time_over_a_change_of_the_clocks():
    order = facts(schedule={"kind": "every_n_hours", "n": 72}, times=("08:00",), starts_on=dt.date(2026, 10, 21))
    found = doses_due([order], *(clock.day_bounds(dt.date(2026, 10, day))[0] for day in (21, 31)), LONDON)
    assert [clock.local(d.due_at).strftime("%d %H:%M") for d in found] == [
        "21 08:00", "24 08:00", "27 08:00", "30 08:00",
    ]  # fmt: skip


def test_a_stepped_dose_takes_amount_and_times_of_its_step():
    often = {"days": 2, "amount": "1", "times": ["07:00", "09:00", "11:00"]}
    rule = {"kind": "stepped", "steps": [often, {"days": 5}, {"days": None, "amount": "0.5"}]}
    order = facts(schedule=rule, times=("08:00",), starts_on=TODAY, dose_amount=Decimal(2))
    assert schedules.times_on(order, TODAY + DAY) == ("07:00", "09:00", "11:00")
    assert schedules.times_on(order, TODAY + 2 * DAY) == ("08:00",)
    amounts = [schedules.amount_on(order, TODAY + n * DAY) for n in (-1, 0, 1, 2, 6, 7, 400)]
    assert amounts == [None, 1, 1, 2, 2, Decimal("0.5"), Decimal("0.5")]


def test_an_order_by_advice_says_no_amount_of_its_own():
    order = facts(schedule={"kind": "advised"}, dose_amount=None, times=("18:00",))
    assert schedules.amount_on(order, TODAY) is None and schedules.falls_on(order, TODAY)
    assert schedules.by_advice(order) and not schedules.by_advice(facts())


def test_a_plan_nobody_can_read_is_an_error_and_never_a_day_without_a_dose():
    with pytest.raises(ValueError):
        schedules.times_on(facts(schedule={"kind": "fortnightly"}), TODAY)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(
    st.lists(st.integers(1, 20), min_size=1, max_size=6),
    st.booleans(),
    st.lists(st.sampled_from(["07:00", "09:00", "21:00"]), min_size=1, max_size=3, unique=True),
)
def test_no_day_ever_has_two_active_steps(days, open_end, own_times):
    steps = [{"days": n, "amount": str(place + 1), "times": own_times if place % 2 else None} for place, n in
             enumerate(days)] + [{"days": None if open_end else 3, "amount": "99"}]  # fmt: skip
    order = facts(schedule={"kind": "stepped", "steps": steps}, times=("08:00",), starts_on=TODAY)
    # written out: one amount and one set of times for each day, in turn
    wanted = [(Decimal(s["amount"]), tuple(sorted(s["times"] if s.get("times") else ("08:00",))))
              for s in steps for _ in range(s["days"] or 10)]  # fmt: skip
    for n, expected in enumerate(wanted):
        day = TODAY + n * DAY
        assert (schedules.amount_on(order, day), schedules.times_on(order, day)) == expected
        assert sum(s.first <= day and (s.last is None or day <= s.last) for s in schedules.plan(order).steps) == 1
    assert schedules.falls_on(order, TODAY + len(wanted) * DAY) == open_end


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("changes", "directions", "card"),
    [
        ({"schedule": {"kind": "weekdays", "days": [3, 0]}},
         "1 tablet, by mouth, on Mondays and Thursdays, at 08:00.", "1 tablet, by mouth. On Mondays and Thursdays."),
        ({"schedule": {"kind": "weekdays", "days": [0]}},
         "1 tablet, by mouth, once a week, on Mondays, at 08:00.", "1 tablet, by mouth. Once a week, on Mondays."),
        ({"schedule": {"kind": "every_n_days", "n": 2, "anchor": "2026-11-01"}},
         "1 tablet, by mouth, every other day, at 08:00, counted from 1 Nov 2026.",
         "1 tablet, by mouth. Every other day."),
        ({"schedule": {"kind": "every_n_weeks", "n": 12, "days": [2], "anchor": "2026-11-04"}},
         "1 tablet, by mouth, every 12 weeks, on Wednesdays, at 08:00, counted from the week of 4 Nov 2026.",
         "1 tablet, by mouth. Every 12 weeks, on Wednesdays."),
        ({"schedule": {"kind": "monthly", "days": [1, 22, -1]}},
         "1 tablet, by mouth, on the 1st, the 22nd and the last day of each month, at 08:00.",
         "1 tablet, by mouth. On the 1st, the 22nd and the last day of each month."),
        ({"schedule": {"kind": "every_n_hours", "n": 72}},
         "1 tablet, by mouth, every 72 hours, counted from 1 Jan 2026 at 08:00.",
         "1 tablet, by mouth. Every 72 hours."),
        ({"schedule": {"kind": "cycle", "on": 21, "off": 7}},
         "1 tablet, by mouth, 21 days with it, then 7 days without, over and over, at 08:00, counted from 1 Jan 2026.",
         "1 tablet, by mouth. 21 days with it, then 7 days without, over and over."),
        ({"schedule": {"kind": "stepped", "steps": [{"days": 14, "amount": "3"}, {"amount": "2", "times": ["09:00"]}]}},
         "By mouth: 3 tablets at 08:00 until 14 Jan 2026, then 2 tablets at 09:00.",
         "By mouth: 3 tablets at 08:00 until 14 Jan 2026, then 2 tablets at 09:00."),
        ({"schedule": {"kind": "advised"}, "dose_amount": None},
         "Dose by written advice, by mouth, at 08:00.", "Dose by written advice, by mouth."),
        ({"kind": "once"}, "1 tablet, by mouth, once, on 1 Jan 2026 at 08:00.", "1 tablet, by mouth."),
        ({"total_doses": 14}, "1 tablet, by mouth, at 08:00. 14 doses in all.", "1 tablet, by mouth."),
        ({"kind": "prn", "times": (), "min_interval": 240, "most_24h": Decimal(8), "dose_most": Decimal(2),
          "indication": "Pain", "dose_choice": "one for mild pain, two for severe pain"},
         "1 or 2 tablets, by mouth, when required, for pain; at least 4 hours between doses; at most 8 tablets in "
         "24 hours. One for mild pain, two for severe pain.",
         "1 or 2 tablets, by mouth. When required, for pain; at least 4 hours between doses; at most 8 tablets in "
         "24 hours. One for mild pain, two for severe pain."),
        ({"dose_unit": "mL", "dose_amount": Decimal(5), "dose_most": Decimal(10)},
         "5 to 10 mL, by mouth, at 08:00.", "5 to 10 mL, by mouth."),
        ({"dose_amount": Decimal("0.5"), "dose_most": Decimal(1)},
         "half a tablet to 1 tablet, by mouth, at 08:00.", "half a tablet to 1 tablet, by mouth."),
    ],
)  # fmt: skip
def test_directions_and_the_card_say_the_whole_schedule(changes, directions, card):
    order = facts(**{"times": ("08:00",), "instructions": ()} | changes)
    assert plain(rules.directions(order)) == directions
    assert plain(rules.line_words(order)) == card


def test_the_card_of_a_day_says_the_dose_of_the_days_step():
    steps = [{"days": 14, "amount": "3"}, {"days": 14, "amount": "2.5"}]
    order = facts(schedule={"kind": "stepped", "steps": steps}, times=("08:00",), instructions=("with food",))
    said = plain(rules.line_words(order, dt.date(2026, 1, 15)))
    assert said == "2.5 tablets, by mouth. With food."


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        ({"kind": "weekdays", "days": [0]}, "once a week, on Mondays, at 08:00, next today"),
        ({"kind": "every_n_days", "n": 2, "anchor": "2026-11-01"},
         "every other day, at 08:00, counted from 1 Nov 2026, next tomorrow"),
        ({"kind": "monthly", "days": [-1]}, "on the last day of each month, at 08:00, next on Mon 30 Nov"),
        (None, "at 08:00"),
    ],
)  # fmt: skip
def test_seen_from_a_day_the_words_name_the_next_one(schedule, words):
    assert plain(schedules.words(facts(schedule=schedule, times=("08:00",)), TODAY)) == words


# ---------------------------------------------------------------- what may be keyed


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"schedule": {"kind": "weekdays", "days": []}}, "schedule"),
        ({"schedule": {"kind": "weekdays", "days": [7]}}, "schedule"),
        ({"schedule": {"kind": "weekdays", "days": [1, 1]}}, "schedule"),
        ({"schedule": {"kind": "every_n_days", "n": 1}}, "schedule"),
        ({"schedule": {"kind": "every_n_days", "n": 2, "anchor": "31 Nov"}}, "schedule"),
        ({"schedule": {"kind": "every_n_weeks", "n": 2, "days": []}}, "schedule"),
        ({"schedule": {"kind": "every_n_hours", "n": 0}}, "schedule"),
        ({"schedule": {"kind": "every_n_hours", "n": 8}, "times": ("08:00", "20:00")}, "times"),
        ({"schedule": {"kind": "cycle", "on": 21}}, "schedule"),
        ({"schedule": {"kind": "cycle", "on": 300, "off": 100}}, "schedule"),
        ({"schedule": {"kind": "stepped", "steps": [{"days": 3, "amount": "1"}]}}, "schedule"),
        ({"schedule": {"kind": "stepped", "steps": [{"amount": "1"}, {"days": 3, "amount": "1"}]}}, "schedule"),
        ({"schedule": {"kind": "stepped", "steps": [{"days": 3, "amount": "0"}, {"amount": "1"}]}}, "schedule"),
        ({"schedule": {"kind": "stepped", "steps": [{"days": 3, "amount": "NaN"}, {"amount": "1"}]}}, "schedule"),
        ({"schedule": {"kind": "stepped", "steps": [{"days": 3, "times": ["8am"]}, {"amount": "1"}]}}, "schedule"),
        ({"schedule": {"kind": "stepped", "steps": [{"days": 30}, {}]}, "ends_on": TODAY + 9 * DAY}, "schedule"),
        ({"schedule": {"kind": "stepped", "steps": [{"days": 3}, {}]}, "dose_amount": None}, "schedule"),
        ({"schedule": {"kind": "fortnightly"}}, "schedule"),
        ({"schedule": {"kind": "weekdays", "days": [4]}, "ends_on": TODAY + 2 * DAY}, "schedule"),
        ({"kind": "prn"}, "schedule"),
        ({"kind": "once", "times": ("08:00", "20:00")}, "times"),
        ({"kind": "once", "schedule": {"kind": "weekdays", "days": [0]}}, "schedule"),
        ({"total_doses": 0}, "total_doses"),
        ({"total_doses": 501}, "total_doses"),
        ({"total_doses": 3, "kind": "once"}, "total_doses"),
        ({"total_doses": 3, "schedule": {"kind": "advised"}}, "total_doses"),
        ({"guard_days": 0}, "guard_days"),
    ],
)  # fmt: skip
def test_a_schedule_that_cannot_be_is_refused_at_its_field(values, field):
    values = {"schedule": None, "times": ("08:00",), "starts_on": TODAY, "dose_amount": Decimal(1)} | values
    found = schedules.problems(values.pop("schedule"), **values)
    assert field in {name for name, _ in found}
    assert all(words.endswith((".", "saved.")) and len(words) > 20 for _, words in found)


# ---------------------------------------------------------------- the weekly guard


@pytest.mark.parametrize(
    ("schedule", "times", "refused"),
    [
        (None, ("18:00",), True),  # near miss I13 of the demo home: drafted daily
        ({"kind": "weekdays", "days": [2]}, ("18:00",), False),
        ({"kind": "weekdays", "days": [2]}, ("08:00", "18:00"), True),
        ({"kind": "weekdays", "days": [2, 4]}, ("18:00",), True),
        ({"kind": "every_n_days", "n": 6}, ("18:00",), True),  # a second dose within six days
        ({"kind": "every_n_days", "n": 7}, ("18:00",), False),
        ({"kind": "every_n_days", "n": 7}, ("08:00", "18:00"), True),
        ({"kind": "every_n_weeks", "n": 2, "days": [0]}, ("18:00",), False),
        ({"kind": "every_n_weeks", "n": 2, "days": [0, 6]}, ("18:00",), True),
        ({"kind": "every_n_hours", "n": 168}, ("18:00",), False),
        ({"kind": "every_n_hours", "n": 144}, ("18:00",), True),
        ({"kind": "monthly", "days": [1]}, ("18:00",), False),
        ({"kind": "monthly", "days": [28, -1]}, ("18:00",), True),
        ({"kind": "cycle", "on": 1, "off": 6}, ("18:00",), False),
        ({"kind": "advised"}, ("18:00",), True),
    ],
)
def test_methotrexate_can_only_be_keyed_once_a_week(schedule, times, refused):
    found = schedules.problems(
        schedule, times=times, starts_on=TODAY, dose_amount=Decimal(4), medicine="Methotrexate 2.5 mg"
    )
    assert [field for field, _ in found] == (["schedule"] if refused else [])
    if refused:
        assert "within 6 days" in found[0][1] and "ring the prescriber" in found[0][1]


def test_the_guard_of_an_order_holds_for_any_medicine_and_never_weakens_the_weekly_one():
    twice = {"kind": "every_n_days", "n": 3}
    asked = {"times": ("08:00",), "starts_on": TODAY, "dose_amount": Decimal(1)}
    assert schedules.problems(twice, guard_days=3, medicine="buprenorphine", **asked)
    assert not schedules.problems(twice, guard_days=2, medicine="buprenorphine", **asked)
    assert schedules.problems(twice, guard_days=2, medicine="methotrexate", **asked)
    assert schedules.guard_of("methotrexate", 2) == 6 and schedules.guard_of("methotrexate", 13) == 13
    assert schedules.guard_of("senna") is None
    assert schedules.problems(None, kind="prn", medicine="methotrexate", starts_on=TODAY)


def test_one_dose_or_one_day_of_methotrexate_is_no_second_dose():
    asked = {"times": ("18:00",), "starts_on": TODAY, "dose_amount": Decimal(4), "medicine": "methotrexate"}
    assert schedules.problems(None, kind="once", **asked) == []
    assert schedules.problems(None, ends_on=TODAY, **asked) == []
    assert schedules.problems(None, total_doses=1, **asked) == []
    assert schedules.problems(None, total_doses=2, **asked) != []


days_of_week = st.lists(st.integers(0, 6), min_size=1, max_size=2, unique=True)
random_schedules = st.one_of(
    st.just(None),
    st.builds(lambda days: {"kind": "weekdays", "days": days}, days_of_week),
    st.builds(lambda n: {"kind": "every_n_days", "n": n, "anchor": "2026-11-20"}, st.integers(2, 16)),
    st.builds(lambda n, d: {"kind": "every_n_weeks", "n": n, "days": d, "anchor": "2026-11-20"}, st.integers(2, 5),
              days_of_week),
    st.builds(lambda d: {"kind": "monthly", "days": d}, st.lists(st.sampled_from([1, 7, 8, 22, 28, -1]), min_size=1,
                                                                 max_size=2, unique=True)),
    st.builds(lambda n: {"kind": "every_n_hours", "n": n}, st.integers(20, 400)),
    st.builds(lambda on, off: {"kind": "cycle", "on": on, "off": off}, st.integers(1, 2), st.integers(1, 14)),
    st.builds(lambda n: {"kind": "stepped", "steps": [{"days": n, "amount": "1"}, {"days": 2, "amount": "2"}]},
              st.integers(1, 3)),
)  # fmt: skip


def test_what_the_guard_lets_through_never_falls_due_twice_within_it():
    reached = Counter()

    @settings(max_examples=200, deadline=None, derandomize=True, database=None)
    @given(random_schedules, st.sampled_from([("18:00",), ("08:00", "18:00")]), st.integers(1, 13), st.integers(0, 30))
    def hold(schedule, times, guard, later):
        if schedule and schedule["kind"] == "every_n_hours":
            times = times[:1]
        start = TODAY + later * DAY
        asked = {"times": times, "starts_on": start, "dose_amount": Decimal(1), "guard_days": guard}
        refused = [words for field, words in schedules.problems(schedule, **asked) if "Two doses" in words]
        order = facts(schedule=schedule, times=times, starts_on=start)
        span = clock.day_bounds(start)[0], clock.day_bounds(start + 1500 * DAY)[0]
        days = [clock.local_day(d.due_at) for d in doses_due([order], *span, LONDON)]
        close = any((b - a).days <= guard for a, b in zip(days, days[1:], strict=False))
        assert bool(refused) == close
        reached["refused" if refused else "let through"] += 1

    hold()
    print(f"schedules under a guard: {dict(reached)}")
    assert min(reached["refused"], reached["let through"]) > 10


# ---------------------------------------------------------------- the weekly guard between orders


WEDNESDAYS = {"kind": "weekdays", "days": [2]}
NOON = clock.local_to_instant(dt.datetime(2026, 11, 18, 12))  # a Wednesday


def weekly(**changes):
    values = dict(medicine="methotrexate", times=("18:00",), schedule=WEDNESDAYS, dose_unit="tablet", line_id=7)
    return facts(**values | changes)


def clashing(order, at=NOON, line_id=None, **changes):
    details = keying.details_of(weekly(**changes))
    return guard.clash([order], details, at, LONDON, line_id=line_id)


@pytest.mark.parametrize(
    ("at", "changes", "free"),
    [
        (NOON, {}, True),  # the same day again: last Wednesday is a week ago
        (NOON, {"times": ("08:00",)}, True),
        (NOON + DAY, {}, True),
        (NOON + DAY, {"schedule": {"kind": "weekdays", "days": [4]}}, False),  # Friday, two days after the dose
        (NOON + DAY, {"schedule": {"kind": "weekdays", "days": [4]}, "starts_on": dt.date(2026, 11, 27)}, True),
        (NOON, {"schedule": {"kind": "weekdays", "days": [1]}}, True),  # Tuesday next, Wednesday was a week before
        (NOON + DAY, {"schedule": {"kind": "weekdays", "days": [1]}}, False),
        (NOON + DAY, {"kind": "once", "schedule": None, "starts_on": dt.date(2026, 11, 20)}, False),
        (NOON + DAY, {"kind": "once", "schedule": None, "starts_on": dt.date(2026, 11, 20), "advice": {"name": "Dr"}},
         True),  # the one way past it: a one-off order on a prescriber's advice
    ],
)  # fmt: skip
def test_a_changed_day_of_a_weekly_medicine_leaves_six_days_since_the_last_dose(at, changes, free):
    assert (clashing(weekly(), at, 7, **changes) == "") == free


def test_two_orders_of_one_weekly_medicine_clash_and_two_medicines_do_not():
    said = clashing(weekly(), schedule={"kind": "weekdays", "days": [4]})
    assert "falls due on" in said and "within 6 days" in said and said.endswith("not saved.")
    assert clashing(weekly(medicine="folic acid")) == ""
    assert clashing(weekly(stopped=True, valid_from=NOON - 8 * DAY)) == ""
    assert clashing(weekly(), medicine="folic acid") == ""
