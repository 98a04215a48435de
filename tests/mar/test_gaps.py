"""Doses without a record: derived by the clock, listed until settled, looked into, never signed for another."""

from __future__ import annotations

import datetime as dt
import threading

import pytest

from medpwa import alerts, clock, database, ledger
from medpwa.errors import Invalid, NotFound, Refused
from medpwa.mar import (
    correction_actions,
    gap_actions,
    gap_list,
    gap_queries,
    gap_rules,
    gap_watch,
    missing,
    queries,
    states,
)
from medpwa.mar.correction_actions import Correction
from medpwa.mar.correction_rules import Wanted
from medpwa.mar.gap_rules import ReviewFacts, StepFacts
from medpwa.mar.gap_vocabulary import GAP, RECORDED, RESOLVED, STATES, TRANSITIONS, UNDER_REVIEW
from medpwa.mar.models import Entry
from medpwa.mar.models_after import GapReview, GapStep
from medpwa.staff.models import Home
from tests import builders
from tests.browse import lint_page, words
from tests.mar.facts import at
from tests.mar.steps import HOME, LEVODOPA, bedside, counts, later, on

FOUND = {"staff_asked": "Amina says she was called away to a fall"}
SETTLED = dict(conclusion="omitted", confidence="likely", evidence="The blister of that morning is still full")


def gap(world, **order):
    """Somebody whose 11:30 dose closed at 14:30 without a record."""
    bed = bedside(world, **order)
    later(hours=3)
    return bed


def look(by, bed, **more):
    return gap_actions.look_into(by=by, gap_key=str(bed.key), **{"said": FOUND, "found_in": "hand_over"} | more)


def settle(by, bed, **more):
    return gap_actions.conclude(by=by, gap_key=str(bed.key), **SETTLED | more)


def listed(world, who="tolu"):
    return gap_list.gaps_page(world.actor(who))


# ---------------------------------------------------------------- rules, as tables

REVIEW = ReviewFacts(1, 1, at("08:00"), "round", at("12:00"), 7)
DONE = ReviewFacts(1, 1, at("08:00"), "round", at("12:00"), 7, (StepFacts(at("12:10"), 8, conclusion="omitted"),))


@pytest.mark.parametrize(
    ("kind", "review", "state"),
    [
        ("coming", None, "scheduled"), ("due", None, "due"), ("late", None, "overdue"), ("given", None, RECORDED),
        ("reported", DONE, RECORDED), ("not_given", REVIEW, RECORDED), ("again", None, RECORDED),
        ("away", None, RECORDED), ("gap", None, GAP), ("gap", REVIEW, UNDER_REVIEW), ("gap", DONE, RESOLVED),
    ],
)  # fmt: skip
def test_a_dose_is_in_exactly_one_state(kind, review, state):
    assert gap_rules.state_of(kind, review) == state


def test_every_state_can_be_reached_and_left_as_the_table_says():
    assert set(TRANSITIONS) == set(STATES)
    reached = {to for ways in TRANSITIONS.values() for to in ways}
    assert reached == set(STATES) - {"scheduled"} and RESOLVED not in TRANSITIONS[GAP]


def test_the_newest_word_in_a_field_holds_and_a_conclusion_settles_it():
    steps = (StepFacts(at("12:00"), 7, staff_asked="first"), StepFacts(at("12:10"), 8, staff_asked="second"))
    review = ReviewFacts(1, 1, at("08:00"), "round", at("12:00"), 7, steps)
    assert review.newest("staff_asked") == "second" and review.conclusion == ""
    assert DONE.conclusion == "omitted" and not gap_rules.report_awaited(RESOLVED, DONE)


# ---------------------------------------------------------------- the list


def test_a_dose_that_closes_without_a_record_is_listed_until_it_is_settled_however_old(world):
    bed = gap(world)
    (row,) = listed(world).waiting.rows
    assert row.title.startswith("Ivy Cartledge") and row.state_words == "Nobody has looked into it"
    later(days=20)
    theirs = [r for r in listed(world).waiting.rows if r.due_at == bed.key.due_at]
    assert len(theirs) == 1 and "20" in theirs[0].age_words
    settle(world.actor("tolu"), bed)
    assert bed.key.due_at not in {r.due_at for r in listed(world).waiting.rows}
    assert bed.key.due_at in {r.due_at for r in listed(world).settled.rows}


