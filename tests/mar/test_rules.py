"""The round's decisions as tables: rounds, closing, states, lateness, and every question before a give."""

import datetime as dt

import pytest

from medpwa import clock
from medpwa.mar import rounds, rules, states
from medpwa.mar.rounds import RoundFacts, RoundSpan
from medpwa.mar.rules import Identified
from medpwa.mar.states import DoseTimes
from medpwa.mar.vocabulary import NOT_GIVEN, OUTCOMES
from tests.mar.facts import DAY, LUNCH, MIN, MORNING, ZONE, at, entry, times

# ---------------------------------------------------------------- rounds


@pytest.mark.parametrize(
    ("due", "name"),
    [
        ("07:59", None),
        ("08:00", "Morning"),
        ("08:59", "Morning"),
        ("09:00", None),
        ("11:00", None),
        ("12:30", "Lunch"),
        ("13:29", "Lunch"),
        ("13:30", None),
    ],
)
def test_a_dose_belongs_to_the_round_whose_first_hour_holds_it(due, name):
    spans = rounds.rounds_on([LUNCH, MORNING], DAY, ZONE)
    assert [s.name for s in spans] == ["Morning", "Lunch"]
    found = rounds.round_of(at(due), spans)
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("span", "next_due", "close"),
    [
        ("08:00", None, "11:00"),  # the round's close
        (None, None, "11:00"),  # an individual time: three hours after due
        ("08:00", "10:00", "10:00"),  # the next dose comes first
        (None, "09:00", "09:00"),
        ("08:00", "12:30", "11:00"),
        ("08:00", "08:00", "11:00"),  # not its own due time
    ],
)
def test_a_dose_closes_with_its_round_or_after_three_hours_or_at_the_next_dose(span, next_due, close):
    whole = RoundSpan("Morning", at("08:00"), at("11:00")) if span else None
    assert rounds.close_of(at("08:00"), whole, at(next_due) if next_due else None) == at(close)


@pytest.mark.parametrize(
    ("now", "name"),
    [
        ("06:59", None),
        ("07:00", "Morning"),
        ("10:59", "Morning"),
        ("11:00", None),
        ("11:29", None),
        ("11:30", "Lunch"),
        ("15:29", "Lunch"),
        ("15:30", None),
    ],
)
def test_the_round_somebody_means_is_open_or_begins_within_the_hour(now, name):
    found = rounds.round_now(rounds.rounds_on([MORNING, LUNCH], DAY, ZONE), at(now))
    assert (found.name if found else None) == name


@pytest.mark.parametrize(("now", "name"), [("11:40", "Morning"), ("12:29", "Morning"), ("12:30", "Lunch")])
def test_a_round_that_is_running_is_meant_rather_than_one_still_to_begin(now, name):
    late_lunch = RoundFacts("Lunch", dt.time(12, 30), 180)
    late_morning = RoundFacts("Morning", dt.time(11, 30), 180)
    assert rounds.round_now(rounds.rounds_on([late_morning, late_lunch], DAY, ZONE), at(now)).name == name


def test_of_two_rounds_to_come_the_nearer_one_is_meant():
    soon, later = RoundFacts("Tea", dt.time(17), 120), RoundFacts("Supper", dt.time(17, 30), 120)
    assert rounds.round_now(rounds.rounds_on([later, soon], DAY, ZONE), at("16:45")).name == "Tea"


def test_of_two_open_rounds_the_later_one_is_meant():
    long = RoundFacts("Morning", dt.time(8), 360)
    assert rounds.round_now(rounds.rounds_on([long, LUNCH], DAY, ZONE), at("12:40")).name == "Lunch"


@pytest.mark.parametrize(
    ("day", "starts", "start_utc", "holds_utc"),
    [
        # Forward: 01:30 does not exist, the round begins at the first instant that does (01:00 UTC).
        (dt.date(2027, 3, 28), dt.time(1, 30), "01:00", "01:59"),
        # Back: 01:30 comes twice, the round begins at the first (00:30 UTC) and holds sixty real minutes.
        (dt.date(2026, 10, 25), dt.time(1, 30), "00:30", "01:29"),
    ],
)
def test_a_round_at_a_change_of_the_clocks_holds_sixty_real_minutes(day, starts, start_utc, holds_utc):
    (span,) = rounds.rounds_on([RoundFacts("Night", starts, 180)], day, ZONE)
    utc = lambda words: dt.datetime.combine(day, dt.time.fromisoformat(words), dt.UTC)  # noqa: E731
    assert span.start_at == utc(start_utc)
    assert span.close_at == span.start_at + dt.timedelta(hours=3)
    assert rounds.round_of(utc(holds_utc), [span]) == span
    assert rounds.round_of(utc(holds_utc) + MIN, [span]) is None


def test_lateness_is_real_time_over_a_change_of_the_clocks():
    due = clock.at_local(dt.date(2026, 10, 25), dt.time(0, 30), ZONE)
    dose = DoseTimes(due, 60, 30, due + dt.timedelta(hours=3))
    now = clock.at_local(dt.date(2026, 10, 25), dt.time(2, 15), ZONE)  # 1 h 45 on the wall, 2 h 45 in life
    assert states.dose_state(dose, [], now).late_by == dt.timedelta(hours=2, minutes=45)


# ---------------------------------------------------------------- states


