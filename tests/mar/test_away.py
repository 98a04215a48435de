"""Somebody in hospital or on leave: their doses, the cards in hand, what went along, and the list on return."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from medpwa import alerts, clock, ledger
from medpwa.checks import queries as checks
from medpwa.desk import decisions, printed_doses
from medpwa.errors import Invalid, Refused
from medpwa.mar import absence, absence_actions, comparing, list_watch, queries, recording
from medpwa.mar.away_rules import Compared, Count
from medpwa.mar.models_after import AbsenceItem, Reconciliation
from medpwa.residents import actions as residents
from medpwa.residents.models import Whereabouts
from tests import builders
from tests.browse import words
from tests.mar.steps import DOCUSATE, bedside, beside, counts, later, on, refused

TWO = dict(first_source="Discharge letter of today", second_source="GP list by phone")


def go(world, bed, state: str = "hospital", who: str = "sena", **how: object):
    """Somebody leaves, or comes back."""
    return residents.move_resident(by=world.actor(who), resident_id=bed.resident.id, state=state, **how)


def kinds(bed) -> list[tuple[str, str]]:
    """(state, where) of today's doses."""
    by, at = bed.world.actor("sena"), clock.now()
    lines = queries.lines_between(by, on("00:00"), on("23:59"), at, bed.resident.id)
    return [(x.state.kind, x.state.where) for x in lines]


def compare(world, bed, state: str, who: str = "sena", seen: int = 0, **what: str):
    return absence_actions.compare(
        by=world.actor(who), resident_id=bed.resident.id, seen=seen, step=Compared(state, **what)
    )


# ---------------------------------------------------------------- doses


def test_doses_due_while_away_are_away_never_gaps_and_need_no_tapping(world):
    bed = bedside(world, times=("08:30", "12:30", "17:00", "21:00"), due="12:30")
    go(world, bed, valid_from=on("11:30"), note="Fell")
    clock.stand_at(on("18:00"))
    go(world, bed, "leave", note="From the ward to her daughter")
    clock.stand_at(on("23:30"))
    assert kinds(bed) == [("gap", ""), ("away", "hospital"), ("away", "hospital"), ("away", "leave")]
    assert ("missed", "1 dose without a record") in checks.board(world.actor("tolu")).counts, "the one before she left"
    lines, _ = queries.past_of_resident(world.actor("sena"), bed.resident.id, on("00:00"), on("23:00"), clock.now())
    printed = [printed_doses._dose(world.actor("rosa"), x, lambda e: None).told[0].words for x in lines]
    assert printed[1:] == ["In hospital when it fell due; nothing to record"] * 2 + [
        "On leave when it fell due; nothing to record"
    ]


def test_a_dose_given_before_the_move_was_keyed_stands_and_is_shown(world):
    bed = bedside(world)
    entry = bed.record(bed.open("amina"))
    later(minutes=30)
    go(world, bed, valid_from=on("11:00"), note="The ward rang: she left at eleven")
    assert kinds(bed) == [("given", "")]
    page = absence.absence_page(world.actor("sena"), bed.resident, clock.now())
    assert len(page.contradicting) == 1 and "recorded as given" in page.contradicting[0]
    assert bed.entries()[0].id == entry.id and ledger.verify() == []


def test_a_card_in_somebodys_hand_refuses_with_words_that_say_where_the_person_is(world):
    bed = bedside(world)
    by = bed.open("amina")
    intent = bed.intent(by)
    later(minutes=2)
    go(world, bed, place="Ward 4, Westmere General")
    no = refused(lambda: recording.record(by=by, resident_id=bed.resident.id, intent=intent))
    assert no.code == "away"
    assert "Ivy has been in hospital since" in no.words and "Ward 4, Westmere General" in no.words
    assert "report it as a dose already given" in no.words
    made = refused(
        lambda: recording.refuse_ready(
            by=by, resident_id=bed.resident.id, key=bed.key, version_id=bed.order.version_id
        )
    )
    assert made.code == "away" and bed.entries() == []


def test_whoever_scans_them_after_that_has_them_in_front_of_them_and_the_entry_says_so(world):
    bed = bedside(world)
    by = bed.open("amina")
    later(minutes=2)
    go(world, bed)
    later(minutes=1)
    bed.open("amina")
    assert bed.record(by).flags == ["recorded_away"]


