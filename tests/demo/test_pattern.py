"""How the thirty days come out, dose by dose, and what stands open in the middle of a day: the tables alone."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import pairwise

import pytest

from medpwa import clock
from medpwa.demo import pattern
from medpwa.demo.midday import close_of, is_open, leave_open
from medpwa.demo.pattern import come_out
from medpwa.demo.people import moment
from medpwa.demo.prescriptions import ON, ORDERS, due_on
from medpwa.demo.team import holds, on_duty
from medpwa.demo.thirty import BLOCKS, gap_came_to, gaps_of_the_thirty, on_the_round, round_of
from medpwa.mar import extras
from medpwa.mar.vocabulary import NO_SCAN_REASONS, OUTCOMES
from medpwa.residents.vocabulary import LABEL_PLACES
from tests.demo.test_prescriptions import ANY_WEEKDAY, MONDAY, dues

# Demo home 11.3 as this demo can tell it: (gaps, given late, reported afterwards, refused, not in stock, asleep).
# Stock-outs are the page's 2, 3, 2 and 1 less the insulin of I10. Of its 15 hospital doses 12 are told (digoxin waits),
# of its 7 on leave all 7.
FIGURES = {"A": (18, 30, 24, 16, 2, 2), "B": (11, 21, 15, 15, 3, 2), "C": (5, 14, 8, 14, 1, 1),
           "D": (2, 10, 6, 17, 1, 2)}  # fmt: skip
# On time of scheduled: 72/91, 79/91, 85/91 and 114/117 on the page, of which insulin has 7, 6, 6 and 9 (it was withheld
# once, in B, and once out of stock, in C).
CRITICAL = {"A": (65, 84), "B": (73, 84), "C": (79, 84), "D": (105, 108)}


def block_dues(block, d0):
    return [(due, come_out(due, d0)) for due in dues(d0, block.first, block.last + 1)]


def late(due, told):
    return told.outcome == "given" and not told.reported and told.minutes > ORDERS[due.order].window_after


@pytest.mark.parametrize("d0", ANY_WEEKDAY, ids=lambda day: f"{day:%A}")
@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.name)
def test_each_block_has_the_pages_own_counts_whatever_the_weekday(block, d0):
    told = block_dues(block, d0)
    count = Counter(one.outcome for _, one in told)
    gaps = [due for due, one in told if one.outcome is None and not one.where]
    mine = (len(gaps), sum(late(*x) for x in told), sum(bool(one.reported) for _, one in told), count["refused"],
            count["not_available"], count["asleep"])  # fmt: skip
    assert mine == FIGURES[block.name]
    assert sum(f"{due.at:%H:%M}" == ON for due in gaps) == block.night
    on_time = [late(due, one) or one.outcome != "given" for due, one in told if ORDERS[due.order].time_critical]
    assert (len(on_time) - sum(on_time), len(on_time)) == CRITICAL[block.name]


def test_gaps_are_on_the_rounds_and_came_to_what_the_page_says():
    gaps = gaps_of_the_thirty(MONDAY)
    assert len(gaps) == 36 and sum(due.at.hour == 21 for due in gaps) == 22
    assert Counter(round_of(due, MONDAY) for due in gaps) == {"S8": 9, "S11": 7, "": 20}
    assert all(on_the_round(round_of(due, MONDAY), due, MONDAY) for due in gaps if round_of(due, MONDAY))
    assert not [due for due in gaps if due.resident == "R01" and (due.at.date() - MONDAY).days > -12]
    assert Counter(gap_came_to(due, MONDAY) for due in gaps) == {"given_unsigned": 24, "omitted": 8, "undetermined": 4}
    last = [due for due in gaps if due.at.date() == MONDAY - dt.timedelta(days=1)]
    assert [(due.resident, ORDERS[due.order].medicine, due.at.hour) for due in last] == [("R11", "senna", 21)]


def test_away_doses_are_the_hospital_stay_and_the_day_out():
    away = Counter((due.resident, one.where or one.outcome) for due, one in everything(MONDAY)
                   if one.where or one.outcome in ("away", "visit_missed"))
    assert away == {("R02", "hospital"): 12, ("R10", "away"): 7, ("R04", "visit_missed"): 1}


@pytest.mark.parametrize("d0", ANY_WEEKDAY, ids=lambda day: f"{day:%A}")
def test_fourteen_lactuloses_running_were_refused_and_no_other_run_is_as_long_as_three(d0):
    told = everything(d0)
    for place, order in enumerate(ORDERS):
        runs = "".join("r" if one.outcome == "refused" else "." for due, one in told if due.order == place)
        longest = max(map(len, runs.split(".")), default=0)
        assert longest == 14 if order.medicine == "lactulose" else longest < 3, order.name
    refused = [(due.at.date() - d0).days for due, one in told
               if one.outcome == "refused" and ORDERS[due.order].medicine == "lactulose"]
    assert [day for day in refused if -23 < day < -15] == [day for day in range(-22, -15) for _ in range(2)]


def test_the_incidents_of_the_page_happened():
    told = {(due.resident, ORDERS[due.order].medicine, (due.at.date() - MONDAY).days, f"{due.at:%H:%M}"): one
            for due, one in everything(MONDAY)}
    assert told["R10", "apixaban", -28, "17:00"] == pattern.Told()  # I01
    for day, time in ((-27, "17:00"), (-26, "08:00")):  # I02
        assert told["R10", "apixaban", day, time].outcome == "not_available"
    stood_in = {key[0] for key, one in told.items() if one.given_by == "S14"}  # I03
    assert stood_in == {"R01", "R03", "R04", "R05", "R06", "R10"} and not holds("S14", "oral", -25)
    mixed = [one.minutes for key, one in told.items() if key[0] == "R10" and key[2:] == (-21, "08:00")]
    assert len(mixed) == 4 and min(mixed) > 120  # I04
    trelegy = "fluticasone furoate / umeclidinium / vilanterol"
    assert {told["R07", trelegy, day, "08:00"].reason for day in (-20, -19, -18)} == {"out_of_stock"}  # I07
    assert told["R11", "chloramphenicol", -11, "07:00"].reason == "damaged"  # I10
    assert told["R11", "chloramphenicol", -11, "09:00"].outcome == "given"
    assert told["R01", "co-careldopa", -4, "11:00"].minutes == 65  # I15
    assert told["R07", "carbocisteine", -5, "12:30"].reason == "out_of_stock"  # I17
    assert told["R07", "carbocisteine", -5, "21:00"].outcome == "given"


def everything(d0):
    return [(due, come_out(due, d0)) for due in dues(d0)]


@pytest.mark.parametrize("d0", ANY_WEEKDAY, ids=lambda day: f"{day:%A}")
def test_every_record_is_by_someone_on_duty_and_signed_off_with_words_of_the_product(d0):
    for due, one in everything(d0):
        if one.outcome is None:
            assert not one.by
            continue
        at = due.at + dt.timedelta(minutes=one.minutes)
        order = ORDERS[due.order]
        assert one.minutes > 0 and (at < close_of(due, d0) or one.reported)
        if not one.given_by:
            assert one.by in {duty.staff for duty in on_duty(at)}
            assert all(holds(one.by, skill, (at.date() - d0).days, due.resident) for skill in order.skills)
        assert one.reason in dict(OUTCOMES[one.outcome].reasons) if one.reason else not OUTCOMES[one.outcome].reasons
        assert set(extras.asks_of(one.outcome, one.reason, order.asleep)) == {name for name, _ in one.extra}
        assert one.label in LABEL_PLACES if one.label else one.no_scan in NO_SCAN_REASONS


def test_days_played_forward_are_recorded_by_someone_signed_off_even_after_a_lapse():
    called_in = set()
    for day in days_from(MONDAY, 0, 61):
        for due in due_on(day, MONDAY):
            one = come_out(due, MONDAY)
            at = due.at + dt.timedelta(minutes=one.minutes)
            skills = ORDERS[due.order].skills
            assert one.outcome is None or all(
                holds(one.by, skill, (at.date() - MONDAY).days, due.resident) for skill in skills)
            if one.by == "S1" and due.at.hour >= 21:
                called_in.add((day - MONDAY).days)
    assert called_in and min(called_in) >= 17  # nights after Agnieszka's sign-off has lapsed on day 18


def test_everything_of_one_visit_is_under_one_scan():
    visits = {}
    for due, one in everything(MONDAY):
        if one.outcome == "given":
            visits.setdefault((due.resident, due.at), set()).add((one.label, one.no_scan))
    assert all(len(found) == 1 for found in visits.values())


@pytest.mark.parametrize("d0", [MONDAY, MONDAY + dt.timedelta(days=4), dt.date(2027, 4, 12)], ids=str)
def test_paracetamol_is_never_given_within_four_hours_nor_five_times_in_any_day(d0):
    given = [clock.local_to_instant(due.at) + dt.timedelta(minutes=one.minutes)
             for due, one in ((due, come_out(due, d0)) for due in dues(d0, -30, 40))
             if ORDERS[due.order].medicine == "paracetamol" and one.outcome == "given"]
    assert all(then - one >= dt.timedelta(hours=4) for one, then in pairwise(given))
    assert all(fifth - first >= dt.timedelta(hours=24) for first, fifth in zip(given, given[4:], strict=False))


def test_two_eye_drops_are_five_minutes_apart():
    at = {}
    for due, one in everything(MONDAY):
        if ORDERS[due.order].route == "eye" and due.at.hour == 21 and one.outcome == "given" and not one.reported:
            at.setdefault((due.resident, due.at), []).append(one.minutes)
    assert all(abs(first - then) >= 5 for first, then in (pair for pair in at.values() if len(pair) == 2))


def test_a_dose_comes_out_the_same_with_a_zone_and_when_asked_alone():
    due = due_on(MONDAY, MONDAY)[5]
    zoned = (due.resident, due.order, due.at.replace(tzinfo=dt.UTC))
    assert come_out(zoned, MONDAY) == come_out(due, MONDAY)
    assert leave_open(due.at.replace(tzinfo=dt.UTC), [zoned], MONDAY) == {zoned}


def test_over_ten_weeks_played_three_in_five_gaps_are_at_night_and_none_is_r01s():
    gaps = [due for day in days_from(MONDAY, 0, 70) for due in due_on(day, MONDAY)
            if pattern._exceptions(day).get((due.order, f"{due.at:%H:%M}")) == "gap"]
    assert len(gaps) == 20 and sum(due.at.hour == 21 for due in gaps) == 12
    assert "R01" not in {due.resident for due in gaps}


def days_from(d0, first, last):
    return [d0 + dt.timedelta(days=offset) for offset in range(first, last)]


# The middle of a day


def unrecorded(now, dues, d0):
    """What is without a record at a moment: doses left open, gaps, doses to come."""
    left = leave_open(now, dues, d0)
    assert all(due.at <= now for due in left)
    for due in dues:
        told = come_out(due, d0)
        if due.at <= now and due not in left and told.outcome:
            assert due.at + dt.timedelta(minutes=told.minutes) <= now
    return left, [due for due in dues if due.at > now or due in left or come_out(due, d0).outcome is None]


@pytest.mark.parametrize("d0", ANY_WEEKDAY, ids=lambda day: f"{day:%A}")
def test_at_every_ten_minutes_of_a_day_and_night_somebody_is_due_or_late(d0):
    dues = [due for day in days_from(d0, -7, 2) for due in due_on(day, d0)]
    for minutes in range(0, 24 * 60, 10):
        now = dt.datetime.combine(d0, dt.time()) + dt.timedelta(minutes=minutes)
        _, without = unrecorded(now, dues, d0)
        assert any(is_open(due, now, d0) for due in without), now


def test_the_latest_round_is_left_part_done_and_earlier_ones_are_finished():
    dues = [due for day in days_from(MONDAY, -1, 1) for due in due_on(day, MONDAY)]
    left, _ = unrecorded(moment(MONDAY, 0, "08:55"), dues, MONDAY)
    people = {due.resident for due in due_on(MONDAY, MONDAY) if due.at.hour == 8}
    waiting = {due.resident for due in left if due.at == moment(MONDAY, 0, "08:00")}
    assert len(people) == 9 and len(waiting) == 4
    assert not waiting & {"R08", "R10"}  # time-critical people came first
    assert {due.at for due in left} == {moment(MONDAY, 0, "08:00")}


def test_on_the_pinned_monday_only_margarets_eleven_oclock_is_late_before_lunch():
    dues = [due for day in days_from(MONDAY, -7, 1) for due in due_on(day, MONDAY)]
    for time in ("11:40", "12:04"):
        left, without = unrecorded(moment(MONDAY, 0, time), dues, MONDAY)
        assert [(due.resident, f"{due.at:%H:%M}") for due in left] == [("R01", "11:00")]
        assert {due.resident for due in without if is_open(due, moment(MONDAY, 0, time), MONDAY)} == {
            "R01", "R03", "R05", "R07", "R08"}
