"""Every page, in every state that can be reached: empty, full, opened up, with errors, without a connection, with the
scanner's dialog; by axe, at 320 px, at 400 %, and with a keyboard. The list of pages is that of the routes themselves
(tests/every_page.py); what is found is printed as one count."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import pytest

from tests import every_page, people, stage
from tests.house import matrix_world
from tests.journeys import looking
from tests.journeys.conftest import ServedHome, _serve
from tests.journeys.looking import Findings, axe, in_dark, measure

pytestmark = pytest.mark.journey

OPEN_EVERYTHING = "() => document.querySelectorAll('details:not(.me, .not-given)').forEach((d) => { d.open = true; })"
QUIETLY = {"service_workers": "block", "reduced_motion": "reduce"}  # a colour on its way is nobody's contrast
CALENDAR = {"quarter": "2026-Q4", "part_key": "2026-11-17-night"}  # what stands in an address and is of no home
SEND_NOTHING = """({ path, token }) => {
  const form = Object.assign(document.createElement('form'), { method: 'post', action: path });
  form.append(Object.assign(document.createElement('input'), { type: 'hidden', name: 'csrf_token', value: token }));
  document.body.append(form);
  form.submit();
}"""


def _full(world: people.World) -> dict[str, str]:
    """The matrix's home, where every address has something to show, and a person whose names and medicines are long."""
    ids = dict(matrix_world.build()[people.HOME].ids)
    _somebody_long(world)
    return ids


def _somebody_long(world: people.World) -> None:
    from tests import builders

    by = world.system()
    many = [("penicillin", "anaphylaxis", True), ("trimethoprim", "rash", False), ("latex", "use other gloves", False)]
    one = builders.resident(by, "Bartholomew", "Featherstonehaugh-Cholmondeley", room="12", items=many)
    name = "fluticasone furoate / umeclidinium / vilanterol"
    for medicine, strength, times in (
        (name, "92/55/22 micrograms", ("11:30",)),
        ("levothyroxine", "75 micrograms", ("08:00",)),
    ):
        builders.order(by, one.id, medicine, strength=strength, times=times)
    builders.order(by, one.id, "co-careldopa", strength="25/100 mg", times=("11:00",), time_critical=True)


@pytest.fixture
def full_home(sqlite_template, tmp_path) -> Iterator[ServedHome]:
    path = tmp_path / "full.db"
    shutil.copy(sqlite_template, path)
    yield from _serve(f"sqlite:///{path}", tmp_path, stage.free_port(), _full)


@pytest.fixture
def empty_home(sqlite_template, tmp_path) -> Iterator[ServedHome]:
    """A home on its first day: people work there, nobody lives there yet."""
    path = tmp_path / "empty.db"
    shutil.copy(sqlite_template, path)
    yield from _serve(f"sqlite:///{path}", tmp_path, stage.free_port(), lambda world: {})


@pytest.fixture
def chrome(playwright, chromium_path):
    browser = playwright.chromium.launch(executable_path=chromium_path, args=stage.QUIET)
    yield browser
    browser.close()


def _pages_of(chrome, home: ServedHome, visits: list[every_page.Visit]):
    """Each person's browser with what it is to open; every complaint of a page is kept."""
    for who, own in every_page.by_person(visits).items():
        context = chrome.new_context(viewport=looking.PHONE, **QUIETLY)
        page = context.new_page()
        if who:
            stage.sign_in(page, home.base, who, people.PASSWORD)
        yield page, own
        context.close()


def _open(page, home: ServedHome, path: str, found: Findings) -> bool:
    """Open an address; whether it is a page not seen before."""
    answer = page.goto(home.base + path)
    assert answer is not None and answer.status < 400, f"{path} answered {answer and answer.status}"
    seen = re.sub(r"\?.*", "", page.url)
    new = seen not in found.pages
    found.pages.add(seen)
    return new


