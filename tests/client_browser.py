"""A real Chromium for the browser side alone: a camera made of a canvas, and pages that may not complain."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests import fakecam

PHONE = {"width": 360, "height": 640}
FAKE_CAMERA = "--use-fake-device-for-media-stream"
NAMES = ("chromium", "chromium-browser", "google-chrome")
# What Chromium and htmx write to the console about a failure the test itself has arranged.
OF_FAILURES = (
    r"Failed to load resource|Response Status Error Code|^htmx:|^wasm |^falling back|^failed to asynch|^Aborted"
)

# window.scene lists code matrices, drawn side by side; window.cameraFails names an error; window.torch offers a light.
STUB_CAMERA = """
Object.assign(window, { scene: [], cameraFails: null, torch: false, torchIs: false, streams: [] });
navigator.mediaDevices.getUserMedia = async () => {
  if (window.cameraFails) throw new DOMException("stub", window.cameraFails);
  const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
  const pen = canvas.getContext("2d");
  const draw = () => {
    pen.fillStyle = "#999"; pen.fillRect(0, 0, 640, 480);
    window.scene.forEach((rows, place) => {
      const dot = Math.floor(Math.min(400, 600 / window.scene.length) / rows.length);
      const left = 640 * (2 * place + 1) / (2 * window.scene.length) - dot * rows.length / 2;
      rows.forEach((row, y) => row.forEach((dark, x) => {
        pen.fillStyle = dark ? "#181818" : "#eee";
        pen.fillRect(left + x * dot, 240 - dot * rows.length / 2 + y * dot, dot, dot);
      }));
    });
  };
  draw(); setInterval(draw, 50);
  const stream = canvas.captureStream(20);
  const [track] = stream.getVideoTracks();
  if (window.torch) {
    track.getCapabilities = () => ({ torch: true });
    track.applyConstraints = async ({ advanced: [{ torch }] }) => { window.torchIs = torch; };
  }
  window.streams.push(stream);
  return stream;
};
"""
WATCH = """
window.violations = [];
const keep = ({ violatedDirective, blockedURI }) => window.violations.push(`${violatedDirective} ${blockedURI}`);
document.addEventListener("securitypolicyviolation", keep);
"""


@contextmanager
def chromium(request: pytest.FixtureRequest) -> Iterator[Callable[..., Browser]]:
    """Launches browsers, closed at the end. A process holds one Playwright, so a `playwright` fixture is shared."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        pytest.fail("No Chromium found. Install chromium: browser journeys are never skipped.")
    expect.set_options(timeout=15_000)  # a busy machine is no fault of the page
    launched: list[Browser] = []

    def launch(playwright, *args: str) -> Browser:
        launched.append(playwright.chromium.launch(executable_path=found, args=list(args)))
        return launched[-1]

    try:
        shared = request.getfixturevalue("playwright")
    except pytest.FixtureLookupError:
        with sync_playwright() as own:
            yield lambda *args: launch(own, *args)
            for browser in launched:
                browser.close()
    else:
        yield lambda *args: launch(shared, *args)
        for browser in launched:
            browser.close()


class Watched:
    """The pages of one phone; at the end nothing may have been reported but what a test of failures expects."""

    def __init__(self, context: BrowserContext) -> None:
        self.context, self.complaints, self.faults_expected = context, [], False

    def open(self, url: str, *, stub: bool = True) -> Page:
        """A page at `url`, once the modules it asks for have taken over."""
        page = self.context.new_page()
        page.add_init_script(WATCH + (STUB_CAMERA if stub else ""))
        page.on("console", lambda message: message.type == "error" and self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(url)
        page.wait_for_function("() => window.htmx && !document.querySelector('[data-js]:not([data-js-on])')")
        return page

    def check(self) -> None:
        violations = [words for page in self.context.pages for words in page.evaluate("() => window.violations ?? []")]
        assert not violations, violations
        allowed = OF_FAILURES if self.faults_expected else r"$^"
        unexpected = [words for words in self.complaints if not re.search(allowed, words)]
        assert not unexpected, unexpected


@contextmanager
def watching(browser: Browser, **options) -> Iterator[Watched]:
    """A phone with leave to use the camera, unless `permissions` says otherwise."""
    context = browser.new_context(**{"viewport": PHONE, "permissions": ["camera"]} | options)
    watched = Watched(context)
    yield watched
    watched.check()
    context.close()


def show(page: Page, *texts: str) -> None:
    """Hold these codes before the stub camera."""
    page.evaluate("(scene) => { window.scene = scene; }", [fakecam.matrix(text) for text in texts])
