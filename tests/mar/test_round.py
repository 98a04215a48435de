"""The round's page: what is overdue, due, coming, done, away and without a record; its refreshing list; its rounds."""

from __future__ import annotations

import datetime as dt

import pytest

from medpwa import alerts, clock, jobs, ledger
from medpwa.errors import Invalid, NotPermitted
from medpwa.mar import actions, now, queries
from medpwa.mar.models import RoundPart, RoundSetting
from medpwa.residents.details import AllergyItem
from medpwa.staff.models import Session
from tests import builders
from tests.browse import words
from tests.mar.steps import HOME, bedside, beside, counts, house, later, make_ready, on, scan, take


def listed(world, unit: str = "") -> now.NowList:
    return now.now_list(world.actor("amina"), unit)


def who(rows) -> list[str]:
    return [f"{r.name}: {r.what}".replace("\u00a0", " ") for r in rows]


@pytest.fixture
def full(world):
    return house(world)


def test_overdue_comes_first_and_time_critical_before_older_ones(world, full):
    seen = listed(world)
    assert who(seen.late) == ["Bea Bond: co-careldopa 25/100 mg tablet", "Ada Able: senna 7.5 mg tablet"]
    assert seen.late[0].time_critical and seen.late[0].words.replace("\u00a0", " ") == "40 min late"
    assert seen.sentence == "2 doses are overdue" and seen.title == "Lunch round, 12:40"


def test_due_doses_stand_under_their_time_one_row_a_person(world, full):
    ((title, rows),) = listed(world).due
    assert title == "Due 12:30" and who(rows)[0] == "Cyn Cole: 2 medicines" and len(rows) == 3


def test_coming_is_four_hours_ahead_and_gaps_are_of_the_last_day(world, full):
    seen = listed(world)
    assert [(t, [r.name for r in rows]) for t, rows in seen.coming] == [("Coming 16:00", ["Gus Gray"])]
    assert [r.name for r in seen.gaps] == ["Fay Ford"] and seen.gaps[0].tone == "missed"
    clock.stand_at(on("08:01", clock.local_day(clock.now()) + dt.timedelta(days=1)))
    assert not any(r.name == "Fay Ford" and "16 Nov" in r.words for r in listed(world).gaps)


def test_an_individual_time_stands_beside_the_round_and_is_not_part_of_its_progress(world, full):
    seen = listed(world)
    assert seen.span.name == "Lunch" and seen.closes == "15:30"
    assert seen.progress == "0 of 3 people done" and sorted(seen.segments) == ["due", "due", "due"]
    assert not any("Ada" in words_ for words_ in seen.still_open)


def test_done_away_and_progress_follow_what_is_recorded(world, full):
    full["Dot"].record(full["Dot"].open("amina"))
    full["Eve"].record(full["Eve"].open("amina"), "not_available", reason="damaged")
    builders.residents.move_resident(by=world.actor("sena"), resident_id=full["Gus"].resident.id, state="hospital")
    seen = listed(world)
    assert sorted(who(seen.done)) == ["Dot Dunn: 1 of 1 given", "Eve Eden: 0 of 1 given"]
    assert seen.progress == "2 of 3 people done" and seen.segments == ("given", "given", "due")
    assert [r.name for r in seen.away] == ["Gus Gray"] and seen.coming == ()
    open_ = sorted(said.replace("\u00a0", " ") for said in seen.still_open)
    assert open_ == ["Cyn Cole: docusate sodium 100 mg capsule", "Cyn Cole: senna 7.5 mg tablet"]


def test_a_refused_dose_is_offered_again_and_counts_as_open(world, full):
    full["Dot"].record(full["Dot"].open("amina"), "refused")
    seen = listed(world)
    assert [r.name for r in seen.again] == ["Dot Dunn"] and "Try again from 13:10" in seen.again[0].words
    assert seen.progress == "0 of 3 people done" and any("Dot Dunn" in x for x in seen.still_open)


