"""The pages of assessments: opened by their people, linted, every form tried with and without JavaScript."""

import datetime as dt
import re

import pytest

from medpwa import clock, ledger
from medpwa.competency import actions as competency
from medpwa.desk import decisions
from medpwa.practice import assessments, booking_actions, drafts
from medpwa.practice.models import (
    Assessment,
    AssessmentOutcome,
    AssessmentPart,
    AssessmentRequest,
    Booking,
    Instrument,
    Observation,
    ObservationResult,
    ObservationSign,
)
from tests.browse import form_values, words
from tests.mar.steps import later
from tests.people import PASSWORD
from tests.practice import steps
from tests.practice.steps import Doses, may, state
from tests.practice.test_bookings import TODAY, book

HOME = "/h/rowan"


@pytest.fixture
def dee(world):
    steps.trained(world, "dee", "rosa", "sena", "tolu")
    return world.actor("dee")


@pytest.fixture
def ben(world):
    return world.actor("ben")


@pytest.fixture
def doses(world):
    return Doses(world, 6)


def form_to(page, end: str):
    """The form of a page whose address ends so."""
    return next(f for f in page.find_all("form") if f["action"].endswith(end))


# ---------------------------------------------------------------- arranging


def test_one_page_lists_gaps_bookings_requests_and_what_was_missed(world, browser, dee, ben):
    booking_actions.ask(by=ben, request_id=steps.new_id(), skill="oral", words="Mondays suit me")
    book(dee, world.person_id("cara"), dee.person_id, kind="return")
    page = browser.sign_in("tolu").get(f"{HOME}/assessments")
    text = words(page)
    assert "Ben Hale Asks to be assessed: medicines by mouth" in text and "Mondays suit me" in text
    assert "Cara Lund" in text and "Next: Today, Lunch, with Dee Marsh" in text
    assert page.find("a", href=re.compile("book/.*skill=oral")) is not None
    senior = browser.sign_in("sena").get(f"{HOME}/assessments")  # assesses, and does not arrange
    assert senior.find("a", href=re.compile("book/")) is None
    assert senior.find("a", href=f"{HOME}/assessments/begin/{ben.person_id}?skill=oral") is not None
    for link in senior.select("main a[href]"):
        browser.sign_in("sena").get(link["href"])
    later(days=1)
    text = words(browser.sign_in("tolu").get(f"{HOME}/assessments"))
    assert "1 booked assessment did not take place" in text and "Cara Lund Missed" in text


def test_a_booking_is_made_moved_and_taken_back_on_its_pages(world, browser, dee, ben):
    desk = browser.sign_in("dee")
    page = desk.get(f"{HOME}/assessments/book/{ben.person_id}?skill=oral")
    form = form_to(page, f"/book/{ben.person_id}")
    desk.submit(form, status=422, assessor="", round="Lunch")
    assert Booking.select().count() == 0 and "Choose who assesses" in words(desk.page)
    form = form_to(desk.page, f"/book/{ben.person_id}")
    assert dict(form_values(form))["round"] == "Lunch"
    again = dict(form_values(form)) | {"assessor": str(world.person_id("dee"))}
    desk.post(form["action"], again)
    desk.post(form["action"], again)
    row = Booking.get()
    assert (row.person_id, row.skill, row.kind, row.on_day) == (ben.person_id, "oral", "initial", TODAY)
    page = desk.get(f"{HOME}/bookings/{row.id}")
    desk.submit(form_to(page, "/move"), status=422, on_day="2026-11-18")
    assert "Say why it is moved" in words(desk.page)
    desk.submit(form_to(desk.page, "/move"), on_day="2026-11-18", words="Dee is off")
    newest = Booking.select().order_by(Booking.id.desc()).get()
    desk.submit(form_to(desk.get(f"{HOME}/bookings/{newest.id}"), "/cancel"), status=422)
    desk.submit(form_to(desk.page, "/cancel"), words="Ben is ill")
    assert "It was taken back" in words(desk.get(f"{HOME}/bookings/{newest.id}"))
    desk.post(f"{HOME}/bookings/{newest.id}/cancel", {"words": "again"}, status=409)


