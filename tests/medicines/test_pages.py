"""The pages of orders in a test browser, on both engines."""

import pytest

from medpwa import clock, ledger
from medpwa.medicines import actions, queries, rules
from medpwa.medicines.models import OrderCheck, OrderLine, OrderVersion
from tests.browse import form_values, lint_page, words
from tests.builders import competency, hand_keyed_order, keyed_again, order, order_details, resident

FILLED = {
    "pattern": "daily",
    "medicine": "carbocisteine",
    "strength": "375 mg",
    "form": "capsule",
    "route": "mouth",
    "dose_amount": "2",
    "dose_unit": "capsule",
    "quick_times": "three",
    "starts_on": "2026-11-16",
    "food": "with",
    "instruction": ["Wear gloves"],
    "window_before": "60",
    "window_after": "60",
    "other_instructions": "Sit her up first",
    "indication": "thick phlegm",
    "prescriber": "Dr A. Banerjee",
    "source": "GP letter of 16 November, in the medicines folder",
}
KEYED = ("pattern", "medicine", "strength", "form", "route", "dose_amount", "dose_unit", "starts_on")
AGAIN = {k: FILLED[k] for k in KEYED}
HOSTILE = "<script>alert(1)</script> \"'><img src=x onerror=alert(1)> {{7*7}} %s"


def the_form(browser, name="order-form"):
    return browser.page.find("form", id=name)


def send(browser, form, fields=None, *, status=200, **more):
    """Send a form with some fields filled in; the others keep what the page put there."""
    fields = (fields or {}) | more
    pairs = [(n, v) for n, v in form_values(form) if n not in fields and n != "csrf_token"]
    pairs += [(n, v) for n, value in fields.items() for v in (value if isinstance(value, list) else [value])]
    return browser.post(form["action"], pairs, status=status)


def keyed(browser, base, **changes):
    """Fill in the form, look at what carers will read, save it."""
    browser.get(f"{base}/new?pattern=daily")
    send(browser, the_form(browser), FILLED | changes)
    return send(browser, the_form(browser, "keep"))


# ---------------------------------------------------------------- adding


def test_an_order_is_keyed_shown_back_saved_and_then_waits(browser, base, world):
    tolu = browser.sign_in("tolu")
    tolu.get(f"{base}/new?pattern=daily")
    send(tolu, the_form(tolu), FILLED)
    read = "2 capsules (750 mg), by mouth, at 08:00, 12:30 and 21:00. "
    read += "With or after food. Wear gloves. Sit her up first."
    assert read in words(tolu.page) and OrderLine.select().count() == 0
    send(tolu, the_form(tolu, "keep"))
    assert "It waits for its second check" in words(tolu.page) and read in words(tolu.page)
    made = OrderVersion.get()
    assert (made.hand_keyed, made.required_skills, made.dose_text) == (True, ["oral"], "750 mg")
    assert ledger.verify() == []


def test_something_can_be_put_right_before_saving_and_nothing_typed_is_lost(browser, base):
    tolu = browser.sign_in("tolu")
    tolu.get(f"{base}/new?pattern=daily")
    send(tolu, the_form(tolu), FILLED)
    pairs = [(i["name"], i["value"]) for i in the_form(tolu, "keep").select("input[type=hidden]")]
    tolu.post(f"{base}/new", [(n, v) for n, v in pairs if n != "csrf_token"] + [("step", "edit")])
    form = the_form(tolu)
    assert form.find(id="medicine")["value"] == "carbocisteine"
    assert form.select_one("input[name=quick_times][checked]")["value"] == "three"
    assert form.select_one("input[name=instruction][checked]")["value"] == "Wear gloves"


BAD = [
    ({"medicine": ""}, "medicine", "as the label has it"),
    ({"dose_amount": "2.0"}, "dose_amount", "nought at the end"),
    ({"time": ["25:00"]}, "quick_times", "not a time of day"),
    ({"starts_on": "31 February"}, "starts_on", "not a day"),
    ({"skill": ["juggling"]}, "skill", "list"),
    ({"other_instructions": "as directed"}, "other_instructions", "tells a carer nothing"),
    ({"medicine": "x" * 20_000}, "medicine", "letters"),
]


