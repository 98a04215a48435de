"""The second person of a when-required dose: a controlled drug is given with one, who proves themselves on the giver's
phone, and not without."""

from dataclasses import replace
from decimal import Decimal

import pytest

from medpwa import clock, ledger
from medpwa.errors import NotFound
from medpwa.mar import history, prn_actions, witness_actions
from medpwa.mar.models_after import WitnessRequest
from medpwa.mar.witness_rules import Witnessed
from medpwa.medicines.rules import Ingredient
from tests import builders
from tests.browse import Browser, words
from tests.mar import steps, witnessing
from tests.mar.prn_steps import PROTOCOL, prn
from tests.mar.steps import counts, later, refused
from tests.mar.test_prn_pages import ready
from tests.mar.witnessing import name, proving, shared_phone
from tests.people import PASSWORD
from tests.staff.phones import OTHER_PIN, PIN

ORAMORPH = dict(
    medicine="morphine sulfate", strength="10 mg/5 ml", form="oral solution", dose_unit="mL",
    dose_amount=Decimal("2.5"), dose_most=Decimal(5), dose_choice="The least for mild pain", indication="pain",
    min_interval=240, most_24h=Decimal(30), ingredients=(Ingredient("morphine", Decimal(2), None),), controlled=True,
    required_skills=("oral", "controlled"), protocol=PROTOCOL,
)  # fmt: skip


@pytest.fixture
def bed(world):
    """Morphine when required. Amina may give it, Sena may witness it, Ben may neither."""
    witnessing.sign_off(world)
    return prn(world, **ORAMORPH)


def seen_by(world, who: str = "sena") -> Witnessed:
    return Witnessed(world.person_id(who), clock.now())


def choosing(phone, bed, **changes) -> None:
    """From the scan to the page that asks who sees it given."""
    steps.scan(phone, bed)
    page = ready(phone, bed, **{"amount": "5"} | changes)
    assert "5 mL given now: with a witness" in words(page)
    phone.submit(phone.page.select_one("#prn-given"))


def test_it_is_refused_without_a_second_person_and_recorded_with_one(world, bed):
    by = bed.open("amina")
    intent = bed.intent(by, 5)
    record = lambda i: prn_actions.record(by=by, resident_id=bed.resident.id, intent=i)  # noqa: E731
    assert refused(lambda: record(intent)).code == "witness_first"
    for who, code in (("amina", "own_witness"), ("ben", "witness_not_signed_off"), ("nell", "witness_gone")):
        assert refused(lambda w=who: record(replace(intent, witness=seen_by(world, w)))).code == code
    old = seen_by(world)
    later(minutes=11)
    assert refused(lambda: record(replace(intent, witness=old))).code == "witness_too_old" and bed.entries() == []
    row = record(replace(intent, witness=seen_by(world)))
    assert (row.witnessed_by, row.witnessed_at, row.witness_needed) == (world.person_id("sena"), clock.now(), True)
    before = counts()
    assert record(replace(intent, witness=seen_by(world))) == row and counts() == before, "sent again, answered again"
    assert refused(lambda: record(intent)).code == "used_before" and ledger.verify() == []


def test_the_witness_taps_their_name_and_types_their_own_pin_on_the_givers_phone(browser, world, bed):
    sena = world.person_id("sena")
    phone = shared_phone(browser)
    choosing(phone, bed)
    assert words(phone.page.h1) == "Who sees this given?" and "5 mL" in words(phone.page) and bed.entries() == []
    names = words(phone.page.select_one("main ul.names"))
    assert "Sena Addo" in names and "Ben Hale" not in names and "Amina Okoro" not in names
    name(phone, sena)
    assert "Sena Addo, do you see this given?" in words(phone.page)
    proving(phone, pin=PIN, status=422)
    assert "That PIN is not right. 4 tries left" in words(phone.page) and bed.entries() == []
    proving(phone, pin=OTHER_PIN)
    (row,) = bed.entries()
    assert (row.by, row.witnessed_by, row.amount) == (world.person_id("amina"), sena, Decimal(5))
    assert (row.reason, row.extra) == ("Back pain", {"steps": ["A warm pack"]})
    assert "5 mL of morphine sulfate" in words(phone.page) and ledger.verify() == []


