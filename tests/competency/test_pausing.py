"""Pausing from the file: it bites on the card in the hand, the person is told, and the second of two is told."""

import pytest

from medpwa import alerts, clock, ledger
from medpwa.competency import actions, after_error, deeds, queries
from medpwa.competency.models import Grant
from medpwa.database import writing
from medpwa.errors import Invalid
from medpwa.staff import actions as staff
from tests import builders
from tests.browse import words
from tests.builders import also_at, resident, sign_off
from tests.mar.steps import bedside, make_ready, refusals, scan, take


def pause_form(them, world, username, query=""):
    url = f"/h/rowan/competency/{world.person_id(username)}/pause"
    return them.get(f"{url}{query}").find("form", action=url)


def may(world, username, skill="oral", slug="rowan"):
    return queries.sign_off(world.home(slug).id, world.person_id(username), [skill], None).allowed


def told(world, username, slug="rowan"):
    return [a.words for a in alerts.open_for(world.actor(username, slug))]


def test_a_pause_from_the_file_refuses_the_next_tap_on_the_card_that_is_open(browser, world):
    bed, phone = bedside(world), browser.sign_in("amina")
    scan(phone, bed)
    make_ready(phone)
    rosa = browser.sign_in("rosa")
    rosa.submit(pause_form(rosa, world, "amina"), reason="Two names were mixed up at breakfast")
    take(phone)
    said = words(phone.page)
    assert "Someone else needs to give Ivy’s senna" in said and "paused since 16 Nov" in said
    assert bed.entries() == [] and refusals()[-1][:2] == ("mar.record", "not_signed_off")
    assert ledger.verify() == []


def test_the_person_is_told_in_plain_words_and_led_to_their_own_page(browser, world):
    rosa, amina = browser.sign_in("rosa"), browser.sign_in("amina")
    rosa.submit(pause_form(rosa, world, "amina", "?skill=oral"), reason="Two names were mixed up at breakfast")
    (alert,) = told(world, "amina")
    assert alert == (
        "Rosa Quiroga has paused your sign-off for medicines by mouth for now. It is for safety, not a punishment. "
        "See why."
    )
    assert told(world, "ben") == told(world, "tolu") == [], "nobody else is told"
    page = amina.get("/h/rowan/my-sign-offs")
    assert words(page.h1) == "You may give creams and ointments and 2 other kinds"
    assert "Two names were mixed up at breakfast" in words(page)
    assert "One to three of your rounds are watched again" in words(page)
    assert not {"blame", "fault", "failed", "mistake"} & set(words(page).lower().split())


@pytest.mark.parametrize(
    ("state", "says"),
    [("supervised_only", "with somebody beside you"), ("development_needed", "agreed more practice with you"),
     ("not_competent", "not ready yet to give")],
)  # fmt: skip
def test_whatever_takes_away_is_told_at_once_and_bites_on_the_next_request(browser, world, state, says):
    bed, phone = bedside(world), browser.sign_in("amina")
    scan(phone, bed)
    make_ready(phone)
    sign_off(world.actor("rosa"), world.person_id("amina"), "oral", state=state, reason="Agreed with her")
    assert says in told(world, "amina")[0]
    take(phone)
    assert bed.entries() == [] and refusals()[-1][:2] == ("mar.record", "not_signed_off")


def test_good_news_needs_no_alert(world):
    sign_off(world.actor("rosa"), world.person_id("ben"), "oral")
    assert told(world, "ben") == []


def test_from_a_pause_one_comes_back_by_rounds_watched_again_or_it_ends(browser, world):
    rosa, url = browser.sign_in("rosa"), f"/h/rowan/competency/{world.person_id('amina')}"
    actions.suspend(by=world.actor("rosa"), person_id=world.person_id("amina"), skill="oral", reason="x")
    page = rosa.get(url)
    row = page.find(id="skill-oral")
    assert [words(a).split(":")[0].strip() for a in row.select("a.btn")] == ["Watch rounds again", "End"]
    form = rosa.get(row.select_one("a.btn")["href"]).find("form", action=f"{url}/sign-off")
    offered = [i["value"] for i in form.select("input[name=state]")]
    assert "competent" not in offered and form.select_one("input[name=state][checked]")["value"] == "reassessment"
    rosa.submit(form, state="competent", status=422)
    assert "Begin watching their rounds again first" in words(rosa.page)
    page = rosa.submit(form, reason="2 of 3 rounds passed")
    assert not may(world, "amina") and "Being watched again" in words(page.find(id="skill-oral"))
    form = rosa.get(f"{url}/sign-off?skill=oral").find("form", action=f"{url}/sign-off")
    rosa.submit(form, reason="3 of 3 rounds passed")
    assert may(world, "amina")


# ---------------------------------------------------------------- two managers at once, two homes, a leaver


def test_of_two_managers_who_pause_at_once_the_second_is_told(browser, world):
    rosa, dee = browser.sign_in("rosa"), browser.sign_in("dee")
    forms = [pause_form(them, world, "amina") for them in (rosa, dee)]
    rosa.submit(forms[0], reason="Two names were mixed up")
    rows = Grant.select().count()
    page = dee.submit(forms[1], reason="I saw it too", status=422)
    said = words(page)
    assert "Nothing was changed by you" in said and "Choose from the list" not in said
    assert "Rosa Quiroga decided about this today 11:40" in said and "paused" in said
    assert Grant.select().count() == rows


