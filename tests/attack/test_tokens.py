"""A label's token is in no log, page, header, ledger line or note, and guessing at codes ends soon."""

from __future__ import annotations

import json

from medpwa import clock, database, ledger, notes
from medpwa.database import all_models
from tests.attack.siege import Log
from tests.mar.steps import AS_JSON, HOME, bedside, elm_token, scan


def test_a_real_token_is_in_nothing_that_is_kept_or_shown(world, browser, caplog):
    import logging

    caplog.set_level(logging.DEBUG)
    bed, phone, log = bedside(world), browser.sign_in("amina"), Log()
    for name in ("steady", "medpwa", "werkzeug", ""):
        logging.getLogger(name).addHandler(log)
    try:
        answers = []
        for token in (bed.token, bed.token.lower(), "A" * 32, elm_token(world), bed.token[:-1], bed.token + "A"):
            for headers in ({}, AS_JSON, {"HX-Request": "true"}):
                answers.append(phone.client.get(f"/r/{token}", headers=headers, base_url="https://localhost"))
        scan(phone, bed)
        pages = [phone.get(path) for path in (bed.url, f"{HOME}/round", f"{HOME}/residents/{bed.resident.id}")]
        pages.append(browser.sign_in("rosa").get(f"{HOME}/residents/{bed.resident.id}/labels"))
    finally:
        for name in ("steady", "medpwa", "werkzeug", ""):
            logging.getLogger(name).removeHandler(log)
    notes.flush()
    kept = json.dumps([list(database.rows(f'SELECT * FROM "{m._meta.table_name}"')) for m in all_models()], default=str)
    said = "\n".join([*log.lines, caplog.text, *map(str, pages), kept])
    said += "\n".join(a.get_data(as_text=True) + str(a.headers) for a in answers)
    assert log.lines and answers[0].status_code == 303, "the control: it was scanned and logged"
    assert bed.token.lower() not in said.lower()
    assert all(a.headers["Referrer-Policy"] == "same-origin" for a in answers)
    assert ledger.verify() == []


def test_guessing_at_typed_codes_ends_after_ten_a_session_and_sixty_a_home(world, browser):
    bed = bedside(world)
    answered = []
    for who in ("amina", "sena", "tolu", "dee", "rosa", "cara", "ben"):
        phone = browser.sign_in(who)
        for number in range(11):
            phone.response = phone.client.post(
                f"{HOME}/scan/typed",
                data={"code": f"AAAAAA{chr(65 + number)}", "csrf_token": _token(phone)},
                headers={"Sec-Fetch-Site": "same-origin"},
                base_url="https://localhost",
            )
            answered.append(phone.response.status_code)
    assert answered.count(422) == 60 and answered.count(429) == len(answered) - 60
    assert answered[:11] == [422] * 10 + [429]
    clock.stand_at(clock.now() + clock.dt.timedelta(minutes=11))
    phone = browser.sign_in("amina")
    phone.post(f"{HOME}/scan/typed", {"code": "AAAAAAB"}, status=422)
    assert bed.entries() == []


def _token(phone) -> str:
    from medpwa import security

    return security.masked(phone.csrf)


def test_a_guessed_token_a_known_one_and_another_homes_answer_a_stranger_alike(world, browser):
    bed = bedside(world)
    nobody = [browser.app.test_client().get(f"/r/{t}", base_url="https://localhost")
              for t in (bed.token, "B" * 32, elm_token(world))]  # fmt: skip
    shapes = {(a.status_code, a.headers["Location"], a.get_data(), len(a.headers)) for a in nobody}
    assert len(shapes) == 1
