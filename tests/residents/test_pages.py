"""Pages of residents and labels, as people use them: what they say, what they keep, what they refuse."""

import io
from decimal import Decimal

import pytest

from medpwa import clock, ledger, security
from medpwa.residents import actions, label_actions, labels, photos, queries
from medpwa.residents.models import Photo, Resident
from tests import builders
from tests.browse import form_values, words
from tests.residents.test_photos import picture

NEW = {
    "given_name": "Ivy",
    "family_name": "Cartledge",
    "preferred_name": "Ivy-May",
    "born": "22 May 1936",
    "nhs_number": "999 399 6742",
    "room": "Room 7",
    "unit": "First floor",
    "gp": "Dr A. Banerjee",
    "likes": "One by one",
    "alert": "",
    "fluid_level": "2",
    "food_level": "",
    "weight_kg": "47.5",
    "day": "2026-11-15",
    "time": "17:00",
    "allergy_status": "recorded",
    "substance_1": "penicillin",
    "reaction_1": "anaphylaxis in 1998",
    "severe_1": "1",
    "substance_2": "latex",
}


def form(page, selector="main form[method=post]"):
    return page.select_one(selector)


def kept(page) -> dict[str, str]:
    """What the page's form holds; a browser drops the line end a textarea begins with."""
    return {name: value.strip() for name, value in form_values(form(page))}


# ---------------------------------------------------------------- beginning a record


def test_a_manager_begins_a_record_with_everything_in_one_form(world, browser):
    rosa = browser.sign_in("rosa")
    page = rosa.get("/h/rowan/residents/new")
    page = rosa.submit(form(page), **NEW, photo=(io.BytesIO(picture()), "face.jpg"))
    assert "Ivy-May's record is saved" in words(page)
    assert page.h1.get_text() == "Ivy-May is in the home, Room\u00a07"
    (card,) = queries.residents_at(world.home().id)
    assert (card.nhs_number, card.room, card.unit, str(card.weight_kg)) == ("9993996742", "7", "First floor", "47.5")
    assert [i.words for i in card.allergy_items] == ["penicillin: anaphylaxis in 1998", "latex"]
    assert card.allergy_severe and card.photo_id
    assert clock.time_words(card.whereabouts_since) == "17:00"
    assert ledger.verify() == []


FAULTS: list[tuple[dict[str, str], str, str]] = [
    ({"born": "31 February 1936"}, "born", "no such date"),
    ({"born": "22 5 2036"}, "born", "in the future"),
    ({"born": ""}, "born", "no such date"),
    ({"nhs_number": "999 399 6743"}, "nhs_number", "not an NHS number"),
    ({"weight_kg": "NaN"}, "weight_kg", "kilograms"),
    ({"weight_kg": "-5"}, "weight_kg", "kilograms"),
    ({"fluid_level": "９"}, "fluid_level", "from the list"),
    ({"unit": "Attic"}, "unit", "unit"),
    ({"given_name": "x" * 300}, "given_name", "100 characters"),
    ({"likes": "x" * 100_000}, "likes", "2000 characters"),
    ({"day": "2026-02-31"}, "day", "no such day"),
    ({"day": "9999-99-99"}, "day", "no such day"),
    ({"time": "25:61"}, "time", "hours and minutes"),
    ({"day": "2026-11-17"}, "day", "has not come yet"),
    ({"allergy_status": ""}, "allergy_status", "Choose whether"),
    ({"allergy_status": "none"}, "allergy_status", "also named"),
    ({"substance_1": ""}, "substance_1", "anaphylaxis in 1998"),
]


def test_a_form_with_a_fault_comes_back_whole_with_a_sentence_beside_the_field(world, browser):
    rosa = browser.sign_in("rosa")
    rosa.get("/h/rowan/residents/new")
    for typed, field, says in FAULTS:
        sent = {**NEW, **typed}
        page = rosa.submit(form(rosa.page), status=422, **sent)
        link = page.select_one(f".errors a[href='#{field}']")
        assert link is not None and says in link.get_text(), (typed, words(page)[:300])
        assert says in page.select_one(f"#{field}-error").get_text()
        for name, value in sent.items():
            if name not in ("unit", "fluid_level", "allergy_status"):
                assert kept(page).get(name) == value, name
    assert Resident.select().count() == 0


