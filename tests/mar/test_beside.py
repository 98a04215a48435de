"""Giving with somebody signed off beside one: proven on this phone, judged again when it is recorded, on the entry of
both."""

import datetime as dt
import uuid
from dataclasses import replace

import pytest

from medpwa import clock, ledger
from medpwa.competency import actions as competency
from medpwa.mar import correction_actions, proofs, recording, supervised, witness_actions
from medpwa.mar.correction_actions import Correction
from medpwa.mar.correction_rules import Wanted
from medpwa.mar.models import Entry
from medpwa.mar.witness_rules import Witnessed
from medpwa.staff import actions as staff_actions
from tests import builders
from tests.browse import Browser, words
from tests.mar import prn_steps, steps
from tests.mar.steps import HOME, bedside, beside, change, counts, later, make_ready, refused, scan, take
from tests.people import PASSWORD
from tests.staff.phones import OTHER_PIN, PIN, by_password, enrol, hand_over

MORPHINE = dict(medicine="morphine sulfate", strength="10 mg", required_skills=("oral", "controlled"), controlled=True)


@pytest.fixture
def bed(world):
    """A capsule due at 11:30. Ben is not assessed; Sena may stand beside him."""
    return bedside(world)


def sena(world, **changes) -> Witnessed:
    """Sena, proven just now."""
    return Witnessed(**{"person_id": world.person_id("sena"), "at": clock.now()} | changes)


# ---------------------------------------------------------------- the rule, through the action


def test_a_dose_given_beside_somebody_signed_off_names_both_and_carries_its_flag(world, bed):
    by = bed.open("ben")
    assert refused(lambda: bed.record(by)).code == "not_signed_off"
    proven = sena(world)
    later(minutes=3)
    row = bed.record(by, beside=proven)
    stored = Entry.get_by_id(row.id)
    assert (stored.by, stored.administered_by, stored.supervised_by) == (by.person_id, by.person_id, proven.person_id)
    assert stored.supervised_at == proven.at and "supervised" in stored.flags and stored.break_glass_id is None
    assert ledger.verify() == []


def test_the_one_beside_is_judged_when_the_dose_is_recorded(world, bed):
    by, person = bed.open("ben"), world.person_id
    for whom, code in (("ben", "own_supervisor"), ("cara", "supervisor_not_signed_off"), ("nell", "supervisor_gone"),
                       ("quinn", "supervisor_gone")):
        assert refused(lambda w=whom: bed.record(by, beside=sena(world, person_id=person(w)))).code == code
    early, proven = bed.ticket(by), sena(world)
    later(minutes=10)
    intent = bed.intent(by, ticket=early, beside=proven)
    later(seconds=1)
    no = refused(lambda: recording.record(by=by, resident_id=bed.resident.id, intent=intent))
    assert no.code == "supervisor_too_old" and "What you made ready is kept" in no.words
    ahead = sena(world, at=clock.now() + dt.timedelta(minutes=1))
    assert refused(lambda: bed.record(by, beside=ahead)).code == "supervisor_too_old"
    assert bed.entries() == []


def test_a_supervisor_who_lapses_or_leaves_before_it_is_recorded_does_not_carry_it(world, bed):
    by, proven = bed.open("ben"), sena(world)
    later(minutes=1)
    competency.suspend(
        by=world.actor("rosa"), person_id=proven.person_id, skill="oral", reason="A mistake is looked into"
    )
    no = refused(lambda: bed.record(by, beside=proven))
    assert no.code == "supervisor_not_signed_off" and "Sena Addo" in no.words
    staff_actions.end_person(by=world.actor("rosa"), person_id=proven.person_id, reason="left")
    assert refused(lambda: bed.record(by, beside=proven)).code == "supervisor_gone"
    assert bed.entries() == []


def test_somebody_of_another_home_is_answered_like_somebody_who_never_existed(world, bed):
    by = bed.open("ben")
    theirs, nobody = (
        refused(lambda i=i: bed.record(by, beside=sena(world, person_id=i))) for i in (world.person_id("nell"), 987654)
    )
    assert (theirs.code, theirs.words) == (nobody.code, nobody.words) == ("supervisor_gone", theirs.words)
    assert "Nell" not in theirs.words


def test_an_order_that_changed_after_the_proof_is_read_again_together(world, bed):
    by, proven = bed.open("ben"), sena(world)
    later(minutes=1)
    change(bed.order, world.actor("tolu"), instructions=("With a full glass of water",))
    assert refused(lambda: bed.record(by, beside=proven)).code in ("superseded", "changed")


