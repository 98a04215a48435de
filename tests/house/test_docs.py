"""What the documents say is there, is there."""

import re

import pytest

from tests.house import pictures
from tests.house.source import PACKAGES, ROOT, calls, modules, read

PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
MAKEFILE = read(ROOT / "Makefile")


def where(path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=where)
def test_every_make_command_named_exists(page):
    said = re.findall(r"`make ([a-z-]+)|^make ([a-z-]+)", read(page), re.MULTILINE)
    named = {a or b for a, b in said}
    there = set(re.findall(r"^([a-z-]+):.*##", MAKEFILE, re.MULTILINE))
    assert named <= there


def test_the_makefile_lists_every_target_and_the_setup_knows_each():
    phony = set(re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)[1].split())
    listed = set(re.findall(r"^([a-z-]+):.*##", MAKEFILE, re.MULTILINE))
    assert phony == listed
    setup = read(ROOT / "tools" / "setup.py")
    missing = [t for t in listed - {"help"} if not re.search(rf"^def {t.replace('-', '_')}\(", setup, re.MULTILINE)]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=where)
def test_every_link_inside_the_repository_leads_somewhere(page):
    links = re.findall(r"\]\((?!https?://|#)([^)#\s]+)[^)]*\)", read(page))
    assert [x for x in links if not (page.parent / x).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=where)
def test_every_path_named_in_code_marks_exists(page):
    made = ("var/", "static/vendor", "node_modules", ".venv/bin", "…")
    named = re.findall(r"`((?:medpwa|tests|tools|migrations|docs|bench|templates|static|\.ci)/[\w./-]+)`", read(page))
    named = [n for n in named if "/fridge/" not in n]  # the example of how-to-add-a-capability.md
    missing = [n for n in named if not n.startswith(made) and not (ROOT / n.rstrip("/")).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=where)
def test_every_flask_command_named_exists(page):
    commands = {c.args[0].value for m in modules() if m.stem == "cli" for n, c in calls(m.tree)
                if n.endswith(("cli.command", "group.command", "AppGroup"))}  # fmt: skip
    named = re.findall(r"flask --app app ([a-z-]+)", read(page))
    assert set(named) <= commands


def test_every_setting_named_in_the_readme_is_read_and_every_one_read_is_named():
    config = read(ROOT / "medpwa" / "config.py")
    read_there = set(re.findall(r"env\.get\(\"([A-Z_]+)\"", config)) - {"DEBUG", "FLASK_DEBUG", "MEDPWA_VAR"}
    table = set(re.findall(r"`([A-Z][A-Z_]{3,})`", read(ROOT / "README.md")))
    assert read_there <= table | {"MEDPWA_MODE"}, "a setting the README does not name"
    assert table <= set(re.findall(r"\b[A-Z_]{4,}\b", config)), "a setting nothing reads"


def test_the_made_parts_of_the_architecture_are_as_the_code_is():
    pictures.import_everything()
    text = read(pictures.PAGE)
    assert [m[2] for m in pictures.BLOCK.finditer(text)] == list(pictures.MADE)
    assert pictures.drawn(text) == text, ".venv/bin/python -m tests.house.pictures writes them anew"


def test_every_package_says_what_it_holds_in_one_line():
    for name in PACKAGES:
        words = read(ROOT / "medpwa" / name / "__init__.py").strip()
        assert words.startswith('"""') and len(words.splitlines()[0]) <= 120, name


@pytest.mark.parametrize("page", [p for p in PAGES if "decisions" in p.parts], ids=where)
def test_a_decision_fits_on_a_page(page):
    assert len(read(page).split()) <= 900
    assert read(page).startswith("# ")


def test_core_decisions_are_written():
    wanted = {"time", "storage", "sessions", "sign-in", "ledger", "doors", "permits"}
    assert wanted <= {p.stem for p in PAGES if p.parent.name == "decisions"}
