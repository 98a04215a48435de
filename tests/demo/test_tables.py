"""The people and the team of the demo home's tables say what they should."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import pairwise

import pytest

from medpwa.competency.vocabulary import DERIVED, RESIDENT_SPECIFIC, SKILLS, STATES
from medpwa.demo.people import BY_CODE, FIRST, GROUND, RESIDENTS, born, moment, whereabouts
from medpwa.demo.team import EVERYONE, GIVERS, GRANTS, NOMINATED, PASSPHRASE, STAFF, duties, holds, in_date, on_duty
from medpwa.demo.watched import PLANS, rounds_of
from medpwa.residents.vocabulary import ALLERGY_STATUS, FLUID_LEVELS, FOOD_LEVELS, LABEL_PLACES, WHEREABOUTS
from medpwa.staff.vocabulary import ALL_ROLES, DUTIES

MONDAY = dt.date(2026, 11, 16)
ANY_WEEKDAY = [MONDAY + dt.timedelta(days=days) for days in range(7)]
ODD_DAYS = [dt.date(2026, 1, 1), dt.date(2028, 2, 29), dt.date(2026, 12, 31), MONDAY]


def days_from(d0, first, last):
    return [d0 + dt.timedelta(days=offset) for offset in range(first, last)]


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
     ("R12", -1, "09:59", "home"), ("R12", -1, "10:00", "discharged"), ("R02", -7, "08:00", "home"),
     ("R02", -16, "06:00", "home"), ("R02", -16, "08:00", "hospital"), ("R02", -14, "22:00", "home")],
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
    assert {grant.skill for grant in GRANTS} <= set(SKILLS)
    assert {grant.state for grant in GRANTS} <= set(STATES) - DERIVED
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
    paused = {grant.skill for grant in GRANTS if (grant.staff, grant.state) == ("S8", "suspended") and grant.covers(0)}
    assert paused == {"topical", "patch", "drops", "inhaler"} and ("S8", "reassessment") in states
    assert {("S11", "ended"), ("S13", "assessing"), ("S14", "not_started"),
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


@pytest.mark.parametrize("d0", ANY_WEEKDAY, ids=lambda day: f"{day:%A}")
def test_every_assessment_has_its_rounds_whatever_the_weekday_and_at_two_times_of_day(d0):
    for plan in PLANS:
        seen = rounds_of(plan, d0)
        assert len(seen) == plan.rounds and len({s.at for s in seen}) == plan.rounds, plan
        assert plan.rounds < 2 or len({s.name for s in seen}) > 1, plan
