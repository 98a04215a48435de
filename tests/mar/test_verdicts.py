"""May it be given, may it be recorded: every question, in the order of the harm it prevents."""

import datetime as dt
from dataclasses import replace

import pytest

from medpwa.mar import extras, rules, states
from medpwa.mar.rules import GiveFacts
from medpwa.mar.states import DoseState
from medpwa.mar.vocabulary import NOT_GIVEN
from tests.mar.facts import at, entry, times
from tests.mar.test_limits import facts as limit_facts
from tests.mar.test_limits import gave

# ---------------------------------------------------------------- may it be given


def facts(now: str = "08:10", **changes: object) -> GiveFacts:
    dose = times()
    values: dict = dict(state=states.dose_state(dose, [], at(now)), times=dose, medicine="senna", called="Ivy")
    return GiveFacts(**values | changes)


def given_already() -> DoseState:
    return DoseState("given", entry(when="08:04"))


# In the order of the harm they prevent: each row switches on one more reason, and each later one yields to it.
QUESTIONS = [
    ("left", {"whereabouts": "died"}),
    ("already_given", {"state": given_already()}),
    ("stopped", {"in_force": False}),
    ("on_hold", {"on_hold": True}),
    ("by_visitor", {"by_visitor": True}),
    ("changed", {"same_version": False}),
    ("unchecked", {"checked": False}),
    ("allergies", {"allergy_status": "not_recorded"}),
    ("allergy_clash", {"allergy_clash": "senna"}),
    ("interval", {"limits": limit_facts(gave(at("08:00")))}),
    ("closed", {}),
    ("not_signed_off", {"skilled": False, "skill_words": ("You are not signed off for medicines by mouth yet.",)}),
    ("scan_first", {"opened": False}),
]


def test_the_questions_are_asked_in_the_order_of_the_harm_they_prevent():
    everything = {k: v for _, change in QUESTIONS for k, v in change.items()}
    for number, (code, change) in enumerate(QUESTIONS):
        past_close = number <= [c for c, _ in QUESTIONS].index("closed")
        verdict = rules.judge_give(facts(**everything), at("11:00" if past_close else "08:10"))
        assert not verdict.allowed and verdict.first.code == code
        assert [r.code for r in verdict.reasons] == [c for c, _ in QUESTIONS[number:]]
        for name in change:
            del everything[name]
    assert rules.judge_give(facts(), at("08:10")).allowed


@pytest.mark.parametrize(("code", "change"), [q for q in QUESTIONS if q[1]] + [("superseded", {"superseded": True})])
def test_each_reason_alone_says_why_in_a_sentence(code, change):
    verdict = rules.judge_give(facts(**change), at("08:10"))
    assert [r.code for r in verdict.reasons] == [code]
    assert verdict.first.words.endswith(".") and len(verdict.first.words) > 30


def test_before_its_window_it_is_not_due_and_the_words_say_from_when():
    verdict = rules.judge_give(facts("06:30"), at("06:30"))
    assert [r.code for r in verdict.reasons] == ["not_due"] and "07:00" in verdict.first.words


def test_a_dose_of_somebody_away_is_no_less_early_and_is_not_given_before_its_window():
    away = DoseState("away", where="hospital")
    assert rules.judge_give(facts("06:30", state=away), at("06:30")).first.code == "not_due"
    assert rules.judge_give(facts("07:00", state=away), at("07:00")).allowed, "in front of the carer, in its window"
    assert rules.judge_not_given(facts("06:30", state=away), at("06:30")).first.code == "not_due"


@pytest.mark.parametrize("whereabouts", ["discharged", "died"])
def test_nothing_is_given_to_somebody_who_left(whereabouts):
    assert rules.judge_give(facts(whereabouts=whereabouts), at("08:10")).first.code == "left"


def test_already_given_says_when_and_by_whom():
    words = rules.judge_give(facts(state=given_already(), given_by="Tolu Bello"), at("08:10")).first.words
    assert "08:04" in words and "Tolu Bello" in words and "corrected" in words
    reported = DoseState("reported", entry(after_the_fact=True))
    words = rules.judge_give(facts(state=reported, given_by="Tolu Bello"), at("08:10")).first.words
    assert words.startswith("Already reported as given") and "Tolu Bello" in words


@pytest.mark.parametrize(
    ("now", "changes", "flags"),
    [
        ("08:10", {}, ()),
        ("08:31", {}, ("late",)),
        ("08:10", {"whereabouts": "hospital"}, ("recorded_away",)),
        ("09:00", {"whereabouts": "leave"}, ("late", "recorded_away")),
    ],
)
def test_what_a_give_is_flagged_with(now, changes, flags):
    verdict = rules.judge_give(facts(now, **changes), at(now))
    assert (verdict.allowed, verdict.flags) == (True, flags)


