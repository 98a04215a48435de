"""`make first-page`: the first page of a round on a phone that never saw it, over a slow line. Printed beside the bar.

Chromium plays the phone: 360 x 640, four times slower, the "Slow 4G" of its own tools (1.6 Mbit/s, 562 ms), nothing
kept from before, no service worker. The bytes are those of the line, headers and all, as compressed for plain http
(gzip; over https Brotli makes them fewer). Counts judge; times are printed for what they are.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [path for path in (str(ROOT), str(ROOT / "tools")) if path not in sys.path]

from bench import demo  # noqa: E402
from tests import stage  # noqa: E402

MOST_BYTES, MOST_REQUESTS, MOST_SHIFT, MOST_PHOTO = 60_000, 8, 0.0, 4_096
SCREEN = {"width": 360, "height": 640}
SLOWER = 4  # times
SLOW_4G = {
    "offline": False,
    "latency": 562.5,  # milliseconds
    "downloadThroughput": 1.6e6 / 8 * 0.9,  # bytes a second
    "uploadThroughput": 750e3 / 8 * 0.9,
}

_WATCH = """
window.seen = { shift: 0, largest: 0, what: "" };
new PerformanceObserver((list) => list.getEntries().forEach((e) => { window.seen.shift += e.value; }))
  .observe({ type: "layout-shift", buffered: true });
new PerformanceObserver((list) => list.getEntries().forEach((e) => {
  window.seen.largest = e.startTime; window.seen.what = e.element ? e.element.tagName + "." + e.element.className : "";
})).observe({ type: "largest-contentful-paint", buffered: true });
"""


@dataclass
class Asked:
    """One request of the page: when it was asked for, in milliseconds, and what came over the line for it."""

    name: str
    at: float = 0.0
    size: int = 0
    head: int = 0  # of it, the answer's headers


@dataclass
class First:
    """What a first page came to."""

    asked: list[Asked] = field(default_factory=list)
    painted: float = 0.0  # milliseconds: first and largest paint, the load event
    largest: float = 0.0
    what: str = ""
    loaded: float = 0.0
    shift: float = 0.0
    lines: int = 0  # people on the list

    @property
    def photos(self) -> list[Asked]:
        """Faces: asked for lazily, each into a box that has its size already."""
        return [a for a in self.asked if "/photo" in a.name]

    @property
    def needed(self) -> list[Asked]:
        """Everything asked for until the page has loaded, but the faces: the list needs nothing that comes later."""
        return [a for a in self.asked if a.at < self.loaded and a not in self.photos]

    @property
    def later(self) -> list[Asked]:
        """What is fetched when the page has come to rest."""
        return [a for a in self.asked if a not in self.needed and a not in self.photos]


def look(browser, url: str, sign_in: Callable, *, slow: bool = True) -> First:
    """Open `url` as somebody signed in on a phone that keeps nothing, and watch it come."""
    entrance = browser.new_context(viewport=SCREEN)
    sign_in(entrance.new_page())
    phone = browser.new_context(
        viewport=SCREEN, device_scale_factor=2, is_mobile=True, has_touch=True, service_workers="block"
    )
    phone.add_cookies(entrance.cookies())
    phone.add_init_script(_WATCH)
    page, first = phone.new_page(), First()
    line = phone.new_cdp_session(page)
    _listen(line, first)
    if slow:
        line.send("Network.emulateNetworkConditions", SLOW_4G)
        line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(url, wait_until="load")
    page.wait_for_load_state("networkidle")
    _read(page, first)
    entrance.close()
    phone.close()
    return first


def _listen(line, first: First) -> None:
    """Take down every request with its bytes."""
    known: dict[str, Asked] = {}

    def sent(event: dict) -> None:
        url = event["request"]["url"]
        if url.startswith("http"):
            known[event["requestId"]] = Asked("/" + url.split("/", 3)[-1])
            first.asked.append(known[event["requestId"]])

    def came(event: dict) -> None:
        if event["requestId"] in known:
            known[event["requestId"]].size = int(event["encodedDataLength"])

    def headed(event: dict) -> None:
        if event["requestId"] in known:
            known[event["requestId"]].head = int(event["response"]["encodedDataLength"])

    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    line.on("Network.requestWillBeSent", sent)
    line.on("Network.responseReceived", headed)
    line.on("Network.loadingFinished", came)


def _read(page, first: First) -> None:
    """Take over the page's own times: when it asked for what is told by the same clock as when it had loaded."""
    told = page.evaluate(
        """() => ({ ...window.seen,
          painted: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
          loaded: performance.getEntriesByType("navigation")[0].loadEventStart,
          began: performance.getEntriesByType("resource").map((e) => [new URL(e.name).pathname, e.startTime]),
          lines: document.querySelectorAll("#now .rows > li, #now .late").length })"""
    )
    first.painted, first.largest, first.what = told["painted"], told["largest"], told["what"]
    first.loaded, first.shift, first.lines = told["loaded"], told["shift"], told["lines"]
    began = {name: at for name, at in reversed(told["began"])}  # the first time counts
    for asked in first.asked[1:]:
        asked.at = began.get(asked.name.partition("?")[0], first.loaded)  # the browser's own, as its icon, come last


# ---------------------------------------------------------------- printed


def judged(first: First) -> list[tuple[str, str, bool]]:
    """Each figure beside its bar, and whether it is met."""
    size, count = sum(a.size for a in first.needed), len(first.needed)
    largest_photo = max((a.size - a.head for a in first.photos), default=0)
    return [
        ("bytes until readable", f"{size / 1000:.1f} kB (at most {MOST_BYTES // 1000})", size <= MOST_BYTES),
        ("requests until readable", f"{count} (at most {MOST_REQUESTS})", count <= MOST_REQUESTS),
        ("layout shift", f"{first.shift:.3f} (at most {MOST_SHIFT:.0f})", first.shift <= MOST_SHIFT),
        (
            f"faces, lazily: {len(first.photos)}, the largest",
            f"{largest_photo / 1000:.1f} kB (at most {MOST_PHOTO / 1000:.1f})",
            largest_photo <= MOST_PHOTO,
        ),
    ]


def told(first: First) -> str:
    """The whole report."""
    said = [f"{'met' if met else 'NOT MET':8} {what:34} {figure}" for what, figure, met in judged(first)]
    said.append(
        f"{'':8} first paint {first.painted:.0f} ms, largest {first.largest:.0f} ms ({first.what}), "
        f"loaded {first.loaded:.0f} ms; {first.lines} on the list"
    )
    for title, several in (("until readable", first.needed), ("faces", first.photos), ("at rest", first.later)):
        said.append(f"  {title}: {len(several)} requests, {sum(a.size for a in several) / 1000:.1f} kB")
        said += [f"    {a.at:7.0f} ms {a.size:7,} {a.name}" for a in several]
    return "\n".join(said)


def main() -> int:
    """Serve the demo, look once, print. The exit code is 1 when a count misses its bar."""
    import browser as chromium
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory(prefix="first-page-") as folder:
        with demo.served(Path(folder)) as base, sync_playwright() as play:
            phone = play.chromium.launch(executable_path=chromium.find_or_install(), args=stage.QUIET)
            first = look(phone, f"{base}{demo.HOME}/round", lambda page: demo.sign_in(page, base))
            phone.close()
    print(told(first))
    return 0 if all(met for *_, met in judged(first)) else 1


if __name__ == "__main__":
    raise SystemExit(main())
