"""The second person: different, signed off, proven by their own credential at that moment, on this phone or theirs."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import peewee as pw
import pytest

from medpwa import clock, database, ledger
from medpwa.alerts import Alert
from medpwa.errors import NotFound, Refused
from medpwa.mar import recording, witness_actions, witness_rules, witnesses
from medpwa.mar.models import Entry
from medpwa.mar.models_after import WitnessAct, WitnessRequest
from medpwa.mar.witness_rules import Witnessed
from medpwa.staff import actions as staff_actions
from tests import builders
from tests.browse import Browser, words
from tests.mar import witnessing
from tests.mar.steps import HOME, bedside, change, counts, dock, later, make_ready, refused, scan
from tests.mar.witnessing import name, proving, shared_phone
from tests.people import PASSWORD
from tests.staff.phones import OTHER_PIN, PIN, by_pin, hand_over

MORPHINE = dict(medicine="morphine sulfate", strength="10 mg", required_skills=("oral", "controlled"), controlled=True)


@pytest.fixture
def bed(world):
    """A controlled drug due at 11:30. Amina may give it, Sena may witness it, Ben may neither."""
    witnessing.sign_off(world)
    return bedside(world, **MORPHINE)


def by_sena(world, **changes):
    return Witnessed(**{"person_id": world.person_id("sena"), "at": clock.now()} | changes)


def asking(world, bed, by, whom: str = "sena", **changes) -> WitnessRequest:
    """Somebody is asked on their own phone, without a browser."""
    intent = bed.intent(by, **changes)
    return witness_actions.ask_witness(
        by=by, resident_id=bed.resident.id, intent=intent, person_id=world.person_id(whom)
    )


def resting_on(bed, by, request, **changes):
    """The intent of a give that rests on a request."""
    return replace(bed.intent(by, entry_id=request.entry_id, ticket="", request_id=request.id), **changes)


# ---------------------------------------------------------------- the rule


def test_who_needs_a_witness_and_whose_sign_off_makes_one(world, bed):
    assert witness_rules.needed(bed.order)
    assert witness_rules.needed(replace(bed.order, controlled=False, witness=True))
    assert not witness_rules.needed(replace(bed.order, controlled=False))
    by, names = world.actor("amina"), {"sena", "amina", "ben"}
    found = {c.name.split()[0].lower() for c in witnesses.candidates(by, bed.order)} & names
    assert found == {"sena"}, "not the giver, and nobody who is not signed off"
    plain = replace(bed.order, controlled=False, witness=True, required_skills=("oral",))
    able = {c.name.split()[0].lower() for c in witnesses.candidates(world.actor("sena"), plain)}
    assert "amina" in able and "ben" not in able and "cara" not in able, "who may give it may see it given"


def test_a_dose_that_needs_a_witness_is_refused_without_one_and_recorded_with_one(world, bed):
    by = bed.open("amina")
    no = refused(lambda: bed.record(by))
    assert no.code == "witness_first" and "second person" in no.words
    row = bed.record(by, witness=by_sena(world))
    assert (row.witnessed_by, row.witnessed_at, row.witness_needed) == (world.person_id("sena"), clock.now(), True)
    assert ledger.verify() == []


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ("the giver", "own_witness"),
        ("not signed off", "witness_not_signed_off"),
        ("lapsed", "witness_not_signed_off"),
        ("left", "witness_gone"),
        ("another home", "witness_gone"),
        ("oversees", "witness_gone"),
        ("too old", "witness_too_old"),
    ],
)
def test_a_witness_who_cannot_be_one_is_refused_in_words_and_nothing_is_stored(world, bed, case, code):
    by, who, at = bed.open("amina"), "sena", clock.now()
    if case == "the giver":
        who = "amina"
    if case == "not signed off":
        who = "ben"
    if case == "lapsed":
        who = "tolu"
        ends = clock.now() + dt.timedelta(minutes=2)
        builders.sign_off(world.system(), world.person_id("tolu"), "cd_witness", valid_from=at, valid_until=ends)
        later(minutes=3)
        at = clock.now()
    if case == "left":
        staff_actions.end_person(by=world.actor("rosa"), person_id=world.person_id("sena"), reason="left")
    if case == "another home":
        who = "nell"
    if case == "oversees":
        who = "quinn"
    if case == "too old":
        later(minutes=11)
    seen = Witnessed(world.person_id(who), at)
    no = refused(lambda: bed.record(by, witness=seen))
    assert no.code == code and len(no.words) > 30
    assert bed.entries() == []


def test_the_database_itself_refuses_a_give_without_its_witness_and_a_giver_as_witness(world, bed):
    by = bed.open("amina")
    row = bed.record(by, witness=by_sena(world))
    columns = {f: getattr(row, f) for f in Entry._meta.fields if f not in ("id", "salt")}
    columns |= {"home": row.home_id, "resident": row.resident_id, "scan": row.scan_id, "corrects": None}
    columns |= {"order_line": row.order_line_id, "order_version": row.order_version_id, "claim": 2}
    for n, wrong in enumerate(({"witnessed_by": None, "witnessed_at": None}, {"witnessed_by": row.by})):
        with pytest.raises(pw.IntegrityError), database.writing(by.chain_id):
            Entry.create(**columns | {"entry_id": f"wrong {n}"} | wrong)


def test_a_form_sent_again_with_another_witness_is_told_what_is_stored(world, bed):
    builders.sign_off(world.system(), world.person_id("tolu"), "cd_witness")
    by = bed.open("amina")
    intent = bed.intent(by, witness=by_sena(world))
    record = lambda i: recording.record(by=by, resident_id=bed.resident.id, intent=i)  # noqa: E731
    row, before = record(intent), counts()
    assert record(replace(intent, witness=by_sena(world, at=clock.now() + dt.timedelta(seconds=9)))) == row
    assert counts() == before
    for changed in (None, Witnessed(world.person_id("tolu"), clock.now())):
        assert refused(lambda c=changed: record(replace(intent, witness=c))).code == "used_before"


# ---------------------------------------------------------------- on their own phone


def test_a_request_its_answer_and_the_dose_that_rests_on_them(world, bed):
    by = bed.open("amina")
    request = asking(world, bed, by)
    alert = Alert.select().order_by(Alert.id.desc()).first()
    said = alert.words.replace("\u00a0", " ")
    assert alert.to_person == world.person_id("sena") and "Amina Okoro asks you to witness 1 tablet" in said
    assert "morphine" in said and "Ivy Cartledge" in said
    give = resting_on(bed, by, request)
    assert refused(lambda: recording.record(by=by, resident_id=bed.resident.id, intent=give)).code == "witness_first"
    sena = world.actor("sena")
    act = witness_actions.confirm(by=sena, request_id=request.id)
    before = counts()
    assert witness_actions.confirm(by=sena, request_id=request.id) == act and counts() == before, "twice is once"
    later(minutes=2)
    row = recording.record(by=by, resident_id=bed.resident.id, intent=give)
    assert (row.witnessed_by, row.witnessed_at) == (sena.person_id, act.at) and row.prepared_at == request.at
    assert recording.record(by=by, resident_id=bed.resident.id, intent=give) == row, "sent again, answered again"
    assert ledger.verify() == []


def test_asking_is_judged_like_giving_and_the_same_form_asks_one_person(world, bed):
    by = bed.open("amina")
    for whom, code in (("amina", "own_witness"), ("ben", "witness_not_signed_off"), ("nell", "witness_gone")):
        assert refused(lambda w=whom: asking(world, bed, by, w)).code == code
    ben = bed.open("ben")
    assert refused(lambda: asking(world, bed, ben)).code == "not_signed_off"
    assert refused(lambda: asking(world, bed, by, ticket="")).code == "not_ready"
    builders.sign_off(world.system(), world.person_id("tolu"), "cd_witness")
    entry_id = "1" * 32
    first, before = asking(world, bed, by, entry_id=entry_id), counts()
    assert asking(world, bed, by, entry_id=entry_id) == first and counts() == before
    assert refused(lambda: asking(world, bed, by, "tolu", entry_id=entry_id)).code == "asked_before"


def test_a_request_is_for_one_dose_one_amount_and_one_version_and_holds_ten_minutes(world, bed):
    by = bed.open("amina")
    request = asking(world, bed, by)
    witness_actions.confirm(by=world.actor("sena"), request_id=request.id)
    record = lambda i: recording.record(by=by, resident_id=bed.resident.id, intent=i)  # noqa: E731
    other = replace(resting_on(bed, by, request), entry_id="2" * 32)
    assert refused(lambda: record(other)).code == "other_request"
    tolu = bed.open("tolu")
    builders.sign_off(world.system(), world.person_id("tolu"), "controlled")
    with pytest.raises(NotFound):
        recording.record(by=tolu, resident_id=bed.resident.id, intent=resting_on(bed, tolu, request))
    later(minutes=10, seconds=1)
    assert refused(lambda: record(resting_on(bed, by, request))).code == "witness_too_old"
    late, sena = asking(world, bed, by), world.actor("sena")
    later(minutes=11)
    assert refused(lambda: witness_actions.confirm(by=sena, request_id=late.id)).code == "witness_too_old"
    assert bed.entries() == []


def test_a_request_does_not_outlive_a_change_of_its_order(world, bed):
    by = bed.open("amina")
    request = asking(world, bed, by)
    later(minutes=1)
    change(bed.order, world.actor("tolu"), **MORPHINE, instructions=("With a full glass of water",))
    sena = world.actor("sena")
    assert refused(lambda: witness_actions.confirm(by=sena, request_id=request.id)).code in ("changed", "unchecked")
    assert WitnessAct.select().count() == 0


def test_a_witness_whose_role_or_sign_off_ends_after_the_answer_does_not_carry_the_dose(world, bed):
    by = bed.open("amina")
    request = asking(world, bed, by)
    witness_actions.confirm(by=world.actor("sena"), request_id=request.id)
    staff_actions.end_person(by=world.actor("rosa"), person_id=world.person_id("sena"), reason="left")
    give = resting_on(bed, by, request)
    no = refused(lambda: recording.record(by=by, resident_id=bed.resident.id, intent=give))
    assert no.code == "witness_gone" and bed.entries() == []


def test_a_request_is_nobody_elses_and_the_giver_cannot_answer_it(world, bed):
    by = bed.open("amina")
    request = asking(world, bed, by)
    for who in ("ben", "tolu", "rosa"):
        with pytest.raises(NotFound):
            witness_actions.confirm(by=world.actor(who), request_id=request.id)
    assert refused(lambda: witness_actions.confirm(by=by, request_id=request.id)).code == "own_witness"
    bed.record(by, witness=by_sena(world))
    late = refused(lambda: witness_actions.confirm(by=world.actor("sena"), request_id=request.id))
    assert late.code == "recorded_already"


def test_a_dose_given_without_its_witness_is_a_fact_and_says_so(world, bed):
    report = bed.report(world.actor("amina"))
    assert "not_witnessed" in report.entry.flags
    plain = bedside(world, given="Bert", family="Olney", room="8")
    assert "not_witnessed" not in plain.report(world.actor("amina")).entry.flags


# ---------------------------------------------------------------- in the browser


def choosing(phone: Browser, bed) -> None:
    """From the scan to the page that asks who sees it given."""
    scan(phone, bed)
    make_ready(phone)
    form = dock(phone)
    assert "with a witness" in words(form) and form["action"].endswith("/card/witness")
    phone.submit(form)


def test_on_an_enrolled_phone_the_witness_taps_their_name_and_types_their_own_pin(browser, world, bed):
    sena = world.person_id("sena")
    phone = shared_phone(browser)
    choosing(phone, bed)
    assert words(phone.page.h1) == "Who sees this given?" and "morphine" in words(phone.page)
    assert "Ben Hale" not in words(phone.page) and "Amina Okoro" not in words(phone.page.select_one("main ul.names"))
    name(phone, sena)
    assert "Sena Addo, do you see this given?" in words(phone.page) and phone.page.select_one("input[name=pin]")
    proving(phone, pin=PIN, status=422)
    assert "That PIN is not right. 4 tries left" in words(phone.page) and bed.entries() == []
    proving(phone, pin=OTHER_PIN)
    (row,) = bed.entries()
    assert (row.by, row.witnessed_by) == (world.person_id("amina"), sena)
    assert "Amina Okoro, witnessed by Sena Addo" in words(phone.page) and ledger.verify() == []


def test_wrong_pins_of_a_witness_count_as_wrong_pins_at_the_door(browser, world, bed):
    sena = world.person_id("sena")
    phone = shared_phone(browser)
    choosing(phone, bed)
    name(phone, sena)
    for _ in range(5):
        proving(phone, pin="111222", status=422)
    proving(phone, pin=OTHER_PIN, status=409 if phone.page.select_one("input[name=pin]") else 422)
    assert bed.entries() == []
    hand_over(phone)
    by_pin(phone, sena, OTHER_PIN, status=429)


def test_anywhere_else_the_witness_types_their_own_password(browser, world, bed):
    phone = browser.sign_in("amina")
    choosing(phone, bed)
    name(phone, world.person_id("sena"))
    assert phone.page.select_one("input[name=pin]") is None
    for typed in ("", "not the password of anybody"):
        proving(phone, password=typed, status=422)
        assert bed.entries() == [] and "Sena Addo, do you see this given?" in words(phone.page)
    proving(phone, password=PASSWORD)
    assert bed.entries()[0].witnessed_by == world.person_id("sena")


def test_a_password_a_manager_set_proves_no_witness(browser, world, bed):
    from medpwa.staff.models import Password

    with database.writing(world.home().chain_id):
        Password.update(must_change=True).where(Password.person == world.person_id("sena")).execute()
    phone = browser.sign_in("amina")
    choosing(phone, bed)
    name(phone, world.person_id("sena"))
    proving(phone, password=PASSWORD, status=409)
    assert "A password somebody else set proves nothing yet" in words(phone.page) and bed.entries() == []


def test_without_anybody_who_may_the_page_says_whom_to_call_and_where_a_fact_goes(browser, world):
    builders.sign_off(world.system(), world.person_id("amina"), "controlled")
    lone, phone = bedside(world, **MORPHINE), browser.sign_in("amina")
    choosing(phone, lone)
    said = words(phone.page)
    assert words(phone.page.h1) == "Nobody else here can witness this" and "Do not give it yet. Call" in said
    assert phone.page.select_one("a[href$='/given-already']") is not None


def test_a_part_of_a_witnessed_dose_needs_the_witness_too(browser, world, bed):
    phone = browser.sign_in("amina")
    scan(phone, bed)
    make_ready(phone)
    more = next(f for f in phone.page.select(f"#dose-{bed.key} form") if f["action"].endswith("/card/more"))
    phone.submit(more)
    form = next(f for f in phone.page.select(f"#dose-{bed.key} form") if f.select_one("input[name=full]"))
    phone.submit(form, why="given_part", **{"given_part-amount": "0.5", "given_part-reason": "spat_out"})
    assert words(phone.page.h1) == "Who sees this given?"
    name(phone, world.person_id("sena"))
    assert "own phone" not in words(phone.page)
    proving(phone, password=PASSWORD)
    (row,) = bed.entries()
    assert (row.outcome, row.amount, row.reason) == ("given_part", Decimal("0.5"), "spat_out")
    assert row.witnessed_by == world.person_id("sena")


def test_asked_on_two_phones_the_witness_sees_what_it_is_and_the_giver_records(browser, world, bed):
    phone, hers = browser.sign_in("amina"), Browser(browser.app).sign_in("sena")
    choosing(phone, bed)
    name(phone, world.person_id("sena"))
    form = next(f for f in phone.page.select("form") if f["action"].endswith("/card/ask-witness"))
    phone.submit(form)
    assert "Sena Addo has been asked to witness" in words(phone.page.h1)
    url = f"{HOME}/witness/{WitnessRequest.get().id}"
    page = hers.get(url)
    said = words(page)
    assert "Amina Okoro asks you to witness" in said and "morphine sulfate" in said and "1 tablet" in said
    assert "Ivy Cartledge" in said and "Due today 11:30" in said.replace("\u00a0", " ")
    form = page.find("form", action=f"{url}/confirm")
    hers.submit(form, password="somebody else entirely", status=422)
    assert WitnessAct.select().count() == 0
    hers.submit(hers.page.find("form", action=f"{url}/confirm"), password=PASSWORD)
    assert "You confirmed. Amina Okoro records it" in words(hers.page.h1)
    assert "Confirmed" in words(phone.get(f"{url}/state", lint=False))
    phone.submit(phone.get(url).find("form", action=f"{url}/record"))
    assert "witnessed by Sena Addo" in words(phone.page) and bed.entries()[0].witnessed_by == world.person_id("sena")
    assert "You witnessed this" in words(hers.get(url).h1) and ledger.verify() == []


def test_a_request_stands_for_its_two_people_alone(browser, world, bed):
    request = asking(world, bed, bed.open("amina"))
    for who in ("tolu", "rosa", "ben"):
        other = Browser(browser.app).sign_in(who)
        for path in ("", "/state"):
            other.get(f"{HOME}/witness/{request.id}{path}", status=404, lint=False)
        other.post(f"{HOME}/witness/{request.id}/confirm", {"password": PASSWORD}, status=404)
        other.post(f"{HOME}/witness/{request.id}/record", {}, status=404)
    sena = Browser(browser.app).sign_in("sena")
    sena.post(f"{HOME}/witness/{request.id}/record", {}, status=404)
    amina = Browser(browser.app).sign_in("amina")
    amina.post(f"{HOME}/witness/{request.id}/confirm", {"password": PASSWORD}, status=409)
    assert WitnessAct.select().count() == 0 and bed.entries() == []


def test_asking_somebody_else_makes_a_new_form_ready_since_the_same_moment(browser, world, bed):
    builders.sign_off(world.system(), world.person_id("tolu"), "cd_witness")
    phone = browser.sign_in("amina")
    choosing(phone, bed)
    again = next(f for f in phone.page.select("form") if f.select_one("button[name=person]"))
    for who in ("sena", "tolu"):
        phone.submit(again, person=str(world.person_id(who)))
        phone.submit(next(f for f in phone.page.select("form") if f["action"].endswith("/card/ask-witness")))
    first, second = WitnessRequest.select().order_by(WitnessRequest.id)
    assert first.entry_id != second.entry_id
    with pytest.raises(Refused):
        witness_actions.confirm(by=world.actor("amina"), request_id=second.id)
