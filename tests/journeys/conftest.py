"""A served home for browser stories: the people of tests/people.py, three residents, orders, labels; Chromium phones.

Every page a story opens is checked: no console error, no policy violation, no axe violation.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from medpwa import clock, database, web
from medpwa.residents import actions as residents
from medpwa.residents import photos
from tests import builders, people, stage
from tests.conftest import NOW, settings_for
from tests.journeys import looking
from tests.residents.test_photos import picture

sys.path.insert(0, str(stage.ROOT / "tools"))
import browser as chromium  # noqa: E402

PHONE = {"width": 360, "height": 740}
CLOCK = "2026-11-16T11:40"


@pytest.fixture(scope="session")
def chromium_path() -> str:
    return chromium.find_or_install()


@pytest.fixture(scope="session")
def playwright():
    with sync_playwright() as play:
        yield play


@dataclass
class ServedHome:
    """A home that is being served, and the ids a story needs."""

    base: str
    ids: dict[str, int]
    database_url: str
    var: Path

    def url(self, path: str) -> str:
        return f"{self.base}/h/{people.HOME}/{path}"


def _furnish(world: people.World) -> dict[str, int]:
    """Ivy with three medicines at lunch, Sylvia with one, Frank with a time-critical high-risk one."""
    dee, sena = world.actor("dee"), world.actor("sena")
    builders.sign_off(world.system(), sena.person_id, "assessor")  # she may watch somebody's first round
    ivy = builders.resident(dee, "Ivy", "Cartledge", room="7", items=[("trimethoprim", "rash", False)])
    sylvia = builders.resident(dee, "Sylvia", "Brandreth", room="5")
    upstairs = dict(room="10", unit="First floor", items=[("NSAIDs", "GI bleed", False)])
    frank = builders.resident(dee, "Frank", "Delaney", **upstairs)
    lunch = ("12:30",)
    critical = dict(time_critical=True, high_risk=True, window_before=30, window_after=30)
    capsule = dict(form="capsule", dose_unit="capsule")
    builders.order(dee, ivy.id, "omeprazole", strength="20 mg", times=lunch, **capsule)
    builders.order(dee, ivy.id, "carbocisteine", strength="375 mg", dose_amount=2, times=lunch, **capsule)
    builders.order(dee, ivy.id, "senna", times=lunch)
    builders.order(dee, sylvia.id, "levothyroxine", strength="75 micrograms", times=lunch)
    builders.order(dee, frank.id, "furosemide", strength="40 mg", times=lunch)
    builders.order(dee, frank.id, "apixaban", strength="2.5 mg", times=("11:00",), **critical)
    residents.set_photo(by=dee, resident_id=ivy.id, photo=photos.prepare(picture()))
    ids = {"ivy": ivy.id, "sylvia": sylvia.id, "frank": frank.id}
    for name in list(ids):
        for place in ("person", "door"):
            label, token = builders.label(sena, ids[name], place)
            ids[f"{name}:{place}"] = label.id
            TOKENS[f"{name}:{place}"] = token
            CODES[f"{name}:{place}"] = label.short_code
    starts, ends = clock.now(), clock.now() + clock.dt.timedelta(hours=8)
    builders.duty(dee, "tolu", "shift_leader", starts, ends)
    for name in ("amina", "ben", "sena"):
        builders.duty(dee, name, "floor", starts, ends)
    return ids


TOKENS: dict[str, str] = {}
CODES: dict[str, str] = {}


def _serve(url: str, var: Path, port: int, furnish=_furnish, at: str = CLOCK) -> Iterator[ServedHome]:
    """Furnish the world at `url` and serve it."""
    from dataclasses import replace

    with clock.standing(NOW):
        settings = replace(settings_for(url, var), public_url=f"http://127.0.0.1:{port}")
        app = web.create_app(settings)
        with app.app_context():
            ids = furnish(people.World(settings))
    database.close_all()
    env = stage.environment(var, port, clock=at, mode="test", database_url=url)
    with stage.served(env) as base:
        yield ServedHome(base, ids, url, var)


@pytest.fixture
def furnish():
    """What stands in the home of a story; a file of stories about others gives its own."""
    return _furnish


@pytest.fixture
def home(furnish, sqlite_template, tmp_path) -> Iterator[ServedHome]:
    """A fresh home for one story, on SQLite."""
    path = tmp_path / "steady.db"
    shutil.copy(sqlite_template, path)
    yield from _serve(f"sqlite:///{path}", tmp_path, stage.free_port(), furnish)


@pytest.fixture
def postgres_home(postgres_template, tmp_path) -> Iterator[ServedHome]:
    """The same on PostgreSQL."""
    from tests.conftest import _admin, _named

    name = f"journey_{tmp_path.name}".lower().replace("-", "_")[:50]
    _admin(postgres_template, f'CREATE DATABASE "{name}" TEMPLATE "world"')
    yield from _serve(_named(postgres_template, name), tmp_path, stage.free_port())
    database.close_all()
    _admin(postgres_template, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@dataclass
class Phone:
    """One person's browser: counts taps and page loads, and notices everything a page complains about."""

    page: Page
    home: ServedHome
    taps: int = 0
    loads: int = 0
    complaints: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    expected: tuple[str, ...] = ()

    def watch(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda e: self.complaints.append(str(e)))
        self.page.on("domcontentloaded", lambda _: self._loaded())

    def _console(self, message) -> None:
        if message.type == "error" and not any(words in message.text for words in self.expected):
            self.complaints.append(message.text)

    def _loaded(self) -> None:
        self.loads += 1

    def sign_in(self, username: str) -> None:
        stage.sign_in(self.page, self.home.base, username, people.PASSWORD)
        self.check()

    def tap(self, locator) -> None:
        """One tap, as the bar counts them."""
        self.taps += 1
        locator.click()

    def open(self, path: str) -> None:
        self.page.goto(self.home.url(path) if not path.startswith("/") else self.home.base + path)
        self.check()

    def check(self) -> None:
        """axe over the page as it stands."""
        self.page.wait_for_load_state("load")
        found = looking.Findings()
        with looking.whole(self.page):  # what a sticky bar covers depends on how far the page is scrolled
            looking.axe(self.page, self.page.url, found)
        assert not found.said, found.said
        self.seen.add(self.page.url)


