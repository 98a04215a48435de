"""The one table of states, what is worked out from it, and midnight in the home's time."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medpwa import clock
from medpwa.competency import file, rules, states
from medpwa.competency.models import Grant
from medpwa.competency.rules import GrantFact, SkillState, state_of
from medpwa.competency.vocabulary import DERIVED, MAY_GIVE, STATES

LONDON = "Europe/London"
NOW = clock.local_to_instant(dt.datetime(2026, 11, 16, 11, 40))
MOMENT = dt.timedelta(microseconds=1)


def competent(days: int, *, since: int = -10, state: str = "competent") -> SkillState:
    """A sign-off that stops counting at the beginning of a day so many days from today."""
    until = clock.at_local(clock.local_day(NOW) + dt.timedelta(days=days), dt.time())
    fact = GrantFact("oral", None, state, NOW + dt.timedelta(days=since), until, 1)
    return state_of([fact], "oral", None, NOW)


def test_the_table_and_the_words_know_the_same_states():
    stored = {s.before for s in states.STEPS} | {s.after for s in states.STEPS}
    assert stored - {"expired"} == set(STATES) - DERIVED
    assert set(file.LOOKS) == set(STATES)
    assert len(states.TABLE) == len(states.STEPS), "an event leads to one state from each"


def test_the_usual_way_reaches_every_state_and_has_only_steps_of_the_table():
    assert set(states.USUAL_WAY) <= set(states.TABLE)
    reached = {"not_started"} | {states.TABLE[way] for way in states.USUAL_WAY} | {s.after for s in states.BY_TIME}
    assert reached == set(STATES) - {"not_required"}


def test_every_stored_state_is_allowed_by_the_database():
    (check,) = [c for c in Grant.state.constraints]
    for state in set(STATES) - DERIVED:
        assert f"'{state}'" in str(check.args if hasattr(check, "args") else check.sql)


def test_nothing_leads_out_of_a_pause_but_rounds_watched_again_an_assessment_or_the_end():
    ways = {s.event for s in states.STEPS if s.before == "suspended"}
    assert ways == {"reassess", "pass_assessment", "agree_practice", "not_pass", "end"}
    assert states.after("suspended", "sign_off") is None and "competent" not in states.may_become("suspended")
    assert states.after("reassessment", "sign_off") == "competent"
    assert states.after("reassessment", "end") == "ended"


def test_only_one_state_lets_somebody_give_alone():
    assert MAY_GIVE == {"competent"}
    for state in set(STATES) - DERIVED - MAY_GIVE:
        fact = GrantFact("oral", None, state, NOW, None, 1)
        assert not rules.signed_off([fact], ["oral"], None, NOW).allowed, state


@pytest.mark.parametrize(
    ("days", "shown"),
    [(300, "competent"), (61, "competent"), (60, "due"), (31, "due"), (30, "due_soon"), (1, "due_soon"),
     (0, "expired")],
)  # fmt: skip
def test_a_sign_off_is_due_then_due_soon_then_out_of_date(days, shown):
    assert states.shown(competent(days), NOW) == shown


def test_what_no_role_needs_is_not_needed_until_somebody_records_it():
    nothing = state_of((), "oral", None, NOW)
    assert states.shown(nothing, NOW, needed=False) == "not_required"
    assert states.shown(nothing, NOW, needed=True) == "not_started"
    assert states.shown(competent(300), NOW, needed=False) == "competent"


@pytest.mark.parametrize(
    ("days", "step"),
    [(61, None), (60, 60), (31, 60), (30, 30), (15, 30), (14, 14), (8, 14), (7, 7), (1, 7),
     (0, 0), (-7, 0), (-8, None)],
)  # fmt: skip
def test_each_reminder_has_its_days(days, step):
    assert states.reminder(competent(days, since=-300), NOW, LONDON) == step


@pytest.mark.parametrize("state", sorted(set(STATES) - DERIVED - MAY_GIVE))
def test_nobody_is_reminded_of_what_is_not_signed_off(state):
    assert states.reminder(competent(5, state=state), NOW, LONDON) is None


CHANGES = [dt.date(2026, 3, 29), dt.date(2026, 10, 25), dt.date(2027, 3, 28), dt.date(2027, 10, 31)]


def _ends_at_its_midnight(start: dt.datetime, months: int, zone: str) -> dt.date:
    until = rules.months_later(start, months, zone)
    fact = [GrantFact("oral", None, "competent", start, until, 1)]
    assert rules.signed_off(fact, ["oral"], None, until - MOMENT, zone).allowed
    assert state_of(fact, "oral", None, until, zone).state == "expired"
    day = clock.local_day(until, zone)
    assert clock.local_day(until - MOMENT, zone) == day - dt.timedelta(days=1), "nothing of its day counts"
    return day


@given(
    st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2030, 12, 31)),
    st.integers(1, 36),
    st.sampled_from([LONDON, "Europe/Dublin", "America/Santiago", "Asia/Beirut", "Pacific/Chatham"]),
)
def test_a_sign_off_lapses_at_the_first_instant_of_its_day_in_the_homes_time(wall, months, zone):
    start = clock.local_to_instant(wall, zone)
    day, began = _ends_at_its_midnight(start, months, zone), clock.local_day(start, zone)
    assert 28 * months <= (day - began).days <= 31 * months + 1
    assert day.day == began.day or day.day == 1


@pytest.mark.parametrize("day", CHANGES)
@pytest.mark.parametrize("after", [-1, 0, 1])
def test_the_days_on_which_the_clocks_change_have_one_midnight(day, after):
    ends = day + dt.timedelta(days=after)
    start = clock.at_local(ends.replace(year=ends.year - 1), dt.time(9, 30))
    assert _ends_at_its_midnight(start, 12, LONDON) == ends
