"""Set this machine up and run one command: `python3 tools/setup.py run`, or `make run`.

Standard library only, since it runs before anything is installed. Every step is skipped when the content it was done
for has not changed. The words of pip and npm go to var/setup.log.
"""

import hashlib
import importlib.util
import json
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

OLDEST = (3, 11)
NEWER = ("python3.11", "python3.12", "python3.13", "python3.14")


def use_a_fitting_python():
    """Go on in this Python if it will do, else start again in one that does, else say what to install.

    Everything down to the call of this must parse and run on a Python 3 that is too old.
    """
    chosen = os.environ.get("PYTHON", "")
    settled = os.environ.pop("MEDPWA_SETUP_PYTHON", "")
    if chosen and not settled and shutil.which(chosen):
        restart_in(shutil.which(chosen))
    problem = what_is_wrong_here()
    if problem and not chosen and not settled:
        for name in NEWER:
            path = shutil.which(name)
            if path and fits(path):
                restart_in(path)
    if problem:
        sys.exit(problem)


def what_is_wrong_here():
    """One sentence if this Python cannot make the environment, else nothing."""
    way_out = "or name another one: PYTHON=/path/to/python3.12 make run"
    if sys.version_info < OLDEST:
        found = f"{sys.version.split()[0]} at {sys.executable}"
        return f"This needs Python 3.11 or newer and found {found}: install a newer one, {way_out}"
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        install = "install it (on Debian and Ubuntu: sudo apt install python3-venv)"
        return f"The Python at {sys.executable} lacks its venv module: {install}, {way_out}"
    return ""