def test_bad_input_is_a_sentence_at_its_field_and_keeps_the_rest(browser, base):
    tolu = browser.sign_in("tolu")
    tolu.get(f"{base}/new?pattern=daily")
    form = the_form(tolu)
    for changes, field, said in BAD:
        page = send(tolu, form, FILLED | changes, status=422)
        link = page.select_one(f".errors a[href='#{field}']")
        assert link is not None and said in link.get_text(), changes
        assert page.find(id=field) is not None and page.find(id="prescriber")["value"] == "Dr A. Banerjee"
        assert not lint_page(page)
        values = {n: [v] if isinstance(v, str) else v for n, v in (FILLED | changes).items()}
        sent = [(n, v) for n, several in values.items() for v in several]
        tolu.post(base, sent, status=422)
    assert OrderLine.select().count() == 0


def test_repeated_fields_and_missing_ones_are_answered_clearly(browser, base):
    tolu = browser.sign_in("tolu")
    tolu.post(f"{base}/new", [("medicine", "a"), ("medicine", "b")], status=400)
    tolu.post(f"{base}/new", [], status=422)
    tolu.post(base, [], status=422)
    tolu.post(base, [("medicine", "x" * 1_000_000)], status=413)


def test_hostile_text_is_shown_as_text_everywhere(browser, base, ivy, world):
    tolu = browser.sign_in("tolu")
    texts = dict.fromkeys(("medicine", "indication", "prescriber", "source", "other_instructions"), HOSTILE[:100])
    page = keyed(tolu, base, **texts)
    assert page.select("main script, main img[onerror]") == [] and "<script>alert(1)" in page.get_text()
    for url in ("/h/rowan/orders", base):
        assert tolu.get(url).select("main script, main img[onerror]") == []
    version = OrderVersion.get()
    browser.sign_in("sena").get(f"/h/rowan/orders/versions/{version.id}/check")


def test_a_double_tap_saves_one_order(browser, base):
    tolu = browser.sign_in("tolu")
    tolu.get(f"{base}/new?pattern=daily")
    send(tolu, the_form(tolu), FILLED)
    form = the_form(tolu, "keep")
    send(tolu, form)
    page = send(tolu, form, status=409)
    assert "on the chart already" in words(page) and OrderLine.select().count() == 1


def test_an_allergy_asks_for_an_answer_by_name(browser, world):
    jo = resident(world.system(), "Jo", "Vale", items=[("carbocisteine", "rash", False)])
    base = f"/h/rowan/residents/{jo.id}/orders"
    tolu = browser.sign_in("tolu")
    tolu.get(f"{base}/new?pattern=daily")
    assert the_form(tolu).find(id="allergy_answer") is None
    page = send(tolu, the_form(tolu), FILLED, status=422)
    assert "recorded allergy: carbocisteine: rash" in words(page)
    send(tolu, the_form(tolu), allergy_answer="Priya Shah, pharmacist: it was the flavouring")
    send(tolu, the_form(tolu, "keep"))
    assert OrderVersion.get().allergy_answer.startswith("Priya Shah")


# ---------------------------------------------------------------- the second check


def fill_check(browser, **changes):
    return send(browser, the_form(browser, "check-form"), AGAIN | {"quick_times": "three"} | changes)


def read_rest(browser, rest: str = "same"):
    return send(browser, the_form(browser, "rest-form"), {"rest": rest})


def waiting(world, ivy):
    """An order as the form would make it, waiting."""
    return hand_keyed_order(
        world.actor("tolu"),
        ivy.id,
        medicine="carbocisteine",
        strength="375 mg",
        form="capsule",
        dose_unit="capsule",
        dose_amount=2,
        times=("08:00", "12:30", "21:00"),
        starts_on=clock.local_day(clock.now()),
        indication="phlegm",
        instructions=("Sit her up first",),
    )


