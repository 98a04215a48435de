"""WebKitGTK as a second engine, by its own driver and the standard library: the nearest thing to an iPhone's browser.

It is never fetched: where `WebKitWebDriver` is not installed, what to install is said and nothing is measured.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from bench import gallery, reading
from bench.gallery import Draw
from bench.reading import Reader
from tests import stage

INSTALL = "install it (on Debian and Ubuntu: sudo apt install webkit2gtk-driver xvfb); nothing was measured"
BROWSERS = "webkit2gtk-4.*/MiniBrowser"
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
CALL = "const done = arguments[1]; ({script})(arguments[0]).then(done, (e) => done({{fault: String(e)}}));"


def what_is_missing() -> str:
    """One sentence when WebKitGTK cannot be driven on this machine, else nothing."""
    if not shutil.which("WebKitWebDriver"):
        return f"WebKitGTK's driver (WebKitWebDriver) is not on this machine: {INSTALL}."
    if not _mini_browser():
        return f"WebKitGTK's own small browser (MiniBrowser) is not on this machine: {INSTALL}."
    if not os.environ.get("DISPLAY") and not shutil.which("Xvfb"):
        return f"WebKitGTK needs a screen, and neither DISPLAY nor Xvfb is here: {INSTALL}."
    return ""


def _mini_browser() -> str:
    places = [p for top in ("/usr/lib", "/usr/libexec") for p in Path(top).glob(f"**/{BROWSERS}")]
    return str(places[0]) if places else ""


class Page:
    """One window, driven by WebDriver."""

    def __init__(self, driver: str) -> None:
        self._driver = driver
        options = {"binary": _mini_browser(), "args": ["--automation"]}
        wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
        self._session = f"/session/{self._ask('POST', '/session', wanted)['sessionId']}"
        self._ask("POST", f"{self._session}/timeouts", {"script": 120_000, "pageLoad": 60_000})

    def goto(self, url: str) -> None:
        """Open an address."""
        self._ask("POST", f"{self._session}/url", {"url": url})

    @property
    def url(self) -> str:
        """Where it stands."""
        return self._ask("GET", f"{self._session}/url")

    def call(self, script: str, argument: object = None):
        """Run an async function of one argument in the page. Raises RuntimeError with its fault."""
        body = {"script": CALL.format(script=script), "args": [argument]}
        answer = self._ask("POST", f"{self._session}/execute/async", body)
        if isinstance(answer, dict) and "fault" in answer:
            raise RuntimeError(answer["fault"])
        return answer

    def find(self, selector: str) -> str:
        """The first element of a selector, by its reference."""
        return self._ask("POST", f"{self._session}/element", {"using": "css selector", "value": selector})[ELEMENT]

    def type(self, selector: str, words: str) -> None:
        """Type into a field."""
        self._ask("POST", f"{self._session}/element/{self.find(selector)}/value", {"text": words})

    def click(self, selector: str) -> None:
        """Click an element."""
        self._ask("POST", f"{self._session}/element/{self.find(selector)}/click", {})

    def picture(self) -> bytes:
        """What it shows, as a PNG."""
        return base64.b64decode(self._ask("GET", f"{self._session}/screenshot"))

    def close(self) -> None:
        """End the session."""
        self._ask("DELETE", self._session)

    def _ask(self, method: str, path: str, body: object = None):
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(self._driver + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(asked, timeout=180) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            said = json.load(error)["value"]
            raise RuntimeError(f"{said.get('error')}: {said.get('message')}") from error


@contextlib.contextmanager
def window() -> Iterator[Page]:
    """A window of a WebKitGTK of our own, on a screen of our own where there is none."""
    port = stage.free_port()
    command = ["WebKitWebDriver", f"--port={port}", "--host=127.0.0.1"]
    if not os.environ.get("DISPLAY"):
        command = ["xvfb-run", "-a", *command]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, start_new_session=True, **quiet)
    try:
        page = Page(_up(f"http://127.0.0.1:{port}"))
        try:
            yield page
        finally:
            with contextlib.suppress(RuntimeError, OSError):
                page.close()
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def _up(driver: str, seconds: float = 30) -> str:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{driver}/status", timeout=2):
            return driver
        time.sleep(0.1)
    raise RuntimeError(f"WebKitWebDriver did not answer within {seconds:.0f} s")


@contextlib.contextmanager
def in_webkit(draw: Draw) -> Iterator[Reader]:
    """A reader of pictures by name, in WebKitGTK."""
    with gallery.hung(draw) as hung, window() as page:
        page.goto(hung.base)
        page.call(gallery.BEGIN, hung.decoder)

        def read(names: list[str]) -> list[reading.Read]:
            step = reading.AT_ONCE
            parts = [names[i : i + step] for i in range(0, len(names), step)]
            return [one for part in parts for one in reading.found(page.call(gallery.READ, part))]

        yield read
