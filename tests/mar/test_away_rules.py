"""Absences, arrivals, what must be compared and what was counted: the decisions alone."""

import datetime as dt
from decimal import Decimal

import pytest

from medpwa.mar import away_rules
from medpwa.mar.away_rules import Compared, Count
from medpwa.residents.rules import Stay, spans

DAY = dt.datetime(2026, 11, 16, tzinfo=dt.UTC)


def at(hours: float) -> dt.datetime:
    return DAY + dt.timedelta(hours=hours)


def line(*stays: tuple[float, str], keyed: float | None = None) -> tuple[Stay, ...]:
    """Whereabouts keyed as they happened, the first perhaps later."""
    made = [Stay(n, at(h), state, at=at(h)) for n, (h, state) in enumerate(stays, 1)]
    if keyed is not None:
        made[0] = Stay(1, made[0].valid_from, made[0].state, at=at(keyed))
    return spans(made)


def absences(*stays) -> list[tuple]:
    return [
        ((a.start - DAY) / dt.timedelta(hours=1), a.end and (a.end - DAY) / dt.timedelta(hours=1), sorted(a.states))
        for a in away_rules.absences(line(*stays))
    ]


@pytest.mark.parametrize(
    "stays, expected",
    [
        ([(0, "home")], []),
        ([(0, "home"), (8, "hospital")], [(8, None, ["hospital"])]),
        ([(0, "home"), (8, "leave"), (20, "home")], [(8, 20, ["leave"])]),
        ([(0, "home"), (8, "leave"), (9, "hospital"), (20, "home")], [(8, 20, ["hospital", "leave"])]),
        ([(0, "home"), (8, "hospital"), (9, "died")], [(8, 9, ["hospital"])]),
        ([(0, "home"), (1, "leave"), (2, "home"), (3, "leave")], [(1, 2, ["leave"]), (3, None, ["leave"])]),
    ],
)
def test_an_absence_is_from_leaving_the_home_to_coming_back(stays, expected):
    assert absences(*stays) == expected


def arrivals(*stays, keyed=None) -> list[tuple]:
    return [
        ((a.at - DAY) / dt.timedelta(hours=1), a.came, a.until and (a.until - DAY) / dt.timedelta(hours=1))
        for a in away_rules.arrivals(line(*stays, keyed=keyed))
    ]


@pytest.mark.parametrize(
    "stays, keyed, expected",
    [
        ([(0, "home")], 1, [(0, "moved_in", None)]),
        ([(0, "home")], 24, []),
        ([(0, "home"), (8, "hospital"), (20, "home")], 30, [(20, "hospital", None)]),
        ([(0, "home"), (8, "leave"), (20, "home")], 30, []),
        ([(0, "home"), (8, "leave"), (20, "home")], 1, [(0, "moved_in", None)]),
        ([(0, "home"), (1, "hospital"), (2, "leave"), (3, "home")], 30, [(3, "hospital", None)]),
        ([(0, "home"), (1, "hospital"), (2, "home"), (3, "hospital")], 30, [(2, "hospital", 3)]),
        ([(0, "home"), (1, "discharged"), (50, "home")], 30, [(50, "moved_in", None)]),
        ([(0, "home"), (1, "hospital"), (2, "home"), (3, "leave"), (4, "home")], 30, [(2, "hospital", None)]),
    ],
)
def test_the_list_is_compared_after_hospital_and_moving_in_never_after_leave(stays, keyed, expected):
    assert arrivals(*stays, keyed=keyed) == expected


def test_a_correction_of_the_note_does_not_make_somebody_have_lived_here_before():
    first = Stay(1, at(0), "home", at=at(1))
    again = Stay(2, at(0), "home", note="From Leeds", at=at(60))
    assert [a.came for a in away_rules.arrivals(spans([first, again]))] == ["moved_in"]


