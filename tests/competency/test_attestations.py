"""A registered professional attests a delegated task on a manager's screen; either side ends it."""

import dataclasses
import datetime as dt
import json

import pytest

from medpwa import alerts, clock, ledger
from medpwa.competency import actions, attestation_actions, attestation_rules, attestations, queries
from medpwa.competency.attestation_rules import Attested
from medpwa.competency.models import Attestation, EvidenceFile, Grant
from medpwa.errors import Invalid, NotFound, NotPermitted
from medpwa.staff import actions as staff
from tests import builders
from tests.browse import words
from tests.competency.papers_made import LIARS, PDF, sent

DAY = dt.timedelta(days=1)
STROKES = (((100, 200), (300, 120), (500, 260)),)
TODAY = dt.date(2026, 11, 16)


@pytest.fixture
def harold(world):
    return builders.resident(world.system(), "Harold", "Nkemelu", room="4").id


def attested(resident_id: int, **changes) -> Attested:
    said = Attested(
        skill="insulin",
        resident_id=resident_id,
        professional="Joan Reid",
        register="NMC",
        register_number="12A3456E",
        organisation="Northside Community Nursing",
        contact="01632 960 123, until 22:00",
        task="Insulin glargine by pen before breakfast",
        plan="Diabetes plan of 2 November, in the care folder",
        consent="consents",
        stop_conditions="Blood glucose below 5 or above 20, or he does not eat",
        assessed_on=TODAY,
        review_on=dt.date(2027, 5, 16),
        accepted=True,
        strokes=STROKES,
    )
    return dataclasses.replace(said, **changes)


def attest(world, resident_id, by="rosa", about="amina", **changes) -> Attestation:
    said = attested(resident_id, **changes)
    return attestation_actions.attest(by=world.actor(by), person_id=world.person_id(about), said=said)


def may(world, resident_id, username="amina", skill="insulin", at=None):
    return queries.sign_off(world.home().id, world.person_id(username), [skill], resident_id, at).allowed


def faults(world, resident_id, **changes) -> dict[str, str]:
    with pytest.raises(Invalid) as no:
        attest(world, resident_id, **changes)
    return dict(no.value.errors)


# ---------------------------------------------------------------- rules


@pytest.mark.parametrize(
    ("register", "number", "fits"),
    [
        ("NMC", "12A3456E", True),
        ("NMC", "12a 3456-e", True),
        ("NMC", "12A345E", False),
        ("NMC", "AAA3456E", False),
        ("NMC", "12A3456EE", False),
        ("NMC", "１２A3456E", False),
        ("HCPC", "PH123456", True),
        ("HCPC", "PYL1234", True),
        ("HCPC", "123456", False),
        ("HCPC", "P123456", False),
        ("GMC", "1234567", True),
        ("GMC", "123456", False),
        ("GMC", "C1234567", False),
        ("GPhC", "2012345", True),
        ("GPhC", "5012345", True),
        ("GPhC", "1234567", False),
    ],
)
def test_a_registers_number_is_checked_for_its_form_and_the_form_is_said(register, number, fits):
    fault = attestation_rules.number_fault(register, attestation_rules.number_as_kept(number))
    assert (fault == "") is fits
    if not fits:
        assert register in fault and "such as" in fault


@pytest.mark.parametrize(
    ("assessed", "review", "wrong"),
    [
        (0, 181, []),
        (0, 365, []),
        (0, 366, ["review_on"]),
        (0, 0, ["review_on"]),
        (1, 100, ["assessed_on"]),
        (-31, 100, []),
        (-32, 100, ["assessed_on"]),
        (-5, -2, ["review_on"]),
        (-5, 0, ["review_on"]),
    ],
)
def test_the_dates_of_an_attestation(assessed, review, wrong):
    found = attestation_rules.date_faults(TODAY + assessed * DAY, TODAY + review * DAY, TODAY)
    assert [field for field, _ in found] == wrong


def test_twelve_months_after_a_leap_day_is_the_first_of_march():
    assert attestation_rules.latest_review(dt.date(2028, 2, 29)) == dt.date(2029, 3, 1)