def test_a_unit_shows_its_own_people_alone(world, browser, full):
    seen = listed(world, "First floor")
    assert [r.name for _, rows in seen.due for r in rows] == ["Dot Dunn"] and seen.late == ()
    assert seen.sentence == "1 person is due now" and seen.progress == "0 of 1 person done"
    phone = browser.sign_in("amina")
    page = phone.get(f"{HOME}/round?unit=First+floor")
    assert "Dot Dunn" in words(page) and "Ada Able" not in words(page)
    assert page.select_one("#now")["hx-get"].endswith("/round/list?unit=First%20floor")
    assert "Ada Able" in words(phone.get(f"{HOME}/round?unit=%3Cscript%3E")), "an unknown unit is the whole home"
    for unit in ("%00", "x" * 5000, "%F0%9F%98%80"):
        phone.get(f"{HOME}/round?unit={unit}")
        phone.fragment(f"{HOME}/round/list?unit={unit}")


def test_quiet_times_say_so(world, browser):
    assert listed(world).sentence == "Nobody lives here yet"
    phone, resident = browser.sign_in("amina"), builders.resident(world.system())
    page = phone.get(f"{HOME}/round")
    assert "Nobody is late" in words(page.h1) and "Nothing is due in the next four hours" in words(page)
    beside(world, resident, due="12:30")
    assert listed(world).sentence == "1 person is due now"


def test_the_list_refreshes_by_itself_and_keeps_no_session_alive(world, browser, full):
    phone = browser.sign_in("amina")
    page = phone.get(f"{HOME}/round")
    hx = page.select_one("#now")
    assert "every 20s" in hx["hx-trigger"]
    piece = phone.fragment(hx["hx-get"])
    assert piece.select_one("#now") is not None and piece.html is None and "2 doses are overdue" in words(piece)
    row = Session.select().order_by(Session.id.desc()).first()
    phone.awake = False
    for _ in range(4):
        later(minutes=3)
        phone.fragment(hx["hx-get"])
        phone.fragment(f"{HOME}/floor/now")
    from medpwa import notes

    notes.flush()
    assert Session.get_by_id(row.id).last_seen == row.last_seen
    later(minutes=4)
    phone.fragment(hx["hx-get"], status=423)


def test_the_round_goes_by_the_clock_from_due_to_late_to_gap(world, browser):
    bed, phone = bedside(world, due="12:30"), browser.sign_in("amina")
    for time, expected in (
        ("11:59", "1 person is due now"),
        ("13:30", "1 person is due now"),
        ("13:31", "1 dose is overdue"),
        ("15:29", "1 dose is overdue"),
        ("15:30", "Nobody is late"),
    ):
        clock.stand_at(on(time))
        assert listed(world).sentence == expected, time
    phone = browser.sign_in("amina")
    page = phone.get(f"{HOME}/round")
    assert "No record in the last 24 hours" in words(page)
    assert "Its time has passed" in words(phone.get(bed.url))


# ---------------------------------------------------------------- ending one's part


def test_a_persons_part_ends_with_what_is_open_and_the_round_goes_on(world, browser, full):
    phone = browser.sign_in("amina")
    form = phone.get(f"{HOME}/round").select_one("form[action$='/round/end']")
    assert "Cyn Cole" in words(form) and "closes by the clock at 15:30" in words(form)
    phone.submit(form, note="Ada is asleep; try at one")
    assert "Your part is ended" in words(phone.page)
    part = RoundPart.get()
    assert (part.round_name, part.note, part.by) == ("Lunch", "Ada is asleep; try at one", world.person_id("amina"))
    assert len(part.still_open) == 4 and ledger.verify() == []
    phone.submit(form, note="Ada is asleep; try at one")
    assert RoundPart.select().count() == 1, "sent twice is once"
    assert listed(world).sentence == "2 doses are overdue"
    phone.submit(form, note="And Bea is with the physio")
    assert RoundPart.select().count() == 2