def test_a_carer_asks_from_their_own_page_and_the_manager_decides(world, browser, dee):
    phone = browser.sign_in("ben")
    page = phone.get(f"{HOME}/my-assessments")
    form = form_to(page, "/ask")
    said = dict(form_values(form)) | {"skill": "oral", "words": "Mondays suit me"}
    phone.post(form["action"], said)
    phone.post(form["action"], said)
    assert AssessmentRequest.select().count() == 1 and "Waits for an answer" in words(phone.page)
    (waiting,) = [d for d in decisions.waiting(dee) if d.kind == "asks_assessment"]
    assert waiting.title == "Ben Hale" and waiting.url.endswith("?skill=oral")
    phone.submit(form_to(phone.page, "/ask"), status=422, skill="")


def test_missed_bookings_stand_among_the_managers_decisions(world, dee, ben):
    row = book(dee, ben.person_id, dee.person_id)
    assert [d for d in decisions.waiting(dee) if d.kind == "missed_assessment"] == []
    later(days=1)
    (missed,) = [d for d in decisions.waiting(world.actor("dee")) if d.kind == "missed_assessment"]
    assert missed.url.endswith(f"/bookings/{row.id}") and missed.since == clock.day_bounds(TODAY)[1]
    assert [d for d in decisions.waiting(world.actor("amina")) if d.kind == "missed_assessment"] == []


# ---------------------------------------------------------------- the assessment


def test_an_assessment_is_begun_and_its_parts_kept_on_its_pages(world, browser, dee, ben):
    desk = browser.sign_in("dee")
    desk.submit(form_to(desk.get(f"{HOME}/assessments/begin/{ben.person_id}"), str(ben.person_id)), status=422)
    assert "Tick at least one skill" in words(desk.page)
    desk.submit(form_to(desk.page, str(ben.person_id)), kind="initial", skill=["oral"])
    row = Assessment.get()
    assert "Ben Hale has passed none of 3 observed rounds" in words(desk.page)
    assert "knowledge questions come first" in words(desk.page)
    base = f"{HOME}/assessments/{row.id}"
    page = desk.get(f"{base}/knowledge")
    answers = {f"answer-{n}": "yes" for n in range(1, 11)}
    desk.submit(form_to(page, "/knowledge"), status=422, **{"answer-1": "yes"})
    desk.submit(form_to(desk.page, "/knowledge"), **answers | {"answer-3": "no"}, words="Look at time-critical again")
    assert "9 of 10" in words(desk.page)
    for day in ("2026-11-14", "2026-11-15"):
        desk.submit(form_to(desk.get(f"{base}/shadow"), "/shadow"), on_day=day, round="Morning")
    desk.submit(form_to(desk.get(f"{base}/shadow"), "/shadow"), status=422, on_day="2027-01-01", round="Morning")
    desk.submit(form_to(desk.get(f"{base}/scenario"), "/scenario"), **{f"answer-{n}": "yes" for n in range(1, 6)})
    assert AssessmentPart.select().count() == 4
    desk.submit(form_to(desk.get(base), "/observe"), round="Lunch")
    assert desk.url.endswith(f"/observations/{Observation.get().id}")
    desk.get(f"{base}/nonsense", status=404)


def watching(world, browser, dee, ben):
    """Dee’s phone on the page of a round just begun."""
    row = steps.prepared(dee, ben.person_id)
    seen = steps.watch(dee, row)
    return row, seen, f"{HOME}/observations/{seen.id}"