def test_a_repeated_field_and_a_megabyte_of_text_are_refused_clearly(world, browser):
    rosa = browser.sign_in("rosa")
    rosa.post("/h/rowan/residents/new", [*NEW.items(), ("born", "1 1 1930")], status=400)
    assert "more than once" in words(rosa.page)
    rosa.post("/h/rowan/residents/new", {**NEW, "likes": "x" * 1_000_000}, status=413)
    rosa.post("/h/rowan/residents/new", {**NEW, "given_name": "I\x00vy"}, status=400)
    assert Resident.select().count() == 0


# ---------------------------------------------------------------- finding somebody


def test_people_are_found_by_what_they_are_called_their_family_name_and_their_room(world, browser):
    rosa = world.actor("rosa")
    builders.resident(rosa, "Harold", "Nkemelu", preferred_name="Harry", room="4")
    builders.resident(rosa, "Zoë", "O’Brien", room="14")
    away = builders.resident(rosa, "Ivy", "Cartledge", room="7")
    actions.move_resident(by=rosa, resident_id=away.id, state="hospital")
    amina = browser.sign_in("amina")
    for typed, name in (
        ("harry", "Harold Nkemelu"),
        ("NKE", "Harold Nkemelu"),
        ("har nk", "Harold Nkemelu"),
        ("room 4", "Harold Nkemelu"),
        ("zoe", "Zoë O’Brien"),
        ("obrien", "Zoë O’Brien"),
        ("cart", "Ivy Cartledge"),
    ):
        page = amina.get(f"/h/rowan/residents?q={typed}")
        assert [n.get_text() for n in page.select(".row__name")] == [name], typed
        assert page.h1.get_text().startswith("1 person found")
    page = amina.get("/h/rowan/residents?q=%3Cb%3Exyz")
    assert page.h1.get_text() == "Nobody found for “<b>xyz”"


def test_the_list_is_by_unit_and_says_who_is_away_or_left(world, browser):
    rosa = world.actor("rosa")
    for n, state in enumerate(("home", "hospital", "discharged")):
        card = builders.resident(rosa, f"Given{n}", "ABC"[n] * 4, room=str(n), unit="First floor")
        if state != "home":
            actions.move_resident(by=rosa, resident_id=card.id, state=state)
    page = browser.sign_in("amina").get("/h/rowan/residents")
    assert page.h1.get_text() == "2 people live at Rowan Court"
    assert [h.get_text() for h in page.select("h2.section")] == ["First floor"]
    assert "1 person is away and 1 has left" in words(page)
    assert "Add a person" not in words(page)


def test_an_empty_home_says_what_to_do(world, browser):
    assert "begin their record" in words(browser.sign_in("rosa").get("/h/rowan/residents"))


# ---------------------------------------------------------------- the record


def test_the_record_of_somebody_whose_allergies_are_not_recorded_says_nothing_can_be_given(world, browser):
    card = builders.resident(world.actor("rosa"), status="not_recorded")
    for username, way in (("sena", "Record the allergies now"), ("amina", "Ask whoever leads the shift")):
        page = browser.sign_in(username).get(card.url)
        assert "No medicine can be given yet" in words(page)
        assert way in words(page)


def test_the_record_shows_similar_names_the_alert_and_its_history(world, browser):
    rosa = world.actor("rosa")
    card = builders.resident(rosa, alert="Very hard of hearing")
    builders.resident(rosa, "Ivor", "Cartlidge", room="8")
    page = browser.sign_in("rosa").get(card.url)
    assert "Ivor Cartlidge lives here too" in words(page)
    assert "Very hard of hearing" in words(page)
    assert "Record begun: Ivy Cartledge" in words(page.select_one("#history"))
    assert page.find("a", href=f"{card.url}/card") and page.find("a", href=f"{card.url}/orders")
    carer = browser.sign_in("amina").get(card.url)
    assert carer.select_one("#history") is None
    assert not carer.find("a", href=f"{card.url}/edit")