def test_a_hand_over_note_that_cannot_be_kept_stays_in_the_field(world, browser, full):
    phone = browser.sign_in("amina")
    form = phone.get(f"{HOME}/round").select_one("form[action$='/round/end']")
    page = phone.submit(form, note="x" * 2001, status=422)
    assert page.select_one("textarea[name=note]").get_text().strip() == "x" * 2001
    assert page.select_one(".errors a[href='#note']") is not None
    clock.stand_at(on("03:00", clock.local_day(clock.now()) + dt.timedelta(days=1)))
    phone = browser.sign_in("amina")
    page = phone.post(f"{HOME}/round/end", {"note": "Written at three in the night"}, status=422)
    assert "No round is open now" in words(page)
    assert page.select_one("textarea[name=note]").get_text().strip() == "Written at three in the night"
    assert RoundPart.select().count() == 0


def test_people_who_oversee_have_no_part_to_end(world, browser, full):
    for name in ("quinn", "nia"):
        desk = browser.sign_in(name)
        assert desk.get(f"{HOME}/round").select("form[action$='/round/end']") == []
        desk.post(f"{HOME}/round/end", {"note": "x"}, status=403)
    assert RoundPart.select().count() == 0


# ---------------------------------------------------------------- settings


def test_a_manager_adds_moves_and_takes_away_a_round_from_now_on(world, browser):
    desk = browser.sign_in("dee")
    page = desk.get(f"{HOME}/rounds")
    assert "5 rounds are set" in words(page.h1)
    form = page.select("form[action$='/rounds']")[-1]
    desk.submit(form, name="Supper", starts="18:15", close_minutes="90")
    assert "6 rounds are set" in words(desk.page.h1)
    form = next(f for f in desk.page.select("form[action$='/rounds']") if f.select_one("[value=Supper]"))
    desk.submit(form, starts="18:30")
    assert ("Supper", "18:30") in {(r.name, f"{r.starts:%H:%M}") for r in queries.round_settings(world.home().id)}
    form = next(f for f in desk.page.select("form[action$='/rounds']") if f.select_one("[value=Supper]"))
    desk.submit(form, retired="yes")
    assert "5 rounds are set" in words(desk.page.h1)
    assert RoundSetting.select().where(RoundSetting.name == "Supper").count() == 3 and ledger.verify() == []


CANNOT_BE_SET = (
    ({"name": ""}, "name"),
    ({"name": "x" * 41}, "name"),
    ({"starts": "24:00"}, "starts"),
    ({"starts": "０８:００"}, "starts"),
    ({"starts": ""}, "starts"),
    ({"starts": "x" * 100_000}, "starts"),
    ({"close_minutes": "29"}, "close_minutes"),
    ({"close_minutes": "601"}, "close_minutes"),
    ({"close_minutes": "-60"}, "close_minutes"),
    ({"close_minutes": "NaN"}, "close_minutes"),
    ({"close_minutes": "1e2"}, "close_minutes"),
    ({"close_minutes": "９０"}, "close_minutes"),
    ({"close_minutes": "9" * 400}, "close_minutes"),
)


def test_a_round_that_cannot_be_set_says_why_and_keeps_what_was_typed(world, browser):
    desk, before = browser.sign_in("rosa"), counts()
    for changes, field in CANNOT_BE_SET:
        page = desk.get(f"{HOME}/rounds")
        typed = dict(name="Supper", starts="18:15", close_minutes="90") | changes
        page = desk.submit(page.select("form[action$='/rounds']")[-1], status=422, **typed)
        assert page.select_one(f".errors a[href='#{field}']") is not None, changes
        assert page.select_one(f"#{field}") is not None, "the summary leads nowhere"
        assert page.select_one("#name").get("value", "") == typed["name"]
        assert page.select_one("#close_minutes").get("value", "") == typed["close_minutes"]
    assert counts() == before


def test_only_managers_set_rounds(world, browser):
    for name in ("amina", "sena", "tolu", "quinn"):
        browser.sign_in(name).get(f"{HOME}/rounds", status=404)
        with pytest.raises(NotPermitted):
            actions.set_round(by=world.actor(name), name="Supper", starts="18:00")
    with pytest.raises(Invalid):
        actions.set_round(by=world.actor("rosa"), name="Supper", starts="18:00", close_minutes=1)