@pytest.fixture
def phones(playwright, chromium_path, home) -> Iterator:
    """Gives phones: `phones("amina")`, with a camera that shows labels when asked."""
    yield from _phones(playwright, chromium_path, home)


@cache
def _quiet(playwright, chromium_path: str) -> Browser:
    """One Chromium for every phone without a camera: each has a context of its own, which shares nothing."""
    return playwright.chromium.launch(executable_path=chromium_path, args=stage.QUIET)


def _phones(playwright, chromium_path: str, home: ServedHome):
    made: list[Phone] = []
    opened: list[Browser | BrowserContext] = []  # closed before the site they talk to

    def give(username: str | None = None, *, camera: Path | None = None, viewport=PHONE, **context) -> Phone:
        browser = _quiet(playwright, chromium_path)
        if camera:
            flags = stage.camera_flags(camera)
            opened.append(browser := playwright.chromium.launch(executable_path=chromium_path, args=flags))
        where = browser.new_context(viewport=viewport, permissions=["camera"] if camera else [], **context)
        opened.append(where)
        phone = Phone(where.new_page(), home)
        phone.watch()
        made.append(phone)
        if username:
            phone.sign_in(username)
        return phone

    yield give
    for one in reversed(opened):
        one.close()
    for phone in made:
        assert not phone.complaints, phone.complaints


def label_picture(phone: Phone, resident_id: int) -> bytes:
    """A picture of a resident's printed label, as the product prints it."""
    phone.open(f"residents/{resident_id}/labels")
    phone.page.goto(phone.home.base + phone.page.get_by_role("link", name="Print").first.get_attribute("href"))
    image = phone.page.locator("img.tag__code").first
    image.wait_for()
    return image.screenshot()