def test_that_it_was_not_given_may_be_said_of_somebody_who_left(world):
    bed = bedside(world)
    by = bed.open("amina")
    later(minutes=2)
    go(world, bed)
    assert bed.record(by, "away", reason="hospital", extra={"ward": "Ward 4"}).outcome == "away"


def test_a_report_uses_where_the_person_was_when_it_was_given(world):
    bed = bedside(world)
    go(world, bed, valid_from=on("11:00"), note="Late news")
    given_then = bed.report(world.actor("tolu"), given_at=on("11:10"))
    assert "recorded_away" in given_then.entry.flags
    other = bedside(world, given="Bert", family="Olney", room="8")
    later(minutes=20)
    go(world, other)
    assert "recorded_away" not in other.report(world.actor("tolu"), given_at=on("11:35")).entry.flags


def test_a_dose_that_fell_due_while_away_can_still_be_given_when_the_person_is_back_in_time(world, browser):
    bed = bedside(world, due="12:30")
    go(world, bed)
    clock.stand_at(on("13:00"))
    go(world, bed, "home")
    page = browser.sign_in("amina").get(bed.url)
    assert "Fell due while Ivy was away" in words(page) and "Find out whether it was given there" in words(page)
    assert bed.record(bed.open("amina")).outcome == "given"
    clock.stand_at(on("15:31"))
    assert "Fell due while" not in words(browser.sign_in("amina").get(bed.url))


# ---------------------------------------------------------------- counted out and in


def count(world, bed, direction: str, amount: str, note: str = "", who: str = "sena", order=None) -> int:
    made = (Count((order or bed.order).line_id, Decimal(amount), note),)
    return absence_actions.count_medicines(
        by=world.actor(who), resident_id=bed.resident.id, direction=direction, counts=made
    )


def test_medicines_are_counted_out_and_in_and_the_difference_is_said(world):
    bed = bedside(world, times=("12:30", "17:00", "21:00"), due="12:30")
    go(world, bed, "leave", place="With her son")
    assert count(world, bed, "out", "7", "Blue box") == 1
    clock.stand_at(on("21:30"))
    go(world, bed, "home")
    assert count(world, bed, "in", "3") == 1
    (row,) = absence.absence_page(world.actor("sena"), bed.resident, clock.now()).medicines
    assert row.words == "7 went, 3 came back, 4 to be explained by doses while away: 3 fell due"
    assert (row.tone, row.due_words, row.out.note) == ("late", "3 doses fell due while away", "Blue box")
    assert count(world, bed, "in", "4") == 1
    (row,) = absence.absence_page(world.actor("sena"), bed.resident, clock.now()).medicines
    assert row.tone == "given" and len(row.back.earlier) == 1, "the first count stays to be read"
    assert ledger.verify() == []


def test_the_same_count_again_is_the_same(world):
    bed = bedside(world)
    go(world, bed, "leave")
    count(world, bed, "out", "7")
    before = counts()
    assert count(world, bed, "out", "7.00") == 0 and counts() == before


def test_nothing_is_counted_for_somebody_never_away_nor_of_somebody_elses_medicine(world):
    bed, other = bedside(world), bedside(world, given="Bert", family="Olney", room="8")
    assert refused(lambda: count(world, bed, "out", "1")).code == "not_away"
    go(world, bed, "leave")
    for wrong in (dict(order=other.order, amount="1"), dict(amount="-1"), dict(amount="NaN")):
        with pytest.raises(Invalid):
            count(world, bed, "out", **wrong)
    with pytest.raises(Invalid):
        count(world, bed, "sideways", "1")
    assert AbsenceItem.select().count() == 0


def test_the_next_absence_begins_with_nothing_counted(world):
    bed = bedside(world)
    go(world, bed, "leave")
    count(world, bed, "out", "7")
    later(hours=1)
    go(world, bed, "home")
    later(hours=1)
    go(world, bed, "leave")
    (row,) = absence.absence_page(world.actor("sena"), bed.resident, clock.now()).medicines
    assert row.out is None


# ---------------------------------------------------------------- comparing the list


@pytest.fixture
def back(world):
    """Ivy, back from hospital at 14:40."""
    bed = bedside(world)
    go(world, bed)
    later(hours=3)
    go(world, bed, "home")
    return bed


