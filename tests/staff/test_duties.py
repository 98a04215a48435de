"""Duties: one screen to see and edit who is on the floor, who leads, who is on call."""

import datetime as dt

import pytest

from medpwa import clock, ledger
from medpwa.staff import actions, queries
from medpwa.staff.models import Duty
from tests.browse import words
from tests.builders import duty

DUTIES = "/h/rowan/duties"
HOUR = dt.timedelta(hours=1)


def at(*when):
    return clock.local_to_instant(dt.datetime(*when))


def add(browser, status=200, **values):
    """Fill in the form at the foot of the day."""
    form = browser.get(DUTIES).find("form", action=DUTIES)
    return browser.submit(form, status=status, **values)


def newest():
    return Duty.select().order_by(Duty.id.desc()).first()


def test_a_day_without_duties_says_so_and_who_counts_as_on_shift(browser, world):
    page = browser.sign_in("tolu").get(DUTIES)
    assert words(page.h1) == "No duties are recorded for today"
    assert "whoever was signed in within 12 hours counts as on shift: Tolu Bello" in words(page)


def test_a_shift_is_chosen_by_its_name(browser, world):
    tolu = browser.sign_in("tolu")
    page = add(tolu, person=str(world.person_id("amina")), duty="floor", shift="early", day="2026-11-16")
    assert (newest().starts, newest().ends) == (at(2026, 11, 16, 7), at(2026, 11, 16, 14, 30))
    assert "Early, 07:00 to 14:30" in words(page) and "Amina Okoro" in words(page)
    assert words(page.h1) == "1 person is on shift now; nobody is down to lead"
    assert "Nobody is down to lead this shift" in words(page)
    page = add(tolu, person=str(world.person_id("tolu")), duty="shift_leader", shift="early", day="2026-11-16")
    assert words(page.h1) == "Tolu Bello leads the shift; 2 people are on shift now"
    assert "Nobody is down to lead" not in words(page)
    assert ledger.verify() == []


@pytest.mark.parametrize(
    ("values", "starts", "ends"),
    [
        (dict(shift="night", day="2026-11-16"), (2026, 11, 16, 21, 15), (2026, 11, 17, 7, 15)),
        (dict(shift="day_on_call", duty="on_call"), (2026, 11, 16, 7), (2026, 11, 17, 7)),
        (dict(shift="other", **{"from": "20:00"}, until="08:00"), (2026, 11, 16, 20), (2026, 11, 17, 8)),
        (dict(shift="other", **{"from": "0900"}, until="17.30"), (2026, 11, 16, 9), (2026, 11, 16, 17, 30)),
        (dict(shift="early", day="16/11/2026"), (2026, 11, 16, 7), (2026, 11, 16, 14, 30)),
        # the clocks go back in the night of 25 October 2026: that night has an hour more
        (dict(shift="night", day="2026-10-24"), (2026, 10, 24, 21, 15), (2026, 10, 25, 7, 15)),
        (dict(shift="day_on_call", day="2026-10-24", duty="on_call"), (2026, 10, 24, 7), (2026, 10, 25, 7)),
        # and forward on 28 March 2027: an hour less
        (dict(shift="night", day="2027-03-27"), (2027, 3, 27, 21, 15), (2027, 3, 28, 7, 15)),
    ],
)
def test_times_are_the_homes_and_an_earlier_until_is_the_next_day(browser, world, values, starts, ends):
    rosa = browser.sign_in("rosa")
    add(rosa, **(dict(person=str(world.person_id("amina")), duty="floor", day="2026-11-16") | values))
    assert (newest().starts, newest().ends) == (at(*starts), at(*ends))