def test_a_mark_is_kept_with_every_tap_without_javascript_and_survives_a_reload(world, browser, dee, ben):
    _, seen, url = watching(world, browser, dee, ben)
    phone = browser.sign_in("dee")
    page = phone.get(url)
    assert len(page.select("details.domain")) == 10
    assert len(page.select("button[name=mark]")) == 4 * len(steps.template(dee).items)
    phone.post(f"{url}/mark", {"mark": "3.1=met"})
    assert phone.response.status_code == 200 and page.find(id="domain-3") is not None
    phone.post(f"{url}/mark", {"mark": "3.2=not_met"})
    phone.post(f"{url}/comment", {"domain": "3", "words": "Turned the page too early"})
    another = browser.sign_in("dee")  # another phone, another process: it is in the database
    page = another.get(url)
    assert page.select_one("#item-3-1-met")["aria-pressed"] == "true"
    assert page.select_one("#item-3-2-not_met")["aria-pressed"] == "true"
    assert page.select_one("#comment-3").get_text(strip=True) == "Turned the page too early"
    another.post(f"{url}/mark", {"mark": "3.2=met"})
    assert drafts.draft_of(seen.id).marks == {"3.1": "met", "3.2": "met"}
    lines = ledger.count_lines()
    another.post(f"{url}/mark", {"mark": "3.2=met"})
    assert ledger.count_lines() == lines  # a draft is no record yet


def test_a_tap_with_javascript_answers_with_its_own_part(world, browser, dee, ben):
    _, _, url = watching(world, browser, dee, ben)
    phone = browser.sign_in("dee")
    piece = phone.post(f"{url}/mark", {"mark": "4.5=met"}, **{"HX-Request": "true"})
    assert piece.find(id="items-4") is not None and piece.find("html") is None
    assert piece.select_one("#item-4-5-met")["aria-pressed"] == "true" and "Kept 11:40" in words(piece)
    assert words(piece.find(id="count-4")) == "1 of 7 marked"


def test_marks_that_are_not_on_the_page_are_refused_and_nobody_else_marks(world, browser, dee, ben):
    _, seen, url = watching(world, browser, dee, ben)
    phone = browser.sign_in("dee")
    for bad in ("3.1=perhaps", "99.1=met", "=", "3.1", ""):
        phone.post(f"{url}/mark", {"mark": bad}, status=400)
    phone.post(f"{url}/comment", {"domain": "11", "words": "x"}, status=400)
    phone.post(f"{url}/comment", {"domain": "1", "words": "x" * 2001}, status=422)
    browser.sign_in("rosa").post(f"{url}/mark", {"mark": "3.1=met"}, status=403)
    browser.sign_in("ben").post(f"{url}/mark", {"mark": "3.1=met"}, status=403)
    assert drafts.draft_of(seen.id).marks == {}
    assert "is being watched" in words(browser.sign_in("rosa").get(url))


def test_the_doses_show_themselves_while_the_round_runs(world, browser, dee, ben, doses):
    _, _, url = watching(world, browser, dee, ben)
    phone = browser.sign_in("dee")
    assert "No dose recorded yet" in words(phone.get(url))
    doses.refuse(ben)
    text = words(phone.fragment(f"{url}/doses"))
    assert "1 dose recorded" in text and "Harold Nkemelu: omeprazole" in text


def test_a_round_ends_when_everything_critical_is_marked(world, browser, dee, ben, doses):
    _, seen, url = watching(world, browser, dee, ben)
    phone = browser.sign_in("dee")
    page = phone.post(f"{url}/finish", status=422)
    assert not ObservationResult.select().exists() and "It is critical" in words(page)
    link = page.select_one("#errors a")["href"][1:]
    assert page.find(id=link).find_parent("details").has_attr("open")
    doses.refuse(ben)
    steps.mark_all(dee, seen)
    page = phone.post(f"{url}/finish")
    assert "What was seen of Ben Hale" in words(page) and "1 dose recorded" in words(page)
    phone.post(f"{url}/mark", {"mark": "3.1=not_met"}, status=409)
    phone.get(url)


def test_a_round_is_ended_early_with_its_reason(world, browser, dee, ben):
    _, _, url = watching(world, browser, dee, ben)
    phone = browser.sign_in("dee")
    phone.post(f"{url}/abandon", {"why": ""}, status=422)
    page = phone.post(f"{url}/abandon", {"why": "Called away"})
    assert "It counts as none" in words(page)
    assert "Ended early" in words(phone.get(url))


# ---------------------------------------------------------------- names


def ended(world, browser, dee, ben, doses):
    """A round that waits for both names."""
    row, seen, url = watching(world, browser, dee, ben)
    doses.refuse(ben)
    steps.mark_all(dee, seen)
    steps.finish(dee, seen)
    return row, seen, url