def test_the_card_the_floor_and_the_decisions_say_that_the_list_waits_with_the_hours(world, back, browser):
    later(hours=3)
    said = "Medicines list not yet compared since the return (3 h)"
    page = browser.sign_in("amina").get(back.url)
    assert said in words(page) and "Ask the shift leader before you give anything new" in words(page)
    leader = browser.sign_in("tolu")
    assert "Compare it today" in words(leader.get(back.url))
    assert "Medicines lists to compare" in words(leader.get("/h/rowan/floor"))
    (found,) = [d for d in decisions.waiting(world.actor("tolu")) if d.kind == "compare"]
    assert found.why.startswith("3\u00a0h since the return from hospital")
    compare(world, back, "complete", **TWO)
    assert said not in words(browser.sign_in("amina").get(back.url))
    assert [d for d in decisions.waiting(world.actor("tolu")) if d.kind == "compare"] == []


def test_moving_in_asks_for_it_and_leave_does_not(world):
    nan = builders.resident(world.system(), "Nan", "Newly", room="9", valid_from=clock.now())
    assert comparing.card_words(world.home().id, nan.id, clock.now()).endswith("since moving in (under 1\u00a0h)")
    other = bedside(world, given="Bert", family="Olney", room="8")
    go(world, other, "leave")
    later(hours=1)
    go(world, other, "home")
    assert comparing.card_words(world.home().id, other.resident.id, clock.now()) == ""


def test_a_comparison_goes_its_way_and_says_who_resolved_what(world, back):
    compare(world, back, "in_progress", first_source="Discharge letter of today")
    one = Reconciliation.get()
    compare(world, back, "discrepancies", seen=one.id, discrepancies="Statin missing", **TWO)
    two = Reconciliation.select().order_by(Reconciliation.id.desc()).first()
    with pytest.raises(Invalid) as no:
        compare(world, back, "complete", seen=two.id, discrepancies="Statin missing", **TWO)
    assert no.value.errors[0][0] == "resolved"
    later(hours=2)
    compare(world, back, "complete", seen=two.id, discrepancies="Statin missing", resolved="Dr Banerjee, 16:30", **TWO)
    found = comparing.newest_of(world.home().id, back.resident.id)
    assert [s.state for s in found.steps] == ["in_progress", "discrepancies", "complete"]
    assert found.took == dt.timedelta(hours=2) and ledger.verify() == []
    page = comparing.comparing_page(world.actor("rosa"), clock.now())
    assert "Half took 2\u00a0hours or less from arrival" in page.lead and page.done[0].same_day


def test_two_people_at_one_comparison_do_not_overwrite_each_other(world, back):
    compare(world, back, "in_progress", first_source="Discharge letter of today")
    no = refused(lambda: compare(world, back, "in_progress", who="tolu", first_source="GP list"))
    assert no.code == "stale" and "Sena Addo" in no.words
    before = counts()
    compare(world, back, "in_progress", first_source="Discharge letter of today")  # sent twice
    assert counts() == before
    compare(world, back, "complete", seen=Reconciliation.get().id, **TWO)
    assert refused(lambda: compare(world, back, "complete", who="tolu", **TWO)).code == "compared"


def test_going_to_hospital_again_lets_the_next_return_ask_anew(world, back):
    later(hours=1)
    go(world, back)
    assert comparing.open_of(world.home().id) == []
    later(hours=1)
    go(world, back, "home")
    (found,) = comparing.open_of(world.home().id)
    assert found.arrival.at == clock.now() and found.steps == ()


def test_a_list_not_compared_by_the_end_of_the_day_is_told_once(world, back):
    clock.stand_at(on("23:59"))
    assert list_watch.look(world.home()) == 0
    later(minutes=2)
    assert list_watch.look(world.home()) == 1 and list_watch.look(world.home()) == 0
    (alert,) = alerts.Alert.select().where(alerts.Alert.key.startswith("compare:"))
    assert "is not compared since the return from hospital" in alert.words
    go(world, back, "home", valid_from=clock.now(), note="Slept well")  # another row about the same return
    assert list_watch.look(world.home()) == 0
    assert [d.lead for d in decisions.waiting(world.actor("tolu")) if d.kind == "compare"] == [
        "Overdue, not yet compared"
    ]


# ---------------------------------------------------------------- pages


