"""The short form of `make attack`: every form, field and route of the application, some of the hostile values each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from werkzeug.test import TestResponse
from werkzeug.wrappers import Request

from medpwa import clock, database, security
from tests.attack import __main__ as whole
from tests.attack import fields, forms, hostile, sessions, shapes
from tests.attack.siege import Siege, came_alive, odd_headers
from tests.conftest import NOW
from tests.house import permit_matrix

SOME = 1  # hostile values for a field, oddnesses for a route; they take turns, so that all of them are used


@pytest.fixture(scope="module")
def siege(sqlite_template, tmp_path_factory) -> Iterator[Siege]:
    with clock.standing(NOW):
        siege = permit_matrix.made_in(tmp_path_factory.mktemp("siege"), sqlite_template, Siege)
        yield siege
        siege.lift()
        database.close_all()


@pytest.fixture(scope="module")
def taken(siege) -> list[forms.Form]:
    """Every form of the application, filled in so that it is taken."""
    found, missed = forms.walk(siege)
    siege.missed = missed
    return found


@pytest.fixture(autouse=True)
def nothing_went_wrong(siege) -> Iterator[None]:
    """Whatever was sent, no answer was one that may never be."""
    yield
    wrong = siege.tally.wrong
    for found in (siege.tally.server_errors, siege.tally.leaks, siege.tally.changed, siege.tally.faults):
        found.clear()
    assert wrong == []


def test_every_form_is_found_and_taken_as_somebody_would_fill_it_in(siege, taken):
    assert siege.missed == []
    assert whole.unreached(taken) == []


# Werkzeug lets go of the files of a form that was too large when it is done with the request, not before.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_no_hostile_text_in_any_field_does_harm(siege, taken, capsys):
    fields.attack(siege, taken, SOME)
    assert siege.tally.forms == len(taken)
    assert siege.tally.fields * SOME >= len(hostile.HOSTILE), "not every hostile value had its turn"
    with capsys.disabled():
        print(f"\nforms {siege.tally.forms}, fields {siege.tally.fields}, posts {siege.tally.posts}", end=" ")


def test_words_that_would_come_alive_are_words_on_every_page(siege, taken):
    assert fields.sweep(siege, taken, each=False) >= 15
    assert siege.shown >= 20


def test_no_route_minds_a_request_of_the_wrong_shape(siege, taken, capsys):
    shapes.attack(siege, 1)
    assert siege.tally.routes == len(permit_matrix.routes())
    with capsys.disabled():
        print(f"\nroutes {siege.tally.routes}, requests {siege.tally.requests}", end=" ")


def test_forms_from_elsewhere_or_after_the_session_are_refused(siege, taken):
    sessions.forged(siege, taken[::6])
    sessions.ended(siege, taken[::6])


def test_a_form_sent_again_stores_nothing_more(siege, taken):
    assert sessions.replayed(siege, taken) >= 4


def test_a_field_that_names_another_homes_things_is_answered_as_if_there_were_none(siege, taken):
    assert sessions.foreign(siege, taken) >= 30


def test_many_equal_posts_at_once_store_what_one_stores(siege, taken):
    assert sessions.races(siege, taken, 3) >= 30


# ---------------------------------------------------------------- the controls: the judge would notice


def answered(text: str, kind: str = "text/html", **headers: str) -> TestResponse:
    request = Request({"REQUEST_METHOD": "GET", "PATH_INFO": "/"})
    every = {"Content-Type": kind, "Cache-Control": "no-store", **security.HEADERS, **headers}
    return TestResponse([text.encode()], "200 OK", list(every.items()), request)


@pytest.mark.parametrize(
    "text",
    [
        "<p><xq7z></p>",
        '<input value="" xq7z=1>',
        "<a href='javascript:xq7z()'>",
        "<a href='//xq7z.example'>",
        "<p>XQ7Z</p>xq7z",
        "<script>xq7z</script>",
    ],
)
def test_what_comes_alive_is_noticed(text):
    assert came_alive(answered(text)) and not came_alive(answered("<p>&lt;xq7z&gt; javascript:xq7z()</p>"))


@pytest.mark.parametrize(
    "headers",
    [
        {"Location": "//evil.example"},
        {"Location": "https://evil.example/"},
        {"Location": "/\\evil.example"},
        {"X-xq7z": "1"},
        {"Set-Cookie": "__Host-session=1; Path=/; HttpOnly; SameSite=Lax"},
        {"Set-Cookie": "session=1; Path=/; Secure; HttpOnly; SameSite=Lax"},
        {"Cache-Control": "public, max-age=60"},
    ],
)
def test_a_header_that_may_not_be_is_noticed(headers):
    assert odd_headers(answered("x", **headers)) and not odd_headers(answered("x"))