SECRET_WORDS = ("carbocisteine", "375", "capsules", "phlegm", "Sit her up", "12:30")


def test_the_check_page_shows_nothing_of_what_was_keyed(browser, world, ivy, base):
    o = waiting(world, ivy)
    sena = browser.sign_in("sena")
    page = sena.get(f"/h/rowan/orders/versions/{o.version_id}/check?pattern=daily")
    assert "Tolu Bello" in words(page) and o.source in words(page) and "Ivy Cartledge" in words(page)
    typed = [f.get("value") for f in the_form(sena, "check-form").select("input[id]:not([type=radio])")]
    assert not any(typed) and not the_form(sena, "check-form").select("option[selected], input[checked]")
    html = sena.response.get_data(as_text=True)
    assert not [w for w in SECRET_WORDS if w in html.replace("08:00, 12:30", "").replace('"capsule">capsules', "")]


@pytest.mark.parametrize("username", ["sena", "rosa", "amina", "quinn"])
def test_no_page_shows_anybody_else_what_waits(browser, world, ivy, base, username):
    o = waiting(world, ivy)
    reader = browser.sign_in(username)
    for url in ("/h/rowan/orders", base, f"/h/rowan/orders/{o.line_id}"):
        reader.get(url)
        html = reader.response.get_data(as_text=True)
        assert not [w for w in SECRET_WORDS if w in html], url
    keyer = browser.sign_in("tolu").get(base)
    assert "carbocisteine" in words(keyer)


def test_keying_it_the_same_makes_it_active_and_says_so(browser, world, ivy):
    o = waiting(world, ivy)
    sena = browser.sign_in("sena")
    sena.get("/h/rowan/orders")
    assert "1 order waits for a second check" in words(sena.page)
    sena.get(sena.page.select_one(".task__do a")["href"] + "?pattern=daily")
    fill_check(sena, medicine="Carbocisteine")
    page = read_rest(sena)
    assert "Both keyed the same: active." in words(page) and "carbocisteine 375 mg capsule is active" in words(page)
    assert "Checked by Sena Addo" in words(page)
    assert rules.state(queries.version_of(world.actor("sena"), o.version_id), clock.now()) == "active"
    assert ledger.verify() == []


def test_a_difference_names_the_fields_keeps_the_typing_and_tells_no_value(browser, world, ivy):
    o = waiting(world, ivy)
    sena = browser.sign_in("sena")
    sena.get(f"/h/rowan/orders/versions/{o.version_id}/check?pattern=daily")
    page = fill_check(sena, strength="250 mg", dose_amount="1")
    assert "Strength and dose amount differ" in words(page) and "ask Tolu Bello" in words(page)
    assert page.find(id="strength")["value"] == "250 mg"
    assert "375" not in sena.response.get_data(as_text=True)
    assert OrderCheck.get().differences == ["strength", "dose amount"]
    assert "Strength and dose amount differ" not in words(sena.get("/h/rowan/orders"))
    sena.get(f"/h/rowan/orders/versions/{o.version_id}/check?pattern=daily")
    fill_check(sena)
    assert "Both keyed the same" in words(read_rest(sena))
    assert ledger.verify() == []


def test_what_nobody_keys_twice_is_read_against_the_paper_before_the_order_runs(browser, world, ivy):
    o = waiting(world, ivy)
    sena = browser.sign_in("sena")
    sena.get(f"/h/rowan/orders/versions/{o.version_id}/check?pattern=daily")
    page = fill_check(sena)
    assert "Sit her up first" in words(page) and "60 min before" in words(page) and "phlegm" in words(page)
    assert OrderCheck.select().count() == 0 and not lint_page(page), "shown, not checked yet"
    page = send(sena, the_form(sena, "rest-form"), {}, status=422)
    assert "say whether all of it agrees" in words(page) and OrderCheck.select().count() == 0
    page = read_rest(sena, "differs")
    assert page.h1.get_text() == "The rest is not what the paper says" and "Show Tolu Bello the paper" in words(page)
    assert OrderCheck.get().differences == ["what was read beside it"]
    assert rules.state(queries.version_of(world.actor("sena"), o.version_id), clock.now()) == "awaiting_check"
    fill_check(sena)
    assert "You read the rest against the paper" in words(read_rest(sena)) and ledger.verify() == []


