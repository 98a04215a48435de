"""What tools/setup.py decides, without a network: when a step is done again, what its commands are called, and what it
says where it cannot go on."""

import contextlib
import importlib.util
import re
import subprocess
import sys
from collections import namedtuple

import pytest

from tests.house.source import ROOT

TOOL = ROOT / "tools" / "setup.py"


@pytest.fixture
def setup(tmp_path, monkeypatch):
    """The tool as a module, with its folders in an empty place and nothing run for real."""
    spec = importlib.util.spec_from_file_location("steady_setup", TOOL)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    spec.loader.exec_module(module)
    for name, path in (("ROOT", tmp_path), ("VENV", tmp_path / ".venv"), ("MODULES", tmp_path / "node_modules"),
                       ("VAR", tmp_path / "var"), ("LOG", tmp_path / "var" / "setup.log"),
                       ("PYTHON", tmp_path / ".venv" / "bin" / "python"), ("RUNTIME", tmp_path / "requirements.txt"),
                       ("TESTS", tmp_path / "requirements-dev.txt")):  # fmt: skip
        monkeypatch.setattr(module, name, path)
    for folder in (".venv", "node_modules", "var"):
        (tmp_path / folder).mkdir()
    for name in ("requirements.txt", "requirements-dev.txt", "package.json", "package-lock.json", ".npmrc"):
        (tmp_path / name).write_text(f"flask==3.1 --hash=sha256:aa\n# {name}\n")
    module.ran = []
    monkeypatch.setattr(module, "must", lambda command, **kw: module.ran.append([str(w) for w in command]) or "")
    monkeypatch.setattr(module, "npm", lambda: ["npm"])
    monkeypatch.setattr(module, "become", lambda command: module.ran.append([str(w) for w in command]))
    monkeypatch.setattr(subprocess, "call", lambda command, **kw: module.ran.append([str(w) for w in command]) or 0)
    return module


# ---------------------------------------------------------------- names


def test_the_makefile_lists_the_commands_of_the_tool_and_no_others(setup):
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE)) - {"help"}
    phony = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split()) - {"help"}
    assert targets == phony == set(setup.COMMANDS)
    assert "first-dose" in targets


def test_every_target_says_what_it_does_and_every_command_has_words(setup):
    makefile = (ROOT / "Makefile").read_text()
    assert all(re.search(rf"^{name}: ## .+", makefile, re.MULTILINE) for name in setup.COMMANDS)
    assert all(command.__doc__ for command in setup.ALL)


def test_an_unknown_command_names_those_there_are(setup, capsys):
    assert setup.main(["serve"]) == 2 and setup.main([]) == 2
    assert capsys.readouterr().err.splitlines()[0] == f"Say one of: {', '.join(setup.COMMANDS)}."


@pytest.mark.parametrize("name", ["README.md", "docs/measured.md"])
def test_the_commands_the_papers_name_are_there(setup, name):
    named = set(re.findall(r"`make ([a-z-]+)", (ROOT / name).read_text()))
    assert named <= set(setup.COMMANDS)


# ---------------------------------------------------------------- stamps


def test_packages_are_installed_once_and_again_when_their_lock_says_something_else(setup, capsys):
    steps = setup.Steps(4)
    setup.install_packages(steps, setup.RUNTIME, "Python")
    setup.install_packages(steps, setup.RUNTIME, "Python")
    assert len(setup.ran) == 1 and "--require-hashes" in setup.ran[0] and ":all:" in setup.ran[0]
    setup.RUNTIME.touch()
    setup.install_packages(steps, setup.RUNTIME, "Python")
    assert len(setup.ran) == 1, "touching a file changes nothing in it"
    setup.RUNTIME.write_text("flask==3.2 --hash=sha256:bb\n")
    setup.install_packages(steps, setup.RUNTIME, "Python")
    assert len(setup.ran) == 2
    said = capsys.readouterr().out
    assert "[1/4] installing 1 Python packages …" in said and "[2/4] 1 Python packages: in place" in said


def test_an_installation_that_failed_leaves_no_stamp(setup, monkeypatch):
    def fails(command, **kw):
        raise setup.Stop("no network")

    monkeypatch.setattr(setup, "must", fails)
    with pytest.raises(setup.Stop):
        setup.install_packages(setup.Steps(1), setup.RUNTIME, "Python")
    assert not list(setup.VENV.glob(".installed*"))


def test_the_front_end_is_fetched_again_when_its_lock_changed_and_runs_no_scripts(setup, monkeypatch):
    monkeypatch.setitem(sys.modules, "browser", namedtuple("Browser", "system_npm")(lambda: True))
    for text in ("{}", "{}", '{"name": "steady"}'):
        (setup.ROOT / "package-lock.json").write_text(text)
        setup.fetch_front_end(setup.Steps(1))
    assert len(setup.ran) == 2 and all("--ignore-scripts" in words for words in setup.ran)


@pytest.mark.parametrize(
    ("mark", "asked", "made"),
    [
        ("{venv}\n{version}", "", False),
        ("/somewhere/else/.venv\n{version}", "", True),  # the folder was moved or copied here
        ("", "", True),
        ("{venv}\n3.99", "", False),
        ("{venv}\n3.99", "python3", True),  # another Python is asked for
    ],
)
def test_the_environment_is_made_again_only_when_it_no_longer_fits(setup, monkeypatch, mark, asked, made):
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    (setup.VENV / ".made-for").write_text(mark.format(venv=setup.VENV, version=version))
    monkeypatch.setattr(setup, "runs", lambda python: True)
    monkeypatch.setenv("PYTHON", asked) if asked else monkeypatch.delenv("PYTHON", raising=False)
    setup.make_environment(setup.Steps(1))
    assert bool(setup.ran) == made