def test_gaps_older_than_the_page_stand_on_the_pages_before(world, browser):
    bed = gap(world)
    later(days=50)
    page = listed(world)
    assert bed.key.due_at not in {r.due_at for r in page.waiting.rows} and page.earlier
    desk = browser.sign_in("tolu")
    desk.get(f"{HOME}/gaps")
    assert str(bed.key) in str(desk.get(f"{HOME}/gaps?until={page.earlier}"))
    desk.get(f"{HOME}/gaps?until=zzz", status=400)


def test_a_long_list_shows_the_riskiest_and_every_week_in_full_with_its_counts(world, browser, monkeypatch):
    """Nothing is hidden: what the first page leaves out is counted there and stands on its week's page."""
    monkeypatch.setattr(gap_list, "SHOWN", 2)
    bed = gap(world)
    later(days=3)  # Monday to Thursday 14:40: four of a day each
    page = listed(world)
    assert page.sentence == "4 doses without a record are to be settled" and page.waiting.count == 4
    assert len(page.waiting.rows) == 2 and page.waiting.more_words.startswith("2 more")
    (week,) = page.weeks
    assert (week.waiting, week.to_report, week.settled, week.critical) == (4, 0, 0, 0)
    settle(world.actor("tolu"), bed, conclusion="given_unsigned")
    (week,) = listed(world).weeks
    assert (week.waiting, week.to_report, week.settled) == (3, 1, 0)
    desk = browser.sign_in("tolu")
    shown = desk.get(f"{HOME}/gaps")
    assert "2 of 4" not in words(shown) and "1 more: open a week below" in words(shown) and not lint_page(shown)
    shown = desk.get(shown.select_one("table a")["href"])
    assert len(shown.select(".rows li")) == 4 and "The newest five weeks" in words(shown)
    desk.get(f"{HOME}/gaps?week=zzz", status=400)
    assert len(desk.get(f"{HOME}/gaps?week=2099-01-01").select(".rows li")) == 4, "a week to come is this one"


def test_a_settled_gap_is_still_a_dose_without_a_record(world):
    bed = gap(world)
    settle(world.actor("tolu"), bed)
    assert listed(world).sentence == "Every dose without a record is settled"


def test_time_critical_and_high_risk_stand_first_then_the_oldest(world):
    gap(world)
    bedside(world, given="Bert", family="Olney", room="8", high_risk=True)
    bedside(world, given="Nan", family="Price", room="9", **LEVODOPA)
    later(hours=3)
    assert [r.title.split()[0] for r in listed(world).waiting.rows][:3] == ["Nan", "Bert", "Ivy"]


def test_who_was_away_or_had_left_leaves_no_gap(world):
    bed = bedside(world)
    builders.order(world.actor("rosa"), bed.resident.id, medicine="paracetamol", times=("13:00",))
    bed.record(bed.open("amina"), "refused")
    builders.residents.move_resident(by=world.actor("rosa"), resident_id=bed.resident.id, state="hospital")
    later(hours=6)
    assert listed(world).waiting.rows == ()


def test_the_derivation_is_that_of_the_round_and_brings_itself_up_to_date(world):
    beds = [bedside(world, given=f"P{n}", family="Olney", room=str(n + 10)) for n in range(4)]
    beds[0].record(beds[0].open("amina"))
    beds[1].record(beds[1].open("amina"), "refused")
    later(hours=5)
    who, now = world.actor("tolu"), clock.now()
    today = clock.local_day(now)

    def both():
        slow = {x.dose.key for x in queries.lines_between(who, on("00:00"), now, now) if x.state.kind == "gap"}
        return slow, {x.dose.key for x in missing.missing(who, today, today, now)}

    slow, fast = both()
    assert slow == fast == {beds[2].key, beds[3].key}
    beds[2].report(world.actor("sena"), who_knew="Tolu was there")
    slow, fast = both()
    assert slow == fast == {beds[3].key}
    first = beds[0].entries()[0]
    request = correction_actions.correct(by=world.actor("amina"), entry_number=first.id, proven_at=clock.now(),
                                         asked=Correction("11111111-1111-4111-8111-111111111111", "mis_tap",
                                                          Wanted("struck")))
    correction_actions.answer(by=world.actor("tolu"), request_number=request.id, approved=True, words="",
                              proven_at=clock.now())
    slow, fast = both()
    assert slow == fast == {beds[0].key, beds[3].key}