GOOD = dict(duty="floor", shift="other", day="2026-11-16", until="14:30", **{"from": "07:00"})


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        (dict(person=""), "person", "Choose who it is"),
        (dict(person="999999"), "person", "Choose who it is"),
        (dict(person="１"), "person", "Choose who it is"),
        (dict(person="1 OR 1=1"), "person", "Choose who it is"),
        (dict(duty="king"), "duty", "Choose what they do"),
        (dict(day="2026-02-31"), "day", "not a date we can read"),
        (dict(day=""), "day", "Choose the day"),
        (dict(day="2029-01-01"), "day", "a year ahead"),
        (dict(day="2026-09-01"), "day", "31 days back"),
        (dict(shift=""), "shift", "Choose a shift"),
        (dict(shift="dawn"), "shift", "Choose a shift"),
        (dict(**{"from": ""}), "from", "Type when it starts"),
        (dict(**{"from": "25:00"}), "from", "not a time we can read"),
        (dict(until="-1"), "until", "not a time we can read"),
        (dict(until="١٤:٣٠"), "until", "not a time we can read"),
    ],
)
def test_a_duty_that_cannot_be_is_said_beside_its_field(browser, world, wrong, field, sentence):
    rosa, rows = browser.sign_in("rosa"), Duty.select().count()
    page = add(rosa, status=422, **(GOOD | dict(person=str(world.person_id("amina"))) | wrong))
    assert sentence in words(page.find(id=f"{field}-error"))
    assert page.select_one(f".errors a[href='#{field}']") and page.find(id=field)
    assert Duty.select().count() == rows
    if "day" not in wrong:
        assert page.find(id="day")["value"] == "2026-11-16"


def test_the_same_duty_twice_is_refused(browser, world):
    rosa, amina = browser.sign_in("rosa"), str(world.person_id("amina"))
    add(rosa, person=amina, **GOOD)
    page = add(rosa, status=422, person=amina, **GOOD)
    assert "on the list for that already" in words(page)
    add(rosa, person=amina, **(GOOD | {"from": "14:30", "until": "21:00"}))  # a double shift is not the same


def test_a_duty_is_moved_given_to_another_and_taken_off_and_each_step_stays(browser, world):
    rosa, now = browser.sign_in("rosa"), clock.now()
    made = duty(world.system(), "amina", "floor", now - HOUR, now + 4 * HOUR)
    url = f"{DUTIES}/{made.duty_key}"
    page = rosa.get(url)
    assert words(page.h1) == "Change Amina Okoro’s duty"
    form = page.find("form", action=url)
    rosa.submit(form, shift="other", **{"from": "08:00", "until": "12:00"})
    assert queries.duty_by_key(world.home().id, made.duty_key).ends == at(2026, 11, 16, 12)
    rosa.submit(rosa.get(url).find("form", action=url), person=str(world.person_id("ben")))
    assert queries.duty_by_key(world.home().id, made.duty_key).person_id == world.person_id("ben")
    page = rosa.submit(rosa.get(url).find("form", action=f"{url}/withdraw"))
    assert words(page.h1) == "No duties are recorded for today"
    rosa.get(url, status=404)
    rosa.post(url, GOOD, status=404)
    rosa.post(f"{url}/withdraw", status=404)
    assert Duty.select().where(Duty.duty_key == made.duty_key).count() == 4
    rota = rosa.get(f"/h/rowan/staff/{world.person_id('ben')}").select_one("details .history")
    assert "taken off the list" in words(rota)
    assert ledger.verify() == []


def test_moving_out_of_the_day_takes_somebody_off_shift(browser, world):
    rosa, now = browser.sign_in("rosa"), clock.now()
    made = duty(world.system(), "amina", "floor", now - HOUR, now + HOUR)
    duty(world.system(), "tolu", "floor", now - HOUR, now + HOUR)
    assert "Amina Okoro" in [p.name for p in queries.on_shift(world.home())[0]]
    url = f"{DUTIES}/{made.duty_key}"
    rosa.submit(rosa.get(url).find("form", action=url), day="2026-11-10", shift="early")
    assert "Amina Okoro" not in [p.name for p in queries.on_shift(world.home())[0]]


def test_carers_see_duties_but_do_not_set_them(browser, world):
    now = clock.now()
    made = duty(world.system(), "tolu", "shift_leader", now - HOUR, now + HOUR)
    amina = browser.sign_in("amina")
    page = amina.get(DUTIES)
    assert words(page.h1) == "Tolu Bello leads the shift; 1 person is on shift now"
    assert not page.select("main form") and not page.select(f"a[href*='{made.duty_key}']")
    amina.get(f"{DUTIES}/week")
    amina.get(f"{DUTIES}/{made.duty_key}", status=404)
    rows, lines = Duty.select().count(), ledger.count_lines()
    for url in (DUTIES, f"{DUTIES}/{made.duty_key}", f"{DUTIES}/{made.duty_key}/withdraw"):
        amina.post(url, GOOD | dict(person=str(world.person_id("amina"))), status=403)
    assert (Duty.select().count(), ledger.count_lines()) == (rows, lines + 3)