def test_pages_about_another_homes_people_are_not_there(world, browser):
    there = builders.resident(world.actor("nell"))
    label, _ = builders.label(world.actor("nell"), there.id)
    photo = actions.set_photo(by=world.actor("nell"), resident_id=there.id, photo=photos.prepare(picture()))
    rosa = browser.sign_in("rosa")
    base = f"/h/rowan/residents/{there.id}"
    for path in ("", "/edit", "/allergies", "/away", "/photo", "/labels", f"/photo/small/{photo.id}.webp"):
        rosa.get(base + path, status=404)
    for path in ("/edit", "/allergies", "/away", "/photo", "/labels", "/labels/revoke-all"):
        rosa.post(base + path, NEW, status=404)
    rosa.get(f"/h/rowan/labels/{label.id}/code.svg", status=404)
    rosa.post(f"/h/rowan/labels/{label.id}/revoke", {"reason": "lost"}, status=404)
    rosa.get(f"/h/rowan/labels/sheet?label={label.id}", status=404)
    rosa.get(f"/h/rowan/labels/cards?label={label.id}", status=404)
    rosa.get(f"/h/far/residents/{there.id}", status=404)
    assert not labels.label_has_ended(label.id)


def test_somebody_without_the_permit_meets_a_wall_even_with_a_faulty_form(world, browser):
    card = builders.resident(world.actor("rosa"))
    row, _ = builders.label(world.actor("rosa"), card.id)
    amina = browser.sign_in("amina")
    for path in ("/edit", "/allergies", "/away", "/photo", "/labels"):
        amina.get(card.url + path, status=404)
        amina.post(card.url + path, {"day": "nonsense"}, status=403)
    amina.get("/h/rowan/residents/new", status=404)
    amina.post("/h/rowan/residents/new", {}, status=403)
    amina.get("/h/rowan/labels", status=404)
    amina.post("/h/rowan/labels", {}, status=403)
    amina.post(f"/h/rowan/labels/{row.id}/revoke", {}, status=403)
    amina.post(f"{card.url}/labels/revoke-all", {}, status=403)
    for path in (f"labels/{row.id}/code.svg", f"labels/sheet?label={row.id}", f"labels/cards?label={row.id}", "codes"):
        amina.get(f"/h/rowan/{path}", status=404)


# ---------------------------------------------------------------- changes


def test_a_stale_form_is_answered_with_what_is_recorded_and_keeps_what_was_typed(world, browser):
    card = builders.resident(world.actor("rosa"))
    rosa, dee = browser.sign_in("rosa"), browser.sign_in("dee")
    first, second = form(rosa.get(f"{card.url}/edit")), form(dee.get(f"{card.url}/edit"))
    assert "are saved" in words(rosa.submit(first, room="9"))
    page = dee.submit(second, status=409, alert="Deaf in one ear", room="12")
    assert "Somebody else changed Ivy's details" in words(page)
    assert "Room 9" in words(page.select_one(".notice .summary"))
    assert (kept(page)["alert"], kept(page)["room"]) == ("Deaf in one ear", "12")
    dee.submit(form(page))
    now = queries.resident_card(world.home().id, card.id)
    assert (now.alert, now.room) == ("Deaf in one ear", "12")


def test_a_form_opened_and_sent_unchanged_changes_nothing(world, browser):
    card = builders.resident(
        world.actor("rosa"), nhs_number="9993996742", fluid_level=2, weight_kg=Decimal("47.5"), preferred_name="Ivy-May"
    )
    rosa = browser.sign_in("rosa")
    page = rosa.submit(form(rosa.get(f"{card.url}/edit")))
    assert "nothing was changed" in words(page)
    assert queries.resident_card(world.home().id, card.id) == card


def test_allergies_are_settled_on_a_phone_without_javascript(world, browser):
    card = builders.resident(world.actor("rosa"), status="not_recorded")
    sena = browser.sign_in("sena")
    page = sena.get(f"{card.url}/allergies")
    assert len(page.select("input[name^=substance_]")) == 6
    sent = {"allergy_status": "recorded", "substance_6": "penicillin", "reaction_6": "rash", "source": "GP summary"}
    page = sena.submit(form(page), **sent)
    assert "allergies are saved" in words(page)
    assert queries.resident_card(world.home().id, card.id).allergy_words == "penicillin: rash"
    page = sena.get(f"{card.url}/allergies")
    assert dict(form_values(form(page)))["substance_1"] == "penicillin"
    page = sena.submit(form(page))
    assert "allergies are saved" not in words(page) and "nothing was changed" in words(page)