def test_both_sign_on_their_own_phones_and_each_reads_what_it_means(world, browser, dee, ben, doses):
    row, seen, url = ended(world, browser, dee, ben, doses)
    phone = browser.sign_in("dee")
    page = phone.get(url)
    assert "I saw what I marked" in words(page)
    phone.submit(form_to(page, "/sign"), status=422, password="wrong")
    phone.submit(form_to(phone.page, "/sign"), password=PASSWORD)
    assert ObservationSign.select().count() == 1
    own = browser.sign_in("ben")
    page = own.get(f"{HOME}/my-assessments")
    assert "1 observed round waits for your name" in words(page)
    page = own.get(f"{HOME}/my-assessments/rounds/{seen.id}")
    assert "not that I agree with all of it" in words(page)
    own.submit(form_to(page, f"/rounds/{seen.id}"), status=422, words="Kept words")
    assert "Kept words" in own.page.select_one("textarea[name=words]").get_text()
    own.submit(form_to(own.page, f"/rounds/{seen.id}"), password=PASSWORD)
    assert {(s.meaning, s.by) for s in ObservationSign.select()} == {
        ("observed", dee.person_id), ("was_observed", ben.person_id),
    }  # fmt: skip
    assert "1 of 3 observed rounds passed" in words(own.page)
    assert state(world, "ben").reason == "1 of 3 observed rounds passed"
    assert "Kept words" in words(browser.sign_in("dee").get(f"{HOME}/assessments/{row.id}"))


def test_the_one_watched_signs_on_the_assessors_phone_with_their_own_password_alone(world, browser, dee, ben, doses):
    _, _, url = ended(world, browser, dee, ben, doses)
    phone = browser.sign_in("dee")
    page = phone.get(url)
    form = form_to(page, "/sign-here")
    assert "Ben Hale’s own password" in words(form)
    phone.submit(form, status=422, password="not it at all")
    phone.submit(form_to(phone.page, "/sign-here"), status=422)
    assert not ObservationSign.select().exists()
    phone.submit(form_to(phone.page, "/sign-here"), password=PASSWORD, words="Read it")
    (signed,) = ObservationSign.select()
    assert (signed.by, signed.meaning, signed.words) == (ben.person_id, "was_observed", "Read it")
    for stranger in ("rosa", "sena"):
        browser.sign_in(stranger).post(f"{url}/sign-here", {"password": PASSWORD}, status=403)
        browser.sign_in(stranger).post(f"{url}/sign", {"password": PASSWORD}, status=403)
    assert ledger.verify() == []


def test_an_assessor_who_lapsed_reads_that_what_they_saw_is_kept(world, browser, dee, ben, doses):
    _, _, url = ended(world, browser, dee, ben, doses)
    competency.suspend(by=world.actor("rosa"), person_id=dee.person_id, skill="oral", reason="A near miss")
    phone = browser.sign_in("dee")
    page = phone.submit(form_to(phone.get(url), "/sign"), status=409, password=PASSWORD)
    assert "What you marked and wrote is kept" in words(page) and not ObservationSign.select().exists()


def test_a_colleagues_rounds_and_assessments_are_nobody_elses(world, browser, dee, ben, doses):
    row, seen, url = ended(world, browser, dee, ben, doses)
    for path in (f"my-assessments/rounds/{seen.id}", f"assessments/{row.id}", f"observations/{seen.id}"):
        browser.sign_in("amina").get(f"{HOME}/{path}", status=404)
    browser.sign_in("nell").get(f"/h/far/observations/{seen.id}", status=404)
    browser.sign_in("nell").get(f"/h/far/assessments/{row.id}", status=404)


# ---------------------------------------------------------------- how it ends


