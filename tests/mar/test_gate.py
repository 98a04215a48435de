"""What holds a give back: a sign-off, allergies, a second check; and how a refusal helps."""

from __future__ import annotations

import datetime as dt

import pytest

from medpwa import alerts, clock, ledger
from medpwa.competency import actions as competency
from medpwa.errors import Invalid, NotFound
from medpwa.ledger import Refusal
from medpwa.mar import asking, recording
from medpwa.mar.models import Entry, HelpRequest
from medpwa.medicines import actions as orders
from medpwa.medicines import queries as order_queries
from medpwa.residents.details import AllergyItem
from tests import builders
from tests.browse import Browser, words
from tests.mar.steps import HOME, Bedside, bedside, counts, later, line_form, make_ready, on, refusals, scan, take


def on_shift(browser, *names: str) -> None:
    """People who are signed in, and so on shift where no duties are recorded."""
    for name in names:
        browser.sign_in(name)


def ready_form(phone: Browser, bed: Bedside, **how: object) -> None:
    """A Ready the card does not offer, sent all the same: forged, or from a card drawn before a pause."""
    asked = {"dose": str(bed.key), "version": str(bed.order.version_id)}
    phone.post(f"{HOME}/residents/{bed.resident.id}/card/ready", asked, **how)


def suspend(world, who: str, skill: str = "oral") -> None:
    person = world.person_id(who)
    competency.suspend(by=world.actor("rosa"), person_id=person, skill=skill, reason="Two slips this week")


# ---------------------------------------------------------------- sign-off


