"""The one way to serve a page: no route without a permit, nothing changed without asking, nobody sees what is not
theirs."""

import pytest
from werkzeug.datastructures import MultiDict

from medpwa import clock, database, ledger, notes, pages, permits, remember
from medpwa.action import ACTIONS, Done, action
from medpwa.errors import BadRequest, Invalid, NotFound, NotPermitted
from medpwa.ledger import Line, Refusal, line
from medpwa.notes import AccessLine
from medpwa.pages import Pages, Route
from tests.browse import Browser


@pytest.fixture
def declared():
    """A blueprint of a test's own; what it declares is forgotten afterwards."""
    before = list(pages.ROUTES)
    yield Pages("tried", __name__)
    pages.ROUTES[:] = before


@pytest.fixture
def served(app, world, monkeypatch):
    """Serve one view as amina or somebody else, as a page of the application would."""
    from flask import g

    def serve(who: str, view, *, method: str = "POST", permit: str = "mar.record", writes: bool = True, about=None):
        route = Route("tried.view", method, "/h/<home>/tried", permit, writes, poll=False)
        actor = world.actor(who)
        monkeypatch.setattr(pages, "_who", lambda route, args: actor)
        monkeypatch.setattr(pages, "_guard_unsafe", lambda route: None)
        with app.test_request_context("/h/rowan/tried", method=method):
            g.subject = None
            return pages._serve(route, view, about, {})

    return serve


def test_a_route_with_a_permit_nobody_declared_fails_at_import(declared):
    with pytest.raises(KeyError):
        declared.get("/nowhere", permit="no.such.verb")
    with pytest.raises(TypeError):
        declared.post("/nowhere")


def test_a_page_that_changed_something_without_asking_is_a_fault_and_not_an_answer(served):
    with pytest.raises(RuntimeError, match="without asking a permit"):
        served("amina", lambda who: "saved")


def test_a_view_may_answer_a_bad_form_without_an_action(served):
    assert served("amina", lambda who: ("Write a name.", 422)).status_code == 422


def test_somebody_who_may_not_never_runs_the_view_and_leaves_a_line(served, world):
    ran, lines = [], ledger.count_lines()
    with pytest.raises(NotPermitted):
        served("quinn", lambda who: ran.append(1) or ("the form again, with somebody's details", 422))
    assert ran == []
    last = Line.select().order_by(Line.id.desc()).first()
    assert ledger.count_lines() == lines + 1
    assert (last.verb, last.outcome, last.by_person) == ("mar.record", "refused", world.person_id("quinn"))
    assert Refusal.select().order_by(Refusal.id.desc()).first().code == "not_permitted"
    assert ledger.verify() == []


def test_a_denied_form_that_stores_nothing_leaves_no_line(served):
    lines = ledger.count_lines()
    with pytest.raises(NotPermitted):
        served("quinn", lambda who: "", writes=False)
    assert ledger.count_lines() == lines


def test_a_page_denied_is_a_page_that_is_not_there(served):
    with pytest.raises(NotFound):
        served("amina", lambda who: "", method="GET", permit="staff.see", writes=False)


def test_what_a_page_is_about_is_loaded_before_the_permit_is_asked(served, world):
    elm = world.home("elm").id
    theirs = type("Theirs", (), {"home_id": elm})()
    page = dict(method="GET", permit="residents.see", writes=False, about=lambda who: theirs)
    with pytest.raises(NotFound):
        served("rosa", lambda who, about: "", **page)


def test_an_action_answers_for_the_page_that_called_it(served, monkeypatch):
    monkeypatch.setitem(permits.PERMITS, "test.try", (permits.signed_in,))
    run = action("test.try")(lambda *, by: Done(1, [line("test.try", "home:1")]))
    ACTIONS.pop("test.try")  # for good: undoing a removal would put it back
    assert served("amina", lambda who: f"{run(by=who)}").status_code == 200


def test_a_page_that_was_read_leaves_an_access_line_and_one_that_failed_none(served):
    notes._waiting.clear()
    served("amina", lambda who: "read", method="GET", permit="round.see", writes=False)
    served("amina", lambda who: ("no", 409), method="GET", permit="round.see", writes=False)
    notes.flush()
    assert [x.page for x in AccessLine.select()] == ["/h/<home>/tried"]


# ---------------------------------------------------------------- fields of a form


def fields(app, *pairs: tuple[str, str]):
    return app.test_request_context("/", method="POST", data=MultiDict(pairs))


def test_a_field_that_may_come_once_is_refused_when_it_comes_twice(app):
    with fields(app, ("name", "Ivy"), ("name", "Doris")), pytest.raises(BadRequest, match="“name” more than once"):
        pages.once("name")