def test_of_a_sign_off_and_a_pause_at_once_the_second_decides_nothing_unseen(browser, world):
    rosa, dee = browser.sign_in("rosa"), browser.sign_in("dee")
    url = f"/h/rowan/competency/{world.person_id('amina')}/sign-off"
    renewing = rosa.get(f"{url}?skill=oral").find("form", action=url)
    dee.submit(pause_form(dee, world, "amina", "?skill=oral"), reason="Two names were mixed up")
    page = rosa.submit(renewing, reason="Yearly review passed", status=422)
    assert "Dee Marsh decided about this today 11:40" in words(page)
    assert "Yearly review passed" in page.find(id="reason").get_text()
    assert not may(world, "amina")


def test_what_somebody_decided_about_another_skill_is_in_nobodys_way(browser, world):
    rosa, dee = browser.sign_in("rosa"), browser.sign_in("dee")
    forms = [pause_form(rosa, world, "amina", "?skill=oral"), pause_form(dee, world, "amina", "?skill=topical")]
    rosa.submit(forms[0], reason="x")
    dee.submit(forms[1], reason="x")
    assert not may(world, "amina") and not may(world, "amina", "topical") and may(world, "amina", "drops")


def test_a_pause_in_one_home_leaves_the_sign_off_in_the_other(browser, world):
    also_at(world, "amina", "carer")
    sign_off(world.system("elm"), world.person_id("amina"), "oral")
    sign_off(world.system("elm"), world.person_id("amina"), "patch")
    rosa = browser.sign_in("rosa")
    rosa.submit(pause_form(rosa, world, "amina"), reason="x")
    assert not may(world, "amina") and may(world, "amina", slug="elm")
    assert told(world, "amina", "elm") == [] and len(told(world, "amina")) == 1
    amina = browser.sign_in("amina")
    assert words(amina.get("/h/rowan/my-sign-offs").h1) == "You do not give medicines alone for now"
    page = amina.get("/h/elm/my-sign-offs")
    assert words(page.h1) == "You may give medicines by mouth and patches"
    assert "Rosa" not in words(page.main)


def test_somebody_who_left_keeps_their_file_and_cannot_be_signed_off_or_see_their_page(browser, world):
    rosa, amina = browser.sign_in("rosa"), browser.sign_in("amina")
    person = world.person_id("amina")
    staff.end_person(by=world.actor("rosa"), person_id=person, reason="Left")
    with pytest.raises(Invalid, match="no role here now"):
        sign_off(world.actor("rosa"), person, "oral")
    assert "does not work here any more" in words(rosa.get(f"/h/rowan/competency/{person}").h1)
    amina.client.get("/h/rowan/my-sign-offs")
    assert amina.client.get("/h/rowan/my-sign-offs").status_code in (302, 303, 401, 404)
    rosa.submit(pause_form(rosa, world, "amina"), reason="In case they come back")
    assert not may(world, "amina")


# ---------------------------------------------------------------- one deed, and what is usually done


def test_the_deed_pauses_what_stands_for_whoever_calls_it(world):
    rosa, amina, harold = world.actor("rosa"), world.person_id("amina"), resident(world.system(), "Harold", "N").id
    sign_off(rosa, amina, "insulin", resident_id=harold)
    sign_off(rosa, amina, "patch", state="learning")
    keys = queries.standing(rosa.home_id, amina)
    assert ("insulin", harold) in keys and ("oral", None) in keys and ("patch", None) not in keys
    with writing(rosa.chain_id):
        said = deeds.suspend(rosa, amina, keys, reason="A spot check was not met", evidence={"check": 7})
        ledger.append(rosa.chain_id, rosa, said)
    assert queries.standing(rosa.home_id, amina) == []
    assert [g.evidence for g in Grant.select().where(Grant.state == "suspended")] == [{"check": 7}] * len(keys)
    assert "medicines by mouth and 4 other kinds" in told(world, "amina")[0]
    assert ledger.verify() == []


def test_the_page_suggests_what_is_usual_and_decides_nothing(browser, world):
    rosa, rows = browser.sign_in("rosa"), Grant.select().count()
    url = f"/h/rowan/competency/{world.person_id('amina')}/pause"
    said = words(rosa.get(url))
    for when, what in after_error.USUAL:
        assert when in said and what in said
    assert "nothing of theirs was paused or supervised" in said and "you decide" in said
    assert Grant.select().count() == rows
    actions.suspend(by=world.actor("rosa"), person_id=world.person_id("amina"), skill="topical", reason="x")
    assert "in the last 90 days: 16 Nov, creams and ointments." in words(rosa.get(url))
    clock.stand_at(clock.now() + after_error.LOOKED_BACK)
    assert "nothing of theirs was paused or supervised" in words(browser.sign_in("rosa").get(url))


# ---------------------------------------------------------------- skills an order can ask for


@pytest.mark.parametrize("skill", sorted(queries.SKILLS.keys() & set(builders.SIGNED_OFF["amina"])))
def test_what_an_order_asks_for_is_asked_of_each_dose_on_the_next_request(world, skill):
    bed = bedside(world, required_skills=("oral", skill))
    by = bed.open("amina")
    actions.suspend(by=world.actor("rosa"), person_id=by.person_id, skill=skill, reason="x")
    with pytest.raises(Exception, match="paused since"):
        bed.record(by)
    assert bed.entries() == []
