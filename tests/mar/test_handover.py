"""One shift hands to the next: what the record says is open, who was told, kept in the words as they stood."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from medpwa import alerts, clock, ledger
from medpwa.desk import decisions
from medpwa.errors import Invalid, NotPermitted
from medpwa.mar import actions, handover, handover_actions, shift_queries
from medpwa.mar.models_after import ShiftHandover, ShiftSetting
from medpwa.residents import actions as residents
from tests import builders
from tests.browse import words
from tests.mar.steps import LEVODOPA, bedside, beside, change, counts, later, on, refused, stop


@pytest.fixture
def shifts(world):
    with clock.standing(clock.now() - dt.timedelta(days=3)):
        builders.shifts(world.system())
    for day, time in ((-1, "07:00"), (-1, "14:00"), (-1, "21:15")):  # what came before is handed over
        start = on(time, clock.local_day(clock.now()) + dt.timedelta(days=day))
        hand(world, start)


def hand(world, start: dt.datetime, who: str = "sena", told=("tolu",), note: str = ""):
    ids = tuple(builders.person_id(name) for name in told)
    return handover_actions.hand_over(by=world.actor(who), start=start, told=ids, note=note)


def sections(world, start: dt.datetime) -> dict[str, list[str]]:
    by, at = world.actor("sena"), clock.now()
    span = shift_queries.span_to_hand_over(by, at, start)
    return {s.heading: [w.replace("\u00a0", " ") for w in s.lines] for s in handover.summary(by, span, at)}


def test_everything_open_stands_in_it_and_what_is_not_says_so(world, shifts):
    bed = bedside(world, due="11:30")
    critical = beside(world, bed.resident, due="11:00", **LEVODOPA)
    gone = bedside(world, given="Gus", family="Gray", room="6", due="08:00")  # a gap
    refusing = bedside(world, given="Rea", family="Rolf", room="9", due="11:35")
    refusing.record(refusing.open("amina"), "refused")
    changed = builders.order(world.system(), bed.resident.id, times=("20:00",))
    stopped = builders.order(world.system(), gone.resident.id, "bisoprolol", strength="5 mg", times=("21:00",))
    later(minutes=5)
    change(changed, world.actor("tolu"), dose_amount=2)
    stop(stopped, world.actor("tolu"))
    residents.move_resident(
        by=world.actor("sena"), resident_id=refusing.resident.id, state="hospital", place="Ward 4"
    )
    builders.alert(world, "The fridge is warm.")
    actions.set_round(by=world.system(), name="Late morning", starts="11:00")
    actions.end_part(
        by=world.actor("amina"),
        span=next(s for s in _spans(world) if s.name == "Late morning"),
        still_open=["One"],
        note="Ivy slept",
    )
    found = sections(world, on("07:00"))
    assert any("Ivy Cartledge, Room 7: senna" in w for w in found["Doses still open"])
    assert any("co-careldopa" in w and "Time-critical." in w for w in found["Doses still open"])
    assert [w for w in found["Doses without a record, not settled yet"] if "Gus Gray" in w]
    assert "did not want it" in found["Refused in this shift"][0]
    orders = found["Orders that began, changed or ended"]
    assert any("Changed Mon 16 Nov 11:45" in w for w in orders)
    assert any("Stopped" in w and "Dr Banerjee stopped it" in w for w in orders)
    assert any("The fridge is warm. Nobody has taken it on yet" in w for w in found["Alarms, and who took them on"])
    assert any("Rea Rolf: In hospital since" in w and "Ward 4" in w for w in found["Away, and back"])
    assert any("Ivy slept" in w and "1 left open" in w for w in found["Ended parts of rounds"])
    assert found["Medicines lists to compare"] == []
    assert critical.entries() == []


def _spans(world):
    from medpwa.mar import queries

    return queries.spans_around(world.actor("sena"), clock.now())


def test_a_return_and_a_list_to_compare_stand_in_it(world, shifts):
    bed = bedside(world, given="Rea", family="Rolf", room="9")
    residents.move_resident(by=world.actor("sena"), resident_id=bed.resident.id, state="hospital")
    later(hours=1)
    residents.move_resident(by=world.actor("sena"), resident_id=bed.resident.id, state="home")
    found = sections(world, on("07:00"))
    assert found["Away, and back"] == ["Rea Rolf: back Mon 16 Nov 12:40"]
    assert found["Medicines lists to compare"][0].startswith("Rea Rolf, medicines list: not yet compared")


def test_who_took_an_alarm_on_is_named(world, shifts):
    builders.alert(world, "The fridge is warm.")
    alarm = alerts.Alert.get(alerts.Alert.key == "test:The fridge is warm.")
    alerts.acknowledge(by=world.actor("tolu"), alert_id=alarm.id)
    (line,) = sections(world, on("07:00"))["Alarms, and who took them on"]
    assert "Tolu Bello took it on Mon 16 Nov 11:40" in line


def test_the_words_are_kept_as_they_stood(world, shifts):
    bed = bedside(world)
    row = hand(world, on("07:00"), told=("tolu", "amina"), note="Ivy is tired")
    bed.record(bed.open("amina"))
    kept = ShiftHandover.get_by_id(row.id)
    (opened,) = next(s["lines"] for s in kept.summary if s["heading"] == "Doses still open")
    assert "senna" in opened and kept.note == "Ivy is tired" and len(kept.told) == 2
    assert json.dumps(kept.summary) and ledger.verify() == []
    assert sections(world, on("07:00"))["Doses still open"] == []


def test_the_same_hand_over_sent_twice_is_one_and_somebody_elses_stands_beside_it(world, shifts):
    hand(world, on("07:00"), note="All well here")
    before = counts()
    hand(world, on("07:00"), note="All well here")
    assert counts() == before
    hand(world, on("07:00"), who="tolu", told=("sena",))
    assert ShiftHandover.select().where(ShiftHandover.shift_start == on("07:00")).count() == 2


def test_somebody_is_told_or_the_note_says_how_it_reaches_them(world, shifts):
    wrong = [((), "", "told"), ((), "short", "told"), (("nell",), "", "told"), (("tolu",), "x" * 2001, "note")]
    for told, note, field in wrong:
        with pytest.raises(Invalid) as no:
            hand(world, on("07:00"), told=told, note=note)
        assert no.value.errors[0][0] == field
    assert hand(world, on("07:00"), told=(), note="Left on the desk in the office")


def test_a_shift_that_never_began_is_not_handed_over(world, shifts):
    assert refused(lambda: hand(world, on("07:05"))).code == "no_shift"
    assert refused(lambda: hand(world, on("14:00"))).code == "no_shift", "it has not begun"
    with pytest.raises(NotPermitted):
        hand(world, on("07:00"), who="amina")


def test_a_shift_nobody_handed_over_waits_among_the_decisions_an_hour_after_its_end(world, shifts):
    def waiting() -> list[str]:
        return [d.title for d in decisions.waiting(world.actor("tolu")) if d.kind == "handover"]

    clock.stand_at(on("14:59"))
    assert waiting() == []
    clock.stand_at(on("15:00"))
    assert waiting() == ["Early shift"]
    hand(world, on("07:00"))
    assert waiting() == []


def test_next_come_those_whose_duty_covers_the_next_shift(world, shifts):
    by, span = world.actor("sena"), shift_queries.span_to_hand_over(world.actor("sena"), clock.now())
    people, how = handover.next_people(by, span)
    assert "No duties are recorded" in how and "Amina Okoro" in dict(people).values()
    builders.duty(world.system(), "tolu", "shift_leader", on("14:00"), on("21:30"))
    builders.duty(world.system(), "amina", "floor", on("07:00"), on("14:30"))
    people, how = handover.next_people(by, span)
    assert list(dict(people).values()) == ["Tolu Bello"] and "From the duties" in how


def test_only_managers_set_shifts_and_a_change_holds_from_now_on(world):
    handover_actions.set_shift(by=world.actor("rosa"), name="Early", starts="07:00")
    before = counts()
    handover_actions.set_shift(by=world.actor("rosa"), name="Early", starts="07:00")
    assert counts() == before
    handover_actions.set_shift(by=world.actor("rosa"), name="Early", starts="06:45")
    handover_actions.set_shift(by=world.actor("rosa"), name="Early", starts="06:45", retired=True)
    assert ShiftSetting.select().count() == 3 and shift_queries.shift_settings(world.home().id) == ()
    with pytest.raises(NotPermitted):
        handover_actions.set_shift(by=world.actor("tolu"), name="Late", starts="14:00")


# ---------------------------------------------------------------- pages


def test_the_page_hands_over_and_what_was_said_can_be_printed(world, shifts, browser):
    bedside(world)
    builders.duty(world.system(), "tolu", "shift_leader", on("14:00"), on("21:30"))
    sena = browser.sign_in("sena")
    page = sena.get("/h/rowan/hand-over")
    assert page.h1.get_text() == "The early shift ends at 14:00"
    assert "Doses still open" in words(page) and "No effect is outstanding" in words(page)
    form = page.select_one("form[action$='/hand-over']")
    page = sena.submit(form, status=422)
    assert "Tick who was told" in words(page)
    form = page.select_one("form[action$='/hand-over']")
    page = sena.submit(form, told=str(builders.person_id("tolu")), note="<b>Ivy")
    said = words(page)
    assert "Early shift of Mon 16 Nov 07:00, Rowan Court" in said and "Told: Tolu Bello" in said and "<b>Ivy" in said
    assert "Doses still open" in said and "senna" in said
    assert "Handed over already" in words(sena.get("/h/rowan/hand-over"))
    assert "Early shift of Mon 16 Nov 07:00" in words(sena.page.select_one("details.more"))


def test_without_shifts_the_page_says_what_to_do(world, browser):
    page = browser.sign_in("rosa").get("/h/rowan/hand-over")
    assert page.h1.get_text() == "No shifts are set for this home" and page.select_one("a[href='/h/rowan/shifts']")
    rosa = browser.sign_in("rosa")
    page = rosa.get("/h/rowan/shifts")
    rosa.submit(page.select("form[action$='/shifts']")[-1], name="Early", starts="07:00")
    assert "1 shift is set" in words(rosa.page) and "Changed a shift: Early, 07:00" in words(rosa.page)
    page = rosa.submit(rosa.page.select("form[action$='/shifts']")[-1], name="Dawn", starts="07:00", status=422)
    assert "Another shift starts then" in words(page)


def test_another_homes_hand_over_is_not_there(world, shifts, browser):
    row = hand(world, on("07:00"))
    browser.sign_in("nell").get(f"/h/far/hand-over/{row.id}", status=404)
    sena = browser.sign_in("sena")
    sena.get(f"/h/rowan/hand-over/{2**40}", status=404)
    for start in ("", "soon", "-1", "9" * 30):
        sena.post("/h/rowan/hand-over", {"start": start, "told": "1"}, status=400)
    sena.get("/h/rowan/hand-over?start=nonsense")
