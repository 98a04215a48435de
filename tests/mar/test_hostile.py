"""Nothing anybody can type, send twice or make up breaks a page of the round: a clear answer, nothing half-written."""

from __future__ import annotations

import uuid

import pytest

from medpwa import ledger
from medpwa.mar.models import Entry, GivenReport, GivenReportClosing, HelpRequest, RoundPart, RoundSetting, Scan
from medpwa.pages import ROUTES
from tests import builders
from tests.browse import Browser, words
from tests.mar.steps import HOME, bedside, dock, elm, line_form, make_ready, pairs, scan

SCRIPT = "<script>alert(1)</script>"
NASTY = f"{SCRIPT} '\"><img src=x> \u202eevil\u202c 😀👩‍⚕️ =cmd|' /C calc'!A0 %s {{{{7*7}}}} مرحبا"
KEPT = NASTY.replace("\u202e", "").replace("\u202c", "")  # all but what turns the words around it
VALUES = (
    "",
    SCRIPT,
    "\u202e😀' OR '1'='1",
    "\x00",
    "NaN",
    "-1",
    "٣",
    "１１:３５",
    str(10**30),
    "2027-02-31",
    "x" * 5_000,
)
WRITTEN = (Entry, Scan, GivenReport, GivenReportClosing, HelpRequest, RoundPart, RoundSetting)


def written() -> list[int]:
    return [m.select().count() for m in WRITTEN]


def forms(world, bed, phone: Browser) -> dict[str, dict[str, str]]:
    """Every form of the round as a page would send it, made anew: path -> fields."""
    dose, version = str(bed.key), str(bed.order.version_id)
    base = f"{HOME}/residents/{bed.resident.id}"
    ready = {"dose": dose, "version": version, "entry_id": str(uuid.uuid4()), "ready": bed.ticket(world.actor("amina"))}
    return {
        f"{base}/card/open": {"reason": "label_missing", "note": ""},
        f"{base}/card/ready": {"dose": dose, "version": version, "keep": ""},
        f"{base}/card/outcome": ready | {"outcome": "", "why": "refused:not_said", "note": "", "keep": ""},
        f"{base}/card/taken": ready | {"keep": ""},
        f"{base}/help": {"dose": dose, "kind": "give", "person": str(world.person_id("tolu"))},
        f"{base}/given-already": {
            "entry_id": str(uuid.uuid4()),
            "dose": dose,
            "day": "2026-11-16",
            "time": "11:35",
            "administered_by": str(world.person_id("amina")),
            "who_knew": "Tolu was there",
            "why": "The phone was on charge",
        },
        f"{HOME}/round/end": {"note": "All well"},
        f"{HOME}/scan/typed": {"code": "ABCDEFG"},
    }


def managers_forms(report_id: int) -> dict[str, dict[str, str]]:
    return {
        f"{HOME}/rounds": {"name": "Supper", "starts": "18:00", "close_minutes": "90", "retired": ""},
        f"{HOME}/reports/{report_id}/close": {"words": "Spoke to everybody who was there"},
    }


def answer_to(browser: Browser, path: str, fields: list[tuple[str, str]], label: str) -> int:
    """Send a form and judge the answer: never a fault, never the typed script, nothing written where it says no."""
    before = written()
    answer = _send(browser, path, fields)
    text = answer.get_data(as_text=True)
    assert answer.status_code < 500, f"{label}: {answer.status_code}"
    assert SCRIPT not in text and "<img src=x>" not in text, f"{label}: typed markup came back alive"
    if answer.status_code >= 400:
        assert written() == before, f"{label}: {answer.status_code} and yet something was written"
        assert len(words(_soup(text))) > 40, f"{label}: no words"
    return answer.status_code


def _send(browser: Browser, path: str, fields: list[tuple[str, str]]):
    from werkzeug.datastructures import MultiDict

    from medpwa import security

    return browser.client.post(
        path,
        data=MultiDict([*fields, ("csrf_token", security.masked(browser.csrf))]),
        headers={"Origin": "https://localhost", "Sec-Fetch-Site": "same-origin", "Accept": "text/html"},
        base_url="https://localhost",
    )


