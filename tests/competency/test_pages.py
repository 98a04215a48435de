"""The table, the file and the three decisions, as a manager and others meet them."""


import pytest

from medpwa import ledger
from medpwa.competency import actions, queries
from medpwa.competency.models import Grant
from medpwa.staff import actions as staff
from tests.browse import words
from tests.builders import resident, sign_off

TABLE = "/h/rowan/competency"


def file_of(world, username):
    return f"{TABLE}/{world.person_id(username)}"


def may(world, username, skill="oral"):
    return queries.sign_off(world.home().id, world.person_id(username), [skill], None).allowed


@pytest.mark.parametrize(("username", "status"), [("amina", 404), ("sena", 200), ("quinn", 200), ("nia", 200)])
def test_carers_do_not_see_the_table_and_only_managers_see_buttons(browser, world, username, status):
    them = browser.sign_in(username)
    for url in (TABLE, file_of(world, "ben")):
        them.get(url, status=status)
        assert "Sign off" not in words(them.page.main or them.page)
    for what in ("sign-off", "pause", "end"):
        them.get(f"{file_of(world, 'ben')}/{what}", status=404)
        them.post(f"{file_of(world, 'ben')}/{what}", {}, status=403)


# ---------------------------------------------------------------- the file


def test_the_file_says_what_somebody_may_give_and_since_when(browser, world):
    page = browser.sign_in("rosa").get(file_of(world, "amina"))
    assert words(page.h1) == "Amina Okoro may give medicines by mouth and 3 other kinds"
    assert "Not signed off for patches, controlled drugs" in words(page.select_one(".lead"))
    assert "since 30 Apr 2026, ends 30 Apr" in words(page)
    assert "Sign-off: Medicines by mouth; signed off from 30 Apr 2026 until 30 Apr. Yearly review passed" in words(
        page.find(class_="history")
    )


def test_the_file_of_somebody_new_is_empty_and_says_what_to_do(browser, world):
    page = browser.sign_in("rosa").get(file_of(world, "ben"))
    assert words(page.h1) == "Ben Hale may not give medicines alone yet"
    assert "Nothing is recorded yet" in words(page)


def test_ones_own_file_has_no_buttons_and_says_why(browser, world):
    page = browser.sign_in("rosa").get(file_of(world, "rosa"))
    assert "Nobody signs themselves off" in words(page)
    assert not page.select("main a[href*='/sign-off']")


def test_the_file_of_somebody_who_left_can_still_be_read(browser, world):
    staff.end_person(by=world.actor("rosa"), person_id=world.person_id("amina"), reason="Left")
    page = browser.sign_in("rosa").get(file_of(world, "amina"))
    assert words(page.h1) == "Amina Okoro does not work here any more"


def test_files_of_another_provider_are_not_found(browser, world):
    rosa, nell = browser.sign_in("rosa"), browser.sign_in("nell")
    for them, url in [
        (rosa, file_of(world, "nell")),
        (nell, file_of(world, "ben")),
        (nell, TABLE),
        (nell, f"/h/far/competency/{world.person_id('ben')}"),
    ]:
        them.get(url, status=404)
        if url != TABLE:
            for what in ("sign-off", "pause", "end"):
                them.get(f"{url}/{what}", status=404)
                them.post(f"{url}/{what}", {"skill": "oral"}, status=404)


# ---------------------------------------------------------------- sign off


def test_a_manager_signs_somebody_off_for_several_skills_at_once(browser, world):
    rosa, url = browser.sign_in("rosa"), file_of(world, "ben")
    form = rosa.get(f"{url}/sign-off?skill=oral").find("form", action=f"{url}/sign-off")
    assert form.select_one("input[name=skill][value=oral]").has_attr("checked")
    page = rosa.submit(form, skill=["oral", "topical"], reason="3 of 3 rounds observed")
    assert words(page.h1) == "Ben Hale may give medicines by mouth and creams and ointments"
    assert may(world, "ben") and may(world, "ben", "topical")
    assert "3 of 3 rounds observed" in words(page)
    assert ledger.verify() == []