@pytest.mark.parametrize(
    "text",
    ["", "x", "{}", "[1]", "[[1,2]]", '[[["1",2]]]', "[[[1,2,3]]]", "[[[1001,2]]]", "[[[-1,2]]]", "[[[1.5,2]]]",
     "[[[true,2]]]", "[" * 5000, json.dumps([[[1, 1]]] * 301), json.dumps([[[1, 1]] * 6001])],
)  # fmt: skip
def test_strokes_that_no_page_of_ours_sends_are_no_signature(text):
    assert attestation_rules.read_strokes(text) == []


@pytest.mark.parametrize(("strokes", "drawn"), [((), False), ((((5, 5), (9, 9)),), False), (STROKES, True)])
def test_a_dot_is_no_signature(strokes, drawn):
    assert attestation_rules.is_drawn(strokes) is drawn


# ---------------------------------------------------------------- attesting


def test_an_attested_task_counts_at_once_for_that_resident_alone(world, harold):
    ivy = builders.resident(world.system(), "Ivy", "Cartledge").id
    row = attest(world, harold)
    assert may(world, harold) and not may(world, ivy) and not may(world, harold, skill="peg")
    grant = Grant.select().order_by(Grant.id.desc()).first()
    assert (grant.evidence, grant.resident_id, grant.by) == ({"attestation": row.id}, harold, world.person_id("rosa"))
    assert grant.reason == "Attested by Joan Reid, NMC 12A3456E"
    line = ledger.history(world.actor("rosa").chain_id, f"person:{world.person_id('amina')}")[0]
    assert (line.verb, [table for table, _, _ in line.rows]) == ("competency.attest", ["attestation", "skill_grant"])
    assert ledger.verify() == []


@pytest.mark.parametrize("review", [dt.date(2027, 3, 28), dt.date(2027, 10, 31), dt.date(2027, 5, 16)])
def test_it_lapses_at_midnight_of_its_review_in_the_homes_time(world, harold, review):
    attest(world, harold, review_on=review)
    midnight = clock.at_local(review, dt.time())
    tick = dt.timedelta(microseconds=1)
    assert may(world, harold, at=midnight - tick) and not may(world, harold, at=midnight)


def test_a_form_sent_twice_attests_once(world, harold):
    assert attest(world, harold).id == attest(world, harold).id
    assert (Attestation.select().count(), Grant.select().where(Grant.skill == "insulin").count()) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        (dict(skill="oral"), "skill", "for one named resident"),
        (dict(register_number="12345"), "register_number", "two digits, a letter, four digits, a letter"),
        (dict(register="GMC"), "register_number", "seven digits"),
        (dict(register="XYZ"), "register", "Choose the register"),
        (dict(professional=" "), "professional", "name"),
        (dict(organisation="x" * 161), "organisation", "at most 160"),
        (dict(stop_conditions=""), "stop_conditions", "when to stop"),
        (dict(task="x" * 2001), "task", "at most 2000"),
        (dict(consent=""), "consent", "consents"),
        (dict(review_on=dt.date(2027, 11, 17)), "review_on", "at most 12 months"),
        (dict(assessed_on=dt.date(2026, 11, 17)), "assessed_on", "not come yet"),
        (dict(accepted=False), "accepts", "either side may decline"),
        (dict(strokes=()), "signature", "sign in the box"),
        (dict(strokes=(), statement="I delegate this task as it is written."), "paper", "letter is needed"),
        (dict(strokes=(), statement="Yes."), "statement", "20 to 1000"),
        (dict(paper_id=99999), "paper", "not here"),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_is_granted(world, harold, changes, field, sentence):
    assert sentence in faults(world, harold, **changes)[field]
    assert not may(world, harold) and Attestation.select().count() == 0


def test_nothing_is_delegated_to_a_leaver_for_a_leaver_or_across_homes(world, harold):
    with pytest.raises(NotFound):
        attest(world, harold + 999)
    with pytest.raises(NotFound):
        attest(world, builders.resident(world.system("far"), "Una", "Far").id)
    with pytest.raises(NotFound):
        attest(world, harold, about="nell")
    staff.end_person(by=world.actor("rosa"), person_id=world.person_id("amina"), reason="Left")
    assert "does not work here" in faults(world, harold)["person"]


def test_only_a_manager_hands_over_the_screen_and_not_for_themselves(world, harold):
    for by in ("amina", "tolu", "quinn"):
        with pytest.raises(NotPermitted):
            attest(world, harold, by=by, about="ben")
    with pytest.raises(NotPermitted):
        attest(world, harold, about="rosa")


