"""The decisions of an assessment as tables, without a database."""

from dataclasses import replace

import pytest

from medpwa import clock
from medpwa.practice import assessing_rules as rules
from medpwa.practice import instrument, instrument_rules
from medpwa.practice.assessing_rules import AssessorFacts, RoundSeen, Seen
from medpwa.practice.assessing_vocabulary import KINDS, MARKS

TEMPLATE = instrument_rules.read(instrument.first())
NEEDS = TEMPLATE.needs["initial"]
ALL_MET = {item.key: "met" for item in TEMPLATE.items}
CRITICAL = TEMPLATE.critical[0]
PLAIN = next(item for item in TEMPLATE.items if not item.critical)
ABLE = AssessorFacts(False, "Ben Hale", True, 0, 4, True, (), False)


def seen(*names, **changes):
    """Everything shown, with rounds of these names passed and signed."""
    rounds = tuple(RoundSeen(name, ALL_MET, True, False, True) for name in names)
    return Seen(**dict(knowledge=True, shadows=2, scenarios=True, reflected=True, rounds=rounds) | changes)


COMPLETE = seen("Morning", "Lunch", "Lunch")

# ---------------------------------------------------------------- the template


def test_the_shipped_template_has_ten_parts_and_asks_for_three_rounds_at_two_times_of_day():
    assert len(TEMPLATE.domains) == 10 and TEMPLATE.pass_mark == 80
    assert (NEEDS.knowledge, NEEDS.shadows, NEEDS.rounds, NEEDS.times, NEEDS.scenarios) == (True, 2, 3, 2, True)
    assert set(TEMPLATE.needs) == set(KINDS)
    assert len(TEMPLATE.critical) >= 15 and len({i.key for i in TEMPLATE.items}) == len(TEMPLATE.items)
    assert instrument_rules.problems(instrument.first()) == []


def test_a_template_comes_back_from_its_own_form_as_it_was():
    for domain, stored in zip(TEMPLATE.domains, instrument.first()["domains"], strict=True):
        assert instrument_rules.item_lines(instrument_rules.written(domain)) == stored["items"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda b: b.update(pass_mark=49), "pass_mark"),
        (lambda b: b.update(pass_mark=101), "pass_mark"),
        (lambda b: b.update(pass_mark=None), "pass_mark"),
        (lambda b: b.update(knowledge=[]), "knowledge"),
        (lambda b: b.update(scenarios=["x" * 201]), "scenarios"),
        (lambda b: b["needs"]["initial"].update(rounds=0), "initial_rounds"),
        (lambda b: b["needs"]["initial"].update(times=4), "initial_times"),
        (lambda b: b["needs"]["annual"].update(times=2), "annual_times"),
        (lambda b: b["needs"]["agency"].update(shadows=None), "agency_shadows"),
        (lambda b: b["domains"].pop(), "domain_1"),
        (lambda b: b["domains"][3].update(items=[]), "domain_4"),
        (lambda b: b["domains"][3]["items"][0].update(words="x" * 201), "domain_4"),
        (lambda b: [i.update(critical=False) for d in b["domains"] for i in d["items"]], "domain_1"),
    ],
)
def test_a_template_that_would_not_hold_is_said_beside_its_field(change, field):
    body = instrument.first()
    change(body)
    assert field in [name for name, _ in instrument_rules.problems(body)]


# ---------------------------------------------------------------- who may assess


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"person_rank": 4}, None),  # a colleague of the same role
        ({"is_self": True}, "own_assessment"),
        ({"person_works_here": False}, "person_gone"),
        ({"person_rank": 5}, "above_self"),
        ({"leads": False}, "not_an_assessor"),
        ({"out_of_date": ("medicines by mouth",)}, "assessor_lapsed"),
        ({"needs_assessor_skill": True}, "not_trained_to_assess"),
    ],
)
def test_nobody_assesses_themselves_their_manager_or_what_they_are_not_in_date_for(change, code):
    no = rules.why_not_assessor(replace(ABLE, **change))
    assert (no.code if no else None) == code


# ---------------------------------------------------------------- one round


@pytest.mark.parametrize("item", TEMPLATE.critical, ids=lambda i: i.key)
def test_a_round_with_any_critical_item_not_met_does_not_pass(item):
    assert rules.round_passes(TEMPLATE, ALL_MET, 1) is None
    assert rules.round_passes(TEMPLATE, ALL_MET | {item.key: "not_met"}, 9).code == "critical"


