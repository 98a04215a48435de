"""Build what browsers are sent: `var/assets/<hash>/`, from `static/` and four pinned npm packages.

`python tools/assets.py` prints the folder. The hash covers every file served, so each build has its own addresses
and may be cached for ever. `var/assets/current` names the newest build.
"""

import difflib
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
MODULES = ROOT / "node_modules"
BUILDS = ROOT / "var" / "assets"
ICON_NAMES = STATIC / "img" / "icons.txt"

HTMX = MODULES / "htmx.org" / "dist" / "htmx.min.js"
READER = MODULES / "zxing-wasm" / "dist" / "es" / "reader" / "index.js"
READER_WASM = MODULES / "zxing-wasm" / "dist" / "reader" / "zxing_reader.wasm"
ICONS = MODULES / "@iconify-json" / "lucide" / "icons.json"
FONT_PACKAGE = "@fontsource-variable/atkinson-hyperlegible-next"
FONT = MODULES / FONT_PACKAGE / "files" / "atkinson-hyperlegible-next-latin-wght-normal.woff2"
SHIPPED = ("htmx.org", "zxing-wasm", "@iconify-json/lucide", FONT_PACKAGE)

COMPRESSIBLE = {".css", ".html", ".js", ".json", ".map", ".mjs", ".svg", ".txt", ".wasm", ".webmanifest", ".xml"}
NOT_SERVED = {".md"}
KEPT_BUILDS = 2

# Basic Latin, Latin-1, general punctuation, the euro, a minus that is one, and comparison signs. The font draws no
# arrows. Weights outside regular to bold are cut off: they are a third of the file.
CODEPOINTS = [*range(0x20, 0x7F), *range(0xA0, 0x100), *range(0x2009, 0x2028), *range(0x202F, 0x203B)]
CODEPOINTS += [0x20AC, 0x2122, 0x2190, 0x2191, 0x2192, 0x2193, 0x2212, 0x2264, 0x2265]
WEIGHTS = (400, 400, 700)

RELATIVE_IMPORT = re.compile(r"""((?:\bfrom|\bimport)\s*\(?\s*["'])(\.{1,2}/[^"']+)(["'])""")


class AssetsError(Exception):
    """The assets cannot be built; the message is one sentence for the person who ran this."""


def build() -> Path:
    """The folder of the current build, made first if any source has changed."""
    BUILDS.mkdir(parents=True, exist_ok=True)
    key = _sources_key()
    built = _already_built(key)
    if built is None:
        built = _build_afresh()
        _write_atomically(BUILDS / "sources", f"{key} {built.name}\n")
    if _read(BUILDS / "current") != built.name:
        _write_atomically(BUILDS / "current", built.name + "\n")
    _forget_old_builds(built)
    return built


def _already_built(key: str) -> Path | None:
    known = _read(BUILDS / "sources").split()
    folder = BUILDS / known[1] if len(known) == 2 and known[0] == key else None
    return folder if folder and folder.is_dir() else None


def _build_afresh() -> Path:
    # Built aside and renamed, so that a server or another build never sees half of it.
    aside = Path(tempfile.mkdtemp(prefix=".building-", dir=BUILDS))
    try:
        for source in _static_files():
            _put(aside, source.relative_to(STATIC).as_posix(), source.read_bytes())
        for name, content in _vendor_files():
            _put(aside, "vendor/" + name, content)
        _put(aside, "img/icons.svg", _sprite())
        folder = BUILDS / _content_hash(aside)
        if not folder.is_dir():
            _compress(aside)
            aside.chmod(0o755)
            _move(aside, folder)
        return folder
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _move(aside: Path, folder: Path) -> None:
    try:
        aside.rename(folder)
    except OSError:
        # Somebody else finished the same build first; theirs is byte for byte ours.
        if not folder.is_dir():
            raise


def _put(folder: Path, name: str, content: bytes) -> None:
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def _static_files() -> list[Path]:
    """Everything in static/ but dot files, editors' leavings, notes, the list of icon names and an old vendor/."""

    def served(path: Path) -> bool:
        parts = path.relative_to(STATIC).parts
        hidden = parts[0] == "vendor" or path.name.endswith("~") or any(part.startswith(".") for part in parts)
        return path.is_file() and not hidden and path.suffix not in NOT_SERVED and path != ICON_NAMES

    return sorted(filter(served, STATIC.rglob("*")))


def _vendor_files() -> Iterator[tuple[str, bytes]]:
    yield "htmx.min.js", HTMX.read_bytes()
    yield from _reader_modules()
    yield "zxing_reader.wasm", READER_WASM.read_bytes()
    yield "atkinson-next.woff2", _subset_font()
    yield "licences.txt", _licences()


def _reader_modules() -> Iterator[tuple[str, bytes]]:
    """The scanner's ES module and all it imports, laid side by side so that vendor/ needs nothing else."""
    names, waiting = {READER: "zxing-reader.js"}, [READER]
    while waiting:
        source = waiting.pop()
        text = source.read_text(encoding="utf-8")
        for _, address, _ in RELATIVE_IMPORT.findall(text):
            imported = (source.parent / address).resolve()
            if imported not in names:
                names[imported] = f"zxing-{imported.stem}.js"
                waiting.append(imported)
        yield names[source], _with_imports_beside(text, source, names).encode()


def _with_imports_beside(text: str, source: Path, names: dict[Path, str]) -> str:
    def beside(found: re.Match[str]) -> str:
        return f"{found[1]}./{names[(source.parent / found[2]).resolve()]}{found[3]}"

    return RELATIVE_IMPORT.sub(beside, text)