# ---------------------------------------------------------------- ending it


def withdraw(world, row, by="rosa", side="professional", reason="He no longer takes insulin") -> None:
    attestation_actions.withdraw(by=world.actor(by), attestation_id=row.id, withdrawn_by=side, reason=reason)


def test_a_withdrawn_delegation_ends_at_once(world, harold):
    row = attest(world, harold)
    withdraw(world, row)
    assert not may(world, harold)
    end = attestations.end_of(row.id)
    assert (end.withdrawn_by, end.by) == ("professional", world.person_id("rosa"))
    withdraw(world, row, reason="again")  # a form sent twice writes nothing
    assert attestations.end_of(row.id).reason == "He no longer takes insulin"
    assert ledger.verify() == []


def test_the_person_may_decline_it_themselves_and_the_managers_hear_of_it(world, harold):
    row = attest(world, harold)
    withdraw(world, row, by="amina", side="home", reason="I am not sure of the pen")
    assert not may(world, harold) and attestations.end_of(row.id).withdrawn_by == "person"
    raised = alerts.Alert.get(alerts.Alert.key == f"declined:{row.id}")
    assert raised.words == "Amina Okoro no longer does insulin for Harold Nkemelu. Somebody else has to."


def test_a_colleague_cannot_decline_for_somebody_else(world, harold):
    row = attest(world, harold)
    for by in ("ben", "sena", "quinn"):
        with pytest.raises(NotPermitted):
            withdraw(world, row, by=by)
    with pytest.raises(NotFound):
        withdraw(world, row, by="nell")
    assert may(world, harold)


def test_withdrawing_an_old_attestation_leaves_the_one_that_replaced_it(world, harold):
    old = attest(world, harold)
    attest(world, harold, professional="Omar Byrne", register_number="98B7654S")
    withdraw(world, old)
    assert may(world, harold)


def test_withdrawing_ends_a_sign_off_that_a_manager_paused_meanwhile(world, harold):
    row = attest(world, harold)
    actions.suspend(
        by=world.actor("rosa"), person_id=world.person_id("amina"), skill="insulin", resident_id=harold, reason="x"
    )
    withdraw(world, row)
    assert not may(world, harold)


# ---------------------------------------------------------------- pages

FORM = dict(
    skill="insulin", register="NMC", register_number="12a 3456 e", professional="Joan Reid", organisation="Northside",
    contact="01632 960 123", task="Insulin by pen", plan="Plan of 2 November", stop_conditions="Below 5",
    consent="consents", assessed_on="2026-11-16", review_on="2027-05-16", accepts="yes",
    signature=json.dumps(STROKES), statement="",
)  # fmt: skip


@pytest.fixture
def url(world):
    return f"/h/rowan/competency/{world.person_id('amina')}"


def send(browser, url, harold, status=200, **changes):
    form = browser.get(f"{url}/attest").find("form", id="form")
    return browser.submit(form, status=status, **(FORM | dict(resident=str(harold)) | changes))


def test_the_page_words_it_attested_by_and_never_signed_off_by(browser, world, harold, url):
    rosa = browser.sign_in("rosa")
    page = send(rosa, url, harold, paper=sent(PDF))
    assert words(page.h1) == "Insulin for Harold Nkemelu, delegated to Amina Okoro"
    assert "Attested by Joan Reid, NMC 12A3456E" in words(page) and "may do it from now on" in words(page)
    assert page.select_one("svg.signature__field path")["d"] == "M100 200 L300 120 L500 260"
    letter = page.find("a", string=lambda t: t and "letter" in t)
    assert rosa.get(letter["href"], lint=False) and rosa.response.data == PDF
    for path in (url, f"{url}/delegated", "/h/rowan/competency", "/h/rowan/ledger"):
        shown = words(rosa.get(path))
        assert "signed off by" not in shown.lower()
    assert "Attested by Joan Reid, NMC 12A3456E" in words(rosa.get(url))
    assert "A delegated task was attested: Insulin for Harold Nkemelu" in words(rosa.get("/h/rowan/ledger"))