def _done(found: Findings, capsys, words: str) -> None:
    with capsys.disabled():
        print(f"\n  {words}", *(f"\n    {fault}" for fault in found.said[:60]), end="", sep="")
    assert found.said == [], "\n".join(found.said)


def _look_at(page, visit: every_page.Visit, found: Findings, fits: Findings) -> None:
    """axe in light and dark with everything opened; then the smallest phone, 400 % and each stop of a keyboard."""
    page.evaluate(OPEN_EVERYTHING)
    with looking.whole(page):  # or what stands half under the bars just now would count as too small
        axe(page, visit.rule, found)
        in_dark(page, visit.rule, found)
    page.set_viewport_size(looking.ZOOMED)
    measure(page, visit.rule, fits, "sideways", "cut")
    page.set_viewport_size(looking.SMALL)
    measure(page, visit.rule, fits, "sideways", "cut", "room", "stops")
    page.set_viewport_size(looking.PHONE)
    measure(page, visit.rule, fits, "stops", *(("regions",) if page.locator("#main + .vh").count() else ()))


def test_every_page_is_open_to_everybody_fits_every_phone_and_shows_where_the_focus_is(chrome, full_home, capsys):
    found, fits = Findings(), Findings()
    for page, own in _pages_of(chrome, full_home, every_page.visits(full_home.ids)):
        for visit in own:
            if _open(page, full_home, visit.path, found):
                _look_at(page, visit, found, fits)
    assert len(found.pages) >= 40 and fits.stops > 1_000
    said = f"320 px, 400 %, keyboard: {len(found.pages)} pages, {fits.stops} stops, {len(fits.said)} faults"
    found_words = f"axe, full: {len(found.pages)} pages, {found.axe_runs} runs, {len(found.said)} violations"
    found.said += fits.said
    _done(found, capsys, f"{found_words}\n  {said}")


def test_the_allergies_stay_in_sight_on_the_smallest_phone(chrome, full_home):
    found = Findings()
    for page, own in _pages_of(chrome, full_home, every_page.visits(full_home.ids)):
        for visit in own:
            if not visit.rule.endswith(("/card", "/help/<key>", "/given-already", "/r/<token>")):
                continue
            _open(page, full_home, visit.path, found)
            page.set_viewport_size(looking.SMALL)
            page.evaluate("() => scrollTo(0, document.body.scrollHeight)")
            box = page.locator(".allergy").bounding_box()
            assert box["y"] >= 0 and box["y"] + box["height"] <= looking.SMALL["height"], visit.rule
            names = page.locator(".dose__name").all_text_contents()
            assert all("…" not in name for name in names)
            page.set_viewport_size(looking.PHONE)
    assert len(found.pages) >= 3


def test_every_page_of_a_home_on_its_first_day_has_no_axe_violation(chrome, empty_home, capsys):
    found = Findings()
    for page, own in _pages_of(chrome, empty_home, every_page.visits(CALENDAR, without_ids=True)):
        for visit in own:
            if visit.rule == "/components" or not _open(page, empty_home, visit.path, found):
                continue
            with looking.whole(page):
                axe(page, f"{visit.rule}, empty", found)
            page.set_viewport_size(looking.SMALL)
            measure(page, f"{visit.rule}, empty", found, "sideways", "cut")
            page.set_viewport_size(looking.PHONE)
    assert len(found.pages) >= 15
    _done(found, capsys, f"axe, empty: {len(found.pages)} pages, {found.axe_runs} runs, {len(found.said)} violations")