@pytest.mark.parametrize("leave", ["supervised", "break_glass"])
def test_who_is_not_signed_off_gives_by_leave_alone_and_the_dose_says_so(leave):
    verdict = rules.judge_give(facts(skilled=False, leave=leave), at("08:10"))
    assert (verdict.allowed, verdict.flags) == (True, (leave,))
    assert rules.judge_give(facts(leave=leave), at("08:10")).flags == (), "who is signed off needs none"
    both = rules.judge_give(facts(skilled=False, leave=leave, allergy_clash="senna"), at("08:10"))
    assert not both.allowed, "it opens the question of the sign-off and no other"


def test_why_somebody_beside_does_not_count_is_said_instead_of_the_sign_off():
    no = rules.Reason("supervisor_gone", "Sena Addo has no role in this home now.")
    verdict = rules.judge_give(facts(skilled=False, beside_no=no), at("08:10"))
    assert verdict.reasons == (no,)
    assert rules.judge_give(facts(beside_no=no), at("08:10")).allowed


def test_a_dose_offered_again_past_its_window_is_flagged_late():
    state = states.dose_state(times(), [entry(1, "refused", "08:05")], at("09:00"))
    assert rules.judge_give(facts(state=state), at("09:00")).flags == ("late",)


# ---------------------------------------------------------------- may it be recorded as not given


@pytest.mark.parametrize(
    "change",
    [
        {"skilled": False},
        {"opened": False},
        {"checked": False},
        {"allergy_status": "not_recorded"},
        {"allergy_clash": "senna"},
        {"whereabouts": "died"},
        {"same_version": False},
        {"superseded": True},
    ],
)
def test_saying_why_it_was_not_given_is_never_held_up(change):
    assert rules.judge_not_given(facts(**change), at("08:10")).allowed


@pytest.mark.parametrize(
    ("now", "changes", "code"),
    [
        ("08:10", {"state": given_already()}, "already_given"),
        ("08:10", {"state": DoseState("reported", entry(after_the_fact=True))}, "already_given"),
        ("08:10", {"in_force": False}, "stopped"),
        ("06:30", {}, "not_due"),
    ],
)
def test_a_not_given_outcome_is_refused_where_it_would_contradict_the_record(now, changes, code):
    assert rules.judge_not_given(facts(now, **changes), at(now)).first.code == code


def test_a_gap_may_be_explained_for_24_hours_and_is_then_for_a_manager():
    for hours, allowed in ((2, True), (3, True), (24, True)):
        now = at("08:00") + dt.timedelta(hours=hours)
        verdict = rules.judge_not_given(facts(state=states.dose_state(times(), [], now)), now)
        assert verdict.allowed == allowed and verdict.flags == (("after_close",) if hours >= 3 else ())
    now = at("08:00") + dt.timedelta(hours=24, minutes=1)
    verdict = rules.judge_not_given(facts(state=states.dose_state(times(), [], now)), now)
    assert verdict.first.code == "too_old" and "manager" in verdict.first.words


@pytest.mark.parametrize(
    ("outcome", "reason", "note", "field"),
    [
        ("refused", "did_not_want", "", None),
        ("refused", "", "", "reason"),
        ("refused", "hospital", "", "reason"),
        ("asleep", "", "", None),
        ("asleep", "made up by hand", "", "why"),
        ("away", "hospital", "", "ward"),
        ("not_available", "out_of_stock", "", "chased"),
        ("other", "", "She choked on water", None),
        ("other", "", "no   ", "note"),
        ("other", "x", "She choked on water", "why"),
        ("given", "", "", "why"),
        ("", "", "", "why"),
        ("lost", "", "", "why"),
    ],
)
def test_a_not_given_outcome_needs_a_reason_we_know_or_some_words(outcome, reason, note, field):
    found = extras.problems(outcome, reason, note, {}, offered=NOT_GIVEN)
    assert [name for name, _ in found] == ([field] if field else [])


def test_the_facts_of_a_give_are_read_by_some_question():
    """A stored limit nothing reads is worse than none: every fact changes the verdict or its words."""
    quiet = {"zone", "times", "skill_words", "medicine", "called", "given_by", "state"}
    changed = {name for _, change in QUESTIONS for name in change} | {"superseded", "what_changed", "limits", "gone"}
    changed |= {"letter_code", "letter_words", "ask"}  # test_letters
    changed |= {"leave", "beside_no"}  # above
    assert {f for f in GiveFacts.__dataclass_fields__} - quiet == changed - quiet
    assert replace(facts(), called="Bert").called == "Bert"