GOOD = dict(skill=["oral"], state="competent", valid_from="2026-11-16", valid_until="", resident="", reason="")


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        (dict(skill=[]), "skill", "Tick at least one"),
        (dict(skill=["juggling"]), "skill", "Choose from the list"),
        (dict(skill=["insulin"]), "resident", "for one resident"),
        (dict(skill=["insulin"], resident="99999999"), "resident", "for one resident"),
        (dict(skill=["insulin"], resident="９"), "resident", "for one resident"),
        (dict(state="emperor"), "state", "Choose how it stands"),
        (dict(state="suspended"), "state", "Choose how it stands"),
        (dict(valid_from=""), "valid_from", "Choose the day it starts"),
        (dict(valid_from="2026-02-31"), "valid_from", "not a date we can read"),
        (dict(valid_from="２０２６-１１-１６"), "valid_from", "not a date we can read"),
        (dict(valid_from="-1"), "valid_from", "not a date we can read"),
        (dict(valid_from="2026-09-01"), "valid_from", "at most 31 days back"),
        (dict(valid_from="2026-11-10"), "reason", "Say why"),
        (dict(valid_from="2028-01-01"), "valid_from", "at most a year ahead"),
        (dict(valid_until="NaN"), "valid_until", "not a date we can read"),
        (dict(valid_until="2026-11-16"), "valid_until", "must come after"),
        (dict(valid_until="2040-01-01"), "valid_until", "at most 3 years"),
        (dict(reason="x" * 2001), "reason", "at most 2000"),
    ],
)
def test_a_sign_off_that_cannot_be_is_said_beside_its_field(browser, world, wrong, field, sentence):
    rosa, url, rows = browser.sign_in("rosa"), file_of(world, "ben"), Grant.select().count()
    form = rosa.get(f"{url}/sign-off").find("form", action=f"{url}/sign-off")
    page = (
        rosa.submit(form, **(GOOD | dict(reason="typed with care") | wrong), status=422)
        if field != "reason"
        else (rosa.submit(form, **(GOOD | wrong), status=422))
    )
    assert sentence in words(page.find(id=f"{field}-error"))
    assert page.select_one(f".errors a[href='#{field}']") and page.find(id=field)
    assert Grant.select().count() == rows
    kept = page.find(id="reason").get_text(strip=True)
    assert kept == (wrong.get("reason", "") if field == "reason" else "typed with care")


def test_a_sign_off_for_the_state_of_a_learner_needs_no_end(browser, world):
    rosa, url = browser.sign_in("rosa"), file_of(world, "ben")
    form = rosa.get(f"{url}/sign-off").find("form", action=f"{url}/sign-off")
    page = rosa.submit(form, **(GOOD | dict(state="assessing", reason="1 of 3 observed rounds passed")))
    assert "Being observed" in words(page) and not may(world, "ben")
    assert "You have passed 1 of 3 observed rounds" in words(browser.sign_in("ben").get("/me"))


def test_hostile_words_in_a_reason_are_kept_as_text(browser, world):
    rosa, url = browser.sign_in("rosa"), file_of(world, "ben")
    form = rosa.get(f"{url}/sign-off").find("form", action=f"{url}/sign-off")
    page = rosa.submit(form, **(GOOD | dict(reason="<script>alert(1)</script>{{ 7*7 }} of 3")))
    assert "<script>alert(1)</script>{{ 7*7 }} of 3" in words(page)
    browser.sign_in("ben").get("/me")
    rosa.get(TABLE)


# ---------------------------------------------------------------- pause and end