def fits(path):
    """Whether that Python is new enough and can make a virtual environment."""
    ask = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))"
    return subprocess.call([path, "-c", ask], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


def restart_in(path):
    """Become that Python; the mark in the environment keeps it from choosing again."""
    os.environ["MEDPWA_SETUP_PYTHON"] = path
    os.execv(path, [path, *sys.argv])


if __name__ == "__main__":
    use_a_fitting_python()

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
MODULES = ROOT / "node_modules"
VAR = ROOT / "var"
LOG = VAR / "setup.log"
RUNTIME, TESTS = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"
UV = "uv==0.13.9"
MADE_BY_SETUP = (VENV, MODULES, VAR / "assets", VAR / "browser", VAR / "lock-tools", LOG)
CACHES = (".pytest_cache", ".ruff_cache", ".hypothesis", "__pycache__")

UNREACHABLE = re.compile(
    r"NewConnectionError|NameResolutionError|name resolution|Failed to establish|ConnectTimeout|ReadTimeout|"
    r"Read timed out|Network is unreachable|ProxyError|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|"
    r"EHOSTUNREACH|ENETUNREACH"
)
UNTRUSTED = re.compile(r"CERTIFICATE_VERIFY_FAILED|CERT_IN_CHAIN|UNABLE_TO_(GET|VERIFY)|SELF_SIGNED_CERT")
NOT_THE_PINNED = re.compile(r"DO NOT MATCH THE HASHES|EINTEGRITY")
NO_WHEEL = re.compile(r"No matching distribution found for ([A-Za-z0-9._-]+)")


class Stop(Exception):
    """Set-up cannot go on; the message is one sentence with the way out."""


class Steps:
    """Tells what is being done, how far along that is, and how long each step took."""

    def __init__(self, total: int) -> None:
        self.total, self.at = total, 0

    @contextmanager
    def step(self, what: str, talks: bool = False):
        """Announce a step and time it. One that `talks` prints lines of its own in between."""
        self.at += 1
        say(f"[{self.at}/{self.total}] {what} …", end="\n" if talks else "")
        began = time.monotonic()
        try:
            yield
        except BaseException:
            say("" if talks else " failed")
            raise
        if not talks:
            say(f" {time.monotonic() - began:.1f} s")

    def skip(self, what: str) -> None:
        """Count a step for which nothing was to do."""
        self.at += 1
        say(f"[{self.at}/{self.total}] {what}: in place")


def say(words: str, end: str = "\n") -> None:
    """Print at once, so that a long step is announced before it begins."""
    print(words, end=end, flush=True)


# --- the steps ------------------------------------------------------------------------------------------------------


def make_environment(steps: Steps) -> None:
    """`.venv`, made again when the folder was moved or copied here, its Python has gone, or another is asked for."""
    mark, version = VENV / ".made-for", f"{sys.version_info.major}.{sys.version_info.minor}"
    folder, _, made_with = read(mark).partition("\n")
    asked_for_another = "PYTHON" in os.environ and made_with != version
    if folder == str(VENV) and made_with and runs(PYTHON) and not asked_for_another:
        return steps.skip(f"Python {made_with} environment")
    if VENV.is_symlink():  # making it anew would empty what it points to, which another folder may run from
        raise SystemExit(".venv is a link to another folder’s environment. Remove the link, and run this again.")
    with steps.step(f"making a Python {version} environment in .venv"):
        must([sys.executable, "-m", "venv", "--clear", str(VENV)])
        mark.write_text(f"{VENV}\n{version}")


def install_packages(steps: Steps, lock: Path, kind: str) -> None:
    """Exactly the locked packages, each checked against its hash, none built here."""
    stamp = VENV / f".installed-{lock.stem}"
    wanted = digest(RUNTIME, lock)
    what = f"{count_packages(lock)} {kind} packages"
    if read(stamp) == wanted:
        return steps.skip(what)
    with steps.step(f"installing {what}"):
        pip_install("--require-hashes", "--only-binary", ":all:", "-r", str(lock))
        stamp.write_text(wanted)


def fetch_front_end(steps: Steps) -> None:
    """`npm ci` without install scripts, by this machine's npm or the one in the Node.js wheel."""
    import browser

    stamp = MODULES / ".installed"
    wanted = digest(ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc")
    if read(stamp) == wanted:
        return steps.skip("front-end packages")
    aside = "" if browser.system_npm() else " (no npm here: and Node.js, 60 MB, for that)"
    with steps.step(f"fetching the front-end packages{aside}"):
        # A newer Node.js then trusts what the machine trusts: networks that inspect traffic need it.
        os.environ.setdefault("NODE_USE_SYSTEM_CA", "1")
        patience = ["--prefer-offline", "--fetch-retries=2", "--fetch-retry-mintimeout=2000"]
        must([*npm(), "ci", "--ignore-scripts", *patience])
        stamp.write_text(wanted)


def build_assets(steps: Steps) -> None:
    """Fonts, icons, scanner, scripts and styles, compressed, under an address of their own."""
    with steps.step("building the assets"):
        must([PYTHON, "tools/assets.py"], one_sentence=True)


def check_style(steps: Steps) -> None:
    """Ruff's findings are printed; any stops the tests."""
    with steps.step("checking the code with ruff", talks=True):
        code = subprocess.call([PYTHON, "-m", "ruff", "check", "--quiet", "--output-format", "concise", "."], cwd=ROOT)
        if code:
            say("Ruff found faults, listed above; mend them and run the tests again.")
            raise SystemExit(code)


def ensure_browser(steps: Steps) -> None:
    """A Chromium for the browser journeys, told to them in CHROMIUM."""
    with steps.step("finding a Chromium, or installing one"):
        os.environ["CHROMIUM"] = must([PYTHON, "tools/browser.py"], one_sentence=True).strip()


def flask(steps: Steps, what: str, *words: str) -> None:
    """One of the product's own commands, whose words go straight to the screen."""
    with steps.step(what, talks=True):
        code = subprocess.call(flask_command(*words), cwd=ROOT)
        if code:
            raise SystemExit(code)


# --- the commands ---------------------------------------------------------------------------------------------------


def run(extra: list[str]) -> None:
    """Set up, bring the demo home up, serve it."""
    os.environ["MEDPWA_MODE"] = "demo"
    check_port()
    steps = Steps(6)
    set_up_to_run(steps)
    flask(steps, "bringing the database up to date", "db-up")
    flask(steps, "looking after the demo home", "demo", "--if-empty")
    become(flask_command("serve", *extra))


def test(extra: list[str]) -> None:
    """Set up what the tests need, then check style and run them all."""
    steps = Steps(7)
    with one_at_a_time():
        make_environment(steps)
        install_packages(steps, RUNTIME, "Python")
        install_packages(steps, TESTS, "test")
        fetch_front_end(steps)
        check_style(steps)
        build_assets(steps)
        ensure_browser(steps)
    # One more than there are processors: browsers and servers make a test wait for others. Whoever is done takes over.
    side_by_side = str(min(os.cpu_count() or 1, 4) + 1)
    become([PYTHON, "-m", "pytest", "-n", side_by_side, "--dist", "worksteal", "-q", *extra])


def demo(extra: list[str]) -> None:
    """Begin the demo home afresh."""
    os.environ["MEDPWA_MODE"] = "demo"
    set_up_to_run(Steps(4))
    become(flask_command("demo", "--fresh", *extra))


def verify(extra: list[str]) -> None:
    """Check every chain of the ledger."""
    os.environ.setdefault("MEDPWA_MODE", "demo")
    set_up_to_run(Steps(4))
    become(flask_command("ledger", "verify", *extra))


def attack(extra: list[str]) -> None:
    """Send everything a stranger can send."""
    with_test_tools("tests/attack/__main__.py", extra)


def bench(extra: list[str]) -> None:
    """Measure."""
    with_test_tools("bench/run.py", extra)


def growth(extra: list[str]) -> None:
    """Measure on ten times the history."""
    with_test_tools("bench/run.py", extra or ["--growth", "900"])


def first_page(extra: list[str]) -> None:
    """Look at the first page on a phone over a slow line."""
    with_test_tools("bench/first_page.py", extra)


def kills(extra: list[str]) -> None:
    """Kill the server under load, again and again, and judge what is left."""
    set_up_to_run(Steps(4))
    become([PYTHON, "bench/faults/run.py", *extra])


def sabotage(extra: list[str]) -> None:
    """Take each control of the hazard log away, one at a time, and see that its tests notice."""
    with_test_tools("tools/sabotage.py", extra)


def scanner(extra: list[str]) -> None:
    """Have the set of label pictures read."""
    with_test_tools("bench/scanner.py", extra)


def test_webkit(extra: list[str]) -> None:
    """Try a second engine, where it is installed."""
    with_test_tools("bench/webkit_trial.py", extra)


def first_dose(extra: list[str]) -> None:
    """Time a clean clone to its first stored dose."""
    with_test_tools("tools/first_dose.py", extra)


def screenshots(extra: list[str]) -> None:
    """Photograph the pages."""
    with_test_tools("tools/screenshots.py", extra)


def lock(extra: list[str]) -> None:
    """Pin again what the .in files and package.json ask for; `--upgrade` takes the newest."""
    steps = Steps(4)
    make_environment(steps)
    with steps.step(f"fetching {UV}"):
        tools = VAR / "lock-tools"
        must([sys.executable, "-m", "venv", "--clear", str(tools)])
        pip_install(UV, python=tools / PYTHON.relative_to(VENV))
    with steps.step("locking the Python packages"):
        uv = [(tools / PYTHON.relative_to(VENV)).with_name("uv"), "pip", "compile", "--quiet", "--no-config"]
        uv += ["--universal", "--generate-hashes", "--python-version", "3.11", "--no-emit-index-url"]
        uv += ["--custom-compile-command", "make lock", *extra]
        for name in ("requirements", "requirements-dev", "requirements-node"):
            must([*uv, f"{name}.in", "-o", f"{name}.txt"])
    with steps.step("locking the front-end packages"):
        must([*npm(), "install", "--package-lock-only", "--ignore-scripts"])
        drop_funding(ROOT / "package-lock.json")


def clean(extra: list[str]) -> None:
    """Remove what set-up made; the database and its keys stay."""
    for path in (*MADE_BY_SETUP, *(ROOT / name for name in CACHES)):
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    for folder in ("medpwa", "tests", "tools", "bench", "migrations"):
        for path in list((ROOT / folder).rglob("__pycache__")):
            shutil.rmtree(path)


RUNS = (run, test, test_webkit, demo)
MEASURES = (attack, bench, growth, first_page, scanner, kills, sabotage, first_dose)
ALL = (*RUNS, *MEASURES, screenshots, verify, lock, clean)
COMMANDS = {command.__name__.replace("_", "-"): command for command in ALL}


def set_up_to_run(steps: Steps) -> None:
    """The four steps before any of the product's own commands."""
    with one_at_a_time():
        make_environment(steps)
        install_packages(steps, RUNTIME, "Python")
        fetch_front_end(steps)
        build_assets(steps)


def with_test_tools(script: str, extra: list[str]) -> None:
    """Set up with the test packages and a browser, then run a script of ours."""
    steps = Steps(6)
    with one_at_a_time():
        make_environment(steps)
        install_packages(steps, RUNTIME, "Python")
        install_packages(steps, TESTS, "test")
        fetch_front_end(steps)
        build_assets(steps)
        ensure_browser(steps)
    become([PYTHON, script, *extra])


# --- small tools ----------------------------------------------------------------------------------------------------


def check_port() -> None:
    """Say at once, before minutes of set-up, that the port is taken."""
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    if not port.isdigit() or not 0 < int(port) < 65536:
        return  # The product's own words about a wrong PORT are better.
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError as error:
            reason = f"Port {port} on {host} cannot be used ({error.strerror})"
            raise Stop(f"{reason}: stop what is using it, or choose another: PORT={int(port) + 1} make run") from None


def flask_command(*words: str) -> list:
    """`flask` by way of the environment's Python, which still works when the folder has a long or odd name."""
    return [PYTHON, "-m", "flask", "--app", "app", *words]


def npm() -> list[str]:
    """How to call npm here, with the Node.js wheel installed first where there is none."""
    import browser

    try:
        return browser.npm_command(str(PYTHON))
    except browser.BrowserError:
        raise Stop(why(read(LOG)[-20_000:], "The Node.js wheel")) from None


def pip_install(*words: str, python: Path = PYTHON) -> None:
    """pip, with a dot on the screen for each package it takes up."""
    command = [python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--retries", "3"]
    must([*command, "--progress-bar", "off", *words], dot_at=("Collecting ", "Processing "))


def must(command: list, dot_at: tuple[str, ...] = (), one_sentence: bool = False) -> str:
    """Run a command quietly, its words in the log, and stop with one sentence when it fails.

    `one_sentence` is for our own tools, which explain themselves in their last line.
    """
    process = subprocess.Popen(
        [str(word) for word in command], cwd=ROOT, text=True, errors="replace",
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    lines = []
    for line in process.stdout:
        lines.append(line)
        if dot_at and line.startswith(dot_at):
            say("", end=".")
    code, output = process.wait(), "".join(lines)
    VAR.mkdir(exist_ok=True)
    with LOG.open("a", encoding="utf-8") as log:
        log.write(f"\n$ {' '.join(str(word) for word in command)}\n{output}")
    if code and one_sentence and lines:
        raise Stop(lines[-1].strip())
    if code:
        raise Stop(why(output, Path(str(command[0])).name))
    return output


def why(output: str, who: str) -> str:
    """The one sentence for a failure, with the way out."""
    if "No space left on device" in output:
        return "The disk is full: make about 1 GB of room and run the same command again."
    if NOT_THE_PINNED.search(output):
        return "A package that came is not the one that was pinned, so nothing of it was used (see var/setup.log)."
    if UNTRUSTED.search(output):
        settings = "PIP_CERT and NODE_EXTRA_CA_CERTS"
        return f"This network inspects secure traffic with a certificate of its own: set {settings} to its file."
    if UNREACHABLE.search(output):
        return "The packages cannot be reached: check the network or proxy and run the same command again."
    missing = NO_WHEEL.search(output)
    if missing:
        here = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
        return f"No ready-made {missing[1]} fits {here}: use Python 3.11 to 3.14, as in PYTHON=python3.12 make run"
    return f"{who} failed; its own words are at the end of var/setup.log."


@contextmanager
def one_at_a_time():
    """Two set-ups in one folder would trip over each other; the second waits."""
    VAR.mkdir(exist_ok=True)
    try:
        import fcntl
    except ImportError:  # Windows has none; there the second set-up is on its own.
        yield
        return
    with (VAR / "setup.lock").open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another set-up is running in this folder; waiting for it …")
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def become(command: list) -> None:
    """Turn into the command, so that signals and the exit code are its own."""
    words = [str(word) for word in command]
    os.chdir(ROOT)
    if os.name == "nt":
        raise SystemExit(subprocess.call(words))
    os.execv(words[0], words)


def digest(*paths: Path) -> str:
    """Of the contents of the files, so that touching one changes nothing."""
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()


def read(path: Path) -> str:
    """The text of a file, or nothing where there is none."""
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def runs(python: Path) -> bool:
    """Whether that Python still starts: an upgrade of the machine's own may have taken it away."""
    return python.is_file() and subprocess.call([str(python), "-c", ""], stderr=subprocess.DEVNULL) == 0


def count_packages(lock: Path) -> int:
    """How many packages a lock holds, those for Windows alone left out."""
    pins = re.findall(r"^[A-Za-z0-9._-]+==[^\n]*", read(lock), re.MULTILINE)
    return sum("; sys_platform == 'win32'" not in pin for pin in pins)


def drop_funding(lock: Path) -> None:
    """Take the begging addresses out of the lock: it shall name packages and digests only."""
    content = json.loads(read(lock))
    for package in content["packages"].values():
        package.pop("funding", None)
    lock.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def main(words: list[str]) -> int:
    """Run the command named first; a failure is one sentence."""
    sys.stdout.reconfigure(errors="replace")  # a screen without … shall still show the rest
    name = words[0] if words else ""
    if name not in COMMANDS:
        print(f"Say one of: {', '.join(COMMANDS)}.", file=sys.stderr)
        return 2
    try:
        COMMANDS[name](words[1:])
    except Stop as stop:
        print(stop, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Set-up could not go on: {error}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; the same command goes on from here.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
