"""`make test-webkit`: a sample of the scanner's pictures and a short journey in WebKitGTK, Safari's engine on Linux.

Nothing is installed for it. Where its driver is missing, that is said and the exit code is 2, so that nobody takes a
skipped trial for a passed one. `make test` neither runs it nor mentions it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import drawing, gallery, scenes, webkit  # noqa: E402
from bench.scanner_report import part  # noqa: E402
from medpwa.demo.team import PASSPHRASE  # noqa: E402
from tests import stage  # noqa: E402

SAMPLE, LEAST = 24, 12
CLOCK = "2026-11-16T12:04"
READY = "async () => Boolean(document.querySelector('[data-js]:not([data-js-on])')) ? '' : document.title"
WORDS = "async (selector) => document.querySelector(selector)?.innerText ?? ''"
FIRST_DUE = "async () => document.querySelector('#now a.late, #now .rows a.row')?.getAttribute('href') ?? ''"


def main() -> int:
    """Run both and print what came of them."""
    if missing := webkit.what_is_missing():
        print(missing, file=sys.stderr)
        return 2
    sound = _pictures()
    with tempfile.TemporaryDirectory(prefix="steady-webkit-") as folder:
        sound &= _journey(Path(folder))
    return 0 if sound else 1


def _pictures() -> bool:
    some = scenes.scenes(SAMPLE)
    drawn = {str(s.number): gallery.png(drawing.picture(s)) for s in some}
    with webkit.in_webkit(drawn.__getitem__) as read:
        pairs = list(zip(some, read([str(s.number) for s in some]), strict=True))
    wrong = sum(r.judged(s.token) == "wrong" for s, r in pairs)
    read_well = sum(r.judged(s.token) == "read" for s, r in pairs)
    print(
        f"WebKitGTK, the set's first {SAMPLE} pictures: {part(pairs)} read, {wrong} wrongly (at least {LEAST}, 0 wrong)"
    )
    return not wrong and read_well >= LEAST


def _journey(folder: Path) -> bool:
    """Sign in, see who is due, open a card."""
    env = stage.environment(folder, stage.free_port(), clock=CLOCK)
    for words in (("db-up",), ("demo", "--if-empty")):
        subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", *words],
            cwd=ROOT, env=os.environ | env, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
    with stage.served(env) as base, webkit.window() as page:
        page.goto(f"{base}/sign-in")
        page.type("[name=username]", "sophie.bennett")
        page.type("[name=password]", PASSPHRASE)
        page.click("main form button")
        _until(lambda: "/round" in page.url, "the round did not open after sign-in")
        _until(lambda: page.call(READY), "the page's modules did not start")
        href = _until(lambda: page.call(FIRST_DUE), "nobody is due on the round")
        page.goto(base + href)
        heading = _until(lambda: page.call(WORDS, "h1"), "the card has no heading")
    print(f"WebKitGTK, the journey: signed in, the round opened, its modules started, the card says: {heading!r}")
    return True


def _until(asked, fault: str, seconds: float = 60):
    """The first answer that is something. Raises RuntimeError with `fault` when none came."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := asked():
            return answer
        time.sleep(0.2)
    raise RuntimeError(fault)


if __name__ == "__main__":
    sys.exit(main())