def test_somebody_goes_to_hospital_and_the_record_says_so(world, browser):
    card = builders.resident(world.actor("rosa"))
    tolu = browser.sign_in("tolu")
    page = tolu.submit(form(tolu.get(f"{card.url}/away")), state="hospital", note="Ward 7")
    assert page.h1.get_text() == "Ivy has been in hospital since today\u00a011:40"
    page = tolu.submit(form(tolu.get(f"{card.url}/away")), state="home", time="11:50", status=422)
    assert "has not come yet" in words(page)
    page = tolu.submit(form(page), state="leave", time="11:40", back_day="2026-11-16", back_time="10:00", status=422)
    assert page.select_one("#back_day-error")


# ---------------------------------------------------------------- photos


def test_a_photo_is_served_to_the_home_alone_and_may_be_kept_a_day(world, browser):
    card = builders.resident(world.actor("rosa"))
    rosa = browser.sign_in("rosa")
    page = rosa.get(f"{card.url}/photo")
    rosa.submit(form(page), photo=(io.BytesIO(picture("PNG")), "face.exe"))
    url = queries.resident_card(world.home().id, card.id).photo_url
    answer = rosa.client.get(url, base_url="https://localhost")
    assert (answer.status_code, answer.mimetype) == (200, "image/webp")
    assert answer.headers["Cache-Control"] == "private, max-age=86400, immutable"
    assert "Cookie" in answer.headers["Vary"]
    assert answer.data[:4] == b"RIFF" and len(answer.data) <= 4096
    stranger = browser.client.get(url, base_url="https://localhost")
    assert stranger.status_code in (302, 401)
    browser.sign_in("nell").get(url, status=404)
    rosa.get(url.replace("small", "huge"), status=404)
    rosa.get(url.replace(".webp", "9.webp"), status=404)


def test_what_is_no_photo_is_refused_and_nothing_is_kept(world, browser):
    card = builders.resident(world.actor("rosa"))
    rosa = browser.sign_in("rosa")
    rosa.get(f"{card.url}/photo")
    for data, says in (
        (b"", "Choose a photo first"),
        (b"%PDF-1.7 not a face", "not a photo"),
        (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 50, "HEIC"),
    ):
        page = rosa.submit(form(rosa.page), status=422, photo=(io.BytesIO(data), "face.jpg"))
        assert says in page.select_one("#photo-error").get_text()
    assert Photo.select().count() == 0


@pytest.mark.parametrize(
    ("size", "status", "says"),
    [(5 * 1024 * 1024 + 1, 422, "larger than 5 MB"), (6 * 1024 * 1024 + 1, 413, "at most 5 MB")],
)
def test_a_photo_of_more_than_five_megabytes_is_refused(world, browser, size, status, says):
    card = builders.resident(world.actor("rosa"))
    rosa = browser.sign_in("rosa")
    head = (
        '--x\r\nContent-Disposition: form-data; name="taken_on"\r\n\r\n2026-11-16\r\n'
        '--x\r\nContent-Disposition: form-data; name="photo"; filename="face.jpg"\r\n\r\n'
    )
    answer = rosa.client.post(
        f"{card.url}/photo",
        data=head.encode() + b"\xff\xd8\xff" + b"\x00" * (size - 3) + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
        headers={
            "Origin": "https://localhost",
            "Sec-Fetch-Site": "same-origin",
            "X-CSRF-Token": security.masked(rosa.csrf),
        },
        base_url="https://localhost",
    )
    assert answer.status_code == status
    assert says in answer.get_data(as_text=True)
    assert Photo.select().count() == 0


# ---------------------------------------------------------------- labels


def test_a_label_is_made_printed_and_revoked_while_the_other_goes_on(world, browser):
    card = builders.resident(world.actor("rosa"), preferred_name="Ivy-May", nhs_number="9993996742")
    tolu = browser.sign_in("tolu")
    page = tolu.get(f"{card.url}/labels")
    assert page.h1.get_text() == "Ivy-May has no label in use"
    page = tolu.submit(form(page), place="person")
    assert "The label is made: with the person" in words(page)
    page = tolu.submit(form(page, f"form[action='{card.url}/labels']"), place="door")
    assert page.h1.get_text() == "Ivy-May has 2 labels in use"
    first, second = labels.live_label_ids(card.id)
    page = tolu.submit(form(page, f"form[action$='/{first}/revoke']"), status=422)
    assert "Say why" in page.select_one(f"#reason-{first}-error").get_text()
    page = tolu.submit(form(page, f"form[action$='/{first}/revoke']"), reason="lost")
    assert labels.live_label_ids(card.id) == [second]
    assert "Lost" in words(page) and "by Tolu Bello" in words(page)
    tolu.get(f"/h/rowan/labels/{first}/code.svg", status=404)
    sheet = tolu.get(f"/h/rowan/labels/sheet?label={first}&label={second}&start=20")
    assert len(sheet.select(".label")) == 21 and len(sheet.select(".label img")) == 1