@pytest.mark.parametrize(
    ("marks", "doses", "code"),
    [
        (ALL_MET | {PLAIN.key: "not_met"}, 1, None),  # the comment says what was seen
        (ALL_MET | {CRITICAL.key: "not_seen"}, 1, None),
        (ALL_MET | {CRITICAL.key: "knowledge"}, 1, None),
        (ALL_MET, 0, "no_dose"),
        ({key: "not_seen" for key in ALL_MET}, 3, "nothing_met"),
    ],
)
def test_a_round_passes_by_what_was_seen_and_recorded_in_it(marks, doses, code):
    no = rules.round_passes(TEMPLATE, marks, doses)
    assert (no.code if no else None) == code


def test_every_critical_item_is_marked_and_whatever_was_not_met_is_said_in_words():
    assert rules.finishing_problems(TEMPLATE, ALL_MET, {}) == []
    lacking = {k: v for k, v in ALL_MET.items() if k != CRITICAL.key}
    assert [a for a, _ in rules.finishing_problems(TEMPLATE, lacking, {})] == [CRITICAL.anchor]
    bad, domain = ALL_MET | {PLAIN.key: "not_met"}, PLAIN.key.partition(".")[0]
    assert [a for a, _ in rules.finishing_problems(TEMPLATE, bad, {domain: "  "})] == [f"comment-{domain}"]
    assert rules.finishing_problems(TEMPLATE, bad, {domain: "The trolley stood open"}) == []


# ---------------------------------------------------------------- the whole


@pytest.mark.parametrize(("right", "of", "mark", "ok"), [
    (8, 10, 80, True), (7, 10, 80, False), (4, 5, 80, True), (3, 4, 80, False), (5, 5, 100, True), (4, 5, 100, False),
    (0, 0, 50, False),
])  # fmt: skip
def test_questions_pass_by_the_mark(right, of, mark, ok):
    assert rules.passed(right, of, mark) is ok


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({}, None),
        ({"knowledge": None}, "knowledge questions"),
        ({"knowledge": False}, "knowledge questions"),
        ({"shadows": 1}, "1 of 2 shadowed"),
        ({"scenarios": None}, "what would you do if"),
        ({"reflected": False}, "own words"),
        ({"watching": True}, "observed just now"),
        ({"rounds": COMPLETE.rounds[:2]}, "2 of 3 observed rounds"),
        ({"rounds": tuple(replace(r, name="Lunch") for r in COMPLETE.rounds)}, "all at 1 time of day"),
        ({"rounds": (*COMPLETE.rounds[:2], replace(COMPLETE.rounds[2], signed=False))}, "waits for a signature"),
        ({"rounds": (*COMPLETE.rounds[:2], replace(COMPLETE.rounds[2], abandoned=True))}, "2 of 3 observed rounds"),
        ({"rounds": (*COMPLETE.rounds[:2], replace(COMPLETE.rounds[2], passed=False))}, "2 of 3 observed rounds"),
    ],
)
def test_what_is_missing_keeps_it_from_ending_as_competent(change, says):
    shown = replace(COMPLETE, **change)
    lacking = rules.missing(TEMPLATE, NEEDS, shown)
    wrong = rules.why_not_outcome("competent", TEMPLATE, NEEDS, shown, "")
    if says is None:
        assert lacking == [] and wrong == []
    else:
        assert says in " ".join(lacking) and [field for field, _ in wrong] == ["outcome"]


def test_a_critical_item_nobody_ever_saw_or_asked_keeps_it_open():
    blind = tuple(replace(r, marks=ALL_MET | {CRITICAL.key: "not_seen"}) for r in COMPLETE.rounds)
    assert CRITICAL.words in " ".join(rules.missing(TEMPLATE, NEEDS, replace(COMPLETE, rounds=blind)))
    once = (replace(blind[0], marks=ALL_MET | {CRITICAL.key: "knowledge"}), *blind[1:])
    assert rules.missing(TEMPLATE, NEEDS, replace(COMPLETE, rounds=once)) == []


@pytest.mark.parametrize("item", TEMPLATE.critical, ids=lambda i: i.key)
@pytest.mark.parametrize("abandoned", [False, True])
def test_a_critical_item_not_met_can_never_end_as_competent_whatever_follows(item, abandoned):
    failed = RoundSeen("Night", ALL_MET | {item.key: "not_met"}, False, abandoned, True)
    shown = replace(COMPLETE, rounds=(failed, *COMPLETE.rounds, *COMPLETE.rounds))
    assert rules.why_not_outcome("competent", TEMPLATE, NEEDS, shown, "All good since")
    assert item.words in rules.missing(TEMPLATE, NEEDS, shown)[0]
    assert rules.why_not_outcome("development_needed", TEMPLATE, NEEDS, shown, "Practise it") == []


