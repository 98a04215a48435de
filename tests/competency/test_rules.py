"""The verdict as tables: no database."""

import datetime as dt

import pytest

from medpwa import clock
from medpwa.competency import rules
from medpwa.competency.rules import GrantFact, signed_off, state_of
from medpwa.competency.vocabulary import DERIVED, IN_A_SENTENCE, SHORT, SKILLS, STATES

NOW = clock.local_to_instant(dt.datetime(2026, 11, 16, 11, 40))
DAY = dt.timedelta(days=1)
HAROLD, KENNETH = 4, 8


def fact(state="competent", *, skill="oral", resident=None, start=-10, until=300, id=1, reason=""):
    end = None if until is None else NOW + until * DAY
    return GrantFact(skill, resident, state, NOW + start * DAY, end, id, reason)


def test_nobody_is_signed_off_until_somebody_says_so():
    stands = state_of((), "oral", None, NOW)
    assert (stands.state, stands.since) == ("not_started", None)
    assert stands.words == "You are not signed off for medicines by mouth yet."


@pytest.mark.parametrize(
    ("grants", "state"),
    [
        ([fact()], "competent"),
        ([fact(start=1)], "not_started"),  # begins tomorrow
        ([fact(start=0)], "competent"),  # begins this very moment
        ([fact(until=-1)], "expired"),
        ([fact(until=0)], "expired"),  # the end itself no longer counts
        ([fact(until=None)], "competent"),
        ([fact(id=1), fact("suspended", start=-1, until=None, id=2)], "suspended"),
        ([fact("suspended", start=-1, until=None, id=2), fact(id=3, start=-5)], "suspended"),  # back-dated: no way out
        ([fact("suspended", start=-1, until=None, id=2), fact(id=3, start=0)], "competent"),
        ([fact(start=-2, id=4), fact("ended", start=-2, until=None, id=5)], "ended"),  # same moment: the later row
        ([fact("supervised_only", until=-1)], "supervised_only"),  # its end signs nobody off
        ([fact("suspended", until=-1)], "suspended"),
        ([fact(skill="topical")], "not_started"),
    ],
)
def test_the_latest_begun_grant_decides(grants, state):
    assert state_of(grants, "oral", None, NOW).state == state
    assert signed_off(grants, ["oral"], None, NOW).allowed is (state == "competent")


@pytest.mark.parametrize(
    ("skill", "granted_for", "asked_for", "allowed"),
    [
        ("insulin", HAROLD, HAROLD, True),
        ("insulin", HAROLD, KENNETH, False),
        ("insulin", None, HAROLD, False),  # a general grant never covers a delegated skill
        ("insulin", HAROLD, None, False),
        ("peg", KENNETH, KENNETH, True),
        ("buccal_midazolam", None, None, False),
        ("oral", None, HAROLD, True),
        ("oral", HAROLD, HAROLD, True),
        ("oral", HAROLD, KENNETH, False),
        ("oral", HAROLD, None, False),
    ],
)
def test_a_delegated_skill_counts_for_its_own_resident_alone(skill, granted_for, asked_for, allowed):
    grants = [fact(skill=skill, resident=granted_for)]
    assert signed_off(grants, [skill], asked_for, NOW).allowed is allowed


def test_all_required_skills_are_required_and_each_missing_one_is_named():
    verdict = signed_off([fact()], ["oral", "controlled", "warfarin", "oral"], None, NOW)
    assert not verdict.allowed
    assert [m.skill_words for m in verdict.missing] == ["Controlled drugs", "Warfarin"]
    assert signed_off([], [], None, NOW).allowed


@pytest.mark.parametrize(
    ("grant", "words"),
    [
        (
            fact("assessing", reason="1 of 3 observed rounds passed"),
            "You have passed 1 of 3 observed rounds for medicines by mouth.",
        ),
        (
            fact("knowledge_passed", reason="Shadowing, none of 3 observed yet"),
            "You have passed none of 3 observed rounds for medicines by mouth.",
        ),
        (fact("assessing"), "Your rounds for medicines by mouth are still being observed."),
        (
            fact("knowledge_passed", reason="Course passed"),
            "You have passed the course for medicines by mouth. Your observed rounds come next.",
        ),
        (fact("suspended", start=-15), "Your sign-off for medicines by mouth is paused since 1 Nov."),
        (fact("supervised_only"), "You give medicines by mouth only when supervised for now."),
        (fact(until=-1), "Your sign-off for medicines by mouth ended on 15 Nov."),
        (fact(until=-400, start=-700), "Your sign-off for medicines by mouth ended on 12 Oct 2025."),
        (fact("ended", start=-2, until=None), "Your sign-off for medicines by mouth was ended on 14 Nov."),
        (fact("not_started"), "You are not signed off for medicines by mouth yet."),
    ],
)
def test_a_missing_sign_off_is_said_kindly_to_the_person(grant, words):
    (missing,) = signed_off([grant], ["oral"], None, NOW).missing
    assert missing.words.replace("\u00a0", " ") == words


def test_every_state_and_skill_has_words():
    assert set(IN_A_SENTENCE) == set(SHORT) == set(SKILLS)
    for state in set(STATES) - DERIVED:
        for skill in SKILLS:
            stands = state_of([fact(state, skill=skill, resident=HAROLD)], skill, HAROLD, NOW)
            assert stands.state == state
            assert stands.words.startswith("You") and stands.words.endswith(".")


@pytest.mark.parametrize(("until", "soon"), [(60, True), (61, False), (1, True), (-1, False), (None, False)])
def test_a_sign_off_is_due_soon_within_sixty_days_of_its_end(until, soon):
    assert rules.due_soon(state_of([fact(until=until)], "oral", None, NOW), NOW) is soon


@pytest.mark.parametrize(
    ("start", "end"),
    [((2026, 11, 16, 11, 40), "2027-11-16"), ((2028, 2, 29, 9, 0), "2029-03-01"), ((2026, 7, 1, 0, 30), "2027-07-01")],
)
def test_a_year_later_is_the_start_of_the_same_day(start, end):
    ends = rules.a_year_later(clock.local_to_instant(dt.datetime(*start)), "Europe/London")
    assert clock.local(ends).isoformat()[:16] == f"{end}T00:00"
