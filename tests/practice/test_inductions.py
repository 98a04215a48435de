"""Agency and bank staff: shown this home, their first round booked, and nothing alone until it was watched."""

import dataclasses
import datetime as dt

import pytest

from medpwa import clock, ledger
from medpwa.competency import actions as competency
from medpwa.competency import paper_actions, papers, queries, rules
from medpwa.competency.models import Grant
from medpwa.errors import Invalid, NotFound, NotPermitted, Refused
from medpwa.practice import assessments, induction_actions, inductions
from medpwa.practice.induction_rules import Shown, faults
from medpwa.practice.induction_vocabulary import FROM_A_PAPER, ITEMS
from medpwa.practice.models import Booking, Induction
from medpwa.staff import actions as staff
from tests import builders
from tests.browse import words
from tests.competency.papers_made import LIARS, PDF, sent
from tests.mar.steps import bedside
from tests.practice import steps

TODAY = dt.date(2026, 11, 16)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def assessor(world):
    """Sena is trained to assess; Tolu leads, and is not."""
    builders.sign_off(world.system(), world.person_id("sena"), assessments.ASSESSOR)


@pytest.fixture
def ada(world):
    """An agency carer of a week, added a minute ago."""
    row = staff.add_person(
        by=world.actor("rosa"), username="ada", given_name="Ada", family_name="Brook", role="carer", agency=True,
        password_hash="x", valid_until=clock.at_local(TODAY + 5 * DAY, dt.time()),
    )  # fmt: skip
    return row.id


def shown(world, **changes) -> Shown:
    said = Shown(
        induction_id="induction-1",
        agency="Hands Agency",
        agency_contact="01632 960 400",
        paper_id=None,
        paper_expires_on=TODAY + 90 * DAY,
        items=frozenset(ITEMS),
        skills=("oral", "topical"),
        assessor_id=world.person_id("sena"),
        on_day=TODAY,
        round_name="Lunch",
    )
    return dataclasses.replace(said, **changes)


def paper(world, person_id: int) -> int:
    made = papers.prepare(PDF, "profile.pdf")
    return paper_actions.keep(by=world.actor("rosa"), person_id=person_id, paper=made).id


def record(world, person_id, by="tolu", **changes) -> Induction:
    if "paper_id" not in changes:
        changes["paper_id"] = paper(world, person_id)
    return induction_actions.record(by=world.actor(by), person_id=person_id, said=shown(world, **changes))


def state(world, person_id, skill) -> str:
    grants = queries.grants_of(world.home().id, person_id)
    return rules.state_of(grants, skill, None, clock.now()).state


# ---------------------------------------------------------------- rules


@pytest.mark.parametrize(
    ("changes", "agency", "fields"),
    [
        ({}, True, []),
        (dict(agency="", agency_contact=""), True, ["agency", "agency_contact"]),
        (dict(agency="", agency_contact="", paper_id=None, paper_expires_on=None, skills=()), False, []),
        (dict(paper_id=None), True, ["paper"]),
        (dict(paper_id=None), False, ["paper"]),
        (dict(paper_expires_on=None), True, ["paper_expires_on"]),
        (dict(paper_expires_on=TODAY), True, ["paper_expires_on"]),
        (dict(agency="x" * 161), True, ["agency"]),
        (dict(on_day=TODAY - DAY), True, ["on_day"]),
        (dict(on_day=TODAY + 5 * DAY), True, ["on_day"]),
        (dict(round_name="Elevenses"), True, ["round_name"]),
        (dict(items=frozenset(ITEMS) - {"keys"}), True, ["items"]),
        (dict(skills=("controlled",)), True, ["skills"]),
        (dict(skills=("oral", "transcription")), True, ["skills"]),
        (dict(skills=("insulin",)), True, ["skills"]),
    ],
)
def test_what_makes_an_induction_whole(changes, agency, fields):
    said = Shown("n", "Hands", "01632", 1, TODAY + DAY, frozenset(ITEMS), ("oral",), 1, TODAY, "Lunch")
    said = dataclasses.replace(said, **changes)
    found = faults(said, agency=agency, last_day=TODAY + 4 * DAY, today=TODAY, rounds=["Lunch"])
    assert [field for field, _ in found] == fields