@pytest.mark.parametrize("outcome", ["development_needed", "not_competent", "abandoned"])
def test_every_other_end_asks_for_words_and_for_no_round_being_watched(outcome):
    assert rules.why_not_outcome(outcome, TEMPLATE, NEEDS, Seen(), " ")[0][0] == "words"
    assert rules.why_not_outcome(outcome, TEMPLATE, NEEDS, Seen(), "Moves to days") == []
    assert rules.why_not_outcome(outcome, TEMPLATE, NEEDS, Seen(watching=True), "Moves")[0][0] == "outcome"


# ---------------------------------------------------------------- states on the way


@pytest.mark.parametrize(
    ("kind", "shown", "state", "reason"),
    [
        ("initial", Seen(), "learning", "An assessment has begun"),
        ("initial", Seen(knowledge=False), "learning", "An assessment has begun"),
        ("initial", Seen(knowledge=True), "knowledge_passed", "Passed the knowledge questions"),
        ("initial", Seen(knowledge=True, shadows=1), "shadowing", "1 of 2 rounds shadowed"),
        ("initial", seen(watching=True), "assessing", "none of 3 observed rounds passed"),
        ("initial", seen("Morning"), "assessing", "1 of 3 observed rounds passed"),
        ("return", Seen(), "reassessment", "none of 3 observed rounds passed"),
        ("return", seen("Morning", "Lunch"), "reassessment", "2 of 3 observed rounds passed"),
        ("agency", Seen(), "assessing", "none of 1 observed rounds passed"),
    ],
)
def test_the_state_on_the_way_says_how_far_it_has_come(kind, shown, state, reason):
    assert rules.progress(kind, TEMPLATE.needs[kind], shown) == (state, reason)


@pytest.mark.parametrize("kind", list(KINDS))
def test_progress_never_writes_over_a_sign_off_or_a_supervised_state(kind):
    assert not rules.overwrites(kind, "competent") and not rules.overwrites(kind, "supervised_only")
    assert rules.overwrites(kind, "not_started")
    assert rules.overwrites(kind, "suspended") is (kind == "return")


def test_what_ran_out_by_itself_was_taken_away_by_nobody():
    begun, after = clock.from_micros(1_000_000), clock.from_micros(2_000_000)
    assert rules.taken_away("suspended", after, None, begun) and rules.taken_away("ended", after, None, begun)
    assert not rules.taken_away("suspended", begun, None, begun)
    assert not rules.taken_away("ended", after, after, begun)
    assert not rules.taken_away("assessing", after, None, begun)


def kind_problem(kind, state="learning", last=None, outside=False, manages=True):
    no = rules.why_not_kind(kind, [state], [last], outside, manages)
    return no.code if no else None


def test_only_a_return_that_a_manager_begins_leads_out_of_a_pause():
    assert kind_problem("return", "suspended", "suspended") is None
    assert kind_problem("return", "suspended", "suspended", manages=False) == "managers_begin"
    for kind in set(KINDS) - {"return"}:
        assert kind_problem(kind, "suspended", "suspended", outside=True) == "paused"


@pytest.mark.parametrize(
    ("kind", "fits"),
    [
        ("annual", {"competent"}),
        ("return", {"competent", "ended", "reassessment", "supervised_only", "development_needed", "not_competent"}),
        ("agency", {None, "competent", "supervised_only"}),
    ],
)
def test_a_kind_that_asks_for_less_follows_only_what_it_is_meant_for(kind, fits):
    """Else one round would do where three are asked for: whoever chooses the kind would choose how much is seen."""
    decided = {None, "competent", "ended", "reassessment", "supervised_only", "development_needed", "not_competent"}
    assert {last for last in decided if kind_problem(kind, last=last, outside=True) is None} == fits
    assert not {last for last in decided if kind_problem("initial", last=last)}, "a first assessment asks for most"


def test_one_round_of_an_agency_is_not_for_a_colleague():
    assert kind_problem("agency") == "not_from_outside"


def test_there_are_four_marks_and_the_first_is_met():
    assert list(MARKS) == ["met", "not_met", "not_seen", "knowledge"]
