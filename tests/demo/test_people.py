"""The sixteen people of the demo home (demo home 11.2) as the product's own queries find them, with the clock at Monday
16 November 2026, 11:40. The home is told once and then only read."""

from __future__ import annotations

import datetime as dt

import pytest

from medpwa import clock, ledger
from medpwa.alerts import Acknowledgement, Alert
from medpwa.competency import attestations, gate_rules, rules, states
from medpwa.competency import queries as sign_offs
from medpwa.competency.models import Grant
from medpwa.demo import arranged, team, trained, watched
from medpwa.mar import glass, supervised
from medpwa.mar.models import Entry
from medpwa.practice import (
    assessments,
    audit_queries,
    auditing,
    bookings,
    coverage,
    evidence,
    gives,
    inductions,
    matrix,
    quarters,
    spans,
    supervision_queries,
    training,
)
from medpwa.practice.models import CompetencyAudit, SupervisionNote, SupervisionSign
from medpwa.staff import queries as staff
from tests.conftest import NOW

CORE = team.CORE.split()
CONTROLLED = team.CONTROLLED.split()
COMPETENT = {
    # code: skills signed off today for everybody
    "S1": [*CORE, *CONTROLLED, "prn_psychotropic", "warfarin", "transcription", "assessor"],
    "S2": [*CORE, *CONTROLLED, "prn_psychotropic", "warfarin", "transcription", "assessor"],
    "S3": ["audit"],
    "S4": [*CORE, *CONTROLLED, "transcription"],
    "S5": [*CORE, *CONTROLLED, "transcription", "warfarin"],
    "S6": [],
    "S7": [*CORE, "prn_psychotropic"],
    "S8": [],
    "S9": CORE,
    "S10": CORE,
    "S11": [],
    "S12": [*CORE, *CONTROLLED],
    "S13": ["topical"],
    "S14": [],
    "S15": [],
    "S16": [],
}
OTHERWISE = {
    "S6": {**dict.fromkeys([*CORE, *CONTROLLED, "transcription"], "due_soon")},
    "S8": {"oral": "reassessment", **dict.fromkeys(["topical", "patch", "drops", "inhaler"], "suspended")},
    "S11": dict.fromkeys(CORE, "expired"),
    "S13": {"oral": "assessing", "drops": "not_started", "inhaler": "not_started"},
    "S14": dict.fromkeys(CORE, "not_started"),
    "S15": dict.fromkeys(CORE, "supervised_only"),
    "S16": {"oral": "shadowing", **dict.fromkeys(["topical", "patch", "drops", "inhaler"], "not_started")},
}
DELEGATED = {("S1", "insulin"), ("S2", "insulin"), ("S4", "insulin"), ("S7", "insulin"), ("S1", "peg"), ("S2", "peg"),
             ("S5", "peg"), ("S9", "peg"), ("S1", "buccal_midazolam"), ("S2", "buccal_midazolam"),
             ("S9", "buccal_midazolam")}  # fmt: skip
FOR = {"insulin": "R04", "peg": "R08", "buccal_midazolam": "R08"}
BESIDES = {"emar_use", *team.KEEPING.split()}  # what everybody or every leader holds


def grants(home, code):
    return sign_offs.grants_of(home.home.id, home.floor.person[code])


def stands(home, code, skill, day=0, time="11:40", resident=None):
    """How a skill of somebody stood at a moment, as every page shows it."""
    at = home.at(day, time)
    found = rules.state_of(grants(home, code), skill, home.resident.get(resident), at)
    return states.shown(found, at)


def day_of(home, at):
    return (clock.local_day(at) - clock.local_day(NOW)).days


@pytest.mark.parametrize("code", COMPETENT)
def test_each_of_the_sixteen_stands_as_the_page_says(thirty, code):
    skills = {g.skill for g in grants(thirty, code) if g.resident_id is None} - BESIDES
    found = {skill: stands(thirty, code, skill) for skill in skills}
    assert found == {**dict.fromkeys(COMPETENT[code], "competent"), **OTHERWISE.get(code, {})}