def test_duties_of_another_home_are_not_found(browser, world):
    now = clock.now()
    made = duty(world.system(), "tolu", "floor", now - HOUR, now + HOUR)
    nell = browser.sign_in("nell")
    nell.get(DUTIES, status=404)
    for url in (f"/h/far/duties/{made.duty_key}", f"{DUTIES}/{made.duty_key}"):
        nell.get(url, status=404)
        nell.post(url, GOOD, status=404)
        nell.post(f"{url}/withdraw", {}, status=404)
    nell.post("/h/far/duties", GOOD | dict(person=str(world.person_id("amina"))), status=422)
    assert Duty.select().count() == 1


@pytest.mark.parametrize(
    "day", ["2026-02-31", "x", "", "9999-12-31", "-1", "２０２６-１１-１６", "0001-01-01", "2026-11-16" * 500]
)
def test_nonsense_in_the_address_shows_today(browser, world, day):
    tolu = browser.sign_in("tolu")
    assert words(tolu.get(f"{DUTIES}?day={day}").h1) == "No duties are recorded for today"
    assert words(tolu.get(f"{DUTIES}/week?day={day}").h1) == "No duties are recorded for the week of 16 November"


def test_a_week_shows_who_is_on_by_day_and_shift(browser, world):
    rosa = browser.sign_in("rosa")
    add(rosa, person=str(world.person_id("amina")), duty="floor", shift="early", day="2026-11-18")
    add(rosa, person=str(world.person_id("tolu")), duty="shift_leader", shift="early", day="2026-11-18")
    add(rosa, person=str(world.person_id("rosa")), duty="on_call", shift="day_on_call", day="2026-11-18")
    add(rosa, person=str(world.person_id("ben")), duty="floor", shift="night", day="2026-11-22")
    page = rosa.get(f"{DUTIES}/week?day=2026-11-19")
    assert words(page.h1) == "5 days have no duties in the week of 16 November"
    rows = {words(tr.th): [words(td) for td in tr.find_all("td")] for tr in page.select("table tbody tr")}
    assert rows["Wed 18 Nov"] == ["Tolu Bello (leads), Amina Okoro", "–", "–", "–", "Rosa Quiroga"]
    assert rows["Sun 22 Nov"][2] == "Ben Hale" and "Mon 16 Nov today" in rows


def test_who_leads_follows_the_duty_then_the_role_then_on_call_then_the_manager(world):
    home, now, system = world.home(), clock.now(), world.system()
    assert queries.shift_leader(home.id).name == "Rosa Quiroga"  # wherever she is
    duty(system, "dee", "on_call", now - HOUR, now + HOUR)
    assert queries.shift_leader(home.id).name == "Dee Marsh"
    duty(system, "tolu", "floor", now - HOUR, now + HOUR)
    assert queries.shift_leader(home.id).name == "Tolu Bello"
    duty(system, "sena", "shift_leader", now - HOUR, now + HOUR)
    assert queries.shift_leader(home.id).name == "Sena Addo"
    actions.end_person(by=system, person_id=world.person_id("sena"), reason="Left")
    assert queries.shift_leader(home.id).name == "Tolu Bello"


def test_a_night_that_is_over_stands_after_the_shifts_of_the_day(browser, world):
    rosa, now = world.actor("rosa"), clock.now()
    hours = dt.timedelta(hours=1)
    duty(rosa, "ben", "floor", now - 14 * hours, now - 4 * hours)
    duty(rosa, "amina", "floor", now - 4 * hours, now + 3 * hours)
    headings = [words(h) for h in browser.sign_in("rosa").get("/h/rowan/duties").select("h2.section")]
    assert headings[0].endswith("now") and "begun on Sunday" in headings[-1]
    duty(rosa, "ben", "floor", now + 10 * hours, now + 20 * hours)
    duty(rosa, "amina", "floor", now + 20 * hours, now + 27 * hours)
    clock.stand_at(now + 15 * hours)
    headings = [words(h) for h in browser.sign_in("rosa").get("/h/rowan/duties").select("h2.section")]
    assert "begun on Monday" in headings[0], "the night that is running comes first"