def test_a_field_that_did_not_come_is_its_default(app):
    with fields(app, ("other", "x")):
        assert (pages.once("name"), pages.once("name", "none"), pages.several("name")) == ("", "none", [])


def test_fields_are_text_as_people_type_it(app):
    with fields(app, ("a", "  Ivy \u200d\x07\x1b[31m\r\n second\tline "), ("b", "one"), ("b", " two ")):
        assert pages.once("a") == "Ivy \u200d[31m\r\n second\tline"
        assert pages.several("b") == ["one", "two"]


def test_what_a_database_cannot_hold_is_refused_in_words(app):
    with fields(app, ("name", "I\x00vy")), pytest.raises(BadRequest, match="cannot be read"):
        pages.once("name")
    with fields(app, ("name", "x"), ("name", "y\x00")), pytest.raises(BadRequest):
        pages.several("name")


def test_invalid_input_reads_as_its_sentences():
    assert str(Invalid([("a", "Write a name."), ("b", "Write a room.")])) == "Write a name.; Write a room."


# ---------------------------------------------------------------- answers that are remembered


def test_an_answer_is_kept_until_its_stamp_moves_and_never_for_another_database(world):
    made = []

    def make():
        made.append(1)
        return len(made)

    name, at = "test", ("people", clock.now())
    assert [remember.remembered(name, at, 1, make) for _ in range(3)] == [1, 1, 1]
    assert remember.remembered(name, at, 2, make) == 2
    url = world.settings.database_url
    database.close_all()
    database.open_database(url)
    assert remember.remembered(name, at, 2, make) == 3


def test_a_stamp_is_the_highest_ids_there_are(world):
    sql = "SELECT max(id), (SELECT count(*) FROM home WHERE slug = ?) FROM person"
    before = remember.stamp(sql, "rowan")
    assert before[1] == 1
    from medpwa.staff import actions

    actions.add_person(
        by=world.system(), username="new", given_name="New", family_name="Name", role="carer", password_hash="x"
    )
    assert remember.stamp(sql, "rowan")[0] > before[0]


def test_a_person_signed_in_nowhere_opens_only_what_is_open(app, world):
    nobody = Browser(app)
    for route in {r.rule for r in pages.ROUTES if r.method == "GET" and r.permit == "open" and "<" not in r.rule}:
        assert nobody.client.get(route, base_url="https://localhost").status_code == 200, route


# ---------------------------------------------------------------- what is sent


def sent(amina, body: bytes, kind: str | None):
    """The answer to a body of any kind, sent to end one's part of the round."""
    from medpwa import security

    headers = {"Sec-Fetch-Site": "same-origin", "X-CSRF-Token": security.masked(amina.csrf)}
    how = {"data": body, "content_type": kind, "headers": headers, "base_url": "https://localhost"}
    return amina.client.post("/h/rowan/round/end", **how)


def test_a_body_that_is_no_form_of_ours_is_refused_and_stores_nothing(browser, world):
    from medpwa.mar.models import RoundPart

    amina = browser.sign_in("amina")
    form = "application/x-www-form-urlencoded"
    for body, kind in (
        (b'{"note": "All well"}', "application/json"),
        (b"note=All well", "text/plain"),
        (b"note=All well", None),
        (b"--x\r\n", "multipart/form-data"),
        (b"note=%FF%FE", form),
        (b"note=%ED%A0%80", form),
        (b"note=\xf0\x9f", form),
        (b"note=%00", form),
        (b"note=%EF%BF%BD", form),
    ):
        answer = sent(amina, body, kind)
        assert answer.status_code == 400 and "Nothing was recorded" in answer.get_data(as_text=True), (body, kind)
    assert RoundPart.select().count() == 0
    assert sent(amina, "note=Gut, 😀 ok %C3%A9".encode(), form).status_code == 303
    assert RoundPart.get().note == "Gut, 😀 ok é"


def test_what_nobody_sees_is_left_out_of_what_is_kept(browser, world):
    from urllib.parse import quote

    from medpwa.mar.models import RoundPart

    typed = "a\u202eb\u2066c\u200bd\u00ade\ufefff\x1bg\x7fh\u2028i\n👩🏽‍⚕️ می\u200cخواهم\u200f"
    sent(browser.sign_in("amina"), f"note={quote(typed)}".encode(), "application/x-www-form-urlencoded")
    assert RoundPart.get().note == "abcdefgh\ni\n👩🏽‍⚕️ می\u200cخواهم\u200f"
