"""Steps of a dose that a second person sees given: who may, on whose phone, and how they prove themselves."""

from __future__ import annotations

from bs4 import BeautifulSoup

from tests import builders
from tests.browse import Browser, words
from tests.staff.phones import OTHER_PIN, by_password, enrol, hand_over


def sign_off(world) -> None:
    """Amina may give a controlled drug, Sena may witness it, Ben may neither."""
    for name_, skill in (("amina", "controlled"), ("sena", "cd_witness")):
        builders.sign_off(world.system(), world.person_id(name_), skill)


def shared_phone(browser: Browser) -> Browser:
    """An enrolled phone on which Sena has a PIN of her own, handed on to Amina."""
    phone = enrol(browser)
    by_password(phone, "sena", pin=OTHER_PIN)
    hand_over(phone)
    return by_password(phone, "amina")


def name(phone: Browser, person_id: int, **expected: int) -> None:
    """Tap a name."""
    form = next(f for f in phone.page.select("form") if f.select_one("button[name=person]"))
    offered = form.select_one(f"button[value='{person_id}']") is not None
    assert offered or expected, words(phone.page)
    phone.submit(form, person=str(person_id), **expected)


def proving(phone: Browser, **typed: object) -> BeautifulSoup:
    """The witness says yes, with what they typed."""
    return phone.submit(next(f for f in phone.page.select("form") if f["action"].endswith("/witnessed")), **typed)
