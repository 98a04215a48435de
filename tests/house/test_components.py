"""The component page shows every component in every tone: what is not on it is not there for the next screen."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from medpwa import clock, web
from tests.browse import words
from tests.conftest import NOW, settings_for
from tests.house.source import ROOT, calls, modules

FOLDER = ROOT / "templates" / "_components"
MACROS = sorted(path.stem for path in FOLDER.glob("[!_]*.html"))
TONES = sorted(re.findall(r'"(\w+)": "[\w-]+"', (FOLDER / "_tones.html").read_text()))
SEVERAL = ("chip", "notice", "task_row", "person_tile", "history", "matrix_cell", "progress")  # drawn in every tone


@pytest.fixture
def page(browser):
    return browser.get("/components")


def _shown(page, name: str):
    return page.select_one(f"section#c-{name}[data-component={name}]")


def test_every_component_is_shown_by_its_name(page):
    named = {s["data-component"] for s in page.select("[data-component]")}
    assert sorted(set(MACROS) - named) == [], "show it on templates/desk/components.html in every state it has"
    assert sorted(named - set(MACROS)) == [], "the page shows what is not a component"
    source = (ROOT / "templates" / "desk" / "components.html").read_text()
    for name in MACROS:
        assert f'from "_components/{name}.html" import {name}' in source, f"{name} must be drawn by its own macro"
        assert re.search(rf"(?<![\w/\"]){name}\(", source), f"{name} is imported and never drawn"


def test_every_tone_is_shown_wherever_a_component_takes_one(page):
    assert len(TONES) == 15 and "not_recorded" in TONES
    for name in SEVERAL:
        classes = {c for tag in _shown(page, name).select("[class*=tone-]") for c in tag["class"]}
        missing = [tone for tone in TONES if f"tone-{tone}" not in classes]
        assert missing == [], f"{name} is not shown in {missing}"


def test_every_tone_has_its_colours_in_the_style_sheet():
    css = (ROOT / "static" / "css" / "app.css").read_text()
    assert [tone for tone in TONES if f".tone-{tone}" not in css] == []


def test_a_button_is_shown_in_every_kind(page):
    for name in ("button", "link_button"):
        for kind in ("primary", "secondary", "accent", "quiet", "danger"):
            assert _shown(page, name).select_one(f".btn--{kind}"), (name, kind)


def test_the_component_page_is_about_nobody(page, world):
    from medpwa.residents.models import Resident
    from medpwa.staff.models import PersonVersion

    assert not Resident.select().exists()
    told = words(page)
    for person in PersonVersion.select():
        assert f"{person.given_name} {person.family_name}" not in told


def test_production_has_no_component_page(db_url, var):
    settings = replace(settings_for(db_url, var), mode="production", public_url="https://mar.example.org")
    with clock.standing(NOW):
        app = web.create_app(settings)
        assert app.test_client().get("/components", base_url="https://localhost").status_code == 404


def test_every_macro_file_holds_the_macro_of_its_name():
    for name in MACROS:
        assert f"{{% macro {name}(" in Path(FOLDER / f"{name}.html").read_text(), name


def test_no_page_takes_a_name_of_the_layouts(app):
    """A page that is given `tabs` of its own would draw them where the way to the round and the scanner stand."""
    with app.test_request_context("/"):
        theirs = {name for make in app.template_context_processors[None] for name in make()}
    assert {"tabs", "may", "who"} <= theirs
    found = [
        f"{module.where}: {word.arg}"
        for module in modules()
        for name, call in calls(module.tree)
        if name.endswith("render_template")
        for word in call.keywords
        if word.arg in theirs
    ]
    assert found == []