def test_pausing_everything_bites_on_the_very_next_request(browser, world):
    rosa, url, aminas = browser.sign_in("rosa"), file_of(world, "amina"), browser.sign_in("amina")
    assert words(aminas.get("/me").h1).startswith("You may give medicines by mouth")
    form = rosa.get(f"{url}/pause").find("form", action=f"{url}/pause")
    assert "Take the tick off what they may go on giving" in words(form), "all of them are ticked at first"
    page = rosa.submit(form, status=422)
    assert "Say why" in words(page.find(id="reason-error"))
    page = rosa.submit(page.find("form", action=f"{url}/pause"), reason="A mix-up this morning")
    assert words(page.find(role="status")).startswith("Paused from their next tap Medicines by mouth, ")
    assert "Paused from" not in words(rosa.get(url))
    assert words(page.h1) == "Amina Okoro may not give medicines alone now"
    page = aminas.get("/me")
    assert words(page.h1) == "You are not signed off to give medicines alone yet"
    assert "paused since 16 Nov" in words(page) and "A mix-up this morning" in words(page)
    assert "There is nothing to pause" in words(rosa.get(f"{url}/pause"))
    assert ledger.verify() == []


def test_one_skill_is_paused_alone_when_its_own_button_was_used(browser, world):
    rosa, url = browser.sign_in("rosa"), file_of(world, "amina")
    link = rosa.get(url).select_one("a[href$='/pause?skill=topical']")
    form = rosa.get(link["href"]).find("form", action=f"{url}/pause")
    rosa.submit(form, reason="x")
    assert may(world, "amina") and not may(world, "amina", "topical")


def test_what_is_no_giving_is_not_paused_unless_somebody_ticks_it(browser, world):
    sign_off(world.system(), world.person_id("amina"), "emar_use")
    rosa, url = browser.sign_in("rosa"), file_of(world, "amina")
    form = rosa.get(f"{url}/pause").find("form", action=f"{url}/pause")
    boxes = {box["value"]: box.has_attr("checked") for box in form.select("input[name=skill]")}
    assert boxes["oral"] and boxes["emar_use"] is False
    rosa.submit(form, reason="x")
    assert not may(world, "amina") and may(world, "amina", "emar_use")


def test_ending_asks_twice(browser, world):
    rosa, url = browser.sign_in("rosa"), file_of(world, "amina")
    form = rosa.get(f"{url}/end?skill=oral").find("form", action=f"{url}/end")
    page = rosa.submit(form, reason="Moves to the kitchen", status=422)
    assert "Tick the box" in words(page) and may(world, "amina")
    page = rosa.submit(page.find("form", action=f"{url}/end"), sure="yes")
    assert not may(world, "amina") and may(world, "amina", "topical")
    assert "Sign-off ended: Medicines by mouth" in words(page.find(class_="history"))
    rosa.post(f"{url}/end", dict(skill="oral", reason="again", sure="yes"), status=422)


@pytest.mark.parametrize("what", ["pause", "end"])
@pytest.mark.parametrize("skill", ["", "insulin:4", "insulin:", "oral:x", "oral:99999999999999", "warfarin", "é"])
def test_what_was_not_offered_cannot_be_taken_away(browser, world, what, skill):
    rosa, url, rows = browser.sign_in("rosa"), file_of(world, "amina"), Grant.select().count()
    rosa.get(f"{url}/{what}?skill={skill}")
    rosa.post(f"{url}/{what}", dict(skill=skill, reason="x", sure="yes"), status=422)
    assert Grant.select().count() == rows


def test_what_is_delegated_for_one_resident_is_never_said_without_their_name(browser, world):
    harold = resident(world.system(), "Harold", "Nkemelu", room="4")
    rosa = world.actor("rosa")
    sign_off(rosa, world.person_id("cara"), "insulin", resident_id=harold.id, reason="Signed off by the nurse")
    page = browser.sign_in("rosa").get(file_of(world, "cara"))
    assert words(page.h1) == "Cara Lund may give insulin for Harold Nkemelu"
    assert "Insulin for Harold Nkemelu" in words(page) and "Insulin, for" not in words(page)


def test_somebody_paused_may_not_give_now_rather_than_not_yet(browser, world):
    for skill in ("oral", "topical", "drops", "inhaler"):
        actions.suspend(
            by=world.actor("rosa"), person_id=world.person_id("amina"), skill=skill, reason="Two slips this week"
        )
    page = browser.sign_in("rosa").get(file_of(world, "amina"))
    assert words(page.h1) == "Amina Okoro may not give medicines alone now"
