"""The hard stops as a table: interval, rolling maximum, weekly guard; with other products, part doses, doses told
later, one-off orders on advice, and the two nights on which the clocks change. No database."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from medpwa import clock
from medpwa.mar import limits
from medpwa.mar.limits import Gave, LimitFacts
from medpwa.medicines.rules import Ingredient, OrderFacts
from tests.mar.facts import ZONE, at

GRAM4 = Decimal(4000)
PARACETAMOL = Ingredient("paracetamol", Decimal(500), GRAM4)
EIGHT = Decimal(8)


def order(line: int = 1, medicine: str = "paracetamol", **changes: object) -> OrderFacts:
    """Paracetamol 500 mg tablets when required: at least 4 hours, at most 8 tablets and 4 g in 24 hours."""
    values: dict = dict(
        line_id=line, version_id=line * 10, number=1, home_id=1, resident_id=1,
        valid_from=at("00:00", dt.date(2026, 1, 5)), valid_to=None, stopped=False, medicine=medicine,
        strength="500 mg", form="tablet", dose_amount=Decimal(2), dose_unit="tablet", dose_text="", route="mouth",
        site="", times=(), starts_on=dt.date(2026, 1, 5), ends_on=None, instructions=(), indication="pain",
        window_before=60, window_after=60, time_critical=False, high_risk=False, controlled=False,
        required_skills=("oral",), prescriber="Dr A", source="GP", allergy_answer="", hand_keyed=False, checked=True,
        keyed_by=None, keyed_at=at("00:00", dt.date(2026, 1, 5)), kind="prn", min_interval=240, most_24h=EIGHT,
        ingredients=(PARACETAMOL,),
    )  # fmt: skip
    return OrderFacts(**values | changes)


TABLETS = order()
CODAMOL = order(
    2, "co-codamol", strength="8/500", kind="regular", times=("08:00",), min_interval=None, most_24h=None,
    ingredients=(Ingredient("codeine phosphate", Decimal(8)), replace(PARACETAMOL, most_24h=None)),
)  # fmt: skip
SYRUP = order(
    3, strength="250 mg/5 mL", form="oral suspension", dose_unit="mL", dose_amount=Decimal(10), most_24h=None,
    ingredients=(Ingredient("paracetamol", Decimal(50), Decimal(2000)),),
)  # fmt: skip
WEEKLY = order(
    4, "methotrexate", strength="2.5 mg", kind="regular", times=("18:00",), dose_amount=Decimal(4), min_interval=None,
    most_24h=None, ingredients=(), guard_days=None,
)  # fmt: skip


def gave(when: dt.datetime, what: OrderFacts = TABLETS, amount: object = 2, entry: int = 1) -> Gave:
    return Gave(entry, what, when, Decimal(amount), f"{what.medicine} {what.strength} {what.form}")


def facts(*gives: Gave, of: OrderFacts = TABLETS, amount: object = 2, active: tuple = ()) -> LimitFacts:
    return LimitFacts(of, Decimal(amount), gives, active or (of,), "Margaret", ZONE)


def codes(f: LimitFacts, when: dt.datetime) -> list[str]:
    return [s.code for s in limits.stops(f, when)]


# ---------------------------------------------------------------- the interval


@pytest.mark.parametrize(
    ("last", "now", "expected"),
    [
        ("08:04", "12:03", ["interval"]),  # one minute too early
        ("08:04", "12:04", []),  # exactly on time
        ("08:04", "12:05", []),
        ("09:24", "12:04", ["interval"]),  # 2 h 40
        ("12:04", "12:04", ["interval"]),  # two phones at one moment
    ],
)
def test_the_interval_counts_from_the_last_actual_dose_to_the_minute(last, now, expected):
    assert codes(facts(gave(at(last))), at(now)) == expected


def test_seconds_are_never_given_away_and_what_is_shown_is_what_holds():
    late = at("08:04") + dt.timedelta(seconds=37)
    stop = limits.stops(facts(gave(late)), at("12:04"))[0]
    assert stop.next_allowed == at("12:05") and "12:05" in stop.words
    assert codes(facts(gave(late)), at("12:05")) == []


def test_a_refusal_says_what_when_until_when_and_who_to_ask():
    f = facts(gave(at("09:24"), SYRUP, 10), of=SYRUP, amount=10)
    words = limits.stops(f, at("12:04"))[0].words.replace("\u00a0", " ")
    for part in (
        "Too soon", "Margaret had 10 mL of paracetamol 250 mg/5 mL oral suspension", "09:24", "2 hours 40 min ago",
        "at least 4 hours", "Next allowed today 13:24, in 1 hour 20 min.", "ask the shift leader", "prescriber",
    ):  # fmt: skip
        assert part in words, part
    assert "you" not in words.split()


def test_a_dose_inside_another_product_counts_and_is_named():
    stop = limits.stops(facts(gave(at("10:00"), CODAMOL, 1), active=(TABLETS, CODAMOL)), at("12:00"))[0]
    assert stop.code == "interval" and stop.next_allowed == at("14:00")
    assert "co-codamol 8/500 tablet (which holds paracetamol)" in stop.words.replace("\u00a0", " ")


def test_an_order_that_says_no_interval_is_not_held_back_by_the_interval_of_another():
    assert codes(facts(gave(at("10:00")), of=CODAMOL, amount=1, active=(TABLETS, CODAMOL)), at("10:30")) == []


def test_two_lines_of_one_medicine_count_together_even_where_no_ingredient_was_keyed():
    one, other = (order(n, "Salbutamol", ingredients=(), most_24h=None) for n in (7, 8))
    assert codes(facts(gave(at("10:00"), one), of=replace(other, medicine="salbutamol")), at("12:00")) == ["interval"]


def test_another_medicine_holds_nothing_back():
    senna = order(9, "senna", ingredients=(), min_interval=None, most_24h=None)
    assert codes(facts(gave(at("11:59"), senna)), at("12:00")) == []


# ---------------------------------------------------------------- the most in any 24 hours

YESTERDAY = dt.date(2026, 11, 15)


@pytest.mark.parametrize(
    ("now", "amount", "expected"),
    [
        ("12:09", 2, ["maximum", "maximum"]),  # 8 tablets since 12:10 yesterday: units and mg both say so
        ("12:09", 1, ["maximum", "maximum"]),
        ("12:10", 2, []),  # the first of them is 24 hours old at this minute
        ("12:10", 3, ["maximum", "maximum"]),
    ],
)
def test_the_maximum_rolls_and_includes_this_dose(now, amount, expected):
    gives = [gave(at(t, d)) for t, d in (("12:10", YESTERDAY), ("17:00", YESTERDAY), ("22:00", YESTERDAY))]
    gives.append(gave(at("07:00")))
    assert codes(facts(*gives, amount=amount), at(now)) == expected


def test_midnight_changes_nothing_about_the_maximum():
    gives = [gave(at(t, YESTERDAY)) for t in ("11:00", "15:00", "19:00", "23:00")]
    stop = limits.stops(facts(*gives), at("03:00"))[0]
    assert stop.code == "maximum" and stop.next_allowed == at("11:00")
    assert "8 tablets" in stop.words.replace("\u00a0", " ") and "10 tablets" in stop.words.replace("\u00a0", " ")


def test_the_same_ingredient_in_another_product_fills_the_maximum_in_mg():
    gives = [gave(at(t), CODAMOL) for t in ("00:10", "04:10", "08:10")]  # 3 g inside co-codamol
    f = facts(*gives, gave(at("05:00"), amount=1), of=replace(TABLETS, min_interval=None), active=(TABLETS, CODAMOL))
    stop = limits.stops(f, at("12:10"))[0]
    words = stop.words.replace("\u00a0", " ")
    assert stop.code == "maximum" and "3,500 mg of paracetamol" in words and "4,500 mg" in words and "4,000 mg" in words
    assert "counting every medicine that holds it" in words


def test_the_strictest_limit_of_any_active_order_holds():
    gives = [gave(at("02:00")), gave(at("07:00"), amount=1)]  # 1.5 g
    assert codes(facts(*gives), at("12:00")) == []
    assert codes(facts(*gives, active=(TABLETS, SYRUP)), at("12:00")) == ["maximum"], "2 g is the syrup’s limit"


def test_a_part_dose_counts_as_what_was_taken():
    when = [*(at(t, YESTERDAY) for t in ("14:00", "18:00", "22:00")), at("06:00")]
    gives = [gave(t, amount="1.5") for t in when]
    assert codes(facts(*gives), at("12:00")) == []
    assert codes(facts(*gives, amount="2.5"), at("12:00")) == ["maximum", "maximum"]


def test_two_gives_of_one_dose_both_count():
    twice = [gave(at("08:00"), amount=4, entry=1), gave(at("08:00"), amount=4, entry=2)]
    assert "maximum" in codes(facts(*twice, amount=1), at("12:00"))


def test_a_dose_larger_than_the_maximum_is_never_allowed_and_says_so():
    f = facts(amount=9)
    assert limits.next_allowed(f, at("12:00")) is None
    assert "Waiting does not help" in limits.stops(f, at("12:00"))[0].words


def test_the_next_moment_allowed_is_the_last_limit_to_go():
    gives = [gave(at(t, YESTERDAY)) for t in ("13:00", "18:00", "23:00")] + [gave(at("10:30"))]
    assert limits.next_allowed(facts(*gives), at("12:00")) == at("14:30"), "the interval outlasts the maximum"
    gives[-1] = gave(at("08:30"))
    assert limits.next_allowed(facts(*gives), at("12:00")) == at("13:00"), "the maximum outlasts the interval"


def test_a_late_dose_moves_the_next_of_an_interval_medicine():
    """Paracetamol four times a day: the 08:00 dose given at 09:50, so that of 12:30 not before 13:50."""
    four = order(kind="regular", times=("08:00", "12:30", "17:00", "21:00"))
    f = facts(gave(at("09:50"), four), of=four)
    assert limits.held_until(f, at("12:30")) == at("13:50") and limits.held_until(f, at("13:50")) is None


# ---------------------------------------------------------------- the weekly guard

WED = dt.date(2026, 11, 11)


@pytest.mark.parametrize(
    ("day", "time", "expected"),
    [(12, "18:00", ["guard"]), (17, "18:19", ["guard"]), (17, "18:20", []), (18, "18:00", [])],
)
def test_methotrexate_is_never_given_twice_in_six_days(day, time, expected):
    f = facts(gave(at("18:20", WED), WEEKLY, 4), of=WEEKLY, amount=4)
    assert codes(f, at(time, dt.date(2026, 11, day))) == expected


def test_the_guard_holds_for_another_line_of_the_same_medicine():
    other = replace(WEEKLY, line_id=5, guard_days=None, strength="10 mg")
    f = facts(gave(at("18:20", WED), WEEKLY, 4), of=other, amount=1, active=(WEEKLY, other))
    assert codes(f, at("18:00", dt.date(2026, 11, 14))) == ["guard"]


# ---------------------------------------------------------------- the nights the clocks change


def test_when_the_clocks_go_back_four_hours_are_four_hours():
    back = dt.date(2026, 10, 25)
    last = clock.at_local(back, dt.time(0, 30), ZONE)  # 00:30 BST
    free = limits.held_until(facts(gave(last)), last + dt.timedelta(hours=3))
    assert free == last + dt.timedelta(hours=4) == clock.at_local(back, dt.time(3, 30), ZONE), "03:30 GMT, not 04:30"


def test_of_two_equal_clock_times_the_words_say_how_long_it_still_is():
    back = dt.date(2026, 10, 25)
    last = clock.at_local(back - dt.timedelta(days=1), dt.time(22, 30), ZONE)
    first_half_past_one = last + dt.timedelta(hours=3)
    words = limits.stops(facts(gave(last)), first_half_past_one)[0].words.replace("\u00a0", " ")
    assert "01:30 (second), in 1 hour." in words


def test_when_the_clocks_go_forward_a_day_of_23_hours_is_no_24_hours():
    spring = dt.date(2026, 3, 29)
    eight = [gave(clock.at_local(spring - dt.timedelta(days=1), dt.time(12), ZONE), amount=8)]
    noon = clock.at_local(spring, dt.time(12), ZONE)
    assert "maximum" in codes(facts(*eight), noon)
    assert codes(facts(*eight), noon + dt.timedelta(hours=1)) == []


def test_a_week_over_a_change_of_clocks_is_the_same_time_of_day():
    given = clock.at_local(dt.date(2026, 10, 21), dt.time(18), ZONE)
    f = facts(gave(given, WEEKLY, 4), of=WEEKLY, amount=4)
    free = clock.at_local(dt.date(2026, 10, 27), dt.time(18), ZONE)
    assert limits.held_until(f, given + dt.timedelta(hours=1)) == free


# ---------------------------------------------------------------- the one way past, and what has happened already

ADVICE = {"name": "Dr Banerjee", "role": "GP", "at": "2026-11-16T11:30:00+00:00", "read_back": True, "heard_by": "Tolu"}
ONCE = order(6, kind="once", times=("12:00",), advice=ADVICE)


def test_a_checked_one_off_order_on_advice_is_exempt_and_counts_for_all_others():
    given_then = facts(gave(at("11:30")), of=ONCE, active=(TABLETS, ONCE))
    assert limits.stops(given_then, at("12:00")) == () and limits.passed(given_then, at("12:00"))
    after = facts(gave(at("12:00"), ONCE), active=(TABLETS, ONCE))
    assert codes(after, at("15:59")) == ["interval"] and codes(after, at("16:00")) == []


@pytest.mark.parametrize(
    "changes", [{"advice": None}, {"checked": False}, {"kind": "prn"}], ids=["no advice", "not checked", "not one-off"]
)
def test_nothing_else_gets_past_a_limit(changes):
    assert codes(facts(gave(at("11:30")), of=replace(ONCE, **changes)), at("12:00")) == ["interval"]


def test_a_fact_is_flagged_whichever_way_round_it_was_told():
    earlier = facts(gave(at("08:00")), of=TABLETS)
    assert limits.breaches(earlier, at("10:00")) == ("interval_breach",)
    assert limits.breaches(earlier, at("12:00")) == ()
    later = facts(gave(at("10:00")), of=TABLETS)
    assert limits.breaches(later, at("08:00")) == ("interval_breach",), "it lies before a dose recorded since"


def test_a_fact_that_fills_a_later_day_over_is_flagged():
    gives = [gave(at(t)) for t in ("04:00", "12:00", "17:00", "21:00")]
    assert limits.breaches(facts(*gives), at("08:00")) == ("maximum_breach",)


def test_an_ingredient_without_a_limit_and_an_order_without_limits_stop_nothing():
    assert not limits.limited(CODAMOL) and limits.limited(WEEKLY) and limits.limited(SYRUP)
    assert limits.stops(facts(gave(at("11:59"), CODAMOL), of=CODAMOL), at("12:00")) == ()


# ---------------------------------------------------------------- what an attack found

PLAIN = order(5, kind="regular", times=("08:00",), min_interval=None, most_24h=None, ingredients=())


def test_a_medicine_whose_strength_says_what_it_holds_counts_though_no_substance_was_keyed():
    given = (gave(at("00:30"), PLAIN, 4), gave(at("05:00"), PLAIN, 4))
    assert codes(facts(*given, active=(TABLETS, PLAIN)), at("12:00")) == ["maximum"]
    full = (gave(at("00:30"), amount=4), gave(at("05:00"), amount=4))
    assert codes(facts(*full, of=PLAIN, active=(TABLETS, PLAIN)), at("12:00")) == ["maximum"]


@pytest.mark.parametrize(
    ("before", "amount", "free"),
    [
        (dict(ingredients=()), 7, False),  # the same tablets
        (dict(ingredients=(), strength="250 mg"), 12, True),  # 3 g are 6 tablets
        (dict(ingredients=(), strength="250 mg"), 14, False),  # 3.5 g are 7
        (dict(ingredients=(), strength="250 mg/5 mL", dose_unit="mL"), 70, False),
        (dict(ingredients=(), strength="", dose_unit="sachet"), 1, True),  # nobody can say: one dose of this order
        (dict(ingredients=(), strength="", dose_unit="sachet"), 4, True),
    ],
)
def test_a_change_of_strength_or_unit_or_a_new_order_in_its_place_does_not_empty_the_maximum(before, amount, free):
    now = order(ingredients=())
    version, replaced = order(**before, version_id=9), order(6, **before)
    for earlier in (version, replaced):
        found = codes(facts(gave(at("02:00"), earlier, amount), of=now), at("12:00"))
        assert found == ([] if free else ["maximum"]), earlier.line_id


def test_another_line_that_still_runs_has_its_own_maximum():
    beside = order(6, kind="regular", times=("08:00",), min_interval=None, ingredients=())
    f = facts(gave(at("02:00"), beside, 8), of=order(ingredients=()), active=(order(ingredients=()), beside))
    assert codes(f, at("12:00")) == []


def test_a_clock_put_back_makes_no_dose_undone():
    ahead = gave(at("12:50"))
    assert codes(facts(ahead), at("11:50")) == ["interval"]
    full = facts(replace(ahead, amount=Decimal(8)), of=replace(TABLETS, min_interval=None))
    assert set(codes(full, at("11:50"))) == {"maximum"}


def test_a_prescribers_advice_is_for_one_dose_and_an_order_with_it_moved_to_another_time_is_no_second():
    once = order(6, kind="once", advice={"by": "Dr Banerjee"})
    assert codes(facts(gave(at("11:00")), of=once, active=(TABLETS, once)), at("12:00")) == []
    used = gave(at("11:00"), replace(once, version_id=59))
    assert codes(facts(used, of=once, active=(TABLETS, once)), at("12:00")) == ["interval"]


def test_a_brand_of_a_weekly_medicine_is_guarded_by_the_substance_keyed():
    pen = order(6, "Metoject", strength="10 mg", dose_unit="pen", kind="regular", times=("18:00",), min_interval=None,
                most_24h=None, ingredients=(Ingredient("Methotrexate sodium", Decimal(10)),))
    assert codes(facts(gave(at("18:00", dt.date(2026, 11, 12)), pen, 1), of=pen, amount=1), at("18:00")) == ["guard"]
