"""How soon a steady code is read once the camera has started: the product's scanner before Chromium's fake camera.

From the moment the browser hands the page its camera to the moment the page asks the server whose code it is.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from bench.reading import chromium
from tests import fakecam, stage
from tests.client_site import Site, document

TOKEN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
LINK = '<a data-js="scanner" href="/scan" data-typed-url="/scan/typed" data-not-ours-url="/scan/not-ours">Scan</a>'
CLOCKS = """
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => {
  const stream = await open(wanted);
  window.cameraAt = performance.now();
  return stream;
};
const ask = window.fetch.bind(window);
window.fetch = (what, how) => {
  if (String(what).includes("/r/")) window.readAt ??= performance.now();
  return ask(what, how);
};
"""


def first_reads(times: int) -> list[float]:
    """Milliseconds of so many openings, each in a browser profile of its own."""
    with tempfile.TemporaryDirectory(prefix="steady-first-read-") as folder, Site() as site, sync_playwright() as play:
        site.page("/round", document(LINK))
        camera = fakecam.write(Path(folder) / "camera.y4m", [f"{site.url}/r/{TOKEN}"])
        browser = play.chromium.launch(executable_path=chromium.find_or_install(), args=stage.camera_flags(camera))
        try:
            return [_once(browser, site.url) for _ in range(times)]
        finally:
            browser.close()


def _once(browser: Browser, base: str) -> float:
    context = browser.new_context(permissions=["camera"])
    page = context.new_page()
    page.add_init_script(CLOCKS)
    page.goto(f"{base}/round")
    page.wait_for_selector("[data-js-on]")
    page.get_by_role("link", name="Scan").click()
    page.wait_for_function("() => window.readAt")
    taken = page.evaluate("() => window.readAt - window.cameraAt")
    context.close()
    return taken