@pytest.mark.parametrize(
    ("state", "code"),
    [("learning", None), ("shadowing", None), ("assessing", None), ("supervised_only", None), ("reassessment", None),
     ("development_needed", None), ("suspended", "not_beside_either"), ("ended", "not_beside_either"),
     ("not_competent", "not_beside_either")],
)  # fmt: skip
def test_which_states_leave_giving_beside_somebody_open(world, bed, state, code):
    stand(world, "ben", "oral", state)
    by = bed.open("ben")
    if code is None:
        assert bed.record(by, beside=sena(world)).supervised_by == world.person_id("sena")
    else:
        assert refused(lambda: bed.record(by, beside=sena(world))).code == code
        assert refused(lambda: bed.record(by)).code == "not_signed_off"


def test_somebody_whose_sign_off_lapsed_gives_beside_somebody_until_it_is_renewed(world, bed):
    by = bed.open("cara")
    assert refused(lambda: bed.record(by)).code == "not_signed_off"
    assert "supervised" in bed.record(by, beside=sena(world)).flags


def test_a_delegated_skill_takes_somebody_signed_off_for_this_very_person(world):
    bed = bedside(world, medicine="insulin glargine", required_skills=("oral", "insulin"))
    by, other = bed.open("ben"), builders.resident(world.system(), "Bert", "Olney", room="8")
    builders.sign_off(world.system(), world.person_id("sena"), "insulin", resident_id=other.id)
    assert refused(lambda: bed.record(by, beside=sena(world))).code == "supervisor_not_signed_off"
    builders.sign_off(world.system(), world.person_id("sena"), "insulin", resident_id=bed.resident.id)
    assert bed.record(by, beside=sena(world)).supervised_by == world.person_id("sena")


def test_who_stands_beside_cannot_be_the_witness_as_well(world):
    for name in ("sena", "tolu"):
        builders.sign_off(world.system(), world.person_id(name), "controlled")
    bed = bedside(world, **MORPHINE)
    by, proven = bed.open("ben"), sena(world)
    assert refused(lambda: bed.record(by, beside=proven)).code == "witness_first"
    no = refused(lambda: bed.record(by, beside=proven, witness=proven))
    assert no.code == "third_person" and "third person" in no.words
    row = bed.record(by, beside=proven, witness=sena(world, person_id=world.person_id("tolu")))
    assert (row.supervised_by, row.witnessed_by) == (proven.person_id, world.person_id("tolu"))


def test_a_name_nobody_needed_is_not_kept_and_a_form_sent_again_is_the_same(world, bed):
    by = bed.open("amina")
    intent = bed.intent(by, beside=sena(world))
    row = recording.record(by=by, resident_id=bed.resident.id, intent=intent)
    assert row.supervised_by is None and "supervised" not in row.flags
    before = counts()
    assert recording.record(by=by, resident_id=bed.resident.id, intent=intent).id == row.id and counts() == before


def test_a_replay_that_names_another_supervisor_is_refused(world, bed):
    by = bed.open("ben")
    intent = bed.intent(by, beside=sena(world))
    row = recording.record(by=by, resident_id=bed.resident.id, intent=intent)
    later(minutes=30)  # the proof is old by now; what is stored is answered all the same
    assert recording.record(by=by, resident_id=bed.resident.id, intent=intent).id == row.id
    for other in (None, sena(world, person_id=world.person_id("tolu"))):
        again = replace(intent, beside=other)
        no = refused(lambda i=again: recording.record(by=by, resident_id=bed.resident.id, intent=i))
        assert no.code == "used_before"


def test_supervised_doses_are_evidence_and_a_correction_keeps_who_stood_beside(world, bed):
    by, since = bed.open("ben"), clock.now()
    row = bed.record(by, beside=sena(world))
    (dose,) = supervised.supervised_doses(world.actor("rosa"), by.person_id, since)
    assert (dose.entry_id, dose.beside, dose.skills) == (row.id, "Sena Addo", ("oral",))
    assert supervised.supervised_doses(world.actor("rosa"), world.person_id("amina"), since) == []
    assert supervised.supervised_doses(world.actor("rosa"), by.person_id, since + dt.timedelta(minutes=1)) == []
    later(minutes=4)
    new = corrected(by, row, "wrong_time", Wanted("given", given_at=clock.now() - dt.timedelta(minutes=2)))
    assert (new.supervised_by, new.supervised_at) == (row.supervised_by, row.supervised_at)
    assert "supervised" in new.flags
    assert [d.entry_id for d in supervised.supervised_doses(world.actor("rosa"), by.person_id, since)] == [new.id]
    struck = corrected(by, new, "mis_tap", Wanted("struck"))
    assert struck.supervised_by is None and "supervised" not in struck.flags
    assert supervised.supervised_doses(world.actor("rosa"), by.person_id, since) == []