def test_the_judgement_is_signed_and_the_second_to_decide_reads_who_was_first(world, browser, dee, ben, doses):
    row = steps.complete(dee, ben, doses)
    (waiting,) = [d for d in decisions.waiting(dee) if d.kind == "conclude"]
    assert waiting.action == "Decide"
    url = f"{HOME}/assessments/{row.id}/conclude"
    first, second = browser.sign_in("dee"), browser.sign_in("rosa")
    mine, theirs = form_to(first.get(url), "/conclude"), form_to(second.get(url), "/conclude")
    first.submit(mine, status=422, outcome="competent")
    assert not AssessmentOutcome.select().exists()
    first.submit(form_to(first.page, "/conclude"), outcome="competent", password=PASSWORD)
    assert may(world, "ben") and "Ben Hale’s assessment has ended" in words(first.page)
    second.submit(theirs, status=409, outcome="not_competent", words="I would not", password=PASSWORD)
    assert "Dee Marsh ended this assessment" in words(second.page)
    assert AssessmentOutcome.select().count() == 1
    assert "Competent until 16 Nov 2027" in words(browser.sign_in("ben").get(f"{HOME}/my-assessments"))
    browser.sign_in("quinn").get(url, status=404)


def test_what_is_missing_stands_above_the_judgement(world, browser, dee, ben):
    row = steps.prepared(dee, ben.person_id)
    desk = browser.sign_in("dee")
    page = desk.get(f"{HOME}/assessments/{row.id}/conclude")
    assert "None of 3 observed rounds passed" in words(page)
    desk.submit(form_to(page, "/conclude"), status=422, outcome="competent", password=PASSWORD)
    assert "It cannot end as competent" in words(desk.page) and not may(world, "ben")


def test_what_nobody_watched_stands_above_the_judgement_too(world, browser, dee, ben, doses):
    row = steps.complete(dee, ben, doses, ("oral", "topical"))
    desk, url = browser.sign_in("dee"), f"{HOME}/assessments/{row.id}/conclude"
    page = desk.get(url)
    assert "No dose was seen of: creams and ointments." in words(page) and "cannot end as competent" not in words(page)
    desk.submit(form_to(page, "/conclude"), status=422, outcome="competent", password=PASSWORD)
    assert "Say how you know" in words(desk.page) and not AssessmentOutcome.select().exists()


def test_one_says_something_in_ones_own_words(world, browser, dee, ben):
    row = steps.begin(dee, ben.person_id)
    phone = browser.sign_in("ben")
    form = form_to(phone.get(f"{HOME}/my-assessments"), "/words")
    phone.submit(form, status=422, own=" ")
    phone.submit(form_to(phone.page, "/words"), own="I want to practise inhalers")
    assert assessments.assessed(row).seen().reflected
    browser.sign_in("amina").post(form["action"], {"own": "x"}, status=404)


# ---------------------------------------------------------------- the template


def test_a_manager_writes_the_homes_own_template_and_it_is_a_new_version(world, browser):
    desk = browser.sign_in("rosa")
    page = desk.get(f"{HOME}/assessments/template")
    form = form_to(page, "/template")
    desk.submit(form, status=422, pass_mark="30", initial_rounds="many")
    assert not Instrument.select().exists() and desk.page.select_one("#initial_rounds")["value"] == "many"
    desk.submit(form, pass_mark="90", domain_1="* Signed in as themselves\nHands washed")
    row = Instrument.get()
    assert (row.number, row.body["pass_mark"]) == (1, 90)
    assert row.body["domains"][0]["items"] == [
        {"critical": True, "words": "Signed in as themselves"}, {"critical": False, "words": "Hands washed"},
    ]  # fmt: skip
    desk.submit(form_to(desk.page, "/template"))  # unchanged: no new version
    assert Instrument.select().count() == 1
    browser.sign_in("tolu").get(f"{HOME}/assessments/template", status=404)


def test_histories_say_in_words_what_happened(world, browser, dee, ben, doses):
    steps.conclude(dee, steps.complete(dee, ben, doses))
    text = words(browser.sign_in("rosa").get(f"{HOME}/ledger?about=person-{ben.person_id}"))
    for said in (
        "Assessment begun: First assessment: Medicines by mouth",
        "Knowledge questions, 10 of 10, passed",
        "watched to its end, 1 dose seen, passed",
        "as the one who was watched",
        "Assessment ended: Competent",
    ):
        assert said in text, said
    assert dt.date(2026, 11, 16) == TODAY