# ---------------------------------------------------------------- the verb


def test_an_induction_books_the_first_round_and_takes_the_paper_only_under_supervision(world, ada):
    row = record(world, ada)
    booking = Booking.get()
    assert (booking.kind, booking.person_id, booking.assessor_id) == ("agency", ada, world.person_id("sena"))
    assert (booking.skill, booking.on_day, booking.round_name) == ("oral", TODAY, "Lunch")
    assert row.access_ends_at == clock.at_local(TODAY + 5 * DAY, dt.time())
    assert state(world, ada, "oral") == state(world, ada, "topical") == "supervised_only"
    grant = Grant.select().where((Grant.person == ada) & (Grant.skill == "oral")).get()
    assert grant.evidence == {"evidence_file": row.paper_id} and "Hands Agency" in grant.reason
    assert ledger.verify() == []


def test_the_same_form_again_is_the_same_induction(world, ada):
    assert record(world, ada).id == record(world, ada).id
    assert (Induction.select().count(), Booking.select().count()) == (1, 1)
    with pytest.raises(NotFound):
        record(world, world.person_id("gil"))


def test_a_paper_from_outside_changes_neither_a_sign_off_of_this_home_nor_a_pause(world):
    gil = world.person_id("gil")  # signed off here for medicines by mouth
    competency.grant(by=world.actor("rosa"), person_id=gil, skill="topical")
    competency.suspend(by=world.actor("rosa"), person_id=gil, skill="topical", reason="A slip")
    record(world, gil, skills=("oral", "topical", "drops"))
    assert [state(world, gil, s) for s in ("oral", "topical", "drops")] == ["competent", "suspended", "supervised_only"]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        (dict(assessor_id=0), "assessor", "may assess"),
        (dict(items=frozenset()), "items", "8 are not ticked"),
        (dict(paper_expires_on=TODAY - DAY), "paper_expires_on", "has expired"),
        (dict(on_day=TODAY + 5 * DAY), "on_day", "last day of their access"),
        (dict(paper_id=4711), "paper", "not here"),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_is_kept(world, ada, changes, field, sentence):
    with pytest.raises(Invalid) as no:
        record(world, ada, **changes)
    assert sentence in dict(no.value.errors)[field]
    assert Induction.select().count() == Booking.select().count() == 0


def test_a_paper_from_outside_brings_nothing_back_that_somebody_ended(world):
    """A team leader records it; ending was a manager's decision, and company is not open to what was ended."""
    gil, rosa = world.person_id("gil"), world.actor("rosa")
    competency.end(by=rosa, person_id=gil, skill="oral", reason="Two wrong doses in a week")
    record(world, gil, skills=("oral", "drops"))
    assert [state(world, gil, s) for s in ("oral", "drops")] == ["ended", "supervised_only"]


def test_who_is_offered_to_watch_a_first_round_may_begin_it(world, ada):
    home = world.home().id
    able = [number for number, _ in inductions.can_watch(home, ada, "oral")]
    assert able == [world.person_id("sena")]
    record(world, ada)
    with pytest.raises(Refused) as no:
        steps.begin(world.actor("tolu"), ada, "agency")
    assert no.value.code == "not_trained_to_assess"
    assert steps.begin(world.actor("sena"), ada, "agency", booking_number=Booking.get().id)


