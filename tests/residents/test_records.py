"""Residents' records: begun, changed, settled, moved; what was before stays; nobody else's home is there."""

import dataclasses
import datetime as dt
import logging

import pytest

from medpwa import clock, ledger
from medpwa.errors import Invalid, NotFound, NotPermitted, Refused
from medpwa.ledger import Line
from medpwa.residents import actions, history, queries
from medpwa.residents.details import AllergyItem, ResidentDetails
from medpwa.residents.models import Allergies, ResidentVersion
from medpwa.residents.queries import resident_card, residents_at
from tests import builders
from tests.conftest import NOW


def later(hours: float) -> dt.datetime:
    return NOW + dt.timedelta(hours=hours)


def details_of(card, **changes) -> ResidentDetails:
    return dataclasses.replace(queries.details_of(card), **changes)


# ---------------------------------------------------------------- cards


def test_a_card_says_everything_in_words(world):
    rosa = world.actor("rosa")
    card = builders.resident(
        rosa,
        valid_from=NOW,
        nhs_number="999 399 6742",
        preferred_name="Ivy-May",
        fluid_level=2,
        items=[("penicillin", "rash", True)],
    )
    assert (card.name, card.called, card.home_id) == ("Ivy Cartledge", "Ivy-May", rosa.home_id)
    assert card.born_words == "Born 22\u00a0May\u00a01936"
    assert card.nhs_words == "999\u00a0399\u00a06742"
    assert card.room_words == "Room\u00a07"
    assert (card.fluid_words, card.food_words) == ("Mildly thick (level 2)", "")
    assert card.allergy_items == (AllergyItem("penicillin", "rash", True),)
    assert card.allergy_severe and card.allergies_since == NOW
    assert (card.whereabouts, card.whereabouts_words, card.whereabouts_since) == ("home", "In the home", NOW)
    assert (card.photo_url, card.photo_large_url) == (None, None)


def test_people_come_by_room_as_counted_then_by_name(world):
    rosa = world.actor("rosa")
    for given, family, room in [("Bo", "Ten", "10"), ("Al", "Zed", "2"), ("Al", "Abe", "2"), ("Cy", "None", "")]:
        builders.resident(rosa, given, family, room=room)
    assert [c.family_name for c in residents_at(rosa.home_id)] == ["Abe", "Zed", "Ten", "None"]


def test_a_card_is_as_it_was_at_the_moment_asked_about(world):
    rosa = world.actor("rosa")
    card = builders.resident(rosa, valid_from=NOW, status="not_recorded")
    clock.stand_at(later(2))
    actions.change_resident(
        by=rosa, resident_id=card.id, details=details_of(card, room="9"), version_id=card.version_id
    )
    actions.settle_allergies(by=rosa, resident_id=card.id, status="none")
    actions.move_resident(by=rosa, resident_id=card.id, state="hospital")
    then, now = resident_card(rosa.home_id, card.id, NOW), resident_card(rosa.home_id, card.id)
    assert (then.room, then.allergy_status, then.whereabouts) == ("7", "not_recorded", "home")
    assert (now.room, now.allergy_status, now.whereabouts) == ("9", "none", "hospital")
    assert now.whereabouts_words == "In hospital since today\u00a013:40"
    clock.stand_at(later(26))
    assert resident_card(rosa.home_id, card.id).whereabouts_words == "In hospital since yesterday\u00a013:40"
    assert resident_card(rosa.home_id, card.id, NOW - dt.timedelta(minutes=1)) is None


def test_a_record_begun_after_somebody_came_speaks_for_the_time_before_it(world):
    rosa = world.actor("rosa")
    card = builders.resident(rosa, valid_from=later(-30))
    assert resident_card(rosa.home_id, card.id, later(-20)).name == "Ivy Cartledge"
    assert resident_card(rosa.home_id, card.id, later(-20)).allergy_status == "not_recorded"
    assert resident_card(rosa.home_id, card.id, later(-31)) is None


