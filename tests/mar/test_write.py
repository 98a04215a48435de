"""Writing an entry, on both engines: once, by the right person, for the right dose, judged at the moment of writing."""

import datetime as dt
from dataclasses import replace

import pytest

from medpwa import clock, ledger
from medpwa.errors import Invalid, NotFound
from medpwa.mar import actions, openings, recording
from medpwa.mar.models import Entry
from medpwa.medicines import actions as order_actions
from tests import builders
from tests.mar.steps import DOCUSATE, bedside, beside, counts, elm_entry, last_line, later, on, refused

# ---------------------------------------------------------------- what an entry holds


def test_an_entry_holds_who_when_how_and_which_label(world):
    bed = bedside(world)
    by = bed.open("amina")
    ticket = bed.ticket(by)
    later(minutes=7)
    row = bed.record(by, ticket=ticket)
    assert (row.outcome, row.claim, row.by, row.administered_by) == ("given", 1, by.person_id, by.person_id)
    assert row.prepared_at == clock.now() - dt.timedelta(minutes=7), "prepared_at is the ticket's, not the phone's"
    assert (row.given_at, row.at, row.due_at) == (clock.now(), clock.now(), on("11:30"))
    assert (row.scan.label_id, row.scan.place, row.scan.how) == (bed.label_id, "person", "camera")
    assert row.flags == [] and row.order_version_id == bed.order.version_id
    line = last_line()
    assert (line.verb, line.outcome, line.subject) == ("mar.record", "done", f"resident:{bed.resident.id}")
    assert line.about == {"order_line": bed.key.line_id, "outcome": "given"}
    assert ledger.verify() == []


def test_an_entry_is_flagged_with_how_the_person_was_identified(world):
    ways = (
        ("person", "scanner", []),
        ("door", "camera", ["not_with_person"]),
        ("folder", "typed", ["typed", "not_with_person"]),
    )
    for number, (place, how, flags) in enumerate(ways):
        bed = bedside(world, family=f"Number{'abc'[number]}", room=str(number + 1), place=place)
        row = bed.record(bed.open("amina", how))
        assert row.flags == flags and row.scan.place == place


def test_a_scan_over_twenty_minutes_old_is_flagged_and_never_lost(world):
    bed = bedside(world)
    by = bed.open("amina")
    later(minutes=20)
    assert openings.identified(by, bed.resident.id).flags(clock.now()) == []
    later(seconds=1)
    assert bed.record(by).flags == ["scan_expired"]


def test_a_card_opened_without_a_scan_is_flagged_and_says_why(world):
    bed, by = bedside(world), world.actor("amina")
    actions.open_without_scan(by=by, resident_id=bed.resident.id, reason="label_missing")
    row = bed.record(by)
    assert row.flags == ["no_scan"] and row.scan.reason == "The label is missing or will not scan"


def test_opening_without_a_scan_needs_its_reason(world):
    bed = bedside(world)
    before = counts()
    for reason, note, field in (("", "", "reason"), ("x", "", "reason"), ("other", " a ", "note")):
        with pytest.raises(Invalid) as wrong:
            actions.open_without_scan(by=world.actor("amina"), resident_id=bed.resident.id, reason=reason, note=note)
        assert wrong.value.errors[0][0] == field and counts() == before


def test_late_is_flagged_and_measured_from_the_due_time(world):
    bed = bedside(world)
    clock.stand_at(on("12:34"))
    assert bed.record(bed.open("amina")).flags == ["late"]


def test_somebody_recorded_as_away_who_is_in_front_of_us_is_given_it_and_the_entry_says_so(world):
    bed = bedside(world)
    builders.residents.move_resident(by=world.actor("sena"), resident_id=bed.resident.id, state="hospital")
    assert bed.record(bed.open("amina")).flags == ["recorded_away"]


# ---------------------------------------------------------------- once


def test_the_same_entry_again_answers_what_is_stored_and_writes_nothing(world):
    bed = bedside(world)
    by = bed.open("amina")
    intent = bed.intent(by)
    first = recording.record(by=by, resident_id=bed.resident.id, intent=intent)
    before = counts()
    later(hours=5)  # long after the ticket, the scan and the close: it is what it was
    again = recording.record(by=by, resident_id=bed.resident.id, intent=intent)
    assert again == first and counts() == before and ledger.verify() == []


def test_a_refusal_sent_again_from_a_card_older_than_the_order_answers_what_is_stored(world):
    bed = bedside(world, due="12:30")
    by = bed.open("amina")
    intent = bed.intent(by, "refused")
    shown = bed.order.version_id
    order_actions.change_order(
        by=world.actor("tolu"),
        line_id=bed.order.line_id,
        version_id=shown,
        details=builders.order_details(times=("12:30",), dose_amount=2),
        reason="Dr Banerjee by phone",
    )
    first = recording.record(by=by, resident_id=bed.resident.id, intent=intent)
    assert first.order_version_id != shown
    before = counts()
    assert recording.record(by=by, resident_id=bed.resident.id, intent=intent) == first and counts() == before


def test_the_same_entry_with_something_else_in_it_is_told_what_is_stored(world):
    bed = bedside(world)
    by = bed.open("amina")
    intent = bed.intent(by)
    recording.record(by=by, resident_id=bed.resident.id, intent=intent)
    for other in (
        {"outcome": "refused", "reason": "did_not_want"},
        {"note": "and a word more"},
        {"version_id": 999},
        {"reason": "did_not_want"},
    ):
        changed = replace(intent, **other)
        no = refused(lambda i=changed: recording.record(by=by, resident_id=bed.resident.id, intent=i))
        assert (no.code, no.status) == ("used_before", 409)
        assert "Amina Okoro" in no.words and "“Given”" in no.words and "senna" in no.words and "11:40" in no.words
    assert Entry.select().count() == 1


