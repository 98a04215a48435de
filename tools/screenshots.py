"""Photographs the pages of the demo home at 360 x 740 and 1280 x 800, light and dark: `make screenshots`.

The pictures go to var/screenshots/. The demo home is made afresh for it, standing at Monday 16 November 2026, 12:04, so
that two runs show the same. Prints how many pictures were taken and every page that complained.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

import browser as chromium  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402

from medpwa.demo.team import PASSPHRASE  # noqa: E402
from tests import stage  # noqa: E402

OUT = ROOT / "var" / "screenshots"
CLOCK = "2026-11-16T12:04"
SIZES = ((360, 740), (1280, 800))
SCHEMES = ("light", "dark")
HOME = "/h/rowanbank/"

# who looks, then name and address of each page; ids are those of the demo home's own order
PAGES: dict[str, tuple[tuple[str, str], ...]] = {
    "": (("sign-in", "/sign-in"), ("offline", "/offline"), ("enrol", "/enrol"), ("components", "/components")),
    "sophie.bennett": (
        ("round", HOME + "round"),
        ("card-not-scanned", HOME + "residents/1/card"),
        ("scan", HOME + "scan"),
        ("report-given", HOME + "residents/1/given-already"),
        ("me", "/me"),
        ("more", HOME + "more"),
        ("not-found", HOME + "residents/999/card"),
    ),
    "carol.whitfield": (("floor", HOME + "floor"), ("second-check", HOME + "orders")),
    "helen.marsh": (
        ("decisions", HOME + "decisions"),
        ("ledger", HOME + "ledger"),
        ("who-opened-what", HOME + "ledger/access"),
        ("chain-check", HOME + "ledger/check"),
        ("history-print", HOME + "residents/3/history/print"),
        ("devices", HOME + "devices"),
        ("people", HOME + "residents"),
        ("person", HOME + "residents/7"),
        ("person-new", HOME + "residents/new"),
        ("person-edit", HOME + "residents/7/edit"),
        ("allergies", HOME + "residents/7/allergies"),
        ("move", HOME + "residents/7/away"),
        ("photo", HOME + "residents/7/photo"),
        ("labels-of-person", HOME + "residents/7/labels"),
        ("labels", HOME + "labels"),
        ("codes", HOME + "codes"),
        ("medicines", HOME + "orders"),
        ("medicines-of-person", HOME + "residents/7/orders"),
        ("order", HOME + "orders/1"),
        ("order-new", HOME + "residents/7/orders/new"),
        ("sign-offs", HOME + "competency"),
        ("sign-offs-of-person", HOME + "competency/8"),
        ("staff", HOME + "staff"),
        ("staff-person", HOME + "staff/8"),
        ("staff-new", HOME + "staff/new"),
        ("duties", HOME + "duties"),
        ("reports", HOME + "reports"),
        ("report", HOME + "reports/1"),
        ("rounds", HOME + "rounds"),
        ("alerts", HOME + "alerts"),
        ("round-sheet", HOME + "round/sheet"),
    ),
}


def main() -> int:
    OUT.mkdir(parents=True, exist_ok=True)
    only = sys.argv[1] if len(sys.argv) > 1 else ""
    complaints: list[str] = []
    taken = 0
    with tempfile.TemporaryDirectory(prefix="screenshots-") as folder:
        env = stage.environment(Path(folder), stage.free_port(), clock=CLOCK)
        print("Making the demo home …", flush=True)
        making = [sys.executable, "-m", "flask", "--app", "app", "demo", "--fresh"]
        subprocess.run(making, cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)
        with stage.served(env) as base, sync_playwright() as play:
            phone = play.chromium.launch(executable_path=chromium.find_or_install(), args=stage.QUIET)
            for size in SIZES:
                for scheme in SCHEMES:
                    taken += _round_of(phone, base, size, scheme, complaints, only, Path(folder))
            phone.close()
    for words in complaints:
        print(f"  COMPLAINT {words}")
    print(f"{taken} pictures in {os.path.relpath(OUT, ROOT)}, {len(complaints)} complaints")
    return 1 if complaints else 0


def _round_of(chrome, base: str, size, scheme: str, complaints: list[str], only: str, folder: Path) -> int:
    taken = 0
    for username, pages in PAGES.items():
        context = chrome.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, device_scale_factor=2
        )
        page = context.new_page()
        page.on("pageerror", lambda e, who=username: complaints.append(f"{who}: {e}"))
        if username:
            stage.sign_in(page, base, username, PASSPHRASE)
        for name, path in pages:
            if only in name:
                page.goto(base + path)
                taken += _shoot(page, name, size, scheme)
        if username == "sophie.bennett" and only in "card stop":
            taken += _card(page, base, size, scheme, folder)
        if username == "helen.marsh" and only in "help":
            taken += _help(chrome, base, size, scheme)
        context.close()
    return taken


def _shoot(page: Page, name: str, size, scheme: str) -> int:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=OUT / f"{name}-{size[0]}-{scheme}.png")
    if page.evaluate("() => document.documentElement.scrollHeight > innerHeight * 1.2"):
        page.screenshot(path=OUT / f"{name}-{size[0]}-{scheme}-whole.png", full_page=True)
    return 1


def _codes(folder: Path) -> dict[str, str]:
    """Typed codes by the name people are called, from the demo's code sheet."""
    text = (folder / "code-sheet.html").read_text()
    return dict(re.findall(r"<figcaption>([^<,]*), [^<]*<br><b>(\w+)</b>", text))


def _card(page: Page, base: str, size, scheme: str, folder: Path) -> int:
    """The card of somebody due through its states, without recording anything, and the wrong-person stop."""
    codes = _codes(folder)
    stage.type_code(page, base + HOME + "scan", codes["Sylvia"])
    taken = _shoot(page, "card", size, scheme)
    page.locator("#dock button").click()
    page.locator("#card .chip", has_text="labels checked").wait_for()
    taken += _shoot(page, "card-ready", size, scheme)
    page.locator(".not-given summary").first.click()
    taken += _shoot(page, "card-not-taken", size, scheme)
    page.locator(".not-given summary").first.click()
    page.route("**/card/**", lambda route: route.abort())
    page.locator("#dock button").click()
    page.get_by_role("button", name="Try again").first.wait_for()
    taken += _shoot(page, "card-not-recorded", size, scheme)
    page.unroute("**/card/**")
    stage.type_code(page, base + HOME + "scan", codes["Ivy"])
    taken += _shoot(page, "stop", size, scheme)
    page.goto(base + HOME + "round")
    return taken


def _help(chrome, base: str, size, scheme: str) -> int:
    """What somebody not signed off sees: the card and the page that says who can help."""
    context = chrome.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, device_scale_factor=2
    )
    page = context.new_page()
    stage.sign_in(page, base, "chloe.evans", PASSPHRASE)
    page.goto(base + HOME + "residents/1/card")
    key = page.locator(".dose[id^=dose-]").first.get_attribute("id").removeprefix("dose-")
    taken = _shoot(page, "card-not-signed-off", size, scheme)
    page.goto(base + HOME + f"residents/1/help/{key}")
    taken += _shoot(page, "help", size, scheme)
    context.close()
    return taken


if __name__ == "__main__":
    sys.exit(main())