def test_people_who_left_are_only_there_when_asked_for(world):
    rosa = world.actor("rosa")
    card = builders.resident(rosa)
    builders.resident(rosa, "Ivor", "Cartledge", room="8")
    clock.stand_at(later(1))
    actions.move_resident(by=rosa, resident_id=card.id, state="died")
    assert [c.given_name for c in residents_at(rosa.home_id)] == ["Ivor"]
    everybody = residents_at(rosa.home_id, include_left=True)
    assert {c.given_name: c.whereabouts_words for c in everybody}["Ivy"] == "Died on 16\u00a0Nov\u00a02026"
    assert not any(c.similar for c in everybody)  # somebody who left is no longer taken for anybody
    assert [c.given_name for c in residents_at(rosa.home_id, NOW)] == ["Ivy", "Ivor"]


def test_similar_names_are_named_on_both_cards(world):
    rosa = world.actor("rosa")
    builders.resident(rosa)
    builders.resident(rosa, "Ivor", "Cartlidge", room="8")
    assert [c.similar for c in residents_at(rosa.home_id)] == [("Ivor Cartlidge",), ("Ivy Cartledge",)]


def test_other_homes_people_are_not_there(world):
    there = builders.resident(world.actor("nell"))
    assert residents_at(world.home().id) == []
    assert resident_card(world.home().id, there.id) is None
    for resident_id in (there.id, there.id + 1000):
        with pytest.raises(NotFound):
            queries.resident_of(world.actor("amina"), resident_id)


def test_the_number_of_questions_to_the_database_does_not_grow_with_the_people(world, caplog):
    rosa = world.actor("rosa")
    counts = []
    for n in (2, 9):
        for i in range(n):
            builders.resident(rosa, f"Given{n}{i}", f"Family{n}{i}", room=str(i))
        caplog.clear()
        with caplog.at_level(logging.DEBUG, "peewee"):
            residents_at(rosa.home_id)
            first = len(caplog.records)
            residents_at(rosa.home_id)
            queries.whereabouts_spans(rosa.home_id)
        counts.append((first, len(caplog.records) - first))
    assert counts[0] == counts[1]
    assert counts[0][1] == 2  # nothing new: one question each, whether anything is


def test_whereabouts_spans_cover_everybody_who_ever_lived_here(world):
    rosa = world.actor("rosa")
    card = builders.resident(rosa, valid_from=NOW)
    clock.stand_at(later(1))
    actions.move_resident(by=rosa, resident_id=card.id, state="leave")
    clock.stand_at(later(2))
    actions.move_resident(by=rosa, resident_id=card.id, state="discharged")
    spans = ((NOW, "home"), (later(1), "leave"), (later(2), "discharged"))
    assert queries.whereabouts_spans(rosa.home_id) == {card.id: spans}


# ---------------------------------------------------------------- beginning and changing


def test_a_record_is_one_act_and_one_line(world):
    rosa = world.actor("rosa")
    before = ledger.count_lines()
    card = builders.resident(rosa, items=[("latex", "rash", False)])
    assert ledger.count_lines() == before + 1
    line = Line.select().order_by(Line.id.desc()).first()
    assert (line.verb, line.subject) == ("residents.add", f"resident:{card.id}")
    assert [table for table, _, _ in line.rows] == ["resident", "resident_version", "allergies", "whereabouts"]
    assert ledger.verify() == []


def test_a_record_that_cannot_stand_writes_nothing(world):
    lines = ledger.count_lines()
    for changes, field in (
        ({"born": dt.date(2027, 1, 1)}, "born"),
        ({"nhs_number": "123 456 7890"}, "nhs_number"),
        ({"unit": "Attic"}, "unit"),
        ({"status": "recorded"}, "substance_1"),
        ({"valid_from": later(1)}, "at"),
        ({"state": "moon"}, "state"),
    ):
        with pytest.raises(Invalid) as no:
            builders.resident(world.actor("rosa"), **changes)
        assert no.value.errors[0][0] == field
    assert ledger.count_lines() == lines
    assert residents_at(world.home().id) == []


def test_one_nhs_number_is_one_record(world):
    rosa = world.actor("rosa")
    card = builders.resident(rosa, nhs_number="9993996742")
    with pytest.raises(Invalid, match="Ivy Cartledge's record has this NHS number"):
        builders.resident(rosa, "Sylvia", "Brandreth", nhs_number="999 399 6742")
    actions.change_resident(  # one's own number is no double
        by=rosa, resident_id=card.id, details=details_of(card, room="8"), version_id=card.version_id
    )


