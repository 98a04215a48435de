"""A served copy of the product for browsers: journeys, screenshots and the first dose all stand on it.

The real server with its real flags, on a loopback port of its own, stopped by its process id.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
# Chromium's own calls home would be refused one by one and slow every start.
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]


def free_port() -> int:
    """A loopback port nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(var: Path, port: int, *, clock: str = "", mode: str = "demo", database_url: str = "") -> dict[str, str]:
    """What a served copy runs under."""
    env = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "SECRET_KEY", "TRUSTED_HOSTS")}
    env |= {"MEDPWA_MODE": mode, "MEDPWA_VAR": str(var), "PORT": str(port), "PUBLIC_URL": f"http://127.0.0.1:{port}"}
    if clock:
        env["MEDPWA_CLOCK"] = clock
    if database_url:
        env["DATABASE_URL"] = database_url
    return env


@contextlib.contextmanager
def served(env: dict[str, str]) -> Iterator[str]:
    """Serve until the block ends; yields the base address."""
    base = env["PUBLIC_URL"]
    command = [sys.executable, "-m", "flask", "--app", "app", "serve"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )
    try:
        wait_until_serving(base, process)
        yield base
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        process.stderr.close()


def wait_until_serving(base: str, process: subprocess.Popen, seconds: float = START_SECONDS) -> None:
    """Return once the server answers; raise RuntimeError when it ended or the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            said = process.stderr.read().decode()[-800:] if process.stderr else ""
            raise RuntimeError(f"the server ended: {said}")
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{base}/healthz", timeout=2) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError(f"the server did not answer within {seconds} s")


# ---------------------------------------------------------------- cameras


def camera_file(path: Path, *pictures: bytes, frames_each: int = 1) -> Path:
    """A .y4m for Chromium's fake camera out of PNG pictures of labels as the product printed them."""
    from PIL import Image

    with path.open("wb") as out:
        out.write(b"YUV4MPEG2 W640 H480 F20:1 Ip A1:1 C420mpeg2\n")
        for png in pictures:
            frame = b"FRAME\n" + _grey(Image, png) + bytes([128]) * (640 * 480 // 2)
            out.write(frame * frames_each)
    return path


def _grey(image_module, png: bytes) -> bytes:
    """One 640 x 480 grey picture with a label held up in the middle; nothing at all is an empty wall."""
    import io

    wall = image_module.new("L", (640, 480), 128)
    if png:
        label = image_module.open(io.BytesIO(png)).convert("L")
        label.thumbnail((400, 400))
        wall.paste(label, ((640 - label.width) // 2, (480 - label.height) // 2))
    return wall.tobytes()


def camera_flags(path: Path) -> list[str]:
    """How Chromium is told to play it."""
    return [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={path}",
        *QUIET,
    ]


def sign_in(page, base: str, username: str, password: str) -> None:
    """Sign in by the page, as a person does."""
    page.goto(f"{base}/sign-in?with=password")
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def type_code(page, scan_url: str, code: str) -> None:
    """Open the camera page of a browser without a camera and type a label's letters, as a person then does."""
    page.goto(scan_url)
    form = page.locator("dialog.scanner form")
    form.locator("[name=code]").fill(code)
    form.get_by_role("button").click()
    page.wait_for_url(lambda url: "/scan" not in url)
