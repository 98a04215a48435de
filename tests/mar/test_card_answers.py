"""What the card answers when things go wrong, and a card opened without a scan."""

from __future__ import annotations

from medpwa import ledger
from tests.browse import words
from tests.mar.steps import DOCUSATE, HOME, HTMX, bedside, beside, dock, make_ready, on, pairs, scan, take

# ---------------------------------------------------------------- without a scan


def test_without_a_scan_the_card_asks_why_once_and_marks_what_follows(world, browser):
    bed = bedside(world)
    other = beside(world, bed.resident, **DOCUSATE)
    phone = browser.sign_in("amina")
    page = phone.get(bed.url)
    assert "Not scanned yet" in words(page) and dock(phone) is None
    form = page.select_one("form[action$='/card/open']")
    page = phone.submit(form, reason="other", note="abc", status=422)
    assert page.select_one("details[open] form[action$='/card/open']") is not None
    assert page.select_one("input[name=reason][checked]")["value"] == "other"
    assert page.select_one("#open-first [name=note]")["value"] == "abc"
    phone.submit(form, reason="other", note="Dressing on her wrist")
    assert "Opened without a scan 11:40" in words(phone.page)
    make_ready(phone)
    take(phone)
    for b in (bed, other):
        (row,) = b.entries()
        assert row.flags == ["no_scan"] and row.scan.reason == "Dressing on her wrist"
    assert "opened without a scan" in words(phone.page)


# ---------------------------------------------------------------- answers htmx can use


def test_an_error_as_a_fragment_carries_its_words_in_one_place(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    scan(phone, bed)
    broken = [("dose", "x"), ("entry_id", "1" * 32), ("version", "1"), ("outcome", "given")]
    phone.post(f"{bed.url}/outcome", broken, status=400, **HTMX)
    (said,) = phone.page.select("[data-words]")
    assert "Nothing was recorded" in words(said) and phone.page.select_one("#card") is None
    phone.post(f"{HOME}/residents/999999/card/outcome", [("dose", str(bed.key)), *broken[1:]], status=404, **HTMX)
    assert phone.page.select_one("[data-words]") is not None
    phone.post(f"{bed.url}/outcome", broken, status=403, csrf=False, **HTMX)
    assert "earlier sign-in" in words(phone.page.select_one("[data-words]"))


def test_a_session_that_ended_answers_401_and_records_nothing(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    scan(phone, bed)
    make_ready(phone)
    form = dock(phone)
    phone.post("/sign-out", {})
    phone.post(form["action"], pairs(form), status=401, **HTMX)
    assert "recorded" in words(phone.page.select_one("[data-words]")) and bed.entries() == []


def test_the_cards_history_names_every_step(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    scan(phone, bed)
    make_ready(phone)
    take(phone)
    verbs = [line.verb for line in ledger.history(world.home().chain_id, f"resident:{bed.resident.id}")]
    assert verbs[:2] == ["mar.record", "mar.scan"]
    from medpwa.action import ACTIONS
    from medpwa.mar.sentences import SENTENCES

    ours = {verb for verb, fn in ACTIONS.items() if fn.__module__.startswith("medpwa.mar")}
    ours -= {"alerts.raise", "orders.strike"}  # of an order's history, where its sentence stands
    ours -= {"glass.break", "glass.answer"}  # of a person's history, where their sentences stand
    assert ours <= set(SENTENCES), "an action without a sentence"
    assert on("11:40") == bed.entries()[0].at


def test_an_address_somebody_made_up_says_nothing_was_done(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    made_up = ("reported=1", "told=1", f"asked={world.person_id('tolu')}", "asked=0", "told=1&proof=", "proof=&told=1")
    for query in made_up:
        said = words(phone.get(f"{bed.url}?{query}"))
        assert "has an alert" not in said and "have an alert" not in said, query
    assert "ended" not in words(phone.get("/h/rowan/round?ended=1")).lower()


def test_what_was_done_is_said_to_the_session_that_did_it_on_the_page_it_concerns(world, browser):
    bed, other = bedside(world), bedside(world, given="Bert", family="Olney", room="8")
    phone = browser.sign_in("amina")
    page = phone.get(f"/h/rowan/residents/{bed.resident.id}/given-already")
    told = dict(time="10:35", who_knew="Tolu was there", why="The phone was on charge")
    phone.submit(page.select_one("form#report"), dose=str(bed.key), **told)
    address = f"{phone.url}?{phone.response.request.query_string.decode()}"
    assert "Reported. The shift leader" in words(phone.page)
    assert "Reported. The shift leader" in words(phone.get(address)), "the same session may read it again"
    assert "Reported. The shift leader" not in words(phone.get(address.replace(bed.url, other.url)))
    assert "Reported. The shift leader" not in words(phone.get(address.replace("reported=", "told=")))
    assert "Reported. The shift leader" not in words(browser.sign_in("amina").get(address))


def test_opening_without_a_scan_says_what_is_missing_where_it_is_seen(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    form = phone.get(bed.url).select_one("form[action$='/card/open']")
    page = phone.submit(form, status=422)
    shown = page.select_one("details[open] form[action$='/card/open'] #errors a")
    assert "Choose why" in words(shown) and page.find(id=shown["href"][1:]) is not None