def test_a_round_moved_today_takes_its_doses_with_it(world):
    bed = bedside(world, due="17:30")
    actions.set_round(by=world.actor("rosa"), name="Teatime", starts="17:30", close_minutes=60)
    (line,) = queries.lines_between(world.actor("amina"), on("17:00"), on("18:00"), clock.now())
    assert (line.dose.span.name, line.dose.times.close_at) == ("Teatime", on("18:30")) and line.dose.key == bed.key


@pytest.mark.parametrize(
    ("day", "time", "due_utc"),
    [
        (dt.date(2027, 3, 28), "01:30", "01:00"),  # does not exist: the first instant that does
        (dt.date(2027, 10, 31), "01:30", "00:30"),  # comes twice: the first
    ],
)
def test_on_the_night_the_clocks_change_a_dose_falls_due_once(world, day, time, due_utc):
    bed = bedside(world, due=time)
    clock.stand_at(clock.at_local(day, dt.time(0, 30)))
    builders.sign_off(world.system(), world.person_id("amina"), "oral")
    by = world.actor("amina")
    lines = queries.lines_between(by, *clock.day_bounds(day), clock.now())
    due = dt.datetime.combine(day, dt.time.fromisoformat(due_utc), dt.UTC)
    assert [x.due_at for x in lines] == [due]
    from dataclasses import replace

    bed = replace(bed, key=lines[0].dose.key)
    clock.stand_at(due + dt.timedelta(minutes=2))
    assert bed.record(bed.open("amina")).due_at == due
    assert [x.state.kind for x in queries.lines_between(by, *clock.day_bounds(day), clock.now())] == ["given"]
    assert ledger.verify() == []


# ---------------------------------------------------------------- paper


def test_the_round_sheet_holds_everybody_with_what_is_known(world, browser, full):
    items = (AllergyItem("penicillin", "rash", True),)
    builders.residents.settle_allergies(
        by=world.actor("sena"), resident_id=full["Ada"].resident.id, status="recorded", items=items, source="GP"
    )
    nobody = builders.resident(world.system(), "Hal", "Hope", room="9", status="not_recorded")
    full["Dot"].record(full["Dot"].open("amina"))
    page = browser.sign_in("amina").get(f"{HOME}/round/sheet")
    said = words(page)
    for bed in full.values():
        assert bed.resident.name in said
    sheets = {words(s.h2).split(",")[0]: words(s) for s in page.select(".sheet-person")}
    assert "penicillin" in sheets["Ada Able"].lower() and "ALLERG" in sheets["Ada Able"]
    assert "No known drug allergies" in sheets["Cyn Cole"]
    assert "(time-critical)" in sheets["Bea Bond"] and "Given 12:40" in sheets["Dot Dunn"]
    assert "Gap" in sheets["Fay Ford"] and "today 16:00" in sheets["Gus Gray"]
    assert "ALLERGIES NOT RECORDED" in sheets[nobody.name] and "No medicines" in sheets[nobody.name]
    rows = page.select("table.sheet tbody tr")
    assert len(rows) >= 8 and all(len(r.select("td, th")) == 5 for r in rows)


# ---------------------------------------------------------------- time-critical doses are told


def test_a_late_time_critical_dose_is_told_once_to_the_shift_leader(world, full):
    start = clock.now() - dt.timedelta(hours=4)
    builders.duty(world.actor("rosa"), "tolu", "shift_leader", start, start + dt.timedelta(hours=8))
    jobs.HANDLERS["mar.watch"]({})
    jobs.HANDLERS["mar.watch"]({})
    (alert,) = alerts.open_for(world.actor("tolu"))
    assert "Bea Bond’s co-careldopa" in alert.words and "time-critical" in alert.words
    assert alerts.open_for(world.actor("amina")) == [] and ledger.verify() == []


def test_a_scan_from_the_round_takes_two_pages_to_a_saved_dose(world, browser, full):
    phone = browser.sign_in("amina")
    phone.get(f"{HOME}/round")
    scan(phone, full["Eve"])
    make_ready(phone)
    take(phone)
    assert "1 of 1 given" in words(phone.get(f"{HOME}/round"))
