"""The demo home's tables say what they should, and a week told from them looks like block D on any day of the week."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import pairwise

import pytest

from medpwa.competency.vocabulary import RESIDENT_SPECIFIC, SKILLS, STATES
from medpwa.demo import pattern
from medpwa.demo.pattern import come_out, is_open, leave_open
from medpwa.demo.people import BY_CODE, FIRST, GROUND, RESIDENTS, born, moment, whereabouts
from medpwa.demo.prescriptions import ORDERS, SKILL_OF_ROUTE, TOLD_FROM, due_on
from medpwa.demo.team import EVERYONE, GIVERS, GRANTS, NOMINATED, PASSPHRASE, STAFF, duties, holds, in_date, on_duty
from medpwa.mar.vocabulary import NO_SCAN_REASONS, OUTCOMES
from medpwa.medicines.vocabulary import FORMS, ROUTE_SKILL, ROUTES, UNITS
from medpwa.residents.vocabulary import ALLERGY_STATUS, FLUID_LEVELS, FOOD_LEVELS, LABEL_PLACES, WHEREABOUTS
from medpwa.staff.vocabulary import ALL_ROLES, DUTIES

MONDAY = dt.date(2026, 11, 16)
ANY_WEEKDAY = [MONDAY + dt.timedelta(days=days) for days in range(7)]
ODD_DAYS = [dt.date(2026, 1, 1), dt.date(2028, 2, 29), dt.date(2026, 12, 31), MONDAY]


def days_from(d0, first, last):
    return [d0 + dt.timedelta(days=offset) for offset in range(first, last)]


def week(d0):
    """The told seven days: each dose with how it came out."""
    return [(due, come_out(due, d0)) for day in days_from(d0, TOLD_FROM, 0) for due in due_on(day, d0)]


# People


def test_twelve_people_in_twelve_rooms_on_two_floors():
    assert [person.code for person in RESIDENTS] == [f"R{number:02}" for number in range(1, 13)]
    assert [person.room for person in RESIDENTS] == list(range(1, 13))
    assert [person.unit for person in RESIDENTS] == [GROUND] * 6 + [FIRST] * 6


@pytest.mark.parametrize("person", RESIDENTS, ids=lambda person: person.code)
def test_an_nhs_number_is_of_the_test_range_and_its_check_digit_is_right(person):
    digits = [int(digit) for digit in person.nhs_number]
    total = sum(weight * digit for weight, digit in zip(range(10, 1, -1), digits[:9], strict=True))
    assert len(digits) == 10 and person.nhs_number.startswith("999")
    assert (11 - total % 11) % 11 == digits[9]


@pytest.mark.parametrize("d0", ODD_DAYS, ids=str)
def test_everybody_is_the_age_of_the_table_on_d0_and_has_had_their_birthday(d0):
    for person in RESIDENTS:
        birth = born(person, d0)
        had = (d0.month, d0.day) >= (birth.month, birth.day)
        assert d0.year - birth.year - (not had) == person.age
        assert (birth.month, birth.day) == person.birthday


def test_words_of_people_are_words_of_the_product():
    for person in RESIDENTS:
        assert person.allergy_status in ALLERGY_STATUS and set(person.label_places) <= set(LABEL_PLACES)
        assert {"person", "door"} <= set(person.label_places)
        assert person.fluid_level is None or person.fluid_level in FLUID_LEVELS
        assert person.food_level is None or person.food_level in FOOD_LEVELS
        assert all(stay.kind in WHEREABOUTS for stay in person.stays)
        assert person.preferred in person.likes and person.likes.endswith(".")
    severe = {person.code: [one.substance for one in person.allergies if one.severe] for person in RESIDENTS}
    assert {code: found for code, found in severe.items() if found} == {"R02": ["penicillin"]}
    none_known = {person.code for person in RESIDENTS if person.allergy_status == "none"}
    assert none_known == {"R01", "R05", "R08", "R09", "R12"}


@pytest.mark.parametrize(
    ("code", "day", "time", "kind"),
    [("R10", -6, "07:29", "home"), ("R10", -6, "07:30", "leave"), ("R10", -6, "21:29", "leave"),
     ("R10", -6, "21:30", "home"), ("R12", -9, "16:59", None), ("R12", -9, "17:00", "home"),
     ("R12", -1, "09:59", "home"), ("R12", -1, "10:00", "discharged"), ("R02", -7, "08:00", "home")],
)
def test_where_somebody_was(code, day, time, kind):
    stay = whereabouts(BY_CODE[code], moment(MONDAY, day, time), MONDAY)
    assert (stay and stay.kind) == kind


# Team


def test_sixteen_staff_one_nominated_individual_and_user_names_of_their_own():
    assert [person.code for person in STAFF] == [f"S{number}" for number in range(1, 17)]
    assert NOMINATED.role == "nominated_individual" and {person.role for person in EVERYONE} <= set(ALL_ROLES)
    assert len({person.username for person in EVERYONE}) == 17
    assert STAFF[0].username == "helen.marsh"
    assert [person.code for person in STAFF if person.agency] == ["S15"]
    assert [(person.code, person.role) for person in STAFF if person.bank] == [("S16", "carer")]
    assert len(PASSPHRASE.split("-")) == 5 and len(PASSPHRASE) > 25


def test_nine_of_twelve_are_in_date_today_and_six_were_thirty_days_ago():
    assert len(GIVERS) == 12
    assert in_date(0) == {"S1", "S2", "S4", "S5", "S6", "S7", "S9", "S10", "S12"}
    assert in_date(-30) == {"S1", "S2", "S4", "S6", "S8", "S11"}


@pytest.mark.parametrize(
    ("staff", "skill", "resident", "last_day_in_date", "first_day_out"),
    [("S6", "oral", None, 17, 18), ("S8", "oral", None, -16, -15), ("S11", "oral", None, -6, -5),
     ("S15", "oral", None, -22, -21)],
)
def test_a_sign_off_ends_at_the_start_of_its_last_date(staff, skill, resident, last_day_in_date, first_day_out):
    assert holds(staff, skill, last_day_in_date, resident) and not holds(staff, skill, first_day_out, resident)


def test_delegated_skills_are_for_their_resident_alone():
    assert {grant.skill for grant in GRANTS} == set(SKILLS) and {grant.state for grant in GRANTS} == set(STATES)
    assert all((grant.resident is not None) == (grant.skill in RESIDENT_SPECIFIC) for grant in GRANTS)
    able = {skill: {p.code for p in STAFF if holds(p.code, skill, 0, resident)}
            for skill, resident in (("insulin", "R04"), ("peg", "R08"), ("buccal_midazolam", "R08"))}
    assert able == {"insulin": {"S1", "S2", "S4", "S7"}, "peg": {"S1", "S2", "S5", "S9"},
                    "buccal_midazolam": {"S1", "S2", "S9"}}
    assert not holds("S5", "peg", 0, "R01")


def test_other_skills_stand_as_the_table_says():
    def able(skill):
        return {person.code for person in STAFF if holds(person.code, skill, 0)}

    givers = in_date(0)
    assert able("drops") == able("inhaler") == able("patch") == givers and able("topical") == givers | {"S13"}
    assert able("transcription") == {"S1", "S2", "S4", "S5", "S6"}
    assert able("controlled") == able("cd_witness") == {"S1", "S2", "S4", "S5", "S6", "S12"}
    states = {(grant.staff, grant.state) for grant in GRANTS if grant.skill == "oral" and grant.covers(0)}
    assert {("S8", "suspended"), ("S11", "ended"), ("S13", "assessing"), ("S14", "not_started"),
            ("S15", "supervised_only"), ("S16", "knowledge_passed")} <= states


def test_nobody_stands_in_two_states_of_one_skill_on_a_day():
    for day in range(-450, 60):
        held = Counter((grant.staff, grant.skill) for grant in GRANTS if grant.covers(day))
        assert not held or max(held.values()) == 1


@pytest.mark.parametrize("d0", ANY_WEEKDAY, ids=lambda day: f"{day:%A}")
def test_every_shift_of_fourteen_days_has_a_leader_a_giver_and_by_day_someone_for_the_tube(d0):
    for day in days_from(d0, -7, 7):
        offset = (day - d0).days
        found = duties(day)
        assert {duty.kind for duty in found} == set(DUTIES)
        assert [duty.staff for duty in found if duty.kind == "on_call"] == ["S1"]
        for start in (dt.time(7), dt.time(14), dt.time(21, 15)):
            shift = [duty for duty in found if duty.start == start and duty.kind != "on_call"]
            leaders = {duty.staff for duty in shift if duty.kind == "shift_leader"}
            able = {duty.staff for duty in shift if holds(duty.staff, "oral", offset)}
            assert len(shift) >= 2 and len(leaders) == 1 and leaders <= able
            if start.hour < 21:
                assert leaders <= {"S2", "S4", "S5"}
                assert any(holds(duty.staff, "peg", offset, "R08") for duty in shift)
            else:
                assert leaders <= {"S6", "S12"}


def test_nobody_works_two_shifts_within_eleven_hours_or_more_than_five_a_week():
    worked = {}
    for day in days_from(MONDAY, 0, 14):
        for duty in duties(day):
            if duty.kind != "on_call":
                ends = dt.datetime.combine(day + dt.timedelta(days=duty.ends_next_day), duty.end)
                worked.setdefault(duty.staff, []).append((dt.datetime.combine(day, duty.start), ends))
    for shifts in worked.values():
        assert len(shifts) <= 10
        assert all(then[0] - one[1] >= dt.timedelta(hours=11) for one, then in pairwise(shifts))


def test_last_nights_shift_is_on_duty_until_a_quarter_past_seven():
    def on(time):
        return {duty.staff for duty in on_duty(moment(MONDAY, 0, time)) if duty.kind != "on_call"}

    assert on("06:59") == {"S6", "S11"} and {"S6", "S5"} <= on("07:14") and "S6" not in on("07:15")


# Prescriptions


def test_every_order_is_of_somebody_and_uses_the_products_words():
    assert [order.resident for order in ORDERS] == sorted(order.resident for order in ORDERS)
    for order in ORDERS:
        assert order.resident in BY_CODE and order.route in ROUTES and order.form in FORMS
        assert (order.unit, order.units) == UNITS[order.unit] and set(order.skills) <= set(SKILLS)
        assert order.name == " ".join(order.name.split()) and order.medicine[0].islower()
        assert list(order.times) == sorted(order.times) and order.indication
        assert not order.time_critical or order.window_after <= 60
        assert not any(allergy.substance in order.medicine for allergy in BY_CODE[order.resident].allergies)
    assert SKILL_OF_ROUTE == ROUTE_SKILL
    assert {order.medicine for order in ORDERS if order.high_risk} == {"apixaban"}
    assert not any(order.controlled for order in ORDERS)


def test_the_orders_and_doses_of_a_day_are_those_of_decision_23():
    lines = Counter(order.resident for order in ORDERS)
    assert lines == {"R01": 3, "R02": 3, "R03": 1, "R04": 2, "R05": 5, "R06": 3, "R07": 3, "R08": 4, "R10": 4,
                     "R11": 2, "R12": 2}
    today = Counter(due.resident for due in due_on(MONDAY, MONDAY))
    assert today == {"R01": 7, "R02": 3, "R03": 4, "R04": 3, "R05": 10, "R06": 4, "R07": 5, "R08": 8, "R10": 6,
                     "R11": 2}
    assert today.total() == 52
    doses = [len(due_on(day, MONDAY)) for day in days_from(MONDAY, -10, 1)]
    assert doses == [52, *[54] * 8, 52, 52]  # R12's two, from D-9 to D-2


def test_twelve_doses_a_day_are_time_critical():
    critical = [due for due in due_on(MONDAY, MONDAY) if ORDERS[due.order].time_critical]
    assert Counter(due.resident for due in critical) == {"R01": 5, "R08": 4, "R10": 2}
    assert {ORDERS[due.order].window_after for due in critical} == {30}


# How a week comes out


@pytest.mark.parametrize("d0", ANY_WEEKDAY, ids=lambda day: f"{day:%A}")
def test_a_week_told_on_any_weekday_has_the_shares_of_block_d(d0):
    told = week(d0)
    count = Counter(one.outcome for _, one in told)
    late = [due for due, one in told if one.outcome == "given" and one.minutes > ORDERS[due.order].window_after]
    unread = [one for _, one in told if one.outcome and not one.label]
    assert len(told) == 376 and count[None] == 2 and count["away"] == 6 and count["not_available"] == 1
    assert 0.013 <= len(late) / len(told) <= 0.021
    assert 0.022 <= count["refused"] / len(told) <= 0.034
    assert 0.01 <= len(unread) / len(told) <= 0.07
    critical = [due for due, one in told if ORDERS[due.order].time_critical and one.outcome != "away"]
    assert 0.96 <= 1 - len(set(late) & set(critical)) / len(critical) < 1
    assert Counter(due.resident for due, one in told if one.outcome == "away") == {"R10": 6}


def test_over_ten_weeks_three_in_five_gaps_are_at_night_and_none_is_r01s():
    gaps = [due for day in days_from(MONDAY, 0, 70) for due in due_on(day, MONDAY)
            if pattern._exceptions(day).get((due.order, f"{due.at:%H:%M}")) == "gap"]
    assert len(gaps) == 20 and sum(due.at.hour == 21 for due in gaps) == 12
    assert "R01" not in {due.resident for due in gaps}


def test_lactulose_is_refused_most_and_never_three_times_running():
    told = [(due, one) for day in days_from(MONDAY, -7, 60) for due in due_on(day, MONDAY)
            if ORDERS[due.order].medicine == "lactulose" for one in [come_out(due, MONDAY)]]
    runs = "".join("r" if one.outcome == "refused" else "." for _, one in told)
    assert "rrr" not in runs and 0.35 < runs.count("r") / len(runs) < 0.5


@pytest.mark.parametrize("d0", ANY_WEEKDAY, ids=lambda day: f"{day:%A}")
def test_the_two_incidents_of_the_week_happened(d0):
    told = {(due.resident, ORDERS[due.order].medicine, (due.at.date() - d0).days, f"{due.at:%H:%M}"): one
            for due, one in week(d0)}
    drill, stock = told["R01", "co-careldopa", -4, "11:00"], told["R07", "carbocisteine", -5, "12:30"]
    assert (drill.outcome, drill.minutes) == ("given", 65) and "ire drill" in drill.note
    assert (stock.outcome, stock.reason) == ("not_available", "out_of_stock")
    assert told["R07", "carbocisteine", -5, "21:00"].outcome == "given"


@pytest.mark.parametrize("d0", ANY_WEEKDAY, ids=lambda day: f"{day:%A}")
def test_every_record_is_by_someone_on_duty_and_signed_off_with_words_of_the_product(d0):
    for due, one in week(d0):
        if one.outcome is None:
            assert one == pattern.Told()
            continue
        at = due.at + dt.timedelta(minutes=one.minutes)
        assert one.minutes > 0 and at < pattern.close_of(due)
        assert one.by in {duty.staff for duty in on_duty(at)}
        assert all(holds(one.by, skill, (at.date() - d0).days, due.resident) for skill in ORDERS[due.order].skills)
        assert one.reason in dict(OUTCOMES[one.outcome].reasons) if one.reason else not OUTCOMES[one.outcome].reasons
        assert one.label in LABEL_PLACES if one.label else one.no_scan in NO_SCAN_REASONS


def test_days_played_forward_are_recorded_by_someone_signed_off_even_after_a_lapse():
    called_in = set()
    for day in days_from(MONDAY, 0, 61):
        for due in due_on(day, MONDAY):
            one = come_out(due, MONDAY)
            at = due.at + dt.timedelta(minutes=one.minutes)
            gap = pattern._exceptions(day).get((due.order, f"{due.at:%H:%M}")) == "gap"
            skills = ORDERS[due.order].skills
            assert gap or all(holds(one.by, skill, (at.date() - MONDAY).days, due.resident) for skill in skills)
            if one.by == "S1":
                called_in.add((day - MONDAY).days)
    assert called_in and min(called_in) >= 17  # nights after Agnieszka's sign-off has lapsed on day 18


def test_everything_of_one_visit_is_under_one_scan():
    visits = {}
    for due, one in week(MONDAY):
        if one.outcome == "given":
            visits.setdefault((due.resident, due.at), set()).add((one.label, one.no_scan))
    assert all(len(found) == 1 for found in visits.values())


def test_paracetamol_is_never_given_within_four_hours():
    given = [due.at + dt.timedelta(minutes=one.minutes) for d0 in (MONDAY, MONDAY + dt.timedelta(days=4))
             for day in days_from(d0, -7, 60) for due in due_on(day, d0) if ORDERS[due.order].medicine == "paracetamol"
             for one in [come_out(due, d0)] if one.outcome == "given"]
    assert all(then - one >= dt.timedelta(hours=4) for one, then in pairwise(given) if then > one)


def test_two_eye_drops_are_five_minutes_apart():
    at = {}
    for due, one in week(MONDAY):
        if ORDERS[due.order].route == "eye" and due.at.hour == 21 and one.outcome == "given" and one.minutes < 60:
            at.setdefault(due.at, []).append(one.minutes)
    assert all(abs(first - then) >= 5 for first, then in (pair for pair in at.values() if len(pair) == 2))


def test_a_dose_comes_out_the_same_with_a_zone_and_when_asked_alone():
    due = due_on(MONDAY, MONDAY)[5]
    zoned = (due.resident, due.order, due.at.replace(tzinfo=dt.UTC))
    assert come_out(zoned, MONDAY) == come_out(due, MONDAY)
    assert leave_open(due.at.replace(tzinfo=dt.UTC), [zoned], MONDAY) == {zoned}


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
        assert any(is_open(due, now) for due in without), now


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
        assert {due.resident for due in without if is_open(due, moment(MONDAY, 0, time))} == {
            "R01", "R03", "R05", "R07", "R08"}
    gap = [due for due in due_on(MONDAY - dt.timedelta(days=1), MONDAY) if come_out(due, MONDAY).outcome is None]
    assert [(due.resident, ORDERS[due.order].medicine, due.at.hour) for due in gap] == [("R11", "senna", 21)]
