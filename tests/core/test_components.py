"""Components that keep what they drew: never more than so many letters, and never one answer's for another."""

import threading

import jinja2
import pytest
from markupsafe import Markup

from medpwa import components
from medpwa.components import Fixed

SOURCES = {
    "_components/said.html": "{% macro said(words, times=1) %}{{ words }} {{ times * 'x' }}{% endmacro %}",
    "_components/asks.html": '{% macro asks(words) %}{{ words }}<input name="csrf_token">{% endmacro %}',
    "page.html": '{% from "_components/said.html" import said %}{{ said(words) }}',
}


@pytest.fixture
def env() -> jinja2.Environment:
    made = jinja2.Environment(loader=jinja2.DictLoader(SOURCES), autoescape=True)
    components.register(made)
    return made


@pytest.fixture
def said(env) -> components.KeptMacro:
    return env.get_template("_components/said.html").module.said


def test_the_same_arguments_are_drawn_once(said):
    assert said("given") is said("given")
    assert len(said.kept) == 1


@pytest.mark.parametrize("one, other", [("1", 1), (1, True), ("", None), ("<b>", Markup("<b>")), ((1,), [1])])
def test_what_only_looks_equal_is_drawn_by_itself(said, one, other):
    assert said(one) == said.macro(one)
    assert said(other) == said.macro(other)


def test_only_so_many_letters_are_kept_and_the_oldest_make_room(said, monkeypatch):
    monkeypatch.setattr(components, "MOST", 100)
    monkeypatch.setattr(components, "KEY", 0)
    for number in range(50):
        said(f"number {number:02}")
    each = len(said("number 49"))
    assert said.letters == len(said.kept) * each <= 100 < said.letters + each
    assert list(said.kept.values()) == [said.macro(f"number {n}") for n in range(50 - len(said.kept), 50)]


def test_what_is_longer_than_all_that_may_be_kept_is_drawn_and_not_kept(said, monkeypatch):
    monkeypatch.setattr(components, "MOST", 100)
    monkeypatch.setattr(components, "KEY", 0)
    said("short")
    assert said("long", times=200) == said.macro("long", times=200)
    assert (said.letters, said.kept) == (0, {})
    said("short")
    assert len(said.kept) == 1


def test_what_is_kept_of_calls_that_draw_nothing_ends_too(env, monkeypatch):
    monkeypatch.setattr(components, "MOST", 10 * components.KEY)
    nothing = components.KeptMacro(env.from_string("{% macro nothing(id) %}{% endmacro %}").module.nothing)
    for number in range(100):
        nothing(f"field-{number}")
    assert len(nothing.kept) == 10


def test_what_is_shown_once_is_not_kept(said):
    assert said(components.Secret("tandem rhubarb")) == said.macro("tandem rhubarb")
    assert said([{"value": components.Secret("tandem rhubarb")}]) and said.kept == {}


def test_the_letters_are_counted_right_when_many_draw_at_once(said, monkeypatch):
    monkeypatch.setattr(components, "MOST", 400)
    monkeypatch.setattr(components, "KEY", 0)
    together = threading.Barrier(8)

    def draw(own: int) -> None:
        together.wait(30)
        for number in range(300):
            said(f"{number % 17} {own % 2}")

    threads = [threading.Thread(target=draw, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert said.letters == sum(map(len, said.kept.values())) <= 400


def test_values_that_never_change_tell_a_component_apart_like_others(said):
    options = Fixed([("asleep", "Asleep"), ("away", "Away")])
    assert said(options) == said.macro(options)
    assert said(Fixed([("asleep", "Asleep")])) != said(options)
    assert len(said.kept) == 2


def test_a_component_that_asks_for_the_form_token_is_not_kept(env):
    assert not isinstance(env.get_template("_components/asks.html").module.asks, components.KeptMacro)


def test_a_page_finds_the_kept_component_and_fills_it_with_its_own_words(env):
    page = env.get_template("page.html")
    assert [page.render(words=w) for w in ("one", "two", "one")] == ["one x", "two x", "one x"]
    assert len(env.get_template("_components/said.html").module.said.kept) == 2


def test_hidden_fields_are_escaped_both_in_name_and_value():
    drawn = components.hidden('a"', ['"><b>', Markup("&amp;")])
    assert drawn.count('<input type="hidden" name="a&#34;" value=') == 2
    assert drawn.endswith('value="&#34;&gt;&lt;b&gt;"><input type="hidden" name="a&#34;" value="&amp;">')


def test_holes_are_filled_wherever_they_stand_and_a_hole_without_a_value_stays():
    a, b, c = map(components.hole, "abc")
    html = Markup(f"{a}<p>{b} and {a}</p>{c}")
    filled = components.filled(html, a="<1>", b=Markup("<b>2</b>"))
    assert filled == f"&lt;1&gt;<p><b>2</b> and &lt;1&gt;</p>{components.hole('c')}"
    assert components.filled(filled, c="3") == "&lt;1&gt;<p><b>2</b> and &lt;1&gt;</p>3"
    assert components.filled(Markup("<p>nothing to fill</p>"), a="x") == "<p>nothing to fill</p>"


def test_what_is_filled_in_is_never_taken_for_a_hole():
    html = Markup(f"<p>{components.hole('a')}</p><p>{components.hole('b')}</p>")
    assert components.filled(html, a=components.hole("b"), b="x") == f"<p>{components.hole('b')}</p><p>x</p>"
