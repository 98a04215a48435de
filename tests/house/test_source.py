"""How the source is written: sizes, words on every public function, one clock, nothing of others or of one machine."""

import ast
import re
from pathlib import Path

import pytest

from tests.house import waiting
from tests.house.source import MEDPWA, ROOT, Module, calls, files, functions, modules, parsed, read, strings

TEXT = {".py", ".html", ".css", ".js", ".md", ".toml", ".txt", ".in", ".json", ".yaml", ".yml", ".svg", ".webmanifest"}
TEXT |= {".sh", ".tsv", "", ".npmrc", ".gitignore"}
LONGEST = 400  # lines of a file


def text_files() -> list[Path]:
    return [p for p in files() if p.suffix in TEXT and p.stat().st_size < 2_000_000]


def where(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_file_of_the_product_outgrows_its_screenful():
    long = {m.where: m.text.count("\n") for m in modules() if m.text.count("\n") > LONGEST}
    assert long == {}, "split it by a domain word"


def test_most_functions_fit_on_a_screen():
    lengths = sorted(f.end_lineno - f.lineno + 1 for m in modules() for _, f in functions(m.tree))
    assert lengths[int(len(lengths) * 0.9)] <= 30
    assert lengths[len(lengths) // 2] <= 10


# ---------------------------------------------------------------- words and types


def public(module: Module) -> list[tuple[str, ast.FunctionDef]]:
    """Functions and methods that others may call; a framework's own hooks and what is inside them left out."""
    return [
        (name, f)
        for name, f in functions(module.tree)
        if not any(part.startswith("_") for part in name.split(".")) and not _is_overload(f)
    ]


def _is_overload(function: ast.FunctionDef) -> bool:
    names = {getattr(d, "id", getattr(d, "attr", "")) for d in function.decorator_list}
    return bool(names & {"property", "overload", "override", "setter"})


HOOKS = {"db_value", "python_value", "format", "open_session", "save_session"}  # overridden: the base class says it


def test_every_module_says_what_it_is_for():
    silent = [m.where for m in modules() if not ast.get_docstring(m.tree)]
    assert silent == []


def test_every_public_function_says_what_it_decides():
    silent = {
        f"{m.where} {name}"
        for m in modules()
        for name, f in public(m)
        if not ast.get_docstring(f) and f.name not in HOOKS
    }
    assert silent == waiting.SILENT


def test_every_public_class_says_what_it_is():
    silent = [
        f"{m.where}:{n.lineno} {n.name}"
        for m in modules()
        for n in m.tree.body
        if isinstance(n, ast.ClassDef) and not n.name.startswith("_") and not ast.get_docstring(n)
    ]
    assert silent == []


def test_every_public_function_says_what_it_takes_and_gives():
    bare = set()
    for module in modules():
        for name, f in public(module):
            if _is_page(f):
                continue  # a page takes who, about and the parts of its address, and gives an answer
            given = [*f.args.posonlyargs, *f.args.args, *f.args.kwonlyargs]
            untyped = [a.arg for a in given if a.annotation is None and a.arg not in ("self", "cls")]
            if untyped or (f.returns is None and not _is_decorator(f)):
                bare.add(f"{module.where} {name} {untyped or 'returns'}")
    assert bare == waiting.BARE


def _is_page(function: ast.FunctionDef) -> bool:
    """Whether a function is declared as a route: `@pages.get(…)`."""
    return any(
        isinstance(d, ast.Call) and isinstance(d.func, ast.Attribute) and d.func.attr in ("get", "post")
        for d in function.decorator_list
    )


def _is_decorator(function: ast.FunctionDef) -> bool:
    """A function that hands back its inner `wrap`, or delegates to one that does."""
    return any(isinstance(n, ast.FunctionDef) and n.name == "wrap" for n in function.body) or function.name in (
        "get",
        "post",
        "savepoint",
    )


# ---------------------------------------------------------------- one clock

TIME = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns"}
TIME |= {"time.localtime", "time.gmtime", "time.strftime"}


def test_only_the_clock_asks_the_time():
    asked = [
        f"{m.where}:{call.lineno} {name}"
        for m in modules()
        if m.stem != "clock"
        for name, call in calls(m.tree)
        if ".".join(name.split(".")[-2:]) in TIME
    ]
    assert asked == []


def test_the_database_is_never_asked_the_time():
    words = re.compile(r"CURRENT_TIMESTAMP|CURRENT_DATE|\bNOW\(\)|datetime\('now'|unixepoch\(", re.IGNORECASE)
    paths = [m.path for m in modules()] + sorted((ROOT / "migrations").glob("*.py"))
    assert [where(p) for p in paths if any(words.search(s) for s in strings(parsed(p)))] == []


def test_nothing_in_the_product_prints_but_what_talks_to_a_terminal():
    allowed = {"server"}
    printing = [f"{m.where}:{c.lineno}" for m in modules() for n, c in calls(m.tree) if n == "print"
                and m.stem not in allowed]  # fmt: skip
    assert printing == []


# ---------------------------------------------------------------- templates

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
INLINE = [
    (re.compile(r"\sstyle\s*="), "style="),
    (re.compile(r"<style[\s>]"), "<style>"),
    (re.compile(r"<script(?![^>]*\ssrc=)[^>]*>"), "a script without src"),
    (re.compile(r"\son[a-z]+\s*="), "an on… attribute"),
    (re.compile(r"javascript:"), "javascript:"),
    (re.compile(r"\|\s*safe\b"), "|safe"),
    (re.compile(r"\bautoescape\s+false"), "autoescape off"),
    (re.compile(r"hx-boost"), "hx-boost"),
    (re.compile(r"hx-on"), "hx-on"),
    (re.compile(r"""(?:src|href|action)=["']https?://"""), "an address elsewhere"),
]


def test_there_are_templates_to_look_at():
    assert len(TEMPLATES) > 5


@pytest.mark.parametrize(("pattern", "name"), INLINE, ids=[name for _, name in INLINE])
def test_templates_hold_nothing_the_content_policy_forbids(pattern, name):
    found = {where(p) for p in TEMPLATES if pattern.search("\n".join(_plain(p)))}
    assert found == (waiting.SAFE if name == "|safe" else set())


def _plain(path: Path) -> list[str]:
    """A template's lines with Jinja's comments blanked."""
    return re.sub(r"\{#.*?#\}", lambda m: "\n" * m[0].count("\n"), read(path), flags=re.DOTALL).splitlines()


def test_templates_do_no_date_arithmetic():
    words = re.compile(r"\bstrftime\b|\btimedelta\b|\bnow\(\)|\.total_seconds\b|\.isoformat\b|\.astimezone\b")
    assert [where(p) for p in TEMPLATES if words.search(read(p))] == []


def test_every_form_that_posts_carries_the_token():
    form = re.compile(r"<form\b[^>]*\bmethod=[\"']post[\"'][^>]*>(.*?)</form>", re.IGNORECASE | re.DOTALL)
    bare = [where(p) for p in TEMPLATES for m in form.finditer(read(p)) if not _has_token(m[1])
            and not _signs_in(m[0])]  # fmt: skip
    assert bare == []


def _has_token(form: str) -> bool:
    """A component that is kept leaves a hole for the token, which its page fills (medpwa/components.py)."""
    return "csrf_field()" in form or 'hole("csrf")' in form


def _signs_in(form: str) -> bool:
    return 'action="/sign-in"' in form  # before it there is no session a token could belong to


def test_templates_load_nothing_that_is_not_there():
    missing = []
    for path in TEMPLATES:
        for name in re.findall(r"""{%-?\s*(?:include|extends|import|from)\s+["']([^"']+)["']""", read(path)):
            if not (ROOT / "templates" / name).exists():
                missing.append(f"{where(path)}: {name}")
    assert missing == []


def test_views_render_nothing_that_is_not_there():
    missing = []
    for module in modules():
        for name, call in calls(module.tree):
            first = call.args[0] if call.args else None
            if name.endswith("render_template") and isinstance(first, ast.Constant):
                if not (ROOT / "templates" / first.value).exists():
                    missing.append(f"{module.where}:{call.lineno} {first.value}")
    assert missing == []


# ---------------------------------------------------------------- what is in the repository


def test_no_code_of_others_is_committed():
    folders = r"(^|/)(vendor|node_modules|third[_-]party|site-packages)/"
    vendor = re.compile(folders + r"|\.min\.(js|css)$|\.(wasm|woff2?|ttf|otf)$")
    banners = re.compile(r"/\*!|@license|Licensed under|Copyright \(c\)|sourceMappingURL", re.IGNORECASE)
    found = [where(p) for p in files() if vendor.search(where(p))]
    found += [where(p) for p in text_files() if p.suffix in (".js", ".css") and banners.search(read(p))]
    assert found == []


def test_nothing_that_set_up_or_the_product_makes_is_committed():
    made = re.compile(r"^(var|\.venv|node_modules)/|\.(db|db-wal|db-shm|sqlite3?|pyc|log|key)$|(^|/)__pycache__/")
    assert [where(p) for p in files() if made.search(where(p))] == []


def test_nothing_names_a_place_on_somebodys_machine():
    roots = r"(?<![\w/.-])/(?:work|home|Users|root|mnt|media)/[\w.-]+"
    place = re.compile(rf"{roots}|[A-Z]:\\\\Users|(?<![\w/.-])/tmp/[\w-]+")
    found = [
        f"{where(p)}:{n}"
        for p in text_files()
        for n, line in enumerate(read(p).splitlines(), 1)
        if place.search(line)
    ]
    assert found == []


def test_lock_files_name_no_host():
    assert '"resolved"' not in read(ROOT / "package-lock.json")
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-node.txt"):
        text = read(ROOT / name)
        assert "http" not in text.replace("httpx", "").replace("httpcore", "").replace("httplib", "")
        assert "--index-url" not in text and "--hash=sha256:" in text


def test_no_secret_is_written_down():
    keys = r"-----BEGIN [A-Z ]*PRIVATE KEY-|AKIA[0-9A-Z]{16}|ghp_[A-Za-z0-9]{30,}"
    looks = re.compile(keys + r"|SECRET_KEY\s*=\s*[\"'][^\"']{12,}")
    found = [where(p) for p in text_files() if looks.search(read(p))]
    assert found == []


def test_nothing_is_left_to_be_done_in_the_code():
    later = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    paths = [m.path for m in modules()] + TEMPLATES
    assert [where(p) for p in paths if later.search(read(p))] == []


def test_no_merge_was_left_half_done():
    halves = re.compile(r"^(<{7}|>{7}|\|{7}) ", re.M)
    assert [where(p) for p in text_files() if halves.search(read(p))] == []


def test_application_code_lives_where_the_customer_fixed_it():
    allowed = {"app.py", "medpwa", "templates", "static", "migrations", "tests", "tools", "bench", "docs", ".ci"}
    code = [where(p) for p in files() if p.suffix in (".py", ".html", ".js")]
    outside = {path for path in code if path.split("/")[0] not in allowed}
    assert outside == set()
    assert (ROOT / "app.py").read_text().count("\n") < 15
    assert MEDPWA.is_dir()


def test_no_test_sleeps_but_in_a_bounded_wait():
    """`until` of the server's tests, and the journeys' own waits, look again and end."""
    allowed = {"tests/core/test_server.py", "tests/stage.py"}
    found = []
    for path in sorted((ROOT / "tests").rglob("*.py")):
        if where(path) in allowed or "journeys" in path.parts:
            continue
        found += [f"{where(path)}:{c.lineno}" for n, c in calls(ast.parse(read(path))) if n in ("time.sleep", "sleep")]
    assert found == []


def test_code_comments_name_only_decisions_that_are_written():
    named = re.compile(r"docs/(?:decisions/)?[\w-]+\.md")
    missing = set()
    for path in text_files():
        for name in named.findall(read(path)):
            if not (ROOT / name).exists():
                missing.add(f"{where(path)}: {name}")
    assert missing == set()


def test_strings_with_a_status_word_are_not_compared_to_decide_anything():
    """No control flow on message text: errors carry a code."""
    found = []
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Compare) and any(isinstance(c, ast.Call) and getattr(c.func, "id", "") == "str"
                                                     for c in [node.left, *node.comparators]):  # fmt: skip
                if any(" " in s for s in strings(node)):
                    found.append(f"{module.where}:{node.lineno}")
    assert found == []