def test_a_report_told_later_names_a_supervisor_in_words_alone(browser, world, bed):
    """What was not proven at the moment is not proven afterwards."""
    ben = world.actor("ben")
    proof = signed(world, bed, "ben", "sena")
    report = bed.report(ben, administered_by=ben.person_id, who_knew="Sena Addo, who stood beside me")
    assert report.entry.supervised_by is None and "not_signed_off" in report.entry.flags
    other, phone = bedside(world, given="Bert", family="Olney", room="8"), browser.sign_in("ben")
    fields = dict(dose=str(other.key), day="2026-11-16", time="11:35", administered_by=str(ben.person_id))
    fields |= {"who_knew": "Sena Addo, beside me", "why": "The phone was on charge"}
    phone.post(
        f"{HOME}/residents/{other.resident.id}/given-already",
        fields | {"entry_id": str(uuid.uuid4()), "keep": proof, "supervised_by": str(world.person_id("sena"))},
    )
    (row,) = other.entries()
    assert row.supervised_by is None and "not_signed_off" in row.flags


def test_company_that_was_corrected_away_does_not_come_back_by_correcting_again(world, bed):
    by = bed.open("ben")
    row = bed.record(by, beside=sena(world))
    refusal = corrected(by, row, "mis_tap", Wanted("refused", reason="did_not_want"))
    assert refusal.supervised_by is None and "supervised" not in refusal.flags
    again = corrected(by, refusal, "mis_tap", Wanted("given", given_at=clock.now()))
    assert again.supervised_by is None and "supervised" not in again.flags and "not_signed_off" in again.flags


def test_no_witness_is_asked_elsewhere_while_somebody_stands_beside_the_giver(world):
    bed = prn_steps.prn(world, controlled="schedule_2")
    by, beside_ben = bed.open("ben"), sena(world)
    intent, before = bed.intent(by, beside=beside_ben), counts()
    ask = lambda: witness_actions.ask_for_prn(  # noqa: E731
        by=by, resident_id=bed.resident.id, intent=intent, person_id=world.person_id("tolu")
    )
    assert refused(ask).code == "witness_here" and counts()["witness_request"] == before["witness_request"]


def test_a_part_of_a_when_required_dose_names_who_stood_beside_too(browser, world):
    bed = prn_steps.prn(world)
    phone = browser.sign_in("ben")
    scan(phone, bed)
    phone.get(bed.url)
    phone.submit(phone.page.find("form", id="prn-beside"))
    tile = next(f for f in phone.page.select("form") if f.select_one("button[name=person]"))
    phone.submit(tile, person=str(world.person_id("sena")))
    proving(phone, password=PASSWORD)
    phone.submit(phone.page.find("form", id="prn-form"), steps="0", reason="Back pain", amount="2")
    phone.submit(phone.page.find("form", id="prn-part"), taken="1", part="spat_out")
    (row,) = bed.entries()
    assert (row.outcome, row.amount, row.supervised_by) == ("given_part", 1, world.person_id("sena"))


def stand(world, who: str, skill: str, state: str) -> None:
    """A skill of somebody stands in a state from an hour ago, whichever verb sets it."""
    from medpwa import database
    from medpwa.competency import deeds

    by, at = world.actor("rosa"), clock.now() - dt.timedelta(hours=1)
    with database.writing(by.chain_id):
        said = deeds.set_states(
            by, world.person_id(who), [(skill, None)], state, valid_from=at, valid_until=None, reason="for the test"
        )
        ledger.append(by.chain_id, by, [said])


def corrected(by, row: Entry, why: str, wanted: Wanted) -> Entry:
    """The giver puts their own entry right at once."""
    said = Correction(request_id=str(uuid.uuid4()), why=why, wanted=wanted)
    correction_actions.correct(by=by, entry_number=row.id, asked=said, proven_at=clock.now())
    return Entry.get(Entry.corrects == row.id)