def test_what_changes_today_leaves_the_weeks_before_as_they_were_derived(world, monkeypatch):
    bed = gap(world)
    later(days=20)
    who, rosa = world.actor("tolu"), world.actor("rosa")
    today = clock.local_day(clock.now())
    derived, real = [], queries.doses_of_day

    def counted(home_id, zone, day, but):
        derived.append(day)
        return real(home_id, zone, day, but)

    monkeypatch.setattr(queries, "doses_of_day", counted)

    def ask():
        derived.clear()
        return [x.dose.key for x in missing.missing(who, today - dt.timedelta(34), today, clock.now())]

    before = ask()
    assert bed.key in before and len(derived) == 35
    builders.order(rosa, bed.resident.id, medicine="paracetamol", times=("13:00",))
    builders.residents.move_resident(by=rosa, resident_id=bed.resident.id, state="hospital")
    near = {today - dt.timedelta(n) for n in range(3)}  # those whose last doses a day may close
    assert ask() == before and today in derived and set(derived) <= near
    early = on("00:00", today - dt.timedelta(10))  # taken over from another system: it was on the chart then already
    builders.order(rosa, bed.resident.id, medicine="ramipril", times=("09:00",), since=early)
    assert {k.due_at for k in ask()} > {k.due_at for k in before} and today - dt.timedelta(10) in derived


# ---------------------------------------------------------------- looking into one


def test_the_first_person_to_act_opens_the_review_and_the_next_adds_to_it(world):
    bed = gap(world)
    look(world.actor("sena"), bed)
    look(world.actor("tolu"), bed, said={"resident_effect": "Comfortable, no pain"})
    assert GapReview.select().count() == 1 and GapStep.select().count() == 2
    review = gap_queries.review_of(bed.resident.home_id, bed.key)
    assert (review.by, review.found_in) == (world.person_id("sena"), "hand_over")
    assert [x for _, x in gap_list.waiting(world.actor("rosa"), clock.now())] == [review]
    before = counts()
    look(world.actor("tolu"), bed, said={"resident_effect": "Comfortable, no pain"})  # sent twice
    assert counts() == before and ledger.verify() == []


def test_two_people_who_open_it_at_once_leave_one_review_with_both_steps(world):
    bed, begin, told = gap(world), threading.Barrier(2), []

    def go(who: str) -> None:
        by = world.actor(who)
        begin.wait()
        try:
            look(by, bed, said={"staff_asked": f"{who} asked everybody on shift"})
            told.append(who)
        finally:
            database.db.close()

    threads = [threading.Thread(target=go, args=(who,)) for who in ("sena", "tolu")]
    for t in threads:
        t.start()
    for t in threads:
        t.join(60)
    assert sorted(told) == ["sena", "tolu"] and GapReview.select().count() == 1 and GapStep.select().count() == 2


def test_a_conclusion_makes_no_dose_given_and_leads_to_whoever_gave_it(world, browser):
    bed = gap(world)
    settle(world.actor("tolu"), bed, conclusion="given_unsigned")
    assert Entry.select().count() == 0
    page = listed(world)
    assert page.to_report.count == 1 and page.waiting.count == 0
    later(days=3)
    phone = browser.sign_in("amina")
    shown = phone.get(f"{HOME}/residents/{bed.resident.id}/given-already?dose={bed.key}")
    chosen = shown.select_one(f'option[value="{bed.key}"]')
    assert chosen is not None and chosen.has_attr("selected")
    told = dict(day="2026-11-16", time="11:45", who_knew="Tolu", why="Called away to a fall")
    phone.submit(shown.select_one("form#report"), **told)
    (entry,) = bed.entries()
    assert entry.due_at == bed.key.due_at and "after_a_day" in entry.flags
    state = gap_queries.gap_of(world.actor("tolu"), str(bed.key)).state
    assert state == RECORDED and bed.key.due_at not in {r.due_at for r in listed(world).to_report.rows}


def test_a_dose_that_was_not_given_settles_and_those_who_manage_are_told(world):
    bed = gap(world)
    settle(world.actor("tolu"), bed)
    assert any("was not given" in a.words for a in alerts.open_for(world.actor("rosa")))
    assert not any("was not given" in a.words for a in alerts.open_for(world.actor("sena")))
    assert Entry.select().count() == 0 and ledger.verify() == []