def test_a_change_adds_a_version_and_the_history_says_what_changed(world):
    rosa = world.actor("rosa")
    card = builders.resident(rosa, valid_from=NOW)
    clock.stand_at(later(1))
    changed = actions.change_resident(
        by=rosa,
        resident_id=card.id,
        details=details_of(card, room="9", likes="With tea.", gp=""),
        version_id=card.version_id,
        reason="Moved after a fall",
    )
    assert changed == ["room", "gp", "likes"]
    assert ResidentVersion.select().where(ResidentVersion.resident == card.id).count() == 2
    said = history.history_of(rosa, card.id)
    assert said[0].words == (
        "Changed room from 7 to 9; GP from Dr A. Banerjee, Westmere Surgery to nothing; "
        "how they like to take their medicines to “With tea.”. Reason: Moved after a fall"
    )
    assert (said[0].who, said[0].at_words) == ("Rosa Quiroga", "today\u00a012:40")
    assert said[1].words.startswith("Record begun: Ivy Cartledge, no known drug allergies. In the home from today")


def test_a_change_that_changes_nothing_writes_nothing(world):
    rosa = world.actor("rosa")
    card = builders.resident(rosa)
    lines = ledger.count_lines()
    same = details_of(card, room="Room 7", preferred_name="Ivy")
    assert actions.change_resident(by=rosa, resident_id=card.id, details=same, version_id=card.version_id) == []
    assert ledger.count_lines() == lines


def test_the_second_of_two_people_editing_at_once_is_told_and_overwrites_nothing(world):
    rosa, dee = world.actor("rosa"), world.actor("dee")
    card = builders.resident(rosa)
    actions.change_resident(
        by=rosa, resident_id=card.id, details=details_of(card, room="9"), version_id=card.version_id
    )
    with pytest.raises(Refused) as no:
        actions.change_resident(
            by=dee, resident_id=card.id, details=details_of(card, alert="Deaf"), version_id=card.version_id
        )
    assert (no.value.status, no.value.code) == (409, "stale")
    now = resident_card(rosa.home_id, card.id)
    assert (now.room, now.alert) == ("9", "")
    assert "Tried to change details: refused." in history.history_of(rosa, card.id)[0].words


def test_allergies_settled_twice_at_once_are_not_overwritten_unseen(world):
    rosa, tolu = world.actor("rosa"), world.actor("tolu")
    card = builders.resident(rosa, status="not_recorded")
    penicillin = (AllergyItem("penicillin", "rash"),)
    actions.settle_allergies(
        by=tolu, resident_id=card.id, status="recorded", items=penicillin, allergies_id=card.allergies_id
    )
    with pytest.raises(Refused) as no:
        actions.settle_allergies(by=rosa, resident_id=card.id, status="none", allergies_id=card.allergies_id)
    assert no.value.status == 409
    assert resident_card(rosa.home_id, card.id).allergy_items == penicillin


def test_allergies_are_whole_statements_and_the_earlier_ones_stay(world):
    rosa = world.actor("rosa")
    card = builders.resident(rosa, status="not_recorded")
    items = (AllergyItem("penicillin", "anaphylaxis", True), AllergyItem("latex"))
    actions.settle_allergies(by=rosa, resident_id=card.id, status="recorded", items=items, source="GP summary")
    actions.settle_allergies(by=rosa, resident_id=card.id, status="recorded", items=items[:1])
    assert resident_card(rosa.home_id, card.id).allergy_items == items[:1]
    assert Allergies.select().where(Allergies.resident == card.id).count() == 3
    assert history.history_of(rosa, card.id)[1].words == (
        "Allergies: penicillin: anaphylaxis (life-threatening); latex. Source: GP summary"
    )


# ---------------------------------------------------------------- moving


