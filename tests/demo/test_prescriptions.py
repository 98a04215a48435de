"""What is prescribed at the demo home is what its page says, in the product's words, and fit to be keyed."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from medpwa.demo.charting import order_details
from medpwa.demo.people import BY_CODE
from medpwa.demo.prescriptions import LINES, ORDERS, SKILL_OF_ROUTE, WHEN_REQUIRED, due_on
from medpwa.demo.thirty import BLOCKS
from medpwa.medicines import keying
from medpwa.medicines.vocabulary import FORMS, ROUTE_SKILL, ROUTES, UNITS

MONDAY = dt.date(2026, 11, 16)
ANY_WEEKDAY = [MONDAY + dt.timedelta(days=days) for days in range(7)]
ODD_DAYS = [dt.date(2026, 1, 1), dt.date(2028, 2, 29), dt.date(2026, 12, 31), dt.date(2027, 4, 12), MONDAY]

# Slots a day of the lines of 11.1 that wait, by who has them: what 11.3 counts and this demo does not yet tell.
#   R01 rotigotine patch; R02 digoxin, with its pulse; R03 food drinks twice; R04 insulin: every day.
#   R06 fentanyl on days -30, -27 … -3; R11 buprenorphine on -27, -20, -13, -6.
WAITING_DAILY = {"R01": 1, "R02": 1, "R03": 2, "R04": 1}
WAITING_ON = {"R06": set(range(-30, 0, 3)), "R11": {-27, -20, -13, -6}}
# 11.3, whole: slots by resident and by block.
OF_THE_PAGE = {"R01": 240, "R02": 157, "R03": 270, "R04": 121, "R05": 304, "R06": 130, "R07": 180, "R08": 240, "R09": 8,
               "R10": 209, "R11": 101, "R12": 16}
OF_THE_BLOCKS = {"A": 445, "B": 459, "C": 470, "D": 602}


def waiting(block) -> int:
    """Slots of a block that wait."""
    days = set(block.days)
    return sum(WAITING_DAILY.values()) * len(days) + sum(len(on & days) for on in WAITING_ON.values())


def dues(d0, first=-30, last=0):
    return [due for n in range(first, last) for due in due_on(d0 + dt.timedelta(days=n), d0)]


def test_every_order_is_of_somebody_and_uses_the_products_words():
    for part in (ORDERS, WHEN_REQUIRED):
        assert [order.resident for order in part] == sorted(order.resident for order in part)
    for order in LINES:
        assert order.resident in BY_CODE and order.route in ROUTES and order.form in FORMS
        assert (order.unit, order.units) == UNITS[order.unit]
        assert order.name == " ".join(order.name.split()) and order.medicine[0].islower()
        assert list(order.times) == sorted(order.times) and order.indication
        assert not order.time_critical or order.window_after <= 60
        assert not any(allergy.substance in order.medicine for allergy in BY_CODE[order.resident].allergies)
    assert SKILL_OF_ROUTE == ROUTE_SKILL
    assert {o.medicine for o in LINES if o.high_risk} == {
        "apixaban", "warfarin", "methotrexate", "glucose", "morphine sulfate", "midazolam"}
    assert {o.medicine for o in LINES if o.psychotropic} == {"lorazepam", "zopiclone"}
    assert [o.medicine for o in LINES if o.controlled] == ["morphine sulfate"]


@pytest.mark.parametrize("d0", ODD_DAYS, ids=str)
def test_every_order_is_one_a_person_could_key(d0):
    for order in LINES:
        assert keying.problems(keying.tidied(order_details(order, d0))) == [], order.name


def test_the_lines_are_those_of_the_page_that_schedules_can_say():
    assert Counter(order.resident for order in ORDERS) == {
        "R01": 3, "R02": 5, "R03": 4, "R04": 4, "R05": 6, "R06": 3, "R07": 4, "R08": 4, "R09": 2, "R10": 6, "R11": 4,
        "R12": 2}
    kinds = Counter(order.pattern[0] if order.pattern else order.kind for order in ORDERS)
    assert kinds == {"regular": 36, "stepped": 3, "weekdays": 3, "advised": 1, "every_n_weeks": 1, "once": 1,
                     "every_n_days": 1, "monthly": 1}
    assert Counter(order.resident for order in WHEN_REQUIRED) == {
        "R01": 1, "R03": 1, "R04": 1, "R06": 2, "R07": 1, "R08": 1, "R10": 1, "R11": 1, "R12": 1}


def test_slots_are_the_pages_less_what_waits_by_resident_and_by_block():
    told = dues(MONDAY)
    waits = {code: 30 * n for code, n in WAITING_DAILY.items()} | {code: len(on) for code, on in WAITING_ON.items()}
    assert Counter(due.resident for due in told) == {code: n - waits.get(code, 0) for code, n in OF_THE_PAGE.items()}
    for block in BLOCKS:
        assert len(dues(MONDAY, block.first, block.last + 1)) == OF_THE_BLOCKS[block.name] - waiting(block)
    assert len(told) == 1_812 and sum(OF_THE_BLOCKS.values()) == 1_976


@pytest.mark.parametrize("d0", ANY_WEEKDAY, ids=lambda day: f"{day:%A}")
def test_twelve_doses_a_day_are_time_critical_and_on_other_weekdays_a_block_has_one_more_or_less(d0):
    told = dues(d0)
    critical = [due for due in told if ORDERS[due.order].time_critical]
    assert len(critical) == 360 and abs(len(told) - 1_812) <= 1
    assert {ORDERS[due.order].window_after for due in critical} == {30}
    assert len({(due.order, due.at) for due in told}) == len(told)


def test_steps_courses_and_long_intervals_fall_where_the_page_has_them():
    days: dict[str, list[int]] = {}
    for due in dues(MONDAY, -31, 13):
        days.setdefault(ORDERS[due.order].medicine, []).append((due.at.date() - MONDAY).days)
    assert days["doxycycline"] == list(range(-23, -16)) and days["alendronic acid"] == [-28, -21, -14, -7, 0, 7]
    assert days["methotrexate"] == [-26, -19, -12, -5, 2, 9] and days["folic acid"] == [-31, -24, -17, -10, -3, 4, 11]
    assert days["colecalciferol"] == [-22, 9] and days["hydroxocobalamin"] == [-4, 1]
    assert [day for day in days["spironolactone"] if day % 2] == [] and len(days["hydrocortisone"]) == 14
    assert Counter(days["chloramphenicol"]) == {-12: 8, -11: 8, **dict.fromkeys(range(-10, -5), 4)}
