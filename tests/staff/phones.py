"""Phones for tests: enrolled through the product's own pages, with people signed in on them."""

from __future__ import annotations

import re

from medpwa.staff import sessions
from medpwa.staff.device_models import Device
from medpwa.staff.models import Session
from tests.browse import Browser
from tests.people import PASSWORD

PIN, OTHER_PIN = "482957", "718264"


def show_code(manager: Browser, name: str = "Ground floor 1", kind: str = "phone", home: str = "rowan") -> str:
    """A manager shows a code; the code itself."""
    page = manager.post(f"/h/{home}/devices", {"name": name, "kind": kind})
    return re.search(r"/enrol/([A-Z]+)", page.select_one(".code-card__address").get_text())[1]


def enrol(browser: Browser, name: str = "Ground floor 1", kind: str = "phone") -> Browser:
    """A new browser that is an enrolled phone or board of Rowan Court."""
    code = show_code(browser.sign_in("rosa"), name, kind)
    fresh = Browser(browser.app)
    fresh.post("/enrol/confirm", {"code": code}, status=303, follow=False)
    return fresh


def device(name: str = "Ground floor 1") -> Device:
    """An enrolled phone or board by name, the newest."""
    return Device.select().where(Device.name == name).order_by(Device.id.desc()).first()


def row_of(browser: Browser) -> Session:
    """The session of a browser."""
    token = browser.client.get_cookie(sessions.COOKIE, domain="localhost").value
    return Session.get(Session.token_hash == sessions.hashed(token))


def by_password(browser: Browser, username: str, *, pin: str | None = PIN) -> Browser:
    """Somebody signs in on a phone with their password, and chooses a PIN where they are asked for one."""
    browser.post("/sign-in", {"username": username, "password": PASSWORD}, status=303, follow=False)
    browser.csrf = row_of(browser).csrf
    if pin and browser.response.headers["Location"] == "/pin":
        browser.post("/pin", {"new_pin": pin, "again": pin}, status=303, follow=False)
    return browser


def hand_over(browser: Browser) -> None:
    """The phone is handed on: nobody is signed in, the phone stays the home's."""
    browser.post("/switch", {"sure": "yes"}, status=303, follow=False)
    browser.csrf = ""


def by_pin(browser: Browser, person_id: int, pin: str = PIN, *, status: int = 303) -> None:
    """Somebody types a PIN under their name."""
    browser.post(f"/sign-in/{person_id}", {"pin": pin}, status=status, follow=False)
    if status == 303:
        browser.csrf = row_of(browser).csrf
