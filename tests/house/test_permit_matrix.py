"""Every route x method x person x foreign id, against a table that was read by eye. SQLite: who may do what is decided
before the engine is asked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from medpwa import clock, database, pages
from tests.conftest import NOW
from tests.house import permit_matrix
from tests.house.answers import plain
from tests.house.permit_matrix import (
    FORMS,
    KEPT_TRAIL,
    NOTES,
    PERSONAS,
    Ids,
    Matrix,
    address,
    fill,
    names_in,
    nowhere,
    routes,
)

HOW = "Look at it, then: .venv/bin/python -m tests.house.permit_matrix --write, and read the difference."
INSIDERS = ("amina", "sena", "rosa", "nia")
# A code may be scanned by everybody, and answers in its own words; who may follow it has tests of its own. An enrolling
# code and a sign-in link belong to whoever holds them, before they belong to a home (tests/staff/test_devices, _pins).
OPEN_CODE = "/r/<token>"
OPEN_CODES = {OPEN_CODE, "/enrol/<code>", "/sign-in/link/<link>"}
# To end a session that is not there is done already, whoever has it; answers and database must still agree.
DONE_ALREADY = {"/me/sessions/<int:session_id>/end", "/h/<home>/staff/<int:person_id>/sessions/<int:session_id>/end"}


@pytest.fixture(scope="module")
def matrix(sqlite_template, tmp_path_factory) -> Iterator[Matrix]:
    with clock.standing(NOW):
        yield permit_matrix.made_in(tmp_path_factory.mktemp("matrix"), sqlite_template)
        database.close_all()


def test_every_route_answers_everybody_as_it_was_reviewed(matrix):
    now = list(permit_matrix.measured(matrix))
    assert permit_matrix.differences(now, permit_matrix.reviewed()) == [], HOW
    assert [row for row in now if any(c.startswith("fault") for c in row)] == []


def test_every_address_of_the_application_is_a_declared_page(matrix):
    there = {(m, str(r)) for r in matrix.app.url_map.iter_rules() for m in r.methods - {"HEAD", "OPTIONS"}}
    assert there == {(r.method, r.rule) for r in pages.ROUTES}


def test_the_table_lets_nell_and_ines_in_nowhere():
    """Read from the committed table alone: another provider's manager, and somebody without a capability yet."""
    own = ("open", "self", "session.end", "session.lock", "pin.set", "staff.change_own_password")
    open_rules = {r.rule for r in pages.ROUTES if r.permit in own}
    for method, rule, *cells in permit_matrix.reviewed():
        said = dict(zip(PERSONAS, cells, strict=True))
        if rule.startswith("/h/"):
            assert (said["nell"], said["ines"]) == ("not-found", "not-found"), f"{method} {rule}"
            assert said["nobody"] == "sign-in", f"{method} {rule}"
        else:
            assert rule in open_rules, rule
            assert said["ines"] == "not-found" or said["nobody"] in ("ok", "form"), rule


def variants(names: list[str], ids: Ids, other: Ids) -> Iterator[Ids]:
    """The address with each of its ids taken from elsewhere, and with all of them."""
    for name in names:
        yield ids | {name: other[name]}
    if len(names) > 1:
        yield ids | {name: other[name] for name in names}


def test_an_id_of_another_home_answers_like_one_that_never_existed(matrix):
    faults = []
    for route in routes():
        names = names_in(address(route))
        if not names or route.rule in OPEN_CODES:
            continue
        for who in INSIDERS:
            ids = matrix.ids(who, route)
            for slug in ("elm", "far"):
                foreign = variants(names, ids, matrix.places[slug].ids)
                never = variants(names, ids, nowhere(ids))
                for theirs, none in zip(foreign, never, strict=True):
                    faults += unlike(matrix, who, route, fill(address(route), "rowan", theirs),
                                     fill(address(route), "rowan", none))  # fmt: skip
    assert not faults, "\n".join(faults)


def unlike(matrix: Matrix, who: str, route: pages.Route, theirs: str, none: str, **headers: str) -> list[str]:
    """What tells somebody else's thing from nothing, or changes when it must not."""
    form = filled(FORMS.get(route.rule, {}), matrix.ids(who, route))  # a whole form: only the address is wrong
    answer, changed = matrix.ask(who, route.method, theirs, form, **headers)
    other, _ = matrix.ask(who, route.method, none, form, **headers)
    where = f"{route.method} {theirs} by {who}"
    faults = []
    refused = (403, 404, *((200,) if "?" in theirs else ()), *((303,) if route.rule in DONE_ALREADY else ()))
    if answer.status_code != other.status_code or answer.status_code not in refused:
        faults.append(f"{where}: {answer.status_code}, and {other.status_code} for one that never existed")
    elif plain(answer) != plain(other):
        faults.append(f"{where}: the two answers differ")
    if changed - NOTES - (KEPT_TRAIL if answer.status_code == 403 else set()):
        faults.append(f"{where}: changed {sorted(changed)}")
    return faults


