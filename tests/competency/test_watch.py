"""Reminders ahead of the end of a sign-off: to the person and to the managers, each once."""

import datetime as dt

from medpwa import alerts, clock, jobs, ledger
from medpwa.alerts import Alert
from medpwa.competency import actions, watch
from medpwa.staff import actions as staff
from tests.browse import words
from tests.builders import also_at, sign_off

DAY = dt.timedelta(days=1)


def until(days):
    return clock.at_local(clock.local_day(clock.now()) + dt.timedelta(days=days), dt.time())


def said(world, username):
    return [a.words.replace("\u00a0", " ") for a in alerts.open_for(world.actor(username))]


def test_the_person_and_the_managers_are_told_once_at_each_step(world):
    rosa, ben, home = world.actor("rosa"), world.person_id("ben"), world.home()
    watch.look(home)  # Cara's lapse of yesterday, told for itself
    sign_off(rosa, ben, "oral", also=(("topical", None),), valid_until=until(61))
    assert watch.look(home) == 0
    told = []
    for days in (1, 30, 31, 47, 54, 60, 61, 62, 70):
        with clock.standing(clock.now() + days * DAY):
            told.append((days, watch.look(home), watch.look(home)))
    assert [(days, first) for days, first, again in told if again == 0] == [
        (1, 1), (30, 0), (31, 1), (47, 1), (54, 1), (60, 0), (61, 1), (62, 0), (70, 0),
    ]  # fmt: skip
    mine = [a.words.replace("\u00a0", " ") for a in Alert.select().where(Alert.to_person == ben).order_by(Alert.id)]
    what = "Your sign-off for medicines by mouth and creams and ointments"
    assert mine[:4] == [
        f"{what} ends on 16 Jan, in {days} days. Ask for your assessment in good time." for days in (60, 30, 14, 7)
    ]
    assert mine[4:] == [f"{what} ended on 16 Jan. Until your assessment somebody signed off gives these."]
    assert ledger.verify() == []


def test_a_worker_that_slept_tells_only_the_nearest_step(world):
    home = world.home()
    watch.look(home)
    sign_off(world.actor("rosa"), world.person_id("ben"), "oral", valid_until=until(100))
    clock.stand_at(clock.now() + 95 * DAY)
    assert watch.look(home) == 1
    (words_,) = said(world, "ben")
    assert "in 5 days" in words_
    clock.stand_at(clock.now() + 4 * DAY)
    assert watch.look(home) == 0, "the step of seven days was told"


def test_a_manager_reads_of_others_as_a_manager_and_of_their_own_as_themselves(world):
    home = world.home()
    watch.look(home)
    sign_off(world.system(), world.person_id("dee"), "patch", valid_until=until(20))
    watch.look(home)
    (own,) = [w for w in said(world, "dee") if "patches" in w]
    assert own.startswith("Your sign-off for patches ends on 6 Dec, in 20 days.")
    (others,) = [w for w in said(world, "rosa") if "patches" in w]
    assert others.startswith("Dee Marsh’s sign-off for patches ends on 6 Dec, in 20 days.")
    assert not any("patches" in w for u in ("tolu", "quinn", "amina") for w in said(world, u))


def test_what_was_renewed_paused_or_ended_is_not_told_and_leavers_are_left_alone(world):
    rosa, home = world.actor("rosa"), world.home()
    watch.look(home)
    for username in ("ben", "amina", "sena", "tolu"):
        sign_off(rosa, world.person_id(username), "oral", valid_until=until(10))
    found = watch.endings(home.id, clock.now())
    sign_off(rosa, world.person_id("ben"), "oral")
    actions.suspend(by=rosa, person_id=world.person_id("amina"), skill="oral", reason="x")
    staff.end_person(by=rosa, person_id=world.person_id("sena"), reason="Left")
    for ending in found:
        watch.remind(by=world.system(), ending=ending)
    told = [a.to_person for a in Alert.select() if a.key.startswith("sign_off_ends:") and a.to_person]
    assert told.count(world.person_id("tolu")) == 1
    assert not set(told) & {world.person_id(u) for u in ("ben", "amina", "sena")}


def test_each_home_tells_of_its_own_sign_offs(world):
    also_at(world, "ben", "carer")
    sign_off(world.system("elm"), world.person_id("ben"), "oral", valid_until=until(10))
    watch.look(world.home())
    assert not any("medicines by mouth" in w for w in said(world, "ben"))
    assert watch.look(world.home("elm")) == 1


def test_the_job_looks_at_every_home_and_the_alert_leads_to_ones_own_page(browser, world):
    sign_off(world.system(), world.person_id("ben"), "oral", valid_until=until(10))
    jobs.HANDLERS["competency.watch"]({})
    ben = browser.sign_in("ben")
    page = ben.get("/h/rowan/alerts")
    assert "ends on 26 Nov, in 10 days" in words(page)
    assert page.select_one("a[href='/h/rowan/my-sign-offs']")