def test_a_delegated_task_is_for_its_resident_and_attested_by_a_professional_on_a_register(thirty):
    found = set()
    for person in team.STAFF:
        for row in attestations.of_person(thirty.home.id, thirty.floor.person[person.code]):
            assert row.resident_id == thirty.resident[FOR[row.skill]] and row.register == "NMC"
            assert row.signature["strokes"] and row.stop_conditions and row.letter_id
            assert attestations.end_of(row.id) is None and stands(thirty, person.code, row.skill, 0,
                                                                  resident=FOR[row.skill]) == "competent"  # fmt: skip
            found.add((person.code, row.skill))
    assert found == DELEGATED
    assert stands(thirty, "S7", "insulin", resident="R05") == "not_started"


def test_nobody_lacks_what_their_role_needs_but_those_the_page_names(thirty):
    span = spans.span_of("30", clock.local_day(NOW), "Europe/London")
    page = matrix.matrix_page(thirty.actor("S1"), matrix.Asked(span))
    named = {row.name.split()[0]: {cell.key for cell in row.cells if cell.stands.needed and not cell.stands.in_date
                                   and not cell.key.startswith("course:")} for row in page.rows}  # fmt: skip
    givers = {"oral", "topical", "drops", "inhaler", "patch"}
    assert {name: keys for name, keys in named.items() if keys} == {
        "Mark": givers, "Denise": givers, "Nadia": givers, "Ryan": {"emar_use"}}
    assert len(page.rows) == 16


def test_agnieszka_is_due_soon_and_her_review_is_booked_before_it_ends(thirty):
    until = rules.state_of(grants(thirty, "S6"), "oral", None, NOW).until
    assert day_of(thirty, until) == 18
    booked = bookings.of_person(thirty.home.id, thirty.floor.person["S6"])
    assert [(b.row.kind, b.row.on_day < clock.local_day(until)) for b in booked] == [("annual", True)]


def test_mark_was_paused_on_day_fifteen_without_blame_and_is_at_two_of_three_rounds(thirty):
    assert [stands(thirty, "S8", "oral", day) for day in (-16, -15, -13, -11)] == [
        "competent", "suspended", "suspended", "reassessment"]
    paused = rules.state_of(grants(thirty, "S8"), "patch", None, NOW)
    assert day_of(thirty, paused.since) == -15 and "two call bells" in paused.reason
    assert not set(paused.reason.lower().split()) & {"fault", "careless", "failed", "blame", "negligent"}
    (back,) = assessments.of_person(thirty.home.id, thirty.floor.person["S8"])
    assert (back.kind, back.outcome, len(back.seen().counted), back.needs.rounds) == ("return", None, 2, 3)
    assert len({seen.name for seen in back.seen().counted}) == 2, "at two times of day"
    assert rules.state_of(grants(thirty, "S8"), "oral", None, NOW).reason == "2 of 3 observed rounds passed"
    told = [row.words for row in sign_offs_alerts(thirty, "S8")]
    assert any("for safety, not a punishment" in words for words in told)


def sign_offs_alerts(home, code):
    mine = (Alert.home_id == home.home.id) & (Alert.to_person == home.floor.person[code])
    return list(Alert.select().where(mine))


def test_liam_needed_more_practice_on_day_twenty_and_was_signed_off_on_day_three_by_an_assessment(thirty):
    assert [stands(thirty, "S10", "oral", day, "12:00") for day in (-28, -22, -20, -15, -4, -3)] == [
        "not_started", "assessing", "development_needed", "development_needed", "assessing", "competent"]
    last, first = assessments.of_person(thirty.home.id, thirty.floor.person["S10"])
    assert (first.outcome.outcome, last.outcome.outcome) == ("development_needed", "competent")
    assert "Jamal" in first.outcome.words and len(last.seen().counted) == 3
    newest = rules.state_of(grants(thirty, "S10"), "oral", None, NOW).grant_id
    assert Grant.get_by_id(newest).evidence == {"assessment": last.id}