def test_a_first_round_is_called_watched_once_it_was(browser, world, ada):
    """Beginning the assessment settles the booking; it is no round yet."""
    record(world, ada)
    sena, doses = world.actor("sena"), steps.Doses(world, 1)
    row = steps.begin(sena, ada, "agency", booking_number=Booking.get().id)
    tolu = browser.sign_in("tolu")
    assert "Begun: Lunch round today" in words(tolu.get("/h/rowan/agency").main)
    steps.passed_round(sena, world.actor("ada"), row, doses, "Lunch")
    assert "Watched: Lunch round today, with Sena Addo" in words(tolu.get("/h/rowan/agency").main)


@pytest.mark.parametrize("username", ["amina", "cara", "quinn", "nell", "tolu"])
def test_only_who_leads_and_is_in_date_watches_a_first_round(world, ada, username):
    with pytest.raises(Invalid) as no:
        record(world, ada, assessor_id=world.person_id(username))
    assert "assessor" in dict(no.value.errors)


def test_regular_staff_leavers_and_access_without_an_end_are_turned_away_in_words(world, ada):
    rosa = world.actor("rosa")
    for person_id, sentence in ((world.person_id("ben"), "regular staff"), (ada, "no last day"), (ada, "no access")):
        if sentence == "no last day":
            staff.set_role(by=rosa, person_id=ada, role="carer")
        if sentence == "no access":
            staff.end_person(by=rosa, person_id=ada, reason="Left")
        with pytest.raises(Invalid) as no:
            record(world, person_id)
        assert sentence in dict(no.value.errors)["person"]


def test_only_who_leads_the_team_shows_the_home_and_nobody_themselves(world, ada):
    for by in ("amina", "sena", "quinn"):
        with pytest.raises(NotPermitted):
            record(world, ada, by=by)
    with pytest.raises(NotFound):
        induction_actions.record(by=world.actor("nell"), person_id=ada, said=shown(world))


def test_access_ends_by_itself_at_midnight_of_the_last_day(world, ada):
    record(world, ada)
    midnight = clock.at_local(TODAY + 5 * DAY, dt.time())
    with clock.standing(midnight - dt.timedelta(microseconds=1)):
        assert world.actor("ada").roles == {"carer"}
    with clock.standing(midnight), pytest.raises(AssertionError):
        world.actor("ada")


# ---------------------------------------------------------------- the gate


def test_somebody_from_an_agency_gives_no_controlled_drugs_and_writes_no_records_until_assessed_here(world):
    rosa, home = world.actor("rosa"), world.home().id
    senior = staff.add_person(
        by=rosa, username="cyd", given_name="Cyd", family_name="Marr", role="senior_carer", agency=True,
        password_hash="x", valid_until=clock.at_local(TODAY + 5 * DAY, dt.time()),
    ).id  # fmt: skip
    record(world, senior, skills=FROM_A_PAPER)
    for skill in ("controlled", "cd_witness", "transcription", *FROM_A_PAPER):
        assert not queries.sign_off(home, senior, [skill], None).allowed, skill
    _gate_refuses(world)
    competency.grant(by=rosa, person_id=senior, skill="controlled", reason="3 of 3 rounds observed here")
    assert queries.sign_off(home, senior, ["controlled"], None).allowed


def _gate_refuses(world) -> None:
    """At the card and at the keying of an order, as the product asks."""
    bed = bedside(world, medicine="morphine", strength="10 mg", controlled=True, required_skills=("oral", "controlled"))
    with pytest.raises(Refused) as no:
        bed.record(bed.open("cyd"))
    assert no.value.code == "not_signed_off" and "controlled drugs" in no.value.words and bed.entries() == []
    with pytest.raises(Refused) as no:
        builders.hand_keyed_order(world.actor("cyd"), bed.resident.id)
    assert no.value.code == "not_trained"


# ---------------------------------------------------------------- pages