def test_it_is_due_by_the_end_of_the_homes_day_also_when_the_clocks_change():
    came = away_rules.Arrival(dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC), 1, "hospital")  # 01:30 BST
    assert came.due_by("Europe/London") == dt.datetime(2026, 10, 26, tzinfo=dt.UTC)


TWO = dict(first_source="Discharge letter", second_source="GP list")


@pytest.mark.parametrize(
    "before, step, fields",
    [
        ("required", Compared("complete", **TWO), []),
        ("required", Compared("in_progress", "Discharge letter"), []),
        ("required", Compared("in_progress"), ["first_source"]),
        ("required", Compared("complete", "Discharge letter"), ["second_source"]),
        ("required", Compared("complete", "GP list", "gp  list".replace("  ", " ")), ["second_source"]),
        ("in_progress", Compared("discrepancies", **TWO), ["discrepancies"]),
        ("in_progress", Compared("discrepancies", **TWO, discrepancies="No statin"), []),
        ("discrepancies", Compared("complete", **TWO, discrepancies="No statin"), ["resolved"]),
        ("discrepancies", Compared("complete", **TWO, discrepancies="No statin", resolved="Dr A, 15:00"), []),
        ("discrepancies", Compared("in_progress", "x"), ["first_source"]),
        ("complete", Compared("complete", **TWO), ["first_source"]),
        ("required", Compared("nonsense", "x"), ["first_source"]),
        ("required", Compared("in_progress", "x" * 201), ["first_source"]),
    ],
)
def test_a_step_follows_from_the_one_before_and_two_sources_finish_it(before, step, fields):
    assert [name for name, _ in away_rules.compared_faults(before, step)] == fields


@pytest.mark.parametrize(
    "out, back, due, tone, said",
    [
        (None, None, None, "plain", "Not counted"),
        ("7", None, "4", "coming", "7 went along"),
        ("7", "7", "0", "given", "7 went, 7 came back: all of it"),
        ("7", "3", "4", "given", "7 went, 3 came back, 4 to be explained by doses while away: 4 fell due"),
        ("7", "3", "0", "late", "7 went, 3 came back, 4 to be explained by doses while away: none fell due"),
        ("7", "3", "2", "late", "7 went, 3 came back, 4 to be explained by doses while away: 2 fell due"),
        ("7", "3", None, "flagged", "7 went, 3 came back, 4 to be explained by doses while away"),
        ("7", "8", "4", "late", "7 went, 8 came back: 1 more than went. Count again, or find out"),
        (None, "2", "0", "late", "2 came back, nothing was counted out"),
        ("2.5", "0", "2.5", "given", "2.5 went, 0 came back, 2.5 to be explained by doses while away: 2.5 fell due"),
    ],
)
def test_what_went_and_what_came_back_is_plain_arithmetic(out, back, due, tone, said):
    amounts = [None if x is None else Decimal(x) for x in (out, back, due)]
    assert away_rules.difference_words(*amounts) == (tone, said)


def test_a_count_is_a_figure_a_person_can_have_counted():
    wrong = [Count(1, Decimal("-1")), Count(2, Decimal("10000")), Count(3, Decimal("NaN"))]
    wrong.append(Count(4, Decimal(1), "x" * 201))
    assert [n for n, _ in away_rules.count_faults(wrong)] == ["amount_1", "amount_2", "amount_3", "note_4"]
    assert away_rules.count_faults([Count(1, Decimal("0")), Count(2, Decimal("2.5"), "Blue box")]) == []


def test_the_middle_of_some_hours():
    hours = [dt.timedelta(hours=h) for h in (9, 1, 3)]
    assert away_rules.middle(hours) == dt.timedelta(hours=3)
    assert away_rules.middle(hours[:2]) == dt.timedelta(hours=5)
    assert away_rules.middle([]) is None
    assert away_rules.hours_words(dt.timedelta(hours=3, minutes=59)) == "3\u00a0h"
    assert away_rules.hours_words(dt.timedelta(minutes=59)) == "under 1\u00a0h"