def _subset_font() -> bytes:
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    font = TTFont(FONT, recalcTimestamp=False)
    options = Options(hinting=False, layout_features=["ccmp", "kern", "locl", "mark", "mkmk", "tnum"])
    options.drop_tables += ["STAT"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=CODEPOINTS)
    subsetter.subset(font)
    # The weight axis can only be cut once the dropped glyphs are gone from the file: hence saved and opened again.
    font.flavor = None
    font = TTFont(io.BytesIO(_saved(font)), recalcTimestamp=False)
    instantiateVariableFont(font, {"wght": WEIGHTS}, inplace=True)
    font.flavor = "woff2"
    return _saved(font)


def _saved(font) -> bytes:
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()


def _licences() -> bytes:
    """The licences ask to travel with the files: each package's name, version, licence and notice."""
    parts = []
    for name in SHIPPED:
        about = json.loads((MODULES / name / "package.json").read_text(encoding="utf-8"))
        notice = MODULES / name / "LICENSE"
        text = notice.read_text(encoding="utf-8").strip() if notice.is_file() else ""
        parts.append(f"{name} {about['version']} ({about['license']})\n\n{text}".strip())
    return ("\n\n----\n\n".join(parts) + "\n").encode()


def _sprite() -> bytes:
    """One `<symbol>` for each name in icons.txt. Lucide's strokes say currentColor, so an icon takes the text's."""
    library = json.loads(ICONS.read_text(encoding="utf-8"))
    symbols = [
        f'<symbol id="{name}" viewBox="0 0 24 24">{_icon_body(library, name, line)}</symbol>'
        for name, line in _icon_names().items()
    ]
    return ('<svg xmlns="http://www.w3.org/2000/svg">' + "\n".join(["", *symbols, ""]) + "</svg>\n").encode()


def _icon_names() -> dict[str, int]:
    """Each name asked for, with the line that first asks. `#` begins a comment."""
    names: dict[str, int] = {}
    for number, line in enumerate(_read(ICON_NAMES).splitlines(), start=1):
        if name := line.partition("#")[0].strip():
            names.setdefault(name, number)
    return names


def _icon_body(library: dict, name: str, line: int) -> str:
    icons, aliases = library["icons"], library["aliases"]
    icon = icons.get(aliases.get(name, {}).get("parent", name))
    if icon is None:
        near = difflib.get_close_matches(name, [*icons, *aliases], n=3)
        hint = f"; the nearest names are {', '.join(near)}" if near else ""
        raise AssetsError(f"static/img/icons.txt, line {line}: Lucide has no icon called {name!r}{hint}.")
    return icon["body"]


def _compress(folder: Path) -> None:
    """Write .br and .gz beside what gets smaller. What the last build already squeezed is taken from there."""
    import brotli

    last = BUILDS / (_read(BUILDS / "current") or "none")
    for path in [p for p in folder.rglob("*") if p.suffix in COMPRESSIBLE]:
        content, before = path.read_bytes(), last / path.relative_to(folder)
        unchanged = before.is_file() and before.read_bytes() == content
        for ending, squeeze in ((".br", brotli.compress), (".gz", _gzip)):
            old = before.with_name(before.name + ending)
            squeezed = old.read_bytes() if unchanged and old.is_file() else squeeze(content)
            if len(squeezed) < len(content):
                path.with_name(path.name + ending).write_bytes(squeezed)


def _gzip(content: bytes) -> bytes:
    return gzip.compress(content, compresslevel=9, mtime=0)


def _content_hash(folder: Path) -> str:
    return _digest((p.relative_to(folder).as_posix(), p.read_bytes()) for p in _files(folder))


def _sources_key() -> str:
    """A digest of all that decides the outcome: this file, static/, what is taken from the packages, and the tools."""
    reader = sorted(READER.parent.parent.rglob("*.js"))
    notices = [p for name in SHIPPED for p in (MODULES / name / "package.json", MODULES / name / "LICENSE")]
    taken = [HTMX, *reader, READER_WASM, ICONS, FONT, *notices]
    sources = [Path(__file__).resolve(), *taken, ICON_NAMES, *_static_files()]
    tools = [(name, version(name).encode()) for name in ("fonttools", "brotli")]
    return _digest([(p.relative_to(ROOT).as_posix(), p.read_bytes()) for p in sources if p.is_file()] + tools)


def _files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file())


def _digest(named: Iterable[tuple[str, bytes]]) -> str:
    total = hashlib.sha256()
    for name, content in named:
        total.update(f"{name}\0{hashlib.sha256(content).hexdigest()}\n".encode())
    return total.hexdigest()[:16]


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip() if path.is_file() else ""


def _write_atomically(path: Path, text: str) -> None:
    aside = path.with_name(f".{path.name}-{os.getpid()}")
    aside.write_text(text, encoding="utf-8")
    aside.replace(path)


def _forget_old_builds(current: Path) -> None:
    """Keep this build and the one before it: pages opened before the change still ask for its files."""
    builds = [p for p in BUILDS.iterdir() if p.is_dir() and not p.name.startswith(".") and p != current]
    newest_first = sorted(builds, key=lambda p: p.stat().st_mtime, reverse=True)
    for old in newest_first[KEPT_BUILDS - 1 :]:
        shutil.rmtree(old, ignore_errors=True)


def main() -> int:
    """Build, and print the folder; a failure is one sentence."""
    try:
        print(build().relative_to(ROOT))
    except AssetsError as error:
        print(error, file=sys.stderr)
        return 1
    except FileNotFoundError as error:
        print(f"{error.filename} is missing; run `make run` once, which fetches the packages.", file=sys.stderr)
        return 1
    except (ModuleNotFoundError, PackageNotFoundError) as error:
        print(f"{error.name} is not installed here; run `make run`, or use .venv/bin/python.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