def test_bad_input_in_a_check_keeps_what_was_typed(browser, world, ivy):
    o = waiting(world, ivy)
    sena = browser.sign_in("sena")
    sena.get(f"/h/rowan/orders/versions/{o.version_id}/check?pattern=daily")
    page = send(
        sena, the_form(sena, "check-form"), AGAIN | {"quick_times": "three"} | {"dose_amount": "2.0"}, status=422
    )
    assert page.find(id="medicine")["value"] == "carbocisteine" and OrderCheck.select().count() == 0


def test_the_keyer_is_told_who_can_check(browser, world, ivy):
    o = waiting(world, ivy)
    tolu = browser.sign_in("tolu")
    url = f"/h/rowan/orders/versions/{o.version_id}/check"
    page = tolu.get(url)
    assert "somebody else must check it" in words(page) and "Sena Addo" in words(page)
    assert the_form(tolu, "check-form") is None
    tolu.post(url, AGAIN | {"quick_times": "three"}, status=409)
    assert OrderCheck.select().count() == 0


def test_a_checked_stopped_or_changed_version_leads_to_its_order(browser, world, ivy):
    o = waiting(world, ivy)
    actions.check_order(rest="same", by=world.actor("sena"), version_id=o.version_id, keyed=keyed_again(o))
    rosa = browser.sign_in("rosa")
    rosa.get(f"/h/rowan/orders/versions/{o.version_id}/check")
    assert rosa.url == f"/h/rowan/orders/{o.line_id}"
    rosa.post(f"/h/rowan/orders/versions/{o.version_id}/check", AGAIN | {"quick_times": "three"}, status=409)


# ---------------------------------------------------------------- changing and stopping


def test_a_change_shows_before_and_after_and_waits(browser, world, ivy):
    o = order(world.actor("tolu"), ivy.id, times=("08:00", "21:00"))
    tolu = browser.sign_in("tolu")
    tolu.get(f"/h/rowan/orders/{o.line_id}/edit")
    page = send(tolu, the_form(tolu), dose_amount="2", time=["09:00", "20:00"], reason="Dr Banerjee by phone at 11:30")
    assert "Today’s doses: as before at 08:00, then as changed at 20:00." in words(page)
    page = send(tolu, the_form(tolu, "keep"))
    assert "It waits for its second check" in words(page) and "dose from 1 tablet to 2 tablets" in words(page)
    assert "What it said before (1)" in words(page)
    assert ledger.verify() == []


def test_a_change_without_a_reason_or_without_a_difference_is_not_kept(browser, world, ivy):
    o = order(world.actor("tolu"), ivy.id)
    tolu = browser.sign_in("tolu")
    tolu.get(f"/h/rowan/orders/{o.line_id}/edit")
    page = send(tolu, the_form(tolu), status=422, dose_amount="2")
    assert "Say why, and who decided it." in words(page)
    send(tolu, the_form(tolu), reason="nothing really", dose_amount="1")
    page = send(tolu, the_form(tolu, "keep"), status=422)
    assert "Nothing is different" in words(page) and OrderVersion.select().count() == 1


def test_a_change_made_meanwhile_keeps_what_was_typed_and_asks_to_look_again(browser, world, ivy):
    tolu_acts = world.actor("tolu")
    o = order(tolu_acts, ivy.id)
    tolu = browser.sign_in("tolu")
    tolu.get(f"/h/rowan/orders/{o.line_id}/edit")
    send(tolu, the_form(tolu), dose_amount="2", reason="Dr Banerjee")
    form = the_form(tolu, "keep")
    actions.change_order(
        by=tolu_acts,
        line_id=o.line_id,
        version_id=o.version_id,
        details=order_details(indication="slow bowels"),
        reason="Better words",
    )
    page = send(tolu, form, status=409)
    assert "changed while the page was open" in words(page)
    assert page.find(id="dose_amount")["value"] == "2" and OrderVersion.select().count() == 2