def test_denise_ran_out_on_day_five_her_booking_was_missed_and_an_exception_for_her_was_refused(thirty):
    assert [stands(thirty, "S11", "oral", day) for day in (-6, -5, 0)] == ["due_soon", "expired", "expired"]
    (missed,) = [b for b in bookings.standing(thirty.home.id) if b.missed(clock.local_day(NOW))]
    assert (missed.person, missed.row.kind) == ("Denise Fowler", "annual")
    refused = [r for r in ledger.Refusal.select() if r.code == "glass_decided"]
    assert len(refused) == 1 and refused[0].verb == "glass.break"
    assert glass.lines(thirty.actor("S1")) == []
    assert not gate_rules.open_by_glass(grants(thirty, "S11"), ["oral"], None, NOW)
    ran_out = Entry.select().where((Entry.administered_by == thirty.floor.person["S11"])
                                   & (Entry.given_at >= thirty.at(-5, "00:00")))  # fmt: skip
    assert ran_out.count() == 0


def test_chloe_has_one_of_three_rounds_her_next_is_booked_and_she_asked_for_drops(thirty):
    (under_way,) = assessments.of_person(thirty.home.id, thirty.floor.person["S13"])
    assert (len(under_way.seen().counted), under_way.needs.rounds, under_way.outcome) == (1, 3, None)
    assert under_way.rounds[0].signed and under_way.seen().knowledge and under_way.seen().shadows == 2
    booked = bookings.of_person(thirty.home.id, thirty.floor.person["S13"])
    assert [b.row.on_day > clock.local_day(NOW) for b in booked] == [True]
    assert [(r.person_id, r.skill) for r in bookings.waiting(thirty.home.id)] == [
        (thirty.floor.person["S13"], "drops")]
    mine = supervised.supervised_doses(thirty.actor("S1"), thirty.floor.person["S13"], thirty.at(-30, "00:00"))
    assert mine and {dose.beside for dose in mine} == {"Priya Raman"}


def test_nadia_was_inducted_on_day_twenty_two_with_her_paper_and_gives_only_supervised_since_the_mix_up(thirty):
    induction = inductions.induction_of(thirty.home.id, thirty.floor.person["S15"])
    assert day_of(thirty, induction.at) == -22 and induction.paper_id and induction.agency
    assert induction.access_ends_at > NOW
    booking, end = inductions.first_round_of(induction)
    assert (booking.kind, end.how) == ("agency", "held")
    assert [stands(thirty, "S15", "oral", day, "12:00") for day in (-23, -22, -21, 0)] == [
        "not_started", "competent", "supervised_only", "supervised_only"]
    alone = Entry.select().where((Entry.administered_by == thirty.floor.person["S15"]) & Entry.supervised_by.is_null()
                                 & (Entry.given_at > thirty.at(-21, "11:00")))  # fmt: skip
    assert alone.count() == 0


def test_owen_passed_the_questions_and_shadows_and_his_access_ends_by_itself(thirty):
    (begun,) = assessments.of_person(thirty.home.id, thirty.floor.person["S16"])
    assert begun.seen().knowledge and (begun.seen().shadows, begun.needs.shadows, begun.rounds) == (1, 2, ())
    assert inductions.access_ends(thirty.floor.person["S16"], thirty.home.id) > NOW


def test_who_lapsed_before_the_app_came_was_signed_off_again_by_an_assessment_of_these_days(thirty):
    for code, out, back in (("S5", -26, -25), ("S7", -24, -23), ("S9", -23, -22), ("S12", -20, -19)):
        assert stands(thirty, code, "oral", out) != "competent", code
        assert stands(thirty, code, "oral", back) == "competent", code
        state = rules.state_of(grants(thirty, code), "oral", None, NOW)
        held = evidence.Papers(thirty.home.id, "Europe/London").assessments[
            Grant.get_by_id(state.grant_id).evidence["assessment"]]  # fmt: skip
        assert held.rounds >= held.needed and held.assessor == thirty.floor.person["S2"]


