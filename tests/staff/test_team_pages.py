"""Pages of the team: the list, adding, changing, ending."""

import datetime as dt
import re

import pytest

from medpwa import clock, ledger
from medpwa.staff import actions, queries, signin
from medpwa.staff.models import Password, Person, Session
from tests.browse import words
from tests.builders import duty
from tests.people import PASSWORD

STAFF = "/h/rowan/staff"


def test_the_list_says_how_many_work_here_and_who_is_on_shift(browser, world):
    rosa = browser.sign_in("rosa")
    page = rosa.get(STAFF)
    assert words(page.h1) == "10 people work here; 1 is on shift now"
    assert "No duties are recorded" in words(page)
    now = clock.now()
    duty(world.system(), "tolu", "shift_leader", now - dt.timedelta(hours=2), now + dt.timedelta(hours=4))
    duty(world.system(), "amina", "floor", now - dt.timedelta(hours=2), now + dt.timedelta(hours=4))
    page = rosa.get(STAFF)
    assert words(page.h1) == "10 people work here; 2 are on shift now"
    assert "Shift leader" in words(page) and "Access until tonight" in words(page)


@pytest.mark.parametrize(("username", "status"), [("amina", 404), ("sena", 200), ("quinn", 200), ("nia", 200)])
def test_carers_do_not_see_the_team_pages(browser, world, username, status):
    them = browser.sign_in(username)
    them.get(STAFF, status=status)
    them.get(f"{STAFF}/{world.person_id('ben')}", status=status)
    assert "Add somebody" not in words(them.page)


NEW = dict(given_name="Zoe", family_name="O’Brien", role="carer", password="violet kettle harbour moss")