def _soup(text: str):
    from bs4 import BeautifulSoup

    return BeautifulSoup(text, "html.parser")


def attack(browser: Browser, make) -> None:
    """Each field of each form with each hostile value, sent twice, and left out."""
    for path, good in make().items():
        for name in good:
            for value in VALUES:
                fields = make()[path] | {name: value}
                status = answer_to(browser, path, list(fields.items()), f"{path} {name}={value[:20]!r}")
                if value == "\x00":
                    assert status == 400, f"{path} {name}: a NUL was accepted"
            twice = [*make()[path].items(), (name, good[name])]
            status = answer_to(browser, path, twice, f"{path} {name} twice")
            # Lines of a bulk form repeat by design; a single one repeated leaves its columns uneven.
            assert status == 400 or name == "keep", f"{path} {name} twice: {status}"
            fields = {n: v for n, v in make()[path].items() if n != name}
            answer_to(browser, path, list(fields.items()), f"{path} without {name}")
        assert answer_to(browser, path, [], f"{path} empty") >= 400 or path.endswith(("/round/end", "/close"))
        assert answer_to(browser, path, [("note", "x" * 1_000_000)], f"{path} 1 MB") == 413


def test_every_field_of_every_form_survives_whatever_is_sent(world, browser):
    bed, phone = bedside(world, due="12:30"), browser.sign_in("amina")
    bed.open("amina")
    attack(phone, lambda: forms(world, bed, phone))
    assert ledger.verify() == []


def test_managers_forms_survive_as_well(world, browser):
    report = bedside(world).report(world.actor("amina"))
    attack(browser.sign_in("rosa"), lambda: managers_forms(report.id))
    assert ledger.verify() == []


@pytest.mark.parametrize("form", ["urlencoded junk", "json", "nothing"])
def test_a_body_that_is_no_form_is_answered_in_words(world, browser, form):
    bed, phone = bedside(world), browser.sign_in("amina")
    body, kind = {
        "urlencoded junk": (b"%%%=&&&=\xff\xfe" * 50, "application/x-www-form-urlencoded"),
        "json": (b'{"dose": [1, 2]}', "application/json"),
        "nothing": (b"", "text/plain"),
    }[form]
    before = written()
    for path in forms(world, bed, phone):
        answer = phone.client.post(
            path,
            data=body,
            content_type=kind,
            headers={"Sec-Fetch-Site": "same-origin", "X-CSRF-Token": _masked(phone)},
            base_url="https://localhost",
        )
        assert 400 <= answer.status_code < 500 or path.endswith("/round/end"), f"{path}: {answer.status_code}"
    assert [a - b for a, b in zip(written(), before, strict=True)][:5] == [0, 0, 0, 0, 0]


def _masked(browser: Browser) -> str:
    from medpwa import security

    return security.masked(browser.csrf)