def test_somebody_from_an_agency_is_added_and_shown_the_home_in_two_forms(browser, world):
    rosa = browser.sign_in("rosa")
    form = rosa.get("/h/rowan/agency/new").find("form", id="form")
    page = rosa.submit(form, given_name="Ada", family_name="Brook")
    assert "ada.brook" in words(page)
    page = rosa.get(page.find("a", string="Go on to step 2")["href"])
    form = page.find("form", id="form")
    filled = dict(
        agency="Hands Agency", agency_contact="01632 960 400", paper=sent(PDF), paper_expires_on="2027-06-01",
        skills=["oral"], items=list(ITEMS), assessor=str(world.person_id("sena")), round_name="Lunch",
    )  # fmt: skip
    page = rosa.submit(form, **(filled | dict(items=["keys"], assessor="")), status=422)
    assert "7 are not ticked" in words(page.find(id="items-error"))
    assert "may assess" in words(page.find(id="assessor-error"))
    assert page.find(id="agency")["value"] == "Hands Agency" and "Kept: Insulin letter" in words(page)
    page = rosa.submit(page.find("form", id="form"), items=list(ITEMS), assessor=filled["assessor"])
    assert words(page.h1) == "Ada Brook was shown this home" and "Lunch round today, with Sena Addo" in words(page)
    page = browser.sign_in("tolu").get("/h/rowan/agency")
    row = next(words(li) for li in page.select("main ul.rows li") if "Ada Brook" in words(li))
    assert "Access until tonight" in row and "Booked: Lunch round today, with Sena Addo" in row
    with clock.standing(clock.now() + 11 * dt.timedelta(hours=1)):
        assert "Ada Brook" in words(browser.sign_in("rosa").get("/h/rowan/agency"))
    assert "shown the home" in words(rosa.get("/h/rowan/ledger"))


def test_the_same_name_twice_asks_for_a_user_name(browser, world):
    rosa = browser.sign_in("rosa")
    form = rosa.get("/h/rowan/agency/new").find("form", id="form")
    rosa.submit(form, given_name="Ada", family_name="Brook")
    page = rosa.submit(form, given_name="Ada", family_name="Brook", status=422)
    assert "That user name is taken" in words(page.find(id="username-error"))
    rosa.submit(page.find("form", id="form"), username="ada.brook2")


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        (dict(kind=[]), "kind", "agency or the bank"),
        (dict(until=""), "until", "needs a last day"),
        (dict(until="2026-11-15"), "until", "passed already"),
        (dict(role="registered_manager"), "role", "carer or senior carer"),
        (dict(given_name=""), "given_name", "first name"),
    ],
)
def test_a_person_from_outside_that_cannot_be_is_said_beside_its_field(browser, world, wrong, field, sentence):
    rosa = browser.sign_in("rosa")
    form = rosa.get("/h/rowan/agency/new").find("form", id="form")
    page = rosa.submit(form, **(dict(given_name="Ada", family_name="Brook") | wrong), status=422)
    assert sentence in words(page.find(id=f"{field}-error"))


@pytest.mark.parametrize("what", ["an archive", "a page of the web", "half a picture"])
def test_an_agencys_paper_that_lies_costs_nothing_that_was_typed(browser, world, ada, what):
    data, sentence = LIARS[what]
    rosa, url = browser.sign_in("rosa"), f"/h/rowan/agency/{ada}"
    form = rosa.get(url).find("form", id="form")
    page = rosa.submit(form, agency="Hands", items=["keys", "help"], paper=sent(data), status=422)
    assert sentence in words(page.find(id="paper-error")) and page.find(id="agency")["value"] == "Hands"
    assert len(page.select("input[name=items][checked]")) == 2


def test_carers_seniors_and_other_homes(browser, world, ada):
    url = f"/h/rowan/agency/{ada}"
    browser.sign_in("amina").get(url, status=404)
    assert not browser.sign_in("sena").get(url).select("main form")
    browser.sign_in("sena").get("/h/rowan/agency/new", status=404)
    browser.sign_in("nell").get(f"/h/far/agency/{ada}", status=404)
    page = browser.sign_in("rosa").get(f"/h/rowan/agency/{world.person_id('ben')}")
    assert not page.select("main form")