def test_a_pause_bites_between_card_and_tap_and_the_refusal_helps(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    on_shift(browser, "tolu", "ben")
    scan(phone, bed)
    make_ready(phone)
    suspend(world, "amina")
    take(phone)
    assert phone.url == f"{HOME}/residents/{bed.resident.id}/help/{bed.key}"
    said = words(phone.page)
    assert "Someone else needs to give Ivy’s senna" in said and "paused since" in said
    assert "Tolu Bello" in said and "Ben Hale" not in said, "who can help, and nobody else"
    assert bed.entries() == []
    row = Refusal.select().order_by(Refusal.id.desc()).first()
    assert (row.verb, row.code, row.about["order_line"]) == ("mar.record", "not_signed_off", bed.key.line_id)
    assert ledger.verify() == []


def test_on_a_phone_with_htmx_the_refusal_goes_to_the_same_help(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    scan(phone, bed)
    make_ready(phone)
    form = phone.page.select_one("#dock form")
    suspend(world, "amina")
    from tests.mar.steps import pairs

    phone.post(form["action"], pairs(form), **{"HX-Request": "true"})
    assert phone.response.headers["HX-Redirect"].endswith(f"/help/{bed.key}")
    assert bed.entries() == []


def test_asking_by_name_raises_an_alert_to_that_person_alone(world, browser):
    bed, phone = bedside(world), browser.sign_in("ben")
    on_shift(browser, "tolu", "sena")
    scan(phone, bed)
    phone.get(phone.page.select_one(f"#dose-{bed.key} a.btn[href*='/help/']")["href"])
    assert "not signed off for" in words(phone.page)
    form = phone.page.select_one("form:has(button[aria-label='Ask Tolu Bello'])")
    phone.submit(form)
    assert phone.url == bed.url and "Asked: Tolu" in words(phone.page)
    (alert,) = alerts.open_for(world.actor("tolu"))
    said = alert.words.replace("\u00a0", " ")
    assert said == "Ben Hale asks you to give Ivy Cartledge’s senna 7.5 mg tablet, due 11:30, Room 7."
    assert alerts.open_for(world.actor("sena")) == []
    row = HelpRequest.get()
    assert (row.kind, row.asked_person, row.by) == ("give", world.person_id("tolu"), world.person_id("ben"))
    assert ledger.verify() == []


def test_supervision_is_asked_of_the_shift_leader(world, browser):
    now = clock.now()
    builders.duty(world.actor("rosa"), "sena", "shift_leader", now - dt.timedelta(hours=4), now + dt.timedelta(hours=4))
    bed, phone = bedside(world), browser.sign_in("ben")
    phone.get(f"{HOME}/residents/{bed.resident.id}/help/{bed.key}")
    phone.submit(phone.page.select_one("#dock form"))
    assert "Asked: Sena" in words(phone.page)
    (alert,) = alerts.open_for(world.actor("sena"))
    assert "asks you to supervise" in alert.words


def test_without_anybody_on_shift_the_registered_manager_is_asked(world, browser):
    bed, phone = bedside(world), browser.sign_in("ben")
    phone.get(f"{HOME}/residents/{bed.resident.id}/help/{bed.key}")
    assert "Nobody on shift is signed off for this. Tell Rosa Quiroga now." in words(phone.page)
    phone.submit(phone.page.select_one("#dock form"))
    assert [a.words[:8] for a in alerts.open_for(world.actor("rosa"))] == ["Ben Hale"]


def test_somebody_on_call_is_to_be_rung_and_never_listed_among_those_on_the_floor(world, browser):
    now = clock.now()
    for who, kind in (("rosa", "on_call"), ("sena", "floor")):
        builders.duty(world.system(), who, kind, now - dt.timedelta(hours=4), now + dt.timedelta(hours=4))
    bed, phone = bedside(world), browser.sign_in("ben")
    address = f"{HOME}/residents/{bed.resident.id}/help/{bed.key}"
    there, rung = phone.get(address).select("ul.rows")
    assert "Sena Addo" in words(there) and "Rosa" not in words(there)
    assert "Rosa Quiroga" in words(rung) and "not in the building" in words(rung)
    assert words(rung.find_previous_sibling("p")) == "On call: ring them" and rung.select("form") == []
    suspend(world, "sena")
    assert "Nobody on shift is signed off for this. Ring Rosa Quiroga now." in words(phone.get(address))


def test_help_can_be_asked_only_of_people_on_shift_and_for_a_dose_of_this_person(world, browser):
    bed, other = bedside(world), bedside(world, given="Bert", family="Olney", room="8")
    by, before = world.actor("ben"), counts()
    for kind, person in (("give", world.person_id("tolu")), ("give", 10**14), ("lend", None), ("", None)):
        with pytest.raises(Invalid):
            asking.ask_help(by=by, resident_id=bed.resident.id, key=bed.key, kind=kind, person_id=person)
    with pytest.raises(NotFound):
        asking.ask_help(by=by, resident_id=bed.resident.id, key=other.key, kind="give")
    assert counts() == before
    phone = browser.sign_in("ben")
    asked = {"dose": str(bed.key), "kind": "give", "person": "x"}
    phone.post(f"{HOME}/residents/{bed.resident.id}/help", asked, status=400)
    phone.get(f"{HOME}/residents/{bed.resident.id}/help/{bed.key.line_id}-1", status=409)  # theirs, and not due
    for key in (other.key, "x", f"{10**14}-1"):
        phone.get(f"{HOME}/residents/{bed.resident.id}/help/{key}", status=404)


def test_somebody_signed_off_is_sent_back_to_the_card(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    phone.get(f"{HOME}/residents/{bed.resident.id}/help/{bed.key}")
    assert "You can give Ivy’s senna" in words(phone.page) and phone.page.select_one("#dock a")["href"] == bed.url


@pytest.mark.parametrize(
    ("who", "says"), [("ben", "You are not signed off for"), ("cara", "Your sign-off for medicines by mouth ended on")]
)
def test_an_unassessed_and_a_lapsed_carer_read_why_on_the_card_and_are_refused(world, browser, who, says):
    bed, phone = bedside(world), browser.sign_in(who)
    scan(phone, bed)
    assert says in words(phone.page) and "Not on your own yet" in words(phone.page)
    assert "Ask for supervision" in words(phone.page.select_one("#dock"))
    by = world.actor(who)
    with pytest.raises(Exception, match="sign"):
        bed.record(bed.open(who))
    assert refusals()[-1] == ("mar.record", "not_signed_off", by.person_id)
    row = bed.record(by, "refused")
    assert row.outcome == "refused", "saying why it was not given needs no sign-off"


def test_a_technique_for_one_person_does_not_carry_over_to_another(world):
    changes = dict(medicine="levetiracetam", strength="100 mg/mL", form="oral solution", dose_amount=5, dose_unit="mL")
    bert = bedside(world, given="Bert", family="Olney", room="8", route="peg", **changes)
    ivy = bedside(world, route="peg", **changes)
    amina = world.person_id("amina")
    builders.sign_off(world.system(), amina, "peg", resident_id=bert.resident.id)
    assert bert.record(bert.open("amina")).claim == 1
    with pytest.raises(Exception, match="not signed off"):
        ivy.record(ivy.open("amina"))


def test_all_required_skills_are_required(world):
    bed = bedside(world, required_skills=("oral", "controlled"))
    with pytest.raises(Exception, match="not signed off"):
        bed.record(bed.open("amina"))
    builders.sign_off(world.system(), world.person_id("amina"), "controlled")
    assert bed.record(bed.open("amina")).claim == 1


def test_a_sign_off_that_ends_at_midnight_bites_in_the_middle_of_the_night_round(world):
    bed = bedside(world, due="23:30")
    person, midnight = world.person_id("amina"), on("00:00", clock.local_day(clock.now()) + dt.timedelta(days=1))
    builders.sign_off(world.system(), person, "oral", valid_from=clock.now(), valid_until=midnight)
    clock.stand_at(midnight - dt.timedelta(minutes=5))
    by = bed.open("amina")
    ticket = bed.ticket(by)
    clock.stand_at(midnight)
    with pytest.raises(Exception, match="ended on"):
        bed.record(by, ticket=ticket)
    assert bed.entries() == []


def test_a_dose_that_is_blocked_for_somebody_offers_why_and_who_and_no_ready(world, browser):
    bed, ben = bedside(world), browser.sign_in("ben")
    scan(ben, bed)
    dose = ben.page.select_one(f"#dose-{bed.key}")
    assert dose.select("form[action$='/card/ready']") == []
    way = dose.select_one("a.btn")
    assert (words(way), way["href"]) == (
        "Why, and who can give it",
        f"{HOME}/residents/{bed.resident.id}/help/{bed.key}",
    )
    assert line_form(ben, bed, given=False) is not None, "saying why it was not given needs no sign-off"
    before = counts()
    ben.get(way["href"])
    assert counts() == before, "looking who can give it is no attempt"


def test_a_forged_ready_is_refused_and_kept_and_the_floor_says_what_the_dose_needs(world, browser):
    bed, ben = bedside(world), browser.sign_in("ben")
    scan(ben, bed)
    ready_form(ben, bed)
    assert refusals()[-1] == ("mar.ready", "not_signed_off", world.person_id("ben"))
    assert ledger.verify() == []
    said = "Senna 7.5 mg tablet for Ivy: needs somebody signed off"
    floor = words(browser.sign_in("tolu").get(f"{HOME}/floor")).replace("\u00a0", " ")
    assert said in floor and "Ben" not in floor, "about the dose, not the person"
    assert "Tried by Ben Hale" in words(browser.sign_in("rosa").get(f"{HOME}/floor"))
    assert "needs somebody" not in words(browser.sign_in("amina").get(f"{HOME}/floor"))
    later(hours=12, minutes=1)
    assert "needs somebody" not in words(browser.sign_in("tolu").get(f"{HOME}/floor"))


@pytest.mark.parametrize("who", ["quinn", "nia"])
def test_people_who_oversee_see_the_card_without_a_single_way_to_record(world, browser, who):
    bed, desk = bedside(world), browser.sign_in(who)
    page = desk.get(bed.url)
    assert "senna" in words(page) and page.select("form[action*='/card/']") == [] and page.select("#dock form") == []
    base, dose = f"{HOME}/residents/{bed.resident.id}", str(bed.key)
    version = str(bed.order.version_id)
    outcome = {"dose": dose, "entry_id": "0" * 32, "version": version, "outcome": "given", "ready": ""}
    tries = {
        "card/open": {"reason": "known"},
        "card/ready": {"dose": dose, "version": version},
        "card/outcome": outcome,
        "card/taken": outcome,
        "help": {"dose": dose, "kind": "supervise"},
        "given-already": {"dose": dose},
    }
    for path, fields in tries.items():
        desk.post(f"{base}/{path}", fields, status=403)
    desk.post(f"{HOME}/scan/typed", {"code": "ABC"}, status=403)
    desk.get(f"{HOME}/scan", status=404)
    desk.get(f"{base}/given-already", status=404)
    assert Entry.select().count() == 0 and HelpRequest.select().count() == 0


# ---------------------------------------------------------------- allergies, checks, those who left


def test_allergies_not_recorded_block_giving_until_they_are_settled(world, browser):
    card = builders.resident(world.system(), status="not_recorded")
    from tests.mar.steps import beside

    bed, phone = beside(world, card), browser.sign_in("amina")
    said = words(scan(phone, bed))
    assert "allergies are not recorded" in said and "Settle" in said
    assert phone.page.select("#dock form") == []
    with pytest.raises(Exception, match="allergies are not recorded"):
        bed.record(bed.open("amina"))
    builders.residents.settle_allergies(by=world.actor("sena"), resident_id=card.id, status="none", source="GP letter")
    scan(phone, bed)
    make_ready(phone)
    take(phone)
    assert [e.outcome for e in bed.entries()] == ["given"]


def test_an_allergy_recorded_after_the_order_began_blocks_it(world, browser):
    bed = bedside(world, medicine="amoxicillin", strength="250 mg", form="capsule", dose_unit="capsule")
    later(minutes=1)
    items = (AllergyItem("amoxicillin", "rash", False),)
    builders.residents.settle_allergies(
        by=world.actor("sena"), resident_id=bed.resident.id, status="recorded", items=items, source="Daughter"
    )
    phone = browser.sign_in("amina")
    said = words(scan(phone, bed))
    assert "An allergy to amoxicillin was recorded after this order began" in said
    assert "amoxicillin: rash" in said.lower() or "amoxicillin" in words(phone.page.select_one("header") or phone.page)
    with pytest.raises(Exception, match="allergy to amoxicillin"):
        bed.record(bed.open("amina"))
    assert bed.record(bed.open("amina"), "other", note="Allergy recorded today").outcome == "other"


def test_an_allergy_to_something_else_blocks_nothing(world):
    bed = bedside(world)
    later(minutes=1)
    items = (AllergyItem("penicillin", "rash", True),)
    builders.residents.settle_allergies(
        by=world.actor("sena"), resident_id=bed.resident.id, status="recorded", items=items, source="Daughter"
    )
    assert bed.record(bed.open("amina")).claim == 1


def test_an_order_waits_for_its_second_check_and_then_can_be_given(world, browser):
    card = builders.resident(world.system())
    keyed = builders.hand_keyed_order(world.actor("tolu"), card.id, times=("12:30",))
    from medpwa.mar.tickets import DoseKey

    label, token = builders.label(world.actor("sena"), card.id)
    bed = Bedside(world, card, keyed, DoseKey(keyed.line_id, on("12:30")), label.id, token)
    phone = browser.sign_in("amina")
    assert "waits for its second check" in words(scan(phone, bed))
    with pytest.raises(Exception, match="second check"):
        bed.record(bed.open("amina"))
    orders.check_order(
        rest="same", by=world.actor("sena"), version_id=keyed.version_id, keyed=builders.keyed_again(keyed)
    )
    assert bed.record(bed.open("amina")).claim == 1
    assert order_queries.version_of(world.actor("amina"), keyed.version_id).checked


@pytest.mark.parametrize("state", ["discharged", "died"])
def test_nothing_is_recorded_as_given_to_somebody_who_left(world, state):
    bed = bedside(world)
    by = bed.open("amina")
    intent = bed.intent(by)
    later(minutes=1)
    builders.residents.move_resident(by=world.actor("dee"), resident_id=bed.resident.id, state=state)
    with pytest.raises(Exception, match="no longer lives here"):
        recording.record(by=by, resident_id=bed.resident.id, intent=intent)
    assert bed.entries() == [] and refusals()[-1][:2] == ("mar.record", "left")


def test_a_refusal_shown_on_the_card_offers_no_already_given(world, browser):
    """House page 4: the help page is no back door; reporting a dose lives on the card's own list."""
    bed, phone = bedside(world), browser.sign_in("ben")
    phone.get(f"{HOME}/residents/{bed.resident.id}/help/{bed.key}")
    assert "already given" not in words(phone.page).lower()
    assert phone.page.select("a[href$='/given-already']") == []
    scan(phone, bed)
    form = line_form(phone, bed, given=False)
    phone.submit(form, why="asleep")
    assert [e.outcome for e in bed.entries()] == ["asleep"]


def test_the_same_help_asked_again_within_five_minutes_is_one_request(world):
    bed, by = bedside(world), world.actor("ben")

    def ask() -> int:
        asking.ask_help(by=by, resident_id=bed.resident.id, key=bed.key, kind="supervise")
        return HelpRequest.select().count()

    assert [ask(), ask()] == [1, 1]
    later(minutes=4, seconds=59)
    assert ask() == 1
    later(seconds=2)
    assert ask() == 2 and ledger.verify() == []


# ---------------------------------------------------------------- what was asked for is shown


def test_once_help_was_asked_for_the_screen_says_of_whom_when_and_whether_it_was_seen(world, browser):
    bed, ben = bedside(world), browser.sign_in("ben")
    builders.duty(world.system(), "tolu", "shift_leader", clock.now(), clock.now() + dt.timedelta(hours=8))
    place = f"{HOME}/residents/{bed.resident.id}"
    page = ben.get(f"{place}/help/{bed.key}")
    assert words(page.select_one("#dock button")) == "Ask for supervision"
    ben.submit(page.select_one("#dock form"))
    later(minutes=2)
    page = ben.get(f"{place}/help/{bed.key}")
    said = words(page.select_one(".told"))
    assert "Asked at 11:40" in said and "Tolu Bello was asked to supervise." in said and "Not seen yet." in said
    assert "btn--primary" not in page.select_one("#dock button")["class"], "what was done is not the next thing to do"
    assert words(page.select_one("#dock a.btn--primary")) == "Back to the card"
    tolu = browser.sign_in("tolu")
    tolu.submit(tolu.get("/h/rowan/alerts").select_one("main form[action$='/acknowledge']"))
    assert "Tolu Bello has seen it, 11:42." in words(ben.get(f"{place}/help/{bed.key}").select_one(".told"))


def test_the_card_of_somebody_who_asked_says_so_in_place_of_asking_again(world, browser):
    bed, ben = bedside(world), browser.sign_in("ben")
    on_shift(browser, "sena")
    scan(ben, bed)
    assert words(ben.page.select_one("#dock")) == "Ask for supervision"
    sena = world.person_id("sena")
    asking.ask_help(by=world.actor("ben"), resident_id=bed.resident.id, key=bed.key, kind="give", person_id=sena)
    dock = ben.get(bed.url).select_one("#dock")
    assert "Asked at 11:40. Sena Addo was asked to give it." in words(dock) and not dock.select(".btn--primary")
    helping = ben.get(f"{HOME}/residents/{bed.resident.id}/help/{bed.key}")
    row = next(li for li in helping.select("li.row") if "Sena Addo" in words(li))
    assert "Asked at 11:40" in words(row) and not row.select("form")


def test_what_somebody_else_asked_for_is_not_shown_as_ones_own(world, browser):
    bed = bedside(world)
    on_shift(browser, "tolu")
    asking.ask_help(by=world.actor("cara"), resident_id=bed.resident.id, key=bed.key, kind="supervise")
    page = browser.sign_in("ben").get(f"{HOME}/residents/{bed.resident.id}/help/{bed.key}")
    assert page.select_one(".told") is None


def test_a_line_to_try_again_says_why_it_was_not_taken_before(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    scan(phone, bed)
    form = phone.page.select_one(".not-given form")
    phone.submit(form, why="refused:did_not_want")
    assert "Refused 11:40 (did not want it), saved. Try again from 12:10" in words(phone.page)
    assert words(phone.page.h1) == "1 medicine to offer again"