def signed(world, bed, giver: str, who: str) -> str:
    """A proof as the server signs it."""
    proven, home_id = sena(world, person_id=world.person_id(who)), world.home().id
    made = proofs.Proof(world.person_id(giver), home_id, bed.resident.id, frozenset({bed.key}), proven)
    return proofs.issue(made)


# ---------------------------------------------------------------- in the browser


def beside_form(phone: Browser, bed):
    """The blocked line offers it."""
    forms = [f for f in phone.page.select(f"#dose-{bed.key} form") if f["action"].endswith("/card/beside")]
    assert forms, words(phone.page)[-600:]
    return forms[0]


def choose(phone: Browser, bed, person_id: int) -> None:
    """From the blocked line to the page where somebody proves that they are there."""
    phone.submit(beside_form(phone, bed))
    assert words(phone.page.h1) == "Who stands beside you?", words(phone.page)[-400:]
    form = next(f for f in phone.page.select("form") if f.select_one("button[name=person]"))
    assert form.select_one(f"button[value='{person_id}']") is not None, words(phone.page)
    phone.submit(form, person=str(person_id))


def proving(phone: Browser, **typed):
    form = next(f for f in phone.page.select("form") if f["action"].endswith("/proven"))
    return phone.submit(form, **typed)


def test_from_the_blocked_line_to_the_record_with_the_supervisors_own_pin(browser, world, bed):
    sena_id = world.person_id("sena")
    phone = enrol(browser)
    by_password(phone, "sena", pin=OTHER_PIN)
    hand_over(phone)
    by_password(phone, "ben")
    scan(phone, bed)
    assert "Not on your own yet" in words(phone.page)
    choose(phone, bed, sena_id)
    said = words(phone.page)
    assert words(phone.page.h1) == "Sena Addo, do you stand beside Ben Hale?" and "senna 7.5" in said
    proving(phone, pin=PIN, status=422)
    assert "That PIN is not right" in words(phone.page) and bed.entries() == []
    proving(phone, pin=OTHER_PIN)
    assert "Sena Addo stands beside you, proven 11:40" in words(phone.page)
    make_ready(phone)
    take(phone)
    (row,) = bed.entries()
    assert (row.by, row.supervised_by) == (world.person_id("ben"), sena_id)
    assert "Ben Hale, supervised by Sena Addo" in words(phone.page) and ledger.verify() == []


def test_one_proof_counts_for_the_lines_of_this_card_alone(browser, world, bed):
    """Two medicines of Ivy, one that Sena is not signed off for, and Bert next door."""
    second = beside(world, bed.resident, **steps.DOCUSATE)
    third = beside(world, bed.resident, medicine="warfarin", strength="1 mg", required_skills=("oral", "warfarin"))
    bert = bedside(world, given="Bert", family="Olney", room="8")
    phone = browser.sign_in("ben")
    scan(phone, bed)
    choose(phone, bed, world.person_id("sena"))
    assert "warfarin" not in words(phone.page) and "docusate" in words(phone.page)
    proving(phone, password=PASSWORD)
    assert len(phone.page.select("#dock input[name=dose]")) == 2
    kept = [i["value"] for i in phone.page.select("#dock input[name=keep]")]
    make_ready(phone)
    take(phone)
    assert len(bed.entries()) == len(second.entries()) == 1 and third.entries() == []
    scan(phone, bert)
    before = counts()
    forged = {"dose": str(bert.key), "version": str(bert.order.version_id), "keep": kept}
    phone.post(f"{HOME}/residents/{bert.resident.id}/card/ready", forged, status=200)
    assert "Someone else needs to give" in words(phone.page.h1)
    assert counts()["entry"] == before["entry"] and bert.entries() == []


def test_a_stale_proof_keeps_what_was_made_ready_and_asks_again(browser, world, bed):
    phone = browser.sign_in("ben")
    scan(phone, bed)
    choose(phone, bed, world.person_id("sena"))
    proving(phone, password=PASSWORD)
    make_ready(phone)
    later(minutes=11)
    take(phone, status=409)
    assert "Sena Addo proved to be beside you over 10 minutes ago" in words(phone.page) and bed.entries() == []
    choose(phone, bed, world.person_id("sena"))
    proving(phone, password=PASSWORD)
    take(phone)  # Ready was kept: no second tap for it
    (row,) = bed.entries()
    assert row.supervised_at == clock.now() and row.prepared_at == clock.now() - dt.timedelta(minutes=11)