def test_the_one_screen_sends_somebody_away_and_brings_them_back(world, browser):
    bed = bedside(world)
    sena = browser.sign_in("sena")
    page = sena.get(f"{bed.resident.url}/away")
    page = sena.submit(
        page.select_one("#form"),
        state="hospital",
        place="Ward 4, Westmere General",
        company="her daughter Ann",
        back_day="2026-11-18",
        back_time="12:00",
    )
    assert sena.url.endswith("/away/medicines") and "Ivy has been in hospital since" in words(page)
    assert "Ward 4, Westmere General, with her daughter Ann" in words(page)
    assert "Due before Ivy left, and nothing is recorded" in words(page), "the dose of 11:30 is asked about"
    page = sena.submit(page.select_one("form[action$='/medicines']"), **{f"amount_{bed.order.line_id}": "7"})
    assert "The counts are saved" in words(page) and "7 went along" in words(page)
    page = sena.submit(
        page.select_one("form[action$='/medicines']"), status=422, **{f"amount_{bed.order.line_id}": "seven"}
    )
    assert page.select_one(f"#amount_{bed.order.line_id}")["value"] == "seven"
    later(hours=2)
    page = sena.get(f"{bed.resident.url}/away")
    assert page.h1.get_text() == "Is Ivy back?"
    page = sena.submit(page.select_one("#form"))
    assert "not yet compared since the return" in words(page) and "Count in what came back" in words(page)
    page = sena.get(f"{bed.resident.url}/reconcile")
    form = page.select_one("form[action$='/reconcile']")
    page = sena.submit(form, status=422, state="complete", first_source="Letter")
    assert page.select_one("#first_source")["value"] == "Letter" and page.select_one("#second_source-error")
    page = sena.submit(page.select_one("form[action$='/reconcile']"), state="complete", second_source="GP list")
    assert "medicines list is compared" in words(page)
    assert "1 was finished" in words(sena.get("/h/rowan/reconciliations"))


def test_two_people_who_record_the_return_leave_one_return(world, browser):
    bed = bedside(world)
    go(world, bed)
    later(hours=1)
    sena, tolu = browser.sign_in("sena"), browser.sign_in("tolu")
    first = sena.get(f"{bed.resident.url}/away").select_one("#form")
    second = tolu.get(f"{bed.resident.url}/away").select_one("#form")
    sena.submit(first)
    before = Whereabouts.select().count()
    page = tolu.submit(second, status=422)
    assert "That is what is recorded already" in words(page)
    assert Whereabouts.select().count() == before
    assert len(comparing.open_of(world.home().id)) == 1


def test_the_same_leaving_sent_twice_is_stored_once(world):
    bed = bedside(world)
    how = dict(place="Ward 4", valid_from=clock.now())
    go(world, bed, **how)
    before = counts()
    go(world, bed, **how)
    assert counts() == before


def test_a_stale_comparison_keeps_what_was_typed(world, back, browser):
    tolu = browser.sign_in("tolu")
    form = tolu.get(f"{back.resident.url}/reconcile").select_one("form[action$='/reconcile']")
    compare(world, back, "in_progress", first_source="Discharge letter of today")
    page = tolu.submit(form, status=409, state="in_progress", first_source="GP list")
    assert page.select_one("#first_source")["value"] == "GP list" and "Somebody else saved" in words(page)
    tolu.submit(page.select_one("form[action$='/reconcile']"), state="in_progress")
    assert Reconciliation.select().count() == 2


def test_another_homes_resident_has_no_such_pages(world, browser):
    there = builders.resident(world.system("elm"), "Ada", "Stone")
    sena = browser.sign_in("sena")
    for path in ("away", "away/medicines", "reconcile"):
        sena.get(f"/h/rowan/residents/{there.id}/{path}", status=404)
        sena.post(f"/h/rowan/residents/{there.id}/{path}", {"state": "home", "direction": "out"}, status=404)


def test_two_medicines_are_counted_at_once_and_the_history_says_so(world, browser):
    bed = bedside(world)
    other = beside(world, bed.resident, **DOCUSATE)
    go(world, bed, "leave")
    made = (Count(bed.order.line_id, Decimal(3)), Count(other.order.line_id, Decimal(2), "Loose"))
    absence_actions.count_medicines(
        by=world.actor("sena"), resident_id=bed.resident.id, direction="out", counts=made
    )
    said = words(browser.sign_in("rosa").get(f"/h/rowan/ledger?about=resident-{bed.resident.id}"))
    assert "3 of senna 7.5 mg tablet went along" in said and "(Loose)" in said


def test_a_refused_reading_of_facts_names_the_resident(world):
    bed = bedside(world)
    with pytest.raises(Refused):
        compare(world, bed, "complete", **TWO)
    assert ledger.Line.select().order_by(ledger.Line.id.desc()).first().subject == f"resident:{bed.resident.id}"