def test_a_form_with_faults_keeps_everything_the_signature_and_the_letter_too(browser, world, harold, url):
    rosa = browser.sign_in("rosa")
    page = send(rosa, url, harold, 422, register_number="12345", review_on="2028-01-01", paper=sent(PDF))
    assert "two digits, a letter, four digits, a letter" in words(page.find(id="register_number-error"))
    assert page.find(id="professional")["value"] == "Joan Reid" and page.find(id="register_number")["value"] == "12345"
    assert json.loads(page.find("input", attrs={"name": "signature"})["value"]) == json.loads(FORM["signature"])
    assert "Kept: Insulin letter, PDF" in words(page.find(id="paper-hint"))
    page = rosa.submit(page.find("form", id="form"), register_number="12A3456E", status=422)
    assert "at most 12 months" in words(page.find(id="review_on-error"))
    page = rosa.submit(page.find("form", id="form"), review_on="2027-05-16")
    assert "Their letter: Insulin letter, PDF" in words(page)
    assert Attestation.get().letter_id == EvidenceFile.get().id


@pytest.mark.parametrize("what", ["a page of the web", "an archive", "nothing at all", "half a PDF"])
def test_a_letter_that_lies_costs_nothing_that_was_typed(browser, world, harold, url, what):
    data, sentence = LIARS[what]
    page = send(browser.sign_in("rosa"), url, harold, 422, paper=sent(data))
    assert sentence in words(page.find(id="paper-error"))
    assert page.find(id="task").get_text(strip=True) == "Insulin by pen"
    assert EvidenceFile.select().count() == 0 and Attestation.select().count() == 0


def test_without_a_drawn_signature_a_statement_and_the_letter_do(browser, world, harold, url):
    rosa = browser.sign_in("rosa")
    said = "I assessed her today and delegate this task."
    page = send(rosa, url, harold, 422, signature="", statement=said)
    assert "their letter is needed" in words(page.find(id="paper-error"))
    page = rosa.submit(page.find("form", id="form"), paper=sent(PDF))
    assert f"Typed statement: “{said}”" in words(page) and may(world, harold)


def test_another_homes_letter_is_not_here(browser, world, harold, url):
    from medpwa.competency import paper_actions, papers

    far = paper_actions.keep(
        by=world.system("far"), person_id=world.person_id("nell"), paper=papers.prepare(PDF, "far.pdf")
    )
    rosa = browser.sign_in("rosa")
    for number in (far.id, 9999, "x", "１"):
        page = send(rosa, url, harold, 422, paper_id=str(number))
        assert "That file is not here" in words(page.find(id="paper-error"))


def test_the_person_reads_and_declines_their_own_and_nobody_elses(browser, world, harold):
    row = attest(world, harold)
    one = f"/h/rowan/competency/attestations/{row.id}"
    amina = browser.sign_in("amina")
    assert "Below 5" not in words(amina.get(one)) and "Blood glucose below 5" in words(amina.page)
    browser.sign_in("ben").get(one, status=404)
    browser.sign_in("nell").get(one, status=404)
    browser.sign_in("nell").get(f"/h/far/competency/attestations/{row.id}", status=404)
    form = amina.get(f"{one}/withdraw").find("form", action=f"{one}/withdraw")
    page = amina.submit(form, reason="", status=422)
    assert "Say why" in words(page.find(id="reason-error"))
    page = amina.submit(form, reason="I am not sure of the pen")
    assert "by the person who does it: I am not sure of the pen" in words(page) and not may(world, harold)


def test_the_list_says_how_each_delegation_stands(browser, world, harold, url):
    first = attest(world, harold)
    attest(world, harold, professional="Omar Byrne", register_number="98B7654S")
    peg = attest(world, harold, skill="peg", review_on=dt.date(2026, 12, 1))
    withdraw(world, peg, side="resident")
    page = browser.sign_in("sena").get(f"{url}/delegated")
    chips = [words(li) for li in page.select("main ul.rows li")]
    assert words(page.h1) == "1 task is delegated to Amina Okoro"
    assert "Withdrawn" in chips[0] and "In force" in chips[1] and "Replaced by a later one" in chips[2]
    assert not page.select("main a[href$='/attest']") and first.id
    with clock.standing(clock.at_local(dt.date(2027, 5, 16), dt.time(0, 1))):
        page = browser.sign_in("sena").get(f"{url}/delegated")
        assert "Lapsed at its review" in words(page)
