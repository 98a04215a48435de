"""The product's own source, read as text and as syntax trees: what the guards in this folder look at."""

from __future__ import annotations

import ast
import subprocess
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MEDPWA = ROOT / "medpwa"
# Left to right: a package may use those before it (docs/architecture.md).
PACKAGES = ("staff", "residents", "competency", "medicines", "mar", "checks", "practice", "desk", "demo")


@dataclass(frozen=True)
class Import:
    """One name brought into a module: `from medpwa.staff import deeds` has module `medpwa.staff` and name `deeds`."""

    module: str
    name: str
    line: int

    @property
    def target(self) -> str:
        """The dotted module that is really used: a submodule where the name is one, else the module itself."""
        dotted = f"{self.module}.{self.name}" if self.name else self.module
        return dotted if is_module(dotted) else self.module


@dataclass(frozen=True)
class Module:
    """One Python file of the product."""

    path: Path

    @property
    def where(self) -> str:
        """How a message names the file."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def dotted(self) -> str:
        """Its import name."""
        return self.path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")

    @property
    def package(self) -> str:
        """The capability it belongs to; empty for the shared modules."""
        parts = self.path.relative_to(MEDPWA).parts
        return parts[0] if len(parts) > 1 else ""

    @property
    def stem(self) -> str:
        """Its file name without the ending."""
        return self.path.stem

    @property
    def text(self) -> str:
        """The file as it stands."""
        return read(self.path)

    @property
    def tree(self) -> ast.Module:
        """The file as a syntax tree."""
        return parsed(self.path)

    def imports(self) -> list[Import]:
        """Every import, also those inside functions."""
        return [found for node in ast.walk(self.tree) for found in _imports(node, self)]


def _imports(node: ast.AST, module: Module) -> list[Import]:
    if isinstance(node, ast.Import):
        return [Import(alias.name, "", node.lineno) for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            base = ".".join([*module.dotted.split(".")[: -node.level], *([base] if base else [])])
        return [Import(base, alias.name, node.lineno) for alias in node.names]
    return []


@cache
def read(path: Path) -> str:
    """A file's text."""
    return path.read_text(encoding="utf-8")


@cache
def parsed(path: Path) -> ast.Module:
    """A file's syntax tree."""
    return ast.parse(read(path), str(path))


@cache
def is_module(dotted: str) -> bool:
    """Whether a dotted name is a module or package of ours."""
    path = ROOT / Path(*dotted.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


@lru_cache(maxsize=1)
def modules() -> tuple[Module, ...]:
    """Every Python file of the product, in a stable order."""
    return tuple(Module(p) for p in sorted(MEDPWA.rglob("*.py")) if "__pycache__" not in p.parts)


def package_of(dotted: str) -> str:
    """The capability a dotted module belongs to; empty for shared modules and other people's code."""
    parts = dotted.split(".")
    return parts[1] if len(parts) > 1 and parts[0] == "medpwa" and parts[1] in PACKAGES else ""


def calls(tree: ast.AST) -> list[tuple[str, ast.Call]]:
    """Every call with the dotted name it is made by, e.g. `database.writing`."""
    found = [(_dotted(node.func), node) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [(name, node) for name, node in found if name]


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = _dotted(node.value)
        return f"{base}.{node.attr}" if base else node.attr
    return ""


def functions(tree: ast.Module) -> list[tuple[str, ast.FunctionDef]]:
    """Functions and methods of a module with their names, those inside functions left out."""
    found = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.append((node.name, node))
        elif isinstance(node, ast.ClassDef):
            found += [(f"{node.name}.{n.name}", n) for n in node.body if isinstance(n, ast.FunctionDef)]
    return found


def strings(tree: ast.AST) -> list[str]:
    """Every string literal."""
    return [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]


@lru_cache(maxsize=1)
def files() -> tuple[Path, ...]:
    """Every file that is in the repository or would be with the next commit (nothing git ignores)."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    if listed.returncode:  # no git here: everything but what set-up makes
        made = {".venv", "node_modules", "var", "vendor", ".git", "__pycache__", ".pytest_cache", ".ruff_cache"}
        return tuple(p for p in sorted(ROOT.rglob("*")) if p.is_file() and not made & set(p.parts))
    names = listed.stdout.decode().split("\0")
    return tuple(p for p in sorted(ROOT / n for n in names if n) if p.is_file())