def test_a_printed_label_names_the_person_and_the_room_and_nothing_else(world, browser):
    card = builders.resident(
        world.actor("rosa"), nhs_number="9993996742", alert="Deaf", items=[("latex", "rash", False)]
    )
    row, token = builders.label(world.actor("rosa"), card.id)
    tolu = browser.sign_in("tolu")
    for kind in ("sheet", "cards"):
        page = tolu.get(f"/h/rowan/labels/{kind}?label={row.id}")
        text = words(page.main)
        assert "Ivy" in text and "Room 7" in text and f"{row.short_code[:4]} {row.short_code[4:]}" in text
        for secret in ("Cartledge", "1936", "9993996742", "999 399", "latex", "Deaf", token):
            assert secret not in str(page)
    answer = tolu.client.get(f"/h/rowan/labels/{row.id}/code.svg", base_url="https://localhost")
    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "style" not in answer.get_data(as_text=True)


def test_everybodys_labels_are_printed_in_one_go(world, browser):
    rosa = world.actor("rosa")
    for n in range(3):
        builders.resident(rosa, f"Given{n}", "ABC"[n] * 4, room=str(n))
    builders.label(rosa, queries.residents_at(rosa.home_id)[0].id)
    tolu = browser.sign_in("tolu")
    page = tolu.get("/h/rowan/labels?pick=missing")
    assert page.h1.get_text() == "2 of 3 people have no label with them yet"
    assert len(page.select("input[name=people][checked]")) == 2
    page = tolu.submit(form(page))
    assert tolu.url == "/h/rowan/labels/sheet" and len(page.select(".label img")) == 2
    page = tolu.submit(form(tolu.get("/h/rowan/labels?pick=all")), places=["person", "door"], kind="cards")
    assert tolu.url == "/h/rowan/labels/cards" and len(page.select(".card-tag img")) == 6
    assert tolu.get("/h/rowan/labels").h1.get_text() == "Everybody has a label with them"
    assert ledger.verify() == []


def test_a_choice_that_cannot_be_printed_says_why(world, browser):
    card = builders.resident(world.actor("rosa"))
    tolu = browser.sign_in("tolu")
    tolu.post("/h/rowan/labels", {}, status=422)
    assert tolu.page.select_one("#people-error") and tolu.page.select_one("#places-error")
    for start in ("0", "22", "x", "１", "-1", "1e1"):
        page = tolu.post("/h/rowan/labels", {"people": card.id, "places": "door", "start": start}, status=422)
        assert page.select_one("#start-error")
        assert page.select_one("input[name=people]").has_attr("checked")
    for people in ("x", "99999", "-1", "9" * 500):
        tolu.post("/h/rowan/labels", {"people": people, "places": "door"}, status=404)
    for query in ("", "?label=x", "?label=-1", "?label=1&label=zzz", "?label=" + "9" * 30):
        tolu.get(f"/h/rowan/labels/sheet{query}", status=404)


def test_the_practice_sheet_is_for_managers_and_never_in_production(world, browser, app):
    import dataclasses

    rosa = world.actor("rosa")
    builders.label(rosa, builders.resident(rosa).id)
    assert len(browser.sign_in("rosa").get("/h/rowan/codes").select("img")) == 1
    browser.sign_in("tolu").get("/h/rowan/codes", status=404)
    app.config["SETTINGS"] = dataclasses.replace(world.settings, mode="production")
    browser.sign_in("rosa").get("/h/rowan/codes", status=404)


def test_all_labels_of_a_person_are_revoked_from_their_page(world, browser):
    rosa = world.actor("rosa")
    card = builders.resident(rosa)
    label_actions.make_missing_labels(by=rosa, wanted=((card.id, "person"), (card.id, "door")))
    tolu = browser.sign_in("tolu")
    page = tolu.get(f"{card.url}/labels")
    page = tolu.submit(form(page, "form[action$='/revoke-all']"), other_reason="Found on the trolley")
    assert page.h1.get_text() == "Ivy has no label in use"
    assert "Found on the trolley" in words(page)