def test_every_form_sent_with_nothing_in_it_answers_a_page_without_axe_violations(chrome, full_home, capsys):
    found, statuses = Findings(), []
    for page, own in _pages_of(chrome, full_home, every_page.visits(full_home.ids, "POST")):
        for visit in own:
            if not visit.who or visit.rule == "/sign-in":
                continue
            page.goto(f"{full_home.base}/me")
            token = page.locator("meta[name=csrf-token]").get_attribute("content")
            with page.expect_navigation() as answered:
                page.evaluate(SEND_NOTHING, {"path": visit.path, "token": token})
            statuses.append(answered.value.status)
            found.pages.add(visit.rule)
            with looking.whole(page):
                axe(page, f"POST {visit.rule} ({statuses[-1]})", found)
            page.set_viewport_size(looking.SMALL)
            measure(page, f"POST {visit.rule}", found, "sideways", "cut")
            page.set_viewport_size(looking.PHONE)
    assert statuses.count(422) >= 15 and set(statuses) <= {400, 409, 422}, sorted(set(statuses))
    _done(found, capsys, f"axe, errors: {len(found.pages)} pages, {found.axe_runs} runs, {len(found.said)} violations")


def _board_that_cannot_ask(page, home: ServedHome, found: Findings) -> None:
    page.goto(home.url("floor"))
    page.locator("[data-js=as-of][data-js-on]").wait_for()
    page.route("**/floor/now", lambda route: route.abort())
    page.evaluate("() => document.getElementById('floor').dispatchEvent(new Event('refresh'))")
    page.locator(".as-of--stale").wait_for()
    axe(page, "a board that is not up to date", found)
    page.unroute("**/floor/now")


def test_states_that_only_a_phone_makes_have_no_axe_violation(chrome, full_home, capsys):
    found = Findings()
    for page, _own in _pages_of(chrome, full_home, [every_page.Visit("amina", "", "")]):
        page.goto(f"{full_home.base}/offline")
        axe(page, "/offline", found)
        in_dark(page, "/offline", found)
        _board_that_cannot_ask(page, full_home, found)
        page.goto(full_home.url("round"))
        page.wait_for_function("() => document.querySelector('#bars')?.nextElementSibling?.matches('[role=status]')")
        page.evaluate("() => window.dispatchEvent(new Event('offline'))")
        page.locator(".bar--waiting").wait_for()
        axe(page, "no connection", found)
        page.locator("details.me summary").click()
        axe(page, "who is signed in", found)
        page.goto(full_home.url("scan"))
        page.locator("dialog.scanner[data-state=no-camera]").wait_for()
        waits = page.evaluate("() => document.activeElement.matches('dialog.scanner button')")
        assert waits, "a phone's keyboard would hide the words: the letters wait for a tap"
        for size in (looking.PHONE, looking.SMALL, looking.ZOOMED):
            page.set_viewport_size(size)
            axe(page, f"the scanner without a camera at {size['width']} x {size['height']}", found)
            measure(page, "the scanner without a camera", found, "sideways")
        for code in ("ABC", ""):
            page.locator("dialog.scanner [name=code]").fill(code)
            page.locator("dialog.scanner form button").click()
            axe(page, "the scanner with letters that cannot be right", found)
    _done(found, capsys, f"axe, offline and dialog: {found.axe_runs} runs, {len(found.said)} violations")


@pytest.mark.parametrize("width", [360, 1280])
def test_the_component_page_has_no_axe_violation_in_light_dark_and_forced_colours(chrome, empty_home, capsys, width):
    found = Findings()
    for looks in ({}, {"color_scheme": "dark"}, {"forced_colors": "active"}):
        context = chrome.new_context(viewport={"width": width, "height": 800}, **QUIETLY, **looks)
        page = context.new_page()
        page.goto(f"{empty_home.base}/components")
        if looks.get("forced_colors"):
            assert page.evaluate("() => matchMedia('(forced-colors: active)').matches")
        with looking.whole(page):  # a bar that sticks lies elsewhere while its form is out of sight
            axe(page, f"/components {looks or 'light'} at {width}", found)
        measure(page, f"/components {looks or 'light'}", found, "sideways", "cut")
        context.close()
    _done(found, capsys, f"axe, components at {width}: {found.axe_runs} runs, {len(found.said)} violations")
