"""The card in a browser: from a scan to saved doses in two taps, with and without htmx, and nothing lost on the way."""

from __future__ import annotations

import pytest

from medpwa import ledger
from medpwa.mar.models import Entry
from medpwa.medicines import actions as orders
from medpwa.staff.models import Session
from tests import builders
from tests.browse import form_values, words
from tests.mar.steps import (
    DOCUSATE,
    HOME,
    HTMX,
    bedside,
    beside,
    counts,
    dock,
    elm,
    elm_entry,
    later,
    line_form,
    make_ready,
    pairs,
    refusals,
    scan,
    take,
)


def tap(browser, form, status: int = 200, **values):
    """Send a form as htmx does; the answer is a fragment."""
    fields = [(n, v) for n, v in form_values(form) if n not in values and n != "csrf_token"]
    return browser.post(form["action"], fields + list(values.items()), status=status, **HTMX)


def is_card(browser) -> bool:
    """Whether the answer is a card to put in place of the old one, with its dock beside it."""
    card, dock_ = browser.page.select_one("#card"), browser.page.select_one("#dock[hx-swap-oob]")
    return card is not None and dock_ is not None and browser.page.html is None


# ---------------------------------------------------------------- the path


def test_a_single_dose_takes_two_taps_after_the_scan_and_two_pages(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    scan(phone, bed)
    assert "Ready: label checked" in words(dock(phone))
    make_ready(phone)
    assert "1 ready, labels checked" in words(phone.page) and words(dock(phone)) == "Taken"
    assert bed.entries() == [], "Ready records nothing"
    take(phone)
    assert "Nothing is due now for Ivy" in words(phone.page.h1)
    assert "Taken 11:40, saved" in words(phone.page) and "Amina Okoro" in words(phone.page)
    assert [e.outcome for e in bed.entries()] == ["given"] and ledger.verify() == []


def test_a_whole_persons_medicines_take_two_taps(world, browser):
    bed = bedside(world)
    names = ("docusate sodium", "omeprazole", "furosemide", "ramipril", "metformin")
    beds = [bed, *(beside(world, bed.resident, medicine=m, strength="5 mg") for m in names)]
    phone = browser.sign_in("amina")
    assert "6 medicines are due" in words(scan(phone, bed).h1) and "All 6 ready" in words(dock(phone))
    make_ready(phone)
    assert "All 6 taken as listed" in words(dock(phone))
    take(phone)
    assert all(len(b.entries()) == 1 for b in beds) and "Nothing is due now" in words(phone.page.h1)
    assert Session.get(Session.card_resident == bed.resident.id).card_ready == 0 and ledger.verify() == []


def test_lines_made_ready_one_by_one_are_all_counted(world, browser):
    bed = bedside(world)
    beds = [bed, *(beside(world, bed.resident, medicine=m, strength="5 mg") for m in ("furosemide", "ramipril"))]
    phone = browser.sign_in("amina")
    scan(phone, bed)
    to = f"/h/rowan/residents/{bed.resident.id}/card/"
    for count, one in enumerate(beds, 1):
        tickets = {i["value"] for i in phone.page.select("#card input[name=ready], #card input[name=keep]")}
        sent = [("dose", str(one.key)), ("version", str(one.order.version_id)), *(("keep", t) for t in tickets)]
        phone.post(f"{to}ready", sent)
        assert Session.get(Session.card_resident == bed.resident.id).card_ready == count
    assert "3 medicines made ready and not recorded" in words(phone.post("/switch"))


@pytest.mark.parametrize(
    ("changes", "says"), [({"high_risk": True}, "High-risk medicine"), ({"controlled": True}, "Controlled drug")]
)
def test_controlled_and_high_risk_lines_are_never_in_the_bulk(world, browser, changes, says):
    bed = bedside(world)
    second = beside(world, bed.resident, **DOCUSATE)
    alone = beside(world, bed.resident, medicine="apixaban", strength="5 mg", **changes)
    phone = browser.sign_in("amina")
    scan(phone, bed)
    make_ready(phone)
    assert "All 2 taken as listed" in words(dock(phone)) and f"{says}: record it by itself" in words(phone.page)
    form = dock(phone)
    sent = [str(alone.key), *(v for n, v in pairs(form) if n == "dose")]
    assert sent[0] not in sent[1:]
    # Whatever a form says, that line is refused inside the lock and by itself; the others are recorded and said.
    whole = [(n, v) for n, v in pairs(form) if n != "keep"]
    ticket = next(v for n, v in pairs(form) if n == "keep")
    forged = [("dose", str(alone.key)), ("entry_id", "1" * 32), ("version", str(alone.order.version_id))]
    phone.post(form["action"], whole + forged + [("ready", ticket)], status=409)
    assert [str(e.order_line_id) for e in Entry.select()] == [key.partition("-")[0] for key in sent[1:]]
    assert f"{says}: record it by itself. It was not recorded" in words(phone.page) and "Saved" in words(phone.page)
    phone.get(bed.url)
    make_ready(phone)
    if "controlled" in changes:
        assert words(dock(phone)) == "Taken: with a witness"
        return
    assert words(dock(phone)) == "Taken", "the one left over is made ready by itself"
    tap(phone, dock(phone))
    assert [len(b.entries()) for b in (bed, second, alone)] == [1, 1, 1]


def test_lines_can_be_made_ready_and_recorded_one_by_one(world, browser):
    bed = bedside(world)
    other = beside(world, bed.resident, **DOCUSATE)
    phone = browser.sign_in("amina")
    scan(phone, bed)
    tap(phone, phone.page.select_one(f"#dose-{bed.key} form[action$='/card/ready']"))
    assert is_card(phone) and words(dock(phone)) == "Taken"
    tap(phone, phone.page.select_one(f"#dose-{other.key} form[action$='/card/ready']"))
    assert "2 ready, labels checked" in words(phone.page)
    tap(phone, line_form(phone, bed, given=True))
    assert is_card(phone) and "1 ready, labels checked" in words(phone.page)
    tap(phone, line_form(phone, other, given=False), why="refused:dislikes")
    assert [b.entries()[0].outcome for b in (bed, other)] == ["given", "refused"]
    assert other.entries()[0].prepared_at is not None and "Try again from 12:10" in words(phone.page)


def test_nothing_due_nothing_prescribed_and_a_later_dose_say_so(world, browser):
    phone, resident = browser.sign_in("amina"), builders.resident(world.system())
    url = f"{HOME}/residents/{resident.id}/card"
    assert "No medicines are prescribed here for Ivy" in words(phone.get(url).h1)
    beside(world, resident, due="21:00")
    page = phone.get(url)
    assert "Nothing is due now for Ivy" in words(page.h1) and "Next 21:00" in words(page)
    assert "Coming: 1 dose" in words(page) and page.select_one("#dock form, #dock a") is None


def test_the_card_shows_who_it_is_when_it_was_last_given_and_what_comes_next(world, browser):
    items = [("penicillin", "rash", False), ("latex", "swelling", True)]
    card = builders.resident(world.system(), items=items, preferred_name="Birdie", alert="Sits upright to swallow")
    bed = beside(world, card, times=("08:00", "11:30", "17:00"))
    morning = beside(world, card, due="08:00", **DOCUSATE)
    phone = browser.sign_in("amina")
    said = words(scan(phone, bed))
    assert "Ivy Cartledge" in said and "Birdie" in said and "Born 22 May 1936" in said and "Room 7" in said
    assert "penicillin" in said.lower() and "latex" in said.lower() and "Sits upright" in said
    assert "Last given not yet" in said and "17:00" in said
    assert "No record" in said and f"dose-{morning.key}" in str(phone.page), "a gap of this morning"


# ---------------------------------------------------------------- not given


def test_a_refused_dose_goes_back_into_the_round_and_can_still_be_given(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    scan(phone, bed)
    phone.submit(line_form(phone, bed, given=False), why="refused:did_not_want", note="Feels sick after breakfast")
    assert "Refused 11:40 (did not want it), saved. Try again from 12:10" in words(phone.page)
    later(minutes=30)
    scan(phone, bed)
    make_ready(phone)
    take(phone)
    assert [e.outcome for e in bed.entries()] == ["refused", "given"]
    assert bed.entries()[0].note == "Feels sick after breakfast" and ledger.verify() == []


WRONG = (
    ({"why": "", "note": "She was singing"}, "why"),
    ({"why": "other", "note": "no"}, "note"),
    ({"why": "refused", "note": "She was singing"}, "refused-reason"),
    ({"why": "away:hospital", "note": "She was singing"}, "away-ward"),
    ({"why": "asleep", "note": "x" * 2001}, "note"),
    ({"why": "asleep:<b>made up</b>", "note": "She was singing"}, "why"),
)


@pytest.mark.parametrize("htmx", [False, True])
def test_a_wrong_outcome_is_said_beside_its_field_and_everything_typed_is_kept(world, browser, htmx):
    bed, phone = bedside(world), browser.sign_in("amina")
    scan(phone, bed)
    make_ready(phone)
    before, form = counts(), line_form(phone, bed, given=False)
    for sent, field in WRONG:
        (tap if htmx else phone.submit)(*((phone, form) if htmx else (form,)), status=422, **sent)
        assert not htmx or is_card(phone)
        article = phone.page.select_one(f"#dose-{bed.key}")
        assert article.select_one("details[open]") is not None, "the form stays open"
        link = article.select_one(".errors a")
        assert link["href"] == f"#{field}-{bed.key}" and phone.page.select_one(link["href"]) is not None, sent
        assert article.select_one("[name=note]").get("value", "") == sent["note"]
        chosen = article.select_one("input[name=why][checked]")
        assert (chosen["value"] if chosen else "") == sent["why"].partition(":")[0]
        assert "<b>made up</b>" not in str(phone.page)
        assert "1 ready, labels checked" in words(phone.page), "what was made ready stays ready"
    assert counts() == before and refusals() == []


# ---------------------------------------------------------------- once, again, back


@pytest.mark.parametrize("htmx", [False, True])
def test_double_tap_back_refresh_and_resend_record_once(world, browser, htmx):
    bed, phone = bedside(world), browser.sign_in("amina")
    scan(phone, bed)
    make_ready(phone)
    form, headers = dock(phone), HTMX if htmx else {}
    for _ in range(3):
        phone.post(form["action"], pairs(form), **headers)
        assert "Taken 11:40, saved" in words(phone.page), "a replay answers with the stored row"
    later(minutes=45)
    phone.post(form["action"], pairs(form), **headers)
    assert len(bed.entries()) == 1 and refusals() == [] and ledger.verify() == []


def test_the_bulk_form_sent_again_records_each_dose_once(world, browser):
    bed = bedside(world)
    other = beside(world, bed.resident, **DOCUSATE)
    phone = browser.sign_in("amina")
    scan(phone, bed)
    make_ready(phone)
    form = dock(phone)
    for _ in range(2):
        phone.post(form["action"], pairs(form))
    assert (len(bed.entries()), len(other.entries())) == (1, 1) and refusals() == []


def test_a_form_with_a_used_id_and_another_outcome_is_answered_with_what_is_stored(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    scan(phone, bed)
    make_ready(phone)
    form = dock(phone)
    phone.post(form["action"], pairs(form))
    changed = [(n, v) for n, v in pairs(form) if n != "outcome"] + [("outcome", ""), ("why", "asleep")]
    phone.post(form["action"], changed, status=409, **HTMX)
    assert is_card(phone) and "“Given” for senna" in words(phone.page) and len(bed.entries()) == 1


def test_another_homes_entry_id_answers_not_found(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    theirs = elm_entry(world)
    scan(phone, bed)
    make_ready(phone)
    before = counts()
    fields = [(n, v) for n, v in pairs(dock(phone)) if n != "entry_id"] + [("entry_id", theirs)]
    phone.post(dock(phone)["action"], fields, status=404)
    assert counts() == before


def test_another_homes_people_doses_and_cards_do_not_exist(world, browser):
    card, order = elm(world)
    bed, phone = bedside(world), browser.sign_in("amina")
    before = counts()
    key = f"{order.line_id}-{str(bed.key).partition('-')[2]}"
    theirs, mine = f"{HOME}/residents/{card.id}", f"{HOME}/residents/{bed.resident.id}"
    outcome = [("dose", key), ("entry_id", "1" * 32), ("version", str(order.version_id)), ("why", "asleep")]
    for base in (theirs, mine, f"/h/elm/residents/{card.id}"):
        phone.post(f"{base}/card/outcome", outcome, status=404)
        ready = [("ready", "x"), ("outcome", "given")]
        phone.post(f"{base}/card/taken", outcome + ready, status=404 if base != mine else 404)
        phone.post(f"{base}/card/ready", outcome[:1] + outcome[2:3], status=404)
        phone.post(f"{base}/help", [("dose", key), ("kind", "give")], status=404)
        if base != mine:
            phone.get(f"{base}/card", status=404)
            phone.get(f"{base}/given-already", status=404)
            phone.post(f"{base}/card/open", {"reason": "known"}, status=404)
    assert counts() == before


# ---------------------------------------------------------------- the card meanwhile


def test_an_order_changed_meanwhile_answers_with_the_new_card(world, browser):
    bed, phone = bedside(world, due="12:30"), browser.sign_in("amina")
    scan(phone, bed)
    ready = dock(phone)
    make_ready(phone)
    taken = dock(phone)
    orders.change_order(
        by=world.actor("tolu"),
        line_id=bed.order.line_id,
        version_id=bed.order.version_id,
        details=builders.order_details(times=("12:30",), dose_amount=2),
        reason="Dr Banerjee by phone",
    )
    for form in (taken, ready):
        phone.post(form["action"], pairs(form), status=409, **HTMX)
        assert is_card(phone) and "This order changed since the card was opened" in words(phone.page)
        assert "senna" not in words(phone.page), "the new version waits for its blind second check"
        assert "ready, labels checked" not in words(phone.page)
    assert bed.entries() == [] and {code for _, code, _ in refusals()} == {"changed"}


def test_an_order_stopped_meanwhile_answers_with_the_card_in_both_forms(world, browser):
    bed = bedside(world, due="12:30")
    other = beside(world, bed.resident, due="12:30", **DOCUSATE)
    phone = browser.sign_in("amina")
    scan(phone, bed)
    make_ready(phone)
    form = dock(phone)
    orders.stop_order(
        by=world.actor("tolu"), line_id=bed.order.line_id, version_id=bed.order.version_id, reason="Dr Banerjee"
    )
    phone.post(form["action"], pairs(form), status=409, **HTMX)
    assert is_card(phone) and "senna" in words(phone.page) and "stopped" in words(phone.page)
    assert bed.entries() == [] and len(other.entries()) == 1, "what one refuses does not hold up the others"


def test_a_dose_given_by_a_colleague_meanwhile_says_when_and_by_whom(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    scan(phone, bed)
    make_ready(phone)
    bed.record(bed.open("tolu"))
    tap(phone, dock(phone), status=409)
    assert is_card(phone) and "Already given today 11:40 by Tolu Bello" in words(phone.page)
    assert phone.page.select_one("[role=alert]") is not None and len(bed.entries()) == 1


def test_ready_expires_after_half_an_hour_and_asks_for_it_again(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    scan(phone, bed)
    make_ready(phone)
    form = dock(phone)
    later(minutes=31)
    phone.post(form["action"], pairs(form), status=409, **HTMX)
    assert "Make it ready first" in words(phone.page) and is_card(phone)
    assert "Ready: label checked" in words(dock(phone)) and bed.entries() == []


def test_a_card_opened_for_somebody_else_meanwhile_asks_for_the_scan(world, browser):
    ivy, bert = bedside(world), bedside(world, given="Bert", family="Olney", room="8")
    phone = browser.sign_in("amina")
    scan(phone, ivy)
    make_ready(phone)
    form = dock(phone)
    phone.get(f"{HOME}/round")
    scan(phone, bert)
    phone.post(form["action"], pairs(form), status=409, **HTMX)
    assert "Scan Ivy’s code first" in words(phone.page) and ivy.entries() == []
    assert dock(phone) is None and "Scan Ivy’s code" in words(phone.page.select_one("#dock"))