@pytest.mark.parametrize(
    ("now", "kind", "late"),
    [
        ("06:59", "coming", 0),
        ("07:00", "due", 0),
        ("08:00", "due", 0),
        ("08:30", "due", 0),
        ("08:31", "late", 31),
        ("10:59", "late", 179),
        ("11:00", "gap", 180),
    ],
)
def test_without_an_outcome_the_clock_decides(now, kind, late):
    state = states.dose_state(times(), [], at(now))
    assert (state.kind, state.late_by) == (kind, late * MIN)
    assert state.open == (kind in ("due", "late")) and not state.settled


def test_a_window_that_is_cut_by_the_close_ends_with_it():
    assert states.dose_state(times(after=60, close="08:20"), [], at("08:25")).kind == "gap"


def test_somebody_away_when_it_fell_due_is_away_at_any_hour_and_a_given_dose_stays_given():
    for now in ("06:00", "08:10", "10:00", "12:00"):
        assert states.dose_state(times(), [], at(now), away="hospital").kind == "away"
    assert states.dose_state(times(), [entry()], at("09:00"), away="hospital").kind == "given"


def test_a_give_stands_whatever_came_before_and_after_it():
    refused, give = entry(1, "refused", "08:01"), entry(2, when="08:40")
    for entries in ([refused, give], [give], [give, entry(3, after_the_fact=True, when="08:50")]):
        state = states.dose_state(times(), entries, at("12:00"))
        assert (state.kind, state.entry, state.settled) == ("given", give, True)


def test_a_reported_give_makes_the_dose_reported_and_the_newest_report_is_shown():
    first, second = entry(1, after_the_fact=True), entry(2, after_the_fact=True, when="08:50")
    state = states.dose_state(times(), [first, second], at("09:00"))
    assert (state.kind, state.entry, state.settled) == ("reported", second, True)
    assert state.late_by == 50 * MIN


def test_a_refused_dose_comes_back_twice_and_is_not_given_at_the_third_offer():
    one, two, three = entry(1, "refused", "08:05"), entry(2, "asleep", "08:40"), entry(3, "refused", "09:20")
    state = states.dose_state(times(), [one], at("08:06"))
    assert (state.kind, state.again_from, state.open) == ("again", at("08:35"), True)
    assert states.dose_state(times(), [one, two], at("08:41")).again_from == at("09:10")
    state = states.dose_state(times(), [one, two, three], at("09:21"))
    assert (state.kind, state.entry, state.settled) == ("not_given", three, True)


def test_a_refused_dose_is_not_given_once_its_round_has_closed():
    one = entry(1, "refused", "08:05")
    assert states.dose_state(times(), [one], at("10:59")).kind == "again"
    assert states.dose_state(times(), [one], at("11:00")).kind == "not_given"


@pytest.mark.parametrize("outcome", [n for n in NOT_GIVEN if not OUTCOMES[n].again])
def test_other_outcomes_settle_a_dose(outcome):
    state = states.dose_state(times(), [entry(1, outcome)], at("08:30"))
    assert state.kind == ("away" if outcome == "away" else "not_given") and state.settled


def test_the_newest_not_given_outcome_is_the_state():
    newest = entry(2, "not_available", "08:30")
    assert states.dose_state(times(), [entry(1, "refused"), newest], at("08:31")).entry == newest


# ---------------------------------------------------------------- claims


def test_a_voided_give_leaves_the_dose_open_and_the_next_claim_is_one_higher():
    void = entry(1, void=True)
    assert states.dose_state(times(), [void], at("08:20")).kind == "due"
    assert states.live_give([void]) is None
    claims = [states.next_claim(before) for before in ([], [void], [void, entry(2, void=True)])]
    assert claims == [1, 2, 3]
    # Refusals and reports of a dose already given take no claim.
    assert states.next_claim([entry(1, "refused"), entry(2, after_the_fact=True, void=True), entry(3)]) == 1


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("08:30", ""),
        ("08:31", "31 min after due (1 past its window)"),
        ("09:04", "1 hour 4 min after due (34 past its window)"),
        ("10:50", "2 hours 50 min after due (140 past its window)"),
    ],
)
def test_lateness_is_said_from_the_due_time_with_what_is_past_the_window(when, words):
    state = states.dose_state(times(), [entry(when=when)], at("12:00"))
    assert rules.late_words(state, times()).replace("\u00a0", " ") == words


# ---------------------------------------------------------------- how somebody was identified


@pytest.mark.parametrize(
    ("how", "place", "minutes", "flags"),
    [
        ("scanner", "person", 0, []),
        ("camera", "person", 20, []),
        ("camera", "person", 21, ["scan_expired"]),
        ("scanner", "door", 0, ["not_with_person"]),
        ("typed", "person", 0, ["typed"]),
        ("typed", "folder", 30, ["typed", "not_with_person", "scan_expired"]),
        ("no_scan", "", 60, ["no_scan"]),
    ],
)
def test_an_opening_says_what_an_entry_resting_on_it_is_flagged_with(how, place, minutes, flags):
    assert Identified(5, how, place, at("08:00")).flags(at("08:00") + minutes * MIN) == flags


def test_no_opening_at_all_is_flagged_as_without_a_scan():
    assert Identified().flags(at("08:00")) == ["no_scan"]