def test_part_of_a_watched_dose_is_witnessed_as_the_whole_is(browser, world, bed):
    phone = browser.sign_in("amina")
    steps.scan(phone, bed)
    ready(phone, bed, amount="5")
    phone.submit(phone.page.select_one("#prn-part"), taken="2.5", part="spat_out")
    assert bed.entries() == [] and "2.5 mL" in words(phone.page)
    name(phone, world.person_id("sena"))
    proving(phone, password=PASSWORD)
    (row,) = bed.entries()
    assert (row.outcome, row.amount, row.witnessed_by) == ("given_part", Decimal("2.5"), world.person_id("sena"))
    assert (row.reason, row.extra["part"]) == ("Back pain", "spat_out") and ledger.verify() == []


def test_anywhere_else_they_type_their_own_password_and_what_was_typed_is_kept(browser, world, bed):
    phone = browser.sign_in("amina")
    choosing(phone, bed, amount="other", amount_other="5", reason="other", reason_other="Her hip")
    name(phone, world.person_id("sena"))
    for typed in ("", "not the password of anybody"):
        proving(phone, password=typed, status=422)
        assert bed.entries() == [] and "Sena Addo, do you see this given?" in words(phone.page)
    proving(phone, password=PASSWORD)
    (row,) = bed.entries()
    assert (row.witnessed_by, row.amount, row.reason) == (world.person_id("sena"), Decimal(5), "Her hip")


def test_somebody_who_may_not_witness_it_is_refused_in_words_before_anything_is_asked_of_them(browser, world, bed):
    phone = browser.sign_in("amina")
    choosing(phone, bed)
    name(phone, world.person_id("ben"), status=409)
    assert "That person cannot witness this now" in words(phone.page) and bed.entries() == []


def test_what_stands_in_the_way_meanwhile_is_said_before_a_witness_is_asked(browser, world, bed):
    phone = browser.sign_in("amina")
    steps.scan(phone, bed)
    ready(phone, bed, amount="5")
    bed.give(bed.open("amina"), 5, witness=seen_by(world))
    phone.submit(phone.page.select_one("#prn-given"), status=409)
    assert "Too soon" in words(phone.page) and len(bed.entries()) == 1
    assert steps.refusals()[-1][:2] == ("prn.ready", "interval")


# ---------------------------------------------------------------- on their own phone


def asked(phone, bed, world, who: str = "sena") -> str:
    """From the scan to a colleague who was asked on their own phone: the request's address."""
    choosing(phone, bed, note="She grimaced")
    name(phone, world.person_id(who))
    phone.submit(next(f for f in phone.page.select("form") if f["action"].endswith("/ask-witness")))
    return f"{steps.HOME}/witness/{WitnessRequest.select().order_by(WitnessRequest.id.desc()).get().id}"


def test_asked_on_two_phones_the_witness_sees_how_much_and_the_giver_records_what_was_chosen(browser, world, bed):
    phone, hers = browser.sign_in("amina"), Browser(browser.app).sign_in("sena")
    url = asked(phone, bed, world)
    assert "Sena Addo has been asked to witness" in words(phone.page.h1)
    page = hers.get(url)
    assert "5 mL" in words(page) and "morphine sulfate" in words(page) and "Due" not in words(page.main)
    later(minutes=2)
    hers.submit(page.find("form", action=f"{url}/confirm"), password=PASSWORD)
    assert "You confirmed. Amina Okoro records it" in words(hers.page.h1)
    phone.submit(phone.get(url).find("form", action=f"{url}/record"))
    (row,) = bed.entries()
    assert (row.by, row.witnessed_by, row.amount) == (world.person_id("amina"), world.person_id("sena"), Decimal(5))
    assert (row.reason, row.extra, row.note) == ("Back pain", {"steps": ["A warm pack"]}, "She grimaced")
    assert row.witnessed_at == clock.now() and row.due_at is None and "morphine sulfate" in words(phone.page)
    before = counts()
    phone.post(f"{url}/record", {}, status=200)
    assert counts() == before and "You witnessed this" in words(hers.get(url).h1) and ledger.verify() == []
    told = [x.words for x in history.history_of(world.actor("tolu"), f"resident:{bed.resident.id}")]
    assert any("Sena Addo, for the dose when required" in line for line in told)


