"""Has the product's decoder read pictures in a browser, and judges what it read against what was shown."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

import browser as chromium  # noqa: E402

from bench import gallery  # noqa: E402
from bench.gallery import Draw, Gallery  # noqa: E402
from bench.scenes import PUBLIC_URL  # noqa: E402
from medpwa.residents import codes  # noqa: E402
from tests import stage  # noqa: E402

AT_ONCE = 10  # pictures in one call to the page
Reader = Callable[[list[str]], list["Read"]]


@dataclass(frozen=True)
class Read:
    """What was read of one picture: each text found, and how long it took, in milliseconds, from picture to answer."""

    name: str
    texts: tuple[str, ...]
    ms: float

    def judged(self, token: str) -> str:
        """`read`, `unread`, or `wrong` when anything at all was read that is not this label's address."""
        if any(text.upper() != codes.address_of(PUBLIC_URL, token).upper() for text in self.texts):
            return "wrong"
        return "read" if self.texts else "unread"


def found(raw: list[dict]) -> list[Read]:
    """What the page handed over, as ours."""
    return [Read(r["name"], tuple(x["text"] for x in r["results"]), r["ms"]) for r in raw]


@contextmanager
def in_chromium(draw: Draw) -> Iterator[Reader]:
    """A reader of pictures by name, in a Chromium of its own."""
    with gallery.hung(draw) as hung, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium.find_or_install(), args=stage.QUIET)
        try:
            yield reader(browser, hung)
        finally:
            browser.close()


def reader(browser, hung: Gallery) -> Reader:
    """A page of the gallery with the decoder started."""
    page = browser.new_page()
    page.goto(hung.base)
    page.evaluate(gallery.BEGIN, hung.decoder)

    def read(names: list[str]) -> list[Read]:
        parts = [names[i : i + AT_ONCE] for i in range(0, len(names), AT_ONCE)]
        return [one for part in parts for one in found(page.evaluate(gallery.READ, part))]

    return read