def test_an_order_is_stopped_with_a_reason_once(browser, world, ivy, base):
    o = order(world.actor("tolu"), ivy.id)
    tolu = browser.sign_in("tolu")
    tolu.get(f"/h/rowan/orders/{o.line_id}/stop")
    form = the_form(tolu, "stop-form")
    assert "Say why" in words(send(tolu, form, status=422, reason=""))
    page = send(tolu, form, reason="Dr Banerjee: not needed")
    assert "senna 7.5 mg tablet was stopped" in words(page) and "Reason: Dr Banerjee: not needed" in words(page)
    send(tolu, form, status=409, reason="again")
    assert "No medicines are prescribed here" in words(tolu.get(base))
    assert "Stopped and finished (1)" in words(tolu.page)


# ---------------------------------------------------------------- who may see and do what


def test_somebody_without_medicines_has_a_page_that_says_so(browser, base):
    page = browser.sign_in("amina").get(base)
    assert page.h1.get_text() == "No medicines are prescribed here"
    assert "Add a medicine" not in words(page)


def test_carers_read_and_do_not_key(browser, world, ivy, base):
    o = order(world.actor("tolu"), ivy.id)
    amina = browser.sign_in("amina")
    assert "senna 7.5 mg tablet" in words(amina.get(base))
    one = f"/h/rowan/orders/{o.line_id}"
    amina.get(one)
    for url in (f"{base}/new", f"{one}/edit", f"{one}/stop", f"/h/rowan/orders/versions/{o.version_id}/check"):
        amina.get(url, status=404)
    for url in (base, f"{one}/change", f"{one}/stop", f"/h/rowan/orders/versions/{o.version_id}/check"):
        amina.post(url, FILLED | {"reason": "because", "version_id": "1"}, status=403)
        amina.post(url, {}, status=403)
    assert OrderVersion.select().count() == 1


def test_a_leader_who_is_not_signed_off_learns_who_is(browser, world, ivy, base):
    competency.suspend(by=world.actor("rosa"), person_id=world.person_id("dee"), skill="transcription", reason="Slip")
    page = browser.sign_in("dee").get(f"{base}/new")
    assert "Somebody else keys this" in words(page) and "Sena Addo" in words(page)


def test_another_homes_orders_are_not_there(browser, world, ivy, base):
    o = waiting(world, ivy)
    nell = browser.sign_in("nell")
    own = f"/h/far/orders/{o.line_id}"
    for url in (
        own,
        f"{own}/edit",
        f"{own}/stop",
        f"/h/far/orders/versions/{o.version_id}/check",
        base,
        "/h/rowan/orders",
    ):
        nell.get(url, status=404)
    for url in (
        f"{own}/stop",
        f"{own}/change",
        f"/h/far/orders/versions/{o.version_id}/check",
        f"/h/far/residents/{ivy.id}/orders",
    ):
        nell.post(url, FILLED, status=404)
    browser.sign_in("tolu").get("/h/rowan/orders/99999999999999999999", status=404)


def test_the_history_tells_who_did_what(browser, world, ivy):
    o = waiting(world, ivy)
    actions.check_order(
        rest="same", by=world.actor("sena"), version_id=o.version_id, keyed=keyed_again(o, strength="1 mg")
    )
    actions.check_order(rest="same", by=world.actor("rosa"), version_id=o.version_id, keyed=keyed_again(o))
    page = browser.sign_in("tolu").get(f"/h/rowan/orders/{o.line_id}")
    said = words(page.select_one(".history"))
    assert "strength differed, so the order stayed waiting. today 11:40 , Sena Addo" in said.replace(
        "11:40,", "11:40 ,"
    )
    assert "both the same, so the order is active" in said and "Keyed: carbocisteine 375 mg capsule" in said
    assert browser.sign_in("amina").get(f"/h/rowan/orders/{o.line_id}").select_one(".history") is None
