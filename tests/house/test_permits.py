"""The map of permits: complete, used, worded, and looked at by somebody whenever it changes."""

import ast
import inspect
import re
from pathlib import Path

import pytest

from medpwa import pages, permits, web
from medpwa.action import ACTIONS
from tests import people
from tests.house import waiting
from tests.house.source import calls, modules

PRINTED = Path(__file__).with_name("permits.txt")


@pytest.fixture(scope="module", autouse=True)
def everything_imported(tmp_path_factory):
    """All packages, as the application imports them."""
    from tests.conftest import settings_for

    var = tmp_path_factory.mktemp("permits")
    web.create_app(settings_for(f"sqlite:///{var}/none.db", var))


def used_verbs() -> set[str]:
    """Verbs named by a route, an action, a question (`may`, `demand`), an alert's address or a menu."""
    found = {r.permit for r in pages.ROUTES} | set(ACTIONS)
    for module in modules():
        if module.stem == "permits":
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in permits.PERMITS:
                found.add(node.value)
    return found


def test_every_verb_of_a_route_or_an_action_is_in_the_map():
    assert {r.permit for r in pages.ROUTES} | set(ACTIONS) <= set(permits.PERMITS)


def test_every_verb_of_the_map_is_used_or_said_to_wait():
    unused = set(permits.PERMITS) - used_verbs()
    assert unused == set(waiting.UNUSED_VERBS)


def test_every_verb_that_code_asks_about_is_in_the_map():
    unknown = {
        f"{m.where}:{call.lineno} {arg.value}"
        for m in modules()
        for name, call in calls(m.tree)
        if name.rpartition(".")[2] in ("may", "demand")
        for arg in call.args[:1]
        if isinstance(arg, ast.Constant) and arg.value not in permits.PERMITS
    }
    assert unknown == set()


def test_every_predicate_is_named_and_says_what_it_means():
    for verb, rule in permits.PERMITS.items():
        assert rule, f"{verb} has no predicate: nobody would be asked anything"
        for holds in rule:
            assert holds.__name__ != "<lambda>" and holds.__doc__, f"{verb}: {holds}"
            assert len(inspect.getsource(holds).splitlines()) <= 6, f"{holds.__name__} is not a two-line predicate"


def test_every_predicate_is_used():
    made = {n for n, f in vars(permits).items() if inspect.isfunction(f) and list(inspect.signature(f).parameters) == [
        "who", "about"]}  # fmt: skip
    asked = {u.name for m in modules() for u in m.imports() if u.module == "medpwa.permits"}
    assert made - asked <= {holds.__name__ for rule in permits.PERMITS.values() for holds in rule}


def test_the_printed_map_is_the_one_that_was_reviewed(pytestconfig):
    """A change of who may do what is seen in review: write it down with
    `.venv/bin/python -m flask --app app permits > tests/house/permits.txt` and look at the difference."""
    assert permits.printed() + "\n" == PRINTED.read_text()


def test_what_is_absent_is_denied_and_an_unknown_verb_is_our_own_fault(world):
    with pytest.raises(KeyError):
        permits.may("no.such.verb", world.actor("rosa"))
    assert not permits.may("round.see", permits.NOBODY)


def test_nobody_may_do_anything_but_what_is_open():
    allowed = {verb for verb in permits.PERMITS if permits.may(verb, permits.NOBODY)}
    assert allowed == {"open"}


def test_a_role_of_another_home_opens_nothing_here(world):
    for name in (*people.STAFF, "nia"):
        who = world.actor(name)
        about = type("Theirs", (), {"home_id": world.home("far").id, "person_id": 0})()
        here = {v for v in permits.PERMITS if permits.may(v, who, about) and permits.same_home in permits.PERMITS[v]}
        assert here == set(), name


def test_nobody_signs_off_promotes_or_ends_themselves(world):
    about_self = [v for v, rule in permits.PERMITS.items() if permits.not_about_self in rule]
    kept = {"competency.grant", "competency.suspend", "competency.end", "staff.set_role", "staff.end"}
    assert kept <= set(about_self)
    for name in (*people.STAFF, "nia"):
        who = world.actor(name)
        me = type("Me", (), {"home_id": who.home_id, "person_id": who.person_id})()
        assert [v for v in about_self if permits.may(v, who, me)] == [], name


def test_a_route_asks_the_permit_of_what_it_does():
    """A page that changes something asks the verb of its action, not just that of a page."""
    seeing = re.compile(r"\.(see|card|sheet|code_sheet)$|^(open|self)$")
    weak = [f"{r.method} {r.rule}: {r.permit}" for r in pages.ROUTES if r.writes and seeing.search(r.permit)]
    assert weak == []


def test_quality_leads_and_the_nominated_individual_see_and_do_not_give(world):
    for name in ("quinn", "nia"):
        who = world.actor(name)
        assert permits.may("board.see", who) and permits.may("history.see", who)
        for verb in ("mar.record", "mar.ready", "mar.scan", "mar.report_given", "labels.make", "orders.add"):
            assert not permits.may(verb, who), (name, verb)