def test_an_entry_id_is_no_key_to_another_dose(world):
    bed = bedside(world)
    other = beside(world, bed.resident, **DOCUSATE)
    by = bed.open("amina")
    intent = bed.intent(by)
    recording.record(by=by, resident_id=bed.resident.id, intent=intent)
    stolen = other.intent(by, entry_id=intent.entry_id)
    no = refused(lambda: recording.record(by=by, resident_id=bed.resident.id, intent=stolen))
    assert no.code == "used_before" and "senna" in no.words and other.entries() == []


def test_another_persons_entry_is_a_conflict_in_words(world):
    bed = bedside(world)
    by = bed.open("amina")
    intent = bed.intent(by)
    recording.record(by=by, resident_id=bed.resident.id, intent=intent)
    tolu = bed.open("tolu")
    no = refused(lambda: recording.record(by=tolu, resident_id=bed.resident.id, intent=intent))
    assert no.code == "used_before" and "Amina Okoro" in no.words and Entry.select().count() == 1


def test_another_homes_entry_does_not_exist_here(world):
    elsewhere = elm_entry(world)
    bed = bedside(world)
    by = bed.open("amina")
    intent = bed.intent(by, entry_id=elsewhere)
    before = counts()
    with pytest.raises(NotFound):
        recording.record(by=by, resident_id=bed.resident.id, intent=intent)
    with pytest.raises(NotFound):
        bed.report(by, entry_id=elsewhere)
    assert counts() == before


# ---------------------------------------------------------------- one give a dose


def test_a_dose_given_by_somebody_else_says_when_and_by_whom(world):
    bed = bedside(world)
    bed.record(bed.open("tolu"))
    later(minutes=3)
    by = bed.open("amina")
    for outcome in ("given", "refused", "not_available"):
        reason = {"refused": "not_said", "not_available": "damaged"}.get(outcome, "")
        no = refused(lambda o=outcome, r=reason: bed.record(by, o, reason=r))
        assert no.code == "already_given" and "Tolu Bello" in no.words and "11:40" in no.words
    assert [e.outcome for e in bed.entries()] == ["given"]


def test_not_given_outcomes_may_repeat_and_a_give_may_follow(world):
    bed = bedside(world)
    by = bed.open("amina")
    for outcome in ("refused", "asleep", "refused"):
        row = bed.record(by, outcome, reason="" if outcome == "asleep" else "not_said")
        assert row.claim is None and row.given_at is None and row.administered_by is None
        later(minutes=10)
    assert bed.record(by).claim == 1
    assert [e.outcome for e in bed.entries()] == ["refused", "asleep", "refused", "given"]
    assert ledger.verify() == []


def test_a_not_given_outcome_needs_no_ready_but_keeps_when_it_was_prepared(world):
    bed = bedside(world)
    by = bed.open("amina")
    assert bed.record(by, "refused").prepared_at is None
    ticket = bed.ticket(by)
    later(minutes=4)
    row = bed.record(by, "refused", ticket=ticket)
    assert row.prepared_at == clock.now() - dt.timedelta(minutes=4)


def test_a_not_given_outcome_needs_no_scan(world):
    bed = bedside(world)
    row = bed.record(world.actor("amina"), "not_available", reason="out_of_stock")
    assert row.scan is None and row.flags == ["no_scan"]


# ---------------------------------------------------------------- ready


def test_a_give_without_a_ready_ticket_is_refused(world):
    bed = bedside(world)
    by = bed.open("amina")
    for ticket in ("", "garbage", "W10.abc", "x" * 600):
        no = refused(lambda t=ticket: bed.record(by, ticket=t))
        assert no.code == "not_ready" and "30 minutes" in no.words and bed.entries() == []


def test_a_ticket_is_refused_for_another_person_dose_version_or_after_thirty_minutes(world):
    bed = bedside(world)
    other = beside(world, bed.resident, **DOCUSATE)
    amina, tolu = bed.open("amina"), bed.open("tolu")
    old = bed.ticket(amina)
    for ticket in (
        bed.ticket(tolu),
        other.ticket(amina),
        bed.ticket(amina, version_id=other.order.version_id),
        bed.ticket(amina, home_id=amina.home_id + 1),
        bed.ticket(amina, at=clock.now() + dt.timedelta(minutes=1)),
    ):
        assert refused(lambda t=ticket: bed.record(amina, ticket=t)).code == "not_ready"
    later(minutes=31)
    assert refused(lambda: bed.record(amina, ticket=old)).code == "not_ready"
    assert bed.entries() == []


# ---------------------------------------------------------------- who stands before us


def test_without_opening_the_person_nothing_is_given(world):
    bed, by = bedside(world), world.actor("amina")
    no = refused(lambda: bed.record(by))
    assert no.code == "scan_first" and "Ivy" in no.words


def test_opening_somebody_else_ends_the_first_ones_scan(world):
    bed, other = bedside(world), bedside(world, given="Bert", family="Olney", room="8")
    by = bed.open("amina")
    later(minutes=1)
    other.open("amina")
    assert refused(lambda: bed.record(by)).code == "scan_first"
    assert other.record(by).flags == []
    later(minutes=1)
    actions.open_without_scan(by=by, resident_id=bed.resident.id, reason="camera_fails")
    assert refused(lambda: other.record(by, ticket=other.ticket(by))).code == "already_given"
    assert openings.identified(by, other.resident.id) is None


def test_a_colleagues_scan_opens_nothing_for_me(world):
    bed = bedside(world)
    bed.open("tolu")
    assert refused(lambda: bed.record(world.actor("amina"))).code == "scan_first"