def test_hostile_words_are_kept_as_typed_and_shown_as_words(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    scan(phone, bed)
    phone.submit(line_form(phone, bed, given=False), why="other", note=NASTY)
    assert bed.entries()[0].note == KEPT
    shown = str(phone.page)
    assert SCRIPT not in shown and "<img src=x>" not in shown and "مرحبا" in shown
    page = phone.get(f"{HOME}/residents/{bed.resident.id}/given-already")
    told = dict(dose=f"line-{bed.key.line_id}", time="10:35", who_knew=NASTY, why=NASTY)
    phone.submit(page.select_one("form#report"), **told)
    report = GivenReport.get()
    assert (report.who_knew, report.why) == (KEPT, KEPT)
    rosa = browser.sign_in("rosa")
    page = rosa.get(f"{HOME}/reports/{report.id}")
    assert SCRIPT not in str(page) and "👩‍⚕️" in words(page) and "49" not in words(page.select_one("dl") or page)
    rosa.submit(page.select_one("form[action$='/close']"), words=NASTY)
    form = phone.get(f"{HOME}/round").select_one("form[action$='/round/end']")
    phone.submit(form, note=NASTY)
    assert RoundPart.get().note == KEPT
    card = f"residents/{bed.resident.id}/card"
    for path in ("round", "floor", "round/sheet", "reports", f"reports/{report.id}", card):
        assert SCRIPT not in str(rosa.get(f"{HOME}/{path}")), path
    assert ledger.verify() == []


def test_a_round_with_a_hostile_name_is_a_round_with_that_name(world, browser):
    rosa = browser.sign_in("rosa")
    page = rosa.get(f"{HOME}/rounds")
    rosa.submit(page.select("form[action$='/rounds']")[-1], name="<b>T&e\"a' 😀", starts="11:30", close_minutes="60")
    assert "<b>T" not in str(rosa.get(f"{HOME}/rounds")) and "<b>T&e\"a' 😀" in words(rosa.page)
    assert "<b>T&e\"a' 😀 round" in words(rosa.get(f"{HOME}/round"))


def _addresses() -> list[str]:
    """Every address of the round's and the board's GET pages that names something."""
    rules = {r.rule for r in ROUTES if r.method == "GET" and r.endpoint.startswith(("mar.", "checks."))}
    return sorted(rule for rule in rules if "<int:" in rule or "<key>" in rule)


def test_made_up_numbers_in_addresses_are_simply_not_there(world, browser):
    bed = bedside(world)
    rosa = browser.sign_in("rosa")
    odd = ("0", "-1", "999999", str(2**31), str(2**63 - 1), str(2**63), str(10**30), "1.5", "NaN", "%00", "%F0%9F")
    before = written()
    assert len(_addresses()) >= 5
    for rule in _addresses():
        for number in odd:
            path = rule.replace("<home>", "rowan").replace("<key>", str(bed.key))
            for part in ("resident_id", "scan_id", "report_id"):
                path = path.replace(f"<int:{part}>", number)
            rosa.get(path, status=404)
    for slug in ("elm", "far", "nowhere", "ROWAN", "%00", "x" * 3000, "..", "１"):
        for page in ("round", "floor", "round/sheet", "rounds", "reports", "scan"):
            rosa.get(f"/h/{slug}/{page}", status=404)
    assert written() == before


def test_posts_about_another_homes_people_write_nothing(world, browser):
    theirs, order = elm(world)
    bed, phone = bedside(world), browser.sign_in("rosa")
    before, good = written(), forms(world, bed, phone)
    for path, fields in good.items():
        if "/residents/" not in path:
            continue
        for number in (theirs.id, 0, 2**31, 2**63, 10**30):
            elsewhere = path.replace(f"/residents/{bed.resident.id}/", f"/residents/{number}/")
            assert answer_to(phone, elsewhere, list(fields.items()), elsewhere) in (404, 405)
    for line in (order.line_id, 0, 10**14):
        dose = f"{line}-{str(bed.key).partition('-')[2]}"
        for path, fields in good.items():
            if "dose" in fields:
                assert answer_to(phone, path, list((fields | {"dose": dose}).items()), f"{path} {dose}") == 404
    assert written() == before and ledger.verify() == []


def test_a_form_of_an_earlier_page_or_another_site_is_refused(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    scan(phone, bed)
    make_ready(phone)
    form = dock(phone)
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "none"}):
        phone.post(form["action"], pairs(form), status=403, **headers)
    phone.post(form["action"], pairs(form), status=403, csrf=False)
    phone.post(form["action"], [*pairs(form), ("csrf_token", "x")], status=403, csrf=False)
    assert bed.entries() == []
    other = browser.sign_in("amina")
    other.csrf = phone.csrf
    other.post(form["action"], pairs(form), status=403)
    assert bed.entries() == [] and builders.person_id("amina")