def test_every_observed_round_was_seen_with_doses_and_signed_by_both(thirty):
    observed = 0
    for person in team.STAFF:
        for one in assessments.of_person(thirty.home.id, thirty.floor.person[person.code]):
            for seen in one.rounds:
                observed += 1
                assert seen.signed and seen.result.doses, (person.code, seen.name)
    assert observed == sum(plan.rounds for plan in watched.PLANS)


def test_only_ryans_round_was_given_by_somebody_not_signed_off(thirty):
    found = gives.gives_between(thirty.home.id, thirty.at(-30, "00:00"), thirty.at(1, "00:00"))
    assert {judged.give.giver for judged in found.not_in_date} == {thirty.floor.person["S14"]}
    assert len(found.not_in_date) == 9 and len(found.supervised) > 40


def test_thirteen_of_sixteen_had_a_talk_and_both_put_their_names_to_each(thirty):
    today = clock.local_day(NOW)
    found = supervision_queries.supervised_since(thirty.home.id, today - dt.timedelta(weeks=8))
    assert (found.done, found.of) == (13, 16)
    assert set(found.without) == {"Denise Fowler", "Tomasz Zielinski", "Owen Price"}
    assert [s.colleague.name for s in supervision_queries.overdue(thirty.actor("S1"))] == ["Denise Fowler"]
    assert SupervisionSign.select().count() == 2 * SupervisionNote.select().count() == 30
    agreed = supervision_queries.open_actions(thirty.actor("S1"))
    assert len(agreed) >= 4 and supervision_queries.overdue_actions(thirty.actor("S1"))


def test_an_evening_of_the_coming_week_has_nobody_for_the_feeding_tube_and_says_who_could(thirty):
    found = coverage.forecast(thirty.actor("S1"))
    day = arranged.evening_open(clock.local_day(NOW))
    (hole,) = [h for h in found.holes if (h.part.day, h.part.name) == (day, "evening") and h.skills == ("peg",)]
    assert hole.resident_id == thirty.resident["R08"] and day.strftime("%A") == "Tuesday"
    assert "Jamal Hussain" in {worker.name for worker in found.could[hole]}


def test_courses_have_an_end_some_their_paper_and_a_few_are_to_be_seen_to(thirty):
    page = training.training_page(thirty.actor("S1"))
    certificates = training.certificates_of(thirty.home.id)
    assert len(certificates) > 150 and sum(c.paper_id is not None for c in certificates) == len(trained.WITH_PAPER)
    assert page.sentence and {c.code for c in training.courses_of(thirty.home.id)} >= {"medication_awareness", "emar"}


def test_the_quarterly_audit_is_signed_amended_and_still_what_the_record_says(thirty):
    first, again = CompetencyAudit.select().order_by(CompetencyAudit.id)
    assert again.amends_id == first.id and {first.by, again.by} == {thirty.floor.person["S3"]}
    assert (day_of(thirty, first.at), day_of(thirty, again.at)) == (-15, -1)
    assert audit_queries.differences(thirty.actor("S1"), again) == []
    assert len(audit_queries.open_findings(thirty.actor("S1"))) == 1
    now = auditing.audit(thirty.actor("S1"), quarters.of_day(clock.local_day(NOW)), NOW)
    assert {t["key"]: t["failed"] for t in now.figures["tests"] if t["failed"]} == {"gave": 9}


def test_nobody_is_left_with_an_alert_of_these_days_that_they_had_read(thirty):
    read = Acknowledgement.select(Acknowledgement.alert)
    waiting = Alert.select().where(Alert.id.not_in(read) & Alert.to_person.is_null(False))
    kinds = {alert.key.partition(":")[0] for alert in waiting}
    assert not kinds & {"sign_off", "supervision"}


def test_everybody_works_here_and_agency_and_bank_have_a_last_day(thirty):
    here = {c.person_id for c in staff.colleagues(thirty.home.id) if c.roles}
    assert here == {thirty.floor.person[person.code] for person in team.STAFF}