def test_a_senior_adds_and_a_team_leader_or_manager_settles_but_not_one_who_was_part_of_it(world, browser):
    bed = bedside(world)
    other = builders.order(world.actor("rosa"), bed.resident.id, medicine="paracetamol", times=("11:30",))
    from dataclasses import replace as changed

    from medpwa.mar.tickets import DoseKey

    beside = changed(bed, order=other, key=DoseKey(other.line_id, bed.key.due_at))
    beside.record(beside.open("tolu"))
    later(hours=3)
    with pytest.raises(Refused) as no:
        settle(world.actor("tolu"), bed)
    assert no.value.code == "own_dose" and "somebody else settles it with you" in no.value.words
    assert "somebody else settles it with you" in words(browser.sign_in("tolu").get(f"{HOME}/gaps/{bed.key}"))
    senior = browser.sign_in("sena")
    page = senior.get(f"{HOME}/gaps/{bed.key}")
    assert "A team leader or a manager settles it" in words(page) and page.select_one("form#settle") is None
    senior.submit(page.select_one("form#step"), found_in="round", staff_asked="Tolu thinks it was given")
    assert "Kept." in words(senior.page) and "Tolu thinks it was given" in words(senior.page)
    senior.post(f"{HOME}/gaps/{bed.key}/settle", SETTLED, status=403)
    settle(world.actor("rosa"), bed)
    assert gap_queries.gap_of(world.actor("rosa"), str(bed.key)).state == RESOLVED


def test_a_carer_still_says_on_the_card_what_happened_within_the_day(world, browser):
    bed = gap(world)
    look(world.actor("tolu"), bed)
    card = browser.sign_in("tolu").get(bed.url)
    assert "Being looked into" in words(card) and f"/gaps/{bed.key}" in str(card)
    assert "/gaps/" not in str(browser.sign_in("amina").get(bed.url))
    bed.record(world.actor("amina"), "refused")
    assert gap_queries.gap_of(world.actor("tolu"), str(bed.key)).state == RECORDED
    with pytest.raises(Refused) as no:
        settle(world.actor("tolu"), bed)
    assert no.value.code == "recorded_meanwhile"


def test_a_time_critical_gap_is_told_at_once_and_once(world):
    bed = gap(world, **LEVODOPA)
    home = Home.get(Home.slug == "rowan")
    assert gap_watch.look(home) == 1 and gap_watch.look(home) == 0
    told = [a for a in alerts.open_for(world.actor("tolu")) if "closed without a record" in a.words]
    assert len(told) == 1 and told[0].url == f"{HOME}/gaps/{bed.key}"


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "staff_asked"),
        ({"advice": "Do not give it now"}, "advice_from"),
        ({"staff_asked": "x" * 1001}, "staff_asked"),
    ],
)
def test_what_is_missing_in_a_step_is_said_beside_its_field(world, said, field):
    bed = gap(world)
    with pytest.raises(Invalid) as wrong:
        look(world.actor("tolu"), bed, said=said)
    assert field in dict(wrong.value.errors) and GapReview.select().count() == 0


def test_a_dose_that_is_no_gap_or_not_of_this_home_does_not_exist(world, browser):
    bed = bedside(world)
    desk = browser.sign_in("tolu")
    for key in (str(bed.key), "1-1", "zzz", "9999999-1763290000000000", f"{bed.key.line_id}-0"):
        desk.get(f"{HOME}/gaps/{key}", status=404)
        with pytest.raises(NotFound):
            gap_queries.gap_of(world.actor("tolu"), key)


def test_forms_that_are_wrong_keep_what_was_typed_and_change_nothing(world, browser):
    bed, desk = gap(world), browser.sign_in("tolu")
    before = counts()
    page = desk.get(f"{HOME}/gaps/{bed.key}")
    desk.submit(page.select_one("form#step"), status=422, found_in="nowhere", staff_asked="Asked Amina first")
    assert "Asked Amina first" in str(desk.page) and counts() == before
    desk.submit(page.select_one("form#step"), status=422, found_in="round", staff_asked="Asked", day="x", time="99:99")
    desk.submit(page.select_one("form#settle"), status=422, evidence="short")
    assert "short" in str(desk.page) and counts() == before
    assert states.moment_of(clock.now()) == clock.now()
    assert dt.timedelta(0) < clock.now() - bed.key.due_at