def test_part_of_it_is_seen_on_their_own_phone_and_recorded_as_part(browser, world, bed):
    phone, hers = browser.sign_in("amina"), Browser(browser.app).sign_in("sena")
    steps.scan(phone, bed)
    ready(phone, bed, amount="5")
    phone.submit(phone.page.select_one("#prn-part"), taken="2.5", part="spat_out")
    name(phone, world.person_id("sena"))
    phone.submit(next(f for f in phone.page.select("form") if f["action"].endswith("/ask-witness")))
    url = f"{steps.HOME}/witness/{WitnessRequest.select().order_by(WitnessRequest.id.desc()).get().id}"
    hers.submit(hers.get(url).find("form", action=f"{url}/confirm"), password=PASSWORD)
    phone.submit(phone.get(url).find("form", action=f"{url}/record"))
    (row,) = bed.entries()
    assert (row.outcome, row.amount, row.witnessed_by) == ("given_part", Decimal("2.5"), world.person_id("sena"))
    assert row.extra["part"] == "spat_out" and ledger.verify() == []


def test_it_is_judged_again_when_it_is_recorded_whatever_the_witness_saw(browser, world, bed):
    phone = browser.sign_in("amina")
    url = asked(phone, bed, world)
    request = WitnessRequest.get()
    phone.post(f"{url}/record", {}, status=409)
    assert bed.entries() == [], "before the answer"
    witness_actions.confirm(by=world.actor("sena"), request_id=request.id)
    bed.give(bed.open("amina"), 5, witness=seen_by(world))
    phone.post(f"{url}/record", {}, status=409)
    assert "Too soon" in words(phone.page) and len(bed.entries()) == 1


def test_a_request_holds_ten_minutes_one_version_one_amount_and_one_giver(browser, world, bed):
    by = bed.open("amina")
    intent = bed.intent(by, 5)
    ask = lambda i, who="sena": witness_actions.ask_for_prn(  # noqa: E731
        by=by, resident_id=bed.resident.id, intent=i, person_id=world.person_id(who)
    )
    assert refused(lambda: ask(intent, "ben")).code == "witness_not_signed_off"
    assert refused(lambda: ask(replace(intent, outcome="not_required"))).code == "witness_here"
    request = ask(intent)
    before = counts()
    assert ask(intent) == request and counts() == before, "asked again, answered again"
    witness_actions.confirm(by=world.actor("sena"), request_id=request.id)
    rests = replace(intent, ticket="", request_id=request.id)
    record = lambda i, who=by: prn_actions.record(by=who, resident_id=bed.resident.id, intent=i)  # noqa: E731
    assert refused(lambda: record(replace(rests, use=replace(rests.use, amount=Decimal(3))))).code == "other_request"
    builders.sign_off(world.system(), world.person_id("sena"), "controlled")
    with pytest.raises(NotFound):
        record(rests, bed.open("sena"))
    later(minutes=11)
    assert refused(lambda: record(rests)).code == "witness_too_old"
    again = bed.intent(by, 5)
    request = ask(again)
    witness_actions.confirm(by=world.actor("sena"), request_id=request.id)
    steps.stop(bed.order, world.actor("sena"))
    assert refused(lambda: record(replace(again, ticket="", request_id=request.id))).code == "stopped"
    assert bed.entries() == []


def test_what_was_chosen_and_is_gone_is_not_made_up(browser, world, bed):
    phone = browser.sign_in("amina")
    url = asked(phone, bed, world)
    witness_actions.confirm(by=world.actor("sena"), request_id=WitnessRequest.get().id)
    other = Browser(browser.app).sign_in("amina")
    other.post(f"{url}/record", {}, status=409)
    assert "is not on this phone any more" in words(other.page) and bed.entries() == []