def test_an_environment_that_is_a_link_is_never_emptied(setup, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "theirs").write_text("x")
    setup.VENV.rename(tmp_path / "away") if setup.VENV.exists() else None
    setup.VENV.symlink_to(other)
    with pytest.raises(SystemExit, match="a link to another"):
        setup.make_environment(setup.Steps(1))
    assert setup.ran == [] and (other / "theirs").exists()


def test_an_environment_whose_python_has_gone_is_made_again(setup, monkeypatch):
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    (setup.VENV / ".made-for").write_text(f"{setup.VENV}\n{version}")
    monkeypatch.delenv("PYTHON", raising=False)
    setup.make_environment(setup.Steps(1))
    assert setup.ran and setup.ran[0][1:3] == ["-m", "venv"]


# ---------------------------------------------------------------- the commands


def test_run_brings_the_database_up_to_date_looks_after_the_demo_and_serves(setup, monkeypatch):
    monkeypatch.setattr(setup, "check_port", lambda: None)
    monkeypatch.setattr(setup, "set_up_to_run", lambda steps: None)
    monkeypatch.setenv("MEDPWA_MODE", "production")
    setup.run([])
    assert [words[5:] for words in setup.ran] == [["db-up"], ["demo", "--if-empty"], ["serve"]]
    assert setup.os.environ["MEDPWA_MODE"] == "demo"


def test_a_step_of_ours_that_fails_ends_the_run_with_its_code(setup, monkeypatch):
    monkeypatch.setattr(subprocess, "call", lambda command, **kw: 3)
    with pytest.raises(SystemExit) as ended:
        setup.flask(setup.Steps(1), "looking after the demo home", "demo", "--if-empty")
    assert ended.value.code == 3


def test_a_taken_port_is_said_before_anything_is_set_up(setup, monkeypatch):
    with contextlib.closing(setup.socket.socket()) as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = held.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(setup.Stop, match=f"Port {port} on 127.0.0.1 cannot be used .*PORT={port + 1} make run"):
            setup.check_port()
    for odd in ("eighty", "70000", ""):
        monkeypatch.setenv("PORT", odd)
        setup.check_port()  # the product's own words about it are better


def test_clean_leaves_the_database_and_its_keys(setup):
    kept = {setup.ROOT / name for name in ("var/steady.db", "var/label.key", "var/demo-secret")}
    assert not kept & set(setup.MADE_BY_SETUP) and setup.ROOT / "var" not in setup.MADE_BY_SETUP


# ---------------------------------------------------------------- sentences

Version = namedtuple("Version", "major minor micro releaselevel serial")


def test_an_old_python_is_told_what_to_install_and_how_to_name_another(setup, monkeypatch):
    monkeypatch.setattr(sys, "version_info", Version(3, 9, 2, "final", 0))
    monkeypatch.setattr(sys, "version", "3.9.2 (default, Feb 28 2021)")
    said = setup.what_is_wrong_here()
    assert said.startswith("This needs Python 3.11 or newer and found 3.9.2 at ")
    assert said.endswith("install a newer one, or name another one: PYTHON=/path/to/python3.12 make run")


def test_a_python_without_its_venv_module_is_told_which_package_brings_it(setup, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert "lacks its venv module: install it (on Debian and Ubuntu: sudo apt install python3-venv)" in (
        setup.what_is_wrong_here()
    )


def test_what_runs_on_an_old_python_parses_there():
    """Down to the call that may start another Python, nothing is newer than Python 3.6 can read."""
    import ast

    head = TOOL.read_text().partition('if __name__ == "__main__":\n    use_a_fitting_python()')[0]
    ast.parse(head, feature_version=(3, 6))
    with pytest.raises(SyntaxError):  # the guard sees it: a match statement is of 3.10
        ast.parse("match x:\n    case 1: pass", feature_version=(3, 6))


@pytest.mark.parametrize(
    ("output", "says"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "not the one that was pinned, so nothing of it was used"),
        ("npm error code EINTEGRITY", "not the one that was pinned"),
        ("SSLError(CERTIFICATE_VERIFY_FAILED)", "set PIP_CERT and NODE_EXTRA_CA_CERTS to its file"),
        ("NewConnectionError: Failed to establish a new connection", "check the network or proxy"),
        ("getaddrinfo ENOTFOUND", "check the network or proxy"),
        ("ERROR: No matching distribution found for granian==2", "No ready-made granian fits Python"),
        ("something nobody expected", "pip failed; its own words are at the end of var/setup.log."),
    ],
)
def test_a_failure_is_one_sentence_with_the_way_out(setup, output, says):
    assert says in setup.why(output, "pip")


def test_a_stop_is_printed_alone_and_the_code_says_that_it_failed(setup, monkeypatch, capsys):
    def stops(extra):
        raise setup.Stop("The disk is full: make room.")

    monkeypatch.setitem(setup.COMMANDS, "run", stops)
    assert setup.main(["run"]) == 1
    assert capsys.readouterr().err == "The disk is full: make room.\n"