def test_a_move_may_be_earlier_today_with_a_reason_and_doses_then_see_it(world):
    tolu = world.actor("tolu")
    card = builders.resident(world.actor("rosa"), valid_from=later(-48))
    with pytest.raises(Invalid) as no:
        actions.move_resident(by=tolu, resident_id=card.id, state="hospital", valid_from=later(-3))
    assert no.value.errors[0][0] == "note"
    actions.move_resident(
        by=tolu, resident_id=card.id, state="hospital", valid_from=later(-3), note="Ambulance at 08:40"
    )
    assert resident_card(tolu.home_id, card.id, later(-2)).whereabouts == "hospital"
    assert resident_card(tolu.home_id, card.id, later(-4)).whereabouts == "home"


def test_only_managers_move_somebody_further_back_than_yesterday(world):
    rosa, tolu = world.actor("rosa"), world.actor("tolu")
    card = builders.resident(rosa, valid_from=later(-24 * 60))
    back = dict(resident_id=card.id, state="hospital", valid_from=later(-24 * 5), note="Found in the letter")
    with pytest.raises(Invalid, match="ask a manager"):
        actions.move_resident(by=tolu, **back)
    actions.move_resident(by=rosa, **back)
    with pytest.raises(Invalid):
        actions.move_resident(by=rosa, **{**back, "valid_from": later(-24 * 40)})
    with pytest.raises(Invalid, match="before they came"):
        actions.move_resident(by=rosa, **{**back, "valid_from": later(-24 * 61)})


def test_an_earlier_move_does_not_undo_a_later_one(world):
    rosa = world.actor("rosa")
    card = builders.resident(rosa, valid_from=later(-20))
    clock.stand_at(later(0))
    actions.move_resident(by=rosa, resident_id=card.id, state="leave")
    actions.move_resident(by=rosa, resident_id=card.id, state="hospital", valid_from=later(-2), note="Overlooked")
    now = resident_card(rosa.home_id, card.id)
    assert (now.whereabouts, now.whereabouts_since) == ("leave", NOW)


# ---------------------------------------------------------------- permits, hostile text, the trail


def test_who_leads_the_shift_moves_people_and_settles_allergies(world):
    rosa = world.actor("rosa")
    for username, may in (("amina", False), ("gil", False), ("quinn", False), ("sena", True), ("rosa", True)):
        by = world.actor(username)
        card = builders.resident(rosa, "Given", username, status="not_recorded")
        for act, more in (
            (actions.move_resident, {"state": "leave"}),
            (actions.settle_allergies, {"status": "none"}),
        ):
            try:
                act(by=by, resident_id=card.id, **more)
            except NotPermitted:
                assert not may
        now = resident_card(by.home_id, card.id)
        assert (now.whereabouts, now.allergy_status) == (("leave", "none") if may else ("home", "not_recorded"))
    assert ledger.verify() == []


def test_only_managers_begin_records(world):
    for username in ("amina", "tolu", "quinn", "nia"):
        with pytest.raises(NotPermitted):
            builders.resident(world.actor(username))
    assert residents_at(world.home().id) == []


def test_another_homes_resident_cannot_be_changed(world):
    rosa = world.actor("rosa")
    there = builders.resident(world.actor("nell"))
    for act in (
        lambda: actions.change_resident(
            by=rosa, resident_id=there.id, details=details_of(there, room="1"), version_id=there.version_id
        ),
        lambda: actions.settle_allergies(by=rosa, resident_id=there.id, status="none"),
        lambda: actions.move_resident(by=rosa, resident_id=there.id, state="died"),
    ):
        with pytest.raises(NotFound):
            act()
    assert ledger.verify() == []


HOSTILE = (
    "<script>alert(1)</script>",
    "Robert'); DROP TABLE resident;--",
    "{{7*7}}",
    "=cmd|' /C calc'!A0",
    "\u0645\u202eevil",
)


def test_hostile_text_is_kept_as_text(world, browser):
    rosa = world.actor("rosa")
    signed_in = browser.sign_in("rosa")
    for text in HOSTILE:
        card = builders.resident(
            rosa, given=f"A{text}", family="B", likes=text, alert=text, gp=text, items=[(text, text, True)]
        )
        page = signed_in.get(card.url)
        assert text in page.get_text()
        assert "49" not in page.h1.get_text()
    page = signed_in.get("/h/rowan/residents")  # the browser's lint refuses any script that is not ours
    assert all(page.find(string=lambda s, text=text: s and text in s) for text in HOSTILE)
    assert ledger.verify() == []
