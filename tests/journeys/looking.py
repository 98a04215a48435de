"""Looking at a page as it stands: axe, and the measures of looking.js at several sizes."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

AXE_SOURCE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
MEASURES = Path(__file__).with_name("looking.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ALL_RULES = {"runOnly": TAGS, "rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
COLOUR_ALONE = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
RUN_AXE = """async (options) => (await axe.run(document, options)).violations
  .map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 140)).slice(0, 2).join(' | ')}`)"""

# Nothing that htmx asked for is on its way, and what came is in its place.
SETTLED = """async () => {
  await document.fonts.ready;
  return !document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added");
}"""

SMALL = {"width": 320, "height": 568}
ZOOMED = {"width": 320, "height": 256}  # 1280 by 1024 at 400 %
PHONE = {"width": 360, "height": 640}
TALLEST = 40_000  # the page of components is the tallest; below the window a sticky button lies on its own form
DESK = {"width": 1280, "height": 800}


@dataclass
class Findings:
    """What was looked at, and every sentence about what is wrong."""

    axe_runs: int = 0
    pages: set[str] = field(default_factory=set)
    stops: int = 0
    said: list[str] = field(default_factory=list)

    def add(self, where: str, sentences: list[str]) -> None:
        self.said += [f"{where}: {words}" for words in sentences]


@contextlib.contextmanager
def whole(page: Page):
    """The page in a window as tall as it is, so that where it is scrolled to makes no difference."""
    size = page.viewport_size
    page.wait_for_function(SETTLED)
    for _ in range(5):  # a font or picture that comes in meanwhile makes a page taller
        height = page.evaluate("() => document.documentElement.scrollHeight")
        if height <= page.viewport_size["height"] or height >= TALLEST:
            break
        page.set_viewport_size({"width": size["width"], "height": min(height + 40, TALLEST)})
    yield
    page.set_viewport_size(size)


def axe(page: Page, where: str, found: Findings, options: dict = ALL_RULES) -> None:
    """axe over the page as it stands."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SOURCE)
    found.axe_runs += 1
    found.add(where, page.evaluate(RUN_AXE, options))


def measure(page: Page, where: str, found: Findings, *names: str) -> None:
    """Some of the measures of looking.js at the size the page has now."""
    if not page.evaluate("() => 'looking' in window"):
        page.evaluate(MEASURES)
    size = f"{where} at {page.viewport_size['width']} x {page.viewport_size['height']}"
    for name in names:
        answer = page.evaluate(f"() => looking.{name}()")
        if name == "stops":
            found.stops += answer["count"]
            answer = answer["found"]
        found.add(size, answer)


def in_dark(page: Page, where: str, found: Findings) -> None:
    """Whether every colour still stands out in the dark; the rest of a page is the same there."""
    page.emulate_media(color_scheme="dark")
    axe(page, f"{where}, dark", found, COLOUR_ALONE)
    page.emulate_media(color_scheme="light")