def test_pieces_and_data_of_another_home_answer_like_nothing_too(matrix):
    faults = []
    for route in routes():
        names = names_in(address(route))
        if not names or route.rule in OPEN_CODES:
            continue
        ids, far = matrix.ids("rosa", route), matrix.places["far"].ids
        theirs, none = fill(address(route), "rowan", ids | far), fill(address(route), "rowan", ids | nowhere(ids))
        for headers in ({"HX-Request": "true"}, {"Accept": "application/json"}):
            faults += unlike(matrix, "rosa", route, theirs, none, **headers)
    assert not faults, "\n".join(faults)


def test_another_home_is_not_there_whatever_stands_behind_its_name(matrix):
    faults = []
    for route in routes():
        if "<home>" not in route.rule:
            continue
        for who, slugs in (("amina", ("elm", "far")), ("rosa", ("elm", "far")), ("nia", ("far",)), ("nell", ("elm",))):
            for slug in slugs:
                theirs, none = (fill(address(route), s, matrix.places[slug].ids) for s in (slug, "nowhere"))
                faults += unlike(matrix, who, route, theirs, none)
    assert not faults, "\n".join(faults)


def test_a_form_that_names_somebody_of_another_home_is_answered_like_one_that_names_nobody(matrix):
    faults = []
    for route in routes():
        form = FORMS.get(route.rule) if route.method == "POST" else None
        if form is None:
            continue
        for who in ("amina", "rosa"):
            ids = matrix.ids(who, route)
            path = fill(route.rule, "rowan", ids)
            for slug in ("elm", "far"):
                theirs, none = matrix.places[slug].ids, nowhere(ids)
                answer, changed = matrix.ask(who, "POST", path, filled(form, theirs))
                other, _ = matrix.ask(who, "POST", path, filled(form, none))
                where = f"{path} by {who} with ids of {slug}"
                if answer.status_code != other.status_code or not 400 <= answer.status_code < 500:
                    faults.append(f"{where}: {answer.status_code}, and {other.status_code} for nobody")
                if changed - NOTES - KEPT_TRAIL:
                    faults.append(f"{where}: changed {sorted(changed)}")
    assert not faults, "\n".join(faults)


def filled(form: Ids, ids: Ids) -> Ids:
    """A form's fields with real values for its ids."""
    return {name: fill(value, "rowan", ids) for name, value in form.items()}


def test_the_same_forms_with_ids_of_ones_own_home_do_get_further(matrix):
    """The control: otherwise the test above would pass on forms nobody could send."""
    further = 0
    for route in routes():
        form = FORMS.get(route.rule) if route.method == "POST" else None
        if form is not None:
            ids = matrix.ids("sena", route)
            answer, _ = matrix.ask("sena", "POST", fill(route.rule, "rowan", ids), filled(form, ids))
            further += answer.status_code < 400
    assert further >= 2


def test_a_code_of_another_home_says_what_an_unknown_code_says(matrix):
    faults = []
    for who in ("amina", "rosa"):
        for headers in ({}, {"Accept": "application/json"}):
            none, _ = matrix.ask(who, "GET", fill(OPEN_CODE, "", {"token": "A" * 32}), **headers)
            for slug in ("elm", "far"):
                theirs, changed = matrix.ask(who, "GET", fill(OPEN_CODE, "", matrix.places[slug].ids), **headers)
                if (theirs.status_code, plain(theirs)) != (none.status_code, plain(none)) or changed - NOTES:
                    faults.append(f"{who} {slug} {headers} {sorted(changed)}")
    assert not faults, "\n".join(faults)


def test_no_route_answers_a_method_it_does_not_declare(matrix):
    declared: dict[str, set[str]] = {}
    for route in routes():
        declared.setdefault(route.rule, set()).add(route.method)
    wrong = []
    for rule, methods in declared.items():
        path = fill(rule, "rowan", matrix.places["rowan"].ids)
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PURGE"} - methods:
            answer, changed = matrix.ask("rosa", method, path)
            if answer.status_code not in (405, 404) or changed - NOTES:
                wrong.append(f"{method} {path}: {answer.status_code} {sorted(changed)}")
    assert wrong == []


def test_asking_for_the_head_of_a_page_tells_nobody_more_than_the_page(matrix):
    wrong = []
    for route in routes():
        if route.method == "GET" and route.permit != "open":
            answer, changed = matrix.ask("nobody", "HEAD", fill(address(route), "rowan", matrix.places["rowan"].ids))
            if answer.status_code not in (302, 401) or answer.get_data() or changed:
                wrong.append(f"{route.rule}: {answer.status_code}")
    assert wrong == []


def test_a_write_behind_an_answer_is_noticed_and_put_back(matrix):
    assert matrix.changed() == set()
    for _ in range(2):
        with matrix.app.app_context(), database.db.connection_context(), database.noting():
            database.db.execute_sql("DELETE FROM session")
        assert matrix.changed() == matrix.changed() == {"session"}
        matrix.put_back()
        assert matrix.changed() == set() and matrix.state() == matrix.base


def test_the_comparison_would_notice():
    """The control."""
    row = ("GET", "/h/<home>/new", *("ok",) * len(PERSONAS))
    assert permit_matrix.differences([row], []) and permit_matrix.differences([], [row])
    changed = (*row[:2], "denied", *row[3:])
    assert permit_matrix.differences([changed], [row]) == ["GET /h/<home>/new: nobody was ok, is denied"]