def test_a_manager_adds_somebody_who_must_choose_their_own_password(browser, world):
    rosa = browser.sign_in("rosa")
    form = rosa.get(f"{STAFF}/new").find("form", action=f"{STAFF}/new")
    offered = form.find(id="password")["value"]
    assert len(offered.split("-")) == 5
    page = rosa.submit(form, given_name="Zoe", family_name="O’Brien", role="carer")
    assert words(page.h1) == "Zoe O’Brien can sign in now"
    assert offered in words(page) and "zoe.obrien" in words(page)
    person = Person.get(Person.username == "zoe.obrien")
    assert Password.get(Password.person == person).must_change
    assert offered not in rosa.get(f"{STAFF}/{person.id}").get_text()
    assert ledger.verify() == []


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"given_name": ""}, "given_name", "Type their first name."),
        ({"given_name": "x" * 101}, "given_name", "at most 100 characters"),
        ({"role": "emperor"}, "role", "Choose their role"),
        ({"role": "registered_manager"}, None, None),  # within reach of a registered manager
        ({"kind": "agency"}, "until", "Agency access needs a last day"),
        ({"kind": ["agency", "bank"]}, "kind", "not both"),
        ({"kind": "king"}, "kind", "Choose from the list"),
        ({"until": "2026-02-31"}, "until", "not a date we can read"),
        ({"until": "２０２６-１２-０１"}, "until", "not a date we can read"),
        ({"until": "NaN"}, "until", "not a date we can read"),
        ({"until": "-1"}, "until", "not a date we can read"),
        ({"until": "2026-11-15"}, "until", "has passed already"),
        ({"username": "Zoë"}, "username", "small letters"),
        ({"username": "amina"}, "username", "taken"),
        ({"password": "short"}, "password", "at least 10 characters"),
        ({"password": "password1234"}, "password", "easy to guess"),
        ({"password": "zoe.obrien2026"}, "password", "easy to guess"),
        ({"password": "x" * 201}, "password", "at most 200"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_typed_is_lost(browser, world, wrong, field, sentence):
    rosa = browser.sign_in("rosa")
    form = rosa.get(f"{STAFF}/new").find("form", action=f"{STAFF}/new")
    people = Person.select().count()
    page = rosa.submit(form, **(NEW | wrong), status=422 if field else 200)
    if field is None:
        return
    assert Person.select().count() == people
    problem = page.find(id=f"{field}-error")
    assert sentence in words(problem)
    assert page.select_one(f".errors a[href='#{field}']")
    assert page.find(id="family_name")["value"] == "O’Brien"
    if "password" not in wrong:
        assert page.find(id="password")["value"] == NEW["password"]
    typed = next(iter(wrong))
    if typed in ("given_name", "username") and wrong[typed]:
        assert page.find(id=typed)["value"].lower() == wrong[typed].lower()


HOSTILE = ["<script>alert(1)</script>", "'; DROP TABLE person;--", "{{ 7*7 }}", "=1+1", "é́" * 20, "🦉"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_are_kept_as_text(browser, world, text):
    rosa = browser.sign_in("rosa")
    form = rosa.get(f"{STAFF}/new").find("form", action=f"{STAFF}/new")
    rosa.submit(form, **(NEW | {"given_name": text, "username": "zoe.test"}))
    person = Person.get(Person.username == "zoe.test")
    page = rosa.get(f"{STAFF}/{person.id}")
    assert queries.person_facts(person.id).given_name == text.strip()
    assert page.find("script", string=re.compile("alert")) is None
    rosa.get(STAFF)


def test_a_field_sent_twice_a_nul_and_a_megabyte_are_refused(browser, world):
    rosa = browser.sign_in("rosa")
    people = Person.select().count()
    rosa.post(f"{STAFF}/new", [("given_name", "A"), ("given_name", "B")], status=400)
    rosa.post(f"{STAFF}/new", NEW | {"given_name": "A\x00B"}, status=400)
    rosa.post(f"{STAFF}/new", NEW | {"given_name": "A" * 1_000_000}, status=413)
    rosa.post(f"{STAFF}/new", [*NEW.items(), ("password", "another one entirely")], status=400)
    assert Person.select().count() == people


@pytest.mark.parametrize("username", ["amina", "sena", "tolu", "quinn", "nia"])
def test_only_managers_add_and_the_attempt_is_kept(browser, world, username):
    them = browser.sign_in(username)
    them.get(f"{STAFF}/new", status=404)
    before = ledger.count_lines()
    them.post(f"{STAFF}/new", NEW, status=403)
    line = ledger.Line.select().order_by(ledger.Line.id.desc()).first()
    assert (ledger.count_lines() - before, line.verb, line.outcome) == (1, "staff.add", "refused")


def test_a_manager_corrects_a_name_and_the_old_one_stays_in_the_history(browser, world):
    rosa, ben = browser.sign_in("rosa"), world.person_id("ben")
    form = rosa.get(f"{STAFF}/{ben}").find("form", action=f"{STAFF}/{ben}/details")
    page = rosa.submit(form, family_name="Hale-Moss", kind="bank")
    assert words(page.h1) == "Ben Hale-Moss, carer"
    assert "Bank staff" in words(page)
    said = words(page.find(class_="history"))
    assert "Details changed: Ben Hale-Moss (bank)" in said and "A new colleague was added: Ben Hale" in said
    assert "Rosa Quiroga" in said
    assert ledger.verify() == []


def test_a_role_changes_from_now_and_bites_on_the_next_request(browser, world):
    rosa, ben = browser.sign_in("rosa"), world.person_id("ben")
    bens = browser.sign_in("ben")
    bens.get(STAFF, status=404)
    form = rosa.get(f"{STAFF}/{ben}").find("form", action=f"{STAFF}/{ben}/role")
    page = rosa.submit(form, role="team_leader", until="2026-11-20", reason="Covers for Tolu")
    assert words(page.h1) == "Ben Hale, team leader until 20 Nov 2026"
    assert "Covers for Tolu" in words(page.find(class_="history"))
    bens.get(STAFF)
    clock.stand_at(clock.local_to_instant(dt.datetime(2026, 11, 20, 23, 59)))
    assert world.actor("ben").roles == {"team_leader"}
    clock.stand_at(clock.local_to_instant(dt.datetime(2026, 11, 21)))
    assert queries.actor(ben, "rowan") is None


def test_a_deputy_cannot_raise_anybody_above_herself(browser, world):
    dee, ben = browser.sign_in("dee"), world.person_id("ben")
    page = dee.get(f"{STAFF}/{ben}")
    assert not page.select("option[value=registered_manager]")
    page = dee.post(f"{STAFF}/{ben}/role", {"role": "registered_manager", "until": "", "reason": ""}, status=422)
    assert "above your own role" in words(page)
    assert world.actor("ben").roles == {"carer"}


@pytest.mark.parametrize("other", ["rosa", "nia"])
@pytest.mark.parametrize(
    ("what", "data"),
    [
        ("password", {"password": "violet kettle harbour moss"}),
        ("end", {"reason": "x", "sure": "yes"}),
        ("role", {"role": "carer"}),
        ("details", {"given_name": "A", "family_name": "B"}),
    ],
)
def test_a_deputy_cannot_take_over_those_above_her(browser, world, other, what, data):
    dee, them = browser.sign_in("dee"), world.person_id(other)
    page = dee.get(f"{STAFF}/{them}")
    assert not page.select(f"form[action$='/{what}']")
    dee.post(f"{STAFF}/{them}/{what}", data, status=403)
    assert signin.is_own_password(them, PASSWORD)
    assert queries.roles_of(them, world.home().id)


@pytest.mark.parametrize("what", ["role", "end", "password"])
def test_nobody_changes_their_own_role_ends_themselves_or_sets_their_own_first_password(browser, world, what):
    rosa, herself = browser.sign_in("rosa"), world.person_id("rosa")
    page = rosa.get(f"{STAFF}/{herself}")
    assert not page.select(f"form[action$='/{what}']")
    data = {"role": "carer", "reason": "x", "sure": "yes", "password": "violet kettle harbour moss"}
    rosa.post(f"{STAFF}/{herself}/{what}", data, status=403)
    assert world.actor("rosa").roles == {"registered_manager"}


def test_ending_somebody_asks_twice_signs_them_out_and_takes_them_off_the_duties(browser, world):
    rosa, ben = browser.sign_in("rosa"), world.person_id("ben")
    bens, now = browser.sign_in("ben"), clock.now()
    duty(world.system(), "ben", "floor", now - dt.timedelta(hours=2), now + dt.timedelta(hours=2))
    duty(world.system(), "ben", "floor", now + dt.timedelta(hours=20), now + dt.timedelta(hours=28))
    bens.get("/password")
    form = rosa.get(f"{STAFF}/{ben}").find("form", action=f"{STAFF}/{ben}/end")
    page = rosa.submit(form, reason="Left on 16 November", status=422)
    assert "Tick the box" in words(page) and "Left on 16 November" in page.find(id="end-reason").get_text()
    form = page.find("form", action=f"{STAFF}/{ben}/end")
    page = rosa.submit(form, sure="yes")
    assert words(page.h1) == "Ben Hale does not work here any more"
    assert "Left on 16 November" in words(page.find(class_="history"))
    bens.get("/password")
    assert bens.url == "/sign-in"
    assert queries.duties_of(ben, world.home().id, now) == []
    assert "Have left: 1" in words(rosa.get(STAFF))
    rosa.submit(form, sure="yes", status=422)
    assert ledger.verify() == []


def test_somebody_who_left_can_be_given_access_again(browser, world):
    rosa, ben = browser.sign_in("rosa"), world.person_id("ben")
    actions.end_person(by=world.actor("rosa"), person_id=ben, reason="Left")
    page = rosa.get(f"{STAFF}/{ben}")
    assert not page.select("form[action$='/end'], form[action$='/password']")
    page = rosa.submit(page.find("form", action=f"{STAFF}/{ben}/role"), role="carer", reason="Came back")
    assert words(page.h1) == "Ben Hale, carer"


def test_a_new_first_password_ends_every_sign_in_of_theirs(browser, world):
    rosa, ben = browser.sign_in("rosa"), world.person_id("ben")
    bens = browser.sign_in("ben")
    form = rosa.get(f"{STAFF}/{ben}").find("form", action=f"{STAFF}/{ben}/password")
    page = rosa.submit(form, password="violet kettle harbour moss")
    assert "violet kettle harbour moss" in words(page)
    assert bens.get("/password") and bens.url == "/sign-in"
    assert signin.is_own_password(ben, "violet kettle harbour moss")
    assert signin.must_change(ben)
    assert "A new first password was given" in words(rosa.get(f"{STAFF}/{ben}").find(class_="history"))


def test_a_manager_ends_one_sign_in_of_a_lost_phone(browser, world):
    rosa, ben = browser.sign_in("rosa"), world.person_id("ben")
    lost, kept = browser.sign_in("ben"), browser.sign_in("ben")
    newest, oldest = Session.select().where(Session.person == ben).order_by(Session.id.desc())
    page = rosa.get(f"{STAFF}/{ben}")
    rosa.submit(page.find("form", action=f"{STAFF}/{ben}/sessions/{oldest.id}/end"))
    lost.get("/password")
    assert lost.url == "/sign-in"
    kept.get("/password")
    assert kept.url == "/password"
    last = ledger.Line.select().order_by(ledger.Line.id.desc()).first()
    assert (last.verb, last.subject) == ("staff.end_session", f"person:{ben}")
    # another person's session under this person's address ends nothing
    mine = Session.get(Session.person == world.person_id("rosa"))
    rosa.post(f"{STAFF}/{ben}/sessions/{mine.id}/end")
    rosa.get(STAFF)
    browser.sign_in("tolu").post(f"{STAFF}/{ben}/sessions/{newest.id}/end", status=403)
    kept.get("/password")
    assert kept.url == "/password"


@pytest.mark.parametrize("number", ["999999", "0", "99999999999999999999999"])
def test_somebody_who_is_not_here_is_not_found(browser, world, number):
    browser.sign_in("rosa").get(f"{STAFF}/{number}", status=404)


def test_people_of_another_provider_are_not_found_and_find_nothing(browser, world):
    rosa, nell = browser.sign_in("rosa"), browser.sign_in("nell")
    stranger, ben = world.person_id("nell"), world.person_id("ben")
    rosa.get(f"{STAFF}/{stranger}", status=404)
    for what in ("details", "role", "password", "end"):
        rosa.post(f"{STAFF}/{stranger}/{what}", {}, status=404)
        nell.post(f"{STAFF}/{ben}/{what}", {}, status=404)
        nell.post(f"/h/far/staff/{ben}/{what}", {}, status=404)
    for url in (STAFF, f"{STAFF}/{ben}", f"{STAFF}/new", "/h/rowan/duties", f"/h/far/staff/{ben}"):
        nell.get(url, status=404)


def test_a_role_at_provider_level_holds_in_that_providers_homes_alone(browser, world):
    nia = browser.sign_in("nia")
    for slug, status in (("rowan", 200), ("elm", 200), ("far", 404)):
        nia.get(f"/h/{slug}/staff", status=status)
    assert queries.actor(world.person_id("nia"), "far") is None
    assert queries.roles_of(world.person_id("nia"), world.home("far").id) == frozenset()
    assert [p.name for p in queries.on_shift(world.home("far"))[0]] == []
    assert "Nia Vance" in [p.name for p in queries.on_shift(world.home("elm"))[0]]


def test_the_rota_does_not_bury_what_happened_to_somebody(browser, world):
    for day in range(1, 6):
        at = clock.now() + dt.timedelta(days=day)
        duty(world.actor("rosa"), "ben", "floor", at, at + dt.timedelta(hours=8))
    page = browser.sign_in("rosa").get(f"/h/rowan/staff/{world.person_id('ben')}")
    history, rota = page.select_one(".card .history"), page.select_one("details .history")
    assert "A new colleague was added" in words(history) and "Duty" not in words(history)
    assert len(rota.select("li")) == 5
    facts = words(page.select_one(".summary"))
    assert facts.count("Next duties") == 1 and "Tomorrow" in facts