def test_a_skill_revoked_with_the_card_open_bites_on_the_next_tap(browser, world, bed):
    phone = browser.sign_in("ben")
    scan(phone, bed)
    choose(phone, bed, world.person_id("sena"))
    proving(phone, password=PASSWORD)
    make_ready(phone)
    stand(world, "ben", "oral", "suspended")
    take(phone, status=409)
    assert "paused or ended" in words(phone.page) and bed.entries() == []
    assert not [f for f in phone.page.select("form") if f["action"].endswith("/card/beside")]


def test_a_proof_of_one_phone_is_nothing_on_anothers(browser, world, bed):
    """The signed proof names its giver: another person who gets hold of it gives nothing by it."""
    proof = signed(world, bed, "ben", "sena")
    competency_gone = Browser(browser.app).sign_in("cara")
    scan(competency_gone, bed)
    by = world.actor("cara")
    fields = {
        "dose": str(bed.key), "version": str(bed.order.version_id), "entry_id": str(uuid.uuid4()), "outcome": "given",
        "ready": bed.ticket(by), "keep": proof,
    }  # fmt: skip
    competency_gone.post(f"{HOME}/residents/{bed.resident.id}/card/outcome", fields)
    assert "Someone else needs to give" in words(competency_gone.page.h1) and bed.entries() == []


def test_another_homes_people_and_residents_are_nobody(browser, world, bed):
    card, order = steps.elm(world)
    phone = browser.sign_in("ben")
    scan(phone, bed)
    for path in ("beside", "proven"):
        phone.post(f"{HOME}/residents/{card.id}/card/{path}", {"dose": str(bed.key)}, status=404)
        elsewhere = {"dose": f"{order.line_id}-1"}
        phone.post(f"{HOME}/residents/{bed.resident.id}/card/{path}", elsewhere, status=404)
    stranger = {"dose": str(bed.key), "person": str(world.person_id("nell")), "password": PASSWORD}
    phone.post(f"{HOME}/residents/{bed.resident.id}/card/proven", stranger, status=409)
    assert bed.entries() == []


def test_a_when_required_dose_is_given_beside_somebody_too(browser, world):
    bed = prn_steps.prn(world)
    phone = browser.sign_in("ben")
    scan(phone, bed)
    phone.get(bed.url)
    phone.submit(phone.page.find("form", id="prn-beside"))
    tile = next(f for f in phone.page.select("form") if f.select_one("button[name=person]"))
    phone.submit(tile, person=str(world.person_id("sena")))
    proving(phone, password=PASSWORD)
    assert "Sena Addo stands beside you" in words(phone.page)
    phone.submit(phone.page.find("form", id="prn-form"), steps="0", reason="Back pain", amount="2")
    ready = phone.page
    later(minutes=11)
    phone.submit(ready.find("form", id="prn-given"), status=409)
    assert "over 10 minutes ago" in words(phone.page) and bed.entries() == []
    phone.submit(phone.page.find("form", id="prn-beside"))
    tile = next(f for f in phone.page.select("form") if f.select_one("button[name=person]"))
    phone.submit(tile, person=str(world.person_id("sena")))
    proving(phone, password=PASSWORD)
    form = phone.page.find("form", id="prn-form")
    assert form.select_one("input[name=reason][value='Back pain']").has_attr("checked"), "what was chosen is kept"
    phone.submit(form)
    phone.submit(phone.page.find("form", id="prn-given"))
    (row,) = bed.entries()
    assert (row.supervised_by, row.amount) == (world.person_id("sena"), 2) and "supervised" in row.flags
    assert "Ben Hale, supervised by Sena Addo" in words(phone.page) and ledger.verify() == []


def test_the_print_out_the_history_and_the_ledger_name_who_stood_beside(world, bed):
    from medpwa.desk import telling
    from medpwa.mar import history

    row = bed.record(bed.open("ben"), beside=sena(world))
    rosa = world.actor("rosa")
    assert "supervised by Sena Addo 11:40" in history.entry_words(row, rosa)
    assert "given with somebody signed off beside" in history.entry_words(row, rosa)
    said = telling.words_for(rosa, [steps.last_line()])
    assert "supervised by Sena Addo" in next(iter(said.values()))[0]
